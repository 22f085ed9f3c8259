//! How long a station is waited for. One that is stopped, or hangs, still holds its socket: the system takes calls in its
//! name, and nobody would ever answer them.

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use hyper::{Method, Response, body::Incoming};
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::{Client, ClientError, empty, exchange};
use crate::api::limits::{KEEP_ALIVE_MS, START_WAIT_MS};

/// An answer is waited for as long as a station that starts may take.
const FIRST: Duration = Duration::from_millis(START_WAIT_MS);

/// Then whether it lives is asked: one that does answers that at once.
const THEN: Duration = Duration::from_secs(2);

/// How often that is asked of one that lives and has not answered: half a minute is more than any call takes.
const ROUNDS: usize = 10;

/// A stream in which nothing comes for so long has nobody at its other end: three signs of life are missing.
pub const QUIET: Duration = Duration::from_millis(3 * KEEP_ALIVE_MS + 1_000);

/// What is on its way within this computer is here by then.
pub const GRACE: Duration = Duration::from_secs(1);

/// What the station answers at once, also while it starts.
const ANSWERED_AT_ONCE: &str = "/v1/openapi.json";

/// The process that holds the socket of a home.
#[derive(Clone, Debug)]
pub struct Holder {
    home: PathBuf,
    pid: Option<i32>,
}

impl Holder {
    pub fn unknown(home: &Path) -> Self {
        Self {
            home: home.to_owned(),
            pid: None,
        }
    }

    /// The system remembers who listens (unix(7), SO_PEERCRED).
    pub fn of(home: &Path, stream: &UnixStream) -> Self {
        let pid = stream.peer_cred().ok().and_then(|whose| whose.pid());
        Self {
            home: home.to_owned(),
            // Of a process that this one can't see, it says 0.
            pid: pid.filter(|pid| *pid > 0),
        }
    }

    /// That it does not answer.
    pub fn silent(&self) -> ClientError {
        ClientError::Silent {
            home: self.home.clone(),
            pid: self.pid,
        }
    }
}

impl Client {
    /// Waits for an answer as long as the station lives, half a minute at most.
    pub(super) async fn patiently<T>(
        &self,
        holder: &Holder,
        answer: impl Future<Output = T>,
    ) -> Result<T, ClientError> {
        let mut answer = pin!(answer);
        for _ in 0..ROUNDS {
            if let Ok(answer) = timeout(FIRST, &mut answer).await {
                return Ok(answer);
            }
            tokio::select! {
                answer = &mut answer => return Ok(answer),
                alive = timeout(THEN, self.is_alive()) => match alive {
                    Ok(Ok(_)) => {}
                    Ok(Err(_)) | Err(_) => return Err(holder.silent()),
                },
            }
        }
        Err(holder.silent())
    }

    async fn is_alive(&self) -> Result<Response<Incoming>, ClientError> {
        let request = self.request(Method::GET, ANSWERED_AT_ONCE).body(empty());
        let request = request.map_err(|e| ClientError::Answer(e.to_string()))?;
        let (stream, _) = self.connect().await?;
        exchange(stream, request).await
    }
}
