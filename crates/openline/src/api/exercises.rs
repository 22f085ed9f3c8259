//! Exercises: what persons ask for, how they stand, and what of the record stands in one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Path, State};
use openline_proto::contract::Command;
use openline_proto::exercise::book::{Shown, Signed};
use openline_proto::exercise::request::Request;
use openline_proto::exercise::stands;
use openline_store::{NamedEntry, Reader, StoreError};
use openline_wire::codes::{Kind, Mark, Mode, Precedence};
use openline_wire::fact::Fact;
use openline_wire::header::Header;
use openline_wire::ids::{EntryId, LineId};

use super::body::{Answer, Json};
use super::caller::Caller;
use super::context::{Context, Shared, view};
use super::convert::{View, actor, rfc3339, text_of};
use super::limits::{self, STATUS_STORE_WAIT_MS};
use super::messages::{accepted, language};
use super::problem::ApiError;
use super::types::{Accepted, BrokeIn, Exercise, ExerciseSigned, NewExercise};
use crate::station::peers::LineInfo;

/// `POST /v1/lines/{line}/exercise`
pub async fn ask(
    State(context): State<Shared>,
    Path(line): Path<String>,
    caller: Caller,
    Json(asked): Json<NewExercise>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.operator(&line, asked.actor.as_deref())?;
    let request = request(&context, &line, &asked).await?;
    if !matches!(request, Request::End) {
        line.charter.allows(Mode::Text, Mark::Exercise)?;
    }
    let command = Command::Exercise {
        request,
        text: asked.text,
        language: language(asked.lang, &line)?,
    };
    let entry = context.desk.act(line.line, actor, command).await?;
    Ok(Answer(accepted(entry.as_deref())))
}

async fn request(
    context: &Context,
    line: &Arc<LineInfo>,
    asked: &NewExercise,
) -> Result<Request, ApiError> {
    Ok(match asked.action.as_str() {
        "propose" => Request::Propose(asked.for_ms.unwrap_or(0)),
        "end" => Request::End,
        "accept" => {
            let name = asked.proposal.as_deref().unwrap_or_default();
            let id = |_: &_, named: &NamedEntry| Ok(named.stored.entry.id());
            Request::Accept(context.entry(line, name, id).await?)
        }
        other => {
            let error = ApiError::bad_request("unknown-word");
            return Err(error.with("field", "action").with("word", other));
        }
    })
}

/// Adds what only the record knows: the words of a proposal, and what broke in. Without an answer of the store soon it stays as it is.
pub async fn complete(
    context: &Context,
    line: &Arc<LineInfo>,
    tongue: &str,
    exercises: &mut Vec<Exercise>,
) {
    if exercises.is_empty() {
        return;
    }
    let (mut whole, line, known) = (exercises.clone(), line.clone(), context.broke_in.clone());
    let tongue = tongue.to_owned();
    let look = move |reader: &Reader| {
        let view = view(&line, &tongue);
        for exercise in &mut whole {
            add(&view, reader, &known, exercise)?;
        }
        Ok(whole)
    };
    let patience = Duration::from_millis(STATUS_STORE_WAIT_MS);
    if let Ok(Ok(whole)) = tokio::time::timeout(patience, context.desk.read(look)).await {
        *exercises = whole;
    }
}

fn add(
    view: &View<'_>,
    reader: &Reader,
    known: &BrokenIn,
    exercise: &mut Exercise,
) -> Result<(), StoreError> {
    let by_id = |id: &str| {
        EntryId::from_hex(id)
            .map(|id| reader.by_id(&id))
            .transpose()
    };
    if let Some(named) = by_id(&exercise.proposed.entry)?.flatten() {
        exercise.short = Some(named.name.to_string());
        exercise.text = text_of(&named.stored.entry).map(|text| text.text);
    }
    let accepted = exercise.exercise.as_deref().map(by_id).transpose()?;
    if let Some(named) = accepted.flatten().flatten() {
        (exercise.real, exercise.broke_in) = known.look(view, reader, &named)?;
    }
    Ok(())
}

impl View<'_> {
    /// An exercise, as far as the core knows it.
    pub(super) fn exercise(&self, shown: &Shown) -> Exercise {
        let signed = |it: &Signed| ExerciseSigned {
            entry: it.id.to_string(),
            by: self.party(it.party),
            actor: actor(&it.by),
            at_ms: it.at,
            at: rfc3339(it.at),
        };
        let state = match shown.accepted {
            Some(_) => "in-force",
            None => "proposed",
        };
        Exercise {
            exercise: shown.accepted.as_ref().map(|it| it.id.to_string()),
            state: state.to_owned(),
            proposed: signed(&shown.proposed),
            short: None,
            text: None,
            accepted: shown.accepted.as_ref().map(signed),
            until_ms: shown.until,
            until: rfc3339(shown.until),
            real: 0,
            broke_in: Vec::new(),
        }
    }

    /// Whether something that is meant answers a text of an exercise, or came while one runs.
    pub(super) fn breaks_in(
        &self,
        reader: &Reader,
        named: &NamedEntry,
    ) -> Result<bool, StoreError> {
        let header = named.stored.entry.header();
        if !may_break_in(header) {
            return Ok(false);
        }
        if let Some(answered) = &header.reply_to
            && let Some(answered) = reader.by_id(answered)?
            && answered.stored.entry.header().mark == Mark::Exercise
        {
            return Ok(true);
        }
        let runs = self.recent.and_then(|it| it.exercise(&self.info.line));
        let runs = runs.map(|id| reader.by_id(&id)).transpose()?.flatten();
        Ok(runs.is_some_and(|it| it.stored.cursor < named.stored.cursor))
    }
}

/// What is meant and makes somebody look up.
fn may_break_in(header: &Header) -> bool {
    header.mark == Mark::Real && matches!(header.kind, Kind::Message | Kind::Ring)
}

/// The exercise in which an entry stands; what belongs to a ring stands where the ring does (OL-785).
pub fn exercise_of(reader: &Reader, named: &NamedEntry) -> Result<Option<EntryId>, StoreError> {
    let entry = &named.stored.entry;
    if entry.header().mark != Mark::Exercise {
        return Ok(None);
    }
    if let Some(ring) = ring_that_it_belongs_to(&entry.fact()) {
        let ring = reader.by_id(&ring)?;
        let rings = ring.filter(|it| it.stored.entry.header().mark == Mark::Exercise);
        return rings.map_or(Ok(None), |it| stands_in(reader, it.stored.entry.header()));
    }
    stands_in(reader, entry.header())
}

fn stands_in(reader: &Reader, header: &Header) -> Result<Option<EntryId>, StoreError> {
    let Some(exercise) = stands::named(header) else {
        return Ok(None);
    };
    let Some(accepted) = reader.by_id(&exercise)? else {
        return Ok(None);
    };
    let accepted = accepted.stored.entry.header();
    let proposal = stands::accepts(accepted).map(|id| reader.by_id(&id));
    let Some(proposed) = proposal.transpose()?.flatten() else {
        return Ok(None);
    };
    let stands = stands::stands(header, accepted, proposed.stored.entry.header());
    Ok(stands.then_some(exercise))
}

fn ring_that_it_belongs_to(fact: &Fact) -> Option<EntryId> {
    Some(match fact {
        Fact::Ringing(it) => it.ring,
        Fact::Answered(it) => it.ring,
        Fact::Outcome(it) => it.ring,
        fact => return openline_proto::contact::held::contact_of(fact),
    })
}

/// What broke into the exercises that run: read once from where each began, then kept up.
#[derive(Debug, Default)]
pub struct BrokenIn(Mutex<BTreeMap<LineId, OfExercise>>);

#[derive(Debug)]
struct OfExercise {
    exercise: EntryId,
    /// Cursor of the last entry that was looked at.
    cursor: u64,
    count: u64,
    /// The most urgent first, of one urgency the latest: its urgency, its number, its id.
    foremost: Vec<(Precedence, u64, EntryId)>,
}

impl BrokenIn {
    /// Texts and rings that were stored since an exercise was accepted: how many, and the last ones.
    fn look(
        &self,
        view: &View<'_>,
        reader: &Reader,
        accepted: &NamedEntry,
    ) -> Result<(u64, Vec<BrokeIn>), StoreError> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let exercise = accepted.stored.entry.id();
        let begun = || OfExercise {
            exercise,
            cursor: accepted.stored.cursor,
            count: 0,
            foremost: Vec::new(),
        };
        let of_line = lines.entry(view.info.line).or_insert_with(begun);
        if of_line.exercise != exercise {
            *of_line = begun();
        }
        of_line.keep_up(reader, view.info)?;
        let mut last = Vec::new();
        for (_, _, id) in &of_line.foremost {
            last.extend(reader.by_id(id)?.map(|named| view.broke_in(&named)));
        }
        Ok((of_line.count, last))
    }
}

impl OfExercise {
    fn keep_up(&mut self, reader: &Reader, line: &LineInfo) -> Result<(), StoreError> {
        loop {
            let page = reader.entries_after(&line.line, self.cursor, limits::FOLLOW_PAGE)?;
            if page.cursor <= self.cursor {
                return Ok(());
            }
            let real = page.entries.iter().map(|named| &named.stored.entry);
            for entry in real.filter(|entry| may_break_in(entry.header())) {
                self.count += 1;
                let header = entry.header();
                self.foremost
                    .push((header.precedence, self.count, entry.id()));
                // A FLASH is not pushed out by what came after it.
                self.foremost.sort_unstable_by(|a, b| b.cmp(a));
                self.foremost.truncate(limits::BROKE_IN);
            }
            self.cursor = page.cursor;
        }
    }
}

impl View<'_> {
    fn broke_in(&self, named: &NamedEntry) -> BrokeIn {
        let header = named.stored.entry.header();
        BrokeIn {
            entry: named.stored.entry.id().to_string(),
            short: named.name.to_string(),
            kind: header.kind.word().to_owned(),
            precedence: header.precedence.word().to_owned(),
            by: self.party(header.author.party),
            at_ms: named.stored.received,
        }
    }
}
