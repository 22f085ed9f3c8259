//! An exercise that both sides of a link have agreed on.

use openline_proto::contract::Command;
use openline_proto::exercise::request::Request;
use openline_wire::codes::Attestation;
use openline_wire::header::Actor;

use crate::link::{Link, at};

/// Moscow proposes, and Washington accepts: from then on what is marked as an exercise is carried.
pub fn agree(link: &mut Link) {
    let person = |name: &str| Actor {
        name: name.into(),
        attestation: Attestation::Claimed,
        evidence: String::new(),
    };
    let command = |request, text: &str| Command::Exercise {
        request,
        text: text.into(),
        language: "en".into(),
    };
    let propose = command(Request::Propose(3_600_000), "A fire is reported.");
    link.stations[1].command_by(person("Lt. Orlova"), at(link.now), 9_001, propose);
    link.run(100);
    let status = link.stations[0].status(at(link.now)).expect("a line");
    let proposal = status.exercises[0].proposed.id;
    let accept = command(Request::Accept(proposal), "");
    link.stations[0].command_by(person("Maj. Jones"), at(link.now), 9_002, accept);
    link.run(100);
}
