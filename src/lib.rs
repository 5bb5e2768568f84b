//! Sanmen emulates the single sign-on control planes of three clouds, for tests.
//!
//! One gate with three doors: a request comes in by the door of its vendor, is read into a typed operation,
//! carried out in one transaction by rules that know no vendor, and answered in the vendor's own words.
//!
//! Who may know whom, from the top down; nothing knows what stands above it, but that `store` speaks in the
//! types of `domain`:
//!
//! | module | what it is for |
//! |---|---|
//! | [`cli`], [`config`] | the command line |
//! | [`server`] | one listener: which door a request wants, limits, the emulator's own paths |
//! | [`seed`] | what a new world is filled with, read from a file |
//! | [`aws`], [`alibaba`], [`huawei`] | the doors: wire format, wording, and the operations themselves |
//! | [`api`] | what the doors share: operations, decoding, limits, the steps of every request |
//! | [`world`] | one isolated estate: a database, a clock, a source of ids |
//! | [`domain`] | the neutral nouns and their rules: no vendor, no HTTP, no SQL |
//! | [`store`] | all SQL |

pub mod alibaba;
pub mod api;
pub mod aws;
pub mod cli;
pub mod config;
pub mod domain;
pub mod huawei;
pub mod seed;
pub mod server;
pub mod store;
pub mod world;

/// The operations of all vendors: the one list there is.
pub const TABLES: [&api::Table; 3] = [&aws::TABLE, &alibaba::TABLE, &huawei::TABLE];
