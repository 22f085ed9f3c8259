//! Homes that run twice, and homes that come back from yesterday.

use std::collections::BTreeMap;
use std::path::Path;

use openline::api::types::{EntriesQuery, Entry};

use crate::pair::{PATIENCE, Pair, Side, copy_home, message};
use crate::relay::key_and_counter;

/// Every entry that a station holds.
pub async fn entries(side: &Side) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut query = EntriesQuery::default();
    loop {
        let page = side.client().entries("-", &query).await.unwrap();
        all.extend(page.entries);
        query.after = page.next;
        if query.after.is_none() {
            return all;
        }
    }
}

/// Waits until a station holds an entry.
pub async fn until_held(side: &Side, id: &str) {
    let holds = async {
        while side.client().entry("-", id).await.is_err() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let held = tokio::time::timeout(PATIENCE, holds).await;
    held.unwrap_or_else(|_| panic!("{id} does not arrive at {}", side.home.display()));
}

/// No place of any author's stream is taken by two entries, wherever they are held.
fn assert_no_place_twice(homes: &[Vec<Entry>]) {
    let mut places = BTreeMap::new();
    for entry in homes.iter().flatten() {
        let place = (
            entry.author.boot.clone(),
            entry.stream.clone(),
            entry.sequence,
        );
        let held = places.entry(place.clone()).or_insert(entry.id.clone());
        assert_eq!(*held, entry.id, "two entries at {place:?}");
    }
}

/// No key seals two frames under one counter. An introduction carries nonce and boot, which its key comes from;
/// every boot has written its start, so the records name them all.
fn assert_no_counter_twice(frames: &[Vec<u8>], homes: &[Vec<Entry>]) {
    let boots: Vec<String> = homes
        .iter()
        .flatten()
        .map(|entry| entry.author.boot.clone())
        .collect();
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let mut sealed: BTreeMap<(u32, u64, Vec<u8>), &[u8]> = BTreeMap::new();
    for frame in frames {
        let (key, counter) = key_and_counter(frame).expect("a frame of ours");
        let end = frame.len().saturating_sub(32);
        let is_introduction = boots.contains(&hex(&frame[frame.len() - 16..]));
        let origin = if is_introduction {
            frame[end..].to_vec()
        } else {
            Vec::new()
        };
        let before = sealed.entry((key, counter, origin)).or_insert(frame);
        assert_eq!(*before, &frame[..], "key {key:08x}, counter {counter}");
    }
    assert!(sealed.len() > 50, "{} frames", sealed.len());
}

/// Rules 1 and 4: Washington's home runs twice, channel and all. Whatever both say at once, nothing is used twice,
/// all of it is kept by everybody, and people are told that there are two.
#[tokio::test]
async fn two_copies_of_one_home_run_at_once_and_use_nothing_twice() {
    let mut pair = Pair::watched();
    pair.start_both().await;
    pair.washington.stop();
    let folder = pair.washington.home.with_file_name("washington-copy");
    copy_home(&pair.washington.home, &folder);
    pair.washington.start();
    let mut copy = Side::at(&folder);
    copy.start();
    pair.moscow
        .until("two are heard", |line| {
            line.shortcomings.iter().any(|it| it == "cloned")
        })
        .await;
    let mut said = Vec::new();
    for n in 0..20 {
        for (who, side) in [
            ("original", &pair.washington),
            ("copy", &copy),
            ("Moscow", &pair.moscow),
        ] {
            let text = message(
                &format!("{who}, text {n}"),
                if n % 5 == 0 { "flash" } else { "routine" },
            );
            let sent = side.client().say("-", &text).await.unwrap();
            said.push(sent.entry.unwrap());
        }
    }
    for id in &said {
        until_held(&pair.moscow, id).await;
    }
    for id in &said {
        until_held(&pair.washington, id).await;
        until_held(&copy, id).await;
    }
    let line = pair
        .moscow
        .until("told", |line| !line.notices.is_empty())
        .await;
    let told = line
        .notices
        .iter()
        .find(|notice| notice.what == "cloned")
        .expect("told");
    assert_eq!(told.by.name, "Washington");
    assert_ne!(Some(&told.by), told.other.as_ref());
    let homes = [
        entries(&pair.washington).await,
        entries(&copy).await,
        entries(&pair.moscow).await,
    ];
    assert_no_place_twice(&homes);
    assert_no_counter_twice(&pair.frames(), &homes);
    // The copy asked for new keys, as a copied home does; the original was heard all the time, so there are none.
    let generation = |line: openline::api::types::Line| line.generation;
    assert_eq!(generation(pair.moscow.until("a line", |_| true).await), 0);
}

async fn lost_since_yesterday(keeps_channel: bool) {
    let mut pair = Pair::watched();
    pair.start_both().await;
    let say = async |side: &Side, text: &str| {
        let sent = side
            .client()
            .say("-", &message(text, "routine"))
            .await
            .unwrap();
        sent.entry.unwrap()
    };
    let yesterday = say(&pair.washington, "yesterday").await;
    until_held(&pair.moscow, &yesterday).await;
    assert!(pair.washington.stop());
    let backup = pair.washington.home.with_file_name("backup");
    copy_home(&pair.washington.home, &backup);
    if !keeps_channel {
        std::fs::remove_file(backup.join("channel.db")).unwrap();
    }
    pair.washington.start();
    let today = say(&pair.washington, "today").await;
    until_held(&pair.moscow, &today).await;
    let answer = say(&pair.moscow, "an answer").await;
    until_held(&pair.washington, &answer).await;
    pair.washington.kill();
    restore(&backup, &pair.washington.home);
    pair.washington.start();
    let renewed = |line: &openline::api::types::Line| {
        line.verdict == "open" && line.generation > 0 && line.unconfirmed == 0
    };
    let ours = pair.washington.until("open under new keys", renewed).await;
    let theirs = pair.moscow.until("open under new keys", renewed).await;
    for id in [&yesterday, &today, &answer] {
        until_held(&pair.washington, id).await;
    }
    let told = |line: &openline::api::types::Line, what: &str| {
        line.notices
            .iter()
            .any(|notice| notice.what == what && notice.by.name == "Washington")
    };
    assert!(told(&ours, "keys-asked"), "{ours:?}");
    assert!(told(&ours, "keys-renewed"), "{ours:?}");
    assert!(
        theirs
            .notices
            .iter()
            .any(|notice| notice.what == "keys-renewed")
    );
    let restored = |line: &openline::api::types::Line| told(line, "restored");
    pair.moscow.until("told of the restoration", restored).await;
    pair.washington
        .until("told of the restoration", restored)
        .await;
    let again = say(&pair.washington, "after the restoration").await;
    until_held(&pair.moscow, &again).await;
    let homes = [entries(&pair.washington).await, entries(&pair.moscow).await];
    assert_no_place_twice(&homes);
    assert_no_counter_twice(&pair.frames(), &homes);
}

fn restore(backup: &Path, home: &Path) {
    std::fs::rename(home, home.with_file_name("lost")).unwrap();
    copy_home(backup, home);
}

/// OL-442: rules 1, 2 and 4.
#[tokio::test]
async fn yesterdays_backup_without_the_channel_is_put_back_and_moscow_returns_what_was_lost() {
    lost_since_yesterday(false).await;
}

/// OL-442: a backup that holds the channel as well, as it should not.
#[tokio::test]
async fn yesterdays_backup_with_the_channel_is_put_back_and_nothing_is_sealed_twice() {
    lost_since_yesterday(true).await;
}
