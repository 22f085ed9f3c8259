//! What waits for the core's thread besides frames: bounded, and the urgent first.
//!
//! Commands come from our own people, so they wait when there is no room ([`Inbox::send_command`]); those that are
//! urgent have room and a queue of their own, so that no flood of ROUTINE delays a FLASH.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use openline_proto::contract::{Command, Input, Route};
use openline_wire::header::Actor;
use openline_wire::ids::LineId;
use rustix::event::{EventfdFlags, eventfd};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::courier::CourierOrder;

/// Commands that wait, of each urgency: two full batches.
pub const COMMANDS: usize = 512;

/// Inputs that the core takes at once: enough to share one fsync, few enough that a FLASH behind them waits
/// some milliseconds.
pub const BATCH: usize = 256;

/// Frames that the core takes at once where it has several lines: what comes on one of them while these are worked on waits for
/// few milliseconds, even if each is full of entries. Four full ones, 64 entries to be checked, take about as long as a durable write.
pub const BATCH_OF_MANY: usize = 2;

/// What the core's thread finds in its inbox.
#[derive(Debug)]
pub enum Arrival {
    /// For the core.
    Input(Input),
    /// For the driver.
    Order(Order),
}

/// What the rest of the station wants of the driver.
#[derive(Debug)]
pub enum Order {
    /// Take up lines that were opened since the start.
    Reload {
        /// Answered when the lines are taken up.
        ticket: u64,
    },
    /// Something is to be carried by hand, or was.
    Courier(CourierOrder),
    /// The machine was copied: begin a new boot (rule 4).
    EndBoot,
    /// Stop.
    Stop,
}

/// A command of the control API.
#[derive(Debug)]
pub struct Request {
    /// Returned in the answer.
    pub ticket: u64,
    /// The line.
    pub line: LineId,
    /// Who acts.
    pub actor: Actor,
    /// What he wants.
    pub command: Command,
}

/// The queues.
#[derive(Debug)]
pub struct Inbox {
    queues: Mutex<Queues>,
    /// Readable when something was put into empty queues (eventfd(2)).
    bell: OwnedFd,
    urgent_room: Arc<Semaphore>,
    other_room: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct Queues {
    orders: VecDeque<Order>,
    urgent: VecDeque<(Request, OwnedSemaphorePermit)>,
    hints: VecDeque<Input>,
    others: VecDeque<(Request, OwnedSemaphorePermit)>,
}

impl Inbox {
    /// Empty.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            queues: Mutex::default(),
            bell: eventfd(0, EventfdFlags::NONBLOCK | EventfdFlags::CLOEXEC)?,
            urgent_room: Arc::new(Semaphore::new(COMMANDS)),
            other_room: Arc::new(Semaphore::new(COMMANDS)),
        })
    }

    /// Takes a command, when there is room.
    pub async fn send_command(&self, request: Request) {
        let is_urgent = is_urgent(&request.command);
        let room = if is_urgent {
            &self.urgent_room
        } else {
            &self.other_room
        };
        let permit = room.clone().acquire_owned().await;
        let permit = permit.expect("the semaphores are never closed");
        self.put(|queues| {
            let queue = if is_urgent {
                &mut queues.urgent
            } else {
                &mut queues.others
            };
            queue.push_back((request, permit));
        });
    }

    /// Takes the way to a peer. There are as many as configured addresses.
    pub fn send_hint(&self, line: LineId, route: Route, answered: Option<u64>) {
        let hint = Input::Hint {
            line,
            route,
            answered,
        };
        self.put(|queues| queues.hints.push_back(hint));
    }

    /// Takes what is so about ways and bearers. There are as many as configured addresses and announced lists.
    pub fn send_fact(&self, fact: Input) {
        self.put(|queues| queues.hints.push_back(fact));
    }

    /// Takes an order. Whoever gives one gives few.
    pub fn send_order(&self, order: Order) {
        self.put(|queues| queues.orders.push_back(order));
    }

    /// What waits, the most urgent first, with the frames that have come in their place among it.
    pub fn take(&self, frames: Vec<Input>) -> Vec<Arrival> {
        self.queues().take(frames)
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.queues().is_empty()
    }

    /// What becomes readable when something is put into empty queues.
    pub fn bell(&self) -> BorrowedFd<'_> {
        self.bell.as_fd()
    }

    /// The bell was heard.
    pub fn hush(&self) {
        // An error says that it does not ring.
        let _ = rustix::io::read(&self.bell, &mut [0; 8]);
    }

    fn put(&self, put: impl FnOnce(&mut Queues)) {
        let mut queues = self.queues();
        let was_empty = queues.is_empty();
        put(&mut queues);
        if was_empty {
            // It fails only where it rings already, very often (eventfd(2)).
            let _ = rustix::io::write(&self.bell, &1u64.to_ne_bytes());
        }
    }

    fn queues(&self) -> MutexGuard<'_, Queues> {
        // Every statement leaves the queues valid, so a panic elsewhere does not spoil them.
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queues {
    fn is_empty(&self) -> bool {
        self.orders.is_empty()
            && self.urgent.is_empty()
            && self.hints.is_empty()
            && self.others.is_empty()
    }

    fn take(&mut self, frames: Vec<Input>) -> Vec<Arrival> {
        let mut taken: Vec<Arrival> = self.orders.drain(..).map(Arrival::Order).collect();
        take_commands(&mut taken, &mut self.urgent);
        taken.extend(take_some(&mut self.hints).map(Arrival::Input));
        taken.extend(frames.into_iter().map(Arrival::Input));
        take_commands(&mut taken, &mut self.others);
        taken
    }
}

fn take_some<T>(queue: &mut VecDeque<T>) -> impl Iterator<Item = T> {
    queue.drain(..queue.len().min(BATCH))
}

fn take_commands(taken: &mut Vec<Arrival>, queue: &mut VecDeque<(Request, OwnedSemaphorePermit)>) {
    let inputs = take_some(queue).map(|(request, _room)| Arrival::Input(request.into()));
    taken.extend(inputs);
}

impl From<Request> for Input {
    fn from(request: Request) -> Self {
        Self::Command {
            ticket: request.ticket,
            line: request.line,
            actor: request.actor,
            command: request.command,
        }
    }
}

/// Whether a command must not wait behind others.
fn is_urgent(command: &Command) -> bool {
    match command {
        Command::Say { precedence, .. } => precedence.is_urgent(),
        Command::Receipt { urgent, .. } => *urgent,
        Command::AnnounceSilence { .. }
        | Command::NewGeneration
        | Command::Ring { .. }
        | Command::AnswerRing { .. }
        | Command::WithdrawRing { .. }
        | Command::Contact { .. }
        | Command::Watch { .. }
        | Command::Suspend { .. }
        | Command::Resume
        | Command::Exercise { .. }
        | Command::ReachableAt(_)
        | Command::Alarm(_) => true,
        Command::Note { .. }
        | Command::RemoveFile { .. }
        | Command::TestNow
        | Command::TestRead(_)
        | Command::Roster(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use openline_wire::codes::{Mark, Precedence};

    use super::*;

    fn say(ticket: u64, precedence: Precedence) -> Request {
        Request {
            ticket,
            line: LineId([1; 32]),
            actor: Actor::station(),
            command: Command::Say {
                language: "en".to_owned(),
                text: "text".to_owned(),
                precedence,
                mark: Mark::Test,
                reply_to: None,
                files: Vec::new(),
            },
        }
    }

    fn tickets(arrivals: Vec<Arrival>) -> Vec<u64> {
        let ticket = |arrival| match arrival {
            Arrival::Input(Input::Command { ticket, .. }) => Some(ticket),
            _ => None,
        };
        arrivals.into_iter().filter_map(ticket).collect()
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_flash_goes_before_the_routine_that_waits() {
        let inbox = Inbox::new().expect("a descriptor");
        inbox.send_command(say(1, Precedence::Routine)).await;
        inbox.send_command(say(2, Precedence::Flash)).await;
        assert_eq!(tickets(inbox.take(Vec::new())), [2, 1]);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_full_queue_of_routine_leaves_room_for_a_flash() {
        let inbox = Inbox::new().expect("a descriptor");
        for ticket in 0..COMMANDS as u64 {
            inbox.send_command(say(ticket, Precedence::Routine)).await;
        }
        let one_more = inbox.send_command(say(998, Precedence::Routine));
        let wait = Duration::from_millis(10);
        assert!(tokio::time::timeout(wait, one_more).await.is_err());
        inbox.send_command(say(999, Precedence::Flash)).await;
        assert_eq!(tickets(inbox.take(Vec::new()))[0], 999);
    }
}
