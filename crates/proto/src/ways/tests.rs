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

/// OL-458
#[test]
fn tests_go_over_each_way_in_turn_and_what_comes_back_shows_that_it_carried_them() {
    const THIRD: Route = Route { bearer: 1, path: 1 };
    let mut ways = two();
    ways.hint(THIRD, None);
    assert_eq!(ways.to_visit(), Some(AWAY), "nobody answered on the third");
    ways.challenged(challenge(11, THIRD));
    came_back(&mut ways, 11, THIRD);
    ways.take_to(HOME, 11);
    let passed = |ways: &Ways, route| {
        let known = ways.known(100, &CADENCES);
        let way = known.iter().find(|known| known.route == route);
        way.and_then(|way| way.tested)
    };
    let mut visited = Vec::new();
    for now in [20, 30, 40, 50] {
        let route = ways.to_visit().expect("two ways beside the one in use");
        let copy = challenge(now, route);
        ways.copied(copy);
        ways.visited(route, now, now);
        if route == AWAY {
            came_back(&mut ways, now, route);
        }
        visited.push(route);
    }
    assert_eq!(visited, [AWAY, THIRD, AWAY, THIRD]);
    assert_eq!(passed(&ways, AWAY), Some(40));
    assert_eq!(passed(&ways, THIRD), None, "nothing came back");
    assert_eq!(passed(&ways, HOME), None);
    ways.test_passed(60);
    assert_eq!(passed(&ways, HOME), Some(60));
}

/// OL-448
#[test]
fn a_list_takes_the_place_of_what_was_named_before_and_what_is_proven_stays() {
    let mut ways = two();
    let unproven = Route { bearer: 0, path: 3 };
    ways.hint(unproven, None);
    let moved = Route { bearer: 0, path: 4 };
    ways.announced(&[moved]);
    let known: Vec<Route> = ways.known(0, &CADENCES).iter().map(|it| it.route).collect();
    assert_eq!(known, [HOME, AWAY, moved]);
    assert_eq!(ways.best(), Some(HOME), "nothing is cut");
    // The peer is not where it was: that is no cut, and no alarm.
    live(&mut ways, 100, 60_000, &[HOME]);
    let known = ways.known(60_000, &CADENCES);
    assert!(
        known
            .iter()
            .all(|it| it.route != AWAY && it.state.word() != "cut")
    );
    // A tty is named by people of ours, behind the list.
    ways.hint(unproven, None);
    assert!(ways.is_known(unproven));
    ways.announced(&[]);
    let known: Vec<Route> = ways.known(0, &CADENCES).iter().map(|it| it.route).collect();
    assert_eq!(
        known,
        [HOME],
        "it calls us, and is answered where it is heard"
    );
}

/// OL-448: eight addresses of a list take no proven way's place, nor a tty's.
#[test]
fn a_full_list_pushes_out_neither_what_is_proven_nor_what_our_people_named() {
    let mut ways = two();
    let list: Vec<Route> = (10..18).map(|path| Route { bearer: 0, path }).collect();
    ways.announced(&list);
    let tty = Route { bearer: 1, path: 0 };
    ways.hint(tty, None);
    for (route, is_kept) in [(HOME, true), (AWAY, true), (tty, true), (list[7], true)] {
        assert_eq!(ways.is_known(route), is_kept, "{route:?}");
    }
    assert_eq!(ways.known(0, &CADENCES).len(), WAYS);
}

/// OL-449: on a way that a list alone names, and that nobody has answered, whether or not the peer is heard elsewhere.
#[test]
fn whoever_lists_addresses_of_others_has_them_asked_ever_more_rarely() {
    let victims: Vec<Route> = (10..18).map(|path| Route { bearer: 0, path }).collect();
    let mut ways = Ways::default();
    ways.announced(&victims);
    let mut sent = 0;
    for now in (0..3_600_000).step_by(250) {
        for route in ways.tried(now, &CADENCES) {
            sent += ways.allow(route, 6);
        }
    }
    assert!(
        (8 * 60..=8 * 70).contains(&sent),
        "{sent} frames in an hour"
    );
    // Somebody of ours named this one, and it may be a radio: it is knocked at as often as ever.
    ways.hint(HOME, None);
    let tried = (0..100).filter(|n| ways.tried(3_600_000 + 250 * n, &CADENCES).contains(&HOME));
    assert_eq!(tried.count(), 100);
}

/// OL-449: and one on which the peer answered in an earlier boot of ours is no third party's.
#[test]
fn a_listed_way_on_which_the_peer_answered_before_our_restart_is_knocked_at_as_any() {
    let mut ways = Ways::default();
    ways.announced(&[HOME]);
    ways.hint(HOME, Some(1_800_000_000_000));
    for now in (0..10_000).step_by(250) {
        assert_eq!(ways.tried(now, &CADENCES), [HOME]);
        assert_eq!(ways.allow(HOME, 6), 6);
    }
}

/// OL-449: whoever writes a third party's address on what he sends gets no more sent there than RFC 9000 allows.
#[test]
fn what_comes_from_a_listed_address_is_answered_with_three_frames_until_it_is_proven() {
    let mut ways = Ways::default();
    ways.announced(&[HOME]);
    let _ = ways.tried(0, &CADENCES);
    ways.heard(HOME, 10);
    assert_eq!(ways.answer(Some(HOME)), [HOME]);
    assert_eq!([ways.allow(HOME, 2), ways.allow(HOME, 6)], [2, 1]);
    assert!(ways.answer(Some(HOME)).is_empty() && ways.tried(20, &CADENCES).is_empty());
    ways.challenged(challenge(30, HOME));
    came_back(&mut ways, 30, HOME);
    assert_eq!(ways.allow(HOME, 6), 6);
}

/// OL-449: ever new lists.
#[test]
fn a_thousand_lists_leave_no_more_ways_than_one() {
    let mut ways = two();
    let mut frames = 0;
    for list in 0..1_000u32 {
        let routes: Vec<Route> = (0..8)
            .map(|at| Route {
                bearer: 0,
                path: 100 + 8 * list + at,
            })
            .collect();
        ways.announced(&routes);
        let from = u64::from(list) * crate::reachable::NEXT_LIST_MS;
        let asked = live(
            &mut ways,
            from,
            from + crate::reachable::NEXT_LIST_MS,
            &[HOME],
        );
        frames += asked[0];
        assert!(ways.known(from, &CADENCES).len() <= WAYS);
    }
    assert!(
        frames <= 1_000 * 8 * 3,
        "{frames} questions in {} s",
        1_000 * 10
    );
}
