//! What a person reads of rosters: the table, what `status` says of them, and an entry that sets one.
//!
//! Times stand in this machine's zone, by which people come to their shifts, and in UTC beside it, by which two parties speak of them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::api::types::{Entry, Line, NewShift, PartyRoster, Planned, Shift};
use crate::cli::context::Context;
use crate::cli::render::{label, name_in_quotes};
use crate::cli::time;

/// The shifts of a party and its gaps, as far as they lie between two times, each in its place.
pub fn table(context: &Context<'_>, party: &PartyRoster, now: u64, until: u64) -> Vec<String> {
    if party.rosters.is_empty() {
        return vec![format!("  {}", none(context, &party.planned))];
    }
    let mut out = Vec::new();
    if party.rosters.len() > 1 {
        let two = context.words.text("roster-several");
        out.push(format!("  {}", context.paint.doubtful(&two)));
    }
    if party.planned.state == "clock-in-doubt" {
        let doubt = context.words.text("roster-clock");
        out.push(format!("  {}", context.paint.doubtful(&doubt)));
    }
    let shifts = party.rosters.iter().flat_map(|it| &it.shifts);
    let shifts = shifts.filter(|it| it.until_ms > now && it.from_ms < until);
    let mut rows: Vec<(u64, String)> = shifts
        .map(|it| (it.from_ms, row(context, it, party.planned.now.as_ref())))
        .collect();
    let begun = party.gaps.iter().filter(|it| it.from_ms < until);
    rows.extend(begun.map(|it| (it.from_ms, gap(context, it.from_ms, it.until_ms))));
    rows.sort_by_key(|(from, _)| *from);
    out.extend(rows.into_iter().map(|(_, row)| format!("  {row}")));
    out
}

/// `2026-11-29 08:00 – 20:00 +03:00 (05:00Z – 17:00Z)  “Lt. Orlova”`
fn row(context: &Context<'_>, shift: &Shift, now: Option<&Shift>) -> String {
    let blanks = [
        ("when", when(shift.from_ms, Some(shift.until_ms)).into()),
        ("officer", name_in_quotes(&shift.officer).into()),
    ];
    match now == Some(shift) {
        true => context
            .paint
            .strong(&context.words.fill("roster-row-now", &blanks)),
        false => context.words.fill("roster-row", &blanks),
    }
}

/// A shift of a file, in the same form.
pub fn planned(context: &Context<'_>, shift: &NewShift) -> String {
    let blanks = [
        ("when", when(shift.from_ms, Some(shift.until_ms)).into()),
        ("officer", name_in_quotes(&shift.officer).into()),
    ];
    context.words.fill("roster-row", &blanks)
}

/// `2026-11-29 20:00 – … +03:00 (2026-11-29 17:00Z)  NOBODY`
pub fn gap(context: &Context<'_>, from: u64, until: Option<u64>) -> String {
    let blanks = [("when", when(from, until).into())];
    let text = context.words.fill("roster-row-gap", &blanks);
    context.paint.bad(&text)
}

/// From when until when: here, and in UTC.
fn when(from: u64, until: Option<u64>) -> String {
    let here = |ms: u64, form: &str| {
        let ms = i64::try_from(ms).unwrap_or(i64::MAX);
        let moment = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX);
        let zoned = moment.to_zoned(TimeZone::system());
        zoned.strftime(form).to_string()
    };
    let utc = |ms: u64| {
        let text = time::date_and_time(ms);
        // Shifts change at whole minutes.
        text.replace(":00Z", "Z")
    };
    let day = "%Y-%m-%d %H:%M";
    match until {
        Some(until) => format!(
            "{} – {} ({} – {})",
            here(from, day),
            here(until, "%Y-%m-%d %H:%M %:z"),
            utc(from),
            utc(until)
        ),
        None => format!("{} – … ({})", here(from, "%Y-%m-%d %H:%M %:z"), utc(from)),
    }
}

/// What `status` says of the rosters, for each side a sentence.
pub fn evidence(context: &Context<'_>, line: &Line) -> Vec<String> {
    let parties = line.planned.iter();
    parties.map(|it| side(context, it)).collect()
}

fn side(context: &Context<'_>, planned: &Planned) -> String {
    let words = context.words;
    let officer = |shift: &Option<Shift>| {
        let name = shift.as_ref().map(|it| name_in_quotes(&it.officer));
        name.unwrap_or_default()
    };
    let at = |ms: Option<u64>| ms.map(time::time_of_day).unwrap_or_default();
    let shift = planned.now.as_ref();
    let gap = planned.gap.as_ref();
    let blanks = [
        ("party", label(&planned.party.name).into()),
        ("ours", if planned.party.ours { "yes" } else { "no" }.into()),
        ("running", if shift.is_some() { "yes" } else { "no" }.into()),
        ("officer", officer(&planned.now).into()),
        ("until", at(shift.map(|it| it.until_ms)).into()),
        (
            "coming",
            if planned.next.is_some() { "yes" } else { "no" }.into(),
        ),
        ("next", officer(&planned.next).into()),
        (
            "from",
            at(planned.next.as_ref().map(|it| it.from_ms)).into(),
        ),
        ("gap", at(gap.map(|it| it.from_ms)).into()),
        ("ends", at(gap.and_then(|it| it.until_ms)).into()),
        (
            "closes",
            if gap.is_some_and(|it| it.until_ms.is_some()) {
                "yes"
            } else {
                "no"
            }
            .into(),
        ),
        ("missed", officer(&planned.not_taken).into()),
    ];
    match (planned.state.as_str(), &planned.not_taken) {
        ("no-roster", _) => none(context, planned),
        ("clock-in-doubt", _) => context.paint.doubtful(&words.text("roster-clock")),
        ("gap", Some(_)) => {
            let ids = ["roster-status-not-taken", "roster-status-gap"];
            let both = ids.map(|id| words.fill(id, &blanks));
            context.paint.doubtful(&both.join(" "))
        }
        ("gap", None) => context
            .paint
            .doubtful(&words.fill("roster-status-gap", &blanks)),
        (_, Some(_)) => context
            .paint
            .doubtful(&words.fill("roster-status-not-taken", &blanks)),
        _ => words.fill("roster-status", &blanks),
    }
}

fn none(context: &Context<'_>, planned: &Planned) -> String {
    let blanks = [
        ("party", label(&planned.party.name).into()),
        ("ours", if planned.party.ours { "yes" } else { "no" }.into()),
    ];
    context.words.fill("roster-none", &blanks)
}

/// What an entry that plans says of itself.
pub fn remark(context: &Context<'_>, entry: &Entry) -> String {
    let shifts = &entry.fact.shifts;
    let Some(last) = shifts.iter().map(|it| it.until_ms).max() else {
        return context.words.text("entry-roster-withdrawn");
    };
    let blanks = [
        ("count", shifts.len().into()),
        ("until", time::date_and_time(last).into()),
    ];
    context.words.fill("entry-roster", &blanks)
}
