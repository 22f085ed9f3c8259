//! Moscow's station moves to another port while a second bearer still works, and says so on the line.

use openline::api::types::{Line, NewAddresses, NewSuspension, Way};
use openline::client::ClientError;

use crate::copies::until_held;
use crate::pair::{Pair, Side, free_ports, message};

fn url(port: u16) -> String {
    format!("udp://127.0.0.1:{port}")
}

fn way(line: &Line, port: u16) -> Option<&Way> {
    line.ways.iter().find(|way| way.address == url(port))
}

fn answers(line: &Line, port: u16) -> bool {
    line.verdict == "open" && way(line, port).is_some_and(|way| way.state == "answers")
}

fn asked(addresses: Vec<String>) -> NewAddresses {
    NewAddresses {
        addresses,
        actor: Some("Lt. Orlova".to_owned()),
    }
}

/// Both run, and Moscow has moved from its first port to another one; the second carries the line.
async fn moved() -> (Pair, [u16; 3]) {
    let (mut pair, [first, second]) = Pair::called_at_two_ports();
    pair.start_both().await;
    let both = |line: &Line| answers(line, first) && answers(line, second);
    pair.washington.until("heard on both", both).await;
    assert!(pair.moscow.stop());
    let [elsewhere, _] = free_ports();
    pair.moscow.listen_at(vec![url(second), url(elsewhere)]);
    pair.moscow.start();
    let on_the_second = |line: &Line| answers(line, second);
    pair.washington
        .until("heard on the second", on_the_second)
        .await;
    (pair, [first, second, elsewhere])
}

/// OL-446, OL-447, OL-448: it goes out on the way that works, and is known after a restart of either side.
#[tokio::test]
async fn moscow_restarts_at_another_port_and_announces_it_and_is_called_there_from_then_on() {
    let (mut pair, [first, second, elsewhere]) = moved().await;
    let (at_second, at_third) = (url(second), url(elsewhere));
    let announce = [
        "line",
        "reachable-at",
        &at_third,
        &at_second,
        "--as",
        "Lt. Orlova",
    ];
    let said = pair.moscow.printed(&announce);
    assert!(
        said.contains("can be reached at udp://127.0.0.1:"),
        "{said}"
    );
    let is_called = |line: &Line| answers(line, elsewhere) && answers(line, second);
    let line = pair
        .washington
        .until("called at the new port", is_called)
        .await;
    assert_eq!(line.reachable.len(), 1);
    let list = &line.reachable[0];
    assert_eq!((list.ours, list.actor.name.as_str()), (false, "Lt. Orlova"));
    let no_cut = |line: &Line| way(line, first).is_none_or(|way| way.state != "cut");
    pair.washington.until("not told of a cut", no_cut).await;
    told_in_words(
        &pair.washington,
        "status",
        [
            "Moscow said on",
            "that it can be reached at udp://127.0.0.1:",
            "Москва: объявлено",
        ],
    );
    told_in_words(
        &pair.washington,
        "traffic",
        [
            "CAN BE REACHED from now on at",
            &at_third,
            "теперь ДОСТУПЕН по адресам",
        ],
    );
    // Only the new port from now on, and both were restarted: nobody says it again.
    pair.moscow.stop();
    pair.washington.stop();
    let silent = pair.moscow.printed(&["doctor"]);
    assert!(
        silent.contains(&format!("--listen udp://0.0.0.0:{elsewhere}")),
        "{silent}"
    );
    pair.moscow.listen_at(vec![at_third]);
    pair.start_both().await;
    let text = message("at the new port", "flash");
    let sent = pair.washington.client().say("-", &text).await.unwrap();
    until_held(&pair.moscow, &sent.entry.unwrap()).await;
}

fn told_in_words(side: &Side, command: &str, parts: [&str; 3]) {
    let [english, russian] = ["en", "ru"].map(|it| side.printed(&["--lang", it, command]));
    for part in &parts[..2] {
        assert!(english.contains(part), "{part}: {english}");
    }
    assert!(russian.contains(parts[2]), "{russian}");
}

/// OL-446: nobody's consent is needed, and a machine does not move by itself.
#[tokio::test]
async fn a_list_is_taken_on_a_suspended_line_and_refused_from_nobody_and_in_a_wrong_form() {
    let pair = Pair::running().await;
    let (moscow, washington) = (pair.moscow.client(), pair.washington.client());
    let suspension = NewSuspension {
        action: "suspend".to_owned(),
        actor: Some("Smith".to_owned()),
        ..NewSuspension::default()
    };
    washington.suspension("-", &suspension).await.unwrap();
    pair.moscow
        .until("suspended", |line| !line.suspended.is_empty())
        .await;
    let nobody = NewAddresses {
        actor: None,
        ..asked(vec![url(7_600)])
    };
    let many = (7_600..7_609).map(url).collect();
    for (wrong, code) in [
        (nobody, "operator-required"),
        (asked(many), "too-many-addresses"),
        (asked(vec!["pigeon://moscow.example".to_owned()]), "address"),
        (
            asked(vec!["udp://255.255.255.255:7600".to_owned()]),
            "address",
        ),
    ] {
        let refused = moscow.announce_addresses("-", &wrong).await;
        let is_it = matches!(&refused, Err(ClientError::Refused(it)) if it.error == code);
        assert!(is_it, "{code}: {refused:?}");
    }
    // Not to be called; Moscow calls.
    let accepted = moscow
        .announce_addresses("-", &asked(Vec::new()))
        .await
        .unwrap();
    assert!(accepted.short.is_some());
    let told = |line: &Line| line.reachable.iter().any(|it| it.addresses.is_empty());
    let line = pair.washington.until("told that Moscow calls", told).await;
    assert_eq!(line.verdict, "open");
    told_in_words(
        &pair.washington,
        "status",
        [
            "Moscow said on",
            "that it is not to be called: it calls us.",
            "их вызывать не надо",
        ],
    );
    told_in_words(
        &pair.moscow,
        "status",
        ["We said on", "we call.", "Мы объявили"],
    );
}

/// Whoever forgets the addresses has said nothing.
#[test]
fn a_list_of_nothing_has_to_be_meant() {
    let pair = Pair::open();
    let forgotten = pair
        .moscow
        .run(&["line", "reachable-at", "--as", "Lt. Orlova"]);
    assert_eq!(forgotten.status.code(), Some(2));
    let wrong = pair
        .moscow
        .run(&["line", "reachable-at", "udp://moscow.example"]);
    assert_eq!(wrong.status.code(), Some(2));
}
