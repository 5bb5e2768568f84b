//! Users of a directory.
//! <https://www.alibabacloud.com/help/en/cloudsso/developer-reference/api-cloudsso-2021-05-15-createuser>

use serde::{Deserialize, Serialize};

use crate::api::Check;
use crate::api::document::{Document, UserFields};

/// What a user has that only this vendor keeps.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    #[serde(default)]
    description: String,
}

impl Document for Profile {
    const NAME: &'static str = "profile";

    fn check(&self, check: &mut Check) {
        check.text("description", &self.description).len(0..=1024);
    }
}

/// The limits of a user, by these names of its parameters. doc.
fn limits(check: &mut Check, prefix: &str, fields: &UserFields<'_>) {
    let mut text = |name: &str, value: Option<&str>, most: usize| {
        check.text(&format!("{prefix}{name}"), &value).len(0..=most);
    };
    text("FirstName", fields.given_name, 64);
    text("LastName", fields.family_name, 64);
    text("DisplayName", fields.display_name, 256);
    text("Email", fields.email, 128);
}

/// doc: the form of a user's name.
const NAME: &str = "[A-Za-z0-9@_.-]+";

/// Looks at the limits of a user that comes from a seed.
pub(super) fn check_fields(fields: &UserFields<'_>) -> Result<(), String> {
    let mut check = Check::new();
    check.text("UserName", &fields.name.to_owned()).len(1..=64).pattern(NAME);
    limits(&mut check, "", fields);
    check.into_violations().first().map_or(Ok(()), |violation| Err(violation.to_string()))
}
