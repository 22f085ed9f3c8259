//! `openline courier`: what is carried by hand where no bearer reaches, as one sealed file.

use std::path::Path;

use super::args::{CourierExport, CourierImport, CourierStatus};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::new_file::{self, Draft};
use super::output::{BundleFile, Bundled};
use super::render::label;
use super::{layout, time};
use crate::api::types::{CourierFolder, CourierLine, Unbundled, UnbundledLine};
use crate::client::ClientError;
use crate::home::files;

/// Writes a bundle: what the other side has not confirmed, and what is held here.
pub async fn export(context: &Context<'_>, args: CourierExport) -> Result<(), Failure> {
    // Before the station notes that a courier has it.
    new_file::refuse_existing(&args.output)?;
    let made = context.client().bundle(args.line.name()).await?;
    Draft::with(&args.output, &made.bytes)?.place()?;
    let path = args.output.display().to_string();
    let bytes = made.bytes.len() as u64;
    if context.json {
        return context.print_json(&Bundled {
            path,
            bytes,
            entries: made.entries,
            left: made.left,
        });
    }
    let blanks = [
        ("path", path.into()),
        ("bytes", bytes.into()),
        ("entries", made.entries.into()),
        ("left", made.left.into()),
    ];
    context.say("courier-exported", &blanks)
}

/// Takes in what files hold that somebody brought, one after the other; one that is not what it should be keeps no other back.
pub async fn import(context: &Context<'_>, args: CourierImport) -> Result<(), Failure> {
    let is_sole = args.files.len() == 1;
    let mut refused = Vec::new();
    for path in &args.files {
        let name = path.display().to_string();
        match import_one(context, path).await {
            Ok(true) => {}
            Ok(false) => refused.push(label(&name)),
            Err(failure) if is_sole || failure.exit() == Exit::NoStation => return Err(failure),
            Err(failure) => {
                failure.tell(context.words, context.json);
                refused.push(label(&name));
            }
        }
    }
    match refused.is_empty() {
        true => Ok(()),
        false => {
            Err(Failure::new(Exit::Failed, "error-bundle-refused")
                .with("paths", refused.join(", ")))
        }
    }
}

/// Tells whether all of it was taken.
async fn import_one(context: &Context<'_>, path: &Path) -> Result<bool, Failure> {
    let file = files::read_limited(path, openline_net::bundle::LONGEST)?;
    let taken = context.client().take_bundle(file.to_vec()).await;
    let path = path.display().to_string();
    let taken = taken.map_err(|error| named(context, &path, error))?;
    let is_whole = taken.missing + taken.unfinished == 0
        && taken.lines.iter().all(|line| line.taken.left == 0);
    let is_strange = taken.lines.is_empty();
    match context.json {
        true => context.print_json(&BundleFile {
            path: path.clone(),
            taken,
        })?,
        false if is_strange => {}
        false => tell(context, &path, &taken)?,
    }
    match is_strange {
        true => Err(Failure::new(Exit::Failed, "error-bundle-strange").naming("path", path)),
        false => Ok(is_whole),
    }
}

/// Which of several files the station would not have.
fn named(context: &Context<'_>, path: &str, error: ClientError) -> Failure {
    match error {
        ClientError::Refused(mut problem) => {
            let blanks = [("path", label(path).into()), ("why", problem.what.into())];
            problem.what = context.words.fill("courier-not-taken", &blanks);
            Failure::from(ClientError::Refused(problem))
        }
        error => error.into(),
    }
}

fn tell(context: &Context<'_>, path: &str, taken: &Unbundled) -> Result<(), Failure> {
    for line in &taken.lines {
        let text = of_line(context, path, line);
        print(context, &text)?;
    }
    if taken.missing == 0 && taken.unfinished > 0 {
        let blanks = [("unfinished", taken.unfinished.into())];
        let text = context.words.fill("courier-unfinished", &blanks);
        print(context, &context.paint.doubtful(&text))?;
    }
    if taken.missing > 0 {
        let blanks = [
            ("path", label(path).into()),
            ("missing", taken.missing.into()),
            ("all", (taken.missing + taken.frames).into()),
        ];
        let text = context.words.fill("courier-damaged", &blanks);
        print(context, &context.paint.doubtful(&text))?;
    }
    if taken.strange > 0 && !taken.lines.is_empty() {
        let blanks = [("strange", taken.strange.into())];
        print(context, &context.words.fill("courier-strange", &blanks))?;
    }
    Ok(())
}

fn of_line(context: &Context<'_>, path: &str, line: &UnbundledLine) -> String {
    let taken = &line.taken;
    let (sealed, age) = match taken.sealed_ms {
        Some(at) => {
            let age = taken.at_ms.saturating_sub(at);
            (time::date_and_time(at), time::span(age, context.words))
        }
        None => ("unknown".to_owned(), String::new()),
    };
    let blanks = [
        ("path", label(path).into()),
        ("line", label(&line.name).into()),
        ("sealed", sealed.into()),
        ("age", age.into()),
        ("fresh", taken.fresh.into()),
        ("held", taken.held.into()),
        ("left", taken.left.into()),
    ];
    context.words.fill("courier-imported", &blanks)
}

/// What waits for a courier on each line, and the last bundles.
pub async fn status(context: &Context<'_>, args: CourierStatus) -> Result<(), Failure> {
    let mut courier = context.client().courier().await?;
    if let Some(wanted) = &args.line.line {
        courier
            .lines
            .retain(|line| line.name == *wanted || line.line.starts_with(wanted.as_str()));
        if courier.lines.is_empty() {
            return Err(Failure::new(Exit::Failed, "error-no-such-line").naming("line", wanted));
        }
    }
    if context.json {
        return context.print_json(&courier);
    }
    if courier.lines.is_empty() {
        return Err(Failure::new(Exit::Failed, "error-no-line").with("openline", context.program()));
    }
    let lines = courier.lines.iter().map(|line| state(context, line));
    let folders = courier.folders.iter().map(|it| folder(context, it));
    let mut all = lines.chain(folders);
    all.try_for_each(|text| print(context, &text))
}

/// `Folder /srv/in is looked at for bundles: 3 were taken in, the last 2026-11-30 14:02:11Z.`
fn folder(context: &Context<'_>, folder: &CourierFolder) -> String {
    let last = folder
        .last_ms
        .map_or_else(|| "never".to_owned(), time::date_and_time);
    let blanks = [
        ("path", label(&folder.path).into()),
        ("use", if folder.reads { "reads" } else { "writes" }.into()),
        ("files", folder.files.into()),
        ("last", last.into()),
        ("why", label(folder.why.as_deref().unwrap_or("none")).into()),
    ];
    let text = context.words.fill("courier-folder", &blanks);
    match folder.why {
        None => text,
        Some(_) => context.paint.bad(&text),
    }
}

/// How it stands with couriers on a line.
pub fn state(context: &Context<'_>, line: &CourierLine) -> String {
    let when = |at: Option<u64>| at.map_or_else(|| "never".to_owned(), time::date_and_time);
    let (given, taken) = (line.given.as_ref(), line.taken.as_ref());
    let sealed = taken.and_then(|taken| taken.sealed_ms);
    let blanks = [
        ("line", label(&line.name).into()),
        ("waiting", line.waiting.into()),
        ("given", when(given.map(|given| given.at_ms)).into()),
        ("entries", given.map_or(0, |given| given.entries).into()),
        ("taken", when(taken.map(|taken| taken.at_ms)).into()),
        ("sealed", when(sealed).into()),
        ("fresh", taken.map_or(0, |taken| taken.fresh).into()),
    ];
    let text = context.words.fill("courier-state", &blanks);
    match line.unproven {
        true => {
            let warning = context.words.text("courier-unproven");
            format!("{text} {}", context.paint.doubtful(&warning))
        }
        false => text,
    }
}

fn print(context: &Context<'_>, text: &str) -> Result<(), Failure> {
    let lines = layout::wrap(text, "", "    ", layout::columns());
    lines.iter().try_for_each(|line| context.print(line))
}
