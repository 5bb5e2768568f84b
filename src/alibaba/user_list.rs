//! Lists of a directory's users.
//! <https://www.alibabacloud.com/help/en/cloudsso/developer-reference/api-cloudsso-2021-05-15-listusers>

use serde::{Deserialize, Serialize};

use super::switch::Switch;
use super::tag::{NewTag, check_wanted};
use super::user::NAME;
use super::user_shown::{ProvisionType, ShownUser};
use super::{TOKEN, directory, paging};
use crate::api::page::Pages;
use crate::api::{Callers, Check, Operation, Paging, Spec, matches};
use crate::domain::user::{self, Filter};
use crate::domain::{Ctx, Result, Rule};

crate::operations![ListUsers];

const PAGING: Paging = paging("Users");

/// Queries the users of a directory.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListUsers {
    directory_id: String,
    status: Option<Switch>,
    provision_type: Option<ProvisionType>,
    tags: Option<Vec<NewTag>>,
    filter: Option<String>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

impl Operation for ListUsers {
    type Output = ListUsersOutput;
    const SPEC: Spec = Spec::read("ListUsers", "cloudsso:ListUsers")
        .only(Callers::Administrators)
        .paged(PAGING)
        .about("Queries the users of a directory.", page!("listusers"));

    /// inferred: a page that is too small or too large is refused.
    fn check(&self, check: &mut Check) {
        check_wanted(check, "Tags", self.tags.as_deref());
        check.number("MaxResults", self.max_results).range(1..=100);
        if let Some(filter) = &self.filter
            && name_filter(filter).is_none()
        {
            check.refuse("Filter", Some(filter), Rule::Readable("a filter of user names"));
        }
    }

    /// doc: a token goes on with the parameters of the request that it came from. inferred: with others it is refused, and
    /// the order is the one in which the users came.
    async fn handle(self, cx: &mut Ctx) -> Result<ListUsersOutput> {
        let directory = directory(cx, &self.directory_id).await?;
        let size = self.max_results.unwrap_or(PAGING.usual as i64);
        let asked = (&directory.id, self.status, self.provision_type, &self.tags, &self.filter, size);
        let asked = format!("{asked:?}");
        let pages = Pages::of::<Self>(cx, TOKEN, self.max_results, self.next_token.as_deref(), asked).await?;
        let mut filter = self.filter.as_deref().and_then(name_filter).unwrap_or_default();
        filter.status = self.status.map(Into::into);
        filter.origin = self.provision_type.map(Into::into);
        filter.tags = self.tags.unwrap_or_default().into_iter().map(Into::into).collect();
        let total_counts = user::count(cx, &directory, &filter).await?;
        let found = user::page(cx, &directory, &filter, pages.page).await?;
        let next_token = pages.next(cx, found.next).await?;
        let mut users = Vec::new();
        for user in found.items {
            users.push(ShownUser::whole(cx, user).await?);
        }
        Ok(ListUsersOutput {
            max_results: pages.page.size,
            total_counts,
            is_truncated: next_token.is_some(),
            next_token,
            users,
        })
    }
}

/// The users of a filter like `UserName sw test`. doc: the form, and that case makes no difference. inferred: that there
/// may be more than one space, and that what could not be in a user's name is refused.
fn name_filter(text: &str) -> Option<Filter> {
    let words: Vec<_> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let [attribute, operator, value] = words[..] else { return None };
    if !attribute.eq_ignore_ascii_case("UserName") || !matches(NAME, value) {
        return None;
    }
    let value = Some(value.to_owned());
    match operator.to_ascii_lowercase().as_str() {
        "eq" => Some(Filter { name: value, ..Filter::default() }),
        "sw" => Some(Filter { name_begins: value, ..Filter::default() }),
        _ => None,
    }
}

/// The answer of [`ListUsers`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListUsersOutput {
    /// doc: only where there is another page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    max_results: usize,
    total_counts: usize,
    is_truncated: bool,
    users: Vec<ShownUser>,
}
