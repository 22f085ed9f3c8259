//! Silences that were announced, in words: those that last, and one that is over without a word.

use fluent_bundle::FluentValue;

use super::super::context::Context;
use super::super::silence::SHORTEST_MS;
use super::super::{render, time};
use crate::api::types::{Announced, Line};

/// `Moscow: SILENT AS ANNOUNCED. Last answered …, announced …`: of these two times neither is that of the other.
pub fn silent_as_announced(context: &Context<'_>, line: &Line, verdict: &str) -> Option<String> {
    let announced = line.announced.as_ref().filter(|it| it.said_ms > 0)?;
    let alive = line.alive_as_of_ms?;
    let blanks = [
        ("party", render::label(&line.name).into()),
        ("verdict", verdict.to_owned().into()),
        ("answered", time::date_and_time(alive).into()),
        ("said", time::time_of_day(announced.said_ms).into()),
    ];
    let text = context.words.fill("status-headline-announced", &blanks);
    (line.verdict == "announced-silence").then_some(text)
}

/// What the other side announced, while it lasts and when it is outlasted.
pub fn announced(context: &Context<'_>, line: &Line) -> Option<String> {
    match (&line.announced, &line.overrun) {
        (Some(announced), _) => Some(silence(context, "evidence-announced", announced)),
        (None, Some(over)) => {
            let blanks = silence_blanks(context, over);
            let text = context.words.fill("evidence-overrun", &blanks);
            Some(context.paint.bad(&text))
        }
        (None, None) => None,
    }
}

/// What we promised the other side. Whoever relieves us did not hear it.
pub fn announced_here(context: &Context<'_>, line: &Line) -> Option<String> {
    let announced = line.announced_here.as_ref()?;
    Some(silence(context, "evidence-announced-here", announced))
}

fn silence(context: &Context<'_>, id: &str, announced: &Announced) -> String {
    // One that is ended is replaced by one of a second: that is no announcement of anything.
    if announced.until_ms <= time::now_ms().saturating_add(SHORTEST_MS) {
        let party = [("party", render::label(&announced.by.name).into())];
        return context.words.fill("evidence-announced-ends", &party);
    }
    context.words.fill(id, &silence_blanks(context, announced))
}

/// What fills a sentence about a silence that was announced.
pub fn silence_blanks(
    context: &Context<'_>,
    announced: &Announced,
) -> [(&'static str, FluentValue<'static>); 4] {
    let reason = format!("silence-reason-{}", announced.reason);
    let reason = context.words.find(&reason);
    let reason = reason.unwrap_or_else(|| render::label(&announced.reason));
    let said = match announced.said_ms {
        0 => "unknown".to_owned(),
        at => time::time_of_day(at),
    };
    [
        ("party", render::label(&announced.by.name).into()),
        ("said", said.into()),
        ("until", time::date_and_time(announced.until_ms).into()),
        ("reason", reason.into()),
    ]
}
