//! A report as the vectors in `vectors/record` have it.

use openline_record::finding::{At, Finding, Place};
use openline_record::report::{ChainReport, Divergence, Fork, Missing, Report};
use openline_wire::header::Chain;
use serde_json::{Map, Value, json};

pub fn report(report: &Report) -> Value {
    let counts = &report.counts;
    let kinds = counts
        .kinds
        .iter()
        .map(|(kind, n)| (kind.word().to_owned(), json!(n)));
    let messages = counts
        .messages
        .iter()
        .map(|(p, n)| (p.word().to_owned(), json!(n)));
    json!({
        "sound": report.is_sound(),
        "line": report.line.to_string(),
        "charter": report.charter.map(|charter| charter.to_string()),
        "compared_by": report.compared_by.iter().map(|party| party.to_string()).collect::<Vec<_>>(),
        "digest": report.digest().to_string(),
        "entries": counts.entries(),
        "kinds": kinds.collect::<Map<_, _>>(),
        "messages": messages.collect::<Map<_, _>>(),
        "without_body": counts.without_body,
        "chains": report.chains.iter().map(chain_report).collect::<Vec<_>>(),
        "findings": report.findings.kept().iter().map(finding).collect::<Vec<_>>(),
        "equivocations": report.equivocations.iter().map(fork).collect::<Vec<_>>(),
        "divergences": report.divergences.iter().map(divergence).collect::<Vec<_>>(),
        "missing": report.missing.iter().map(missing).collect::<Vec<_>>(),
    })
}

fn chain(Chain { author, stream }: &Chain) -> Value {
    json!({
        "party": author.party.to_string(),
        "node": author.node.to_string(),
        "boot": author.boot.to_string(),
        "stream": stream.word(),
    })
}

fn place(place: &Place) -> Value {
    let mut value = chain(&place.chain);
    value["sequence"] = json!(place.sequence);
    value
}

fn chain_report(report: &ChainReport) -> Value {
    let mut value = chain(&report.chain);
    value["size"] = json!(report.size);
    value["last"] = json!(report.last.map(|id| id.to_string()));
    value["last_time"] = json!(report.last_time);
    value["root"] = json!(report.root.to_string());
    value["verified"] = json!(report.verified);
    let claimed = |(size, by): &(u64, Place)| json!({ "size": size, "by": place(by) });
    value["claimed"] = json!(report.claimed.as_ref().map(claimed));
    value["disputed_from"] = json!(report.disputed_from);
    value
}

fn finding(finding: &Finding) -> Value {
    let at = match &finding.at {
        At::Entry(at) => json!({ "entry": place(at) }),
        At::Chain(at) => json!({ "chain": chain(at) }),
        At::File(bytes) => json!({ "bytes": [bytes.start, bytes.end] }),
    };
    json!({ "at": at, "field": finding.field.word(), "fault": finding.fault.word() })
}

fn fork(fork: &Fork) -> Value {
    let ids = fork.ids.map(|id| id.to_string());
    json!({ "place": place(&fork.place), "ids": ids })
}

fn divergence(divergence: &Divergence) -> Value {
    let uncovered = &divergence.uncovered;
    json!({
        "start": place(&divergence.start),
        "chain": chain(&divergence.chain),
        "uncovered": [uncovered.start, uncovered.end],
    })
}

fn missing(missing: &Missing) -> Value {
    match missing {
        Missing::Gap {
            chain: of,
            sequences,
        } => json!({
            "gap": { "chain": chain(of), "sequences": [sequences.start, sequences.end] },
        }),
        Missing::Target { by, field, target } => json!({
            "target": { "by": place(by), "field": field.word(), "id": target.to_string() },
        }),
    }
}
