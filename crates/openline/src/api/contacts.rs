//! Contacts: what two people say and sign after a ring was accepted, and how it stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use openline_proto::contact::request::Request;
use openline_proto::contact::typed::{Fields, Slip, Typed};
use openline_proto::contract::Command;
use openline_store::{NamedEntry, Reader, StoreError};
use openline_wire::codes::{Comparison, Ending, Kind, Precedence};
use openline_wire::header::Actor;
use openline_wire::ids::EntryId;

use super::body::{Answer, Json};
use super::caller::Caller;
use super::contact_view::Wanted;
use super::context::{Context, Shared, view};
use super::messages::{accepted, language, word};
use super::problem::ApiError;
use super::rings::LISTED;
use super::types::{Accepted, Contact, Contacts, NewSettlement, NewTerms, NewVerified, Terms};
use crate::station::clock::wall;
use crate::station::peers::LineInfo;

/// `GET /v1/lines/{line}/contacts`
pub async fn list(
    State(context): State<Shared>,
    Path(line): Path<String>,
    caller: Caller,
) -> Result<Answer<Contacts>, ApiError> {
    let line = context.line(&line)?;
    let contacts = last(&context, line, caller.language.clone()).await?;
    Ok(Answer(Contacts { contacts }))
}

/// `GET /v1/lines/{line}/contacts/{contact}`
pub async fn one(
    State(context): State<Shared>,
    Path((line, contact)): Path<(String, String)>,
    caller: Caller,
) -> Result<Answer<Contact>, ApiError> {
    let line = context.line(&line)?;
    let (board, info) = (context.desk.board.clone(), line.clone());
    let read = move |reader: &Reader, named: &NamedEntry| {
        let id = named.stored.entry.id();
        let shown = board.contact(&info.line, &id);
        let ring = board.ring(&info.line, &id);
        if ring.is_some_and(|ring| ring.standing.word() != Ending::Accepted.word()) {
            return Ok(None);
        }
        let view = view(&info, &caller.language);
        view.contact(reader, named, shown.as_ref(), Wanted::All)
    };
    let found = context.entry(&line, &ring_of(&contact), read).await?;
    found.map(Answer).ok_or_else(|| not_a_contact(&contact))
}

/// `POST /v1/lines/{line}/contacts/{contact}/verify`
pub async fn verify(
    State(context): State<Shared>,
    Path((line, contact)): Path<(String, String)>,
    caller: Caller,
    Json(verified): Json<NewVerified>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.operator(&line, verified.actor.as_deref())?;
    // Whatever is no word of the registry is none: nobody signs *agreed* by a slip.
    let said = word(
        Some(&verified.said),
        Comparison::Differed,
        Comparison::from_word,
        "said",
    )?;
    let contact = contact_id(&context, &line, &contact).await?;
    ask(&context, &line, actor, contact, Request::Verify(said)).await
}

/// `POST /v1/lines/{line}/contacts/{contact}/proposals`
pub async fn propose(
    State(context): State<Shared>,
    Path((line, contact)): Path<(String, String)>,
    caller: Caller,
    Json(proposal): Json<NewTerms>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.operator(&line, proposal.actor.as_deref())?;
    if !proposal.text.is_empty() {
        let check = line.charter.allows_text(&proposal.text, Precedence::Flash);
        check.map_err(ApiError::from)?;
    }
    let typed = typed(&proposal)?;
    let contact = contact_id(&context, &line, &contact).await?;
    let corrects = match &proposal.corrects {
        Some(name) => Some(proposal_id(&context, &line, name).await?),
        None => None,
    };
    let words = (proposal.text, proposal.lang);
    let request = Request::Propose(typed, corrects);
    ask_in_words(&context, &line, actor, contact, request, words).await
}

/// `POST /v1/lines/{line}/contacts/{contact}/proposals/{proposal}/read-back`
pub async fn read_back(
    State(context): State<Shared>,
    Path((line, contact, proposal)): Path<(String, String, String)>,
    caller: Caller,
    Json(read): Json<NewTerms>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.operator(&line, read.actor.as_deref())?;
    let typed = typed(&read)?;
    let contact = contact_id(&context, &line, &contact).await?;
    let proposal = proposal_id(&context, &line, &proposal).await?;
    let request = Request::ReadBack(proposal, typed);
    ask(&context, &line, actor, contact, request).await
}

/// `POST /v1/lines/{line}/contacts/{contact}/proposals/{proposal}/confirm`
pub async fn confirm(
    State(context): State<Shared>,
    Path(names): Path<(String, String, String)>,
    caller: Caller,
    Json(settlement): Json<NewSettlement>,
) -> Result<Answer<Accepted>, ApiError> {
    settle(&context, names, &caller, &settlement, Request::Confirm).await
}

/// `POST /v1/lines/{line}/contacts/{contact}/proposals/{proposal}/withdraw`
pub async fn withdraw(
    State(context): State<Shared>,
    Path(names): Path<(String, String, String)>,
    caller: Caller,
    Json(settlement): Json<NewSettlement>,
) -> Result<Answer<Accepted>, ApiError> {
    settle(&context, names, &caller, &settlement, Request::Withdraw).await
}

/// `POST /v1/lines/{line}/contacts/{contact}/close`
pub async fn close(
    State(context): State<Shared>,
    Path((line, contact)): Path<(String, String)>,
    caller: Caller,
    Json(closing): Json<NewSettlement>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.operator(&line, closing.actor.as_deref())?;
    if !closing.text.is_empty() {
        let check = line.charter.allows_text(&closing.text, Precedence::Flash);
        check.map_err(ApiError::from)?;
    }
    let contact = contact_id(&context, &line, &contact).await?;
    let words = (closing.text, closing.lang);
    ask_in_words(&context, &line, actor, contact, Request::Close, words).await
}

async fn settle(
    context: &Context,
    (line, contact, proposal): (String, String, String),
    caller: &Caller,
    settlement: &NewSettlement,
    request: impl FnOnce(EntryId) -> Request,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.operator(&line, settlement.actor.as_deref())?;
    let contact = contact_id(context, &line, &contact).await?;
    let proposal = proposal_id(context, &line, &proposal).await?;
    ask(context, &line, actor, contact, request(proposal)).await
}

async fn ask(
    context: &Context,
    line: &Arc<LineInfo>,
    actor: Actor,
    contact: EntryId,
    request: Request,
) -> Result<Answer<Accepted>, ApiError> {
    ask_in_words(
        context,
        line,
        actor,
        contact,
        request,
        (String::new(), None),
    )
    .await
}

async fn ask_in_words(
    context: &Context,
    line: &Arc<LineInfo>,
    actor: Actor,
    contact: EntryId,
    request: Request,
    (text, lang): (String, Option<String>),
) -> Result<Answer<Accepted>, ApiError> {
    let command = Command::Contact {
        contact,
        request: Box::new(request),
        text,
        language: language(lang, line)?,
    };
    let entry = context.desk.act(line.line, actor, command).await?;
    Ok(Answer(accepted(entry.as_deref())))
}

/// The contacts of a line, the latest first: those that are not over, and the last ones.
pub async fn last(
    context: &Context,
    line: Arc<LineInfo>,
    language: String,
) -> Result<Vec<Contact>, ApiError> {
    let state = context.desk.board.state();
    let known = state
        .lines
        .get(&line.line)
        .map(|line| line.contacts.clone());
    let read = move |reader: &Reader| -> Result<Vec<Contact>, StoreError> {
        let mut found = Vec::new();
        for shown in known.into_iter().flat_map(BTreeMap::into_values) {
            found.extend(reader.by_id(&shown.contact)?.map(|named| (named, shown)));
        }
        found.sort_by_key(|(named, _)| std::cmp::Reverse(named.stored.cursor));
        let mut contacts = Vec::new();
        for (place, (named, shown)) in found.iter().enumerate() {
            if place < LISTED as usize || !shown.standing.is_over() {
                let view = view(&line, &language);
                contacts.extend(view.contact(reader, named, Some(shown), Wanted::Current)?);
            }
        }
        Ok(contacts)
    };
    Ok(context.desk.read(read).await?)
}

/// `C-7` is what follows `R-7`.
fn ring_of(name: &str) -> String {
    let name = name.trim();
    match name.chars().next() {
        // The Cyrillic letter looks the same.
        Some(letter @ ('C' | 'c' | 'С' | 'с')) if name.contains('-') => {
            format!("R{}", &name[letter.len_utf8()..])
        }
        _ => name.to_owned(),
    }
}

async fn contact_id(
    context: &Context,
    line: &Arc<LineInfo>,
    name: &str,
) -> Result<EntryId, ApiError> {
    let found = |_: &_, named: &NamedEntry| {
        let entry = &named.stored.entry;
        Ok((entry.header().kind == Kind::Ring).then(|| entry.id()))
    };
    let found = context.entry(line, &ring_of(name), found).await?;
    found.ok_or_else(|| not_a_contact(name))
}

async fn proposal_id(
    context: &Context,
    line: &Arc<LineInfo>,
    name: &str,
) -> Result<EntryId, ApiError> {
    let found = |_: &_, named: &NamedEntry| {
        let entry = &named.stored.entry;
        Ok((entry.header().kind == Kind::Proposal).then(|| entry.id()))
    };
    let found = context.entry(line, name, found).await?;
    found.ok_or_else(|| ApiError::not_found("no-such-proposal"))
}

fn not_a_contact(name: &str) -> ApiError {
    ApiError::forbidden("not-a-contact").with("entry", name)
}

/// Reads what was typed (OL-661 to OL-665). It knows nothing of any proposal.
fn typed(given: &NewTerms) -> Result<Typed, ApiError> {
    let Terms {
        places,
        from,
        until,
        next_contact,
    } = &given.terms;
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    let typed = Typed::read(Fields {
        places: &places,
        from,
        until: until.as_deref(),
        next_contact: next_contact.as_deref(),
    })?;
    let doubts = typed.doubts(wall(), None);
    match given.even_if_doubtful || doubts.is_empty() {
        true => Ok(typed),
        false => Err(ApiError::doubtful(doubts)),
    }
}

impl From<Slip> for ApiError {
    fn from(slip: Slip) -> Self {
        let (field, wrong) = match slip {
            Slip::Place { at, wrong } => (format!("place-{}", at + 1), wrong.code()),
            Slip::Time { term, wrong } => (term.word(), wrong.code()),
            Slip::Order => ("until".to_owned(), "order"),
            Slip::TooManyPlaces { .. } => ("place-9".to_owned(), "too-many"),
        };
        let error = Self::bad_request("terms").with("field", field);
        error.with("wrong", wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_named_by_its_ring_in_either_alphabet() {
        for typed in ["C-7", "c-7", "С-7", " с-7 ", "R-7"] {
            assert_eq!(ring_of(typed), "R-7", "{typed}");
        }
        let id = "c0ffee00".repeat(8);
        assert_eq!(ring_of(&id), id);
    }
}
