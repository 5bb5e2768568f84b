//! The built program with `--auth`, `--explain` and `--admin-token`: from flags, from the environment, from a file.

use std::io::{Read, Write};

use super::program::{Server, sanmen};

/// The answer, head and all, to a request without credentials.
fn unsigned(server: &Server) -> String {
    let mut stream = server.connect();
    let path = "/v1/instances/ins-1111111111111111/sso-configuration";
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

/// The environment, the flags, and what comes of them: which mode, whether it explains itself, which token it takes.
type Case<'a> = (Vec<(&'a str, &'a str)>, Vec<&'a str>, (bool, bool, &'a str));

#[test]
fn flags_go_before_the_environment_and_that_before_the_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("sanmen.toml");
    std::fs::write(&path, "auth = \"strict\"\nexplain = true\nadmin-token = \"filed\"\n").expect("written");
    let file = ("SANMEN_CONFIG", path.to_str().expect("text"));
    for (environment, arguments, expected) in [
        (vec![], vec![], (false, false, "")),
        (vec![], vec!["--auth", "strict"], (true, false, "")),
        (vec![file], vec![], (true, true, "filed")),
        (vec![file], vec!["--auth", "lenient", "--explain=false"], (false, false, "filed")),
        (vec![file, ("SANMEN_EXPLAIN", "false")], vec![], (true, false, "filed")),
        (vec![file, ("SANMEN_ADMIN_TOKEN", "known")], vec![], (true, true, "known")),
        (vec![file, ("SANMEN_ADMIN_TOKEN", "known")], vec!["--admin-token", "said"], (true, true, "said")),
        (vec![("SANMEN_AUTH", "strict"), ("SANMEN_ADMIN_TOKEN", "")], vec!["--explain"], (true, true, "")),
    ] as [Case<'_>; 8]
    {
        let mut command = sanmen();
        command.envs(environment.iter().copied()).args(["serve", "--listen", "127.0.0.1:0"]).args(&arguments);
        let server = Server::spawn(&mut command);
        let answer = unsigned(&server);
        let strict = answer.starts_with("HTTP/1.1 401 ");
        assert!(strict || answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let explained = answer.contains("\r\nx-sanmen-explain: there are no credentials\r\n");
        let takes = |token: &str| {
            let header = format!("authorization: Bearer {token}\r\n");
            server.ask("GET", "/_sanmen/keys", &header, "").0 == 200
        };
        let token = ["filed", "known", "said"].into_iter().filter(|token| takes(token)).collect::<Vec<_>>();
        let token = if takes("another") { String::new() } else { token.join(" ") };
        // Without a token in force any will do on this machine; and none has ever to be sent.
        assert_eq!((strict, strict && explained, token.as_str()), expected, "{environment:?} {arguments:?}");
        assert_eq!(server.ask("GET", "/_sanmen/keys", "", "").0 == 200, token.is_empty());
        assert_eq!(server.ask("GET", "/readyz", "", "").0, 200);
        let (_, _, log) = server.stop("TERM");
        assert!(!["filed", "known", "said"].iter().any(|token| log.contains(token)), "{log}");
    }
}
