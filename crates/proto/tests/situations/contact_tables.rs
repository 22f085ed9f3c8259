//! `docs/contacts.md` shows the two machines of contacts as their tables are.

use crate::support::drawing;

use drawing::{check, rows};
use openline_proto::contact::{proposal, state};

#[test]
fn the_page_shows_the_machines_as_they_are() {
    let machines = [
        ("contact", rows(state::TABLE)),
        ("proposal", rows(proposal::TABLE)),
    ];
    check("contacts.md", &machines);
}
