//! Durations in the form of ISO 8601, without seconds.

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The length of a duration in seconds; `None` when it is not of the form
/// `(-?)P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)(?:[DW]))?(?:T(?:(\d+)H)?(?:(\d+)M)?)?`.
///
/// A negative duration counts as none at all. inferred: a month has 30 days and a year 365. What is too long
/// to be counted is as long as can be counted.
pub fn seconds(text: &str) -> Option<u64> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let mut reader = Reader { rest: text.strip_prefix('P')? };
    // The form looks ahead for a digit, so that neither `P` nor `PT` is a duration; `P1DT` is.
    let mut ahead = reader.rest.strip_prefix('T').unwrap_or(reader.rest).chars();
    if !ahead.next().is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    let mut total = 0;
    reader.add(&mut total, &[('Y', 365 * DAY)]);
    reader.add(&mut total, &[('M', 30 * DAY)]);
    reader.add(&mut total, &[('D', DAY), ('W', 7 * DAY)]);
    if let Some(rest) = reader.rest.strip_prefix('T') {
        reader.rest = rest;
        reader.add(&mut total, &[('H', HOUR)]);
        reader.add(&mut total, &[('M', MINUTE)]);
    }
    match reader.rest {
        "" => Some(if negative { 0 } else { total }),
        _ => None,
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// Reads a number with one of these units, if one comes next.
    fn add(&mut self, total: &mut u64, units: &[(char, u64)]) {
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return;
        }
        let unit = self.rest[digits..].chars().next();
        if let Some((_, size)) = units.iter().find(|(name, _)| Some(*name) == unit) {
            let number = self.rest[..digits].parse::<u64>().unwrap_or(u64::MAX);
            *total = total.saturating_add(number.saturating_mul(*size));
            self.rest = &self.rest[digits + 1..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, HOUR, MINUTE, seconds};

    #[test]
    fn the_form_is_the_documented_one() {
        for (text, expected) in [
            ("PT8H", Some(8 * HOUR)),
            ("PT15M", Some(15 * MINUTE)),
            ("P90D", Some(90 * DAY)),
            ("P1W", Some(7 * DAY)),
            ("P1M", Some(30 * DAY)),
            ("P1Y", Some(365 * DAY)),
            ("P1Y2M3DT4H5M", Some((365 + 60 + 3) * DAY + 4 * HOUR + 5 * MINUTE)),
            ("P1DT", Some(DAY)),
            ("-PT8H", Some(0)),
            ("PT99999999999999999999H", Some(u64::MAX)),
            ("P99999999999999999999Y", Some(u64::MAX)),
            ("", None),
            ("P", None),
            ("PT", None),
            ("PTH", None),
            ("PT8", None),
            ("PT8S", None),
            ("PT8H30S", None),
            ("PT1M1H", None),
            ("P1W1D", None),
            ("P1H", None),
            ("PT1D", None),
            ("PT8.5H", None),
            ("pt8h", None),
            ("8H", None),
            (" PT8H", None),
            ("PT8H ", None),
            ("--PT8H", None),
            ("PT８H", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
