//! L5: the link goes away for a while, and messages go on.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::{Cell, LinkFigures, PATIENCE, Plan, set_up};
use crate::bed::Bed;
use crate::conversation::Conversation;
use crate::links::LinkKind;
use crate::openline_cli::Padding;
use crate::pair::Pair;
use crate::texts::LANGUAGES;

const INTERVAL: Duration = Duration::from_secs(1);
/// By number of the message: the link goes away before the sixth and is back before the 36th.
const CUT_BEFORE: usize = 5;
const JOIN_BEFORE: usize = CUT_BEFORE + 30;
const MESSAGES: usize = JOIN_BEFORE + 10;

/// Sends a message a second through the cut.
pub fn measure(plan: &Plan, bed: &Bed, link: &'static LinkKind) -> Result<LinkFigures> {
    let pair = Pair::on_bed(&plan.program, &plan.homes, bed)?;
    let (_stations, set_up) = set_up(&pair, bed, Padding::None)?;
    let mut conversation = Conversation::begin(&pair, link.flash, PATIENCE)?;
    bed.command("reset")?;
    let [language, _] = &LANGUAGES;
    let mut joined = None;
    let fates =
        conversation.at_intervals(&language.texts(MESSAGES), INTERVAL, PATIENCE, |number| {
            if number == CUT_BEFORE {
                bed.command("cut")?;
            }
            if number == JOIN_BEFORE {
                joined = Some(Instant::now());
                bed.command("join")?;
            }
            Ok(())
        })?;
    let after_cut = joined.and_then(|joined| {
        let waited = fates.iter().filter(|fate| fate.sent < joined);
        let arrivals = waited.filter_map(|fate| fate.received.first());
        let arrivals = arrivals.filter_map(|at| at.checked_duration_since(joined));
        Some([arrivals.clone().min()?, arrivals.max()?])
    });
    let cell = Cell {
        link,
        language: language.name,
        padding: Padding::None,
        fates,
        traffic: bed.traffic()?,
    };
    Ok(LinkFigures {
        link,
        set_up,
        machine: None,
        first: None,
        cells: vec![cell],
        after_cut,
    })
}
