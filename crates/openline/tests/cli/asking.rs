//! What a person is asked before he signs: who he is, what it is, and whether he means it; and what he typed in vain comes back.

use crate::program::{Sides, message, ok, run, run_with_input, until};
use crate::terminal::Terminal;

const BY_SMITH: [&str; 2] = ["--as", "Capt. Smith"];

fn status(home: &std::path::Path) -> serde_json::Value {
    run(home, &["--json", "status"]).object()["lines"][0].clone()
}

#[test]
fn a_silence_is_announced_by_a_person_and_a_flash_that_is_not_sent_is_given_back() {
    let sides = Sides::opened();
    let _station = sides.start_washington();
    let announce = ["silence", "announce", "--for", "1h", "--reason", "other"];
    let mut terminal = Terminal::start(&sides.washington, &announce);
    terminal.shows("Your name");
    terminal.type_in("Capt. Smith\n");
    assert_eq!(terminal.code(), Some(0));
    let traffic = ok(run(&sides.washington, &["traffic"])).out;
    assert!(traffic.contains("by “Capt. Smith”"), "{traffic}");

    let flash = [&["say", "--flash"], &BY_SMITH[..]].concat();
    let mut terminal = Terminal::start(&sides.washington, &flash);
    terminal.shows("FLASH.");
    terminal.type_in("a long and careful text\n.\n");
    terminal.shows("Type FLASH");
    terminal.type_in("\n");
    terminal.shows("\u{2502} a long and careful text");
    assert_eq!(terminal.code(), Some(1));

    let mut own = Terminal::start(&sides.washington, &["sign-read", "E-1"]);
    own.shows("no message of the other side");
    assert!(!own.text().contains("Your name"), "{}", own.text());
    assert_eq!(own.ended(), Some(1));
}

#[test]
fn why_a_line_is_suspended_is_asked_and_a_second_time_nothing_is() {
    let sides = Sides::opened();
    let _station = sides.start_washington();
    let suspend = [&["suspend"], &BY_SMITH[..]].concat();
    let mut terminal = Terminal::start(&sides.washington, &suspend);
    terminal.shows("Type ordered");
    terminal.type_in("because\n");
    terminal.shows("none of the three");
    terminal.type_in("compromise\n");
    terminal.shows("In words");
    terminal.type_in("A laptop is missing.\n");
    terminal.shows("is suspended by our side");
    assert_eq!(terminal.code(), Some(0));
    let line = status(&sides.washington);
    assert_eq!(line["suspended"][0]["reason"], "compromise");
    assert_eq!(line["suspended"][0]["text"], "A laptop is missing.");

    let mut again = Terminal::start(&sides.washington, &suspend);
    again.shows("has suspended the line already");
    assert!(!again.text().contains("Type ordered"), "{}", again.text());
    assert_eq!(again.ended(), Some(1));
}

/// Who answers is named to the other side; a name by which nobody is on watch is no slip that is signed.
#[test]
fn whoever_is_not_on_watch_says_that_he_means_to_accept_and_the_caller_reads_that_he_is_not() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    ok(run(&sides.moscow, &["watch", "open", "--as", "Lt. Orlova"]));
    until("Washington sees her", || {
        status(&sides.washington)["watch"][1]["duty"] == "present"
    });
    let start = [&["ring", "start", "--to", "watch"], &BY_SMITH[..]].concat();
    let mut caller = Terminal::start(&sides.washington, &start);
    caller.shows("What is it about?");
    caller.type_in("\n");
    until("it rings", || {
        status(&sides.moscow)["rings"][0]["rings_here"] == true
    });
    let accept = ["ring", "accept", "--as", "Capt. Volkov"];
    let mut slip = Terminal::start(&sides.moscow, &accept);
    slip.shows("on watch: “Lt. Orlova”");
    slip.type_in("no\n");
    slip.shows("Nothing was signed");
    assert_eq!(slip.code(), Some(1));
    let mut meant = Terminal::start(&sides.moscow, &accept);
    meant.shows("Accept all the same?");
    meant.type_in("yes\n");
    meant.shows("contact verify C-1");
    assert_eq!(meant.code(), Some(0));
    caller.shows("“Capt. Volkov” is not on watch at Moscow");
    assert_eq!(caller.code(), Some(0));
}

#[test]
fn a_call_back_is_asked_for_stands_in_status_and_is_named_when_the_watch_changes() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    ok(run(&sides.moscow, &["watch", "open", "--as", "Lt. Orlova"]));
    let start = [&["ring", "start", "--to", "watch"], &BY_SMITH[..]].concat();
    let mut caller = Terminal::start(&sides.washington, &start);
    caller.shows("What is it about?");
    caller.type_in("\n");
    until("it rings", || {
        status(&sides.moscow)["rings"][0]["rings_here"] == true
    });
    let mut later = Terminal::start(&sides.moscow, &["ring", "later", "--as", "Lt. Orlova"]);
    later.shows("When will the call be returned?");
    later.type_in("soon\n");
    later.shows("no time to come");
    later.type_in("2h\n");
    later.shows("Why?");
    later.type_in("\n");
    assert_eq!(later.code(), Some(0));
    assert_eq!(caller.code(), Some(11));
    for home in [&sides.moscow, &sides.washington] {
        until("status names it", || {
            run(home, &["status"])
                .out
                .contains("R-1 was answered with a time")
        });
    }
    let hand_over = [
        "watch",
        "hand-over",
        "--to",
        "Capt. Volkov",
        "--as",
        "Lt. Orlova",
    ];
    let handed = ok(run(&sides.moscow, &hand_over)).out;
    assert!(handed.contains("to be called back"), "{handed}");
}

#[test]
fn nobody_leaves_the_watch_with_an_unread_flash_without_a_word() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    ok(run(&sides.moscow, &["watch", "open", "--as", "Lt. Orlova"]));
    let flash = ["say", "--flash", "--wait", "stored"];
    ok(run_with_input(
        &sides.washington,
        &flash,
        "Aircraft over the strait.",
    ));
    let entry = message(&sides.moscow, "Aircraft over the strait.").expect("it is there");
    let short = entry["short"].as_str().expect("a short name");
    let close = ["watch", "close", "--as", "Lt. Orlova"];
    let mut terminal = Terminal::start(&sides.moscow, &close);
    terminal.shows(&format!(
        "{short}: FLASH from them (“Aircraft over the strait.”)"
    ));
    terminal.shows("Close the watch all the same?");
    terminal.type_in("no\n");
    terminal.shows("you are still on watch");
    assert_eq!(terminal.code(), Some(1));
    let closed = ok(run(&sides.moscow, &close)).out;
    assert!(closed.contains(&format!("show {short}")), "{closed}");
}
