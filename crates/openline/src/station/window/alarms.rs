//! Alarms in the station's own window: a line at each change, and a bell with each that is raised.

use std::collections::BTreeMap;

use openline_proto::alarm::cause::Key;
use openline_proto::alarm::machine::State as Stands;
use openline_wire::ids::LineId;
use openline_wire::names;

use super::super::board::State;
use super::super::clock::wall;
use crate::api::types::Alarm;
use crate::api::view;
use crate::cli::time;
use crate::i18n::Catalog;

/// How each alarm stood when it was told.
pub type States = BTreeMap<(LineId, Key), Stands>;

/// A line for each alarm that stands otherwise than it was told.
pub fn changed(state: &State, words: &Catalog, told: &mut States) -> Vec<String> {
    let mut now = States::new();
    let mut news = Vec::new();
    for (id, line) in &state.lines {
        let view = view(&line.info, words.language().tag());
        for alarm in line.alarms.values() {
            let key = (*id, alarm.key);
            now.insert(key, alarm.state);
            let before = told.remove(&key);
            if before == Some(alarm.state) {
                continue;
            }
            let shown = view.alarm(alarm);
            news.push(match before {
                // It stood so before this station ran: nobody has done it now.
                None if alarm.state == Stands::Acknowledged => stood(&shown, words),
                _ => describe(&shown.name, alarm.state, words),
            });
        }
        // What is not there any more is over.
        let over: Vec<_> = told.keys().filter(|(of, _)| of == id).copied().collect();
        for key in over {
            told.remove(&key);
            let party = line.info.name(key.1.party, words.language().tag());
            let name = crate::api::alarm_name(key.1.cause, party);
            news.push(describe(&name, Stands::Quiet, words));
        }
    }
    *told = now;
    news
}

/// An alarm that somebody acknowledged before this window was there to tell.
fn stood(alarm: &Alarm, words: &Catalog) -> String {
    let by = alarm.by.as_ref().map_or("", |by| &by.name);
    let blanks = [
        ("when", time::date_and_time(wall()).into()),
        ("name", names::for_screen(&alarm.name).into()),
        ("since", time::time_of_day(alarm.since_ms).into()),
        ("by", names::for_screen(by).into()),
    ];
    words.fill("station-alarm-stands", &blanks)
}

fn describe(name: &str, stands: Stands, words: &Catalog) -> String {
    let blanks = [
        ("when", time::date_and_time(wall()).into()),
        ("name", names::for_screen(name).into()),
        ("state", stands.word().into()),
    ];
    let text = words.fill("station-alarm", &blanks);
    match stands {
        Stands::Raised => format!("\u{7}{text}"),
        _ => text,
    }
}
