//! What a line sends, and when: decides for each boot of the peer, fills frames, seals them.

use std::sync::Arc;

use openline_seal::{Agreement, BearerId, KeyMessage, KeyMessageKind};
use openline_wire::cbor::Canonical;
use openline_wire::codes::Kind;
use openline_wire::entry::Entry;
use openline_wire::haste::Haste;
use openline_wire::ids::Author;
use openline_wire::limits;

use crate::bodies::Body;
use crate::challenges::Lane;
use crate::contract::{Moment, Output, Route};
use crate::filler::Frames;
use crate::fragments;
use crate::key_pace::Piece;
use crate::line::Line;
use crate::loss::Frame;
use crate::outbox::{FETCH, Pace, Plan};
use crate::remote::Remote;
use crate::steady::Steady;
use crate::ways::{Challenge, UNPROVEN_FRAMES};
use crate::witness::Sealed;

/// Entries that a knock carries at most: what fits beside a *have*.
const KNOCK_ENTRIES: usize = 6;

/// A boot that was silent for so long, while a sibling is heard, gets nothing more.
const DORMANT_AFTER_MS: u64 = 5_000;

impl<A: Agreement> Line<A> {
    /// Sends what is due to every boot of the peer.
    pub(crate) fn send_due(&mut self, now: Moment) {
        for at in 0..self.remotes.len() {
            if !self.is_dormant(at, now) {
                self.serve(at, now);
                self.serve_files(at, now);
            }
        }
        self.send_keys(now);
        self.go_round(now);
    }

    fn is_dormant(&self, at: usize, now: Moment) -> bool {
        let heard = |at: usize| self.remotes[at].life.heard.map(|(_, last)| last);
        let silent = heard(at).is_none_or(|last| now.monotonic > last + DORMANT_AFTER_MS);
        silent && (0..self.remotes.len()).any(|other| other != at && heard(other) > heard(at))
    }

    fn serve(&mut self, at: usize, now: Moment) {
        let clock = now.monotonic;
        if self.remotes[at].is_dead(clock, self.cadences.echo) {
            if clock >= self.remotes[at].next_knock {
                self.knock(at, now);
            }
            return;
        }
        if self.remotes[at].is_deaf(clock, self.cadences.echo) {
            self.introduce_again();
        }
        self.say_asides(at, now);
        let plan = self.plan(at, now);
        let remote = &mut self.remotes[at];
        let echo_due = remote.next_echo <= clock;
        let have_due = remote.have_due.is_some_and(|due| due <= clock);
        // Beside a ring stands that it is open, or no bell would sound (OL-426).
        let rings = plan.send.iter().any(|it| it.header().kind == Kind::Ring);
        let have_due = have_due || echo_due || rings;
        if !have_due && plan.send.is_empty() && remote.wants.is_empty() {
            return;
        }
        let route = remote.last_way.filter(|_| have_due);
        let ways = remote.ways.answer(route);
        let ways = if ways.is_empty() {
            remote.ways.tried(clock, &self.cadences)
        } else {
            ways
        };
        // Until a way is proven each *have* asks for an answer, so that its echo proves it.
        let answer = remote.ways.best().is_none() || remote.round_trip.smoothed_ms().is_none();
        self.send_plan(at, &ways, plan, have_due.then_some(answer), now);
    }

    /// Sends what is planned on these ways, and a copy of what is urgent on every other one (OL-439).
    fn send_plan(
        &mut self,
        at: usize,
        ways: &[Route],
        plan: Plan,
        have: Option<bool>,
        now: Moment,
    ) {
        let remote = &self.remotes[at];
        let mut beside = remote.ways.beside();
        beside.retain(|route| !ways.contains(route));
        let confirms_urgent = have.is_some() && remote.has_urgent_news;
        let visits = self.visits(&plan);
        let (mut on_all, mut on_one) = plan.part();
        if beside.is_empty() || on_all.is_empty() && !confirms_urgent {
            beside.clear();
            on_all.append(&mut on_one);
        }
        let frames = self.fill(at, &on_all, have, now);
        self.send(at, ways, &frames, now.monotonic);
        self.send_copies(at, &beside, &frames, now);
        if !on_one.is_empty() {
            let frames = self.fill(at, &on_one, None, now);
            self.send(at, ways, &frames, now.monotonic);
        }
        self.visit(at, &visits, now);
    }

    /// What is ours of a test of the line, by the schedule or by a person's wish.
    fn visits(&self, plan: &Plan) -> Vec<Arc<Entry>> {
        let is_one = |entry: &&Arc<Entry>| {
            let header = entry.header();
            header.author == self.author && matches!(header.kind, Kind::CallUp | Kind::TestText)
        };
        plan.send.iter().filter(is_one).cloned().collect()
    }

    /// A copy of it goes on one way more, each in turn (OL-458).
    fn visit(&mut self, at: usize, entries: &[Arc<Entry>], now: Moment) {
        let route = self.remotes[at].ways.to_visit();
        let Some(route) = route.filter(|_| !entries.is_empty()) else {
            return;
        };
        let frames = self.fill(at, entries, None, now);
        let challenge = self.send_copy(at, route, &frames, now);
        let ways = &mut self.remotes[at].ways;
        ways.visited(route, challenge, now.monotonic);
    }

    /// Sends the same on ways that are not in use. It moves nobody to them: what comes back proves that they work, and no more.
    fn send_copies(&mut self, at: usize, beside: &[Route], frames: &Frames, now: Moment) {
        for &route in beside {
            self.send_copy(at, route, frames, now);
        }
    }

    /// The same on one of them; tells the challenge beside it.
    fn send_copy(&mut self, at: usize, route: Route, frames: &Frames, now: Moment) -> u64 {
        let lane = Lane::Aside(self.remotes[at].ways.number(route));
        let number = self.challenges.at(now.monotonic, lane);
        let mut texts = frames.texts.clone();
        let bare = self.remotes[at].copied_have(&self.log, number, now);
        let bare = Body::Have(bare).to_bytes();
        // It tells the receiver that the peer still speaks elsewhere, unless nothing newer comes from there.
        match frames.first(number) {
            Some(first) if frames.have.is_some() => texts[0] = first,
            Some(first) if bare.len() + first.len() <= limits::FRAME_PLAINTEXT => {
                texts[0] = [bare, first].concat();
            }
            _ => texts.insert(0, bare),
        }
        let mut sent = texts
            .iter()
            .map(|text| self.send_one(at, route, text, frames.haste));
        let frame = sent.next().flatten();
        let more: Vec<Frame> = sent.flatten().collect();
        let ways = &mut self.remotes[at].ways;
        ways.copied(Challenge {
            number,
            route,
            frame,
        });
        more.into_iter().for_each(|it| ways.copied_more(route, it));
        number
    }

    /// A bearer that seems dead gets one frame, often: proof of our life, a question, and what is most urgent.
    fn knock(&mut self, at: usize, now: Moment) {
        let carries = self.remotes[at].knock(now.monotonic);
        self.introduce_again();
        let remote = &mut self.remotes[at];
        let silent_after = self.cadences.silent_after;
        let alive = remote.life.alive_as_of;
        if alive.is_none_or(|alive| now.monotonic >= alive + silent_after) {
            remote.was_silent = true;
            remote.ways.nobody_answers();
        }
        let pace = Pace {
            own: self.author,
            now: now.monotonic,
            round_trip: &remote.round_trip,
            loss: &remote.ways.loss(),
        };
        let most = if carries { KNOCK_ENTRIES } else { 0 };
        let plan = remote
            .outbox
            .plan_knock(&self.log, &remote.confirmed, pace, most);
        let ways = remote.ways.tried(now.monotonic, &self.cadences);
        self.fetch(&plan);
        let mut frames = self.fill(at, &plan.send, Some(true), now);
        frames.texts.truncate(1);
        self.send(at, &ways, &frames, now.monotonic);
    }

    fn plan(&mut self, at: usize, now: Moment) -> Plan {
        let remote = &mut self.remotes[at];
        let (round_trip, loss) = (remote.round_trip, remote.ways.loss());
        let pace = Pace {
            own: self.author,
            now: now.monotonic,
            round_trip: &round_trip,
            loss: &loss,
        };
        let plan = remote.outbox.plan(&self.log, &remote.confirmed, pace);
        self.fetch(&plan);
        plan
    }

    fn fetch(&mut self, plan: &Plan) {
        for &(chain, from) in &plan.fetch {
            let (line, count) = (self.id, FETCH);
            self.batch.outputs.push(Output::Load {
                line,
                chain,
                from,
                count,
            });
        }
    }

    /// Sends frames on these ways, each with a challenge of its own, and remembers where which went.
    fn send(&mut self, at: usize, ways: &[Route], frames: &Frames, clock: u64) {
        for &route in ways {
            let remote = &mut self.remotes[at];
            let allowed = remote.ways.allow(route, frames.texts.len());
            remote.is_held_back |= allowed < frames.texts.len();
            if allowed == 0 {
                continue;
            }
            let number = self.challenges.at(clock, remote.ways.lane(route));
            let first = frames.first(number);
            let frame = first.and_then(|it| self.send_one(at, route, &it, frames.haste));
            for text in &frames.texts[1..allowed] {
                self.send_one(at, route, text, frames.haste);
            }
            if frames.have.is_some() {
                let challenge = Challenge {
                    number,
                    route,
                    frame,
                };
                self.remotes[at].ways.challenged(challenge);
            }
        }
    }

    /// Sends one frame.
    pub(crate) fn send_one(
        &mut self,
        at: usize,
        route: Route,
        plaintext: &[u8],
        haste: Haste,
    ) -> Option<Frame> {
        let bearer = BearerId(route.bearer);
        let bytes = self.channel.seal(bearer, plaintext).ok()?;
        let frame = self.channel.sealed_with().first().map(Frame::from);
        let remote = &mut self.remotes[at];
        frame.iter().for_each(|it| remote.ways.sent(route, *it));
        let to = remote.boot;
        self.testify(to, plaintext);
        self.batch.outputs.push(Output::Send {
            route,
            bytes,
            haste,
            at: None,
        });
        frame
    }

    /// Takes note of the frames just sealed, if anybody asked for it.
    pub(crate) fn testify(&mut self, to: Option<Author>, plaintext: &[u8]) {
        let Some(witness) = &mut self.witness else {
            return;
        };
        let sealed = self.channel.sealed_with().iter().map(|&with| Sealed {
            to,
            with,
            plaintext: plaintext.to_vec(),
        });
        witness.sealed.extend(sealed);
    }

    /// Key messages go out until the channel says that they have done their work: to a peer that is heard, at a pace
    /// that its bearer can bear. Only a request for a new generation goes to one that is not, because without new keys
    /// it may never be.
    fn send_keys(&mut self, now: Moment) {
        let ways = self.key_ways();
        for (route, answer) in core::mem::take(&mut self.key_answers) {
            // Whoever asks may be at a new address, where it proves itself by its answer to this.
            let elsewhere = self.answerable(route);
            let elsewhere = elsewhere.filter(|route| !ways.contains(route));
            for (plaintext, kind) in pieces(&answer) {
                self.send_key_frames(&ways, &plaintext, kind, usize::MAX);
                let elsewhere = elsewhere.as_slice();
                self.send_key_frames(elsewhere, &plaintext, kind, UNPROVEN_FRAMES as usize);
            }
        }
        if self.keys_due().is_none_or(|due| now.monotonic < due) {
            return;
        }
        if self.key_pace.is_through() {
            let heard = self.is_peer_heard();
            let pending = self.channel.keys_to_send().iter();
            let goes = |message: &&KeyMessage| heard || message.kind.crosses_generations();
            self.key_pace.begin(pending.filter(goes).flat_map(pieces));
        }
        let timeout = self.timeout_of_peer();
        for (plaintext, kind) in self.key_pace.take(now.monotonic, timeout) {
            self.send_key_frames(&ways, &plaintext, kind, usize::MAX);
        }
    }

    /// The way in use to a peer that is heard. One that is not may be anywhere that it is known to be: the machine that
    /// was heard last may have handed over to another.
    fn key_ways(&self) -> Vec<Route> {
        let best = self.freshest().and_then(|remote| remote.ways.best());
        if let Some(best) = best.filter(|_| self.is_peer_heard()) {
            return vec![best];
        }
        let mut ways = self.hints.all();
        ways.extend(best.filter(|best| !ways.contains(best)));
        ways
    }

    /// When key messages are due, if there are any that may go out now.
    fn keys_due(&self) -> Option<u64> {
        let pending = self.channel.keys_to_send();
        let may_go = match self.is_peer_heard() {
            true => !pending.is_empty(),
            false => pending.iter().any(|m| m.kind.crosses_generations()),
        };
        may_go.then(|| self.key_pace.due(self.timeout_of_peer()))
    }

    fn timeout_of_peer(&self) -> Option<u64> {
        let remote = self.freshest().filter(|remote| remote.is_heard());
        remote.map(|remote| remote.round_trip.timeout_ms())
    }

    fn is_peer_heard(&self) -> bool {
        self.remotes.iter().any(Remote::is_heard)
    }

    /// Sends a piece of a key message on each of these ways, at most so many frames on each.
    fn send_key_frames(&mut self, ways: &[Route], piece: &[u8], kind: KeyMessageKind, most: usize) {
        for &route in ways {
            let bearer = BearerId(route.bearer);
            let frames = if kind.crosses_generations() {
                self.channel.seal_request(bearer, piece)
            } else {
                let sealed = self.channel.seal(bearer, piece);
                self.key_frame_sent(route);
                sealed.map(|frame| vec![frame])
            };
            let frames = frames.unwrap_or_default();
            if !frames.is_empty() {
                self.testify(None, piece);
            }
            for bytes in frames.into_iter().take(most) {
                self.batch.outputs.push(Output::Send {
                    route,
                    bytes,
                    haste: Haste::Bulk,
                    at: None,
                });
            }
        }
    }

    /// It is for the boot that lives.
    pub(crate) fn key_frame_sent(&mut self, route: Route) {
        let frame = self.channel.sealed_with().first().map(Frame::from);
        let lives = self.freshest().map(|remote| remote.boot);
        let mut remotes = self.remotes.iter_mut();
        let living = remotes.find(|remote| Some(remote.boot) == lives);
        if let Some((remote, frame)) = living.zip(frame) {
            remote.ways.sent(route, frame);
        }
    }

    /// When something is due here next.
    pub(crate) fn wake_at(&mut self, now: Moment) -> Option<u64> {
        let mut times = vec![
            self.keys_due(),
            self.channel.wake_at(),
            self.verdict_changes_at(now),
            self.rings.wake_at(),
            self.tests.wake_at(now),
            self.alarms.wake_at(),
            self.one_way.wake_at(),
            self.steady.as_ref().and_then(Steady::due),
        ];
        for at in 0..self.remotes.len() {
            if self.is_dormant(at, now) {
                continue;
            }
            let echo = self.cadences.echo;
            let remote = &mut self.remotes[at];
            if remote.is_dead(now.monotonic, echo) {
                times.push(Some(remote.next_knock));
                continue;
            }
            // What can be sent beyond the window waits for confirmations.
            times.extend([
                remote.doubted_at(echo),
                remote.outbox.next_due(),
                remote.have_due,
                remote.ways.asks_at(),
                Some(remote.next_echo),
            ]);
            times.push(self.files_due(at));
        }
        times.into_iter().flatten().min()
    }
}

/// The plaintexts of the frames that carry a key message.
fn pieces(message: &KeyMessage) -> Vec<Piece> {
    let body = Body::Keys(message.bytes.clone()).to_bytes();
    let pieces = fragments::cut(fragments::name_of(&body), &body).into_iter();
    pieces
        .map(|piece| (Body::Fragment(piece).to_bytes(), message.kind))
        .collect()
}
