//! What can be seen on a socket only: writes, timeouts, and stopping while something runs.

use std::io::{Read, Write};
use std::net::Shutdown;

use super::program::Server;

const READ: &str = "GET /v1/instances/ins-1111111111111111/sso-configuration HTTP/1.1\r\nhost: a\r\n";

/// A configuration file with these limits.
fn limits(text: &str) -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("config.toml");
    std::fs::write(&path, format!("[limits]\n{text}\n")).expect("written");
    let path = path.to_str().expect("text").to_owned();
    (directory, path)
}

#[test]
fn an_answer_has_a_true_date_and_arrives_whole() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    for _ in 0..20 {
        write!(stream, "{READ}\r\n").expect("sent");
        // One read takes what one write sent, on a connection on which nothing else is under way.
        let mut buffer = [0; 4096];
        let length = stream.read(&mut buffer).expect("an answer");
        let answer = String::from_utf8_lossy(&buffer[..length]);
        assert!(answer.contains("\r\ndate: ") && answer.ends_with("\"PT8H\"}}}"), "{answer}");
    }
}

#[test]
fn a_head_that_does_not_end_is_not_waited_for() {
    let (_directory, config) = limits("header-timeout = 100");
    let server = Server::start(&["--config", &config]);
    let mut stream = server.connect();
    write!(stream, "{READ}").expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the connection is closed");
    assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
    assert_eq!(server.ask("GET", "/healthz", "", "").0, 200);
}

#[test]
fn a_body_that_does_not_end_is_answered_in_the_vendors_words() {
    let (_directory, config) = limits("request-timeout = 100");
    let server = Server::start(&["--config", &config]);
    let mut stream = server.connect();
    write!(stream, "POST / HTTP/1.1\r\nhost: a\r\nx-amz-target: SWBExternalService.CreateInstance\r\ncontent-length: 10\r\n\r\n{{")
        .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("RequestTimeoutException"), "{answer}");
}

#[test]
fn a_client_that_goes_away_leaves_the_server_as_it_was() {
    let server = Server::start(&[]);
    for part in ["", "GET", READ, "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\n{"] {
        let mut stream = server.connect();
        write!(stream, "{part}").expect("sent");
        stream.shutdown(Shutdown::Both).expect("closed");
    }
    for garbage in
        ["\r\n\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /a b c HTTP/1.1\r\n\r\n"]
    {
        let mut stream = server.connect();
        write!(stream, "{garbage}").expect("sent");
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{garbage:?}: {answer}");
    }
    assert_eq!(server.ask("GET", "/readyz", "", "").0, 200);
    let (code, _, err) = server.stop("TERM");
    assert_eq!(code, Some(0));
    assert!(!err.contains("panic"), "{err}");
}

/// A client may close its half of the connection once it has said all (`nc -N`): it still wants the answer.
#[test]
fn a_half_closed_connection_gets_its_answer() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    write!(stream, "{READ}\r\n").expect("sent");
    stream.shutdown(Shutdown::Write).expect("half closed");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[test]
fn who_asks_before_sending_too_much_is_told_before_sending() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    let head = "POST /v1/instances/a/sso-configuration HTTP/1.1\r\nhost: a\r\ncontent-length: 5000000\r\n";
    write!(stream, "{head}expect: 100-continue\r\n\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("APIGW.0201"), "{answer}");
    // Just as much as is read is asked for.
    let mut stream = server.connect();
    write!(stream, "{}expect: 100-continue\r\n\r\n", head.replace("5000000", "1048576")).expect("sent");
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).expect("an interim answer");
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
}

/// Who does not ask gets the answer after all was sent, and may go on with the next request.
#[test]
fn a_connection_outlives_a_body_that_was_too_large() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    let body = vec![b' '; 3_000_000];
    write!(
        stream,
        "POST /v1/instances/a/sso-configuration HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .expect("sent");
    stream.write_all(&body).expect("all is read");
    write!(stream, "{READ}connection: close\r\n\r\n").expect("sent");
    let mut answers = String::new();
    stream.read_to_string(&mut answers).expect("two answers");
    assert!(answers.starts_with("HTTP/1.1 413 ") && answers.contains("HTTP/1.1 200 "), "{answers}");
}

#[test]
fn a_server_that_is_told_to_stop_finishes_what_runs_and_takes_nothing_new() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    let target = "x-amz-target: SWBExternalService.CreateInstance\r\n";
    write!(stream, "POST / HTTP/1.1\r\nhost: a\r\n{target}content-length: 2\r\nexpect: 100-continue\r\n\r\n")
        .expect("sent");
    // The server asks for the body: from here on, the request is being served.
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).expect("an interim answer");
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    let authority = server.authority.clone();
    let stopping = std::thread::spawn(move || server.stop("TERM"));
    while std::net::TcpStream::connect(&authority).is_ok() {
        std::thread::yield_now();
    }
    write!(stream, "{{}}").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("InstanceArn"), "{answer}");
    let (code, ..) = stopping.join().expect("stopped");
    assert_eq!(code, Some(0));
}
