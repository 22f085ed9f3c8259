//! Why a call was not carried out: for programs a stable word and an HTTP status, for people what happened and
//! what to do now, in their language.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use fluent_bundle::FluentValue;
use openline_proto::contact::book as contact;
use openline_proto::contract::Refusal;
use openline_proto::exercise::request as exercise;
use openline_proto::line_test::told as test;
use openline_proto::ring::book::NotDone;
use openline_proto::watch::book as watch;
use openline_wire::charter::Forbidden;
use openline_wire::ids::{LineId, PartyId};
use openline_wire::language::LocalNames;
use openline_wire::limits;
use openline_wire::terms::Doubt;
use openline_wire::text::TextError;

use super::body::Answer;
use super::convert::rfc3339;
use super::types::Problem;
use crate::i18n::{Catalog, Language, reason};
use crate::station::board::Failure;
use crate::station::trouble::Trouble;

/// The catalogs, read once.
pub struct Words {
    catalogs: Vec<Catalog>,
}

impl Words {
    /// Reads them.
    pub fn new() -> Self {
        Self {
            catalogs: Language::ALL.into_iter().map(Catalog::new).collect(),
        }
    }

    /// The catalog of a language; the English one for a language that we do not speak.
    fn catalog(&self, language: &str) -> &Catalog {
        let language = Language::from_tag(language).unwrap_or(Language::English);
        let same = |catalog: &&Catalog| catalog.language() == language;
        self.catalogs.iter().find(same).unwrap_or(&self.catalogs[0])
    }

    /// A doubt about a term, for a reader of a language.
    pub fn doubt(&self, doubt: Doubt, language: &str) -> String {
        let blanks = [("field", doubt.term().word().into())];
        let id = format!("doubt-{}", doubt.word());
        self.catalog(language).fill(&id, &blanks)
    }

    /// A trouble for a reader of a language.
    pub fn problem(&self, trouble: &Trouble, language: &str) -> Problem {
        let catalog = self.catalog(language);
        let arguments: Vec<_> = trouble
            .arguments
            .iter()
            .map(|(name, value)| match *name {
                "why" => (*name, FluentValue::from(reason::in_words(catalog, value))),
                _ => (*name, FluentValue::from(value.as_str())),
            })
            .collect();
        // The store names its own texts; ours stand in one family.
        let ours = format!("problem-{}", trouble.code);
        let id = match catalog.find(&ours).is_some() || !trouble.code.contains('-') {
            true => ours.as_str(),
            false => trouble.code,
        };
        Problem {
            error: trouble.code.to_owned(),
            what: catalog.fill(id, &arguments),
            do_now: catalog.attribute(id, "do", &arguments).unwrap_or_default(),
        }
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::new()
    }
}

/// A trouble on its way to the caller. The answer gets its text in the middleware that knows his language.
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    trouble: Trouble,
    blank: Blank,
}

/// What fills a blank of it, in the caller's language.
#[derive(Clone, Debug)]
enum Blank {
    None,
    /// `why`.
    Cause(Trouble),
    /// `ids`: the lines that were meant perhaps, as people call them.
    Lines(Vec<(LineId, Option<LocalNames>)>),
    /// `party`: who did it, by a name that only the line knows.
    Party(PartyId),
    /// `doubts`: what a person should look at again.
    Doubts(Vec<Doubt>),
}

impl ApiError {
    /// With the status that HTTP has for it (RFC 9110 section 15.5).
    pub fn new(status: StatusCode, trouble: Trouble) -> Self {
        Self {
            status,
            trouble,
            blank: Blank::None,
        }
    }

    /// The line is there, and the station could not take it up.
    pub fn not_taken_up(line: &str, why: Trouble) -> Self {
        let trouble = Trouble::new("line-not-taken-up").with("line", line);
        Self {
            blank: Blank::Cause(why),
            ..Self::from(trouble)
        }
    }

    /// The call itself is wrong.
    pub fn bad_request(code: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Trouble::new(code))
    }

    /// There is no such thing.
    pub fn not_found(code: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, Trouble::new(code))
    }

    /// The rules forbid it.
    pub fn forbidden(code: &'static str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, Trouble::new(code))
    }

    /// Fills a blank.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.trouble = self.trouble.with(name, value);
        self
    }

    /// With the lines to choose from.
    pub fn among(self, among: Vec<(LineId, Option<LocalNames>)>) -> Self {
        let blank = Blank::Lines(among);
        Self { blank, ..self }
    }

    /// Something may not be meant as it was typed.
    pub fn doubtful(doubts: Vec<Doubt>) -> Self {
        let blank = Blank::Doubts(doubts);
        Self {
            blank,
            ..conflict("terms-doubtful")
        }
    }

    /// What is wrong.
    pub fn trouble(&self) -> &Trouble {
        &self.trouble
    }

    /// With the name of the party that it is about, if it is about one.
    pub fn naming(self, name: impl FnOnce(PartyId) -> Option<String>) -> Self {
        match self.blank {
            Blank::Party(party) => {
                let name = name(party).unwrap_or_else(|| party.to_string());
                Self {
                    blank: Blank::None,
                    ..self
                }
                .with("party", name)
            }
            _ => self,
        }
    }

    /// The answer in a language.
    pub fn answer(&self, words: &Words, language: &str) -> Response {
        let trouble = self.trouble.clone();
        let trouble = match &self.blank {
            Blank::None => trouble,
            // Nobody has named it.
            Blank::Party(party) => trouble.with("party", party),
            Blank::Cause(cause) => trouble.with("why", words.problem(cause, language).what),
            Blank::Lines(among) => {
                let choice = |(line, names): &(LineId, Option<LocalNames>)| match names {
                    Some(names) => format!("{} ({})", names.in_language(language), line.short()),
                    None => line.short(),
                };
                let choices: Vec<_> = among.iter().map(choice).collect();
                trouble.with("ids", choices.join(", "))
            }
            Blank::Doubts(doubts) => {
                let doubts = doubts.iter().map(|doubt| words.doubt(*doubt, language));
                trouble.with("doubts", doubts.collect::<Vec<_>>().join("; "))
            }
        };
        let problem = words.problem(&trouble, language);
        (self.status, Answer(problem)).into_response()
    }
}

/// Leaves the trouble in the response for the middleware `in_callers_language` to put into words.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Trouble> for ApiError {
    /// The store's: our side is out of order.
    fn from(trouble: Trouble) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, trouble)
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::NoStore(trouble) => trouble.into(),
            Failure::BootEnded => Trouble::new("boot-ended").into(),
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoSuchLine => Self::not_found("no-such-line").with("line", "-"),
            Refusal::Text(error) => error.into(),
            Refusal::Language(tag) => Self::bad_request("language").with("tag", tag),
            Refusal::Files => Self::bad_request("files"),
            Refusal::ActorName => Self::bad_request("actor-name"),
            Refusal::NotTheirMessage => Self::forbidden("not-their-message"),
            Refusal::Charter => Self::forbidden("charter").with("reason", "other"),
            Refusal::Busy => Self::new(StatusCode::TOO_MANY_REQUESTS, Trouble::new("busy")),
            Refusal::SilenceLength => Self::bad_request("silence-length"),
            Refusal::RingForm => Self::bad_request("ring-form"),
            Refusal::Ring(why) => why.into(),
            Refusal::Contact(why) => why.into(),
            Refusal::Test(why) => why.into(),
            Refusal::Watch(why) => why.into(),
            Refusal::Alarm(why) => why.into(),
            Refusal::WatchForm => Self::bad_request("watch-form"),
            Refusal::RosterForm => Self::bad_request("roster-form"),
            Refusal::NoRoster => conflict("no-roster"),
            Refusal::TooManyAddresses => Self::bad_request("too-many-addresses"),
            Refusal::NotByAPerson => Self::bad_request("operator-required"),
            Refusal::Suspended { by, since, reason } => {
                let error = Self::forbidden("suspended").with("reason", reason.word());
                Self {
                    blank: Blank::Party(by),
                    ..error.with("since", for_people(since))
                }
            }
            Refusal::Exercise(why) => why.into(),
            Refusal::NoExercise => conflict("no-exercise"),
            Refusal::ExerciseLength => Self::bad_request("exercise-length"),
            Refusal::SuspendedAlready => conflict("suspended-already"),
            Refusal::NotSuspended => conflict("not-suspended"),
        }
    }
}

impl From<watch::NotDone> for ApiError {
    fn from(why: watch::NotDone) -> Self {
        match why {
            watch::NotDone::NobodyIsOnWatch => conflict("watch-nobody"),
            watch::NotDone::SomebodyIsOnWatch => conflict("watch-somebody"),
            watch::NotDone::NothingIsHandedOver => conflict("watch-not-handed-over"),
            watch::NotDone::TwoAreOnWatch => conflict("watch-two"),
            watch::NotDone::NotTheOfficer => Self::forbidden("watch-not-the-officer"),
            watch::NotDone::NotTheOneNamed => Self::forbidden("watch-not-the-one-named"),
            watch::NotDone::Nobody => Self::bad_request("operator-required"),
            watch::NotDone::TooSeldom(longest) => {
                let (unit, count) = in_units(longest);
                let error = Self::forbidden("watch-too-seldom");
                error.with("unit", unit).with("count", count)
            }
        }
    }
}

/// The largest unit of which a time is a whole number.
fn in_units(ms: u64) -> (&'static str, u64) {
    match ms / 1_000 {
        seconds if seconds % 3_600 == 0 => ("hours", seconds / 3_600),
        seconds if seconds % 60 == 0 => ("minutes", seconds / 60),
        seconds => ("seconds", seconds),
    }
}

impl From<exercise::NotDone> for ApiError {
    fn from(why: exercise::NotDone) -> Self {
        match why {
            exercise::NotDone::Runs => conflict("exercise-runs"),
            exercise::NotDone::ProposedAlready => conflict("exercise-proposed-already"),
            exercise::NotDone::NoSuchProposal => Self::not_found("no-such-exercise"),
            exercise::NotDone::OurProposal => Self::forbidden("exercise-is-ours"),
            exercise::NotDone::Over => conflict("exercise-over"),
            exercise::NotDone::NothingToEnd => conflict("exercise-nothing-to-end"),
        }
    }
}

/// `2026-02-24 08:00:12Z`, as on every screen.
fn for_people(ms: u64) -> String {
    let time = rfc3339(ms);
    match (time.get(..10), time.get(11..19)) {
        (Some(day), Some(clock)) => format!("{day} {clock}Z"),
        _ => time,
    }
}

/// It does not go with how things stand now.
pub(super) fn conflict(code: &'static str) -> ApiError {
    ApiError::new(StatusCode::CONFLICT, Trouble::new(code))
}

impl From<contact::NotDone> for ApiError {
    fn from(why: contact::NotDone) -> Self {
        use contact::NotDone;
        match why {
            NotDone::NoSuchContact => Self::forbidden("no-part-in-the-contact"),
            NotDone::BrokenOff => conflict("contact-broken-off"),
            NotDone::Closed => conflict("contact-closed"),
            NotDone::CodesDiffered => conflict("contact-codes-differed"),
            NotDone::NotVerified => conflict("contact-not-verified"),
            NotDone::NoCode => conflict("contact-no-code"),
            NotDone::AlreadySaid => conflict("contact-already-said"),
            NotDone::NotDue => conflict("contact-not-due"),
            NotDone::NoSuchProposal => Self::not_found("no-such-proposal"),
            NotDone::OurProposal => Self::forbidden("proposal-is-ours"),
            NotDone::TheirProposal => Self::forbidden("proposal-is-theirs"),
            NotDone::NotReadBack => conflict("proposal-not-read-back"),
            NotDone::ReadDifferently => conflict("proposal-read-differently"),
            NotDone::TooLate => conflict("proposal-too-late"),
            NotDone::TooMany => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                Trouble::new("contact-too-many"),
            ),
        }
    }
}

impl From<test::NotDone> for ApiError {
    fn from(why: test::NotDone) -> Self {
        match why {
            test::NotDone::UnderWay => conflict("test-under-way"),
            test::NotDone::TooSoon => conflict("test-too-soon"),
            test::NotDone::NoTextLeft => {
                let trouble = Trouble::new("test-no-text-left");
                Self::new(StatusCode::TOO_MANY_REQUESTS, trouble)
            }
            test::NotDone::NothingToRead => Self::forbidden("test-nothing-to-read"),
            test::NotDone::Answered => conflict("test-answered"),
        }
    }
}

impl From<NotDone> for ApiError {
    fn from(why: NotDone) -> Self {
        match why {
            NotDone::NoSuchRing => Self::forbidden("no-part-in-the-ring"),
            NotDone::NotRinging => Self::forbidden("ring-does-not-ring"),
            NotDone::TooLate => conflict("ring-too-late"),
            NotDone::TheyRing => conflict("ring-they-ring"),
            NotDone::TooMany => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, Trouble::new("ring-too-many"))
            }
        }
    }
}

impl From<TextError> for ApiError {
    fn from(error: TextError) -> Self {
        let (reason, got, limit) = match error {
            TextError::Empty => ("empty", 0, 0),
            TextError::TooManyWords { words } => ("words", words, limits::URGENT_WORDS),
            TextError::TooManyBytes { bytes, limit } => ("bytes", bytes, limit),
        };
        let error = Self::forbidden("text").with("reason", reason);
        error.with("got", got).with("limit", limit)
    }
}

impl From<Forbidden> for ApiError {
    fn from(forbidden: Forbidden) -> Self {
        let charter = |reason, word| {
            let error = Self::forbidden("charter").with("reason", reason);
            error.with("word", word)
        };
        match forbidden {
            Forbidden::Text(error) => error.into(),
            Forbidden::Length { unit, got, limit } => {
                let error = Self::forbidden("text").with("reason", unit);
                error.with("got", got).with("limit", limit)
            }
            Forbidden::Mark(mark) => charter("mark", mark.word()),
            Forbidden::Mode(mode) => charter("mode", mode.word()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// What a code is written after, in the API and in the station.
    const CALLS: &[&str] = &[
        "Trouble::new(\"",
        "::bad_request(\"",
        "::not_found(\"",
        "::forbidden(\"",
        "conflict(\"",
    ];

    fn codes() -> BTreeSet<String> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let files = ["api", "station"]
            .iter()
            .flat_map(|folder| std::fs::read_dir(source.join(folder)).expect("our own folder"));
        let mut codes = BTreeSet::new();
        for file in files {
            let path = file.expect("our own file").path();
            if path.is_dir() {
                continue;
            }
            let code = std::fs::read_to_string(path).expect("our own source");
            let code = code.split("mod tests {").next().unwrap_or_default();
            for call in CALLS {
                let ends = code.split(call).skip(1);
                codes.extend(
                    ends.filter_map(|rest| rest.split('"').next())
                        .map(str::to_owned),
                );
            }
        }
        codes
    }

    #[test]
    fn every_code_has_its_two_sentences_in_both_languages() {
        let words = Words::new();
        let codes = codes();
        assert!(
            codes.len() > 20,
            "only {codes:?}: is the search still right?"
        );
        for code in codes {
            let trouble = Trouble::new(Box::leak(code.into_boxed_str()));
            let english = words.problem(&trouble, "en");
            let russian = words.problem(&trouble, "ru-RU");
            assert!(!english.do_now.is_empty(), "{english:?}");
            assert_ne!(english.what, russian.what);
            assert_ne!(english.do_now, russian.do_now);
        }
    }
}
