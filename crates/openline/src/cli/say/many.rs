//! `say --stdin --json`: one text a line in, one object for each step out, for programs.

use std::collections::BTreeSet;
use std::io::{BufRead, Read as _};

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::station_error::went_away;
use super::Order;
use super::delivery::is_enough;
use crate::api::limits;
use crate::api::types::{MessageEvent, NewMessage};
use crate::client::{Client, MessageSink};

/// A line is read so far: beyond what the station takes as a call.
const LONGEST: u64 = limits::BODY as u64 + 16;

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
        let line = line.map_err(|error| Failure::file("standard input", &error))?;
        match String::from_utf8(line) {
            Ok(text) if text.len() <= limits::BODY => {
                let message = NewMessage {
                    text,
                    ..message.clone()
                };
                sink.send(&message).await?;
            }
            // The station refuses it in its place among the others, and says why.
            Ok(text) => sink.send_as_it_is(text.into()).await?,
            Err(error) => sink.send_as_it_is(error.into_bytes()).await?,
        }
        sent += 1;
    }
    Ok(sent)
}

/// Standard input can't be waited for together with other things, so a thread of its own reads it.
fn read_lines() -> mpsc::Receiver<std::io::Result<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel(READ_AHEAD);
    std::thread::spawn(move || {
        let mut input = std::io::stdin().lock();
        while let Some(line) = next_line(&mut input).transpose() {
            let is_over = line.is_err();
            if sender.blocking_send(line).is_err() || is_over {
                break;
            }
        }
    });
    receiver
}

/// Bytes of a line after which its end is not looked for any more: no program writes such a line by mistake and goes on.
const ENDLESS: u64 = 64 << 20;

/// The next line without its end. Of one that is longer than any call no more is kept than shows that; one that never
/// ends is an error.
fn next_line(input: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    if input.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') && line.len() as u64 == LONGEST {
        skip_line(input)?;
    }
    line.pop_if(|last| *last == b'\n');
    line.pop_if(|last| *last == b'\r');
    Ok(Some(line))
}

fn skip_line(input: &mut impl BufRead) -> std::io::Result<()> {
    let skipped = input.by_ref().take(ENDLESS).skip_until(b'\n')?;
    match skipped as u64 == ENDLESS {
        true => Err(std::io::ErrorKind::FileTooLarge.into()),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_never_ends_is_an_error() {
        let mut input = std::io::BufReader::new(std::io::repeat(0));
        let error = next_line(&mut input).expect_err("no end");
        assert_eq!(error.kind(), std::io::ErrorKind::FileTooLarge);
    }

    #[test]
    fn a_line_beyond_all_limits_is_not_held_and_the_next_one_is_read() {
        let mut input = vec![b'a'; 3 * LONGEST as usize];
        input.extend(b"\nnext\r\n\nlast");
        let mut input = input.as_slice();
        let mut lines = std::iter::from_fn(|| next_line(&mut input).expect("no disk"));
        let first = lines.next().expect("a line");
        assert!((limits::BODY + 1..=LONGEST as usize).contains(&first.len()));
        let rest: Vec<_> = lines.collect();
        assert_eq!(rest, [&b"next"[..], b"", b"last"]);
    }
}
