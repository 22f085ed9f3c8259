//! `say --stdin --json`: one text a line in, one object for each step out, for programs.

use std::collections::BTreeSet;
use std::io::BufRead as _;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::Order;
use super::delivery::is_enough;
use crate::api::types::{MessageEvent, NewMessage};
use crate::client::{Client, Events, MessageSink};

/// Lines read ahead of the station: enough to keep it busy, few enough to stay small.
const READ_AHEAD: usize = 64;

/// Texts that were handed over and have not come as far as was asked for.
#[derive(Default)]
struct Open {
    sent: u64,
    reached: BTreeSet<u64>,
    refused: bool,
}

impl Open {
    fn take(&mut self, event: &MessageEvent, order: &Order) {
        if event.refused.is_some() {
            self.refused = true;
            self.reached.insert(event.index);
        } else if is_enough(&event.event, order.wait) {
            self.reached.insert(event.index);
        }
    }

    fn all_reached(&self) -> bool {
        self.reached.len() as u64 >= self.sent
    }
}

/// Sends each line and prints what happens, until the input ends and all texts are as far as was asked for.
pub async fn run(
    context: &Context<'_>,
    client: &Client,
    order: &Order,
    message: NewMessage,
) -> Result<(), Failure> {
    let (sink, mut events) = client.say_many(&order.line).await?;
    let mut open = Open::default();
    send_all(context, order, sink, &mut events, &message, &mut open).await?;
    let deadline = Instant::now() + order.timeout;
    while !open.all_reached() {
        tokio::select! {
            event = events.next() => take(context, order, event, &mut open)?,
            () = sleep_until(deadline) => return Err(too_late(&open)),
        }
    }
    match open.refused {
        true => Err(Failure::silent(Exit::Forbidden)),
        false => Ok(()),
    }
}

/// Sends while it listens: neither direction waits for the other.
async fn send_all(
    context: &Context<'_>,
    order: &Order,
    sink: MessageSink,
    events: &mut Events<MessageEvent>,
    message: &NewMessage,
    open: &mut Open,
) -> Result<(), Failure> {
    let mut lines = read_lines();
    loop {
        tokio::select! {
            line = lines.recv() => match line {
                None => return Ok(()),
                Some(line) => {
                    let text = line.map_err(|error| Failure::file("standard input", &error))?;
                    sink.send(&NewMessage { text, ..message.clone() }).await?;
                    open.sent += 1;
                }
            },
            event = events.next() => take(context, order, event, open)?,
        }
    }
}

fn take(
    context: &Context<'_>,
    order: &Order,
    event: Option<Result<MessageEvent, crate::client::ClientError>>,
    open: &mut Open,
) -> Result<(), Failure> {
    let gone = || Failure::new(Exit::NoStation, "error-station-went-away").because("");
    let event = event.ok_or_else(gone)??;
    context.print_json(&event)?;
    open.take(&event, order);
    Ok(())
}

/// Standard input can't be waited for together with other things, so a thread of its own reads it.
fn read_lines() -> mpsc::Receiver<std::io::Result<String>> {
    let (sender, receiver) = mpsc::channel(READ_AHEAD);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

fn too_late(open: &Open) -> Failure {
    let late = open.sent - open.reached.len() as u64;
    Failure::new(Exit::TimeRanOut, "error-time-ran-out-for-many").with("count", late)
}
