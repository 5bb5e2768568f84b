//! Pages of lists.

use serde::{Deserialize, Serialize};

use crate::api::page::{Pages, TokenForm};
use crate::api::{Check, Nullable, Operation, Paging};
use crate::domain::{Ctx, Result};

/// How lists are given in pages. doc: the sizes, and the names.
pub(super) const fn paging(items: &'static str) -> Paging {
    Paging {
        size: Some("limit"),
        usual: 100,
        most: 100,
        token: "marker",
        next: &["page_info", "next_marker"],
        items,
    }
}

/// doc: the bounds. model: the pattern.
pub(super) fn check_page(check: &mut Check, limit: Option<i64>, marker: &Option<String>) {
    check.number("limit", limit).range(1..=100);
    check.text("marker", marker).pattern("[a-fA-F0-9]{24}");
}

/// The page of the operation's list that is asked for. `filter` is what else is asked for.
pub(super) async fn pages<'a, O: Operation>(
    cx: &mut Ctx,
    limit: Option<i64>,
    marker: Option<&'a str>,
    filter: &str,
) -> Result<Pages<'a>> {
    // doc: 24 hexadecimal digits in all.
    Pages::of::<O>(cx, TokenForm { seal: 6 }, limit, marker, filter).await
}

/// Where a list goes on.
#[derive(Deserialize, Serialize)]
pub(super) struct PageInfo {
    /// doc: null on the last page.
    next_marker: Nullable<String>,
    current_count: usize,
}

impl PageInfo {
    /// That of a page of so many items.
    pub(super) fn of(items: usize, next: Option<String>) -> Self {
        Self { next_marker: Nullable(next), current_count: items }
    }
}
