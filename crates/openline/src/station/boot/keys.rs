//! What follows when the keys of a line change: other tapes, other doors, and people who asked for it.

use openline_wire::ids::LineId;

use super::super::board::Noticed;
use super::super::lines;
use super::Boot;

impl Boot<'_> {
    /// What opens the doors of bearers with TLS changes with a line's keys.
    pub(super) fn tell_door(&self, line: &LineId) {
        let info = self.driver.board.line(line);
        if let (Some(info), Some(keys)) = (info, self.core.door_keys(line)) {
            self.driver.door.know(*line, info.peer, keys);
        }
    }

    pub(super) fn generation(&self, line: &LineId) -> u64 {
        let status = self.core.status(line, self.clock.now());
        status.map_or(0, |status| status.generation)
    }

    pub(super) fn keys_changed(&mut self, line: LineId, generation: u64, epoch: u64) {
        tracing::info!(line = %line.short(), generation, epoch, "keys changed");
        self.keep_tapes(line);
        self.tell_door(&line);
        if self.generations.insert(line, generation) < Some(generation) {
            self.notice(line, Noticed::KeysRenewed(self.core.author()));
        }
    }

    /// A new generation uses tapes up: their successors take their place.
    pub(super) fn keep_tapes(&self, line: LineId) {
        let boot = self.core.author().boot;
        if let Err(trouble) = lines::keep_tapes(&self.driver.home, self.store, boot, line) {
            tracing::error!(line = %line.short(), code = trouble.code, "the tapes could not be kept");
        }
    }
}
