//! Rosters: what the parties plan, and a new plan of ours.

use axum::extract::{Path, State};
use openline_proto::contract::{Command, Plan};
use openline_proto::verdict;
use openline_proto::watch::roster::{self, Rosters as Standing};
use openline_wire::fact;

use super::body::{Answer, Json};
use super::caller::Caller;
use super::context::{Shared, view};
use super::convert::{View, actor, rfc3339};
use super::messages::accepted;
use super::problem::ApiError;
use super::types::{Accepted, Gap, NewRoster, PartyRoster, Planned, Roster, Rosters, Shift};
use crate::station::clock::wall;

/// `GET /v1/lines/{line}/roster`
pub async fn show(
    State(context): State<Shared>,
    Path(line): Path<String>,
    caller: Caller,
) -> Result<Answer<Rosters>, ApiError> {
    let line = context.acting_line(&line)?;
    let status = context.desk.board.state();
    let status = status
        .lines
        .get(&line.line)
        .and_then(|it| it.status.clone());
    let status = status.ok_or_else(|| ApiError::not_found("no-roster-yet"))?;
    let view = view(&line, &caller.language);
    let now = wall();
    let parties = status.planned.iter().map(|it| PartyRoster {
        planned: view.planned(it),
        rosters: it.rosters.iter().map(|it| standing(it)).collect(),
        gaps: Standing::of(&it.rosters)
            .gaps(now, u64::MAX)
            .iter()
            .map(gap)
            .collect(),
    });
    Ok(Answer(Rosters {
        line: line.line.to_string(),
        parties: parties.collect(),
    }))
}

/// `POST /v1/lines/{line}/roster`
pub async fn plan(
    State(context): State<Shared>,
    Path(line): Path<String>,
    caller: Caller,
    Json(asked): Json<NewRoster>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.operator(&line, asked.actor.as_deref())?;
    let mut officers = asked.shifts.iter().map(|it| &it.officer);
    officers.try_for_each(|officer| Caller::may_act(officer, &line))?;
    let shifts = asked.shifts.into_iter().map(|it| fact::Shift {
        from: it.from_ms,
        until: it.until_ms,
        officer: it.officer,
    });
    let mut shifts: Vec<fact::Shift> = shifts.collect();
    shifts.sort();
    // What takes back a roster plans no time; any will do.
    let now = wall();
    let plan = Plan {
        from: shifts.first().map_or(now, |first| first.from),
        until: shifts.iter().map(|it| it.until).max().unwrap_or(now + 1),
        shifts,
    };
    let command = Command::Roster(plan);
    let entry = context.desk.act(line.line, actor, command).await?;
    Ok(Answer(accepted(entry.as_deref())))
}

/// A shift, as the API shows it.
pub fn shift(shift: &fact::Shift) -> Shift {
    Shift {
        from_ms: shift.from,
        from: rfc3339(shift.from),
        until_ms: shift.until,
        until: rfc3339(shift.until),
        officer: shift.officer.clone(),
    }
}

fn gap(gap: &roster::Gap) -> Gap {
    Gap {
        from_ms: gap.from,
        from: rfc3339(gap.from),
        until_ms: gap.until,
        until: gap.until.map(rfc3339),
    }
}

fn standing(it: &roster::Standing) -> Roster {
    Roster {
        entry: it.id.to_string(),
        actor: actor(&it.by),
        signed_ms: it.signed,
        signed: rfc3339(it.signed),
        from_ms: it.roster.from,
        until_ms: it.roster.until,
        shifts: it.roster.shifts.iter().map(shift).collect(),
    }
}

impl View<'_> {
    /// Who is to be on watch for a party.
    pub(super) fn planned(&self, planned: &verdict::Planned) -> Planned {
        let outlook = planned.outlook.as_ref();
        let found = outlook.and_then(|it| it.gap.as_ref());
        let state = match (planned.rosters.is_empty(), outlook, found) {
            (true, ..) => "no-roster",
            (false, None, _) => "clock-in-doubt",
            (false, Some(_), Some(_)) => "gap",
            (false, Some(_), None) => "planned",
        };
        Planned {
            party: self.party(planned.party),
            state: state.to_owned(),
            now: outlook.and_then(|it| it.now.as_ref()).map(shift),
            next: outlook.and_then(|it| it.next.as_ref()).map(shift),
            gap: found.map(gap),
            not_taken: planned.untaken.as_ref().map(shift),
        }
    }
}
