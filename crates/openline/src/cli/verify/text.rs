//! What the verifier found, for programs and for people.

use openline_record::finding::{At, Finding as Fault, Place};
use openline_record::report::{ChainReport, Report};
use openline_store::StoreError;
use openline_wire::header::Chain as ChainName;
use openline_wire::names;

use super::super::context::Context;
use super::super::failure::Failure;
use super::super::output::{Chain, Finding, Record, Verification};
use super::{Names, place};
use crate::i18n::Catalog;

/// Findings that a person is shown; the rest is counted.
const SHOWN: usize = 10;

/// A report in the form for programs.
pub fn record(context: &Context<'_>, report: &Report, parties: &Names) -> Record {
    let counts = &report.counts;
    Record {
        line: report.line.to_string(),
        sound: report.is_sound(),
        entries: counts.entries(),
        digest: report.digest().to_string(),
        chains: report.chains.iter().map(|it| chain(it, parties)).collect(),
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
    }
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
    let what = context.words.fill(error.code(), &blanks);
    let mut finding = Finding {
        party: None,
        name: None,
        node: None,
        boot: None,
        stream: None,
        sequence: None,
        field: "store".to_owned(),
        fault: error.code().to_owned(),
        what,
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

fn print_record(context: &Context<'_>, record: &Record) -> Result<(), Failure> {
    context.say("verify-line", &[("line", record.line.clone().into())])?;
    for (party, name) in parties(record) {
        context.say(
            "verify-party",
            &[("name", name.into()), ("party", party.into())],
        )?;
    }
    for chain in record.chains.iter().filter(|chain| chain.size > 0) {
        let blanks = [
            ("name", chain.name.clone().unwrap_or_default().into()),
            (
                "boot",
                chain.boot.chars().take(8).collect::<String>().into(),
            ),
            (
                "stream",
                stream_in_words(context.words, &chain.stream).into(),
            ),
            ("size", chain.size.into()),
        ];
        context.say("verify-chain", &blanks)?;
    }
    for finding in record.findings.iter().take(SHOWN) {
        context.print(context.paint.bad(&sentence(context, finding)))?;
    }
    let more = record.findings.len().saturating_sub(SHOWN) as u64 + record.findings_left_out;
    for (id, count) in [
        ("verify-more-findings", more),
        ("verify-divergences", record.divergences),
        ("verify-missing", record.missing),
    ] {
        if count > 0 {
            context.say(id, &[("count", count.into())])?;
        }
    }
    let blanks = [
        ("entries", record.entries.into()),
        ("digest", record.digest.clone().into()),
    ];
    let verdict = match record.sound {
        true => context
            .paint
            .good(&context.words.fill("verify-sound", &blanks)),
        false => context.paint.bad(&context.words.text("verify-not-sound")),
    };
    context.print(verdict)
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
            "field",
            field_in_words(context.words, &finding.field).into(),
        ),
        ("what", finding.what.clone().into()),
    ];
    context.words.fill(id, &blanks)
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
