//! Two stations with a cable between their ttys.

#[path = "../../../net/tests/conformance/cable.rs"]
#[allow(dead_code, reason = "the suite of the bearers uses all of it")]
mod cable;
#[path = "../../../net/tests/conformance/faults.rs"]
#[allow(dead_code, reason = "the suite of the bearers uses all of it")]
mod faults;

use openline::api::types::{Line, Way};
use tempfile::TempDir;

use crate::copies::until_held;
use crate::pair::{Pair, Side, message};
use cable::{Cable, ENDS};
use faults::Fault;

const RATE: u32 = 9_600;

/// A cable and two homes; its folder ends with it.
fn joined(is_on_the_network: bool) -> (Pair, Cable, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let cable = Cable::new(folder.path(), RATE);
    let ttys = ENDS.map(|end| format!("{}?rate={RATE}", address(&cable, end)));
    (Pair::with_ttys(ttys, is_on_the_network), cable, folder)
}

fn address(cable: &Cable, end: usize) -> String {
    format!("serial://{}", cable.tty(end).display())
}

fn way<'a>(line: &'a Line, address: &str) -> Option<&'a Way> {
    line.ways.iter().find(|way| way.address == address)
}

async fn until_gone(side: &Side, addresses: &[String]) {
    let is_so = async || {
        let gone = side.client().status().await.unwrap().station.gone;
        gone.into_iter().map(|it| it.address).collect::<Vec<_>>() == addresses
    };
    while !is_so().await {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

async fn say(side: &Side, text: &str, precedence: &str) -> String {
    let said = side.client().say("-", &message(text, precedence)).await;
    said.unwrap().entry.unwrap()
}

/// OL-801, OL-804, OL-434: the line opens, a FLASH is known to be on their disk, and what was said while the adapter was pulled out
/// arrives once it is back.
#[tokio::test]
async fn a_cable_of_9600_bits_a_second_is_the_only_way_and_is_pulled_out_and_plugged_in_again() {
    let (mut pair, cable, _folder) = joined(false);
    pair.start_both().await;
    for (side, end) in [(&pair.washington, 0), (&pair.moscow, 1)] {
        let ours = address(&cable, end);
        let in_use = |line: &Line| way(line, &ours).is_some_and(|way| way.in_use);
        side.until("on the tty", in_use).await;
        let station = side.client().status().await.unwrap().station;
        assert_eq!(station.listening, [ours]);
    }
    let flash = say(&pair.washington, "over the cable alone", "flash").await;
    until_held(&pair.moscow, &flash).await;
    let known = |line: &Line| line.unconfirmed == 0;
    pair.washington.until("known to be stored", known).await;

    cable.unplug(1);
    until_gone(&pair.moscow, &[address(&cable, 1)]).await;
    let [english, russian] = ["en", "ru"].map(|it| pair.moscow.printed(&["--lang", it, "status"]));
    for (said, gone, what_to_do) in [
        (english, "IS GONE: ", "Plug the device in again"),
        (russian, "ПРОПАЛ: ", "Подключите устройство снова"),
    ] {
        assert!(said.contains(gone) && said.contains(what_to_do), "{said}");
        assert!(!said.contains("os error"), "{said}");
    }
    let silent = |line: &Line| line.verdict == "no-sign-of-life";
    pair.washington.until("silent", silent).await;
    let meanwhile = [
        say(&pair.washington, "while it was out", "flash").await,
        say(&pair.washington, "and this", "routine").await,
    ];
    let theirs = say(&pair.moscow, "пока его не было", "flash").await;

    cable.plug_in(1);
    until_gone(&pair.moscow, &[]).await;
    for entry in &meanwhile {
        until_held(&pair.moscow, entry).await;
    }
    until_held(&pair.washington, &theirs).await;
    for side in [&pair.washington, &pair.moscow] {
        let whole = |line: &Line| line.verdict == "open" && line.unconfirmed == 0;
        side.until("open with nothing missing", whole).await;
    }
}

/// OL-436, OL-438: beside a network, the tty is a way as any other, and named when it is cut.
#[tokio::test]
async fn a_cable_beside_the_network_is_cut_and_named_while_the_line_is_open() {
    let (mut pair, cable, _folder) = joined(true);
    pair.start_both().await;
    let ours = address(&cable, 0);
    let is = |line: &Line, state: &str| {
        line.verdict == "open" && way(line, &ours).is_some_and(|way| way.state == state)
    };
    let answers = |line: &Line| line.ways.len() == 2 && is(line, "answers");
    pair.washington.until("heard on both", answers).await;
    cable.set(Fault::Cut);
    pair.washington
        .until("told what is cut", |line| is(line, "cut"))
        .await;
    let english = pair.washington.printed(&["status"]);
    let told = format!("CUT: {ours} was asked without an answer since");
    assert!(english.contains(&told), "{english}");
    cable.set(Fault::None);
    pair.washington.until("heard on both again", answers).await;
}

#[tokio::test]
async fn a_tty_may_name_its_line() {
    let (mut pair, cable, _folder) = joined(false);
    let named = format!("{}?rate={RATE}&line=Москва", address(&cable, 0));
    pair.washington.listen_at(vec![named]);
    pair.start_both().await;
}
