//! `sanmen healthcheck`: one request, without a client that would have to be in the image.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::time::Duration;

use super::fail;
use crate::config::DEFAULT_LISTEN;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The server's URL [default: the address of `SANMEN_LISTEN`, or http://127.0.0.1:7760]
    #[arg(long, env = "SANMEN_URL", value_name = "URL")]
    url: Option<String>,

    /// Where the server listens
    #[arg(long, env = "SANMEN_LISTEN", default_value = DEFAULT_LISTEN, hide = true)]
    listen: SocketAddr,
}

const TIMEOUT: Duration = Duration::from_secs(2);

pub(super) fn run(args: &Args) -> ExitCode {
    let authority = match &args.url {
        None => reachable(args.listen).to_string(),
        Some(url) => match authority(url) {
            Some(authority) => authority,
            None => return fail(2, &format_args!("{url:?} is not a URL like http://127.0.0.1:7760")),
        },
    };
    match ask(&authority) {
        Ok(head) if head.starts_with("HTTP/1.1 200") => ExitCode::SUCCESS,
        Ok(head) => {
            fail(1, &format_args!("{authority} is not ready: {}", head.lines().next().unwrap_or_default()))
        }
        Err(error) => fail(1, &format_args!("{authority} does not answer: {error}")),
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

fn authority(url: &str) -> Option<String> {
    let rest = url.strip_prefix("http://")?;
    let authority = rest.split('/').next().filter(|authority| !authority.is_empty())?;
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    Some(if has_port { authority.to_owned() } else { format!("{authority}:80") })
}

fn ask(authority: &str) -> std::io::Result<String> {
    let address = authority.to_socket_addrs()?.next().ok_or(std::io::ErrorKind::AddrNotAvailable)?;
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(
        format!("GET /readyz HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n").as_bytes(),
    )?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
