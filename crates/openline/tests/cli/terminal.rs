//! A text typed at a terminal: whole, however long its lines, and not thrown away by a slip.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::program::{Sides, message, openline, traffic, until};

const SAY: [&str; 3] = ["say", "--as", "Lt. Smith"];
const SAY_FLASH: [&str; 4] = ["say", "--flash", "--as", "Lt. Smith"];

/// A terminal with the program at it.
pub struct Terminal {
    keyboard: File,
    child: Child,
    screen: Arc<Mutex<String>>,
}

impl Terminal {
    pub fn start(home: &Path, arguments: &[&str]) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&ours).expect("a terminal");
        unlockpt(&ours).expect("a terminal");
        let name = ptsname(&ours, Vec::new()).expect("its name");
        let name = name.into_string().expect("UTF-8");
        let theirs = File::options().read(true).write(true).open(name);
        let theirs = theirs.expect("its other end");
        let end = || Stdio::from(theirs.try_clone().expect("an end"));
        let mut command = openline(home);
        command.args(arguments).env("TERM", "dumb");
        let child = command.stdin(end()).stdout(end()).stderr(end()).spawn();
        let keyboard = File::from(ours);
        let mut output = keyboard.try_clone().expect("an end");
        let screen = Arc::new(Mutex::new(String::new()));
        let shown = screen.clone();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // It ends with an error when nobody holds the other end.
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                let text = String::from_utf8_lossy(&bytes[..count]);
                shown.lock().expect("a screen").push_str(&text);
            }
        });
        Self {
            keyboard,
            child: child.expect("the program"),
            screen,
        }
    }

    pub fn shows(&self, text: &str) {
        until(text, || {
            self.screen.lock().expect("a screen").contains(text)
        });
    }

    pub fn type_in(&mut self, text: &str) {
        self.keyboard
            .write_all(text.as_bytes())
            .expect("a keyboard");
    }

    pub fn text(&self) -> String {
        self.screen.lock().expect("a screen").clone()
    }

    pub fn code(mut self) -> Option<i32> {
        self.ended()
    }

    pub fn ended(&mut self) -> Option<i32> {
        self.child.wait().expect("an end").code()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_pasted_line_longer_than_the_terminals_own_buffer_is_sent_whole() {
    let sides = Sides::opened();
    let _station = sides.start_washington();
    let text = "жук ".repeat(2_000) + "end";
    let mut terminal = Terminal::start(&sides.washington, &SAY);
    terminal.shows("ROUTINE.");
    terminal.type_in(&format!("{text}\n.\n"));
    terminal.shows("is on this station's disk;");
    assert!(message(&sides.washington, &text).is_some(), "it is whole");
}

/// Nobody signs as the operating system's user without a word.
#[test]
fn whoever_types_a_text_is_asked_who_he_is() {
    let sides = Sides::opened();
    let _station = sides.start_washington();
    let mut terminal = Terminal::start(&sides.washington, &["say"]);
    terminal.shows("Your name");
    terminal.type_in("Lt. Smith\n");
    terminal.shows("ROUTINE.");
    terminal.type_in("All is quiet.\n.\n");
    terminal.shows("is on this station's disk;");
    let sent = message(&sides.washington, "All is quiet.").expect("the text");
    assert_eq!(sent["actor"]["name"], "Lt. Smith");
}

#[test]
fn a_mistyped_confirmation_is_asked_for_again_and_the_flash_goes_out() {
    let sides = Sides::opened();
    let _station = sides.start_washington();
    let mut terminal = Terminal::start(&sides.washington, &SAY_FLASH);
    terminal.shows("FLASH.");
    terminal.type_in("Do you see it?\n.\n");
    terminal.shows("Type FLASH to send it");
    terminal.type_in("АДФЫР\n");
    terminal.shows("Latin capitals");
    terminal.type_in("FLASH\n");
    terminal.shows("is on this station's disk;");
    let sent = message(&sides.washington, "Do you see it?").expect("the flash");
    assert_eq!(sent["precedence"], "flash");
}

#[test]
fn a_flash_of_too_many_bytes_can_go_as_priority_without_being_typed_again() {
    let sides = Sides::opened();
    let _station = sides.start_washington();
    let text = "словослово ".repeat(150).trim().to_owned();
    let mut terminal = Terminal::start(&sides.washington, &SAY_FLASH);
    terminal.shows("FLASH.");
    terminal.type_in(&format!("{text}\n.\n"));
    terminal.shows("2000 bytes");
    terminal.shows("Type PRIORITY");
    terminal.type_in("PRIORITY\n");
    terminal.shows("is on this station's disk;");
    let sent = message(&sides.washington, &text).expect("the text");
    assert_eq!(sent["precedence"], "priority");
}

#[test]
fn on_a_dead_line_the_state_is_told_before_and_ctrl_c_says_that_it_stays_queued() {
    let sides = Sides::opened();
    let _station = sides.start_washington();
    let arguments = [&SAY[..], &["--wait", "stored", "--timeout", "10m"]].concat();
    let mut terminal = Terminal::start(&sides.washington, &arguments);
    terminal.shows("waits on this station's disk");
    terminal.type_in("later\n.\n");
    terminal.shows("Queued: Moscow has not been heard");
    let pid = rustix::process::Pid::from_child(&terminal.child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("a process");
    terminal.shows("stays queued");
    assert_eq!(terminal.code(), Some(130));
}

#[test]
fn ctrl_c_while_typing_sends_nothing_and_gives_the_terminal_back() {
    let sides = Sides::opened();
    let _station = sides.start_washington();
    let mut terminal = Terminal::start(&sides.washington, &SAY);
    terminal.shows("ROUTINE.");
    terminal.type_in("never\n\u{3}");
    let screen = terminal.keyboard.try_clone().expect("an end");
    terminal.shows("Not sent.");
    assert_eq!(terminal.code(), Some(130));
    let modes = rustix::termios::tcgetattr(&screen).expect("a terminal");
    assert!(
        modes
            .local_modes
            .contains(rustix::termios::LocalModes::ICANON)
    );
    let texts = traffic(&sides.washington);
    assert!(texts.iter().all(|entry| entry["text"] != "never"));
}

#[test]
fn ctrl_c_instead_of_the_word_says_that_nothing_was_sent() {
    let sides = Sides::opened();
    let _station = sides.start_washington();
    let mut terminal = Terminal::start(
        &sides.washington,
        &[&["--lang", "ru"], &SAY_FLASH[..]].concat(),
    );
    terminal.shows("FLASH.");
    terminal.type_in("never\n.\n");
    terminal.shows("наберите FLASH");
    let pid = rustix::process::Pid::from_child(&terminal.child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("a process");
    terminal.shows("Не послано.");
    assert_eq!(terminal.code(), Some(130));
    let texts = traffic(&sides.washington);
    assert!(texts.iter().all(|entry| entry["text"] != "never"));
}

#[test]
fn what_was_typed_while_the_station_died_is_given_back() {
    let sides = Sides::opened();
    let station = sides.start_washington();
    let mut terminal = Terminal::start(&sides.washington, &SAY);
    terminal.shows("ROUTINE.");
    terminal.type_in("a long and careful text\n");
    station.kill();
    terminal.type_in(".\n");
    terminal.shows("Perhaps not sent.");
    terminal.shows("\u{2502} a long and careful text");
    assert_eq!(terminal.code(), Some(3));
}

#[test]
fn where_no_line_is_open_nobody_is_asked_for_a_name_or_a_text() {
    let sides = Sides::offered();
    let _station = sides.start_moscow();
    for arguments in [&["follow"][..], &["say", "--flash"]] {
        let mut terminal = Terminal::start(&sides.moscow, arguments);
        terminal.shows("No line is open here yet.");
        assert_eq!(terminal.child.wait().expect("an end").code(), Some(1));
        let screen = terminal.screen.lock().expect("a screen").clone();
        assert!(!screen.contains("Your name"), "{screen}");
        assert!(!screen.contains("Type the text"), "{screen}");
    }
}
