//! How a ring looks on a screen.

use super::super::context::Context;
use super::super::render::{label, name_in_quotes, written};
use super::super::{exercise, layout, time};
use crate::api::types::{Line, Offer, Office, Ring, Said};

/// A ring and how it stands: two lines or more.
pub fn whole(context: &Context<'_>, ring: &Ring) -> Vec<String> {
    let columns = exercise::columns(context, &ring.mark);
    let mut lines = layout::wrap(&headline(context, ring), "", "      ", columns);
    let state = state(context, ring);
    lines.extend(layout::wrap(&state, "    ", "      ", columns));
    lines.extend(offered(context, ring));
    exercise::framed(context, &ring.mark, lines)
}

/// While it rings here: who is called now, and who is next.
fn offered(context: &Context<'_>, ring: &Ring) -> Vec<String> {
    if !ring.rings_here || ring.offered.len() < 2 {
        return Vec::new();
    }
    let one = |offer: &Offer| {
        let blanks = [
            ("office", label(&offer.office.name).into()),
            ("from", time::time_of_day(offer.from_ms).into()),
        ];
        context.words.fill("ring-offered-one", &blanks)
    };
    let all: Vec<String> = ring.offered.iter().map(one).collect();
    let text = context
        .words
        .fill("ring-offered", &[("offices", all.join(", ").into())]);
    layout::wrap(
        &text,
        "    ",
        "      ",
        exercise::columns(context, &ring.mark),
    )
}

/// What stands before the evidence of a status.
pub const INDENT: usize = 2;

/// The rings of a line that have not ended, one sentence each: those that are meant, or those that are practised.
pub fn running(context: &Context<'_>, line: &Line, are_meant: bool) -> Vec<String> {
    let runs = |ring: &&Ring| matches!(ring.state.as_str(), "calling" | "ringing" | "answered");
    let rings = line.rings.iter().filter(runs);
    let rings = rings.filter(|ring| (ring.mark == "real") == are_meant);
    let one = |ring: &Ring| {
        let line = format!("{}. {}", headline(context, ring), state(context, ring));
        exercise::framed_in(context, &ring.mark, vec![line], layout::columns() - INDENT)
    };
    rings.flat_map(one).collect()
}

/// The rings of a line that are to be called back, and when: those that were put off or declined with a time, which is over for a day
/// at most, and after which no ring was accepted.
pub fn call_backs(line: &Line) -> Vec<(&Ring, u64)> {
    const DAY_MS: u64 = 86_400_000;
    let earliest = time::now_ms().saturating_sub(DAY_MS);
    let is_meant = |ring: &&Ring| ring.mark == "real";
    let rings = line.rings.iter().filter(is_meant);
    let since = rings.take_while(|ring| ring.state != "accepted");
    let due = since.filter_map(|ring| {
        let is_put_off = matches!(ring.state.as_str(), "later" | "declined");
        let at = ring.answer.as_ref()?.call_back_ms?;
        (is_put_off && at >= earliest).then_some((ring, at))
    });
    due.collect()
}

/// The same, one sentence each.
pub fn to_call_back(context: &Context<'_>, line: &Line) -> Vec<String> {
    let one = |(ring, at): (&Ring, u64)| {
        let blanks = [
            ("short", ring.short.clone().into()),
            ("ours", if ring.ours { "yes" } else { "no" }.into()),
            ("party", label(&line.name).into()),
            ("when", time::time_of_day(at).into()),
        ];
        let text = context.words.fill("evidence-call-back", &blanks);
        context.paint.doubtful(&text)
    };
    call_backs(line).into_iter().map(one).collect()
}

/// `R-7  FLASH  Washington · Chief of Staff calls Moscow · Chief of the General Staff`
fn headline(context: &Context<'_>, ring: &Ring) -> String {
    let mut parts = vec![context.paint.strong(&ring.short)];
    if ring.precedence == "flash" {
        parts.push(context.paint.bad("FLASH"));
    }
    if ring.mark != "real" {
        let word = context.words.find(&format!("mark-{}", ring.mark));
        parts.push(
            context
                .paint
                .doubtful(&word.unwrap_or_else(|| label(&ring.mark))),
        );
    }
    let blanks = [
        ("from", office(&ring.from).into()),
        ("to", office(&ring.to).into()),
    ];
    parts.push(context.words.fill("ring-headline", &blanks));
    parts.join("  ")
}

/// A party and its office, each behind the other's sign, which no name may bear.
pub fn office(office: &Office) -> String {
    format!("{} · {}", label(&office.party_name), label(&office.name))
}

/// How it stands, by whose word, since when.
pub fn state(context: &Context<'_>, ring: &Ring) -> String {
    let until = time::time_of_day(ring.until_ms);
    let said = said(ring);
    let when = said.map(|said| written(context, said.their_ms, said.our_ms));
    let party = said.map_or_else(String::new, |said| label(&said.who.name));
    let blanks = [
        ("short", ring.short.clone().into()),
        ("until", until.into()),
        ("when", when.unwrap_or_default().into()),
        ("party", party.into()),
        ("person", person(ring).into()),
        ("callback", call_back(ring).into()),
        ("answer", answer_word(ring).into()),
        ("ours", if ring.ours { "yes" } else { "no" }.into()),
        ("here", if ring.rings_here { "yes" } else { "no" }.into()),
        (
            "into",
            ring.merged_into_short
                .clone()
                .unwrap_or_else(|| "none".to_owned())
                .into(),
        ),
        ("final", if ring.is_final { "yes" } else { "no" }.into()),
    ];
    let id = format!("ring-state-{}", ring.state);
    let text = match context.words.find(&id) {
        Some(_) => context.words.fill(&id, &blanks),
        None => label(&ring.state),
    };
    match ring.state.as_str() {
        "ringing" if ring.rings_here => context.paint.bad(&text),
        "accepted" => context.paint.good(&text),
        "calling" | "ringing" | "answered" => context.paint.doubtful(&text),
        _ => text,
    }
}

/// Whose word the state is.
fn said(ring: &Ring) -> Option<&Said> {
    let answer = ring.answer.as_ref().map(|answer| &answer.said);
    match ring.state.as_str() {
        "ringing" => ring.ringing.as_ref(),
        "answered" | "accepted" | "declined" | "later" | "broken-off" => answer,
        "withdrawn" | "unanswered" | "unreachable" | "merged" => ring.outcome.as_ref(),
        _ => Some(&ring.rung),
    }
}

/// The person who answered; `none` if nobody did.
fn person(ring: &Ring) -> String {
    let name = said(ring)
        .map(|said| said.actor.name.as_str())
        .unwrap_or_default();
    match name.is_empty() {
        true => "none".to_owned(),
        false => name_in_quotes(name),
    }
}

fn answer_word(ring: &Ring) -> String {
    let answer = ring.answer.as_ref();
    answer.map_or_else(|| "none".to_owned(), |answer| answer.answer.clone())
}

fn call_back(ring: &Ring) -> String {
    let at = ring.answer.as_ref().and_then(|answer| answer.call_back_ms);
    at.map_or_else(|| "none".to_owned(), time::date_and_time)
}

#[cfg(test)]
mod tests {
    use crate::i18n::{Catalog, Language};

    #[test]
    fn a_merged_ring_names_the_one_that_goes_on_and_whose_it_is() {
        let said = |language, ours: &'static str| {
            let blanks = [
                ("when", "08:00:12Z".into()),
                ("into", "R-8".into()),
                ("ours", ours.into()),
                ("final", "yes".into()),
            ];
            Catalog::new(language).fill("ring-state-merged", &blanks)
        };
        let goes_on = " goes on for both and counts as accepted. Final.";
        let theirs = said(Language::English, "no");
        assert!(
            theirs.ends_with(&format!("R-8, our own ring,{goes_on}")),
            "{theirs}"
        );
        let ours = said(Language::English, "yes");
        assert!(
            ours.ends_with(&format!("R-8, the other side's ring,{goes_on}")),
            "{ours}"
        );
        let theirs = said(Language::Russian, "no");
        assert!(
            theirs.contains("R-8, наш собственный вызов, продолжается"),
            "{theirs}"
        );
    }
}
