//! One text: hands it over and tells each step until the one that was asked for, or until time runs out.

use tokio::time::timeout_at;

use super::super::args::Wait;
use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::lines::{is_silent, line_of};
use super::super::station_error::{exit_for, silent};
use super::super::{layout, render, time};
use super::Order;
use crate::api::types::{Line, MessageEvent, NewMessage, Status};
use crate::client::{Client, ClientError};
use openline_wire::names;

/// Sends the text and prints its steps. What a person typed is given back to him if the station did not take it.
pub async fn run(
    context: &Context<'_>,
    client: &Client,
    order: &Order,
    message: NewMessage,
) -> Result<(), Failure> {
    let mut reached = Reached::default();
    let text = message.text.clone();
    context.speaks_of(message.mark.as_deref().unwrap_or("real"));
    let result = follow(context, client, order, message, &mut reached).await;
    if let Err(failure) = &result
        && order.is_typed
        && reached.short.is_empty()
    {
        give_back(context, &text, failure.exit())?;
    }
    result
}

/// A text that somebody typed for something else than a message is given back likewise.
pub fn or_give_back<T>(
    context: &Context<'_>,
    text: &str,
    result: Result<T, ClientError>,
) -> Result<T, Failure> {
    let result: Result<T, Failure> = result.map_err(Into::into);
    if let Err(failure) = &result
        && context.is_attended()
        && !text.is_empty()
    {
        give_back(context, text, failure.exit())?;
    }
    result
}

/// On the screen only: a text that nobody sealed does not belong on the disk.
pub fn give_back(context: &Context<'_>, text: &str, why: Exit) -> Result<(), Failure> {
    let id = match why {
        // It may have gone while the station took the text.
        Exit::NoStation | Exit::Interrupted | Exit::TimeRanOut => "say-given-back-unsure",
        _ => "say-given-back",
    };
    context.say(id, &[])?;
    let lines = layout::body(&names::for_screen(text), layout::columns());
    lines.iter().try_for_each(|line| context.print(line))
}

async fn follow(
    context: &Context<'_>,
    client: &Client,
    order: &Order,
    message: NewMessage,
    reached: &mut Reached,
) -> Result<(), Failure> {
    let handing_over = async {
        let (sink, events) = client.say_many(&order.line).await?;
        sink.send(&message).await?;
        Ok(events)
    };
    let mut events = reached.wait(context, order, handing_over).await?;
    loop {
        let next = async {
            let next = events.next().await;
            next.unwrap_or_else(|| Err(ClientError::Broken(String::new())))
        };
        let event = reached.wait(context, order, next).await?;
        reached.take(&event);
        tell(context, &event)?;
        if event.event == "stored-here" && !context.json {
            let status = reached.wait(context, order, client.status()).await?;
            tell_what_is_next(context, &status, order, &reached.short)?;
        }
        if let Some(problem) = event.refused {
            return Err(Failure::stations(exit_for(&problem.error), problem));
        }
        if is_enough(&event.event, order.wait) {
            return Ok(());
        }
    }
}

/// Time ran out before anything was handed over.
pub fn unsent(order: &Order, context: &Context<'_>) -> Failure {
    let limit = u64::try_from(order.timeout.as_millis()).unwrap_or(u64::MAX);
    Failure::new(Exit::TimeRanOut, "error-time-ran-out")
        .with("entry", "")
        .with("stage", "unsent")
        .with("limit", time::span(limit, context.words))
}

/// How far a text has come.
#[derive(Default)]
struct Reached {
    short: String,
    furthest: Option<Wait>,
}

impl Reached {
    fn take(&mut self, event: &MessageEvent) {
        if let Some(short) = &event.short {
            self.short.clone_from(short);
        }
        self.furthest = self.furthest.max(stage(&event.event));
    }

    /// Waits for the station as long as was asked for, and until somebody gives up.
    async fn wait<T>(
        &self,
        context: &Context<'_>,
        order: &Order,
        what: impl Future<Output = Result<T, ClientError>>,
    ) -> Result<T, Failure> {
        let waited = tokio::select! {
            waited = timeout_at(order.deadline, what) => waited,
            _ = tokio::signal::ctrl_c() => return Err(self.failure(Exit::Interrupted, order, context)),
        };
        match waited {
            Ok(Err(ClientError::Silent { home, pid })) => {
                let text = match self.short.is_empty() {
                    true => "unknown",
                    false => "taken",
                };
                Err(silent(&home, pid, text))
            }
            Ok(result) => Ok(result?),
            Err(_) => Err(self.failure(Exit::TimeRanOut, order, context)),
        }
    }

    /// What is so when nobody waits any longer: a text that is on their disk is not queued.
    fn failure(&self, exit: Exit, order: &Order, context: &Context<'_>) -> Failure {
        let limit = u64::try_from(order.timeout.as_millis()).unwrap_or(u64::MAX);
        let id = match exit {
            Exit::Interrupted => "error-waiting-interrupted",
            _ => "error-time-ran-out",
        };
        let stage = match (self.short.is_empty(), self.furthest) {
            (true, _) => "unknown",
            (_, None) => "queued",
            (_, Some(Wait::Stored)) => "stored",
            (_, Some(Wait::Shown | Wait::Read)) => "shown",
        };
        Failure::new(exit, id)
            .with("entry", self.short.clone())
            .with("stage", stage)
            .with("limit", time::span(limit, context.words))
    }
}

/// Whether it is really on its way, and where to look later.
fn tell_what_is_next(
    context: &Context<'_>,
    status: &Status,
    order: &Order,
    entry: &str,
) -> Result<(), Failure> {
    match line_of(status, &order.line) {
        Some(line) if is_silent(line) => context.tell(&queued(context, line, entry))?,
        _ => {}
    }
    match order.wait {
        None => context.say("say-look-later", &[("entry", entry.to_owned().into())]),
        Some(_) => Ok(()),
    }
}

fn queued(context: &Context<'_>, line: &Line, entry: &str) -> String {
    let party = names::for_screen(&line.name);
    let announced = line.announced.as_ref();
    let announced = announced.filter(|_| line.verdict == "announced-silence");
    let (id, when) = match (line.alive_as_of_ms, announced) {
        (None, _) => ("say-queued-never-heard", String::new()),
        (Some(alive), Some(_)) => ("say-queued-announced", time::time_of_day(alive)),
        (Some(alive), None) => ("say-queued", time::time_of_day(alive)),
    };
    let until = announced.map(|it| time::date_and_time(it.until_ms));
    let blanks = [
        ("until", until.unwrap_or_default().into()),
        ("entry", entry.to_owned().into()),
        ("party", party.into()),
        ("when", when.into()),
    ];
    context.words.fill(id, &blanks)
}

/// Prints a step.
fn tell(context: &Context<'_>, event: &MessageEvent) -> Result<(), Failure> {
    if context.json {
        return context.print_json(event);
    }
    match step(context, event) {
        Some(text) => context.tell(&text),
        None => Ok(()),
    }
}

fn step(context: &Context<'_>, event: &MessageEvent) -> Option<String> {
    let id = match event.event.as_str() {
        "stored-here" => "step-stored-here",
        "stored" => "step-stored",
        "shown" => "step-shown",
        "read" => "step-read",
        _ => return None,
    };
    let party = event
        .who
        .as_ref()
        .map(|who| who.name.as_str())
        .unwrap_or_default();
    let name = event
        .actor
        .as_ref()
        .map(|actor| actor.name.as_str())
        .unwrap_or_default();
    let blanks = [
        ("entry", event.short.clone().unwrap_or_default().into()),
        ("party", names::for_screen(party).into()),
        ("name", render::name_in_quotes(name).into()),
        (
            "elapsed",
            time::span(event.elapsed_ms, context.words).into(),
        ),
    ];
    Some(context.words.fill(id, &blanks))
}

/// Whether a text that has reached this step need not be waited for any longer. A later stage is told even if an
/// earlier one never was: *read* signed by an operator is more than *shown*.
pub fn is_enough(event: &str, wait: Option<Wait>) -> bool {
    let wanted = match wait {
        None => return event == "stored-here",
        Some(wait) => wait,
    };
    stage(event).is_some_and(|reached| reached >= wanted)
}

fn stage(event: &str) -> Option<Wait> {
    match event {
        "stored" => Some(Wait::Stored),
        "shown" => Some(Wait::Shown),
        "read" => Some(Wait::Read),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_for_shown_is_not_over_when_it_is_stored() {
        assert!(is_enough("stored-here", None));
        assert!(!is_enough("stored-here", Some(Wait::Stored)));
        assert!(!is_enough("stored", Some(Wait::Shown)));
        assert!(is_enough("read", Some(Wait::Shown)));
    }
}
