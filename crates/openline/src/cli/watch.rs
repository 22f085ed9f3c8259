//! `openline watch`: who is on watch, and one officer relieves another.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::args::{WatchAct, WatchHandOver, WatchOpen, WatchShow, WatchTakeOver};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::interrupt::Watch as Interrupts;
use super::lines::{by_our_clock, line_of};
use super::render::{label, name_in_quotes};
use super::station_error::exit_for;
use super::time;
use crate::api::types::{Accepted, Line, NewWatch, Officer, OnWatch, Status};
use crate::client::{Client, ClientError};

mod open_items;

use open_items::Open;

/// How long it may take until what was signed counts here: it is on the disk already.
const COUNTS: Duration = Duration::from_secs(1);

/// How often it is looked for.
const LOOK: Duration = Duration::from_millis(50);

/// Begins a watch.
pub async fn open(context: &Context<'_>, args: WatchOpen) -> Result<(), Failure> {
    let action = if args.instead { "replace" } else { "open" };
    let asked = NewWatch {
        confirms_ms: args
            .confirm_every
            .as_deref()
            .map(time::duration_ms)
            .transpose()?,
        ..of(action)
    };
    ask(
        context,
        args.line.name(),
        args.operator,
        asked,
        "watch-opened",
    )
    .await
}

/// Confirms that the officer is there.
pub async fn confirm(context: &Context<'_>, args: WatchAct) -> Result<(), Failure> {
    ask(
        context,
        args.line.name(),
        args.operator,
        of("confirm"),
        "watch-confirmed",
    )
    .await
}

/// Hands the watch over; what is open goes with it.
pub async fn hand_over(context: &Context<'_>, args: WatchHandOver) -> Result<(), Failure> {
    let client = context.acting(args.operator)?;
    let status = client.status().await?;
    before_handing_over(context, &status, (args.line.name(), &args.to))?;
    let open = Open::look(&client, &status, args.line.name()).await?;
    let items = match args.item.is_empty() {
        true => open.names(),
        false => args.item,
    };
    let asked = NewWatch {
        to: Some(args.to.clone()),
        items: items.clone(),
        lang: context.tag.clone(),
        ..of("hand-over")
    };
    let accepted = send(&client, args.line.name(), &asked).await?;
    let blanks = [
        ("to", name_in_quotes(&args.to).into()),
        ("count", items.len().into()),
        ("items", items.join(", ").into()),
    ];
    done(context, &accepted, "watch-handed-over", &blanks)?;
    match context.json {
        true => Ok(()),
        false => open.tell(context),
    }
}

/// Nobody relieves himself; and whoever was named before is told to be so no more.
fn before_handing_over(
    context: &Context<'_>,
    status: &Status,
    (line, to): (&str, &str),
) -> Result<(), Failure> {
    let line = line_of(status, line);
    let watches = line.into_iter().flat_map(|line| &line.watch);
    let officers = watches.filter(|it| it.party.ours);
    for officer in officers.flat_map(|it| &it.officers) {
        if officer.actor.name == to {
            let failure = Failure::new(Exit::Failed, "error-hand-over-to-oneself");
            return Err(failure.with("name", name_in_quotes(to)));
        }
        let handed = officer.handed_to.iter().filter(|_| !context.json);
        for before in handed {
            let blanks = [("to", name_in_quotes(before).into())];
            context.say("watch-hand-over-replaced", &blanks)?;
        }
    }
    Ok(())
}

/// Takes back a hand-over that was not taken.
pub async fn withdraw(context: &Context<'_>, args: WatchAct) -> Result<(), Failure> {
    ask(
        context,
        args.line.name(),
        args.operator,
        of("withdraw"),
        "watch-withdrawn",
    )
    .await
}

/// Takes the watch that was handed over.
pub async fn take_over(context: &Context<'_>, args: WatchTakeOver) -> Result<(), Failure> {
    let asked = NewWatch {
        confirms_ms: args
            .confirm_every
            .as_deref()
            .map(time::duration_ms)
            .transpose()?,
        ..of("take-over")
    };
    let line = args.line.name();
    ask(context, line, args.operator, asked, "watch-taken-over").await?;
    tell_open(context, line).await
}

/// What the one who comes finds open, and the one who leaves leaves.
async fn tell_open(context: &Context<'_>, line: &str) -> Result<(), Failure> {
    if context.json {
        return Ok(());
    }
    let client = context.client();
    let open = Open::look(&client, &client.status().await?, line).await?;
    context.say("watch-open-items", &[("count", open.items.len().into())])?;
    open.tell(context)
}

/// Ends the watch.
pub async fn close(context: &Context<'_>, args: WatchAct) -> Result<(), Failure> {
    let line = args.line.name();
    let name = context.named(args.operator)?;
    if context.is_attended() {
        before_closing(context, line).await?;
    }
    ask(context, line, name, of("close"), "watch-is-closed").await?;
    tell_open(context, line).await
}

/// Whoever leaves something urgent to nobody says that he means it.
async fn before_closing(context: &Context<'_>, line: &str) -> Result<(), Failure> {
    let client = context.client();
    let open = Open::look(&client, &client.status().await?, line).await?;
    if !open.is_urgent() {
        return Ok(());
    }
    context.say("watch-open-items", &[("count", open.items.len().into())])?;
    open.tell(context)?;
    let _interrupts = Interrupts::begin(context, "error-interrupted-unsent");
    match context.ask_yes(&context.words.text("watch-ask-close"))? {
        true => Ok(()),
        false => Err(Failure::new(Exit::Failed, "error-watch-not-closed")),
    }
}

/// Who is on watch on either side.
pub async fn show(context: &Context<'_>, args: WatchShow) -> Result<(), Failure> {
    let status = context.client().status().await?;
    context.refuse_no_line(&status)?;
    let wanted = args.line.line.as_deref();
    let is_meant = |it: &&Line| wanted.is_none_or(|line| line == it.name || line == it.line);
    for line in status.lines.iter().filter(is_meant) {
        if context.json {
            context.print_json(&line.watch)?;
            continue;
        }
        context.print(super::render::of_line(context, &line.name))?;
        on_watch(context, line)
            .iter()
            .try_for_each(|it| context.tell(&format!("  {it}")))?;
    }
    Ok(())
}

/// Who is on watch, for each side a sentence.
pub fn on_watch(context: &Context<'_>, line: &Line) -> Vec<String> {
    let is_heard = !super::lines::is_silent(line);
    let said = line.watch.iter().map(|watch| {
        let text = side(context, line, watch);
        match (is_heard || watch.party.ours, line.alive_as_of_ms) {
            (false, Some(at)) => {
                let blanks = [("when", time::date_and_time(at).into())];
                format!("{} {text}", context.words.fill("watch-as-of", &blanks))
            }
            _ => text,
        }
    });
    said.collect()
}

fn side(context: &Context<'_>, line: &Line, watch: &OnWatch) -> String {
    let officers = watch.officers.iter().map(|officer| {
        let handed: Vec<String> = officer
            .handed_to
            .iter()
            .map(|to| name_in_quotes(to))
            .collect();
        let blanks = [
            ("name", name_in_quotes(&officer.actor.name).into()),
            (
                "since",
                time::time_of_day(by_our_clock(line, watch.party.ours, officer.since_ms)).into(),
            ),
            ("to", handed.join(", ").into()),
            (
                "next",
                officer
                    .confirms_by_ms
                    .map_or_else(|| "none".to_owned(), time::time_of_day)
                    .into(),
            ),
            (
                "handed",
                if handed.is_empty() { "no" } else { "yes" }.into(),
            ),
        ];
        context.words.fill("watch-officer", &blanks)
    });
    let officers: Vec<String> = officers.collect();
    let blanks = [
        ("party", label(&watch.party.name).into()),
        ("ours", if watch.party.ours { "yes" } else { "no" }.into()),
        ("officers", officers.join("; ").into()),
        ("two", if officers.len() > 1 { "yes" } else { "no" }.into()),
    ];
    let text = match watch.duty.as_str() {
        "nobody" => context.words.fill("watch-duty-nobody", &blanks),
        "overdue" => context.words.fill("watch-duty-overdue", &blanks),
        _ => context.words.fill("watch-duty-present", &blanks),
    };
    match watch.duty.as_str() {
        "present" if officers.len() == 1 => text,
        _ => context.paint.doubtful(&text),
    }
}

fn of(action: &str) -> NewWatch {
    NewWatch {
        action: action.to_owned(),
        ..NewWatch::default()
    }
}

async fn ask(
    context: &Context<'_>,
    line: &str,
    operator: Option<String>,
    asked: NewWatch,
    said: &'static str,
) -> Result<(), Failure> {
    let client = context.acting(operator)?;
    let is_told = !context.json
        && matches!(
            asked.action.as_str(),
            "open" | "replace" | "confirm" | "take-over"
        );
    let before = match is_told {
        true => Some(client.status().await?),
        false => None,
    };
    let accepted = send(&client, line, &asked).await?;
    let next = match &before {
        Some(before) => next_confirmation(&client, line, before, &accepted).await,
        None => None,
    };
    let next = next.map(time::time_of_day);
    let blanks = [("next", next.unwrap_or_else(|| "none".to_owned()).into())];
    done(context, &accepted, said, &blanks)
}

/// Who is on watch is named where the station says that it is somebody else.
async fn send(client: &Client, line: &str, asked: &NewWatch) -> Result<Accepted, Failure> {
    let problem = match client.watch(line, asked).await {
        Err(ClientError::Refused(problem)) => problem,
        other => return Ok(other?),
    };
    let id = match problem.error.as_str() {
        "watch-somebody" => "error-watch-somebody",
        "watch-not-the-officer" => "error-watch-not-the-officer",
        "watch-not-the-one-named" => "error-watch-not-the-one-named",
        _ => return Err(ClientError::Refused(problem).into()),
    };
    let exit = exit_for(&problem.error);
    let status = client.status().await?;
    let officers = officers(line_of(&status, line), true);
    let names = |names: Vec<&String>| {
        let names: Vec<String> = names.into_iter().map(|it| name_in_quotes(it)).collect();
        match names.is_empty() {
            true => "none".to_owned(),
            false => names.join(", "),
        }
    };
    let handed = officers.iter().flat_map(|it| &it.handed_to).collect();
    let there = officers.iter().map(|it| &it.actor.name).collect();
    Err(Failure::new(exit, id)
        .with("names", names(there))
        .with("to", names(handed)))
}

/// Until when whoever just signed is to confirm again, once that entry counts; none if that takes too long.
async fn next_confirmation(
    client: &Client,
    line: &str,
    before: &Status,
    accepted: &Accepted,
) -> Option<u64> {
    /// Both are conversions of one clock into another, which may differ by a little.
    const SAME_MS: u64 = 500;
    let entry = accepted.entry.as_deref()?;
    let name = client.entry(line, entry).await.ok()?.actor.name;
    let by = |status: &Status| {
        let officers = officers(line_of(status, line), true);
        let his = officers.into_iter().find(|it| it.actor.name == name);
        his.and_then(|it| it.confirms_by_ms)
    };
    let before = by(before).map_or(0, |at| at.saturating_add(SAME_MS));
    let deadline = Instant::now() + COUNTS;
    loop {
        let now = by(&client.status().await.ok()?).filter(|at| *at > before);
        if now.is_some() || Instant::now() > deadline {
            return now;
        }
        sleep(LOOK).await;
    }
}

/// The officers on watch for one of the sides.
pub fn officers(line: Option<&Line>, ours: bool) -> Vec<Officer> {
    let watches = line.into_iter().flat_map(|line| &line.watch);
    let of_side = watches.filter(|it| it.party.ours == ours);
    of_side.flat_map(|it| it.officers.clone()).collect()
}

pub(super) fn done(
    context: &Context<'_>,
    accepted: &Accepted,
    said: &'static str,
    blanks: &crate::i18n::Args<'_>,
) -> Result<(), Failure> {
    match context.json {
        true => context.print_json(accepted),
        false => context.say(said, blanks),
    }
}
