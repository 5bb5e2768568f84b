//! From a seed file to an estate: what concerns more than one value is checked here.

use std::collections::HashSet;

use super::file::{
    AccountFile, File, Form, InstanceFile, OrganizationFile, ServiceWord, StandingWord, VendorFile,
};
use super::user::UserFile;
use crate::domain::access_key::{AccessKey, Secret};
use crate::domain::account::{Account, Standing};
use crate::domain::tag::Tag;
use crate::world::{Estate, Organization, Seeded, SeededUser, SettingText, Vendor};

/// What is wrong, and the value by which its line is found.
pub(super) struct Fault {
    pub(super) field: String,
    pub(super) reason: String,
    pub(super) value: String,
    /// Whether the value stands in the file before, and it is the second place that is wrong.
    pub(super) repeated: bool,
}

impl Fault {
    fn new(field: &str, value: &str, reason: impl Into<String>) -> Self {
        Self { field: field.to_owned(), reason: reason.into(), value: value.to_owned(), repeated: false }
    }
}

type Result<T> = std::result::Result<T, Fault>;

impl File {
    pub(super) fn build(self) -> Result<Estate> {
        let vendors = [
            self.aws.map(|vendor| Builder::build("aws", vendor)),
            self.alibaba.map(|vendor| Builder::build("alibaba", vendor)),
            self.huawei.map(|vendor| Builder::build("huawei", vendor)),
        ];
        let vendors = vendors.into_iter().flatten().collect::<Result<_>>()?;
        Ok(Estate { pace: self.life_cycle, vendors })
    }
}

struct Builder {
    vendor: Vendor,
    /// Kinds of things with their ids: each once.
    seen: HashSet<(&'static str, String)>,
}

impl Builder {
    fn build<F: Form>(name: &str, file: VendorFile<F>) -> Result<Vendor> {
        let mut builder = Self {
            vendor: Vendor {
                provider: F::PROVIDER,
                organizations: Vec::new(),
                accounts: Vec::new(),
                keys: Vec::new(),
                instances: Vec::new(),
            },
            seen: HashSet::new(),
        };
        for (i, organization) in file.organizations.into_iter().enumerate() {
            builder.organization(&format!("{name}.organizations[{i}]"), organization)?;
        }
        for (i, account) in file.accounts.into_iter().enumerate() {
            let field = format!("{name}.accounts[{i}]");
            if account.standing.is_some() {
                let reason = "an account outside of an organization has no standing";
                return Err(Fault::new(&format!("{field}.standing"), &account.id, reason));
            }
            builder.account(&field, account, None)?;
        }
        Ok(builder.vendor)
    }

    fn once(&mut self, field: &str, kind: &'static str, id: &str) -> Result<()> {
        match self.seen.insert((kind, id.to_owned())) {
            true => Ok(()),
            false => {
                let reason = format!("the {kind} {id} is there already");
                Err(Fault { repeated: true, ..Fault::new(&format!("{field}.id"), id, reason) })
            }
        }
    }

    fn organization<F: Form>(&mut self, field: &str, file: OrganizationFile<F>) -> Result<()> {
        self.once(field, "organization", &file.id)?;
        let managing =
            file.accounts.iter().filter(|account| account.standing == Some(StandingWord::Management)).count();
        if managing != 1 {
            let reason = format!("an organization has one management account, this one has {managing}");
            return Err(Fault::new(&format!("{field}.accounts"), &file.id, reason));
        }
        let enabled = file.service == ServiceWord::Enabled;
        let instance = file.accounts.iter().find(|account| account.instance.is_some());
        if let Some(account) = instance.filter(|_| F::NEEDS_SERVICE && !enabled) {
            let reason = format!("the service must be enabled: account {} has an instance", account.id);
            return Err(Fault::new(&format!("{field}.service"), &file.id, reason));
        }
        for (i, account) in file.accounts.into_iter().enumerate() {
            self.account(&format!("{field}.accounts[{i}]"), account, Some(&file.id))?;
        }
        self.vendor.organizations.push(Organization { id: file.id, enabled, region: file.region });
        Ok(())
    }

    fn account<F: Form>(
        &mut self,
        field: &str,
        file: AccountFile<F>,
        organization: Option<&str>,
    ) -> Result<()> {
        self.once(field, "account", &file.id)?;
        let standing = match (organization, file.standing) {
            (None, _) => Standing::Standalone,
            (Some(_), Some(StandingWord::Management)) => Standing::Management,
            (Some(_), Some(StandingWord::DelegatedAdministrator)) => Standing::DelegatedAdministrator,
            (Some(_), Some(StandingWord::Member) | None) => Standing::Member,
        };
        for (i, key) in file.access_keys.into_iter().enumerate() {
            self.once(&format!("{field}.access_keys[{i}]"), "access key", &key.id)?;
            let key = AccessKey {
                id: key.id,
                account: file.id.clone(),
                secret: Secret(key.secret),
                status: key.status,
                expires: key.expires_at,
                session_token: key.session_token.map(Secret),
            };
            if let Some(fault) = key.fault() {
                return Err(Fault::new(&format!("{field}.access_keys[{i}]"), &key.id, fault));
            }
            self.vendor.keys.push(key);
        }
        if let Some(instance) = file.instance {
            let field = format!("{field}.instance");
            if F::MANAGEMENT_ONLY && standing != Standing::Management {
                let reason = "only the management account of an organization has an instance";
                return Err(Fault::new(&field, &instance.id, reason));
            }
            let managed = organization.filter(|_| standing == Standing::Management);
            self.instance(&field, instance, file.id.clone(), managed)?;
        }
        let account = Account { name: file.name, ..Account::new(&file.id, organization, standing) };
        self.vendor.accounts.push(account);
        Ok(())
    }

    fn instance<F: Form>(
        &mut self,
        field: &str,
        file: InstanceFile<F>,
        owner: String,
        organization: Option<&str>,
    ) -> Result<()> {
        self.once(field, "instance", &file.id)?;
        let identity_store = match (F::STORE, file.identity_store) {
            (Some(_), None) => {
                let reason = "the id of its identity store is needed";
                return Err(Fault::new(&format!("{field}.identity_store"), &file.id, reason));
            }
            (_, Some(store)) => store,
            (None, None) => file.id.clone(),
        };
        self.once(&format!("{field}.identity_store"), "identity store", &identity_store)?;
        F::tags(&file.tags).map_err(|reason| Fault::new(&format!("{field}.tags"), &file.id, reason))?;
        let mut settings = Vec::new();
        for (name, value) in file.settings {
            let field = format!("{field}.settings.{name}");
            let known = F::SETTINGS.iter().find(|setting| setting.name == name);
            let Some(setting) = known else {
                let names: Vec<_> = F::SETTINGS.iter().map(|setting| setting.name).collect();
                return Err(Fault::new(
                    &field,
                    &file.id,
                    format!("there is no such setting, only {names:?}"),
                ));
            };
            let document =
                (setting.normalize)(value).map_err(|reason| Fault::new(&field, &file.id, reason))?;
            settings.push(SettingText { name: setting.name, document });
        }
        let (name, alias) = if F::NAME_IS_ALIAS { (None, file.name) } else { (file.name, file.alias) };
        if let Some(alias) = &alias {
            self.once(field, "instance name", alias)?;
        }
        let mut users = Vec::new();
        for (i, user) in file.users.into_iter().enumerate() {
            users.push(self.user(&format!("{field}.users[{i}]"), &file.id, user)?);
        }
        self.vendor.instances.push(Seeded {
            id: file.id,
            owner,
            organization: organization.map(str::to_owned),
            identity_store,
            name,
            alias,
            region: file.region,
            tags: file.tags.into_iter().map(|(key, value)| Tag { key, value }).collect(),
            settings,
            users,
        });
        Ok(())
    }

    /// A user, of whose ids and names there is each once in its instance.
    fn user<F: Form>(&mut self, field: &str, instance: &str, file: UserFile<F>) -> Result<SeededUser> {
        self.once(field, "user", &file.id)?;
        for device in &file.mfa_devices {
            self.once(&format!("{field}.mfa_devices"), "device", &device.id)?;
        }
        let id = file.id.clone();
        let user = file.build().map_err(|reason| Fault::new(field, &id, reason))?;
        let email = user.email.iter().map(|email| ("address", email.to_lowercase()));
        let external = user.external_ids.iter().map(|it| ("external id", format!("{} {}", it.issuer, it.id)));
        for (kind, key) in
            std::iter::once(("user name", user.name.to_lowercase())).chain(email).chain(external)
        {
            if !self.seen.insert((kind, format!("{instance} {key}"))) {
                return Err(Fault::new(field, &id, format!("the {kind} is there already")));
            }
        }
        Ok(user)
    }
}
