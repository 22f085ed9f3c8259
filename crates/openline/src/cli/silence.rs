//! `openline silence announce`: tells the other side, signed, that we shall be silent (C2).

use super::args::{Reason, SilenceAnnounce};
use super::context::Context;
use super::failure::Failure;
use super::time;
use crate::api::types::NewSilence;

/// Announces it, and says until when.
pub async fn run(context: &Context<'_>, args: SilenceAnnounce) -> Result<(), Failure> {
    let for_ms = time::duration_ms(&args.duration)?;
    let silence = NewSilence {
        for_ms,
        reason: word(args.reason).to_owned(),
        lang: context.tag.clone(),
        ..NewSilence::default()
    };
    let accepted = context.client().silence(args.line.name(), &silence).await?;
    if context.json {
        return context.print_json(&accepted);
    }
    let until = time::date_and_time(time::now_ms().saturating_add(for_ms));
    context.say("silence-announced", &[("until", until.into())])
}

fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::Restart => "restart",
        Reason::Maintenance => "maintenance",
        Reason::Other => "other",
    }
}
