//! The passwords of users: of each a salted hash is kept, never the password.
//! <https://www.alibabacloud.com/help/en/cloudsso/developer-reference/api-cloudsso-2021-05-15-resetuserpassword>

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::directory;
use super::password_policy::{LONGEST, PasswordPolicy};
use super::saml::refuse_sso;
use super::user::Profile;
use crate::api::document::{load, read, write};
use crate::api::{Callers, Check, Operation, Spec};
use crate::domain::access_key::same;
use crate::domain::user::{self, User};
use crate::domain::{Ctx, Error, Ids, Result, Rule, Step, Violation};

crate::operations![ResetUserPassword];

/// How many passwords are remembered: as many as a policy can ask for.
const REMEMBERED: usize = 24;

/// Resets the password of a user.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResetUserPassword {
    directory_id: String,
    user_id: String,
    password: Option<String>,
    generate_random_password: Option<bool>,
    require_password_reset_for_next_login: Option<bool>,
}

impl ResetUserPassword {
    fn generates(&self) -> bool {
        self.generate_random_password == Some(true)
    }
}

impl Operation for ResetUserPassword {
    type Output = ResetUserPasswordOutput;
    const SPEC: Spec = Spec::write("ResetUserPassword", "cloudsso:ResetUserPassword")
        .only(Callers::Administrators)
        .about("Resets the password of a user.", page!("resetuserpassword"));

    /// doc: there must be a password where none is generated. inferred: where one is, that which is given is ignored.
    fn check(&self, check: &mut Check) {
        let password = self.password.as_deref().filter(|_| !self.generates());
        check.text("Password", &password).len(8..=LONGEST);
        if password.is_none() && !self.generates() {
            check.refuse("Password", None, Rule::Required);
        }
    }

    /// doc: not while SSO is enabled; users that came by SCIM too; what is generated is shown. inferred: a user's
    /// `UpdateTime` stays.
    async fn handle(self, cx: &mut Ctx) -> Result<ResetUserPasswordOutput> {
        let directory = directory(cx, &self.directory_id).await?;
        let user = user::get(cx, &directory, &self.user_id).await?;
        refuse_sso(cx, &directory).await?;
        let generates = self.generates();
        let password = match self.password.filter(|_| !generates) {
            Some(password) => password,
            None => generate(&*cx.ids, &user.name),
        };
        let policy: PasswordPolicy = load(cx, &directory).await?;
        let mut profile: Profile = read(&user.document)?;
        let used = profile.passwords.iter().take(policy.remembered()).any(|hash| is_of(hash, &password));
        if used || !policy.admits(&password, &user.name) {
            let path = vec![Step::Member("Password".to_owned())];
            return Err(Error::Invalid(vec![Violation::new(path, None, Rule::PasswordPolicy)]));
        }
        profile.passwords.insert(0, hash(&format!("{:032x}", cx.ids.bits()), &password));
        profile.passwords.truncate(REMEMBERED);
        profile.password_reset_required = self.require_password_reset_for_next_login == Some(true);
        user::keep(cx, &User { document: write(&profile)?, ..user }).await?;
        Ok(ResetUserPasswordOutput { new_password: Some(password).filter(|_| generates) })
    }
}

/// The answer of [`ResetUserPassword`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResetUserPasswordOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    new_password: Option<String>,
}

/// The hash of a password, behind its salt.
fn hash(salt: &str, password: &str) -> String {
    let digest = Sha256::new().chain_update(salt).chain_update(password).finalize();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{salt}:{hex}")
}

fn is_of(known: &str, password: &str) -> bool {
    let (salt, _) = known.split_once(':').unwrap_or_default();
    same(&hash(salt, password), known)
}

/// A password that every policy lets pass: as long as one may be, of characters that are all different, and without the
/// first one of the user's name.
fn generate(ids: &dyn Ids, user_name: &str) -> String {
    let kinds = ["ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789", "!$()*?"];
    let avoided = user_name.chars().next().map(|c| c.to_ascii_lowercase());
    let usable = |kind: &str| -> Vec<char> {
        kind.chars().filter(|c| Some(c.to_ascii_lowercase()) != avoided).collect()
    };
    let (mut chosen, mut rest) = (Vec::new(), Vec::new());
    for kind in kinds {
        let mut letters = usable(kind);
        chosen.extend(draw(ids, &mut letters));
        rest.append(&mut letters);
    }
    while chosen.len() < LONGEST {
        chosen.extend(draw(ids, &mut rest));
    }
    std::iter::from_fn(|| draw(ids, &mut chosen)).collect()
}

/// Takes one of them out; `None` when there is none left.
fn draw(ids: &dyn Ids, letters: &mut Vec<char>) -> Option<char> {
    let left = letters.len();
    (left > 0).then(|| letters.swap_remove((ids.bits() % left as u128) as usize))
}

#[cfg(test)]
mod tests {
    use super::{generate, hash, is_of};
    use crate::alibaba::password_policy::PasswordPolicy;
    use crate::domain::SeededIds;

    #[test]
    fn what_is_generated_passes_whatever_the_policy() {
        let strictest: PasswordPolicy =
            serde_json::from_str(r#"{"min_length": 32, "min_different_characters": 32}"#).expect("a policy");
        let ids = SeededIds::new(1);
        for name in ["a", "Z", "7", "-", "@", "alice", "0123456789"] {
            for _ in 0..100 {
                let password = generate(&ids, name);
                assert!(strictest.admits(&password, name), "{name}: {password}");
            }
        }
    }

    #[test]
    fn a_hash_is_of_its_password_alone_and_has_a_salt() {
        let kept = hash("salt", "Passw0rd!");
        assert!(is_of(&kept, "Passw0rd!") && !is_of(&kept, "Passw0rd?") && !kept.contains("Passw0rd"));
        assert_ne!(kept, hash("other", "Passw0rd!"));
        assert!(!is_of("", "Passw0rd!"));
    }
}
