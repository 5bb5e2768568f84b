//! Time, as a request sees it: read from one place, so that a run can be repeated exactly.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A moment, in milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl std::fmt::Display for Timestamp {
    /// As in RFC 3339, to the second, in UTC.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.format("%Y-%m-%dT%H:%M:%SZ"))
    }
}

impl Timestamp {
    /// In a format of `strftime`, in UTC. A moment beyond the year 9999, or before the year
    /// -9999, is written as the nearest one that can be.
    pub fn format(self, format: &str) -> String {
        let (first, last) = (jiff::Timestamp::MIN.as_millisecond(), jiff::Timestamp::MAX.as_millisecond());
        let timestamp = jiff::Timestamp::from_millisecond(self.0.clamp(first, last)).unwrap_or_default();
        timestamp.strftime(format).to_string()
    }
}

/// A source of time.
pub trait Clock: Send + Sync {
    /// The moment now.
    fn now(&self) -> Timestamp;

    /// Time since some fixed moment, never going back: for measuring how long something took.
    fn elapsed(&self) -> Duration;
}

/// The machine's clock.
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// A clock whose `elapsed` counts from now.
    #[expect(clippy::disallowed_methods, reason = "this is the clock that the others are told to use")]
    #[expect(clippy::new_without_default, reason = "reading the time is not a default")]
    pub fn new() -> Self {
        Self { started: Instant::now() }
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that the others are told to use")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

/// A clock that stands still.
pub struct FixedClock {
    now: Timestamp,
}

impl FixedClock {
    /// A clock that stands at `now`.
    pub fn at(now: Timestamp) -> Self {
        Self { now }
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}
