//! `say --stdin --json`: one text a line in, one object for each step out, for programs.

use std::collections::BTreeSet;
use std::io::BufRead as _;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::station_error::went_away;
use super::Order;
use super::delivery::is_enough;
use crate::api::types::{MessageEvent, NewMessage};
use crate::client::{Client, MessageSink};

/// Lines read ahead of the station: enough to keep it busy, few enough to stay small.
const READ_AHEAD: usize = 64;

/// Sends each line and prints what happens, until the input ends and all texts are as far as was asked for.
pub async fn run(
    context: &Context<'_>,
    client: &Client,
    order: &Order,
    message: NewMessage,
) -> Result<(), Failure> {
    let (sink, mut events) = client.say_many(&order.line).await?;
    let mut progress = Progress::default();
    // A task of its own: if we stopped listening while the station takes no more, both would wait for ever.
    let mut sending = tokio::spawn(send_all(sink, message));
    let mut deadline = None;
    while !progress.is_done() {
        let late = sleep_until(deadline.unwrap_or_else(Instant::now));
        tokio::select! {
            event = events.next() => {
                let event = event.ok_or_else(went_away)??;
                context.print_json(&event)?;
                progress.take(&event, order);
            }
            sent = &mut sending, if progress.sent.is_none() => {
                progress.sent = Some(sent.map_err(|_| went_away())??);
                deadline = Some(Instant::now() + order.timeout);
            }
            () = late, if deadline.is_some() => return Err(progress.too_late()),
        }
    }
    match progress.is_any_refused {
        true => Err(Failure::silent(Exit::Forbidden)),
        false => Ok(()),
    }
}

/// How far the texts have come.
#[derive(Default)]
struct Progress {
    /// How many there are; known when the input has ended.
    sent: Option<u64>,
    /// Those that are as far as was asked for, or were refused.
    settled: BTreeSet<u64>,
    is_any_refused: bool,
}

impl Progress {
    fn take(&mut self, event: &MessageEvent, order: &Order) {
        self.is_any_refused |= event.refused.is_some();
        if event.refused.is_some() || is_enough(&event.event, order.wait) {
            self.settled.insert(event.index);
        }
    }

    fn is_done(&self) -> bool {
        self.sent
            .is_some_and(|sent| self.settled.len() as u64 >= sent)
    }

    fn too_late(&self) -> Failure {
        let late = self.sent.unwrap_or_default() - self.settled.len() as u64;
        Failure::new(Exit::TimeRanOut, "error-time-ran-out-for-many").with("count", late)
    }
}

/// Hands the lines over and counts them.
async fn send_all(sink: MessageSink, message: NewMessage) -> Result<u64, Failure> {
    let mut lines = read_lines();
    let mut sent = 0;
    while let Some(line) = lines.recv().await {
        let text = line.map_err(|error| Failure::file("standard input", &error))?;
        let message = NewMessage {
            text,
            ..message.clone()
        };
        sink.send(&message).await?;
        sent += 1;
    }
    Ok(sent)
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
