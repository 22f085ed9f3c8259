//! Who is on watch, seen from both sides; and a line that is suspended without being cut.

use openline::api::types::{
    Accepted, Line, NewRing, NewRoster, NewShift, NewSuspension, NewWatch, OnWatch, Planned,
};
use openline::client::{Client, ClientError};

use crate::pair::{Pair, Side, message};

async fn ask(client: &Client, action: &str, name: &str) -> Result<Accepted, ClientError> {
    let asked = NewWatch {
        action: action.to_owned(),
        actor: Some(name.to_owned()),
        ..NewWatch::default()
    };
    client.watch("-", &asked).await
}

async fn hand_over(client: &Client, by: &str, to: &str, item: &str) {
    let asked = NewWatch {
        action: "hand-over".to_owned(),
        to: Some(to.to_owned()),
        items: vec![item.to_owned()],
        actor: Some(by.to_owned()),
        ..NewWatch::default()
    };
    client.watch("-", &asked).await.expect("the officer may");
}

fn is_refused<T: std::fmt::Debug>(result: &Result<T, ClientError>, code: &str) -> bool {
    matches!(result, Err(ClientError::Refused(problem)) if problem.error == code)
}

/// How the watch of a party stands, by its name.
fn of<'a>(line: &'a Line, party: &str) -> &'a OnWatch {
    let mut watch = line.watch.iter();
    watch
        .find(|watch| watch.party.name == party)
        .expect("a party of the line")
}

fn officers(line: &Line, party: &str) -> Vec<String> {
    let officers = of(line, party).officers.iter();
    officers.map(|officer| officer.actor.name.clone()).collect()
}

async fn sees(side: &Side, party: &str, wanted: &[&str]) {
    let what = format!("{party}: {wanted:?}");
    side.until(&what, |line| officers(line, party) == wanted)
        .await;
}

/// OL-711 OL-712
#[tokio::test]
async fn one_officer_relieves_another_by_name_and_both_sides_see_it() {
    let mut pair = Pair::running().await;
    let washington = pair.washington.client();
    let nobody = NewWatch {
        action: "open".to_owned(),
        ..NewWatch::default()
    };
    let refused = washington.watch("-", &nobody).await;
    assert!(is_refused(&refused, "operator-required"), "{refused:?}");
    ask(&washington, "open", "Col. Miller").await.unwrap();
    sees(&pair.moscow, "Washington", &["Col. Miller"]).await;
    let there = pair
        .moscow
        .until("present", |line| of(line, "Washington").duty == "present")
        .await;
    assert_eq!(of(&there, "Moscow").duty, "nobody");

    let text = pair
        .moscow
        .client()
        .say("-", &message("Do you see it?", "flash"))
        .await
        .unwrap();
    let item = text.entry.unwrap();
    pair.washington
        .until("the text", |line| {
            line.not_shown.as_ref().is_some_and(|it| it.flash == 1)
        })
        .await;
    hand_over(&washington, "Col. Miller", "Maj. Jones", &item).await;
    sees(&pair.moscow, "Washington", &["Col. Miller"]).await;
    for (action, name, code) in [
        ("open", "Maj. Jones", "watch-somebody"),
        ("confirm", "Maj. Jones", "watch-not-the-officer"),
        ("take-over", "Capt. Smith", "watch-not-the-one-named"),
    ] {
        let refused = ask(&washington, action, name).await;
        assert!(is_refused(&refused, code), "{action}: {refused:?}");
    }
    ask(&washington, "take-over", "Maj. Jones").await.unwrap();
    sees(&pair.moscow, "Washington", &["Maj. Jones"]).await;

    // It belongs to the party and outlives the station's start.
    pair.washington.kill();
    pair.washington.start();
    sees(&pair.washington, "Washington", &["Maj. Jones"]).await;
    ask(&pair.washington.client(), "confirm", "Maj. Jones")
        .await
        .unwrap();
    ask(&pair.washington.client(), "close", "Maj. Jones")
        .await
        .unwrap();
    sees(&pair.moscow, "Washington", &[]).await;
}

/// What a party plans, by its name.
fn planned<'a>(line: &'a Line, party: &str) -> &'a Planned {
    let mut planned = line.planned.iter();
    planned
        .find(|it| it.party.name == party)
        .expect("a party of the line")
}

/// Shifts of an hour each, so many hours from now on.
fn shifts(hours: impl IntoIterator<Item = u64>) -> NewRoster {
    const HOUR: u64 = 3_600_000;
    let now = jiff::Timestamp::now().as_millisecond();
    let now = u64::try_from(now).expect("after 1970");
    let shift = |hour: u64| NewShift {
        from_ms: now - HOUR / 2 + hour * HOUR,
        until_ms: now + HOUR / 2 + hour * HOUR,
        officer: "Col. Miller".to_owned(),
    };
    NewRoster {
        shifts: hours.into_iter().map(shift).collect(),
        actor: Some("Col. Miller".to_owned()),
    }
}

/// OL-722 OL-723 OL-724
#[tokio::test]
async fn what_one_side_plans_both_see_with_its_gaps_and_it_outlives_a_restart() {
    let mut pair = Pair::running().await;
    let washington = pair.washington.client();
    let none = |line: &Line| planned(line, "Washington").state == "no-roster";
    pair.moscow.until("nothing is planned", none).await;
    let mut by_nobody = shifts([0]);
    by_nobody.actor = None;
    let refused = washington.plan("-", &by_nobody).await;
    assert!(is_refused(&refused, "operator-required"), "{refused:?}");
    let refused = washington.plan("-", &shifts([0, 0])).await;
    assert!(is_refused(&refused, "roster-form"), "{refused:?}");
    let refused = washington.plan("-", &shifts([])).await;
    assert!(is_refused(&refused, "no-roster"), "{refused:?}");

    // Nobody from one o'clock to two.
    let days = (0..30).filter(|hour| *hour != 1);
    washington.plan("-", &shifts(days)).await.unwrap();
    let has_gap = |line: &Line| planned(line, "Washington").state == "gap";
    for side in [&pair.moscow, &pair.washington] {
        let seen = side.until("a gap", has_gap).await;
        let seen = planned(&seen, "Washington");
        let gap = seen.gap.as_ref().expect("a gap");
        assert_eq!(gap.until_ms.expect("it ends") - gap.from_ms, 3_600_000);
        assert_eq!(
            seen.now.as_ref().expect("he is planned").officer,
            "Col. Miller"
        );
    }
    let shown = pair.moscow.client().rosters("-").await.unwrap();
    let theirs = shown.parties.iter().find(|it| !it.planned.party.ours);
    let theirs = theirs.expect("two parties");
    assert_eq!((theirs.rosters.len(), theirs.gaps.len()), (1, 2));
    assert_eq!(theirs.rosters[0].shifts.len(), 29);

    washington.plan("-", &shifts(0..30)).await.unwrap();
    pair.washington.kill();
    pair.washington.start();
    let is_planned = |line: &Line| planned(line, "Washington").state == "planned";
    for side in [&pair.moscow, &pair.washington] {
        side.until("mended", is_planned).await;
    }
    let washington = pair.washington.client();
    washington.plan("-", &shifts([])).await.unwrap();
    pair.moscow.until("taken back", none).await;
}

/// OL-709: the charter of these tests asks for an hour, as does the default one.
#[tokio::test]
async fn a_watch_that_would_be_confirmed_less_often_than_the_charter_says_is_refused() {
    let pair = Pair::running().await;
    let washington = pair.washington.client();
    let seldom = |ms| NewWatch {
        action: "open".to_owned(),
        confirms_ms: Some(ms),
        actor: Some("Col. Miller".to_owned()),
        ..NewWatch::default()
    };
    let refused = washington.watch("-", &seldom(3_600_001)).await;
    assert!(is_refused(&refused, "watch-too-seldom"), "{refused:?}");
    washington.watch("-", &seldom(3_600_000)).await.unwrap();
}

fn to(office: &str) -> NewRing {
    NewRing {
        to: office.to_owned(),
        for_ms: Some(60_000),
        ..NewRing::default()
    }
}

fn suspension(action: &str) -> NewSuspension {
    NewSuspension {
        action: action.to_owned(),
        reason: Some("ordered".to_owned()),
        text: "By order of the ministry".to_owned(),
        actor: Some("Col. Miller".to_owned()),
        ..NewSuspension::default()
    }
}

/// OL-733 OL-735
#[tokio::test]
async fn who_suspends_a_line_says_why_and_an_open_ring_of_principals_ends_with_it() {
    let pair = Pair::running().await;
    let (washington, moscow) = (pair.washington.client(), pair.moscow.client());
    let open = moscow.ring("-", &to("head")).await.unwrap().entry.unwrap();
    washington
        .suspension("-", &suspension("suspend"))
        .await
        .unwrap();
    let is_suspended = |line: &Line| !line.suspended.is_empty();
    let line = pair.moscow.until("suspended", is_suspended).await;
    let said = &line.suspended[0];
    let why = (
        said.by.name.as_str(),
        said.reason.as_str(),
        said.actor.name.as_str(),
    );
    assert_eq!(why, ("Washington", "ordered", "Col. Miller"));
    assert_eq!(said.text.as_deref(), Some("By order of the ministry"));
    let words = moscow.entry("-", &said.entry).await.unwrap();
    assert_eq!(words.text.as_deref(), Some("By order of the ministry"));
    let is_over = |line: &Line| {
        let mut rings = line.rings.iter();
        rings.any(|it| it.ring == open && it.state == "withdrawn")
    };
    pair.moscow.until("withdrawn", is_over).await;
    let theirs = moscow.suspension("-", &suspension("resume")).await;
    assert!(is_refused(&theirs, "not-suspended"), "{theirs:?}");
    let twice = washington.suspension("-", &suspension("suspend")).await;
    assert!(is_refused(&twice, "suspended-already"), "{twice:?}");
}

/// OL-734
#[tokio::test]
async fn a_suspended_line_carries_flash_and_the_watchs_rings_and_nothing_else_until_it_is_resumed()
{
    let pair = Pair::running().await;
    let (washington, moscow) = (pair.washington.client(), pair.moscow.client());
    washington
        .suspension("-", &suspension("suspend"))
        .await
        .unwrap();
    pair.moscow
        .until("suspended", |line| !line.suspended.is_empty())
        .await;
    let (budget, flash) = (
        message("About the budget", "routine"),
        message("Cease fire.", "flash"),
    );
    for client in [&washington, &moscow] {
        let refused = client.say("-", &budget).await;
        assert!(is_refused(&refused, "suspended"), "{refused:?}");
        let Err(ClientError::Refused(problem)) = refused else {
            return;
        };
        let names_it = problem
            .what
            .starts_with("Washington suspended the line at 2");
        assert!(names_it && !problem.what.contains('T'), "{problem:?}");
        let refused = client.ring("-", &to("head")).await;
        assert!(is_refused(&refused, "suspended"), "{refused:?}");
        client.say("-", &flash).await.unwrap();
    }
    moscow.ring("-", &to("watch")).await.unwrap();
    let rings = |line: &Line| line.rings.iter().any(|ring| ring.rings_here);
    pair.washington.until("it rings", rings).await;
    washington
        .suspension("-", &suspension("resume"))
        .await
        .unwrap();
    pair.moscow
        .until("resumed", |line| line.suspended.is_empty())
        .await;
    moscow.say("-", &budget).await.unwrap();
}
