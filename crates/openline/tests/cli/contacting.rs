//! A contact as two people use it: the code is compared, what is proposed is read back without being shown, and confirmed.

use std::path::Path;

use crate::program::{Ran, Sides, ok, run, run_with_input, until};
use crate::terminal::Terminal;

fn contact(home: &Path, words: &[&str], by: &str, input: &str) -> Ran {
    let by = ["--as", by];
    run_with_input(home, &[&["contact"], words, &by[..]].concat(), input)
}

fn shown(home: &Path) -> String {
    ok(run(home, &["contact", "show", "C-1"])).out
}

/// A ring of Washington's that Moscow accepts; both sign that the codes agree.
fn verified(sides: &Sides) -> String {
    let ring = ["--json", "ring", "start", "--to", "watch", "--for", "60s"];
    let mut calling = crate::program::openline(&sides.washington);
    calling.args(ring).stdout(std::process::Stdio::null());
    let mut calling = calling.spawn().expect("the program");
    let rings = || ok(run(&sides.moscow, &["ring", "list"])).out;
    until("it rings", || rings().contains("RINGS HERE"));
    let accept = ["ring", "accept", "--stdin", "--as", "Lt. Orlova"];
    ok(run_with_input(&sides.moscow, &accept, ""));
    assert!(calling.wait().expect("an end").success());
    let nobody = run(&sides.moscow, &["--json", "contact", "verify"]);
    assert_eq!(nobody.code, 2, "{}", nobody.out);
    let verify = ["verify", "--said", "agreed"];
    let here = ok(contact(&sides.washington, &verify, "Capt. Smith", "")).out;
    let there = ok(contact(&sides.moscow, &verify, "Lt. Orlova", "")).out;
    let code = |out: &str| {
        let digits = out.split("Code ").nth(1).expect("a code");
        digits[..9].to_owned()
    };
    assert_eq!(code(&here), code(&there), "{here}\n{there}");
    for home in [&sides.washington, &sides.moscow] {
        until("both signed", || shown(home).contains("Verified"));
    }
    code(&here)
}

const TERMS: &str = "place: 50.4501N 30.5234E\nfrom: 2099-01-16T06:00+02:00\n";

#[test]
fn a_proposal_is_read_back_unseen_and_binds_once_it_is_confirmed() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    verified(&sides);
    let propose = ["propose", "--stdin"];
    let proposal = format!("{TERMS}\nNo flights in the sector.");
    let doubtful = contact(&sides.washington, &propose, "Capt. Smith", &proposal);
    assert_eq!(doubtful.code, 1, "a year far ahead");
    let propose = ["propose", "--stdin", "--even-if-doubtful"];
    let said = ok(contact(
        &sides.washington,
        &propose,
        "Capt. Smith",
        &proposal,
    ))
    .out;
    assert!(said.contains("P-1"), "{said}");
    until("it is there", || shown(&sides.moscow).contains("P-1"));

    let read = ["read-back", "--stdin", "--even-if-doubtful"];
    let swapped = "place: 50.4510N 30.5234E\nfrom: 2099-01-16T06:00+02:00\n";
    let wrong = contact(&sides.moscow, &read, "Lt. Orlova", swapped);
    assert_eq!(wrong.code, 1, "{}", wrong.out);
    assert!(
        wrong.out.contains("READ BACK DIFFERENTLY") && wrong.out.contains("place 1"),
        "{}",
        wrong.out
    );
    assert!(
        !wrong.out.contains("50°27"),
        "what was proposed is not shown to its reader: {}",
        wrong.out
    );
    both_values_stand_side_by_side(&sides);
    another_zone_is_named(&sides);
    not_confirmed_in_vain(&sides);
    let early = contact(
        &sides.washington,
        &["--json", "confirm", "P-1"],
        "Capt. Smith",
        "",
    );
    assert_eq!(early.error(), "proposal-read-differently");
    ok(contact(&sides.moscow, &read, "Lt. Orlova", TERMS));
    let is_read = || shown(&sides.washington).contains("as it was meant");
    until("it was read back", is_read);
    whoever_says_no_signs_nothing(&sides);
    ok(contact(&sides.washington, &["confirm"], "Capt. Smith", ""));
    for home in [&sides.washington, &sides.moscow] {
        until("both are bound", || shown(home).contains("CONFIRMED"));
    }
    everywhere_told(&sides);
    closed_by_name_and_with_a_reason(&sides);
}

fn both_values_stand_side_by_side(sides: &Sides) {
    let both = shown(&sides.washington);
    for value in ["proposed 50°27'00.36", "read back 50°27'03.6"] {
        assert!(both.contains(value), "{value}: {both}");
    }
}

fn closed_by_name_and_with_a_reason(sides: &Sides) {
    ok(contact(
        &sides.moscow,
        &["close", "--stdin"],
        "Lt. Orlova",
        "Done.",
    ));
    until("it is closed", || {
        let shown = shown(&sides.washington);
        shown.contains("Closed")
            && shown.contains("by “Lt. Orlova”, Moscow")
            && shown.contains("Done.")
    });
}

/// Nobody is asked for a yes that is refused afterwards.
fn not_confirmed_in_vain(sides: &Sides) {
    let confirm = ["contact", "confirm", "P-1", "--as", "Capt. Smith"];
    let mut terminal = Terminal::start(&sides.washington, &confirm);
    terminal.shows("has read it back differently");
    assert!(
        !terminal.text().contains("That binds"),
        "{}",
        terminal.text()
    );
    assert_eq!(terminal.ended(), Some(1));
}

fn whoever_says_no_signs_nothing(sides: &Sides) {
    let confirm = ["contact", "confirm", "--as", "Capt. Smith"];
    let mut terminal = Terminal::start(&sides.washington, &confirm);
    terminal.shows("That binds both sides");
    terminal.type_in("y\n");
    terminal.shows("Only yes or no");
    terminal.type_in("no\n");
    terminal.shows("P-1 is not confirmed");
    assert_eq!(terminal.ended(), Some(1));
}

/// The same moment in another zone is something else, and both are told why.
fn another_zone_is_named(sides: &Sides) {
    let read = ["read-back", "--stdin", "--even-if-doubtful"];
    let elsewhere = TERMS.replace("06:00+02:00", "04:00Z");
    let same = contact(&sides.moscow, &read, "Lt. Orlova", &elsewhere);
    assert!(
        same.out.contains("the same moment in another zone"),
        "{}",
        same.out
    );
}

/// The contact stands in every place where a person looks.
fn everywhere_told(sides: &Sides) {
    let russian = ok(run(&sides.moscow, &["--lang", "ru", "contact", "list"])).out;
    assert!(russian.contains("Сверен"), "{russian}");
    let traffic = ok(run(&sides.moscow, &["traffic"])).out;
    for part in ["C-1: the codes agreed", "C-1: confirms P-1", "No flights"] {
        assert!(traffic.contains(part), "{part}: {traffic}");
    }
    let status = run(&sides.washington, &["status"]).out;
    assert!(status.contains("C-1"), "{status}");
}

#[test]
fn nonsense_in_the_terms_is_named_and_signs_nothing() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let none = contact(
        &sides.washington,
        &["--json", "propose", "--stdin"],
        "Capt. Smith",
        TERMS,
    );
    assert_eq!(none.error(), "no-contact");
    verified(&sides);
    let propose = ["--json", "propose", "--stdin"];
    for (terms, error) in [
        ("form: x", "terms-form"),
        ("place: 30.5234E 50.4501N\nfrom: 2099-01-16T06:00Z", "terms"),
        ("from: 2099-01-16T06:00", "terms"),
        ("", "terms"),
    ] {
        let refused = contact(&sides.washington, &propose, "Capt. Smith", terms);
        assert_eq!(refused.error(), error, "{terms}");
    }
    assert!(!shown(&sides.washington).contains("P-1"));
}

/// A person who types a proposal up to its words, and then these; what he says when he is asked whether he means it.
fn typed_at_the_prompt(home: &Path, words: &str, means_it: Option<&str>) -> Option<i32> {
    let propose = ["contact", "propose", "--as", "Capt. Smith"];
    let mut terminal = Terminal::start(home, &propose);
    for (question, answer) in [
        ("Place 1", "50.4501N 30.5234E\n"),
        ("Place 2", "\n"),
        ("From when", "2099-01-16T06:00+02:00\n"),
        ("Until when", "\n"),
        ("Next contact", "\n"),
        ("In words", words),
    ] {
        terminal.shows(question);
        terminal.type_in(answer);
    }
    if let Some(answer) = means_it {
        for part in ["No flights", "more than a year away", "Type yes"] {
            terminal.shows(part);
        }
        terminal.type_in(answer);
    }
    terminal.code()
}

#[test]
fn nothing_is_signed_before_a_person_has_said_yes_to_what_was_understood() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    verified(&sides);
    let home = &sides.washington;
    assert_eq!(typed_at_the_prompt(home, "\u{4}", None), Some(130));
    let no = typed_at_the_prompt(home, "No flights.\n", Some("no\n"));
    assert_eq!(no, Some(1));
    assert!(!shown(home).contains("P-1"), "{}", shown(home));
    let yes = typed_at_the_prompt(home, "No flights.\n", Some("yes\n"));
    assert_eq!(yes, Some(0));
    let shown = shown(home);
    assert!(
        shown.contains("P-1") && shown.contains("No flights. (not compared)"),
        "{shown}"
    );
}

/// Whoever made one slip types that field again, and nothing else: somebody waits on the line.
#[test]
fn one_slip_costs_one_field_and_what_cannot_hold_is_not_signed() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    verified(&sides);
    let propose = ["contact", "propose", "--as", "Capt. Smith"];
    let mut terminal = Terminal::start(&sides.washington, &propose);
    for (question, answer) in [
        ("Place 1", "50.4501N 30.5234E\n"),
        ("Place 2", "50.4501N 30.9999E\n"),
        ("Place 3", "\n"),
        ("From when", "2099-01-16T06:00+02:00\n"),
        ("Until when", "2099-01-15T06:00+02:00\n"),
        ("Next contact", "\n"),
        ("In words", "No flights\n"),
        ("ends before it begins", ""),
        ("Which field", "yes\n"),
        ("neither yes nor a field", ""),
        ("Which field", "until\n"),
        ("Until when", "2099-01-17T06:00+02:00\n"),
        ("Type yes", "place-2\n"),
        ("Place 2", "\n"),
        ("Type yes", "place-1\n"),
        ("Place 1", "50.4502N 30.5234E\n"),
        ("Type yes", "yes\n"),
    ] {
        terminal.shows(question);
        terminal.type_in(answer);
    }
    assert_eq!(terminal.code(), Some(0));
    let shown = shown(&sides.washington);
    assert!(
        shown.contains("50.4502") || shown.contains("50°27'00.7"),
        "{shown}"
    );
    assert!(!shown.contains("30.9999"), "{shown}");
    assert!(shown.contains("2099-01-17"), "{shown}");
}
