//! The commands that messages advise, as they can be typed here: where a home was named, the next command needs it too. Only our own
//! words are changed, never what fills their blanks: somebody else's text may name commands.

use std::borrow::Cow;
use std::sync::OnceLock;

/// The commands that work on a home. A test holds them against the grammar.
pub(crate) const OF_A_HOME: [&str; 25] = [
    "alarm",
    "bearers",
    "card",
    "contact",
    "courier",
    "doctor",
    "exercise",
    "export",
    "file",
    "follow",
    "line",
    "ring",
    "say",
    "show",
    "sign-read",
    "silence",
    "station",
    "status",
    "suspend",
    "resume",
    "test",
    "traffic",
    "verify",
    "watch",
    "init",
];

static PROGRAM: OnceLock<String> = OnceLock::new();

/// What an advised command begins with, for the whole process: `openline --home /srv/line`. The first call counts.
pub fn begin_with(program: String) {
    let _ = PROGRAM.set(program);
}

/// Our own words, with the commands as they can be typed here.
pub(super) fn typed_here(text: &str) -> Cow<'_, str> {
    match PROGRAM.get() {
        Some(program) => with_program(text, program),
        None => Cow::Borrowed(text),
    }
}

fn with_program<'a>(text: &'a str, program: &str) -> Cow<'a, str> {
    const NAME: &str = "openline ";
    if !text.contains(NAME) {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split(NAME);
    let mut typed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_lowercase() && c != '-');
        let word = &part[..end.unwrap_or(part.len())];
        match OF_A_HOME.contains(&word) {
            true => {
                typed.push_str(program);
                typed.push(' ');
            }
            false => typed.push_str(NAME),
        }
        typed.push_str(part);
    }
    Cow::Owned(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_advised_command_names_the_home_and_other_words_stay() {
        let typed = |text| with_program(text, "openline --home W").into_owned();
        assert_eq!(
            typed("To answer: openline ring accept R-1, or \"openline sign-read\""),
            "To answer: openline --home W ring accept R-1, or \"openline --home W sign-read\""
        );
        assert_eq!(typed("openline show"), "openline --home W show");
        for other in [
            "openline is open",
            "openline --home X say",
            "an openline",
            "openline",
        ] {
            assert_eq!(typed(other), other);
        }
    }
}
