//! Two ways to one station, and one of them is cut.

use openline::api::types::{Line, Way};

use crate::copies::until_held;
use crate::pair::{Pair, Side, message};

fn way(line: &Line, port: u16) -> Option<&Way> {
    let address = format!("udp://127.0.0.1:{port}");
    line.ways.iter().find(|way| way.address == address)
}

fn is(line: &Line, port: u16, state: &str) -> bool {
    line.verdict == "open" && way(line, port).is_some_and(|way| way.state == state)
}

/// What `openline bearers` says while the way to this address is cut and the other, to this port, carries the line.
fn bearers_say_so(washington: &Side, address: &str, direct: u16) {
    let [english, russian] = ["en", "ru"].map(|it| washington.printed(&["--lang", it, "bearers"]));
    for part in [
        format!("Line with Moscow: udp://{address}. CUT: asked without an answer since"),
        format!("Line with Moscow: udp://127.0.0.1:{direct}. In use for everything. Answered last"),
        "received".to_owned(),
        "Round trip".to_owned(),
    ] {
        assert!(english.contains(&part), "{part}: {english}");
    }
    assert!(!english.contains("bit/s") && !english.contains("no frames"));
    let cut = format!("udp://{address}. ОБОРВАН: на запросы нет ответа с");
    assert!(russian.contains(&cut), "{russian}");
    let shown = washington.printed(&["--json", "bearers"]);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let bearer = &shown["bearers"][0];
    assert_eq!(
        (&bearer["state"], &bearer["rate"]),
        (&"up".into(), &().into())
    );
    assert!(
        bearer["received"]["bytes"].as_u64() > Some(1_000),
        "{bearer}"
    );
    let ways = bearer["ways"].as_array().unwrap();
    assert_eq!(ways.len(), 2, "{bearer}");
    assert!(
        ways.iter()
            .all(|way| way["unproven"] == false && way["heard_ms"].is_u64())
    );
}

/// OL-436, OL-437, OL-438: the cut one is named, the line is open on the other, and when it works again that is seen.
#[tokio::test]
async fn a_relay_drops_all_and_the_way_through_it_is_named_as_cut_while_the_line_is_open() {
    let (mut pair, relay) = Pair::with_two_ways();
    pair.start_both().await;
    let [_, direct] = pair.ports();
    let both = |line: &Line| is(line, direct, "answers") && is(line, relay.port, "answers");
    pair.washington.until("heard on both", both).await;
    relay.drop_all(true);
    let cut = |line: &Line| is(line, direct, "answers") && is(line, relay.port, "cut");
    let line = pair.washington.until("told what is cut", cut).await;
    let named = way(&line, relay.port).unwrap();
    assert!(
        named.cut_since_ms > named.answered_ms && !named.in_use,
        "{named:?}"
    );
    assert!(way(&line, direct).unwrap().in_use);
    assert!(line.shortcomings.is_empty(), "{:?}", line.shortcomings);
    let in_words = |command: &str| {
        ["en", "ru"].map(|language| pair.washington.printed(&["--lang", language, command]))
    };
    let [english, russian] = in_words("status");
    let address = format!("127.0.0.1:{}", relay.port);
    assert!(
        english.contains(&format!(
            "CUT: udp://{address} was asked without an answer since"
        )),
        "{english}"
    );
    assert!(
        russian.contains(&format!(
            "ОБРЫВ: по адресу udp://{address} на запросы нет ответа с"
        )),
        "{russian}"
    );
    bearers_say_so(&pair.washington, &address, direct);
    let text = message("the other way carries it", "flash");
    let sent = pair.washington.client().say("-", &text).await.unwrap();
    until_held(&pair.moscow, &sent.entry.unwrap()).await;
    relay.drop_all(false);
    pair.washington.until("heard on both again", both).await;
}
