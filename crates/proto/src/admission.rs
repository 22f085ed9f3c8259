//! How much is taken in from a peer that may send as much as it likes: so much at once, then a little more every so
//! often. What is not taken in is not confirmed, so it comes again; nothing is lost, and the sender's disk carries it.

use openline_wire::codes::Stream;
use openline_wire::entry::Entry;
use openline_wire::fact::Fact;

use crate::log::Room;

/// New boots of the peer's that may come at once: a machine that crashed for hours while the line was down is caught up
/// with. Each costs a little memory for as long as we run.
const BOOTS_AT_ONCE: u64 = 1_024;

/// Then one more: no machine starts anew every second for long.
const ONE_MORE_BOOT_MS: u64 = 1_000;

/// A start that names so many chains counts for one boot more: an honest one names those of the boot before it, and what it names is
/// walked through again and again.
const NAMES: u64 = 16;

/// Urgent entries of the peer's, rings and proposals among them, that may come at once, in units: those of years, when
/// this station was restored from an old backup. They are 64 MiB on its disk.
const URGENT_AT_ONCE: u64 = 65_536;

/// Then one more unit: people do not ring and propose every second for long. It is 86 MB a day.
const ONE_MORE_URGENT_MS: u64 = 1_000;

/// The same of all other entries: 1 GiB.
const OTHERS_AT_ONCE: u64 = 1 << 20;

/// It is 864 MB a day.
const ONE_MORE_OTHER_MS: u64 = 100;

/// What a whole list of chains implies is looked at so often: it may take a millisecond or two, by what its sender wrote.
const WHOLE_LIST_MS: u64 = 20;

/// What an entry counts for is in units of so many bytes.
const UNIT: u64 = 1_024;

/// That more was sent than was taken in is said for so long after the last of it: a sender tries again within it.
const SAID_FOR_MS: u64 = 30_000;

/// What is taken in of the peer's on one line.
#[derive(Clone, Copy, Debug)]
pub struct Admissions {
    boots: Admission,
    urgent: Admission,
    others: Admission,
    left_out: Option<u64>,
    whole_list_due: u64,
}

impl Admissions {
    /// All that may come at once.
    pub fn new(now: u64) -> Self {
        Self {
            boots: Admission::new(BOOTS_AT_ONCE, ONE_MORE_BOOT_MS, now),
            urgent: Admission::new(URGENT_AT_ONCE, ONE_MORE_URGENT_MS, now),
            others: Admission::new(OTHERS_AT_ONCE, ONE_MORE_OTHER_MS, now),
            left_out: None,
            whole_list_due: now,
        }
    }

    /// Whether any entry of this stream would be taken in. That it would not is remembered.
    pub fn has_room(&mut self, stream: Stream, now: u64) -> bool {
        let has_room = self.of(stream).has_room(now);
        if !has_room {
            self.left_out = Some(now);
        }
        has_room
    }

    /// Whether an entry of the peer's is taken in; if so, it is counted.
    pub fn admit(&mut self, entry: &Entry, room: Room, now: u64) -> bool {
        let stream = entry.header().stream;
        let has_room = self.has_room(stream, now);
        let boot_fits = match room {
            Room::Known => true,
            Room::Free => has_room && self.boots.admit(now, boots(entry)),
            Room::Full => false,
        };
        if !boot_fits {
            self.left_out = Some(now);
        }
        has_room && boot_fits && self.of(stream).admit(now, units(entry))
    }

    /// Whether a whole list of chains that comes now is looked at for what it implies; if so, the next will be a little later.
    pub fn reads_whole_list(&mut self, now: u64) -> bool {
        let is_due = self.whole_list_due <= now;
        if is_due {
            self.whole_list_due = now + WHOLE_LIST_MS;
        }
        is_due
    }

    fn of(&mut self, stream: Stream) -> &mut Admission {
        match stream {
            Stream::Urgent => &mut self.urgent,
            _ => &mut self.others,
        }
    }

    /// Whether more was sent a moment ago than was taken in.
    pub fn is_flooded(&self, now: u64) -> bool {
        self.left_out.is_some_and(|at| now < at + SAID_FOR_MS)
    }
}

/// How many boots an entry counts for that adds one.
fn boots(entry: &Entry) -> u64 {
    match entry.fact() {
        Fact::Start(start) => 1 + start.frontier.len() as u64 / NAMES,
        _ => 1,
    }
}

fn units(entry: &Entry) -> u64 {
    let body = entry.body().map_or(0, |body| body.content.len());
    let bytes = entry.header_bytes().len() + body;
    1 + bytes as u64 / UNIT
}

/// What is left to be admitted.
#[derive(Clone, Copy, Debug)]
pub struct Admission {
    at_once: u64,
    one_more_ms: u64,
    /// Below zero after one that counted for more than was left.
    left: i64,
    counted: u64,
}

impl Admission {
    /// All that may come at once.
    pub fn new(at_once: u64, one_more_ms: u64, now: u64) -> Self {
        Self {
            at_once,
            one_more_ms,
            left: signed(at_once),
            counted: now,
        }
    }

    /// Whether one more is admitted; if so, it is counted as so many.
    pub fn admit(&mut self, now: u64, units: u64) -> bool {
        let admitted = self.has_room(now);
        if admitted {
            self.left = self.left.saturating_sub(signed(units));
        }
        admitted
    }

    /// Whether one more would be admitted.
    pub fn has_room(&mut self, now: u64) -> bool {
        let more = now.saturating_sub(self.counted) / self.one_more_ms;
        let more_units = self.left.saturating_add(signed(more));
        self.left = more_units.min(signed(self.at_once));
        self.counted += more * self.one_more_ms;
        self.left > 0
    }
}

fn signed(units: u64) -> i64 {
    i64::try_from(units).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OL-444
    #[test]
    fn a_flood_of_boots_is_followed_at_one_a_second_and_an_old_crowd_at_once() {
        let mut admission = Admission::new(BOOTS_AT_ONCE, ONE_MORE_BOOT_MS, 0);
        let admitted = |admission: &mut Admission, from: u64, to: u64| {
            (from..to).filter(|&now| admission.admit(now, 1)).count() as u64
        };
        assert_eq!(admitted(&mut admission, 0, 60_000), BOOTS_AT_ONCE + 59);
        assert_eq!(admitted(&mut admission, 60_000, 70_000), 10);
        let later = 70_000 + 10 * BOOTS_AT_ONCE * ONE_MORE_BOOT_MS;
        assert_eq!(
            admitted(&mut admission, later, later + 5_000),
            BOOTS_AT_ONCE + 4
        );
    }

    /// OL-445: what a flood of a day may take of the disk, in KiB, and that one stream takes no room of the other.
    #[test]
    fn a_flood_takes_what_is_stated_and_no_more() {
        let mut admissions = Admissions::new(0);
        for (stream, at_once, then) in [
            (Stream::Urgent, 65_536, 86_400),
            (Stream::Traffic, 1 << 20, 864_000),
        ] {
            let step = |now: &u64| {
                admissions.has_room(stream, *now) && admissions.of(stream).admit(*now, 3)
            };
            let taken = 3 * (0..86_400_000).step_by(100).filter(step).count() as u64;
            let stated = at_once + then;
            assert!(
                (stated - 10..=stated + 3).contains(&taken),
                "{taken} of {stated}"
            );
        }
    }

    /// OL-445: said while it lasts, and not for ever.
    #[test]
    fn a_flood_is_said_while_it_lasts() {
        let mut admissions = Admissions::new(0);
        assert!(!admissions.is_flooded(0));
        assert!(admissions.of(Stream::Urgent).admit(0, URGENT_AT_ONCE));
        assert!(admissions.has_room(Stream::Traffic, 500) && !admissions.is_flooded(500));
        assert!(!admissions.has_room(Stream::Urgent, 500));
        assert!(admissions.is_flooded(30_000) && !admissions.is_flooded(31_000));
    }
}
