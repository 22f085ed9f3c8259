//! `openline-bench ways`: two bearers between two stations, and the faster one is cut while messages go over it.

use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::conversation::{Conversation, Fate};
use crate::openline_cli::Padding;
use crate::pair::Pair;
use crate::statistics::Summary;
use crate::texts::LANGUAGES;

/// One way, of the fast bearer and of the slow one.
const DELAYS: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(300)];

const PATIENCE: Duration = Duration::from_secs(60);

/// Between two messages.
const INTERVAL: Duration = Duration::from_millis(200);

/// By number of the message: before this one the fast bearer is cut.
const CUT_BEFORE: usize = 50;

const MESSAGES: usize = 150;

/// What became of the messages of one kind.
#[derive(Debug)]
struct Kind {
    name: &'static str,
    before: Summary,
    after: Summary,
    lost: usize,
    twice: usize,
    target: &'static str,
}

/// What was measured.
#[derive(Debug)]
pub struct Ways(Vec<Kind>);

/// Sends messages over two bearers and cuts the faster one under way.
///
/// # Errors
/// No program, or no line.
pub fn measure(program: &Path, homes: &Path) -> Result<Ways> {
    let kinds = [
        ("FLASH", true, "≤ the slow bearer's own time"),
        ("ROUTINE", false, "0 lost"),
    ];
    let measured = kinds.into_iter().map(|(name, is_flash, target)| {
        eprintln!("{name}");
        let fates = run(program, homes, is_flash)?;
        Ok(Kind::of(name, target, &fates))
    });
    measured.collect::<Result<_>>().map(Ways)
}

fn run(program: &Path, homes: &Path, is_flash: bool) -> Result<Vec<Fate>> {
    let (pair, relays) = Pair::with_ways(program, homes, &DELAYS)?;
    let (_stations, _) = pair.start_both(Padding::None, PATIENCE)?;
    let fast = format!("udp://127.0.0.1:{}", relays[0].ports[0]);
    until_in_use(&pair, &fast)?;
    let mut conversation = Conversation::begin(&pair, is_flash, PATIENCE)?;
    let [language, _] = &LANGUAGES;
    conversation.at_intervals(&language.texts(MESSAGES), INTERVAL, PATIENCE, |number| {
        relays[0].cut(number >= CUT_BEFORE);
        Ok(())
    })
}

/// Both ways have answered, and the fast one is the one in use.
fn until_in_use(pair: &Pair, fast: &str) -> Result<()> {
    let start = Instant::now();
    loop {
        let ways = pair.parties[0].ways()?;
        let all_answer = ways.iter().all(|way| way.state == "answers");
        let is_fast = ways.iter().any(|way| way.in_use && way.address == fast);
        if all_answer && is_fast && ways.len() == DELAYS.len() {
            return Ok(());
        }
        if start.elapsed() > PATIENCE {
            bail!("after {PATIENCE:?} the ways are: {ways:?}");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

impl Kind {
    fn of(name: &'static str, target: &'static str, fates: &[Fate]) -> Self {
        let times = |fates: &[Fate]| {
            let times: Vec<Duration> = fates.iter().filter_map(Fate::until_received).collect();
            Summary::of(&times)
        };
        let (before, after) = fates.split_at(CUT_BEFORE.min(fates.len()));
        Self {
            name,
            before: times(before),
            after: times(after),
            lost: fates.iter().filter(|it| it.received.is_empty()).count(),
            twice: fates.iter().filter(|it| it.received.len() > 1).count(),
            target,
        }
    }
}

impl fmt::Display for Ways {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [fast, slow] = DELAYS.map(|delay| delay.as_millis());
        writeln!(
            out,
            "Two bearers between two stations of one machine, {fast} ms and {slow} ms one way; a message each {} ms, {MESSAGES} of each kind, and before the {}th the faster bearer is cut. Until received, s, median / 95 of 100 / worst.\n",
            INTERVAL.as_millis(),
            CUT_BEFORE + 1
        )?;
        writeln!(
            out,
            "| messages | both bearers | the fast one cut | ÷ slow bearer, worst | lost | twice | target |"
        )?;
        writeln!(out, "| --- | --- | --- | --- | --- | --- | --- |")?;
        let times = |summary: &Summary| {
            let [p50, p95, max] =
                [summary.p50, summary.p95, summary.max].map(|it| it.as_secs_f64());
            format!("{p50:.3} / {p95:.3} / {max:.3}")
        };
        for kind in &self.0 {
            let ratio = kind.after.max.as_secs_f64() / DELAYS[1].as_secs_f64();
            writeln!(
                out,
                "| {} | {} | **{}** | {ratio:.2} | {} | {} | {} |",
                kind.name,
                times(&kind.before),
                times(&kind.after),
                kind.lost,
                kind.twice,
                kind.target
            )?;
        }
        Ok(())
    }
}
