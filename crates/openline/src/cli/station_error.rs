//! What a failed call to the station means for the one who typed the command.

use super::failure::{Exit, Failure};
use crate::client::ClientError;

/// The charter's and the protocol's refusals, by the station's stable words.
const FORBIDDEN: &[&str] = &["charter", "text"];

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::NoStation(socket) => {
                let home = socket.parent().unwrap_or(&socket).display().to_string();
                Self::new(Exit::NoStation, "error-no-station").with("home", home)
            }
            ClientError::Refused(problem) => Self::stations(exit_for(&problem.error), problem),
            ClientError::Broken(why) => {
                Self::new(Exit::NoStation, "error-station-went-away").because(why)
            }
            ClientError::Answer(why) => {
                Self::new(Exit::Failed, "error-station-of-another-version").because(why)
            }
        }
    }
}

/// A stream of events ended, which only a station that stops does.
pub fn went_away() -> Failure {
    Failure::new(Exit::NoStation, "error-station-went-away").with("why", "")
}

/// The exit code for a station's refusal.
pub fn exit_for(error: &str) -> Exit {
    match FORBIDDEN.contains(&error) {
        true => Exit::Forbidden,
        false => Exit::Failed,
    }
}
