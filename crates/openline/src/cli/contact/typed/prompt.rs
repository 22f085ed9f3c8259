//! The terms at a terminal: field by field, then as they were understood, until the person signs. A slip costs the field that it is in,
//! and not the others: whoever reads back has somebody on the line who waits.

use openline_wire::limits;
use openline_wire::place::Place;
use openline_wire::zoned::Zoned;

use super::super::super::context::Context;
use super::super::super::failure::{Exit, Failure};
use super::super::super::time;
use super::super::text;
use super::{doubts_in_words, read, wrong};
use crate::api::types::{NewTerms, Terms};

/// A field that can be typed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    /// A place, counted from 0.
    Place(usize),
    From,
    Until,
    Next,
    Words,
}

/// Asks for all fields, then again for those that the person names, until he types that this is what he means.
pub fn ask(
    context: &Context<'_>,
    even_if_doubtful: bool,
    has_words: bool,
) -> Result<NewTerms, Failure> {
    context.say("contact-ask-terms", &[])?;
    let mut given = NewTerms::default();
    while given.terms.places.len() < limits::PLACES {
        let before = given.terms.places.len();
        type_in(context, Field::Place(before), &mut given)?;
        if given.terms.places.len() == before {
            break;
        }
    }
    type_in(context, Field::From, &mut given)?;
    type_in(context, Field::Until, &mut given)?;
    type_in(context, Field::Next, &mut given)?;
    if has_words {
        type_in(context, Field::Words, &mut given)?;
    }
    loop {
        let is_doubtful = show(context, &given)?;
        let question = match is_doubtful {
            Some(_) => "contact-ask-sign",
            None => "contact-ask-which",
        };
        let fields = fields(context, &given, has_words);
        let names: Vec<String> = fields.iter().map(|(_, name)| name.clone()).collect();
        let question = context
            .words
            .fill(question, &[("fields", names.join(", ").into())]);
        let answer = context.ask_or_leave(&question)?;
        let is = |word: &str, id: &str| {
            answer.eq_ignore_ascii_case(word) || answer.to_lowercase() == context.words.text(id)
        };
        if is("no", "word-no") {
            return Err(Failure::new(Exit::Failed, "error-terms-not-signed"));
        }
        let is_yes = is("yes", "word-yes");
        match (is_doubtful, named(&answer, &fields)) {
            (Some(is_doubtful), _) if is_yes => {
                // Of what was doubted here, he has just said that he means it.
                given.even_if_doubtful = even_if_doubtful || is_doubtful;
                return Ok(given);
            }
            (_, Some(field)) => type_in(context, field, &mut given)?,
            _ => context.say("contact-no-such-field", &[])?,
        }
    }
}

/// Shows what the program understood, so that a slip is seen before it is signed: the person's own words, and nobody else's. Tells
/// whether some of it is doubtful; none if it can't be signed so.
fn show(context: &Context<'_>, given: &NewTerms) -> Result<Option<bool>, Failure> {
    context.say("contact-typed", &[])?;
    let terms = text::terms(context, &as_read(&given.terms));
    let words = text::words(context, &given.text);
    terms
        .iter()
        .chain(&words)
        .try_for_each(|line| context.print(line))?;
    match read(&given.terms) {
        Ok(typed) => {
            let doubts = typed.doubts(time::now_ms(), None);
            if !doubts.is_empty() {
                let doubts = doubts_in_words(context, &doubts);
                context.say("contact-doubts", &[("doubts", doubts.into())])?;
            }
            Ok(Some(!doubts.is_empty()))
        }
        Err(slip) => {
            let (field, wrong) = wrong(slip);
            let blanks = [("wrong", wrong.into()), ("field", field.into())];
            context.say("contact-wrong", &blanks)?;
            Ok(None)
        }
    }
}

/// The fields that can be typed again, with their names in the person's language: each place, and the next one.
fn fields(context: &Context<'_>, given: &NewTerms, has_words: bool) -> Vec<(Field, String)> {
    let places = (given.terms.places.len() + 1).min(limits::PLACES);
    let places = (0..places).map(|at| (Field::Place(at), format!("place-{}", at + 1)));
    let times = [
        (Field::From, "from"),
        (Field::Until, "until"),
        (Field::Next, "next-contact"),
    ];
    let times = times.map(|(field, word)| (field, word.to_owned()));
    let words = has_words.then(|| (Field::Words, "words".to_owned()));
    let in_words = |(field, word): (Field, String)| {
        let name = context.words.fill("term-field", &[("field", word.into())]);
        (field, name)
    };
    places.chain(times).chain(words).map(in_words).collect()
}

/// The field that a person names: as it was named to him, or as the form calls it (`place-2`, `next-contact`).
fn named(answer: &str, fields: &[(Field, String)]) -> Option<Field> {
    let plain = |name: &str| name.trim().to_lowercase().replace('-', " ");
    let answer = plain(answer);
    let by_the_form = |field: Field| match field {
        Field::Place(at) => format!("place {}", at + 1),
        Field::From => "from".to_owned(),
        Field::Until => "until".to_owned(),
        Field::Next => "next contact".to_owned(),
        Field::Words => "words".to_owned(),
    };
    let mut fields = fields.iter();
    let found = fields.find(|(field, name)| answer == plain(name) || answer == by_the_form(*field));
    found.map(|(field, _)| *field)
}

/// Asks for one field. What is left empty is left out, a place too.
fn type_in(context: &Context<'_>, which: Field, given: &mut NewTerms) -> Result<(), Failure> {
    let terms = &mut given.terms;
    let question = |id: &str| context.words.text(id);
    match which {
        Field::Place(at) => {
            let at = at.min(terms.places.len());
            let blanks = [("number", (at + 1).into())];
            let question = context.words.fill("contact-ask-place", &blanks);
            let typed = field(context, &question, false, as_place)?;
            let rest = terms.places.split_off(at);
            terms.places.extend(typed);
            terms.places.extend(rest.into_iter().skip(1));
        }
        Field::From => {
            let typed = field(context, &question("contact-ask-from"), true, as_time)?;
            terms.from = typed.unwrap_or_default();
        }
        Field::Until => {
            terms.until = field(context, &question("contact-ask-until"), false, as_time)?;
        }
        Field::Next => {
            terms.next_contact = field(context, &question("contact-ask-next"), false, as_time)?;
        }
        Field::Words => given.text = context.ask_or_leave(&question("contact-ask-words"))?,
    }
    Ok(())
}

fn as_read(terms: &Terms) -> Terms {
    let time = |typed: &str| {
        typed
            .parse::<Zoned>()
            .map_or_else(|_| typed.to_owned(), |time| time.to_string())
    };
    let place = |typed: &String| {
        typed
            .parse::<Place>()
            .map_or_else(|_| typed.clone(), |place| place.to_string())
    };
    Terms {
        places: terms.places.iter().map(place).collect(),
        from: time(&terms.from),
        until: terms.until.as_deref().map(time),
        next_contact: terms.next_contact.as_deref().map(time),
    }
}

fn as_place(text: &str) -> Result<(), &'static str> {
    let read = text.parse::<Place>();
    read.map(|_| ()).map_err(|wrong| wrong.code())
}

fn as_time(text: &str) -> Result<(), &'static str> {
    let read = text.parse::<Zoned>();
    read.map(|_| ()).map_err(|wrong| wrong.code())
}

/// Asks until it is one; none if it may be left out and was.
fn field(
    context: &Context<'_>,
    question: &str,
    must: bool,
    check: impl Fn(&str) -> Result<(), &'static str>,
) -> Result<Option<String>, Failure> {
    loop {
        let Some(typed) = context.ask_unless_ended(question)? else {
            return Err(Failure::new(
                Exit::Interrupted,
                "error-interrupted-unsigned",
            ));
        };
        if typed.is_empty() && !must {
            return Ok(None);
        }
        match check(&typed) {
            Ok(()) => return Ok(Some(typed)),
            Err(wrong) => context.say(
                "contact-wrong",
                &[("wrong", wrong.into()), ("field", "typed".into())],
            )?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_named_as_the_screen_or_the_form_calls_it_and_nothing_else_is_one() {
        let fields = [
            (Field::Place(0), "место 1".to_owned()),
            (Field::Place(1), "место 2".to_owned()),
            (Field::Next, "следующая связь".to_owned()),
        ];
        let named = |answer| named(answer, &fields);
        for first in ["place-1", " Place 1 ", "Место 1", "место-1"] {
            assert_eq!(named(first), Some(Field::Place(0)), "{first}");
        }
        assert_eq!(named("next-contact"), Some(Field::Next));
        assert_eq!(named("Следующая связь"), Some(Field::Next));
        for wrong in ["", "yes", "place", "place-0", "place-3", "words", "from"] {
            assert_eq!(named(wrong), None, "{wrong}");
        }
    }
}
