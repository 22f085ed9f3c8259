//! `openline bearers`: over what this station can reach the others, whether it works, and what it is used for.

use super::args::Bearers;
use super::context::Context;
use super::failure::Failure;
use super::output::{BearerWithWays, Bearers as Shown, WayOfLine};
use super::render::label;
use super::{courier, layout, time};
use crate::api::types::{Bearer, Carried, CourierLine, Line, Status, Way};
use crate::station::courier_log::UNPROVEN_MS;

/// Shows every bearer, and under each the ways of the lines that lead over it.
pub async fn run(context: &Context<'_>, args: Bearers) -> Result<(), Failure> {
    let status = context.client().status().await?;
    let wanted = args.line.line.as_deref();
    let with_ways = |bearer: &Bearer| BearerWithWays {
        bearer: bearer.clone(),
        ways: ways(&status, bearer, wanted),
    };
    let bearers: Vec<_> = status.station.bearers.iter().map(with_ways).collect();
    let is_meant = |line: &CourierLine| wanted.is_none_or(|it| it == line.name || it == line.line);
    // A disk that can't be read says nothing of the bearers: they are shown all the same.
    let couriers = context.client().courier().await.ok().map(|courier| {
        let mut lines = courier.lines;
        lines.retain(|line| is_meant(line) && (line.given.is_some() || line.taken.is_some()));
        lines
    });
    if context.json {
        return context.print_json(&Shown {
            bearers,
            send_only: status.station.send_only,
            couriers,
        });
    }
    for BearerWithWays { bearer, ways } in &bearers {
        say(context, "", headline(context, bearer))?;
        if bearer.address.starts_with("wss://") {
            say(context, "  ", context.words.text("bearer-seen"))?;
        }
        if ways.is_empty() && !bearer.receive_only {
            say(context, "  ", context.words.text("bearer-no-way"))?;
        }
        for way in ways {
            say(context, "  ", one(context, way))?;
        }
    }
    for address in &status.station.send_only {
        let blanks = [("address", label(address).into())];
        say(context, "", context.words.fill("bearer-send-only", &blanks))?;
    }
    let Some(couriers) = couriers else {
        return say(context, "", context.words.text("bearer-courier-unknown"));
    };
    if !couriers.is_empty() {
        say(context, "", context.words.text("bearer-courier"))?;
    }
    for line in &couriers {
        say(context, "  ", courier::state(context, line))?;
    }
    Ok(())
}

fn say(context: &Context<'_>, margin: &str, text: String) -> Result<(), Failure> {
    let further = format!("{margin}    ");
    let lines = layout::wrap(&text, margin, &further, layout::columns());
    lines.iter().try_for_each(|line| context.print(line))
}

fn ways(status: &Status, bearer: &Bearer, wanted: Option<&str>) -> Vec<WayOfLine> {
    let is_meant = |line: &&Line| wanted.is_none_or(|it| it == line.name || it == line.line);
    let started = status.station.started_ms;
    let of_line = |line: &Line| {
        let ways = line.ways.iter().filter(|way| way.from == bearer.address);
        let shown = ways.map(|way| WayOfLine {
            line: line.line.clone(),
            name: line.name.clone(),
            verdict: line.verdict.clone(),
            unproven: is_unproven(way, started, time::now_ms()),
            way: way.clone(),
        });
        shown.collect::<Vec<_>>()
    };
    let lines = status.lines.iter().filter(is_meant);
    lines.flat_map(of_line).collect()
}

fn is_unproven(way: &Way, started: u64, now: u64) -> bool {
    let last = way.answered_ms.unwrap_or(started);
    now.saturating_sub(last) >= UNPROVEN_MS
}

/// `udp://0.0.0.0:7600: sent 1204 frames (98312 bytes), received 1198 (97 004).`
fn headline(context: &Context<'_>, bearer: &Bearer) -> String {
    let drops = &bearer.drops;
    let damaged = drops.size + drops.damaged;
    let lost = drops.queue_full + drops.not_sent;
    let frames = |it: &Carried| it.frames;
    // As text: a rate of 2400 is not to be read as 2,400.
    let some = |number: u64| match number {
        0 => "none".to_owned(),
        number => number.to_string(),
    };
    let blanks = [
        ("address", label(&bearer.address).into()),
        ("state", bearer.state.as_str().into()),
        (
            "why",
            label(bearer.why.as_deref().unwrap_or_default()).into(),
        ),
        ("rate", some(bearer.rate.unwrap_or(0)).into()),
        ("sent", frames(&bearer.sent).to_string().into()),
        ("sent-bytes", bearer.sent.bytes.to_string().into()),
        ("received", frames(&bearer.received).to_string().into()),
        ("received-bytes", bearer.received.bytes.to_string().into()),
        ("damaged", some(damaged).into()),
        ("lost", some(lost).into()),
        (
            "receive-only",
            if bearer.receive_only { "yes" } else { "no" }.into(),
        ),
    ];
    let text = context.words.fill("bearer", &blanks);
    match bearer.state.as_str() {
        "up" => context.paint.strong(&text),
        _ => context.paint.bad(&text),
    }
}

/// What a way is used for, in a word that the catalogs choose by.
fn used(shown: &WayOfLine) -> &'static str {
    let is_silent = matches!(
        shown.verdict.as_str(),
        "no-sign-of-life" | "not-heard-yet" | "announced-silence"
    );
    match (shown.way.in_use, shown.way.state.as_str()) {
        _ if is_silent => "silent",
        (true, _) => "yes",
        (false, "answers") => "ready",
        (false, "cut") => "cut",
        _ => "doubtful",
    }
}

fn one(context: &Context<'_>, shown: &WayOfLine) -> String {
    let way = &shown.way;
    let when = |at: Option<u64>| at.map_or_else(|| "never".to_owned(), time::date_and_time);
    let ms = |ms: Option<u64>| ms.map_or_else(|| "unknown".to_owned(), |ms| ms.to_string());
    let percent = |permille: u64| format!("{}.{} %", permille / 10, permille % 10);
    let loss = way
        .loss_permille
        .map_or_else(|| "unknown".to_owned(), percent);
    let blanks = [
        ("line", label(&shown.name).into()),
        ("address", label(&way.address).into()),
        ("used", used(shown).into()),
        ("since", when(way.cut_since_ms).into()),
        ("answered", when(way.answered_ms).into()),
        ("heard", when(way.heard_ms).into()),
        ("tested", when(way.tested_ms).into()),
        ("ms", ms(way.round_trip_ms).into()),
        ("loss", loss.into()),
        ("unproven", if shown.unproven { "yes" } else { "no" }.into()),
    ];
    let text = context.words.fill("bearer-way", &blanks);
    match (used(shown), shown.unproven) {
        ("cut" | "silent", _) => context.paint.bad(&text),
        ("yes" | "ready", false) => text,
        _ => context.paint.doubtful(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_unproven_once_nobody_has_answered_on_it_for_thirty_days() {
        let way = |answered_ms| Way {
            address: String::new(),
            from: String::new(),
            in_use: false,
            answered_ms,
            heard_ms: None,
            tested_ms: None,
            round_trip_ms: None,
            loss_permille: None,
            state: "unknown".into(),
            cut_since_ms: None,
        };
        let started = 1_000;
        for answered in [None, Some(started)] {
            let way = way(answered);
            assert!(!is_unproven(&way, started, started + UNPROVEN_MS - 1));
            assert!(is_unproven(&way, started, started + UNPROVEN_MS));
        }
        let now = started + 2 * UNPROVEN_MS;
        assert!(!is_unproven(&way(Some(now - 5_000)), started, now));
    }
}
