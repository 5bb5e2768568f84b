//! What the compiler cannot hold: which words stand where, and how long a file may be.

use std::path::{Path, PathBuf};

use super::golden;

/// All Rust files below a folder, with their texts.
pub(crate) fn sources(folder: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => walk(&path, found),
                false => found.push(path),
            }
        }
    }
    let mut found = Vec::new();
    walk(&golden::repository(folder), &mut found);
    found.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let root = golden::repository("");
    let texts = found.into_iter().map(|path| {
        let text = std::fs::read_to_string(&path).expect("a source");
        (path.strip_prefix(&root).expect("in the repository").display().to_string(), text)
    });
    texts.collect()
}

/// What a file says, but for its own tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or_default()
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_lowercase)
}

#[test]
fn the_core_knows_no_vendor_and_no_http() {
    let foreign = [
        "aws",
        "amazon",
        "alibaba",
        "aliyun",
        "huawei",
        "cloudsso",
        "arn",
        "urn",
        "iic",
        "apigw",
        "ssoins",
        "axum",
        "hyper",
        "sqlx",
        "clienttoken",
        "mfa",
        "sso",
    ];
    for folder in ["src/domain", "src/store", "src/world"] {
        for (path, text) in sources(folder) {
            assert!(!text.contains("http::"), "{path} knows HTTP");
            for word in words(&text) {
                let sql = word == "sqlx" && folder == "src/store";
                assert!(sql || !foreign.contains(&word.as_str()), "{path} says {word}");
            }
        }
    }
}

#[test]
fn sql_stands_in_the_store_alone() {
    for (path, text) in sources("src") {
        let store = path.starts_with("src/store");
        assert!(store || !text.contains("sqlx::"), "{path} uses sqlx");
        for statement in ["select ", "insert into ", "delete from ", "update set "] {
            assert!(store || !code(&text).contains(statement), "{path} has SQL: {statement}");
        }
    }
}

#[test]
fn nothing_knows_what_stands_above_it() {
    let above: &[(&str, &[&str])] = &[
        ("src/store", &["world", "api", "aws", "alibaba", "huawei", "seed", "server", "config", "cli"]),
        ("src/domain", &["world", "api", "aws", "alibaba", "huawei", "seed", "server", "config", "cli"]),
        ("src/world", &["api", "aws", "alibaba", "huawei", "seed", "server", "config", "cli"]),
        ("src/api", &["aws", "alibaba", "huawei", "seed", "server", "config", "cli"]),
        ("src/aws", &["alibaba", "huawei", "seed", "server", "config", "cli", "store", "world"]),
        ("src/alibaba", &["aws", "huawei", "seed", "server", "config", "cli", "store", "world"]),
        ("src/huawei", &["aws", "alibaba", "seed", "server", "config", "cli", "store", "world"]),
        ("src/seed", &["server", "config", "cli", "store"]),
        ("src/server", &["config", "cli", "store", "seed"]),
    ];
    for (folder, forbidden) in above {
        for (path, text) in sources(folder) {
            // `crate::x`, and `crate::{x, y}`.
            let uses = text.split("crate::").skip(1).flat_map(|rest| match rest.strip_prefix('{') {
                Some(list) => list.split('}').next().unwrap_or_default().split(',').collect::<Vec<_>>(),
                None => vec![rest],
            });
            for used in uses {
                let end = used.trim().find(|c: char| !c.is_alphanumeric() && c != '_');
                let module = &used.trim()[..end.unwrap_or(used.trim().len())];
                assert!(!forbidden.contains(&module), "{path} knows {module}");
            }
        }
    }
}

#[test]
fn files_stay_readable() {
    for (path, text) in sources("src").into_iter().chain(sources("tests")) {
        assert!(text.lines().count() <= 400, "{path} is too long: split it by subject");
        assert!(text.starts_with("//!"), "{path} does not say what it is for");
    }
}

#[test]
fn there_is_no_unwrap_outside_of_tests() {
    for (path, text) in sources("src") {
        assert!(!code(&text).contains(".unwrap()"), "{path} unwraps");
    }
}
