//! `openline line`: the three steps that open a line. Each shows card, charter and safety number first; the
//! second and third go no further without the number that the other side read out.

use std::path::Path;

use openline_wire::address::Address;
use openline_wire::card::Card;
use openline_wire::charter::Charter;
use openline_wire::header::Actor;
use openline_wire::ids::LineId;
use openline_wire::safety::SafetyNumber;

use super::args::{LineAccept, LineFinish, LineOpen};
use super::card::{print_safety_number, read};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::output::Opening;
use super::{actor, identity_text, time};
use crate::ceremony::{CeremonyError, accept_line, finish_line, open_line};
use crate::home::{Home, files};

/// First step: proposes a line to the party of a card.
pub fn open(context: &Context<'_>, args: LineOpen) -> Result<(), Failure> {
    let home = Home::open(&context.home)?;
    let card = read(&args.with)?;
    let charter = args.charter.as_deref().map(read_text).transpose()?;
    let addresses = addresses(&args.reachable_at)?;
    let proposal = open_line(&home, &card, charter.as_deref(), addresses, time::now_ms())?;
    let shown = Shown::new(
        "offered",
        proposal.line(),
        proposal.peer(),
        proposal.charter(),
        proposal.safety_number(),
    );
    shown.print(context)?;
    reserve(&args.output)?;
    let carried = proposal.write()?;
    files::write(&args.output, &carried.file)?;
    shown.done(context, Some(&args.output), "line-offered")
}

/// Second step: accepts an offer, once the number was compared.
pub fn accept(context: &Context<'_>, args: LineAccept) -> Result<(), Failure> {
    let home = Home::open(&context.home)?;
    let addresses = addresses(&args.reachable_at)?;
    let invitation = accept_line(&home, &read(&args.file)?, time::now_ms())?;
    let shown = Shown::new(
        "accepted",
        invitation.line(),
        invitation.peer(),
        invitation.charter(),
        invitation.safety_number(),
    );
    shown.print(context)?;
    let (number, by) = compare(context, args.safety_number.as_deref(), args.operator)?;
    reserve(&args.output)?;
    let accepted = invitation.accept(number, addresses, by, time::now_ms());
    let carried = accepted.inspect_err(|_| release(&args.output))?;
    files::write(&args.output, &carried.file)?;
    shown.done(context, Some(&args.output), "line-accepted")
}

/// Third step: finishes with the answer to our offer, once the number was compared.
pub fn finish(context: &Context<'_>, args: LineFinish) -> Result<(), Failure> {
    let home = Home::open(&context.home)?;
    let reply = finish_line(&home, &read(&args.file)?, time::now_ms())?;
    let shown = Shown::new(
        "finished",
        reply.line(),
        reply.peer(),
        reply.charter(),
        reply.safety_number(),
    );
    shown.print(context)?;
    let (number, by) = compare(context, args.safety_number.as_deref(), args.operator)?;
    reply.finish(number, by, time::now_ms())?;
    shown.done(context, None, "line-finished")
}

/// What a person looks at before a step is taken.
struct Shown {
    step: &'static str,
    line: LineId,
    peer: Card,
    charter: Charter,
    number: SafetyNumber,
}

impl Shown {
    fn new(
        step: &'static str,
        line: LineId,
        peer: &Card,
        charter: &Charter,
        number: SafetyNumber,
    ) -> Self {
        Self {
            step,
            line,
            peer: peer.clone(),
            charter: charter.clone(),
            number,
        }
    }

    fn print(&self, context: &Context<'_>) -> Result<(), Failure> {
        if context.json {
            return Ok(());
        }
        context.print(
            context
                .paint
                .strong(&context.words.text("row-card-kind-card")),
        )?;
        identity_text::print_card(context, &identity_text::card(context, &self.peer))?;
        identity_text::print_charter(context, &identity_text::charter(context, &self.charter))?;
        print_safety_number(context, &self.number.to_string())?;
        context.print("")
    }

    fn done(
        &self,
        context: &Context<'_>,
        output: Option<&Path>,
        said: &str,
    ) -> Result<(), Failure> {
        let output = output.map(|path| path.display().to_string());
        if !context.json {
            let party = identity_text::name(context, self.peer.names());
            let blanks = [
                ("party", party.into()),
                ("path", output.unwrap_or_default().into()),
            ];
            return context.say(said, &blanks);
        }
        context.print_json(&Opening {
            step: self.step.to_owned(),
            line: self.line.to_string(),
            card: identity_text::card(context, &self.peer),
            safety_number: self.number.to_string(),
            charter: identity_text::charter(context, &self.charter),
            output,
        })
    }
}

/// The number that the other side read out, and who compared it. There is no way past it.
fn compare(
    context: &Context<'_>,
    given: Option<&str>,
    operator: Option<String>,
) -> Result<(SafetyNumber, Actor), Failure> {
    let typed = match given {
        Some(number) => number.to_owned(),
        None if context.is_attended() => context.ask(&context.words.text("ask-safety-number"))?,
        None => return Err(Failure::new(Exit::Usage, "error-safety-number-needed")),
    };
    let number = typed.parse().map_err(CeremonyError::SafetyNumber)?;
    let by = match operator {
        Some(name) => actor::claimed(name)?,
        None if context.is_attended() => actor::claimed(context.ask_name()?)?,
        None => actor::unix_user(),
    };
    Ok((number, by))
}

fn addresses(given: &[String]) -> Result<Vec<Address>, Failure> {
    let address = |text: &String| {
        let wrong = || Failure::new(Exit::Usage, "error-address").with("given", text.clone());
        Address::new(text)
            .filter(|address| address.scheme() == "udp")
            .ok_or_else(wrong)
    };
    given.iter().map(address).collect()
}

fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::file(path, &error))
}

/// Makes sure, before anything is signed, that the file can be written and that none is overwritten.
fn reserve(path: &Path) -> Result<(), Failure> {
    let made = std::fs::File::create_new(path);
    made.map(drop).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Failure::new(Exit::Failed, "error-file-exists").with("path", path.display().to_string())
        }
        _ => Failure::file(path, &error),
    })
}

/// Nothing was made after all: neither is the file.
fn release(path: &Path) {
    // A leftover empty file harms nobody; the error that brought us here is what matters.
    let _ = std::fs::remove_file(path);
}
