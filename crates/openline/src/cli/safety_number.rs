//! Comparing the safety number: the one thing in opening a line that only people can do.

use std::io::IsTerminal as _;

use openline_wire::header::Actor;
use openline_wire::language::LocalNames;
use openline_wire::names;
use openline_wire::safety::SafetyNumber;

use super::actor;
use super::context::Context;
use super::failure::{Exit, Failure};
use crate::ceremony::CeremonyError;

/// Digits of a safety number.
const DIGITS: usize = 60;

/// How often one may mishear or mistype sixty digits before he begins anew.
const TRIES: usize = 3;

/// The number that the other side read out, and who compared it. There is no way past it.
pub fn compare(
    context: &Context<'_>,
    expected: SafetyNumber,
    given: Option<&str>,
    operator: Option<String>,
    peer: &LocalNames,
) -> Result<(SafetyNumber, Actor), Failure> {
    let number = match given {
        Some(typed) => check(expected, typed)?,
        None if context.is_attended() => ask(context, expected)?,
        None => return Err(nobody_asked(context)),
    };
    let by = match operator {
        Some(name) => actor::claimed(name, peer)?,
        None if context.is_attended() => actor::claimed(ask_name(context)?, peer)?,
        None => actor::unix_user(),
    };
    Ok((number, by))
}

/// Refuses what is no safety number, or another one.
pub fn check(expected: SafetyNumber, typed: &str) -> Result<SafetyNumber, Failure> {
    let got = typed.parse().map_err(CeremonyError::SafetyNumber)?;
    match expected == got {
        true => Ok(got),
        false => Err(CeremonyError::NumberDiffers { expected, got }.into()),
    }
}

fn ask(context: &Context<'_>, expected: SafetyNumber) -> Result<SafetyNumber, Failure> {
    let row = |digits: usize| match digits {
        0 => context.ask(&context.words.text("ask-safety-number")),
        _ => context.ask(
            &context
                .words
                .fill("ask-safety-number-rest", &[("count", digits.into())]),
        ),
    };
    several_tries(expected, row, |failure| failure.tell(context.words, false))
}

/// Asks for the number, row by row as it is read aloud; `row` is told how many digits there are already.
fn several_tries(
    expected: SafetyNumber,
    mut row: impl FnMut(usize) -> Result<String, Failure>,
    mut tell: impl FnMut(&Failure),
) -> Result<SafetyNumber, Failure> {
    let mut exit = Exit::VerificationFailed;
    for _ in 0..TRIES {
        match check(expected, &one_try(&mut row)?) {
            Ok(number) => return Ok(number),
            Err(failure) => {
                tell(&failure);
                exit = failure.exit();
            }
        }
    }
    Err(Failure::new(exit, "error-safety-number-tries").with("count", TRIES))
}

/// Rows until there are enough digits, or something that is none, or an empty row.
fn one_try(row: &mut impl FnMut(usize) -> Result<String, Failure>) -> Result<String, Failure> {
    let mut typed = String::new();
    loop {
        let digits = typed.chars().filter(char::is_ascii_digit).count();
        let more = row(digits)?;
        typed.push_str(&more);
        typed.push(' ');
        let digits = typed.chars().filter(char::is_ascii_digit).count();
        let is_number = |c: char| c.is_ascii_digit() || c.is_whitespace() || c == '-';
        if more.is_empty() || digits >= DIGITS || !more.chars().all(is_number) {
            return Ok(typed);
        }
    }
}

/// Who compared it: the record names him.
fn ask_name(context: &Context<'_>) -> Result<String, Failure> {
    let question = context.words.text("ask-compared-name");
    for _ in 0..TRIES {
        let name = context.ask(&question)?;
        if names::is_acceptable(&name) {
            return Ok(name);
        }
    }
    Err(Failure::new(Exit::Usage, "error-no-comparer"))
}

fn nobody_asked(context: &Context<'_>) -> Failure {
    let reason = match (context.json, std::io::stdin().is_terminal()) {
        (true, _) => "json",
        (false, true) => "output",
        (false, false) => "input",
    };
    Failure::new(Exit::Usage, "error-safety-number-needed").with("reason", reason)
}

#[cfg(test)]
mod tests {
    use openline_wire::ids::PartyId;

    use super::*;
    use crate::i18n::{Catalog, Language};

    fn number() -> SafetyNumber {
        SafetyNumber::of(PartyId([1; 32]), PartyId([2; 32]))
    }

    /// What comes of it when a person types these rows, and what he is told on the way.
    fn typing(rows: &[&str]) -> (Result<SafetyNumber, Failure>, Vec<String>) {
        let words = Catalog::new(Language::English);
        let mut rows = rows.iter();
        let mut told = Vec::new();
        let row = |_| Ok(rows.next().copied().unwrap_or_default().to_owned());
        let result = several_tries(number(), row, |failure| {
            told.extend(failure.problem(&words).map(|problem| problem.what));
        });
        (result, told)
    }

    #[test]
    fn a_number_is_typed_in_two_rows_as_it_is_printed() {
        let text = number().to_string().replace('-', " ");
        let (first, second) = text.split_at(36);
        let (result, told) = typing(&[first, second]);
        assert_eq!(result.ok(), Some(number()));
        assert!(told.is_empty(), "{told:?}");
    }

    #[test]
    fn a_slip_names_its_group_and_the_next_try_goes_through() {
        let text = number().to_string();
        let mut groups: Vec<&str> = text.split('-').collect();
        let wrong = if groups[2] == "00000" {
            "00001"
        } else {
            "00000"
        };
        groups[2] = wrong;
        let (result, told) = typing(&[&groups.join(" "), "12x", "", &text]);
        assert!(result.is_err(), "three slips are too many");
        let (result, _) = typing(&[&groups.join(" "), "12x", &text]);
        assert_eq!(result.ok(), Some(number()));
        assert!(told[0].contains("group 3"), "{}", told[0]);
        assert!(told[1].contains('x'), "{}", told[1]);
    }

    #[test]
    fn a_wrong_number_stays_wrong_however_often_it_is_typed() {
        let other = SafetyNumber::of(PartyId([1; 32]), PartyId([3; 32])).to_string();
        let (result, told) = typing(&[&other, &other, &other, &number().to_string()]);
        let failure = result.expect_err("another number");
        assert_eq!(failure.exit(), Exit::VerificationFailed);
        assert_eq!(told.len(), 3, "each slip is told: {told:?}");
        let last = failure.problem(&Catalog::new(Language::English));
        let last = last.expect("words").what;
        assert_eq!(last, "All 3 tries are used up.");
    }

    #[test]
    fn the_places_of_groups_do_not_read_as_their_count() {
        let text = number().to_string();
        let slip = |places: &[usize]| {
            let mut groups: Vec<String> = text.split('-').map(str::to_owned).collect();
            for &place in places {
                let digit = if groups[place].starts_with('0') {
                    "1"
                } else {
                    "0"
                };
                groups[place].replace_range(..1, digit);
            }
            check(number(), &groups.join("-")).expect_err("a slip")
        };
        let said = |places: &[usize], language| {
            let problem = slip(places).problem(&Catalog::new(language));
            problem.expect("words").what
        };
        for (places, language, words) in [
            (&[5][..], Language::English, "group 6 of 12 differs."),
            (&[0, 5], Language::English, "groups 1, 6 of 12 differ."),
            (
                &[5],
                Language::Russian,
                "не совпала группа № 6 (всего их 12).",
            ),
            (
                &[0, 5],
                Language::Russian,
                "не совпали группы № 1, 6 (всего их 12).",
            ),
        ] {
            let said = said(places, language);
            assert!(said.ends_with(words), "{said}");
        }
    }
}
