//! What befalls homes.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use openline_wire::card::{CardBody, CardError, Revocation};
use tempfile::TempDir;

use openline_wire::language::{Language, LocalNames};

use super::{
    Home, HomeError, HomeOrigin, NewParty, RootSigner, STORAGE_KEY, files, forbid_core_dumps,
};

/// 2022-05-13 09:00 UTC.
const NOW: u64 = 1_652_432_400_000;

fn moscow() -> NewParty {
    let language = |tag| Language::new(tag).expect("a tag in a test");
    let names = vec![
        (language("en"), "Moscow".to_owned()),
        (language("ru"), "Москва".to_owned()),
    ];
    NewParty {
        names: LocalNames::new(names).expect("names"),
        languages: vec![language("ru")],
    }
}

fn home() -> (TempDir, Home) {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::create(&folder.path().join("moscow"), moscow(), NOW).expect("a home");
    (folder, home)
}

fn code<T>(result: Result<T, HomeError>) -> &'static str {
    result.err().map_or("none", |error| error.code())
}

#[test]
fn a_new_home_certifies_its_own_node_and_is_for_its_owner_alone() {
    let (_folder, home) = home();
    let (card, node) = (home.card().expect("a card"), home.node().expect("a key"));
    let certificate = card.node_at(node.id(), NOW).expect("certified");
    let leaf = home.leaf().expect("a leaf").pin();
    assert_eq!(certificate.leaf_key, leaf.signature_key);
    assert_eq!((leaf.side.party, leaf.side.node), (card.party(), node.id()));
    assert_eq!(home.root().expect("here").public().party(), card.party());
    assert_eq!(home.storage_key().expect("a key").len(), STORAGE_KEY);
    for item in [
        "",
        "secrets",
        "secrets/root",
        "identity.card",
        "lines",
        "origin",
    ] {
        let facts = fs::metadata(home.path().join(item)).expect(item);
        assert_eq!(facts.permissions().mode() & 0o077, 0, "{item}");
    }
}

#[test]
fn a_second_home_in_the_same_place_is_refused_and_the_first_is_untouched() {
    let (folder, home) = home();
    let party = home.card().expect("a card").party();
    assert_eq!(
        code(Home::create(home.path(), moscow(), NOW)),
        "home-exists"
    );
    assert_eq!(home.card().expect("a card").party(), party);
    let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn an_empty_folder_that_the_system_prepared_becomes_a_home() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(Home::create(folder.path(), moscow(), NOW).is_ok());
}

#[test]
fn a_home_that_cannot_be_made_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("file"), "in the way").expect("a file");
    let made = Home::create(&folder.path().join("file"), moscow(), NOW);
    assert_eq!(code(made), "home-exists");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    let nowhere = Home::open(&folder.path().join("nowhere"));
    assert_eq!(code(nowhere), "home-missing");
}

#[test]
fn a_home_or_a_secret_that_others_can_read_is_refused() {
    let (_folder, home) = home();
    for item in ["", "secrets", "secrets/node"] {
        let path = home.path().join(item);
        let before = fs::metadata(&path).expect(item).permissions();
        let open = Permissions::from_mode(before.mode() | 0o040);
        fs::set_permissions(&path, open).expect(item);
        assert_eq!(code(Home::open(home.path())), "home-exposed", "{item}");
        fs::set_permissions(&path, before).expect(item);
    }
    assert!(Home::open(home.path()).is_ok());
}

#[test]
fn two_stations_on_one_home_are_refused() {
    let (_folder, home) = home();
    let first = home.lock().expect("free");
    assert_eq!(code(home.lock()), "home-in-use");
    drop(first);
    assert!(home.lock().is_ok());
}

#[test]
fn a_copied_home_is_recognised_and_can_be_made_our_own() {
    let (folder, home) = home();
    assert_eq!(home.origin().expect("a marker"), HomeOrigin::Same);
    let copy = folder.path().join("copy");
    let copied = std::process::Command::new("cp")
        .arg("-a")
        .args([home.path(), &copy])
        .status();
    assert!(copied.expect("cp").success());
    let copy = Home::open(&copy).expect("a home");
    assert_eq!(
        copy.origin().expect("a marker"),
        HomeOrigin::CopiedOrRestored
    );
    copy.seal_as_own().expect("sealed");
    assert_eq!(copy.origin().expect("a marker"), HomeOrigin::Same);
    assert_eq!(home.origin().expect("a marker"), HomeOrigin::Same);
}

#[test]
fn a_home_that_was_moved_is_the_same_and_one_without_a_marker_is_not() {
    let (folder, home) = home();
    let moved = folder.path().join("moved");
    fs::rename(home.path(), &moved).expect("moved");
    let home = Home::open(&moved).expect("a home");
    assert_eq!(home.origin().expect("a marker"), HomeOrigin::Same);
    fs::remove_file(moved.join("origin")).expect("removed");
    assert_eq!(
        home.origin().expect("no marker"),
        HomeOrigin::CopiedOrRestored
    );
}

/// OL-206
#[test]
fn without_its_root_a_home_signs_entries_but_issues_no_card() {
    let (folder, home) = home();
    let kept = folder.path().join("stick");
    fs::rename(home.path().join("secrets/root"), &kept).expect("moved");
    assert_eq!(code(home.root()), "root-offline");
    let node = home.node().expect("a key");
    let signature = node.sign_entry(b"to be signed");
    assert!(node.public().verify(b"to be signed", &signature));
    fs::rename(&kept, home.path().join("secrets/root")).expect("brought back");
    let root = home.root().expect("here again");
    let revoke = |body: &mut CardBody| {
        let node = body.nodes[0].key.id();
        body.revocations.push(Revocation { node, time: NOW });
    };
    let card = home.issue_card(&root, NOW, revoke).expect("a card");
    assert_eq!(card.body().serial, 2);
    let revoked = home.card().expect("a card").node(node.id()).err();
    assert!(matches!(revoked, Some(CardError::NodeRevoked { .. })));
}

#[test]
fn another_partys_root_issues_no_card_for_us() {
    let (_folder, home) = home();
    let stranger = RootSigner::generate().expect("keys");
    let issued = home.issue_card(&stranger, NOW, |_| ());
    assert_eq!(code(issued), "home-damaged");
    assert_eq!(home.card().expect("a card").body().serial, 1);
}

#[test]
fn a_damaged_card_or_key_is_named() {
    let (_folder, home) = home();
    let mut card = home.card().expect("a card").bytes().to_vec();
    card[100] ^= 1;
    fs::write(home.path().join("identity.card"), card).expect("written");
    fs::write(home.path().join("secrets/node"), b"short").expect("written");
    assert_eq!(code(home.card()), "home-damaged");
    assert_eq!(code(home.node()), "home-damaged");
}

#[test]
fn keys_of_another_home_are_refused_and_named() {
    let ((_folder, home), (_other_folder, other)) = (home(), home());
    for key in ["node", "mls-leaf"] {
        let secret = |home: &Home| home.path().join("secrets").join(key);
        fs::copy(secret(&other), secret(&home)).expect("copied");
    }
    assert_eq!(code(home.node()), "home-foreign-key");
    assert_eq!(code(home.leaf()), "home-foreign-key");
    assert!(other.node().is_ok() && other.leaf().is_ok());
}

#[test]
fn a_file_is_replaced_whole_and_an_erased_one_is_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file");
    files::write(&path, b"one").expect("written");
    files::write(&path, b"two").expect("written");
    assert_eq!(
        files::read_limited(&path, 3).expect("read").as_slice(),
        b"two"
    );
    assert_eq!(code(files::read_limited(&path, 2)), "file-too-long");
    files::erase(&path).expect("erased");
    files::erase(&path).expect("nothing to do");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[test]
fn core_dumps_are_forbidden() {
    forbid_core_dumps().expect("allowed to forbid");
    let limit = rustix::process::getrlimit(rustix::process::Resource::Core);
    assert_eq!((limit.current, limit.maximum), (Some(0), Some(0)));
    let dumpable = rustix::process::dumpable_behavior().expect("known");
    assert_eq!(dumpable, rustix::process::DumpableBehavior::NotDumpable);
}
