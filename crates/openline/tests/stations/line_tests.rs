//! Tests of the line between two real stations: the one that falls due when the line opens, and one that a person asks for.

use openline::api::types::{Accepted, Line, Test, Tests};
use openline::client::ClientError;

use crate::pair::{Pair, Side};

fn tests(line: &Line) -> &Tests {
    line.tests.as_ref().expect("the line is taken up")
}

fn is_refused(result: &Result<Accepted, ClientError>, code: &str) -> bool {
    matches!(result, Err(ClientError::Refused(problem)) if problem.error == code)
}

/// The side whose turn it was when the line opened, and the other one; once the test has passed.
async fn by_turn(pair: &Pair) -> (&Side, &Side) {
    let began = |line: &Line| {
        let tests = tests(line);
        tests.ours.by_machine + tests.theirs.by_machine > 0
    };
    let line = pair
        .washington
        .until("a test has come through", began)
        .await;
    let sides = match tests(&line).ours.began {
        0 => (&pair.moscow, &pair.washington),
        _ => (&pair.washington, &pair.moscow),
    };
    let has_passed = |line: &Line| tests(line).ours.by_machine > 0;
    sides.0.until("it has passed", has_passed).await;
    sides
}

fn find<'a>(line: &'a Line, call_up: &str) -> Option<&'a Test> {
    let mut latest = tests(line).latest.iter();
    latest.find(|it| it.call_up == call_up)
}

/// OL-752 OL-755
#[tokio::test]
async fn the_side_whose_turn_it_is_tests_the_line_as_soon_as_it_is_open_and_still_knows_after_a_restart()
 {
    let mut pair = Pair::running().await;
    let (first, _) = by_turn(&pair).await;
    let is_washington = std::ptr::eq(first, &pair.washington);
    let line = first.client().status().await.unwrap().lines.remove(0);
    let test = tests(&line).latest[0].clone();
    assert_eq!((test.state.as_str(), test.ours), ("passed", true));
    // The party with the smaller id has the even hours.
    let is_first = line.parties[0].party < line.parties[1].party;
    let hour = test.turn.expect("by the timetable");
    assert_eq!(hour.is_multiple_of(2), is_first, "{hour}");
    assert!(
        test.took_ms.is_some() && test.by_person.is_none(),
        "{test:?}"
    );
    assert!(!tests(&line).missed);
    let side = match is_washington {
        true => &mut pair.washington,
        false => &mut pair.moscow,
    };
    side.kill();
    side.start();
    let knows = |line: &Line| find(line, &test.call_up).is_some_and(|it| it.state == "passed");
    let line = side
        .until("it is told again", |line| {
            line.tests.is_some() && knows(line)
        })
        .await;
    assert_eq!(tests(&line).ours.began, 1, "and no second one in this hour");
}

/// OL-744 OL-754 OL-755
#[tokio::test]
async fn a_person_tests_the_line_and_a_person_there_reads_the_text_apart_from_the_machine() {
    let pair = Pair::running().await;
    let (_, asks) = by_turn(&pair).await;
    let answers = match std::ptr::eq(asks, &pair.washington) {
        true => &pair.moscow,
        false => &pair.washington,
    };
    let nobody = asks.client().test_now("-").await;
    assert!(is_refused(&nobody, "operator-required"), "{nobody:?}");
    let client = asks.client().as_actor("Maj. Jones");
    let accepted = client.test_now("-").await.unwrap();
    let call_up = accepted.entry.unwrap();
    let has_passed = |line: &Line| find(line, &call_up).is_some_and(|it| it.state == "passed");
    let line = asks.until("passed", has_passed).await;
    assert_eq!(find(&line, &call_up).unwrap().by_person, None);
    let again = client.test_now("-").await;
    assert!(is_refused(&again, "test-too-soon"), "{again:?}");

    let line = answers
        .until("it is read by machine", |line| {
            find(line, &call_up).is_some_and(|it| it.state == "read")
        })
        .await;
    let text = find(&line, &call_up).unwrap().text.clone().unwrap();
    let entry = answers.client().entry("-", &text.entry).await.unwrap();
    assert_eq!(
        (entry.kind.as_str(), entry.mark.as_str()),
        ("test-text", "test")
    );
    assert!(entry.text.is_some_and(|text| text.contains('7')));
    let person = answers.client().as_actor("Lt. Orlova");
    person.read_test("-", &text.entry).await.unwrap();
    let twice = person.read_test("-", &text.entry).await;
    assert!(is_refused(&twice, "test-answered"), "{twice:?}");
    let other = person.read_test("-", &call_up).await;
    assert!(is_refused(&other, "not-a-test-text"), "{other:?}");

    let by_orlova = |it: &Test| {
        let by = it.by_person.as_ref();
        by.is_some_and(|by| by.name == "Lt. Orlova" && by.right)
    };
    let line = asks
        .until("a person has read it", |line| {
            find(line, &call_up).is_some_and(by_orlova)
        })
        .await;
    let counts = tests(&line).ours;
    assert_eq!(
        (counts.began, counts.by_machine, counts.by_person),
        (1, 1, 1)
    );
    let answer = find(&line, &call_up).unwrap().by_person.clone().unwrap();
    let entry = asks.client().entry("-", &answer.entry).await.unwrap();
    let says = (
        entry.kind.as_str(),
        entry.fact.says.as_deref(),
        entry.fact.right,
    );
    assert_eq!(says, ("test-answer", Some("person"), Some(true)));
}
