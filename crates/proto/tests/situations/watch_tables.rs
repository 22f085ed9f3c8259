//! `docs/watch.md` shows the machines of the watch, of tests of the line and of alarms as their tables are.

use crate::support::drawing;

use drawing::{check, rows};
use openline_proto::line_test::{initiator, responder};
use openline_proto::{alarm, watch};

#[test]
fn the_page_shows_the_machines_as_they_are() {
    let machines = [
        ("watch", rows(watch::machine::TABLE)),
        ("initiator", rows(initiator::TABLE)),
        ("responder", rows(responder::TABLE)),
        ("alarm", rows(alarm::machine::TABLE)),
    ];
    check("watch.md", &machines);
}
