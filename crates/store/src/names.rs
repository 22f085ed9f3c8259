//! Short names: what people call an entry by. A letter for what it is and a number in the order in which this
//! station stored its like on the line, so `M-41` is the forty-first message. The other side counts for
//! itself: between the sides only an entry's id names it.

use core::fmt;
use core::str::FromStr;

use openline_wire::codes::Kind;

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Letter {
    /// M: messages, of both parties.
    Message,
    /// R: rings.
    Ring,
    /// P: proposals.
    Proposal,
    /// N: service notes.
    Note,
    /// E: any other entry.
    Other,
}

impl Letter {
    const ALL: [Self; 5] = [
        Self::Message,
        Self::Ring,
        Self::Proposal,
        Self::Note,
        Self::Other,
    ];

    /// The letter of a kind.
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Message => Self::Message,
            Kind::ServiceNote => Self::Note,
            Kind::Ring => Self::Ring,
            Kind::Proposal => Self::Proposal,
            _ => Self::Other,
        }
    }

    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => "M",
            Self::Ring => "R",
            Self::Proposal => "P",
            Self::Note => "N",
            Self::Other => "E",
        }
    }

    /// Reads a letter of either case.
    pub fn from_text(text: &str) -> Option<Self> {
        let is_it = |letter: &Self| letter.as_str().eq_ignore_ascii_case(text);
        Self::ALL.into_iter().find(is_it)
    }
}

/// The name of an entry on its line, at this station, for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShortName {
    /// What it is.
    pub letter: Letter,
    /// Which, from 1.
    pub number: u64,
}

impl fmt::Display for ShortName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.letter.as_str(), self.number)
    }
}

impl ShortName {
    /// Reads what a person typed: the letter in the Cyrillic that looks the same, any dash or none.
    pub fn as_typed(text: &str) -> Option<Self> {
        let mut characters = text.trim().chars();
        let letter = match characters.next()? {
            'М' | 'м' => 'M',
            'Е' | 'е' => 'E',
            'Р' | 'р' => 'P',
            other => other,
        };
        let rest = characters.as_str();
        let digits = rest.trim_start_matches([
            '-', '\u{2010}', '\u{2011}', '\u{2013}', '\u{2014}', '\u{2212}', ' ',
        ]);
        format!("{letter}-{digits}").parse().ok()
    }
}

/// Not a short name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a short name is a letter and a number, for instance M-41")]
pub struct NotAShortName;

impl FromStr for ShortName {
    type Err = NotAShortName;

    fn from_str(text: &str) -> Result<Self, NotAShortName> {
        let (letter, digits) = text.split_once('-').ok_or(NotAShortName)?;
        let letter = Letter::from_text(letter).ok_or(NotAShortName)?;
        // `parse` alone would take "+41", and then one entry had two names.
        let plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        let number = digits.parse().ok().filter(|_| plain).ok_or(NotAShortName)?;
        Ok(Self { letter, number })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_typed_in_haste_or_in_a_russian_layout_is_understood() {
        for typed in [
            "M-41", "m-41", "M41", "m41", "М-41", "м41", "M–41", " M 41 ",
        ] {
            let name = ShortName::as_typed(typed).map(|name| name.to_string());
            assert_eq!(name.as_deref(), Some("M-41"), "{typed}");
        }
        for wrong in ["", "41", "M", "M-", "М-041", "X-1", "Ж-1"] {
            assert_eq!(ShortName::as_typed(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_short_name_is_read_as_it_is_written_and_nothing_else_is() {
        let name = ShortName {
            letter: Letter::Message,
            number: 41,
        };
        assert_eq!(name.to_string(), "M-41");
        assert_eq!("M-41".parse(), Ok(name));
        assert_eq!("m-41".parse(), Ok(name));
        for wrong in ["M41", "M-", "M-0", "M-041", "M-+41", "X-1", "-1", ""] {
            assert_eq!(wrong.parse::<ShortName>(), Err(NotAShortName), "{wrong}");
        }
    }
}
