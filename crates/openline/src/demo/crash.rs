//! The demo's third act: Moscow's station is killed, nobody pretends to know why it is silent, and nothing is
//! lost.

use std::time::{Duration, Instant};

use super::flash::flash;
use super::screen::Side;
use super::talk::{held, line_where, send, until};
use super::{Story, require};
use crate::api::types::Entry;
use crate::cli::failure::Failure;
use crate::cli::status::since_ms;
use crate::cli::time::time_of_day;

/// What Washington says into the silence.
const SECOND: &str =
    "The rocket has come down in the sea. No warhead, no alert here. Please confirm.";

/// How long a text must be seen to wait before it is said that it waits.
const QUEUED: Duration = Duration::from_millis(500);

impl Story<'_> {
    /// `kill -9`, silence, a second FLASH, and the return.
    pub(super) async fn crash_and_return(&mut self, first: &Entry) -> Result<(), Failure> {
        self.screen.step("crash", "demo-crash").await?;
        self.moscow.kill_station()?;
        require(self.moscow.client().status().await.is_err(), "killed")?;
        self.screen.claim("demo-crash-killed", &[])?;
        let line = line_where(&self.washington, |line| line.verdict == "no-sign-of-life").await?;
        let since = time_of_day(since_ms(&line));
        self.screen
            .claim("demo-crash-verdict", &[("since", since.into())])?;

        self.screen
            .terminal(Side::Left, &format!("FLASH  {SECOND}"))?;
        let mut sent = send(&self.washington, flash(SECOND)).await?;
        let id = sent.reaches("stored-here").await?.entry.unwrap_or_default();
        require(!sent.reaches_within("stored", QUEUED).await?, "queued")?;
        let line = line_where(&self.washington, |line| line.unconfirmed > 0).await?;
        self.screen
            .claim("demo-crash-queued", &[("count", line.unconfirmed.into())])?;

        self.unreachable().await?;

        self.screen.step("return", "demo-return").await?;
        let began = Instant::now();
        let pid = self.moscow.start_station()?;
        self.screen.claim(
            "demo-return-started",
            &[("pid", pid.into()), ("ms", ms(began).into())],
        )?;
        sent.reaches("stored").await?;
        self.screen
            .claim("demo-return-delivered", &[("ms", ms(began).into())])?;
        self.nothing_lost(first, &id).await
    }

    /// Both texts once on each side, and the same entries on both.
    async fn nothing_lost(&mut self, first: &Entry, second: &str) -> Result<(), Failure> {
        let (washington, moscow) = (&self.washington, &self.moscow);
        until(|| async { Ok(held(washington).await? == held(moscow).await?) }).await?;
        let entries = held(moscow).await?;
        let count = |wanted: &str| entries.iter().filter(|id| *id == wanted).count();
        require(count(&first.id) == 1 && count(second) == 1, "once")?;
        self.screen
            .claim("demo-return-once", &[("count", entries.len().into())])
    }
}

fn ms(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
