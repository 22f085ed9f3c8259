//! `openline sign-read`: an operator signs that he has read a message.

use super::args::SignRead;
use super::context::Context;
use super::failure::{Exit, Failure};
use crate::api::types::NewReceipt;

/// Signs in the name of one person: a program can't have read anything.
pub async fn run(context: &Context<'_>, args: SignRead) -> Result<(), Failure> {
    let name = match args.operator {
        Some(name) => name,
        None if context.is_attended() => context.ask_name()?,
        None => return Err(Failure::new(Exit::Usage, "error-who-reads")),
    };
    let receipt = NewReceipt {
        stage: "read".to_owned(),
        entries: vec![args.entry.clone()],
        actor: None,
    };
    let client = context.client().as_actor(name.clone());
    let accepted = client.receipt(args.line.name(), &receipt).await?;
    match context.json {
        true => context.print_json(&accepted),
        false => context.say(
            "signed-read",
            &[("entry", args.entry.into()), ("name", name.into())],
        ),
    }
}
