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
    joined_at(RATE, is_on_the_network)
}

fn joined_at(rate: u32, is_on_the_network: bool) -> (Pair, Cable, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let cable = Cable::new(folder.path(), rate);
    let ttys = ENDS.map(|end| format!("{}?rate={rate}", address(&cable, end)));
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
        // What was sent while the adapter was out counts as lost for a while: that is *degraded*, and open all the same.
        let is_open = |line: &Line| matches!(line.verdict.as_str(), "open" | "degraded");
        let whole = |line: &Line| is_open(line) && line.unconfirmed == 0;
        side.until("open with nothing missing", whole).await;
    }
}

/// What a text will take is told before it goes, and a file that would take days does not go.
#[tokio::test]
async fn over_a_radio_of_2400_bits_a_person_hears_beforehand_what_it_will_take() {
    let (mut pair, cable, folder) = joined_at(2_400, false);
    // Keys take a minute of such a line; a text need not wait for them.
    pair.washington.start();
    pair.moscow.start();
    let ours = address(&cable, 0);
    let in_use = |line: &Line| way(line, &ours).is_some_and(|way| way.in_use);
    pair.washington.until("on the tty", in_use).await;
    let plan = folder.path().join("plan.pdf");
    let file = std::fs::File::create(&plan).unwrap();
    file.set_len(60 << 20).unwrap();
    let words = folder.path().join("words");
    std::fs::write(&words, "Flight seven is ours and unarmed.").unwrap();
    let say = |arguments: &[&str]| {
        let mut command = pair.washington.program();
        command.args(["say", "--stdin"]).args(arguments);
        let input = std::fs::File::open(&words).unwrap();
        let output = command.stdin(input).output().unwrap();
        let printed = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(printed).unwrap())
    };
    let (code, said) = say(&[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("carries 2400 bit/s: this text takes about "),
        "{said}"
    );
    let (code, said) = say(&["--attach", plan.to_str().unwrap()]);
    assert_eq!(code, Some(5), "{said}");
    assert!(
        said.contains("would take about 3 d") && said.contains(" bearers)"),
        "{said}"
    );
    let (_, said) = say(&["--lang", "ru"]);
    assert!(said.contains("передаёт 2400 бит/с"), "{said}");
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
