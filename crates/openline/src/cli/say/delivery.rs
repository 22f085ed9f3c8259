//! One text: hands it over and tells each step until the one that was asked for, or until time runs out.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::super::args::Wait;
use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::station_error::{exit_for, went_away};
use super::super::time;
use super::Order;
use crate::api::types::{MessageEvent, NewMessage};
use crate::client::Client;

/// Sends the text and prints its steps.
pub async fn run(
    context: &Context<'_>,
    client: &Client,
    order: &Order,
    message: NewMessage,
) -> Result<(), Failure> {
    let (sink, mut events) = client.say_many(&order.line).await?;
    sink.send(&message).await?;
    drop(sink);
    let deadline = Instant::now() + order.timeout;
    let mut short = String::new();
    loop {
        let event = match timeout_at(deadline, events.next()).await {
            Ok(Some(event)) => event?,
            Ok(None) => return Err(went_away()),
            Err(_) => return Err(too_late(&short, order.timeout, context)),
        };
        short = event.short.clone().unwrap_or(short);
        tell(context, &event)?;
        if let Some(problem) = event.refused {
            return Err(Failure::stations(exit_for(&problem.error), problem));
        }
        if is_enough(&event.event, order.wait) {
            return Ok(());
        }
    }
}

/// Prints a step.
fn tell(context: &Context<'_>, event: &MessageEvent) -> Result<(), Failure> {
    if context.json {
        return context.print_json(event);
    }
    match step(context, event) {
        Some(text) => context.print(text),
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
        ("party", openline_wire::names::for_screen(party).into()),
        ("name", openline_wire::names::for_screen(name).into()),
        (
            "elapsed",
            time::span(event.elapsed_ms, context.words).into(),
        ),
    ];
    Some(context.words.fill(id, &blanks))
}

fn too_late(short: &str, limit: Duration, context: &Context<'_>) -> Failure {
    let limit = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
    Failure::new(Exit::TimeRanOut, "error-time-ran-out")
        .with("entry", short.to_owned())
        .with("limit", time::span(limit, context.words))
}

/// Whether a text that has reached this step need not be waited for any longer. A later stage is told even if an
/// earlier one never was: *read* signed by an operator is more than *shown*.
pub fn is_enough(event: &str, wait: Option<Wait>) -> bool {
    let wanted = match wait {
        None => return event == "stored-here",
        Some(wait) => wait,
    };
    let reached = match event {
        "stored" => Wait::Stored,
        "shown" => Wait::Shown,
        "read" => Wait::Read,
        _ => return false,
    };
    reached >= wanted
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
