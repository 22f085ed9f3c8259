//! What is known of one way.

use std::collections::VecDeque;

use super::Challenge;
use super::asking::Asking;
use super::visiting::Visits;
use crate::contract::Route;
use crate::loss::LossMeter;

#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) route: Route,
    pub(super) hinted: bool,
    /// The peer itself named it, on the line: nobody of ours vouches that it is no third party's.
    pub(super) is_announced: bool,
    /// When it answered last in an earlier boot of ours, by our wall clock.
    pub(super) answered_before: Option<u64>,
    /// The latest challenge that came back on it.
    pub(super) answered: Option<u64>,
    /// When an authentic frame came on it last.
    pub(super) heard: Option<u64>,
    pub(super) credit: u32,
    pub(super) asking: Asking,
    /// Challenges of what was said about this way alone, and whether that was a question.
    pub(super) asides: VecDeque<(Challenge, bool)>,
    /// Challenges of copies: they must not push the questions out.
    pub(super) copies: VecDeque<Challenge>,
    /// Their latest challenge that came on it, and when.
    pub(super) theirs: Option<(u64, u64)>,
    /// They asked about this way, and have no answer yet.
    pub(super) is_owed: bool,
    pub(super) loss: LossMeter,
    pub(super) visits: Visits,
}

impl Way {
    pub(super) fn new(route: Route) -> Self {
        Self {
            route,
            hinted: false,
            is_announced: false,
            answered_before: None,
            answered: None,
            heard: None,
            credit: 0,
            asking: Asking::default(),
            asides: VecDeque::new(),
            copies: VecDeque::new(),
            theirs: None,
            is_owed: false,
            loss: LossMeter::default(),
            visits: Visits::default(),
        }
    }

    pub(super) fn is_trusted(&self) -> bool {
        self.hinted || self.answered.is_some()
    }

    /// Whether it may be a third party's as far as we know: the peer named it, and never answered there. That something came from there
    /// shows nothing: who sends it may write any sender's address on it.
    pub(super) fn is_only_announced(&self) -> bool {
        let answered = self.answered.or(self.answered_before);
        self.is_announced && answered.is_none()
    }
}

/// Keeps the latest.
pub(super) fn keep<T>(kept: &mut VecDeque<T>, challenge: T, most: usize) {
    if kept.len() == most {
        kept.pop_front();
    }
    kept.push_back(challenge);
}
