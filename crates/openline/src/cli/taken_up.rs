//! What becomes of a line that was just completed in a home: a station that runs takes it up at once.

use openline_wire::ids::LineId;

use super::context::Context;
use super::failure::Failure;
use super::listen;
use crate::client::ClientError;

/// What the home's station made of a line.
pub enum TakenUp {
    /// It works on it.
    Yes,
    /// It runs, but does not work on it, and why.
    No(String),
    /// None runs: its next start takes the line up.
    NoStation,
}

impl TakenUp {
    /// Asks the station to take up what is new in the home. That it can't undoes nothing: the line is on the disk.
    pub async fn ask(context: &Context<'_>, line: LineId) -> Self {
        let status = match context.client().reload().await {
            Err(ClientError::NoStation(_)) => return Self::NoStation,
            Err(error) => return Self::No(why(context, &error.into())),
            Ok(status) => status,
        };
        let id = line.to_string();
        match status.lines.into_iter().find(|it| it.line == id) {
            Some(it) => it.trouble.map_or(Self::Yes, |it| Self::No(it.what)),
            None => Self::No(String::new()),
        }
    }

    /// A stable word for programs.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Yes => "taken-up",
            Self::No(_) => "not-taken-up",
            Self::NoStation => "not-running",
        }
    }

    /// Says it, and what to do next.
    pub fn tell(&self, context: &Context<'_>) -> Result<(), Failure> {
        let (id, why) = match self {
            Self::Yes => ("line-taken-up", ""),
            Self::No(why) => ("line-not-taken-up", why.as_str()),
            Self::NoStation => ("line-start-station", ""),
        };
        let blanks = [
            ("openline", context.program().into()),
            ("listen", listen::address(&context.home).into()),
            ("why", why.to_owned().into()),
        ];
        context.say(id, &blanks)
    }
}

fn why(context: &Context<'_>, failure: &Failure) -> String {
    let problem = failure.problem(context.words);
    problem.map(|problem| problem.what).unwrap_or_default()
}
