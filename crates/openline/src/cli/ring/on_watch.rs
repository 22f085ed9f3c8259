//! Whether who answers a ring is on watch: he may be in the office that is called, or have given a name by which nobody is.

use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::interrupt::Watch;
use super::super::lines::line_of;
use super::super::render::{label, name_in_quotes};
use super::super::watch::officers;
use crate::api::types::{Line, Officer, Ring};
use crate::client::Client;
use crate::i18n::Args;

/// Where others are on watch, whoever is not says that he means to accept.
pub async fn may_accept(
    context: &Context<'_>,
    client: &Client,
    line: &str,
    name: &str,
) -> Result<(), Failure> {
    let status = client.status().await?;
    let officers = officers(line_of(&status, line), true);
    if !is_another(&officers, name) {
        return Ok(());
    }
    let blanks: &Args<'_> = &[
        ("name", name_in_quotes(name).into()),
        ("officers", names(&officers).into()),
    ];
    let _interrupts = Watch::begin(context, "error-interrupted-unsent");
    match context.ask_yes(&context.words.fill("ring-ask-not-on-watch", blanks))? {
        true => Ok(()),
        false => Err(Failure::new(Exit::Failed, "error-ring-not-accepted")),
    }
}

/// What whoever called is to know of who accepted there, if others are on watch.
pub fn of_theirs(context: &Context<'_>, line: &Line, ring: &Ring) -> Option<String> {
    let accepted = ring.answer.as_ref().filter(|it| it.answer == "accept")?;
    let officers = officers(Some(line), false);
    let name = &accepted.said.actor.name;
    let is_told = ring.ours && !name.is_empty() && is_another(&officers, name);
    is_told.then(|| {
        let blanks: &Args<'_> = &[
            ("name", name_in_quotes(name).into()),
            ("party", label(&line.name).into()),
            ("officers", names(&officers).into()),
        ];
        let text = context.words.fill("ring-not-on-watch-there", blanks);
        context.paint.doubtful(&text)
    })
}

fn is_another(officers: &[Officer], name: &str) -> bool {
    !officers.is_empty() && officers.iter().all(|it| it.actor.name != name)
}

fn names(officers: &[Officer]) -> String {
    let names: Vec<String> = officers
        .iter()
        .map(|it| name_in_quotes(&it.actor.name))
        .collect();
    names.join(", ")
}
