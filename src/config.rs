//! What the program is told: flags go before the environment, that before the file, that before defaults.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, ValueEnum};
use serde::Deserialize;
use tokio::sync::Semaphore;

use crate::api::{self, Limits};
use crate::domain::access_key::Secret;
use crate::domain::life_cycle::Pace;
use crate::store::Syncing;

/// Where the server listens when it is not told.
pub const DEFAULT_LISTEN: &str = "127.0.0.1:7760";

/// How `serve` is told what to do. Each has a variable of the environment, and a line in the file.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ServeArgs {
    /// The address and port to listen on; port 0 takes a free one [default: 127.0.0.1:7760]
    #[arg(long, env = "SANMEN_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,

    /// Keep the world in DIR/sanmen.db, so that it survives a restart [default: in memory]
    #[arg(long, env = "SANMEN_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// Keep the world in this database: sqlite:PATH, sqlite::memory:, or postgres://USER:PASSWORD@HOST/DATABASE, which
    /// more than one server can share
    #[arg(long, env = "SANMEN_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// When a database in a file is synced to the disk: full at each commit, so that what was acknowledged survives a
    /// power cut; normal now and then, so that it survives kill -9 [default: full]
    #[arg(long, env = "SANMEN_SYNC", value_name = "MODE")]
    pub sync: Option<Sync>,

    /// What a new world is filled with: default, blank, or a file in YAML, JSON or TOML [default: default]
    #[arg(long, env = "SANMEN_SEED", value_name = "SEED")]
    pub seed: Option<String>,

    /// How callers are looked at: lenient reads signatures and does not verify them, strict verifies them as the
    /// vendors do [default: lenient]
    #[arg(long, env = "SANMEN_AUTH", value_name = "MODE")]
    pub auth: Option<Auth>,

    /// Say in headers of an answer why a signature was refused
    #[arg(long, env = "SANMEN_EXPLAIN", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub explain: Option<bool>,

    /// What a caller of the paths /_sanmen/… must show as a bearer token [default: none; with --auth strict only this
    /// machine may call them then]
    #[arg(long, env = "SANMEN_ADMIN_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub admin_token: Option<Secret>,

    /// How long creations and deletions stay in progress: instant, a time such as after=5s or after=250ms, or
    /// reads=N, until they were looked at N times [default: instant]
    #[arg(long, env = "SANMEN_LIFE_CYCLE", value_parser = life_cycle, value_name = "PACE")]
    #[serde(deserialize_with = "pace")]
    pub life_cycle: Option<Pace>,

    /// How the log is written [default: text on a terminal, else json]
    #[arg(long, env = "SANMEN_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,

    /// A host name besides the loopback ones under which the paths /_sanmen/… may be called; can be repeated
    #[arg(long, env = "SANMEN_PUBLIC_NAME", value_name = "NAME", value_delimiter = ',')]
    pub public_name: Vec<String>,

    /// Read what is not said here from this TOML file
    #[arg(long, env = "SANMEN_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,

    /// The limits. In the file only.
    #[arg(skip)]
    pub limits: LimitsFile,
}

/// What is wrong with a pace.
const PACE: &str = "give instant, after=5s, after=250ms, or reads=3";

fn life_cycle(text: &str) -> Result<Pace, String> {
    Pace::parse(text).ok_or_else(|| PACE.to_owned())
}

fn pace<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Pace>, D::Error> {
    life_cycle(&String::deserialize(deserializer)?).map(Some).map_err(serde::de::Error::custom)
}

/// How callers are looked at.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    /// Signatures are read, and not verified.
    Lenient,
    /// Signatures are verified.
    Strict,
}

/// When a database in a file is synced to the disk.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Sync {
    /// At each commit.
    Full,
    /// Now and then.
    Normal,
}

impl From<Sync> for Syncing {
    fn from(sync: Sync) -> Self {
        match sync {
            Sync::Full => Self::Full,
            Sync::Normal => Self::Normal,
        }
    }
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: an object a line.
    Json,
}

/// The limits of a server, as a file has them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct LimitsFile {
    /// The longest body, in bytes.
    pub body: Option<usize>,
    /// How long all bodies may be together, in bytes; when it is left out, no less than one.
    pub bodies: Option<usize>,
    /// How long the head of a request may take to arrive, in milliseconds.
    pub header_timeout: Option<u64>,
    /// How long all else may take, in milliseconds.
    pub request_timeout: Option<u64>,
    /// How many requests are served at a time.
    pub requests: Option<usize>,
}

/// What the server is to do, settled.
#[derive(Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where the world is kept.
    pub database: Database,
    /// When it is synced to the disk, if it is in a file.
    pub syncing: Syncing,
    /// What a new world is filled with.
    pub seed: String,
    /// How callers are looked at.
    pub auth: api::Auth,
    /// What a caller of the emulator's own paths must show.
    pub admin_token: Option<Secret>,
    /// How long what is begun takes, if that is said.
    pub pace: Option<Pace>,
    /// How the log is written; by where it goes when not said.
    pub log_format: Option<LogFormat>,
    /// The host names of the server, besides the loopback ones.
    pub public_names: Vec<String>,
    /// The limits.
    pub limits: Limits,
}

/// Where a world is kept.
#[derive(Debug, PartialEq, Eq)]
pub enum Database {
    /// In memory.
    Memory,
    /// In `sanmen.db` in this directory.
    Directory(PathBuf),
    /// In the database of this URL.
    Url(String),
}

/// Why the program cannot do what it is told.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {0}: {1}")]
    Unread(PathBuf, std::io::Error),
    /// The file is not of the documented form.
    #[error("the configuration file {0} is wrong at line {1}: {2}: {3}")]
    Wrong(PathBuf, usize, String, String),
    /// Two places for the world.
    #[error("give either a data directory or a database URL, not both")]
    TwoDatabases,
    /// A token that could not be sent.
    #[error("the admin token must be of visible characters of ASCII, at least one")]
    Token,
    /// A host name that none could be.
    #[error("the public name {0:?} is not a host name: give it without a scheme and a port")]
    Name(String),
    /// No time at all.
    #[error("the limits `header-timeout` and `request-timeout` must be at least 1 millisecond")]
    Timeout,
    /// No requests at all.
    #[error("the limit `requests` must be at least 1 and at most {}", Semaphore::MAX_PERMITS)]
    Requests,
    /// Not even one body.
    #[error("the limit `bodies` must be at least the limit `body` and at most {}", Semaphore::MAX_PERMITS)]
    Bodies,
}

impl ServeArgs {
    /// Forgets a place for the world that the environment names, when a flag names one of the other kind: flags
    /// go first.
    pub fn prefer_flags(&mut self, matches: &ArgMatches) {
        let is_flag = |name| matches.value_source(name) == Some(ValueSource::CommandLine);
        match (is_flag("data_dir"), is_flag("database_url")) {
            (true, false) => self.database_url = None,
            (false, true) => self.data_dir = None,
            (true, true) | (false, false) => {}
        }
    }

    /// Settles what is to be done.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn settle(self) -> Result<Config, ConfigError> {
        let file = match &self.config {
            Some(path) => read(path)?,
            None => Self::default(),
        };
        // A place that is given on the command line stands against the other kind of place in the file.
        let (data_dir, database_url) = match (self.data_dir, self.database_url) {
            (None, None) => (file.data_dir, file.database_url),
            given => given,
        };
        let database = match (data_dir, database_url) {
            (Some(_), Some(_)) => return Err(ConfigError::TwoDatabases),
            (Some(directory), None) => Database::Directory(directory),
            (None, Some(url)) => Database::Url(url),
            (None, None) => Database::Memory,
        };
        let names = if self.public_name.is_empty() { file.public_name } else { self.public_name };
        if let Some(name) = names.iter().find(|name| !is_host_name(name)) {
            return Err(ConfigError::Name(name.clone()));
        }
        let auth = api::Auth {
            strict: self.auth.or(file.auth) == Some(Auth::Strict),
            explain: self.explain.or(file.explain).unwrap_or_default(),
        };
        let admin_token = self.admin_token.or(file.admin_token);
        let sendable = |token: &Secret| !token.0.is_empty() && token.0.bytes().all(|c| c.is_ascii_graphic());
        if admin_token.as_ref().is_some_and(|token| !sendable(token)) {
            return Err(ConfigError::Token);
        }
        Ok(Config {
            listen: self
                .listen
                .or(file.listen)
                .unwrap_or_else(|| DEFAULT_LISTEN.parse().expect("the default is an address")),
            database,
            syncing: self.sync.or(file.sync).map(Syncing::from).unwrap_or_default(),
            seed: self.seed.or(file.seed).unwrap_or_else(|| "default".to_owned()),
            auth,
            admin_token,
            pace: self.life_cycle.or(file.life_cycle),
            log_format: self.log_format.or(file.log_format),
            public_names: names,
            limits: file.limits.settle()?,
        })
    }
}

impl LimitsFile {
    fn settle(&self) -> Result<Limits, ConfigError> {
        let default = Limits::default();
        let body = self.body.unwrap_or(default.body);
        let limits = Limits {
            body,
            bodies: self.bodies.unwrap_or(default.bodies.max(body)),
            header_timeout: self.header_timeout.map_or(default.header_timeout, Duration::from_millis),
            request_timeout: self.request_timeout.map_or(default.request_timeout, Duration::from_millis),
            requests: self.requests.unwrap_or(default.requests),
        };
        if limits.header_timeout.is_zero() || limits.request_timeout.is_zero() {
            return Err(ConfigError::Timeout);
        }
        if !(limits.body..=Semaphore::MAX_PERMITS).contains(&limits.bodies) {
            return Err(ConfigError::Bodies);
        }
        match (1..=Semaphore::MAX_PERMITS).contains(&limits.requests) {
            true => Ok(limits),
            false => Err(ConfigError::Requests),
        }
    }
}

fn is_host_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_'))
}

fn read(path: &Path) -> Result<ServeArgs, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unread(path.to_owned(), error))?;
    let wrong = |field: String, error: toml::de::Error| {
        let start = error.span().map(|span| span.start).unwrap_or_default();
        let line = text[..start].bytes().filter(|c| *c == b'\n').count() + 1;
        ConfigError::Wrong(path.to_owned(), line, field, error.message().to_owned())
    };
    let deserializer = toml::Deserializer::parse(&text).map_err(|error| wrong(".".to_owned(), error))?;
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let field = error.path().to_string();
        wrong(field, error.into_inner())
    })
}

#[cfg(test)]
mod tests {
    use clap::{Args, Command, FromArgMatches};

    use super::{ServeArgs, Syncing};

    /// What is settled when the program is told this, with a file that says that.
    fn syncing(arguments: &[&str], file: &str) -> Syncing {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("config.toml");
        std::fs::write(&path, file).expect("written");
        let config = ["serve", "--config", path.to_str().expect("text")];
        let command = ServeArgs::augment_args(Command::new("serve"));
        let matches = command.get_matches_from(config.iter().chain(arguments));
        let args = ServeArgs::from_arg_matches(&matches).expect("arguments");
        args.settle().expect("a configuration").syncing
    }

    #[test]
    fn a_file_is_synced_at_each_commit_unless_it_is_said_otherwise() {
        assert_eq!(syncing(&[], ""), Syncing::Full);
        assert_eq!(syncing(&[], "sync = \"normal\""), Syncing::Normal);
        assert_eq!(syncing(&["--sync", "full"], "sync = \"normal\""), Syncing::Full);
        assert_eq!(syncing(&["--sync", "normal"], ""), Syncing::Normal);
    }
}
