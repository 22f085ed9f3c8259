//! `openline doctor --salvage`: brings what is intact of a damaged record into a new one, puts that in its place,
//! and keeps the damaged one beside it.

use openline_store::{SalvageReport, StorageKey, StoreError, salvage_in_place};

use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::output::Salvaged;
use super::super::time;
use crate::home::Home;

/// Asks first, unless told not to: evidence should have been copied before.
pub fn run(context: &Context<'_>, yes: bool) -> Result<(), Failure> {
    let home = Home::open(&context.home)?;
    let _no_station = home.lock()?;
    let aside = home.path().join(format!("damaged-{}", time::now_ms()));
    let blanks = [("aside", aside.display().to_string().into())];
    if !yes {
        if !context.is_attended() {
            return Err(Failure::new(Exit::Usage, "error-salvage-needs-yes"));
        }
        let question = context.words.fill("ask-salvage", &blanks);
        let answer = context.ask(&question)?;
        if answer.to_lowercase() != context.words.text("ask-salvage-yes") {
            return Err(Failure::new(Exit::Failed, "error-salvage-not-done"));
        }
    }
    let key = StorageKey::new(home.storage_key()?);
    let report = salvage_in_place(home.path(), &key, &aside).map_err(|error| match error {
        StoreError::Damaged { file, place } => Failure::new(Exit::Failed, "error-salvage-nothing")
            .with("file", file)
            .because(place),
        error => error.into(),
    })?;
    tell(context, &report, aside.display().to_string())
}

fn tell(context: &Context<'_>, report: &SalvageReport, aside: String) -> Result<(), Failure> {
    let missing = report.gaps.iter().map(|(_, _, from, to)| to - from).sum();
    let salvaged = Salvaged {
        entries: report.entries,
        unreadable: report.unreadable,
        missing,
        aside,
    };
    if context.json {
        return context.print_json(&salvaged);
    }
    let blanks = [
        ("entries", salvaged.entries.into()),
        ("unreadable", salvaged.unreadable.into()),
        ("missing", salvaged.missing.into()),
        ("aside", salvaged.aside.into()),
    ];
    context.say("salvaged", &blanks)
}
