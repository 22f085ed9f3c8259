//! Terms as a person types them: at the prompt, field by field, each checked as it is typed; or whole from standard input.
//!
//! For a read-back there is nothing here to copy from (OL-661): what the other side proposed is not shown, and how both differ is told
//! after it is signed.

mod prompt;

use openline_proto::contact::typed::{Fields, Slip, Typed};
use openline_wire::terms::Doubt;

use super::super::args::TypedTerms;
use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::interrupt::Watch;
use super::super::{say, time};
use crate::api::types::{NewTerms, Terms};

/// What a person types: for a proposal with words of his own.
pub fn ask(context: &Context<'_>, args: &TypedTerms, has_words: bool) -> Result<NewTerms, Failure> {
    let given = match args.stdin || !context.is_attended() {
        true => whole(context, args, has_words)?,
        false => {
            let _interrupts = Watch::begin(context, "error-interrupted-unsigned");
            prompt::ask(context, args.even_if_doubtful, has_words)?
        }
    };
    Ok(NewTerms {
        lang: context.tag.clone(),
        ..given
    })
}

/// All of it from standard input; a program must say beforehand that it means what is doubtful.
fn whole(context: &Context<'_>, args: &TypedTerms, has_words: bool) -> Result<NewTerms, Failure> {
    let given = form(&say::piped(context)?)?;
    let typed = read(&given.terms).map_err(refused)?;
    let doubts = typed.doubts(time::now_ms(), None);
    if !args.even_if_doubtful && !doubts.is_empty() {
        let doubts = doubts_in_words(context, &doubts);
        return Err(Failure::new(Exit::Failed, "error-terms-doubtful").with("doubts", doubts));
    }
    if !has_words && !given.text.is_empty() {
        return Err(Failure::new(Exit::Usage, "error-read-back-has-no-words"));
    }
    Ok(NewTerms {
        even_if_doubtful: args.even_if_doubtful,
        ..given
    })
}

fn read(terms: &Terms) -> Result<Typed, Slip> {
    let places: Vec<&str> = terms.places.iter().map(String::as_str).collect();
    Typed::read(Fields {
        places: &places,
        from: &terms.from,
        until: terms.until.as_deref(),
        next_contact: terms.next_contact.as_deref(),
    })
}

/// Reads `place: …` and the like, then after an empty line the words.
fn form(input: &str) -> Result<NewTerms, Failure> {
    let mut given = NewTerms::default();
    let mut lines = input.lines().enumerate();
    for (number, line) in lines.by_ref() {
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        let wrong = || Failure::new(Exit::Usage, "error-terms-form").with("number", number + 1);
        let (field, value) = line.split_once(':').ok_or_else(wrong)?;
        let value = value.trim().to_owned();
        let is_first = match field.trim() {
            "place" => {
                given.terms.places.push(value);
                true
            }
            "from" => std::mem::replace(&mut given.terms.from, value).is_empty(),
            "until" => given.terms.until.replace(value).is_none(),
            "next-contact" => given.terms.next_contact.replace(value).is_none(),
            _ => false,
        };
        if !is_first {
            return Err(wrong());
        }
    }
    let words: Vec<&str> = lines.map(|(_, line)| line).collect();
    given.text = words.join("\n").trim().to_owned();
    Ok(given)
}

fn doubts_in_words(context: &Context<'_>, doubts: &[Doubt]) -> String {
    let said = |doubt: &Doubt| {
        let id = format!("doubt-{}", doubt.word());
        let field = doubt.term().word();
        context.words.fill(&id, &[("field", field.into())])
    };
    let said: Vec<String> = doubts.iter().map(said).collect();
    said.join("; ")
}

fn refused(slip: Slip) -> Failure {
    let (field, wrong) = wrong(slip);
    Failure::new(Exit::Usage, "error-terms")
        .with("field", field)
        .with("wrong", wrong)
}

/// The field that is wrong, and in a word what is.
fn wrong(slip: Slip) -> (String, &'static str) {
    match slip {
        Slip::Place { at, wrong } => (format!("place-{}", at + 1), wrong.code()),
        Slip::Time { term, wrong } => (term.word(), wrong.code()),
        Slip::Order => ("until".to_owned(), "order"),
        Slip::TooManyPlaces { .. } => ("place-9".to_owned(), "too-many"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_field_by_field_and_a_wrong_line_is_named() {
        let input = "place: 50.4501N 30.5234E\nplace: 36UUB1234\nfrom: 2027-01-16T06:00+02:00\n\
                     next-contact: 2027-01-16T09:00Z\n\nCeasefire in the sector.\nBoth sides.\n";
        let given = form(input).expect("a form");
        assert_eq!(given.terms.places, ["50.4501N 30.5234E", "36UUB1234"]);
        assert_eq!(given.terms.from, "2027-01-16T06:00+02:00");
        assert_eq!(given.terms.until, None);
        assert_eq!(
            given.terms.next_contact.as_deref(),
            Some("2027-01-16T09:00Z")
        );
        assert_eq!(given.text, "Ceasefire in the sector.\nBoth sides.");
        for wrong in ["fromm: x", "from", "from: a\nfrom: b", "until: a\nuntil: b"] {
            assert!(form(wrong).is_err(), "{wrong}");
        }
        let fields = ["place", "from", "until", "next-contact"];
        assert!(
            fields
                .iter()
                .all(|field| form(&format!("{field}: x")).is_ok())
        );
    }
}
