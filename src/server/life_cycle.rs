//! How long what is begun takes, at run time.

use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::admin::json;
use super::asked::{Asked, Outcome, answered, read, refused};
use crate::domain::Result;
use crate::domain::life_cycle::Pace;
use crate::world::World;

/// How long creations and deletions stay in progress.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LifeCycle {
    /// `instant`, `after=5s`, `after=250ms`, or `reads=3`.
    pace: String,
}

/// Answers a request about it.
///
/// # Errors
/// Those of the store.
pub(super) async fn answer(world: &World, asked: Asked<'_>) -> Result<Response> {
    answered(carry_out(world, asked).await)
}

async fn carry_out(world: &World, asked: Asked<'_>) -> Outcome<Response> {
    if asked.method == "PUT" {
        let LifeCycle { pace } = read(&asked.body)?;
        let Some(pace) = Pace::parse(&pace) else {
            let reason = "`pace` is instant, a time such as after=5s or after=250ms, or reads=3";
            return refused(StatusCode::BAD_REQUEST, reason);
        };
        world.set_pace(pace).await?;
    }
    Ok(json(StatusCode::OK, &LifeCycle { pace: world.pace().await?.to_string() }))
}
