//! Charters as people write them: TOML, in which the two sides are "ours" and "theirs" and all the rest has
//! a default.

use std::collections::BTreeMap;

use openline_wire::card::Card;
use openline_wire::charter::{Cadences, Charter, CharterError, CharterParty, TextLimits};
use openline_wire::codes::{Mark, Mode, Suite};
use openline_wire::ids::PartyId;
use openline_wire::language::{Language, LocalNames};
use openline_wire::office::{Office, OfficeId, OfficeRef};
use serde::Deserialize;
use thiserror::Error;

use super::error::charter_blanks;

/// The charter that is proposed when no other is given; also the example to start from.
pub const DEFAULT_CHARTER: &str = include_str!("default-charter.toml");

/// Why a charter file can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CharterFileError {
    /// Not TOML, or with a field that a charter does not have.
    #[error("line {line}: {why}")]
    Toml {
        /// The line of the file, from 1.
        line: usize,
        /// Which of our words fit: `unknown` or `missing` (a field), `other`.
        kind: &'static str,
        /// That field.
        field: String,
        /// What the parser says.
        why: String,
    },
    /// A value with no meaning.
    #[error("{field}: {value:?} has no meaning here")]
    Value {
        /// Which field.
        field: &'static str,
        /// What stands there.
        value: String,
    },
    /// The rules do not fit together.
    #[error(transparent)]
    Rules(#[from] CharterError),
}

impl CharterFileError {
    /// A stable name for messages and for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Toml { .. } => "charter-file-toml",
            Self::Value { .. } => "charter-file-value",
            Self::Rules(error) => error.code(),
        }
    }

    /// What fills the blanks of its message.
    pub fn blanks(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Toml {
                line,
                kind,
                field,
                why,
            } => vec![
                ("line", line.to_string()),
                ("kind", (*kind).to_owned()),
                ("field", field.clone()),
                ("why", why.clone()),
            ],
            Self::Value { field, value } => {
                vec![("field", (*field).to_owned()), ("got", value.clone())]
            }
            Self::Rules(error) => charter_blanks(error),
        }
    }

    fn value(field: &'static str, value: &str) -> Self {
        Self::Value {
            field,
            value: value.to_owned(),
        }
    }
}

/// The charter of a TOML file between the parties of two cards.
pub fn charter_from_toml(text: &str, own: &Card, peer: &Card) -> Result<Charter, CharterFileError> {
    let file: CharterFile = toml::from_str(text).map_err(|error| not_toml(text, &error))?;
    let mut parties = vec![party_of(own), party_of(peer)];
    parties.sort_by_key(|party| party.id);
    let charter = Charter {
        suite: Suite::One,
        parties,
        offices: offices(&file.office, own.party(), peer.party())?,
        cadences: file.cadences.into(),
        limits: file.limits.into(),
        retention_days: file.retention_days,
        tape_required: file.tape_required,
        modes: words("modes", &file.modes, Mode::from_word)?,
        marks: words("marks", &file.marks, Mark::from_word)?,
    };
    charter.check()?;
    Ok(charter)
}

/// Where it is and what it is, as far as the parser's words tell.
fn not_toml(text: &str, error: &toml::de::Error) -> CharterFileError {
    let start = error.span().map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or_default();
    let why = error.message().lines().collect::<Vec<_>>().join(" ");
    let kinds = [
        ("unknown field `", "unknown"),
        ("missing field `", "missing"),
    ];
    let known = kinds.iter().find_map(|(begin, kind)| {
        let field = why.strip_prefix(begin)?.split('`').next()?;
        Some((*kind, field.to_owned()))
    });
    let (kind, field) = known.unwrap_or(("other", String::new()));
    CharterFileError::Toml {
        line: before.matches('\n').count() + 1,
        kind,
        field,
        why,
    }
}

fn party_of(card: &Card) -> CharterParty {
    CharterParty {
        id: card.party(),
        names: card.names().clone(),
        languages: card.body().languages.clone(),
    }
}

/// Values of their words, each once, in ascending order.
fn words<T: Ord>(
    field: &'static str,
    words: &[String],
    from_word: fn(&str) -> Option<T>,
) -> Result<Vec<T>, CharterFileError> {
    let values = words.iter().map(|word| {
        let value = from_word(word);
        value.ok_or_else(|| CharterFileError::value(field, word))
    });
    let mut values: Vec<T> = values.collect::<Result<_, _>>()?;
    values.sort();
    values.dedup();
    Ok(values)
}

fn offices(
    written: &[OfficeFile],
    own: PartyId,
    peer: PartyId,
) -> Result<Vec<Office>, CharterFileError> {
    let mut offices = Vec::new();
    for office in written {
        if office.of != Whose::Theirs {
            offices.push(office.between(own, peer)?);
        }
        if office.of != Whose::Ours {
            offices.push(office.between(peer, own)?);
        }
    }
    offices.sort_by(|a, b| a.id.cmp(&b.id));
    let twice = offices.windows(2).find(|pair| pair[0].id == pair[1].id);
    match twice {
        Some(pair) => Err(CharterFileError::value("id", pair[0].id.office.as_str())),
        None => Ok(offices),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CharterFile {
    #[serde(default = "yes")]
    tape_required: bool,
    retention_days: Option<u64>,
    #[serde(default = "all_modes")]
    modes: Vec<String>,
    #[serde(default = "all_marks")]
    marks: Vec<String>,
    #[serde(default)]
    cadences: CadencesFile,
    #[serde(default)]
    limits: LimitsFile,
    office: Vec<OfficeFile>,
}

fn yes() -> bool {
    true
}

fn all_modes() -> Vec<String> {
    Mode::ALL
        .iter()
        .map(|mode| mode.word().to_owned())
        .collect()
}

fn all_marks() -> Vec<String> {
    Mark::ALL
        .iter()
        .map(|mark| mark.word().to_owned())
        .collect()
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct CadencesFile {
    echo_ms: Option<u64>,
    silent_after_ms: Option<u64>,
    rotate_ms: Option<u64>,
    presence_ms: Option<u64>,
    test_ms: Option<u64>,
}

impl From<CadencesFile> for Cadences {
    fn from(file: CadencesFile) -> Self {
        let default = Self::default();
        Self {
            echo_ms: file.echo_ms.unwrap_or(default.echo_ms),
            silent_after_ms: file.silent_after_ms.unwrap_or(default.silent_after_ms),
            rotate_ms: file.rotate_ms.unwrap_or(default.rotate_ms),
            presence_ms: file.presence_ms.unwrap_or(default.presence_ms),
            test_ms: file.test_ms.unwrap_or(default.test_ms),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LimitsFile {
    urgent_words: Option<u64>,
    urgent_bytes: Option<u64>,
    text_bytes: Option<u64>,
}

impl From<LimitsFile> for TextLimits {
    fn from(file: LimitsFile) -> Self {
        let default = Self::default();
        Self {
            urgent_words: file.urgent_words.unwrap_or(default.urgent_words),
            urgent_bytes: file.urgent_bytes.unwrap_or(default.urgent_bytes),
            text_bytes: file.text_bytes.unwrap_or(default.text_bytes),
        }
    }
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Whose {
    Ours,
    Theirs,
    Both,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfficeFile {
    of: Whose,
    id: String,
    level: u64,
    #[serde(default)]
    counterparts: Vec<String>,
    #[serde(default)]
    substitutes: Vec<String>,
    names: BTreeMap<String, String>,
}

impl OfficeFile {
    /// The office of one party, whose counterparts are the other's.
    fn between(&self, party: PartyId, other: PartyId) -> Result<Office, CharterFileError> {
        let counterparts = self.counterparts.iter().map(|id| {
            let office = office_id("counterparts", id)?;
            Ok(OfficeRef {
                party: other,
                office,
            })
        });
        let mut counterparts: Vec<_> = counterparts.collect::<Result<_, CharterFileError>>()?;
        counterparts.sort();
        let substitutes = self.substitutes.iter();
        Ok(Office {
            id: OfficeRef {
                party,
                office: office_id("id", &self.id)?,
            },
            names: self.names()?,
            level: self.level,
            counterparts,
            substitutes: substitutes
                .map(|id| office_id("substitutes", id))
                .collect::<Result<_, _>>()?,
        })
    }

    fn names(&self) -> Result<LocalNames, CharterFileError> {
        let mut pairs = Vec::new();
        for (tag, name) in &self.names {
            let language =
                Language::new(tag).ok_or_else(|| CharterFileError::value("names", tag))?;
            pairs.push((language, name.clone()));
        }
        LocalNames::new(pairs).ok_or_else(|| CharterFileError::value("names", &self.id))
    }
}

fn office_id(field: &'static str, id: &str) -> Result<OfficeId, CharterFileError> {
    OfficeId::new(id).ok_or_else(|| CharterFileError::value(field, id))
}
