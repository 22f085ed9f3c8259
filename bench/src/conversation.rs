//! Sends texts one after the other and notes what becomes of each.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::openline_cli::Openline;
use crate::pair::Pair;
use crate::process::{Follow, Heard, News, Say};

/// The next text is sent when the one before is known to be stored, but no sooner than this after it: what is
/// measured is latency, not a queue.
pub const PACE: Duration = Duration::from_millis(300);
/// Copies and late acknowledgements are waited for so long at the end.
const AFTERMATH: Duration = Duration::from_secs(2);

/// What became of one text.
#[derive(Clone, Debug)]
pub struct Fate {
    /// When it was handed to `say`.
    pub sent: Instant,
    /// Each time that the receiver's program was given it: exactly once, if all is well.
    pub received: Vec<Instant>,
    /// When the sender's program was told that it is stored at the other side.
    pub known: Option<Instant>,
}

/// `say` at one side and `follow` at the other.
pub struct Conversation {
    say: Say,
    _follow: Follow,
    heard: Receiver<Heard>,
    numbers: BTreeMap<String, usize>,
    /// By number of the text.
    fates: Vec<Fate>,
}

impl Conversation {
    /// From the left side to the right one.
    ///
    /// # Errors
    /// As [`Self::between`].
    pub fn begin(pair: &Pair, flash: bool, patience: Duration) -> Result<Self> {
        let [left, right] = &pair.parties;
        Self::between(left, right, flash, patience)
    }

    /// Starts both programs and lets one text through that is not counted.
    ///
    /// # Errors
    /// It did not arrive.
    pub fn between(
        from: &Openline,
        to: &Openline,
        flash: bool,
        patience: Duration,
    ) -> Result<Self> {
        let (tell, heard) = channel();
        let follow = to.follow(tell.clone())?;
        // `follow` shows what comes after it is there, and does not say when that is.
        std::thread::sleep(Duration::from_millis(500));
        let say = from.say(flash, tell)?;
        Self::of(say, follow, heard, patience)
    }

    /// Of two programs that were started, once one text has come through that is not counted.
    ///
    /// # Errors
    /// It did not arrive.
    pub fn of(
        say: Say,
        follow: Follow,
        heard: Receiver<Heard>,
        patience: Duration,
    ) -> Result<Self> {
        let mut conversation = Self {
            say,
            _follow: follow,
            heard,
            numbers: BTreeMap::new(),
            fates: Vec::new(),
        };
        conversation.send("One, two, three: this is a test before the measurement.")?;
        conversation.listen(patience, |fates| fates.iter().all(Fate::is_complete))?;
        if !conversation.fates[0].is_complete() {
            bail!("the first text did not arrive within {patience:?}");
        }
        Ok(conversation)
    }

    /// When the text came that was let through first.
    #[must_use]
    pub fn first_came(&self) -> Option<Instant> {
        self.fates.first()?.received.first().copied()
    }

    /// Sends the texts at [`PACE`]; `between` is called half-way to the next, if the text is known by then.
    ///
    /// # Errors
    /// A program ended or a text was refused. Texts that do not arrive are no error.
    pub fn one_by_one(
        &mut self,
        texts: &[&str],
        patience: Duration,
        mut between: impl FnMut() -> Result<()>,
    ) -> Result<Vec<Fate>> {
        let first = self.fates.len();
        for text in texts {
            let sent = self.send(text)?;
            self.listen(patience, |fates| fates.last().is_none_or(Fate::is_complete))?;
            self.rest(sent + PACE / 2)?;
            between()?;
            self.rest(sent + PACE)?;
        }
        self.end(first, patience)
    }

    /// Sends one text after each `interval`, whatever becomes of those before; `at_each` is called with the number of
    /// the text that comes next.
    ///
    /// # Errors
    /// As [`Self::one_by_one`].
    pub fn at_intervals(
        &mut self,
        texts: &[&str],
        interval: Duration,
        patience: Duration,
        mut at_each: impl FnMut(usize) -> Result<()>,
    ) -> Result<Vec<Fate>> {
        let first = self.fates.len();
        let begin = Instant::now();
        for (number, text) in (0..).zip(texts) {
            let due = begin + interval * number;
            self.listen(due.saturating_duration_since(Instant::now()), |_| false)?;
            at_each(number as usize)?;
            self.send(text)?;
        }
        self.end(first, patience)
    }

    fn rest(&mut self, until: Instant) -> Result<()> {
        self.listen(until.saturating_duration_since(Instant::now()), |_| false)
    }

    fn end(&mut self, first: usize, patience: Duration) -> Result<Vec<Fate>> {
        self.listen(patience, |fates| fates.iter().all(Fate::is_complete))?;
        self.listen(AFTERMATH, |_| false)?;
        Ok(self.fates[first..].to_vec())
    }

    fn send(&mut self, text: &str) -> Result<Instant> {
        if self
            .numbers
            .insert(text.to_owned(), self.fates.len())
            .is_some()
        {
            bail!("the same text twice cannot be told apart: {text}");
        }
        let sent = Instant::now();
        self.fates.push(Fate {
            sent,
            received: Vec::new(),
            known: None,
        });
        self.say.text(text)?;
        Ok(sent)
    }

    /// Notes what is heard until `enough`, or for so long.
    fn listen(&mut self, patience: Duration, enough: fn(&[Fate]) -> bool) -> Result<()> {
        let deadline = Instant::now() + patience;
        while !enough(&self.fates) {
            match self
                .heard
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(heard) => self.note(heard)?,
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => bail!("say and follow have ended"),
            }
        }
        Ok(())
    }

    fn note(&mut self, Heard { at, news }: Heard) -> Result<()> {
        match news {
            News::Known(number) => {
                if let Some(fate) = self.fates.get_mut(number) {
                    fate.known.get_or_insert(at);
                }
            }
            News::Received(text) => {
                if let Some(&number) = self.numbers.get(&text) {
                    self.fates[number].received.push(at);
                }
            }
            News::Rung | News::Rang => {}
            News::Refused(why) => bail!("a text was refused: {why}"),
            News::Unreadable(why) => bail!("docs/json.md and openline_cli.rs differ: {why}"),
        }
        Ok(())
    }
}

impl Fate {
    fn is_complete(&self) -> bool {
        self.known.is_some() && !self.received.is_empty()
    }

    /// From the sender's hand to the receiver's program.
    #[must_use]
    pub fn until_received(&self) -> Option<Duration> {
        Some(self.received.first()?.duration_since(self.sent))
    }

    /// From the sender's hand until he knows.
    #[must_use]
    pub fn until_known(&self) -> Option<Duration> {
        Some(self.known?.duration_since(self.sent))
    }
}
