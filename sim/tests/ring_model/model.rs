//! What may happen next, as a model that a checker walks through to the last state.

use std::sync::Arc;

use openline_proto::ring::book::Part;
use openline_proto::ring::called;
use openline_sim::sabotage::Planted;
use openline_wire::codes::Answer;
use stateright::{Model, Property};

use crate::invariants;
use crate::world::{BOOTS, Kind, Machine, Said, Slot, World};

/// How much may happen. Each bound is there to make an end; within it all histories are walked.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Whether the second side rings as well.
    pub both_ring: bool,
    /// Crashes, restorations and copies together.
    pub disasters: u8,
    /// Which of them there are.
    pub kinds_of_disaster: &'static [Disaster],
    /// What people may answer.
    pub answers: &'static [Answer],
    /// Which sides they befall.
    pub befall: &'static [u8],
    /// Whether also that happens upon which nothing is decided, but only shown.
    pub all: bool,
}

/// What befalls a boot.
#[derive(Clone, Copy, Debug)]
pub enum Disaster {
    /// It dies, and another begins, which knows of it unless its disk is older.
    Death { known: bool },
    /// A copy of its disk, or of an older one that does not know of it, starts beside it.
    Copy { known: bool },
}

/// The model.
#[derive(Clone, Debug)]
pub struct Rings {
    pub bounds: Bounds,
    pub bug: Planted,
}

/// Something happens. Machines are named by their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// A person rings.
    Ring(usize),
    /// A person takes the ring back.
    Withdraw(usize),
    /// A person answers.
    Answer(usize, Answer),
    /// The time of a side's ring is over at a machine.
    Expire(usize, u8),
    /// An entry arrives.
    Arrive(usize, Slot),
    /// The caller sends a *have* that gives a machine's challenge back and names its ring.
    Say(usize),
    /// A *have* arrives while the challenge that it gives back is fresh.
    Hear(usize),
    /// A clock moves on: the *have* that is in the air for it will be stale.
    Tick(usize),
    /// A machine writes something else.
    Note(usize),
    /// A boot dies, and another begins that knows of it, or on a disk from before it.
    Die(usize, bool),
    /// A copy of the disk starts anew, beside the boot.
    Copy(usize, bool),
}

impl Model for Rings {
    type State = World;
    type Action = Act;

    fn init_states(&self) -> Vec<World> {
        vec![World::new()]
    }

    fn actions(&self, world: &World, acts: &mut Vec<Act>) {
        self.bug.during(|| {
            for at in 0..world.machines.len() {
                self.of_people(world, at, acts);
                self.of_the_air(world, at, acts);
                self.of_disasters(world, at, acts);
            }
        });
    }

    fn next_state(&self, world: &World, act: Act) -> Option<World> {
        self.bug.during(|| {
            let mut next = world.clone();
            next.act(act);
            next.look();
            (next != *world).then_some(next)
        })
    }

    fn properties(&self) -> Vec<Property<Self>> {
        invariants::within(&self.bounds)
    }
}

impl Rings {
    fn of_people(&self, world: &World, at: usize, acts: &mut Vec<Act>) {
        let machine = &world.machines[at];
        let (own, theirs) = (Slot::ring(machine.side), Slot::ring(1 - machine.side));
        let may_ring = self.bounds.both_ring || machine.side == 0;
        let rang = world.signed.contains_key(&own);
        if may_ring && machine.boot == 0 && !rang {
            acts.push(Act::Ring(at));
        }
        if machine.book.rings(&theirs.id()) {
            let answers = self.bounds.answers.iter();
            acts.extend(answers.map(|answer| Act::Answer(at, *answer)));
        }
        let is_open = !machine.book.open_rings().is_empty();
        if is_open || self.bounds.all && machine.holds(own) {
            acts.extend([Act::Withdraw(at), Act::Expire(at, machine.side)]);
        }
        // Who has not rung yet may ring when the other's time is over.
        let frees = machine.book.rings(&theirs.id()) && may_ring && !rang;
        if frees || self.bounds.all && machine.holds(theirs) {
            acts.push(Act::Expire(at, 1 - machine.side));
        }
        let outcome = Slot::of(1 - machine.side, 0, Kind::Outcome);
        if std::env::var_os("PARTS").is_none()
            && machine.holds(outcome)
            && !world.is_covered(outcome)
        {
            acts.push(Act::Note(at));
        }
    }

    fn of_the_air(&self, world: &World, at: usize, acts: &mut Vec<Act>) {
        let machine = &world.machines[at];
        let signed = world.signed.keys().copied();
        let matters = |slot: &Slot| self.bounds.all || decides(machine, *slot);
        let missing = signed.filter(|slot| !machine.holds(*slot) && matters(slot));
        acts.extend(missing.map(|slot| Act::Arrive(at, slot)));
        let theirs = machine.book.part(&Slot::ring(1 - machine.side).id());
        let may_matter = matches!(theirs, None | Some(Part::Called(called::State::Held)));
        if world.is_open(1 - machine.side) && (may_matter || self.bounds.all) {
            acts.push(Act::Say(at));
        }
        if world.said.contains(&(machine.side, machine.boot)) {
            acts.extend([Act::Hear(at), Act::Tick(at)]);
        }
    }

    fn of_disasters(&self, world: &World, at: usize, acts: &mut Vec<Act>) {
        let side = usize::from(world.machines[at].side);
        let spared = !self.bounds.befall.contains(&world.machines[at].side);
        if spared || world.disasters == self.bounds.disasters || world.boots[side] == BOOTS {
            return;
        }
        for disaster in self.bounds.kinds_of_disaster {
            acts.push(match *disaster {
                Disaster::Death { known } => Act::Die(at, known),
                Disaster::Copy { known } => Act::Copy(at, known),
            });
        }
    }
}

impl World {
    /// Whether the boot that rang runs and has not decided: it names the ring in its *haves*.
    fn is_open(&self, side: u8) -> bool {
        let mut machines = self.machines.iter();
        let caller = machines.find(|machine| (machine.side, machine.boot) == (side, 0));
        caller.is_some_and(|caller| !caller.book.open_rings().is_empty())
    }

    /// Whether any entry saw this one already. One more would be like it.
    fn is_covered(&self, slot: Slot) -> bool {
        let mut signed = self.signed.values();
        signed.any(|signed| signed.saw & 1 << slot.0 != 0)
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Ring(at) => self.ring(at),
            Act::Withdraw(at) => {
                let own = Slot::ring(self.machines[at].side).id();
                let facts = self.machine(at).book.withdraw(&own);
                self.write(at, &facts.unwrap_or_default());
            }
            Act::Answer(at, answer) => {
                let theirs = Slot::ring(1 - self.machines[at].side).id();
                let facts = self.machine(at).book.answer(&theirs, answer, None);
                self.write(at, &facts.unwrap_or_default());
            }
            Act::Expire(at, side) => {
                let facts = self.machine(at).book.expire(&Slot::ring(side).id());
                self.write(at, &facts);
            }
            Act::Arrive(at, slot) => self.take(at, slot),
            Act::Say(at) => self.say(at),
            Act::Hear(at) => self.hear(at),
            Act::Tick(at) => self.hush(at),
            Act::Note(at) => self.sign(at, Kind::Other, Said::Plain),
            Act::Die(at, knows) => {
                self.hush(at);
                let gone = self.machines.remove(at);
                self.follow(&gone, knows);
            }
            Act::Copy(at, knows) => {
                let beside = Arc::clone(&self.machines[at]);
                self.follow(&beside, knows);
            }
        }
    }

    fn follow(&mut self, earlier: &Machine, knows: bool) {
        self.disasters += 1;
        let names = if knows {
            (1 << (earlier.boot + 1)) - 1
        } else {
            0
        };
        self.begin(earlier.side, names);
    }

    fn machine(&mut self, at: usize) -> &mut Machine {
        Arc::make_mut(&mut self.machines[at])
    }

    fn ring(&mut self, at: usize) {
        let machine = &self.machines[at];
        let ring = Self::ring_of(machine.side);
        if machine.book.may_ring(&ring).is_ok() {
            self.sign(at, Kind::Ring, Said::Plain);
        }
    }

    fn say(&mut self, at: usize) {
        let machine = &self.machines[at];
        self.said.insert((machine.side, machine.boot));
    }

    fn hush(&mut self, at: usize) {
        let machine = &self.machines[at];
        self.said.remove(&(machine.side, machine.boot));
    }
}

/// Whether a machine decides anything upon an entry: a boot of the called side upon the ring, the caller upon ringings and
/// answers until it has decided. That an outcome or a later boot's start ends what rings takes nothing but choices away.
fn decides(machine: &Machine, slot: Slot) -> bool {
    let is_theirs = slot.side() != machine.side;
    is_theirs
        && match slot.kind() {
            Kind::Ring => true,
            Kind::Ringing | Kind::Answer => !machine.book.open_rings().is_empty(),
            Kind::Start | Kind::Outcome | Kind::Other => false,
        }
}
