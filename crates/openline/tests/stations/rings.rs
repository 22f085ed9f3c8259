//! Rings between two running stations: what the caller is told, what rings at the other side, and how it ends.

use std::time::Duration;

use openline::api::types::{NewAnswer, NewRing, Ring};
use openline::client::{Client, ClientError};
use tokio::time::{Instant, sleep};

use crate::pair::{Pair, message};

/// Longer than anything here takes on a slow machine.
const LIMIT: Duration = Duration::from_secs(60);

/// Waits until a ring stands as wanted.
async fn until(client: &Client, ring: &str, wanted: impl Fn(&Ring) -> bool) -> Ring {
    let deadline = Instant::now() + LIMIT;
    loop {
        let found = client.one_ring("-", ring).await;
        match found {
            Ok(found) if wanted(&found) => return found,
            other if Instant::now() > deadline => panic!("not so in time: {other:?}"),
            _ => sleep(Duration::from_millis(20)).await,
        }
    }
}

fn to_the_head(for_ms: u64) -> NewRing {
    NewRing {
        to: "head".to_owned(),
        for_ms: Some(for_ms),
        text: "Air traffic over the strait".to_owned(),
        ..NewRing::default()
    }
}

async fn ring(client: &Client, for_ms: u64) -> String {
    let accepted = client.ring("-", &to_the_head(for_ms)).await;
    accepted.expect("it may ring").entry.expect("an entry")
}

async fn answer(client: &Client, ring: &str, word: &str) -> Result<(), ClientError> {
    let answer = NewAnswer {
        answer: word.to_owned(),
        actor: Some("Lt. Orlova".to_owned()),
        ..NewAnswer::default()
    };
    client.answer_ring("-", ring, &answer).await.map(|_| ())
}

fn is_refused<T: std::fmt::Debug>(result: &Result<T, ClientError>, code: &str) -> bool {
    matches!(result, Err(ClientError::Refused(problem)) if problem.error == code)
}

#[tokio::test]
async fn a_ring_rings_is_accepted_by_name_and_becomes_final_when_the_other_side_signs_on() {
    let pair = Pair::running().await;
    let (washington, moscow) = (pair.washington.client(), pair.moscow.client());
    let id = ring(&washington, 60_000).await;

    let there = until(&moscow, &id, |it| it.rings_here).await;
    assert_eq!((there.state.as_str(), there.ours), ("ringing", false));
    assert_eq!(
        (there.to.office.as_str(), there.from.office.as_str()),
        ("head", "head")
    );
    assert_eq!(there.short, "R-1");
    let entry = moscow.entry("-", "R-1").await.unwrap();
    assert_eq!(entry.text.as_deref(), Some("Air traffic over the strait"));
    assert_eq!(
        (entry.kind.as_str(), entry.stream.as_str()),
        ("ring", "urgent")
    );
    let here = until(&washington, &id, |it| it.state == "ringing").await;
    assert_eq!(here.ringing.as_ref().unwrap().who.name, "Moscow");
    assert!(here.may_be_withdrawn && !here.rings_here);

    let nobody = NewAnswer {
        answer: "accept".to_owned(),
        ..NewAnswer::default()
    };
    let refused = moscow.answer_ring("-", &id, &nobody).await;
    assert!(is_refused(&refused, "operator-required"), "{refused:?}");
    answer(&moscow, "R-1", "accept").await.unwrap();

    let decided = until(&washington, &id, |it| it.state == "accepted").await;
    assert_eq!(decided.answer.unwrap().said.actor.name, "Lt. Orlova");
    let known = until(&moscow, &id, |it| it.state == "accepted").await;
    assert!(known.is_final && known.outcome.is_some());
    let again = answer(&moscow, &id, "decline").await;
    assert!(is_refused(&again, "ring-too-late"), "{again:?}");

    // What Moscow signs next says that it holds the outcome.
    moscow
        .say("-", &message("We are coming.", "flash"))
        .await
        .unwrap();
    until(&washington, &id, |it| it.is_final).await;
}

#[tokio::test]
async fn it_is_declined_with_a_reason_and_a_time_to_call_back() {
    let pair = Pair::running().await;
    let (washington, moscow) = (pair.washington.client(), pair.moscow.client());
    let id = ring(&moscow, 60_000).await;
    until(&washington, &id, |it| it.rings_here).await;
    let call_back = 1_900_000_000_000;
    let no = NewAnswer {
        answer: "decline".to_owned(),
        call_back_ms: Some(call_back),
        text: "The head is on his way.".to_owned(),
        actor: Some("Smith".to_owned()),
        lang: None,
    };
    washington.answer_ring("-", &id, &no).await.unwrap();
    let decided = until(&moscow, &id, |it| it.state == "declined").await;
    let said = decided.answer.unwrap();
    assert_eq!(
        (said.answer.as_str(), said.call_back_ms),
        ("decline", Some(call_back))
    );
    let reason = moscow.entry("-", &said.said.entry).await.unwrap();
    assert_eq!(reason.text.as_deref(), Some("The head is on his way."));
}

/// OL-513
#[tokio::test]
async fn nobody_answers_and_nobody_is_reached_are_two_things() {
    let mut pair = Pair::running().await;
    let washington = pair.washington.client();
    let id = ring(&washington, 5_000).await;
    let decided = until(&washington, &id, |it| it.outcome.is_some()).await;
    assert_eq!(decided.state, "unanswered");

    pair.moscow.kill();
    let id = ring(&washington, 5_000).await;
    let decided = until(&washington, &id, |it| it.outcome.is_some()).await;
    assert_eq!(
        (decided.state.as_str(), decided.ringing),
        ("unreachable", None)
    );

    // Hours later it is a ring that was over: no bell sounds.
    pair.moscow.start();
    let moscow = pair.moscow.client();
    let seen = until(&moscow, &id, |it| it.outcome.is_some()).await;
    assert_eq!(
        (seen.state.as_str(), seen.rings_here, seen.ringing),
        ("unreachable", false, None)
    );
}

#[tokio::test]
async fn a_ring_that_is_taken_back_can_not_be_accepted_any_more() {
    let pair = Pair::running().await;
    let (washington, moscow) = (pair.washington.client(), pair.moscow.client());
    let id = ring(&washington, 60_000).await;
    until(&moscow, &id, |it| it.rings_here).await;
    let not_theirs = moscow.withdraw_ring("-", &id).await;
    assert!(is_refused(&not_theirs, "ring-is-theirs"), "{not_theirs:?}");
    let not_ours = answer(&washington, &id, "accept").await;
    assert!(is_refused(&not_ours, "ring-is-ours"), "{not_ours:?}");
    washington.withdraw_ring("-", &id).await.unwrap();
    let over = until(&moscow, &id, |it| !it.rings_here).await;
    assert_eq!(over.state, "withdrawn");
    let late = answer(&moscow, &id, "accept").await;
    assert!(is_refused(&late, "ring-too-late"), "{late:?}");
}

/// OL-531: whichever of the two comes first, one contact comes of both. Where one had heard of the other before it rang,
/// they ring once more.
#[tokio::test]
async fn both_ring_at_one_moment_and_one_ring_is_accepted() {
    let pair = Pair::running().await;
    let (washington, moscow) = (pair.washington.client(), pair.moscow.client());
    for _ in 0..10 {
        let to = to_the_head(30_000);
        let (one, other) = tokio::join!(washington.ring("-", &to), moscow.ring("-", &to));
        let (Ok(one), Ok(other)) = (&one, &other) else {
            let refused = [&one, &other]
                .into_iter()
                .any(|it| is_refused(it, "ring-they-ring"));
            assert!(refused, "{one:?} {other:?}");
            for (client, rung) in [(&washington, one), (&moscow, other)] {
                if let Ok(rung) = rung {
                    client
                        .withdraw_ring("-", &rung.entry.unwrap())
                        .await
                        .unwrap();
                }
            }
            continue;
        };
        let (one, other) = (one.entry.clone().unwrap(), other.entry.clone().unwrap());
        let ended = |it: &Ring| it.outcome.is_some() || it.state == "ringing";
        let seen = [
            until(&washington, &one, ended).await,
            until(&moscow, &other, ended).await,
        ];
        let states: Vec<&str> = seen.iter().map(|it| it.state.as_str()).collect();
        if states == ["accepted", "merged"] || states == ["merged", "accepted"] {
            let there = [
                until(&moscow, &one, |it| it.outcome.is_some()).await,
                until(&washington, &other, |it| it.outcome.is_some()).await,
            ];
            let there: Vec<&str> = there.iter().map(|it| it.state.as_str()).collect();
            assert_eq!(there, states, "both sides say the same");
            let (merged, goes_on) = match states[0] {
                "merged" => (&one, &other),
                _ => (&other, &one),
            };
            for client in [&washington, &moscow] {
                let merged = client.one_ring("-", merged).await.unwrap();
                assert_eq!(merged.merged_into.as_ref(), Some(goes_on));
                let named = client.one_ring("-", goes_on).await.unwrap().short;
                assert_eq!(merged.merged_into_short, Some(named));
            }
            return;
        }
        assert!(states.contains(&"ringing"), "{states:?}");
        washington.withdraw_ring("-", &one).await.ok();
        moscow.withdraw_ring("-", &other).await.ok();
        until(&washington, &one, |it| it.outcome.is_some()).await;
        until(&moscow, &other, |it| it.outcome.is_some()).await;
    }
    panic!("ten times one of them had heard of the other first");
}

/// OL-514, and what was decided before it outlives a restart.
#[tokio::test]
async fn a_caller_that_dies_leaves_its_ring_broken_off_and_what_was_decided_decided() {
    let mut pair = Pair::running().await;
    let (washington, moscow) = (pair.washington.client(), pair.moscow.client());
    let first = ring(&washington, 60_000).await;
    until(&moscow, &first, |it| it.rings_here).await;
    answer(&moscow, &first, "later").await.unwrap();
    until(&moscow, &first, |it| it.state == "later").await;
    moscow.say("-", &message("noted", "flash")).await.unwrap();
    until(&washington, &first, |it| it.is_final).await;

    let second = ring(&washington, 60_000).await;
    until(&moscow, &second, |it| it.rings_here).await;
    pair.washington.kill();
    pair.washington.start();
    let broken = until(&moscow, &second, |it| it.state == "broken-off").await;
    assert!(!broken.rings_here && !broken.is_final);
    let here = until(&washington, &second, |it| it.state == "broken-off").await;
    assert!(!here.may_be_withdrawn);
    let kept = until(&washington, &first, |it| it.state == "later").await;
    assert!(kept.is_final, "what was final stays so after a restart");
}

#[tokio::test]
async fn what_can_not_be_rung_is_refused_with_what_there_is() {
    let pair = Pair::running().await;
    let washington = pair.washington.client();
    let unknown = NewRing {
        to: "nobody".to_owned(),
        ..NewRing::default()
    };
    let refused = washington.ring("-", &unknown).await;
    assert!(is_refused(&refused, "no-such-office"), "{refused:?}");
    let Err(ClientError::Refused(problem)) = refused else {
        return;
    };
    assert!(
        problem.what.contains("deputy, head, watch"),
        "{}",
        problem.what
    );
    for for_ms in [4_999, 1_800_001] {
        let refused = washington.ring("-", &to_the_head(for_ms)).await;
        assert!(is_refused(&refused, "ring-form"), "{refused:?}");
    }
    let none = answer(&washington, "R-1", "accept").await;
    assert!(is_refused(&none, "no-such-entry"), "{none:?}");
    for _ in 0..8 {
        ring(&washington, 60_000).await;
    }
    let ninth = washington.ring("-", &to_the_head(60_000)).await;
    assert!(is_refused(&ninth, "ring-too-many"), "{ninth:?}");
}
