//! `openline line`: the three steps that open a line. Each shows card, charter and safety number first; the
//! second and third go no further without the number that the other side read out.

use std::path::Path;

use openline_wire::address::Address;
use openline_wire::card::Card;
use openline_wire::charter::Charter;
use openline_wire::ids::LineId;
use openline_wire::limits;
use openline_wire::names;
use openline_wire::safety::SafetyNumber;

use super::args::{LineAccept, LineFinish, LineOpen};
use super::card::{print_safety_number, read};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::new_file::Draft;
use super::output::{NameWarning, Opening};
use super::safety_number::{check, compare};
use super::taken_up::TakenUp;
use super::{identity_text, name_warnings, time};
use crate::api::addresses::address;
use crate::ceremony::{CeremonyError, accept_line, answer_given, finish_line, open_line};
use crate::home::{Home, files};

/// First step: proposes a line to the party of a card.
pub fn open(context: &Context<'_>, args: LineOpen) -> Result<(), Failure> {
    let home = Home::open(&context.home)?;
    let card = read(&args.with)?;
    let charter = args.charter.as_deref().map(read_text).transpose()?;
    let addresses = addresses(&args.reachable_at)?;
    let proposal = open_line(&home, &card, charter.as_deref(), addresses, time::now_ms())?;
    let mut shown = Shown::new(
        "offered",
        proposal.line(),
        proposal.peer(),
        proposal.charter(),
        proposal.safety_number(),
    );
    shown.warnings = name_warnings::of(context, Some(&home), proposal.peer())?;
    shown.print(context)?;
    let offer = proposal.sign()?;
    // The file first: what can't be carried must not wait for an answer.
    let draft = Draft::with(&args.output, offer.file())?;
    let line = offer.keep()?.line;
    if let Err(failure) = draft.place() {
        home.withdraw_line(line)?;
        return Err(failure);
    }
    shown.done(context, Some(&args.output), "line-offered")
}

/// Second step: accepts an offer, once the number was compared.
pub async fn accept(context: &Context<'_>, args: LineAccept) -> Result<(), Failure> {
    let home = Home::open(&context.home)?;
    let addresses = addresses(&args.reachable_at)?;
    let file = read(&args.file)?;
    let invitation = match accept_line(&home, &file, time::now_ms()) {
        Err(CeremonyError::OfferUsed { .. }) => {
            return accept_again(context, &home, &file, &args).await;
        }
        invitation => invitation?,
    };
    let mut shown = Shown::new(
        "accepted",
        invitation.line(),
        invitation.peer(),
        invitation.charter(),
        invitation.safety_number(),
    );
    shown.warnings = name_warnings::of(context, Some(&home), invitation.peer())?;
    shown.print(context)?;
    let (number, by) = compare(
        context,
        shown.number,
        args.safety_number.as_deref(),
        args.operator,
        shown.peer.names(),
    )?;
    let answer = invitation.sign(number, addresses, by, time::now_ms())?;
    let draft = Draft::with(&args.output, answer.file())?;
    answer.keep()?;
    // From here on the line is open on this side, and the answer is kept: the same command writes it again.
    draft.place().map_err(|failure| kept(context, &failure))?;
    shown.station = Some(TakenUp::ask(context, shown.line).await);
    shown.done(context, Some(&args.output), "line-accepted")
}

/// The line was accepted, and only its file is not where it was wanted.
fn kept(context: &Context<'_>, why: &Failure) -> Failure {
    let why = why.problem(context.words);
    Failure::new(Exit::Failed, "error-answer-not-written")
        .because(why.map(|why| why.what).unwrap_or_default())
}

/// The answer that the offer was given before, byte for byte, for one that was lost on the way. Who accepted it
/// compared the number then.
async fn accept_again(
    context: &Context<'_>,
    home: &Home,
    file: &[u8],
    args: &LineAccept,
) -> Result<(), Failure> {
    let given = answer_given(home, file, time::now_ms())?;
    if let Some(typed) = &args.safety_number {
        check(given.safety_number, typed)?;
    }
    let mut shown = Shown::new(
        "accepted",
        given.carried.line,
        &given.peer,
        &given.charter,
        given.safety_number,
    );
    shown.again = true;
    shown.warnings = name_warnings::of(context, Some(home), &given.peer)?;
    shown.print(context)?;
    let there = files::read_limited(&args.output, limits::FILE);
    let is_there = there.is_ok_and(|there| *there == *given.carried.file);
    if !is_there {
        Draft::with(&args.output, &given.carried.file)?.place()?;
    }
    if !context.json {
        let when = time::date_and_time(given.time).into();
        let by = names::for_screen(&given.by.name).into();
        context.say("line-accepted-again", &[("when", when), ("by", by)])?;
    }
    shown.station = Some(TakenUp::ask(context, shown.line).await);
    shown.done(context, Some(&args.output), "line-accepted")
}

/// Third step: finishes with the answer to our offer, once the number was compared.
pub async fn finish(context: &Context<'_>, args: LineFinish) -> Result<(), Failure> {
    let home = Home::open(&context.home)?;
    let reply = finish_line(&home, &read(&args.file)?, time::now_ms())?;
    let mut shown = Shown::new(
        "finished",
        reply.line(),
        reply.peer(),
        reply.charter(),
        reply.safety_number(),
    );
    shown.warnings = name_warnings::of(context, Some(&home), reply.peer())?;
    shown.print(context)?;
    let (number, by) = compare(
        context,
        shown.number,
        args.safety_number.as_deref(),
        args.operator,
        shown.peer.names(),
    )?;
    reply.finish(number, by, time::now_ms())?;
    shown.station = Some(TakenUp::ask(context, shown.line).await);
    shown.done(context, None, "line-finished")
}

/// What a person looks at before a step is taken.
struct Shown {
    step: &'static str,
    line: LineId,
    peer: Card,
    charter: Charter,
    number: SafetyNumber,
    warnings: Vec<NameWarning>,
    again: bool,
    /// What a running station made of the line, once it is complete on this side.
    station: Option<TakenUp>,
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
            warnings: Vec::new(),
            again: false,
            station: None,
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
        name_warnings::print(context, &self.warnings)?;
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
                ("openline", context.program().into()),
            ];
            context.say(said, &blanks)?;
            return match &self.station {
                None => Ok(()),
                Some(station) => station.tell(context),
            };
        }
        context.print_json(&Opening {
            step: self.step.to_owned(),
            line: self.line.to_string(),
            card: identity_text::card(context, &self.peer),
            safety_number: self.number.to_string(),
            charter: identity_text::charter(context, &self.charter),
            warnings: self.warnings.clone(),
            output,
            again: self.again,
            station: self.station.as_ref().map(|it| it.word().to_owned()),
        })
    }
}

/// Addresses of this station, as somebody types them.
pub fn addresses(given: &[String]) -> Result<Vec<Address>, Failure> {
    let one = |text: &String| {
        let wrong = || Failure::new(Exit::Usage, "error-address").with("given", text.clone());
        address(text).ok_or_else(wrong)
    };
    given.iter().map(one).collect()
}

/// A charter file, with room for comments beyond what a charter holds.
fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = files::read_limited(path, limits::FILE)?;
    let no_text = |_| Failure::file(path, &std::io::ErrorKind::InvalidData.into());
    std::str::from_utf8(&bytes)
        .map(str::to_owned)
        .map_err(no_text)
}
