//! What is said of the ways to the other station, where there are several.

use super::context::Context;
use super::render::label;
use super::time;
use crate::api::types::{Line, Way};

/// The way in use and, one sentence each, those that are not, with how they are.
pub fn evidence(context: &Context<'_>, line: &Line) -> Vec<String> {
    match line.ways.as_slice() {
        [] | [_] => Vec::new(),
        ways => {
            let tell = |way| one(context, way, address(context, way, ways));
            ways.iter().map(tell).collect()
        }
    }
}

/// Where it leads; and from where, if another way leads to the same place.
fn address(context: &Context<'_>, way: &Way, ways: &[Way]) -> String {
    let alike = ways.iter().filter(|other| other.address == way.address);
    if alike.count() == 1 {
        return label(&way.address);
    }
    let blanks = [
        ("address", label(&way.address).into()),
        ("from", label(&way.from).into()),
    ];
    context.words.fill("way-from", &blanks)
}

fn one(context: &Context<'_>, way: &Way, address: String) -> String {
    let answered = way.answered_ms.map(time::date_and_time);
    let cut_since = way.cut_since_ms.map(time::date_and_time);
    let blanks = [
        ("address", address.into()),
        ("used", if way.in_use { "yes" } else { "no" }.into()),
        (
            "answered",
            answered.unwrap_or_else(|| "never".into()).into(),
        ),
        ("state", way.state.as_str().into()),
        ("since", cut_since.unwrap_or_default().into()),
    ];
    context.words.fill("evidence-way", &blanks)
}
