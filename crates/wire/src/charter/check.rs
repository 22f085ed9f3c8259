//! Whether the rules of a charter fit together.

use thiserror::Error;

use crate::charter::{Cadences, Charter, TextLimits};
use crate::codes::{Mark, Mode};
use crate::ids::PartyId;
use crate::limits;
use crate::office::{Office, OfficeId, OfficeRef};

/// Why the rules of a charter do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CharterError {
    /// Fewer than two parties.
    #[error("{got} parties, a line has at least two")]
    Parties {
        /// Parties named.
        got: usize,
    },
    /// An office of a party that is not on the line.
    #[error("office {office} belongs to no party of the line")]
    Stranger {
        /// The office.
        office: OfficeId,
    },
    /// An office names a counterpart or substitute that does not exist, or itself.
    #[error("office {office} names {link}, which is no office that it could name")]
    Link {
        /// The office.
        office: OfficeId,
        /// What it names.
        link: OfficeId,
    },
    /// A counterpart that does not name the office in return.
    #[error("office {office} names {counterpart} as its counterpart, but not the other way round")]
    OneSided {
        /// The office.
        office: OfficeId,
        /// Its counterpart.
        counterpart: OfficeId,
    },
    /// A party without any office: nobody could be called there.
    #[error("party {party} has no office")]
    NoOffice {
        /// The party.
        party: PartyId,
    },
    /// A number outside its range.
    #[error("{field} is {got}, allowed is {least} to {most}")]
    Range {
        /// Which.
        field: &'static str,
        /// What the charter says.
        got: u64,
        /// The least that is allowed.
        least: u64,
        /// The most that is allowed.
        most: u64,
    },
    /// Neither text nor the mark "real" may be left out.
    #[error("the charter does not allow {0}, without which there is no line")]
    Needed(&'static str),
}

impl CharterError {
    /// A stable name for messages and for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Parties { .. } => "charter-parties",
            Self::Stranger { .. } => "charter-office-stranger",
            Self::Link { .. } => "charter-office-link",
            Self::OneSided { .. } => "charter-office-one-sided",
            Self::NoOffice { .. } => "charter-no-office",
            Self::Range { .. } => "charter-range",
            Self::Needed(_) => "charter-needed",
        }
    }
}

impl Charter {
    /// Whether the rules fit together.
    pub fn check(&self) -> Result<(), CharterError> {
        if self.parties.len() < 2 {
            let got = self.parties.len();
            return Err(CharterError::Parties { got });
        }
        if !self.modes.contains(&Mode::Text) {
            return Err(CharterError::Needed(Mode::Text.word()));
        }
        if !self.marks.contains(&Mark::Real) {
            return Err(CharterError::Needed(Mark::Real.word()));
        }
        self.cadences.check()?;
        self.limits.check()?;
        let days = self.retention_days.unwrap_or(0);
        range("retention_days", days, 0, limits::RETENTION_DAYS)?;
        range(
            "office",
            self.offices.len() as u64,
            0,
            limits::OFFICES as u64,
        )?;
        for party in self.parties.iter().map(|party| party.id) {
            if self.offices_of(party).next().is_none() {
                return Err(CharterError::NoOffice { party });
            }
        }
        self.offices.iter().try_for_each(|o| self.check_office(o))
    }

    fn check_office(&self, office: &Office) -> Result<(), CharterError> {
        let id = &office.id;
        let name = || id.office.clone();
        if self.party(id.party).is_none() {
            return Err(CharterError::Stranger { office: name() });
        }
        range("level", office.level, 1, limits::OFFICE_LEVEL)?;
        let links = office.substitutes.len().max(office.counterparts.len());
        let most = limits::OFFICE_LINKS as u64;
        range("counterparts or substitutes", links as u64, 0, most)?;
        for link in &office.substitutes {
            let is_another = *link != id.office;
            let exists = self.offices_of(id.party).any(|o| o.id.office == *link);
            if !(is_another && exists) {
                let link = link.clone();
                return Err(CharterError::Link {
                    office: name(),
                    link,
                });
            }
        }
        office
            .counterparts
            .iter()
            .try_for_each(|link| self.check_counterpart(id, link))
    }

    fn check_counterpart(&self, id: &OfficeRef, link: &OfficeRef) -> Result<(), CharterError> {
        let office = id.office.clone();
        let counterpart = self.offices.iter().find(|o| o.id == *link);
        match counterpart.filter(|_| link.party != id.party) {
            None => {
                let link = link.office.clone();
                Err(CharterError::Link { office, link })
            }
            Some(other) if other.counterparts.contains(id) => Ok(()),
            Some(other) => {
                let counterpart = other.id.office.clone();
                Err(CharterError::OneSided {
                    office,
                    counterpart,
                })
            }
        }
    }
}

impl Cadences {
    fn check(&self) -> Result<(), CharterError> {
        let most = limits::CADENCE_MS;
        range("echo_ms", self.echo_ms, limits::ECHO_MIN_MS, most)?;
        // Two lost echoes are not yet silence.
        let least = 3 * self.echo_ms;
        range(
            "silent_after_ms",
            self.silent_after_ms,
            least,
            most.max(least),
        )?;
        range("rotate_ms", self.rotate_ms, limits::ROTATE_MIN_MS, most)?;
        let (least, longest) = (limits::CONFIRM_MIN_MS, limits::CONFIRM_MAX_MS);
        range("presence_ms", self.presence_ms, least, longest)?;
        range("test_ms", self.test_ms, limits::TEST_MIN_MS, most)
    }
}

impl TextLimits {
    fn check(&self) -> Result<(), CharterError> {
        let most = Self::default();
        range("urgent_words", self.urgent_words, 1, most.urgent_words)?;
        range("urgent_bytes", self.urgent_bytes, 1, most.urgent_bytes)?;
        range("text_bytes", self.text_bytes, 1, most.text_bytes)
    }
}

fn range(field: &'static str, got: u64, least: u64, most: u64) -> Result<(), CharterError> {
    if (least..=most).contains(&got) {
        return Ok(());
    }
    Err(CharterError::Range {
        field,
        got,
        least,
        most,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{MOSCOW, charter};

    /// OL-221
    #[test]
    fn a_charter_whose_rules_fit_is_accepted() {
        assert_eq!(charter().check(), Ok(()));
    }

    /// OL-221
    #[test]
    fn a_charter_with_one_party_or_a_party_without_offices_is_refused() {
        let mut alone = charter();
        alone.parties.truncate(1);
        assert_eq!(alone.check(), Err(CharterError::Parties { got: 1 }));
        let mut nobody = charter();
        let party = MOSCOW.card().party();
        nobody.offices.retain(|office| office.id.party != party);
        assert_eq!(nobody.check(), Err(CharterError::NoOffice { party }));
    }

    /// OL-221
    #[test]
    fn an_office_names_only_offices_that_exist_and_counterparts_that_name_it() {
        let watch = OfficeId::new("watch").expect("an id");
        let mut one_sided = charter();
        one_sided.offices[0].counterparts.clear();
        let expected = CharterError::OneSided {
            office: watch.clone(),
            counterpart: watch.clone(),
        };
        assert_eq!(one_sided.check(), Err(expected));
        let mut own_substitute = charter();
        own_substitute.offices[0].substitutes = vec![watch.clone()];
        let expected = CharterError::Link {
            office: watch.clone(),
            link: watch.clone(),
        };
        assert_eq!(own_substitute.check(), Err(expected));
        let mut stranger = charter();
        stranger.offices[1].id.party = PartyId([0xFF; 32]);
        stranger.offices[0].counterparts.clear();
        assert!(stranger.check().is_err());
    }

    /// OL-221
    #[test]
    fn silence_is_never_declared_after_two_lost_echoes() {
        let mut hasty = charter();
        hasty.cadences.silent_after_ms = hasty.cadences.echo_ms + 1;
        assert!(matches!(
            hasty.check(),
            Err(CharterError::Range {
                field: "silent_after_ms",
                least: 15_000,
                ..
            })
        ));
    }

    /// OL-221
    #[test]
    fn an_officer_confirms_and_the_line_is_tested_within_times_that_make_sense() {
        let presence = |presence_ms| {
            let mut charter = charter();
            charter.cadences.presence_ms = presence_ms;
            charter.check().is_ok()
        };
        let test = |test_ms| {
            let mut charter = charter();
            charter.cadences.test_ms = test_ms;
            charter.check().is_ok()
        };
        let day = 86_400_000;
        assert!(presence(60_000) && presence(day) && test(900_000) && test(day));
        assert!(![0, 59_999, day + 1].into_iter().any(presence));
        assert!(![0, 899_999, day + 1].into_iter().any(test));
    }

    /// OL-221
    #[test]
    fn a_line_without_text_or_without_meaning_it_is_no_line() {
        let mut silent = charter();
        silent.modes = vec![Mode::ServiceNotes];
        assert_eq!(silent.check(), Err(CharterError::Needed("text")));
        let mut play = charter();
        play.marks = vec![Mark::Exercise];
        assert_eq!(play.check(), Err(CharterError::Needed("real")));
    }
}
