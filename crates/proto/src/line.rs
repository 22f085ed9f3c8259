//! One line: its logs, our own chains, and the sessions with the peer's boots. The files beside this one hold
//! what it does with frames ([`crate::incoming`]), commands ([`crate::commands`]), sending
//! ([`crate::outgoing`]) and the state that it shows ([`crate::status`]).

use std::collections::{BTreeMap, BTreeSet};

use openline_seal::{Agreement, BearerId, Channel, KeyMessage, Padding};
use openline_wire::codes::{Kind, Precedence, Stream};
use openline_wire::compress::Codec;
use openline_wire::fact::{Fact, NumberCompared};
use openline_wire::header::{Actor, Chain};
use openline_wire::ids::{Author, LineId, NodeId, PartyId};
use openline_wire::key::NodeKey;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

use crate::admission::Admissions;
use crate::alarms::Alarms;
use crate::challenges::Challenges;
use crate::composer::{Composer, Draft};
use crate::config::{Cadences, LineConfig, StoredLine};
use crate::contacts::Contacts;
use crate::contract::{Change, Event, Misbehaviour, Moment, Output, Route};
use crate::duty::Duties;
use crate::exercises::Exercises;
use crate::files::Files;
use crate::fragments::Pieces;
use crate::incoming::Renewals;
use crate::key_pace::KeyPace;
use crate::line_tests::LineTests;
use crate::log::Log;
use crate::one_way::OneWay;
use crate::reachable::Announcements;
use crate::remote::Remote;
use crate::rings::Rings;
use crate::status::Standing;
use crate::unopened::Unopenable;
use crate::ways::Ways;
use crate::witness::Witness;

/// What a drain has collected, in the order in which it is carried out.
#[derive(Debug, Default)]
pub struct Batch {
    /// Durable changes.
    pub changes: Vec<Change>,
    /// Changes that nothing waits for.
    pub notes: Vec<Change>,
    /// Loads, sends.
    pub outputs: Vec<Output>,
    /// Events, told last.
    pub events: Vec<Event>,
    /// Answers to who asked for something, told when how the line stands has been told.
    pub answers: Vec<Event>,
}

/// One line.
pub struct Line<A: Agreement> {
    pub(crate) id: LineId,
    pub(crate) author: Author,
    pub(crate) peer: NodeId,
    pub(crate) cadences: Cadences,
    pub(crate) nodes: BTreeMap<NodeId, (PartyId, NodeKey)>,
    pub(crate) channel: Channel<A>,
    pub(crate) padding: Padding,
    pub(crate) log: Log,
    pub(crate) composer: Composer,
    pub(crate) remotes: Vec<Remote>,
    pub(crate) hints: Ways,
    /// Ways in one direction.
    pub(crate) one_way: OneWay,
    pub(crate) codec: Codec,
    /// What our *haves* ask to be given back.
    pub(crate) challenges: Challenges,
    pub(crate) rng: ChaCha20Rng,
    pub(crate) attached: BTreeSet<u8>,
    pub(crate) last_cursor: u64,
    /// Chains that grew in this batch.
    pub(crate) grown: BTreeSet<Chain>,
    pub(crate) standing: Standing,
    pub(crate) batch: Batch,
    /// What was already reported of whom, with how many pieces of evidence.
    pub(crate) reported: BTreeMap<(Author, Misbehaviour), u32>,
    /// Pieces of evidence put on record since the start.
    pub(crate) evidence: usize,
    /// How many new boots of the peer's may be followed.
    pub(crate) admissions: Admissions,
    /// Who calls whom.
    pub(crate) rings: Rings,
    /// What follows when a ring was accepted.
    pub(crate) contacts: Contacts,
    /// Who is on watch, and whether the line is suspended.
    pub(crate) duties: Duties,
    /// What is exercised.
    pub(crate) exercises: Exercises,
    /// Where nodes said that they can be reached.
    pub(crate) reachable: Announcements,
    /// The tests of the line.
    pub(crate) tests: LineTests,
    /// What a person must be told at once, and has acknowledged.
    pub(crate) alarms: Alarms,
    pub(crate) loads_to_compare: BTreeMap<(Chain, u64), Vec<openline_wire::entry::Entry>>,
    pub(crate) generation_ticket: Option<u64>,
    /// The request for a new generation is to be repeated with a number above this one.
    pub(crate) asks_above: Option<u64>,
    /// What this boot did about generations of keys.
    pub(crate) renewals: Renewals,
    /// What came from the peer's address since it was heard last, and could not be opened.
    pub(crate) unopenable: Option<Unopenable>,
    /// The files that go with messages.
    pub(crate) files: Files,
    /// Pieces of bodies that no boot says live.
    pub(crate) pieces: Pieces,
    /// Answers to what the peer said of keys, to be sent once, and on which way it said so.
    pub(crate) key_answers: Vec<(Route, KeyMessage)>,
    /// When key messages are sent again.
    pub(crate) key_pace: KeyPace,
    /// This boot is over (rule 4); nothing more is sent.
    pub(crate) ended: bool,
    /// Kept only for whoever asked for it.
    pub(crate) witness: Option<Witness>,
}

/// The party of the line's peer.
fn theirs(nodes: &BTreeMap<NodeId, (PartyId, NodeKey)>, peer: &NodeId) -> PartyId {
    let known = nodes.get(peer);
    known.map_or(PartyId([0; 32]), |(party, _)| *party)
}

/// The logs, as far as they are on disk.
fn log_from_disk(line: LineId, own: Author, stored: &StoredLine) -> Log {
    let mut log = Log::new(line);
    log.know(own);
    let chains = stored.chains.iter();
    chains.for_each(|stored| log.add_from_disk(stored));
    let starts = stored.state_entries.iter();
    starts.for_each(|stored| log.add_start(&stored.entry));
    log
}

fn drawn(rng: &mut ChaCha20Rng) -> [u8; 32] {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    bytes
}

impl<A: Agreement> Line<A> {
    /// A line at the start of a boot.
    pub fn new(config: LineConfig<A>, author: Author, seed: [u8; 32], now: Moment) -> Self {
        let mut rng = ChaCha20Rng::from_seed(seed);
        let (key, test_seed) = (drawn(&mut rng), drawn(&mut rng));
        let tests = LineTests::stored(&config, author, test_seed, now);
        let log = log_from_disk(config.line, author, &config.stored);
        let alarms = Alarms::stored(&config.stored, now);
        let files = Files::stored(&config.stored.files);
        let standing = Standing::new(&config, author, now);
        let (last_cursor, mut told) = (config.stored.last_cursor, config.stored.told);
        told.keep_the_latest_rings();
        let parties = [author.party, theirs(&config.nodes, &config.peer)];
        let cadences = config.cadences;
        let duties = Duties::stored(parties, config.offices, cadences.presence, &told, now);
        let mut line = Self {
            id: config.line,
            author,
            peer: config.peer,
            cadences,
            nodes: config.nodes,
            channel: config.channel,
            padding: config.padding,
            composer: Composer::new(config.line, author),
            log,
            remotes: vec![Remote::new(None, Ways::default())],
            hints: Ways::default(),
            one_way: OneWay::default(),
            codec: Codec::new(),
            challenges: Challenges::new(key),
            rng,
            attached: BTreeSet::new(),
            last_cursor,
            grown: BTreeSet::new(),
            standing,
            batch: Batch::default(),
            reported: BTreeMap::new(),
            evidence: 0,
            admissions: Admissions::new(now.monotonic),
            contacts: Contacts::new(author, &told),
            alarms,
            exercises: Exercises::stored(parties, &told, now),
            reachable: Announcements::stored(author.party, config.peer, &told),
            rings: Rings::new(author, told, now),
            duties,
            tests,
            loads_to_compare: BTreeMap::new(),
            generation_ticket: None,
            asks_above: None,
            renewals: Renewals::default(),
            unopenable: None,
            files,
            pieces: Pieces::default(),
            key_answers: Vec::new(),
            key_pace: KeyPace::new(now.monotonic),
            ended: false,
            witness: None,
        };
        line.take_up(config.number_compared, now);
        line
    }

    fn take_up(&mut self, compared: Option<(Actor, NumberCompared)>, now: Moment) {
        self.alarms.begin_with(self.rings.book(), self.author.party);
        self.sign_number_compared(compared);
        self.settle_addresses(now);
        self.begin_download(now);
    }

    fn sign_number_compared(&mut self, compared: Option<(Actor, NumberCompared)>) {
        let Some((actor, fact)) = compared else {
            return;
        };
        if self.standing.compared.0 {
            return;
        }
        let fact = Fact::NumberCompared(fact);
        let draft = Draft::by_station(Stream::Urgent, Kind::NumberCompared, fact);
        self.composer.draft(Draft {
            actor,
            precedence: Precedence::Flash,
            ..draft
        });
    }

    /// Somebody said that the peer might be reached there, and when it answered there last in an earlier boot of ours, by our wall clock.
    pub fn hint(&mut self, route: Route, answered: Option<u64>) {
        self.attach(route.bearer);
        let remotes = self.remotes.iter_mut().map(|remote| &mut remote.ways);
        let all = remotes.chain([&mut self.hints]);
        all.for_each(|ways| ways.hint(route, answered));
    }

    /// Gives a bearer its nonce, once in this boot (rule 1).
    pub(crate) fn attach(&mut self, bearer: u8) {
        if self.attached.insert(bearer) {
            let mut nonce = [0u8; 16];
            self.rng.fill_bytes(&mut nonce);
            self.channel.attach(BearerId(bearer), nonce, self.padding);
        }
    }

    /// Sixteen random bytes.
    pub(crate) fn salt(&mut self) -> [u8; 16] {
        let mut salt = [0u8; 16];
        self.rng.fill_bytes(&mut salt);
        salt
    }

    /// The channel's state changed: it is persisted before anything is sent.
    pub(crate) fn persist_channel(&mut self) {
        match self.channel.snapshot() {
            Ok(state) => self.batch.changes.push(Change::Channel {
                line: self.id,
                peer: self.peer,
                state,
            }),
            // A channel that can't be written down must not be used: the next start asks for a new one.
            Err(_) => self.ended = true,
        }
    }

    /// Puts misbehaviour on record, with its proof, a bounded number of times for each boot and kind, and for all.
    pub(crate) fn misbehaved(
        &mut self,
        by: Author,
        what: Misbehaviour,
        proof: Vec<Vec<u8>>,
        now: Moment,
    ) {
        const EVIDENCE: u32 = 8;
        /// Pieces kept of all boots together since our start: a peer may run under as many names as it likes.
        const EVIDENCE_IN_ALL: usize = 128;
        self.standing.misbehaved = true;
        self.alarms.misbehaved(by.party, what);
        if self.evidence == EVIDENCE_IN_ALL {
            return;
        }
        let times = self.reported.entry((by, what)).or_insert(0);
        *times += 1;
        let (first, keep) = (*times == 1, *times <= EVIDENCE);
        if keep && (first || !proof.is_empty()) {
            self.evidence += 1;
            let (line, at) = (self.id, now.wall);
            self.batch.changes.push(Change::Evidence {
                line,
                by,
                what,
                proof,
                at,
            });
        }
        if first {
            self.batch.events.push(Event::Misbehaved {
                line: self.id,
                by,
                what,
            });
        }
    }
}
