//! The built program, from outside: what it prints, its files, its signals.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// The program, with an environment of its own.
pub(crate) fn sanmen() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sanmen"));
    command.stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SANMEN_") {
            command.env_remove(name);
        }
    }
    command
}

pub(crate) fn run(arguments: &[&str]) -> Output {
    sanmen().args(arguments).output().expect("the program runs")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A server, ended by the test that started it.
pub(crate) struct Server {
    child: Child,
    pub(crate) authority: String,
    out: BufReader<std::process::ChildStdout>,
}

impl Server {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::spawn(sanmen().args(["serve", "--listen", "127.0.0.1:0"]).args(arguments))
    }

    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut out = BufReader::new(child.stdout.take().expect("standard output"));
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        let authority = line.trim().strip_prefix("Ready. http://").unwrap_or_else(|| panic!("{line:?}"));
        Self { authority: authority.to_owned(), child, out }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.authority).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        stream
    }

    /// One request on a connection of its own: the status and the body.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
        let mut stream = self.connect();
        let (host, length) = (&self.authority, body.len());
        write!(stream, "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}")
            .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer:?}"));
        let status = head.split(' ').nth(1).expect("a status").parse().expect("a number");
        (status, body.to_owned())
    }

    pub(crate) fn create(&self, account: &str, body: &Value) -> (u16, Value) {
        let headers = format!(
            "x-amz-target: SWBExternalService.CreateInstance\r\ncontent-type: application/x-amz-json-1.1\r\n\
             authorization: AWS4-HMAC-SHA256 Credential={account}/20260102/us-east-1/sso/aws4_request, Signature=sEcReTsIg\r\n"
        );
        let (status, answer) = self.ask("POST", "/", &headers, &body.to_string());
        (status, serde_json::from_str(&answer).expect("JSON"))
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let done = Command::new("kill").args([&format!("-{name}"), &id]).status().expect("kill runs");
        assert!(done.success());
    }

    /// Tells it to stop, and waits until it has. Returns the exit code, the rest of standard output, and standard
    /// error.
    pub(crate) fn stop(mut self, signal: &str) -> (Option<i32>, String, String) {
        self.signal(signal);
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).expect("standard output");
        self.child.stderr.take().expect("standard error").read_to_string(&mut err).expect("standard error");
        (self.child.wait().expect("an exit").code(), out, err)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_line_that_says_ready_stands_alone_on_standard_output() {
    for format in ["text", "json"] {
        let server = Server::start(&["--log-format", format]);
        assert_eq!(server.create("222222222222", &json!({})).0, 200);
        assert_eq!(server.create("111111111111", &json!({ "Name": "pAsSwOrD !" })).0, 400);
        assert_eq!(server.ask("GET", "/_sanmen/info", "", "").0, 200);
        assert_eq!(server.ask("GET", "/readyz", "", "").0, 200);
        let twice = format!(
            "/v1/instances/a/sso-configuration?{0}=1&{0}=2",
            format!("x%0AFORGED{}", "y".repeat(9000))
        );
        assert_eq!(server.ask("GET", &twice, "", "").0, 400);
        assert_eq!(server.ask("GET", &format!("/?Action={}", "z".repeat(9000)), "", "").0, 400);
        let v1 = "/?Action=GetMFAAuthenticationSettingInfo&Version=2021-05-15&DirectoryId=d-001111111111&AccessKeyId=x";
        assert_eq!(
            server.ask("GET", &format!("{v1}&Signature=sEcReTsIg&SecurityToken=sEcReTsIg"), "", "").0,
            200
        );
        let token =
            "authorization: SDK-HMAC-SHA256 Access=x, Signature=sEcReTsIg\r\nx-security-token: sEcReTsIg\r\n";
        assert_eq!(
            server.ask("GET", "/v1/instances/ins-1111111111111111/sso-configuration", token, "").0,
            200
        );
        let (code, out, err) = server.stop("TERM");
        assert_eq!((code, out.as_str()), (Some(0), ""), "{err}");
        assert_eq!(err.lines().count(), 8, "one line a request: {err}");
        assert!(err.lines().all(|line| line.len() < 1000), "what a client makes up is cut short: {err}");
        assert!(err.contains("111111111111"), "the account of a refused request: {err}");
        assert!(err.contains("Name breaks Pattern"), "why it was refused: {err}");
        assert!(err.contains("/_sanmen/info"), "{err}");
        for secret in ["sEcReTsIg", "AWS4-HMAC", "pAsSwOrD"] {
            assert!(!err.contains(secret), "the log has {secret}: {err}");
        }
        for word in ["CreateInstance", "222222222222", "aws", "request_id", "duration_us", "status"] {
            assert!(err.contains(word), "the log lacks {word}: {err}");
        }
        if format == "json" {
            for line in err.lines() {
                let line: Value = serde_json::from_str(line).expect("an object a line");
                let members = ["request_id", "vendor", "operation", "account", "status", "duration_us"];
                assert!(members.iter().all(|name| line.get(name).is_some()), "{line}");
                assert!(line["duration_us"].as_u64().is_some_and(|duration| duration > 0), "{line}");
            }
        }
    }
}

#[test]
fn a_world_in_a_directory_survives_stopping_and_killing() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("made/when needed");
    let data = data.to_str().expect("text");
    let token = json!({ "ClientToken": "t", "Name": "n", "Tags": [{ "Key": "k", "Value": "v" }] });
    let server = Server::start(&["--data-dir", data]);
    let (status, first) = server.create("222222222222", &token);
    assert_eq!(status, 200);
    assert!(Path::new(data).join("sanmen.db").is_file());
    assert_eq!(server.stop("INT").0, Some(0));

    // Another seed is not applied to a database that has one.
    let server = Server::start(&["--data-dir", data, "--seed", "blank"]);
    assert_eq!(server.create("222222222222", &token), (200, first.clone()));
    let (status, second) = server.create("333333333333", &token);
    assert_eq!(status, 200);
    let (code, ..) = server.stop("KILL");
    assert_eq!(code, None, "killed");

    let server = Server::start(&["--data-dir", data]);
    assert_eq!(server.create("222222222222", &token), (200, first));
    assert_eq!(server.create("333333333333", &token), (200, second));
    assert_eq!(
        server.create("222222222222", &json!({ "ClientToken": "t" })).1["__type"],
        "IdempotentParameterMismatch"
    );
    let info: Value = serde_json::from_str(&server.ask("GET", "/_sanmen/info", "", "").1).expect("JSON");
    assert_eq!(info["vendors"][0]["instances"].as_array().expect("a list").len(), 3);
}

#[test]
fn a_health_check_needs_nothing_but_the_program() {
    let server = Server::start(&[]);
    let url = format!("http://{}", server.authority);
    let check = |arguments: &[&str], listen: Option<&str>| {
        let mut command = sanmen();
        command.envs(listen.map(|listen| ("SANMEN_LISTEN", listen)));
        command.arg("healthcheck").args(arguments).output().expect("the program runs").status.code()
    };
    assert_eq!(check(&["--url", &url], None), Some(0));
    assert_eq!(check(&["--url", &format!("{url}/")], None), Some(0));
    assert_eq!(check(&[], Some(&server.authority)), Some(0));
    let port = server.authority.rsplit(':').next().expect("a port").to_owned();
    assert_eq!(
        check(&[], Some(&format!("0.0.0.0:{port}"))),
        Some(0),
        "all addresses are called on the loopback one"
    );
    drop(server);
    assert_eq!(check(&["--url", &url], None), Some(1), "nobody listens");
}

#[test]
fn the_environment_is_one_that_a_shell_understands() {
    let script = r#"eval "$("$0" env --url http://127.0.0.1:1234)"; echo "$AWS_ENDPOINT_URL_SSO_ADMIN $AWS_ACCESS_KEY_ID $AWS_DEFAULT_REGION $ALIBABA_CLOUD_ACCESS_KEY_SECRET $ALIBABA_CLOUD_ENDPOINT_CLOUDSSO $HUAWEICLOUD_SDK_AK""#;
    let output =
        Command::new("sh").args(["-c", script, env!("CARGO_BIN_EXE_sanmen")]).output().expect("a shell");
    let ones = "1".repeat(32);
    let expected = format!("http://127.0.0.1:1234 222222222222 us-east-1 sanmen 127.0.0.1:1234 {ones}\n");
    assert_eq!(stdout(&output), expected, "{}", stderr(&output));
    let listening =
        sanmen().env("SANMEN_LISTEN", "0.0.0.0:4321").arg("env").output().expect("the program runs");
    assert!(stdout(&listening).contains("AWS_ENDPOINT_URL_SSO_ADMIN='http://127.0.0.1:4321'"));
    let dotenv = stdout(&run(&["env", "--format", "dotenv"]));
    for line in dotenv.lines() {
        assert!(
            line.starts_with("# ") || line.split_once('=').is_some_and(|(name, _)| !name.contains(' ')),
            "{line}"
        );
    }
    assert!(dotenv.contains("AWS_ENDPOINT_URL_SSO_ADMIN=http://127.0.0.1:7760\n"));
}

#[test]
fn the_operations_are_listed_for_people_and_for_programs() {
    let rows: Value = serde_json::from_str(&stdout(&run(&["operations", "--format", "json"]))).expect("JSON");
    let expected = json!({
        "vendor": "huawei", "service": "IdentityCenter", "operation": "UpdateSsoConfiguration",
        "permission": "IdentityCenter:ssoConfiguration:update", "callers": "administrators", "effect": "write",
    });
    let rows = rows.as_array().expect("a list");
    assert!(rows.contains(&expected), "{rows:?}");
    let text = stdout(&run(&["operations"]));
    assert_eq!(text.lines().count(), rows.len() + 1, "a head, and a line an operation");
}
