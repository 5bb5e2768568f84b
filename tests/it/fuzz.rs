//! A bounded run of what `cargo fuzz` does without bounds: real requests, torn to pieces, and nothing panics.

use sanmen::domain::{Ids, SeededIds};
use sanmen::{alibaba, aws, huawei};

use super::sign::{self, Draft};
use super::strict::{self, EXTENDED, MOMENT, acs3_draft, aws_draft, huawei_draft, management, rpc_draft};

#[path = "../../fuzz/targets.rs"]
mod targets;

/// How often each beginning is torn.
const ROUNDS: usize = 2_000;

/// What parsers stumble over.
const PIECES: [&[u8]; 16] = [
    b"=",
    b",",
    b";",
    b"/",
    b" ",
    b"%",
    b"%2",
    b"%zz",
    b"%00",
    b"&",
    b"\xff",
    "é".as_bytes(),
    b"\n",
    b":",
    b"",
    b"T",
];

/// A few changes, wherever chance has them.
fn torn(data: &[u8], ids: &dyn Ids) -> Vec<u8> {
    let mut data = data.to_vec();
    for _ in 0..1 + ids.bits() % 4 {
        let bits = ids.bits();
        let pick = |shift: u32, below: usize| (bits >> shift) as usize % below.max(1);
        let (start, length) = (pick(0, data.len()), pick(40, 12));
        let end = (start + length).min(data.len());
        let piece = match pick(60, 4) {
            0 => PIECES[pick(64, PIECES.len())].to_vec(),
            1 => data[start..end].repeat(2),
            2 => vec![(bits >> 70) as u8],
            _ => Vec::new(),
        };
        data.splice(start..if pick(80, 2) == 0 { start } else { end }, piece);
    }
    data
}

/// A request as the targets read it.
fn text(draft: &Draft) -> Vec<u8> {
    let mut text = format!("{} {}\n", draft.method, draft.target).into_bytes();
    for (name, value) in &draft.headers {
        text.extend_from_slice(format!("{name}: {value}\n").as_bytes());
    }
    text.push(b'\n');
    text.extend_from_slice(&draft.body);
    text
}

#[test]
fn nothing_that_is_sent_makes_a_parser_panic() {
    let drafts = [
        strict::aws(aws_draft(), &management(aws::PROVIDER)),
        sign::acs3(acs3_draft(), &management(alibaba::PROVIDER), EXTENDED, "n"),
        sign::rpc(rpc_draft(), &management(alibaba::PROVIDER), EXTENDED, "n", false),
        sign::huawei(huawei_draft(), &management(huawei::PROVIDER), MOMENT, None),
        sign::huawei(huawei_draft(), &management(huawei::PROVIDER), MOMENT, Some("globe/x")),
    ];
    let ids: &dyn Ids = &SeededIds::new(1);
    for draft in &drafts {
        let (whole, header) = (text(draft), draft.header("authorization").as_bytes());
        let query = draft.target.as_bytes();
        for _ in 0..ROUNDS {
            targets::requests(&torn(&whole, ids));
            targets::headers(&torn(header, ids));
            targets::queries(&torn(query, ids));
        }
    }
    for moment in [MOMENT, EXTENDED, "Fri, 02 Jan 2026 03:04:05 GMT"] {
        for _ in 0..ROUNDS {
            targets::headers(&torn(moment.as_bytes(), ids));
        }
    }
}
