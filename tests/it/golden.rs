//! Files that are made from the tables: compared, and written anew with `UPDATE=1`.

use std::path::PathBuf;

/// A path in the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Whether files are to be written anew.
pub(crate) fn updating() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// Compares a file of the repository with what it should be.
pub(crate) fn compare(path: &str, expected: &str) {
    let file = repository(path);
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    if found == expected {
        return;
    }
    if updating() {
        std::fs::write(&file, expected).expect("the repository can be written to");
        return;
    }
    let differs = found.lines().zip(expected.lines()).position(|(found, expected)| found != expected);
    let line = differs.unwrap_or(found.lines().count().min(expected.lines().count()));
    let at = |text: &str| text.lines().nth(line).unwrap_or("(the end)").to_owned();
    panic!(
        "{path} is stale at line {}:\n  it has   {}\n  expected {}\nUPDATE=1 cargo test --test it writes it anew",
        line + 1,
        at(&found),
        at(expected),
    );
}
