//! `openline-bench strangers`: a million datagrams of a stranger, and what a FLASH and the memory feel of them.

use std::fmt;
use std::net::UdpSocket;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::machine;
use crate::openline_cli::Padding;
use crate::pair::Pair;
use crate::process::{Heard, News, Say, Station};
use crate::statistics::Summary;

/// FLASH texts before the stranger comes.
const QUIET_FLASHES: usize = 50;

/// Between two of them.
const PAUSE: Duration = Duration::from_millis(100);

const PATIENCE: Duration = Duration::from_secs(30);

/// What it came to.
#[derive(Debug)]
pub struct Strangers {
    datagrams: usize,
    took: Duration,
    answers: usize,
    resident_kb: [(u64, u64); 2],
    quiet: Summary,
    flooded: Summary,
}

/// Lets a stranger send to both stations of a pair as fast as he can.
///
/// # Errors
/// The program's own, or a FLASH that does not arrive.
pub fn measure(program: &Path, homes: &Path, datagrams: usize) -> Result<Strangers> {
    let pair = Pair::recorded(program, homes)?;
    let (stations, _) = pair.start_both(Padding::None, PATIENCE)?;
    let (tell, heard) = channel();
    let mut flashes = Flashes {
        say: pair.parties[0].say(true, tell)?,
        heard,
        said: 0,
    };
    let quiet = (0..QUIET_FLASHES)
        .map(|_| flashes.one())
        .collect::<Result<Vec<_>>>()?;
    let before = memory(&stations)?;
    let stranger = Stranger::new(pair.frames(), pair.ports())?;
    let start = Instant::now();
    let flood = std::thread::spawn(move || stranger.send(datagrams));
    let mut flooded = Vec::new();
    while !flood.is_finished() {
        flooded.push(flashes.one()?);
    }
    let took = start.elapsed();
    let stranger = flood
        .join()
        .map_err(|_| anyhow::anyhow!("the stranger fell"))?;
    let after = memory(&stations)?;
    Ok(Strangers {
        datagrams,
        took,
        answers: stranger.answers()?,
        resident_kb: [(before[0], after[0]), (before[1], after[1])],
        quiet: Summary::of(&quiet),
        flooded: Summary::of(&flooded),
    })
}

fn memory(stations: &[Station; 2]) -> Result<[u64; 2]> {
    let of = |at: usize| machine::resident_kb(stations[at].pid()).context("memory in /proc");
    Ok([of(0)?, of(1)?])
}

struct Flashes {
    say: Say,
    heard: Receiver<Heard>,
    said: usize,
}

impl Flashes {
    /// From the keyboard until it is known to be stored at the other side; then a pause.
    fn one(&mut self) -> Result<Duration> {
        let start = Instant::now();
        self.say.text(&format!("FLASH number {}.", self.said))?;
        self.said += 1;
        let heard = self.heard.recv_timeout(PATIENCE);
        let heard = heard.context("a FLASH did not arrive")?;
        match heard.news {
            News::Known(_) => {
                std::thread::sleep(PAUSE);
                Ok(heard.at.saturating_duration_since(start))
            }
            news => bail!("expected that the FLASH is known to be stored, got {news:?}"),
        }
    }
}

struct Stranger {
    socket: UdpSocket,
    recorded: Vec<Vec<u8>>,
    stations: [u16; 2],
    dice: u64,
}

impl Stranger {
    fn new(recorded: Vec<Vec<u8>>, stations: [u16; 2]) -> Result<Self> {
        if recorded.is_empty() {
            bail!("no frame was recorded");
        }
        Ok(Self {
            socket: UdpSocket::bind("127.0.0.1:0")?,
            recorded,
            stations,
            dice: 7,
        })
    }

    /// In turn: garbage behind every first byte, a recorded frame, a recorded frame with a bit changed.
    fn send(mut self, datagrams: usize) -> Self {
        for n in 0..datagrams {
            let mut datagram = self.recorded[n % self.recorded.len()].clone();
            match n % 3 {
                0 => {
                    datagram.fill_with(|| self.roll() as u8);
                    datagram[0] = (n / 3) as u8;
                }
                1 => {}
                _ => {
                    let at = self.roll() as usize % datagram.len();
                    datagram[at] ^= 1 << (self.roll() % 8);
                }
            }
            // What a full buffer loses is the stranger's own affair.
            let _ = self
                .socket
                .send_to(&datagram, ("127.0.0.1", self.stations[n % 2]));
        }
        self
    }

    fn roll(&mut self) -> u64 {
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005);
        self.dice = self.dice.wrapping_add(1_442_695_040_888_963_407);
        self.dice >> 33
    }

    fn answers(&self) -> Result<usize> {
        self.socket.set_read_timeout(Some(Duration::from_secs(1)))?;
        let mut buffer = [0; 2048];
        Ok(std::iter::from_fn(|| self.socket.recv_from(&mut buffer).ok()).count())
    }
}

impl fmt::Display for Strangers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |summary: &Summary| {
            let ms = |time: Duration| time.as_secs_f64() * 1000.0;
            format!("{:.1} / {:.1}", ms(summary.p50), ms(summary.max))
        };
        let mb = |(before, after): (u64, u64)| {
            format!(
                "{:.1} → {:.1}",
                before as f64 / 1000.0,
                after as f64 / 1000.0
            )
        };
        writeln!(
            out,
            "| a stranger sends to both stations | got |\n| --- | --- |"
        )?;
        let rate = self.datagrams as f64 / self.took.as_secs_f64();
        writeln!(
            out,
            "| datagrams, at so many a second | {}, {rate:.0} |",
            self.datagrams
        )?;
        writeln!(out, "| answers that he got | **{}** |", self.answers)?;
        let [one, other] = self.resident_kb.map(mb);
        writeln!(
            out,
            "| resident memory before → after, MB, each station | **{one}**, **{other}** |"
        )?;
        writeln!(
            out,
            "| FLASH known to be stored, ms, median / worst, before | {} |",
            ms(&self.quiet)
        )?;
        writeln!(
            out,
            "| the same while he sends | **{}** |",
            ms(&self.flooded)
        )
    }
}
