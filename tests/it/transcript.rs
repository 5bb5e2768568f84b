//! Transcripts: requests with their answers, as a text.
//!
//! ```text
//! $member = AWS4-HMAC-SHA256 Credential=…     a name for a text, used in headers as $member
//! @content-type: application/x-amz-json-1.1   a header of all requests
//!
//! === seed blank                              a new world; the first one has the seed `default`
//! === strict blank                            the same, with signatures verified
//! # doc: where the truth of this comes from
//! >>> POST /
//! authorization: $member
//!
//! {"a body": 1}
//! <<< 200
//! x-amzn-requestid: …
//!
//! {"a body": 2}
//!
//! $user <- UserId                             a name for a member of that answer, used in what follows as ${user}
//! ```

use std::collections::BTreeMap;
use std::path::PathBuf;

use sanmen::api::Auth;

use super::bench::{Answer, Bench, Place};
use super::golden;

/// The name of the transcripts on no operation, but on all of a vendor's.
pub(crate) const AUTHENTICATION: &str = "authentication";

/// A file of exchanges.
pub(crate) struct Transcript {
    pub vendor: String,
    pub operation: String,
    path: PathBuf,
    parts: Vec<Part>,
    names: BTreeMap<String, String>,
    headers: Vec<(String, String)>,
}

enum Part {
    /// Lines that stand for themselves.
    Text(Vec<String>),
    /// A new world with this seed, in which signatures are verified or not.
    World {
        seed: String,
        strict: bool,
    },
    Exchange(Exchange),
    /// A name for a member of the answer before.
    Capture {
        name: String,
        member: String,
    },
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Exchange {
    pub comments: Vec<String>,
    pub method: String,
    /// With what the answers before had, as the file has them.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// The target and the body with names in place of that.
    written: (String, String),
    pub status: u16,
    pub answer_headers: Vec<(String, String)>,
    pub answer: String,
}

/// All transcripts, and what is different in them. When updating, they are written anew first, once, so that
/// whatever is made from them is made from the new ones.
pub(crate) async fn replayed() -> (Vec<Transcript>, &'static [String]) {
    static DIFFERENT: tokio::sync::OnceCell<Vec<String>> = tokio::sync::OnceCell::const_new();
    let replay = || async {
        let mut different = Vec::new();
        for transcript in all() {
            for place in Place::all() {
                let (text, found) = transcript.replay(place).await;
                match golden::updating() {
                    true => transcript.write(&text),
                    false => different.extend(found),
                }
            }
        }
        different
    };
    let different = DIFFERENT.get_or_init(replay).await;
    (all(), different)
}

/// All transcripts.
pub(crate) fn all() -> Vec<Transcript> {
    let mut transcripts = Vec::new();
    for vendor in ["aws", "alibaba", "huawei"] {
        let folder = golden::repository("tests/wire").join(vendor);
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        files.sort();
        transcripts.extend(files.into_iter().map(|path| Transcript::read(vendor, path)));
    }
    transcripts
}

impl Transcript {
    fn read(vendor: &str, path: PathBuf) -> Self {
        let text = std::fs::read_to_string(&path).expect("a transcript");
        let operation = path.file_stem().expect("a name").to_str().expect("text").to_owned();
        let mut transcript = Self {
            vendor: vendor.to_owned(),
            operation,
            path,
            parts: Vec::new(),
            names: BTreeMap::new(),
            headers: Vec::new(),
        };
        let mut lines = text.lines().peekable();
        let mut comments = Vec::new();
        let mut captured = Captured::default();
        while let Some(line) = lines.next() {
            if let Some(seed) = line.strip_prefix("=== seed ") {
                transcript.flush(&mut comments);
                transcript.parts.push(Part::World { seed: seed.to_owned(), strict: false });
            } else if let Some(seed) = line.strip_prefix("=== strict ") {
                transcript.flush(&mut comments);
                transcript.parts.push(Part::World { seed: seed.to_owned(), strict: true });
            } else if let Some(request) = line.strip_prefix(">>> ") {
                let (method, target) = request.split_once(' ').expect("a method and a target");
                let mut exchange =
                    Exchange { method: method.to_owned(), target: target.to_owned(), ..Exchange::default() };
                exchange.comments = std::mem::take(&mut comments);
                (exchange.headers, exchange.body) = message(&mut lines);
                exchange.written = (exchange.target, exchange.body);
                exchange.target = captured.expand(&exchange.written.0);
                exchange.body = captured.expand(&exchange.written.1);
                let status = lines.next().and_then(|line| line.strip_prefix("<<< ")).expect("<<< STATUS");
                exchange.status = status.trim().parse().expect("a status");
                (exchange.answer_headers, exchange.answer) = message(&mut lines);
                captured.answer.clone_from(&exchange.answer);
                transcript.parts.push(Part::Exchange(exchange));
            } else if let Some((name, member)) =
                line.strip_prefix('$').and_then(|line| line.split_once(" <- "))
            {
                transcript.flush(&mut comments);
                captured.add(name, member);
                let (name, member) = (name.to_owned(), member.to_owned());
                transcript.parts.push(Part::Capture { name, member });
            } else {
                if let Some((name, text)) = line.strip_prefix('$').and_then(|line| line.split_once(" = ")) {
                    transcript.names.insert(name.to_owned(), text.to_owned());
                }
                if let Some((name, value)) = line.strip_prefix('@').and_then(|line| line.split_once(": ")) {
                    transcript.headers.push((name.to_owned(), value.to_owned()));
                }
                if !line.is_empty() || !comments.is_empty() {
                    comments.push(line.to_owned());
                }
            }
        }
        transcript.flush(&mut comments);
        transcript
    }

    fn flush(&mut self, comments: &mut Vec<String>) {
        if !comments.is_empty() {
            self.parts.push(Part::Text(std::mem::take(comments)));
        }
    }

    pub(crate) fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        self.parts.iter().filter_map(|part| match part {
            Part::Exchange(exchange) => Some(exchange),
            Part::Text(_) | Part::World { .. } | Part::Capture { .. } => None,
        })
    }

    /// Sends all requests. Returns the transcript as it should be, and what is different in it.
    pub(crate) async fn replay(&self, place: Place) -> (String, Vec<String>) {
        let limits = sanmen::api::Limits::default();
        let mut bench = Bench::with("default", place, limits).await;
        let (mut text, mut different) = (String::new(), Vec::new());
        let mut captured = Captured::default();
        for part in &self.parts {
            match part {
                Part::Text(lines) => lines.iter().for_each(|line| text.push_str(&format!("{line}\n"))),
                Part::World { seed, strict } => {
                    bench =
                        Bench::guarded(seed, place, limits, Auth { strict: *strict, explain: false }).await;
                    let word = if *strict { "strict" } else { "seed" };
                    text.push_str(&format!("=== {word} {seed}\n\n"));
                }
                Part::Capture { name, member } => {
                    captured.add(name, member);
                    text.push_str(&format!("${name} <- {member}\n\n"));
                }
                Part::Exchange(exchange) => {
                    let (target, body) = &exchange.written;
                    let (target, body) = (captured.expand(target), captured.expand(body));
                    let answer = self.send(&bench, exchange, &target, body).await;
                    captured.answer = answer.text();
                    let now = exchange.answered(&answer);
                    if now.render() != exchange.render() {
                        let file = self.path.file_name().expect("a name").to_string_lossy().into_owned();
                        different.push(format!(
                            "{file}, in {place:?}: expected\n{}\nfound\n{}",
                            exchange.render(),
                            now.render()
                        ));
                    }
                    text.push_str(&now.render());
                }
            }
        }
        (format!("{}\n", text.trim_end()), different)
    }

    async fn send(&self, bench: &Bench, exchange: &Exchange, target: &str, body: String) -> Answer {
        let own = |name: &str| exchange.headers.iter().any(|(own, _)| own == name);
        let inherited = self.headers.iter().filter(|(name, _)| !own(name));
        let headers: Vec<_> = exchange
            .headers
            .iter()
            .chain(inherited)
            .map(|(name, value)| (name, self.expand(value)))
            .collect();
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        bench.request(&exchange.method, target, &headers, body).await
    }

    fn expand(&self, value: &str) -> String {
        match value.strip_prefix('$') {
            Some(name) => self.names.get(name).unwrap_or_else(|| panic!("${name} is not defined")).clone(),
            None => value.to_owned(),
        }
    }

    pub(crate) fn write(&self, text: &str) {
        std::fs::write(&self.path, text).expect("the repository can be written to");
    }
}

/// What answers had.
#[derive(Default)]
struct Captured {
    /// The last answer.
    answer: String,
    names: BTreeMap<String, String>,
}

impl Captured {
    /// Notes the text that the member has where it comes first in the last answer.
    fn add(&mut self, name: &str, member: &str) {
        let start = format!("\"{member}\":\"");
        let value = self.answer.split_once(&start).and_then(|(_, rest)| rest.split('"').next());
        self.names.insert(name.to_owned(), value.unwrap_or("nothing").to_owned());
    }

    fn expand(&self, text: &str) -> String {
        let fill =
            |text: String, (name, value): (&String, &String)| text.replace(&format!("${{{name}}}"), value);
        self.names.iter().fold(text.to_owned(), fill)
    }
}

/// Headers up to an empty line, then a body up to the next mark.
fn message<'a>(
    lines: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>,
) -> (Vec<(String, String)>, String) {
    let marks = [">>> ", "<<< ", "=== ", "# ", "$"];
    let mut more = || lines.next_if(|line| !marks.iter().any(|mark| line.starts_with(mark)));
    let mut headers = Vec::new();
    while let Some(line) = more() {
        let Some((name, value)) = line.split_once(": ") else { break };
        headers.push((name.to_owned(), value.to_owned()));
    }
    let mut body = Vec::new();
    while let Some(line) = more() {
        body.push(line);
    }
    (headers, body.join("\n").trim().to_owned())
}

impl Exchange {
    fn answered(&self, answer: &Answer) -> Self {
        let headers = answer.headers.iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned()));
        Self {
            status: answer.status,
            answer_headers: headers.collect(),
            // An end of line at its end is told by the length alone, as where one is read from a file.
            answer: answer.text().trim().to_owned(),
            ..self.clone()
        }
    }

    pub(crate) fn render(&self) -> String {
        let mut text = String::new();
        self.comments.iter().for_each(|comment| text.push_str(&format!("{comment}\n")));
        let (target, body) = &self.written;
        text.push_str(&format!(">>> {} {target}\n", self.method));
        message_text(&mut text, &self.headers, body);
        text.push_str(&format!("<<< {}\n", self.status));
        message_text(&mut text, &self.answer_headers, &self.answer);
        text.push('\n');
        text
    }

    pub(crate) fn answer_header(&self, name: &str) -> &str {
        let found = self.answer_headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

fn message_text(text: &mut String, headers: &[(String, String)], body: &str) {
    headers.iter().for_each(|(name, value)| text.push_str(&format!("{name}: {value}\n")));
    if !body.is_empty() {
        text.push_str(&format!("\n{body}\n"));
    }
}
