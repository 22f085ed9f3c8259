//! What people do with tests of the line, beside what the timetable does.

use openline_proto::contract::Command;
use openline_proto::line_test::shown::Shown;
use openline_seal::Agreement;
use openline_wire::ids::EntryId;

use super::Action;
use crate::world::World;

impl<A: Agreement> World<A> {
    /// A test now; or the text of a test of theirs, for somebody to read, now and then of one that is long over, or of ours.
    pub(super) fn test_of(&mut self, at: usize, action: Action) -> Option<Command> {
        if let Action::TestNow = action {
            return Some(Command::TestNow);
        }
        let is_any = self.dice.chance(100);
        let tests = self.model.shown_tests.get(at)?.as_ref()?;
        let fits = |it: &&Shown| is_any || !it.is_ours && it.by_person.is_none();
        let texts = tests.latest.iter().filter(fits);
        let texts: Vec<EntryId> = texts.filter_map(|it| it.text.map(|it| it.entry)).collect();
        self.dice.pick(&texts).map(Command::TestRead)
    }
}
