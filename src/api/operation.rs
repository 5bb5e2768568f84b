//! An operation is a type: the decoded request. Everything else is read from its declaration.

use std::future::Future;
use std::pin::Pin;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::shape::{Shape, describe};
use super::{Check, Params, decode};
use crate::domain::replay::Replay;
use crate::domain::{Ctx, Error, Provider, Result};

/// One operation of one vendor. The implementing type *is* the decoded request.
///
/// Members that must be given have plain types, the others are `Option`s: a missing member, or an unknown
/// word of an enumeration, is noted as a violation while the rest is still decoded, so that all of them are
/// reported together.
pub trait Operation: DeserializeOwned + Send + 'static {
    /// The answer. `()` for operations that answer nothing.
    type Output: Serialize + DeserializeOwned + Send;

    /// Routing, authorization, transactions, the list of what is served and the OpenAPI files are all
    /// read from here.
    const SPEC: Spec;

    /// The documented limits, a line a parameter.
    fn check(&self, _check: &mut Check) {}

    /// What makes a request the same as an earlier one; `None` when it carries no idempotency token.
    /// Implemented exactly by the operations whose `SPEC` names a token.
    fn replay(&self) -> Option<Replay> {
        None
    }

    /// The work. An error undoes it.
    fn handle(self, cx: &mut Ctx) -> impl Future<Output = Result<Self::Output>> + Send;
}

/// What there is to know about an operation without running it.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// The vendor's name for it, letter for letter.
    pub name: &'static str,
    /// How a request asks for it.
    pub route: Route,
    /// The permission that a policy must grant, in the vendor's spelling.
    pub permission: &'static str,
    /// Which accounts may call it.
    pub callers: Callers,
    /// Whether it changes anything.
    pub effect: Effect,
    /// The parameter that carries the idempotency token, if it has one.
    pub replay: Option<&'static str>,
    /// How it gives its answer in pages, if it does.
    pub paging: Option<Paging>,
    /// What it does, in one sentence.
    pub about: &'static str,
    /// The vendor's page on it.
    pub page: &'static str,
}

/// How a request asks for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// By name.
    Name,
    /// By method and path, in which `{name}` stands for any one segment.
    Path(&'static str, &'static str),
}

/// Which accounts may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callers {
    /// Any; the work itself looks closer.
    Any,
    /// The organization's management account and its delegated administrators.
    Administrators,
    /// The organization's management account.
    Management,
}

/// Whether an operation changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It does not.
    Read,
    /// It may.
    Write,
}

/// How an operation gives its answer in pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// The parameter that says how many items a page has, if there is one.
    pub size: Option<&'static str>,
    /// How many it has when that is not said.
    pub usual: usize,
    /// How many it has at most, whatever is said.
    pub most: usize,
    /// The parameter that carries the token of an earlier page.
    pub token: &'static str,
    /// The way to the next page's token in an answer.
    pub next: &'static [&'static str],
    /// The member of an answer that holds the items.
    pub items: &'static str,
}

impl Spec {
    /// An operation, asked for by name, that changes nothing and that any account may call.
    pub const fn read(name: &'static str, permission: &'static str) -> Self {
        Self {
            name,
            route: Route::Name,
            permission,
            callers: Callers::Any,
            effect: Effect::Read,
            replay: None,
            paging: None,
            about: "",
            page: "",
        }
    }

    /// Like [`Spec::read`], but for an operation that changes something.
    pub const fn write(name: &'static str, permission: &'static str) -> Self {
        let mut spec = Self::read(name, permission);
        spec.effect = Effect::Write;
        spec
    }

    /// Asked for by method and path instead.
    pub const fn at(mut self, method: &'static str, path: &'static str) -> Self {
        self.route = Route::Path(method, path);
        self
    }

    /// Only for these accounts.
    pub const fn only(mut self, callers: Callers) -> Self {
        self.callers = callers;
        self
    }

    /// This parameter carries an idempotency token.
    pub const fn replayed_by(mut self, parameter: &'static str) -> Self {
        self.replay = Some(parameter);
        self
    }

    /// It gives its answer in pages.
    pub const fn paged(mut self, paging: Paging) -> Self {
        self.paging = Some(paging);
        self
    }

    /// What it does, and the vendor's page on it.
    pub const fn about(mut self, sentence: &'static str, page: &'static str) -> Self {
        self.about = sentence;
        self.page = page;
        self
    }
}

/// An operation with its types erased: a row of the table that everything else is derived from.
#[derive(Clone, Copy)]
pub struct Entry {
    /// What there is to know about it.
    pub spec: Spec,
    /// Decodes and checks a request. Needs no database, and can be done again.
    pub prepare: fn(&Params) -> Result<Prepared>,
    /// The shape of a request, with the limits of [`Operation::check`].
    pub input: fn() -> Shape,
    /// The shape of an answer.
    pub output: fn() -> Shape,
}

/// A valid request, waiting for its transaction.
pub struct Prepared {
    /// What makes it the same as an earlier one.
    pub replay: Option<Replay>,
    /// The work.
    pub work: Work,
}

/// The work of a valid request.
pub type Work = Box<dyn for<'a> FnOnce(&'a mut Ctx) -> Answer<'a> + Send>;

/// The answer to come.
type Answer<'a> = Pin<Box<dyn Future<Output = Result<Value>> + Send + 'a>>;

impl Entry {
    /// The row of an operation.
    pub const fn of<O: Operation>() -> Self {
        Self { spec: O::SPEC, prepare: prepare::<O>, input: input::<O>, output: describe::<O::Output> }
    }
}

fn prepare<O: Operation>(params: &Params) -> Result<Prepared> {
    let (input, violations) = decode::decode::<O>(params)?;
    let (zeros, violations) = violations.into_iter().partition::<Vec<_>, _>(|it| it.rule == decode::ZERO);
    let mut check = Check::after(violations);
    input.check(&mut check);
    let mut violations = check.into_violations();
    // Where a documented limit excludes it too, that is what is told.
    let zeros = zeros.into_iter().filter(|zero| violations.iter().all(|other| other.path != zero.path));
    violations.extend(zeros.collect::<Vec<_>>());
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }
    let replay = input.replay();
    let work: Work = Box::new(move |cx| {
        Box::pin(async move { serde_json::to_value(input.handle(cx).await?).map_err(Error::internal) })
    });
    Ok(Prepared { replay, work })
}

fn input<O: Operation>() -> Shape {
    let (mut shape, example) = Shape::trace::<O>();
    let replayed = example.replay().is_some();
    assert_eq!(replayed, O::SPEC.replay.is_some(), "{}: a token is named and used, or neither", O::SPEC.name);
    let mut check = Check::recording();
    example.check(&mut check);
    for (path, rule) in check.into_limits() {
        shape.limit(&path, rule);
    }
    shape
}

/// The operations of a vendor.
pub struct Table {
    /// The vendor, in lower case.
    pub provider: Provider,
    /// What its access keys look like.
    pub key: KeyForm,
    /// What the ids of its accounts look like.
    pub account: IdForm,
    /// What the ids of its organizations look like.
    pub organization: IdForm,
    /// Its services.
    pub services: &'static [Service],
}

/// What ids look like.
#[derive(Clone, Copy, Debug)]
pub struct IdForm {
    /// With what they begin.
    pub prefix: &'static str,
    /// Of what the rest is made.
    pub letters: &'static str,
    /// How long the rest is.
    pub length: usize,
}

impl IdForm {
    /// Whether a text is such an id.
    pub fn fits(&self, id: &str) -> bool {
        id.strip_prefix(self.prefix)
            .is_some_and(|rest| rest.len() == self.length && rest.chars().all(|c| self.letters.contains(c)))
    }
}

impl std::fmt::Display for IdForm {
    /// In words, for who gave another one.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { prefix, letters, length } = self;
        match prefix.is_empty() {
            true => write!(f, "{length} characters of {letters}"),
            false => write!(f, "{prefix} and {length} characters of {letters}"),
        }
    }
}

/// What the access keys of a vendor look like.
#[derive(Clone, Copy, Debug)]
pub struct KeyForm {
    /// With what the id of a permanent key begins.
    pub permanent: &'static str,
    /// With what the id of a temporary key begins.
    pub temporary: &'static str,
    /// Of what the rest of an id is made.
    pub letters: &'static str,
    /// How long the rest is.
    pub length: usize,
    /// How long a secret is.
    pub secret: usize,
}

/// The operations of a service.
pub struct Service {
    /// The name that the vendor's tools give it.
    pub name: &'static str,
    /// What goes before an operation's name on the wire, if anything does.
    pub prefix: &'static str,
    /// The name under which requests to it are signed, where signatures are for a service.
    pub signing_name: &'static str,
    /// The operations, a list a subject.
    pub subjects: &'static [&'static [Entry]],
}

impl Service {
    /// The operations, in order.
    pub fn entries(&self) -> impl Iterator<Item = &'static Entry> {
        self.subjects.iter().flat_map(|subject| subject.iter())
    }
}

impl Table {
    /// All operations with their services, in order.
    pub fn entries(&self) -> impl Iterator<Item = (&'static Service, &'static Entry)> {
        self.services.iter().flat_map(|service| service.entries().map(move |entry| (service, entry)))
    }
}

/// Declares the operations of a subject, as the list `OPERATIONS`, in the order in which they are documented.
#[macro_export]
macro_rules! operations {
    ($($operation:ident),+ $(,)?) => {
        /// The operations on this subject.
        pub const OPERATIONS: &[$crate::api::Entry] = &[$($crate::api::Entry::of::<$operation>()),+];
    };
}
