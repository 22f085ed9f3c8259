//! Two real cores on a virtual clock with two bearers between them, one fast and one slow: what is urgent goes on both, and a cut of the
//! fast one costs no message more than the slow one's own time.

use std::collections::BTreeMap;

use openline_proto::config::Cadences;
use openline_proto::contract::{Command, Event, Input, Moment, Route};
use openline_sim::disk::Disk;
use openline_sim::station::{Begin, Node, Station, opened_line};
use openline_wire::codes::{Attestation, Kind, Mark, Precedence};
use openline_wire::header::Actor;
use openline_wire::ids::{BootId, EntryId};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

const WASHINGTON: usize = 0;
const MOSCOW: usize = 1;

/// Each is a bearer of its own, with frame keys of its own (rule 1).
const FAST: usize = 0;
const SLOW: usize = 1;

/// One way, in milliseconds.
const DELAYS: [u64; 2] = [20, 300];

/// What a machine may need beside the way.
const STEPS_MS: u64 = 3;

/// The way over a bearer; both are ways of the first one where that is so.
fn way(which: usize, is_one_bearer: bool) -> Route {
    let number = u8::try_from(which).expect("two");
    Route {
        bearer: if is_one_bearer { 0 } else { number },
        path: number.into(),
    }
}

fn at(ms: u64) -> Moment {
    Moment {
        monotonic: ms,
        wall: 1_800_000_000_000 + ms,
    }
}

struct Bearers {
    stations: [Station; 2],
    flying: Vec<(u64, usize, Route, Vec<u8>)>,
    now: u64,
    rng: ChaCha20Rng,
    /// Frames that a bearer loses, in thousandths.
    loss_permille: [u64; 2],
    /// By bearer: what this station sends on it is lost.
    is_cut_from: [[bool; 2]; 2],
    /// Frames sent on each bearer.
    frames: [u64; 2],
    /// When each message was stored at its author's, and first at the other side.
    said: BTreeMap<EntryId, u64>,
    received: BTreeMap<EntryId, Vec<u64>>,
}

impl Bearers {
    /// A line that has been open for a while.
    fn open() -> Self {
        let mut bearers = Self::begin(false);
        bearers.run(60_000);
        assert_eq!(bearers.in_use(WASHINGTON), FAST);
        assert_eq!(bearers.in_use(MOSCOW), FAST);
        bearers
    }

    /// Both stations are switched on at this moment.
    fn begin(is_one_bearer: bool) -> Self {
        let (one, other) = opened_line(Cadences::default());
        let start = |node: &Node, boot: u8| {
            let boot = BootId([boot; 16]);
            let begin = Begin {
                boot,
                sealing_boot: boot,
                seed: [boot.0[0]; 32],
                hints: [FAST, SLOW].map(|it| way(it, is_one_bearer)).to_vec(),
                asks_for_generation: false,
            };
            Station::begin(node, Disk::default(), &begin, at(0))
        };
        Self {
            stations: [start(&one, 1), start(&other, 2)],
            flying: Vec::new(),
            now: 0,
            rng: ChaCha20Rng::seed_from_u64(11),
            loss_permille: [0; 2],
            is_cut_from: [[false; 2]; 2],
            frames: [0; 2],
            said: BTreeMap::new(),
            received: BTreeMap::new(),
        }
    }

    /// The bearer on which a station speaks.
    fn in_use(&self, station: usize) -> usize {
        let status = self.stations[station].status(at(self.now));
        let ways = status.expect("it has the line").ways;
        let used = ways.iter().find(|way| way.in_use);
        used.expect("one is").route.path as usize
    }

    fn cut(&mut self, bearer: usize, is_cut: bool) {
        self.is_cut_from[bearer] = [is_cut; 2];
    }

    fn run(&mut self, ms: u64) {
        for _ in 0..ms {
            self.now += 1;
            self.step();
        }
    }

    fn step(&mut self) {
        let now = self.now;
        let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.flying)
            .into_iter()
            .partition(|(due, ..)| *due <= now);
        self.flying = later;
        for (_, to, route, bytes) in due {
            self.stations[to].handle(at(now), Input::Frame { route, bytes });
        }
        for from in 0..2 {
            assert!(self.stations[from].pump(at(now), &mut u64::MAX.clone()));
            for (route, bytes) in std::mem::take(&mut self.stations[from].sent) {
                let bearer = route.path as usize;
                self.frames[bearer] += 1;
                let is_lost = u64::from(self.rng.next_u32()) % 1_000 < self.loss_permille[bearer];
                if !is_lost && !self.is_cut_from[bearer][from] {
                    let due = now + DELAYS[bearer];
                    self.flying.push((due, 1 - from, route, bytes));
                }
            }
        }
        self.take_note();
    }

    /// Of every message when it was stored where.
    fn take_note(&mut self) {
        for station in &mut self.stations {
            let own = station.author();
            for event in std::mem::take(&mut station.told) {
                let Event::Stored(stored) = event else {
                    continue;
                };
                let (header, id) = (stored.entry.header(), stored.entry.id());
                if header.kind != Kind::Message {
                    continue;
                }
                match header.author == own {
                    true => _ = self.said.insert(id, self.now),
                    false => self.received.entry(id).or_default().push(self.now),
                }
            }
        }
    }

    fn say(&mut self, station: usize, precedence: Precedence) {
        let command = Command::Say {
            language: "en".into(),
            text: format!("Message of {} ms", self.now),
            precedence,
            mark: Mark::Real,
            reply_to: None,
            files: Vec::new(),
        };
        let now = at(self.now);
        self.stations[station].command(now, self.now, command);
    }

    /// One message each hundred milliseconds.
    fn stream(&mut self, precedence: Precedence, count: u64) {
        for _ in 0..count {
            self.say(WASHINGTON, precedence);
            self.run(100);
        }
    }

    /// How long each message was under way; every one came, and none twice.
    fn delays(&self) -> Vec<u64> {
        let delay = |(entry, said): (&EntryId, &u64)| {
            let received = self.received.get(entry).map(Vec::as_slice);
            match received {
                Some([at]) => at - said,
                other => panic!("said at {said} ms, received {other:?}"),
            }
        };
        self.said.iter().map(delay).collect()
    }

    fn longest(&self) -> u64 {
        self.delays().into_iter().max().expect("messages")
    }
}

/// OL-439
#[test]
fn a_flash_is_no_later_than_on_the_slow_bearer_whichever_is_cut_and_in_which_direction() {
    for (bearer, from) in [(FAST, 0), (FAST, 1), (FAST, 2), (SLOW, 2)] {
        let mut bearers = Bearers::open();
        bearers.stream(Precedence::Flash, 20);
        assert!(bearers.longest() <= DELAYS[FAST] + STEPS_MS);
        match from {
            2 => bearers.cut(bearer, true),
            from => bearers.is_cut_from[bearer][from] = true,
        }
        bearers.stream(Precedence::Flash, 200);
        bearers.run(2_000);
        let longest = bearers.longest();
        let most = DELAYS[SLOW] + STEPS_MS;
        assert!(longest <= most, "{longest} ms, {bearer} cut from {from}");
    }
}

/// OL-439: at whatever moment of a message's way the fast bearer goes.
#[test]
fn a_flash_is_no_later_than_on_the_slow_bearer_at_whatever_moment_the_fast_one_is_cut() {
    for moment in [0, 19, 21, 60] {
        let mut bearers = Bearers::open();
        bearers.stream(Precedence::Flash, 10);
        bearers.say(WASHINGTON, Precedence::Flash);
        bearers.run(moment);
        bearers.cut(FAST, true);
        bearers.run(100 - moment);
        bearers.stream(Precedence::Flash, 50);
        bearers.run(2_000);
        let longest = bearers.longest();
        let most = DELAYS[SLOW] + STEPS_MS;
        assert!(longest <= most, "{longest} ms, cut after {moment} ms");
    }
}

/// OL-439: one of many is lost on the fast bearer; nobody waits for the second try.
#[test]
fn a_flash_that_is_lost_on_one_bearer_comes_on_the_other() {
    let mut bearers = Bearers::open();
    bearers.loss_permille[FAST] = 700;
    bearers.stream(Precedence::Flash, 300);
    bearers.run(2_000);
    assert!(bearers.longest() <= DELAYS[SLOW] + STEPS_MS);
}

/// OL-439: what is not urgent is lost once at most before it goes on both.
#[test]
fn a_routine_message_waits_for_one_second_try_when_the_fast_bearer_is_cut() {
    for from in [0, 1, 2] {
        let mut bearers = Bearers::open();
        bearers.stream(Precedence::Routine, 20);
        match from {
            2 => bearers.cut(FAST, true),
            from => bearers.is_cut_from[FAST][from] = true,
        }
        bearers.stream(Precedence::Routine, 200);
        bearers.run(5_000);
        let longest = bearers.longest();
        // A timeout of the fast bearer, at its longest before it counts as dead, and the slow one's own time.
        assert!(
            longest <= 1_000 + DELAYS[SLOW] + STEPS_MS,
            "{longest} ms, cut from {from}"
        );
    }
}

/// OL-439: a thin bearer is left to what is urgent.
#[test]
fn what_is_not_urgent_and_arrives_goes_on_one_bearer_alone() {
    let mut bearers = Bearers::open();
    let before = bearers.frames;
    bearers.run(20_000);
    let at_rest = bearers.frames[SLOW] - before[SLOW];
    let before = bearers.frames;
    bearers.stream(Precedence::Routine, 200);
    let beside = bearers.frames[SLOW] - before[SLOW];
    assert!(beside <= at_rest + 2, "{beside} frames, {at_rest} at rest");
    let before = bearers.frames;
    bearers.stream(Precedence::Flash, 50);
    bearers.run(1_000);
    let beside = bearers.frames[SLOW] - before[SLOW];
    assert!((90..=150).contains(&beside), "{beside} frames for 50");
}

/// OL-458: a test of the line goes over the slow bearer, too, and what comes back there says so.
#[test]
fn a_test_of_the_line_visits_the_bearer_that_is_not_in_use() {
    let mut bearers = Bearers::open();
    let tested = |bearers: &Bearers| {
        let status = bearers.stations[WASHINGTON].status(at(bearers.now));
        let ways = status.expect("it has the line").ways;
        let of = |bearer| ways.iter().find(|way| way.route.path as usize == bearer);
        [FAST, SLOW].map(|it| of(it).expect("it is known").tested)
    };
    let test = |bearers: &mut Bearers| {
        let jones = Actor {
            name: "Maj. Jones".into(),
            attestation: Attestation::Claimed,
            evidence: String::new(),
        };
        let (now, ticket) = (at(bearers.now), bearers.now);
        bearers.stations[WASHINGTON].command_by(jones, now, ticket, Command::TestNow);
        bearers.run(10_000);
    };
    let began = at(bearers.now).wall;
    test(&mut bearers);
    let first = tested(&bearers);
    assert!(first.iter().all(|it| *it >= Some(began)), "{first:?}");
    bearers.cut(SLOW, true);
    // Nobody tests a line more often than once a minute.
    bearers.run(60_000);
    test(&mut bearers);
    let [fast, slow] = tested(&bearers);
    assert!(fast > first[FAST], "{fast:?}");
    assert_eq!(slow, first[SLOW], "nothing came back on the slow one");
    assert_eq!(bearers.in_use(WASHINGTON), FAST);
}

/// OL-439: nobody is moved to the slow bearer by what is only a copy.
#[test]
fn copies_leave_the_line_on_the_bearer_in_use() {
    let mut bearers = Bearers::open();
    for _ in 0..100 {
        bearers.say(WASHINGTON, Precedence::Flash);
        bearers.run(700);
        bearers.say(MOSCOW, Precedence::Flash);
        bearers.run(700);
        let used = [WASHINGTON, MOSCOW].map(|it| bearers.in_use(it));
        assert_eq!(used, [FAST; 2], "at {} ms", bearers.now);
    }
}

/// OL-439: whoever names addresses of others in his line file must not have us flood them.
#[test]
fn a_bearer_on_which_nobody_ever_answered_gets_questions_alone() {
    let mut bearers = Bearers::begin(false);
    bearers.cut(SLOW, true);
    bearers.run(30_000);
    let before = bearers.frames[SLOW];
    bearers.stream(Precedence::Flash, 100);
    bearers.stream(Precedence::Routine, 100);
    let beside = bearers.frames[SLOW] - before;
    assert!(beside <= 10, "{beside} frames for 200 messages");
}

/// OL-437: what goes on both ways of one bearer hides no loss of the one in use.
#[test]
fn copies_do_not_hide_what_is_lost() {
    let mut bearers = Bearers::begin(true);
    bearers.run(60_000);
    bearers.loss_permille[FAST] = 300;
    bearers.stream(Precedence::Flash, 300);
    let status = bearers.stations[WASHINGTON].status(at(bearers.now));
    let loss = status.and_then(|status| status.loss_permille);
    assert!(loss.is_some_and(|loss| loss >= 80), "{loss:?} of 1000");
}

/// OL-439: a *have* of each urgent entry goes on every way, not every *have* after it.
#[test]
fn what_is_not_urgent_is_confirmed_on_one_way_right_after_a_flash_too() {
    let mut bearers = Bearers::open();
    bearers.stream(Precedence::Flash, 1);
    let before = bearers.frames[SLOW];
    bearers.stream(Precedence::Routine, 40);
    let beside = bearers.frames[SLOW] - before;
    // One of the five copies of the first FLASH may still be to come; and there are questions.
    assert!(beside <= 6, "{beside} frames");
}

/// OL-439: a bearer that is dead costs nothing but questions once that is in doubt.
#[test]
fn a_dead_bearer_gets_questions_alone() {
    let mut bearers = Bearers::open();
    bearers.cut(SLOW, true);
    bearers.run(60_000);
    let before = bearers.frames;
    bearers.stream(Precedence::Flash, 100);
    let beside = bearers.frames[SLOW] - before[SLOW];
    assert!(beside <= 10, "{beside} frames for 100");
    assert!(bearers.longest() <= DELAYS[FAST] + STEPS_MS);
}
