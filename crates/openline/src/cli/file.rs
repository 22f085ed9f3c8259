//! `openline file`: what goes with messages.

use std::path::Path;

use openline_wire::{attachment, limits};

use super::args::{FileList, FileRemove, FileSave};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::layout;
use super::new_file::{self, Draft};
use super::output::SavedFile;
use super::render::label;
use crate::api::types::{File, NamedFile};
use crate::client::Client;
use crate::home::files;
use crate::i18n::Catalog;

/// The files of a line, and how much of each is here.
pub async fn list(context: &Context<'_>, args: FileList) -> Result<(), Failure> {
    let listed = context.client().files(args.line.name()).await?;
    if context.json {
        return context.print_json(&listed);
    }
    if listed.files.is_empty() {
        return context.say("file-none", &[]);
    }
    listed.files.iter().try_for_each(|file| {
        let lines = layout::wrap(&told(context, file), "", "    ", layout::columns());
        lines.iter().try_for_each(|line| context.print(line))
    })
}

fn told(context: &Context<'_>, file: &File) -> String {
    let blanks = [
        ("entry", file.short.clone().into()),
        ("number", file.number.into()),
        ("name", label(&file.name).into()),
        ("size", size(context.words, file.size).into()),
        ("held", size(context.words, file.held).into()),
        ("percent", (100 * file.held / file.size.max(1)).into()),
        ("state", file.state.clone().into()),
    ];
    let text = context.words.fill("file-state", &blanks);
    match file.state.as_str() {
        "wrong" => context.paint.bad(&text),
        "lacking" => context.paint.doubtful(&text),
        _ => text,
    }
}

/// Writes a file that has come whole, as its author signed it.
pub async fn save(context: &Context<'_>, args: FileSave) -> Result<(), Failure> {
    new_file::refuse_existing(&args.output)?;
    let client = context.client();
    let bytes = client
        .file(args.line.name(), &args.entry, args.number)
        .await?;
    Draft::with(&args.output, &bytes)?.place()?;
    let path = args.output.display().to_string();
    let bytes = bytes.len() as u64;
    if context.json {
        return context.print_json(&SavedFile { path, bytes });
    }
    let blanks = [
        ("path", label(&path).into()),
        ("size", size(context.words, bytes).into()),
    ];
    context.say("file-saved", &blanks)
}

/// Removes the bytes of a file here. What its message says of it stays.
pub async fn remove(context: &Context<'_>, args: FileRemove) -> Result<(), Failure> {
    let client = context.acting(args.operator)?;
    let done = client
        .remove_file(args.line.name(), &args.entry, args.number)
        .await?;
    match context.json {
        true => context.print_json(&done),
        false => context.say("file-removed", &[]),
    }
}

/// Hands in the files that are to go with a text.
pub async fn hand_in(
    client: &Client,
    line: &str,
    paths: &[std::path::PathBuf],
) -> Result<Vec<NamedFile>, Failure> {
    let mut handed = Vec::new();
    for path in paths {
        let bytes = read(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        handed.push(client.keep_file(line, &name, bytes).await?);
    }
    Ok(handed)
}

/// Read before a person types anything: a path that is misspelt costs him no text.
pub fn check(context: &Context<'_>, paths: &[std::path::PathBuf]) -> Result<(), Failure> {
    if paths.len() > limits::ATTACHMENTS {
        return Err(
            Failure::new(Exit::Usage, "error-too-many-files").with("most", limits::ATTACHMENTS)
        );
    }
    paths.iter().try_for_each(|path| {
        let shown = path.display().to_string();
        let looked = std::fs::metadata(path).map_err(|error| Failure::file(&shown, &error))?;
        if !looked.is_file() {
            let why = std::io::Error::from(std::io::ErrorKind::IsADirectory);
            return Err(Failure::file(&shown, &why));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !attachment::is_name(&name) {
            return Err(Failure::new(Exit::Failed, "error-file-name").naming("path", shown));
        }
        let length = looked.len();
        let refused =
            |id| Failure::new(Exit::Failed, id).naming("path", path.display().to_string());
        match length {
            0 => Err(refused("error-file-empty")),
            1..=limits::ATTACHMENT => Ok(()),
            _ => Err(refused("error-file-too-large")
                .with("limit", size(context.words, limits::ATTACHMENT))),
        }
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    Ok(files::read_limited(path, limits::ATTACHMENT as usize)?.to_vec())
}

/// `3.4 MB`
pub fn size(words: &Catalog, bytes: u64) -> String {
    let (unit, number) = match bytes {
        0..1_000 => ("bytes", bytes.to_string()),
        1_000..1_000_000 => ("kilo", format!("{}.{}", bytes / 1_000, bytes / 100 % 10)),
        _ => {
            let number = format!("{}.{}", bytes / 1_000_000, bytes / 100_000 % 10);
            ("mega", number)
        }
    };
    let blanks = [("unit", unit.into()), ("number", number.into())];
    words.fill("unit-size", &blanks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn sizes_are_read_at_a_glance_in_the_readers_script() {
        let words = Catalog::new(Language::English);
        let sizes = [999, 1_000, 32_768, 3_449_999, 67_108_864].map(|it| size(&words, it));
        assert_eq!(sizes, ["999 B", "1.0 kB", "32.7 kB", "3.4 MB", "67.1 MB"]);
        let words = Catalog::new(Language::Russian);
        assert_eq!(size(&words, 300_000), "300.0 кБ");
    }
}
