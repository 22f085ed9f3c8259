//! A command line that is not understood, in the reader's language and in two parts.
//!
//! Source: whoever typed it. clap finds what is wrong and names it in a context; the words are ours, because clap
//! has English ones only.

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::failure::{Exit, Failure};
use super::help::HELP;

/// What is wrong with a command line, and the command whose help says how it is right.
pub fn failure(error: &Error, grammar: &Command, typed: &[String]) -> Failure {
    let of = |kind| named(error, kind);
    let argument = of(ContextKind::InvalidArg);
    let near = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    let near = near.into_iter().map(of).find(|near| !near.is_empty());
    let fits = of(ContextKind::ValidValue);
    if error.kind() == ErrorKind::UnknownArgument && wants_to_say(grammar, typed, &argument) {
        return Failure::new(Exit::Usage, "error-text-on-the-command-line");
    }
    let id = match error.kind() {
        ErrorKind::UnknownArgument => "error-usage-unknown-argument",
        ErrorKind::InvalidSubcommand => "error-usage-unknown-command",
        ErrorKind::MissingSubcommand => "error-usage-no-command",
        ErrorKind::MissingRequiredArgument => "error-usage-missing",
        ErrorKind::ArgumentConflict if argument == of(ContextKind::PriorArg) => "error-usage-twice",
        ErrorKind::ArgumentConflict => "error-usage-conflict",
        ErrorKind::InvalidValue if of(ContextKind::InvalidValue).is_empty() => {
            "error-usage-no-value"
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => "error-usage-value",
        _ => "error-usage-other",
    };
    Failure::new(Exit::Usage, id)
        .naming("argument", argument)
        .naming("value", of(ContextKind::InvalidValue))
        .naming("command", of(ContextKind::InvalidSubcommand))
        .naming("other", of(ContextKind::PriorArg))
        .naming("near", near.unwrap_or_else(|| "none".to_owned()))
        .naming(
            "fits",
            if fits.is_empty() {
                "none".to_owned()
            } else {
                fits
            },
        )
        .naming("help", format!("{} --help", path(grammar, typed)))
}

/// Whether somebody looks for the option that takes a text: there is none, and there is a reason.
fn wants_to_say(grammar: &Command, typed: &[String], argument: &str) -> bool {
    let option = argument.split('=').next().unwrap_or_default();
    let is_for_a_text = ["--text", "--message", "--msg", "--body", "-m", "-t"].contains(&option);
    is_for_a_text && path(grammar, typed) == "openline say"
}

/// What clap says of one part of the error, several of a kind with commas between.
fn named(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    }
}

/// The innermost command that was named rightly.
fn path(grammar: &Command, typed: &[String]) -> String {
    let mut path = vec!["openline"];
    let mut here = grammar;
    for word in typed.iter().skip(1) {
        let Some(sub) = here.find_subcommand(word) else {
            continue;
        };
        here = sub;
        // Whoever asks for help is not helped by the help of `help`.
        if sub.get_name() != HELP {
            path.push(sub.get_name());
        }
    }
    path.join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::help;
    use super::*;
    use crate::i18n::{Catalog, Language};

    fn told(typed: &[&str], language: Language) -> (String, String) {
        let words = Catalog::new(language);
        let typed: Vec<String> = typed.iter().map(|word| (*word).to_owned()).collect();
        let error = help::command(&words)
            .try_get_matches_from(&typed)
            .expect_err("it is wrong");
        let problem = failure(&error, &help::command(&words), &typed)
            .problem(&words)
            .expect("words");
        (problem.what, problem.do_now)
    }

    #[test]
    fn a_mistyped_command_is_named_with_its_neighbour() {
        let (what, do_now) = told(&["openline", "statsu"], Language::English);
        assert_eq!(what, "There is no command “statsu”.");
        assert_eq!(
            do_now,
            "Did you mean: station, status?\nAll commands: openline --help"
        );
        let (what, do_now) = told(&["openline", "line", "frob"], Language::Russian);
        assert_eq!(what, "Команды «frob» нет.");
        assert!(do_now.contains("openline line --help"), "{do_now}");
    }

    #[test]
    fn a_value_that_does_not_fit_is_answered_with_those_that_do() {
        let typed = ["openline", "say", "--wait", "foo"];
        let (what, do_now) = told(&typed, Language::Russian);
        assert!(what.contains("foo") && what.contains("--wait"), "{what}");
        assert!(do_now.contains("stored, shown, read"), "{do_now}");
    }

    #[test]
    fn an_option_for_the_text_is_answered_with_the_reason_why_there_is_none() {
        for argument in ["--text", "--text=x", "--message"] {
            let typed = ["openline", "say", argument, "x"];
            let (what, _) = told(&typed, Language::English);
            assert!(what.contains("process list"), "{argument}: {what}");
        }
        let (what, _) = told(&["openline", "show", "--text"], Language::English);
        assert!(what.contains("--text"), "{what}");
    }

    #[test]
    fn what_is_missing_or_one_too_many_is_named() {
        let (what, _) = told(&["openline", "show"], Language::English);
        assert!(what.contains("<ENTRY>"), "{what}");
        let (what, _) = told(&["openline", "status", "--frob"], Language::English);
        assert!(what.contains("--frob"), "{what}");
        let (what, _) = told(
            &["openline", "say", "--flash", "--priority"],
            Language::English,
        );
        assert!(
            what.contains("--flash") && what.contains("--priority"),
            "{what}"
        );
        let twice = ["openline", "status", "--lang", "en", "--lang", "ru"];
        let (what, _) = told(&twice, Language::English);
        assert_eq!(what, "--lang <TAG> is given twice.");
        let (what, _) = told(&["openline", "say", "--wait"], Language::English);
        assert!(what.contains("--wait"), "{what}");
    }
}
