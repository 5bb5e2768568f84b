//! Directories: one an account, in whichever Region.
//! <https://www.alibabacloud.com/help/en/cloudsso/developer-reference/api-cloudsso-2021-05-15-createdirectory>

use serde::{Deserialize, Serialize};

use super::{LETTERS, directory, enabled};
use crate::api::check::TextCheck;
use crate::api::{Callers, Check, Operation, Spec};
use crate::domain::instance::{self, Instance, New};
use crate::domain::user::{self, Filter};
use crate::domain::{Ctx, Error, Result, Rule, Step, Thing, Violation};

crate::operations![CreateDirectory, GetDirectory, ListDirectories, UpdateDirectory, DeleteDirectory];

/// The Regions in which there can be a directory, of which the first is the one of a request that names none. doc.
const REGIONS: &[&str] =
    &["cn-shanghai", "cn-hongkong", "us-west-1", "eu-central-1", "ap-southeast-1", "ap-northeast-2"];

/// With what the name of a directory does not begin: it is the beginning of an id.
const RESERVED: &str = "d-";

fn name(text: TextCheck<'_>) -> TextCheck<'_> {
    text.len(2..=64).pattern("[a-z0-9]+(-[a-z0-9]+)*")
}

/// Creates the directory.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateDirectory {
    directory_name: Option<String>,
}

impl Operation for CreateDirectory {
    type Output = DirectoryOutput;
    const SPEC: Spec = Spec::write("CreateDirectory", "cloudsso:CreateDirectory")
        .only(Callers::Administrators)
        .about("Creates a directory.", page!("createdirectory"));

    fn check(&self, check: &mut Check) {
        name(check.text("DirectoryName", &self.directory_name)).unreserved(RESERVED);
    }

    /// inferred: that a directory without a name is called like its id; the rule for new names hints at it. And that an
    /// unknown Region is refused: at the vendor it has no endpoint.
    async fn handle(self, cx: &mut Ctx) -> Result<DirectoryOutput> {
        enabled::require(cx).await?;
        let region = cx.region.clone().unwrap_or_else(|| REGIONS[0].to_owned());
        if !REGIONS.contains(&region.as_str()) {
            return Err(invalid("RegionId", &region, Rule::OneOf(REGIONS)));
        }
        let id = cx.ids.letters("d-00", LETTERS, 10);
        let new = New {
            identity_store: id.clone(),
            name: None,
            alias: Some(self.directory_name.unwrap_or_else(|| id.clone())),
            region,
            tags: Vec::new(),
            id,
        };
        let created = instance::create_for_organization(cx, new).await?;
        Ok(DirectoryOutput { directory: created.into() })
    }
}

/// The refusal of one parameter, for what cannot be told from the request alone.
pub(super) fn invalid(name: &str, value: &str, rule: Rule) -> Error {
    Error::Invalid(vec![Violation::new(vec![Step::Member(name.to_owned())], Some(value), rule)])
}

/// Queries a directory.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetDirectory {
    directory_id: String,
}

impl Operation for GetDirectory {
    type Output = DirectoryOutput;
    const SPEC: Spec = Spec::read("GetDirectory", "cloudsso:GetDirectory")
        .only(Callers::Administrators)
        .about("Queries the information about a directory.", page!("getdirectory"));

    async fn handle(self, cx: &mut Ctx) -> Result<DirectoryOutput> {
        let directory = directory(cx, &self.directory_id).await?;
        Ok(DirectoryOutput { directory: directory.into() })
    }
}

/// Queries the directories.
#[derive(Deserialize)]
pub struct ListDirectories {}

impl Operation for ListDirectories {
    type Output = ListDirectoriesOutput;
    const SPEC: Spec = Spec::read("ListDirectories", "cloudsso:ListDirectories")
        .only(Callers::Administrators)
        .about("Queries the directories within the current account.", page!("listdirectories"));

    /// inferred: only those of the Region that is asked.
    async fn handle(self, cx: &mut Ctx) -> Result<ListDirectoriesOutput> {
        enabled::require(cx).await?;
        let found = instance::of_organization(cx).await?;
        let here = |directory: &Instance| cx.region.as_ref().is_none_or(|region| *region == directory.region);
        let directories: Vec<_> = found.into_iter().filter(here).map(Directory::from).collect();
        Ok(ListDirectoriesOutput { total_counts: directories.len(), directories })
    }
}

/// The answer of [`ListDirectories`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListDirectoriesOutput {
    total_counts: usize,
    directories: Vec<Directory>,
}

/// Renames a directory.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateDirectory {
    directory_id: String,
    new_directory_name: Option<String>,
}

impl Operation for UpdateDirectory {
    type Output = DirectoryOutput;
    const SPEC: Spec = Spec::write("UpdateDirectory", "cloudsso:UpdateDirectory")
        .only(Callers::Administrators)
        .about("Modifies the name of a directory.", page!("updatedirectory"));

    /// doc: what begins like an id is a name for the directory of that id only.
    fn check(&self, check: &mut Check) {
        name(check.text("NewDirectoryName", &self.new_directory_name));
        if let Some(name) = &self.new_directory_name
            && name.starts_with(RESERVED)
            && *name != self.directory_id
        {
            check.refuse("NewDirectoryName", Some(name), Rule::Unreserved(RESERVED));
        }
    }

    /// inferred: without a name nothing changes.
    async fn handle(self, cx: &mut Ctx) -> Result<DirectoryOutput> {
        let directory = directory(cx, &self.directory_id).await?;
        let directory = match self.new_directory_name {
            Some(name) => instance::set_alias(cx, directory, &name).await?,
            None => directory,
        };
        Ok(DirectoryOutput { directory: directory.into() })
    }
}

/// Deletes a directory.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeleteDirectory {
    directory_id: String,
}

impl Operation for DeleteDirectory {
    type Output = ();
    const SPEC: Spec = Spec::write("DeleteDirectory", "cloudsso:DeleteDirectory")
        .only(Callers::Administrators)
        .about("Deletes a directory, which must be empty.", page!("deletedirectory"));

    /// doc: there must be no users. Of what else there must not be, nothing can be made yet: what a seed can switch on is no
    /// configuration.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let directory = directory(cx, &self.directory_id).await?;
        if user::count(cx, &directory, &Filter::default()).await? > 0 {
            return Err(Error::InUse(Thing::Instance, Thing::User));
        }
        instance::delete_at_once(cx, &directory).await
    }
}

/// The answer of the operations on one directory.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DirectoryOutput {
    directory: Directory,
}

/// A directory, as it is shown.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Directory {
    directory_id: String,
    create_time: String,
    update_time: String,
    region: String,
    directory_name: String,
}

impl From<Instance> for Directory {
    fn from(instance: Instance) -> Self {
        Self {
            directory_name: instance.alias.unwrap_or_else(|| instance.id.clone()),
            directory_id: instance.id,
            create_time: instance.created.to_string(),
            update_time: instance.updated.to_string(),
            region: instance.region,
        }
    }
}
