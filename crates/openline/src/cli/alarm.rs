//! `openline alarm`: what there is an alarm for, who knows of it, and what to do now.

use fluent_bundle::FluentValue;

use super::args::{AlarmAct, AlarmList, AlarmShelve};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::render::{label, name_in_quotes};
use super::{layout, time};
use crate::api::types::{
    Alarm, Alarms, Line, NewAcknowledgement, NewShelving, Party, Ring, Station, Status, Way,
};
use crate::client::Client;
use crate::i18n::Args;

/// Every alarm that is not quiet, of one line or of all.
pub async fn list(context: &Context<'_>, args: AlarmList) -> Result<(), Failure> {
    let status = context.client().status().await?;
    context.refuse_no_line(&status)?;
    let alarms = meant(&status, args.line.line.as_deref())?;
    if context.json {
        let alarms = alarms.into_iter().map(|(_, alarm)| alarm.clone());
        let alarms = alarms.collect();
        return context.print_json(&Alarms { alarms });
    }
    if alarms.is_empty() {
        return context.say("alarm-none", &[]);
    }
    for (line, alarm) in alarms {
        context.tell(&headline(context, line, alarm))?;
        about(context, line, alarm)
            .iter()
            .try_for_each(|text| context.tell(&format!("  {text}")))?;
    }
    Ok(())
}

/// "I know."
pub async fn acknowledge(context: &Context<'_>, args: AlarmAct) -> Result<(), Failure> {
    let client = context.acting(args.operator)?;
    let (line, cause, party) = named(&client, args.line.line, &args.alarm).await?;
    let asked = NewAcknowledgement::default();
    let alarm = client.acknowledge_alarm(&line, (&cause, &party), &asked);
    done(context, &alarm.await?, "alarm-acknowledged")
}

/// Puts one aside for a time.
pub async fn shelve(context: &Context<'_>, args: AlarmShelve) -> Result<(), Failure> {
    let for_s = time::duration_ms(&args.duration)? / 1_000;
    let client = context.acting(args.operator)?;
    let (line, cause, party) = named(&client, args.line.line, &args.alarm).await?;
    let asked = NewShelving { for_s, actor: None };
    let alarm = client.shelve_alarm(&line, (&cause, &party), &asked);
    done(context, &alarm.await?, "alarm-shelved")
}

/// Brings one back that was put aside.
pub async fn unshelve(context: &Context<'_>, args: AlarmAct) -> Result<(), Failure> {
    let client = context.acting(args.operator)?;
    let (line, cause, party) = named(&client, args.line.line, &args.alarm).await?;
    let asked = NewAcknowledgement::default();
    let alarm = client.unshelve_alarm(&line, (&cause, &party), &asked);
    done(context, &alarm.await?, "alarm-unshelved")
}

/// Alarms of a line for `status`: those that nobody has acknowledged with all that is to be said, the others in a line each.
pub fn standing(context: &Context<'_>, line: &Line) -> Vec<String> {
    let tell = |alarm: &Alarm| match is_unacknowledged(alarm) {
        true => {
            let mut said = vec![headline(context, line, alarm)];
            said.extend(about(context, line, alarm));
            said
        }
        false => vec![headline(context, line, alarm)],
    };
    line.alarms.iter().flat_map(tell).collect()
}

/// One that was raised, with what it means and what to do.
pub fn whole(context: &Context<'_>, line: &Line, alarm: &Alarm) -> String {
    let lines = std::iter::once(headline(context, line, alarm)).chain(about(context, line, alarm));
    let cut = |text: String| layout::wrap(&text, "-- ", "   ", layout::columns()).join("\n");
    lines.map(cut).collect::<Vec<_>>().join("\n")
}

/// Programs and addresses that could not be told of an alarm: nobody must rely on a lamp that is not lit.
pub fn hooks(context: &Context<'_>, station: &Station) -> Vec<String> {
    let mut said = Vec::new();
    for hook in &station.alarm_hooks {
        let (Some(trouble), Some(at)) = (&hook.trouble, hook.failed_at_ms) else {
            continue;
        };
        let what = format!("{} {}", time::date_and_time(at), label(&trouble.what));
        said.push(context.paint.bad(&what));
        said.push(format!("  {}", label(&trouble.do_now)));
    }
    said
}

/// Whether somebody has still to say that he knows.
pub fn is_unacknowledged(alarm: &Alarm) -> bool {
    matches!(alarm.state.as_str(), "raised" | "cleared")
}

/// `ALARM no-sign-of-life/moscow: raised 2026-02-24 08:00:12Z (12 min ago). Nobody has acknowledged it.`
fn headline(context: &Context<'_>, line: &Line, alarm: &Alarm) -> String {
    let words = context.words;
    let lasted = time::span(time::now_ms().saturating_sub(alarm.since_ms), words);
    let by = alarm.by.as_ref().map_or("", |by| &by.name);
    let blanks = [
        ("name", label(&alarm.name).into()),
        ("since", time::date_and_time(alarm.since_ms).into()),
        ("lasted", lasted.into()),
        ("by", name_in_quotes(by).into()),
        (
            "until",
            alarm
                .until_ms
                .map(time::time_of_day)
                .unwrap_or_default()
                .into(),
        ),
    ];
    let id = match alarm.state.as_str() {
        // It is there again, and has not lasted long enough to be raised anew.
        "cleared" if is_back(line, alarm) => "alarm-is-back".to_owned(),
        state => format!("alarm-is-{state}"),
    };
    let text = match words.find(&id) {
        Some(_) => words.fill(&id, &blanks),
        // Of a newer station.
        None => format!("{}: {}", label(&alarm.name), label(&alarm.state)),
    };
    match alarm.state.as_str() {
        "raised" => context.paint.bad(&text),
        "cleared" => context.paint.doubtful(&text),
        _ => text,
    }
}

/// What it means, and what to do now.
fn about(context: &Context<'_>, line: &Line, alarm: &Alarm) -> Vec<String> {
    let kind = match is_passing(line, alarm) {
        _ if nobody_answers(line, alarm) => "unclear",
        true => "passing",
        false => "about",
    };
    let id = format!("alarm-{kind}-{}", alarm.cause);
    if context.words.find(&id).is_none() {
        return Vec::new();
    }
    let blanks = blanks(context, line, alarm);
    // What is over, or was put aside, is not said as if it were so now.
    let mut said = Vec::new();
    if !matches!(alarm.state.as_str(), "cleared" | "shelved") {
        said.push(context.words.fill(&id, &blanks));
        // A command stands on a line of its own.
        let to_do = context.words.attribute(&id, "do", &blanks);
        said.extend(to_do.iter().flat_map(|it| it.lines()).map(str::to_owned));
    }
    if is_unacknowledged(alarm) {
        let name = label(&alarm.name);
        let program = context.program();
        let how = [("openline", program.into()), ("name", name.into())];
        said.push(context.words.fill("alarm-how-to-acknowledge", &how));
    }
    said
}

/// What an alarm is about, as far as the status says it by name.
fn blanks(
    context: &Context<'_>,
    line: &Line,
    alarm: &Alarm,
) -> Vec<(&'static str, FluentValue<'static>)> {
    let rings = match unanswered(context, line, alarm).as_slice() {
        [] => "none".to_owned(),
        rings => label(&rings.join(", ")),
    };
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
    let planned = line.planned.iter().find(|it| it.party.ours);
    let gap = planned.and_then(|it| it.gap.as_ref());
    let untaken = planned.and_then(|it| it.not_taken.as_ref());
    let mut blanks = Vec::from(of_party(&alarm.party));
    blanks.extend([
        ("rings", rings.into()),
        (
            "from",
            or_none(gap.map(|it| time::time_of_day(it.from_ms))).into(),
        ),
        (
            "until",
            or_none(gap.and_then(|it| it.until_ms).map(time::time_of_day)).into(),
        ),
        (
            "officer",
            or_none(untaken.map(|it| name_in_quotes(&it.officer))).into(),
        ),
        (
            "began",
            or_none(untaken.map(|it| time::time_of_day(it.from_ms))).into(),
        ),
    ]);
    let over = line.overrun.as_ref();
    blanks.push(("overrun", if over.is_some() { "yes" } else { "no" }.into()));
    let over = over.map(|it| super::status::silence_blanks(context, it));
    let times = over.into_iter().flatten();
    let times = times.filter_map(|(name, value)| match name {
        "until" => Some(("over", value)),
        "reason" => Some(("reason", value)),
        _ => None,
    });
    blanks.extend(times);
    blanks
}

/// Whether what the alarm was about is so again, as far as the verdict of the line says it.
fn is_back(line: &Line, alarm: &Alarm) -> bool {
    alarm.cause == "no-sign-of-life" && line.verdict == "no-sign-of-life"
}

/// Whether the cause is gone by now, and the alarm waits for that to last: it is not said that it is so.
fn is_passing(line: &Line, alarm: &Alarm) -> bool {
    match alarm.cause.as_str() {
        "no-sign-of-life" => !matches!(line.verdict.as_str(), "no-sign-of-life" | "not-heard-yet"),
        "way-cut" => line.ways.iter().all(|way| way.state == "answers"),
        _ => false,
    }
}

/// Whether all ways are silent: nobody can tell then which of them are cut.
fn nobody_answers(line: &Line, alarm: &Alarm) -> bool {
    let answers = |way: &Way| way.in_use && way.state == "answers";
    alarm.cause == "way-cut" && !line.ways.iter().any(answers)
}

/// The rings that an alarm is about, the latest first, as far as the station lists them.
fn unanswered(context: &Context<'_>, line: &Line, alarm: &Alarm) -> Vec<String> {
    let is_of_it = |ring: &&Ring| {
        let is_of_them = ring.to.party == alarm.party.party;
        alarm.cause == "ring-unanswered" && is_of_them && ring.mark == "real"
    };
    let rings = line.rings.iter();
    // Whoever called: then both sides were there.
    let since_the_last_accepted = rings
        .take_while(|ring| ring.state != "accepted" || ring.mark != "real")
        .filter(is_of_it);
    let is_left = |ring: &&Ring| match ring.state.as_str() {
        "unanswered" => true,
        "unreachable" => alarm.party.ours,
        _ => false,
    };
    let left = since_the_last_accepted.filter(is_left);
    let named = |ring: &Ring| match ring.state.as_str() {
        "unreachable" => {
            let short = [("short", ring.short.clone().into())];
            context.words.fill("alarm-ring-did-not-ring", &short)
        }
        _ => ring.short.clone(),
    };
    left.map(named).collect()
}

fn of_party(party: &Party) -> [(&'static str, FluentValue<'static>); 2] {
    [
        ("party", label(&party.name).into()),
        ("ours", if party.ours { "yes" } else { "no" }.into()),
    ]
}

/// The alarms of the line that is meant, or of all.
fn meant<'a>(
    status: &'a Status,
    wanted: Option<&str>,
) -> Result<Vec<(&'a Line, &'a Alarm)>, Failure> {
    let is_meant = |it: &&Line| wanted.is_none_or(|line| line == it.name || line == it.line);
    let lines: Vec<&Line> = status.lines.iter().filter(is_meant).collect();
    match (lines.is_empty(), wanted) {
        (true, Some(wanted)) => {
            Err(Failure::new(Exit::Failed, "error-no-such-line").with("line", wanted.to_owned()))
        }
        _ => {
            let with_line = |line: &'a Line| line.alarms.iter().map(move |alarm| (line, alarm));
            Ok(lines.into_iter().flat_map(with_line).collect())
        }
    }
}

/// Line, cause and party of the alarm that a person names: by its name, or by its cause alone if there is one of these only.
async fn named(
    client: &Client,
    line: Option<String>,
    name: &str,
) -> Result<(String, String, String), Failure> {
    let status = client.status().await?;
    let alarms = meant(&status, line.as_deref())?.into_iter();
    let alarms: Vec<&Alarm> = alarms.map(|(_, alarm)| alarm).collect();
    let wanted = name.to_lowercase();
    let is_it = |alarm: &&&Alarm| alarm.name == wanted || alarm.cause == wanted;
    let found: Vec<&&Alarm> = alarms.iter().filter(is_it).collect();
    let names = |alarms: &[&&Alarm]| {
        let names: Vec<&str> = alarms.iter().map(|alarm| alarm.name.as_str()).collect();
        names.join(", ")
    };
    match (found.as_slice(), wanted.split_once('/')) {
        ([alarm], _) => Ok((
            alarm.line.clone(),
            alarm.cause.clone(),
            alarm.party.party.clone(),
        )),
        // Named in another language perhaps: the station knows all names of a party.
        ([], Some((cause, party))) => Ok((
            line.unwrap_or_else(|| "-".to_owned()),
            cause.to_owned(),
            party.to_owned(),
        )),
        ([], None) => {
            let failure = Failure::new(Exit::Failed, "error-no-such-alarm");
            let all: Vec<&&Alarm> = alarms.iter().collect();
            let there = if all.is_empty() {
                "none".to_owned()
            } else {
                names(&all)
            };
            Err(failure.naming("alarm", name).with("alarms", there))
        }
        (several, _) => {
            let failure = Failure::new(Exit::Usage, "error-which-alarm");
            Err(failure.naming("alarm", name).with("alarms", names(several)))
        }
    }
}

fn done(context: &Context<'_>, alarm: &Alarm, said: &str) -> Result<(), Failure> {
    if context.json {
        return context.print_json(alarm);
    }
    let until = alarm.until_ms.map(time::time_of_day).unwrap_or_default();
    let blanks: &Args<'_> = &[("name", label(&alarm.name).into()), ("until", until.into())];
    context.say(said, blanks)
}

#[cfg(test)]
mod tests {
    use openline_proto::alarm::cause::Cause;
    use openline_proto::alarm::machine::STATES;

    use crate::i18n::{Catalog, Language};

    #[test]
    fn a_silence_that_was_announced_and_outlasted_is_not_said_to_be_unannounced() {
        let words = Catalog::new(Language::English);
        let said = |overrun: &'static str| {
            let blanks = [
                ("party", "Moscow".into()),
                ("overrun", overrun.into()),
                ("reason", "restart".into()),
                ("over", "15:20:33Z".into()),
            ];
            words.fill("alarm-about-no-sign-of-life", &blanks)
        };
        let begins =
            "Moscow: the silence that it announced (restart) ended 15:20:33Z, and it is not back.";
        assert!(said("yes").starts_with(begins), "{}", said("yes"));
        assert!(said("no").starts_with("Moscow shows no sign of life, and no announced silence"));
    }

    /// OL-771
    #[test]
    fn every_alarm_says_what_it_means_and_what_to_do_in_both_languages() {
        for language in Language::ALL {
            let words = Catalog::new(language);
            for cause in Cause::ALL {
                let id = format!("alarm-about-{}", cause.word());
                assert!(words.find(&id).is_some(), "{id} in {language:?}");
                let to_do = words.attribute(&id, "do", &[]);
                assert!(to_do.is_some(), "{id}.do in {language:?}");
            }
            for state in STATES {
                let id = format!("alarm-is-{}", state.word());
                assert!(words.find(&id).is_some(), "{id} in {language:?}");
            }
        }
    }
}
