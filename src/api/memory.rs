//! What is remembered of a world until its next commit: answers of operations that only read, and access keys.
//!
//! It is remembered with the number of commits that there had been before it was read, and is good for nothing when there
//! has been another one since. While a commit is under way nobody can say which it is good for: then nothing is looked
//! up. So a read that starts after a write was acknowledged sees it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::authenticate::Caller;
use super::operation::Effect;
use super::params::Params;
use super::wire::{Call, Claim};
use crate::domain::Provider;
use crate::domain::access_key::AccessKey;
use crate::domain::account::{Account, Stranger};

/// What is remembered.
#[derive(Default)]
pub(super) struct Memory {
    answers: Mutex<Kept<Question, Answer>>,
    keys: Mutex<Kept<(Provider, String), (AccessKey, Account)>>,
}

/// All that an answer depends on, besides the world.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Question {
    provider: Provider,
    operation: &'static str,
    claim: Claim,
    proven: Option<AccessKey>,
    params: Params,
}

/// An answer, and the id of the account that it was given to.
#[derive(Clone)]
pub(super) struct Answer {
    /// The account's id.
    pub account: String,
    /// What was answered.
    pub output: Value,
}

impl Question {
    /// What is asked; `None` when the answer is not to be remembered, because it changes something, or because the
    /// question is long.
    pub(super) fn of(provider: Provider, call: &Call, caller: &Caller) -> Option<Self> {
        /// The longest question to which an answer is remembered, in bytes.
        const LONGEST: usize = 4 * 1024;
        let spec = &call.entry.spec;
        let question = || Self {
            provider,
            operation: spec.name,
            claim: caller.claim.clone(),
            proven: caller.proven.clone(),
            params: call.params.clone(),
        };
        let question = (spec.effect == Effect::Read && call.params.size() <= LONGEST).then(question);
        question.filter(|question| question.size() <= LONGEST)
    }

    /// How long it is, in bytes.
    fn size(&self) -> usize {
        let Claim { key, stranger, region } = &self.claim;
        let claimed = key.as_ref().map_or(0, String::len) + region.as_ref().map_or(0, String::len);
        let stranger = match stranger {
            Some(Stranger::Standalone(id)) => id.len(),
            Some(Stranger::Management) | None => 0,
        };
        self.params.size() + claimed + stranger + self.proven.as_ref().map_or(0, length)
    }
}

impl Memory {
    /// What was answered to a question.
    pub(super) fn answer(&self, commits: u64, question: &Question) -> Option<Answer> {
        lock(&self.answers).get(commits, question)
    }

    /// Remembers an answer.
    pub(super) fn keep_answer(&self, commits: u64, question: Question, answer: Answer) {
        let size = question.size() + weight(&answer.output);
        lock(&self.answers).put(commits, question, answer, size);
    }

    /// An access key, and the account it belongs to.
    pub(super) fn key(&self, commits: u64, provider: Provider, id: &str) -> Option<(AccessKey, Account)> {
        lock(&self.keys).get(commits, &(provider, id.to_owned()))
    }

    /// Remembers an access key.
    pub(super) fn keep_key(&self, commits: u64, provider: Provider, key: &AccessKey, account: &Account) {
        lock(&self.keys).put(
            commits,
            (provider, key.id.clone()),
            (key.clone(), account.clone()),
            length(key),
        );
    }
}

/// How long what there is of a key is, in bytes.
fn length(key: &AccessKey) -> usize {
    key.id.len() + key.secret.0.len() + key.session_token.as_ref().map_or(0, |token| token.0.len())
}

fn lock<T>(kept: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is remembered of a world after so many commits.
struct Kept<K, V> {
    commits: u64,
    entries: HashMap<K, V>,
    /// How much memory it is, about, in bytes.
    size: usize,
}

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self { commits: 0, entries: HashMap::new(), size: 0 }
    }
}

impl<K: Eq + Hash, V: Clone> Kept<K, V> {
    fn get(&self, commits: u64, key: &K) -> Option<V> {
        if self.commits != commits {
            return None;
        }
        self.entries.get(key).cloned()
    }

    fn put(&mut self, commits: u64, key: K, value: V, size: usize) {
        /// How much is remembered, in bytes. What would be more takes the place of all the rest.
        const MOST: usize = 2 * 1024 * 1024;
        /// What an entry takes besides its texts, in bytes, about.
        const ENTRY: usize = 512;
        if commits < self.commits {
            return;
        }
        let size = size + ENTRY;
        if commits > self.commits || self.size + size > MOST {
            *self = Self { commits, ..Self::default() };
        }
        if size <= MOST && self.entries.insert(key, value).is_none() {
            self.size += size;
        }
    }
}

/// How much memory a document takes, about, in bytes.
fn weight(document: &Value) -> usize {
    /// What a value takes besides its text.
    const VALUE: usize = 64;
    VALUE
        + match document {
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(weight).sum(),
            Value::Object(members) => members.iter().map(|(name, value)| name.len() + weight(value)).sum(),
        }
}

#[cfg(test)]
mod tests {
    use super::{Kept, Question};
    use crate::api::params::Params;
    use crate::api::wire::Claim;
    use crate::domain::Provider;
    use crate::domain::account::Stranger;

    #[test]
    fn what_is_remembered_is_good_until_the_next_commit() {
        let mut kept = Kept::default();
        kept.put(2, "a", 1, 0);
        assert_eq!((kept.get(2, &"a"), kept.get(4, &"a"), kept.get(0, &"a")), (Some(1), None, None));
        kept.put(4, "b", 2, 0);
        assert_eq!((kept.get(2, &"a"), kept.get(4, &"a"), kept.get(4, &"b")), (None, None, Some(2)));
        kept.put(2, "b", 3, 0);
        assert_eq!(kept.get(4, &"b"), Some(2), "a late one does not displace a newer one");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut kept = Kept::default();
        for i in 0..100_000 {
            kept.put(2, i, i, 1000);
            assert_eq!(kept.get(2, &i), Some(i));
            assert!(kept.entries.len() <= 2048);
        }
        kept.put(2, 0, 0, usize::MAX / 2);
        assert_eq!(kept.get(2, &0), None, "what is too long is not remembered");
    }

    #[test]
    fn who_asks_counts_as_a_part_of_the_question() {
        let long = "a".repeat(1000);
        let claims = [
            Claim { key: Some(long.clone()), stranger: None, region: None },
            Claim { key: None, stranger: Some(Stranger::Standalone(long.clone())), region: None },
            Claim { key: None, stranger: None, region: Some(long) },
        ];
        for claim in claims {
            let (provider, operation) = (Provider("vendor"), "Read");
            let question = Question { provider, operation, claim, proven: None, params: Params::default() };
            assert_eq!(question.size(), 1000);
        }
    }
}
