//! Which silence is which: what both stations say of each other when something is silent, drawn into `docs/silence.md`.
//!
//! Two real cores on a virtual clock with two ways between them. Each situation is brought about, and then both are asked.

mod pair;
mod said;

use openline_proto::alarm::machine::State;
use openline_proto::contract::Command;
use openline_proto::ring::held::Standing;
use openline_proto::verdict::{Verdict, WayState};
use openline_proto::watch::book::Request;
use openline_wire::codes::{Answer, SilenceReason, SuspensionReason};

use pair::{MOSCOW, Pair, WASHINGTON};

/// A day of milliseconds.
const DAY: i64 = 86_400_000;

/// How a situation comes about, on a line that has been open for a while, with an officer on watch on either side.
type Situation = (&'static str, fn(&mut Pair) -> [String; 2]);

const SITUATIONS: [Situation; 14] = [
    ("all is well", |pair| pair.after(30_000)),
    ("the only way is cut", |pair| {
        pair.leave_one_way();
        people_come(pair);
        pair.is_cut = [true; 2];
        pair.after(60_000)
    }),
    ("one way of two is cut", |pair| {
        let used = pair.way_in_use();
        pair.is_cut[used] = true;
        pair.after(60_000)
    }),
    (
        "one way of two is cut, and it is not the one in use",
        |pair| {
            let idle = 1 - pair.way_in_use();
            pair.is_cut[idle] = true;
            pair.after(60_000)
        },
    ),
    ("both ways are cut", |pair| {
        pair.is_cut = [true; 2];
        pair.after(60_000)
    }),
    ("Moscow's station is down", |pair| {
        pair.is_down[MOSCOW] = true;
        pair.after(60_000)
    }),
    ("nobody is on watch in Moscow", |pair| {
        pair.done(MOSCOW, watch(Request::Close));
        pair.after(30_000)
    }),
    (
        "Moscow's officer does not confirm that he is there",
        |pair| {
            pair.run(MOSCOW_CONFIRMS);
            pair.done(WASHINGTON, watch(Request::Confirm));
            pair.after(60_000)
        },
    ),
    (
        "Moscow's officer is there and does not answer a ring",
        |pair| {
            let ring = pair.ring(20_000);
            pair.run(30_000);
            pair.after_ring(&ring)
        },
    ),
    ("Moscow declines a ring", |pair| {
        let ring = pair.ring(20_000);
        pair.run(1_000);
        pair.answer(ring, Answer::Decline);
        pair.run(1_000);
        pair.after_ring(&ring)
    }),
    ("Moscow has suspended the line", |pair| {
        let reason = SuspensionReason::Ordered;
        let (text, language) = (String::new(), "en".into());
        let suspend = Command::Suspend {
            reason,
            text,
            language,
        };
        pair.done(MOSCOW, suspend);
        pair.after(30_000)
    }),
    (
        "Moscow has announced that it will be silent, and is",
        |pair| {
            let announce = Command::AnnounceSilence {
                for_ms: 600_000,
                reason: SilenceReason::Maintenance,
                text: String::new(),
                language: "en".into(),
            };
            pair.done(MOSCOW, announce);
            pair.run(1_000);
            pair.is_down[MOSCOW] = true;
            pair.after(60_000)
        },
    ),
    ("Moscow's clock is a day slow", |pair| {
        pair.clock_error[MOSCOW] = -DAY;
        pair.after(30_000)
    }),
    (
        "Moscow's station is down, and somebody plays back what it sent before",
        |pair| {
            pair.is_down[MOSCOW] = true;
            pair.run(20_000);
            pair.play_back(MOSCOW);
            pair.after(60_000)
        },
    ),
];

/// How often Moscow's officer said that he would confirm.
const MOSCOW_CONFIRMS: u64 = 300_000;

fn watch(request: Request) -> Command {
    Command::Watch {
        request,
        text: String::new(),
        language: "en".into(),
    }
}

/// An officer on either side.
fn people_come(pair: &mut Pair) {
    pair.done(WASHINGTON, watch(Request::Open(3_600_000)));
    pair.done(MOSCOW, watch(Request::Open(MOSCOW_CONFIRMS)));
    pair.run(5_000);
}

fn matrix() -> Vec<(&'static str, [String; 2])> {
    let tell = |(what, comes_about): &Situation| {
        let mut pair = Pair::open();
        people_come(&mut pair);
        (*what, comes_about(&mut pair))
    };
    SITUATIONS.iter().map(tell).collect()
}

fn drawn(rows: &[(&str, [String; 2])]) -> String {
    let mut text = String::from(
        "| situation | Washington's station says | Moscow's station says |\n|---|---|---|\n",
    );
    for (what, [washington, moscow]) in rows {
        text += &format!("| {what} | {washington} | {moscow} |\n");
    }
    text
}

/// Each silence is told from every other one by somebody, but for those that look alike: a station that is down, also if what it
/// sent is played back, and ways that are all cut. Of these nobody says which it is.
#[test]
fn each_silence_is_told_apart_and_what_cannot_be_is_said_to_be_unknown() {
    let rows = matrix();
    let alike = [
        "the only way is cut",
        "both ways are cut",
        "Moscow's station is down",
        "Moscow's station is down, and somebody plays back what it sent before",
    ];
    for (at, (what, [washington, _])) in rows.iter().enumerate() {
        let is_alike = alike.contains(what);
        assert_eq!(
            washington.contains("cannot tell why"),
            is_alike,
            "{what}: {washington}"
        );
        for (other, [theirs, _]) in &rows[..at] {
            let both = is_alike && alike.contains(other);
            assert_eq!(washington == theirs, both, "{what} and {other}");
        }
    }
    check_page(&drawn(&rows));
}

fn check_page(table: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/silence.md");
    let page = std::fs::read_to_string(&path).expect("the page");
    let begin = "<!-- drawn: matrix -->\n";
    let (before, rest) = page.split_once(begin).expect("a place for the table");
    let (_, after) = rest.split_once("<!-- end -->").expect("its end");
    let right = format!("{before}{begin}{table}<!-- end -->{after}");
    if std::env::var_os("OPENLINE_DRAW").is_some() {
        std::fs::write(&path, right).expect("the page, written");
        return;
    }
    assert!(
        page == right,
        "docs/silence.md is not what the stations say; draw it with OPENLINE_DRAW=1\n{table}"
    );
}

/// OL-436 OL-438: each cut way is named by both sides while the other works, raises an alarm, and is over when it works again. OL-437: what
/// went to the dead way is no loss of the line.
#[test]
fn a_cut_way_is_named_until_it_works_again_and_the_line_stays_open() {
    for is_used in [true, false] {
        let mut pair = Pair::open();
        let used = pair.way_in_use();
        let cut = if is_used { used } else { 1 - used };
        pair.is_cut[cut] = true;
        pair.run(45_000);
        for station in [WASHINGTON, MOSCOW] {
            assert_eq!(pair.state_of(station, cut).word(), "cut");
            assert_eq!(pair.state_of(station, 1 - cut).word(), "answers");
            let status = pair.status(station);
            assert_eq!(
                (status.verdict, status.shortcomings),
                (Verdict::Open, vec![])
            );
            assert_eq!(pair.alarm(station), State::Quiet);
        }
        pair.run(60_000);
        let raised = [WASHINGTON, MOSCOW].map(|station| pair.alarm(station));
        assert_eq!(raised, [State::Raised; 2]);
        pair.is_cut[cut] = false;
        pair.run(61_000);
        for station in [WASHINGTON, MOSCOW] {
            assert_eq!(pair.state_of(station, cut).word(), "answers");
            assert_eq!(pair.alarm(station), State::Raised, "until it has lasted");
        }
        pair.run(60_000);
        let cleared = [WASHINGTON, MOSCOW].map(|station| pair.alarm(station));
        assert_eq!(cleared, [State::Cleared; 2]);
    }
}

/// OL-438: a station that starts while a way is cut names it if it remembers that it worked, and raises the alarm; else nobody knows whether
/// it ever led there.
#[test]
fn a_way_that_was_cut_before_the_station_started_is_named_too() {
    for (remembers, state, alarm) in [
        (true, "cut", State::Raised),
        (false, "unknown", State::Quiet),
    ] {
        let mut pair = Pair::open();
        pair.is_cut[1] = true;
        pair.run(1_000);
        pair.restart(WASHINGTON, 3, remembers);
        pair.run(120_000);
        assert_eq!(pair.state_of(WASHINGTON, 1).word(), state);
        assert_eq!(pair.alarm(WASHINGTON), alarm);
        assert_eq!(pair.state_of(MOSCOW, 1).word(), "cut");
    }
}

/// OL-438: with every way silent nobody says any more that one of them is cut; nor is the alarm over.
#[test]
fn when_the_last_way_is_cut_too_nobody_knows_which_are() {
    let mut pair = Pair::open();
    let used = pair.way_in_use();
    pair.is_cut[1 - used] = true;
    pair.run(120_000);
    assert_eq!(pair.alarm(WASHINGTON), State::Raised);
    pair.is_cut[used] = true;
    pair.run(300_000);
    let states = [0, 1].map(|path| pair.state_of(WASHINGTON, path));
    assert_eq!(states, [WayState::Unknown; 2]);
    assert_eq!(pair.alarm(WASHINGTON), State::Raised);
}

/// OL-438 OL-772: the way in use falls silent for a few seconds again and again, as a radio does, and now and then long enough for the line to
/// count as silent. That spares the other one, which is cut, neither its name nor its alarm.
#[test]
fn hiccups_of_the_way_in_use_hide_no_cut_one() {
    let mut pair = Pair::open();
    let used = pair.way_in_use();
    pair.is_cut[1 - used] = true;
    for _ in 0..12 {
        pair.is_cut[used] = true;
        pair.run(6_000);
        pair.is_cut[used] = false;
        pair.run(9_000);
    }
    for station in [WASHINGTON, MOSCOW] {
        assert_eq!(pair.state_of(station, 1 - used).word(), "cut");
        assert_eq!(pair.alarm(station), State::Raised);
    }
}

/// OL-423 OL-434 OL-438: a way that carries frames in one direction alone is no way. What came in on the other one must not prove it.
#[test]
fn a_way_that_is_cut_in_one_direction_is_left_and_named_by_both() {
    for from in [WASHINGTON, MOSCOW] {
        let mut pair = Pair::open();
        let used = pair.way_in_use();
        pair.is_deaf_from = Some((from, used));
        pair.run(60_000);
        for station in [WASHINGTON, MOSCOW] {
            let status = pair.status(station);
            assert_eq!(status.verdict, Verdict::Open);
            let best = status.ways.iter().find(|way| way.in_use);
            assert_eq!(best.map(|way| way.route.path as usize), Some(1 - used));
            assert_eq!(pair.state_of(station, used).word(), "cut");
        }
    }
}

/// OL-436: what a way costs that is kept ready, and one that is dead.
#[test]
fn a_way_kept_ready_costs_little_and_a_dead_one_less() {
    let mut pair = Pair::open();
    let idle = 1 - pair.way_in_use();
    pair.sent = [(0, 0); 2];
    pair.run(600_000);
    let (frames, bytes) = pair.sent[idle];
    println!("in ten minutes {frames} frames, {bytes} bytes on the way kept ready");
    assert!(frames <= 4 * 600 / 15 && bytes / frames <= 120);
    assert!(pair.sent[1 - idle].0 <= 2 * 600 / 5 + 2, "{:?}", pair.sent);
    pair.is_cut[idle] = true;
    pair.run(600_000);
    pair.sent = [(0, 0); 2];
    pair.run(600_000);
    println!("on a dead one {:?}", pair.sent[idle]);
    assert!(pair.sent[idle].0 <= 2 * 600 / 60);
}

/// What comes back from the dead is no sign of life, however much of it there is (rule 3).
#[test]
fn a_recording_is_no_sign_of_life_even_for_a_moment() {
    let mut pair = Pair::open();
    pair.is_down[MOSCOW] = true;
    pair.run(20_000);
    let before = pair.status(WASHINGTON);
    for _ in 0..20 {
        pair.play_back(MOSCOW);
        pair.run(500);
        let now = pair.status(WASHINGTON);
        assert_eq!(
            (now.verdict, now.alive_as_of),
            (before.verdict, before.alive_as_of)
        );
    }
}

/// Whoever announced a silence and stays away longer has announced it all the same; once he is heard it is forgotten.
#[test]
fn a_silence_that_is_outlasted_is_named_until_they_are_heard_again() {
    let mut pair = Pair::open();
    let announce = Command::AnnounceSilence {
        for_ms: 60_000,
        reason: SilenceReason::Restart,
        text: String::new(),
        language: "en".into(),
    };
    pair.done(MOSCOW, announce);
    pair.run(1_000);
    pair.is_down[MOSCOW] = true;
    pair.run(50_000);
    let while_it_lasts = pair.status(WASHINGTON);
    assert_eq!(while_it_lasts.verdict, Verdict::AnnouncedSilence);
    assert_eq!(while_it_lasts.overrun, None);
    let announced = while_it_lasts.announced.expect("it lasts");
    assert!(announced.said < announced.until);
    pair.run(60_000);
    let outlasted = pair.status(WASHINGTON);
    assert_eq!(outlasted.verdict, Verdict::NoSignOfLife);
    assert_eq!(outlasted.overrun, Some(announced));
    pair.is_down[MOSCOW] = false;
    pair.run(30_000);
    assert_eq!(pair.status(WASHINGTON).overrun, None);
    // A later silence is another one: nobody announced that.
    pair.is_down[MOSCOW] = true;
    pair.run(60_000);
    let unannounced = pair.status(WASHINGTON);
    assert_eq!(unannounced.verdict, Verdict::NoSignOfLife);
    assert_eq!(unannounced.overrun, None);
}

/// A ring's end is evidence, too.
fn ended(standing: Standing) -> &'static str {
    standing.word()
}
