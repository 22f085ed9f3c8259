//! `openline verify`: checks a record file or a home offline, believing nobody.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use openline_record::export::{FileError, Head, RecordCheck};
use openline_record::report::Report;
use openline_record::verify::{Nodes, Verifier};
use openline_store::Depth;
use openline_wire::card::{Card, UnverifiedCard};
use openline_wire::ids::PartyId;

use super::args::Verify;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::output::{Finding, Record, Verification};
use super::{held, identity_text};
use crate::home::Home;

mod text;

/// Bytes of a record file that are read at once.
const CHUNK: usize = 256 * 1024;

/// The parties' names, by their ids, in the reader's language.
type Names = BTreeMap<PartyId, String>;

/// Verifies what stands at the path. Exit 6 if anything is wrong.
pub fn run(context: &Context<'_>, args: Verify) -> Result<(), Failure> {
    let records = match args.path.is_dir() {
        true => home(context, &args.path)?,
        false => vec![file(context, &args.path)?],
    };
    let verification = Verification {
        sound: records.iter().all(|record| record.sound),
        records,
    };
    match context.json {
        true => context.print_json(&verification)?,
        false => text::print(context, &verification)?,
    }
    match verification.sound {
        true => Ok(()),
        false => Err(Failure::silent(Exit::VerificationFailed)),
    }
}

/// A file, chunk by chunk.
fn file(context: &Context<'_>, path: &Path) -> Result<Record, Failure> {
    let failed = |error: std::io::Error| Failure::file(path, &error);
    let unreadable = |error: FileError| {
        Failure::new(Exit::VerificationFailed, "error-no-record")
            .with("path", path.display().to_string())
            .because(error)
    };
    let mut file = File::open(path).map_err(failed)?;
    let mut check = RecordCheck::new(|head: &Head| cards(head).map(|cards| held::nodes(&cards)));
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = file.read(&mut chunk).map_err(failed)?;
        if read == 0 {
            break;
        }
        check.push(&chunk[..read]).map_err(unreadable)?;
    }
    let (head, report) = check.finish().map_err(unreadable)?;
    let names = names(context, cards(&head).unwrap_or_default().iter());
    Ok(text::record(context, &report, &names))
}

/// The cards in a record file, each checked against its own root.
fn cards(head: &Head) -> Result<Vec<Card>, String> {
    let card = |bytes: &Vec<u8>| UnverifiedCard::from_bytes(bytes).and_then(UnverifiedCard::verify);
    let cards: Result<Vec<Card>, _> = head.cards.iter().map(card).collect();
    cards.map_err(|error| error.to_string())
}

fn names<'c>(context: &Context<'_>, cards: impl Iterator<Item = &'c Card>) -> Names {
    let name = |card: &Card| (card.party(), identity_text::name(context, card.names()));
    cards.map(name).collect()
}

/// All lines of a home: the entries as a stranger would check them, and the rows as the store wrote them.
fn home(context: &Context<'_>, path: &Path) -> Result<Vec<Record>, Failure> {
    let home = Home::open(path)?;
    let mut records = Vec::new();
    for held in held::lines(&home)? {
        let nodes = held::nodes(held.cards());
        let names = names(context, held.cards().into_iter());
        let report = verify_entries(&held, nodes.clone())?;
        let mut record = text::record(context, &report, &names);
        if let Err(error) = held.reader.check(&held.line(), &nodes, Depth::Full) {
            record
                .findings
                .push(text::store_finding(context, &error, &names));
            record.sound = false;
        }
        records.push(record);
    }
    Ok(records)
}

fn verify_entries(held: &held::Held, nodes: Nodes) -> Result<Report, Failure> {
    let mut verifier = Verifier::new(held.line(), nodes);
    held.each(|entry| {
        // A fault is kept for the report, and the next entry may be sound.
        let _ = verifier.push(entry.clone());
        Ok(())
    })?;
    Ok(verifier.finish())
}

/// Where a finding is: party, stream, place, field; or a part of the file.
fn place(finding: &Finding) -> (String, String, String) {
    let party = finding.name.clone().or_else(|| finding.party.clone());
    (
        party.unwrap_or_default(),
        finding.stream.clone().unwrap_or_default(),
        finding
            .sequence
            .map(|place| place.to_string())
            .unwrap_or_default(),
    )
}
