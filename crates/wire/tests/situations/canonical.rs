//! Headers, facts, texts and stored entries as bytes from outside: no bytes make a decoder panic, each
//! value has one form, and only that form is read.

use openline_wire::address::Address;
use openline_wire::attachment::Attachment;
use openline_wire::cbor::{Canonical, DecodeError};
use openline_wire::codes::{
    Answer, Answerer, Attestation, Ending, Kind, Mark, Mode, Precedence, SilenceReason, Stage,
    Stream, SuspensionReason,
};
use openline_wire::entry::{Body, SignedEntry};
use openline_wire::fact::{
    Answered, CallUp, ExerciseAccepted, ExerciseEnded, ExerciseProposed, Frontier, HandOver,
    HandOverWithdrawn, InExercise, NumberCompared, Outcome, Presence, ReachableAt, Ready, Receipt,
    Resumed, Ring, Ringing, Roster, Shift, Silence, Start, Suspended, TakeOver, TestAnswer,
    TestText, WatchClosed, WatchOpened,
};
use openline_wire::header::{self, Actor, Chain, Head, Header};
use openline_wire::ids::{Author, BootId, Digest, EntryId, LineId, NodeId, PartyId};
use openline_wire::key::Signature;
use openline_wire::limits;
use openline_wire::office::{OfficeId, OfficeRef};
use openline_wire::text::Text;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::{Index, select};

fn author() -> impl Strategy<Value = Author> {
    // Few of each, so that authors meet again.
    (0u8..3, 0u8..3, any::<[u8; 16]>()).prop_map(|(party, node, boot)| Author {
        party: PartyId([party; 32]),
        node: NodeId([node; 32]),
        boot: BootId(boot),
    })
}

fn id() -> impl Strategy<Value = EntryId> {
    any::<[u8; 32]>().prop_map(EntryId)
}

fn digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest)
}

fn heads() -> impl Strategy<Value = Vec<Head>> {
    let chain = (author(), select(Stream::ALL));
    let chain = chain.prop_map(|(author, stream)| Chain { author, stream });
    let heads = btree_map(chain, (1u64.., id()), 0..8);
    let head = |(chain, (size, last))| Head { chain, size, last };
    heads.prop_map(move |heads| heads.into_iter().map(head).collect())
}

fn actor() -> impl Strategy<Value = Actor> {
    let word = "[a-zA-Zа-яА-Я. ]{0,20}";
    let parts = (word, select(Attestation::ALL), word);
    parts.prop_map(|(name, attestation, evidence)| Actor {
        name,
        attestation,
        evidence,
    })
}

fn start() -> impl Strategy<Value = Start> {
    let key = (any::<[u8; 16]>().prop_map(BootId), select(Stream::ALL));
    let chains = btree_map(key, (1u64.., id(), digest()), 0..6);
    chains.prop_map(|chains| Start {
        frontier: chains
            .into_iter()
            .map(|((boot, stream), (size, last, root))| Frontier {
                boot,
                stream,
                size,
                last,
                root,
            })
            .collect(),
    })
}

fn receipt() -> impl Strategy<Value = Receipt> {
    let targets = btree_set(id(), 1..8);
    (select(Stage::ALL), targets).prop_map(|(stage, targets)| Receipt {
        stage,
        targets: targets.into_iter().collect(),
    })
}

fn silence() -> impl Strategy<Value = Silence> {
    let times = (0..limits::LATEST_TIME_MS, 1u64..1_000_000);
    (times, select(SilenceReason::ALL)).prop_map(|((from, length), reason)| Silence {
        from,
        until: (from + length).min(limits::LATEST_TIME_MS),
        reason,
    })
}

fn number_compared() -> impl Strategy<Value = NumberCompared> {
    let digests = (digest(), digest(), digest());
    digests.prop_map(|(own_card, other_card, charter)| NumberCompared {
        own_card,
        other_card,
        charter,
    })
}

fn office(party: PartyId) -> impl Strategy<Value = OfficeRef> {
    "[a-z0-9-]{1,32}".prop_map(move |id| OfficeRef {
        party,
        office: OfficeId::new(&id).expect("an identifier"),
    })
}

/// The party that rings.
const CALLER: PartyId = PartyId([0; 32]);

fn ring() -> impl Strategy<Value = Ring> {
    let offices = (office(CALLER), office(PartyId([1; 32])));
    let for_ms = limits::RING_MIN_MS..=limits::RING_MAX_MS;
    let rest = (select(Mode::ALL), for_ms, option::of(id()));
    (offices, rest).prop_map(|((from, to), (mode, for_ms, exercise))| Ring {
        from,
        to,
        mode,
        for_ms,
        exercise,
    })
}

fn answered() -> impl Strategy<Value = Answered> {
    let call_back = option::of(0..=limits::LATEST_TIME_MS);
    (id(), select(Answer::ALL), call_back).prop_map(|(ring, answer, call_back)| Answered {
        ring,
        answer,
        call_back: call_back.filter(|_| answer != Answer::Accept),
    })
}

fn outcome() -> impl Strategy<Value = Outcome> {
    (id(), select(Ending::ALL), id()).prop_map(|(ring, ending, cited)| Outcome {
        ring,
        ending,
        cites: ending.cites().then_some(cited),
    })
}

/// What is of the watch, or of a suspension.
fn of_the_watch() -> impl Strategy<Value = (Kind, Vec<u8>)> {
    let ids = |least: usize| btree_set(id(), least..8).prop_map(|ids| ids.into_iter().collect());
    let confirms = || limits::CONFIRM_MIN_MS..=limits::CONFIRM_MAX_MS;
    let opened =
        (ids(0), confirms()).prop_map(|(ends, confirms_ms)| WatchOpened { ends, confirms_ms });
    let handed = (id(), "[a-zа-я]{1,20}", ids(0));
    let handed = handed.prop_map(|(watch, to, items)| HandOver { watch, to, items });
    let taken = (id(), confirms());
    let taken = taken.prop_map(|(hand_over, confirms_ms)| TakeOver {
        hand_over,
        confirms_ms,
    });
    let resumed = ids(1).prop_map(|suspensions| Resumed { suspensions });
    let reason = select(SuspensionReason::ALL);
    prop_oneof![
        roster().prop_map(|fact| (Kind::Roster, fact.to_bytes())),
        opened.prop_map(|fact| (Kind::WatchOpened, fact.to_bytes())),
        id().prop_map(|watch| (Kind::Presence, Presence { watch }.to_bytes())),
        handed.prop_map(|fact| (Kind::HandOver, fact.to_bytes())),
        id().prop_map(|hand_over| {
            let fact = HandOverWithdrawn { hand_over };
            (Kind::HandOverWithdrawn, fact.to_bytes())
        }),
        taken.prop_map(|fact| (Kind::TakeOver, fact.to_bytes())),
        id().prop_map(|watch| (Kind::WatchClosed, WatchClosed { watch }.to_bytes())),
        reason.prop_map(|reason| (Kind::Suspended, Suspended { reason }.to_bytes())),
        resumed.prop_map(|fact| (Kind::Resumed, fact.to_bytes())),
    ]
}

fn roster() -> impl Strategy<Value = Roster> {
    // Begin and length of each shift, in minutes of a day, and an officer.
    let shifts = btree_map(0u64..1440, (1u64..60, "[A-Za-zА-я]{1,20}"), 0..8);
    let replaces = btree_set(id(), 0..8);
    let from = 0..limits::LATEST_TIME_MS - limits::ROSTER_MS;
    (from, shifts, replaces).prop_map(|(from, shifts, replaces)| {
        let at = |minutes: u64| from + minutes * 60_000;
        let shift = |(begins, (length, officer))| Shift {
            from: at(begins),
            until: at(begins + length),
            officer,
        };
        Roster {
            from,
            until: at(1500),
            shifts: shifts.into_iter().map(shift).collect(),
            replaces: replaces.into_iter().collect(),
        }
    })
}

/// What is of a test; its answers are a machine's.
fn of_a_test() -> impl Strategy<Value = (Kind, Vec<u8>)> {
    let answer = (id(), digest()).prop_map(|(text, content)| TestAnswer {
        text,
        by: Answerer::Machine,
        content,
    });
    prop_oneof![
        option::of(any::<u64>()).prop_map(|turn| (Kind::CallUp, CallUp { turn }.to_bytes())),
        id().prop_map(|call_up| (Kind::Ready, Ready { call_up }.to_bytes())),
        id().prop_map(|ready| (Kind::TestText, TestText { ready }.to_bytes())),
        answer.prop_map(|fact| (Kind::TestAnswer, fact.to_bytes())),
    ]
}

/// What agrees on an exercise, or ends one.
fn of_an_exercise() -> impl Strategy<Value = (Kind, Vec<u8>)> {
    let until = 0..=limits::LATEST_TIME_MS;
    prop_oneof![
        until.prop_map(|until| (
            Kind::ExerciseProposed,
            ExerciseProposed { until }.to_bytes()
        )),
        id().prop_map(|proposal| {
            let fact = ExerciseAccepted { proposal };
            (Kind::ExerciseAccepted, fact.to_bytes())
        }),
        id().prop_map(|proposal| {
            let fact = ExerciseEnded { proposal };
            (Kind::ExerciseEnded, fact.to_bytes())
        }),
    ]
}

fn reachable_at() -> impl Strategy<Value = ReachableAt> {
    let urls = btree_set("[a-z]{1,6}://[!-~]{1,40}", 0..=limits::REACHABLE_AT);
    urls.prop_map(|urls| {
        let addresses = urls.iter().filter_map(|url| Address::new(url));
        ReachableAt::new(addresses.collect()).expect("no more than fit")
    })
}

/// A kind that a boot may write behind its start, with its fact.
fn kind_and_fact() -> impl Strategy<Value = (Kind, Vec<u8>)> {
    prop_oneof![
        of_the_watch(),
        of_a_test(),
        of_an_exercise(),
        reachable_at().prop_map(|fact| (Kind::ReachableAt, fact.to_bytes())),
        id().prop_map(|exercise| (Kind::Message, InExercise { exercise }.to_bytes())),
        Just((Kind::Message, Vec::new())),
        Just((Kind::ServiceNote, Vec::new())),
        receipt().prop_map(|fact| (Kind::Receipt, fact.to_bytes())),
        silence().prop_map(|fact| (Kind::Silence, fact.to_bytes())),
        number_compared().prop_map(|fact| (Kind::NumberCompared, fact.to_bytes())),
        ring().prop_map(|fact| (Kind::Ring, fact.to_bytes())),
        id().prop_map(|ring| (Kind::Ringing, Ringing { ring }.to_bytes())),
        answered().prop_map(|fact| (Kind::Answer, fact.to_bytes())),
        outcome().prop_map(|fact| (Kind::Outcome, fact.to_bytes())),
        (100u64.., vec(any::<u8>(), 0..64)).prop_map(|(code, fact)| (Kind::Unknown(code), fact)),
    ]
}

/// A header that is allowed to stand alone: place, kind and fact fit each other.
fn any_header() -> impl Strategy<Value = Header> {
    let place = prop_oneof![
        start().prop_map(|fact| (Stream::Urgent, 0, Kind::Start, fact.to_bytes())),
        (select(Stream::ALL), 1u64.., kind_and_fact())
            .prop_map(|(stream, sequence, (kind, fact))| (stream, sequence, kind, fact)),
        kind_and_fact().prop_map(|(kind, fact)| (Stream::Traffic, 0, kind, fact)),
    ];
    let codes = (select(Mark::ALL), select(Precedence::ALL));
    let links = (id(), heads(), option::of(id()), option::of(digest()));
    let rest = (author(), 0..=limits::LATEST_TIME_MS, codes, links, actor());
    (place, rest).prop_map(|(place, (mut author, time, mut codes, links, mut actor))| {
        let (stream, sequence, kind, fact) = place;
        if kind == Kind::Ring {
            // Nobody calls in another party's name.
            author.party = CALLER;
        }
        let is_of_a_watch = kind.is_of_the_watch() || kind.is_of_a_suspension();
        if is_of_a_watch || kind.is_of_an_exercise() || kind == Kind::ReachableAt {
            actor.name = "Orlova".to_owned();
            actor.attestation = Attestation::Passkey;
        }
        if kind.is_of_a_test() {
            (codes.0, actor) = (Mark::Test, Actor::station());
        }
        let (previous, heads, reply_to, mut commitment) = links;
        match kind {
            Kind::ExerciseProposed => {
                (codes.0, commitment) = (Mark::Real, Some(Digest([1; 32])));
            }
            Kind::ExerciseAccepted | Kind::ExerciseEnded => codes.0 = Mark::Real,
            // These name an exercise.
            Kind::Message if !fact.is_empty() => codes.0 = Mark::Exercise,
            Kind::Ring if fact.first() == Some(&0x85) => codes.0 = Mark::Exercise,
            _ => {}
        }
        Header {
            line: LineId([7; 32]),
            author,
            stream,
            sequence,
            previous: (sequence > 0).then_some(previous),
            heads,
            time,
            kind,
            mark: codes.0,
            precedence: codes.1,
            reply_to,
            actor,
            fact,
            commitment,
        }
    })
}

/// Whether bytes are read only if they are what the value read would write.
fn is_read_in_one_form<T: Canonical>(bytes: &[u8]) -> bool {
    T::from_bytes(bytes).map_or(true, |value| value.to_bytes() == bytes)
}

fn no_bytes_are_read_in_two_forms(bytes: &[u8]) -> bool {
    is_read_in_one_form::<Header>(bytes)
        && is_read_in_one_form::<SignedEntry>(bytes)
        && is_read_in_one_form::<Start>(bytes)
        && is_read_in_one_form::<Receipt>(bytes)
        && is_read_in_one_form::<Silence>(bytes)
        && is_read_in_one_form::<NumberCompared>(bytes)
        && is_read_in_one_form::<Ring>(bytes)
        && is_read_in_one_form::<Ringing>(bytes)
        && is_read_in_one_form::<Answered>(bytes)
        && is_read_in_one_form::<Outcome>(bytes)
        && is_read_in_one_form::<Roster>(bytes)
        && is_read_in_one_form::<WatchOpened>(bytes)
        && is_read_in_one_form::<Presence>(bytes)
        && is_read_in_one_form::<HandOver>(bytes)
        && is_read_in_one_form::<HandOverWithdrawn>(bytes)
        && is_read_in_one_form::<TakeOver>(bytes)
        && is_read_in_one_form::<WatchClosed>(bytes)
        && is_read_in_one_form::<Suspended>(bytes)
        && is_read_in_one_form::<Resumed>(bytes)
        && is_read_in_one_form::<ReachableAt>(bytes)
        && is_read_in_one_form::<CallUp>(bytes)
        && is_read_in_one_form::<Ready>(bytes)
        && is_read_in_one_form::<TestText>(bytes)
        && is_read_in_one_form::<TestAnswer>(bytes)
        && is_read_in_one_form::<ExerciseProposed>(bytes)
        && is_read_in_one_form::<ExerciseAccepted>(bytes)
        && is_read_in_one_form::<ExerciseEnded>(bytes)
        && is_read_in_one_form::<InExercise>(bytes)
        && is_read_in_one_form::<Text>(bytes)
}

proptest! {
    /// OL-301
    #[test]
    fn random_bytes_are_refused_or_read_in_one_form(bytes in vec(any::<u8>(), 0..600)) {
        prop_assert!(no_bytes_are_read_in_two_forms(&bytes));
    }

    /// OL-301 OL-303
    #[test]
    fn a_header_comes_back_as_it_was(header in any_header()) {
        let bytes = header.to_bytes();
        prop_assert_eq!(header::parse(&bytes), Ok(header));
    }

    /// OL-301: near a header lie the bytes that could be read in two ways.
    #[test]
    fn a_header_with_a_byte_changed_cut_or_added_is_refused_or_another(
        header in any_header(), at in any::<Index>(), byte in any::<u8>(),
    ) {
        let bytes = header.to_bytes();
        let at = at.index(bytes.len());
        let (mut changed, mut cut, mut added) = (bytes.clone(), bytes.clone(), bytes.clone());
        changed[at] = byte;
        cut.remove(at);
        added.insert(at, byte);
        for bytes in [&changed, &cut, &added] {
            prop_assert!(no_bytes_are_read_in_two_forms(bytes));
        }
        prop_assert!(header::parse(&bytes[..at]).is_err());
        let longer = [&bytes[..], &[byte]].concat();
        prop_assert!(header::parse(&longer).is_err());
    }

    /// OL-301: an integer in a longer form than it needs.
    #[test]
    fn a_header_with_a_longer_integer_is_refused(header in any_header()) {
        let mut bytes = header.to_bytes();
        bytes.splice(1..2, [0x18, 1]);
        prop_assert_eq!(header::parse(&bytes), Err(DecodeError::NotCanonical));
    }

    /// OL-326
    #[test]
    fn a_stored_entry_comes_back_as_it_was(
        header in any_header(), salt in any::<[u8; 16]>(), content in vec(any::<u8>(), 0..200),
        signature in vec(any::<u8>(), 64), is_withheld in any::<bool>(),
    ) {
        let body = Body { salt, content };
        let header = Header { commitment: Some(body.commitment()), ..header };
        let signature = Signature(signature.try_into().expect("64 bytes"));
        let body = (!is_withheld).then_some(body);
        let entry = SignedEntry::new(header.to_bytes(), signature, body).expect("a fitting body");
        prop_assert_eq!(SignedEntry::from_bytes(&entry.to_bytes()), Ok(entry));
    }

    /// OL-325
    #[test]
    fn a_text_comes_back_as_it_was(
        language in "[a-z]{2,8}",
        text in ".{0,200}",
        sizes in vec(1..limits::ATTACHMENT, 0..limits::ATTACHMENTS),
    ) {
        let file = |size| Attachment {
            name: format!("{size}.pdf"),
            size,
            root: Digest([7; 32]),
        };
        let attachments = sizes.into_iter().map(file).collect();
        let text = Text { language, text, attachments };
        prop_assert_eq!(Text::from_bytes(&text.to_bytes()), Ok(text));
    }
}

/// OL-301: the limits leave room for the longest header that the rules allow.
#[test]
fn the_longest_start_fits_into_a_header() {
    let chain = |n: usize| Chain {
        author: Author {
            party: PartyId([0xFF; 32]),
            node: NodeId([0xFF; 32]),
            boot: BootId((n as u128).to_be_bytes()),
        },
        stream: Stream::Service,
    };
    let id = EntryId([0xFF; 32]);
    let head = |n| Head {
        chain: chain(n),
        size: u64::MAX,
        last: id,
    };
    let item = |n: usize| Frontier {
        boot: chain(n).author.boot,
        stream: Stream::Service,
        size: u64::MAX,
        last: id,
        root: Digest([0xFF; 32]),
    };
    let frontier = (0..limits::FRONTIER).map(item).collect();
    let fact = Start { frontier }.to_bytes();
    assert!(fact.len() <= limits::FACT, "fact of {} bytes", fact.len());
    let label = "Ф".repeat(limits::ACTOR_NAME / 2);
    let header = Header {
        line: LineId([0xFF; 32]),
        author: chain(0).author,
        stream: Stream::Urgent,
        sequence: 0,
        previous: None,
        heads: (0..limits::HEADS).map(head).collect(),
        time: limits::LATEST_TIME_MS,
        kind: Kind::Start,
        mark: Mark::Test,
        precedence: Precedence::Flash,
        reply_to: Some(id),
        actor: Actor {
            name: label.clone(),
            attestation: Attestation::Passkey,
            evidence: label,
        },
        fact,
        commitment: Some(Digest([0xFF; 32])),
    };
    let bytes = header.to_bytes();
    let read = header::parse(&bytes);
    // Not compared as a whole: a failure would print forty kilobytes.
    assert!(read.is_ok(), "header of {} bytes", bytes.len());
}

/// OL-301
#[test]
fn a_header_beyond_its_limit_is_refused_before_it_is_read() {
    let refused = header::parse(&vec![0; limits::HEADER + 1]);
    assert!(matches!(
        refused,
        Err(DecodeError::TooLarge { what: "header", .. })
    ));
}
