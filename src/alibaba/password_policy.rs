//! What the passwords of a directory's users must be like.
//! <https://www.alibabacloud.com/help/en/cloudsso/developer-reference/api-cloudsso-2021-05-15-setpasswordpolicy>

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::directory;
use super::directory::invalid;
use crate::api::document::{Document, load, save};
use crate::api::{Callers, Check, Operation, Spec};
use crate::domain::{Ctx, Result, Rule};

crate::operations![SetPasswordPolicy, GetPasswordPolicy];

/// How long a password may be. doc.
pub(super) const LONGEST: usize = 32;

/// The password policy of a directory.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct PasswordPolicy {
    min_length: i64,
    min_different_characters: i64,
    without_user_name: bool,
    max_age: i64,
    reuse_prevention: i64,
    max_login_attempts: i64,
}

impl Default for PasswordPolicy {
    /// doc: the newest guide, where there are three values of different characters: 4, 3, and 8 in a sample.
    fn default() -> Self {
        Self {
            min_length: 8,
            min_different_characters: 3,
            without_user_name: true,
            max_age: 90,
            reuse_prevention: 1,
            max_login_attempts: 5,
        }
    }
}

impl Document for PasswordPolicy {
    const NAME: &'static str = "password_policy";

    fn check(&self, check: &mut Check) {
        check.number("min_length", self.min_length).range(8..=32);
        check.number("min_different_characters", self.min_different_characters).range(0..=self.min_length);
        check.number("max_age", self.max_age).range(1..=120);
        check.number("reuse_prevention", self.reuse_prevention).range(0..=24);
        check.number("max_login_attempts", self.max_login_attempts).range(0..=32);
    }
}

impl PasswordPolicy {
    /// How many of a user's passwords a new one must differ from, the present one included.
    pub(super) fn remembered(&self) -> usize {
        usize::try_from(self.reuse_prevention).unwrap_or_default()
    }

    /// Whether the policy lets a password of this user pass, but for those that it must differ from.
    ///
    /// inferred: that case makes no difference in the user's name, and that a password has visible characters of ASCII
    /// alone, of which what is neither letter nor digit is special.
    pub(super) fn admits(&self, password: &str, user_name: &str) -> bool {
        let different = password.chars().collect::<HashSet<_>>().len();
        let at_least = |count: usize, least: i64| i64::try_from(count).is_ok_and(|count| count >= least);
        let contains = |name: &str| password.to_lowercase().contains(&name.to_lowercase());
        let has = |kind: fn(&char) -> bool| password.chars().any(|c| kind(&c));
        password.len() <= LONGEST
            && password.bytes().all(|c| c.is_ascii_graphic())
            && at_least(password.len(), self.min_length)
            && at_least(different, self.min_different_characters)
            && !(self.without_user_name && contains(user_name))
            && has(char::is_ascii_uppercase)
            && has(char::is_ascii_lowercase)
            && has(char::is_ascii_digit)
            && has(char::is_ascii_punctuation)
    }
}

/// Configures the password policy.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SetPasswordPolicy {
    directory_id: String,
    min_password_length: Option<i64>,
    min_password_different_chars: Option<i64>,
    password_not_contain_username: Option<bool>,
    max_password_age: Option<i64>,
    password_reuse_prevention: Option<i64>,
    max_login_attempts: Option<i64>,
}

impl Operation for SetPasswordPolicy {
    type Output = ();
    const SPEC: Spec = Spec::write("SetPasswordPolicy", "cloudsso:SetPasswordPolicy")
        .only(Callers::Administrators)
        .about("Configures the password policy of users.", page!("setpasswordpolicy"));

    fn check(&self, check: &mut Check) {
        check.number("MinPasswordLength", self.min_password_length).range(8..=32);
        check.number("MinPasswordDifferentChars", self.min_password_different_chars).range(0..=32);
        check.number("MaxPasswordAge", self.max_password_age).range(1..=120);
        check.number("PasswordReusePrevention", self.password_reuse_prevention).range(0..=24);
        check.number("MaxLoginAttempts", self.max_login_attempts).range(0..=32);
    }

    /// inferred: what is absent stays as it is; that there are not more different characters than characters holds of
    /// what comes of it.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let directory = directory(cx, &self.directory_id).await?;
        let before: PasswordPolicy = load(cx, &directory).await?;
        let policy = PasswordPolicy {
            min_length: self.min_password_length.unwrap_or(before.min_length),
            min_different_characters: self
                .min_password_different_chars
                .unwrap_or(before.min_different_characters),
            without_user_name: self.password_not_contain_username.unwrap_or(before.without_user_name),
            max_age: self.max_password_age.unwrap_or(before.max_age),
            reuse_prevention: self.password_reuse_prevention.unwrap_or(before.reuse_prevention),
            max_login_attempts: self.max_login_attempts.unwrap_or(before.max_login_attempts),
        };
        if policy.min_different_characters > policy.min_length {
            let value = policy.min_different_characters.to_string();
            return Err(invalid("MinPasswordDifferentChars", &value, Rule::MaxValue(policy.min_length)));
        }
        save(cx, &directory, &policy).await
    }
}

/// Queries the password policy.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetPasswordPolicy {
    directory_id: String,
}

impl Operation for GetPasswordPolicy {
    type Output = GetPasswordPolicyOutput;
    const SPEC: Spec = Spec::read("GetPasswordPolicy", "cloudsso:GetPasswordPolicy")
        .only(Callers::Administrators)
        .about("Queries the password policy of users.", page!("getpasswordpolicy"));

    async fn handle(self, cx: &mut Ctx) -> Result<GetPasswordPolicyOutput> {
        let directory = directory(cx, &self.directory_id).await?;
        let policy: PasswordPolicy = load(cx, &directory).await?;
        Ok(GetPasswordPolicyOutput { password_policy: policy.into() })
    }
}

/// The answer of [`GetPasswordPolicy`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetPasswordPolicyOutput {
    password_policy: ShownPasswordPolicy,
}

/// The password policy, as it is shown.
#[derive(Deserialize, Serialize)]
#[serde(rename = "PasswordPolicy", rename_all = "PascalCase")]
pub struct ShownPasswordPolicy {
    min_password_length: i64,
    min_password_different_chars: i64,
    password_not_contain_username: bool,
    max_password_age: i64,
    password_reuse_prevention: i64,
    max_login_attempts: i64,
    require_numbers: bool,
    require_lower_case_chars: bool,
    max_password_length: usize,
    require_upper_case_chars: bool,
    require_symbols: bool,
    hard_expire: bool,
}

impl From<PasswordPolicy> for ShownPasswordPolicy {
    /// doc: the last six cannot be set.
    fn from(policy: PasswordPolicy) -> Self {
        Self {
            min_password_length: policy.min_length,
            min_password_different_chars: policy.min_different_characters,
            password_not_contain_username: policy.without_user_name,
            max_password_age: policy.max_age,
            password_reuse_prevention: policy.reuse_prevention,
            max_login_attempts: policy.max_login_attempts,
            require_numbers: true,
            require_lower_case_chars: true,
            max_password_length: LONGEST,
            require_upper_case_chars: true,
            require_symbols: true,
            hard_expire: true,
        }
    }
}
