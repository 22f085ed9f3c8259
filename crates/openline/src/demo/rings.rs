//! The demo's act of rings: accepted, declined with a time to call back, both at once, and nobody comes.

use std::time::Instant;

use super::party::Party;
use super::screen::Side;
use super::talk::ring_where;
use super::{Story, require};
use crate::api::types::{NewAnswer, NewRing, Ring};
use crate::cli::failure::Failure;
use crate::cli::time::time_of_day;

/// Who answers in Moscow; the demo plays him.
pub(super) const CHIEF: &str = "Gen. Petrov";

/// Who answers in Washington; likewise.
pub(super) const AIDE: &str = "Col. Miller";

/// Time enough for an answer; in the story it comes at once.
const LONG: u64 = 60_000;

/// The shortest that may ring, so that nobody waits long for nobody.
const SHORT: u64 = 5_000;

/// How often both ring until they do so at one moment.
const TRIES: u32 = 8;

/// What Washington wants to speak about.
const AGENDA: &str = "Two aircraft met over the strait. Let us speak.";

impl Story<'_> {
    /// Washington rings, and Moscow comes; Moscow rings, and Washington puts it off; both ring; nobody comes.
    pub(super) async fn rings(&mut self) -> Result<(), Failure> {
        self.screen.step("ring", "demo-ring").await?;
        let began = Instant::now();
        self.screen
            .terminal(Side::Left, &format!("RING  {AGENDA}"))?;
        let id = ring(&self.washington, LONG, AGENDA).await?;
        let ringing = ring_where(&self.washington, &id, |it| it.ringing.is_some()).await?;
        let signed = ringing.ringing.as_ref().map_or(0, |said| said.their_ms);
        let blanks = [
            ("ms", ms(began).into()),
            ("when", time_of_day(signed).into()),
        ];
        self.screen.claim("demo-ring-rings", &blanks)?;
        answer(&self.moscow, &id, "accept", None).await?;
        let accepted = ring_where(&self.washington, &id, |it| it.state == "accepted").await?;
        require(answered_by(&accepted) == CHIEF, "accepted")?;
        require(
            ring_where(&self.moscow, &id, |it| it.is_final).await?.state == "accepted",
            "accepted",
        )?;
        self.screen
            .claim("demo-ring-accepted", &[("ms", ms(began).into())])?;
        self.contact(&id).await?;
        self.declined().await?;
        self.both_at_once().await?;
        self.unanswered().await
    }

    async fn declined(&mut self) -> Result<(), Failure> {
        let id = ring(&self.moscow, LONG, "").await?;
        ring_where(&self.washington, &id, |it| it.rings_here).await?;
        let in_an_hour = crate::cli::time::now_ms() + 3_600_000;
        answer(&self.washington, &id, "later", Some(in_an_hour)).await?;
        let later = ring_where(&self.moscow, &id, |it| it.state == "later").await?;
        let call_back = later.answer.as_ref().and_then(|answer| answer.call_back_ms);
        require(call_back == Some(in_an_hour), "later")?;
        self.screen.claim(
            "demo-ring-later",
            &[("when", time_of_day(in_an_hour).into())],
        )
    }

    /// Each rings before it has heard of the other's ring. Where the machine was too slow for that, once more.
    async fn both_at_once(&mut self) -> Result<(), Failure> {
        for _ in 0..TRIES {
            if self.rings_cross().await? {
                return self.screen.claim("demo-ring-merged", &[]);
            }
        }
        require(false, "merged")
    }

    async fn rings_cross(&self) -> Result<bool, Failure> {
        let (washington, moscow) = (&self.washington, &self.moscow);
        let both = tokio::join!(ring(washington, LONG, ""), ring(moscow, LONG, ""));
        let (one, other) = match both {
            (Ok(one), Ok(other)) => (one, other),
            (Ok(one), Err(_)) => return decline(moscow, &one).await,
            (Err(_), Ok(other)) => return decline(washington, &other).await,
            (Err(error), Err(_)) => return Err(error),
        };
        let is_over = |it: &Ring| it.outcome.is_some() || it.ringing.is_some();
        let ours = ring_where(washington, &one, is_over).await?;
        let theirs = ring_where(moscow, &other, is_over).await?;
        match (ours.state.as_str(), theirs.state.as_str()) {
            ("accepted", "merged") | ("merged", "accepted") => Ok(true),
            _ => {
                let ended = |it: &Ring| it.outcome.is_some();
                decline(moscow, &one).await?;
                decline(washington, &other).await?;
                ring_where(washington, &one, ended).await?;
                ring_where(moscow, &other, ended).await.map(|_| false)
            }
        }
    }

    async fn unanswered(&mut self) -> Result<(), Failure> {
        let id = ring(&self.washington, SHORT, "").await?;
        let over = ring_where(&self.washington, &id, |it| it.outcome.is_some()).await?;
        require(
            over.state == "unanswered" && over.ringing.is_some(),
            "unanswered",
        )?;
        self.screen.claim("demo-ring-unanswered", &[])
    }

    /// Nobody is there: what the record says then is another thing.
    pub(super) async fn unreachable(&mut self) -> Result<(), Failure> {
        let id = ring(&self.washington, SHORT, "").await?;
        let over = ring_where(&self.washington, &id, |it| it.outcome.is_some()).await?;
        require(
            over.state == "unreachable" && over.ringing.is_none(),
            "unreachable",
        )?;
        self.screen.claim("demo-ring-unreachable", &[])
    }
}

/// Ends a ring that rings at a party, if it does. Never a crossing.
async fn decline(party: &Party, ring: &str) -> Result<bool, Failure> {
    ring_where(party, ring, |it| it.rings_here || it.outcome.is_some()).await?;
    match answer(party, ring, "decline", None).await {
        Ok(()) => ring_where(party, ring, |it| it.outcome.is_some())
            .await
            .map(|_| false),
        // It was over.
        Err(_) => Ok(false),
    }
}

async fn ring(party: &Party, for_ms: u64, text: &str) -> Result<String, Failure> {
    let ring = NewRing {
        to: "head".to_owned(),
        for_ms: Some(for_ms),
        text: text.to_owned(),
        ..NewRing::default()
    };
    Ok(party
        .client()
        .ring("-", &ring)
        .await?
        .entry
        .unwrap_or_default())
}

async fn answer(
    party: &Party,
    ring: &str,
    word: &str,
    call_back_ms: Option<u64>,
) -> Result<(), Failure> {
    let answer = NewAnswer {
        answer: word.to_owned(),
        call_back_ms,
        ..NewAnswer::default()
    };
    let name = if word == "accept" { CHIEF } else { AIDE };
    let client = party.client().as_actor(name);
    client.answer_ring("-", ring, &answer).await?;
    Ok(())
}

fn answered_by(ring: &Ring) -> &str {
    let answer = ring.answer.as_ref();
    answer.map_or("", |answer| &answer.said.actor.name)
}

fn ms(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
