//! Lamps, horns and pagers: a program that is run, or an address that is posted to, each time an alarm changes.
//!
//! Each has a thread of its own that makes one call at a time, in the order of the changes, so that no lamp shows the earlier of
//! two states; and the core's thread only leaves word for it. A call that fails is not made again: what failed is in the log and in
//! `status`, and the next change is a new call.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use openline_proto::alarm::book::Alarm;
use openline_proto::alarm::cause::Key;
use openline_proto::alarm::machine::State;
use openline_wire::ids::LineId;

use super::alarm_post::Post;
use super::alarm_program::Program;
use super::board::Board;
use super::clock::wall;
use super::peers::LineInfo;
use super::trouble::Trouble;
use crate::api::view;

/// How it went with a program or an address that is told of alarms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookState {
    /// `run` or `post`.
    pub way: &'static str,
    /// The program, or the address.
    pub target: String,
    /// Calls since the start.
    pub calls: u64,
    /// Those that failed.
    pub failures: u64,
    /// Why the last one failed and when; none if it did not.
    pub trouble: Option<(u64, Trouble)>,
}

/// How long one call may take: a horn that is not on by then is out of order, and the next call waits.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Calls that may begin within a minute: nobody follows more, and a cause that comes and goes must not start programs without end.
const A_MINUTE: usize = 60;

/// Calls that wait before earlier ones about the same alarm give way: all causes on both sides of three lines.
const WAITING: usize = 64;

/// The runtime of a post has its own stack beside its heap.
const STACK: usize = 512 * 1024;

/// What is called.
#[derive(Clone, Debug, Default)]
pub struct HookOptions {
    /// A program.
    pub run: Option<PathBuf>,
    /// An address, `http://host:port/path`.
    pub post: Option<String>,
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Which alarm.
    alarm: (LineId, Key),
    /// How it stands.
    pub state: State,
    /// The alarm as the API shows it.
    pub json: Vec<u8>,
}

impl Call {
    /// What for.
    pub fn cause(&self) -> &'static str {
        self.alarm.1.cause.word()
    }
}

/// All that are called.
#[derive(Debug, Default)]
pub struct AlarmHooks {
    ways: Vec<Arc<Way>>,
    /// In which language parties are named.
    language: String,
    /// What was told last of each: a new boot tells anew of all that stand.
    told: BTreeMap<(LineId, Key), State>,
}

#[derive(Debug)]
struct Way {
    /// Its place on the board.
    number: usize,
    means: Means,
    waiting: Mutex<Waiting>,
    bell: Condvar,
}

#[derive(Debug)]
enum Means {
    Run(Program),
    Post(Post),
}

impl AlarmHooks {
    /// Finds what is to be called, and has a thread wait for calls to each. What can't be called is told now, and not when it is
    /// needed.
    pub fn start(
        options: &HookOptions,
        language: &str,
        board: &Arc<Board>,
    ) -> Result<Self, Trouble> {
        let run = options.run.as_deref().map(Program::find).transpose()?;
        let post = options.post.as_deref().map(Post::to).transpose()?;
        let means = run.map(Means::Run).into_iter();
        let means = means.chain(post.map(Means::Post));
        let ways: Vec<Arc<Way>> = means.enumerate().map(Way::new).map(Arc::new).collect();
        let states = ways.iter().map(|way| way.means.state()).collect();
        board.update(|state| state.alarm_hooks = states);
        for way in &ways {
            let no_thread = |error| Trouble::new("no-thread").with("why", error);
            way.clone().begin(board.clone()).map_err(no_thread)?;
        }
        Ok(Self {
            ways,
            language: language.to_owned(),
            told: BTreeMap::new(),
        })
    }

    /// An alarm stands so now.
    pub fn tell(&mut self, info: &LineInfo, alarm: &Alarm) {
        let key = (info.line, alarm.key);
        let before = self.told.insert(key, alarm.state);
        if self.ways.is_empty() || before.unwrap_or(State::Quiet) == alarm.state {
            return;
        }
        let shown = view(info, &self.language).alarm(alarm);
        let call = Call {
            alarm: key,
            state: alarm.state,
            // Strings and numbers: this can't fail.
            json: crate::json::to_vec(&shown).unwrap_or_default(),
        };
        for way in &self.ways {
            way.waiting().push(call.clone());
            way.bell.notify_one();
        }
    }
}

impl Means {
    fn state(&self) -> HookState {
        let (way, target) = match self {
            Self::Run(program) => ("run", program.name()),
            Self::Post(post) => ("post", post.name()),
        };
        HookState {
            way,
            target,
            calls: 0,
            failures: 0,
            trouble: None,
        }
    }

    fn call(&self, call: &Call) -> Result<(), Trouble> {
        match self {
            Self::Run(program) => program.call(call),
            Self::Post(post) => post.call(call),
        }
    }
}

impl Way {
    fn new((number, means): (usize, Means)) -> Self {
        Self {
            number,
            means,
            waiting: Mutex::default(),
            bell: Condvar::new(),
        }
    }

    fn begin(self: Arc<Self>, board: Arc<Board>) -> io::Result<()> {
        let thread = thread::Builder::new().name("alarms".to_owned());
        let work = move || self.work(&board);
        thread.stack_size(STACK).spawn(work).map(drop)
    }

    fn work(&self, board: &Board) {
        let mut pace = Pace::default();
        loop {
            let call = self.next();
            thread::sleep(pace.wait(Instant::now()));
            let failed = self.means.call(&call).err();
            if let Some(trouble) = &failed {
                tracing::error!(code = trouble.code, "an alarm was not told on");
            }
            board.update(|state| {
                if let Some(hook) = state.alarm_hooks.get_mut(self.number) {
                    hook.calls += 1;
                    hook.failures += u64::from(failed.is_some());
                    hook.trouble = failed.map(|trouble| (wall(), trouble));
                }
            });
        }
    }

    fn next(&self) -> Call {
        let mut waiting = self.waiting();
        loop {
            if let Some(call) = waiting.0.pop_front() {
                return call;
            }
            let woken = self.bell.wait(waiting);
            waiting = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Each change of it is one call of a deque's.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Calls that wait, the oldest first.
#[derive(Debug, Default)]
struct Waiting(VecDeque<Call>);

impl Waiting {
    /// Where too many wait, only the last about each alarm counts: of these there are few.
    fn push(&mut self, call: Call) {
        if self.0.len() >= WAITING {
            self.0.retain(|earlier| earlier.alarm != call.alarm);
        }
        self.0.push_back(call);
    }
}

/// When calls began.
#[derive(Debug, Default)]
struct Pace(VecDeque<Instant>);

impl Pace {
    /// How long the next call has to wait. It counts as begun then.
    fn wait(&mut self, now: Instant) -> Duration {
        const MINUTE: Duration = Duration::from_secs(60);
        let full = self.0.len() == A_MINUTE;
        let oldest = self.0.pop_front_if(|_| full);
        let wait = oldest.map(|oldest| (oldest + MINUTE).saturating_duration_since(now));
        let wait = wait.unwrap_or_default();
        self.0.push_back(now + wait);
        wait
    }
}

#[cfg(test)]
mod tests {
    use openline_proto::alarm::cause::Cause;
    use openline_wire::ids::PartyId;

    use super::*;

    fn call(line: u8, state: State) -> Call {
        let key = Key {
            cause: Cause::NoSignOfLife,
            party: PartyId([1; 32]),
        };
        Call {
            alarm: (LineId([line; 32]), key),
            state,
            json: Vec::new(),
        }
    }

    #[test]
    fn every_change_is_told_in_order_unless_far_too_many_wait() {
        let mut waiting = Waiting::default();
        for _ in 0..WAITING / 2 {
            waiting.push(call(1, State::Raised));
            waiting.push(call(1, State::Cleared));
        }
        assert_eq!(waiting.0.len(), WAITING);
        waiting.push(call(2, State::Raised));
        assert_eq!(waiting.0.len(), WAITING + 1);
        waiting.push(call(1, State::Acknowledged));
        let left: Vec<Call> = waiting.0.into();
        assert_eq!(left, [call(2, State::Raised), call(1, State::Acknowledged)]);
    }

    #[test]
    fn an_alarm_that_comes_and_goes_starts_no_more_than_sixty_programs_a_minute() {
        let (mut pace, began) = (Pace::default(), Instant::now());
        let mut now = began;
        for _ in 0..A_MINUTE {
            assert_eq!(pace.wait(now), Duration::ZERO);
        }
        for minute in 1..4 {
            for _ in 0..A_MINUTE {
                now += pace.wait(now);
                assert_eq!(now - began, Duration::from_secs(60 * minute));
            }
        }
        assert_eq!(pace.wait(now + Duration::from_secs(61)), Duration::ZERO);
    }
}
