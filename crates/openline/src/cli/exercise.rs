//! `openline exercise`: both sides agree to practise, and either ends it; and how what is practised looks on a screen.
//!
//! Every line of it says so by itself, before all else: no line that is copied out of it, read out or cut off at a screen's edge
//! looks as if it were meant.

use super::args::{ExerciseAccept, ExerciseEnd, ExercisePropose, ExerciseShow};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::lines::by_our_clock;
use super::render::{label, name_in_quotes};
use super::say::or_give_back;
use super::{layout, time};
use crate::api::types::{Accepted, BrokeIn, Exercise, ExerciseSigned, Line, NewExercise, Status};

/// Proposes an exercise.
pub async fn propose(context: &Context<'_>, args: ExercisePropose) -> Result<(), Failure> {
    let for_ms = time::duration_ms(&args.duration)?;
    let client = context.acting(args.operator)?;
    let text = super::ring::words(context, args.stdin, "exercise-ask-what")?;
    let asked = NewExercise {
        for_ms: Some(for_ms),
        text: text.clone(),
        lang: context.tag.clone(),
        ..of("propose")
    };
    let accepted = client.exercise(args.line.name(), &asked).await;
    let accepted = or_give_back(context, &text, accepted)?;
    done(context, &accepted, "exercise-is-proposed")
}

/// Takes part in what the other side proposed.
pub async fn accept(context: &Context<'_>, args: ExerciseAccept) -> Result<(), Failure> {
    let client = context.acting(args.operator)?;
    let proposal = match args.proposal {
        Some(proposal) => proposal,
        None => theirs(&client.status().await?, args.line.name())?,
    };
    let asked = NewExercise {
        proposal: Some(proposal),
        ..of("accept")
    };
    let accepted = client.exercise(args.line.name(), &asked).await?;
    done(context, &accepted, "exercise-is-accepted")
}

/// The one exercise that the other side proposes.
fn theirs(status: &Status, line: &str) -> Result<String, Failure> {
    let lines = status.lines.iter().filter(|it| is_meant(it, Some(line)));
    let open = lines.flat_map(|line| &line.exercises);
    let open: Vec<&Exercise> = open
        .filter(|it| it.state == "proposed" && !it.proposed.by.ours)
        .collect();
    match open.as_slice() {
        [it] => Ok(it.proposed.entry.clone()),
        [] => Err(Failure::new(Exit::Failed, "error-exercise-none-proposed")),
        several => Err(
            Failure::new(Exit::Failed, "error-exercise-several-proposed").with(
                "entries",
                several
                    .iter()
                    .map(|it| short(it))
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
        ),
    }
}

/// Ends what is in force, or drops what is proposed.
pub async fn end(context: &Context<'_>, args: ExerciseEnd) -> Result<(), Failure> {
    let client = context.acting(args.operator)?;
    let accepted = client.exercise(args.line.name(), &of("end")).await?;
    done(context, &accepted, "exercise-is-ended")
}

/// What is proposed and what is in force.
pub async fn show(context: &Context<'_>, args: ExerciseShow) -> Result<(), Failure> {
    let status = context.client().status().await?;
    context.refuse_no_line(&status)?;
    let wanted = args.line.line.as_deref();
    for line in status.lines.iter().filter(|it| is_meant(it, wanted)) {
        if context.json {
            context.print_json(&line.exercises)?;
            continue;
        }
        context.print(super::render::of_line(context, &line.name))?;
        let mut said = standing(context, line);
        if said.is_empty() {
            said.push(context.words.text("exercise-none"));
        }
        for text in said {
            let lines = layout::wrap(&text, "  ", "    ", layout::columns());
            lines.iter().try_for_each(|it| context.print(it))?;
        }
    }
    Ok(())
}

fn is_meant(line: &Line, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|it| it == "-" || it == line.name || it == line.line)
}

/// What stands of exercises on a line, one sentence each: what broke in first, since it is meant.
pub fn standing(context: &Context<'_>, line: &Line) -> Vec<String> {
    let real = line.exercises.iter().flat_map(|it| real(context, it));
    let exercises = line.exercises.iter().map(|it| one(context, line, it));
    real.chain(exercises).collect()
}

/// Whether one is in force on any line.
pub fn runs(status: &Status) -> bool {
    let mut exercises = status.lines.iter().flat_map(|line| &line.exercises);
    exercises.any(|it| it.state == "in-force")
}

/// What is meant and came since it began.
fn real(context: &Context<'_>, exercise: &Exercise) -> Option<String> {
    let named = |it: &BrokeIn| {
        let urgency = it.precedence.to_uppercase();
        format!("{} {urgency} {}", it.short, label(&it.by.name))
    };
    let mut entries: Vec<String> = exercise.broke_in.iter().take(3).map(named).collect();
    if (entries.len() as u64) < exercise.real {
        entries.push("…".to_owned());
    }
    let blanks = [
        ("count", exercise.real.into()),
        ("entries", entries.join(", ").into()),
    ];
    (exercise.real > 0).then(|| {
        let text = context.words.fill("evidence-real", &blanks);
        context.paint.bad(&text)
    })
}

fn one(context: &Context<'_>, line: &Line, exercise: &Exercise) -> String {
    let accepted = exercise.accepted.as_ref();
    let name = |it: &ExerciseSigned| name_in_quotes(&it.actor.name);
    let what = exercise.text.as_deref();
    let what = what.map(|text| name_in_quotes(&shortened(text)));
    let blanks = [
        ("what", what.unwrap_or_else(|| "none".to_owned()).into()),
        ("short", short(exercise).into()),
        (
            "ours",
            if exercise.proposed.by.ours {
                "yes"
            } else {
                "no"
            }
            .into(),
        ),
        ("party", label(&exercise.proposed.by.name).into()),
        ("name", name(&exercise.proposed).into()),
        (
            "other",
            accepted
                .map(|it| label(&it.by.name))
                .unwrap_or_default()
                .into(),
        ),
        ("by", accepted.map(name).unwrap_or_default().into()),
        (
            "since",
            accepted
                .map(|it| time::date_and_time(by_our_clock(line, it.by.ours, it.at_ms)))
                .unwrap_or_default()
                .into(),
        ),
        ("until", time::date_and_time(exercise.until_ms).into()),
    ];
    let id = match accepted {
        Some(_) => "evidence-exercise-in-force",
        None => "evidence-exercise-proposed",
    };
    context.paint.doubtful(&context.words.fill(id, &blanks))
}

/// What is exercised, as far as a status has room for it; the entry says the rest.
fn shortened(text: &str) -> String {
    const MOST: usize = 160;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What people call the proposal by.
fn short(exercise: &Exercise) -> String {
    let first = || super::render::first_digits(&exercise.proposed.entry);
    exercise.short.clone().unwrap_or_else(first)
}

/// Puts the frame around lines of what is marked as an exercise, on each of them; what is meant, or a test, stays as it is.
pub fn framed(context: &Context<'_>, mark: &str, lines: Vec<String>) -> Vec<String> {
    framed_in(context, mark, lines, layout::columns())
}

/// The same for so many columns.
pub fn framed_in(
    context: &Context<'_>,
    mark: &str,
    lines: Vec<String>,
    columns: usize,
) -> Vec<String> {
    if mark != "exercise" {
        return lines;
    }
    let frame = frame(context);
    let painted = context.paint.doubtful(&frame);
    let room = columns.saturating_sub(layout::width(&frame));
    let cut = lines.iter().flat_map(|line| layout::again(line, room));
    cut.map(|line| format!("{painted}{line}")).collect()
}

/// How many columns a line has that is going to be framed.
pub fn columns(context: &Context<'_>, mark: &str) -> usize {
    match mark {
        "exercise" => layout::columns().saturating_sub(layout::width(&frame(context))),
        _ => layout::columns(),
    }
}

fn frame(context: &Context<'_>) -> String {
    format!("{} ┃ ", context.words.text("mark-exercise"))
}

/// Before something that is meant and comes while an exercise runs: apart from it, and loud.
pub fn breaking_in(context: &Context<'_>, breaks_in: bool) -> Option<String> {
    breaks_in.then(|| context.paint.bad(&context.words.text("real-breaks-in")))
}

fn of(action: &str) -> NewExercise {
    NewExercise {
        action: action.to_owned(),
        ..NewExercise::default()
    }
}

fn done(context: &Context<'_>, accepted: &Accepted, said: &'static str) -> Result<(), Failure> {
    match context.json {
        true => context.print_json(accepted),
        false => context.say(said, &[]),
    }
}
