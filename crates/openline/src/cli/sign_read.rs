//! `openline sign-read`: an operator signs that he has read a message.

use openline_wire::names;

use super::args::SignRead;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::interrupt::Watch;
use super::render;
use crate::api::types::{Entry, NewReceipt};

/// Signs in the name of one person: a program can't have read anything. What he signs stands before him first, and
/// on a terminal he is asked; elsewhere whoever runs this must say with `--yes` that a person has read it.
pub async fn run(context: &Context<'_>, args: SignRead) -> Result<(), Failure> {
    let line = args.line.name();
    let entry = context.client().entry(line, &args.entry).await?;
    if !context.json {
        context.print(render::entry(context, &entry))?;
    }
    // The station refuses it, too; here nobody is asked for his name first.
    if entry.text_state.is_some() {
        let failure = Failure::new(Exit::Forbidden, "error-no-text-to-sign");
        return Err(failure.with("entry", entry.short));
    }
    if entry.ours || entry.kind != "message" {
        return Err(Failure::new(Exit::Failed, "error-not-their-message"));
    }
    let interrupts = Watch::begin(context, "error-interrupted-unsigned");
    let name = match args.operator {
        Some(name) => name,
        None if context.is_attended() => context.ask_name()?,
        None => return Err(Failure::new(Exit::Usage, "error-who-reads")),
    };
    if has_signed(&entry, &name) {
        let failure = Failure::new(Exit::Failed, "error-signed-already");
        let failure = failure.naming("name", &name);
        return Err(failure.with("entry", entry.short));
    }
    match (context.is_attended(), args.yes) {
        (true, _) => confirm(context, &entry, &name)?,
        (false, true) => {}
        (false, false) => return Err(Failure::new(Exit::Usage, "error-sign-read-needs-yes")),
    }
    drop(interrupts);
    let receipt = NewReceipt {
        stage: "read".to_owned(),
        entries: vec![entry.id],
        actor: None,
    };
    context.speaks_of(&entry.mark);
    let client = context.client().as_actor(name.clone());
    let accepted = client.receipt(line, &receipt).await?;
    match context.json {
        true => context.print_json(&accepted),
        false => {
            let name = names::for_screen(&name);
            let blanks = [("entry", entry.short.into()), ("name", name.into())];
            context.say("signed-read", &blanks)
        }
    }
}

/// A second signature of one person says nothing, and looks as if something had happened twice.
fn has_signed(entry: &Entry, name: &str) -> bool {
    let mut said = entry.stages.iter();
    said.any(|it| it.stage == "read" && it.actor.name == name && it.who.party != entry.author.party)
}

/// Asks him whether he signs it.
pub fn confirm(context: &Context<'_>, entry: &Entry, name: &str) -> Result<(), Failure> {
    let blanks = [
        ("entry", entry.short.clone().into()),
        ("name", names::for_screen(name).into()),
    ];
    let question = context.words.fill("ask-sign-read", &blanks);
    let answer = context.ask_unless_ended(&question)?;
    let answer = answer.unwrap_or_default().to_lowercase();
    match ["yes", "y", "да", "д"].contains(&answer.as_str()) {
        true => Ok(()),
        false => Err(Failure::new(Exit::Failed, "error-not-signed")),
    }
}
