//! What stands in an authentic frame: bodies, fragments, packed entries.

use std::cell::RefCell;

use ed25519_dalek::{Signer as _, SigningKey};
use openline_proto::bodies::{self, Body, BootPrefix, Confirm, Have, HaveChain, Want};
use openline_proto::fragments::{Reassembly, cut};
use openline_proto::packed::{self, DeltaHead, Known, Packed, SealedBy, UnpackError};
use openline_wire::cbor::Canonical;
use openline_wire::codes::{Kind, Mark, Precedence, Stream};
use openline_wire::compress::{Codec, Effort};
use openline_wire::entry::{self, Body as Content, Entry, SignedEntry};
use openline_wire::header::{Actor, Chain, Head, Header};
use openline_wire::ids::{Author, BootId, EntryId, LineId, PartyId};
use openline_wire::key::{NodeKey, Signature};
use openline_wire::limits;
use openline_wire::text::Text;

use super::is_read_in_one_form;

/// A frame's text is read in one form only, body by body, and its fragments cost a bounded amount of memory.
pub fn bodies(data: &[u8]) {
    is_read_in_one_form::<Body>(data);
    is_read_in_one_form::<HaveChain>(data);
    is_read_in_one_form::<Want>(data);
    let Ok(bodies) = bodies::read_all(data) else {
        return;
    };
    assert!(bodies.len() <= limits::BODIES_PER_FRAME);
    let written: Vec<u8> = bodies.iter().flat_map(Canonical::to_bytes).collect();
    assert_eq!(written, data);
    let mut reassembly = Reassembly::default();
    for body in bodies {
        match body {
            Body::Have(Have { chains, .. }) | Body::Confirm(Confirm { chains, .. }) => {
                assert!(chains.len() <= limits::HAVE_CHAINS);
            }
            Body::Fragment(piece) => {
                let most = limits::FRAGMENTS * limits::FRAME_PLAINTEXT;
                let whole = reassembly.take(piece);
                assert!(whole.is_none_or(|whole| whole.len() <= most));
            }
            Body::Pull(pull) => assert!(pull.lacking.len() <= limits::PULL_RANGES),
            Body::Piece(piece) => assert!(piece.bytes.len() <= limits::PIECE),
            Body::Entries(_) | Body::Want(_) | Body::Keys(_) => {}
        }
    }
    put_together_again(data);
}

/// Pieces in the wrong order make the whole.
fn put_together_again(data: &[u8]) {
    let mut reassembly = Reassembly::default();
    let pieces = cut(7, data).into_iter().rev();
    let whole = pieces.filter_map(|piece| reassembly.take(piece)).last();
    assert_eq!(whole.unwrap_or_default(), data);
}

thread_local! {
    static SHELF: RefCell<(Shelf, Codec)> = RefCell::new((Shelf::new(), Codec::new()));
}

/// A packed entry is read in one form only; what it unpacks to packs and unpacks to itself.
pub fn packed(data: &[u8]) {
    is_read_in_one_form::<DeltaHead>(data);
    is_read_in_one_form::<Packed>(data);
    let Ok(packed) = Packed::from_bytes(data) else {
        return;
    };
    SHELF.with_borrow_mut(|(shelf, codec)| {
        let was_delta = packed.is_delta();
        match packed.unpack((shelf, &shelf.sealed_by()), codec) {
            Ok(signed) => packs_again(signed, was_delta, shelf, codec),
            Err(UnpackError::Unknown(..) | UnpackError::UnknownAuthor) => assert!(was_delta),
            Err(UnpackError::Entry(_)) => {}
        }
    });
}

fn packs_again(signed: SignedEntry, was_delta: bool, shelf: &Shelf, codec: &mut Codec) {
    let _ = signed.clone().verify(&shelf.key);
    let entry = signed.trust_own_store();
    let by = shelf.sealed_by();
    let body = packed::body(&entry, codec, Effort::Full);
    let again = packed::whole(&entry, body).unpack((shelf, &by), codec);
    assert_eq!(again.as_ref(), Ok(entry.as_signed()));
    let base = &shelf.entries[0];
    let header = entry.header();
    // An honest sender packs only what continues the chain that the receiver has confirmed.
    let continues = header.sequence != 1 || header.previous == Some(base.id());
    if was_delta && header.sequence > 0 && continues {
        let confirmed = |head: &Head| shelf.id(&head.chain, head.size - 1) == Some(head.last);
        let delta = packed::delta(
            &entry,
            base,
            (shelf, &by),
            confirmed,
            packed::body(&entry, codec, Effort::Full),
        );
        let read = Packed::from_bytes(&delta.to_bytes()).expect("just written");
        assert_eq!(read, delta);
        let again = read.unpack((shelf, &by), codec);
        assert_eq!(again.as_ref(), Ok(entry.as_signed()));
    }
}

/// What the receiver of a delta knows: one author with two messages in his traffic stream.
pub struct Shelf {
    author: Author,
    key: NodeKey,
    /// His messages, oldest first.
    pub entries: Vec<Entry>,
}

impl Shelf {
    /// Always the same.
    pub fn new() -> Self {
        let signing = SigningKey::from_bytes(&[5; 32]);
        let key = NodeKey::from_bytes(&signing.verifying_key().to_bytes()).expect("a key");
        let author = Author {
            party: PartyId([5; 32]),
            node: key.id(),
            boot: BootId([5; 16]),
        };
        let mut shelf = Self {
            author,
            key,
            entries: Vec::new(),
        };
        for text in ["Ready.", "Flight seven is ours."] {
            let entry = shelf.next(text);
            shelf.entries.push(entry);
        }
        shelf
    }

    /// His next message.
    pub fn next(&self, text: &str) -> Entry {
        let content = Text {
            language: "en".to_owned(),
            text: text.to_owned(),
            ..Text::default()
        };
        let body = Content {
            salt: [6; 16],
            content: content.to_bytes(),
        };
        let header = Header {
            line: self.line(),
            author: self.author,
            stream: Stream::Traffic,
            sequence: self.entries.len() as u64,
            previous: self.entries.last().map(Entry::id),
            heads: Vec::new(),
            time: 1_652_432_400_000 + self.entries.len() as u64,
            kind: Kind::Message,
            mark: Mark::Real,
            precedence: Precedence::Routine,
            reply_to: None,
            actor: Actor::station(),
            fact: Vec::new(),
            commitment: Some(body.commitment()),
        };
        let bytes = header.to_bytes();
        let signing = SigningKey::from_bytes(&[5; 32]);
        let signature = Signature(signing.sign(&entry::to_be_signed(&bytes)).to_bytes());
        let signed = SignedEntry::new(bytes, signature, Some(body)).expect("an entry");
        signed.verify(&self.key).expect("signed just now")
    }

    /// He seals the frame himself, and its keys give every other salt.
    pub fn sealed_by(&self) -> SealedBy<'static> {
        fn given(_: &Chain, place: u64) -> Option<[u8; 16]> {
            place.is_multiple_of(2).then_some([6; 16])
        }
        SealedBy {
            author: self.author,
            salt: &given,
        }
    }

    fn at(&self, chain: &Chain, sequence: u64) -> Option<&Entry> {
        let ours = chain.author == self.author && chain.stream == Stream::Traffic;
        let entry = self.entries.get(usize::try_from(sequence).ok()?);
        entry.filter(|_| ours)
    }
}

impl Default for Shelf {
    fn default() -> Self {
        Self::new()
    }
}

impl Known for Shelf {
    fn line(&self) -> LineId {
        LineId([7; 32])
    }

    fn author(&self, prefix: &[u8]) -> Option<Author> {
        let boot = self.author.boot.as_bytes();
        boot.starts_with(prefix).then_some(self.author)
    }

    fn prefix(&self, boot: &BootId) -> BootPrefix {
        boot.as_bytes()[..bodies::PREFIX].to_vec()
    }

    fn entry(&self, chain: &Chain, sequence: u64) -> Option<&Entry> {
        self.at(chain, sequence)
    }

    fn id(&self, chain: &Chain, sequence: u64) -> Option<EntryId> {
        self.at(chain, sequence).map(Entry::id)
    }
}
