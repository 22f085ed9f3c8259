//! Two parties with fixed keys, for this crate's own tests.

use aws_lc_rs::signature::{KeyPair as _, ML_DSA_87_SIGNING, PqdsaKeyPair};
use ed25519_dalek::{Signer as _, SigningKey};
use proptest::prelude::*;

use crate::address::Address;
use crate::card::{Card, CardBody, NodeCertificate};
use crate::charter::{Cadences, Charter, CharterParty, TextLimits};
use crate::codes::{Mark, Mode, Suite};
use crate::cose;
use crate::key::{NodeKey, Signature};
use crate::language::{Language, LocalNames};
use crate::office::{Office, OfficeId, OfficeRef};
use crate::root::{HybridSignature, ML_DSA_87_SIGNATURE, RootKeys};

/// A party made of one number.
pub struct Party {
    name: &'static str,
    name_ru: &'static str,
    seed: u8,
}

pub const WASHINGTON: Party = Party {
    name: "Washington",
    name_ru: "Вашингтон",
    seed: 1,
};
pub const MOSCOW: Party = Party {
    name: "Moscow",
    name_ru: "Москва",
    seed: 2,
};

/// When the tests take place: 2022-05-13 09:00 UTC.
pub const NOW: u64 = 1_652_432_400_000;

pub fn language(tag: &str) -> Language {
    Language::new(tag).expect("a tag in a test")
}

/// A charter between the two, with a watch on each side.
pub fn charter() -> Charter {
    let mut cards = [WASHINGTON.card(), MOSCOW.card()];
    cards.sort_by_key(Card::party);
    let watch = |card: &Card| OfficeRef {
        party: card.party(),
        office: OfficeId::new("watch").expect("an id"),
    };
    let office = |own: usize| Office {
        id: watch(&cards[own]),
        names: LocalNames::new(vec![(language("en"), "Watch".to_owned())]).expect("names"),
        level: 1,
        counterparts: vec![watch(&cards[1 - own])],
        substitutes: Vec::new(),
    };
    let party = |card: &Card| CharterParty {
        id: card.party(),
        names: card.names().clone(),
        languages: card.body().languages.clone(),
    };
    Charter {
        suite: Suite::One,
        parties: cards.iter().map(party).collect(),
        offices: vec![office(0), office(1)],
        cadences: Cadences::default(),
        limits: TextLimits::default(),
        retention_days: None,
        tape_required: true,
        modes: Mode::ALL.to_vec(),
        marks: Mark::ALL.to_vec(),
    }
}

impl Party {
    pub const fn named(name: &'static str, seed: u8) -> Self {
        Self {
            name,
            name_ru: name,
            seed,
        }
    }

    fn root_ed25519(&self) -> SigningKey {
        SigningKey::from_bytes(&[self.seed; 32])
    }

    fn root_ml_dsa(&self) -> PqdsaKeyPair {
        PqdsaKeyPair::from_seed(&ML_DSA_87_SIGNING, &[self.seed; 32]).expect("a seed of 32 bytes")
    }

    fn node_signer(&self) -> SigningKey {
        SigningKey::from_bytes(&[self.seed + 100; 32])
    }

    pub fn node_key(&self) -> NodeKey {
        NodeKey::from_bytes(&self.node_signer().verifying_key().to_bytes()).expect("a key")
    }

    pub fn sign_node(&self, content: cose::ContentType, payload: &[u8]) -> Signature {
        let message = cose::to_be_signed(content, payload);
        Signature(self.node_signer().sign(&message).to_bytes())
    }

    pub fn sign_root(&self, body: &CardBody) -> HybridSignature {
        let message = body.to_be_signed();
        let mut ml_dsa = vec![0; ML_DSA_87_SIGNATURE];
        self.root_ml_dsa()
            .sign(&message.ml_dsa, &mut ml_dsa)
            .expect("a signature");
        HybridSignature {
            ed25519: Signature(self.root_ed25519().sign(&message.ed25519).to_bytes()),
            ml_dsa,
        }
    }

    pub fn card_body(&self) -> CardBody {
        let ed25519 = self.root_ed25519().verifying_key().to_bytes();
        let names = vec![
            (language("en"), self.name.to_owned()),
            (language("ru"), self.name_ru.to_owned()),
        ];
        CardBody {
            serial: 1,
            issued: NOW,
            names: LocalNames::new(names).expect("names"),
            languages: vec![language("en")],
            root: RootKeys::new(&ed25519, self.root_ml_dsa().public_key().as_ref()).expect("keys"),
            nodes: vec![NodeCertificate {
                key: self.node_key(),
                leaf_key: vec![self.seed; 32],
                expires: NOW + 1_000_000,
            }],
            revocations: Vec::new(),
            addresses: vec![Address::new("udp://192.0.2.1:7600").expect("an address")],
        }
    }

    pub fn sign_card(&self, body: CardBody) -> Card {
        let signature = self.sign_root(&body);
        let card = body.with_signature(signature).verify();
        card.expect("a card that we signed")
    }

    pub fn card(&self) -> Card {
        self.sign_card(self.card_body())
    }
}

/// What somebody may type who means this text: each digit changed to each other one, each two neighbouring digits exchanged, each
/// sign and each letter of a hemisphere turned round.
pub fn slips(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut slips = Vec::new();
    for (at, &char) in chars.iter().enumerate() {
        let others = match char {
            '0'..='9' => "0123456789",
            '+' | '-' => "+-",
            'N' | 'S' => "NS",
            'E' | 'W' => "EW",
            _ => "",
        };
        for other in others.chars().filter(|other| *other != char) {
            let mut slip = chars.clone();
            slip[at] = other;
            slips.push(slip.into_iter().collect());
        }
        let next = chars.get(at + 1).filter(|next| next.is_ascii_digit());
        if char.is_ascii_digit() && next.is_some_and(|next| *next != char) {
            let mut slip = chars.clone();
            slip.swap(at, at + 1);
            slips.push(slip.into_iter().collect());
        }
    }
    slips
}

/// Any character, and most often one that stands in places and times.
pub fn typed() -> impl Strategy<Value = char> {
    let usual: Vec<char> = "0123456789 .,:;+-TZNSEWUA°'\"º′".chars().collect();
    prop_oneof![9 => proptest::sample::select(usual), 1 => proptest::char::any()]
}
