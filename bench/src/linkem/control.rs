//! Commands to a running emulator over its Unix socket: one line there, one line back.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Serialize;

use super::direction::{Counters, Direction};
use super::shape::Shape;

/// A client that says nothing is not waited for longer than this: packets wait meanwhile.
const PATIENCE: Duration = Duration::from_millis(200);
const LONGEST_COMMAND: usize = 1024;

/// Both directions of a link.
pub struct Link {
    /// `ab` and `ba`.
    pub directions: [Direction; 2],
    started: Instant,
}

/// What the emulator does after a command.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Goes on.
    Run,
    /// Ends.
    Quit,
}

impl Link {
    /// A link that hinders nothing; its random numbers come from the seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let now = Instant::now();
        let other_seed = seed ^ 0xA5A5_5A5A_0F0F_F0F0;
        Self {
            directions: [Direction::new(seed, now), Direction::new(other_seed, now)],
            started: now,
        }
    }

    /// Takes a setting with or without a direction before it: `loss=0.1`, `ab:loss=0.1`.
    ///
    /// # Errors
    /// As [`Shape::set`].
    pub fn set(&mut self, setting: &str) -> Result<()> {
        let (which, setting) = match setting.split_once(':') {
            Some((word, setting)) => (
                directions(word).with_context(|| format!("unknown: {word}:"))?,
                setting,
            ),
            None => (BOTH, setting),
        };
        which
            .iter()
            .try_for_each(|&i| self.directions[i].shape.set(setting))
    }

    /// Answers one client.
    ///
    /// # Errors
    /// The client went away.
    pub fn serve(&mut self, listener: &UnixListener) -> Result<Next> {
        let (mut client, _) = listener.accept()?;
        client.set_read_timeout(Some(PATIENCE))?;
        let mut line = [0; LONGEST_COMMAND];
        let length = client.read(&mut line)?;
        let line = String::from_utf8_lossy(&line[..length]);
        let answer = self
            .obey(&line)
            .unwrap_or_else(|complaint| format!("error: {complaint}"));
        client.write_all(answer.as_bytes())?;
        Ok(if line.trim() == "quit" {
            Next::Quit
        } else {
            Next::Run
        })
    }

    fn obey(&mut self, line: &str) -> Result<String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (&verb, rest) = words.split_first().unwrap_or((&"", &[]));
        let (which, settings) = match rest
            .split_first()
            .and_then(|(word, rest)| Some((directions(word)?, rest)))
        {
            Some(chosen) => chosen,
            None => (BOTH, rest),
        };
        for &i in which {
            let direction = &mut self.directions[i];
            match verb {
                "cut" => direction.cut = true,
                "join" => direction.cut = false,
                "reset" => direction.counters = Counters::default(),
                "clear" => (direction.shape, direction.cut) = (Shape::default(), false),
                "set" => settings
                    .iter()
                    .try_for_each(|setting| direction.shape.set(setting))?,
                "stats" => return Ok(serde_json::to_string(&self.report())?),
                "quit" => {}
                _ => bail!(
                    "commands: set|clear|cut|join|reset [ab|ba|both] [key=value ...], stats, quit"
                ),
            }
        }
        Ok("ok".to_owned())
    }

    fn report(&self) -> Report<'_> {
        let [ab, ba] = self.directions.each_ref().map(|direction| DirectionReport {
            counters: &direction.counters,
            cut: direction.cut,
            shape: &direction.shape,
        });
        Report {
            t: self.started.elapsed().as_secs_f64(),
            ab,
            ba,
        }
    }
}

#[derive(Serialize)]
struct Report<'a> {
    t: f64,
    ab: DirectionReport<'a>,
    ba: DirectionReport<'a>,
}

#[derive(Serialize)]
struct DirectionReport<'a> {
    #[serde(flatten)]
    counters: &'a Counters,
    cut: bool,
    #[serde(flatten)]
    shape: &'a Shape,
}

const BOTH: &[usize] = &[0, 1];

fn directions(word: &str) -> Option<&'static [usize]> {
    match word {
        "ab" => Some(&[0]),
        "ba" => Some(&[1]),
        "both" => Some(BOTH),
        _ => None,
    }
}

/// Sends one command to a running emulator.
///
/// # Errors
/// Nobody listens, or the command was refused.
pub fn send(socket: &Path, command: &str) -> Result<String> {
    let mut stream = UnixStream::connect(socket).with_context(|| socket.display().to_string())?;
    stream.write_all(command.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    if let Some(complaint) = answer.strip_prefix("error: ") {
        bail!("{complaint}");
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_direction_is_cut_and_joined_again() {
        let mut link = Link::new(1);
        assert_eq!(link.obey("cut ab").unwrap(), "ok");
        assert_eq!(link.directions.each_ref().map(|d| d.cut), [true, false]);
        link.obey("join").unwrap();
        assert_eq!(link.directions.each_ref().map(|d| d.cut), [false, false]);
    }

    #[test]
    fn settings_reach_the_direction_that_was_named() {
        let mut link = Link::new(1);
        link.obey("set ba delay=20 loss=0.5").unwrap();
        link.set("ab:rate=2400").unwrap();
        let [ab, ba] = link
            .directions
            .each_ref()
            .map(|d| (d.shape.delay_ms, d.shape.rate));
        assert_eq!((ab, ba), ((0.0, 2400.0), (20.0, 0.0)));
        link.obey("clear").unwrap();
        assert_eq!(link.directions[1].shape, Shape::default());
    }

    #[test]
    fn the_report_is_one_json_object_with_both_directions() {
        let mut link = Link::new(1);
        link.directions[0].take(Instant::now(), &[0; 84]);
        let report: serde_json::Value = serde_json::from_str(&link.obey("stats").unwrap()).unwrap();
        assert_eq!(report["ab"]["in_bytes"], 84);
        assert_eq!(report["ba"]["queue"], 64_000);
    }

    #[test]
    fn an_unknown_command_is_refused() {
        assert!(Link::new(1).obey("explode").is_err());
        assert!(Link::new(1).obey("").is_err());
    }
}
