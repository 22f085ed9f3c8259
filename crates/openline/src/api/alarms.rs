//! Alarms: how they stand, and what persons do with them.

use std::sync::Arc;

use axum::extract::{Path, State};
use openline_proto::alarm::book::{self, Act, NotDone, Request};
use openline_proto::alarm::cause::{Cause, Key};
use openline_proto::alarm::machine;
use openline_proto::contract::Command;
use openline_wire::header::Actor;

use super::body::{Answer, Json};
use super::caller::Caller;
use super::context::{Context, Shared, view};
use super::convert::{View, actor, rfc3339};
use super::problem::{ApiError, conflict};
use super::types::{Alarm, AlarmHook, Alarms, NewAcknowledgement, NewShelving};
use crate::station::board::HookState;
use crate::station::clock::wall;
use crate::station::peers::LineInfo;

/// Line, cause and party, as a call names them.
type Named = (String, String, String);

/// `GET /v1/lines/{line}/alarms`
pub async fn list(
    State(context): State<Shared>,
    Path(line): Path<String>,
    caller: Caller,
) -> Result<Answer<Alarms>, ApiError> {
    let line = context.line(&line)?;
    let alarms = context.desk.board.alarms(&line.line);
    let alarms = view(&line, &caller.language).alarms(&alarms);
    Ok(Answer(Alarms { alarms }))
}

/// `POST /v1/lines/{line}/alarms/{cause}/{party}/acknowledge`
pub async fn acknowledge(
    State(context): State<Shared>,
    Path(named): Path<Named>,
    caller: Caller,
    Json(asked): Json<NewAcknowledgement>,
) -> Result<Answer<Alarm>, ApiError> {
    ask(&context, named, &caller, asked.actor, Act::Acknowledge).await
}

/// `POST /v1/lines/{line}/alarms/{cause}/{party}/shelve`
pub async fn shelve(
    State(context): State<Shared>,
    Path(named): Path<Named>,
    caller: Caller,
    Json(asked): Json<NewShelving>,
) -> Result<Answer<Alarm>, ApiError> {
    let length = asked.for_s.saturating_mul(1_000);
    ask(&context, named, &caller, asked.actor, Act::Shelve(length)).await
}

/// `POST /v1/lines/{line}/alarms/{cause}/{party}/unshelve`
pub async fn unshelve(
    State(context): State<Shared>,
    Path(named): Path<Named>,
    caller: Caller,
    Json(asked): Json<NewAcknowledgement>,
) -> Result<Answer<Alarm>, ApiError> {
    ask(&context, named, &caller, asked.actor, Act::Unshelve).await
}

async fn ask(
    context: &Context,
    (line, cause, party): Named,
    caller: &Caller,
    by: Option<String>,
    act: Act,
) -> Result<Answer<Alarm>, ApiError> {
    let line = context.acting_line(&line)?;
    let by = caller.operator(&line, by.as_deref())?;
    let key = key(&line, &cause, &party)?;
    let command = Command::Alarm(Request { key, act });
    context.desk.act(line.line, by.clone(), command).await?;
    Ok(Answer(stands(context, &line, &caller.language, key, by)))
}

fn key(line: &LineInfo, cause: &str, party: &str) -> Result<Key, ApiError> {
    let named = Cause::from_word(cause).zip(line.party_called(party));
    let none = || {
        let error = ApiError::not_found("no-such-alarm");
        error.with("alarm", format!("{cause}/{party}"))
    };
    named
        .map(|(cause, party)| Key { cause, party })
        .ok_or_else(none)
}

/// How an alarm stands now that somebody has acted. What is over is on no list.
fn stands(context: &Context, line: &Arc<LineInfo>, language: &str, key: Key, by: Actor) -> Alarm {
    let alarms = context.desk.board.alarms(&line.line);
    let found = alarms.into_iter().find(|alarm| alarm.key == key);
    let alarm = found.unwrap_or(book::Alarm {
        key,
        state: machine::State::Quiet,
        since: wall(),
        by: Some(by),
        until: None,
    });
    view(line, language).alarm(&alarm)
}

impl View<'_> {
    /// An alarm.
    pub fn alarm(&self, alarm: &book::Alarm) -> Alarm {
        let party = self.party(alarm.key.party);
        let cause = alarm.key.cause.word();
        Alarm {
            name: alarm_name(alarm.key.cause, &party.name),
            line: self.info.line.to_string(),
            cause: cause.to_owned(),
            party,
            state: alarm.state.word().to_owned(),
            since_ms: alarm.since,
            since: rfc3339(alarm.since),
            by: alarm.by.as_ref().map(actor),
            until_ms: alarm.until,
            until: alarm.until.map(rfc3339),
        }
    }

    /// Alarms, first those that nobody has acknowledged, each kind in the order in which they came.
    pub(super) fn alarms(&self, alarms: &[book::Alarm]) -> Vec<Alarm> {
        let rank = |alarm: &&book::Alarm| (alarm.state, alarm.since, alarm.key);
        let mut sorted: Vec<&book::Alarm> = alarms.iter().collect();
        sorted.sort_by_key(|alarm| {
            let is_known = !matches!(
                alarm.state,
                machine::State::Raised | machine::State::Cleared
            );
            (is_known, rank(alarm))
        });
        sorted.into_iter().map(|alarm| self.alarm(alarm)).collect()
    }
}

/// What people call an alarm about the party that they call so.
pub fn alarm_name(cause: Cause, party: &str) -> String {
    format!("{}/{}", cause.word(), sayable(party))
}

/// A party's name as a part of the name of an alarm: one word that needs no quotes.
pub fn sayable(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join("-").to_lowercase().replace('/', "-")
}

/// How it went with a program or an address that is told of alarms.
pub(super) fn hook(context: &Context, hook: &HookState, language: &str) -> AlarmHook {
    let trouble = hook.trouble.as_ref();
    AlarmHook {
        way: hook.way.to_owned(),
        target: hook.target.clone(),
        calls: hook.calls,
        failures: hook.failures,
        failed_at_ms: trouble.map(|(at, _)| *at),
        trouble: trouble.map(|(_, trouble)| context.words.problem(trouble, language)),
    }
}

impl From<NotDone> for ApiError {
    fn from(why: NotDone) -> Self {
        match why {
            NotDone::NotRaised => conflict("alarm-not-raised"),
            NotDone::Done => conflict("alarm-done"),
            NotDone::Nobody => Self::bad_request("operator-required"),
            NotDone::WrongTime => Self::bad_request("alarm-shelve-time"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_alarm_is_one_word() {
        assert_eq!(sayable("Moscow"), "moscow");
        assert_eq!(sayable(" General  Staff/2 "), "general-staff-2");
        assert_eq!(sayable("Москва"), "москва");
    }
}
