//! What a station tells whoever sits before it, and what its commands tell of it.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::program::{Sides, finish, ok, openline, run, run_with_input, until};

/// A station that prints into a file.
pub struct Window {
    child: Child,
    printed: std::path::PathBuf,
    errors: std::path::PathBuf,
}

impl Window {
    pub fn open(home: &Path, address: &str, language: &str) -> Self {
        let printed = home.with_extension("window");
        let mut command = openline(home);
        command.args(["--lang", language, "station", "--listen", address]);
        command.stdout(File::create(&printed).expect("a file"));
        let errors = home.with_extension("errors");
        command.stderr(File::create(&errors).expect("a file"));
        let child = command.spawn().expect("the program");
        Self {
            child,
            printed,
            errors,
        }
    }

    pub fn text(&self) -> String {
        std::fs::read_to_string(&self.printed).expect("a file")
    }

    fn errors(&self) -> String {
        std::fs::read_to_string(&self.errors).expect("a file")
    }

    pub fn shows(&self, text: &str) {
        until(text, || self.text().contains(text));
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_station_tells_each_change_of_a_verdict_and_at_the_end_what_they_will_see() {
    let sides = Sides::opened();
    drop(sides.connected());
    let mut window = Window::open(&sides.washington, &sides.addresses[0], "en");
    window.shows("Moscow: NOT HEARD YET.");
    let moscow = sides.start_moscow();
    window.shows("Z  Moscow: OPEN\n");
    moscow.kill();
    window.shows("Z  Moscow: NO SIGN OF LIFE, CANNOT TELL WHY, since 2");
    let text = window.text();
    assert_eq!(text.lines().count(), 3, "{text}");
    let pid = Pid::from_child(&window.child);
    kill_process(pid, Signal::INT).expect("a process");
    assert!(window.child.wait().expect("an end").success());
    let text = window.text();
    let last = text.lines().last().unwrap_or_default();
    assert!(
        last.contains("Moscow will see no sign of life after 3 s"),
        "{text}"
    );
    assert!(last.contains(" silence announce"), "{text}");
}

#[test]
fn a_station_that_hears_nobody_says_so_when_there_was_time_for_an_answer() {
    let sides = Sides::opened();
    drop(sides.connected());
    let window = Window::open(&sides.washington, &sides.addresses[0], "ru");
    window.shows("Москва: ЕЩЁ НЕ СЛЫШНА.");
    let ran = run(&sides.washington, &["--json", "status"]);
    assert_eq!(ran.code, 11, "{}", ran.out);
    let status = ran.object();
    let verdict = &status["lines"][0]["verdict"];
    let started = status["station"]["started_ms"].as_u64().expect("a time");
    let was_time = now_ms() >= started + 3_000;
    assert!(verdict == "not-heard-yet" || was_time, "{status}");
    window.shows("Z  Москва: НЕТ ПРИЗНАКОВ ЖИЗНИ, ПРИЧИНА НЕИЗВЕСТНА\n");
}

/// The same sentence as `status` prints, with the line's name before it; `doctor` says what is left to do.
#[test]
fn what_deserves_attention_is_told_in_the_readers_words_by_window_status_and_doctor() {
    let sides = Sides::opened();
    drop(sides.connected());
    let _moscow = sides.start_moscow();
    let window = Window::open(&sides.washington, &sides.addresses[0], "ru");
    window.shows("ОТКРЫТА");
    ok(run(&sides.washington, &["line", "renew"]));
    window.shows("Z  Москва: этот каталог скопирован или восстановлен, или так велел человек");
    window.shows("Z  Москва: на линии действуют новые ключи");
    assert_eq!(window.errors(), "");
    let status = finish(openline(&sides.washington).args(["--lang", "ru", "status"]));
    let status = in_one_line(&status.out);
    assert!(status.contains("Z: этот каталог скопирован"), "{status}");
    assert!(
        status.contains("Z: на линии действуют новые ключи"),
        "{status}"
    );
    for (home, said) in [
        (
            &sides.washington,
            "Nothing to do: it is mended, the new keys are in use.",
        ),
        (
            &sides.moscow,
            "new keys are in use on this line, as one side asked.",
        ),
    ] {
        until("doctor tells it", || {
            let doctor = in_one_line(&run(home, &["doctor"]).out);
            doctor.contains(said) && !doctor.contains("Nothing is wrong. ")
        });
        let doctor = run(home, &["--json", "doctor"]).object();
        let checks = doctor["checks"].as_array().expect("checks");
        let told = checks.iter().filter(|check| check["check"] == "notice");
        assert!(told.clone().count() > 0, "{doctor}");
        for check in told {
            assert_eq!(check["result"], "advice", "{doctor}");
        }
    }
}

/// It is met before the window has anything to say, and is the first thing that stands there.
#[test]
fn a_restored_home_is_called_so_in_the_window_and_by_doctor() {
    let sides = Sides::opened();
    drop(sides.connected());
    let restored = sides.washington.with_file_name("restored");
    let copied = Command::new("cp")
        .arg("-a")
        .args([&sides.washington, &restored])
        .status();
    assert!(copied.expect("cp").success());
    let window = Window::open(&restored, &sides.addresses[0], "en");
    window.shows("Z  Moscow: this home is a copy or was restored");
    assert_eq!(window.errors(), "");
    let doctor = in_one_line(&run(&restored, &["doctor"]).out);
    assert!(
        doctor.contains("Z: this home is a copy or was restored"),
        "{doctor}"
    );
    assert!(
        doctor.contains("Make sure that no other copy of this home runs anywhere."),
        "{doctor}"
    );
    assert!(!doctor.contains("it is no copy"), "{doctor}");
}

/// As without an announcement: the last sign of life is what is known.
#[test]
fn an_announced_silence_counts_from_the_last_sign_of_life() {
    let sides = Sides::opened();
    let [washington, _moscow] = sides.connected();
    let announce = [
        "silence",
        "announce",
        "--for",
        "1h",
        "--reason",
        "maintenance",
        "--as",
        "Lt. Smith",
    ];
    ok(run(&sides.washington, &announce));
    let announced = || run(&sides.moscow, &["--json", "status"]).object()["lines"][0].clone();
    until("announced", || announced()["announced"].is_object());
    washington.kill();
    until("silent", || announced()["verdict"] == "announced-silence");
    until("since the last sign of life", || {
        let line = announced();
        let alive = line["alive_as_of"].as_str().expect("a time");
        assert_ne!(line["since"], line["alive_as_of"]);
        let (day, time) = (&alive[..10], &alive[11..19]);
        let said = line["announced"]["said"].as_str().expect("a time");
        let said = &said[11..19];
        let status = in_one_line(&ok(run(&sides.moscow, &["status"])).out);
        let told = format!("SILENT AS ANNOUNCED. Last answered {day} {time}Z, announced");
        status.contains(&told) && status.contains(&format!("(said {said}Z)."))
    });
}

/// Whoever stays away longer than he announced has announced it: the status says both.
#[test]
fn a_silence_that_is_outlasted_is_not_said_to_be_unannounced() {
    let sides = Sides::opened();
    let [washington, _moscow] = sides.connected();
    let announce = ["silence", "announce", "--for", "10s", "--reason", "restart"];
    ok(run(&sides.washington, &announce));
    let line = || run(&sides.moscow, &["--json", "status"]).object()["lines"][0].clone();
    until("announced", || line()["announced"].is_object());
    washington.kill();
    until("outlasted", || line()["overrun"].is_object());
    let ended = line()["overrun"]["until"].clone();
    let ended = ended.as_str().expect("a time");
    let (day, ended) = (&ended[..10], &ended[11..19]);
    let status = in_one_line(&run(&sides.moscow, &["status"]).out);
    assert!(
        status.contains("That time is over, and it is not back."),
        "{status}"
    );
    assert!(
        status.contains(&format!("silence until {day} {ended}Z")),
        "{status}"
    );
}

/// A sentence is broken where the screen ends.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn now_ms() -> u64 {
    let since = std::time::UNIX_EPOCH.elapsed().expect("after 1970");
    u64::try_from(since.as_millis()).expect("a time")
}

/// A restart is over when it has happened; other silences last as long as was said.
#[test]
fn our_own_announced_silence_stands_in_our_own_status() {
    let sides = Sides::opened();
    let [washington, _moscow] = sides.connected();
    let announce = [
        "silence",
        "announce",
        "--for",
        "1ч",
        "--reason",
        "maintenance",
        "--as",
        "Lt. Smith",
    ];
    ok(run(&sides.washington, &announce));
    let status = ok(run(&sides.washington, &["status"])).out;
    assert!(
        status.contains("We announced that we shall be silent until 2"),
        "{status}"
    );
    let announced = || {
        run(&sides.washington, &["--json", "status"]).object()["lines"][0]["announced_here"].clone()
    };
    assert_eq!(announced()["reason"], "maintenance");
    let traffic = ok(run(&sides.moscow, &["traffic"])).out;
    assert!(traffic.contains("by “Lt. Smith”"), "{traffic}");
    washington.kill();
    let mut window = Window::open(&sides.washington, &sides.addresses[0], "en");
    window.shows("Ready.");
    assert_eq!(announced()["reason"], "maintenance", "after a restart too");
    kill_process(Pid::from_child(&window.child), Signal::INT).expect("a process");
    assert!(window.child.wait().expect("an end").success());
    window.shows("Moscow will see the silence that you announced, until 2");
}

#[test]
fn a_hint_to_start_the_station_names_the_port_that_the_other_side_knows() {
    let sides = Sides::opened();
    let (_, port) = sides.addresses[0].rsplit_once(':').expect("a port");
    let listen = format!("--listen udp://0.0.0.0:{port}");
    for arguments in [&["status"][..], &["verify", "."], &["doctor"]] {
        let mut command = openline(&sides.washington);
        let ran = finish(command.args(arguments).current_dir(&sides.washington));
        let said = format!("{}{}", ran.out, ran.err);
        assert!(said.contains(&listen), "{arguments:?}: {said}");
    }
}

#[test]
fn a_length_of_time_without_a_unit_is_refused_with_what_it_could_mean() {
    let sides = Sides::opened();
    let _station = sides.start_washington();
    let ran = run(&sides.washington, &["silence", "announce", "--for", "10"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("has no unit") && ran.err.contains("10m"),
        "{}",
        ran.err
    );
    let none = |since| ok(run(&sides.washington, &["traffic", "--since", since])).out;
    assert_eq!(none("2099-01-01"), "Nothing since 2099-01-01 00:00:00Z.\n");
    assert!(none("1 ч").contains("compared the safety number"));
    let after = ok(run(&sides.washington, &["traffic", "--since", "1"])).out;
    assert!(after.contains("an age needs a unit, such as 1m"), "{after}");
}

/// The person, shortly, where each text stands; whoever sent without a name is the user of the system.
#[test]
fn who_sent_a_text_stands_beside_it() {
    let sides = Sides::opened();
    let _station = sides.start_washington();
    ok(run_with_input(
        &sides.washington,
        &["say", "--as", "Lt. Smith"],
        "hello",
    ));
    let traffic = ok(run(&sides.washington, &["traffic"])).out;
    let line = traffic.lines().find(|line| line.starts_with("M-"));
    assert!(
        line.is_some_and(|line| line.ends_with("by “Lt. Smith”")),
        "{traffic}"
    );
    let russian = ok(run(&sides.washington, &["--lang", "ru", "traffic"])).out;
    assert!(russian.contains("автор: «Lt. Smith»"), "{russian}");
}

/// One bad line of many: it is refused in its place, and the next ones go out.
#[test]
fn a_line_that_is_no_text_or_too_long_does_not_end_the_stream() {
    let sides = Sides::opened();
    let _station = sides.start_washington();
    let path = sides.at("lines");
    let mut lines = b"first\n\xd0\xff\xfe broken\nsecond\n".to_vec();
    lines.extend(vec![b'x'; 1 << 20]);
    lines.extend(b"\nthird");
    std::fs::write(&path, lines).expect("a file");
    let mut command = openline(&sides.washington);
    command.args(["--json", "say", "--stdin"]);
    command.stdin(File::open(&path).expect("a file"));
    let ran = finish(&mut command);
    assert_eq!(ran.code, 5, "{}", ran.err);
    let mut events = ran.json();
    events.sort_by_key(|event| event["index"].as_u64());
    let told = |event: &Value| json!([event["event"], event["refused"]["error"]]);
    let told: Vec<_> = events.iter().map(told).collect();
    let (taken, refused) = (json!(["stored-here", null]), |why: &str| {
        json!(["refused", why])
    });
    let wanted = [
        &taken,
        &refused("not-utf8"),
        &taken,
        &refused("too-large"),
        &taken,
    ];
    assert_eq!(told.iter().collect::<Vec<_>>(), wanted);
}

#[test]
fn a_text_that_the_station_finds_too_long_is_refused_with_both_limits() {
    let sides = Sides::opened();
    let _station = sides.start_washington();
    for (language, limits) in [
        ("en", "200 words and 2000 bytes"),
        ("ru", "200 слов и 2000 байт"),
    ] {
        let text = "слово ".repeat(190);
        let arguments = ["--lang", language, "say", "--flash"];
        let ran = run_with_input(&sides.washington, &arguments, &text);
        assert_eq!(ran.code, 5, "{}", ran.err);
        assert!(ran.err.contains(limits), "{}", ran.err);
    }
}
