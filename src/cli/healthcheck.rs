//! `sanmen healthcheck`: one request, without a client that would have to be in the image.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::time::Duration;

use super::{ServerArgs, fail};

const TIMEOUT: Duration = Duration::from_secs(2);

pub(super) fn run(server: &ServerArgs) -> ExitCode {
    let url = server.url();
    let Some(authority) = authority(&url) else {
        return fail(2, &format_args!("{url:?} is not a URL like http://127.0.0.1:7760"));
    };
    match ask(&authority) {
        Ok(head) if head.starts_with("HTTP/1.1 200") => ExitCode::SUCCESS,
        Ok(head) => {
            fail(1, &format_args!("{authority} is not ready: {}", head.lines().next().unwrap_or_default()))
        }
        Err(error) => fail(1, &format_args!("{authority} does not answer: {error}")),
    }
}

/// The host and the port of a URL, as a connection needs them.
pub(super) fn authority(url: &str) -> Option<String> {
    let rest = url.strip_prefix("http://")?;
    let authority = rest.split('/').next().filter(|authority| !authority.is_empty())?;
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    Some(if has_port { authority.to_owned() } else { format!("{authority}:80") })
}

fn ask(authority: &str) -> std::io::Result<String> {
    let mut stream = Err(std::io::ErrorKind::AddrNotAvailable.into());
    // A name can stand for more than one address, of which the server listens on one.
    for address in authority.to_socket_addrs()? {
        stream = TcpStream::connect_timeout(&address, TIMEOUT);
        if stream.is_ok() {
            break;
        }
    }
    let mut stream = stream?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(
        format!("GET /readyz HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n").as_bytes(),
    )?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
