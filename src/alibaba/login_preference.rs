//! From where users sign in to a directory, and what they may take away.
//! <https://www.alibabacloud.com/help/en/cloudsso/developer-reference/api-cloudsso-2021-05-15-setloginpreference>

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::directory;
use crate::api::document::{Document, load, save};
use crate::api::{Callers, Check, Operation, Spec};
use crate::domain::{Ctx, Result, Rule};

crate::operations![SetLoginPreference, GetLoginPreference];

/// The logon preference of a directory. doc: a new one has no masks. inferred: nor gives credentials away.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LoginPreference {
    #[serde(default)]
    network_masks: String,
    #[serde(default)]
    user_gets_credentials: bool,
}

impl Document for LoginPreference {
    const NAME: &'static str = "login_preference";

    fn check(&self, check: &mut Check) {
        masks(check, "network_masks", &self.network_masks);
    }
}

/// What takes all masks away. doc.
const NONE: &str = ";";

/// doc: addresses and blocks of IPv4, up to a hundred, with semicolons between them. observed: bits of a block's host may
/// be set. inferred: that there may be a semicolon at the end.
fn masks(check: &mut Check, name: &str, text: &str) {
    /// How many there are at most.
    const MOST: usize = 100;
    if text.is_empty() || text == NONE {
        return;
    }
    let masks: Vec<_> = text.strip_suffix(';').unwrap_or(text).split(';').collect();
    if !masks.iter().all(|mask| is_mask(mask)) {
        check.refuse(name, Some(text), Rule::Readable("a list of IPv4 addresses and blocks"));
    }
    if masks.len() > MOST {
        check.refuse(name, Some(text), Rule::MaxLength(MOST));
    }
}

fn is_mask(text: &str) -> bool {
    let (address, length) = text.split_once('/').unwrap_or((text, "32"));
    let plain = length == "0" || !length.starts_with(['0', '+']);
    address.parse::<Ipv4Addr>().is_ok() && plain && length.parse::<u8>().is_ok_and(|length| length <= 32)
}

/// Configures the logon preference.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SetLoginPreference {
    directory_id: String,
    login_network_masks: Option<String>,
    allow_user_to_get_credentials: Option<bool>,
}

impl Operation for SetLoginPreference {
    type Output = ();
    const SPEC: Spec = Spec::write("SetLoginPreference", "cloudsso:SetLoginPreference")
        .only(Callers::Administrators)
        .about("Configures the logon preferences of users.", page!("setloginpreference"));

    fn check(&self, check: &mut Check) {
        masks(check, "LoginNetworkMasks", self.login_network_masks.as_deref().unwrap_or_default());
    }

    /// doc: without masks they stay as they are. inferred: and so does the other.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let directory = directory(cx, &self.directory_id).await?;
        let mut preference: LoginPreference = load(cx, &directory).await?;
        match self.login_network_masks {
            Some(masks) if masks == NONE => preference.network_masks.clear(),
            Some(masks) => preference.network_masks = masks,
            None => {}
        }
        if let Some(allowed) = self.allow_user_to_get_credentials {
            preference.user_gets_credentials = allowed;
        }
        save(cx, &directory, &preference).await
    }
}

/// Queries the logon preference.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetLoginPreference {
    directory_id: String,
}

impl Operation for GetLoginPreference {
    type Output = GetLoginPreferenceOutput;
    const SPEC: Spec = Spec::read("GetLoginPreference", "cloudsso:GetLoginPreference")
        .only(Callers::Administrators)
        .about("Queries the logon preferences of users.", page!("getloginpreference"));

    async fn handle(self, cx: &mut Ctx) -> Result<GetLoginPreferenceOutput> {
        let directory = directory(cx, &self.directory_id).await?;
        let preference: LoginPreference = load(cx, &directory).await?;
        Ok(GetLoginPreferenceOutput {
            login_preference: ShownLoginPreference {
                login_network_masks: preference.network_masks,
                allow_user_to_get_credentials: preference.user_gets_credentials,
            },
        })
    }
}

/// The answer of [`GetLoginPreference`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetLoginPreferenceOutput {
    login_preference: ShownLoginPreference,
}

/// The logon preference, as it is shown.
#[derive(Deserialize, Serialize)]
#[serde(rename = "LoginPreference", rename_all = "PascalCase")]
pub struct ShownLoginPreference {
    login_network_masks: String,
    allow_user_to_get_credentials: bool,
}
