//! Pages of lists.

use crate::api::page::{Pages, TokenForm};
use crate::api::{Check, Operation, Paging};
use crate::domain::{Ctx, Result};

/// How lists with the limits of the model are given in pages. doc: of `ListRegions`, that a page has 100 items when nothing
/// is said. inferred: of others.
pub(super) const fn paging(items: &'static str) -> Paging {
    Paging {
        size: Some("MaxResults"),
        usual: 100,
        most: 100,
        token: "NextToken",
        next: &["NextToken"],
        items,
    }
}

/// model: `MaxResults`, `Token`.
pub(super) fn check_page(check: &mut Check, max_results: Option<i64>, next_token: &Option<String>) {
    check.number("MaxResults", max_results).range(1..=100);
    check_token(check, next_token);
}

/// model: `Token`.
pub(super) fn check_token(check: &mut Check, next_token: &Option<String>) {
    check.text("NextToken", next_token).pattern("[-a-zA-Z0-9+=/_]*").len(0..=2048);
}

/// The page of the operation's list that is asked for. `filter` is what else is asked for.
pub(super) async fn pages<'a, O: Operation>(
    cx: &mut Ctx,
    max_results: Option<i64>,
    next_token: Option<&'a str>,
    filter: &str,
) -> Result<Pages<'a>> {
    Pages::of::<O>(cx, TokenForm { seal: 32 }, max_results, next_token, filter).await
}
