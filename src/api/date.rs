//! Moments as protocols write them, to the second and in UTC.

use jiff::civil::{Date, Time};
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;

use crate::domain::Timestamp;

/// `20260102T030405Z`: the basic format of ISO 8601.
pub fn parse_basic(text: &str) -> Option<Timestamp> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    match (date.len(), time.len()) {
        (8, 6) => moment(&[date.get(..4)?, date.get(4..6)?, date.get(6..)?], &pairs(time)?),
        _ => None,
    }
}

/// `2026-01-02T03:04:05Z`: the extended format of ISO 8601.
pub fn parse_extended(text: &str) -> Option<Timestamp> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (date, time): (Vec<_>, Vec<_>) = (date.split('-').collect(), time.split(':').collect());
    let lengths: Vec<_> = date.iter().chain(&time).map(|part| part.len()).collect();
    if lengths == [4, 2, 2, 2, 2, 2] { moment(&date, &time) } else { None }
}

/// `Fri, 02 Jan 2026 03:04:05 GMT`: the format of HTTP.
pub fn parse_http(text: &str) -> Option<Timestamp> {
    let zoned = rfc2822::parse(text).ok()?;
    Some(Timestamp(zoned.timestamp().as_millisecond()))
}

/// RFC 3339, with any offset: what people write.
pub fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    text.parse::<jiff::Timestamp>().ok().map(|timestamp| Timestamp(timestamp.as_millisecond()))
}

/// In the basic format of ISO 8601.
pub fn basic(timestamp: Timestamp) -> String {
    timestamp.format("%Y%m%dT%H%M%SZ")
}

/// In the extended format of ISO 8601.
pub fn extended(timestamp: Timestamp) -> String {
    timestamp.to_string()
}

/// In the format of HTTP.
pub fn http(timestamp: Timestamp) -> String {
    timestamp.format("%a, %d %b %Y %H:%M:%S GMT")
}

/// The moment at which its second began: protocols tell no more of a moment.
pub fn whole(timestamp: Timestamp) -> Timestamp {
    Timestamp(timestamp.0 - timestamp.0.rem_euclid(1000))
}

fn pairs(digits: &str) -> Option<[&str; 3]> {
    Some([digits.get(..2)?, digits.get(2..4)?, digits.get(4..)?])
}

fn moment(date: &[&str], time: &[&str]) -> Option<Timestamp> {
    let number = |text: &str| match text.bytes().all(|c| c.is_ascii_digit()) {
        true => text.parse::<i16>().ok(),
        false => None,
    };
    let small = |text: &str| number(text).and_then(|number| i8::try_from(number).ok());
    let date = Date::new(number(date.first()?)?, small(date.get(1)?)?, small(date.get(2)?)?).ok()?;
    let time = Time::new(small(time.first()?)?, small(time.get(1)?)?, small(time.get(2)?)?, 0).ok()?;
    let zoned = date.to_datetime(time).to_zoned(TimeZone::UTC).ok()?;
    Some(Timestamp(zoned.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::{basic, extended, http, parse_basic, parse_extended, parse_http, parse_rfc3339};
    use crate::domain::Timestamp;

    const MOMENT: Timestamp = Timestamp(1_767_323_045_000);

    #[test]
    fn each_format_is_read_to_the_letter() {
        assert_eq!(parse_basic("20260102T030405Z"), Some(MOMENT));
        assert_eq!(parse_extended("2026-01-02T03:04:05Z"), Some(MOMENT));
        assert_eq!(parse_http("Fri, 02 Jan 2026 03:04:05 GMT"), Some(MOMENT));
        assert_eq!(parse_rfc3339("2026-01-02T04:04:05+01:00"), Some(MOMENT));
        for text in [
            "",
            "20260102T030405",
            "20260102030405Z",
            "20260102T0304Z",
            "20261302T030405Z",
            "20260230T030405Z",
            "20260102T240000Z",
            "2026-1-02T03:04:05Z",
            "2026-01-02T03:04:05.000Z",
            "2026-01-02T03:04:05+00:00",
            "2026-01-02 03:04:05Z",
            "+026-01-02T03:04:05Z",
            "2026-01-02T03:04:+5Z",
            "２026-01-02T03:04:05Z",
            "0000000éT030405Z",
        ] {
            assert_eq!((parse_basic(text), parse_extended(text)), (None, None), "{text}");
        }
        assert_eq!(parse_http("Sat, 02 Jan 2026 03:04:05 GMT"), None, "it was a Friday");
    }

    #[test]
    fn what_is_written_can_be_read() {
        assert_eq!(basic(MOMENT), "20260102T030405Z");
        assert_eq!(extended(MOMENT), "2026-01-02T03:04:05Z");
        assert_eq!(http(MOMENT), "Fri, 02 Jan 2026 03:04:05 GMT");
        for far in [Timestamp(i64::MAX), Timestamp(i64::MIN)] {
            assert!(basic(far).ends_with('Z'));
        }
    }
}
