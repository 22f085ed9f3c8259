//! What two stations say to each other, seen through their control APIs.

use openline::api::types::{Entries, EntriesQuery, NewReceipt, NewSilence};
use openline::client::{Client, ClientError};

use crate::pair::{Pair, event, message, next};

/// A call that reaches the socket before the boot has taken its lines up is answered as any other.
#[tokio::test]
async fn a_station_that_starts_never_says_that_its_line_is_unknown() {
    let mut pair = Pair::running().await;
    for _ in 0..5 {
        pair.moscow.kill();
        let client = pair.moscow.client();
        let early = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(first_answer(&client))
        });
        pair.moscow.start();
        early.join().unwrap().expect("the line is known");
    }
}

/// Asked again and again until the socket is there.
async fn first_answer(client: &Client) -> Result<Entries, ClientError> {
    loop {
        match client.entries("Washington", &EntriesQuery::default()).await {
            // The socket of before, and the time in which there is none.
            Err(ClientError::NoStation(_)) => tokio::task::yield_now().await,
            answer => return answer,
        }
    }
}

/// OL-453
#[tokio::test]
async fn a_flash_climbs_its_ladder_of_receipts() {
    let pair = Pair::running().await;
    let (washington, moscow) = (pair.washington.client(), pair.moscow.client());
    let mut inbox = moscow.follow("-", None).await.unwrap();
    let (sink, mut events) = washington.say_many("-").await.unwrap();
    sink.send(&message("Cease fire at noon.", "flash"))
        .await
        .unwrap();
    let here = event(&mut events, "stored-here").await;
    let there = event(&mut events, "stored").await;
    assert_eq!(here.entry, there.entry);
    assert_eq!(there.attestation, "station");
    assert_eq!(there.who.unwrap().name, "Moscow");

    let entry = loop {
        let entry = next(&mut inbox).await;
        if entry.kind == "message" {
            break entry;
        }
    };
    assert_eq!(entry.text.as_deref(), Some("Cease fire at noon."));
    assert_eq!(entry.id, here.entry.clone().unwrap());
    for stage in ["shown", "read"] {
        let receipt = NewReceipt {
            stage: stage.to_owned(),
            entries: vec![entry.short.clone()],
            actor: Some("Lt. Orlova".to_owned()),
        };
        moscow.receipt("-", &receipt).await.unwrap();
        let reached = event(&mut events, stage).await;
        assert_eq!(reached.entry, here.entry);
        assert_eq!(reached.actor.unwrap().name, "Lt. Orlova");
        assert_eq!(reached.attestation, "claimed");
    }
    drop(sink);
    assert!(events.next().await.is_none(), "all texts are read");

    let stages = washington
        .entry("-", &here.short.unwrap())
        .await
        .unwrap()
        .stages;
    let stages: Vec<_> = stages.iter().map(|stage| stage.stage.as_str()).collect();
    assert_eq!(stages, ["stored", "shown", "read"]);
}

#[tokio::test]
async fn a_program_that_reads_shows_nothing_to_anybody() {
    let pair = Pair::running().await;
    let moscow = pair.moscow.client();
    let mut inbox = moscow.follow("-", Some(0)).await.unwrap();
    let sent = pair
        .washington
        .client()
        .say("-", &message("text", "routine"))
        .await
        .unwrap();
    while next(&mut inbox).await.id != sent.entry.clone().unwrap() {}
    let nobody = NewReceipt {
        stage: "shown".to_owned(),
        entries: vec![sent.entry.clone().unwrap()],
        actor: None,
    };
    let refused = moscow.receipt("-", &nobody).await;
    assert!(is_refused(&refused, "operator-required"), "{refused:?}");
    let entry = moscow.entry("-", &sent.entry.unwrap()).await.unwrap();
    assert_eq!(entry.stages, []);
}

#[tokio::test]
async fn what_is_ours_can_not_be_receipted_by_us() {
    let pair = Pair::running().await;
    let client = pair.washington.client();
    let sent = client.say("-", &message("text", "routine")).await.unwrap();
    let receipt = NewReceipt {
        stage: "read".to_owned(),
        entries: vec![sent.short.unwrap()],
        actor: Some("Smith".to_owned()),
    };
    let refused = client.receipt("-", &receipt).await;
    assert!(is_refused(&refused, "not-their-message"), "{refused:?}");
}

#[tokio::test]
async fn a_follower_that_was_cut_off_goes_on_where_it_was() {
    let pair = Pair::running().await;
    let client = pair.washington.client();
    let texts = ["one", "two", "three"];
    for text in texts {
        client.say("-", &message(text, "routine")).await.unwrap();
    }
    let mut events = client.follow("-", Some(0)).await.unwrap();
    let cursor = loop {
        let entry = next(&mut events).await;
        if entry.text.as_deref() == Some("one") {
            break entry.cursor;
        }
    };
    drop(events);
    let mut events = client.follow("-", Some(cursor)).await.unwrap();
    let mut seen = Vec::new();
    while seen.len() < 2 {
        seen.extend(next(&mut events).await.text);
    }
    assert_eq!(seen, ["two", "three"]);
}

#[tokio::test]
async fn a_text_that_is_too_long_for_a_flash_is_refused_with_the_reason() {
    let pair = Pair::running().await;
    let client = pair.washington.client().in_language("ru");
    let refused = client
        .say("-", &message(&"请".repeat(2_000), "flash"))
        .await;
    let Err(ClientError::Refused(problem)) = &refused else {
        panic!("{refused:?}");
    };
    assert_eq!(problem.error, "text");
    assert!(
        problem.what.starts_with("Слов в тексте: 2000."),
        "{problem:?}"
    );
    let page = client.entries("-", &EntriesQuery::default()).await.unwrap();
    assert!(page.entries.iter().all(|entry| entry.kind != "message"));
}

#[tokio::test]
async fn a_call_repeated_with_its_key_sends_one_text() {
    let pair = Pair::running().await;
    let client = pair.washington.client();
    let mut text = message("once", "routine");
    text.idempotency_key = Some("7e5b".to_owned());
    let first = client.say("-", &text).await.unwrap();
    let again = client.say("-", &text).await.unwrap();
    assert_eq!(first, again);
}

#[tokio::test]
async fn an_announced_silence_is_shown_as_one() {
    let mut pair = Pair::running().await;
    let silence = NewSilence {
        for_ms: 600_000,
        reason: "restart".to_owned(),
        ..NewSilence::default()
    };
    pair.moscow.client().silence("-", &silence).await.unwrap();
    let washington = &pair.washington;
    washington
        .until("told", |line| line.announced.is_some())
        .await;
    assert!(pair.moscow.stop(), "it stops of its own accord");
    let line = washington
        .until("silent", |line| line.verdict == "announced-silence")
        .await;
    assert_eq!(line.announced.unwrap().reason, "restart");
}

#[tokio::test]
async fn the_socket_is_for_the_owner_alone_and_the_process_leaves_no_core() {
    use std::os::unix::fs::PermissionsExt as _;
    let pair = Pair::running().await;
    let socket = pair.moscow.home.join("control.sock");
    let mode = std::fs::metadata(socket).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", pair.moscow.pid())).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let words: Vec<_> = core.unwrap().split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"]);
}

pub fn is_refused<T>(result: &Result<T, ClientError>, code: &str) -> bool {
    matches!(result, Err(ClientError::Refused(problem)) if problem.error == code)
}
