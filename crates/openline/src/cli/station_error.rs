//! What a failed call to the station means for the one who typed the command.

use std::path::Path;

use super::failure::{Exit, Failure};
use super::listen;
use crate::client::ClientError;
use crate::home::Home;

/// The charter's and the protocol's refusals, by the station's stable words.
const FORBIDDEN: &[&str] = &["charter", "text", "suspended"];

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::NoStation(socket) => {
                let home = socket.parent().unwrap_or(&socket);
                // Where there is no home, or none of ours, it does not help to start a station.
                if let Err(error) = Home::open(home) {
                    return Self::coded(Exit::NoStation, error.code(), error.blanks());
                }
                Self::new(Exit::NoStation, "error-no-station")
                    .with("home", home.display().to_string())
                    .with("listen", listen::address(home))
            }
            ClientError::Refused(problem) => Self::stations(exit_for(&problem.error), problem),
            ClientError::Silent { home, pid } => silent(&home, pid, "none"),
            // How the connection broke helps nobody: the station is gone.
            ClientError::Broken(_) => went_away(),
            ClientError::Answer(why) => {
                Self::new(Exit::Failed, "error-station-of-another-version").because(why)
            }
        }
    }
}

/// A process holds the home and does not answer. `text` says what is known of one that was handed over: `unknown` whether
/// it was taken, `taken`, or `none` was.
pub fn silent(home: &Path, pid: Option<i32>, text: &'static str) -> Failure {
    Failure::new(Exit::NoStation, "error-station-silent")
        .with("home", home.display().to_string())
        .with("process", process(pid))
        .with("text", text)
}

/// A process for a sentence: `none` if the system does not name it.
pub fn process(pid: Option<i32>) -> String {
    pid.map_or_else(|| "none".to_owned(), |pid| pid.to_string())
}

/// A stream of events ended, which only a station that stops does.
pub fn went_away() -> Failure {
    Failure::new(Exit::NoStation, "error-station-went-away").with("why", "")
}

/// The exit code for a station's refusal.
pub fn exit_for(error: &str) -> Exit {
    match error {
        // Nothing was handed in: as if none answered yet.
        "starting" => Exit::NoStation,
        _ if FORBIDDEN.contains(&error) => Exit::Forbidden,
        _ => Exit::Failed,
    }
}
