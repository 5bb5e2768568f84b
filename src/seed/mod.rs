//! What a new world is filled with: the built-in seeds, and files in YAML, JSON or TOML of the same form.

mod build;
mod file;
mod user;

use std::path::Path;

use self::file::File;
use crate::world::Estate;

const DEFAULT: &str = include_str!("default.yaml");
const BLANK: &str = include_str!("blank.yaml");

/// What is wrong with a seed.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The file cannot be read.
    #[error("cannot read the seed {0}: {1}")]
    Unread(String, std::io::Error),
    /// It is none of the three formats.
    #[error("the seed {0} is none of default, blank, or a file that ends in .yaml, .yml, .json or .toml")]
    Format(String),
    /// It is not of the documented form.
    #[error("the seed {seed} is wrong{}: {field}: {reason}", on_line(*line))]
    Wrong {
        /// Which seed.
        seed: String,
        /// The line, from 1, where it is known.
        line: Option<usize>,
        /// The way to the field.
        field: String,
        /// What is wrong there.
        reason: String,
    },
}

fn on_line(line: Option<usize>) -> String {
    line.map(|line| format!(" at line {line}")).unwrap_or_default()
}

/// The built-in seed `default` or `blank`, or the one in a file.
///
/// # Errors
/// See [`SeedError`].
pub fn load(name: &str) -> Result<Estate, SeedError> {
    match name {
        "default" => read(name, DEFAULT, Format::Yaml),
        "blank" => read(name, BLANK, Format::Yaml),
        path => {
            let extension = Path::new(path).extension().and_then(|extension| extension.to_str());
            let format = match extension {
                Some("yaml" | "yml") => Format::Yaml,
                Some("json") => Format::Json,
                Some("toml") => Format::Toml,
                Some(_) | None => return Err(SeedError::Format(path.to_owned())),
            };
            let text =
                std::fs::read_to_string(path).map_err(|error| SeedError::Unread(path.to_owned(), error))?;
            read(path, &text, format)
        }
    }
}

/// How a seed is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
    /// TOML.
    Toml,
}

/// Reads a seed, and checks it.
///
/// # Errors
/// `Wrong`, with the first thing that is.
pub fn read(seed: &str, text: &str, format: Format) -> Result<Estate, SeedError> {
    let wrong = |line, field: String, reason| SeedError::Wrong { seed: seed.to_owned(), line, field, reason };
    let file = parse(text, format).map_err(|(line, field, reason)| wrong(line, field, reason))?;
    file.build().map_err(|fault| {
        // The formats tell where a value stands only while they are read; afterwards it is looked for.
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        let names_it = |line: &str| line.split(|c| !is_part(c)).any(|word| word == fault.value);
        let mut lines = (1..).zip(text.lines()).filter(|(_, line)| names_it(line)).map(|(number, _)| number);
        let first = lines.next();
        let line = if fault.repeated { lines.next().or(first) } else { first };
        wrong(line, fault.field, fault.reason)
    })
}

type Unparsed = (Option<usize>, String, String);

fn parse(text: &str, format: Format) -> Result<File, Unparsed> {
    let mut track = serde_path_to_error::Track::new();
    match format {
        Format::Yaml => {
            let parsed = serde_saphyr::with_deserializer_from_str(text, |deserializer| {
                serde::Deserialize::deserialize(serde_path_to_error::Deserializer::new(
                    deserializer,
                    &mut track,
                ))
            });
            parsed.map_err(|error: serde_saphyr::Error| {
                let line = error.location().and_then(|location| usize::try_from(location.line()).ok());
                (line, error.without_snippet().to_string())
            })
        }
        Format::Json => {
            let mut deserializer = serde_json::Deserializer::from_str(text);
            let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
            let parsed = serde::Deserialize::deserialize(tracked);
            parsed
                .and_then(|file| deserializer.end().map(|()| file))
                .map_err(|error| (Some(error.line()), error.to_string()))
        }
        Format::Toml => {
            let line = |error: &toml::de::Error| {
                error.span().map(|span| text[..span.start].bytes().filter(|c| *c == b'\n').count() + 1)
            };
            toml::Deserializer::parse(text)
                .and_then(|deserializer| {
                    serde::Deserialize::deserialize(serde_path_to_error::Deserializer::new(
                        deserializer,
                        &mut track,
                    ))
                })
                .map_err(|error| (line(&error), error.message().to_owned()))
        }
    }
    .map_err(|(line, reason)| {
        // The line is said once.
        let reason = match (line, reason.rfind(" at line ")) {
            (Some(_), Some(end)) => reason[..end].to_owned(),
            _ => reason,
        };
        (line, track.path().to_string(), reason)
    })
}
