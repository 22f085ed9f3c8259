//! A boot that has not taken its lines up yet: calls wait a little for it, since what a caller names is there and only
//! not known yet.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::context::Shared;
use super::limits::START_WAIT_MS;
use super::problem::ApiError;
use crate::station::trouble::Trouble;

/// What can be answered while the station starts, and how.
const ANSWERED_MEANWHILE: &[(&str, Meanwhile)] = &[
    ("/v1/openapi.json", Meanwhile::AtOnce),
    ("/v1/status/events", Meanwhile::AtOnce),
    ("/v1/status", Meanwhile::AsItIs),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Meanwhile {
    /// Does not depend on it, or tells it when it changes.
    AtOnce,
    /// Says that the station starts.
    AsItIs,
}

/// Lets a call through once the station is up, or once it is known that nothing can be written.
pub async fn wait(State(context): State<Shared>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let special = ANSWERED_MEANWHILE.iter().find(|(known, _)| *known == path);
    let meanwhile = special.map(|(_, meanwhile)| *meanwhile);
    if meanwhile == Some(Meanwhile::AtOnce) {
        return next.run(request).await;
    }
    let patience = Duration::from_millis(START_WAIT_MS);
    let up = tokio::time::timeout(patience, context.desk.board.until_up()).await;
    match up.is_ok() || meanwhile.is_some() {
        true => next.run(request).await,
        false => {
            let trouble = Trouble::new("starting");
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, trouble).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use openline_wire::ids::{NodeId, PartyId};
    use openline_wire::language::{Language, LocalNames};
    use tempfile::TempDir;
    use tokio::net::UnixListener;

    use super::*;
    use crate::api::context::{Context, OwnParty};
    use crate::api::router::router;
    use crate::api::types::EntriesQuery;
    use crate::client::{Client, ClientError, SOCKET};
    use crate::station::Sockets;
    use crate::station::board::Board;
    use crate::station::courier_log::CourierLog;
    use crate::station::desk::Desk;
    use crate::station::inbox::Inbox;

    fn starting() -> Context {
        let sockets = Arc::new(Sockets::default());
        let (board, inbox) = (
            Arc::new(Board::new()),
            Arc::new(Inbox::new().expect("a descriptor")),
        );
        let (shelf, courier) = (Arc::default(), CourierLog::of(Path::new("/nonexistent")));
        let desk = Arc::new(Desk::new(board, sockets, inbox, shelf, courier));
        let english = Language::new("en").expect("a tag");
        let names = LocalNames::new(vec![(english, "Moscow".to_owned())]).expect("a name");
        let own = OwnParty {
            party: PartyId([1; 32]),
            names,
            node: NodeId([2; 32]),
        };
        Context::new(desk, own)
    }

    /// Serves the API of a station in a folder.
    fn serve(context: Context) -> (TempDir, Client) {
        let folder = tempfile::tempdir().expect("a folder");
        let socket = UnixListener::bind(folder.path().join(SOCKET)).expect("a socket");
        tokio::spawn(axum::serve(socket, router(context)).into_future());
        let client = Client::new(folder.path());
        (folder, client)
    }

    async fn refused(client: &Client) -> String {
        match client.entries("-", &EntriesQuery::default()).await {
            Err(ClientError::Refused(problem)) => problem.error,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_station_that_does_not_come_up_says_that_it_starts() {
        let (_folder, client) = serve(starting());
        assert_eq!(refused(&client).await, "starting");
        let status = client.status().await.expect("a status");
        assert_eq!(status.station.state, "starting");
    }

    #[tokio::test]
    async fn a_call_that_comes_too_early_waits_until_the_lines_are_there() {
        let context = starting();
        let board = context.desk.board.clone();
        let (_folder, client) = serve(context);
        let call = tokio::spawn(async move { refused(&client).await });
        tokio::time::sleep(Duration::from_millis(START_WAIT_MS / 10)).await;
        assert!(
            !call.is_finished(),
            "it was answered before the lines were there"
        );
        board.update(|state| state.is_up = true);
        assert_eq!(call.await.expect("an answer"), "no-line");
    }
}
