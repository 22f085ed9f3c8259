//! `openline-bench flood`: a hostile party with a million rings and proposals, and what another line feels of it.
//!
//! Washington has two lines: one to Moscow over an emulated link, one to a party whose station was changed. A program beside this
//! one writes the million into that party's record, in a boot that nobody's station ever was; its own station then brings them,
//! as it would bring anything that it had written.

use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::bed::{ADDRESSES, Bed, sibling};
use crate::conversation::{Conversation, Fate};
use crate::links::{LINKS, LinkKind};
use crate::machine;
use crate::openline_cli::{Openline, Padding};
use crate::pair::Pair;
use crate::process::Station;
use crate::rings;
use crate::statistics::Summary;
use crate::text::Plan;
use crate::texts::LANGUAGES;

const PATIENCE: Duration = Duration::from_secs(30);

/// The other line is an ordinary one over a long way.
const LINK: &str = "L1";

/// Rings each time.
const RINGS: usize = 30;

/// What one line bears while nobody else does anything, or while somebody floods the other.
#[derive(Debug)]
struct Felt {
    received: Summary,
    known: Summary,
    ringing: Summary,
    lost: usize,
    resident_kb: u64,
    disk_kb: u64,
}

/// What it came to.
#[derive(Debug)]
pub struct Flood {
    link: &'static LinkKind,
    entries: usize,
    before: Felt,
    meanwhile: Felt,
    /// Resident memory when it began to be felt: what it costs grows no further while it lasts.
    at_first_kb: u64,
}

/// Floods one line of a station with so many entries.
///
/// # Errors
/// No namespaces, no program, or a station that does not do what it should.
pub fn measure(plan: &Plan, entries: usize) -> Result<Flood> {
    let link = LINKS.iter().find(|link| link.name == LINK);
    let link = link.context("a link of that name")?;
    let bed = Bed::new(link.name, link.settings)?;
    let pair = Pair::on_bed(&plan.program, &plan.homes, &bed)?;
    let hostile = format!("udp://{}:7601", ADDRESSES[0]);
    let third = pair.third(&hostile)?;
    eprintln!("a changed station writes {entries} rings and proposals");
    write_flood(&third, &pair.path("washington.card"), entries)?;
    let stations = [pair.start(0, Padding::None)?, pair.start(1, Padding::None)?];
    pair.wait_until(1, PATIENCE, |line| {
        line.is_open() && line.has_left_the_tape()
    })?;
    let scene = Scene {
        pair: &pair,
        washington: &stations[0],
        plan,
    };
    eprintln!("before");
    let before = scene.feel(0)?;
    let flooding = third.yielding_station(&bed.namespaces[0], &hostile)?;
    scene.wait_for_the_flood(&before)?;
    let at_first_kb = scene.resident_kb()?;
    eprintln!("while it floods");
    let meanwhile = scene.feel(1)?;
    drop(flooding);
    Ok(Flood {
        link,
        entries,
        before,
        meanwhile,
        at_first_kb,
    })
}

fn write_flood(third: &Openline, card: &Path, entries: usize) -> Result<()> {
    let program = sibling("examples/changed_peer")?;
    let mut command = Command::new(program);
    command.arg(&third.home).arg(card).arg(entries.to_string());
    let status = command.stdin(Stdio::null()).status()?;
    ensure!(status.success(), "{command:?}: {status}");
    Ok(())
}

struct Scene<'a> {
    pair: &'a Pair,
    washington: &'a Station,
    plan: &'a Plan,
}

impl Scene<'_> {
    /// Texts from Moscow to Washington, the one that is flooded, and rings likewise; `turn` picks texts that differ.
    fn feel(&self, turn: usize) -> Result<Felt> {
        let [washington, moscow] = &self.pair.parties;
        let washington = washington.on_line("Moscow");
        let mut conversation = Conversation::between(moscow, &washington, true, PATIENCE)?;
        let texts = LANGUAGES[turn].texts(self.plan.messages);
        let fates = conversation.one_by_one(&texts, PATIENCE, || Ok(()))?;
        drop(conversation);
        let (tell, heard) = channel();
        let _follow = moscow.follow_rings(tell)?;
        std::thread::sleep(Duration::from_secs(1));
        let ringing = (0..RINGS)
            .map(|_| rings::one(moscow, &heard))
            .collect::<Result<Vec<_>>>()?;
        let times = |of: fn(&Fate) -> Option<Duration>| {
            let times: Vec<Duration> = fates.iter().filter_map(of).collect();
            Summary::of(&times)
        };
        Ok(Felt {
            received: times(Fate::until_received),
            known: times(Fate::until_known),
            ringing: Summary::of(&ringing),
            lost: fates.iter().filter(|fate| fate.received.is_empty()).count(),
            resident_kb: self.resident_kb()?,
            disk_kb: self.disk_kb()?,
        })
    }

    fn resident_kb(&self) -> Result<u64> {
        machine::resident_kb(self.washington.pid()).context("memory in /proc")
    }

    /// All that Washington's station keeps.
    fn disk_kb(&self) -> Result<u64> {
        let files = std::fs::read_dir(&self.pair.parties[0].home)?;
        let lengths = files.map(|file| Ok(file?.metadata()?.len()));
        Ok(lengths.sum::<Result<u64>>()? / 1000)
    }

    /// Until it has brought a good part of what is taken at once (OL-445).
    fn wait_for_the_flood(&self, before: &Felt) -> Result<()> {
        let start = Instant::now();
        while self.disk_kb()? < before.disk_kb + 5_000 {
            if start.elapsed() > 10 * PATIENCE {
                bail!("nothing of the flood has come");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}

impl fmt::Display for Flood {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            link,
            entries,
            before,
            meanwhile,
            at_first_kb,
        } = self;
        writeln!(
            out,
            "{entries} rings and proposals wait in the record of a party whose station was changed; both columns are of another line, {} {}.\n",
            link.name, link.words
        )?;
        writeln!(
            out,
            "| another line of the same station | before | meanwhile | target |"
        )?;
        writeln!(out, "| --- | --- | --- | --- |")?;
        let times = |summary: &Summary| {
            let [p50, p95, max] =
                [summary.p50, summary.p95, summary.max].map(|it| it.as_secs_f64());
            format!("{p50:.3} / {p95:.3} / {max:.3}")
        };
        let mut row = |what: &str, of: &dyn Fn(&Felt) -> String, target: &str| {
            writeln!(
                out,
                "| {what} | {} | **{}** | {target} |",
                of(before),
                of(meanwhile)
            )
        };
        row(
            "FLASH received, s, median / 95 of 100 / worst",
            &|it| times(&it.received),
            ".053 / .058",
        )?;
        row(
            "FLASH known to be stored, s, likewise",
            &|it| times(&it.known),
            ".105 / .115",
        )?;
        row(
            "ring known to ring, s, likewise",
            &|it| times(&it.ringing),
            "median ≤ .110",
        )?;
        row("FLASH lost", &|it| it.lost.to_string(), "0")?;
        let mb = |kb: u64| format!("{:.1}", kb as f64 / 1000.0);
        row(
            &format!(
                "resident memory of the station, MB; when a tenth of what it takes at once had come: {}",
                mb(*at_first_kb)
            ),
            &|it| mb(it.resident_kb),
            "flat",
        )?;
        row("its files, MB", &|it| mb(it.disk_kb), "bounded (OL-445)")
    }
}
