//! What officers plan and practise: rosters, and exercises that both sides agree on.

use openline_proto::contract::{Command, Plan};
use openline_proto::exercise::request::Request;
use openline_seal::Agreement;
use openline_wire::fact::Shift;
use openline_wire::ids::EntryId;

use super::officer;
use crate::world::World;

impl<A: Agreement> World<A> {
    /// Shifts that began a while ago or begin now, one after the other and now and then with a gap; or what stands is taken back.
    pub(super) fn roster(&mut self, at: usize) -> Command {
        let before = self.dice.below(3_600_000);
        let begin = self.moment(at).wall.saturating_sub(before);
        let mut shifts = Vec::new();
        let mut from = begin;
        for _ in 0..self.dice.below(4) {
            let lengths = [60_000, 3_600_000, 86_400_000];
            let until = from + self.dice.pick(&lengths).unwrap_or(60_000);
            let officer = officer(self.dice.below(3)).name;
            shifts.push(Shift {
                from,
                until,
                officer,
            });
            from = until + self.dice.pick(&[0, 0, 600_000]).unwrap_or(0);
        }
        let until = shifts.last().map_or(begin + 1, |last: &Shift| last.until);
        Command::Roster(Plan {
            from: begin,
            until,
            shifts,
        })
    }

    /// A proposal, as often as not the acceptance of one, and an end of whatever there is.
    pub(super) fn exercise(&mut self, at: usize) -> Option<Command> {
        let moment = self.moment(at);
        let running = self.machines[at].running.as_ref()?;
        let shown = running.station.status(moment)?.exercises;
        let proposed: Vec<EntryId> = shown.iter().map(|it| it.proposed.id).collect();
        let request = match self.dice.below(5) {
            0 | 1 => Request::Propose(self.dice.pick(&[60_000, 3_600_000])?),
            2 | 3 => Request::Accept(self.dice.pick(&proposed)?),
            _ => Request::End,
        };
        let text = match request {
            Request::Propose(_) => "A fire is reported.",
            _ => "",
        };
        Some(Command::Exercise {
            request,
            text: text.into(),
            language: "en".into(),
        })
    }
}
