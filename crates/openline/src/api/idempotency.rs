//! Remembers the answers to calls that carry an idempotency key, so that a caller who did not hear the answer
//! can ask again and nothing is sent twice. In memory: after a restart of the station a repeated call counts as
//! a new one.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use openline_wire::ids::LineId;
use tokio::sync::OnceCell;

use super::limits::IDEMPOTENCY_KEYS;
use super::problem::ApiError;
use super::types::Accepted;
use crate::station::trouble::Trouble;

type Key = (LineId, String);

/// What a call asked for, to be told from another one under the same key.
pub type Fingerprint = [u8; 32];

/// An answer, and what was asked.
type Answered = (Fingerprint, Accepted);

/// The answers, the oldest of which are forgotten.
#[derive(Default)]
pub struct Remembered(Mutex<Answers>);

#[derive(Default)]
struct Answers {
    by_key: BTreeMap<Key, Arc<OnceCell<Answered>>>,
    order: VecDeque<Key>,
}

impl Remembered {
    /// The answer that the key has, or else the one that `act` gives. Two calls at once act once. An error is
    /// not remembered: the call may be tried again. A call that asks for something else under a key that has its
    /// answer is refused: that answer would say of a text that was never stored that it was.
    pub async fn once(
        &self,
        line: LineId,
        key: String,
        asked: Fingerprint,
        act: impl Future<Output = Result<Accepted, ApiError>>,
    ) -> Result<Accepted, ApiError> {
        let cell = self.cell((line, key));
        let act = async { act.await.map(|accepted| (asked, accepted)) };
        match cell.get_or_try_init(|| act).await? {
            (first, accepted) if *first == asked => Ok(accepted.clone()),
            _ => {
                let trouble = Trouble::new("idempotency-key-taken");
                Err(ApiError::new(StatusCode::CONFLICT, trouble))
            }
        }
    }

    fn cell(&self, key: Key) -> Arc<OnceCell<Answered>> {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cell) = answers.by_key.get(&key) {
            return cell.clone();
        }
        if answers.order.len() >= IDEMPOTENCY_KEYS
            && let Some(oldest) = answers.order.pop_front()
        {
            answers.by_key.remove(&oldest);
        }
        answers.order.push_back(key.clone());
        answers.by_key.entry(key).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const LINE: LineId = LineId([1; 32]);
    const ONE: Fingerprint = [1; 32];

    #[tokio::test(flavor = "current_thread")]
    async fn another_text_under_the_same_key_is_not_answered_as_if_it_were_stored() {
        let remembered = Remembered::default();
        let accepted = Accepted {
            entry: Some("22".to_owned()),
            short: Some("M-22".to_owned()),
        };
        let once = |asked| {
            let accepted = accepted.clone();
            remembered.once(LINE, "a".to_owned(), asked, async { Ok(accepted) })
        };
        let (first, other) = tokio::join!(once(ONE), once([2; 32]));
        assert_eq!(first.expect("acted"), accepted);
        let other = other.expect_err("another text");
        assert_eq!(other.trouble().code, "idempotency-key-taken");
        assert_eq!(once(ONE).await.expect("remembered"), accepted);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_call_that_is_repeated_acts_once() {
        let (remembered, acted) = (Remembered::default(), AtomicU32::new(0));
        let act = || async {
            let entry = acted.fetch_add(1, Ordering::Relaxed).to_string();
            tokio::task::yield_now().await;
            Ok(Accepted {
                entry: Some(entry),
                short: None,
            })
        };
        let once = |key: &str| remembered.once(LINE, key.to_owned(), ONE, act());
        let (one, two) = tokio::join!(once("a"), once("a"));
        assert_eq!(one.expect("acted"), two.expect("remembered"));
        once("b").await.expect("another key");
        assert_eq!(acted.load(Ordering::Relaxed), 2);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_call_that_failed_may_be_tried_again() {
        let remembered = Remembered::default();
        let fail = async { Err(ApiError::bad_request("busy")) };
        assert!(
            remembered
                .once(LINE, "a".to_owned(), ONE, fail)
                .await
                .is_err()
        );
        let accepted = Accepted {
            entry: None,
            short: None,
        };
        let act = async { Ok(accepted.clone()) };
        let answer = remembered.once(LINE, "a".to_owned(), ONE, act).await;
        assert_eq!(answer.expect("acted"), accepted);
    }
}
