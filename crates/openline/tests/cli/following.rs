//! What the officer on watch sees on his terminal, and what is kept for him while nobody sits before it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use serde_json::Value;

use crate::program::{Sides, is_open, message, ok, run, run_with_input, stages, until};

/// The program on a terminal: `script` gives it one, and keeps what was on it.
pub struct Terminal {
    child: Child,
    keyboard: ChildStdin,
    screen: PathBuf,
}

impl Terminal {
    pub fn open(sides: &Sides, home: &Path, command: &str) -> Self {
        let program = env!("CARGO_BIN_EXE_openline");
        let command = format!("{program} --lang en --home {} {command}", home.display());
        let screen = PathBuf::from(sides.at("screen"));
        let mut child = Command::new("script")
            .args(["--quiet", "--return", "--flush", "--command", &command])
            .arg(&screen)
            .env("NO_COLOR", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("script(1), of util-linux");
        let keyboard = child.stdin.take().expect("a keyboard");
        Self {
            child,
            keyboard,
            screen,
        }
    }

    pub fn screen(&self) -> String {
        let bytes = std::fs::read(&self.screen).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    pub fn until_shows(&self, text: &str) {
        until(text, || self.screen().contains(text));
    }

    pub fn press(&mut self, keys: &str) {
        self.keyboard
            .write_all(keys.as_bytes())
            .expect("a key stroke");
        self.keyboard.flush().expect("a key stroke");
    }

    /// Follow, with a name given.
    fn follow(sides: &Sides, home: &Path, name: &str) -> Self {
        let mut terminal = Self::open(sides, home, "follow");
        terminal.until_shows("Your name");
        terminal.press(&format!("{name}\n"));
        terminal.until_shows("OPEN since");
        terminal
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn say(home: &Path, arguments: &[&str], text: &str) {
    let arguments = [&["say", "--wait", "stored"], arguments].concat();
    ok(run_with_input(home, &arguments, text));
}

fn not_shown(home: &Path) -> Value {
    run(home, &["--json", "status"]).object()["lines"][0]["not_shown"].clone()
}

#[test]
fn a_flash_that_came_while_nobody_followed_is_said_and_the_next_watch_sees_it_first() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    say(&sides.washington, &["--flash"], "Look up.");
    say(&sides.washington, &[], "And around.");

    let waiting = not_shown(&sides.moscow);
    assert_eq!(
        (&waiting["flash"], &waiting["routine"]),
        (&1.into(), &1.into())
    );
    assert_eq!(waiting["entries"][0]["precedence"], "flash");
    let entry = message(&sides.moscow, "Look up.").expect("the flash");
    assert_eq!(entry["not_shown"], true);
    for command in ["status", "traffic"] {
        let told = run(&sides.moscow, &["--lang", "en", command]).out;
        assert!(
            told.contains("1 FLASH from them was shown to nobody: M-1"),
            "{told}"
        );
    }

    let terminal = Terminal::follow(&sides, &sides.moscow, "Lt. Orlova");
    terminal.until_shows("And around.");
    let screen = terminal.screen();
    assert!(
        screen.find("Look up.") < screen.find("And around."),
        "{screen}"
    );
    until("nothing is left", || not_shown(&sides.moscow)["flash"] == 0);
    until("Washington knows", || {
        let entry = message(&sides.washington, "Look up.").expect("our own");
        stages(&entry).contains(&"shown".to_owned())
    });
    assert_eq!(
        not_shown(&sides.moscow)["entries"],
        Value::Array(Vec::new())
    );
    let entry = message(&sides.moscow, "Look up.").expect("the flash");
    assert_eq!(entry["not_shown"], false);
}

#[test]
fn follow_outlives_its_station_and_misses_nothing() {
    let sides = Sides::opened();
    let [_washington, moscow] = sides.connected();
    let terminal = Terminal::follow(&sides, &sides.moscow, "Lt. Orlova");
    moscow.kill();
    terminal.until_shows("of this home has been gone");
    run_with_input(&sides.washington, &["say"], "Are you there?");
    let _moscow = sides.start_moscow();
    terminal.until_shows("Are you there?");
    assert!(terminal.screen().contains("is back since"));
    assert!(!terminal.screen().contains("reading a body"));
}

#[test]
fn what_was_told_of_a_message_is_not_told_again_when_a_station_starts_again() {
    let sides = Sides::opened();
    let [_washington, moscow] = sides.connected();
    say(&sides.washington, &[], "Before anybody looked.");
    let terminal = Terminal::follow(&sides, &sides.washington, "Capt. Hill");
    say(&sides.washington, &["--flash"], "Do you read?");
    terminal.until_shows("M-2  stored by Moscow");
    moscow.kill();
    let _moscow = sides.start_moscow();
    // Its new boot confirms all that it holds, then what comes now.
    until("the line is open", || is_open(&sides.washington));
    say(&sides.washington, &["--flash"], "And now?");
    terminal.until_shows("M-3  stored by Moscow");
    let screen = terminal.screen();
    assert_eq!(screen.matches("M-2  stored by").count(), 1, "{screen}");
    assert!(!screen.contains("M-1  stored by"), "{screen}");
}

#[test]
fn a_receipt_names_its_message_and_the_disk_of_the_other_side_is_told() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let terminal = Terminal::follow(&sides, &sides.washington, "Capt. Hill");
    say(&sides.washington, &["--flash"], "Do you read?");
    terminal.until_shows("M-1  stored by Moscow");
    ok(run(
        &sides.moscow,
        &["sign-read", "M-1", "--as", "Lt. Orlova", "--yes"],
    ));
    terminal.until_shows("M-1 was read by “Lt. Orlova”");
}

#[test]
fn a_flash_on_the_screen_says_how_to_sign_that_it_was_read() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let terminal = Terminal::follow(&sides, &sides.moscow, "Lt. Orlova");
    say(&sides.washington, &["--flash"], "Stop.");
    terminal.until_shows("sign-read M-1");
}

#[test]
fn ending_the_input_at_the_prompt_for_a_name_ends_follow() {
    let sides = Sides::opened();
    let _station = sides.start_moscow();
    let mut terminal = Terminal::open(&sides, &sides.moscow, "follow");
    terminal.until_shows("Your name");
    terminal.press("\u{4}");
    terminal.until_shows("Nobody gave a name");
    assert_eq!(terminal.screen().matches("Your name").count(), 1);
    let ended = terminal.child.wait().expect("an end");
    assert_eq!(ended.code(), Some(2));
}

#[test]
fn a_status_that_is_watched_is_drawn_anew_and_says_when_its_station_is_gone() {
    let sides = Sides::opened();
    let moscow = sides.start_moscow();
    let terminal = Terminal::open(&sides, &sides.moscow, "status --watch");
    until("it is drawn three times", || {
        terminal.screen().matches("\u{1b}[2J").count() >= 3
    });
    moscow.kill();
    terminal.until_shows("of this home has been gone");
    let _moscow = sides.start_moscow();
    let drawn = terminal.screen().len();
    until("the line is there again", || {
        terminal
            .screen()
            .get(drawn..)
            .is_some_and(|new| new.contains("Washington"))
    });
}

#[test]
fn who_signs_that_he_has_read_sees_the_text_first_and_is_asked() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    say(&sides.washington, &[], "Hold the line.");
    let mut terminal = Terminal::open(&sides, &sides.moscow, "sign-read M-1 --as Orlova");
    terminal.until_shows("Type yes");
    assert!(terminal.screen().contains("Hold the line."));
    terminal.press("no\n");
    terminal.until_shows("Not signed");
    let entry = message(&sides.moscow, "Hold the line.").expect("it");
    assert_eq!(stages(&entry), Vec::<String>::new());
}

#[test]
fn a_screen_ends_when_its_officer_is_relieved_and_signs_nothing_more_in_his_name() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let watch = |words: &[&str], by: &str| {
        let words = [&["watch"], words, &["--as", by]].concat();
        ok(run(&sides.moscow, &words));
    };
    let mut terminal = Terminal::follow(&sides, &sides.moscow, "Lt. Orlova");
    watch(&["open"], "Lt. Orlova");
    say(&sides.washington, &[], "Are you there?");
    let shown = |text| {
        let message = message(&sides.washington, text).expect("a message");
        stages(&message).contains(&"shown".to_owned())
    };
    until("she was shown it", || shown("Are you there?"));
    watch(&["hand-over", "--to", "Lt. Petrov"], "Lt. Orlova");
    watch(&["take-over"], "Lt. Petrov");
    terminal.until_shows("is on watch now");
    // With its end no receipt of the screen's can come late.
    terminal.child.wait().expect("the screen's end");
    say(&sides.washington, &[], "And now?");
    assert!(!shown("And now?"), "nobody was shown it");
}
