//! Two parties open a line in one sitting, with clocks, couriers and power cuts as they are.

mod refusals;

use std::fs;

use openline_seal::{Agreement as _, MlsAgreement, Psk};
use openline_wire::address::Address;
use openline_wire::codes::Attestation;
use openline_wire::header::Actor;
use openline_wire::ids::BootId;
use openline_wire::language::{Language, LocalNames};
use openline_wire::safety::SafetyNumber;
use tempfile::TempDir;

use super::{
    Carried, CeremonyError, LineSetup, accept_line, erase_opening_secrets, finish_line, inspect,
    load_lines, open_line, write_answer_again, write_offer_again,
};
use crate::home::{Home, NewParty};

/// 2022-05-13 09:00 UTC.
const NOW: u64 = 1_652_432_400_000;

/// Two homes, side by side.
struct World {
    folder: TempDir,
    washington: Home,
    moscow: Home,
}

fn world() -> World {
    let folder = tempfile::tempdir().expect("a folder");
    let (washington, moscow) = (home(&folder, "Washington"), home(&folder, "Moscow"));
    World {
        folder,
        washington,
        moscow,
    }
}

fn home(folder: &TempDir, name: &str) -> Home {
    let language = Language::new("en").expect("a tag");
    let names = LocalNames::new(vec![(language.clone(), name.to_owned())]).expect("names");
    let party = NewParty {
        names,
        languages: vec![language],
    };
    Home::create(&folder.path().join(name), party, NOW).expect("a home")
}

fn orlova() -> Actor {
    Actor {
        name: "Lt. Orlova".to_owned(),
        attestation: Attestation::UnixUser,
        evidence: "orlova".to_owned(),
    }
}

fn address(url: &str) -> Vec<Address> {
    vec![Address::new(url).expect("an address")]
}

fn code<T>(result: Result<T, CeremonyError>) -> &'static str {
    result.err().map_or("none", |error| error.code())
}

impl World {
    fn card_of_moscow(&self) -> Vec<u8> {
        self.moscow.card().expect("a card").bytes().to_vec()
    }

    fn number(&self) -> SafetyNumber {
        let party = |home: &Home| home.card().expect("a card").party();
        SafetyNumber::of(party(&self.washington), party(&self.moscow))
    }

    fn offer(&self) -> Carried {
        let reachable = address("udp://washington.example:7600");
        let proposal = open_line(
            &self.washington,
            &self.card_of_moscow(),
            None,
            reachable,
            NOW,
        );
        let proposal = proposal.expect("a proposal");
        assert_eq!(proposal.safety_number(), self.number());
        proposal.write().expect("an offer")
    }

    fn answer(&self, offer: &Carried) -> Carried {
        let invitation = accept_line(&self.moscow, &offer.file, NOW).expect("an invitation");
        assert_eq!(invitation.safety_number(), self.number());
        assert_eq!(invitation.line(), offer.line);
        let accepted = invitation.accept(self.number(), Vec::new(), orlova(), NOW);
        accepted.expect("an answer")
    }

    fn finish(&self, answer: &Carried) -> Result<(), CeremonyError> {
        let reply = finish_line(&self.washington, &answer.file, NOW)?;
        let line = reply.finish(self.number(), orlova(), NOW)?;
        assert_eq!(line, answer.line);
        Ok(())
    }
}

fn only_line(home: &Home) -> LineSetup {
    let mut lines = load_lines(home).expect("lines");
    assert!(lines.damaged.is_empty(), "{:?}", lines.damaged);
    assert_eq!((lines.open.len(), lines.waiting.len()), (1, 0));
    lines.open.remove(0)
}

/// OL-230, OL-233, OL-236
#[test]
fn two_parties_open_a_line_in_one_sitting() {
    let world = world();
    let offer = world.offer();
    let waiting = load_lines(&world.washington).expect("lines").waiting;
    assert_eq!(waiting[0].line, offer.line);
    let answer = world.answer(&offer);
    world.finish(&answer).expect("open");
    let ours = only_line(&world.washington);
    let theirs = only_line(&world.moscow);
    assert_eq!(ours.line, theirs.line);
    assert_eq!(ours.charter, theirs.charter);
    assert!(ours.opener && !theirs.opener);
    let tapes = |line: &LineSetup| line.tapes.clone().expect("tapes");
    assert_eq!(tapes(&ours).sending, tapes(&theirs).receiving);
    assert_eq!(tapes(&ours).receiving, tapes(&theirs).sending);
    assert_ne!(tapes(&ours).receiving, tapes(&ours).sending);
    assert_eq!(ours.peer_compared, Some(theirs.compared.fact));
    assert_eq!(theirs.compared.actor, orlova());
    assert_eq!(
        theirs.peer.reachable_at,
        address("udp://washington.example:7600")
    );
    assert_eq!(ours.peer.card, world.moscow.card().expect("a card"));
}

/// OL-233
#[test]
fn the_opened_line_gives_both_stations_one_mls_group() {
    let world = world();
    world.finish(&world.answer(&world.offer())).expect("open");
    let [ours, theirs] = [&world.washington, &world.moscow].map(|home| {
        let line = only_line(home);
        let agreement = line.agreement(&home.leaf().expect("a leaf"));
        (line, agreement.expect("an agreement"))
    });
    let ((ours, mut opener), (theirs, mut acceptor)) = (ours, theirs);
    let psks = |byte: u8| Psk {
        id: vec![byte],
        secret: zeroize::Zeroizing::new(vec![byte; 32]),
    };
    let package = ours.peer_key_package.as_deref().expect("with the answer");
    let welcome = opener.create(package, &[psks(1)]).expect("a group");
    acceptor.join(&welcome, &[psks(1)]).expect("joined");
    let secret = |agreement: &MlsAgreement| agreement.export(b"test", b"", 32).expect("a secret");
    assert_eq!(secret(&opener), secret(&acceptor));
    let boot = BootId([1; 16]);
    let (our_config, their_config) = (ours.channel_config(boot), theirs.channel_config(boot));
    assert_eq!(our_config.ours, their_config.peer);
    assert_eq!(our_config.line, their_config.line);
    assert!(ours.channel_tapes().is_some());
}

/// OL-238: the clock of the other side is a day ahead.
#[test]
fn a_clock_that_is_a_day_wrong_stops_no_opening() {
    let world = world();
    let day = 86_400_000;
    let offer = world.offer();
    let invitation = accept_line(&world.moscow, &offer.file, NOW + day).expect("an invitation");
    let answer = invitation.accept(world.number(), Vec::new(), orlova(), NOW + day);
    let reply = finish_line(
        &world.washington,
        &answer.expect("an answer").file,
        NOW - day,
    );
    let reply = reply.expect("a reply");
    assert!(reply.finish(world.number(), orlova(), NOW - day).is_ok());
}

/// OL-237
#[test]
fn a_file_that_was_lost_on_the_way_is_written_again() {
    let world = world();
    let offer = world.offer();
    let again = write_offer_again(&world.washington, offer.line).expect("again");
    assert_eq!(again.file, offer.file);
    let answer = world.answer(&offer);
    let again = write_answer_again(&world.moscow, offer.line).expect("again");
    assert_eq!(again.file, answer.file);
}

/// OL-234
#[test]
fn used_tapes_are_erased_and_the_opening_can_still_be_shown() {
    let world = world();
    world.finish(&world.answer(&world.offer())).expect("open");
    for home in [&world.washington, &world.moscow] {
        let line = only_line(home);
        erase_opening_secrets(&line.folder).expect("erased");
        let line = only_line(home);
        assert!(line.tapes.is_none() && line.key_package_secret.is_none());
    }
}

#[test]
fn what_a_power_cut_left_in_the_middle_of_finishing_is_finished() {
    let world = world();
    let answer = world.answer(&world.offer());
    world.finish(&answer).expect("open");
    let folder = world.washington.line_folder(answer.line).expect("a folder");
    fs::remove_file(folder.path().join("answer")).expect("as if never written");
    let lines = load_lines(&world.washington).expect("lines");
    assert_eq!((lines.open.len(), lines.waiting.len()), (0, 1));
    world.finish(&answer).expect("open");
    assert_eq!(only_line(&world.washington).line, answer.line);
}

/// OL-231
#[test]
fn a_file_can_be_looked_at_without_taking_a_step() {
    let world = world();
    let offer = world.offer();
    let shown = inspect(&offer.file, NOW).expect("an offer");
    assert_eq!(shown.content.word(), "offer");
    assert_eq!(
        shown.founding.map(|founding| founding.line()),
        Some(offer.line)
    );
    let party = world.moscow.card().expect("a card").party();
    assert_eq!(shown.to, Some(party));
    let card = inspect(&world.card_of_moscow(), NOW).expect("a card");
    assert_eq!(card.safety_number_with(party), None);
    assert_eq!(code(inspect(b"a picture", NOW)), "card-damaged");
}

/// OL-234
#[test]
fn neither_tape_nor_key_package_shows_in_what_goes_into_a_log() {
    let world = world();
    let offer = world.offer();
    world.finish(&world.answer(&offer)).expect("open");
    let line = only_line(&world.moscow);
    let secret = line.key_package_secret.clone().expect("until it is used");
    let sending = line.tapes.clone().expect("tapes").sending.to_secret();
    let logged = format!("{line:?} {:?} {offer:?}", line.tapes);
    for secret in [secret.as_slice(), sending.as_slice()] {
        let shown = format!("{:?}", &secret[..8]);
        assert!(!logged.contains(shown.trim_matches(['[', ']'])), "{logged}");
    }
}
