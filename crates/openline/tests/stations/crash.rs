//! Plugs are pulled.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use openline::api::types::{EntriesQuery, MessageEvent};

use crate::pair::{PATIENCE, Pair, Side, event, message};

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

/// How many plugs are pulled. `cargo xtask test --all` pulls 300.
const KILLS: u64 = 20;

/// Random moments, from one number.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn setting(name: &str, usual: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A text is put into a queue that never runs dry, in both directions, while one station after the other is killed.
struct Load {
    acknowledged: BTreeSet<String>,
    said: u64,
}

impl Load {
    /// Says texts through a station until it is killed after some milliseconds.
    async fn say_until_killed(&mut self, side: &mut Side, ms: u64) {
        let (sink, mut events) = side.client().say_many("-").await.unwrap();
        let (mut said, mut heard) = (self.said, Vec::new());
        let saying = async {
            loop {
                said += 1;
                let precedence = match said % 7 {
                    0 => "flash",
                    _ => "routine",
                };
                let text = message(&format!("text {said}"), precedence);
                if sink.send(&text).await.is_err() {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let hearing = async {
            while let Some(Ok(event)) = events.next().await {
                heard.push(event);
            }
        };
        tokio::select! {
            () = saying => {}
            () = hearing => {}
            () = tokio::time::sleep(Duration::from_millis(ms)) => {}
        }
        side.kill();
        // What it said before it died counts as well.
        while let Ok(Some(Ok(event))) = tokio::time::timeout(PATIENCE, events.next()).await {
            heard.push(event);
        }
        self.said = said;
        heard.into_iter().for_each(|event| self.heard(event));
    }

    fn heard(&mut self, event: MessageEvent) {
        if event.event == "stored-here" {
            self.acknowledged.extend(event.entry);
        }
    }
}

#[tokio::test]
async fn plugs_are_pulled_at_random_moments_under_load_and_nothing_acknowledged_is_lost() {
    let kills = setting("OPENLINE_KILLS", KILLS);
    let seed = setting("OPENLINE_SEED", u64::from(std::process::id()));
    println!(
        "again: OPENLINE_KILLS={kills} OPENLINE_SEED={seed} cargo test -p openline --test stations plugs"
    );
    let mut dice = Dice(seed);
    let mut pair = Pair::running().await;
    let mut load = Load {
        acknowledged: BTreeSet::new(),
        said: 0,
    };
    for _ in 0..kills {
        let side = match dice.below(2) {
            0 => &mut pair.washington,
            _ => &mut pair.moscow,
        };
        load.say_until_killed(side, dice.below(300)).await;
        side.start();
    }
    for side in [&pair.washington, &pair.moscow] {
        side.until("all confirmed", |line| {
            line.unconfirmed == 0 && line.verdict == "open"
        })
        .await;
    }
    let held = [texts(&pair.washington).await, texts(&pair.moscow).await];
    let lost = load
        .acknowledged
        .iter()
        .filter(|id| held[0].get(*id) != Some(&1));
    assert_eq!(lost.count(), 0, "of {}", load.acknowledged.len());
    assert!(load.acknowledged.len() as u64 > kills, "there was a load");
    assert_eq!(held[0], held[1], "both hold the same, once");
    for side in [&pair.washington, &pair.moscow] {
        verifies(side);
    }
}

/// What a station exports is sound by `openline verify`.
fn verifies(side: &Side) {
    let record = side.home.with_extension("olr");
    let openline = |arguments: &[&str]| {
        let output = side
            .program()
            .args(arguments)
            .arg(&record)
            .output()
            .unwrap();
        let said =
            [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
        assert!(output.status.success(), "{arguments:?}: {said:?}");
    };
    openline(&["export", "-o"]);
    openline(&["verify"]);
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
