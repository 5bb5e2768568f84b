//! The command line.

mod env;
mod healthcheck;
mod operations;
mod serve;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;

use clap::builder::Resettable;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config::{DEFAULT_LISTEN, ServeArgs};

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
    Serve(Box<ServeArgs>),
    /// Exit 0 when the server is ready: for the health checks of containers
    Healthcheck(ServerArgs),
    /// Print what to export so that SDKs, CLIs and Terraform providers talk to the server
    Env(env::Args),
    /// Print the operations that are served
    Operations(operations::Args),
}

/// Where a server is found.
#[derive(Args)]
struct ServerArgs {
    /// The server's URL [default: the address of `SANMEN_LISTEN`, else 127.0.0.1:7760]
    #[arg(long, env = "SANMEN_URL", value_name = "URL")]
    url: Option<String>,

    #[arg(long, env = "SANMEN_LISTEN", default_value = DEFAULT_LISTEN, hide = true)]
    listen: SocketAddr,
}

impl ServerArgs {
    fn url(&self) -> String {
        self.url.clone().unwrap_or_else(|| format!("http://{}", reachable(self.listen)))
    }
}

/// Whoever listens on all addresses is called on the loopback one.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        IpAddr::V4(_) | IpAddr::V6(_) => {}
    }
    address
}

/// Does what the command line says. The exit code is 0 when all went well, 1 when it did not, and 2 when the
/// program was told something that it does not understand.
pub fn run() -> ExitCode {
    let matches = forget_empty(Cli::command()).get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match cli.command.unwrap_or(Command::Serve(Box::new(cli.serve))) {
        Command::Serve(mut args) => {
            args.prefer_flags(matches.subcommand_matches("serve").unwrap_or(&matches));
            serve::run(*args)
        }
        Command::Healthcheck(args) => healthcheck::run(&args),
        Command::Env(args) => env::run(&args),
        Command::Operations(args) => operations::run(&args),
    }
}

/// A variable without a character says nothing: compose files pass on such of what is not set.
fn forget_empty(command: clap::Command) -> clap::Command {
    let is_empty = |name: &std::ffi::OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    let command = command.mut_args(|argument| match argument.get_env().is_some_and(is_empty) {
        true => argument.env(Resettable::Reset),
        false => argument,
    });
    command.mut_subcommands(forget_empty)
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
