//! `openline line reachable-at`: our node says on the line where it can be reached from now on; and what nodes said of that.

use openline_wire::limits;

use super::args::LineReachableAt;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::line;
use super::render::{label, name_in_quotes};
use super::time;
use super::watch::done;
use crate::api::types::{Line, NewAddresses, Reachable};

/// Announces it. It goes out on whatever way works, and by courier.
pub async fn announce(context: &Context<'_>, args: LineReachableAt) -> Result<(), Failure> {
    let addresses = line::addresses(&args.addresses)?;
    if addresses.len() > limits::REACHABLE_AT {
        return Err(Failure::new(Exit::Usage, "error-too-many-addresses"));
    }
    let client = context.acting(args.operator)?;
    let asked = NewAddresses {
        addresses: addresses.iter().map(ToString::to_string).collect(),
        actor: None,
    };
    let accepted = client.announce_addresses(args.line.name(), &asked).await?;
    let blanks = [("addresses", in_words(&asked.addresses).into())];
    done(context, &accepted, "reachable-done", &blanks)
}

/// What nodes announced, one sentence each.
pub fn evidence(context: &Context<'_>, line: &Line) -> Vec<String> {
    let said = |it: &Reachable| {
        let blanks = [
            ("party", label(&it.by.name).into()),
            ("ours", if it.ours { "yes" } else { "no" }.into()),
            ("when", time::date_and_time(it.said_ms).into()),
            ("name", name_in_quotes(&it.actor.name).into()),
            ("addresses", in_words(&it.addresses).into()),
        ];
        context.words.fill("evidence-reachable", &blanks)
    };
    line.reachable.iter().map(said).collect()
}

/// Behind one another; `none` if there are none.
pub fn in_words(addresses: &[String]) -> String {
    let shown: Vec<String> = addresses.iter().map(|address| label(address)).collect();
    match shown.is_empty() {
        true => "none".to_owned(),
        false => shown.join(", "),
    }
}
