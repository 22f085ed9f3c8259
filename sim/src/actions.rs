//! What the seed has people, machines, links and enemies do.

use openline_proto::contract::Command;
use openline_proto::ring::book::{Part, Shown};
use openline_proto::ring::called;
use openline_proto::watch::book::Request;
use openline_seal::Agreement;
use openline_wire::address::Address;
use openline_wire::codes::{
    Answer, Attestation, Mark, Mode, Precedence, SilenceReason, Stage, SuspensionReason,
};
use openline_wire::fact::Ring;
use openline_wire::header::Actor;
use openline_wire::ids::EntryId;
use openline_wire::office::{OfficeId, OfficeRef};

use crate::model::Asked;
use crate::world::{Due, World};
use contacts::Wish;

mod alarms;
mod contacts;
mod couriers;
mod line_tests;
mod links;
mod plans;
mod weights;

/// Machines of one node at most, its copies included.
const MACHINES: usize = 3;

#[derive(Clone, Copy, Debug)]
enum Action {
    Say,
    Note,
    Receipt,
    Silence,
    Ring,
    AnswerRing,
    /// Only where both rang at one moment.
    AcceptRing,
    WithdrawRing,
    Contact(Wish),
    TestNow,
    TestRead,
    Watch,
    Roster,
    Exercise,
    Suspend,
    Resume,
    Alarm,
    Crash,
    CrashWithin,
    SwitchOn,
    Backup,
    Restore,
    Copy,
    TakeAway,
    FillDisk,
    SetClock,
    Cut,
    Weather,
    OneWay,
    Replay,
    Courier,
    Noise,
    Sleep,
    Addresses,
    Lie,
}

/// One of the three officers that each side has.
fn officer(number: u64) -> Actor {
    let names = ["Lt. Orlova", "Capt. Volkov", "Maj. Jones"];
    Actor {
        name: names[(number % 3) as usize].to_owned(),
        attestation: Attestation::Claimed,
        evidence: String::new(),
    }
}

/// A machine is never on watch, plans and practises nothing, suspends no line, moves nowhere, knows of no alarm, agrees on nothing, and reads nothing.
fn actor(action: Action, ticket: u64) -> Actor {
    match action {
        Action::Watch
        | Action::Roster
        | Action::Exercise
        | Action::Suspend
        | Action::Resume
        | Action::Alarm
        | Action::Contact(_)
        | Action::TestNow
        | Action::TestRead
        | Action::Addresses => officer(ticket),
        _ => Actor::station(),
    }
}

impl<A: Agreement> World<A> {
    /// Somebody rings; now and then both do in one moment, and both answer what rings a little later.
    fn ring(&mut self, at: usize) {
        self.ask(at, Action::Ring);
        let node = self.machines[at].node;
        let mut others = 0..self.machines.len();
        let other = others.find(|other| self.machines[*other].node != node);
        if let Some(other) = other.filter(|_| self.dice.chance(400)) {
            self.ask(other, Action::Ring);
            let pause = self.dice.below(2_000);
            self.run_until(self.now + pause);
            self.ask(at, Action::AcceptRing);
            self.ask(other, Action::AcceptRing);
        }
    }

    fn ring_of(&mut self, at: usize) -> Command {
        let node = &self.nodes[self.machines[at].node];
        let parties = [node.side.party, node.peer.party];
        let offices = ["watch", "chief"].map(|office| OfficeId::new(office).expect("a word"));
        let office = self.dice.pick(&[0, 0, 0, 0, 0, 1]).unwrap_or(0);
        let [from, to] = parties.map(|party| OfficeRef {
            party,
            office: offices[office].clone(),
        });
        let for_ms = self.dice.pick(&[5_000, 20_000, 120_000]).unwrap_or(5_000);
        let mark = self.dice.pick(&[
            Mark::Real,
            Mark::Real,
            Mark::Real,
            Mark::Real,
            Mark::Exercise,
        ]);
        Command::Ring {
            ring: Box::new(Ring {
                from,
                to,
                mode: Mode::Text,
                for_ms,
                exercise: None,
            }),
            precedence: Precedence::Immediate,
            mark: mark.unwrap_or(Mark::Real),
            text: String::new(),
            language: "en".into(),
        }
    }

    /// Something that rings here, or a ring of ours that may be taken back; now and then one that is over.
    fn ring_to_act_on(&mut self, at: usize, action: Action) -> Option<Command> {
        let is_old = self.dice.chance(100);
        let shown = self.model.shown_rings.get(at)?.values();
        let fits = |shown: &&Shown| match (action, shown.part) {
            _ if is_old => true,
            (Action::AnswerRing | Action::AcceptRing, Some(Part::Called(state))) => {
                state == called::State::Rings
            }
            (Action::WithdrawRing, Some(Part::Caller(_, ended))) => ended.is_none(),
            _ => false,
        };
        let rings: Vec<EntryId> = shown.filter(fits).map(|shown| shown.ring).collect();
        let ring = self.dice.pick(&rings)?;
        if let Action::WithdrawRing = action {
            return Some(Command::WithdrawRing { ring });
        }
        let any = [
            Answer::Accept,
            Answer::Accept,
            Answer::Decline,
            Answer::Later,
        ];
        let answers = match action {
            Action::AcceptRing => &any[..1],
            _ => &any[..],
        };
        Some(Command::AnswerRing {
            ring,
            answer: self.dice.pick(answers)?,
            call_back: None,
            text: String::new(),
            language: "en".into(),
        })
    }

    /// The troubled part of a history.
    pub(crate) fn live(&mut self) {
        for bearer in 0..self.weather.bearers() {
            self.note_the_weather(bearer);
        }
        self.later(0, Due::Start(0, false));
        let lag = self.dice.below(5_000);
        self.later(lag, Due::Start(1, false));
        let (fewest, most) = weights::actions(self.about);
        for _ in 0..self.dice.between(fewest, most) {
            let longest = self
                .dice
                .pick(&[30, 300, 300, 3_000, 20_000])
                .unwrap_or(300);
            let pause = self.dice.below(longest);
            self.run_until(self.now + pause);
            if self.violation.is_some() {
                return;
            }
            self.act();
        }
    }

    fn act(&mut self) {
        let all = weights::of(self.about);
        let kinds = all.len() - usize::from(self.liar.is_none());
        let weights = all[..kinds].iter().map(|(_, weight)| *weight);
        let drawn = self.dice.weighted(weights);
        let action = all[drawn].0;
        let at = self.dice.below(self.machines.len() as u64) as usize;
        if self.machines[at].is_gone {
            return;
        }
        self.note(|| format!("m{at} {action:?}"));
        match action {
            Action::Ring => self.ring(at),
            Action::Contact(_) => self.speak(at),
            Action::Say
            | Action::Note
            | Action::Receipt
            | Action::Silence
            | Action::AnswerRing
            | Action::AcceptRing
            | Action::WithdrawRing
            | Action::TestNow
            | Action::TestRead
            | Action::Watch
            | Action::Roster
            | Action::Exercise
            | Action::Suspend
            | Action::Resume
            | Action::Alarm
            | Action::Addresses => self.ask(at, action),
            Action::Crash => self.crash(at),
            Action::CrashWithin => {
                let steps = self.dice.below(60);
                if let Some(running) = &mut self.machines[at].running {
                    running.steps = steps;
                }
            }
            Action::SwitchOn => self.start(at, false),
            Action::Backup => self.back_up(at),
            Action::Restore => self.restore(at),
            Action::Copy => self.copy(at),
            Action::TakeAway => self.take_away(at),
            Action::FillDisk => self.machines[at].disk_is_full ^= true,
            Action::SetClock => self.machines[at].skew = self.drawn_skew(),
            Action::Cut => self.weather.cut(&mut self.dice, self.now),
            Action::Weather => self.turn_the_weather(),
            Action::OneWay => self.lead_one_way(),
            Action::Replay => self.replay(),
            Action::Courier => self.send_a_courier(at),
            Action::Noise => self.noise(at),
            Action::Sleep => self.sleep(),
            Action::Lie => self.lie(),
        }
    }

    fn ask(&mut self, at: usize, action: Action) {
        self.tickets += 1;
        let ticket = self.tickets;
        let precedence = self
            .dice
            .pick(Precedence::ALL)
            .unwrap_or(Precedence::Routine);
        let Some((text, command)) = self.command_of(at, action, (ticket, precedence)) else {
            return;
        };
        let moment = self.moment(at);
        let Some(running) = &mut self.machines[at].running else {
            return;
        };
        let asked = Asked {
            machine: at,
            boot: running.boot,
            text,
            precedence,
            done: None,
            refused: false,
        };
        self.model.asked.insert(ticket, asked);
        let actor = actor(action, ticket);
        running.station.command_by(actor, moment, ticket, command);
        self.pump(at);
    }

    /// What somebody wants, with the text that he sends; nothing if there is nothing that he could mean.
    fn command_of(
        &mut self,
        at: usize,
        action: Action,
        (ticket, precedence): (u64, Precedence),
    ) -> Option<(Option<String>, Command)> {
        let command = match action {
            Action::Say => return Some(self.say(ticket, precedence)),
            Action::Note => {
                let text = format!("note {ticket}.");
                let language = "en".into();
                return Some((Some(text.clone()), Command::Note { language, text }));
            }
            Action::Ring => self.ring_of(at),
            Action::AnswerRing | Action::AcceptRing | Action::WithdrawRing => {
                self.ring_to_act_on(at, action)?
            }
            Action::Contact(wish) => self.contact_of(at, wish)?,
            Action::TestNow | Action::TestRead => self.test_of(at, action)?,
            Action::Silence => self.silence(),
            Action::Watch => self.watch(),
            Action::Roster => self.roster(at),
            Action::Exercise => self.exercise(at)?,
            Action::Suspend => self.suspend(),
            Action::Resume => Command::Resume,
            Action::Alarm => self.alarm_to_act_on(at)?,
            Action::Addresses => self.addresses(),
            _ => self.receipt(at)?,
        };
        Some((None, command))
    }

    fn say(&mut self, ticket: u64, precedence: Precedence) -> (Option<String>, Command) {
        let longest = if precedence.is_urgent() { 150 } else { 900 };
        let length = self.dice.pick(&[2, 20, 20, longest]).unwrap_or(2) as usize;
        let text = format!("text {ticket}. {}", "word ".repeat(length));
        let mark = self.dice.pick(Mark::ALL).unwrap_or(Mark::Real);
        let command = Command::Say {
            language: "en".into(),
            text: text.clone(),
            precedence,
            mark,
            reply_to: None,
            files: Vec::new(),
        };
        (Some(text), command)
    }

    /// A list of up to eight addresses; now and then one too many.
    fn addresses(&mut self) -> Command {
        let count = self.dice.pick(&[0, 1, 2, 8, 9]).unwrap_or(1);
        let url = |number: u64| Address::new(&format!("udp://192.0.2.{number}:7600"));
        let drawn = (0..count).filter_map(|number| url(10 * self.dice.below(10) + number));
        Command::ReachableAt(drawn.collect())
    }

    fn silence(&mut self) -> Command {
        Command::AnnounceSilence {
            for_ms: self.dice.between(1_000, 3_600_000),
            reason: SilenceReason::Restart,
            text: String::new(),
            language: "en".into(),
        }
    }

    /// Something about the watch, as often as not what can't be done now.
    fn watch(&mut self) -> Command {
        let confirms = self.dice.pick(&[60_000, 3_600_000]).unwrap_or(60_000);
        let request = match self.dice.below(8) {
            0 | 1 => Request::Open(confirms),
            2 => Request::Replace(confirms),
            3 => Request::Confirm,
            4 => Request::HandOver(officer(self.dice.below(3)).name, Vec::new()),
            5 => Request::Withdraw,
            6 => Request::TakeOver(confirms),
            _ => Request::Close,
        };
        Command::Watch {
            request,
            text: String::new(),
            language: "en".into(),
        }
    }

    fn suspend(&mut self) -> Command {
        Command::Suspend {
            reason: SuspensionReason::Ordered,
            text: String::new(),
            language: "en".into(),
        }
    }

    fn receipt(&mut self, at: usize) -> Option<Command> {
        let stage = self.dice.pick(&[Stage::Shown, Stage::Read])?;
        let running = self.machines[at].running.as_mut()?;
        let target = self.dice.pick(&running.unread)?;
        let urgent = self.dice.chance(500);
        Some(Command::Receipt {
            stage,
            targets: vec![target],
            urgent,
        })
    }

    fn crash(&mut self, at: usize) {
        if self.machines[at].running.is_none() {
            return;
        }
        self.stop(at);
        let longest = self.dice.pick(&[500, 20_000, 120_000]).unwrap_or(500);
        let pause = self.dice.below(longest);
        self.later(self.now + pause, Due::Start(at, false));
    }

    fn back_up(&mut self, at: usize) {
        let whole = self.dice.chance(400);
        let disk = self.disk(at);
        let copy = if whole { disk.clone() } else { disk.backup() };
        // Before its first start a machine has nothing to back up.
        if copy.channel().is_some() || copy.kept_tapes().is_some() {
            let holding = self.model.disks[at].clone();
            let now = self.now;
            self.machines[at].backups.push((copy, holding, now));
        }
    }

    fn restore(&mut self, at: usize) {
        let count = self.machines[at].backups.len() as u64;
        let drawn = self.dice.below(count) as usize;
        let Some((disk, holding, _)) = self.machines[at].backups.get(drawn).cloned() else {
            return;
        };
        self.put_disk(at, disk, holding);
        let (pause, noticed) = (self.dice.below(5_000), self.dice.chance(500));
        self.later(self.now + pause, Due::Start(at, noticed));
    }

    fn copy(&mut self, at: usize) {
        let node = self.machines[at].node;
        let count = self
            .machines
            .iter()
            .filter(|machine| machine.node == node)
            .count();
        if count == MACHINES || self.disk(at).channel().is_none() {
            return;
        }
        let (disk, holding) = (self.disk(at).clone(), self.model.disks[at].clone());
        let copy = self.add_machine(node, disk, holding);
        self.keys_in_doubt = true;
        let (pause, noticed) = (self.dice.below(5_000), self.dice.chance(500));
        self.later(self.now + pause, Due::Start(copy, noticed));
    }

    /// A copy, or the original of one, is taken away.
    fn take_away(&mut self, at: usize) {
        let node = self.machines[at].node;
        let left = self
            .machines
            .iter()
            .filter(|other| other.node == node && !other.is_gone);
        if left.count() > 1 {
            self.remove(at);
        }
    }

    pub(crate) fn remove(&mut self, at: usize) {
        self.stop(at);
        self.machines[at].is_gone = true;
        self.model.wound_back.insert(at, u64::MAX);
    }

    fn replay(&mut self) {
        for _ in 0..self.dice.between(1, 20) {
            let count = self.recorded.len() as u64;
            let drawn = self.dice.below(count) as usize;
            if let Some((to, route, bytes)) = self.recorded.get(drawn).cloned() {
                self.arrive(to, route, bytes);
            }
        }
    }

    /// A stranger sends what he likes, or changes what he saw.
    fn noise(&mut self, at: usize) {
        let len = self.dice.between(0, 200) as usize;
        let noise = self.dice.noise(len);
        let bearer = self.dice.below(u64::from(self.weather.bearers())) as u8;
        self.arrive(at, (bearer, 77), noise);
        let count = self.recorded.len() as u64;
        let drawn = self.dice.below(count) as usize;
        if let Some((to, route, mut bytes)) = self.recorded.get(drawn).cloned() {
            let place = self.dice.below(bytes.len() as u64) as usize;
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= 1 << self.dice.below(8);
            }
            self.arrive(to, route, bytes);
        }
    }
}
