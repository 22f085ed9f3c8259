//! Plugs are pulled.

use std::collections::BTreeMap;

use openline::api::types::EntriesQuery;

use crate::pair::{Pair, Side, event, message};

#[tokio::test]
async fn a_flash_waits_for_moscow_and_arrives_once() {
    let mut pair = Pair::running().await;
    pair.moscow.kill();
    let washington = &pair.washington;
    let (sink, mut events) = washington.client().say_many("-").await.unwrap();
    sink.send(&message("Answer.", "flash")).await.unwrap();
    let here = event(&mut events, "stored-here").await;
    washington
        .until("silent", |line| line.verdict == "no-sign-of-life")
        .await;
    pair.moscow.start();
    let there = event(&mut events, "stored").await;
    assert_eq!(there.entry, here.entry);
    let texts = texts(&pair.moscow).await;
    assert_eq!(texts.values().copied().collect::<Vec<_>>(), [1]);
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill_under_load() {
    let mut pair = Pair::running().await;
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        let (sink, mut events) = pair.washington.client().say_many("-").await.unwrap();
        for n in 0..200 {
            let text = format!("round {round}, text {n}");
            sink.send(&message(&text, "routine")).await.unwrap();
        }
        for _ in 0..100 {
            let stored = event(&mut events, "stored-here").await;
            acknowledged.push(stored.entry.unwrap());
        }
        pair.washington.kill();
        pair.washington.start();
    }
    let held = texts(&pair.washington).await;
    let lost: Vec<_> = acknowledged
        .iter()
        .filter(|id| held.get(*id) != Some(&1))
        .collect();
    assert!(
        lost.is_empty(),
        "{} of {} lost",
        lost.len(),
        acknowledged.len()
    );
    pair.washington
        .until("all confirmed", |line| line.unconfirmed == 0)
        .await;
    assert_eq!(texts(&pair.moscow).await, held, "both hold the same");
}

/// The messages that a station holds, and how often each.
async fn texts(side: &Side) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    let mut query = EntriesQuery::default();
    loop {
        let page = side.client().entries("-", &query).await.unwrap();
        for entry in page.entries.iter().filter(|entry| entry.kind == "message") {
            *counts.entry(entry.id.clone()).or_default() += 1;
        }
        query.after = page.next;
        if query.after.is_none() {
            return counts;
        }
    }
}
