//! What is wrong with our own station, whatever the lines are like.

use super::super::alarm;
use super::super::context::Context;
use super::super::render::label;
use crate::api::types::Station;
use crate::i18n::reason;

/// It can't write, a device of its own is gone, or lamps and horns do not work: each with what to do.
pub fn troubles(context: &Context<'_>, station: &Station) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(trouble) = &station.trouble {
        said.push(context.paint.bad(&trouble.what));
        said.push(format!("  {}", trouble.do_now));
    }
    said.extend(gone(context, station));
    said.extend(alarm::hooks(context, station));
    said
}

/// Which devices are gone, why, and what to do: our own end of a way, which no answer of the other side could tell.
fn gone(context: &Context<'_>, station: &Station) -> Vec<String> {
    let mut said = Vec::new();
    for gone in &station.gone {
        let blanks = [
            ("address", label(&gone.address).into()),
            (
                "why",
                label(&reason::in_words(context.words, &gone.why)).into(),
            ),
        ];
        let what = context.words.fill("status-gone", &blanks);
        said.push(context.paint.bad(&what));
        said.push(format!("  {}", context.words.text("status-gone-do")));
    }
    said
}
