//! `openline export`: writes a line's record to one file that anybody can verify. Needs no station, and disturbs
//! none.

use std::io::Write as _;
use std::path::Path;

use openline_record::export::{Head, RecordWriter};
use openline_wire::cbor::Canonical as _;

use super::args::Export;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::held::{self, Held};
use super::new_file::{self, Draft};
use super::output::Written;
use crate::home::Home;

/// Writes the file, whole or not at all, for its owner alone, and over no other.
pub fn run(context: &Context<'_>, args: Export) -> Result<(), Failure> {
    let home = Home::open(&context.home)?;
    new_file::refuse_existing(&args.output)?;
    let held = held::line(context, &home, args.line.line.as_deref())?;
    let failed = |error: std::io::Error| Failure::file(&args.output, &error);
    let mut draft = Draft::beside(&args.output)?;
    let mut out = std::io::BufWriter::new(draft.file());
    let unreadable = write(&held, &mut out, &args.output)?;
    out.flush().map_err(failed)?;
    drop(out);
    let bytes = draft.file().metadata().map_err(failed)?.len();
    draft.place()?;
    tell(context, &args.output, bytes)?;
    match unreadable {
        0 => Ok(()),
        // What is intact was written; what is not, nobody may overlook.
        count => Err(
            Failure::new(Exit::VerificationFailed, "error-entries-unreadable").with("count", count),
        ),
    }
}

fn write(held: &Held, out: &mut impl std::io::Write, path: &Path) -> Result<u64, Failure> {
    let head = Head {
        line: held.line(),
        exported_by: held.setup.own.card.party(),
        charter: held.setup.charter.to_bytes(),
        cards: held
            .cards()
            .iter()
            .map(|card| card.bytes().to_vec())
            .collect(),
    };
    let mut buffer = Vec::new();
    let mut writer = RecordWriter::new(head, &mut buffer);
    let unreadable = held.each(|entry| {
        let order = writer.entry(entry, &mut buffer);
        order.map_err(|error| Failure::new(Exit::Failed, "error-record").because(error))?;
        out.write_all(&buffer)
            .map_err(|error| Failure::file(path, &error))?;
        buffer.clear();
        Ok(())
    })?;
    writer.finish(&mut buffer);
    out.write_all(&buffer)
        .map_err(|error| Failure::file(path, &error))?;
    Ok(unreadable)
}

fn tell(context: &Context<'_>, path: &Path, bytes: u64) -> Result<(), Failure> {
    let path = path.display().to_string();
    match context.json {
        true => context.print_json(&Written { path, bytes }),
        false => context.say(
            "exported",
            &[("path", path.into()), ("bytes", bytes.into())],
        ),
    }
}
