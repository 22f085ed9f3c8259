//! Why a command is not carried out.

use openline_wire::codes::SuspensionReason;
use openline_wire::ids::PartyId;
use openline_wire::text::TextError;
use thiserror::Error;

use crate::alarm;
use crate::contact;
use crate::exercise;
use crate::line_test;
use crate::ring::book::NotDone;
use crate::watch;

/// Why a command was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// No such line here.
    #[error("no such line")]
    NoSuchLine,
    /// The text can't go out like this.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Files that can't go with a message: too many, too large, or with a name that can't be shown.
    #[error("these files can't go with a message")]
    Files,
    /// A language tag of no language.
    #[error("not a language tag: {0}")]
    Language(String),
    /// The actor's name, or what attested him, is too long or could deceive a reader: no station would take the
    /// entry.
    #[error("the actor's name can't be shown")]
    ActorName,
    /// A receipt for something that the other party did not send.
    #[error("not a message of the other party")]
    NotTheirMessage,
    /// The charter forbids it.
    #[error("the charter forbids it")]
    Charter,
    /// A limit on what one party may have under way.
    #[error("too many commands under way")]
    Busy,
    /// A ring that can't be rung, answered or taken back now.
    #[error(transparent)]
    Ring(NotDone),
    /// A ring that lasts too short or too long, that is between other parties, or an acceptance with a time to call back.
    #[error("no such ring can be written")]
    RingForm,
    /// In a contact, that can't be done now.
    #[error("the contact does not stand so: {0:?}")]
    Contact(contact::book::NotDone),
    /// With a test of the line, that can't be done now.
    #[error("no such test: {0:?}")]
    Test(line_test::told::NotDone),
    /// About the watch, that can't be done now.
    #[error("the watch does not stand so: {0:?}")]
    Watch(watch::book::NotDone),
    /// A watch to be confirmed too often or too seldom, or handed over to a name that can't be shown.
    #[error("no such watch can be written")]
    WatchForm,
    /// A roster whose shifts are out of order, too many, or not within its time; or of an officer whose name can't be shown.
    #[error("no such roster can be written")]
    RosterForm,
    /// Our party has none to take back.
    #[error("there is no roster")]
    NoRoster,
    /// With an alarm, that can't be done now.
    #[error("the alarm does not stand so: {0:?}")]
    Alarm(alarm::book::NotDone),
    /// Only a person, by name, does that.
    #[error("only a person does that")]
    NotByAPerson,
    /// The line is suspended, and does not carry it.
    #[error("the line is suspended")]
    Suspended {
        /// By whom.
        by: PartyId,
        /// Since when, by the clock of who signed it.
        since: u64,
        /// Why.
        reason: SuspensionReason,
    },
    /// Our party has suspended it.
    #[error("it is suspended already")]
    SuspendedAlready,
    /// Our party has not suspended it.
    #[error("our side has not suspended it")]
    NotSuspended,
    /// More addresses than one announcement lists.
    #[error("too many addresses")]
    TooManyAddresses,
    /// About exercises, that can't be done now.
    #[error("the exercise does not stand so: {0:?}")]
    Exercise(exercise::request::NotDone),
    /// It is marked as an exercise, and none is in force.
    #[error("no exercise is in force")]
    NoExercise,
    /// An exercise that is too short or too long.
    #[error("an exercise lasts from one minute to seven days")]
    ExerciseLength,
    /// An announced silence that is too short or too long.
    #[error("a silence lasts from one second to thirty days")]
    SilenceLength,
}
