//! Takes the owner's connections, and no more of them than the station can hold: a program that opens one after another,
//! or leaves its calls half sent, must not keep a person's FLASH out.
//!
//! When all places are taken, the one that has waited longest for its next call is given to the new connection; if none
//! waits, the longest call that is no stream. Streams may last for ever, so they have their own limit, below that of all.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Request};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::serve::Listener as _;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::UnixStream;
use tokio::sync::Notify;

use super::caller::{Owner, OwnersListener};
use super::limits;
use super::problem::ApiError;
use crate::station::trouble::Trouble;

/// Serves the API until it is dropped.
pub async fn serve(mut listener: OwnersListener, router: Router) {
    let all = Arc::new(Connections::default());
    loop {
        let (stream, owner) = listener.accept().await;
        let place = all.admit();
        tokio::spawn(one(stream, owner, place, router.clone()));
    }
}

/// One connection, until it is closed from either side.
async fn one(stream: UnixStream, owner: Owner, place: Arc<Place>, router: Router) {
    let router = TowerToHyperService::new(router);
    let calls = place.clone();
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        calls.becomes(Doing::Call);
        let parts = request.extensions_mut();
        parts.insert(ConnectInfo(owner.clone()));
        parts.insert(calls.clone());
        let answer = router.call(request.map(Body::new));
        let under_way = UnderWay(calls.clone());
        async move {
            let answer = answer.await?;
            Ok::<_, Infallible>(answer.map(|body| {
                Body::new(Counted {
                    body,
                    _under_way: under_way,
                })
            }))
        }
    });
    let mut server = http1::Builder::new();
    server
        .timer(TokioTimer::new())
        // The caller has the same clock, and the library has no words for one beyond the year 9999.
        .auto_date_header(false)
        .header_read_timeout(Duration::from_millis(limits::HEAD_WAIT_MS))
        .max_header_size(limits::HEAD)
        .max_buf_size(limits::HEAD + limits::BODY);
    let serving = server.serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // That a caller broke off is his affair.
        _ = serving => {}
        () = place.closed.notified() => {}
    }
}

/// Lets a call through that may last: if there is room among those.
pub async fn admit(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let lasts = path.ends_with("/events") || path.ends_with("/stream");
    let place = request.extensions().get::<Arc<Place>>();
    if let (true, Some(place)) = (lasts, place)
        && !place.becomes(Doing::Stream)
    {
        let trouble = Trouble::new("too-many-streams").with("limit", limits::STREAMS);
        return ApiError::new(StatusCode::TOO_MANY_REQUESTS, trouble).into_response();
    }
    next.run(request).await
}

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Doing {
    /// It waits for the head of a call.
    Nothing,
    /// A call is under way.
    Call,
    /// Likewise, one that may last for ever.
    Stream,
}

#[derive(Debug)]
struct Seat {
    doing: Doing,
    /// When it began that, counted in changes.
    since: u64,
    closed: Arc<Notify>,
}

/// All connections that are open.
#[derive(Debug, Default)]
struct Connections(Mutex<Seats>);

#[derive(Debug, Default)]
struct Seats {
    taken: BTreeMap<u64, Seat>,
    changes: u64,
    next: u64,
}

impl Connections {
    /// A place for a new connection, if need be that of another.
    fn admit(self: &Arc<Self>) -> Arc<Place> {
        let mut seats = self.seats();
        if seats.taken.len() >= limits::CONNECTIONS {
            let may_go = seats
                .taken
                .iter()
                .filter(|(_, it)| it.doing != Doing::Stream);
            let oldest = may_go.min_by_key(|(_, it)| (it.doing, it.since));
            // There is one: streams alone do not fill all places.
            if let Some(seat) = oldest
                .map(|(id, _)| *id)
                .and_then(|id| seats.taken.remove(&id))
            {
                seat.closed.notify_one();
            }
        }
        let (id, closed) = (seats.next, Arc::new(Notify::new()));
        seats.next += 1;
        seats.changes += 1;
        let seat = Seat {
            doing: Doing::Nothing,
            since: seats.changes,
            closed: closed.clone(),
        };
        seats.taken.insert(id, seat);
        Arc::new(Place {
            id,
            closed,
            all: self.clone(),
        })
    }

    /// Whoever panicked while holding it left a whole value.
    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of one connection; free again when it is dropped.
#[derive(Debug)]
pub struct Place {
    id: u64,
    closed: Arc<Notify>,
    all: Arc<Connections>,
}

impl Place {
    /// Says what the connection does now; `false` if there are too many that do.
    fn becomes(&self, doing: Doing) -> bool {
        let mut seats = self.all.seats();
        let streams = seats.taken.values().filter(|it| it.doing == Doing::Stream);
        if doing == Doing::Stream && streams.count() >= limits::STREAMS {
            return false;
        }
        seats.changes += 1;
        let since = seats.changes;
        if let Some(seat) = seats.taken.get_mut(&self.id) {
            (seat.doing, seat.since) = (doing, since);
        }
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.all.seats().taken.remove(&self.id);
    }
}

/// A call whose answer was not handed over yet.
struct UnderWay(Arc<Place>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.becomes(Doing::Nothing);
    }
}

/// An answer with the call that it ends.
struct Counted {
    body: Body,
    _under_way: UnderWay,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut task::Context<'_>,
    ) -> task::Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_open(place: &Place) -> bool {
        place.all.seats().taken.contains_key(&place.id)
    }

    #[test]
    fn when_all_places_are_taken_the_one_that_has_waited_longest_goes() {
        let all = Arc::new(Connections::default());
        let mut places: Vec<_> = (0..limits::CONNECTIONS).map(|_| all.admit()).collect();
        places[0].becomes(Doing::Call);
        places.push(all.admit());
        let open: Vec<_> = places.iter().take(3).map(|it| is_open(it)).collect();
        assert_eq!(open, [true, false, true]);
        assert_eq!(all.seats().taken.len(), limits::CONNECTIONS);
    }

    #[test]
    fn streams_never_take_all_places_and_are_never_cut_off() {
        let all = Arc::new(Connections::default());
        let places: Vec<_> = (0..limits::CONNECTIONS).map(|_| all.admit()).collect();
        let streams = places.iter().filter(|it| it.becomes(Doing::Stream)).count();
        assert_eq!(streams, limits::STREAMS);
        let more: Vec<_> = (0..2 * limits::CONNECTIONS).map(|_| all.admit()).collect();
        assert!(places.iter().take(limits::STREAMS).all(|it| is_open(it)));
        assert!(more.last().is_some_and(|it| is_open(it)));
        drop((places, more));
        assert!(all.seats().taken.is_empty());
    }
}
