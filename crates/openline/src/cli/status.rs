//! `openline status`: the verdict on each line, since when, and the evidence in plain words.

use std::io::IsTerminal as _;
use std::time::Duration;

use super::args::Status as Args;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::output::WholeStatus;
use super::unfinished::Unfinished;
use super::{
    alarm, contact, exercise, layout, line_test, reachable, render, ring, roster, station_error,
    suspension, time, watch, ways,
};
use crate::api::types::{Line, NotShown, NotShownEntry, Problem, Status, Unopened};
use crate::client::ClientError;

mod notices;
mod silences;
mod station;
mod worst;

use notices::notices;
pub use notices::{folded, notice_text};
pub use silences::silence_blanks;
use silences::{announced, announced_here, silent_as_announced};
use worst::worst;

/// How old a screen may be: a person counts seconds.
const REDRAW: Duration = Duration::from_secs(1);

/// Prints the status, once or at each change. The exit code is that of the worst line that was asked for.
pub async fn run(context: &Context<'_>, args: Args) -> Result<Exit, Failure> {
    let client = context.client();
    let wanted = args.line.line.as_deref();
    if !args.watch {
        return print(context, client.status().await?, wanted);
    }
    if context.json {
        let mut events = client.watch_status().await?;
        while let Some(status) = events.next().await {
            print(context, status?, wanted)?;
        }
        return Err(station_error::went_away());
    }
    match std::io::stdout().is_terminal() {
        true => redraw(context, wanted).await,
        false => log(context, wanted).await,
    }
}

/// A screen that is never stale: drawn anew every second, with the time on it, also while no station answers.
async fn redraw(context: &Context<'_>, wanted: Option<&str>) -> Result<Exit, Failure> {
    let client = context.client();
    // A home without a station, or a line that is not there, is told at once.
    print(context, client.status().await?, wanted)?;
    let mut last_seen = time::now_ms();
    loop {
        let mut screen = vec![time::date_and_time(time::now_ms())];
        match client.status().await {
            Ok(status) => {
                last_seen = time::now_ms();
                let unfinished = Unfinished::of(context, &status).only(wanted);
                screen.extend(describe(context, &only(status, wanted)?, &unfinished));
            }
            Err(error) => match is_away(context, &error, last_seen) {
                Some(away) => screen.push(context.paint.bad(&away)),
                None => return Err(error.into()),
            },
        }
        // Home, and clear what is below (ECMA-48 sections 8.3.21 and 8.3.39).
        context.print(format!(
            "\u{1b}[H\u{1b}[2J{}",
            fitted(context, &screen).join("\n")
        ))?;
        tokio::time::sleep(REDRAW).await;
    }
}

/// For a file or a pipe: at each change, under the time at which it was so.
async fn log(context: &Context<'_>, wanted: Option<&str>) -> Result<Exit, Failure> {
    let client = context.client();
    let mut events = client.watch_status().await?;
    loop {
        let why = loop {
            match events.next().await {
                Some(Ok(status)) => {
                    context.print(format!("== {}", time::date_and_time(time::now_ms())))?;
                    print(context, status, wanted)?;
                }
                Some(Err(error)) => break error,
                None => break ClientError::Broken(String::new()),
            }
        };
        match is_away(context, &why, time::now_ms()) {
            Some(away) => context.tell(&away)?,
            None => return Err(why.into()),
        }
        events = loop {
            tokio::time::sleep(REDRAW).await;
            if let Ok(events) = client.watch_status().await {
                break events;
            }
        };
    }
}

/// That the station is gone, or does not answer, if that is what an error means.
fn is_away(context: &Context<'_>, error: &ClientError, since: u64) -> Option<String> {
    let (id, pid) = match error {
        ClientError::NoStation(_) | ClientError::Broken(_) => ("status-station-gone", None),
        ClientError::Silent { pid, .. } => ("status-station-silent", *pid),
        ClientError::Refused(_) | ClientError::Answer(_) => return None,
    };
    let blanks = [
        ("since", time::date_and_time(since).into()),
        ("process", station_error::process(pid).into()),
    ];
    Some(context.words.fill(id, &blanks))
}

fn only(mut status: Status, wanted: Option<&str>) -> Result<Status, Failure> {
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
    Ok(status)
}

fn wrapped(lines: &[String]) -> Vec<String> {
    let columns = layout::columns();
    let wrap = |line: &String| layout::wrap(line, "", "    ", columns);
    lines.iter().flat_map(wrap).collect()
}

/// What a window shows at once: the verdicts stand at the top and must not scroll away.
fn fitted(context: &Context<'_>, screen: &[String]) -> Vec<String> {
    let lines = wrapped(screen);
    let left_out = |count: usize| {
        let blanks = [("count", count.into())];
        context.words.fill("status-lines-left-out", &blanks)
    };
    match layout::rows() {
        Some(rows) => layout::first_of(lines, rows, left_out),
        None => lines,
    }
}

fn print(context: &Context<'_>, status: Status, wanted: Option<&str>) -> Result<Exit, Failure> {
    let unfinished = Unfinished::of(context, &status).only(wanted);
    let status = only(status, wanted)?;
    // Likewise a line that the station does not even have.
    let is_left_out = !unfinished.left_out.is_empty();
    if context.json {
        context.print_json(&WholeStatus {
            status: status.clone(),
            waiting: unfinished.waiting,
            left_out: unfinished.left_out,
        })?;
    } else {
        for line in wrapped(&describe(context, &status, &unfinished)) {
            context.print(line)?;
        }
    }
    Ok(if is_left_out {
        Exit::Failed
    } else {
        worst(&status)
    })
}

fn describe(context: &Context<'_>, status: &Status, unfinished: &Unfinished) -> Vec<String> {
    let mut out = station::troubles(context, &status.station);
    if status.station.state == "starting" {
        out.push(context.words.text("status-starting"));
        return out;
    }
    let is_none = unfinished.waiting.is_empty() && unfinished.left_out.is_empty();
    if status.lines.is_empty() && is_none {
        let blanks = [("openline", context.program().into())];
        out.push(context.words.fill("status-no-line", &blanks));
    }
    for line in &status.lines {
        if let Some(trouble) = &line.trouble {
            out.extend(not_taken_up(context, line, trouble));
            continue;
        }
        out.push(headline(context, line));
        out.extend(
            evidence(context, line)
                .into_iter()
                .map(|text| format!("  {text}")),
        );
    }
    out.extend(unfinished.describe(context));
    out
}

/// That it is not taken up, why, and what to do: nothing else is known of the line.
fn not_taken_up(context: &Context<'_>, line: &Line, trouble: &Problem) -> Vec<String> {
    let party = render::label(&line.name).into();
    let said = context
        .words
        .fill("status-not-taken-up", &[("party", party)]);
    let what = format!("  {}", render::label(&trouble.what));
    let lines = trouble.do_now.lines();
    let do_now = lines.map(|line| format!("  {}", render::label(line)));
    [context.paint.bad(&said), what]
        .into_iter()
        .chain(do_now)
        .collect()
}

/// `Moscow: OPEN since 2026-02-24 08:00:12Z (12 min)`
pub fn headline(context: &Context<'_>, line: &Line) -> String {
    let words = context.words;
    let verdict = words
        .find(&format!("verdict-{}", line.verdict))
        .unwrap_or_else(|| render::label(&line.verdict));
    let verdict = match line.verdict.as_str() {
        "open" => context.paint.good(&verdict),
        "no-sign-of-life" => context.paint.bad(&verdict),
        _ => context.paint.doubtful(&verdict),
    };
    if let Some(text) = silent_as_announced(context, line, &verdict) {
        return text;
    }
    let since = since_ms(line);
    let lasted = time::span(time::now_ms().saturating_sub(since), words);
    words.fill(
        "status-headline",
        &[
            ("party", render::label(&line.name).into()),
            ("verdict", verdict.into()),
            ("since", time::date_and_time(since).into()),
            ("lasted", lasted.into()),
        ],
    )
}

/// Since when a line is as it is. It is silent since the last sign of life, not since we gave up hope; as announced, since there was
/// an announcement, too.
pub fn since_ms(line: &Line) -> u64 {
    let alive = line.alive_as_of_ms.unwrap_or(line.since_ms);
    let said = line.announced.as_ref().map_or(0, |it| it.said_ms);
    match line.verdict.as_str() {
        "no-sign-of-life" => alive,
        "announced-silence" => alive.max(said),
        _ => line.since_ms,
    }
}

/// What the verdict rests on, one sentence each.
pub fn evidence(context: &Context<'_>, line: &Line) -> Vec<String> {
    let waiting = line.not_shown.as_ref();
    // What rings now can't wait; an alarm may have stood for hours. What is practised comes after all that is meant.
    let mut out = ring::text::running(context, line, true);
    out.extend(alarm::standing(context, line));
    out.extend(ring::text::to_call_back(context, line));
    out.extend(ring::text::running(context, line, false));
    out.extend(exercise::standing(context, line));
    out.extend(suspension::in_force(context, line));
    out.extend(contact::text::open(context, line));
    out.extend(waiting.map_or_else(Vec::new, |it| not_shown(context, it)));
    out.extend(announced(context, line));
    out.extend(announced_here(context, line));
    out.push(alive(context, line));
    out.extend(ways::evidence(context, line));
    out.extend(reachable::evidence(context, line));
    out.extend(watch::on_watch(context, line));
    out.extend(roster::text::evidence(context, line));
    out.extend(line_test::text::evidence(context, line));
    match &line.unopened {
        Some(unopened) => out.push(cannot_open(context, unopened)),
        None => out.extend(cannot_tell(context, line)),
    }
    out.extend(shortcomings(context, line));
    out.extend(notices(context, line));
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

/// What of theirs nobody here has seen: an urgency a line, the most urgent first.
pub fn not_shown(context: &Context<'_>, waiting: &NotShown) -> Vec<String> {
    let urgencies = [
        ("flash", waiting.flash),
        ("immediate", waiting.immediate),
        ("priority", waiting.priority),
        ("routine", waiting.routine),
    ];
    let there_are = |(_, count): &(&str, u64)| *count > 0;
    let tell = |(precedence, count): (&str, u64)| {
        let named = waiting.entries.iter();
        let named = named.filter(|entry| entry.precedence == precedence);
        let mut names: Vec<String> = named.map(|entry| marked(context, entry)).collect();
        if (names.len() as u64) < count {
            names.push("…".to_owned());
        }
        let blanks = [
            ("count", count.into()),
            ("precedence", precedence.to_uppercase().into()),
            ("entries", names.join(", ").into()),
        ];
        let text = context.words.fill("evidence-not-shown", &blanks);
        match precedence {
            "flash" | "immediate" => context.paint.bad(&text),
            _ => context.paint.doubtful(&text),
        }
    };
    let mut said: Vec<String> = urgencies.into_iter().filter(there_are).map(tell).collect();
    said.extend(without_text(context, waiting));
    said
}

/// Its name, with its mark if it is not meant: what is practised must not look like a FLASH that waits.
fn marked(context: &Context<'_>, entry: &NotShownEntry) -> String {
    match entry.mark.as_str() {
        "real" => entry.short.clone(),
        mark => format!(
            "{} {}",
            entry.short,
            context.words.text(&format!("mark-{mark}"))
        ),
    }
}

/// What came without its text is no message that waits for a reader: somebody has to ask for it.
fn without_text(context: &Context<'_>, waiting: &NotShown) -> Option<String> {
    if waiting.without_text == 0 {
        return None;
    }
    let named = waiting.entries.iter();
    let named = named.filter(|entry| entry.text_state.is_some());
    let mut names: Vec<&str> = named.map(|entry| entry.short.as_str()).collect();
    if (names.len() as u64) < waiting.without_text {
        names.push("…");
    }
    let blanks = [
        ("count", waiting.without_text.into()),
        ("entries", names.join(", ").into()),
    ];
    let text = context.words.fill("evidence-without-text", &blanks);
    Some(context.paint.bad(&text))
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

/// While nothing is heard on any way, cut ways and a dead station look the same, and we say so.
fn cannot_tell(context: &Context<'_>, line: &Line) -> Option<String> {
    let id = match line.ways.len() {
        0 | 1 => "evidence-cannot-tell",
        _ => "evidence-cannot-tell-ways",
    };
    (line.verdict == "no-sign-of-life").then(|| context.words.text(id))
}

/// Anybody can send in their name, so it says what may be, and what to ask before keys are renewed.
fn cannot_open(context: &Context<'_>, unopened: &Unopened) -> String {
    let time = |ms| time::time_of_day(ms).into();
    let blanks = [
        ("since", time(unopened.since_ms)),
        ("last", time(unopened.last_ms)),
    ];
    let text = context.words.fill("evidence-unopened", &blanks);
    context.paint.doubtful(&text)
}

fn shortcomings(context: &Context<'_>, line: &Line) -> Vec<String> {
    let words = |shortcoming: &String| {
        let id = format!("shortcoming-{shortcoming}");
        let text = context.words.find(&id);
        context
            .paint
            .doubtful(&text.unwrap_or_else(|| render::label(shortcoming)))
    };
    // What seals the line says already that so far it is the tape.
    let is_new = |it: &&String| *it != "tape-only" || line.epoch > 0;
    line.shortcomings.iter().filter(is_new).map(words).collect()
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
    let differed = line.alarms.iter().any(|it| it.cause == "number-mismatch");
    let id = match (line.number_compared.ours, line.number_compared.theirs) {
        _ if differed => "evidence-compared-in-vain",
        (true, true) => "evidence-compared",
        (true, false) if line.alive_as_of_ms.is_none() => "evidence-compared-by-us-alone",
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
