//! `openline watch`, `openline suspend`, `openline resume`: who is on watch, one officer relieves another, and the line is
//! suspended without being cut.

use openline_wire::limits;

use super::args::{
    Resume, Suspend, SuspensionReason, WatchAct, WatchHandOver, WatchOpen, WatchShow, WatchTakeOver,
};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::render::{label, name_in_quotes};
use super::time;
use crate::api::types::{
    Accepted, EntriesQuery, Entry, Line, NewSuspension, NewWatch, OnWatch, Status, Suspension,
};
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
    let client = context.acting(args.operator)?;
    before_handing_over(
        context,
        &client.status().await?,
        (args.line.name(), &args.to),
    )?;
    let items = match args.item.is_empty() {
        true => {
            let mut items = all_open(&client, args.line.name()).await?;
            items.truncate(limits::OPEN_ITEMS);
            items
        }
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

/// Nobody relieves himself; and whoever was named before is told to be so no more.
fn before_handing_over(
    context: &Context<'_>,
    status: &Status,
    (line, to): (&str, &str),
) -> Result<(), Failure> {
    let line = super::lines::line_of(status, line);
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

/// All that is open on a line.
async fn all_open(client: &Client, line: &str) -> Result<Vec<String>, Failure> {
    let mut items = open_items(&client.status().await?, line);
    items.extend(unsettled(client, line).await?);
    Ok(items)
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

/// Texts of the last day that somebody waits for: theirs that are urgent and nobody has signed as read, and ours that are not on
/// their disk.
async fn unsettled(client: &Client, line: &str) -> Result<Vec<String>, Failure> {
    const DAY_MS: u64 = 24 * 3_600_000;
    /// Entries that are looked at, newest day first to last: what a line in its worst day has.
    const PAGES: usize = 20;
    let mut query = EntriesQuery {
        since: Some(time::now_ms().saturating_sub(DAY_MS)),
        limit: Some(1_000),
        ..EntriesQuery::default()
    };
    let mut items = Vec::new();
    for _ in 0..PAGES {
        let page = client.entries(line, &query).await?;
        let waits = page.entries.iter().filter(|entry| is_unsettled(entry));
        items.extend(waits.map(|entry| entry.short.clone()));
        if page.next.is_none() {
            break;
        }
        query.after = page.next;
    }
    Ok(items)
}

/// What nobody was shown is listed apart.
fn is_unsettled(entry: &Entry) -> bool {
    let has = |stage: &str| entry.stages.iter().any(|it| it.stage == stage);
    let is_urgent = matches!(entry.precedence.as_str(), "flash" | "immediate");
    let is_meant = entry.kind == "message" && entry.mark == "real";
    match entry.ours {
        true => is_meant && !has("stored"),
        false => is_meant && is_urgent && !entry.not_shown && !has("read"),
    }
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
    let items = all_open(&context.client(), line).await?;
    let blanks = [
        ("count", items.len().into()),
        ("items", items.join(", ").into()),
    ];
    context.say("watch-open-items", &blanks)
}

/// Ends the watch.
pub async fn close(context: &Context<'_>, args: WatchAct) -> Result<(), Failure> {
    let line = args.line.name();
    ask(context, line, args.operator, of("close"), "watch-is-closed").await?;
    tell_open(context, line).await
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

/// Suspends the line for our side.
pub async fn suspend(context: &Context<'_>, args: Suspend) -> Result<(), Failure> {
    let client = context.acting(args.operator)?;
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
    let client = context.acting(args.operator)?;
    let asked = NewSuspension {
        action: "resume".to_owned(),
        ..NewSuspension::default()
    };
    let accepted = client.suspension(args.line.name(), &asked).await?;
    done(context, &accepted, "resume-done", &[])
}

/// Who is on watch, for each side a sentence.
pub fn on_watch(context: &Context<'_>, line: &Line) -> Vec<String> {
    let is_heard = !super::lines::is_silent(line);
    let said = line.watch.iter().map(|watch| {
        let text = side(context, watch);
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

async fn ask(
    context: &Context<'_>,
    line: &str,
    operator: Option<String>,
    asked: NewWatch,
    said: &'static str,
) -> Result<(), Failure> {
    let accepted = context.acting(operator)?.watch(line, &asked).await?;
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
