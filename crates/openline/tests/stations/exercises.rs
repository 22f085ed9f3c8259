//! Two real stations agree on an exercise: what is practised is marked at both, what is meant breaks in, and either ends it.

use openline::api::types::{Accepted, Entry, Exercise, Line, NewExercise, NewMessage, NewRing};
use openline::client::{Client, ClientError};

use crate::pair::{Pair, Side, message};

async fn ask(client: &Client, asked: NewExercise, name: &str) -> Result<Accepted, ClientError> {
    let actor = Some(name.to_owned());
    client.exercise("-", &NewExercise { actor, ..asked }).await
}

fn propose() -> NewExercise {
    NewExercise {
        action: "propose".to_owned(),
        for_ms: Some(3_600_000),
        text: "A fire in the engine room".to_owned(),
        ..NewExercise::default()
    }
}

fn accept(proposal: &str) -> NewExercise {
    NewExercise {
        action: "accept".to_owned(),
        proposal: Some(proposal.to_owned()),
        ..NewExercise::default()
    }
}

fn end() -> NewExercise {
    NewExercise {
        action: "end".to_owned(),
        ..NewExercise::default()
    }
}

fn is_refused<T: std::fmt::Debug>(result: &Result<T, ClientError>, code: &str) -> bool {
    matches!(result, Err(ClientError::Refused(problem)) if problem.error == code)
}

fn practised(text: &str) -> NewMessage {
    NewMessage {
        mark: Some("exercise".to_owned()),
        ..message(text, "flash")
    }
}

fn ring(mark: &str) -> NewRing {
    NewRing {
        to: "watch".to_owned(),
        for_ms: Some(60_000),
        mark: Some(mark.to_owned()),
        ..NewRing::default()
    }
}

async fn state(side: &Side, state: &str) -> Exercise {
    let is_so = |line: &Line| line.exercises.iter().any(|it| it.state == state);
    let line = side.until(state, is_so).await;
    line.exercises.first().expect("one").clone()
}

/// An entry, as soon as the other side holds it.
async fn held(side: &Side, entry: &Accepted) -> Entry {
    let id = entry.entry.clone().expect("an entry");
    loop {
        match side.client().entry("-", &id).await {
            Ok(entry) => return entry,
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
        }
    }
}

async fn agree(pair: &Pair) -> Exercise {
    let (washington, moscow) = (pair.washington.client(), pair.moscow.client());
    ask(&moscow, propose(), "Lt. Orlova").await.unwrap();
    let proposed = state(&pair.washington, "proposed").await;
    assert_eq!(proposed.text.as_deref(), Some("A fire in the engine room"));
    let by = accept(&proposed.proposed.entry);
    ask(&washington, by, "Maj. Jones").await.unwrap();
    state(&pair.moscow, "in-force").await
}

/// OL-781 OL-782 OL-785 OL-787 OL-783
#[tokio::test]
async fn both_sides_agree_and_what_is_practised_is_told_from_what_is_meant_until_one_ends_it() {
    let pair = Pair::running().await;
    let (washington, moscow) = (pair.washington.client(), pair.moscow.client());
    for client in [&washington, &moscow] {
        let refused = client.say("-", &practised("Fire.")).await;
        assert!(is_refused(&refused, "no-exercise"), "{refused:?}");
        let refused = client.ring("-", &ring("exercise")).await;
        assert!(is_refused(&refused, "no-exercise"), "{refused:?}");
    }
    let nobody = moscow.exercise("-", &propose()).await;
    assert!(is_refused(&nobody, "operator-required"), "{nobody:?}");
    let agreed = agree(&pair).await;
    let signed =
        |it: &openline::api::types::ExerciseSigned| (it.by.name.clone(), it.actor.name.clone());
    let accepted = agreed.accepted.as_ref().map(signed).expect("it is");
    assert_eq!(signed(&agreed.proposed).1, "Lt. Orlova");
    assert_eq!(accepted, ("Washington".to_owned(), "Maj. Jones".to_owned()));

    let said = washington.say("-", &practised("Fire.")).await.unwrap();
    let there = held(&pair.moscow, &said).await;
    assert_eq!(
        (there.mark.as_str(), there.exercise),
        ("exercise", agreed.exercise.clone())
    );
    let rung = moscow.ring("-", &ring("exercise")).await.unwrap();
    let id = rung.entry.clone().unwrap();
    let rings = |line: &Line| line.rings.iter().any(|it| it.ring == id && it.rings_here);
    let line = pair.washington.until("it rings", rings).await;
    let shown = line
        .rings
        .iter()
        .find(|it| it.ring == id)
        .expect("the ring");
    assert_eq!(
        (shown.mark.as_str(), &shown.exercise),
        ("exercise", &agreed.exercise)
    );

    ask(&washington, end(), "Maj. Jones").await.unwrap();
    let is_over = |line: &Line| {
        let mut rings = line.rings.iter();
        line.exercises.is_empty() && rings.any(|it| it.ring == id && it.state == "withdrawn")
    };
    pair.moscow.until("over", is_over).await;
    let refused = moscow.say("-", &practised("Fire.")).await;
    assert!(is_refused(&refused, "no-exercise"), "{refused:?}");
}

/// OL-791 OL-786 OL-788: and both survive a restart.
#[tokio::test]
async fn what_is_meant_breaks_into_an_exercise_and_is_told_first() {
    let mut pair = Pair::running().await;
    let agreed = agree(&pair).await;
    let washington = pair.washington.client();
    let fire = washington.say("-", &practised("Fire.")).await.unwrap();
    held(&pair.moscow, &fire).await;
    let reply_to = fire.entry.clone();
    let real = NewMessage {
        reply_to: reply_to.clone(),
        ..message("A real fire, now.", "flash")
    };
    let moscow = pair.moscow.client();
    let real = moscow.say("-", &real).await.unwrap();
    let there = held(&pair.washington, &real).await;
    assert_eq!((there.mark.as_str(), there.breaks_in), ("real", true));
    let backwards = NewMessage {
        reply_to: real.entry.clone(),
        ..practised("Understood.")
    };
    let refused = washington.say("-", &backwards).await;
    assert!(
        is_refused(&refused, "exercise-answers-no-exercise"),
        "{refused:?}"
    );

    pair.washington.kill();
    pair.washington.start();
    let told = |line: &Line| line.exercises.iter().any(|it| it.real == 1);
    for side in [&pair.washington, &pair.moscow] {
        let line = side.until("it broke in", told).await;
        let exercise = line.exercises.first().expect("it goes on");
        assert_eq!(exercise.exercise, agreed.exercise);
        assert_eq!(Some(&exercise.broke_in[0].entry), real.entry.as_ref());
    }
}

/// OL-791: a FLASH is not pushed off the line that tells what broke in by what is less urgent and later.
#[tokio::test]
async fn of_what_broke_in_the_most_urgent_is_told_first() {
    let pair = Pair::running().await;
    agree(&pair).await;
    let moscow = pair.moscow.client();
    let flash = moscow
        .say("-", &message("A real fire.", "flash"))
        .await
        .unwrap();
    let mut later = Vec::new();
    for number in 0..openline::api::limits::BROKE_IN {
        let text = format!("Routine, {number}");
        later.push(moscow.say("-", &message(&text, "routine")).await.unwrap());
    }
    let all = later.len() as u64 + 1;
    let told = |line: &Line| line.exercises.iter().any(|it| it.real == all);
    for side in [&pair.washington, &pair.moscow] {
        let line = side.until("all broke in", told).await;
        let broke_in = &line.exercises[0].broke_in;
        assert_eq!(broke_in.len(), openline::api::limits::BROKE_IN);
        assert_eq!(Some(&broke_in[0].entry), flash.entry.as_ref());
        let last = later.last().and_then(|it| it.entry.as_ref());
        assert_eq!(Some(&broke_in[1].entry), last);
    }
}
