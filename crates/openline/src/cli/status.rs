//! `openline status`: the verdict on each line, since when, and the evidence in plain words.

use openline_wire::names;

use super::args::Status as Args;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::{station_error, time};
use crate::api::types::{Line, Status};

/// Prints the status, once or at each change. The exit code is that of the worst line that was asked for.
pub async fn run(context: &Context<'_>, args: Args) -> Result<Exit, Failure> {
    let client = context.client();
    let wanted = args.line.line.as_deref();
    if !args.watch {
        return print(context, client.status().await?, wanted);
    }
    let mut events = client.watch_status().await?;
    while let Some(status) = events.next().await {
        print(context, status?, wanted)?;
    }
    Err(station_error::went_away())
}

fn print(context: &Context<'_>, mut status: Status, wanted: Option<&str>) -> Result<Exit, Failure> {
    if let Some(wanted) = wanted {
        status
            .lines
            .retain(|line| line.name == wanted || line.line == wanted);
        if status.lines.is_empty() {
            return Err(
                Failure::new(Exit::Failed, "error-no-such-line").with("line", wanted.to_owned())
            );
        }
    }
    if context.json {
        context.print_json(&status)?;
    } else {
        for text in describe(context, &status) {
            context.print(text)?;
        }
    }
    Ok(worst(&status))
}

/// The exit code for monitoring: see `docs/json.md`.
fn worst(status: &Status) -> Exit {
    if status.station.state != "running" || status.lines.is_empty() {
        return Exit::Degraded;
    }
    let exits = status.lines.iter().map(|line| match line.verdict.as_str() {
        "open" | "announced-silence" => Exit::Done,
        "no-sign-of-life" => Exit::NoSignOfLife,
        _ => Exit::Degraded,
    });
    exits
        .max_by_key(|exit| *exit as u8)
        .unwrap_or(Exit::Degraded)
}

fn describe(context: &Context<'_>, status: &Status) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(trouble) = &status.station.trouble {
        out.push(context.paint.bad(&trouble.what));
        out.push(format!("  {}", trouble.do_now));
    }
    if status.lines.is_empty() {
        out.push(context.words.text("status-no-line"));
    }
    for line in &status.lines {
        out.push(headline(context, line));
        out.extend(
            evidence(context, line)
                .into_iter()
                .map(|text| format!("  {text}")),
        );
    }
    out
}

/// `Moscow: OPEN since 2026-02-24 08:00:12Z (12 min)`
pub fn headline(context: &Context<'_>, line: &Line) -> String {
    let words = context.words;
    let verdict = words
        .find(&format!("verdict-{}", line.verdict))
        .unwrap_or_else(|| names::for_screen(&line.verdict));
    let verdict = match line.verdict.as_str() {
        "open" => context.paint.good(&verdict),
        "no-sign-of-life" => context.paint.bad(&verdict),
        _ => context.paint.doubtful(&verdict),
    };
    let lasted = time::span(time::now_ms().saturating_sub(line.since_ms), words);
    words.fill(
        "status-headline",
        &[
            ("party", names::for_screen(&line.name).into()),
            ("verdict", verdict.into()),
            ("since", time::date_and_time(line.since_ms).into()),
            ("lasted", lasted.into()),
        ],
    )
}

/// What the verdict rests on, one sentence each.
pub fn evidence(context: &Context<'_>, line: &Line) -> Vec<String> {
    let mut out = Vec::new();
    out.extend(announced(context, line));
    out.push(alive(context, line));
    out.extend(cannot_tell(context, line));
    out.extend(shortcomings(context, line));
    out.push(sealing(context, line));
    out.push(compared(context, line));
    out.extend(clocks(context, line));
    out.push(match line.unconfirmed {
        0 => context.words.text("evidence-all-confirmed"),
        count => context
            .words
            .fill("evidence-unconfirmed", &[("count", count.into())]),
    });
    out
}

fn announced(context: &Context<'_>, line: &Line) -> Option<String> {
    let announced = line.announced.as_ref()?;
    let reason = context
        .words
        .find(&format!("silence-reason-{}", announced.reason));
    let reason = reason.unwrap_or_else(|| names::for_screen(&announced.reason));
    let blanks = [
        ("party", names::for_screen(&announced.by.name).into()),
        ("until", time::date_and_time(announced.until_ms).into()),
        ("reason", reason.into()),
    ];
    Some(context.words.fill("evidence-announced", &blanks))
}

/// Rule 3: what a dated echo proves, and no more.
fn alive(context: &Context<'_>, line: &Line) -> String {
    let Some(alive) = line.alive_as_of_ms else {
        return context.words.text("evidence-never-heard");
    };
    let ago = time::span(time::now_ms().saturating_sub(alive), context.words);
    let mut text = context.words.fill(
        "evidence-alive",
        &[
            ("when", time::time_of_day(alive).into()),
            ("ago", ago.into()),
        ],
    );
    if let Some(round_trip) = line.round_trip_ms {
        text.push_str(
            &context
                .words
                .fill("evidence-round-trip", &[("ms", round_trip.into())]),
        );
    }
    text
}

/// With one way between the stations a cut line and a dead station look the same, and we say so.
fn cannot_tell(context: &Context<'_>, line: &Line) -> Option<String> {
    (line.verdict == "no-sign-of-life").then(|| context.words.text("evidence-cannot-tell"))
}

fn shortcomings(context: &Context<'_>, line: &Line) -> Vec<String> {
    let words = |shortcoming: &String| {
        let id = format!("shortcoming-{shortcoming}");
        let text = context.words.find(&id);
        context
            .paint
            .doubtful(&text.unwrap_or_else(|| names::for_screen(shortcoming)))
    };
    line.shortcomings.iter().map(words).collect()
}

fn sealing(context: &Context<'_>, line: &Line) -> String {
    match line.epoch {
        0 => context.words.text("evidence-sealed-by-tape"),
        epoch => context
            .words
            .fill("evidence-sealed", &[("epoch", epoch.into())]),
    }
}

fn compared(context: &Context<'_>, line: &Line) -> String {
    let id = match (line.number_compared.ours, line.number_compared.theirs) {
        (true, true) => "evidence-compared",
        (true, false) => "evidence-compared-by-us",
        (false, true) => "evidence-compared-by-them",
        (false, false) => "evidence-not-compared",
    };
    context.words.text(id)
}

/// An offset below two seconds is what the network makes of two good clocks.
fn clocks(context: &Context<'_>, line: &Line) -> Option<String> {
    let offset = line.clock_offset_ms?;
    let size = offset.unsigned_abs();
    if size < 2_000 {
        return None;
    }
    let id = match offset > 0 {
        true => "evidence-clock-ahead",
        false => "evidence-clock-behind",
    };
    let span = time::span(size, context.words);
    Some(context.words.fill(id, &[("span", span.into())]))
}
