//! Which call goes where.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use openline_wire::ids::PartyId;

use super::context::{Context, Shared};
use super::problem::ApiError;
use super::{
    act, addresses, alarms, caller, connections, contacts, conversation, courier, entries,
    exercises, files, follow, limits, line_tests, messages, rings, rosters, starting, status,
    watch,
};
use crate::station::trouble::Trouble;

/// The document for machines.
const OPENAPI: &str = include_str!("../../api/openapi.json");

/// Every path with its methods, in the order of the documentation.
fn routes() -> Vec<(&'static str, MethodRouter<Shared>)> {
    let mut routes = of_lines();
    routes.extend(of_contacts());
    routes.extend(of_tests());
    routes.extend(of_alarms());
    routes
}

fn of_lines() -> Vec<(&'static str, MethodRouter<Shared>)> {
    vec![
        ("/v1/status", get(status::status)),
        ("/v1/status/events", get(status::events)),
        ("/v1/lines", get(status::lines)),
        ("/v1/lines/reload", post(act::reload)),
        ("/v1/lines/{line}/messages", post(messages::say)),
        (
            "/v1/lines/{line}/messages/stream",
            post(conversation::stream),
        ),
        ("/v1/lines/{line}/entries", get(entries::list)),
        ("/v1/lines/{line}/entries/events", get(follow::follow)),
        ("/v1/lines/{line}/entries/{entry}", get(entries::one)),
        ("/v1/lines/{line}/files", get(files::list).post(files::keep)),
        (
            "/v1/lines/{line}/files/{entry}/{number}",
            get(files::take).delete(files::remove),
        ),
        ("/v1/lines/{line}/receipts", post(act::receipt)),
        (
            "/v1/lines/{line}/rings",
            get(rings::list).post(rings::start),
        ),
        ("/v1/lines/{line}/rings/{ring}", get(rings::one)),
        ("/v1/lines/{line}/rings/{ring}/answer", post(rings::answer)),
        (
            "/v1/lines/{line}/rings/{ring}/withdraw",
            post(rings::withdraw),
        ),
        ("/v1/lines/{line}/watch", post(watch::ask)),
        (
            "/v1/lines/{line}/roster",
            get(rosters::show).post(rosters::plan),
        ),
        ("/v1/lines/{line}/suspension", post(watch::suspend)),
        ("/v1/lines/{line}/exercise", post(exercises::ask)),
        ("/v1/lines/{line}/addresses", post(addresses::announce)),
        ("/v1/lines/{line}/silence", post(act::silence)),
        ("/v1/lines/{line}/keys", post(act::renew)),
        ("/v1/lines/{line}/bundle", post(courier::export)),
        ("/v1/bundles", post(courier::import)),
        ("/v1/courier", get(courier::status)),
        ("/v1/evidence", get(entries::evidence)),
        ("/v1/openapi.json", get(openapi)),
    ]
}

fn of_contacts() -> Vec<(&'static str, MethodRouter<Shared>)> {
    vec![
        ("/v1/lines/{line}/contacts", get(contacts::list)),
        ("/v1/lines/{line}/contacts/{contact}", get(contacts::one)),
        (
            "/v1/lines/{line}/contacts/{contact}/verify",
            post(contacts::verify),
        ),
        (
            "/v1/lines/{line}/contacts/{contact}/proposals",
            post(contacts::propose),
        ),
        (
            "/v1/lines/{line}/contacts/{contact}/proposals/{proposal}/read-back",
            post(contacts::read_back),
        ),
        (
            "/v1/lines/{line}/contacts/{contact}/proposals/{proposal}/confirm",
            post(contacts::confirm),
        ),
        (
            "/v1/lines/{line}/contacts/{contact}/proposals/{proposal}/withdraw",
            post(contacts::withdraw),
        ),
        (
            "/v1/lines/{line}/contacts/{contact}/close",
            post(contacts::close),
        ),
    ]
}

fn of_tests() -> Vec<(&'static str, MethodRouter<Shared>)> {
    vec![
        (
            "/v1/lines/{line}/tests",
            get(line_tests::list).post(line_tests::start),
        ),
        (
            "/v1/lines/{line}/tests/{entry}/read",
            post(line_tests::read),
        ),
    ]
}

fn of_alarms() -> Vec<(&'static str, MethodRouter<Shared>)> {
    vec![
        ("/v1/lines/{line}/alarms", get(alarms::list)),
        (
            "/v1/lines/{line}/alarms/{cause}/{party}/acknowledge",
            post(alarms::acknowledge),
        ),
        (
            "/v1/lines/{line}/alarms/{cause}/{party}/shelve",
            post(alarms::shelve),
        ),
        (
            "/v1/lines/{line}/alarms/{cause}/{party}/unshelve",
            post(alarms::unshelve),
        ),
    ]
}

/// The paths that are served: a test compares them with the document.
pub fn paths() -> Vec<&'static str> {
    routes().into_iter().map(|(path, _)| path).collect()
}

/// The API of a station.
pub fn router(context: Context) -> Router {
    let context = Arc::new(context);
    let mut router = Router::new();
    for (path, methods) in routes() {
        router = router.route(path, methods.fallback(wrong_method));
    }
    router
        .fallback(no_such_path)
        .layer(DefaultBodyLimit::max(limits::BODY))
        .layer(middleware::from_fn_with_state(
            context.clone(),
            starting::wait,
        ))
        .layer(middleware::from_fn(connections::admit))
        .layer(middleware::from_fn_with_state(
            context.clone(),
            in_callers_language,
        ))
        .with_state(context)
}

async fn openapi() -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, OPENAPI).into_response()
}

async fn no_such_path() -> ApiError {
    ApiError::not_found("no-such-path")
}

async fn wrong_method() -> ApiError {
    let trouble = Trouble::new("wrong-method");
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, trouble)
}

/// What a party of any line is called.
fn name_of(context: &Context, party: PartyId, language: &str) -> Option<String> {
    let lines = context.desk.board.lines().into_iter();
    let mut lines = lines.filter(|line| [line.ours, line.theirs].contains(&party));
    lines
        .next()
        .map(|line| line.name(party, language).to_owned())
}

/// Puts an error into words. Rejections of the framework itself, such as a query that is no number, become
/// errors of ours.
async fn in_callers_language(
    State(context): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    let language = caller::language(request.headers());
    let mut response = next.run(request).await;
    let ours = response.extensions_mut().remove::<ApiError>();
    match ours {
        Some(error) => {
            let named = error.naming(|party| name_of(&context, party, &language));
            named.answer(&context.words, &language)
        }
        None if response.status().is_success() => response,
        None => {
            let trouble = Trouble::new("not-understood").with("place", "none");
            ApiError::new(response.status(), trouble).answer(&context.words, &language)
        }
    }
}
