//! The bearer `serial`: a tty with a radio modem, a satellite handset or a cable behind it, and one peer at its other
//! end. It carries the same sealed frames as `udp` does, one after the other ([`framing`]).
//!
//! A tty may be unplugged at any time. Then the bearer says so once, what is sent is lost as on the way, and it looks for
//! the tty again once a second.

mod address;
pub mod framing;
mod outgoing;
mod tty;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use openline_wire::haste::Haste;
use openline_wire::limits;
use rustix::event::PollFlags;
use rustix::io::Errno;
use thiserror::Error;

use crate::bearer::Wait;
use crate::drops::{DropCounters, Drops};
use crate::paths::PathId;
use framing::{Damage, Deframer};
use outgoing::Next;
pub use outgoing::Outgoing;

pub use address::{RATES, SerialAddress, SerialAddressError};
pub use tty::Tty;

/// A tty has one other end.
const PATH: PathId = 1;

/// How often a tty that is gone is looked for: a person who plugs it in again looks at the screen.
const AGAIN: Duration = Duration::from_secs(1);

/// Bytes read at once: as many as the kernel holds for a tty.
const READ: usize = 4_096;

/// The station can't use this tty.
#[derive(Debug, Error)]
#[error("can't use {address}: {source}")]
pub struct TtyError {
    /// Which.
    pub address: SerialAddress,
    /// Why.
    pub source: io::Error,
}

/// What became of a tty since somebody asked last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is gone, and why.
    Gone(String),
    /// It is back.
    Back,
}

/// One tty, which never makes anybody wait.
#[derive(Debug)]
pub struct SerialBearer {
    address: SerialAddress,
    state: Mutex<State>,
    drops: DropCounters,
}

#[derive(Debug)]
struct State {
    tty: Plug,
    incoming: Deframer,
    outgoing: Outgoing,
    news: Option<Turn>,
}

#[derive(Debug)]
enum Plug {
    In(Arc<Tty>),
    Out { why: String, again: Instant },
}

impl SerialBearer {
    /// Opens a tty. One that is not there now may be misspelt, so this is an error, and later it is not.
    pub fn open(address: SerialAddress) -> Result<Self, TtyError> {
        match Tty::open(&address) {
            Ok(tty) => Ok(Self::new(address, Plug::In(Arc::new(tty)), None)),
            Err(source) => Err(TtyError { address, source }),
        }
    }

    /// One that is not there yet: it is looked for as one that was unplugged, and said to be gone.
    pub fn missing(error: TtyError) -> Self {
        let TtyError { address, source } = error;
        let (why, again) = (source.to_string(), Instant::now() + AGAIN);
        let news = Turn::Gone(why.clone());
        Self::new(address, Plug::Out { why, again }, Some(news))
    }

    fn new(address: SerialAddress, tty: Plug, news: Option<Turn>) -> Self {
        let state = State {
            tty,
            incoming: Deframer::default(),
            outgoing: Outgoing::new(address.rate(), Instant::now()),
            news,
        };
        Self {
            address,
            state: Mutex::new(state),
            drops: DropCounters::default(),
        }
    }

    /// Which tty.
    pub fn address(&self) -> &SerialAddress {
        &self.address
    }

    /// The path to its other end.
    pub fn path(&self) -> PathId {
        PATH
    }

    /// Hands the frames that have arrived to `take`, at most `most` of them. What is none is dropped before that.
    pub fn receive(&self, most: usize, mut take: impl FnMut(PathId, &[u8])) {
        let mut state = self.state();
        let state = &mut *state;
        let mut tell = |found: Result<&[u8], Damage>| match found {
            Ok(frame) => take(PATH, frame),
            Err(Damage::Size) => self.drops.count_size(),
            Err(Damage::Garbled) => self.drops.count_damaged(),
        };
        // In so many bytes no more frames can end: the first may have come but for its last.
        let budget = most.saturating_sub(1) * framing::SHORTEST_APART + most.min(1);
        let mut left = budget;
        let mut buffer = [0; READ];
        while let (Plug::In(tty), 1..) = (&state.tty, left) {
            let room = left.min(READ);
            match tty.read(&mut buffer[..room]) {
                Ok(length) => {
                    left -= length;
                    state.incoming.take(&buffer[..length], &mut tell);
                }
                Err(Errno::INTR) => {}
                // Who waits at a tty that is hung up does not sleep, even where reading says nothing of it.
                Err(Errno::AGAIN) if left < budget || !tty.is_hung_up() => return,
                Err(Errno::AGAIN) => self.unplugged(state, Errno::IO),
                Err(error) => self.unplugged(state, error),
            }
        }
    }

    /// Sends a frame as soon as the line can carry it, without waiting. One that would wait for too long is lost, as on
    /// the way.
    pub fn send(&self, path: PathId, frame: &[u8], haste: Haste) {
        let mut state = self.state();
        let now = Instant::now();
        let can_go = path == PATH && frame.len() <= limits::DATAGRAM && state.is_plugged_in();
        if !can_go {
            return self.drops.count_not_sent();
        }
        let pushed = state.outgoing.push(framing::encode(frame), haste, now);
        let lost = pushed.gave_way + usize::from(!pushed.is_taken);
        (0..lost).for_each(|_| self.drops.count_not_sent());
        self.write(&mut state, now);
    }

    /// Does what has become due: writes what waits, looks for a tty that is gone. Tells what became of it, once.
    pub fn tend(&self) -> Option<Turn> {
        let mut state = self.state();
        let now = Instant::now();
        if matches!(&state.tty, Plug::Out { again, .. } if *again <= now) {
            self.look_for(&mut state, now);
        }
        self.write(&mut state, now);
        state.news.take()
    }

    /// What there is to wait for.
    pub fn wait(&self) -> Wait<'_> {
        let state = self.state();
        match &state.tty {
            Plug::In(tty) => match state.outgoing.next() {
                None => Wait::at_tty(tty.clone(), PollFlags::IN, None),
                Some(Next::At(time)) => Wait::at_tty(tty.clone(), PollFlags::IN, Some(time)),
                Some(Next::Room) => Wait::at_tty(tty.clone(), PollFlags::IN | PollFlags::OUT, None),
            },
            Plug::Out { again, .. } => Wait::until(*again),
        }
    }

    /// Why it is gone; none if it is there.
    pub fn gone(&self) -> Option<String> {
        match &self.state().tty {
            Plug::In(_) => None,
            Plug::Out { why, .. } => Some(why.clone()),
        }
    }

    /// What was lost here.
    pub fn drops(&self) -> Drops {
        self.drops.read(0)
    }

    fn write(&self, state: &mut State, now: Instant) {
        while let (Plug::In(tty), Some(due)) = (&state.tty, state.outgoing.due(now)) {
            let length = due.len();
            match tty.write(due) {
                Ok(written) => {
                    state.outgoing.gave(written, now);
                    if written < length {
                        return;
                    }
                }
                Err(error) => self.unplugged(state, error),
            }
        }
    }

    fn unplugged(&self, state: &mut State, why: Errno) {
        let (now, why) = (Instant::now(), io::Error::from(why).to_string());
        state.news = Some(Turn::Gone(why.clone()));
        let again = now + AGAIN;
        state.tty = Plug::Out { why, again };
        state.incoming.restart();
        let lost = state.outgoing.clear(now);
        (0..lost).for_each(|_| self.drops.count_not_sent());
    }

    fn look_for(&self, state: &mut State, now: Instant) {
        match Tty::open(&self.address) {
            Ok(tty) => {
                state.tty = Plug::In(Arc::new(tty));
                state.news = Some(Turn::Back);
            }
            Err(error) => {
                let (why, again) = (error.to_string(), now + AGAIN);
                state.tty = Plug::Out { why, again };
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every statement leaves the state valid, so a panic elsewhere does not spoil it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_plugged_in(&self) -> bool {
        matches!(self.tty, Plug::In(_))
    }
}
