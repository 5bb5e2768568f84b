//! The tables: what is served, what is missing, and that nothing is served without its transcript.

use std::collections::BTreeSet;

use sanmen::TABLES;
use sanmen::api::{Effect, Route};

use super::openapi_vendors::asks_for;
use super::transcript::AUTHENTICATION;
use super::{golden, transcript};

/// All operations of a vendor, as `service operation`.
fn known(vendor: &str) -> Vec<(String, String)> {
    let path = golden::repository(&format!("tests/catalogue/{vendor}.txt"));
    let text = std::fs::read_to_string(path).expect("a list");
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let pairs = lines.map(|line| line.split_once(' ').expect("a service and an operation"));
    pairs.map(|(service, operation)| (service.to_owned(), operation.to_owned())).collect()
}

#[test]
fn every_operation_is_one_of_the_vendors() {
    for table in TABLES {
        let known: BTreeSet<_> = known(table.provider.0).into_iter().collect();
        for (service, entry) in table.entries() {
            let name = (service.name.to_owned(), entry.spec.name.to_owned());
            assert!(known.contains(&name), "{name:?} is not in tests/catalogue/{}.txt", table.provider.0);
        }
    }
}

#[test]
fn names_and_routes_are_unique() {
    for table in TABLES {
        let mut seen = BTreeSet::new();
        for (service, entry) in table.entries() {
            let route = match entry.spec.route {
                Route::Name => format!("{} {}", service.name, entry.spec.name),
                Route::Path(method, path) => format!("{method} {path}"),
            };
            assert!(seen.insert(route.clone()), "{route} is there twice");
        }
    }
}

#[test]
fn every_operation_has_a_transcript_that_shows_it_succeed_and_fail() {
    let transcripts = transcript::all();
    for table in TABLES {
        for (_, entry) in table.entries() {
            let found = transcripts
                .iter()
                .find(|transcript| {
                    transcript.vendor == table.provider.0 && transcript.operation == entry.spec.name
                })
                .unwrap_or_else(|| panic!("{} has no transcript", entry.spec.name));
            for (what, range) in [("success", 200..300), ("failure", 400..500)] {
                let mut own = found.exchanges().filter(|exchange| asks_for(entry, exchange));
                let shown = own.any(|exchange| range.contains(&exchange.status));
                assert!(shown, "the transcript of {} shows no {what}", entry.spec.name);
            }
        }
    }
    for transcript in transcripts.iter().filter(|transcript| transcript.operation != AUTHENTICATION) {
        let table = TABLES.iter().find(|table| table.provider.0 == transcript.vendor).expect("a table");
        let served = table.entries().any(|(_, entry)| entry.spec.name == transcript.operation);
        assert!(served, "there is a transcript of {}, which is not served", transcript.operation);
    }
}

#[test]
fn every_operation_says_what_it_does_and_where_that_is_written() {
    for table in TABLES {
        for (_, entry) in table.entries() {
            assert!(entry.spec.about.ends_with('.'), "{}", entry.spec.name);
            assert!(entry.spec.page.starts_with("https://"), "{}", entry.spec.name);
            assert!(entry.spec.replay.is_none() || entry.spec.effect == Effect::Write, "{}", entry.spec.name);
        }
    }
}

#[test]
fn operations_md_is_current() {
    let mut text = "# Operations\n\n\
        Made from the tables of the program by its tests: `UPDATE=1 cargo test --test it` writes it anew.\n\
        An operation that is not served answers with the vendor's own error for an unknown one.\n"
        .to_owned();
    for table in TABLES {
        let known = known(table.provider.0);
        let served: BTreeSet<_> = table
            .entries()
            .map(|(service, entry)| (service.name.to_owned(), entry.spec.name.to_owned()))
            .collect();
        let (done, all) = (served.len(), known.len());
        text.push_str(&format!("\n## {}: {done} of {all}\n\n### Served\n\n", title(table.provider.0)));
        text.push_str(
            "| service | operation | permission | effect | what it does |\n|---|---|---|---|---|\n",
        );
        for (service, entry) in table.entries() {
            let spec = &entry.spec;
            let effect = match spec.effect {
                Effect::Read => "read",
                Effect::Write => "write",
            };
            text.push_str(&format!(
                "| {} | [{}]({}) | `{}` | {effect} | {} |\n",
                service.name, spec.name, spec.page, spec.permission, spec.about
            ));
        }
        text.push_str("\n### Missing\n");
        let services: BTreeSet<_> = known.iter().map(|(service, _)| service).collect();
        for service in services {
            let missing: Vec<_> = known
                .iter()
                .filter(|pair| pair.0 == *service && !served.contains(pair))
                .map(|(_, operation)| operation.as_str())
                .collect();
            if !missing.is_empty() {
                text.push_str(&format!("\n{service} ({}): {}.\n", missing.len(), missing.join(", ")));
            }
        }
    }
    golden::compare("OPERATIONS.md", &text);
}

fn title(vendor: &str) -> &'static str {
    match vendor {
        "aws" => "AWS",
        "alibaba" => "Alibaba Cloud",
        "huawei" => "Huawei Cloud",
        other => panic!("{other} has no title"),
    }
}
