//! What a station refuses while a line is opened, and that nothing is made then.

use std::fs;

use openline_wire::card::{CardBody, Revocation};
use openline_wire::ids::Digest;
use openline_wire::opening::{AnswerBody, LineBody as _, UnverifiedAnswer};
use openline_wire::safety::SafetyNumber;

use super::super::{DEFAULT_CHARTER, accept_line, finish_line, load_lines, open_line};
use super::{NOW, code, home, only_line, orlova, world};
use crate::home::{Home, NODE_VALID_MS};

/// OL-236
#[test]
fn a_wrong_safety_number_opens_nothing_on_either_side() {
    let world = world();
    let wrong: SafetyNumber = "12345 ".repeat(12).parse().expect("sixty digits");
    let offer = world.offer();
    let invitation = accept_line(&world.moscow, &offer.file, NOW).expect("an invitation");
    let refused = invitation.accept(wrong, Vec::new(), orlova(), NOW);
    assert_eq!(code(refused), "safety-number-differs");
    assert!(world.moscow.line_folders().expect("folders").is_empty());
    let answer = world.answer(&offer);
    let reply = finish_line(&world.washington, &answer.file, NOW).expect("a reply");
    let refused = reply.finish(wrong, orlova(), NOW);
    assert_eq!(code(refused), "safety-number-differs");
    assert_eq!(load_lines(&world.washington).expect("lines").open.len(), 0);
    world
        .finish(&answer)
        .expect("the right number still opens it");
}

/// OL-237
#[test]
fn a_file_that_was_used_is_refused_the_second_time() {
    let world = world();
    let offer = world.offer();
    let answer = world.answer(&offer);
    let again = accept_line(&world.moscow, &offer.file, NOW);
    assert_eq!(code(again), "offer-used");
    world.finish(&answer).expect("open");
    let again = finish_line(&world.washington, &answer.file, NOW);
    assert_eq!(code(again), "answer-used");
    assert_eq!(only_line(&world.moscow).line, offer.line);
}

/// OL-237
#[test]
fn two_commands_at_once_use_an_offer_once() {
    let world = world();
    let offer = world.offer();
    let [first, second] =
        [0, 1].map(|_| accept_line(&world.moscow, &offer.file, NOW).expect("not used yet"));
    first
        .accept(world.number(), Vec::new(), orlova(), NOW)
        .expect("the first");
    let second = second.accept(world.number(), Vec::new(), orlova(), NOW);
    assert_eq!(code(second), "offer-used");
}

/// OL-232, OL-235
#[test]
fn a_file_for_another_party_or_for_another_step_is_refused() {
    let world = world();
    let kyiv = home(&world.folder, "Kyiv");
    let offer = world.offer();
    assert_eq!(
        code(accept_line(&kyiv, &offer.file, NOW)),
        "line-file-for-another-party"
    );
    assert_eq!(
        code(accept_line(&world.washington, &offer.file, NOW)),
        "line-file-from-ourselves"
    );
    let answer = world.answer(&offer);
    assert_eq!(
        code(accept_line(&world.moscow, &answer.file, NOW)),
        "line-file-wrong-kind"
    );
    assert_eq!(
        code(finish_line(&kyiv, &answer.file, NOW)),
        "line-file-for-another-party"
    );
    let card = world.card_of_moscow();
    assert_eq!(
        code(accept_line(&world.moscow, &card, NOW)),
        "line-file-wrong-kind"
    );
    assert_eq!(
        code(open_line(
            &world.washington,
            &offer.file,
            None,
            Vec::new(),
            NOW
        )),
        "line-file-wrong-kind"
    );
    assert_eq!(
        code(open_line(&world.moscow, &card, None, Vec::new(), NOW)),
        "card-is-our-own"
    );
}

/// OL-231
#[test]
fn a_changed_byte_in_a_file_makes_nothing() {
    let world = world();
    let offer = world.offer();
    for place in (0..offer.file.len()).step_by(97) {
        let mut bytes = offer.file.to_vec();
        bytes[place] ^= 0x10;
        assert_ne!(code(accept_line(&world.moscow, &bytes, NOW)), "none");
    }
    assert!(world.moscow.line_folders().expect("folders").is_empty());
}

/// OL-235
#[test]
fn an_answer_to_an_offer_that_this_home_never_made_is_refused() {
    let world = world();
    let offer = world.offer();
    let answer = world.answer(&offer);
    let folder = world.washington.line_folder(offer.line).expect("a folder");
    fs::remove_dir_all(folder.path()).expect("removed");
    assert_eq!(
        code(finish_line(&world.washington, &answer.file, NOW)),
        "answer-to-unknown-offer"
    );
}

/// OL-206, OL-232
#[test]
fn a_card_or_an_offer_of_an_expired_or_revoked_node_is_refused() {
    let world = world();
    let late = NOW + NODE_VALID_MS + 1;
    let offer = world.offer();
    let card = world.card_of_moscow();
    assert_eq!(
        code(open_line(&world.washington, &card, None, Vec::new(), late)),
        "own-node-unusable"
    );
    let root = world.moscow.root().expect("here");
    let renew = |body: &mut CardBody| body.nodes[0].expires = late + 1;
    world.moscow.issue_card(&root, NOW, renew).expect("renewed");
    assert_eq!(
        code(accept_line(&world.moscow, &offer.file, late)),
        "card-node-expired"
    );
    let revoke = |body: &mut CardBody| {
        let node = body.nodes[0].key.id();
        body.revocations = vec![Revocation { node, time: NOW }];
    };
    let revoked = world
        .moscow
        .issue_card(&root, NOW, revoke)
        .expect("revoked");
    assert_eq!(
        code(open_line(
            &world.washington,
            revoked.bytes(),
            None,
            Vec::new(),
            NOW
        )),
        "card-node-revoked"
    );
    assert_eq!(
        code(accept_line(&world.moscow, &offer.file, NOW)),
        "own-node-unusable"
    );
}

/// OL-207
#[test]
fn a_card_that_is_older_than_the_one_we_know_is_refused() {
    let world = world();
    let old = world.card_of_moscow();
    let root = world.moscow.root().expect("here");
    world
        .moscow
        .issue_card(&root, NOW, |_| ())
        .expect("a new one");
    world.offer();
    assert_eq!(
        code(open_line(&world.washington, &old, None, Vec::new(), NOW)),
        "card-older-than-known"
    );
}

/// OL-207
#[test]
fn a_second_card_with_the_same_serial_is_refused() {
    let world = world();
    world.offer();
    let mut body = world.moscow.card().expect("a card").body().clone();
    body.issued += 1;
    let root = world.moscow.root().expect("here");
    let other = root.sign_card(body).expect("signed");
    assert_eq!(
        code(open_line(
            &world.washington,
            other.bytes(),
            None,
            Vec::new(),
            NOW
        )),
        "card-older-than-known"
    );
}

/// OL-235: Moscow's own node signs it, so only what it says gives it away.
#[test]
fn an_answer_that_moscow_altered_after_agreeing_is_refused() {
    let world = world();
    let answer = world.answer(&world.offer());
    let moscow = world.moscow.node().expect("a key");
    let altered = |change: fn(&mut AnswerBody)| {
        let file = UnverifiedAnswer::from_bytes(&answer.file).and_then(|file| file.verify(NOW));
        let file = file.expect("a good answer");
        let mut body = file.body().clone();
        change(&mut body);
        let founding = body.consent.founding.to_be_signed();
        body.consent.founding_signature = moscow.sign_entry(&founding);
        let signature = moscow.sign_entry(&body.to_be_signed());
        let file = UnverifiedAnswer::new(body, signature, file.tape().cloned()).verify(NOW);
        let file = file.expect("signed as it is").to_file();
        code(finish_line(&world.washington, &file, NOW))
    };
    assert_eq!(
        altered(|body| body.consent.founding.charter.cadences.echo_ms = 1_000),
        "charter-altered"
    );
    assert_eq!(
        altered(|body| body.compared.own_card = Digest([0; 32])),
        "answer-compared-other-cards"
    );
    assert_eq!(
        altered(|body| body.offer = Digest([0; 32])),
        "answer-to-another-offer"
    );
    world.finish(&answer).expect("the true one still opens it");
}

#[test]
fn a_damaged_line_is_named_and_the_others_stay_usable() {
    let world = world();
    let first = world.offer();
    world.finish(&world.answer(&first)).expect("open");
    let second = world.offer();
    world.finish(&world.answer(&second)).expect("open");
    let folder = world.washington.line_folder(first.line).expect("a folder");
    let mut answer = fs::read(folder.path().join("answer")).expect("an answer");
    let middle = answer.len() / 2;
    answer[middle] ^= 1;
    fs::write(folder.path().join("answer"), answer).expect("written");
    let lines = load_lines(&world.washington).expect("lines");
    assert_eq!(lines.open[0].line, second.line);
    let (line, error) = &lines.damaged[0];
    assert_eq!((*line, error.code()), (first.line, "home-damaged"));
    assert!(error.to_string().contains("answer"), "{error}");
}

#[test]
fn a_line_folder_under_another_name_or_of_another_home_is_damage() {
    let world = world();
    let answer = world.answer(&world.offer());
    let kyiv = home(&world.folder, "Kyiv");
    let folder = world.moscow.line_folder(answer.line).expect("a folder");
    let lines = |home: &Home, name: &str| home.path().join("lines").join(name);
    let strange = "ab".repeat(32);
    fs::rename(folder.path(), lines(&world.moscow, &strange)).expect("moved");
    let moved = load_lines(&world.moscow).expect("lines");
    assert_eq!((moved.open.len(), moved.damaged.len()), (0, 1));
    let name = answer.line.to_string();
    fs::rename(lines(&world.moscow, &strange), lines(&kyiv, &name)).expect("moved");
    let stolen = load_lines(&kyiv).expect("lines");
    assert_eq!((stolen.open.len(), stolen.damaged.len()), (0, 1));
}

/// OL-221
#[test]
fn a_charter_file_is_checked_before_anything_is_signed() {
    let world = world();
    let propose = |charter: &str| {
        let card = world.card_of_moscow();
        let proposal = open_line(&world.washington, &card, Some(charter), Vec::new(), NOW);
        proposal.map(|proposal| proposal.charter().cadences.echo_ms)
    };
    let quick = DEFAULT_CHARTER
        .replace("echo_ms = 5000", "echo_ms = 1000")
        .replace("silent_after_ms = 15000", "silent_after_ms = 3000");
    assert_eq!(propose(&quick).expect("a good charter"), 1_000);
    for (from, to, expected) in [
        ("echo_ms", "echos_ms", "charter-file-toml"),
        ("\"exercise\"", "\"exercize\"", "charter-file-value"),
        ("id = \"head\"", "id = \"watch\"", "charter-file-value"),
        ("level = 3", "level = 99", "charter-range"),
        (
            "silent_after_ms = 15000",
            "silent_after_ms = 6000",
            "charter-range",
        ),
        (
            "counterparts = [\"head\"]",
            "counterparts = [\"king\"]",
            "charter-office-link",
        ),
        (
            "counterparts = [\"head\"]",
            "counterparts = [\"deputy\"]",
            "charter-office-one-sided",
        ),
        ("\"real\", ", "", "charter-needed"),
    ] {
        let changed = DEFAULT_CHARTER.replace(from, to);
        assert_ne!(changed, DEFAULT_CHARTER, "{from}");
        assert_eq!(code(propose(&changed)), expected, "{to}");
    }
    assert!(world.washington.line_folders().expect("folders").is_empty());
}
