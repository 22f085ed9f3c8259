//! The record of a home that no station answers for, read from its files: at the worst hour the station may be what
//! is broken, and what was said must be legible all the same. Says on standard error that it did so.

use std::io::Write as _;

use openline_store::Reader;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::held::{self, Held};
use crate::api::types::{Entries, EntriesQuery, Entry, NotShown as NotShownJson};
use crate::api::{NotShown, disk};
use crate::client::ClientError;
use crate::home::Home;
use crate::station::peers::LineInfo;

/// Where entries come from: the station, or the disk if there is none.
pub enum Source<'a> {
    /// The station.
    Station(&'a Context<'a>),
    /// The files.
    Disk(Box<Disk<'a>>),
}

/// A line's record without a station.
pub struct Disk<'a> {
    context: &'a Context<'a>,
    info: LineInfo,
    reader: Reader,
    known: NotShown,
}

impl<'a> Source<'a> {
    /// Asks the station; if none answers, opens the record and says so.
    pub async fn find(context: &'a Context<'a>, wanted: Option<&str>) -> Result<Self, Failure> {
        let unanswered = match context.client().status().await {
            Err(error @ ClientError::NoStation(_)) => error,
            Err(error @ ClientError::Silent { .. }) => return Err(error.into()),
            _ => return Ok(Self::Station(context)),
        };
        // Without a home, or with one that is not ours, it ends as for every other command: no station.
        let home = Home::open(&context.home).map_err(|_| Failure::from(unanswered))?;
        let Held { setup, reader, .. } = held::line(context, &home, wanted)?;
        tell(context)?;
        Ok(Self::Disk(Box::new(Disk {
            context,
            info: disk::info(&setup),
            reader,
            known: NotShown::default(),
        })))
    }

    /// A page of entries.
    pub async fn entries(&self, line: &str, query: &EntriesQuery) -> Result<Entries, Failure> {
        match self {
            Self::Station(context) => Ok(context.client().entries(line, query).await?),
            Self::Disk(disk) => {
                let (view, reader) = (disk.view(), &disk.reader);
                Ok(disk::entries(&view, reader, &disk.known, query)?)
            }
        }
    }

    /// One entry.
    pub async fn entry(&self, line: &str, name: &str) -> Result<Entry, Failure> {
        let disk = match self {
            Self::Station(context) => return Ok(context.client().entry(line, name).await?),
            Self::Disk(disk) => disk,
        };
        let found = disk::entry(&disk.view(), &disk.reader, name)?;
        found.ok_or_else(|| Failure::new(Exit::Failed, "error-no-such-entry").naming("entry", name))
    }

    /// What was shown to nobody, of the lines that are meant.
    pub async fn not_shown(&self, wanted: Option<&str>) -> Result<Vec<NotShownJson>, Failure> {
        match self {
            Self::Station(context) => {
                let mut lines = context.client().status().await?.lines;
                lines.retain(|line| wanted.is_none_or(|it| it == line.name || it == line.line));
                let waiting = lines.into_iter().filter_map(|line| line.not_shown);
                Ok(waiting.collect())
            }
            Self::Disk(disk) => {
                let summary = |known: &crate::api::OfLine| known.summary();
                Ok(vec![disk.known.look(&disk.reader, &disk.info, summary)?])
            }
        }
    }
}

impl Disk<'_> {
    fn view(&self) -> disk::View<'_> {
        disk::View {
            info: &self.info,
            language: self.context.words.language().tag(),
            recent: None,
        }
    }
}

#[derive(serde::Serialize)]
struct Notice {
    notice: &'static str,
    what: String,
}

/// On standard error: what is on standard output is the record.
fn tell(context: &Context<'_>) -> Result<(), Failure> {
    let what = context.words.text("read-from-disk");
    let text = match context.json {
        true => {
            let notice = "read-from-disk";
            serde_json::to_string(&Notice { notice, what }).unwrap_or_default()
        }
        false => what,
    };
    // Nobody may be reading.
    let _ = writeln!(std::io::stderr(), "{text}");
    Ok(())
}
