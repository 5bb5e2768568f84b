//! Reading the bodies of requests, within the limits of one and of all together.

use std::sync::Arc;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::serve::Limits;
use crate::domain::{Error, Result};

/// How many bytes of each body are not counted among those of all: so much a connection costs anyway. Whoever fills the
/// common memory with large bodies is in the way of large bodies alone.
pub const UNCOUNTED: usize = 16 * 1024;

/// How many bytes of a body that is refused are read and thrown away.
const PATIENCE: usize = 16 * 1024 * 1024;

/// What reads bodies.
pub(super) struct Bodies {
    limits: Limits,
    /// How many bytes all may still have.
    left: Arc<Semaphore>,
}

/// A body, read in full. While it is kept it counts among all.
pub(super) struct Received {
    /// What it is.
    pub bytes: Bytes,
    _counted: Option<OwnedSemaphorePermit>,
}

impl Bodies {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, left: Arc::new(Semaphore::new(limits.bodies)) }
    }

    /// Reads a body. What is refused is read to its end all the same, if that comes soon: a client that is still sending
    /// does not look for an answer.
    ///
    /// # Errors
    /// `TooLarge`, `TimedOut`, `Unreadable` when it ends early, and `Throttled` when all bodies together are too large.
    pub(super) async fn read(&self, body: Body) -> Result<Received> {
        let whole = self.whole(body);
        tokio::time::timeout(self.limits.request_timeout, whole).await.unwrap_or(Err(Error::TimedOut))
    }

    async fn whole(&self, mut body: Body) -> Result<Received> {
        let mut read = BytesMut::new();
        let mut counted: Option<OwnedSemaphorePermit> = None;
        let mut refused = None;
        let mut length: usize = 0;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| Error::Unreadable("the body ended early".to_owned()))?;
            let Some(data) = frame.data_ref() else { continue };
            length = length.saturating_add(data.len());
            if length > self.limits.body {
                refused = Some(Error::TooLarge);
            } else if refused.is_none() {
                match self.count(length.saturating_sub(UNCOUNTED).min(data.len())) {
                    Ok(more) => match &mut counted {
                        Some(counted) => counted.merge(more),
                        None => counted = Some(more),
                    },
                    Err(error) => refused = Some(error),
                }
            }
            if refused.is_none() {
                read.extend_from_slice(data);
            } else {
                (read, counted) = (BytesMut::new(), None);
                if length > self.limits.body.saturating_add(PATIENCE) {
                    break;
                }
            }
        }
        match refused {
            None => Ok(Received { bytes: read.freeze(), _counted: counted }),
            Some(error) => Err(error),
        }
    }

    /// Counts so many bytes among those of all.
    fn count(&self, bytes: usize) -> Result<OwnedSemaphorePermit> {
        let bytes = u32::try_from(bytes).map_err(|_| Error::TooLarge)?;
        self.left.clone().try_acquire_many_owned(bytes).map_err(|_| Error::Throttled)
    }
}
