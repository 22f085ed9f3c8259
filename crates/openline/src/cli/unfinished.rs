//! Lines of a home that its running station knows nothing of: offers that wait for their answers, and lines that were
//! completed behind its back. The station can't tell of them; the home's files do.

use openline_wire::ids::LineId;
use openline_wire::language::LocalNames;

use super::context::Context;
use super::identity_text;
use super::output::NotRunning;
use crate::api::types::Status;
use crate::ceremony::{WaitingLine, load_lines};
use crate::home::Home;

/// By the other parties' names.
#[derive(Default)]
pub struct Unfinished {
    /// Whom we offered a line, and who has not answered.
    pub waiting: Vec<NotRunning>,
    /// With whom a line is complete here that the station does not have.
    pub left_out: Vec<NotRunning>,
}

impl Unfinished {
    /// Looks into the home. A home that can't be read is the matter of `doctor`.
    pub fn of(context: &Context<'_>, status: &Status) -> Self {
        let Ok(home) = Home::open(&context.home) else {
            return Self::default();
        };
        let (Ok(lines), Ok(own)) = (load_lines(&home), home.card()) else {
            return Self::default();
        };
        let peer = |line: &WaitingLine| {
            let mut parties = line.charter.parties.iter();
            let peer = parties.find(|party| party.id != own.party());
            let name = peer.map_or_else(|| line.line.short(), |it| name(context, &it.names));
            NotRunning::new(line.line, name)
        };
        // Without a store the station has no lines at all, and says so.
        let is_running = status.station.state == "running";
        let is_left_out = |line: &LineId| {
            let id = line.to_string();
            is_running && !status.lines.iter().any(|known| known.line == id)
        };
        let left_out = lines.open.iter().filter(|it| is_left_out(&it.line));
        Self {
            waiting: lines.waiting.iter().map(peer).collect(),
            left_out: left_out
                .map(|it| NotRunning::new(it.line, name(context, it.peer.card.names())))
                .collect(),
        }
    }

    /// Those that are meant: by the other party's name, or by id.
    pub fn only(mut self, wanted: Option<&str>) -> Self {
        let is_meant = |line: &NotRunning| {
            wanted.is_none_or(|wanted| line.name == wanted || line.line == wanted)
        };
        self.waiting.retain(is_meant);
        self.left_out.retain(is_meant);
        self
    }

    /// For `status`.
    pub fn describe(&self, context: &Context<'_>) -> Vec<String> {
        let fill = |id: &str, line: &NotRunning| {
            let blanks = [
                ("party", line.name.clone().into()),
                ("openline", context.program().into()),
            ];
            context.words.fill(id, &blanks)
        };
        let mut out = Vec::new();
        for party in &self.left_out {
            out.push(context.paint.bad(&fill("status-left-out", party)));
            out.push(format!("  {}", fill("status-left-out-do", party)));
        }
        for party in &self.waiting {
            out.push(fill("status-waiting", party));
            out.push(format!("  {}", fill("status-waiting-do", party)));
        }
        out
    }
}

fn name(context: &Context<'_>, names: &LocalNames) -> String {
    identity_text::name(context, names)
}
