//! Who ended a contact, when and why. No contact says it of itself: an entry does, which stands somewhere after its ring's.

use super::super::context::Context;
use super::super::failure::Failure;
use super::super::render::{label, name_in_quotes, text_lines};
use super::super::{exercise, layout, time};
use crate::api::types::{Contact, EntriesQuery, Entry};
use crate::client::Client;

/// Tells it, where somebody ended it.
pub async fn tell(
    context: &Context<'_>,
    client: &Client,
    line: &str,
    contact: &Contact,
) -> Result<(), Failure> {
    if !matches!(contact.state.as_str(), "closed" | "codes-differed") {
        return Ok(());
    }
    let Some(entry) = find(client, line, contact).await? else {
        return Ok(());
    };
    let blanks = [
        ("name", name_in_quotes(&entry.actor.name).into()),
        ("party", label(&entry.author.name).into()),
        ("when", time::date_and_time(entry.time_ms).into()),
    ];
    let text = context.words.fill("contact-ended", &blanks);
    let columns = exercise::columns(context, &contact.mark);
    let mut lines = layout::wrap(&text, "    ", "      ", columns);
    if entry.kind == "contact-closed" {
        lines.extend(text_lines(context, &entry));
    }
    let lines = exercise::framed(context, &contact.mark, lines);
    lines.iter().try_for_each(|line| context.print(line))
}

async fn find(client: &Client, line: &str, contact: &Contact) -> Result<Option<Entry>, Failure> {
    /// Pages that are looked at: a contact lasts for hours.
    const PAGES: usize = 20;
    let ring = client.entry(line, &contact.contact).await?;
    let mut query = EntriesQuery {
        after: Some(ring.cursor),
        limit: Some(1_000),
        ..EntriesQuery::default()
    };
    let ends = |entry: &Entry| {
        let is_of_it = entry.fact.ring.as_ref() == Some(&contact.contact);
        let differed = entry.fact.says.as_deref() == Some("differed");
        is_of_it && (entry.kind == "contact-closed" || entry.kind == "verified" && differed)
    };
    for _ in 0..PAGES {
        let page = client.entries(line, &query).await?;
        if let Some(entry) = page.entries.into_iter().find(ends) {
            return Ok(Some(entry));
        }
        if page.next.is_none() {
            break;
        }
        query.after = page.next;
    }
    Ok(None)
}
