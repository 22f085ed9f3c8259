//! Speaks with a running station over the control socket: typed calls, and streams of events.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd as _;
use std::path::{Path, PathBuf};

use futures_util::Stream;
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::{Method, Request, Response, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use tokio::net::UnixStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::api::types::{
    ACTOR_HEADER, Accepted, Entries, EntriesQuery, Entry, Evidence, Line, MessageEvent, NewMessage,
    NewReceipt, NewSilence, Problem, Status,
};
use crate::ndjson::{LineError, Lines};

mod alarms;
mod contacts;
mod courier;
mod exercises;
mod files;
mod line_tests;
mod patience;
mod rings;
mod watch;

use patience::{GRACE, Holder, QUIET};

/// The socket's name in a home.
pub const SOCKET: &str = "control.sock";

/// Longest line of a stream that we read: an entry with the largest text, every byte of it escaped.
const LONGEST_LINE: usize = 512 * 1024;

/// Texts under way to the station before [`MessageSink::send`] waits.
const TEXTS_UNDER_WAY: usize = 256;

/// Why a call brought nothing.
///
/// [`NoStation`](Self::NoStation): start the station. [`Refused`](Self::Refused): the station says what to
/// do. [`Silent`](Self::Silent): look at its process. The others mean that the station went away or is of another version.
#[derive(Debug, Error)]
pub enum ClientError {
    /// Nobody listens at the socket.
    #[error("no station listens at {}", .0.display())]
    NoStation(PathBuf),
    /// The station said no, and why.
    #[error("{}", .0.what)]
    Refused(Problem),
    /// A process holds the socket and does not answer: it is stopped, or hangs.
    #[error("the station of {} does not answer", .home.display())]
    Silent {
        /// The home.
        home: PathBuf,
        /// The process, where the system knows it.
        pid: Option<i32>,
    },
    /// The connection broke.
    #[error("the station went away: {0}")]
    Broken(String),
    /// The answer is not what we expected.
    #[error("the station's answer can't be read: {0}")]
    Answer(String),
}

/// The longest path of a socket: 108 bytes with a zero at the end (unix(7)).
const LONGEST_PATH: usize = 107;

/// The path under which a home's socket can be bound or connected to, and what must be kept open meanwhile: a
/// path that is too long goes by way of an open folder.
pub fn socket_address(home: &Path) -> io::Result<(PathBuf, Option<File>)> {
    let path = home.join(SOCKET);
    if path.as_os_str().len() <= LONGEST_PATH {
        return Ok((path, None));
    }
    let folder = File::open(home)?;
    let short = format!("/proc/self/fd/{}/{SOCKET}", folder.as_raw_fd());
    Ok((short.into(), Some(folder)))
}

type Body = BoxBody<Bytes, std::convert::Infallible>;

/// A way to a station. Every call makes a connection of its own.
#[derive(Clone, Debug)]
pub struct Client {
    home: PathBuf,
    actor: Option<String>,
    language: Option<String>,
}

impl Client {
    /// To the station of a home.
    pub fn new(home: &Path) -> Self {
        Self {
            home: home.to_owned(),
            actor: None,
            language: None,
        }
    }

    /// Acts in somebody's name from now on.
    pub fn as_actor(mut self, name: impl Into<String>) -> Self {
        self.actor = Some(name.into());
        self
    }

    /// Asks for names and errors in this language (BCP 47).
    pub fn in_language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }

    /// The station and its lines.
    pub async fn status(&self) -> Result<Status, ClientError> {
        self.get("/v1/status").await
    }

    /// The status now, and again whenever it changes.
    pub async fn watch_status(&self) -> Result<Events<Status>, ClientError> {
        self.events("/v1/status/events").await
    }

    /// The lines.
    pub async fn lines(&self) -> Result<Vec<Line>, ClientError> {
        self.get("/v1/lines").await
    }

    /// Sends one text. `line` is an id, the other party's name, or `-` for the only line there is; likewise
    /// below.
    pub async fn say(&self, line: &str, message: &NewMessage) -> Result<Accepted, ClientError> {
        self.post(&path(line, "messages"), message).await
    }

    /// Sends many texts, and hears what happens to each.
    pub async fn say_many(
        &self,
        line: &str,
    ) -> Result<(MessageSink, Events<MessageEvent>), ClientError> {
        let (sink, texts) = mpsc::channel::<Bytes>(TEXTS_UNDER_WAY);
        let frames = futures_util::stream::unfold(texts, |mut texts| async move {
            let bytes = texts.recv().await?;
            Some((Ok(Frame::data(bytes)), texts))
        });
        let body = BodyExt::boxed(StreamBody::new(frames));
        let request = self
            .request(Method::POST, &path(line, "messages/stream"))
            .header(header::CONTENT_TYPE, "application/x-ndjson");
        let answer = self.send(request, body).await?;
        Ok((MessageSink(sink), Events::new(answer, Framing::Ndjson)))
    }

    /// Entries in the order in which the station stored them.
    pub async fn entries(&self, line: &str, query: &EntriesQuery) -> Result<Entries, ClientError> {
        let pairs = [
            query.since.map(|n| format!("since={n}")),
            query.after.map(|n| format!("after={n}")),
            query.limit.map(|n| format!("limit={n}")),
            query.not_shown.map(|wanted| format!("not_shown={wanted}")),
        ];
        let query: Vec<String> = pairs.into_iter().flatten().collect();
        self.get(&format!("{}?{}", path(line, "entries"), query.join("&")))
            .await
    }

    /// Entries as they come: those after the cursor first, or only new ones.
    pub async fn follow(
        &self,
        line: &str,
        from: Option<u64>,
    ) -> Result<Events<Entry>, ClientError> {
        let query = from.map(|n| format!("?from={n}")).unwrap_or_default();
        self.events(&format!("{}{query}", path(line, "entries/events")))
            .await
    }

    /// Likewise, after a cursor; and our messages once more, with their stages, when they reach the other side's
    /// disk.
    pub async fn follow_closely(
        &self,
        line: &str,
        from: Option<u64>,
    ) -> Result<Events<Entry>, ClientError> {
        let from = from.map(|n| format!("from={n}&")).unwrap_or_default();
        let query = format!("?{from}stored=true");
        self.events(&format!("{}{query}", path(line, "entries/events")))
            .await
    }

    /// One entry, by id or short name.
    pub async fn entry(&self, line: &str, name: &str) -> Result<Entry, ClientError> {
        // An empty name would be another path; a blank is a name that no entry has.
        let name = if name.is_empty() { " " } else { name };
        self.get(&path(line, &format!("entries/{}", percent(name))))
            .await
    }

    /// Says in an operator's name that messages were shown to him, or that he has read them.
    pub async fn receipt(&self, line: &str, receipt: &NewReceipt) -> Result<Accepted, ClientError> {
        self.post(&path(line, "receipts"), receipt).await
    }

    /// Announces a silence.
    pub async fn silence(&self, line: &str, silence: &NewSilence) -> Result<Accepted, ClientError> {
        self.post(&path(line, "silence"), silence).await
    }

    /// Makes the station ask the other one for new keys.
    pub async fn renew_keys(&self, line: &str) -> Result<Accepted, ClientError> {
        self.post(&path(line, "keys"), &()).await
    }

    /// Makes the station take up lines that were opened since it started.
    pub async fn reload(&self) -> Result<Status, ClientError> {
        self.post("/v1/lines/reload", &()).await
    }

    /// Proof of misbehaviour that the station keeps.
    pub async fn evidence(&self) -> Result<Vec<Evidence>, ClientError> {
        self.get("/v1/evidence").await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        let request = self.request(Method::GET, path);
        self.read_json(self.send(request, empty()).await?).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        let bytes = serde_json::to_vec(body).map_err(|e| ClientError::Answer(e.to_string()))?;
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/json");
        let body = BodyExt::boxed(Full::from(bytes));
        self.read_json(self.send(request, body).await?).await
    }

    async fn events<T: DeserializeOwned>(&self, path: &str) -> Result<Events<T>, ClientError> {
        let request = self
            .request(Method::GET, path)
            .header(header::ACCEPT, "text/event-stream");
        Ok(Events::new(
            self.send(request, empty()).await?,
            Framing::Sse,
        ))
    }

    fn request(&self, method: Method, path: &str) -> hyper::http::request::Builder {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "openline");
        if let Some(actor) = &self.actor {
            request = request.header(ACTOR_HEADER, percent(actor));
        }
        if let Some(language) = &self.language {
            request = request.header(header::ACCEPT_LANGUAGE, language);
        }
        request
    }

    async fn connect(&self) -> Result<(UnixStream, Holder), ClientError> {
        let stream = match socket_address(&self.home) {
            Ok((path, _folder)) => UnixStream::connect(path).await,
            Err(error) => Err(error),
        };
        let stream = stream.map_err(|error| match error.kind() {
            // Its queue is full: nobody takes connections out of it.
            io::ErrorKind::WouldBlock => Holder::unknown(&self.home).silent(),
            _ => ClientError::NoStation(self.home.join(SOCKET)),
        })?;
        let holder = Holder::of(&self.home, &stream);
        Ok((stream, holder))
    }

    async fn send(
        &self,
        request: hyper::http::request::Builder,
        body: Body,
    ) -> Result<(Response<Incoming>, Holder), ClientError> {
        let request = request
            .body(body)
            .map_err(|e| ClientError::Answer(e.to_string()))?;
        let (stream, holder) = self.connect().await?;
        let response = self.patiently(&holder, exchange(stream, request)).await??;
        if response.status() == StatusCode::OK {
            return Ok((response, holder));
        }
        Err(match self.read_json::<Problem>((response, holder)).await {
            Ok(problem) => ClientError::Refused(problem),
            Err(error) => error,
        })
    }

    async fn read_json<T: DeserializeOwned>(
        &self,
        (response, holder): (Response<Incoming>, Holder),
    ) -> Result<T, ClientError> {
        let body = response.into_body().collect();
        let body = self.patiently(&holder, body).await?;
        let bytes = body.map_err(broken)?.to_bytes();
        serde_json::from_slice(&bytes).map_err(|e| ClientError::Answer(e.to_string()))
    }
}

/// Takes texts for [`Client::say_many`]. Dropping it says that there are no more.
#[derive(Clone, Debug)]
pub struct MessageSink(mpsc::Sender<Bytes>);

impl MessageSink {
    /// Hands a text to the station; waits while too many are under way.
    pub async fn send(&self, message: &NewMessage) -> Result<(), ClientError> {
        let mut line =
            serde_json::to_vec(message).map_err(|e| ClientError::Answer(e.to_string()))?;
        line.push(b'\n');
        self.hand_over(line).await
    }

    /// Hands over a line that is no call, for the station to refuse it in its place: without an end of a line inside it.
    pub async fn send_as_it_is(&self, mut line: Vec<u8>) -> Result<(), ClientError> {
        line.push(b'\n');
        self.hand_over(line).await
    }

    async fn hand_over(&self, line: Vec<u8>) -> Result<(), ClientError> {
        let gone = |_| ClientError::Broken("it takes no more texts".to_owned());
        self.0.send(line.into()).await.map_err(gone)
    }
}

enum Framing {
    Sse,
    Ndjson,
}

/// Events of one kind, as they happen.
pub struct Events<T> {
    lines: Lines<Incoming>,
    framing: Framing,
    holder: Holder,
    /// Whether the event that is being read says what is wrong.
    is_problem: bool,
    is_of: std::marker::PhantomData<T>,
}

impl<T: DeserializeOwned> Events<T> {
    fn new((response, holder): (Response<Incoming>, Holder), framing: Framing) -> Self {
        Self {
            lines: Lines::new(response.into_body(), LONGEST_LINE),
            framing,
            holder,
            is_problem: false,
            is_of: std::marker::PhantomData,
        }
    }

    /// The next event; none when the station has no more to say. A problem that the station tells is an error, and so
    /// is silence: a station that lives says so every few seconds. May be dropped while it waits: nothing is lost.
    pub async fn next(&mut self) -> Option<Result<T, ClientError>> {
        loop {
            // What came while nobody asked lies in the connection still: there must be time to look at it.
            let late = (self.lines.heard() + QUIET).max(Instant::now() + GRACE);
            let Ok(line) = timeout_at(late, self.lines.next()).await else {
                match self.lines.heard() + QUIET > Instant::now() {
                    true => continue,
                    false => return Some(Err(self.holder.silent())),
                }
            };
            let line = match line? {
                Ok(line) => line,
                Err(LineError::TooLong) => {
                    return Some(Err(ClientError::Answer("an endless line".to_owned())));
                }
                Err(LineError::Broken(error)) => return Some(Err(broken(error))),
            };
            if let Some(name) = self.framing.name(&line) {
                self.is_problem = name == b"problem";
            }
            if let Some(json) = self.framing.payload(&line) {
                if std::mem::take(&mut self.is_problem) {
                    let problem = serde_json::from_slice(json);
                    let problem = problem.map_err(|e| ClientError::Answer(e.to_string()));
                    return Some(Err(problem.map_or_else(|e| e, ClientError::Refused)));
                }
                let event = serde_json::from_slice(json);
                return Some(event.map_err(|e| ClientError::Answer(e.to_string())));
            }
        }
    }

    /// The events as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Result<T, ClientError>> {
        futures_util::stream::unfold(self, |mut events| async move {
            let event = events.next().await?;
            Some((event, events))
        })
    }
}

impl Framing {
    /// What kind of event begins here: stands before its data.
    fn name<'a>(&self, line: &'a [u8]) -> Option<&'a [u8]> {
        match self {
            Self::Sse => line.strip_prefix(b"event:").map(<[u8]>::trim_ascii_start),
            Self::Ndjson => None,
        }
    }

    /// The JSON in a line, if it has any. Our server-sent events have one data line each; comments keep the
    /// connection alive.
    fn payload<'a>(&self, line: &'a [u8]) -> Option<&'a [u8]> {
        match self {
            Self::Sse => line.strip_prefix(b"data:").map(<[u8]>::trim_ascii_start),
            Self::Ndjson => Some(line),
        }
    }
}

/// One call on a connection of its own.
async fn exchange(
    stream: UnixStream,
    request: Request<Body>,
) -> Result<Response<Incoming>, ClientError> {
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.map_err(broken)?;
    tokio::spawn(connection);
    sender.send_request(request).await.map_err(broken)
}

fn empty() -> Body {
    BodyExt::boxed(Full::default())
}

fn broken(error: hyper::Error) -> ClientError {
    ClientError::Broken(error.to_string())
}

fn path(line: &str, rest: &str) -> String {
    format!("/v1/lines/{}/{rest}", percent(line))
}

/// Percent-encodes everything but the unreserved characters of RFC 3986 section 2.3.
fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_cyrillic_fits_into_a_header() {
        assert_eq!(percent("Лт 1"), "%D0%9B%D1%82%201");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_home_without_a_station_is_told_apart() {
        let error = Client::new(Path::new("/nonexistent")).status().await;
        assert!(matches!(error, Err(ClientError::NoStation(_))), "{error:?}");
    }
}
