//! What waits for the core's thread: bounded, and the urgent first.
//!
//! Frames come from anybody, so their queue drops when it is full. Commands come from our own people, so they
//! wait instead ([`Inbox::send_command`]); those that are urgent have room and a queue of their own, so that no
//! flood of ROUTINE delays a FLASH.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use openline_proto::contract::{Command, Input, Route};
use openline_wire::header::Actor;
use openline_wire::ids::LineId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Frames that wait: what arrives in 0.4 s at 10,000 frames a second, while the core waits for the disk;
/// at most 5 MB.
pub const FRAMES: usize = 4_096;

/// Commands that wait, of each urgency: two full batches.
pub const COMMANDS: usize = 512;

/// Inputs that the core takes at once: enough to share one fsync, few enough that a FLASH behind them waits
/// some milliseconds.
const BATCH: usize = 256;

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
    bell: Condvar,
    urgent_room: Arc<Semaphore>,
    other_room: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct Queues {
    orders: VecDeque<Order>,
    urgent: VecDeque<(Request, OwnedSemaphorePermit)>,
    hints: VecDeque<Input>,
    frames: VecDeque<Input>,
    others: VecDeque<(Request, OwnedSemaphorePermit)>,
}

impl Inbox {
    /// Empty.
    pub fn new() -> Self {
        Self {
            queues: Mutex::default(),
            bell: Condvar::new(),
            urgent_room: Arc::new(Semaphore::new(COMMANDS)),
            other_room: Arc::new(Semaphore::new(COMMANDS)),
        }
    }

    /// Takes a frame if there is room.
    pub fn offer_frame(&self, route: Route, bytes: &[u8]) -> bool {
        let mut queues = self.queues();
        if queues.frames.len() >= FRAMES {
            return false;
        }
        let bytes = bytes.to_vec();
        queues.frames.push_back(Input::Frame { route, bytes });
        self.bell.notify_one();
        true
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
        let mut queues = self.queues();
        let queue = if is_urgent {
            &mut queues.urgent
        } else {
            &mut queues.others
        };
        queue.push_back((request, permit));
        self.bell.notify_one();
    }

    /// Takes the way to a peer. There are as many as configured addresses.
    pub fn send_hint(&self, line: LineId, route: Route) {
        self.queues().hints.push_back(Input::Hint { line, route });
        self.bell.notify_one();
    }

    /// Takes an order. Whoever gives one gives few.
    pub fn send_order(&self, order: Order) {
        self.queues().orders.push_back(order);
        self.bell.notify_one();
    }

    /// What waits, the most urgent first; waits itself for so long if there is nothing.
    pub fn take(&self, wait: Duration) -> Vec<Arrival> {
        let queues = self.queues();
        let (mut queues, _) = self
            .bell
            .wait_timeout_while(queues, wait, |queues| queues.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        queues.take()
    }

    fn queues(&self) -> MutexGuard<'_, Queues> {
        // Every statement leaves the queues valid, so a panic elsewhere does not spoil them.
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Inbox {
    fn default() -> Self {
        Self::new()
    }
}

impl Queues {
    fn is_empty(&self) -> bool {
        self.orders.is_empty()
            && self.urgent.is_empty()
            && self.hints.is_empty()
            && self.frames.is_empty()
            && self.others.is_empty()
    }

    fn take(&mut self) -> Vec<Arrival> {
        let mut taken: Vec<Arrival> = self.orders.drain(..).map(Arrival::Order).collect();
        take_commands(&mut taken, &mut self.urgent);
        taken.extend(take_some(&mut self.hints).map(Arrival::Input));
        taken.extend(take_some(&mut self.frames).map(Arrival::Input));
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
        Command::AnnounceSilence { .. } | Command::NewGeneration => true,
        Command::Note { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use openline_wire::codes::{Mark, Precedence};

    use super::*;

    const ROUTE: Route = Route { bearer: 0, path: 1 };

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
        let inbox = Inbox::new();
        inbox.send_command(say(1, Precedence::Routine)).await;
        inbox.send_command(say(2, Precedence::Flash)).await;
        assert_eq!(tickets(inbox.take(Duration::ZERO)), [2, 1]);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_full_queue_of_routine_leaves_room_for_a_flash() {
        let inbox = Inbox::new();
        for ticket in 0..COMMANDS as u64 {
            inbox.send_command(say(ticket, Precedence::Routine)).await;
        }
        let one_more = inbox.send_command(say(998, Precedence::Routine));
        let wait = Duration::from_millis(10);
        assert!(tokio::time::timeout(wait, one_more).await.is_err());
        inbox.send_command(say(999, Precedence::Flash)).await;
        assert_eq!(tickets(inbox.take(Duration::ZERO))[0], 999);
    }

    #[test]
    fn a_flood_of_frames_is_dropped_and_an_order_is_still_heard() {
        let inbox = Inbox::new();
        let taken = (0..2 * FRAMES).filter(|_| inbox.offer_frame(ROUTE, &[0; 40]));
        assert_eq!(taken.count(), FRAMES);
        inbox.send_order(Order::Stop);
        let first = inbox.take(Duration::ZERO).into_iter().next();
        assert!(matches!(first, Some(Arrival::Order(Order::Stop))));
    }
}
