//! `openline watch roster`: who is to be on watch when, and a new plan of ours.

use openline_wire::limits;

use super::args::{Roster, RosterSet, RosterShow, RosterWithdraw};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::render::label;
use super::time;
use super::watch::done;
use crate::api::types::{NewRoster, NewShift, Rosters};
use crate::client::Client;

mod file;
pub mod text;

const DAY_MS: u64 = 86_400_000;

/// Carries out one of the commands.
pub async fn run(context: &Context<'_>, command: Roster) -> Result<(), Failure> {
    match command {
        Roster::Show(args) => show(context, args).await,
        Roster::Set(args) => set(context, args).await,
        Roster::Withdraw(args) => withdraw(context, args).await,
    }
}

/// The shifts and the gaps of the next days, of both sides.
async fn show(context: &Context<'_>, args: RosterShow) -> Result<(), Failure> {
    let status = context.client().status().await?;
    context.refuse_no_line(&status)?;
    let rosters = context.client().rosters(args.line.name()).await?;
    if context.json {
        return context.print_json(&rosters);
    }
    let now = time::now_ms();
    let until = now.saturating_add(args.days * DAY_MS);
    print(context, &rosters, now, until)
}

fn print(context: &Context<'_>, rosters: &Rosters, now: u64, until: u64) -> Result<(), Failure> {
    for (number, party) in rosters.parties.iter().enumerate() {
        if number > 0 {
            context.print("")?;
        }
        let name = label(&party.planned.party.name);
        context.print(context.paint.strong(&name))?;
        for line in text::table(context, party, now, until) {
            context.print(line)?;
        }
    }
    Ok(())
}

/// Plans what a file says, in place of what was planned.
async fn set(context: &Context<'_>, args: RosterSet) -> Result<(), Failure> {
    let shifts = file::read(&args.file)?;
    if shifts.is_empty() {
        return Err(Failure::new(Exit::Usage, "error-roster-empty"));
    }
    let now = time::now_ms();
    refuse_another_time(&shifts, now)?;
    let count = shifts.len();
    let rows = rows(context, &shifts, now);
    let roster = NewRoster {
        shifts,
        actor: None,
    };
    let client = context.acting(args.operator)?;
    let is_replaced = is_planned(&client, args.line.name()).await;
    let accepted = client.plan(args.line.name(), &roster).await?;
    let replaced = if is_replaced { "yes" } else { "no" };
    let blanks = [("count", count.into()), ("replaced", replaced.into())];
    done(context, &accepted, "roster-set", &blanks)?;
    if context.json {
        return Ok(());
    }
    // What nobody noticed while writing it is said at once, and not twelve hours before.
    let mut rows = rows.into_iter();
    rows.try_for_each(|row| context.print(format!("  {row}")))
}

/// Whether a roster of ours stands. A station that can't tell yet has none to replace in our words.
async fn is_planned(client: &Client, line: &str) -> bool {
    let rosters = client.rosters(line).await;
    let parties = rosters.map(|it| it.parties).unwrap_or_default();
    let mut ours = parties.iter().filter(|it| it.planned.party.ours);
    ours.any(|it| !it.rosters.is_empty())
}

/// A year or a zone that was mistyped: nothing of it lies ahead, or all of it too far.
fn refuse_another_time(shifts: &[NewShift], now: u64) -> Result<(), Failure> {
    let ends = shifts.iter().map(|it| it.until_ms).max();
    let begins = shifts.iter().map(|it| it.from_ms).min();
    let is_far = |begin: u64| begin > now.saturating_add(limits::TERM_DOUBT_MS);
    match (ends, begins) {
        (Some(end), _) if end <= now => {
            Err(Failure::new(Exit::Usage, "error-roster-past")
                .with("when", time::date_and_time(end)))
        }
        (_, Some(begin)) if is_far(begin) => {
            Err(Failure::new(Exit::Usage, "error-roster-far")
                .with("when", time::date_and_time(begin)))
        }
        _ => Ok(()),
    }
}

/// The shifts that are not over, as they were understood, and the gaps from now on, each in its place.
fn rows(context: &Context<'_>, shifts: &[NewShift], now: u64) -> Vec<String> {
    let ahead = shifts.iter().filter(|it| it.until_ms > now);
    let gaps = uncovered(shifts, now);
    let mut rows: Vec<(u64, String)> = ahead
        .map(|it| (it.from_ms, text::planned(context, it)))
        .chain(
            gaps.into_iter()
                .map(|(from, until)| (from, text::gap(context, from, until))),
        )
        .collect();
    rows.sort_by_key(|(from, _)| *from);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The times from now on in which none of these shifts runs; the last one has no end.
fn uncovered(shifts: &[NewShift], now: u64) -> Vec<(u64, Option<u64>)> {
    let times = shifts.iter().map(|it| (it.from_ms, it.until_ms));
    let mut times: Vec<(u64, u64)> = times.collect();
    times.sort_unstable();
    let (mut covered, mut gaps) = (now, Vec::new());
    for (from, until) in times {
        if from > covered {
            gaps.push((covered, Some(from)));
        }
        covered = covered.max(until);
    }
    gaps.push((covered, None));
    gaps
}

/// Takes back what was planned.
async fn withdraw(context: &Context<'_>, args: RosterWithdraw) -> Result<(), Failure> {
    let client = context.acting(args.operator)?;
    let none = NewRoster::default();
    let accepted = client.plan(args.line.name(), &none).await?;
    done(context, &accepted, "roster-withdrawn", &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_leaves_open_is_told_from_now_on() {
        let shift = |from_ms, until_ms| NewShift {
            from_ms,
            until_ms,
            officer: "Orlova".to_owned(),
        };
        // In no order, two of them at one time.
        let shifts = [shift(50, 60), shift(10, 30), shift(20, 40)];
        let open = [(5, Some(10)), (40, Some(50)), (60, None)];
        assert_eq!(uncovered(&shifts, 5), open);
        assert_eq!(uncovered(&shifts, 45), [(45, Some(50)), (60, None)]);
    }
}
