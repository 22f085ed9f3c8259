//! Remembers the answers to calls that carry an idempotency key, so that a caller who did not hear the answer
//! can ask again and nothing is sent twice. In memory: after a restart of the station a repeated call counts as
//! a new one.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use openline_wire::ids::LineId;
use tokio::sync::OnceCell;

use super::limits::IDEMPOTENCY_KEYS;
use super::problem::ApiError;
use super::types::Accepted;

type Key = (LineId, String);

/// The answers, the oldest of which are forgotten.
#[derive(Default)]
pub struct Remembered(Mutex<Answers>);

#[derive(Default)]
struct Answers {
    by_key: BTreeMap<Key, Arc<OnceCell<Accepted>>>,
    order: VecDeque<Key>,
}

impl Remembered {
    /// The answer that the key has, or else the one that `act` gives. Two calls at once act once. An error is
    /// not remembered: the call may be tried again.
    pub async fn once(
        &self,
        line: LineId,
        key: String,
        act: impl Future<Output = Result<Accepted, ApiError>>,
    ) -> Result<Accepted, ApiError> {
        let cell = self.cell((line, key));
        cell.get_or_try_init(|| act).await.cloned()
    }

    fn cell(&self, key: Key) -> Arc<OnceCell<Accepted>> {
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
        let once = |key: &str| remembered.once(LINE, key.to_owned(), act());
        let (one, two) = tokio::join!(once("a"), once("a"));
        assert_eq!(one.expect("acted"), two.expect("remembered"));
        once("b").await.expect("another key");
        assert_eq!(acted.load(Ordering::Relaxed), 2);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_call_that_failed_may_be_tried_again() {
        let remembered = Remembered::default();
        let fail = async { Err(ApiError::bad_request("busy")) };
        assert!(remembered.once(LINE, "a".to_owned(), fail).await.is_err());
        let accepted = Accepted {
            entry: None,
            short: None,
        };
        let act = async { Ok(accepted.clone()) };
        let answer = remembered.once(LINE, "a".to_owned(), act).await;
        assert_eq!(answer.expect("acted"), accepted);
    }
}
