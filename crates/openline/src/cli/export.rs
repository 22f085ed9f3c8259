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
use super::output::Written;
use crate::home::Home;

/// Writes the file, whole or not at all, for its owner alone.
pub fn run(context: &Context<'_>, args: Export) -> Result<(), Failure> {
    let home = Home::open(&context.home)?;
    let held = held::line(context, &home, args.line.line.as_deref())?;
    let failed = |error: std::io::Error| Failure::file(&args.output, &error);
    let folder = match args.output.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    let mut out = std::io::BufWriter::new(file.as_file_mut());
    let unreadable = write(&held, &mut out, &args.output)?;
    out.flush().map_err(failed)?;
    drop(out);
    file.as_file().sync_all().map_err(failed)?;
    let bytes = file.as_file().metadata().map_err(failed)?.len();
    file.persist(&args.output)
        .map_err(|error| failed(error.error))?;
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
