//! What is open on a line when the watch changes hands: what somebody waits for, who is to be called back, and alarms that stand.

use openline_wire::limits;

use super::super::context::Context;
use super::super::failure::Failure;
use super::super::layout;
use super::super::lines::line_of;
use super::super::render::{label, name_in_quotes};
use super::super::ring::text::call_backs;
use super::super::time;
use crate::api::types::{EntriesQuery, Entry, Line, Status};
use crate::client::Client;

/// All that is open on a line.
pub struct Open {
    /// What has a name, the most pressing first.
    pub items: Vec<Item>,
    /// The names of alarms that are not over.
    alarms: Vec<String>,
}

/// One thing that is open.
pub struct Item {
    /// What people call it.
    pub short: String,
    what: What,
}

enum What {
    Ring,
    CallBack(u64),
    Proposal,
    /// Which message of [`KINDS`] says what it waits for; its precedence, and its first words.
    Text(&'static str, String, String),
}

impl Open {
    /// Looks at the status and at the entries of the last day.
    pub async fn look(client: &Client, status: &Status, line: &str) -> Result<Self, Failure> {
        let (mut items, mut alarms) = (Vec::new(), Vec::new());
        if let Some(of) = line_of(status, line) {
            items.extend(listed(of));
            items.extend(not_shown(client, of).await?);
            alarms.extend(of.alarms.iter().map(|it| label(&it.name)));
        }
        items.extend(unsettled(client, line).await?);
        items.truncate(limits::OPEN_ITEMS);
        Ok(Self { items, alarms })
    }

    /// What each item is called.
    pub fn names(&self) -> Vec<String> {
        self.items.iter().map(|it| it.short.clone()).collect()
    }

    /// Whether something urgent of theirs waits to be read.
    pub fn is_urgent(&self) -> bool {
        let is_urgent = |item: &Item| match &item.what {
            What::Text(id, precedence, _) => {
                *id != "open-not-stored" && matches!(precedence.as_str(), "flash" | "immediate")
            }
            _ => false,
        };
        self.items.iter().any(is_urgent)
    }

    /// A line for each, then the alarms.
    pub fn tell(&self, context: &Context<'_>) -> Result<(), Failure> {
        for item in &self.items {
            context.tell(&format!("  {}", item.line(context)))?;
        }
        if self.alarms.is_empty() {
            return Ok(());
        }
        let alarms = self.alarms.join(", ");
        context.say("open-alarms", &[("alarms", alarms.into())])
    }
}

impl Item {
    fn line(&self, context: &Context<'_>) -> String {
        let mut blanks = vec![("short", self.short.clone().into())];
        let id = match &self.what {
            What::Ring => "open-ring",
            What::Proposal => "open-proposal",
            What::CallBack(at) => {
                blanks.push(("when", time::time_of_day(*at).into()));
                "open-call-back"
            }
            What::Text(id, precedence, words) => {
                blanks.push(("precedence", precedence.to_uppercase().into()));
                let words = if words.is_empty() { "none" } else { words };
                blanks.push(("words", words.to_owned().into()));
                id
            }
        };
        context.words.fill(id, &blanks)
    }
}

/// Rings that have not ended, those that are to be called back, and proposals that nobody has settled.
fn listed(line: &Line) -> Vec<Item> {
    let item = |short: &String, what| Item {
        short: short.clone(),
        what,
    };
    let runs = |state: &str| matches!(state, "calling" | "ringing" | "answered");
    let rings = line.rings.iter().filter(|ring| runs(&ring.state));
    let mut items: Vec<Item> = rings.map(|ring| item(&ring.short, What::Ring)).collect();
    let due = call_backs(line).into_iter();
    items.extend(due.map(|(ring, at)| item(&ring.short, What::CallBack(at))));
    let contacts = line.contacts.iter().filter(|it| it.here);
    let proposals = contacts.flat_map(|it| &it.proposals);
    let open = proposals.filter(|it| it.state != "confirmed");
    items.extend(open.map(|it| item(&it.short, What::Proposal)));
    items
}

/// What of theirs nobody was shown. Its first words stand here as in any list; that is no signature.
async fn not_shown(client: &Client, line: &Line) -> Result<Vec<Item>, Failure> {
    let mut items = Vec::new();
    for listed in line.not_shown.iter().flat_map(|it| &it.entries) {
        let entry = client.entry(&line.line, &listed.entry).await?;
        items.push(text_item(&entry, "open-not-shown"));
    }
    Ok(items)
}

fn text_item(entry: &Entry, id: &'static str) -> Item {
    Item {
        short: entry.short.clone(),
        what: What::Text(
            id,
            entry.precedence.clone(),
            first_words(entry.text.as_deref().unwrap_or_default()),
        ),
    }
}

/// As many as tell one text from another.
fn first_words(text: &str) -> String {
    const COLUMNS: usize = 40;
    let line = name_in_quotes(&label(text));
    let mut cut = layout::wrap(&line, "", "", COLUMNS).into_iter();
    match (cut.next(), cut.next()) {
        (Some(first), Some(_)) => format!("{}…", first.trim_end()),
        (Some(whole), None) => whole,
        (None, _) => String::new(),
    }
}

/// Texts of the last day that somebody waits for: theirs that are urgent and nobody has signed as read, and ours that are not on
/// their disk.
async fn unsettled(client: &Client, line: &str) -> Result<Vec<Item>, Failure> {
    const DAY_MS: u64 = 24 * 3_600_000;
    /// Entries that are looked at, newest day first to last: what a line in its worst day has.
    const PAGES: usize = 20;
    let mut query = EntriesQuery {
        since: Some(time::now_ms().saturating_sub(DAY_MS)),
        limit: Some(1_000),
        ..EntriesQuery::default()
    };
    let mut items = Vec::new();
    for _ in 0..PAGES {
        let page = client.entries(line, &query).await?;
        let waits = page.entries.iter();
        items.extend(waits.filter_map(|entry| Some(text_item(entry, waits_for(entry)?))));
        if page.next.is_none() {
            break;
        }
        query.after = page.next;
    }
    Ok(items)
}

/// What nobody was shown is listed apart.
fn waits_for(entry: &Entry) -> Option<&'static str> {
    let has = |stage: &str| entry.stages.iter().any(|it| it.stage == stage);
    let is_urgent = matches!(entry.precedence.as_str(), "flash" | "immediate");
    let is_meant = entry.kind == "message" && entry.mark == "real";
    match entry.ours {
        true if is_meant && !has("stored") => Some("open-not-stored"),
        false if is_meant && is_urgent && !entry.not_shown && !has("read") => Some("open-not-read"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_told_by_its_first_words_on_one_line() {
        assert_eq!(first_words("All is\nquiet."), "All is quiet.");
        let long = first_words(&"word ".repeat(30));
        assert!(
            long.ends_with("word…") && long.chars().count() <= 40,
            "{long}"
        );
        assert_eq!(first_words(""), "");
    }
}
