//! What people and their programs write: texts, names, languages, addresses, facts, compressed bodies.

use std::cell::RefCell;

use openline_wire::address::Address;
use openline_wire::cbor::Canonical;
use openline_wire::codes::Precedence;
use openline_wire::compress::{Codec, Effort};
use openline_wire::fact::{
    Answered, ContactClosed, Frontier, NumberCompared, Outcome, Proposal, ReachableAt, ReadBack,
    Receipt, Ring, Ringing, Settlement, Silence, Start, Verified, Verifying,
};
use openline_wire::header::Actor;
use openline_wire::ids::{BootId, EntryId};
use openline_wire::language::{Language, LocalNames};
use openline_wire::office::{Office, OfficeId};
use openline_wire::place::Place;
use openline_wire::safety::SafetyNumber;
use openline_wire::text::{self, Text};
use openline_wire::zoned::Zoned;
use openline_wire::{limits, names};

use super::is_read_in_one_form;

/// Each fact is read in one form only.
pub fn fact(data: &[u8]) {
    is_read_in_one_form::<Start>(data);
    is_read_in_one_form::<Frontier>(data);
    is_read_in_one_form::<Receipt>(data);
    is_read_in_one_form::<Silence>(data);
    is_read_in_one_form::<NumberCompared>(data);
    is_read_in_one_form::<Ring>(data);
    is_read_in_one_form::<Ringing>(data);
    is_read_in_one_form::<Answered>(data);
    is_read_in_one_form::<Outcome>(data);
    is_read_in_one_form::<Verifying>(data);
    is_read_in_one_form::<Verified>(data);
    is_read_in_one_form::<Proposal>(data);
    is_read_in_one_form::<ReadBack>(data);
    is_read_in_one_form::<Settlement>(data);
    is_read_in_one_form::<ContactClosed>(data);
    is_read_in_one_form::<ReachableAt>(data);
}

/// A place or a time that was typed is shown as what reads back as the same.
fn agreed(words: &str) {
    if let Ok(place) = words.parse::<Place>() {
        assert_eq!(place.to_string().parse(), Ok(place));
    }
    if let Ok(time) = words.parse::<Zoned>() {
        assert_eq!(time.to_string().parse(), Ok(time));
    }
}

/// An address shows as it was written, and has a scheme.
pub fn address(data: &[u8]) {
    is_read_in_one_form::<Address>(data);
    let Ok(url) = core::str::from_utf8(data) else {
        return;
    };
    if let Some(address) = Address::new(url) {
        assert_eq!(address.as_str(), url);
        assert!(address.scheme().bytes().all(|b| b.is_ascii_lowercase()));
        assert!(names::is_plain(url) && !url.contains(' '));
        assert_eq!(Address::from_bytes(&address.to_bytes()), Ok(address));
    }
}

/// A text, a name, a language tag, an id or a safety number: each has one spelling, and none that was accepted can
/// deceive a terminal.
pub fn text(data: &[u8]) {
    is_read_in_one_form::<Text>(data);
    is_read_in_one_form::<LocalNames>(data);
    is_read_in_one_form::<Language>(data);
    is_read_in_one_form::<Office>(data);
    is_read_in_one_form::<Actor>(data);
    let Ok(words) = core::str::from_utf8(data) else {
        return;
    };
    shown(words);
    agreed(words);
    spelled(words);
    for precedence in Precedence::ALL {
        if text::check(words, *precedence).is_ok() {
            assert!(words.len() <= limits::TEXT && !words.trim().is_empty());
            let urgent = text::words(words) <= limits::URGENT_WORDS;
            assert!(urgent || !precedence.is_urgent());
        }
    }
}

fn shown(words: &str) {
    let harmless = names::for_screen(words);
    assert_eq!(names::for_screen(&harmless), harmless);
    let ends = |c: &char| !matches!(c, '\n' | '\t');
    assert!(names::is_plain(
        &harmless.chars().filter(ends).collect::<String>()
    ));
    if names::is_acceptable(words) {
        assert_eq!(harmless, words);
    }
}

fn spelled(words: &str) {
    if let Some(tag) = Language::new(words) {
        assert_eq!(Language::new(tag.as_str()).as_ref(), Some(&tag));
        assert!(tag.as_str().starts_with(tag.primary()));
        let pairs = vec![(tag.clone(), "Moscow".to_owned())];
        let names = LocalNames::new(pairs).expect("one good name");
        assert_eq!(names.in_language(words), "Moscow");
    }
    if let Some(id) = OfficeId::new(words) {
        assert_eq!(id.as_str(), words);
    }
    if let Ok(number) = words.parse::<SafetyNumber>() {
        assert_eq!(number.to_string().parse(), Ok(number));
    }
    if let Some(id) = EntryId::from_hex(words) {
        assert_eq!(id.to_string(), words.to_ascii_lowercase());
    }
    if let Some(id) = BootId::from_hex(words) {
        assert_eq!(id.to_string(), words.to_ascii_lowercase());
    }
}

thread_local! {
    static CODEC: RefCell<Codec> = RefCell::new(Codec::new());
}

/// A coded body gives no more than was asked for; a body comes back, and costs at most one byte more.
pub fn compressed(data: &[u8]) {
    CODEC.with_borrow_mut(|codec| {
        if let Ok(plain) = codec.decompress(data, limits::BODY) {
            assert!(plain.len() <= limits::BODY);
            assert!(codec.decompress(data, plain.len()).is_ok());
            let less = plain.len().checked_sub(1);
            assert!(less.is_none_or(|less| codec.decompress(data, less).is_err()));
            goes_both_ways(codec, &plain);
        }
        goes_both_ways(codec, data);
    });
}

fn goes_both_ways(codec: &mut Codec, plain: &[u8]) {
    let coded = codec.compress(plain, Effort::Full);
    assert!(coded.len() <= plain.len() + 1);
    assert_eq!(codec.decompress(&coded, plain.len()).as_deref(), Ok(plain));
}
