//! scratch
#[allow(dead_code, unused)]
mod pair;
use openline::api::types::*;
use pair::*;
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut pair = Pair::running().await;
    for round in 0..3 {
        let (sink, mut events) = pair.washington.client().say_many("-").await.unwrap();
        for n in 0..200 {
            let text = format!("round {round}, text {n}");
            sink.send(&message(&text, "routine")).await.unwrap();
        }
        for _ in 0..100 {
            event(&mut events, "stored-here").await;
        }
        pair.washington.kill();
        pair.washington.start();
    }
    for i in 0..40 {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        for side in [&pair.washington, &pair.moscow] {
            let s = side.client().status().await.unwrap();
            let l = &s.lines[0];
            let e = side
                .client()
                .entries(
                    "-",
                    &EntriesQuery {
                        limit: Some(1000),
                        ..Default::default()
                    },
                )
                .await
                .unwrap();
            let mut by = std::collections::BTreeMap::<(String, String, String), Vec<u64>>::new();
            for x in &e.entries {
                by.entry((
                    x.author.name.clone(),
                    x.author.boot[..6].to_string(),
                    x.stream.clone(),
                ))
                .or_default()
                .push(x.sequence);
            }
            println!(
                "{} {} {} unconf {} notices {:?} drops {:?}",
                s.station.party.name,
                &s.station.boot[..6],
                l.verdict,
                l.unconfirmed,
                l.notices.iter().map(|n| n.what.clone()).collect::<Vec<_>>(),
                s.station.drops
            );
            if i % 10 == 9 {
                for (k, v) in by {
                    let c = v.len();
                    let m = v.iter().max().unwrap();
                    println!("   {k:?}: {c} max {m}");
                }
            }
        }
    }
}
