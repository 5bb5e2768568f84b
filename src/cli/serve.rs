//! `sanmen serve`.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::filter::LevelFilter;

use super::{fail, print};
use crate::config::{Config, Database, LogFormat, ServeArgs};
use crate::domain::{RandomIds, SystemClock};
use crate::seed;
use crate::server::access::{Access, Names};
use crate::server::{Gate, serve};
use crate::store::{OpenError, Store, Syncing};
use crate::world::{Estate, World};

/// The signal of a file that exceeds the limit of its size, on Linux, macOS and the BSDs.
const SIGXFSZ: i32 = 25;

/// How many connections may wait to be accepted, if the system lets that many. The usual 128 are fewer than come at once
/// when a suite of tests begins, and one that is not let in tries again a second later only.
const WAITING: u32 = 4096;

/// How long closing the database may take.
const CLOSING: Duration = Duration::from_secs(2);

/// Why the server could not serve.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Open(#[from] OpenError),
    #[error("the world could not be opened: {0}")]
    World(#[from] crate::domain::Error),
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    #[error("the operating system refuses: {0}")]
    System(#[from] std::io::Error),
}

pub(super) fn run(args: ServeArgs) -> ExitCode {
    let config = match args.settle() {
        Ok(config) => config,
        Err(error) => return fail(2, &error),
    };
    let mut seed = match seed::load(&config.seed) {
        Ok(seed) => seed,
        Err(error) => return fail(2, &error),
    };
    seed.pace = config.pace.or(seed.pace);
    log(config.log_format);
    // A connection is a file, and many systems let a program have 1024 unless it asks for more.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(1, &error),
    };
    match runtime.block_on(run_until_told(config, seed)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Open(error)) if error.is_of_the_url() => fail(2, &error),
        Err(error) => fail(1, &error),
    }
}

async fn run_until_told(config: Config, seed: Estate) -> Result<(), Failure> {
    // Before anything else: a signal that comes while the database is opened is not lost.
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    // A file that has become as large as it may be is a write that fails, not the end.
    let _listened_to = signal(SignalKind::from_raw(SIGXFSZ))?;
    // Before the database, which would be made and filled although nobody could use it.
    let listener = listen(config.listen).map_err(|error| Failure::Listen(config.listen, error))?;
    let store = open(&config.database, config.syncing).await?;
    let world = World::open(store, seed, Arc::new(SystemClock::new()), Arc::new(RandomIds)).await?;
    if let Some(pace) = config.pace {
        // A world that was there already has one of its own.
        world.set_pace(pace).await?;
    }
    let world = Arc::new(world);
    let access =
        Access { names: Names(config.public_names), token: config.admin_token, local: config.auth.strict };
    let gate = Gate::new(world.clone(), config.limits, config.auth, access);
    print(&format!("Ready. http://{}\n", listener.local_addr()?));
    let told = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    serve(listener, gate, config.limits, told).await;
    // What is still under way after all the time it had is not waited for: undone, it does no harm.
    let _ = tokio::time::timeout(CLOSING, world.store.close()).await;
    Ok(())
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A server that was just ended does not keep its port from the next one.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

async fn open(database: &Database, syncing: Syncing) -> Result<Store, OpenError> {
    match database {
        Database::Memory => Store::memory().await,
        Database::Url(url) => Store::synced_url(url, syncing).await,
        Database::Directory(directory) => {
            std::fs::create_dir_all(directory)
                .map_err(|error| OpenError::Directory(directory.clone(), error))?;
            Store::synced_file(&Path::new(directory).join("sanmen.db"), syncing).await
        }
    }
}

/// The log goes to standard error; standard output has the line that says `Ready.` alone.
fn log(format: Option<LogFormat>) {
    let terminal = std::io::stderr().is_terminal();
    let format = format.unwrap_or(if terminal { LogFormat::Text } else { LogFormat::Json });
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::INFO)
        .with_writer(std::io::stderr)
        // A log that cannot be written, on a disk that is full, is no reason to fail. It cannot be said either.
        .log_internal_errors(false)
        .with_target(false);
    match format {
        LogFormat::Text => subscriber.with_ansi(terminal).init(),
        LogFormat::Json => subscriber.json().flatten_event(true).init(),
    }
}
