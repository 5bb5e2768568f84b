//! Pages of lists: where one begins, and where the next one does.

use super::Result;
use super::ctx::Ctx;
use crate::store;

/// A page that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many items it has at most: at least one.
    pub size: usize,
    /// The position behind which it begins; 0 for the first.
    pub after: i64,
}

impl Page {
    /// How many rows are read for it: one more tells whether there is another page.
    pub(crate) fn rows(self) -> i64 {
        i64::try_from(self.size.saturating_add(1)).unwrap_or(i64::MAX)
    }
}

/// A page that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paged<T> {
    /// Its items.
    pub items: Vec<T>,
    /// The position behind which the next one begins; `None` when this is the last.
    pub next: Option<i64>,
}

impl<T> Paged<T> {
    /// The page that these rows make, each with its position: those of [`Page::rows`].
    pub(crate) fn of(mut rows: Vec<(i64, T)>, page: Page) -> Self {
        let more = rows.len() > page.size;
        rows.truncate(page.size);
        let next = rows.last().map(|(position, _)| *position).filter(|_| more);
        Self { items: rows.into_iter().map(|(_, item)| item).collect(), next }
    }

    /// The same page of something else.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Paged<U> {
        Paged { items: self.items.into_iter().map(change).collect(), next: self.next }
    }
}

/// The secret with which page tokens of this world are made. It changes when the world goes back to its seed.
///
/// # Errors
/// Those of the store.
pub async fn secret(cx: &mut Ctx) -> Result<String> {
    store::estate::page_secret(&mut cx.tx).await
}
