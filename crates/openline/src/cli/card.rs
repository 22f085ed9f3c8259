//! `openline card`: gives our card, and shows another's, with the safety number of both.

use std::path::Path;

use openline_wire::limits;
use zeroize::Zeroizing;

use super::args::{CardExport, CardShow};
use super::context::Context;
use super::failure::Failure;
use super::new_file::Draft;
use super::output::{CardFile, Written};
use super::{identity_text, name_warnings, time};
use crate::ceremony::{Inspected, inspect};
use crate::home::{Home, files};

/// Writes our card. It is public, but the file is made for its owner alone, as every file of ours.
pub fn export(context: &Context<'_>, args: CardExport) -> Result<(), Failure> {
    let card = Home::open(&context.home)?.card()?;
    Draft::with(&args.file, card.bytes())?.place()?;
    let written = Written {
        path: args.file.display().to_string(),
        bytes: card.bytes().len() as u64,
    };
    match context.json {
        true => context.print_json(&written),
        false => context.say("card-exported", &[("path", written.path.into())]),
    }
}

/// Shows a card or a line file that was checked.
pub fn show(context: &Context<'_>, args: CardShow) -> Result<(), Failure> {
    let inspected = inspect(&read(&args.file)?, time::now_ms())?;
    let file = describe(context, &inspected)?;
    if context.json {
        return context.print_json(&file);
    }
    let kind = context.words.text(match file.file.as_str() {
        "offer" => "row-card-kind-offer",
        "answer" => "row-card-kind-answer",
        _ => "row-card-kind-card",
    });
    context.print(context.paint.strong(&kind))?;
    identity_text::print_card(context, &file.card)?;
    if let Some(charter) = &file.charter {
        identity_text::print_charter(context, charter)?;
    }
    name_warnings::print(context, &file.warnings)?;
    match &file.safety_number {
        Some(number) => print_safety_number(context, number),
        None => Ok(()),
    }
}

fn describe(context: &Context<'_>, inspected: &Inspected) -> Result<CardFile, Failure> {
    // Without a home of our own a card can be looked at, but there is no number to compare.
    let home = Home::open(&context.home).ok();
    let own = home.as_ref().and_then(|home| home.card().ok());
    let number = own.and_then(|own| inspected.safety_number_with(own.party()));
    let founding = inspected.founding.as_ref();
    Ok(CardFile {
        file: inspected.content.word().to_owned(),
        card: identity_text::card(context, &inspected.card),
        safety_number: number.map(|number| number.to_string()),
        line: founding.map(|founding| founding.line().to_string()),
        charter: founding.map(|founding| identity_text::charter(context, &founding.charter)),
        warnings: name_warnings::of(context, home.as_ref(), &inspected.card)?,
    })
}

/// The number in two rows of six groups, as people read it to each other.
pub fn print_safety_number(context: &Context<'_>, number: &str) -> Result<(), Failure> {
    context.print("")?;
    context.print(
        context
            .paint
            .strong(&context.words.text("safety-number-title")),
    )?;
    let groups: Vec<&str> = number.split('-').collect();
    for row in groups.chunks(6) {
        context.print(format!("    {}", row.join(" ")))?;
    }
    Ok(())
}

/// Reads a file that somebody carried here, within the limit for such files.
pub fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    Ok(files::read_limited(path, limits::FILE)?)
}
