//! Says which names of a card may be taken for something else, before anybody trusts it.

use openline_wire::card::Card;

use super::context::Context;
use super::failure::Failure;
use super::layout;
use super::output::NameWarning;
use crate::ceremony::{Lookalike, lookalikes};
use crate::home::Home;

/// What to look twice at in the names of a card. Without a home there is nothing to compare them with.
pub fn of(
    context: &Context<'_>,
    home: Option<&Home>,
    card: &Card,
) -> Result<Vec<NameWarning>, Failure> {
    let found = lookalikes(home, card)?;
    Ok(found.iter().map(|it| warning(context, it)).collect())
}

/// Before the safety number, where a person decides.
pub fn print(context: &Context<'_>, warnings: &[NameWarning]) -> Result<(), Failure> {
    for warning in warnings {
        context.print("")?;
        let title = context.words.text("name-warning-title");
        let said = format!("{} {}", context.paint.bad(&title), warning.what);
        for line in layout::wrap(&said, "", "    ", layout::columns()) {
            context.print(line)?;
        }
    }
    Ok(())
}

fn warning(context: &Context<'_>, found: &Lookalike) -> NameWarning {
    let (id, name, blanks) = match found {
        Lookalike::Ours { name, like } => ("name-warning-ours", name, vec![("like", like.clone())]),
        Lookalike::Another { name, like, party } => {
            let blanks = vec![("like", like.clone()), ("party", party.short())];
            ("name-warning-another", name, blanks)
        }
        Lookalike::Mixed { name, pieces } => {
            let blanks = vec![("pieces", pieces.join("\u{a0}+\u{a0}"))];
            ("name-warning-mixed", name, blanks)
        }
    };
    let own = [("name", name.clone())].into_iter().chain(blanks);
    let blanks: Vec<_> = own.map(|(blank, value)| (blank, value.into())).collect();
    NameWarning {
        warning: id.trim_start_matches("name-warning-").to_owned(),
        name: name.clone(),
        what: context.words.fill(id, &blanks),
    }
}
