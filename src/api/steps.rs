//! What is done for a request that has been read: in which order it is checked, and how it is carried out.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::authenticate::{Caller, Known, authenticate};
use super::awake::awake;
use super::memory::{Answer, Question};
use super::operation::{Callers, Effect, Entry, Prepared, Spec};
use super::serve::{App, Trace};
use super::wire::{Call, Request, Wire};
use crate::domain::account::{Account, Standing};
use crate::domain::nonce::Nonce;
use crate::domain::{Ctx, Denial, Error, Reason, Result, life_cycle, nonce, replay};
use crate::store::Tx;

/// What became of a request.
pub(super) type Answered = Result<(&'static Entry, Value)>;

/// Finds the operation and the caller, checks the request, and carries it out.
pub(super) async fn run<W: Wire>(
    app: Arc<App>,
    received: Arc<(Request, W::Message)>,
    started: Duration,
) -> (Trace, Answered) {
    let mut trace = Trace::default();
    let answered = steps::<W>(&app, &received, started, &mut trace).await;
    (trace, answered)
}

/// How often a transaction is begun anew that another one was in the way of.
const ATTEMPTS: usize = 5;

/// The vendors' order: route, credentials, form, limits; then, in one transaction: caller, permission, replay,
/// state. Where permission comes before form, it is looked at as soon as the form is found wanting.
async fn steps<W: Wire>(
    app: &App,
    (request, message): &(Request, W::Message),
    started: Duration,
    trace: &mut Trace,
) -> Answered {
    let call = W::route(request, message)?;
    trace.operation = Some(call.entry.spec.name);
    // Before anything is looked at: what is remembered may be newer than this, and is not older.
    let commits = app.world.store.commits();
    let known = Known { world: &app.world, memory: &app.memory, commits };
    let entered = authenticate::<W>(known, app.auth, request, message, &call);
    let entered = tokio::time::timeout(left(app, started), entered).await.unwrap_or(Err(Error::TimedOut));
    let (caller, seen) = entered?;
    let (mut account, mut nonce) = seen.map_or((None, None), |seen| (seen.account, seen.nonce));
    if call.entry.spec.effect == Effect::Write && nonce.is_some() {
        // A database in memory has one connection.
        drop(account.take());
        spend::<W>(app, nonce.take()).await?;
    }
    let question = commits.and_then(|commits| Some((commits, Question::of(W::PROVIDER, &call, &caller)?)));
    let remembered = question.as_ref().and_then(|(commits, question)| app.memory.answer(*commits, question));
    let answered = match remembered {
        Some(Answer { account: id, output }) => {
            // The nonce needs a connection too.
            drop(account);
            trace.account = Some(id);
            Ok((call.entry, output))
        }
        None => carry_out::<W>(app, &call, &caller, account, question, started, trace).await,
    };
    // What only reads has done nothing yet: nobody can tell that the nonce is spent after it.
    spend::<W>(app, nonce).await?;
    answered
}

/// Uses up the nonce, if there is one. That is a commit, which is not cut off.
async fn spend<W: Wire>(app: &App, nonce: Option<Nonce>) -> Result<()> {
    let Some(nonce) = nonce else { return Ok(()) };
    let world = &app.world;
    for _ in 0..ATTEMPTS {
        match nonce::spend(&world.store, W::PROVIDER, nonce.clone(), world.clock.now()).await {
            Err(Error::Conflict) => {}
            spent => return spent,
        }
    }
    Err(Error::Conflict)
}

/// Checks a request whose caller is known, and carries it out.
async fn carry_out<W: Wire>(
    app: &App,
    call: &Call,
    caller: &Caller,
    mut seen: Option<(Tx, Account)>,
    question: Option<(u64, Question)>,
    started: Duration,
    trace: &mut Trace,
) -> Answered {
    let mut effect = call.entry.spec.effect;
    for _ in 0..ATTEMPTS {
        let prepared = match (call.entry.prepare)(&call.params) {
            Ok(prepared) => prepared,
            Err(wrong) => {
                let account = match seen.take() {
                    Some((_, account)) => Some(Ok(account)),
                    None => tokio::time::timeout(left(app, started), account_of::<W>(app, caller)).await.ok(),
                };
                return Err(refusal::<W>(&call.entry.spec, trace, account, wrong));
            }
        };
        let mut attempt = Attempt { app, spec: &call.entry.spec, effect, caller, trace };
        match attempt.transact::<W>(prepared, seen.take(), started).await {
            Err(Error::Conflict) => {}
            // What only looks is to be counted.
            Ok(Done { kept: false, .. }) => effect = Effect::Write,
            Ok(Done { output, lasts, .. }) => {
                if let (Some((commits, question)), true) = (question, lasts) {
                    let account = trace.account.clone().unwrap_or_default();
                    app.memory.keep_answer(commits, question, Answer { account, output: output.clone() });
                }
                return Ok((call.entry, output));
            }
            Err(error) => return Err(error),
        }
    }
    Err(Error::Conflict)
}

/// The time that a request has left.
fn left(app: &App, started: Duration) -> Duration {
    app.limits.request_timeout.saturating_sub(app.world.clock.elapsed().saturating_sub(started))
}

/// Why a request that is wrong is refused, which may be for who sent it.
fn refusal<W: Wire>(spec: &Spec, trace: &mut Trace, caller: Option<Result<Account>>, wrong: Error) -> Error {
    match caller {
        Some(Ok(caller)) => {
            trace.account = Some(caller.id.clone());
            let admitted = if W::PERMISSION_BEFORE_FORM { admit(spec, &caller) } else { Ok(()) };
            admitted.err().unwrap_or(wrong)
        }
        Some(Err(unauthenticated @ Error::Unauthenticated(_))) => unauthenticated,
        // The request is no better for it.
        Some(Err(_)) | None => wrong,
    }
}

/// Who asks, of a request that goes no further.
async fn account_of<W: Wire>(app: &App, caller: &Caller) -> Result<Account> {
    let mut tx = app.world.store.read().await?;
    caller.account(&mut tx, W::PROVIDER).await
}

/// One try at a request.
struct Attempt<'a> {
    app: &'a App,
    spec: &'a Spec,
    /// Whether it is carried out as one that changes something.
    effect: Effect,
    caller: &'a Caller,
    trace: &'a mut Trace,
}

impl Attempt<'_> {
    /// Works in one transaction, and commits it if it writes and all went well.
    async fn transact<W: Wire>(
        &mut self,
        prepared: Prepared,
        seen: Option<(Tx, Account)>,
        started: Duration,
    ) -> Result<Done> {
        let store = &self.app.world.store;
        let (effect, left) = (self.effect, left(self.app, started));
        let worked = async {
            match (effect, seen) {
                (Effect::Read, Some((tx, caller))) => self.work::<W>(tx, Some(caller), prepared).await,
                (Effect::Read, None) => self.work::<W>(store.read().await?, None, prepared).await,
                (Effect::Write, seen) => {
                    // A database in memory has one connection.
                    drop(seen);
                    let tx = store.write().await?;
                    // All others who write wait for this one.
                    awake(self.work::<W>(tx, None, prepared)).await
                }
            }
        };
        // The end is outside of the time limit: nobody could say what became of a commit that was cut off.
        let (tx, answered) = tokio::time::timeout(left, worked).await.unwrap_or(Err(Error::TimedOut))?;
        match (effect, &answered) {
            (Effect::Read, _) => {}
            (Effect::Write, Ok(_)) => store.commit(tx).await?,
            (Effect::Write, Err(_)) => store.abandon(tx).await?,
        }
        answered
    }

    /// Finds out who asks, if that is not known, and answers.
    async fn work<W: Wire>(
        &mut self,
        mut tx: Tx,
        caller: Option<Account>,
        prepared: Prepared,
    ) -> Result<(Tx, Result<Done>)> {
        let (world, effect) = (&self.app.world, self.effect);
        let caller = match caller {
            Some(caller) => caller,
            None => match self.caller.account(&mut tx, W::PROVIDER).await {
                Ok(caller) => caller,
                Err(error) => return Ok((tx, Err(error))),
            },
        };
        self.trace.account = Some(caller.id.clone());
        let mut cx = Ctx {
            tx,
            provider: W::PROVIDER,
            caller,
            region: self.caller.claim.region.clone(),
            permission: self.spec.permission,
            clock: world.clock.clone(),
            ids: world.ids.clone(),
            writes: effect == Effect::Write,
            must_write: false,
            anchor: None,
        };
        // Time goes on while it is answered: what is done meanwhile may not be seen yet.
        let before = cx.now();
        let answered = answer(self.spec, prepared, &mut cx).await;
        let lasts =
            effect == Effect::Read && answered.is_ok() && !life_cycle::is_pending(&mut cx, before).await?;
        let kept = effect == Effect::Write || !cx.must_write;
        Ok((cx.tx, answered.map(|output| Done { output, kept, lasts })))
    }
}

/// What was worked out.
struct Done {
    output: Value,
    /// Whether what had to be kept is kept.
    kept: bool,
    /// Whether the answer stays what it is until something is changed.
    lasts: bool,
}

/// Passes when the caller may call the operation at all.
fn admit(spec: &Spec, caller: &Account) -> Result<()> {
    let reason = match spec.callers {
        Callers::Administrators if !caller.administers() => Reason::NotAdministrator,
        Callers::Management if caller.standing != Standing::Management => Reason::NotManagement,
        Callers::Administrators | Callers::Management | Callers::Any => return Ok(()),
    };
    let (account, permission) = (caller.id.clone(), spec.permission);
    Err(Error::NotAllowed(Denial { reason, account, permission, resource: None }))
}

/// Admits the caller, and answers: with the answer of before, if there was one.
async fn answer(spec: &Spec, prepared: Prepared, cx: &mut Ctx) -> Result<Value> {
    admit(spec, &cx.caller)?;
    let Some(replay) = prepared.replay else { return (prepared.work)(cx).await };
    if let Some(answer) = replay::get(cx, spec.name, &replay).await? {
        return serde_json::from_str(&answer).map_err(Error::internal);
    }
    let output = (prepared.work)(cx).await?;
    replay::remember(cx, spec.name, replay, output.to_string()).await?;
    Ok(output)
}
