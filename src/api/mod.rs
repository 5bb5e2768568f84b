//! What the three doors share: operations as types, decoding, limits, and the steps of every request.

mod authenticate;
mod awake;
mod body;
pub mod canonical;
pub mod check;
pub mod date;
pub mod decode;
pub mod document;
pub mod duration;
mod explain;
mod memory;
mod operation;
pub mod page;
pub mod params;
pub(crate) mod pattern;
mod serve;
pub mod shape;
pub mod signature;
mod source;
mod steps;
mod wire;
pub mod xml;

pub use authenticate::Auth;
pub use body::UNCOUNTED;
pub use check::Check;
pub use operation::{
    Callers, Effect, Entry, IdForm, KeyForm, Operation, Paging, Prepared, Route, Service, Spec, Table, Work,
};
pub use params::{Given, JsonText, Nullable, Params};
pub(crate) use pattern::matches;
pub use serve::{App, Limits, router};
pub use signature::Signed;
pub use wire::{Call, Claim, Request, Wire, header};
