//! Both records verify and are equal; a changed byte is named.

use openline_record::export::{Decoder, Head, Item, RecordWriter, StoredEntry};
use openline_wire::codes::Kind;
use openline_wire::entry::{Body, SignedEntry};

use crate::program::{Sides, message, ok, run, run_with_input, until};

#[test]
fn both_sides_export_the_same_record_and_anybody_can_verify_it() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    ok(run_with_input(
        &sides.washington,
        &["say", "--flash", "--wait", "stored"],
        "once",
    ));
    until("the digests agree", || {
        digest(&sides, &sides.washington) == digest(&sides, &sides.moscow)
    });
    let stranger = sides.directory.path().join("no-home");
    let found = ok(run(
        &stranger,
        &["--json", "verify", &sides.at("record.olr")],
    ))
    .object();
    assert_eq!(found["sound"], true);
}

fn digest(sides: &Sides, home: &std::path::Path) -> String {
    let record = sides.at("record.olr");
    let _ = std::fs::remove_file(&record);
    ok(run(home, &["--json", "export", "-o", &record]));
    let found = ok(run(home, &["--json", "verify", &record])).object();
    found["records"][0]["digest"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn an_export_and_a_card_overwrite_no_file() {
    let sides = Sides::opened();
    drop(sides.connected());
    let diary = sides.at("diary");
    std::fs::write(&diary, "a diary").expect("a file");
    for arguments in [["export", "-o", &diary], ["card", "export", &diary]] {
        let ran = run(&sides.moscow, &[&["--json"], &arguments[..]].concat());
        assert_eq!((ran.code, ran.error().as_str()), (1, "file-exists"));
        let kept = std::fs::read_to_string(&diary).expect("the file");
        assert_eq!(kept, "a diary", "{arguments:?}");
    }
}

#[test]
fn an_export_that_fails_names_the_file_that_was_asked_for_and_no_draft() {
    let sides = Sides::opened();
    drop(sides.connected());
    let record = sides.at("no-such-folder/record.olr");
    let ran = run(&sides.moscow, &["export", "-o", &record]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains(&record), "{}", ran.err);
    // The folder of this test bears such a name itself.
    let rest = ran.err.replace(&record, "");
    assert!(!rest.contains(".tmp"), "{}", ran.err);
}

#[test]
fn a_flipped_byte_is_named_by_party_sequence_and_field_and_exits_six() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let text = "The rocket is a research flight.";
    ok(run_with_input(
        &sides.washington,
        &["say", "--flash", "--wait", "stored"],
        text,
    ));
    let flash = message(&sides.moscow, text).expect("the flash");
    let record = sides.at("record.olr");
    ok(run(&sides.moscow, &["export", "-o", &record]));
    let mut bytes = std::fs::read(&record).expect("the record");
    let place = bytes
        .windows(text.len())
        .position(|window| window == text.as_bytes());
    bytes[place.expect("the text stands in the record")] ^= 1;
    std::fs::write(&record, bytes).expect("the record");

    let ran = run(&sides.moscow, &["--json", "verify", &record]);
    assert_eq!(ran.code, 6);
    let digest = ran.object()["records"][0]["digest"].clone();
    assert!(digest.is_null(), "{digest}: not that of the true one");
    let finding = ran.object()["records"][0]["findings"][0].clone();
    assert_eq!(finding["short"], flash["short"]);
    let told = run(&sides.moscow, &["verify", &record]).out;
    let boot = flash["author"]["boot"].as_str().unwrap_or_default();
    let short = flash["short"].as_str().unwrap_or_default();
    assert!(told.contains(&boot[..8]) && told.contains(short), "{told}");
    assert_eq!(finding["party"], flash["author"]["party"]);
    assert_eq!(finding["sequence"], flash["sequence"]);
    assert_eq!(finding["field"], "body");
    assert_eq!(finding["name"], "Washington");
}

#[test]
fn a_party_renamed_in_the_charter_of_a_record_is_found_although_the_files_own_digest_fits() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    ok(run_with_input(
        &sides.washington,
        &["say", "--wait", "stored"],
        "hello",
    ));
    let record = sides.at("record.olr");
    ok(run(&sides.moscow, &["export", "-o", &record]));
    let honest = ok(run(&sides.moscow, &["--json", "verify", &record])).object();
    let compared = honest["records"][0]["compared_by"].as_array().cloned();
    assert_eq!(compared.expect("parties").len(), 2);

    let mut bytes = std::fs::read(&record).expect("the record");
    replace(&mut bytes, b"fMoscow", b"fNaples");
    std::fs::write(&record, sealed(bytes)).expect("the record");
    let ran = run(&sides.moscow, &["--json", "verify", &record]);
    assert_eq!(ran.code, 6);
    let forged = ran.object()["records"][0].clone();
    assert_eq!(forged["findings"][0]["field"], "charter");
    assert_eq!(forged["findings"][0]["fault"], "charter-differs");
    assert_ne!(forged["digest"], honest["records"][0]["digest"]);
}

/// The charter stands before the cards, so it is the first place that is changed.
fn replace(bytes: &mut [u8], old: &[u8], new: &[u8]) {
    let place = bytes.windows(old.len()).position(|window| window == old);
    let place = place.expect("the words stand in the record");
    bytes[place..place + new.len()].copy_from_slice(new);
}

/// The file with the digest at its end computed again.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    use sha2::Digest as _;
    let end = bytes
        .windows(12)
        .rposition(|window| window == b"\x84\x6arecord-end");
    let digest = sha2::Sha256::digest(&bytes[..end.expect("an end")]);
    let len = bytes.len();
    bytes[len - 32..].copy_from_slice(&digest);
    bytes
}

#[test]
fn a_home_verifies_while_its_station_runs_and_after_it_was_killed() {
    let sides = Sides::opened();
    let [washington, _moscow] = sides.connected();
    ok(run_with_input(
        &sides.washington,
        &["say", "--wait", "stored"],
        "hello",
    ));
    let home = sides.washington.display().to_string();
    ok(run(&sides.moscow, &["verify", &home]));
    washington.kill();
    ok(run(&sides.moscow, &["verify", &home]));
}

#[test]
fn what_is_no_record_is_called_so() {
    let sides = Sides::offered();
    let ran = run(
        &sides.moscow,
        &["--json", "verify", &sides.at("charter.toml")],
    );
    assert_eq!((ran.code, ran.error().as_str()), (6, "no-record"));
    let told = run(
        &sides.moscow,
        &["--lang", "ru", "verify", &sides.at("charter.toml")],
    )
    .err;
    assert!(told.contains("не файл протокола"), "{told}");
    assert!(!told.contains("CBOR"), "{told}");
    let ran = run(&sides.moscow, &["--json", "verify", &sides.at("")]);
    assert_eq!((ran.code, ran.error().as_str()), (1, "no-home-to-verify"));
    assert!(!ran.err.contains("init"), "{}", ran.err);
}

#[test]
fn a_record_that_was_cut_off_is_not_called_faultless() {
    let sides = Sides::opened();
    drop(sides.connected());
    let record = sides.at("record.olr");
    ok(run(&sides.moscow, &["export", "-o", &record]));
    let bytes = std::fs::read(&record).expect("the record");
    std::fs::write(&record, &bytes[..bytes.len() - 300]).expect("the record");
    let ran = run(&sides.moscow, &["verify", &record]);
    assert_eq!(ran.code, 6);
    assert!(ran.out.contains("ends early"), "{}", ran.out);
    assert!(!ran.out.contains("no fault"), "{}", ran.out);
}

#[test]
fn the_doctor_finds_a_home_that_others_can_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let sides = Sides::opened();
    let _station = sides.start_moscow();
    let healthy = ok(run(&sides.moscow, &["--json", "doctor"])).object();
    assert_eq!(healthy["healthy"], true);
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&sides.moscow, open).expect("permissions");
    let ran = run(&sides.moscow, &["--json", "doctor"]);
    assert_eq!(ran.code, 1);
    let checks = ran.object()["checks"].as_array().cloned().expect("checks");
    let wrong: Vec<_> = checks
        .iter()
        .filter(|check| check["result"] == "wrong")
        .collect();
    assert_eq!(wrong.len(), 1);
    assert_eq!(wrong[0]["check"], "home");
    let advice = wrong[0]["do"].as_str().unwrap_or_default();
    let command = advice.lines().next().unwrap_or_default();
    let command = command.split_once(": ").map(|(_, command)| command);
    let mended = std::process::Command::new("sh")
        .args(["-c", command.expect("a command")])
        .status();
    assert!(mended.is_ok_and(|status| status.success()), "{advice}");
    let checks = run(&sides.moscow, &["--json", "doctor"]).object()["checks"].clone();
    let mut checks = checks.as_array().cloned().unwrap_or_default().into_iter();
    let home = checks.find(|check| check["check"] == "home");
    assert_eq!(home.expect("a check")["result"], "good");
    assert_ne!(wrong[0]["do"], "");
}

/// Written again by a program of the other side's, with an end of its own that fits.
fn rewritten(path: &str, keep: impl Fn(&StoredEntry<'_>) -> Option<SignedEntry>) {
    rewritten_under(path, |_| {}, keep);
}

/// Likewise, under another head.
fn rewritten_under(
    path: &str,
    change: impl Fn(&mut Head),
    keep: impl Fn(&StoredEntry<'_>) -> Option<SignedEntry>,
) {
    let mut decoder = Decoder::new();
    decoder.push(&std::fs::read(path).expect("a record"));
    decoder.end();
    let (mut out, mut writer) = (Vec::new(), None);
    while let Some(found) = decoder.next_item() {
        match found.item.expect("an item") {
            Item::Head(mut head) => {
                change(&mut head);
                writer = Some(RecordWriter::new(head, &mut out));
            }
            Item::Entry(entry) => {
                let writer = writer.as_mut().expect("a head comes first");
                if let Some(entry) = keep(&entry) {
                    writer.entry(&entry, &mut out).expect("its line");
                }
            }
            _ => {}
        }
    }
    writer.expect("a head").finish(&mut out);
    std::fs::write(path, out).expect("room");
}

/// Without Washington's word of the drill, and without what Moscow says.
fn trimmed(entry: &StoredEntry<'_>) -> Option<SignedEntry> {
    let text = entry.body.map(|(_, content)| content);
    let is_of = |word: &str| {
        text.is_some_and(|text| text.windows(word.len()).any(|it| it == word.as_bytes()))
    };
    let body = entry
        .body
        .filter(|_| !is_of("saw it"))
        .map(|(salt, content)| Body {
            salt: *salt,
            content: content.to_vec(),
        });
    let entry = SignedEntry::new(entry.header.to_vec(), entry.signature, body);
    (!is_of("drill")).then(|| entry.expect("as it was signed"))
}

/// OL-342, OL-344
#[test]
fn what_was_cut_off_or_withheld_is_said_where_somebody_signed_that_it_was_there() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let say = |home, text| {
        let wait = ["say", "--flash", "--wait", "stored"];
        ok(run_with_input(home, &wait, text));
    };
    say(&sides.washington, "Our drill has ended.");
    say(&sides.moscow, "We saw it.");
    let record = sides.at("trimmed.olr");
    ok(run(&sides.moscow, &["export", "-o", &record]));
    rewritten(&record, trimmed);
    let ran = ok(run(&sides.moscow, &["verify", &record]));
    let said = [
        "Moscow signed that there are",
        "NOT HERE: 1.",
        "the text of one entry is not here",
    ];
    for said in said {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    let found = ok(run(&sides.moscow, &["--json", "verify", &record])).object();
    let found = &found["records"][0];
    assert_eq!(found["withheld"], 1);
    assert_eq!(found["withheld_entries"][0]["short"], "M-2", "{found}");
    let claimed = |chain: &serde_json::Value| chain["claimed"]["name"] == "Moscow";
    assert!(
        found["chains"]
            .as_array()
            .is_some_and(|all| all.iter().any(claimed))
    );
}

fn as_it_is(entry: &StoredEntry<'_>) -> SignedEntry {
    let body = entry.body.map(|(salt, content)| Body {
        salt: *salt,
        content: content.to_vec(),
    });
    SignedEntry::new(entry.header.to_vec(), entry.signature, body).expect("as it was signed")
}

/// OL-347: whoever reads only the last line, or only one field, is not told that all is well.
#[test]
fn a_record_in_which_nobody_compared_the_number_is_not_called_sound_without_more() {
    let sides = Sides::opened();
    drop(sides.connected());
    let record = sides.at("unproven.olr");
    ok(run(&sides.moscow, &["export", "-o", &record]));
    let honest = ok(run(&sides.moscow, &["--json", "verify", &record])).object();
    assert_eq!(honest["identity"], "proven");
    let told = ok(run(&sides.moscow, &["verify", &record])).out;
    assert!(told.contains("SOUND:"), "{told}");

    let compares = |entry: &SignedEntry| entry.header().kind == Kind::NumberCompared;
    rewritten(&record, |entry| {
        Some(as_it_is(entry)).filter(|entry| !compares(entry))
    });
    let found = ok(run(&sides.moscow, &["--json", "verify", &record])).object();
    assert_eq!(found["sound"], true);
    assert_eq!(found["identity"], "unproven");
    assert_eq!(found["records"][0]["identity"], "unproven");
    for (language, says) in [("en", "NOT PROVEN WHOSE IT IS"), ("ru", "НЕ ДОКАЗАНО, ЧЬЁ")]
    {
        let told = ok(run(&sides.moscow, &["--lang", language, "verify", &record])).out;
        let last = told.trim_end().lines().last().unwrap_or_default();
        let verdict = told.lines().find(|line| line.contains(says));
        assert!(verdict.is_some(), "{told}");
        assert!(
            !told.contains(" SOUND") && !told.contains(" ВЕРНО"),
            "{last}"
        );
    }
}

/// OL-347: the nodes of a card that somebody put in could sign what looks like the line's.
#[test]
fn a_card_of_a_party_that_is_not_on_the_line_is_named() {
    let sides = Sides::opened();
    drop(sides.connected());
    let record = sides.at("foreign.olr");
    ok(run(&sides.moscow, &["export", "-o", &record]));
    let (stranger, card) = (sides.directory.path().join("stranger"), sides.at("x.card"));
    ok(run(&stranger, &["init", "--name", "Stranger"]));
    ok(run(&stranger, &["card", "export", &card]));
    let card = std::fs::read(card).expect("a card");
    rewritten_under(
        &record,
        |head| head.cards.push(card.clone()),
        |entry| Some(as_it_is(entry)),
    );
    let ran = run(&sides.moscow, &["--json", "verify", &record]);
    assert_eq!(ran.code, 6);
    let findings = ran.object()["records"][0]["findings"].clone();
    assert_eq!(findings[0]["fault"], "foreign-card");
    assert_eq!(findings.as_array().map(Vec::len), Some(1), "{findings}");
    let told = run(&sides.moscow, &["--lang", "ru", "verify", &record]).out;
    assert!(
        told.contains("карточка стороны, которой нет на линии"),
        "{told}"
    );
}
