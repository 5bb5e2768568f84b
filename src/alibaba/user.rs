//! Users of a directory.
//! <https://www.alibabacloud.com/help/en/cloudsso/developer-reference/api-cloudsso-2021-05-15-createuser>

use serde::{Deserialize, Serialize};

use super::directory_statistics::USERS;
use super::scim::refuse_synchronized;
use super::switch::Switch;
use super::tag::{MOST, NewTag, Tag, check_tags};
use super::user_shown::{ExternalId, Issuer, ShownUser, UserOutput};
use super::{LETTERS, directory};
use crate::api::check::Text;
use crate::api::document::{Document, UserFields, read, write};
use crate::api::{Callers, Check, Given, JsonText, Operation, Spec};
use crate::domain::user::{self, Origin, User};
use crate::domain::{Ctx, Result, Rule, tag};

crate::operations![CreateUser, GetUser, GetUserId, UpdateUser, UpdateUserStatus, DeleteUser];

/// What a user has that only this vendor keeps.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    pub(super) description: String,
    /// Whether the user must pass a second factor, where that is set for each. doc: enabled for a new user.
    pub(super) mfa: Switch,
    /// Hashes of the passwords, the present one first. inferred: a new user has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) passwords: Vec<String>,
    /// Whether the password must be changed at the next logon.
    pub(super) password_reset_required: bool,
}

impl Document for Profile {
    const NAME: &'static str = "profile";

    fn check(&self, check: &mut Check) {
        check.text("description", &self.description).len(0..=1024);
        // A seed has no way to make a hash, and what it wrote here would be a password.
        check.list("passwords", Some(&self.passwords)).len(0..=0);
    }
}

/// doc: the form of a user's name.
pub(super) const NAME: &str = "[A-Za-z0-9@_.-]+";

/// inferred: the form of an address. One without a character is none.
const EMAIL: &str = r"([^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+)?";

/// Looks at the limits of a user that comes from a seed.
pub(super) fn check_fields(fields: &UserFields<'_>) -> std::result::Result<(), String> {
    let mut check = Check::new();
    check.text("UserName", &Some(fields.name)).len(1..=64).pattern(NAME);
    check.text("FirstName", &fields.given_name).len(0..=64);
    check.text("LastName", &fields.family_name).len(0..=64);
    check.text("DisplayName", &fields.display_name).len(0..=256);
    check.text("Email", &fields.email).len(0..=128).pattern(EMAIL);
    let tags: Vec<NewTag> = fields.tags.iter().map(Into::into).collect();
    // A list that is not there has no least length.
    check_tags(&mut check, "Tags", Some(tags.as_slice()).filter(|tags| !tags.is_empty()));
    check.into_violations().first().map_or(Ok(()), |violation| Err(violation.to_string()))
}

/// The limits of what can be changed of a user, whose parameters begin with `prefix`. doc. inferred: that those of a
/// change are those of a new user.
fn check_changeable(check: &mut Check, prefix: &str, texts: [&dyn Text; 5]) {
    let [first, last, display, description, email] = texts.map(Text::text);
    check.text(&format!("{prefix}FirstName"), &first).len(0..=64);
    check.text(&format!("{prefix}LastName"), &last).len(0..=64);
    check.text(&format!("{prefix}DisplayName"), &display).len(0..=256);
    check.text(&format!("{prefix}Description"), &description).len(0..=1024);
    check.text(&format!("{prefix}Email"), &email).len(0..=128).pattern(EMAIL);
}

/// Creates a user.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateUser {
    directory_id: String,
    user_name: String,
    first_name: Option<String>,
    last_name: Option<String>,
    display_name: Option<String>,
    description: Option<String>,
    email: Option<String>,
    status: Option<Switch>,
    tags: Option<Vec<NewTag>>,
}

impl Operation for CreateUser {
    type Output = UserOutput;
    const SPEC: Spec = Spec::write("CreateUser", "cloudsso:CreateUser")
        .only(Callers::Administrators)
        .about("Creates a user.", page!("createuser"));

    fn check(&self, check: &mut Check) {
        check.text("UserName", &self.user_name).len(1..=64).pattern(NAME);
        let texts: [&dyn Text; 5] =
            [&self.first_name, &self.last_name, &self.display_name, &self.description, &self.email];
        check_changeable(check, "", texts);
        check_tags(check, "Tags", self.tags.as_deref());
    }

    async fn handle(self, cx: &mut Ctx) -> Result<UserOutput> {
        let directory = directory(cx, &self.directory_id).await?;
        let profile = Profile { description: self.description.unwrap_or_default(), ..Profile::default() };
        let user = User {
            id: cx.ids.letters("u-00", LETTERS, 18),
            instance: directory.id.clone(),
            name: self.user_name,
            given_name: self.first_name,
            family_name: self.last_name,
            display_name: self.display_name,
            email: self.email,
            status: self.status.unwrap_or_default().into(),
            origin: Origin::Manual,
            document: write(&profile)?,
            created: cx.now(),
            updated: cx.now(),
        };
        user::create(cx, &user, USERS).await?;
        let tags: Vec<_> = self.tags.unwrap_or_default().into_iter().map(tag::Tag::from).collect();
        tag::put(cx, &directory, &user.id, &tags, MOST).await?;
        let tags = tags.into_iter().map(Tag::from).collect();
        Ok(UserOutput { user: ShownUser::new(user)?.with(tags) })
    }
}

/// Queries a user.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetUser {
    directory_id: String,
    user_id: String,
}

impl Operation for GetUser {
    type Output = UserOutput;
    const SPEC: Spec = Spec::read("GetUser", "cloudsso:GetUser")
        .only(Callers::Administrators)
        .about("Queries the information about a user.", page!("getuser"));

    async fn handle(self, cx: &mut Ctx) -> Result<UserOutput> {
        let directory = directory(cx, &self.directory_id).await?;
        let user = user::get(cx, &directory, &self.user_id).await?;
        Ok(UserOutput { user: ShownUser::whole(cx, user).await? })
    }
}

/// Queries the id of a user by what it is called where it comes from.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetUserId {
    directory_id: String,
    external_id: JsonText<ExternalId>,
}

impl Operation for GetUserId {
    type Output = GetUserIdOutput;
    const SPEC: Spec = Spec::read("GetUserId", "cloudsso:GetUserId")
        .only(Callers::Administrators)
        .about("Queries the ID of a user by its external ID.", page!("getuserid"));

    fn check(&self, check: &mut Check) {
        if self.external_id.0.id.is_empty() {
            check.refuse("ExternalId", None, Rule::MinLength(1));
        }
    }

    async fn handle(self, cx: &mut Ctx) -> Result<GetUserIdOutput> {
        let directory = directory(cx, &self.directory_id).await?;
        let JsonText(ExternalId { id, issuer: Issuer::Scim }) = self.external_id;
        let external = user::ExternalId { issuer: SCIM.to_owned(), id };
        Ok(GetUserIdOutput { user_id: user::by_external_id(cx, &directory, &external).await? })
    }
}

/// The answer of [`GetUserId`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetUserIdOutput {
    user_id: String,
}

/// The only issuer, as it is kept.
const SCIM: &str = "SCIM";

/// Modifies a user. What is absent stays as it is. inferred: what is without a character is taken away.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateUser {
    directory_id: String,
    user_id: String,
    new_first_name: Given,
    new_last_name: Given,
    new_display_name: Given,
    new_description: Given,
    new_email: Given,
}

impl Operation for UpdateUser {
    type Output = UserOutput;
    const SPEC: Spec = Spec::write("UpdateUser", "cloudsso:UpdateUser")
        .only(Callers::Administrators)
        .about("Modifies the information about a user.", page!("updateuser"));

    fn check(&self, check: &mut Check) {
        let texts: [&dyn Text; 5] = [
            &self.new_first_name,
            &self.new_last_name,
            &self.new_display_name,
            &self.new_description,
            &self.new_email,
        ];
        check_changeable(check, "New", texts);
    }

    /// doc: not of a user that came by SCIM, while that is enabled. inferred: also where nothing is to change; then
    /// `UpdateTime` stays.
    async fn handle(self, cx: &mut Ctx) -> Result<UserOutput> {
        let directory = directory(cx, &self.directory_id).await?;
        let mut user = user::get(cx, &directory, &self.user_id).await?;
        refuse_synchronized(cx, &directory, &user).await?;
        let mut profile: Profile = read(&user.document)?;
        let mut changes = false;
        let mut change = |to: Given, text: &mut Option<String>| {
            if let Given(Some(new)) = to {
                *text = Some(new).filter(|new| !new.is_empty());
                changes = true;
            }
        };
        let mut description = Some(profile.description);
        change(self.new_first_name, &mut user.given_name);
        change(self.new_last_name, &mut user.family_name);
        change(self.new_display_name, &mut user.display_name);
        change(self.new_description, &mut description);
        change(self.new_email, &mut user.email);
        profile.description = description.unwrap_or_default();
        user.document = write(&profile)?;
        let user = if changes { user::update(cx, user).await? } else { user };
        Ok(UserOutput { user: ShownUser::new(user)? })
    }
}

/// Enables or disables a user.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateUserStatus {
    directory_id: String,
    user_id: String,
    new_status: Option<Switch>,
}

impl Operation for UpdateUserStatus {
    type Output = ();
    const SPEC: Spec = Spec::write("UpdateUserStatus", "cloudsso:UpdateUserStatus")
        .only(Callers::Administrators)
        .about("Enables or disables a user.", page!("updateuserstatus"));

    /// doc: also of users that came by SCIM. inferred: without a status nothing changes.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let directory = directory(cx, &self.directory_id).await?;
        let user = user::get(cx, &directory, &self.user_id).await?;
        if let Some(status) = self.new_status {
            user::update(cx, User { status: status.into(), ..user }).await?;
        }
        Ok(())
    }
}

/// Deletes a user.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeleteUser {
    directory_id: String,
    user_id: String,
}

impl Operation for DeleteUser {
    type Output = ();
    const SPEC: Spec = Spec::write("DeleteUser", "cloudsso:DeleteUser")
        .only(Callers::Administrators)
        .about("Deletes a user, who must have no MFA devices.", page!("deleteuser"));

    /// doc: not while it has MFA devices, nor one that came by SCIM while that is enabled.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let directory = directory(cx, &self.directory_id).await?;
        let user = user::get(cx, &directory, &self.user_id).await?;
        refuse_synchronized(cx, &directory, &user).await?;
        user::delete(cx, &user).await
    }
}
