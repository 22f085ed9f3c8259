//! What a text and its files will take where only slow bearers reach the other side: told before they go, and refused where it can't work.

use std::path::PathBuf;

use openline_wire::compress::{Codec, Effort};

use super::context::Context;
use super::failure::{Exit, Failure};
use super::lines::line_of;
use super::render::label;
use super::time;
use crate::api::types::{Bearer, Status, Way};

/// Bits a second from which on a text takes less time than it takes to read what it takes.
const FAST: u64 = 9_600;

/// A file that takes longer holds up what comes after it for longer than anybody watches over it.
const LONGEST_MS: u64 = 24 * 3_600_000;

/// Bits on the line for a hundred bytes: start and stop bit (8N1), and a fiftieth for two clocks that differ.
const BITS_PER_HUNDRED_BYTES: u64 = 1_020;

/// What goes with the coded words of a text: header, signature, seal, framing.
const AROUND_A_TEXT: usize = 120;

/// What goes with each 1,024 bytes of a file, and the asking for it, in hundredths.
const AROUND_A_FILE: u64 = 110;

/// The fastest of the bearers that reach the other side, if all of them are slow.
#[derive(Debug, PartialEq, Eq)]
struct Air {
    address: String,
    rate: u64,
    one_way_ms: u64,
}

impl Air {
    /// Of the ways that answer; of all, while none does.
    fn of(bearers: &[Bearer], ways: &[Way]) -> Option<Self> {
        let answers = ways.iter().any(|way| way.state == "answers");
        let counts = ways.iter().filter(|way| !answers || way.state == "answers");
        let mut fastest: Option<Self> = None;
        for way in counts {
            let bearer = bearers.iter().find(|it| it.address == way.from);
            let rate = bearer.and_then(|it| it.rate).filter(|rate| *rate < FAST)?;
            if fastest.as_ref().is_none_or(|it| it.rate < rate) {
                fastest = Some(Self {
                    address: way.address.clone(),
                    rate,
                    one_way_ms: way.round_trip_ms.unwrap_or(0) / 2,
                });
            }
        }
        fastest
    }

    fn on(status: &Status, line: &str) -> Option<Self> {
        let line = line_of(status, line)?;
        Self::of(&status.station.bearers, &line.ways)
    }

    fn time_of(&self, bytes: u64) -> u64 {
        let on_the_line = bytes.saturating_mul(BITS_PER_HUNDRED_BYTES) * 10 / self.rate;
        on_the_line + self.one_way_ms
    }

    fn text_ms(&self, text: &str) -> u64 {
        let coded = Codec::new().compress(text.as_bytes(), Effort::Full).len();
        self.time_of((coded + AROUND_A_TEXT) as u64)
    }

    fn file_ms(&self, bytes: u64) -> u64 {
        self.time_of(bytes.saturating_mul(AROUND_A_FILE) / 100)
    }
}

/// Refuses files that would take longer than a day.
///
/// # Errors
/// The first that would.
pub fn refuse_files(
    context: &Context<'_>,
    status: &Status,
    line: &str,
    files: &[PathBuf],
) -> Result<(), Failure> {
    let Some(air) = Air::on(status, line) else {
        return Ok(());
    };
    for path in files {
        let takes = air.file_ms(length(path));
        if takes > LONGEST_MS {
            return Err(Failure::new(Exit::Forbidden, "error-file-slow")
                .with("path", label(&path.display().to_string()))
                .with("address", label(&air.address))
                .with("rate", air.rate.to_string())
                .with("span", time::span(takes, context.words)));
        }
    }
    Ok(())
}

/// Says what it will take, if only slow bearers reach the other side.
///
/// # Errors
/// The screen is gone.
pub fn tell(
    context: &Context<'_>,
    status: &Status,
    line: &str,
    text: &str,
    files: &[PathBuf],
) -> Result<(), Failure> {
    let Some(air) = Air::on(status, line).filter(|_| !context.json) else {
        return Ok(());
    };
    let span = |ms| time::span(ms, context.words);
    let all: u64 = files.iter().map(|path| air.file_ms(length(path))).sum();
    let blanks = [
        ("address", label(&air.address).into()),
        // As text: a rate of 2400 is not to be read as 2,400.
        ("rate", air.rate.to_string().into()),
        ("span", span(rounded(air.text_ms(text))).into()),
        ("files", span(rounded(all)).into()),
    ];
    let id = if files.is_empty() {
        "say-air"
    } else {
        "say-air-files"
    };
    context.say(id, &blanks)
}

/// To whole seconds, and never none: it is an estimate.
fn rounded(ms: u64) -> u64 {
    ms.div_ceil(1_000) * 1_000
}

/// A file that can't be looked at is refused when it is handed in.
fn length(path: &PathBuf) -> u64 {
    std::fs::metadata(path).map_or(0, |it| it.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn air(ways: &[(&str, &str, Option<u64>)]) -> Option<Air> {
        let bearers = ways.iter().map(|(address, _, rate)| Bearer {
            address: (*address).to_owned(),
            rate: *rate,
            ..Bearer::default()
        });
        let ways = ways.iter().map(|(address, state, _)| Way {
            address: (*address).to_owned(),
            from: (*address).to_owned(),
            in_use: false,
            answered_ms: None,
            heard_ms: None,
            tested_ms: None,
            round_trip_ms: Some(60_000),
            loss_permille: None,
            state: (*state).to_owned(),
            cut_since_ms: None,
        });
        Air::of(&bearers.collect::<Vec<_>>(), &ways.collect::<Vec<_>>())
    }

    fn rate(ways: &[(&str, &str, Option<u64>)]) -> Option<u64> {
        air(ways).map(|air| air.rate)
    }

    #[test]
    fn only_where_every_way_that_answers_is_slow_is_there_anything_to_tell() {
        let radio = ("serial:///dev/a?rate=75", "answers", Some(75));
        let modem = ("serial:///dev/b?rate=2400", "answers", Some(2_400));
        assert_eq!(rate(&[radio, modem]), Some(2_400));
        assert_eq!(rate(&[radio, ("udp://h:1", "answers", None)]), None);
        assert_eq!(rate(&[radio, ("udp://h:1", "cut", None)]), Some(75));
        assert_eq!(rate(&[("serial:///dev/c", "answers", Some(9_600))]), None);
        assert_eq!(rate(&[]), None);
    }

    #[test]
    fn a_text_at_75_bits_a_second_takes_half_a_minute_and_a_file_a_day() {
        let radio = ("serial:///dev/a?rate=75", "answers", Some(75));
        let air = air(&[radio]).expect("slow");
        let text = air.text_ms("Flight seven is ours and unarmed.");
        assert!((45_000..55_000).contains(&text), "{text}");
        assert!(air.file_ms(500_000) <= LONGEST_MS && air.file_ms(600_000) > LONGEST_MS);
    }
}
