//! Every refusal has words in both languages, and the words have a value for each of their blanks.

use std::collections::BTreeSet;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use openline_wire::card::CardError;
use openline_wire::cbor::DecodeError;
use openline_wire::charter::CharterError;
use openline_wire::cose::ContentType;
use openline_wire::ids::{LineId, NodeId, PartyId};
use openline_wire::office::OfficeId;
use openline_wire::opening::OpeningError;
use openline_wire::root::RootHalf;
use openline_wire::safety::{SafetyNumber, SafetyNumberError};

use super::{CeremonyError, CharterFileError};
use crate::home::HomeError;

const LANGUAGES: [(&str, &str); 2] = [
    ("en", include_str!("../../locales/en/opening.ftl")),
    ("ru", include_str!("../../locales/ru/opening.ftl")),
];

fn home_errors() -> Vec<HomeError> {
    let path = || "/home/moscow".into();
    vec![
        HomeError::Io {
            path: path(),
            doing: "write",
            source: std::io::ErrorKind::StorageFull.into(),
        },
        HomeError::Missing { path: path() },
        HomeError::NoHome { path: path() },
        HomeError::Exists { path: path() },
        HomeError::Exposed {
            path: path(),
            mode: 0o644,
        },
        HomeError::ForeignKey { path: path() },
        HomeError::ForeignOwner {
            path: path(),
            owner: 1,
            us: 2,
        },
        HomeError::InUse { path: path() },
        HomeError::NoFile {
            path: "/x".into(),
            kind: "pipe",
        },
        HomeError::TooLong {
            path: "/x".into(),
            limit: 1,
        },
        HomeError::Damaged {
            path: path(),
            why: "short".to_owned(),
        },
        HomeError::RootOffline { path: path() },
        HomeError::NoKey {
            why: "none".to_owned(),
        },
    ]
}

fn card_errors() -> Vec<CardError> {
    let node = NodeId([1; 32]);
    vec![
        CardError::Decode(DecodeError::NotCanonical),
        CardError::Signature(RootHalf::MlDsa87),
        CardError::NodeUnknown { node },
        CardError::NodeExpired {
            node,
            expired: 1_652_432_400_000,
            now: 1_652_432_400_001,
        },
        CardError::NodeRevoked { node, time: 1 },
    ]
}

fn charter_errors() -> Vec<CharterError> {
    let office = || OfficeId::new("watch").expect("an id");
    vec![
        CharterError::Parties { got: 1 },
        CharterError::Stranger { office: office() },
        CharterError::Link {
            office: office(),
            link: office(),
        },
        CharterError::OneSided {
            office: office(),
            counterpart: office(),
        },
        CharterError::NoOffice {
            party: PartyId([1; 32]),
        },
        CharterError::Range {
            field: "echo_ms",
            got: 1,
            least: 2,
            most: 3,
        },
        CharterError::Needed("text"),
    ]
}

fn opening_errors() -> Vec<OpeningError> {
    let party = PartyId([1; 32]);
    let mut all = vec![
        OpeningError::Decode(DecodeError::NotCanonical),
        OpeningError::WrongKind {
            expected: ContentType::Offer,
            got: ContentType::Card,
        },
        OpeningError::Signature,
        OpeningError::CharterSignature,
        OpeningError::OtherParties,
        OpeningError::OtherNames { party },
        OpeningError::TapeMissing,
        OpeningError::TapeDamaged,
        OpeningError::ForAnother { to: party },
        OpeningError::FromOurselves,
        OpeningError::OtherOffer,
        OpeningError::CharterAltered,
        OpeningError::OtherCards,
    ];
    all.extend(card_errors().into_iter().map(OpeningError::Card));
    all.extend(charter_errors().into_iter().map(OpeningError::Charter));
    all
}

fn ceremony_errors() -> Vec<CeremonyError> {
    let line = LineId([1; 32]);
    let number = SafetyNumber::of(PartyId([1; 32]), PartyId([2; 32]));
    let mut all = vec![
        CeremonyError::SafetyNumber(SafetyNumberError::NoDigit('x')),
        CeremonyError::SafetyNumber(SafetyNumberError::Length { got: 59 }),
        CeremonyError::NumberDiffers {
            expected: number,
            got: number,
        },
        CeremonyError::NameLikeAnId {
            name: "deadbeef".to_owned(),
        },
        CeremonyError::OwnCard,
        CeremonyError::OwnNode(CardError::NodeUnknown {
            node: NodeId([1; 32]),
        }),
        CeremonyError::OlderCard {
            party: PartyId([1; 32]),
            known: 2,
            got: 1,
        },
        CeremonyError::OfferUsed { line },
        CeremonyError::AnswerErased { line },
        CeremonyError::AnswerUsed { line },
        CeremonyError::UnknownOffer { line },
        CeremonyError::TapeNeeded,
        CeremonyError::Agreement {
            why: "none".to_owned(),
        },
        CeremonyError::CharterFile(CharterFileError::Toml {
            line: 3,
            kind: "other",
            field: String::new(),
            why: "expected a value".to_owned(),
        }),
        CeremonyError::CharterFile(CharterFileError::Value {
            field: "modes",
            value: "smell".to_owned(),
        }),
    ];
    all.extend(home_errors().into_iter().map(CeremonyError::Home));
    all.extend(opening_errors().into_iter().map(CeremonyError::Opening));
    all
}

fn bundle(tag: &str, source: &str) -> FluentBundle<FluentResource> {
    let resource = FluentResource::try_new(source.to_owned()).expect("sound Fluent");
    let mut bundle = FluentBundle::new(vec![tag.parse().expect("a tag")]);
    bundle.add_resource(resource).expect("no id twice");
    bundle
}

fn told(bundle: &FluentBundle<FluentResource>, error: &CeremonyError) -> [String; 2] {
    let code = error.code();
    let message = bundle
        .get_message(code)
        .unwrap_or_else(|| panic!("no {code}"));
    let blanks = error.blanks();
    let blanks = blanks.iter().map(|(name, value)| (*name, value.as_str()));
    let args: FluentArgs<'_> = blanks.collect();
    let what = message.value().expect(code);
    let remedy = message.get_attribute("do").expect(code).value();
    [what, remedy].map(|pattern| {
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
        assert!(errors.is_empty(), "{code}: {errors:?}");
        text.into_owned()
    })
}

#[test]
fn every_refusal_says_in_both_languages_what_happened_and_what_to_do() {
    for (tag, source) in LANGUAGES {
        let bundle = bundle(tag, source);
        for error in ceremony_errors() {
            let [what, remedy] = told(&bundle, &error);
            assert!(what.len() > 10 && remedy.len() > 10, "{what} {remedy}");
        }
    }
}

#[test]
fn no_message_is_left_that_no_refusal_uses() {
    let used: BTreeSet<_> = ceremony_errors().iter().map(CeremonyError::code).collect();
    let (_, source) = LANGUAGES[0];
    let ids = source.lines().filter_map(|line| line.split_once(" = "));
    for (id, _) in ids.filter(|(id, _)| id.starts_with(|c: char| c.is_ascii_lowercase())) {
        assert!(used.contains(id), "{id}");
    }
}
