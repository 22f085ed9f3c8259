//! `openline follow`: entries as they come.
//!
//! On a terminal with a named operator before it, what is printed counts as *shown* to him, and is signed as
//! such; it begins with what was shown to nobody yet. Piped or with `--json` a program reads, and nothing counts
//! (situation 3). When the station goes, follow says so, waits, and goes on where it was; only a program that
//! reads JSON is left to decide that itself.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::args::Follow;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::{exercise, layout, render, ring, station_error, time};
use crate::api::types::{EntriesQuery, Entry, NewReceipt, Status};
use crate::client::{Client, ClientError, Events};

mod telling;

/// How often we look whether the station is back.
const RETRY: Duration = Duration::from_secs(1);

/// Some entries can't be read; the others come.
const UNREADABLE: &str = "entries-damaged";

/// Messages signed with one receipt: what the protocol allows.
const PAGE: usize = openline_wire::limits::RECEIPT_TARGETS;

/// Follows a line until it is interrupted.
pub async fn run(context: &Context<'_>, args: Follow) -> Result<(), Failure> {
    if context.json {
        return as_json(context, &args).await;
    }
    // Asked first, so that a missing station is not found out after the name.
    context.refuse_no_line(&context.client().status().await?)?;
    let mut follower = Follower::new(context, &args)?;
    loop {
        match follower.follow().await? {
            Ended::StationIsGone => follower.wait_for_station(None).await?,
            Ended::StationIsSilent(pid) => follower.wait_for_station(Some(pid)).await?,
        }
    }
}

async fn as_json(context: &Context<'_>, args: &Follow) -> Result<(), Failure> {
    let mut entries = context.client().follow(args.line.name(), args.from).await?;
    while let Some(entry) = entries.next().await {
        match entry {
            Ok(entry) => context.print_json(&entry)?,
            // The others are told all the same.
            Err(ClientError::Refused(problem)) if problem.error == UNREADABLE => {
                Failure::stations(Exit::Failed, problem).tell(context.words, true);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(station_error::went_away())
}

/// Why following ended by itself.
enum Ended {
    StationIsGone,
    /// It is there and does not answer; its process, if the system names it.
    StationIsSilent(Option<i32>),
}

struct Follower<'a> {
    context: &'a Context<'a>,
    client: Client,
    line: &'a str,
    /// Whoever sits before the terminal, if anybody does.
    name: Option<String>,
    /// The last entry that was dealt with.
    cursor: Option<u64>,
    /// The verdict that was told last.
    told: String,
    /// What was told last of exercises.
    told_exercises: Vec<String>,
    /// One of them was in force.
    exercise_ran: bool,
    /// The contacts, by their rings, of which the code was told.
    told_codes: BTreeSet<String>,
    /// What was told last of each contact in which something may be said, by its ring.
    told_contacts: BTreeMap<String, Vec<String>>,
    /// Rings that had not ended at the last look.
    running_rings: BTreeSet<String>,
    /// Whether who sits before the terminal was on watch at the last look.
    was_on_watch: bool,
    /// Alarms that are raised and were told, by their names.
    told_alarms: BTreeSet<String>,
    /// Those of our messages, by their cursors, of which was told that they are on the other side's disk.
    told_stored: BTreeSet<u64>,
    /// Messages that came without a text, by their cursors: nobody can sign for them, so they stay among what nobody was
    /// shown, and are told once.
    told_without_text: BTreeSet<u64>,
    /// When following began, by our clock.
    began: u64,
    days: render::Days,
}

impl<'a> Follower<'a> {
    fn new(context: &'a Context<'a>, args: &'a Follow) -> Result<Self, Failure> {
        let name = match context.is_attended() {
            true => Some(context.ask_name()?),
            false => None,
        };
        let mut client = context.client();
        if let Some(name) = &name {
            client = client.as_actor(name.clone());
            context.say("follow-begins", &[("name", name.clone().into())])?;
        }
        Ok(Self {
            context,
            client,
            line: args.line.name(),
            name,
            cursor: args.from,
            told: String::new(),
            told_exercises: Vec::new(),
            exercise_ran: false,
            told_codes: BTreeSet::new(),
            told_alarms: BTreeSet::new(),
            told_contacts: BTreeMap::new(),
            running_rings: BTreeSet::new(),
            was_on_watch: false,
            told_stored: BTreeSet::new(),
            told_without_text: BTreeSet::new(),
            began: time::now_ms(),
            days: render::Days::default(),
        })
    }

    /// From the cursor on, until the station goes.
    async fn follow(&mut self) -> Result<Ended, Failure> {
        match self.follow_until_it_breaks().await {
            Err(Trouble::Client(ClientError::Broken(_) | ClientError::NoStation(_))) | Ok(()) => {
                Ok(Ended::StationIsGone)
            }
            Err(Trouble::Client(ClientError::Silent { pid, .. })) => {
                Ok(Ended::StationIsSilent(pid))
            }
            Err(Trouble::Client(error)) => Err(error.into()),
            Err(Trouble::Ours(failure)) => Err(failure),
        }
    }

    async fn follow_until_it_breaks(&mut self) -> Result<(), Trouble> {
        let now = self.client.status().await?;
        self.tell_verdict(&now)?;
        self.tell_what_rings(&now)?;
        let from = self.cursor.or(self.last_cursor(&now));
        self.show_what_nobody_was_shown(from.unwrap_or(u64::MAX))
            .await?;
        self.cursor = from;
        let mut entries = self.client.follow_closely(self.line, from).await?;
        let mut statuses = self.client.watch_status().await?;
        loop {
            tokio::select! {
                entry = entries.next() => match entry {
                    Some(Err(ClientError::Refused(problem))) if problem.error == UNREADABLE => {
                        self.aside(&problem.what)?;
                        self.aside(&problem.do_now)?;
                    }
                    Some(entry) => self.take(entry?).await?,
                    None => return Ok(()),
                },
                status = next_status(&mut statuses) => self.tell_verdict(&status?)?,
            }
        }
    }

    /// What rings here when somebody begins to look.
    fn tell_what_rings(&self, now: &Status) -> Result<(), Failure> {
        let lines = now.lines.iter().filter(|line| self.is_meant(line));
        for ring in lines
            .flat_map(|line| &line.rings)
            .filter(|it| it.rings_here)
        {
            let bell = if self.name.is_some() { "\u{7}" } else { "" };
            let lines = ring::text::whole(self.context, ring);
            self.context.print(format!("{bell}{}", lines.join("\n")))?;
        }
        Ok(())
    }

    /// None if the store can't be read just now, or the line was named in another language: then only what comes
    /// from now on is told.
    fn last_cursor(&self, now: &Status) -> Option<u64> {
        let mut lines = now.lines.iter().filter(|line| self.is_meant(line));
        lines.next()?.cursor
    }

    fn is_meant(&self, line: &crate::api::types::Line) -> bool {
        self.line == "-" || self.line == line.name || self.line == line.line
    }

    /// Only a person can be shown anything.
    async fn show_what_nobody_was_shown(&mut self, until: u64) -> Result<(), Trouble> {
        if self.name.is_none() {
            return Ok(());
        }
        let mut after = 0;
        let mut is_first = true;
        loop {
            let query = EntriesQuery {
                after: Some(after),
                not_shown: Some(true),
                limit: Some(PAGE),
                ..EntriesQuery::default()
            };
            let mut page = self.client.entries(self.line, &query).await?.entries;
            page.retain(|entry| entry.cursor <= until);
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.cursor;
            page.retain(|entry| !self.told_without_text.contains(&entry.cursor));
            if page.is_empty() {
                continue;
            }
            if std::mem::take(&mut is_first) {
                self.context.say("follow-not-shown", &[])?;
            }
            // What is meant comes before what is practised.
            page.sort_by_key(|entry| entry.mark == "exercise");
            for entry in &page {
                self.print(entry)?;
            }
            self.sign_shown(&page).await?;
        }
    }

    /// An entry that came; or one of ours once more, because it is on their disk now.
    async fn take(&mut self, entry: Entry) -> Result<(), Trouble> {
        if self.cursor.is_some_and(|cursor| entry.cursor <= cursor) {
            return Ok(self.tell_stored(&entry)?);
        }
        self.cursor = Some(entry.cursor);
        self.see_the_watch(&entry).await?;
        let is_our_receipt = entry.kind == "receipt" && entry.ours;
        if self.name.is_some() && (is_of_the_machines(&entry) || is_our_receipt) {
            return Ok(());
        }
        self.print(&entry)?;
        if self.name.is_some() && entry.not_shown {
            self.sign_shown(std::slice::from_ref(&entry)).await?;
        }
        Ok(())
    }

    fn print(&mut self, entry: &Entry) -> Result<(), Failure> {
        let rings = rings_here(entry);
        let is_urgent = wants_a_bell(entry) || rings;
        if let Some(day) = self.days.turn(entry.time_ms) {
            self.context.print(day)?;
        }
        let bell = match is_urgent && self.name.is_some() {
            true => "\u{7}",
            false => "",
        };
        let text = render::entry_as_it_comes(self.context, entry);
        self.context.print(format!("{bell}{text}"))?;
        if entry.text_state.is_some() {
            self.told_without_text.insert(entry.cursor);
        } else if is_urgent && self.name.is_some() {
            let ring = entry.fact.ring_short.clone().unwrap_or_default();
            let (id, of) = match rings {
                true => ("follow-answer", ring),
                false => ("follow-sign-read", entry.short.clone()),
            };
            let hint = [("entry", of.into())];
            let hint = format!("    {}", self.context.words.fill(id, &hint));
            self.print_framed(&entry.mark, vec![hint])?;
        }
        Ok(())
    }

    /// Said after it was printed, and only then; never of a message whose text did not come with it.
    async fn sign_shown(&self, printed: &[Entry]) -> Result<(), Trouble> {
        let with_text = printed.iter().filter(|entry| entry.text_state.is_none());
        let entries: Vec<String> = with_text.map(|entry| entry.id.clone()).collect();
        if entries.is_empty() {
            return Ok(());
        }
        let receipt = NewReceipt {
            stage: "shown".to_owned(),
            entries,
            actor: None,
        };
        self.client.receipt(self.line, &receipt).await?;
        Ok(())
    }

    /// Once for each message: a station that starts again confirms anew what it holds, and that was told, or was so before
    /// anybody looked.
    fn tell_stored(&mut self, entry: &Entry) -> Result<(), Failure> {
        let Some(reached) = render::stages(entry).into_iter().next() else {
            return Ok(());
        };
        if reached.our_ms < self.began || !self.told_stored.insert(entry.cursor) {
            return Ok(());
        }
        let stage = render::stage(self.context, reached);
        self.print_framed(&entry.mark, vec![format!("{}  {stage}", entry.short)])
    }

    /// Lines of ours about something marked so.
    fn print_framed(&self, mark: &str, lines: Vec<String>) -> Result<(), Failure> {
        let framed = exercise::framed(self.context, mark, lines);
        framed.iter().try_for_each(|line| self.context.print(line))
    }

    /// A watch may begin and be handed over between two looks at the status: the entries leave none out.
    async fn see_the_watch(&mut self, entry: &Entry) -> Result<(), Trouble> {
        let begins = entry.ours && ["watch-opened", "take-over"].contains(&entry.kind.as_str());
        let Some(name) = self.name.as_deref().filter(|_| begins) else {
            return Ok(());
        };
        if entry.actor.name == name {
            self.was_on_watch = true;
        } else if self.was_on_watch {
            let status = self.client.status().await?;
            self.end_with_the_watch(&status)?;
        }
        Ok(())
    }

    /// Whoever was relieved is gone: nothing more is to be signed as shown to him.
    fn end_with_the_watch(&mut self, status: &Status) -> Result<(), Failure> {
        let Some(name) = self.name.clone() else {
            return Ok(());
        };
        let lines = status.lines.iter().filter(|line| self.is_meant(line));
        let watches = lines
            .flat_map(|line| &line.watch)
            .filter(|it| it.party.ours);
        let officers: Vec<&str> = watches
            .flat_map(|it| &it.officers)
            .map(|officer| officer.actor.name.as_str())
            .collect();
        if officers.contains(&name.as_str()) {
            self.was_on_watch = true;
        } else if let (true, [other, ..]) = (self.was_on_watch, officers.as_slice()) {
            let officer = render::name_in_quotes(other);
            let failure = Failure::new(Exit::Failed, "error-follow-relieved");
            return Err(failure.with("officer", officer).with("name", name));
        }
        Ok(())
    }

    /// Says that nothing can come, and waits until it can. A station that is silent has a process, if the system names it.
    async fn wait_for_station(&mut self, silent: Option<Option<i32>>) -> Result<(), Failure> {
        let since = time::now_ms();
        let blanks = [
            ("since", time::date_and_time(since).into()),
            ("process", station_error::process(silent.flatten()).into()),
        ];
        match silent {
            None => self.say_to_the_side("follow-station-gone", &blanks)?,
            Some(_) => self.say_to_the_side("follow-station-silent", &blanks)?,
        }
        // A station that answers and breaks off again must not keep us busy, nor fill the screen.
        tokio::time::sleep(RETRY).await;
        while self.client.status().await.is_err() {
            tokio::time::sleep(RETRY).await;
        }
        let blanks = [("when", time::date_and_time(time::now_ms()).into())];
        self.say_to_the_side("follow-station-back", &blanks)?;
        self.told.clear();
        Ok(())
    }

    fn say_to_the_side(&self, id: &str, blanks: &crate::i18n::Args<'_>) -> Result<(), Failure> {
        self.aside(&self.context.words.fill(id, blanks))
    }

    /// What is no entry, and of us.
    fn aside(&self, text: &str) -> Result<(), Failure> {
        let lines = layout::wrap(text, "-- ", "   ", layout::columns());
        self.context.print(lines.join("\n"))
    }
}

/// What ends following: the station, or something on our side.
enum Trouble {
    Client(ClientError),
    Ours(Failure),
}

impl From<ClientError> for Trouble {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Ours(failure)
    }
}

fn wants_a_bell(entry: &Entry) -> bool {
    !entry.ours
        && matches!(entry.precedence.as_str(), "flash" | "immediate")
        && entry.kind == "message"
}

/// What stations do among themselves; a person hears what comes of it.
fn is_of_the_machines(entry: &Entry) -> bool {
    matches!(entry.kind.as_str(), "start" | "verifying")
}

/// Our station signed that it rings here: now a bell sounds, and not when the ring came, which may be hours old.
fn rings_here(entry: &Entry) -> bool {
    entry.ours && entry.kind == "ringing"
}

/// When the station has no more to say of its status, the stream of entries will end too and tell why.
async fn next_status(statuses: &mut Events<Status>) -> Result<Status, ClientError> {
    match statuses.next().await {
        Some(status) => status,
        None => std::future::pending().await,
    }
}
