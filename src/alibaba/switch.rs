//! What is either on or off, as the status of most things is.

use serde::{Deserialize, Serialize};

use crate::domain::account::Delegation;
use crate::domain::user::Status;

/// A status.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub enum Switch {
    /// On.
    #[default]
    Enabled,
    /// Off.
    Disabled,
}

impl From<bool> for Switch {
    fn from(on: bool) -> Self {
        if on { Self::Enabled } else { Self::Disabled }
    }
}

impl From<Status> for Switch {
    fn from(status: Status) -> Self {
        match status {
            Status::Enabled => Self::Enabled,
            Status::Disabled => Self::Disabled,
        }
    }
}

impl From<Switch> for Status {
    fn from(switch: Switch) -> Self {
        match switch {
            Switch::Enabled => Self::Enabled,
            Switch::Disabled => Self::Disabled,
        }
    }
}

impl From<Delegation> for Switch {
    fn from(delegation: Delegation) -> Self {
        match delegation {
            Delegation::Enabled => Self::Enabled,
            Delegation::Disabled => Self::Disabled,
        }
    }
}
