//! What a line sends, and when: decides for each boot of the peer, fills frames, seals them.

use std::sync::Arc;

use openline_seal::{Agreement, BearerId, KeyMessageKind};
use openline_wire::cbor::{Canonical, Writer};
use openline_wire::entry::Entry;
use openline_wire::header::{Chain, Head};
use openline_wire::ids::Author;
use openline_wire::limits;

use crate::bodies::Body;
use crate::contract::{Moment, Output, Route};
use crate::fragments;
use crate::line::Line;
use crate::outbox::{FETCH, Pace, Plan};
use crate::packed::{self, Known, Packed};
use crate::remote::KNOCK_MS;
use crate::witness::Sealed;

/// Entries that a knock carries at most: what fits beside a *have*.
const KNOCK_ENTRIES: usize = 6;

/// Key messages are sent again this often until the other side has answered them.
const KEYS_AGAIN_MS: u64 = 1_000;

/// A boot that was silent for so long, while a sibling is heard, gets nothing more.
const DORMANT_AFTER_MS: u64 = 5_000;

/// Plaintexts for one way.
type Frames = Vec<Vec<u8>>;

impl<A: Agreement> Line<A> {
    /// Sends what is due to every boot of the peer.
    pub(crate) fn send_due(&mut self, now: Moment) {
        for at in 0..self.remotes.len() {
            if !self.is_dormant(at, now) {
                self.serve(at, now);
            }
        }
        self.send_keys(now);
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
        let plan = self.plan(at, now);
        let remote = &mut self.remotes[at];
        let echo_due = remote.next_echo <= clock;
        let have_due = remote.have_due.is_some_and(|due| due <= clock) || echo_due;
        if !have_due && plan.send.is_empty() && remote.wants.is_empty() {
            return;
        }
        let route = remote.last_way.filter(|_| have_due);
        let ways = remote.ways.answer(route);
        let ways = if ways.is_empty() {
            remote.ways.all()
        } else {
            ways
        };
        // Until a way is proven each *have* asks for an answer, so that its echo proves it.
        let answer = remote.ways.best().is_none() || remote.round_trip.smoothed_ms().is_none();
        let frames = self.fill(at, &plan.send, have_due.then_some(answer), now);
        self.send(at, &ways, &frames);
        if have_due {
            self.challenged(at, &ways, now);
        }
    }

    /// A bearer that seems dead gets one frame, often: proof of our life, a question, and what is most urgent.
    fn knock(&mut self, at: usize, now: Moment) {
        self.remotes[at].next_knock = now.monotonic + KNOCK_MS;
        self.introduce_again();
        let remote = &mut self.remotes[at];
        let pace = Pace {
            now: now.monotonic,
            round_trip: &remote.round_trip,
            loss: &remote.loss,
        };
        let plan = remote
            .outbox
            .plan_knock(&self.log, &remote.confirmed, pace, KNOCK_ENTRIES);
        let ways = remote.ways.all();
        self.fetch(&plan);
        let mut frames = self.fill(at, &plan.send, Some(true), now);
        frames.truncate(1);
        self.send(at, &ways, &frames);
        self.challenged(at, &ways, now);
    }

    fn plan(&mut self, at: usize, now: Moment) -> Plan {
        let remote = &mut self.remotes[at];
        let (round_trip, loss) = (remote.round_trip, remote.loss);
        let pace = Pace {
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

    /// Fills frames: the *have* first, because it tells the receiver what deltas may refer to, then entries in
    /// the order of urgency.
    fn fill(
        &mut self,
        at: usize,
        entries: &[Arc<Entry>],
        have: Option<bool>,
        now: Moment,
    ) -> Frames {
        let mut filler = Filler::default();
        if let Some(answer) = have {
            let remote = &mut self.remotes[at];
            filler.body(&Body::Have(remote.have(&self.log, now, answer)));
            remote.next_echo = now.monotonic + self.cadences.echo;
            let sent = (remote.loss.copies() - 1).saturating_sub(remote.have_copies);
            let again = now.monotonic + remote.round_trip.stagger_ms(sent);
            remote.have_due = (remote.have_copies > 0).then_some(again);
            remote.have_copies = remote.have_copies.saturating_sub(1);
        }
        let wants = core::mem::take(&mut self.remotes[at].wants);
        if !wants.is_empty() {
            filler.body(&Body::Want(wants));
        }
        for entry in entries {
            self.fill_entry(at, entry, &mut filler);
        }
        filler.finish()
    }

    fn fill_entry(&mut self, at: usize, entry: &Entry, filler: &mut Filler) {
        let mut packed = self.pack(at, entry, filler).to_bytes();
        if !filler.takes(packed.len()) {
            // It goes into the next frame, and so can't lean on what stands in this one (rule 6).
            filler.close();
            packed = self.pack(at, entry, filler).to_bytes();
        }
        if packed.len() <= fragments::PIECE {
            filler.entry(packed, entry);
            return;
        }
        // It goes alone and in pieces, and can't lean on an entry in the same frame.
        let packed = packed::whole(entry, &mut self.codec);
        let body = Body::Entries(vec![packed]).to_bytes();
        let mut name = [0u8; 8];
        name.copy_from_slice(&entry.id().0[..8]);
        for piece in fragments::cut(u64::from_be_bytes(name), &body) {
            filler.alone(&Body::Fragment(piece));
        }
    }

    /// Packs an entry for one boot: against the entry before it in the same frame, or against the last one
    /// that this very boot has confirmed (rule 6), or whole.
    fn pack(&mut self, at: usize, entry: &Entry, filler: &Filler) -> Packed {
        let (chain, sequence) = (entry.header().chain(), entry.header().sequence);
        let remote = &mut self.remotes[at];
        if remote.wants_whole.remove(&(chain, sequence)) {
            return packed::whole(entry, &mut self.codec);
        }
        let confirmed = remote
            .confirmed
            .get(&chain)
            .map_or(0, |set| set.contiguous());
        let in_frame = filler
            .base
            .filter(|(base, place)| *base == chain && place + 1 == sequence);
        let place = match in_frame {
            Some((_, place)) => Some(place),
            None => confirmed.min(sequence).checked_sub(1),
        };
        let base = place.and_then(|place| self.log.entry(&chain, place));
        let Some(base) = base else {
            return packed::whole(entry, &mut self.codec);
        };
        let confirmed = &remote.confirmed;
        let has = |head: &Head| {
            confirmed
                .get(&head.chain)
                .is_some_and(|set| set.contains(head.size - 1))
        };
        packed::delta(entry, base, &self.log, has, &mut self.codec)
    }

    fn send(&mut self, at: usize, ways: &[Route], frames: &Frames) {
        let to = self.remotes[at].boot;
        for &route in ways {
            for plaintext in frames {
                if let Ok(bytes) = self.channel.seal(BearerId(route.bearer), plaintext) {
                    self.testify(to, plaintext);
                    self.batch.outputs.push(Output::Send { route, bytes });
                }
            }
        }
    }

    /// Takes note of the frames just sealed, if anybody asked for it.
    fn testify(&mut self, to: Option<Author>, plaintext: &[u8]) {
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

    /// Remembers on which ways a challenge went out.
    fn challenged(&mut self, at: usize, ways: &[Route], now: Moment) {
        for &route in ways {
            self.remotes[at].ways.challenged(now.monotonic, route);
        }
    }

    /// Key messages go out until the channel says that they have done their work.
    fn send_keys(&mut self, now: Moment) {
        let mut messages = core::mem::take(&mut self.key_answers);
        let pending = self.channel.keys_to_send();
        if !pending.is_empty() && now.monotonic >= self.keys_due {
            messages.extend_from_slice(pending);
            self.keys_due = now.monotonic + KEYS_AGAIN_MS;
        }
        if messages.is_empty() {
            return;
        }
        let mut ways = self.hints.all();
        if let Some(best) = self.freshest().and_then(|remote| remote.ways.best()) {
            ways = vec![best];
        }
        for message in messages {
            let name = message.bytes.iter().fold(0u64, |name, &byte| {
                name.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte)
            });
            let body = Body::Keys(message.bytes).to_bytes();
            let pieces = fragments::cut(name, &body);
            for plaintext in pieces
                .into_iter()
                .map(|piece| Body::Fragment(piece).to_bytes())
            {
                self.send_key_frame(&ways, &plaintext, message.kind);
            }
        }
    }

    fn send_key_frame(&mut self, ways: &[Route], plaintext: &[u8], kind: KeyMessageKind) {
        for &route in ways {
            let bearer = BearerId(route.bearer);
            let frames = if kind.crosses_generations() {
                self.channel.seal_request(bearer, plaintext)
            } else {
                let frame = self.channel.seal(bearer, plaintext);
                frame.map(|frame| vec![frame])
            };
            let frames = frames.unwrap_or_default();
            if !frames.is_empty() {
                self.testify(None, plaintext);
            }
            for bytes in frames {
                self.batch.outputs.push(Output::Send { route, bytes });
            }
        }
    }

    /// When something is due here next.
    pub(crate) fn wake_at(&mut self, now: Moment) -> Option<u64> {
        let keys = (!self.channel.keys_to_send().is_empty()).then_some(self.keys_due);
        let mut times = vec![keys, self.channel.wake_at(), self.verdict_changes_at(now)];
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
            // What can be sent beyond the window waits for confirmations; a look at the next round trip's end
            // notices a bearer that died meanwhile.
            times.extend([
                remote.outbox.next_due(),
                remote.have_due,
                Some(remote.next_echo),
            ]);
        }
        times.into_iter().flatten().min()
    }
}

/// Frames being filled.
#[derive(Default)]
struct Filler {
    done: Frames,
    bodies: Vec<u8>,
    entries: Vec<Vec<u8>>,
    /// The entry last put into this frame: the next may be a delta against it.
    base: Option<(Chain, u64)>,
}

/// The head of the array of entries and its type.
const ENTRIES_OVERHEAD: usize = 4;

impl Filler {
    fn len(&self) -> usize {
        let entries: usize = self.entries.iter().map(Vec::len).sum();
        self.bodies.len() + ENTRIES_OVERHEAD + entries
    }

    /// Whether an entry of so many bytes fits into the frame under way.
    fn takes(&self, bytes: usize) -> bool {
        self.len() + bytes <= limits::FRAME_PLAINTEXT
            && self.entries.len() < limits::ENTRIES_PER_FRAME
    }

    fn body(&mut self, body: &Body) {
        self.bodies.extend(body.to_bytes());
    }

    fn entry(&mut self, packed: Vec<u8>, entry: &Entry) {
        self.entries.push(packed);
        self.base = Some((entry.header().chain(), entry.header().sequence));
    }

    fn alone(&mut self, body: &Body) {
        self.close();
        self.body(body);
        self.close();
    }

    fn close(&mut self) {
        let mut frame = core::mem::take(&mut self.bodies);
        if !self.entries.is_empty() {
            let mut w = Writer::new();
            w.array(2).uint(1).array(self.entries.len());
            frame.extend(w.into_bytes());
            self.entries.drain(..).for_each(|entry| frame.extend(entry));
        }
        self.base = None;
        if !frame.is_empty() {
            self.done.push(frame);
        }
    }

    fn finish(mut self) -> Frames {
        self.close();
        self.done
    }
}
