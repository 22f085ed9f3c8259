//! Two real cores that test their line on a virtual clock: for a month, with a peer that dies, with a silence, over restarts.

use std::collections::{BTreeMap, BTreeSet};

use openline_proto::config::Cadences;
use openline_proto::contract::{Command, Event, Input, Moment, Refusal, Route};
use openline_proto::line_test::shown::{Shown, State, Tests};
use openline_proto::line_test::told::NotDone;
use openline_sim::disk::Disk;
use openline_sim::station::{LINE, Node, Station, opened_line};
use openline_wire::codes::{Attestation, SilenceReason};
use openline_wire::fact::{Fact, digest_of};
use openline_wire::header::Actor;
use openline_wire::ids::{BootId, Digest, EntryId};

const WASHINGTON: usize = 0;
const MOSCOW: usize = 1;

const WAY: Route = Route { bearer: 0, path: 0 };

/// Midnight of a day, UTC: an even hour, so Washington's.
const MIDNIGHT: u64 = 1_800_057_600_000;

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;
const LASTS: u64 = 120_000;

/// Two stations, a wire that takes 40 ms one way, and a clock that goes from one event to the next.
struct World {
    nodes: [Node; 2],
    stations: [Option<Station>; 2],
    disks: [Disk; 2],
    began: [u64; 2],
    boots: u8,
    flying: BTreeMap<(u64, u64), (usize, Vec<u8>)>,
    sent: u64,
    now: u64,
    /// How each tells that the tests stand.
    tests: [Option<Tests>; 2],
    /// What came of every test, as its own side told it last.
    came: [BTreeMap<EntryId, Shown>; 2],
    /// When each was first told that the peer missed one.
    missed: [Option<u64>; 2],
    /// Somebody in Moscow reads what comes.
    is_attended: bool,
    answers: BTreeMap<u64, Result<Option<EntryId>, Refusal>>,
}

impl World {
    fn new() -> Self {
        // Sparse echoes: a month has many.
        let nodes = opened_line(Cadences {
            echo: 60_000,
            silent_after: 180_000,
            ..Cadences::default()
        });
        let mut world = Self {
            nodes: nodes.into(),
            stations: [None, None],
            disks: Default::default(),
            began: [0; 2],
            boots: 0,
            flying: BTreeMap::new(),
            sent: 0,
            now: 0,
            tests: [None, None],
            came: Default::default(),
            missed: [None, None],
            is_attended: false,
            answers: BTreeMap::new(),
        };
        world.start(WASHINGTON);
        world.start(MOSCOW);
        world
    }

    fn moment(&self, which: usize) -> Moment {
        Moment {
            monotonic: self.now - self.began[which],
            wall: MIDNIGHT + self.now,
        }
    }

    fn start(&mut self, which: usize) {
        self.boots += 1;
        self.began[which] = self.now;
        let (disk, boot) = (self.disks[which].clone(), self.boots);
        let now = self.moment(which);
        let station = Station::start(
            &self.nodes[which],
            disk,
            BootId([boot; 16]),
            [boot; 32],
            now,
        );
        self.stations[which] = Some(station);
        self.tests[which] = None;
        self.pump(which);
    }

    fn stop(&mut self, which: usize) {
        let station = self.stations[which].take().expect("it runs");
        self.disks[which] = station.disk;
    }

    fn give(&mut self, which: usize, input: Input) {
        let now = self.moment(which);
        if let Some(station) = &mut self.stations[which] {
            station.handle(now, input);
            self.pump(which);
        }
    }

    fn command(&mut self, which: usize, command: Command) -> Result<Option<EntryId>, Refusal> {
        self.sent += 1;
        let (ticket, line) = (1_000 + self.sent, LINE);
        let actor = Actor {
            name: ["Maj. Jones", "Lt. Orlova"][which].into(),
            attestation: Attestation::Claimed,
            evidence: String::new(),
        };
        let input = Input::Command {
            ticket,
            line,
            actor,
            command,
        };
        self.give(which, input);
        self.answers
            .remove(&ticket)
            .expect("it is answered at once")
    }

    fn pump(&mut self, which: usize) {
        let now = self.moment(which);
        let Some(station) = &mut self.stations[which] else {
            return;
        };
        assert!(station.pump(now, &mut u64::MAX.clone()));
        let (sent, told) = (
            std::mem::take(&mut station.sent),
            std::mem::take(&mut station.told),
        );
        for (_, bytes) in sent {
            self.sent += 1;
            let at = (self.now + 40, self.sent);
            self.flying.insert(at, (1 - which, bytes));
        }
        for event in told {
            self.hear(which, event);
        }
    }

    fn hear(&mut self, which: usize, event: Event) {
        match event {
            Event::Done { ticket, entry } => _ = self.answers.insert(ticket, Ok(entry)),
            Event::Refused { ticket, why } => _ = self.answers.insert(ticket, Err(why)),
            Event::LineTests { tests, .. } => {
                if tests.is_missed {
                    self.missed[which].get_or_insert(self.now);
                }
                for it in tests.latest.iter().filter(|it| it.is_ours) {
                    self.came[which].insert(it.call_up, it.clone());
                }
                let theirs = tests.last(false).cloned();
                self.tests[which] = Some(*tests);
                let unread = theirs.filter(|it| it.state == State::Read && it.by_person.is_none());
                if let (true, MOSCOW, Some(it)) = (self.is_attended, which, unread) {
                    let text = it.text.expect("it was read by machine").entry;
                    self.command(MOSCOW, Command::TestRead(text))
                        .expect("a person may read it");
                }
            }
            _ => {}
        }
    }

    fn run_until(&mut self, end: u64) {
        loop {
            let arrival = self.flying.keys().next().map(|(at, _)| *at);
            let wakes = [WASHINGTON, MOSCOW].into_iter().filter_map(|which| {
                let at = self.stations[which].as_ref()?.wake_at?;
                Some(((at + self.began[which]).max(self.now), which))
            });
            let wake = wakes.min();
            let next = arrival.into_iter().chain(wake.map(|(at, _)| at)).min();
            let Some(next) = next.filter(|at| *at <= end) else {
                self.now = end;
                return;
            };
            self.now = next;
            if arrival == Some(next) {
                let (_, (to, bytes)) = self.flying.pop_first().expect("it is there");
                self.give(to, Input::Frame { route: WAY, bytes });
            } else if let Some((_, which)) = wake {
                if let Some(station) = &mut self.stations[which] {
                    station.wake_at = None;
                }
                self.give(which, Input::Woken);
            }
        }
    }

    fn disk(&self, which: usize) -> &Disk {
        let station = self.stations[which].as_ref();
        station.map_or(&self.disks[which], |station| &station.disk)
    }

    /// When each call-up of a side was stored there.
    fn called_up(&self, which: usize) -> Vec<u64> {
        let party = self.nodes[which].side.party;
        let own = self.disk(which).entries().filter(|stored| {
            stored.entry.header().author.party == party
                && matches!(stored.entry.fact(), Fact::CallUp(_))
        });
        let mut called: Vec<u64> = own.map(|stored| stored.received - MIDNIGHT).collect();
        called.sort_unstable();
        called
    }

    /// OL-759: no text of a side within a day of itself.
    fn check_texts(&self, which: usize) {
        let party = self.nodes[which].side.party;
        let mut last: BTreeMap<Digest, u64> = BTreeMap::new();
        let mut sent: Vec<_> = self.disk(which).entries().collect();
        sent.sort_by_key(|stored| stored.cursor);
        for stored in sent {
            let is_own = stored.entry.header().author.party == party;
            let (Fact::TestText(_), Some(body), true) =
                (stored.entry.fact(), stored.entry.body(), is_own)
            else {
                continue;
            };
            let before = last.insert(digest_of(&body.content), stored.received);
            assert!(before.is_none_or(|before| stored.received - before >= DAY));
        }
    }

    fn count(&self, which: usize, is: impl Fn(&Shown) -> bool) -> usize {
        self.came[which].values().filter(|it| is(it)).count()
    }
}

/// OL-741 OL-742 OL-743 OL-745 OL-751 OL-752 OL-754 OL-755 OL-759
#[test]
fn for_thirty_days_each_side_begins_half_and_every_test_passes() {
    let mut world = World::new();
    world.is_attended = true;
    world.run_until(30 * DAY - 1);
    for which in [WASHINGTON, MOSCOW] {
        let called = world.called_up(which);
        assert_eq!(called.len(), 360);
        for (test, at) in called.iter().enumerate() {
            let hour = (2 * test + which) as u64;
            // The first one as soon as the line is open.
            assert!((hour * HOUR..hour * HOUR + 5_000).contains(at), "{at}");
        }
        assert_eq!(world.count(which, |it| it.state == State::Passed), 360);
        assert_eq!(world.missed[which], None);
        world.check_texts(which);
    }
    let read = |it: &Shown| it.by_person.as_ref().is_some_and(|it| it.is_right);
    let by_orlova = |it: &Shown| {
        it.by_person
            .as_ref()
            .is_some_and(|it| it.by == "Lt. Orlova")
    };
    assert_eq!(world.count(WASHINGTON, |it| read(it) && by_orlova(it)), 360);
    // Nobody reads in Washington, and its machine's answers say no more than they are.
    assert_eq!(world.count(MOSCOW, read), 0);
    assert!(world.count(MOSCOW, |it| it.nobody_read) >= 359);
    let entries = world.disk(WASHINGTON).entries();
    let tests = entries.filter(|stored| stored.entry.header().kind.is_of_a_test());
    let word = |stored: &openline_proto::contract::StoredEntry| {
        let header = stored.entry.header();
        (header.stream.word(), header.mark.word())
    };
    let words: BTreeSet<_> = tests.map(word).collect();
    assert_eq!(words, BTreeSet::from([("service", "test")]));
}

/// OL-757: whenever it dies.
#[test]
fn a_dead_peer_is_noticed_within_one_cadence_and_the_time_of_a_test() {
    for minutes in (3..120).step_by(13) {
        for dies in [WASHINGTON, MOSCOW] {
            let mut world = World::new();
            world.run_until(2 * HOUR + minutes * 60_000);
            let last_test = world.now / HOUR * HOUR;
            world.stop(dies);
            let death = world.now;
            world.run_until(death + 2 * HOUR);
            let missed = world.missed[1 - dies].expect("it is noticed");
            assert!(missed > death, "not before");
            let limit = last_test + HOUR + LASTS + 5_000;
            assert!(missed <= limit, "{minutes} {dies}: {missed} {limit}");
        }
    }
}

/// OL-752 OL-757: also if the side that is left is restarted meanwhile.
#[test]
fn an_announced_silence_is_excused_and_the_tests_go_on_behind_it() {
    let mut world = World::new();
    world.run_until(4 * HOUR + HOUR / 2);
    let announcement = Command::AnnounceSilence {
        for_ms: 8 * HOUR,
        reason: SilenceReason::Maintenance,
        text: String::new(),
        language: "en".into(),
    };
    world.command(MOSCOW, announcement).expect("announced");
    world.run_until(world.now + 10_000);
    world.stop(MOSCOW);
    world.run_until(8 * HOUR);
    world.run_until(8 * HOUR + HOUR / 2);
    world.stop(WASHINGTON);
    world.start(WASHINGTON);
    world.run_until(12 * HOUR);
    world.start(MOSCOW);
    world.run_until(DAY - 1);
    assert_eq!(world.missed, [None, None]);
    let is_missed = |it: &Shown| matches!(it.state, State::NoReady | State::NoAnswer);
    assert!(world.count(WASHINGTON, |it| is_missed(it) && it.is_excused) >= 3);
    assert_eq!(
        world.count(WASHINGTON, |it| is_missed(it) && !it.is_excused),
        0
    );
    let last = world.tests[MOSCOW].as_ref().expect("told").last(true);
    assert_eq!(last.map(|it| it.state), Some(State::Passed));
    for which in [WASHINGTON, MOSCOW] {
        let called = world.called_up(which);
        let mut pairs = called.windows(2);
        assert!(pairs.all(|pair| pair[1] - pair[0] >= HOUR), "no bursts");
    }
}

/// OL-752 OL-759: what came of each test is told again, and no text and no call-up is repeated.
#[test]
fn restarts_repeat_nothing_and_forget_nothing() {
    let mut world = World::new();
    for restart in 1..40 {
        world.run_until(restart * 47 * 60_000);
        let before = world.tests[WASHINGTON].clone().expect("told");
        world.stop(WASHINGTON);
        world.start(WASHINGTON);
        let after = world.tests[WASHINGTON].clone().expect("told again");
        let states = |tests: &Tests| -> Vec<_> {
            let done = tests.latest.iter().filter(|it| it.state != State::Called);
            done.map(|it| (it.call_up, it.state, it.is_ours)).collect()
        };
        assert_eq!(states(&before), states(&after));
        assert!(!after.is_missed);
    }
    let called = world.called_up(WASHINGTON);
    let mut pairs = called.windows(2);
    assert!(pairs.all(|pair| pair[1] / HOUR != pair[0] / HOUR));
    assert!(called.len() >= 14, "{}", called.len());
    world.check_texts(WASHINGTON);
}

/// OL-744 OL-754 OL-756: a person's test is one more, and is told apart.
#[test]
fn a_person_tests_the_line_at_any_time_and_another_one_answers_him() {
    let mut world = World::new();
    world.run_until(HOUR / 2);
    let asked = world.command(WASHINGTON, Command::TestNow);
    let call_up = asked.expect("nothing is under way").expect("an entry");
    let again = world.command(WASHINGTON, Command::TestNow);
    assert_eq!(again, Err(Refusal::Test(NotDone::UnderWay)));
    world.run_until(world.now + 1_000);
    let came = world.came[WASHINGTON][&call_up].clone();
    assert_eq!(
        (came.state, came.turn, &came.by_person),
        (State::Passed, None, &None)
    );
    assert!(came.took_ms.is_some_and(|took| took < 1_000), "{came:?}");
    let text = came.text.expect("it was sent").entry;
    let ours = world.command(WASHINGTON, Command::TestRead(text));
    assert_eq!(ours, Err(Refusal::Test(NotDone::NothingToRead)));
    world.run_until(world.now + 60_000);
    world
        .command(MOSCOW, Command::TestRead(text))
        .expect("read");
    let twice = world.command(MOSCOW, Command::TestRead(text));
    assert_eq!(twice, Err(Refusal::Test(NotDone::Answered)));
    world.run_until(world.now + 1_000);
    let answered = world.came[WASHINGTON][&call_up].by_person.clone();
    let answered = answered.expect("it is told");
    assert_eq!(
        (answered.by.as_str(), answered.is_right),
        ("Lt. Orlova", true)
    );
    world.run_until(4 * HOUR - 1);
    assert_eq!(world.called_up(WASHINGTON).len(), 3, "two by the timetable");
    assert_eq!(world.called_up(MOSCOW).len(), 2);
}
