//! What a line does with challenges: dates the peer's life by those that come back (rule 3), follows the peer to the way on which it
//! speaks, and asks and answers about the ways beside it ([`crate::ways`]).

use openline_seal::Agreement;
use openline_wire::cbor::Canonical as _;
use openline_wire::haste::Haste;

use crate::bodies::{Body, Have};
use crate::challenges::{self, Lane};
use crate::contract::Moment;
use crate::incoming::Source;
use crate::line::Line;
use crate::ways::{Aside, Challenge, Echoed};

impl<A: Agreement> Line<A> {
    /// Looks where a frame came from, before it is taken apart. The peer is where it says something new, unless that is about a
    /// way alone: then it is answered there, and speaks where it spoke before.
    pub(crate) fn follow(&mut self, from: Source, bodies: &[Body]) {
        let Source { at, route, now, .. } = from;
        let have = bodies.iter().find_map(|body| match body {
            Body::Have(have) => Some(have),
            _ => None,
        });
        // Where we must be silent nobody is answered, wherever the peer speaks besides.
        if self.answerable(route).is_none() {
            return;
        }
        let remote = &mut self.remotes[at];
        let Some(have) = have else {
            remote.last_way = Some(route);
            return;
        };
        let latest = remote.life.challenge.map(|(latest, _)| latest);
        let echoed = have.echo.as_ref().map_or(0, |echo| echo.challenge);
        let sent = self.challenges.sent_at(echoed);
        let asks = have.answer && remote.ways.is_aside(route);
        let answers = sent.is_some_and(|sent| remote.ways.is_asked(echoed, sent, route));
        let is_aside = bodies.len() == 1 && (asks || answers);
        if !is_aside && latest < Some(have.challenge) {
            remote.last_way = Some(route);
        }
        let clock = now.monotonic;
        remote.ways.took(route, have.challenge, clock, have.answer);
    }

    /// Dates the peer's life by the echo (rule 3), and measures the way.
    pub(crate) fn echo(&mut self, from: Source, have: &Have) {
        let Source { at, route, now, .. } = from;
        let clock = now.monotonic;
        let own = self.author.boot;
        let remote = &mut self.remotes[at];
        if remote
            .life
            .challenge
            .is_none_or(|(latest, _)| have.challenge >= latest)
        {
            remote.life.challenge = Some((have.challenge, clock));
        }
        let Some(echo) = &have.echo else { return };
        let sent = self.challenges.sent_at(echo.challenge);
        let is_ours = |sent: &u64| own.0.starts_with(&echo.boot) && *sent <= clock;
        let Some(sent) = sent.filter(is_ours) else {
            return;
        };
        let round_trip = (clock - sent).saturating_sub(echo.lay);
        let is_common = challenges::is_common(echo.challenge);
        let echoed = Echoed {
            number: echo.challenge,
            sent,
            route,
            round_trip,
        };
        remote.ways.echoed(echoed, &self.cadences);
        if remote.life.alive_as_of.is_none_or(|alive| sent > alive) {
            remote.life.alive_as_of = Some(sent);
            remote.life.offset = Some(certain_offset(have.wall, now.wall, round_trip));
            if is_common {
                remote.round_trip.measured(round_trip);
            }
        }
        if remote.ways.best().is_some() && core::mem::take(&mut remote.is_held_back) {
            remote.outbox.all_due(clock);
        }
        // A question about a way tells of no chain.
        if is_common {
            remote.told_until(sent);
        }
        if remote
            .rings
            .as_ref()
            .is_none_or(|(latest, _)| sent >= *latest)
        {
            remote.rings = Some((sent, have.rings.clone()));
        }
        self.hear_rings(at, now);
        self.compare_lives(at);
    }

    /// Asks and answers what is due about the ways beside the one in use.
    pub(crate) fn say_asides(&mut self, at: usize, now: Moment) {
        let clock = now.monotonic;
        let asides = self.remotes[at].ways.asides(clock, &self.cadences);
        for aside in asides {
            let remote = &self.remotes[at];
            let lane = Lane::Aside(remote.ways.number(aside.route));
            let number = self.challenges.at(clock, lane);
            let rings = self.rings.open();
            let have = Have {
                rings,
                ..remote.aside(&self.log, number, now, &aside)
            };
            let Aside { route, asks, .. } = aside;
            let frame = self.send_one(at, route, &Body::Have(have).to_bytes(), Haste::Life);
            let challenge = Challenge {
                number,
                route,
                frame,
            };
            self.remotes[at].ways.said_aside(challenge, asks);
        }
    }
}

/// Their clock less ours, as much of it as is certain: they read theirs at some moment of the round trip that ends now.
fn certain_offset(theirs: u64, ours: u64, round_trip: u64) -> i64 {
    let least = theirs as i64 - ours as i64;
    let most = least.saturating_add_unsigned(round_trip);
    0.clamp(least, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OL-452
    #[test]
    fn a_frame_that_was_held_back_does_not_make_their_clock_wrong() {
        assert_eq!(certain_offset(100_000, 100_050, 100), 0);
        assert_eq!(certain_offset(100_000, 120_000, 20_000), 0);
        assert_eq!(certain_offset(100_000, 186_400_100, 100), -186_300_000);
        assert_eq!(certain_offset(186_400_000, 100_050, 100), 186_299_950);
    }
}
