//! The built program and what it is told: by flags, by the environment, by a file; and what cannot be.

use std::io::{Read, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::program::{Server, run, sanmen, stderr, stdout};

#[test]
fn what_is_not_understood_is_said_in_a_sentence_with_exit_code_2() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.to_str().expect("text").to_owned()
    };
    let (unknown, wrong) = (file("a.toml", "lisen = \"x\"\n"), file("b.toml", "listen = 7760\n"));
    let both = file("c.toml", "data-dir = \"a\"\ndatabase-url = \"sqlite:b\"\n");
    let idle = file("g.toml", "[limits]\nheader-timeout = 0\n");
    let many = file("h.toml", "[limits]\nbody = 11\nbodies = 10\n");
    let late = file("f.toml", "seed = \"blank\"\nlimits = 1\n");
    let (none, seed) = (file("d.toml", "[limits]\nrequests = 0\n"), file("e.yaml", "aws:\n  x: 1\n"));
    for (arguments, hint) in [
        (vec!["--lisen", "127.0.0.1:0"], "--listen"),
        (vec!["--listen", "7760"], "--listen"),
        (vec!["--listen", "localhost"], "--listen"),
        (vec!["--seed", "defualt"], "default, blank"),
        (vec!["--seed", "nothing.yaml"], "nothing.yaml"),
        (vec!["--seed", &seed], "line 2"),
        (vec!["--database-url", "mysql://127.0.0.1/x"], "not supported"),
        (vec!["--public-name", "sanmen:7760"], "not a host name"),
        (vec!["--auth", "strong"], "lenient, strict"),
        (vec!["--admin-token", "a b"], "admin token"),
        (vec!["--explain=maybe"], "--explain"),
        (vec!["--sync", "off"], "full, normal"),
        (vec!["--log-format", "xml"], "text, json"),
        (vec!["--data-dir", "a", "--database-url", "sqlite:b"], "not both"),
        (vec!["--config", "nothing.toml"], "nothing.toml"),
        (vec!["--config", &unknown], "lisen"),
        (vec!["--config", &wrong], "listen"),
        (vec!["--config", &both], "not both"),
        (vec!["--config", &none], "requests"),
        (vec!["--config", &late], "line 2"),
        (vec!["--config", &idle], "header-timeout"),
        (vec!["--config", &many], "bodies"),
        (vec!["server"], "server"),
        (vec!["healthcheck", "--url", "localhost"], "http://"),
        (vec!["operations", "--format", "yaml"], "json"),
        (vec!["env", "--format", "fish"], "dotenv"),
        (vec!["env", "--url", "https://a"], "http://"),
    ] {
        let output = run(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(hint), "{arguments:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "");
    }
}

#[test]
fn what_cannot_be_used_is_said_in_a_sentence_with_exit_code_1() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = |name: &str| directory.path().join(name).to_str().expect("text").to_owned();
    std::fs::write(path("file"), "no directory").expect("written");
    std::fs::create_dir(path("corrupt")).expect("a directory");
    std::fs::write(path("corrupt/sanmen.db"), "no database").expect("written");
    let _other = Server::start(&["--data-dir", &path("used")]);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = taken.local_addr().expect("an address").to_string();
    for (arguments, hint) in [
        (vec!["--data-dir", &*path("file")], "cannot make the directory"),
        (vec!["--data-dir", &*path("file/below")], "cannot make the directory"),
        (vec!["--data-dir", &*path("corrupt")], "not a sound SQLite database"),
        (
            vec!["--database-url", &*format!("sqlite:{}", path("nowhere/sanmen.db"))],
            "cannot open the database",
        ),
        (vec!["--data-dir", &*path("used")], "is in use by another server"),
        (vec!["--listen", &*taken, "--data-dir", &*path("unused")], "cannot listen"),
    ] {
        let mut command = sanmen();
        if !arguments.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        let output = command.args(&arguments).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(hint), "{arguments:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "", "{arguments:?}");
    }
    assert_eq!(std::fs::read(path("corrupt/sanmen.db")).expect("a file"), b"no database");
    assert!(!Path::new(&path("unused")).exists(), "nothing is made for a server that could not be called");
}

/// Flags go before the environment, that before the file, that before the defaults.
#[test]
fn the_nearest_word_counts() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("config.toml");
    let config = path.to_str().expect("text");
    std::fs::write(&path, "listen = \"127.0.0.3:0\"\nseed = \"blank\"\n[limits]\nbody = 10\n")
        .expect("written");
    let listening = |environment: &[(&str, &str)], arguments: &[&str]| {
        let server = Server::spawn(sanmen().envs(environment.iter().copied()).args(arguments));
        let info: Value = serde_json::from_str(&server.ask("GET", "/_sanmen/info", "", "").1).expect("JSON");
        let instances = info["vendors"][0]["instances"].as_array().expect("a list").len();
        let limited = server.create("222222222222", &json!({ "Name": "longer-than-10" })).0 == 400;
        (server.authority.split(':').next().expect("a host").to_owned(), instances, limited)
    };
    let file = ("SANMEN_CONFIG", config);
    for (environment, arguments, expected) in [
        (vec![file], vec![], ("127.0.0.3", 0, true)),
        (vec![], vec!["--config", config], ("127.0.0.3", 0, true)),
        (vec![file, ("SANMEN_LISTEN", "127.0.0.2:0")], vec![], ("127.0.0.2", 0, true)),
        (
            vec![file, ("SANMEN_LISTEN", "127.0.0.2:0")],
            vec!["--listen", "127.0.0.1:0"],
            ("127.0.0.1", 0, true),
        ),
        (
            vec![file, ("SANMEN_SEED", "default")],
            vec!["serve", "--listen", "127.0.0.1:0"],
            ("127.0.0.1", 1, true),
        ),
        (vec![("SANMEN_LISTEN", "127.0.0.2:0")], vec!["--seed", "blank"], ("127.0.0.2", 0, false)),
        (vec![], vec!["--listen", "127.0.0.1:0"], ("127.0.0.1", 1, false)),
    ] {
        let (host, instances, limited) = listening(&environment, &arguments);
        assert_eq!((host.as_str(), instances, limited), expected, "{environment:?} {arguments:?}");
    }
    // A variable without a character says nothing.
    let empty =
        ["SANMEN_CONFIG", "SANMEN_SEED", "SANMEN_DATA_DIR", "SANMEN_DATABASE_URL", "SANMEN_PUBLIC_NAME"];
    let (_, instances, _) = listening(&empty.map(|name| (name, "")), &["--listen", "127.0.0.1:0"]);
    assert_eq!(instances, 1);
}

/// The name under which other containers call the server is told to it.
#[test]
fn a_public_name_admits_calls_by_it() {
    let own = Server::start(&["--public-name", "gate.example", "--public-name", "other"]);
    let variable =
        Server::spawn(sanmen().env("SANMEN_PUBLIC_NAME", "x,gate.example").args(["--listen", "127.0.0.1:0"]));
    for (server, expected) in [(own, 200), (variable, 200), (Server::start(&[]), 403)] {
        let mut stream = server.connect();
        write!(stream, "GET /_sanmen/info HTTP/1.1\r\nhost: gate.example:7760\r\nconnection: close\r\n\r\n")
            .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with(&format!("HTTP/1.1 {expected} ")), "{answer}");
    }
}

/// A place in the environment, as in the container's image, does not stand in the way of one on the command line.
#[test]
fn a_place_for_the_world_on_the_command_line_goes_before_one_in_the_environment() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("data");
    let server = Server::spawn(sanmen().env("SANMEN_DATA_DIR", &data).args([
        "--listen",
        "127.0.0.1:0",
        "--database-url",
        "sqlite::memory:",
    ]));
    assert_eq!(server.create("222222222222", &json!({})).0, 200);
    assert!(!data.exists());
}
