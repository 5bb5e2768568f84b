//! What verifying signatures costs: throughput of a strict server beside that of a lenient one, for one operation of
//! each protocol. Both are sent the same signed requests, turn by turn, in one run: the ratio is what counts.
//!
//! `cargo bench --bench strict [-- --data-dir]`: with the flag the worlds are in files.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

#[path = "../tests/it/sign.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod sign;

use sanmen::api::date;
use sanmen::domain::{Clock, Ids, RandomIds, SystemClock};
use sign::{Draft, Key};

/// How many connections send at a time.
const CONNECTIONS: usize = 8;
/// How long a turn is, and how many turns each server has; the first is not counted.
const TURN: Duration = Duration::from_millis(700);
const TURNS: usize = 6;

struct Server {
    child: Child,
    authority: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sanmen"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("standard output")).read_line(&mut line).expect("a line");
        let authority = line.trim().strip_prefix("Ready. http://").expect("an address").to_owned();
        Self { child, authority }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that is kept.
struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    fn open(authority: &str) -> Self {
        let stream = TcpStream::connect(authority).expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        Self { stream: BufReader::new(stream) }
    }

    fn send(&mut self, draft: &Draft) {
        let mut text = format!("{} {} HTTP/1.1\r\n", draft.method, draft.target);
        for (name, value) in &draft.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("content-length: {}\r\n\r\n", draft.body.len()));
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&draft.body);
        self.stream.get_mut().write_all(&bytes).expect("sent");
        let (mut line, mut length, mut status) = (String::new(), 0, String::new());
        loop {
            line.clear();
            self.stream.read_line(&mut line).expect("a line");
            if status.is_empty() {
                status = line.trim().to_owned();
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("a body");
        assert!(status.contains(" 200 "), "{status}: {}", String::from_utf8_lossy(&body));
    }
}

/// Makes a signed request to a host.
type Make = fn(&str) -> Draft;

/// How many signed requests a server answers in a second.
fn throughput(server: &Server, make: Make) -> f64 {
    let work = |_| {
        #[expect(clippy::disallowed_methods, reason = "time is what is measured")]
        let started = Instant::now();
        let mut connection = Connection::open(&server.authority);
        let mut sent = 0_u32;
        while started.elapsed() < TURN {
            connection.send(&make(&server.authority));
            sent += 1;
        }
        f64::from(sent) / started.elapsed().as_secs_f64()
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS).map(|i| scope.spawn(move || work(i))).collect();
        threads.into_iter().map(|thread| thread.join().expect("a thread")).sum()
    })
}

fn aws(host: &str) -> Draft {
    let headers = [
        ("host", host),
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", "SWBExternalService.DescribeInstance"),
    ];
    let body = r#"{"InstanceArn":"arn:aws:sso:::instance/ssoins-1111111111111111"}"#;
    let draft = Draft::new("POST", "/", &headers, body);
    sign::aws(draft, &Key::seeded("1", 12), "us-east-1", "sso", &date::basic(SystemClock::new().now()))
}

fn acs3(host: &str) -> Draft {
    let headers = [
        ("host", host),
        ("x-acs-action", "GetMFAAuthenticationSettingInfo"),
        ("x-acs-version", "2021-05-15"),
    ];
    let draft = Draft::new("POST", "/?DirectoryId=d-001111111111", &headers, "");
    sign::acs3(draft, &Key::seeded("1", 16), &date::extended(SystemClock::new().now()), &nonce())
}

fn rpc(host: &str) -> Draft {
    let target =
        "/?Action=GetMFAAuthenticationSettingInfo&Version=2021-05-15&Format=JSON&DirectoryId=d-001111111111";
    let draft = Draft::new("GET", target, &[("host", host)], "");
    sign::rpc(draft, &Key::seeded("1", 16), &date::extended(SystemClock::new().now()), &nonce(), false)
}

fn huawei(host: &str) -> Draft {
    let headers = [("host", host), ("content-type", "application/json")];
    let draft = Draft::new("GET", "/v1/instances/ins-1111111111111111/sso-configuration", &headers, "");
    sign::huawei(draft, &Key::seeded("1", 32), &date::basic(SystemClock::new().now()), None)
}

fn nonce() -> String {
    let ids: &dyn Ids = &RandomIds;
    ids.hex("", 32)
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn main() {
    let in_files = std::env::args().any(|argument| argument == "--data-dir");
    let directories = [tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory")];
    let arguments = |i: usize, auth: &'static str| {
        let mut arguments = vec!["--auth".to_owned(), auth.to_owned()];
        if in_files {
            arguments.extend(["--data-dir".to_owned(), directories[i].path().display().to_string()]);
        }
        arguments
    };
    let start =
        |arguments: Vec<String>| Server::start(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let (lenient, strict) = (start(arguments(0, "lenient")), start(arguments(1, "strict")));
    println!("{CONNECTIONS} connections, worlds in {}", if in_files { "files" } else { "memory" });
    println!("| operation | lenient, requests/s | strict, requests/s | ratio |");
    println!("|---|---|---|---|");
    let operations: [(&str, Make); 4] = [
        ("AWS DescribeInstance", aws),
        ("Alibaba Cloud GetMFAAuthenticationSettingInfo, V3", acs3),
        ("Alibaba Cloud GetMFAAuthenticationSettingInfo, V1", rpc),
        ("Huawei Cloud GetSsoConfiguration", huawei),
    ];
    for (name, make) in operations {
        let turns: Vec<_> =
            (0..TURNS).map(|_| (throughput(&lenient, make), throughput(&strict, make))).skip(1).collect();
        let of = |pick: fn(&(f64, f64)) -> f64| median(turns.iter().map(pick).collect());
        let (l, s, ratio) = (of(|turn| turn.0), of(|turn| turn.1), of(|turn| turn.1 / turn.0));
        println!("| {name} | {l:.0} | {s:.0} | {ratio:.2} |");
    }
}
