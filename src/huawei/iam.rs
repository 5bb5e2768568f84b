//! The look-ups in IAM that SDKs make first when they are given a Region and no ids: of the account, and of the project.
//! <https://support.huaweicloud.com/intl/en-us/api-iam/iam_06_0001.html>
//!
//! sdk: they are signed like all else, without `X-Domain-Id` and `X-Project-Id`, and without a content type.

use serde::{Deserialize, Serialize};

use crate::api::canonical::sha256;
use crate::api::pattern::matches;
use crate::api::{Check, Nullable, Operation, Spec};
use crate::domain::{Ctx, Result, Rule};

/// The name of the service, which is another one.
pub(super) const SERVICE: &str = "IAM";

crate::operations![KeystoneListProjects, KeystoneListAuthDomains];

/// doc: where the links of the pages' examples lead.
const ENDPOINT: &str = "https://iam.myhuaweicloud.com/v3";

/// The Regions of which an account has a project, unless one is asked for by name. sdk: those of IAM and of identity stores.
const REGIONS: [&str; 30] = [
    "ae-ad-1",
    "af-north-1",
    "af-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "cn-east-2",
    "cn-east-3",
    "cn-east-4",
    "cn-east-5",
    "cn-north-1",
    "cn-north-12",
    "cn-north-2",
    "cn-north-4",
    "cn-north-9",
    "cn-south-1",
    "cn-south-2",
    "cn-south-4",
    "cn-southwest-2",
    "eu-west-0",
    "la-north-2",
    "la-south-2",
    "me-east-1",
    "my-kualalumpur-1",
    "na-mexico-1",
    "ru-moscow-1",
    "sa-brazil-1",
    "tr-west-1",
];

/// The form of a Region's name.
pub(super) const REGION: &str = "[a-z]+(-[a-z]+)+-[0-9]+";

/// Lists the projects of the caller.
#[derive(Deserialize)]
pub struct KeystoneListProjects {
    domain_id: Option<String>,
    enabled: Option<bool>,
    is_domain: Option<bool>,
    name: Option<String>,
    page: Option<i64>,
    parent_id: Option<String>,
    per_page: Option<i64>,
}

impl KeystoneListProjects {
    /// The names of the projects of this account that are asked for. inferred: that it has one in whichever Region is asked
    /// for, and none else.
    fn names(&self, account: &str) -> Vec<String> {
        let here =
            [&self.domain_id, &self.parent_id].iter().all(|id| id.as_deref().is_none_or(|id| id == account));
        if !here || self.enabled == Some(false) || self.is_domain == Some(true) {
            return Vec::new();
        }
        match &self.name {
            Some(name) if matches(REGION, name) => vec![name.clone()],
            Some(_) => Vec::new(),
            None => REGIONS.map(str::to_owned).to_vec(),
        }
    }
}

impl Operation for KeystoneListProjects {
    type Output = KeystoneListProjectsOutput;
    // inferred: the permission.
    const SPEC: Spec =
        Spec::read("KeystoneListProjects", "iam:projects:listProjects").at("GET", "/v3/projects").about(
            "Lists the caller's projects, one a Region.",
            "https://support.huaweicloud.com/intl/en-us/api-iam/iam_06_0001.html",
        );

    /// doc: the bounds, and that the two go together.
    fn check(&self, check: &mut Check) {
        check.number("page", self.page).at_least(1);
        check.number("per_page", self.per_page).range(1..=5000);
        match (self.page, self.per_page) {
            (Some(_), None) => check.refuse("per_page", None, Rule::Required),
            (None, Some(_)) => check.refuse("page", None, Rule::Required),
            (Some(_), Some(_)) | (None, None) => {}
        }
    }

    async fn handle(self, cx: &mut Ctx) -> Result<KeystoneListProjectsOutput> {
        let names = self.names(&cx.caller.id);
        let size = |number: Option<i64>, otherwise| {
            number.and_then(|it| usize::try_from(it).ok()).unwrap_or(otherwise)
        };
        let per_page = size(self.per_page, names.len());
        let skipped = per_page.saturating_mul(size(self.page, 1) - 1);
        let projects =
            names.into_iter().skip(skipped).take(per_page).map(|name| Project::of(&cx.caller.id, name));
        Ok(KeystoneListProjectsOutput { links: Links::to("/projects"), projects: projects.collect() })
    }
}

/// The answer of [`KeystoneListProjects`].
#[derive(Deserialize, Serialize)]
pub struct KeystoneListProjectsOutput {
    links: Links,
    projects: Vec<Project>,
}

/// Where something is found, and what goes before and after it.
#[derive(Deserialize, Serialize)]
pub struct Links {
    next: Nullable<String>,
    previous: Nullable<String>,
    #[serde(rename = "self")]
    own: String,
}

impl Links {
    fn to(path: &str) -> Self {
        Self { next: Nullable(None), previous: Nullable(None), own: format!("{ENDPOINT}{path}") }
    }
}

/// A project: what an account has in a Region.
#[derive(Deserialize, Serialize)]
pub struct Project {
    domain_id: String,
    is_domain: bool,
    parent_id: String,
    name: String,
    description: String,
    links: Own,
    id: String,
    enabled: bool,
}

impl Project {
    /// That of an account. Its id is always the same.
    fn of(account: &str, name: String) -> Self {
        let id = sha256(format!("{account}/{name}").as_bytes())[..32].to_owned();
        Self {
            domain_id: account.to_owned(),
            is_domain: false,
            parent_id: account.to_owned(),
            name,
            description: String::new(),
            links: Own::at(&format!("/projects/{id}")),
            id,
            enabled: true,
        }
    }
}

/// Lists the account of the caller.
#[derive(Deserialize)]
pub struct KeystoneListAuthDomains {}

impl Operation for KeystoneListAuthDomains {
    type Output = KeystoneListAuthDomainsOutput;
    // doc: none is needed. sdk: the one that it says may be missing.
    const SPEC: Spec =
        Spec::read("KeystoneListAuthDomains", "iam:users:getUser").at("GET", "/v3/auth/domains").about(
            "Tells the caller's account.",
            "https://support.huaweicloud.com/intl/en-us/api-iam/iam_07_0001.html",
        );

    async fn handle(self, cx: &mut Ctx) -> Result<KeystoneListAuthDomainsOutput> {
        let account = cx.caller.clone();
        let domain = Domain {
            description: String::new(),
            enabled: true,
            links: Own::at(&format!("/domains/{}", account.id)),
            // inferred: the id, of an account without a name.
            name: account.name.unwrap_or_else(|| account.id.clone()),
            id: account.id,
        };
        Ok(KeystoneListAuthDomainsOutput { domains: vec![domain], links: Own::at("/auth/domains") })
    }
}

/// The answer of [`KeystoneListAuthDomains`].
#[derive(Deserialize, Serialize)]
pub struct KeystoneListAuthDomainsOutput {
    domains: Vec<Domain>,
    links: Own,
}

/// Where something is found.
#[derive(Deserialize, Serialize)]
pub struct Own {
    #[serde(rename = "self")]
    own: String,
}

impl Own {
    fn at(path: &str) -> Self {
        Self { own: format!("{ENDPOINT}{path}") }
    }
}

/// An account.
#[derive(Deserialize, Serialize)]
pub struct Domain {
    description: String,
    enabled: bool,
    id: String,
    links: Own,
    name: String,
}
