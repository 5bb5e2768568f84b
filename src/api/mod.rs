//! What the three doors share: operations as types, decoding, limits, and the steps of every request.

pub mod check;
pub mod decode;
pub mod document;
pub mod duration;
mod operation;
pub mod params;
mod pattern;
mod serve;
pub mod shape;
mod wire;

pub use check::Check;
pub use operation::{Callers, Effect, Entry, Operation, Prepared, Route, Service, Spec, Table, Work};
pub use params::{JsonText, Params};
pub(crate) use pattern::matches;
pub use serve::{App, Limits, router};
pub use wire::{Call, Claim, Request, Wire, header};
