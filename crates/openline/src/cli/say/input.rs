//! Where a text comes from, whole or not at all: never a part of it, and its size is said as it is.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd as _;
use std::os::unix::fs::FileTypeExt as _;

use openline_wire::codes::Precedence;
use openline_wire::{limits, text};
use zeroize::Zeroizing;

use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::typing::{MOST, Terminal, Typed};
use crate::api::types::Problem;

/// Texts up to here are the station's to refuse, by the charter that both signed; a longer one would not even fit
/// into a call.
const FOR_THE_STATION: usize = 4 * limits::TEXT;

/// All of standard input.
pub fn piped(context: &Context<'_>) -> Result<String, Failure> {
    let read = read_all(io::stdin().lock());
    let bytes = read.map_err(|error| Failure::file("standard input", &error))?;
    match bytes {
        Some(bytes) => {
            let length = bytes.len() as u64;
            whole(context, Typed { bytes, length })
        }
        None => Err(refusal(context, "error-text-without-end", MOST as u64)),
    }
}

/// Whether standard input is a pipe or a file, and not a terminal or the empty device that services are started with.
pub fn is_piped() -> bool {
    let input = io::stdin().as_fd().try_clone_to_owned();
    let kind = input.and_then(|input| Ok(File::from(input).metadata()?.file_type()));
    kind.is_ok_and(|kind| kind.is_fifo() || kind.is_file() || kind.is_socket())
}

/// Typed at the terminal.
pub fn typed() -> Result<Typed, Failure> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::Other => Failure::new(Exit::Failed, "error-typed-too-early"),
        io::ErrorKind::Interrupted => Failure::new(Exit::Interrupted, "error-interrupted-unsent"),
        _ => Failure::file("standard input", &error),
    };
    let terminal = Terminal::take().map_err(failed)?;
    terminal.read_text().map_err(failed)
}

/// The text without the white space at its end, if all of it is here and it is one.
pub fn whole(context: &Context<'_>, typed: Typed) -> Result<String, Failure> {
    if !typed.is_whole() {
        return Err(too_long(context, typed.length));
    }
    let text = std::str::from_utf8(&typed.bytes).map_err(|error| {
        Failure::new(Exit::Failed, "error-text-not-utf8").with("place", error.valid_up_to() + 1)
    })?;
    let text = text.trim_end();
    match text.len() > FOR_THE_STATION {
        true => Err(too_long(context, text.len() as u64)),
        false => Ok(text.to_owned()),
    }
}

/// The station refuses the same; here a person hears it before he is asked to confirm.
pub fn check(given: &str, precedence: Precedence) -> Result<(), Failure> {
    text::check(given, precedence).map_err(|error| match error {
        text::TextError::Empty => Failure::new(Exit::Usage, "error-text-empty"),
        text::TextError::TooManyWords { words } => {
            Failure::new(Exit::Forbidden, "error-too-many-words").with("words", words)
        }
        text::TextError::TooManyBytes { bytes, limit } => {
            Failure::new(Exit::Forbidden, "error-too-many-bytes")
                .with("bytes", bytes)
                .with("limit", limit)
        }
    })
}

/// With the word by which the station would refuse it.
fn too_long(context: &Context<'_>, bytes: u64) -> Failure {
    refusal(context, "error-too-many-bytes", bytes)
}

fn refusal(context: &Context<'_>, id: &str, bytes: u64) -> Failure {
    let blanks = [("bytes", bytes.into()), ("limit", limits::TEXT.into())];
    let problem = Problem {
        error: "text".to_owned(),
        what: context.words.fill(id, &blanks),
        do_now: context
            .words
            .attribute(id, "do", &blanks)
            .unwrap_or_default(),
    };
    Failure::stations(Exit::Forbidden, problem)
}

/// None if there is more than any text may have: how much more, an input that never ends would never tell.
fn read_all(input: impl Read) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    input.take(MOST as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= MOST).then_some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_that_never_ends_is_refused_and_the_longest_that_does_is_read() {
        assert!(read_all(io::repeat(0)).expect("no disk").is_none());
        let most = read_all(io::repeat(b'a').take(MOST as u64)).expect("no disk");
        assert_eq!(most.expect("all of it").len(), MOST);
    }
}
