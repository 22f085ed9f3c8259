//! Who acts where no station is asked: the person who opens a line.

use openline_wire::codes::Attestation;
use openline_wire::header::Actor;
use openline_wire::language::LocalNames;
use openline_wire::names;

use super::failure::{Exit, Failure};
use crate::api::caller::{Owner, passes_for_another};

/// Somebody who says his name, which must not be that of the other party or a station; the operating system's user is the evidence.
pub fn claimed(name: String, peer: &LocalNames) -> Result<Actor, Failure> {
    if !names::is_acceptable(&name) {
        return Err(Failure::new(Exit::Usage, "error-no-name"));
    }
    if passes_for_another(&name, Some(peer)) {
        let failure = Failure::new(Exit::Usage, "problem-actor-name-of-another");
        return Err(failure.naming("name", name));
    }
    Ok(Actor {
        name,
        attestation: Attestation::Claimed,
        evidence: format!("unix user {}", Owner::of_this_process().name),
    })
}

/// The user that this process runs as.
pub fn unix_user() -> Actor {
    Actor {
        name: Owner::of_this_process().name.to_string(),
        attestation: Attestation::UnixUser,
        evidence: String::new(),
    }
}
