//! Life cycles: what takes time elsewhere takes as long here as the world is told.

use std::time::Duration;

use super::ctx::Ctx;
use super::{Result, Timestamp};
use crate::store;

/// How long what is begun takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// No time at all.
    #[default]
    Instant,
    /// A time, by the world's clock.
    After(Duration),
    /// Until it has been looked at so often while it was under way.
    Reads(u32),
}

impl Pace {
    /// The pace that is written as `text`: `instant`, `after=MILLISECONDSms`, `after=SECONDSs`, or `reads=NUMBER`.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "instant" {
            return Some(Self::Instant);
        }
        let digits =
            |text: &str| text.bytes().all(|c| c.is_ascii_digit()).then(|| text.parse::<u32>().ok())?;
        if let Some(reads) = text.strip_prefix("reads=") {
            return digits(reads).map(Self::Reads);
        }
        let after = text.strip_prefix("after=")?;
        let (number, unit) = match after.strip_suffix("ms") {
            Some(number) => (number, 1),
            None => (after.strip_suffix('s')?, 1000),
        };
        Some(Self::After(Duration::from_millis(u64::from(digits(number)?) * unit)))
    }
}

impl std::fmt::Display for Pace {
    /// As [`Pace::parse`] reads it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Instant => f.write_str("instant"),
            Self::After(time) if time.subsec_millis() == 0 => write!(f, "after={}s", time.as_secs()),
            Self::After(time) => write!(f, "after={}ms", time.as_millis()),
            Self::Reads(reads) => write!(f, "reads={reads}"),
        }
    }
}

/// When something that is under way is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settling {
    /// At a moment.
    At(Timestamp),
    /// After so many looks at it.
    Reads(u32),
}

impl Settling {
    /// Whether it is done.
    pub fn is_over(self, now: Timestamp) -> bool {
        match self {
            Self::At(moment) => moment <= now,
            Self::Reads(left) => left == 0,
        }
    }
}

/// Whether anything will be done later than at this moment: then what was so at it need not stay so until somebody changes
/// it.
///
/// # Errors
/// Those of the store.
pub async fn is_pending(cx: &mut Ctx, moment: Timestamp) -> Result<bool> {
    store::estate::is_pending(&mut cx.tx, moment).await
}

/// When something that begins now will be done; `None` when it is done at once.
///
/// # Errors
/// Those of the store.
pub async fn begin(cx: &mut Ctx) -> Result<Option<Settling>> {
    Ok(match store::estate::pace(&mut cx.tx).await? {
        Pace::Instant | Pace::Reads(0) => None,
        Pace::After(time) => {
            let time = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
            Some(Settling::At(Timestamp(cx.now().0.saturating_add(time))))
        }
        Pace::Reads(reads) => Some(Settling::Reads(reads)),
    })
}

#[cfg(test)]
mod tests {
    use super::Pace;

    #[test]
    fn a_pace_is_read_as_it_is_written() {
        for text in ["instant", "after=0s", "after=5s", "after=1500ms", "reads=0", "reads=3"] {
            assert_eq!(Pace::parse(text).map(|pace| pace.to_string()).as_deref(), Some(text));
        }
        for text in
            ["", "Instant", "after=", "after=5", "after=s", "after=-1s", "reads=", "reads=+1", "reads=a"]
        {
            assert_eq!(Pace::parse(text), None, "{text}");
        }
    }
}
