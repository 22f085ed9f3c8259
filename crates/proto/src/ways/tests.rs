use super::*;

const HOME: Route = Route { bearer: 0, path: 1 };
const AWAY: Route = Route { bearer: 0, path: 2 };
const CADENCES: Cadences = Cadences {
    echo: 5_000,
    silent_after: 15_000,
    presence: 3_600_000,
};

fn came_back(ways: &mut Ways, sent: u64, route: Route) {
    let round_trip = 40;
    let echoed = Echoed {
        number: sent,
        sent,
        route,
        round_trip,
    };
    ways.echoed(echoed, &CADENCES);
}

/// Two ways that somebody named; both answered, and the first is in use.
fn two() -> Ways {
    let mut ways = Ways::default();
    for route in [HOME, AWAY] {
        ways.hint(route, None);
        ways.challenged(challenge(10, route));
    }
    came_back(&mut ways, 10, HOME);
    came_back(&mut ways, 10, AWAY);
    assert_eq!(ways.best(), Some(HOME), "who answered first");
    ways
}

/// A test's challenge is named by its moment.
fn challenge(number: u64, route: Route) -> Challenge {
    Challenge {
        number,
        route,
        frame: None,
    }
}

/// Lets time pass, in which only some ways answer; returns how often each was asked.
fn live(ways: &mut Ways, from: u64, to: u64, answering: &[Route]) -> [usize; 2] {
    let mut asked = [0; 2];
    for now in (from..to).step_by(100) {
        for aside in ways.asides(now, &CADENCES) {
            ways.said_aside(challenge(now, aside.route), aside.asks);
            asked[usize::from(aside.route == AWAY)] += 1;
            if answering.contains(&aside.route) {
                came_back(ways, now, aside.route);
            }
        }
        if let Some(best) = ways
            .best()
            .filter(|best| now % 5_000 == 0 && answering.contains(best))
        {
            ways.challenged(challenge(now, best));
            came_back(ways, now, best);
        }
    }
    asked
}

fn state(ways: &Ways, route: Route, now: u64) -> WayState {
    let known = ways.known(now, &CADENCES);
    let way = known.iter().find(|known| known.route == route);
    way.expect("it is known").state
}

/// OL-434: both sides began at one moment, and each answers every frame of a long queue.
#[test]
fn a_way_is_proven_though_hundreds_of_frames_went_out_in_the_same_millisecond() {
    let mut ways = Ways::default();
    ways.challenged(challenge(10, HOME));
    for _ in 0..4 * CHALLENGES {
        ways.challenged(challenge(11, HOME));
        ways.challenged(challenge(12, AWAY));
    }
    came_back(&mut ways, 10, HOME);
    assert_eq!(ways.best(), Some(HOME));
}

/// OL-434
#[test]
fn a_way_is_used_only_after_its_challenge_came_back_on_it() {
    let mut ways = Ways::default();
    ways.hint(HOME, None);
    ways.challenged(challenge(10, HOME));
    came_back(&mut ways, 10, AWAY);
    assert_eq!(ways.best(), None);
    came_back(&mut ways, 10, HOME);
    assert_eq!(ways.best(), Some(HOME));
    ways.heard(AWAY, 0);
    ways.challenged(challenge(20, AWAY));
    came_back(&mut ways, 20, AWAY);
    assert_eq!(ways.best(), Some(AWAY));
}

/// OL-434
#[test]
fn no_two_ways_bear_one_challenge_whichever_of_them_is_in_use() {
    let route = |path| Route { bearer: 0, path };
    let mut ways = Ways::default();
    (0..8).for_each(|path| ways.heard(route(path), 10));
    let lanes = |ways: &Ways| {
        let lanes: std::collections::BTreeSet<u64> = (0..8)
            .map(|path| crate::challenges::Challenges::new([7; 32]).at(9, ways.lane(route(path))))
            .collect();
        lanes
    };
    assert_eq!(lanes(&ways).len(), 8, "none is in use");
    for path in 0..8 {
        ways.challenged(challenge(10 + u64::from(path), route(path)));
        came_back(&mut ways, 10 + u64::from(path), route(path));
        assert_eq!(ways.best(), Some(route(path)));
        assert_eq!(lanes(&ways).len(), 8);
        assert_eq!(ways.lane(route(path)), Lane::Common(0));
    }
}

/// OL-434
#[test]
fn a_frame_replayed_from_elsewhere_draws_three_frames_at_most() {
    let mut ways = Ways::default();
    ways.hint(HOME, None);
    ways.heard(AWAY, 0);
    assert_eq!(ways.all(), [HOME, AWAY]);
    let sent: usize = [2, 50, 50]
        .map(|frames| ways.allow(AWAY, frames))
        .iter()
        .sum();
    assert_eq!(sent, 3);
    assert_eq!(ways.all(), [HOME], "until it is heard again");
    assert_eq!(ways.allow(HOME, 50), 50);
}

/// OL-434 OL-436: neither asked nor answered aside, however often it asks.
#[test]
fn a_way_that_is_not_known_gets_neither_questions_nor_answers_about_itself() {
    let mut ways = Ways::default();
    ways.hint(HOME, None);
    ways.challenged(challenge(10, HOME));
    came_back(&mut ways, 10, HOME);
    ways.heard(AWAY, 0);
    for now in 0..1_000 {
        ways.took(AWAY, now, now, true);
        assert_eq!(ways.asides(now * 1_000, &CADENCES), []);
    }
}

/// OL-436
#[test]
fn a_way_kept_ready_is_asked_once_in_three_echoes_and_does_not_become_the_one_in_use() {
    let mut ways = two();
    let asked = live(&mut ways, 100, 300_000, &[HOME, AWAY]);
    assert_eq!(asked, [0, 19]);
    assert_eq!(ways.best(), Some(HOME));
    assert_eq!(state(&ways, AWAY, 300_000), WayState::Answers);
}

/// OL-436: where there is only one way there is nothing to ask.
#[test]
fn the_only_way_is_not_asked() {
    let mut ways = Ways::default();
    ways.hint(HOME, None);
    ways.challenged(challenge(10, HOME));
    came_back(&mut ways, 10, HOME);
    assert_eq!(ways.asides(1_000_000, &CADENCES), []);
    assert_eq!(ways.asks_at(), None);
}

/// OL-438
#[test]
fn a_cut_way_is_named_while_the_other_works_and_until_it_answers_again() {
    let mut ways = two();
    live(&mut ways, 100, 60_000, &[HOME, AWAY]);
    let asked = live(&mut ways, 60_000, 100_000, &[HOME]);
    let WayState::Cut { since } = state(&ways, AWAY, 100_000) else {
        panic!("{asked:?}");
    };
    assert!((60_000..76_000).contains(&since));
    assert_eq!(state(&ways, HOME, 100_000), WayState::Answers);
    live(&mut ways, 100_000, 170_000, &[HOME, AWAY]);
    assert_eq!(state(&ways, AWAY, 170_000), WayState::Answers);
}

/// OL-438: with every way silent nobody can tell which are cut.
#[test]
fn no_way_is_cut_where_none_answers() {
    let mut ways = two();
    live(&mut ways, 100, 300_000, &[]);
    for route in [HOME, AWAY] {
        assert_eq!(state(&ways, route, 300_000), WayState::Unknown);
    }
}

/// OL-438: a way that never led anywhere was not cut.
#[test]
fn a_way_that_never_answered_is_not_cut() {
    let mut ways = Ways::default();
    [HOME, AWAY].into_iter().for_each(|it| ways.hint(it, None));
    ways.challenged(challenge(10, HOME));
    came_back(&mut ways, 10, HOME);
    let asked = live(&mut ways, 100, 3_600_000, &[HOME]);
    assert_eq!(state(&ways, AWAY, 3_600_000), WayState::Unknown);
    assert!(
        (60..70).contains(&asked[1]),
        "about once a minute: {asked:?}"
    );
}

/// OL-438: one that answered before our restart and not since was cut meanwhile.
#[test]
fn a_way_that_answered_an_earlier_boot_and_not_this_one_is_cut() {
    let mut ways = Ways::default();
    ways.hint(HOME, None);
    ways.hint(AWAY, Some(1_790_000_000_000));
    ways.challenged(challenge(10, HOME));
    came_back(&mut ways, 10, HOME);
    live(&mut ways, 100, 100_000, &[HOME]);
    let WayState::Cut { since } = state(&ways, AWAY, 100_000) else {
        panic!("it is not known to be cut");
    };
    assert_eq!(since, 100, "the first question of this boot");
    live(&mut ways, 100_000, 200_000, &[]);
    live(&mut ways, 200_000, 270_000, &[HOME, AWAY]);
    assert_eq!(state(&ways, AWAY, 270_000), WayState::Answers);
}

/// OL-434: in one direction it may work on, and so be heard.
#[test]
fn a_cut_way_in_use_gives_way_to_one_that_answers() {
    let mut ways = two();
    live(&mut ways, 100, 60_000, &[AWAY]);
    assert_eq!(ways.best(), Some(AWAY));
}

/// OL-438: whoever moved is where he answers now.
#[test]
fn a_way_that_nobody_named_is_forgotten_when_it_is_cut() {
    let mut ways = Ways::default();
    for (clock, route) in [(10, HOME), (20, AWAY)] {
        ways.heard(route, 0);
        ways.challenged(challenge(clock, route));
        came_back(&mut ways, clock, route);
    }
    assert_eq!(ways.known(30, &CADENCES).len(), 2);
    live(&mut ways, 100, 60_000, &[AWAY]);
    let known = ways.known(60_000, &CADENCES);
    assert_eq!(known.iter().map(|it| it.route).collect::<Vec<_>>(), [AWAY]);
}

/// OL-437: on a way that is not in use only what was answered counts as sent.
#[test]
fn what_goes_to_a_dead_way_is_not_lost() {
    let mut ways = two();
    let report = |reached, received| Report {
        key: 1,
        reached,
        received,
    };
    let mut received = 0;
    ways.reported(report(0, 0));
    for counter in 0..400 {
        // Every other frame goes to the dead way, with a question; one in ten of the others is lost.
        let frame = Frame { key: 1, counter };
        let route = [HOME, AWAY][counter as usize % 2];
        ways.sent(route, frame);
        if route == AWAY {
            let frame = Some(frame);
            ways.said_aside(
                Challenge {
                    frame,
                    ..challenge(counter, route)
                },
                true,
            );
        } else {
            received += u64::from(counter % 20 != 0);
        }
    }
    ways.reported(report(400, received));
    assert_eq!(ways.loss().permille(), Some(100));
}

/// OL-437: the next way is measured by what goes out on it.
#[test]
fn the_loss_on_one_way_is_not_that_on_another() {
    let mut ways = two();
    let report = |reached, received| Report {
        key: 1,
        reached,
        received,
    };
    ways.reported(report(0, 0));
    (0..100).for_each(|counter| ways.sent(HOME, Frame { key: 1, counter }));
    ways.reported(report(100, 50));
    assert_eq!(ways.loss().permille(), Some(500));
    ways.challenged(challenge(20, AWAY));
    came_back(&mut ways, 20, AWAY);
    assert_eq!((ways.best(), ways.loss().permille()), (Some(AWAY), None));
    ways.reported(report(130, 60));
    (130..230).for_each(|counter| ways.sent(AWAY, Frame { key: 1, counter }));
    ways.reported(report(230, 160));
    assert_eq!(ways.loss().permille(), Some(0));
}
