//! `docs/rings.md` shows the two machines of rings as their tables are.

use crate::support::drawing;

use drawing::{check, rows};
use openline_proto::ring::{called, caller};

#[test]
fn the_page_shows_the_machines_as_they_are() {
    let machines = [
        ("caller", rows(caller::TABLE)),
        ("called", rows(called::TABLE)),
    ];
    check("rings.md", &machines);
}
