//! Puts the words of `help.ftl` on the grammar of [`super::args`]: what each command and option does, and an
//! example for each command, in the reader's language.

use clap::{Arg, ArgAction, Command, CommandFactory as _};

use super::args::Cli;
use crate::i18n::Catalog;

/// Where the options stand that every command has: behind its own.
const LAST: usize = 1_000;

/// The command line with its help in the catalog's language.
pub fn command(words: &Catalog) -> Command {
    describe(Cli::command(), "openline", words)
}

/// `path` is the command as it is typed, with dashes: `line-open`.
fn describe(command: Command, path: &str, words: &Catalog) -> Command {
    let id = format!("help-{path}");
    let command = command
        .about(words.text(&id))
        .after_help(example(&id, words))
        .help_template(template(words))
        .subcommand_help_heading(words.text("help-heading-commands"))
        .disable_help_subcommand(true)
        .mut_args(|arg| describe_argument(arg, path, words));
    with_version(command, words).mut_subcommands(|sub| {
        let name = sub.get_name().to_owned();
        let path = if path == "openline" {
            name
        } else {
            format!("{path}-{name}")
        };
        describe(sub, &path, words)
    })
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
                }
            });
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
