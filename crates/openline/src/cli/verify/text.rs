//! What the verifier found, for programs and for people.

use std::collections::BTreeSet;

use openline_record::finding::{At, Finding as Fault, Place};
use openline_record::report::{ChainReport, Missing, Report};
use openline_store::StoreError;
use openline_wire::header::Chain as ChainName;
use openline_wire::ids::{LineId, PartyId};
use openline_wire::names;

use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::output::{Chain, Claim, Finding, Gap, Record, Verification};
use super::{Names, place, rings, withheld};
use crate::ceremony::CeremonyError;
use crate::i18n::Catalog;

/// Findings that a person is shown; the rest is counted.
pub const SHOWN: usize = 10;

/// A report in the form for programs.
pub fn record(context: &Context<'_>, report: &Report, parties: &Names) -> Record {
    let counts = &report.counts;
    Record {
        line: report.line.to_string(),
        sound: report.is_sound(),
        entries: counts.entries(),
        withheld: counts.without_body,
        withheld_entries: report
            .withheld
            .iter()
            .map(|it| withheld::entry(it, parties))
            .collect(),
        digest: report.is_sound().then(|| report.digest().to_string()),
        charter: report.charter.map(|charter| charter.to_string()),
        compared_by: report.compared_by.iter().map(ToString::to_string).collect(),
        identity: identity(report).to_owned(),
        chains: report.chains.iter().map(|it| chain(it, parties)).collect(),
        rings: report
            .attempts
            .iter()
            .map(|it| rings::proof(it, parties))
            .collect(),
        rings_left_out: report.attempts_left_out,
        findings: report
            .findings
            .kept()
            .iter()
            .map(|it| finding(context, it, parties))
            .collect(),
        findings_left_out: report.findings.left_out(),
        equivocations: report.equivocations.len() as u64,
        divergences: report.divergences.len() as u64,
        missing: report.missing.len() as u64 + report.missing_left_out,
        gaps: report
            .missing
            .iter()
            .filter_map(|it| gap(it, parties))
            .collect(),
    }
}

/// How far the record's own entries prove charter and cards, the least first.
const IDENTITY: [&str; 3] = [UNPROVEN, "partly", "proven"];

const UNPROVEN: &str = "unproven";

fn identity(report: &Report) -> &'static str {
    let authors = report.chains.iter().filter(|chain| chain.verified > 0);
    let authors: BTreeSet<PartyId> = authors.map(|chain| chain.chain.author.party).collect();
    let [unproven, partly, proven] = IDENTITY;
    match () {
        () if report.compared_by.is_empty() => unproven,
        () if authors.is_subset(&report.compared_by) => proven,
        () => partly,
    }
}

/// The least of what the records prove of themselves.
pub fn least_proven(records: &[Record]) -> &'static str {
    let is_of_some = |word: &&str| records.iter().any(|record| record.identity == *word);
    IDENTITY.into_iter().find(is_of_some).unwrap_or(UNPROVEN)
}

fn gap(missing: &Missing, parties: &Names) -> Option<Gap> {
    let Missing::Gap { chain, sequences } = missing else {
        return None;
    };
    let ChainName { author, stream } = chain;
    Some(Gap {
        party: author.party.to_string(),
        name: parties.get(&author.party).cloned(),
        node: author.node.to_string(),
        boot: author.boot.to_string(),
        stream: stream.word().to_owned(),
        first: sequences.start,
        last: sequences.end.saturating_sub(1),
    })
}

fn chain(chain: &ChainReport, parties: &Names) -> Chain {
    let ChainName { author, stream } = chain.chain;
    Chain {
        party: author.party.to_string(),
        name: parties.get(&author.party).cloned(),
        node: author.node.to_string(),
        boot: author.boot.to_string(),
        stream: stream.word().to_owned(),
        size: chain.size,
        root: chain.root.to_string(),
        claimed: chain.claimed.map(|(size, by)| claim(size, &by, parties)),
    }
}

fn claim(size: u64, by: &Place, parties: &Names) -> Claim {
    let ChainName { author, stream } = by.chain;
    Claim {
        size,
        party: author.party.to_string(),
        name: parties.get(&author.party).cloned(),
        boot: author.boot.to_string(),
        stream: stream.word().to_owned(),
        sequence: by.sequence,
    }
}

fn finding(context: &Context<'_>, found: &Fault, parties: &Names) -> Finding {
    let (chain, sequence) = match &found.at {
        At::Entry(Place { chain, sequence }) => (Some(chain), Some(*sequence)),
        At::Chain(chain) => (Some(chain), None),
        At::File(_) => (None, None),
    };
    let author = chain.map(|chain| chain.author);
    let word = found.fault.word();
    let in_words = context.words.find(&format!("fault-{word}"));
    Finding {
        party: author.map(|author| author.party.to_string()),
        name: author.and_then(|author| parties.get(&author.party).cloned()),
        node: author.map(|author| author.node.to_string()),
        boot: author.map(|author| author.boot.to_string()),
        stream: chain.map(|chain| chain.stream.word().to_owned()),
        sequence,
        short: None,
        field: found.field.word().to_owned(),
        fault: word.to_owned(),
        what: in_words.unwrap_or_else(|| names::for_screen(&found.fault.to_string())),
    }
}

/// What the store found about its own rows.
pub fn store_finding(context: &Context<'_>, error: &StoreError, parties: &Names) -> Finding {
    let blanks: Vec<_> = error
        .arguments()
        .into_iter()
        .map(|(name, value)| (name, value.into()))
        .collect();
    // Where it stands, the finding says itself.
    let id = match error {
        StoreError::HandEdited { .. } => "fault-changed-from-outside",
        error => error.code(),
    };
    let what = context.words.fill(id, &blanks);
    let mut finding = Finding {
        party: None,
        name: None,
        node: None,
        boot: None,
        stream: None,
        sequence: None,
        short: None,
        field: "store".to_owned(),
        fault: error.code().to_owned(),
        what: names::for_screen(what.trim_end_matches('.')),
    };
    if let StoreError::HandEdited {
        party,
        node,
        boot,
        stream,
        sequence,
        field,
    } = error
    {
        finding.party = Some(party.to_string());
        finding.name = parties.get(party).cloned();
        finding.node = Some(node.to_string());
        finding.boot = Some(boot.to_string());
        finding.stream = Some(stream.word().to_owned());
        finding.sequence = Some(*sequence);
        (*field).clone_into(&mut finding.field);
    }
    finding
}

/// A line whose own files are damaged: its entries can't be held against anything.
pub fn unusable(context: &Context<'_>, line: LineId, error: &CeremonyError) -> Record {
    let failure = Failure::coded(Exit::VerificationFailed, error.code(), error.blanks());
    let problem = failure.problem(context.words);
    let what = problem.map(|problem| problem.what).unwrap_or_default();
    Record {
        line: line.to_string(),
        sound: false,
        entries: 0,
        withheld: 0,
        withheld_entries: Vec::new(),
        digest: None,
        charter: None,
        compared_by: Vec::new(),
        identity: UNPROVEN.to_owned(),
        chains: Vec::new(),
        rings: Vec::new(),
        rings_left_out: 0,
        findings: vec![Finding {
            party: None,
            name: None,
            node: None,
            boot: None,
            stream: None,
            sequence: None,
            short: None,
            field: "line-files".to_owned(),
            fault: error.code().to_owned(),
            what: names::for_screen(what.trim_end_matches('.')),
        }],
        findings_left_out: 0,
        gaps: Vec::new(),
        equivocations: 0,
        divergences: 0,
        missing: 0,
    }
}

/// Everything, for a person.
pub fn print(context: &Context<'_>, verification: &Verification) -> Result<(), Failure> {
    if verification.records.is_empty() {
        context.say("verify-nothing", &[])?;
    }
    for record in &verification.records {
        print_record(context, record)?;
    }
    Ok(())
}

fn print_chain(context: &Context<'_>, chain: &Chain) -> Result<(), Failure> {
    let chain_of = |name: &Option<String>, boot: &str, stream: &str| {
        [
            name.clone().unwrap_or_default(),
            short(boot).to_owned(),
            stream_in_words(context.words, stream),
        ]
    };
    let [name, boot, stream] = chain_of(&chain.name, &chain.boot, &chain.stream);
    let blanks = [
        ("name", name.into()),
        ("boot", boot.into()),
        ("stream", stream.into()),
        ("size", chain.size.into()),
    ];
    let Some(claim) = &chain.claimed else {
        // A chain of which nothing is here, and nobody signed that there is any.
        return match chain.size {
            0 => Ok(()),
            _ => context.say("verify-chain", &blanks),
        };
    };
    let [by, by_boot, by_stream] = chain_of(&claim.name, &claim.boot, &claim.stream);
    let more = [
        ("claimed", claim.size.into()),
        ("absent", claim.size.saturating_sub(chain.size).into()),
        ("by", by.into()),
        ("by-boot", by_boot.into()),
        ("by-stream", by_stream.into()),
        ("by-sequence", claim.sequence.into()),
    ];
    let blanks: Vec<_> = blanks.into_iter().chain(more).collect();
    context.say("verify-chain-claimed", &blanks)
}

fn print_record(context: &Context<'_>, record: &Record) -> Result<(), Failure> {
    context.say("verify-line", &[("line", record.line.clone().into())])?;
    for (party, name) in parties(record) {
        context.say(
            "verify-party",
            &[("name", name.into()), ("party", party.into())],
        )?;
    }
    for chain in &record.chains {
        print_chain(context, chain)?;
    }
    print_charter(context, record)?;
    rings::print(context, record)?;
    for finding in record.findings.iter().take(SHOWN) {
        context.print(context.paint.bad(&sentence(context, finding)))?;
    }
    let missing = match record.sound {
        true => "verify-missing",
        false => "verify-missing-unsound",
    };
    for gap in record.gaps.iter().take(SHOWN) {
        let blanks = [
            ("name", gap.name.clone().unwrap_or_default().into()),
            ("stream", stream_in_words(context.words, &gap.stream).into()),
            ("count", (gap.last - gap.first + 1).into()),
            ("first", gap.first.into()),
            ("last", gap.last.into()),
        ];
        context.say("verify-gap", &blanks)?;
    }
    let more = record.findings.len().saturating_sub(SHOWN) as u64 + record.findings_left_out;
    for (id, count) in [
        ("verify-more-findings", more),
        ("verify-divergences", record.divergences),
        (missing, record.missing),
    ] {
        if count > 0 {
            context.say(id, &[("count", count.into())])?;
        }
    }
    withheld::print(context, record)?;
    context.print(verdict(context, record))
}

/// In one line, for whoever reads no other: never that all is well where nothing proves whose record it is.
fn verdict(context: &Context<'_>, record: &Record) -> String {
    let by = parties(record).into_iter();
    let by: Vec<_> = by
        .filter(|(party, _)| record.compared_by.contains(party))
        .map(|(_, name)| name)
        .collect();
    let blanks = [
        ("entries", record.entries.into()),
        ("digest", record.digest.clone().unwrap_or_default().into()),
        ("by", by.join(", ").into()),
    ];
    let (paint, words) = (&context.paint, &context.words);
    match (record.sound, record.identity.as_str()) {
        (false, _) => paint.bad(&words.text("verify-not-sound")),
        (true, "proven") => paint.good(&words.fill("verify-sound", &blanks)),
        (true, UNPROVEN) => paint.bad(&words.fill("verify-sound-unproven", &blanks)),
        (true, _) => words.fill("verify-sound-partly", &blanks),
    }
}

/// Which charter it is, and of whom nothing signed proves it.
fn print_charter(context: &Context<'_>, record: &Record) -> Result<(), Failure> {
    if let Some(charter) = &record.charter {
        context.say("verify-charter", &[("digest", charter.clone().into())])?;
    }
    if record.compared_by.is_empty() {
        return context.print(
            context
                .paint
                .bad(&context.words.text("verify-charter-unproven")),
        );
    }
    for (party, name) in parties(record) {
        if !record.compared_by.contains(&party) {
            context.say("verify-charter-not-by", &[("name", name.into())])?;
        }
    }
    Ok(())
}

/// Each party once, with its whole id: to be compared with a card that the reader trusts.
fn parties(record: &Record) -> Vec<(String, String)> {
    let name = |chain: &Chain| (chain.party.clone(), chain.name.clone().unwrap_or_default());
    let mut parties: Vec<_> = record.chains.iter().map(name).collect();
    parties.dedup();
    parties
}

fn sentence(context: &Context<'_>, finding: &Finding) -> String {
    let (party, stream, sequence) = place(finding);
    let id = match (finding.sequence, &finding.stream) {
        (Some(_), _) => "verify-finding-entry",
        (None, Some(_)) => "verify-finding-chain",
        (None, None) => "verify-finding-file",
    };
    let blanks = [
        ("party", party.into()),
        ("stream", stream_in_words(context.words, &stream).into()),
        ("sequence", sequence.into()),
        (
            "boot",
            finding
                .boot
                .as_deref()
                .map(short)
                .unwrap_or_default()
                .into(),
        ),
        (
            "short",
            finding
                .short
                .clone()
                .unwrap_or_else(|| "none".to_owned())
                .into(),
        ),
        (
            "field",
            field_in_words(context.words, &finding.field).into(),
        ),
        ("what", finding.what.clone().into()),
    ];
    context.words.fill(id, &blanks)
}

/// Enough of an id for a person to tell two apart.
pub fn short(id: &str) -> String {
    id.chars().take(8).collect()
}

/// A field by its word, which may have a space.
pub fn field_in_words(words: &Catalog, field: &str) -> String {
    let id = format!("field-{}", field.replace(' ', "-"));
    words.find(&id).unwrap_or_else(|| names::for_screen(field))
}

/// A stream by its word.
pub fn stream_in_words(words: &Catalog, stream: &str) -> String {
    let found = words.find(&format!("stream-{stream}"));
    found.unwrap_or_else(|| names::for_screen(stream))
}

#[cfg(test)]
mod tests {
    use openline_wire::codes::Stream;
    use openline_wire::ids::{BootId, NodeId, PartyId};

    use super::super::super::args::Global;
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn what_the_store_found_is_one_sentence_in_the_readers_language() {
        let error = StoreError::HandEdited {
            party: PartyId([1; 32]),
            node: NodeId([2; 32]),
            boot: BootId([3; 16]),
            stream: Stream::Urgent,
            sequence: 41,
            field: "seal",
        };
        let global = Global {
            home: Some("/nowhere".into()),
            json: false,
            lang: None,
            help: None,
        };
        for (language, expected) in [
            (Language::English, "What differs: the text"),
            (Language::Russian, "Отличается: текст"),
        ] {
            let words = Catalog::new(language);
            let context = Context::new(&global, &words).expect("a context");
            let told = sentence(&context, &store_finding(&context, &error, &Names::new()));
            assert!(told.contains(expected), "{told}");
            assert!(told.ends_with('.') && !told.contains(".."), "{told}");
            let is_english = language == Language::English;
            assert_eq!(told.contains("seal"), is_english, "{told}");
            assert_eq!(told.matches("41").count(), 1, "said twice: {told}");
            let row = StoreError::HandEditedRow { table: "receipts" };
            let told = sentence(&context, &store_finding(&context, &row, &Names::new()));
            assert!(told.ends_with('.') && !told.contains(".."), "{told}");
        }
    }
}
