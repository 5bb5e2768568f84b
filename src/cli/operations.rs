//! `sanmen operations`.

use std::process::ExitCode;

use clap::ValueEnum;
use serde::Serialize;

use super::print;
use crate::TABLES;
use crate::api::{Callers, Effect};

#[derive(clap::Args)]
pub(super) struct Args {
    /// How to print them
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Serialize)]
struct Row {
    vendor: &'static str,
    service: &'static str,
    operation: &'static str,
    permission: &'static str,
    callers: &'static str,
    effect: &'static str,
}

pub(super) fn run(args: &Args) -> ExitCode {
    let rows: Vec<_> = TABLES
        .iter()
        .flat_map(|table| {
            table.entries().map(|(service, entry)| Row {
                vendor: table.provider.0,
                service: service.name,
                operation: entry.spec.name,
                permission: entry.spec.permission,
                callers: match entry.spec.callers {
                    Callers::Any => "any",
                    Callers::Administrators => "administrators",
                    Callers::Management => "management",
                },
                effect: match entry.spec.effect {
                    Effect::Read => "read",
                    Effect::Write => "write",
                },
            })
        })
        .collect();
    match args.format {
        Format::Json => print(&format!("{}\n", serde_json::to_string_pretty(&rows).expect("rows are texts"))),
        Format::Text => print(&table(&rows)),
    }
    ExitCode::SUCCESS
}

/// The rows in columns as wide as they need to be.
fn table(rows: &[Row]) -> String {
    let head = ["VENDOR", "SERVICE", "OPERATION", "PERMISSION", "CALLERS", "EFFECT"];
    let cells = |row: &Row| [row.vendor, row.service, row.operation, row.permission, row.callers, row.effect];
    let lines: Vec<_> = std::iter::once(head).chain(rows.iter().map(cells)).collect();
    let width = |column: usize| lines.iter().map(|line| line[column].len()).max().unwrap_or_default();
    let widths: Vec<_> = (0..head.len()).map(width).collect();
    let mut out = String::new();
    for line in &lines {
        let columns: Vec<_> =
            line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        out.push_str(columns.join("  ").trim_end());
        out.push('\n');
    }
    out
}
