//! Cards and charters for a person to read before he trusts or signs them, and in the form for programs.

use openline_wire::card;
use openline_wire::charter;
use openline_wire::language::{Language, LocalNames};
use openline_wire::names;
use openline_wire::office;

use super::context::Context;
use super::output::{Card, Charter, Member, Name, Office};
use super::{layout, time};

/// A card in the form for programs.
pub fn card(context: &Context<'_>, card: &card::Card) -> Card {
    let body = card.body();
    Card {
        party: card.party().to_string(),
        name: name(context, card.names()),
        names: card
            .names()
            .iter()
            .map(|(lang, name)| named(lang, name))
            .collect(),
        languages: tags(&body.languages),
        serial: body.serial,
        issued_ms: body.issued,
        nodes: body
            .nodes
            .iter()
            .map(|node| node.key.id().to_string())
            .collect(),
        addresses: body.addresses.iter().map(ToString::to_string).collect(),
        digest: card.digest().to_string(),
    }
}

fn named(lang: &Language, name: &str) -> Name {
    Name {
        lang: lang.to_string(),
        name: name.to_owned(),
    }
}

fn tags(languages: &[Language]) -> Vec<String> {
    languages.iter().map(ToString::to_string).collect()
}

/// A name in the reader's language.
pub fn name(context: &Context<'_>, local: &LocalNames) -> String {
    names::for_screen(local.in_language(context.words.language().tag()))
}

/// A charter in the form for programs.
pub fn charter(context: &Context<'_>, charter: &charter::Charter) -> Charter {
    let member = |party: &charter::CharterParty| Member {
        party: party.id.to_string(),
        name: name(context, &party.names),
        languages: tags(&party.languages),
    };
    Charter {
        digest: charter.digest().to_string(),
        parties: charter.parties.iter().map(member).collect(),
        offices: charter
            .offices
            .iter()
            .map(|it| office(context, it))
            .collect(),
        echo_ms: charter.cadences.echo_ms,
        silent_after_ms: charter.cadences.silent_after_ms,
        rotate_ms: charter.cadences.rotate_ms,
        presence_ms: charter.cadences.presence_ms,
        test_ms: charter.cadences.test_ms,
        urgent_words: charter.limits.urgent_words,
        urgent_bytes: charter.limits.urgent_bytes,
        text_bytes: charter.limits.text_bytes,
        retention_days: charter.retention_days,
        tape_required: charter.tape_required,
        modes: charter
            .modes
            .iter()
            .map(|mode| mode.word().to_owned())
            .collect(),
        marks: charter
            .marks
            .iter()
            .map(|mark| mark.word().to_owned())
            .collect(),
    }
}

fn office(context: &Context<'_>, office: &office::Office) -> Office {
    let counterpart = |it: &office::OfficeRef| format!("{}/{}", it.party, it.office);
    Office {
        party: office.id.party.to_string(),
        office: office.id.office.to_string(),
        name: name(context, &office.names),
        level: office.level,
        counterparts: office.counterparts.iter().map(counterpart).collect(),
        substitutes: office.substitutes.iter().map(ToString::to_string).collect(),
    }
}

/// A card as a person reads it.
pub fn print_card(context: &Context<'_>, card: &Card) -> Result<(), super::failure::Failure> {
    let all: Vec<String> = card
        .names
        .iter()
        .map(|name| format!("{} ({})", name.name, name.lang))
        .collect();
    rows(
        context,
        &[
            ("row-card-names", names::for_screen(&all.join(", "))),
            ("row-card-languages", card.languages.join(", ")),
            ("row-card-party", card.party.clone()),
            ("row-card-nodes", card.nodes.join(", ")),
            ("row-card-addresses", card.addresses.join(", ")),
            (
                "row-card-issued",
                format!("{} (#{})", time::date_and_time(card.issued_ms), card.serial),
            ),
            ("row-card-digest", card.digest.clone()),
        ],
    )
}

/// A charter as a person reads it.
pub fn print_charter(
    context: &Context<'_>,
    charter: &Charter,
) -> Result<(), super::failure::Failure> {
    let words = context.words;
    context.print(context.paint.strong(&words.text("row-charter-title")))?;
    let parties: Vec<String> = charter.parties.iter().map(member).collect();
    let span = |ms| time::span(ms, words);
    let retention = match charter.retention_days {
        None => words.text("row-charter-retention-for-ever"),
        Some(days) => words.fill("row-charter-retention-days", &[("days", days.into())]),
    };
    let tape = match charter.tape_required {
        true => "row-charter-tape-required",
        false => "row-charter-tape-not-required",
    };
    let urgent = words.fill(
        "row-charter-urgent-limits",
        &[
            ("words", charter.urgent_words.into()),
            ("bytes", charter.urgent_bytes.into()),
        ],
    );
    let every = |ms| words.fill("row-charter-every", &[("span", span(ms).into())]);
    rows(
        context,
        &[
            ("row-charter-parties", parties.join(", ")),
            ("row-charter-echo", every(charter.echo_ms)),
            ("row-charter-silent-after", span(charter.silent_after_ms)),
            ("row-charter-rotate", span(charter.rotate_ms)),
            ("row-charter-presence", every(charter.presence_ms)),
            ("row-charter-test", every(charter.test_ms)),
            ("row-charter-urgent", urgent),
            (
                "row-charter-text",
                words.fill("row-charter-bytes", &[("bytes", charter.text_bytes.into())]),
            ),
            ("row-charter-retention", retention),
            ("row-charter-tape", words.text(tape)),
            (
                "row-charter-modes",
                in_words(context, "mode", &charter.modes),
            ),
            (
                "row-charter-marks",
                in_words(context, "mark", &charter.marks),
            ),
        ],
    )?;
    for office in &charter.offices {
        context.tell(&format!("  {}", office_row(context, charter, office)))?;
    }
    Ok(())
}

/// Words of the charter, in the reader's language.
fn in_words(context: &Context<'_>, what: &str, given: &[String]) -> String {
    let word = |word: &String| {
        let known = context.words.find(&format!("charter-{what}-{word}"));
        known.unwrap_or_else(|| word.clone())
    };
    given.iter().map(word).collect::<Vec<_>>().join(", ")
}

fn member(member: &Member) -> String {
    format!("{} ({})", member.name, member.languages.join(", "))
}

fn office_row(context: &Context<'_>, charter: &Charter, office: &Office) -> String {
    let of = charter
        .parties
        .iter()
        .find(|party| party.party == office.party);
    let name = |party: &str, id: &str| {
        let mut offices = charter.offices.iter();
        let named = offices.find(|it| it.party == party && it.office == id);
        named.map_or_else(|| id.to_owned(), |it| it.name.clone())
    };
    let counterparts = office.counterparts.iter().map(|reference| {
        let (party, id) = reference.split_once('/').unwrap_or(("", reference));
        name(party, id)
    });
    let counterparts: Vec<String> = counterparts.collect();
    let substitutes = office.substitutes.iter();
    let substitutes: Vec<String> = substitutes.map(|id| name(&office.party, id)).collect();
    let dash = |list: &[String]| match list.is_empty() {
        true => "\u{2014}".to_owned(),
        false => list.join(", "),
    };
    let blanks = [
        (
            "party",
            of.map(|party| party.name.clone())
                .unwrap_or_default()
                .into(),
        ),
        ("office", office.office.clone().into()),
        ("name", office.name.clone().into()),
        ("level", office.level.into()),
        ("counterparts", dash(&counterparts).into()),
        ("substitutes", dash(&substitutes).into()),
    ];
    context.words.fill("row-charter-office", &blanks)
}

/// Labels and values, two columns.
fn rows(context: &Context<'_>, rows: &[(&str, String)]) -> Result<(), super::failure::Failure> {
    for (label, value) in rows {
        let label = context.words.text(label);
        let value = if value.is_empty() { "\u{2014}" } else { value };
        for line in layout::row(&format!("  {label:<25} "), value, std::io::stdout()) {
            context.print(line)?;
        }
    }
    Ok(())
}
