//! Terms as a person types them: at the prompt, field by field, each checked as it is typed; or whole from standard input.
//!
//! For a read-back there is nothing here to copy from (OL-661): what the other side proposed is not shown, and how both differ is told
//! after it is signed.

use openline_proto::contact::typed::{Fields, Slip, Typed};
use openline_wire::limits;
use openline_wire::place::Place;
use openline_wire::terms::Doubt;
use openline_wire::zoned::Zoned;

use super::super::args::TypedTerms;
use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::interrupt::Watch;
use super::super::{say, time};
use super::text;
use crate::api::types::{NewTerms, Terms};

/// What a person types: for a proposal with words of his own.
pub fn ask(context: &Context<'_>, args: &TypedTerms, has_words: bool) -> Result<NewTerms, Failure> {
    let given = match args.stdin || !context.is_attended() {
        true => form(&say::piped(context)?)?,
        false => {
            let _interrupts = Watch::begin(context, "error-interrupted-unsent");
            at_the_prompt(context, has_words)?
        }
    };
    let typed = read(&given.terms).map_err(refused)?;
    let doubts = typed.doubts(time::now_ms(), None);
    let even_if_doubtful = args.even_if_doubtful || doubts.is_empty();
    if !even_if_doubtful {
        doubted(context, &doubts)?;
    }
    if !args.stdin && context.is_attended() {
        context.ask_yes("contact-ask-sign")?;
    }
    if !has_words && !given.text.is_empty() {
        return Err(Failure::new(Exit::Usage, "error-read-back-has-no-words"));
    }
    Ok(NewTerms {
        // Of what was doubted here, a person has just said that he means it.
        even_if_doubtful: args.even_if_doubtful || !doubts.is_empty(),
        lang: context.tag.clone(),
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

fn at_the_prompt(context: &Context<'_>, has_words: bool) -> Result<NewTerms, Failure> {
    context.say("contact-ask-terms", &[])?;
    let mut terms = Terms::default();
    while terms.places.len() < limits::PLACES {
        let number = terms.places.len() + 1;
        let question = [("number", number.into())];
        let question = context.words.fill("contact-ask-place", &question);
        match field(context, &question, false, as_place)? {
            Some(place) => terms.places.push(place),
            None => break,
        }
    }
    let from = context.words.text("contact-ask-from");
    terms.from = field(context, &from, true, as_time)?.unwrap_or_default();
    let until = context.words.text("contact-ask-until");
    terms.until = field(context, &until, false, as_time)?;
    let next = context.words.text("contact-ask-next");
    terms.next_contact = field(context, &next, false, as_time)?;
    let text = match has_words {
        true => context.ask_or_leave(&context.words.text("contact-ask-words"))?,
        false => String::new(),
    };
    context.say("contact-typed", &[])?;
    for line in text::terms(context, &as_read(&terms)) {
        context.print(line)?;
    }
    for line in text::words(context, &text) {
        context.print(line)?;
    }
    Ok(NewTerms {
        terms,
        text,
        ..NewTerms::default()
    })
}

/// What the program understood, so that a slip is seen before it is signed: his own words, and nobody else's.
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

/// Asks until it is one; none if it may be left out and was, or the input ended.
fn field(
    context: &Context<'_>,
    question: &str,
    must: bool,
    check: impl Fn(&str) -> Result<(), &'static str>,
) -> Result<Option<String>, Failure> {
    loop {
        let Some(typed) = context.ask_unless_ended(question)? else {
            return Err(Failure::new(Exit::Interrupted, "error-interrupted-unsent"));
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

/// What is doubtful a person is told before he is asked whether he means it; a program must say beforehand that it does.
fn doubted(context: &Context<'_>, doubts: &[Doubt]) -> Result<(), Failure> {
    let said = |doubt: &Doubt| {
        let id = format!("doubt-{}", doubt.word());
        let field = doubt.term().word();
        context.words.fill(&id, &[("field", field.into())])
    };
    let said: Vec<String> = doubts.iter().map(said).collect();
    let said = said.join("; ");
    match context.is_attended() {
        true => context.say("contact-doubts", &[("doubts", said.into())]),
        false => Err(Failure::new(Exit::Failed, "error-terms-doubtful").with("doubts", said)),
    }
}

fn refused(slip: Slip) -> Failure {
    let (field, wrong) = match slip {
        Slip::Place { at, wrong } => (format!("place-{}", at + 1), wrong.code()),
        Slip::Time { term, wrong } => (term.word(), wrong.code()),
        Slip::Order => ("until".to_owned(), "order"),
        Slip::TooManyPlaces { .. } => ("place-9".to_owned(), "too-many"),
    };
    Failure::new(Exit::Usage, "error-terms")
        .with("field", field)
        .with("wrong", wrong)
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
