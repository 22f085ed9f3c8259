//! `openline verify`: checks a record file or a home offline, believing nobody.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use openline_record::export::{FileError, Head, RecordCheck};
use openline_record::grounds::Grounds;
use openline_record::report::Report;
use openline_record::verify::{Nodes, Verifier};
use openline_store::Depth;
use openline_wire::card::{Card, UnverifiedCard};
use openline_wire::cbor::Canonical as _;
use openline_wire::ids::PartyId;

use super::args::Verify;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::output::{Finding, Record, Verification};
use super::{held, identity_text};
use crate::home::{Home, HomeError, files};

mod rings;
mod text;
mod withheld;

/// Bytes of a record file that are read at once.
const CHUNK: usize = 256 * 1024;

/// The parties' names, by their ids, in the reader's language.
type Names = BTreeMap<PartyId, String>;

/// Verifies what stands at the path. Exit 6 if anything is wrong.
pub fn run(context: &Context<'_>, args: Verify) -> Result<(), Failure> {
    let (mut records, own) = match args.path.is_dir() {
        true => (home(context, &args.path)?, &args.path),
        false => (vec![file(context, &args.path)?], &context.home),
    };
    for record in &mut records {
        name_entries(own, record);
    }
    let verification = Verification {
        sound: records.iter().all(|record| record.sound),
        identity: text::least_proven(&records).to_owned(),
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
        let (reason, why) = match error {
            FileError::Head(_) => ("head", String::new()),
            FileError::Truncated => ("truncated", String::new()),
            FileError::Cards(why) => ("cards", why),
        };
        Failure::new(Exit::VerificationFailed, "error-no-record")
            .with("path", path.display().to_string())
            .with("reason", reason)
            .because(why)
    };
    let mut file = files::open_named(path)?;
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
    let home = Home::open(path).map_err(|error| match error {
        HomeError::Missing { .. } => Failure::new(Exit::Failed, "error-no-home-to-verify")
            .with("path", path.display().to_string()),
        error => error.into(),
    })?;
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
            record.digest = None;
        }
        records.push(record);
    }
    // Nobody can say that what they hold is sound.
    for (line, error) in held::unusable(&home)? {
        records.push(text::unusable(context, line, &error));
    }
    Ok(records)
}

/// Names the entries in question as the reader's own station does, if he has one that holds the line: for whoever
/// wants to look at them there. Without it the findings say enough to tell the place.
fn name_entries(home: &Path, record: &mut Record) {
    let mut wanted: BTreeMap<(String, String, u64), Vec<&mut Option<String>>> = BTreeMap::new();
    for finding in &mut record.findings {
        if let (Some(boot), Some(stream), Some(sequence)) =
            (&finding.boot, &finding.stream, finding.sequence)
        {
            let place = (boot.clone(), stream.clone(), sequence);
            wanted.entry(place).or_default().push(&mut finding.short);
        }
    }
    for entry in &mut record.withheld_entries {
        let place = (entry.boot.clone(), entry.stream.clone(), entry.sequence);
        wanted.entry(place).or_default().push(&mut entry.short);
    }
    if wanted.is_empty() {
        return;
    }
    let home = Home::open(home).ok();
    let held = home.and_then(|home| held::lines(&home).ok());
    let held = held.into_iter().flatten();
    for held in held.filter(|held| held.line().to_string() == record.line) {
        // What can't be read has no name.
        let _ = held.each_name(|chain, sequence, short| {
            let stream = chain.stream.word().to_owned();
            let place = (chain.author.boot.to_string(), stream, sequence);
            for named in wanted.remove(&place).unwrap_or_default() {
                *named = Some(short.to_string());
            }
        });
    }
}

fn verify_entries(held: &held::Held, nodes: Nodes) -> Result<Report, Failure> {
    let charter = held.setup.charter.to_bytes();
    let cards = held.cards();
    let grounds = Grounds::of(&charter, cards.iter().map(|card| card.bytes()));
    let mut verifier = Verifier::new(held.line(), nodes).under(grounds);
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
