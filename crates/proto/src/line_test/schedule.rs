//! When a test of the line is due, and when one was missed.
//!
//! The wall clock says whose turn it is, and nothing else; every length of time is by the monotonic clock. So a clock that
//! is a day wrong, jumps or stands still moves tests within their cadence and stops none (OL-753).

use crate::contract::Moment;

/// An hour.
const HOUR: u64 = 3_600_000;

/// What the parties agreed on, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// How often a test begins, by one side or the other.
    pub cadence: u64,
    /// How long a test has until the machine's answer.
    pub lasts: u64,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            cadence: HOUR,
            lasts: 120_000,
        }
    }
}

impl Figures {
    /// Figures that make sense: a cadence of at least a minute and at most a day, and a test that lasts a quarter of it at most.
    pub fn new(cadence: u64, lasts: u64) -> Option<Self> {
        let is_right = (60_000..=24 * HOUR).contains(&cadence);
        let fits = (1..=cadence / 4).contains(&lasts);
        (is_right && fits).then_some(Self { cadence, lasts })
    }

    /// How long a person has from the text on.
    pub fn person_lasts(&self) -> u64 {
        self.cadence / 4
    }
}

/// A time of the monotonic clock, below zero for what was before it began.
pub(super) type Time = i64;

/// The timetable of a line, as one boot keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    figures: Figures,
    /// Our party's place in the charter, and how many there are.
    place: u64,
    parties: u64,
    began: Time,
    /// Our party's last call-up by the timetable: its turn and when it was stored.
    own: Option<(u64, Time)>,
    /// When the other party's last call-up was stored.
    theirs: Option<Time>,
    /// Up to when it was told that theirs are missed.
    told_until: Time,
    /// The last announced silence: from when until when, if it is over.
    silence: Option<(Time, Option<Time>)>,
}

impl Schedule {
    /// A timetable of which nothing is known yet.
    pub fn new(figures: Figures, place: usize, parties: usize, now: u64) -> Self {
        Self {
            figures,
            place: place as u64,
            parties: (parties as u64).max(1),
            began: time(now),
            own: None,
            theirs: None,
            told_until: Time::MIN,
            silence: None,
        }
    }

    /// What was agreed on.
    pub fn figures(&self) -> Figures {
        self.figures
    }

    /// Our party's place in the charter, and how many there are.
    pub fn place(&self) -> (u64, u64) {
        (self.place, self.parties)
    }

    /// The line is open from now on: nothing was late before.
    pub fn begin(&mut self, now: u64) {
        self.began = time(now);
    }

    /// From one test of a party to its next.
    fn period(&self) -> Time {
        time(self.figures.cadence.saturating_mul(self.parties))
    }

    fn half(&self) -> Time {
        time(self.figures.cadence / 2)
    }

    /// A boot of our party called up, so long ago.
    pub fn own_called(&mut self, turn: u64, now: u64, age: u64) {
        let stored = time(now) - time(age);
        if self.own.is_none_or(|(_, last)| last <= stored) {
            self.own = Some((turn, stored));
        }
    }

    /// The other party called up, so long ago.
    pub fn they_called(&mut self, now: u64, age: u64) {
        let stored = time(now) - time(age);
        self.theirs = Some(self.theirs.map_or(stored, |last| last.max(stored)));
    }

    /// When the other party's next call-up is missed. What was late before we began was not for us to hear.
    pub(super) fn theirs_by(&self) -> Time {
        let after = |called: Time| called + self.period() + time(self.figures.lasts);
        let heard = self.theirs.map(after);
        let heard = heard.filter(|by| *by >= self.began + time(self.figures.lasts));
        let by = heard.unwrap_or_else(|| after(self.began));
        by.max(self.told_until)
    }

    /// An announced silence, of either side, begins to be in force.
    pub fn silence_begins(&mut self, now: u64) {
        self.silence = Some((time(now), None));
    }

    /// None is in force any more.
    pub fn silence_ends(&mut self, now: u64) {
        if let Some((_, until @ None)) = &mut self.silence {
            *until = Some(time(now));
        }
    }

    /// Whether a silence was in force in this length of time until now.
    pub fn is_excused(&self, now: u64, length: u64) -> bool {
        let from = time(now) - time(length);
        self.silence
            .is_some_and(|(_, until)| until.is_none_or(|until| until >= from))
    }

    /// The turn for which our party is to call up now, and how many of its turns before were missed.
    pub fn due(&self, now: u64, wall: u64) -> Option<(u64, u64)> {
        let turn = wall / self.figures.cadence;
        let is_ours = turn % self.parties == self.place;
        let (last, since) = match self.own {
            Some((last, at)) => (Some(last), time(now) - at),
            None => (None, Time::MAX),
        };
        let waited = since.min(time(now) - self.began);
        let is_long = waited >= self.period() + self.half();
        let is_new = is_ours && last != Some(turn) && since >= self.half();
        (is_new || is_long).then(|| (turn, self.missed(since)))
    }

    fn missed(&self, since: Time) -> u64 {
        if since == Time::MAX {
            return 0;
        }
        let turns = (since + self.half()) / self.period();
        u64::try_from(turns - 1).unwrap_or(0)
    }

    /// Whether the other party's call-up is missed now; the next one is waited for from here on.
    pub fn theirs_missed(&mut self, now: u64) -> bool {
        let (now, by) = (time(now), self.theirs_by());
        if now < by {
            return false;
        }
        let periods = (now - by) / self.period() + 1;
        self.told_until = by + periods * self.period();
        true
    }

    /// When to look again, by the monotonic clock: now, if something is due; else at the next turn by the wall clock, or when
    /// something is late. No call-up is due before `not_before`.
    pub fn look_at(&self, now: Moment, not_before: u64) -> u64 {
        let (now, wall) = (now.monotonic, now.wall);
        let is_due = self.due(now, wall).is_some();
        if is_due && not_before <= now || time(now) >= self.theirs_by() {
            return now;
        }
        let cadence = self.figures.cadence;
        let next_turn = now.saturating_add(cadence - wall % cadence);
        let last = self.own.map_or(self.began, |(_, at)| at.max(self.began));
        let times = [
            self.theirs_by(),
            last + self.half(),
            last + self.period() + self.half(),
            time(not_before),
        ];
        let late = times.into_iter().filter_map(|at| u64::try_from(at).ok());
        let late = late.filter(|&at| at > now).min();
        late.map_or(next_turn, |at| at.min(next_turn))
    }
}

fn time(ms: u64) -> Time {
    // Far beyond any clock, and so that sums of a few do not overflow.
    Time::try_from(ms)
        .unwrap_or(Time::MAX / 8)
        .min(Time::MAX / 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(place: usize) -> Schedule {
        Schedule::new(Figures::default(), place, 2, 0)
    }

    /// OL-751
    #[test]
    fn the_first_party_has_even_hours_and_the_second_odd_ones() {
        for hour in 0..48 {
            let wall = hour * HOUR + 5_000;
            let due = |place| schedule(place).due(0, wall).is_some();
            assert_eq!(due(0), hour % 2 == 0, "{hour}");
            assert_eq!(due(1), hour % 2 == 1, "{hour}");
        }
    }

    /// OL-752: a station that slept for nine hours tests once and says what it missed.
    #[test]
    fn what_was_missed_is_reported_and_not_repeated() {
        let mut schedule = schedule(0);
        schedule.own_called(0, 0, 0);
        assert_eq!(schedule.due(HOUR / 4, HOUR / 4), None);
        assert_eq!(schedule.due(10 * HOUR, 10 * HOUR), Some((10, 4)));
        schedule.own_called(10, 10 * HOUR, 0);
        assert_eq!(schedule.due(10 * HOUR + 1, 10 * HOUR + 1), None);
        assert_eq!(schedule.due(12 * HOUR, 12 * HOUR), Some((12, 0)));
    }

    /// OL-752: it was the boot before that called up in this hour.
    #[test]
    fn a_restart_in_the_same_hour_calls_up_no_second_time() {
        let mut again = Schedule::new(Figures::default(), 0, 2, 40_000);
        again.own_called(6, 40_000, 1_800_000);
        assert_eq!(again.due(40_000, 6 * HOUR + 1_900_000), None);
        let two_later = 40_000 + 2 * HOUR - 1_900_000;
        assert_eq!(again.due(two_later, 8 * HOUR), Some((8, 0)));
    }

    /// OL-753
    #[test]
    fn a_clock_that_stands_still_or_jumps_a_day_stops_nothing() {
        for jump in [0, 24 * HOUR, 23 * HOUR] {
            let mut still = schedule(0);
            still.own_called(100, 0, 0);
            let wall = 100 * HOUR - jump;
            let tests = (0..240).filter(|minutes| {
                let now = minutes * HOUR / 10;
                let due = still.due(now, wall);
                if let Some((turn, _)) = due {
                    still.own_called(turn, now, 0);
                }
                due.is_some()
            });
            assert!((8..=13).contains(&tests.count()), "{jump}");
        }
    }

    /// OL-752: every minute another hour of ours, by a clock that can't make up its mind.
    #[test]
    fn a_clock_that_jumps_to_and_fro_makes_no_burst() {
        let mut schedule = schedule(0);
        let minutes = (0..600).filter(|minute| {
            let now = minute * 60_000;
            let due = schedule.due(now, (100 + 2 * (minute % 2)) * HOUR);
            if let Some((turn, _)) = due {
                schedule.own_called(turn, now, 0);
            }
            due.is_some()
        });
        let called: Vec<u64> = minutes.collect();
        assert!(called.windows(2).all(|pair| pair[1] - pair[0] >= 30));
        assert!(called.len() > 10);
    }

    /// OL-757
    #[test]
    fn a_call_up_that_does_not_come_is_missed_once_for_each_turn() {
        let mut schedule = schedule(0);
        schedule.they_called(HOUR, 0);
        let lasts = Figures::default().lasts;
        assert!(!schedule.theirs_missed(3 * HOUR + lasts - 1));
        assert!(schedule.theirs_missed(3 * HOUR + lasts));
        assert!(!schedule.theirs_missed(3 * HOUR + lasts));
        assert!(schedule.theirs_missed(10 * HOUR));
        assert!(!schedule.theirs_missed(10 * HOUR + 1));
    }

    /// OL-751 OL-756
    #[test]
    fn figures_that_make_no_sense_are_refused() {
        assert!(Figures::new(HOUR, HOUR / 4).is_some());
        for (cadence, lasts) in [
            (59_999, 1_000),
            (25 * HOUR, 1_000),
            (HOUR, 0),
            (HOUR, HOUR / 4 + 1),
        ] {
            assert!(Figures::new(cadence, lasts).is_none(), "{cadence} {lasts}");
        }
    }
}
