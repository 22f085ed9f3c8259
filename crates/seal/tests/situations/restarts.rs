//! Crashes, copies and old backups at any moment, on a wire that loses, repeats and holds back:
//! no key and counter seals twice (asserted at each frame), nobody panics, and once the wire is
//! whole again the line is open and post-quantum.

use crate::common;

use common::{Pair, Station, mls_pair, paper_pair};
use openline_seal::Agreement;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, TestRunner};

/// What befalls one of the two; `true` is Washington.
#[derive(Clone, Debug)]
enum Event {
    Says(bool),
    Resends(bool),
    /// A frame from the wire's memory, new or old, arrives at the other side.
    Arrives(bool, usize),
    /// The same, and the receiver crashes before it persists.
    ArrivesAndCrashes(bool, usize),
    Restarts(bool),
    Rotates(bool),
    /// Commits and crashes before it persists.
    RotatesAndCrashes(bool),
    /// A copy of the disk runs beside the original for a while.
    IsCopied(bool),
    /// Comes back from a backup and asks for a new generation.
    IsRestored(bool, usize),
}

fn events(backups: bool) -> impl Strategy<Value = Vec<Event>> {
    let side = any::<bool>;
    let frame = || prop_oneof![3 => 0..6usize, 1 => any::<usize>()];
    let restored = (side(), any::<usize>()).prop_map(|(who, at)| Event::IsRestored(who, at));
    let event = prop_oneof![
        4 => side().prop_map(Event::Says),
        6 => side().prop_map(Event::Resends),
        16 => (side(), frame()).prop_map(|(who, frame)| Event::Arrives(who, frame)),
        2 => (side(), frame()).prop_map(|(who, frame)| Event::ArrivesAndCrashes(who, frame)),
        2 => side().prop_map(Event::Restarts),
        4 => side().prop_map(Event::Rotates),
        1 => side().prop_map(Event::RotatesAndCrashes),
        1 => side().prop_map(Event::IsCopied),
        u32::from(backups) => restored,
    ];
    let length = if backups { 120 } else { 80 };
    (Just(()), proptest::collection::vec(event, 1..length)).prop_map(|((), events)| events)
}

/// What both sides ever sent and stored.
struct History<A: Agreement> {
    pair: Pair<A>,
    to_moscow: Vec<Vec<u8>>,
    to_washington: Vec<Vec<u8>>,
    washington_disks: Vec<Vec<u8>>,
    moscow_disks: Vec<Vec<u8>>,
    requests: u64,
}

impl<A: Agreement> History<A> {
    fn new(pair: Pair<A>) -> Self {
        Self {
            washington_disks: vec![pair.washington.disk.clone()],
            moscow_disks: vec![pair.moscow.disk.clone()],
            pair,
            to_moscow: Vec::new(),
            to_washington: Vec::new(),
            requests: 0,
        }
    }

    fn station(&mut self, washington: bool) -> &mut Station<A> {
        if washington {
            &mut self.pair.washington
        } else {
            &mut self.pair.moscow
        }
    }

    fn send(&mut self, washington: bool, frames: Vec<Vec<u8>>) {
        let wire = if washington {
            &mut self.to_moscow
        } else {
            &mut self.to_washington
        };
        wire.extend(frames);
    }

    /// A frame meant for this side, counted from the newest.
    fn recall(&self, washington: bool, frame: usize) -> Option<Vec<u8>> {
        let wire = if washington {
            &self.to_washington
        } else {
            &self.to_moscow
        };
        let newest = wire.len().checked_sub(1)?;
        Some(wire[newest - frame % wire.len()].clone())
    }

    fn happens(&mut self, event: &Event) {
        match *event {
            Event::Says(who) => {
                let frame = self.station(who).channel.generation().is_some();
                let frames = frame
                    .then(|| self.station(who).say(b"text"))
                    .into_iter()
                    .collect();
                self.send(who, frames);
            }
            Event::Resends(who) => {
                let frames = self.station(who).resend();
                self.send(who, frames);
            }
            Event::Arrives(who, frame) => self.arrives(who, frame),
            Event::ArrivesAndCrashes(who, frame) => {
                let disk = self.station(who).disk.clone();
                self.arrives(who, frame);
                self.station(who).restart_from(&disk);
            }
            Event::Restarts(who) => self.station(who).restart(),
            Event::Rotates(who) => drop(self.station(who).rotate()),
            Event::RotatesAndCrashes(who) => {
                let disk = self.station(who).disk.clone();
                self.station(who).rotate();
                self.station(who).restart_from(&disk);
            }
            Event::IsCopied(who) => self.is_copied(who),
            Event::IsRestored(who, backup) => self.is_restored(who, backup),
        }
        self.washington_disks
            .push(self.pair.washington.disk.clone());
        self.moscow_disks.push(self.pair.moscow.disk.clone());
    }

    fn arrives(&mut self, who: bool, frame: usize) {
        if let Some(frame) = self.recall(who, frame) {
            let refused = self.station(who).receive(&frame).err();
            assert!(
                !refused.as_ref().is_some_and(|e| e.is_misbehaviour()),
                "{refused:?}"
            );
        }
    }

    fn is_copied(&mut self, who: bool) {
        let world = self.pair.world.clone();
        let station = self.station(who);
        let channel = station.channel.snapshot().expect("the library works");
        let config = station.config.clone();
        let copy = openline_seal::Channel::restore(config.clone(), &channel).expect("our own");
        let mut copy: Station<A> = Station::start(copy, config, &world);
        copy.restart();
        let mut frames = copy.resend();
        if copy.channel.generation().is_some() {
            frames.push(copy.say(b"I am the copy"));
        }
        self.send(who, frames);
    }

    fn is_restored(&mut self, who: bool, backup: usize) {
        let disks = if who {
            &self.washington_disks
        } else {
            &self.moscow_disks
        };
        // Not further back than the tape reaches.
        let newest = disks.len() - 1;
        let disk = disks[newest - backup % disks.len().min(30)].clone();
        // The clock that numbers requests goes back at every other restoration.
        self.requests += 1;
        let number = self.requests ^ 2;
        self.station(who).restart_from(&disk);
        self.station(who).ask(number);
    }

    /// The wire is whole again; both have noticed that the other fell silent.
    fn heals(&mut self) {
        for station in [&mut self.pair.washington, &mut self.pair.moscow] {
            station.channel.unconfirm(common::UDP);
        }
        self.pair.settle();
        self.pair.assert_post_quantum();
    }
}

fn run<A: Agreement>(pair: impl Fn() -> Pair<A>, cases: u32, backups: bool) {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let run = TestRunner::new(config).run(&events(backups), |events| {
        let mut history = History::new(pair());
        events.iter().for_each(|event| history.happens(event));
        history.heals();
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}

/// OL-127, OL-152, OL-180
#[test]
fn crashes_and_copies_at_any_moment() {
    run(paper_pair, 400, false);
}

/// OL-127, OL-170, OL-180
#[test]
fn crashes_copies_and_old_backups_at_any_moment() {
    run(paper_pair, 400, true);
}

/// OL-127, OL-152, OL-180
#[test]
fn mls_survives_crashes_copies_and_old_backups() {
    run(mls_pair, 15, true);
}
