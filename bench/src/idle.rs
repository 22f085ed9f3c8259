//! `openline-bench idle`: what a station costs that has nothing to do, and how soon it is back.

use std::fmt;
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::machine;
use crate::openline_cli::Padding;
use crate::pair::Pair;
use crate::process::News;
use crate::statistics::Summary;

const RESTARTS: usize = 10;
const IDLE_FOR: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(30);

/// A station with one idle line.
#[derive(Debug)]
pub struct Idle {
    resident_kb: u64,
    /// From the start of the process to its ready line.
    ready: Summary,
    /// From the start of the killed station's process until a text that was waiting for it is known to be stored there.
    open_again: Summary,
}

/// Lets a pair idle, then kills one station again and again.
///
/// # Errors
/// The program's own, or a station that does not come back.
pub fn measure(program: &Path, homes: &Path) -> Result<Idle> {
    let pair = Pair::on_loopback(program, homes)?;
    let ([washington, moscow], _) = pair.start_both(Padding::None, PATIENCE)?;
    std::thread::sleep(IDLE_FOR);
    let resident_kb =
        machine::resident_kb(washington.pid()).context("the station's memory in /proc")?;
    drop(moscow);
    let returns = (0..RESTARTS)
        .map(|number| restart(&pair, number))
        .collect::<Result<Vec<_>>>()?;
    let (ready, open_again): (Vec<_>, Vec<_>) = returns.into_iter().unzip();
    Ok(Idle {
        resident_kb,
        ready: Summary::of(&ready),
        open_again: Summary::of(&open_again),
    })
}

/// Moscow is down; a text waits for it; it starts. Times until it is ready and until the text is known to be there.
fn restart(pair: &Pair, number: usize) -> Result<(Duration, Duration)> {
    let (tell, heard) = channel();
    let mut say = pair.parties[0].say(false, tell)?;
    say.text(&format!("This waits for restart number {number}."))?;
    // Long enough that the sender has given up hope, short enough to be a restart.
    std::thread::sleep(Duration::from_secs(2));
    let start = Instant::now();
    let _moscow = pair.start(1, Padding::None)?;
    let ready = start.elapsed();
    let heard = heard
        .recv_timeout(PATIENCE)
        .context("the text did not arrive after the restart")?;
    match heard.news {
        News::Known(_) => Ok((ready, heard.at.saturating_duration_since(start))),
        news => bail!("expected that the text is known to be stored, got {news:?}"),
    }
}

impl fmt::Display for Idle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |summary: &Summary| {
            format!(
                "{:.3} / {:.3}",
                summary.p50.as_secs_f64(),
                summary.max.as_secs_f64()
            )
        };
        writeln!(
            out,
            "| a station with one idle line | got | target |\n| --- | --- | --- |"
        )?;
        writeln!(
            out,
            "| resident memory, MB | **{:.1}** | ≤ 30 |",
            self.resident_kb as f64 / 1000.0
        )?;
        writeln!(
            out,
            "| ready after its start, s, median / worst of {RESTARTS} | **{}** | ≤ 0.3 |",
            seconds(&self.ready)
        )?;
        writeln!(
            out,
            "| after kill -9 and start: a waiting text stored and known, s, likewise | **{}** | ≤ 1 |",
            seconds(&self.open_again)
        )
    }
}
