//! Ways on which frames go in one direction only: a diode, a broadcast, a receiver that must not transmit (OL-440). Nobody confirms anything
//! there, so what is not known to be held at the other side goes round and round, at a pace; what confirms it comes by another
//! bearer or by courier, hours later. A station that is to be silent on a bearer takes what comes there, and never answers there.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use openline_seal::{Agreement, BearerId};
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::Stream;
use openline_wire::entry::Entry;
use openline_wire::haste::Haste;
use openline_wire::header::Chain;
use openline_wire::limits;

use crate::bodies::{Body, Have};
use crate::challenges::Lane;
use crate::contract::{Moment, Output, Route};
use crate::filler::Filler;
use crate::line::Line;
use crate::remote::carried_haves;

/// Between two frames on a way in one direction: five kilobytes a second, which no bearer is too thin for that is not a tty.
const PACE_MS: u64 = 250;

/// So often a new entry is sent before it only goes round with the others: one loss costs it a quarter of a second then, and no round.
const FRESH_TRIES: u32 = 3;

/// New entries that wait for it at most; what is beyond goes round at once.
const FRESH: usize = 256;

/// Entries of the round that are put into frames at one time.
const ROUND: usize = 8;

/// Entries asked for from the store at one time.
const FETCH: u64 = 32;

type Place = (Stream, Chain, u64);

/// The ways in one direction of a line, and what goes round on them.
#[derive(Debug, Default)]
pub struct OneWay {
    /// Ours to the peer.
    routes: Vec<Route>,
    /// Bearers on which we must be silent.
    silent: BTreeSet<u8>,
    next: u64,
    /// New entries, and how often each was sent.
    fresh: VecDeque<(Place, u32)>,
    /// Plaintexts that wait for their turn.
    texts: VecDeque<Vec<u8>>,
    /// The last place of the round that was put into a frame.
    turn: Option<Place>,
    fetched: BTreeMap<Place, Arc<Entry>>,
    fetching: Option<Place>,
}

impl OneWay {
    /// The peer may hear us there and nowhere else of this kind, and we shall hear nothing.
    pub fn lead_to(&mut self, routes: Vec<Route>) {
        self.routes = routes;
    }

    /// We hear the peer there, and must not answer.
    pub fn be_silent_on(&mut self, bearer: u8) {
        self.silent.insert(bearer);
    }

    /// Whether we must not answer there.
    pub fn is_silent_on(&self, bearer: u8) -> bool {
        self.silent.contains(&bearer)
    }

    /// An entry of ours is new.
    pub fn wrote(&mut self, chain: Chain, sequence: u64) {
        if !self.routes.is_empty() && self.fresh.len() < FRESH {
            let place = (chain.stream, chain, sequence);
            self.fresh.push_back((place, 0));
            self.next = 0;
        }
    }

    /// Takes what was fetched for the round.
    pub fn fetched(&mut self, chain: &Chain, entries: &[Arc<Entry>]) {
        let Some(asked) = self.fetching.take_if(|(_, of, _)| of == chain) else {
            return;
        };
        self.next = 0;
        if entries.is_empty() {
            // It can't be read: the others go round without it.
            self.turn = Some(asked);
        }
        self.fetched = entries
            .iter()
            .map(|entry| {
                let place = (chain.stream, *chain, entry.header().sequence);
                (place, Arc::clone(entry))
            })
            .collect();
    }

    /// When the next frame goes: soon, unless all is known to be held and the peer only learns that we live.
    pub fn wake_at(&self) -> Option<u64> {
        (!self.routes.is_empty()).then_some(self.next)
    }
}

impl<A: Agreement> Line<A> {
    /// Sends the next frame on each way in one direction, if it is time.
    pub(crate) fn go_round(&mut self, now: Moment) {
        if self.one_way.routes.is_empty() || now.monotonic < self.one_way.next {
            return;
        }
        let text = self.next_text();
        let pause = match text {
            None if self.one_way.fetching.is_none() => self.cadences.echo,
            _ => PACE_MS,
        };
        self.one_way.next = now.monotonic + pause;
        let challenge = self.challenges.at(now.monotonic, Lane::Aside(7));
        let have = self.one_way_have(challenge, text.is_none(), now);
        let plaintext = self.with_have(have, text.unwrap_or_default());
        for route in self.one_way.routes.clone() {
            self.attach(route.bearer);
            let bearer = BearerId(route.bearer);
            // Nobody says there that he holds our key.
            self.channel.unconfirm(bearer);
            let Ok(bytes) = self.channel.seal(bearer, &plaintext) else {
                continue;
            };
            self.testify(None, &plaintext);
            self.batch.outputs.push(Output::Send {
                route,
                bytes,
                haste: Haste::Text,
                at: None,
            });
        }
    }

    /// What is held here, from time to time, and always a challenge: should it come back by another bearer, the peer lived then.
    fn one_way_have(&self, challenge: u64, is_whole: bool, now: Moment) -> Have {
        let mut haves = carried_haves(&self.log, now).into_iter();
        let first = haves.next().filter(|_| is_whole);
        let bare = || Have {
            challenge,
            wall: now.wall.min(limits::LATEST_TIME_MS),
            whole: false,
            answer: false,
            echo: None,
            confirms: Vec::new(),
            report: None,
            chains: Vec::new(),
            rings: Vec::new(),
        };
        first.map_or_else(bare, |have| Have { challenge, ..have })
    }

    fn with_have(&self, have: Have, text: Vec<u8>) -> Vec<u8> {
        let have = Body::Have(have).to_bytes();
        match have.len() + text.len() <= limits::FRAME_PLAINTEXT {
            true => [have, text].concat(),
            false => text,
        }
    }

    /// The text of the next frame; none if the peer is known to hold everything.
    fn next_text(&mut self) -> Option<Vec<u8>> {
        let fresh = self.fresh_texts();
        fresh
            .into_iter()
            .rev()
            .for_each(|text| self.one_way.texts.push_front(text));
        if self.one_way.texts.is_empty() {
            let round = self.round();
            let texts = self.one_way_texts(&round);
            self.one_way.texts.extend(texts);
        }
        self.one_way.texts.pop_front()
    }

    /// New entries that are to be sent now, the urgent first; the others have their turn as soon as nothing waits.
    fn fresh_texts(&mut self) -> Vec<Vec<u8>> {
        let mut fresh = core::mem::take(&mut self.one_way.fresh);
        let is_idle = self.one_way.texts.is_empty();
        fresh
            .make_contiguous()
            .sort_by_key(|(place, tries)| (place.0, *tries));
        // An urgent one goes in three frames in a row, whatever waits.
        let is_due = |(place, _): &(Place, u32)| is_idle || place.0 == Stream::Urgent;
        let (due, later): (Vec<_>, Vec<_>) = fresh.into_iter().partition(is_due);
        let mut entries = Vec::new();
        self.one_way.fresh = later.into();
        for (place, tries) in due {
            let (_, chain, sequence) = place;
            let held = self.log.chain(&chain).and_then(|log| log.recent(sequence));
            let Some(entry) = held.filter(|_| !self.is_confirmed(&place)) else {
                continue;
            };
            entries.push(Arc::clone(entry));
            if tries + 1 < FRESH_TRIES {
                self.one_way.fresh.push_back((place, tries + 1));
            }
        }
        self.one_way_texts(&entries)
    }

    fn is_confirmed(&self, (_, chain, sequence): &Place) -> bool {
        *sequence < self.standing.confirmed_size(chain)
    }

    /// The next entries of the round: of our node's chains, urgent first, what no boot of the peer's has confirmed.
    fn round(&mut self) -> Vec<Arc<Entry>> {
        let own = |chain: &Chain| {
            (chain.author.party, chain.author.node) == (self.author.party, self.author.node)
        };
        let mut spans: Vec<(Place, u64)> = Vec::new();
        for (chain, log) in self.log.chains().filter(|(chain, _)| own(chain)) {
            let from = self.standing.confirmed_size(chain);
            let end = log.held().contiguous();
            if from < end {
                spans.push(((chain.stream, *chain, from), end));
            }
        }
        spans.sort_unstable();
        let after = self.one_way.turn;
        let places = |skip: bool| {
            let each = spans.iter().flat_map(|&((stream, chain, from), end)| {
                (from..end).map(move |sequence| (stream, chain, sequence))
            });
            each.skip_while(move |place| skip && Some(*place) <= after)
        };
        let rest: Vec<Place> = places(true).take(ROUND).collect();
        let next = match rest.is_empty() {
            true => places(false).take(ROUND).collect(),
            false => rest,
        };
        self.at_hand(next)
    }

    /// As many of these as are at hand; the first that is not is asked for, and has its turn when it comes.
    fn at_hand(&mut self, places: Vec<Place>) -> Vec<Arc<Entry>> {
        let mut entries = Vec::new();
        for place in places {
            let (_, chain, from) = place;
            let recent = self.log.chain(&chain).and_then(|log| log.recent(from));
            let held = recent.or_else(|| self.one_way.fetched.get(&place));
            let Some(entry) = held.cloned() else {
                if self.one_way.fetching.is_none() {
                    self.one_way.fetching = Some(place);
                    let (line, count) = (self.id, FETCH);
                    self.batch.outputs.push(Output::Load {
                        line,
                        chain,
                        from,
                        count,
                    });
                }
                break;
            };
            self.one_way.turn = Some(place);
            entries.push(entry);
        }
        entries
    }

    /// Entries stand whole: nobody says there what he holds.
    fn one_way_texts(&mut self, entries: &[Arc<Entry>]) -> Vec<Vec<u8>> {
        self.whole_texts(Filler::leaving(HAVE_ROOM), entries)
    }
}

/// Bytes of a *have* with a challenge and nothing else.
const HAVE_ROOM: usize = 40;
