//! Puts the words of `help.ftl` on the grammar of [`super::args`]: what each command and option does, and an
//! example for each command, in the reader's language.

use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory as _};

use super::args::Cli;
use crate::i18n::Catalog;

/// The command that prints the help of others.
pub const HELP: &str = "help";

/// Where the options stand that every command has: behind its own.
const LAST: usize = 1_000;

/// The command line with its help in the catalog's language.
pub fn command(words: &Catalog) -> Command {
    // clap's own `help` has English words only.
    let of = Arg::new("command").value_name("COMMAND").num_args(0..);
    let grammar = Cli::command().subcommand(Command::new(HELP).arg(of));
    describe(grammar, "openline", "openline", words)
}

/// The command line that prints the help which was asked for with `openline help ...`, if it was.
pub fn asked_for(matches: &ArgMatches) -> Option<Vec<String>> {
    let (_, asked) = matches.subcommand().filter(|(name, _)| *name == HELP)?;
    let of = asked.get_many::<String>("command").unwrap_or_default();
    let typed = ["openline"].into_iter().chain(of.map(String::as_str));
    Some(typed.chain(["--help"]).map(str::to_owned).collect())
}

/// `path` is the command in the ids of its messages, `line-open`; `typed` is what one types, `openline line open`.
fn describe(command: Command, path: &str, typed: &str, words: &Catalog) -> Command {
    let id = format!("help-{path}");
    let command = command
        .about(words.text(&id))
        .after_help(example(&id, words))
        .help_template(template(words))
        .subcommand_help_heading(words.text("help-heading-commands"))
        .disable_help_subcommand(true)
        .mut_args(|arg| describe_argument(arg, path, words));
    let usage = usage(&command, typed, words);
    let command = with_version(command.override_usage(usage), words);
    command.mut_subcommands(|sub| {
        let name = sub.get_name().to_owned();
        let typed = format!("{typed} {name}");
        let path = if path == "openline" {
            name
        } else {
            format!("{path}-{name}")
        };
        describe(sub, &path, &typed, words)
    })
}

/// What must be typed, in the order in which it is typed.
fn usage(command: &Command, typed: &str, words: &Catalog) -> String {
    let mut parts = vec![typed.to_owned(), words.text("help-usage-options")];
    let shown = || command.get_arguments().filter(|arg| !arg.is_hide_set());
    let value = |arg: &Arg| arg.get_value_names().unwrap_or_default().join(" ");
    for arg in shown().filter(|arg| arg.is_required_set() && !arg.is_positional()) {
        let name = arg.get_long().unwrap_or_default();
        parts.push(format!("--{name} <{}>", value(arg)));
    }
    for arg in shown().filter(|arg| arg.is_positional()) {
        parts.push(match arg.is_required_set() {
            true => format!("<{}>", value(arg)),
            false => format!("[{}]...", value(arg)),
        });
    }
    if command.has_subcommands() {
        parts.push(words.text("help-usage-command"));
    }
    parts.join(" ")
}

/// An option's own words for this command if there are any, else the words that it has everywhere.
fn describe_argument(arg: Arg, path: &str, words: &Catalog) -> Arg {
    let (own, everywhere) = argument_ids(&arg, path);
    let text = words.find(&own).unwrap_or_else(|| words.text(&everywhere));
    let heading = match arg.is_positional() {
        true => "help-heading-arguments",
        false => "help-heading-options",
    };
    let arg = arg.help(text).help_heading(words.text(heading));
    let value = value_id(&arg);
    let arg = match value.and_then(|id| words.find(&id)) {
        Some(value) => arg.value_name(value),
        None => arg,
    };
    let arg = match arg.is_global_set() {
        true => arg.display_order(LAST),
        false => arg,
    };
    match arg.get_action().takes_values() {
        // What they are, our own words say.
        true => arg.hide_default_value(true).hide_possible_values(true),
        false => arg,
    }
}

/// The message that names an option's value.
fn value_id(arg: &Arg) -> Option<String> {
    let name = arg.get_value_names()?.first()?;
    Some(format!("help-value-{}", name.to_lowercase()))
}

/// The messages that an option's words may stand in.
fn argument_ids(arg: &Arg, path: &str) -> (String, String) {
    let name = arg.get_id().as_str().replace('_', "-");
    (
        format!("help-{path}--{name}"),
        format!("help-option-{name}"),
    )
}

fn with_version(command: Command, words: &Catalog) -> Command {
    if command.get_version().is_none() {
        return command;
    }
    let version = Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version)
        .display_order(LAST)
        .help(words.text("help-option-version"))
        .help_heading(words.text("help-heading-options"));
    command.disable_version_flag(true).arg(version)
}

fn example(id: &str, words: &Catalog) -> String {
    let heading = words.text("help-heading-example");
    let example = words.attribute(id, "example", &[]).unwrap_or_default();
    let lines: String = example.lines().map(|line| format!("\n  {line}")).collect();
    format!("{heading}{lines}")
}

fn template(words: &Catalog) -> String {
    let usage = words.text("help-heading-usage");
    format!("{{about}}\n\n{usage} {{usage}}\n\n{{all-args}}{{after-help}}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    fn each_command(command: &Command, path: &str, visit: &mut dyn FnMut(&Command, &str)) {
        visit(command, path);
        for sub in command.get_subcommands() {
            let path = match path {
                "openline" => sub.get_name().to_owned(),
                _ => format!("{path}-{}", sub.get_name()),
            };
            each_command(sub, &path, visit);
        }
    }

    /// With the options that all commands share in each of them.
    fn built(words: &Catalog) -> Command {
        let mut grammar = command(words);
        grammar.build();
        grammar
    }

    #[test]
    fn the_commands_that_are_advised_for_a_home_are_those_that_there_are() {
        let grammar = Cli::command();
        let all = grammar.get_subcommands().map(Command::get_name);
        let mut all: Vec<&str> = all.filter(|name| *name != "demo").collect();
        let mut advised = crate::i18n::advice::OF_A_HOME.to_vec();
        all.sort_unstable();
        advised.sort_unstable();
        assert_eq!(advised, all);
    }

    #[test]
    fn the_grammar_is_sound() {
        command(&Catalog::new(Language::Russian)).debug_assert();
    }

    #[test]
    fn every_command_has_words_and_an_example_and_every_option_has_words() {
        for language in Language::ALL {
            let words = Catalog::new(language);
            each_command(&Cli::command(), "openline", &mut |command, path| {
                let id = format!("help-{path}");
                assert!(words.find(&id).is_some(), "{id} in {language:?}");
                assert!(
                    words.attribute(&id, "example", &[]).is_some(),
                    "{id}.example"
                );
                for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
                    let (own, everywhere) = argument_ids(arg, path);
                    let found = words.find(&own).or_else(|| words.find(&everywhere));
                    assert!(found.is_some(), "{own} or {everywhere} in {language:?}");
                    let takes_values = arg.get_action().takes_values();
                    let value = value_id(arg).filter(|_| takes_values);
                    assert!(value.is_none_or(|id| words.find(&id).is_some()), "{arg:?}");
                }
            });
        }
    }

    /// The help as it is printed for this command line.
    fn printed(typed: &str, words: &Catalog) -> String {
        let parsed = command(words).try_get_matches_from(typed.split(' '));
        parsed.expect_err("help").render().to_string()
    }

    #[test]
    fn russian_help_is_russian_but_for_what_is_typed() {
        let words = Catalog::new(Language::Russian);
        each_command(&built(&words), "openline", &mut |command, _| {
            let mut command = command.clone();
            let help = command.render_help().to_string();
            for english in [
                "OPTIONS", "COMMAND", "FILE", "NAME", "DIR", "Usage", "Options",
            ] {
                assert!(!help.contains(english), "{english} in {help}");
            }
        });
    }

    #[test]
    fn the_usage_says_what_must_be_typed() {
        let words = Catalog::new(Language::English);
        let usage = |typed: &str| {
            let help = printed(typed, &words);
            let line = help.lines().find(|line| line.starts_with("Usage:"));
            line.unwrap_or_default().to_owned()
        };
        assert_eq!(
            usage("openline --help"),
            "Usage: openline [OPTIONS] <COMMAND>"
        );
        assert_eq!(
            usage("openline line open --help"),
            "Usage: openline line open [OPTIONS] --with <CARD> --output <FILE>"
        );
        assert_eq!(
            usage("openline show --help"),
            "Usage: openline show [OPTIONS] <ENTRY>"
        );
        assert_eq!(
            usage("openline say --help"),
            "Usage: openline say [OPTIONS]"
        );
    }

    #[test]
    fn what_follows_the_command_stands_before_its_options() {
        for language in Language::ALL {
            let words = Catalog::new(language);
            each_command(&built(&words), "openline", &mut |command, path| {
                let help = command.clone().render_help().to_string();
                let at = |id| help.find(&format!("\n{}:\n", words.text(id)));
                let arguments = at("help-heading-arguments");
                let options = at("help-heading-options").expect("some options");
                assert!(arguments.is_none_or(|at| at < options), "{path}: {help}");
            });
        }
    }

    #[test]
    fn help_is_a_command_too() {
        let words = Catalog::new(Language::Russian);
        for (asked, same) in [
            ("openline help", "openline --help"),
            (
                "openline --json help line open",
                "openline line open --help",
            ),
        ] {
            let matches = command(&words).try_get_matches_from(asked.split(' '));
            let typed = asked_for(&matches.expect("a command"))
                .expect("help")
                .join(" ");
            assert_eq!(typed, same);
            assert!(!printed(&typed, &words).is_empty());
        }
    }

    /// The words of an example from `openline` up to a pipe or a redirection, quotes removed.
    fn typed(line: &str) -> Vec<String> {
        let start = line.find("openline ").unwrap_or_default();
        let end = line[start..].find(['|', '<', '>']);
        let line = &line[start..end.map_or(line.len(), |end| start + end)];
        let pieces = line.split('"').enumerate().flat_map(|(i, piece)| {
            let quoted = i % 2 == 1;
            match quoted {
                true => vec![piece.to_owned()],
                false => piece.split_whitespace().map(str::to_owned).collect(),
            }
        });
        pieces.collect()
    }

    #[test]
    fn every_example_is_a_command_that_parses() {
        for language in Language::ALL {
            let words = Catalog::new(language);
            each_command(&Cli::command(), "openline", &mut |_, path| {
                let id = format!("help-{path}");
                let example = words.attribute(&id, "example", &[]).unwrap_or_default();
                for line in example.lines() {
                    let parsed = command(&words).try_get_matches_from(typed(line));
                    assert!(parsed.is_ok(), "{line}: {:?}", parsed.err());
                }
            });
        }
    }
}
