//! The command line.

mod env;
mod healthcheck;
mod operations;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::ServeArgs;

/// An emulator of the single sign-on control planes of AWS, Alibaba Cloud and Huawei Cloud.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Subcommand)]
enum Command {
    /// Serve (what is done when no command is given)
    Serve(ServeArgs),
    /// Exit 0 when the server is ready: for the health checks of containers
    Healthcheck(healthcheck::Args),
    /// Print what to export so that SDKs, CLIs and Terraform providers talk to the server
    Env(env::Args),
    /// Print the operations that are served
    Operations(operations::Args),
}

/// Does what the command line says. The exit code is 0 when all went well, 1 when it did not, and 2 when the
/// program was told something that it does not understand.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match cli.command.unwrap_or(Command::Serve(cli.serve)) {
        Command::Serve(args) => serve::run(args),
        Command::Healthcheck(args) => healthcheck::run(&args),
        Command::Env(args) => env::run(&args),
        Command::Operations(args) => operations::run(&args),
    }
}

/// Prints to standard output. Whoever has stopped reading it does not want the rest.
fn print(text: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Says what is wrong, in one sentence.
fn fail(code: u8, error: &impl std::fmt::Display) -> ExitCode {
    use std::io::Write;
    let _ = writeln!(std::io::stderr().lock(), "sanmen: {error}");
    ExitCode::from(code)
}
