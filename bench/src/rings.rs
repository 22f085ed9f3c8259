//! `openline-bench ring`: how soon a caller knows that it rings at the other side.

use std::fmt::{self, Write as _};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::bed::Bed;
use crate::links::{LINKS, LinkKind};
use crate::openline_cli::{Openline, Padding};
use crate::pair::Pair;
use crate::process::{Heard, News};
use crate::statistics::Summary;
use crate::text::Plan;

/// A ring lasts no longer than this, nor is anything waited for longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between two rings the line is at rest, so that each finds it as the first does.
const REST: Duration = Duration::from_millis(400);

/// Rings on one line: a station sounds 64 bells of one party at once, and then one in five seconds.
const ON_ONE_LINE: usize = 50;

/// Links on which it is measured, and what is asked there.
const MEASURED: [(&str, &str); 2] = [
    ("L1", "median ≤ one round trip + 10 ms"),
    ("L3", "95 of 100 ≤ 0.5 s"),
];

/// On one link, from the ring on the caller's disk until his program has the signed ringing.
#[derive(Debug)]
struct OnLink {
    link: &'static LinkKind,
    target: &'static str,
    times: Summary,
    rings: usize,
}

/// All links.
#[derive(Debug)]
pub struct Rings(Vec<OnLink>);

/// Rings so often on each link.
///
/// # Errors
/// No namespaces, no program, or a ring that does not ring.
pub fn measure(plan: &Plan) -> Result<Rings> {
    let mut measured = Vec::new();
    for (name, target) in MEASURED {
        let link = LINKS.iter().find(|link| link.name == name);
        let link = link.context("a link of that name")?;
        eprintln!("{}: {}", link.name, link.words);
        let mut times = Vec::new();
        while times.len() < plan.messages {
            let count = (plan.messages - times.len()).min(ON_ONE_LINE);
            times.extend(on_a_new_line(plan, link, count)?);
        }
        measured.push(OnLink {
            link,
            target,
            times: Summary::of(&times),
            rings: times.len(),
        });
    }
    Ok(Rings(measured))
}

fn on_a_new_line(plan: &Plan, link: &LinkKind, rings: usize) -> Result<Vec<Duration>> {
    let bed = Bed::new(link.name, link.settings)?;
    let pair = Pair::on_bed(&plan.program, &plan.homes, &bed)?;
    let (_stations, _) = pair.start_both(Padding::None, PATIENCE)?;
    let (tell, heard) = channel();
    let _follow = pair.parties[0].follow_rings(tell)?;
    std::thread::sleep(Duration::from_secs(1));
    let times = (0..rings).map(|_| one(&pair.parties[0], &heard));
    times.collect()
}

/// Rings, waits until it is known that it rings there, and takes the ring back.
///
/// # Errors
/// It does not ring there.
pub fn one(caller: &Openline, heard: &Receiver<Heard>) -> Result<Duration> {
    let mut ringing = caller.ring_start("head")?;
    let rung = when(heard, &News::Rung)?;
    let rang = when(heard, &News::Rang)?;
    caller.ring_withdraw()?;
    ringing.wait()?;
    std::thread::sleep(REST);
    Ok(rang.duration_since(rung))
}

fn when(heard: &Receiver<Heard>, wanted: &News) -> Result<Instant> {
    loop {
        let Heard { at, news } = heard.recv_timeout(PATIENCE)?;
        match news {
            news if news == *wanted => return Ok(at),
            News::Unreadable(why) => bail!("docs/json.md and openline_cli.rs differ: {why}"),
            _ => {}
        }
    }
}

impl fmt::Display for Rings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = String::new();
        writeln!(
            table,
            "| link | rings | known to ring, s, median / 95 of 100 / worst | ÷ round trip | target |"
        )?;
        writeln!(table, "| --- | --- | --- | --- | --- |")?;
        for OnLink {
            link,
            target,
            times,
            rings,
        } in &self.0
        {
            let [p50, p95, max] = [times.p50, times.p95, times.max].map(|time| time.as_secs_f64());
            let ratio = p50 / (2.0 * link.delay.as_secs_f64());
            writeln!(
                table,
                "| **{}** {} | {rings} | **{p50:.3}** / **{p95:.3}** / {max:.3} | {ratio:.2} | {target} |",
                link.name, link.words
            )?;
        }
        f.write_str(&table)
    }
}
