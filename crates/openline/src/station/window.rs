//! The station's own window: that it is ready, each change of a line's verdict, what happens that deserves attention,
//! and at the end what the other side will see. Programs get one JSON object when it is ready, and ask for the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write as _};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use fluent_bundle::FluentValue;
use openline_proto::ring::book::Part;
use openline_proto::ring::called;
use openline_proto::verdict::Verdict;
use openline_wire::codes::Mark;
use openline_wire::ids::{EntryId, LineId};
use openline_wire::names;
use serde_json::json;

mod alarms;

use super::board::{Board, LineState, Notice, State};
use super::clock::wall;
use super::run::Options;
use super::sockets::Sockets;
use crate::api::types::NOT_TAKEN_UP;
use crate::api::view;
use crate::cli::{status, time};
use crate::i18n::Catalog;

/// How often it looks for what changes by time alone.
const LOOK: Duration = Duration::from_secs(1);

/// How long before what happens over and over is told again.
const AGAIN: Duration = Duration::from_secs(60);

/// Lines that wait for a terminal that takes none; further ones are left out.
const WAITING: usize = 64;

/// A thread that only prints.
const SMALL_STACK: usize = 128 * 1024;

/// The ready line: where the station listens, and how its lines are.
pub fn announce(options: &Options, board: &Board, sockets: &Sockets) {
    let state = board.state();
    let listening = sockets.urls();
    let text = match options.json {
        true => ready_for_programs(options, &state, &listening),
        false => ready_for_people(options, &state, &listening),
    };
    print(&text);
}

/// What reminds the station of its record was not as it had written it.
pub fn tell_of_the_reminder(options: &Options) {
    if options.json {
        tracing::warn!("somebody emptied, changed or removed the file record.made");
        return;
    }
    let path = options.home.join("record.made").display().to_string();
    print(&Catalog::new(options.language).fill("station-reminder", &[("path", path.into())]));
}

fn ready_for_programs(options: &Options, state: &State, listening: &[String]) -> String {
    let language = options.language.tag();
    let lines = state.lines.values().map(|line| {
        let name = line.info.name(line.info.theirs, language).to_owned();
        (line.info.line, name, verdict(line))
    });
    let unusable = state.unusable.iter();
    let unusable = unusable.map(|line| (line.line, line.name(language), NOT_TAKEN_UP));
    let lines: Vec<_> = lines
        .chain(unusable)
        .map(|(line, name, verdict)| {
            json!({"line": line.to_string(), "name": name, "verdict": verdict})
        })
        .collect();
    json!({
        "event": "ready",
        "pid": std::process::id(),
        "boot": state.boot.map(|boot| boot.to_string()),
        "listening": listening,
        "control": options.home.join(crate::client::SOCKET),
        "lines": lines,
    })
    .to_string()
}

fn ready_for_people(options: &Options, state: &State, listening: &[String]) -> String {
    let words = Catalog::new(options.language);
    let say = |name: &str, verdict: &str| {
        let verdict = words.find(&format!("verdict-{verdict}"));
        format!(
            "{}: {}",
            names::for_screen(name),
            verdict.unwrap_or_default()
        )
    };
    let language = options.language.tag();
    let lines = state.lines.values();
    let lines = lines.map(|line| say(name(line, &words), verdict(line)));
    let unusable = state.unusable.iter();
    let unusable = unusable.map(|line| say(&line.name(language), NOT_TAKEN_UP));
    let lines: Vec<_> = lines.chain(unusable).collect();
    let blanks = [
        ("listening", FluentValue::from(listening.join(", "))),
        ("count", FluentValue::from(lines.len())),
        ("lines", FluentValue::from(lines.join("; "))),
    ];
    words.fill("station-ready", &blanks)
}

fn name<'a>(line: &'a LineState, words: &Catalog) -> &'a str {
    line.info.name(line.info.theirs, words.language().tag())
}

fn verdict(line: &LineState) -> &'static str {
    match (&line.trouble, &line.status) {
        (Some(_), _) => NOT_TAKEN_UP,
        (None, None) => Verdict::Opening.word(),
        (None, Some(status)) => status.verdict.word(),
    }
}

/// What was told already.
#[derive(Debug, Default)]
struct Told {
    /// Of each line: its verdict, and whether frames come that our keys can't open.
    verdicts: BTreeMap<LineId, (&'static str, bool)>,
    /// Of each notice, by its first number: how often it had happened when it was told, and when that was.
    notices: BTreeMap<u64, (u64, Instant)>,
    /// Rings for which the bell has sounded here.
    rings: BTreeSet<EntryId>,
    /// How each alarm stood.
    alarms: alarms::States,
}

/// Prints each change from now on. A terminal that takes nothing stops nobody but the thread that prints.
pub fn watch(options: &Options, board: &Arc<Board>) -> io::Result<()> {
    if options.json {
        return Ok(());
    }
    let (lines, printed) = sync_channel::<String>(WAITING);
    let thread = thread::Builder::new().name("window".to_owned());
    let print_all = move || printed.iter().for_each(|text| print(&text));
    thread.stack_size(SMALL_STACK).spawn(print_all)?;
    let (board, words) = (board.clone(), Catalog::new(options.language));
    let mut told = Told::default();
    let state = board.state();
    // The ready line named the verdicts, and nothing that happened before it.
    verdicts(&state, &words, &mut told);
    let happened = notices(&state, &words, &mut told);
    let standing = alarms::changed(&state, &words, &mut told.alarms);
    for text in happened.into_iter().chain(standing) {
        let _ = lines.try_send(text);
    }
    tokio::spawn(tell(board, words, told, lines));
    Ok(())
}

async fn tell(board: Arc<Board>, words: Catalog, mut told: Told, lines: SyncSender<String>) {
    let mut changes = board.watch();
    loop {
        tokio::select! {
            changed = changes.changed() => if changed.is_err() {
                return;
            },
            () = tokio::time::sleep(LOOK) => {}
        }
        let state = board.state();
        // What happened explains what the verdict became.
        let happened = notices(&state, &words, &mut told);
        let others = rings(&state, &words, &mut told);
        let others = others
            .into_iter()
            .chain(verdicts(&state, &words, &mut told))
            .chain(alarms::changed(&state, &words, &mut told.alarms));
        for text in happened.into_iter().chain(others) {
            // Whoever can't be told now looks at `openline status` later.
            let _ = lines.try_send(text);
        }
    }
}

/// A line for each verdict that is not the one that was told last.
fn verdicts(state: &State, words: &Catalog, told: &mut Told) -> Vec<String> {
    let mut news = Vec::new();
    for (id, line) in &state.lines {
        let unopened = line.status.as_ref().is_some_and(|it| it.unopened.is_some());
        let now = (verdict(line), unopened);
        if told.verdicts.insert(*id, now) != Some(now) {
            news.push(describe(line, now, words));
        }
    }
    news
}

/// A bell and a line for each ring that rings here since the last look: a station that signs that it rings does so.
fn rings(state: &State, words: &Catalog, told: &mut Told) -> Vec<String> {
    let mut news = Vec::new();
    let mut ringing = BTreeSet::new();
    for line in state.lines.values() {
        let rings = line.rings.values();
        let here = rings.filter(|it| it.part == Some(Part::Called(called::State::Rings)));
        for shown in here {
            ringing.insert(shown.ring);
            if !told.rings.contains(&shown.ring) {
                let blanks = [
                    ("when", time::date_and_time(wall()).into()),
                    ("party", names::for_screen(name(line, words)).into()),
                    ("mark", shown.mark.map_or("real", Mark::word).into()),
                ];
                news.push(format!("\u{7}{}", words.fill("station-rings", &blanks)));
            }
        }
    }
    told.rings = ringing;
    news
}

/// A line for each notice since the last look, in their order.
fn notices(state: &State, words: &Catalog, told: &mut Told) -> Vec<String> {
    let of_line = |line: &LineState| {
        let view = view(&line.info, words.language().tag());
        let tell = |notice: &Notice| {
            let happened = status::notice_text(words, &view.notice(notice));
            let blanks = [
                ("when", time::date_and_time(notice.at).into()),
                ("party", names::for_screen(name(line, words)).into()),
                ("notice", happened.into()),
            ];
            (notice.number, words.fill("station-notice", &blanks))
        };
        let fresh = line.notices.iter().filter(|it| told.is_news(it));
        fresh.map(tell).collect::<Vec<_>>()
    };
    let fresh: BTreeMap<u64, String> = state.lines.values().flat_map(of_line).collect();
    let all = state.lines.values().flat_map(|line| &line.notices);
    told.take(all);
    fresh.into_values().collect()
}

impl Told {
    /// What happens again and again is told with its count, and not at once each time.
    fn is_news(&self, notice: &Notice) -> bool {
        let told = self.notices.get(&notice.first);
        told.is_none_or(|(count, when)| notice.count > *count && when.elapsed() >= AGAIN)
    }

    /// All that is news was told; what is not shown any more is forgotten.
    fn take<'n>(&mut self, all: impl Iterator<Item = &'n Notice>) {
        let mut notices = BTreeMap::new();
        for notice in all {
            let told = match self.notices.get(&notice.first) {
                Some(told) if !self.is_news(notice) => *told,
                _ => (notice.count, Instant::now()),
            };
            notices.insert(notice.first, told);
        }
        self.notices = notices;
    }
}

fn describe(line: &LineState, (verdict, unopened): (&str, bool), words: &Catalog) -> String {
    let alive = line.status.as_ref().and_then(|status| status.alive_as_of);
    let silent = [Verdict::NoSignOfLife, Verdict::AnnouncedSilence];
    let since = alive.filter(|_| silent.iter().any(|it| it.word() == verdict));
    let said = words
        .find(&format!("verdict-{verdict}"))
        .unwrap_or_default();
    let blanks = [
        ("when", time::date_and_time(wall()).into()),
        ("party", names::for_screen(name(line, words)).into()),
        ("verdict", said.into()),
        (
            "since",
            since.map(time::date_and_time).unwrap_or_default().into(),
        ),
    ];
    let id = match (unopened, since) {
        (true, _) => "station-verdict-unopened",
        (_, Some(_)) => "station-verdict-since",
        _ => "station-verdict",
    };
    words.fill(id, &blanks)
}

/// What the other side will see of a station that stops: what was announced, or what a failure looks like.
pub fn say_what_they_will_see(options: &Options, board: &Board) {
    let state = board.state();
    let words = Catalog::new(options.language);
    for line in state.lines.values().filter(|_| !options.json) {
        let Some(status) = line.status.as_ref().filter(|_| line.trouble.is_none()) else {
            continue;
        };
        let after = line.info.charter.cadences.silent_after_ms;
        let party = ("party", names::for_screen(name(line, &words)).into());
        print(&match &status.announced_here {
            Some(silence) => {
                let until = ("until", time::date_and_time(silence.until).into());
                words.fill("station-stops-announced", &[party, until])
            }
            None => {
                let after = ("after", time::span(after, &words).into());
                words.fill("station-stops", &[party, after])
            }
        });
    }
}

fn print(text: &str) {
    // Nobody may be reading.
    let _ = writeln!(io::stdout(), "{text}").and_then(|()| io::stdout().flush());
}
