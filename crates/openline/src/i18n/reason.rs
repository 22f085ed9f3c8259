//! The operating system's reasons in the reader's language: it gives them in English, and with a number that
//! helps nobody who reads it.

use std::io::{Error, ErrorKind};

use openline_wire::card::CardError;
use openline_wire::cbor::DecodeError;
use openline_wire::opening::OpeningError;
use rustix::io::Errno;

use super::Catalog;

/// An error for the blank `why` of a message: the id of our words for it, or its own words if we have none.
/// [`in_words`] makes it readable when the reader's language is known.
pub fn of(error: &Error) -> String {
    id(error.kind()).map_or_else(|| error.to_string(), str::to_owned)
}

/// Why a file's bytes can't be read, for the blank `why`. Which part it is helps nobody who was handed the file.
pub fn of_bytes(error: &DecodeError) -> &'static str {
    match error {
        DecodeError::Malformed { .. } => "reason-malformed",
        DecodeError::TooLarge { .. } => "reason-part-too-long",
        DecodeError::Invalid { .. } => "reason-not-allowed",
        DecodeError::NotCanonical => "reason-not-canonical",
    }
}

/// Why a card of our own home can't be used.
pub fn of_card(error: &CardError) -> &'static str {
    match error {
        CardError::Decode(error) => of_bytes(error),
        CardError::NodeUnknown { .. } => "reason-not-certified",
        CardError::NodeExpired { .. } => "reason-expired",
        CardError::NodeRevoked { .. } => "reason-revoked",
        CardError::Signature(_) => "reason-not-as-signed",
    }
}

/// Why a line file of our own home can't be used.
pub fn of_opening(error: &OpeningError) -> &'static str {
    match error {
        OpeningError::Decode(error) => of_bytes(error),
        OpeningError::Card(error) => of_card(error),
        _ => "reason-not-as-signed",
    }
}

/// The kind of an error, for a message that says different things to do.
pub fn word(error: &Error) -> &'static str {
    id(error.kind()).map_or("other", |id| id.trim_start_matches("reason-"))
}

/// What stands in a blank `why`, with our words for what the operating system says in it.
pub fn in_words(words: &Catalog, why: &str) -> String {
    if why.starts_with("reason-") {
        return words.find(why).unwrap_or_else(|| why.to_owned());
    }
    // Rust writes "No such file or directory (os error 2)".
    let number = why.split_once("(os error ");
    let number = number.and_then(|(_, rest)| rest.split(')').next()?.parse().ok());
    let Some(error) = number.map(Error::from_raw_os_error) else {
        return why.to_owned();
    };
    match id(error.kind()).or_else(|| id_of_device(&error)) {
        Some(id) => why.replace(&error.to_string(), &words.text(id)),
        None => why.to_owned(),
    }
}

/// The message for what a person can do something about.
fn id(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "reason-not-found",
        ErrorKind::PermissionDenied => "reason-permission-denied",
        ErrorKind::AlreadyExists => "reason-exists",
        ErrorKind::AddrInUse => "reason-address-in-use",
        ErrorKind::AddrNotAvailable => "reason-address-not-here",
        ErrorKind::IsADirectory => "reason-is-a-folder",
        ErrorKind::NotADirectory => "reason-not-a-folder",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "reason-disk-full",
        ErrorKind::ReadOnlyFilesystem => "reason-read-only",
        ErrorKind::InvalidData => "reason-no-text",
        ErrorKind::ConnectionRefused => "reason-nobody-answers",
        ErrorKind::ResourceBusy => "reason-busy",
        _ => return None,
    })
}

/// The message for what has no kind of its own.
fn id_of_device(error: &Error) -> Option<&'static str> {
    match Errno::from_io_error(error)? {
        Errno::IO => Some("reason-device-failed"),
        Errno::NOTTY => Some("reason-no-tty"),
        Errno::NODEV | Errno::NXIO => Some("reason-no-device"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn the_operating_systems_words_are_the_readers_wherever_they_stand() {
        let words = Catalog::new(Language::Russian);
        let missing = std::fs::File::open("/no/such/file").expect_err("no file");
        let in_the_middle = format!("tried: {missing}; gave up");
        assert_eq!(
            in_words(&words, &in_the_middle),
            "tried: такого файла или папки нет; gave up"
        );
        assert_eq!(
            in_words(&words, &of(&missing)),
            "такого файла или папки нет"
        );
        let taken = Error::from(ErrorKind::AddrInUse);
        let told = in_words(&words, &of(&taken));
        assert!(told.starts_with("адрес"), "{told}");
    }

    #[test]
    fn other_words_stay_as_they_are() {
        let words = Catalog::new(Language::Russian);
        for why in ["line 3: no value", "odd (os error x)", "reason-unheard-of"] {
            assert_eq!(in_words(&words, why), why);
        }
    }
}
