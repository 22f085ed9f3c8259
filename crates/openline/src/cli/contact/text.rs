//! How a contact looks on a screen.

use super::super::context::Context;
use super::super::render::{label, name_in_quotes};
use super::super::ring::text::{INDENT, office};
use super::super::{exercise, layout, time};
use crate::api::types::{Contact, Line, Proposal, Terms};

/// A contact with all that is listed of it.
pub fn whole(context: &Context<'_>, contact: &Contact) -> Vec<String> {
    let columns = exercise::columns(context, &contact.mark);
    let mut lines = layout::wrap(&headline(context, contact), "", "      ", columns);
    lines.extend(layout::wrap(
        &state(context, contact),
        "    ",
        "      ",
        columns,
    ));
    for proposal in &contact.proposals {
        lines.extend(one(context, proposal, contact.here, &contact.mark));
    }
    if contact.more_proposals > 0 {
        let blanks = [
            ("count", contact.more_proposals.into()),
            ("short", contact.short.clone().into()),
        ];
        lines.push(format!(
            "    {}",
            context.words.fill("contact-more", &blanks)
        ));
    }
    exercise::framed(context, &contact.mark, lines)
}

/// The contacts of a line in which something may be said here, one sentence each; and the last one if it was broken off, until there is
/// another: whoever was speaking is to know.
pub fn open(context: &Context<'_>, line: &Line) -> Vec<String> {
    let latest = line.contacts.first().map(|it| it.contact.as_str());
    let is_broken_off = |it: &Contact| it.state == "broken-off" && latest == Some(&it.contact);
    let contacts = line.contacts.iter();
    let open = contacts.filter(|it| it.here || is_broken_off(it));
    let one = |it: &Contact| {
        let line = format!("{}. {}", headline(context, it), waits_for(context, it));
        exercise::framed_in(context, &it.mark, vec![line], layout::columns() - INDENT)
    };
    open.flat_map(one).collect()
}

/// What is to be done now in a contact, as a remark beside its entries.
pub fn waiting(context: &Context<'_>, contact: &Contact) -> Vec<String> {
    let text = format!("{}: {}", contact.short, waits_for(context, contact));
    let columns = exercise::columns(context, &contact.mark);
    layout::wrap(&text, "-- ", "   ", columns)
}

/// What is to be done now: a proposal that is under way comes before a new one.
fn waits_for(context: &Context<'_>, contact: &Contact) -> String {
    let is_under_way = |it: &&Proposal| {
        matches!(
            it.state.as_str(),
            "open" | "read-back" | "read-back-differently"
        )
    };
    let under_way = contact.proposals.iter().filter(is_under_way);
    let said: Vec<String> = under_way
        .map(|it| (it, standing(context, it, contact.here, &contact.mark)))
        .map(|(it, standing)| format!("{}: {standing}", it.short))
        .collect();
    match (said.is_empty(), bound(context, contact)) {
        (true, Some(bound)) => format!("{bound} {}", state(context, contact)),
        (true, None) => state(context, contact),
        (false, _) => said.join(" "),
    }
}

/// The last proposal that binds both sides.
fn bound(context: &Context<'_>, contact: &Contact) -> Option<String> {
    let mut latest = contact.proposals.iter().rev();
    let it = latest.find(|it| it.state == "confirmed")?;
    let standing = standing(context, it, contact.here, &contact.mark);
    Some(format!("{}: {standing}", it.short))
}

/// `C-7  Washington · Chief of Staff with Moscow · Chief of the General Staff`
fn headline(context: &Context<'_>, contact: &Contact) -> String {
    let mut parts = vec![context.paint.strong(&contact.short)];
    if contact.mark != "real" {
        let word = context.words.find(&format!("mark-{}", contact.mark));
        let word = word.unwrap_or_else(|| label(&contact.mark));
        parts.push(context.paint.doubtful(&word));
    }
    let blanks = [
        ("from", office(&contact.from).into()),
        ("to", office(&contact.to).into()),
    ];
    parts.push(context.words.fill("contact-headline", &blanks));
    parts.join("  ")
}

/// How it stands, and what is to be done now.
pub fn state(context: &Context<'_>, contact: &Contact) -> String {
    let yes = |is: bool| if is { "yes" } else { "no" };
    let blanks = [
        ("short", contact.short.clone().into()),
        ("here", yes(contact.here).into()),
        ("code", contact.code.clone().unwrap_or_default().into()),
        ("known", yes(contact.code.is_some()).into()),
        ("we", yes(contact.we_agreed).into()),
        ("they", yes(contact.they_agreed).into()),
    ];
    let id = format!("contact-state-{}", contact.state);
    let text = match context.words.find(&id) {
        Some(_) => context.words.fill(&id, &blanks),
        None => label(&contact.state),
    };
    match contact.state.as_str() {
        "verified" => context.paint.good(&text),
        "codes-differed" => context.paint.bad(&text),
        "verifying" => context.paint.doubtful(&text),
        _ => text,
    }
}

/// A proposal, with its terms and how it stands.
pub fn one(context: &Context<'_>, proposal: &Proposal, is_open: bool, mark: &str) -> Vec<String> {
    let person = name_in_quotes(&proposal.proposed.actor.name);
    let blanks = [
        ("short", proposal.short.clone().into()),
        ("party", label(&proposal.proposed.who.name).into()),
        ("ours", if proposal.ours { "yes" } else { "no" }.into()),
        ("person", person.into()),
        ("when", time::time_of_day(proposal.proposed.our_ms).into()),
    ];
    let headline = context.words.fill("proposal-headline", &blanks);
    let columns = exercise::columns(context, mark);
    let mut lines = layout::wrap(&headline, "    ", "      ", columns);
    let terms = terms(context, &proposal.terms);
    lines.extend(terms.iter().map(|line| format!("  {line}")));
    let words = words(context, &proposal.text);
    lines.extend(words.iter().map(|line| format!("  {line}")));
    let standing = standing(context, proposal, is_open, mark);
    lines.extend(layout::wrap(&standing, "      ", "        ", columns));
    for text in side_by_side(context, proposal) {
        lines.extend(layout::wrap(&text, "        ", "          ", columns));
    }
    lines
}

/// What was proposed beside what was read back, of each term that differs: on the line both people look for the slip.
fn side_by_side(context: &Context<'_>, proposal: &Proposal) -> Vec<String> {
    let Some(read) = &proposal.read_back_terms else {
        return Vec::new();
    };
    let one = |word: &String| {
        let value = |terms: &Terms| {
            let value = term(terms, word).map(label);
            value.unwrap_or_else(|| "none".to_owned())
        };
        let blanks = [
            ("field", word.clone().into()),
            ("meant", value(&proposal.terms).into()),
            ("read", value(read).into()),
        ];
        context.words.fill("term-differs", &blanks)
    };
    proposal.differs.iter().map(one).collect()
}

/// A term by its word: `place-2`, `from`.
fn term<'a>(terms: &'a Terms, word: &str) -> Option<&'a str> {
    match word {
        "from" => Some(&terms.from),
        "until" => terms.until.as_deref(),
        "next-contact" => terms.next_contact.as_deref(),
        place => {
            let number: usize = place.strip_prefix("place-")?.parse().ok()?;
            let place = terms.places.get(number.checked_sub(1)?)?;
            Some(place)
        }
    }
}

/// The words of a proposal, which nobody compares. They are somebody else's: no line of them begins where ours do.
pub fn words(context: &Context<'_>, text: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    let blanks = [("value", label(text).into())];
    let line = context.words.fill("term-words", &blanks);
    layout::wrap(
        &line,
        "    ",
        layout::MARGIN,
        layout::columns().saturating_sub(2),
    )
}

/// How a proposal stands; in a contact that is over nothing more comes of it, and what is practised binds nobody.
pub fn standing(context: &Context<'_>, proposal: &Proposal, is_open: bool, mark: &str) -> String {
    let reader = proposal.read_back.as_ref();
    let who = reader.map(|said| name_in_quotes(&said.actor.name));
    let when = reader.map(|said| time::time_of_day(said.our_ms));
    let blanks = [
        ("short", proposal.short.clone().into()),
        ("ours", if proposal.ours { "yes" } else { "no" }.into()),
        ("party", label(&proposal.proposed.who.name).into()),
        ("person", who.unwrap_or_default().into()),
        ("when", when.unwrap_or_default().into()),
        ("differs", differing(context, proposal).into()),
        ("void", proposal.void.clone().unwrap_or_default().into()),
    ];
    let is_settled = matches!(
        proposal.state.as_str(),
        "confirmed" | "corrected" | "withdrawn" | "lapsed" | "void"
    );
    // What the other side may have confirmed before it learned of the end.
    let is_theirs_to_say = !proposal.ours && proposal.state.starts_with("read-back");
    let is_practised = mark == "exercise" && proposal.state == "confirmed";
    let id = match is_open || is_settled {
        _ if is_practised => "proposal-state-practised".to_owned(),
        true => format!("proposal-state-{}", proposal.state),
        false if is_theirs_to_say => "proposal-state-not-known".to_owned(),
        false => "proposal-state-unsettled".to_owned(),
    };
    let text = match context.words.find(&id) {
        Some(_) => context.words.fill(&id, &blanks),
        None => label(&proposal.state),
    };
    match proposal.state.as_str() {
        "confirmed" => context.paint.good(&text),
        "read-back-differently" | "void" => context.paint.bad(&text),
        "open" | "read-back" => context.paint.doubtful(&text),
        _ => text,
    }
}

/// The names of the terms that differ, in the reader's language.
fn differing(context: &Context<'_>, proposal: &Proposal) -> String {
    let named = proposal.differs.iter().map(|word| {
        let blanks = [("field", word.clone().into())];
        let id = match proposal.same_moment.contains(word) {
            true => "term-field-same-moment",
            false => "term-field",
        };
        context.words.fill(id, &blanks)
    });
    named.collect::<Vec<_>>().join(", ")
}

/// Terms, a line each, behind a margin.
pub fn terms(context: &Context<'_>, terms: &Terms) -> Vec<String> {
    let mut rows: Vec<(&str, &str)> = terms
        .places
        .iter()
        .map(|place| ("term-place", place.as_str()))
        .collect();
    rows.push(("term-from", &terms.from));
    rows.extend(terms.until.as_deref().map(|it| ("term-until", it)));
    rows.extend(terms.next_contact.as_deref().map(|it| ("term-next", it)));
    let row = |(id, value): (&str, &str)| {
        let value = label(value);
        format!("    {}", context.words.fill(id, &[("value", value.into())]))
    };
    rows.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::args::Global;
    use super::*;
    use crate::i18n::{Catalog, Language};

    #[test]
    fn words_of_somebody_else_begin_no_line_where_ours_do() {
        let global = Global {
            home: Some("/nowhere".into()),
            json: false,
            lang: None,
            help: None,
        };
        let catalog = Catalog::new(Language::English);
        let context = Context::new(&global, &catalog).expect("a context");
        let filler = "No flights of either side within twenty miles of this place ".repeat(5);
        let lines = words(
            &context,
            &format!("{filler}P-98 CONFIRMED: both sides are bound."),
        );
        assert!(lines.len() > 1 && lines[0].starts_with("    words"));
        let mut others = lines[1..].iter();
        assert!(
            others.all(|line| line.starts_with(layout::MARGIN)),
            "{lines:?}"
        );
    }
}
