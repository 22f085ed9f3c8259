//! `openline watch`, `openline suspend`, `openline resume`: who is on watch, one officer relieves another, and the line is
//! suspended without being cut.

use super::args::{
    Resume, Suspend, SuspensionReason, WatchAct, WatchHandOver, WatchOpen, WatchShow, WatchTakeOver,
};
use super::context::Context;
use super::failure::Failure;
use super::render::{label, name_in_quotes};
use super::time;
use crate::api::types::{Accepted, Line, NewSuspension, NewWatch, OnWatch, Status, Suspension};
use crate::client::Client;

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
    let client = acting(context, args.operator)?;
    let items = match args.item.is_empty() {
        true => open_items(&client.status().await?, args.line.name()),
        false => args.item,
    };
    let asked = NewWatch {
        to: Some(args.to.clone()),
        items: items.clone(),
        lang: context.tag.clone(),
        ..of("hand-over")
    };
    let accepted = client.watch(args.line.name(), &asked).await?;
    let blanks = [
        ("to", name_in_quotes(&args.to).into()),
        ("count", items.len().into()),
        ("items", items.join(", ").into()),
    ];
    done(context, &accepted, "watch-handed-over", &blanks)
}

/// What is open on a line: what nobody was shown, rings that have not ended, and proposals that nobody has settled.
fn open_items(status: &Status, line: &str) -> Vec<String> {
    let is_meant = |it: &&Line| line == "-" || line == it.name || line == it.line;
    let Some(line) = status.lines.iter().find(is_meant) else {
        return Vec::new();
    };
    let not_shown = line.not_shown.iter().flat_map(|it| &it.entries);
    let runs = |state: &str| matches!(state, "calling" | "ringing" | "answered");
    let rings = line.rings.iter().filter(|ring| runs(&ring.state));
    let mut items: Vec<String> = rings.map(|ring| ring.short.clone()).collect();
    let contacts = line.contacts.iter().filter(|it| it.here);
    let proposals = contacts.flat_map(|it| &it.proposals);
    let open = proposals.filter(|it| it.state != "confirmed");
    items.extend(open.map(|it| it.short.clone()));
    items.extend(not_shown.map(|entry| entry.short.clone()));
    items
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
    ask(
        context,
        args.line.name(),
        args.operator,
        asked,
        "watch-taken-over",
    )
    .await
}

/// Ends the watch.
pub async fn close(context: &Context<'_>, args: WatchAct) -> Result<(), Failure> {
    ask(
        context,
        args.line.name(),
        args.operator,
        of("close"),
        "watch-is-closed",
    )
    .await
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
        context.print(format!("{}:", label(&line.name)))?;
        on_watch(context, line)
            .iter()
            .try_for_each(|it| context.tell(&format!("  {it}")))?;
    }
    Ok(())
}

/// Suspends the line for our side.
pub async fn suspend(context: &Context<'_>, args: Suspend) -> Result<(), Failure> {
    let client = acting(context, args.operator)?;
    let reason = match args.reason {
        SuspensionReason::Ordered => "ordered",
        SuspensionReason::Compromise => "compromise",
        SuspensionReason::Other => "other",
    };
    let text = super::ring::words(context, args.stdin, "suspend-ask-reason")?;
    let asked = NewSuspension {
        action: "suspend".to_owned(),
        reason: Some(reason.to_owned()),
        text,
        lang: context.tag.clone(),
        actor: None,
    };
    let accepted = client.suspension(args.line.name(), &asked).await?;
    done(context, &accepted, "suspend-done", &[])
}

/// Ends our side's suspension.
pub async fn resume(context: &Context<'_>, args: Resume) -> Result<(), Failure> {
    let client = acting(context, args.operator)?;
    let asked = NewSuspension {
        action: "resume".to_owned(),
        ..NewSuspension::default()
    };
    let accepted = client.suspension(args.line.name(), &asked).await?;
    done(context, &accepted, "resume-done", &[])
}

/// Who is on watch, for each side a sentence.
pub fn on_watch(context: &Context<'_>, line: &Line) -> Vec<String> {
    line.watch
        .iter()
        .map(|watch| side(context, watch))
        .collect()
}

fn side(context: &Context<'_>, watch: &OnWatch) -> String {
    let officers = watch.officers.iter().map(|officer| {
        let handed: Vec<String> = officer
            .handed_to
            .iter()
            .map(|to| name_in_quotes(to))
            .collect();
        let blanks = [
            ("name", name_in_quotes(&officer.actor.name).into()),
            ("since", time::time_of_day(officer.since_ms).into()),
            ("to", handed.join(", ").into()),
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

/// Suspensions in force, one sentence each: first of all that is to be read.
pub fn suspensions(context: &Context<'_>, line: &Line) -> Vec<String> {
    let said = |suspension: &Suspension| {
        let reason = context
            .words
            .find(&format!("suspension-reason-{}", suspension.reason));
        let blanks = [
            ("party", label(&suspension.by.name).into()),
            ("ours", if suspension.by.ours { "yes" } else { "no" }.into()),
            ("name", name_in_quotes(&suspension.actor.name).into()),
            ("since", time::date_and_time(suspension.since_ms).into()),
            (
                "reason",
                reason.unwrap_or_else(|| label(&suspension.reason)).into(),
            ),
        ];
        context
            .paint
            .bad(&context.words.fill("evidence-suspended", &blanks))
    };
    line.suspended.iter().map(said).collect()
}

fn of(action: &str) -> NewWatch {
    NewWatch {
        action: action.to_owned(),
        ..NewWatch::default()
    }
}

/// Only a person can be on watch, or suspend a line: he says who he is.
pub fn acting(context: &Context<'_>, operator: Option<String>) -> Result<Client, Failure> {
    let name = match operator {
        None if context.is_attended() => Some(context.ask_name()?),
        operator => operator,
    };
    Ok(match name {
        Some(name) => context.client().as_actor(name),
        None => context.client(),
    })
}

async fn ask(
    context: &Context<'_>,
    line: &str,
    operator: Option<String>,
    asked: NewWatch,
    said: &'static str,
) -> Result<(), Failure> {
    let accepted = acting(context, operator)?.watch(line, &asked).await?;
    done(context, &accepted, said, &[])
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
