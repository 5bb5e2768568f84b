//! Ids and randomness, from one place, so that a run can be repeated exactly.

use std::sync::atomic::{AtomicU64, Ordering};

/// A source of ids: each call yields 128 fresh bits, which every vendor shapes in its own way.
pub trait Ids: Send + Sync {
    /// 128 bits that were not given out before.
    fn bits(&self) -> u128;
}

impl dyn Ids {
    /// `prefix` and `digits` lower-case hexadecimal digits, 32 at most.
    pub fn hex(&self, prefix: &str, digits: usize) -> String {
        format!("{prefix}{}", &format!("{:032x}", self.bits())[..digits])
    }

    /// `prefix` and `count` of these letters, none more likely than another to speak of.
    pub fn letters(&self, prefix: &str, letters: &str, count: usize) -> String {
        /// How many letters are taken from 128 bits: of 64 letters at most, 32 bits are left over.
        const EACH: usize = 16;
        let mut text = prefix.to_owned();
        let (alphabet, mut bits) = (letters.as_bytes(), 0);
        for i in 0..count {
            if i % EACH == 0 {
                bits = self.bits();
            }
            let size = alphabet.len() as u128;
            text.push(char::from(alphabet[(bits % size) as usize]));
            bits /= size;
        }
        text
    }
}

/// Ids from the operating system's source of randomness.
pub struct RandomIds;

impl Ids for RandomIds {
    #[expect(clippy::disallowed_methods, reason = "this is the source that the others are told to use")]
    fn bits(&self) -> u128 {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the operating system has randomness");
        u128::from_le_bytes(bytes)
    }
}

/// The same ids in the same order for the same seed.
pub struct SeededIds {
    state: AtomicU64,
}

impl SeededIds {
    /// Ids that follow from `seed`.
    pub fn new(seed: u64) -> Self {
        Self { state: AtomicU64::new(seed) }
    }

    /// `SplitMix64`: a counter, stirred.
    fn next(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.state.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl Ids for SeededIds {
    fn bits(&self) -> u128 {
        (u128::from(self.next()) << 64) | u128::from(self.next())
    }
}
