//! Entries whose text or other body is not here: no fault, but whoever reads the record must know which they are.

use openline_record::finding::Place;
use openline_wire::header::Chain as ChainName;

use super::super::context::Context;
use super::super::failure::Failure;
use super::super::output::{Record, Withheld};
use super::Names;
use super::text::{SHOWN, short, stream_in_words};

/// One of them, for programs.
pub fn entry(place: &Place, parties: &Names) -> Withheld {
    let ChainName { author, stream } = place.chain;
    Withheld {
        party: author.party.to_string(),
        name: parties.get(&author.party).cloned(),
        node: author.node.to_string(),
        boot: author.boot.to_string(),
        stream: stream.word().to_owned(),
        sequence: place.sequence,
        short: None,
    }
}

/// How many texts are not here, and of which entries.
pub fn print(context: &Context<'_>, record: &Record) -> Result<(), Failure> {
    if record.withheld == 0 {
        return Ok(());
    }
    let name = |entry: &Withheld| {
        let blanks = [
            ("party", entry.name.clone().unwrap_or_default().into()),
            ("boot", short(&entry.boot).into()),
            (
                "stream",
                stream_in_words(context.words, &entry.stream).into(),
            ),
            ("sequence", entry.sequence.to_string().into()),
            (
                "short",
                entry
                    .short
                    .clone()
                    .unwrap_or_else(|| "none".to_owned())
                    .into(),
            ),
        ];
        context.words.fill("verify-withheld-entry", &blanks)
    };
    let mut names: Vec<_> = record
        .withheld_entries
        .iter()
        .take(SHOWN)
        .map(name)
        .collect();
    if (names.len() as u64) < record.withheld {
        names.push("…".to_owned());
    }
    let blanks = [
        ("count", record.withheld.into()),
        ("entries", names.join("; ").into()),
    ];
    context.say("verify-withheld", &blanks)
}
