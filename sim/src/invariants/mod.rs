//! What must always hold, each as one function named after its number in the design (1 to 5, 7 to 22), asserted
//! at every output of every station. A function is told what is seen and says precisely what is wrong with it.

mod alarming;
mod contacting;
mod ending;
mod lying;
mod practising;
mod ringing;
mod sending;
mod signing;
mod telling;
mod testing;
mod writing;

use openline_proto::contract::{Event, Moment};

use crate::disk::Disk;
use crate::model::Model;
use crate::station::{Pumped, Seen};

pub use alarming::alarms_follow_their_causes;
pub use contacting::contacts_stand_alike;
pub use ending::{
    Home, all_hold_all, disputed, equal_sets_give_equal_status, honest_places,
    nothing_accepted_is_lost,
};
pub use lying::{misbehaviour_on_record_is_said, two_at_one_place_are_shown};
pub use ringing::rings_end_alike;
pub(crate) use sending::silent_where_it_must_be;
pub use telling::{alive_as_of_is_true, no_frame_is_taken_twice, what_is_carried_is_not_heard};
pub use writing::disk_is_as_the_model_says;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule, by number and name.
    pub rule: &'static str,
    /// What broke it, and where.
    pub what: String,
}

impl Violation {
    pub(crate) fn new(rule: &'static str, what: impl Into<String>) -> Self {
        let what = what.into();
        Self { rule, what }
    }
}

/// Holds, or does not.
pub type Verdict = Result<(), Violation>;

/// Where and when something is seen.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    /// The world's clock.
    pub now: u64,
    /// The machine's clocks.
    pub moment: Moment,
    /// The machine.
    pub machine: usize,
    /// The boot that runs on it.
    pub author: openline_wire::ids::Author,
}

/// Not in the design, because nobody would think that it has to be said.
pub fn a_station_comes_to_rest(pumped: Pumped) -> Verdict {
    match pumped {
        Pumped::Restless => Err(Violation::new(
            "0 a station comes to rest",
            "one input, and the core wants things done without end",
        )),
        _ => Ok(()),
    }
}

/// Looks at one output of a station, right after it was carried out, and takes it into the model.
pub fn look(model: &mut Model, scene: Scene, disk: &Disk, seen: &Seen<'_>) -> Verdict {
    match seen {
        Seen::Signing(bytes) => signing::look(model, scene, disk, bytes),
        Seen::Persisted(changes) => {
            alarming::written(model, scene, disk, changes);
            writing::look(model, scene, changes)
        }
        Seen::Sent(Some(sealed)) => sending::look(model, scene, disk, sealed),
        Seen::Sent(None) => Err(Violation::new(
            "11 no key and nonce twice",
            "a frame without a witness",
        )),
        Seen::Told(event) => look_told(model, scene, disk, event),
    }
}

fn look_told(model: &mut Model, scene: Scene, disk: &Disk, event: &Event) -> Verdict {
    telling::look(model, scene, disk, event)
}
