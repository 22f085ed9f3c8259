//! The table of `docs/benchmarks.md`.

use std::time::Duration;

use super::{Cell, Figures};
use crate::conversation::{Fate, PACE};
use crate::machine;
use crate::markdown::Table;
use crate::statistics::Summary;

/// Everything that was measured, as Markdown.
#[must_use]
pub fn report(figures: &Figures, command: &str) -> String {
    let sent = figures
        .links
        .iter()
        .chain(figures.losses.iter().map(|(_, cell)| cell));
    let sent = sent
        .filter_map(|cell| cell.fates.as_ref().ok().map(Vec::len))
        .max();
    format!(
        "`{command}` on {}. English texts of 200 characters, {} of each program on each link, each sent when the one before is known to be delivered and at least {} ms after it; openline's as FLASH. \
         Times are in seconds, from the sender's program to the receiver's and back; 50 % / 95 % / worst. *Lost* did not come within a minute. Every program ran on the same emulated link, one after the other; its set-up is not counted.\n\n{}",
        machine::facts(),
        sent.unwrap_or_default(),
        PACE.as_millis(),
        table(figures),
    )
}

fn table(figures: &Figures) -> Table {
    let mut table = Table::new(&[
        "link",
        "program",
        "received",
        "sender knows",
        "IP bytes a text, both ways",
        "lost",
    ]);
    let losses = figures.losses.iter().map(|(_, cell)| cell);
    figures
        .links
        .iter()
        .chain(losses)
        .for_each(|cell| table.row(row(cell)));
    table
}

fn row(cell: &Cell) -> Vec<String> {
    let name = format!("**{}** {}", cell.link, cell.words);
    let program = cell.program.name().to_owned();
    if let Err(why) = &cell.fates {
        let why = why.lines().next().unwrap_or_default();
        return vec![
            name,
            program,
            format!("none: {why}"),
            String::new(),
            String::new(),
            String::new(),
        ];
    }
    let number = |number: Option<u64>| number.map_or_else(String::new, |it| it.to_string());
    vec![
        name,
        program,
        times(cell.summary(Fate::until_received)),
        times(cell.summary(Fate::until_known)),
        number(cell.bytes_each()),
        number(cell.lost().map(|lost| lost as u64)),
    ]
}

fn times(summary: Option<Summary>) -> String {
    let seconds = |it: Duration| format!("{:.3}", it.as_secs_f64());
    summary.map_or_else(
        || "none".to_owned(),
        |it| {
            format!(
                "{} / {} / {}",
                seconds(it.p50),
                seconds(it.p95),
                seconds(it.max)
            )
        },
    )
}
