//! Page tokens: where the next page begins, in a text that only this server can have made, for this list and no other.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Operation, Paging};
use crate::domain::access_key::same;
use crate::domain::page::{self, Page};
use crate::domain::{Ctx, Error, Result, Rule, Step, Violation};

/// What a vendor's page tokens look like: lower-case hexadecimal digits, of which so many stand for bytes of the seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenForm {
    /// How many bytes the seal has, 32 at most. The more, the harder it is to guess.
    pub seal: usize,
}

/// How many bytes a position takes: enough for 281 trillion rows.
const POSITION: usize = 6;

/// A list in pages, as one request asks for it.
pub struct Pages<'a> {
    form: TokenForm,
    token: &'static str,
    /// What the tokens are for, and for nothing else.
    list: String,
    /// The page that is asked for.
    pub page: Page,
    given: Option<&'a str>,
}

impl<'a> Pages<'a> {
    /// A list that is asked for with these parameters. `filter` is what else was asked for: a token is for the same
    /// filter only.
    pub fn new(
        form: TokenForm,
        paging: &Paging,
        size: Option<i64>,
        token: Option<&'a str>,
        filter: impl std::fmt::Display,
    ) -> Self {
        let size = size.and_then(|size| usize::try_from(size).ok()).unwrap_or(paging.usual);
        Self {
            form,
            token: paging.token,
            list: filter.to_string(),
            page: Page { size: size.clamp(1, paging.most), after: 0 },
            given: token.filter(|token| !token.is_empty()),
        }
    }

    /// The list of an operation, at the page that is asked for.
    ///
    /// # Errors
    /// As of [`Pages::open`].
    ///
    /// # Panics
    /// When the operation's `SPEC` says nothing of pages.
    pub async fn of<O: Operation>(
        cx: &mut Ctx,
        form: TokenForm,
        size: Option<i64>,
        token: Option<&'a str>,
        filter: impl std::fmt::Display,
    ) -> Result<Self> {
        let paging = O::SPEC.paging.expect("an operation with pages says so");
        Self::new(form, &paging, size, token, filter).open(cx).await
    }

    /// The same, at the page that the token is for.
    ///
    /// # Errors
    /// `Invalid` when the token is none that was given out for this list to this caller.
    pub async fn open(mut self, cx: &mut Ctx) -> Result<Self> {
        let Some(token) = self.given.take() else { return Ok(self) };
        let after = match read(token) {
            Some(after) if same(&self.write(cx, after).await?, token) => after,
            _ => {
                let path = vec![Step::Member(self.token.to_owned())];
                return Err(Error::Invalid(vec![Violation::new(path, Some(token), Rule::PageToken)]));
            }
        };
        self.page.after = after;
        Ok(self)
    }

    /// The token for the page behind a position, if there is one.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn next(&self, cx: &mut Ctx, next: Option<i64>) -> Result<Option<String>> {
        match next {
            Some(position) => Ok(Some(self.write(cx, position).await?)),
            None => Ok(None),
        }
    }

    async fn write(&self, cx: &mut Ctx, position: i64) -> Result<String> {
        let secret = page::secret(cx).await?;
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
        // No part of it can run into the next one.
        for part in [cx.provider.0, cx.permission, &cx.caller.id, &self.list] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        let position = &position.to_be_bytes()[8 - POSITION..];
        mac.update(position);
        let seal = mac.finalize().into_bytes();
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        Ok(hex(position) + &hex(&seal[..self.form.seal]))
    }
}

/// The position that a token says it is for.
fn read(token: &str) -> Option<i64> {
    let (position, _) = token.split_at_checked(2 * POSITION)?;
    let digits = position.bytes().all(|c| c.is_ascii_hexdigit());
    digits.then(|| i64::from_str_radix(position, 16).ok()).flatten()
}
