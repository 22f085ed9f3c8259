//! A peer who asks for files as no honest one does.

use openline_proto::bodies::Body;
use openline_proto::contract::Command;
use openline_proto::files::{FileId, Pull};
use openline_wire::codes::{Kind, Mark, Precedence};

use super::world::World;

/// OL-473: pieces go where the boot that asks has answered, and nowhere else: a few bytes shall not draw many to a third party.
#[test]
fn who_asks_for_a_file_and_has_answered_nowhere_draws_no_piece() {
    let mut world = World::open();
    let file = world.washington.disk.keep_file("map.pdf", &[7; 500_000]);
    let said = Command::Say {
        language: "en".into(),
        text: "With it a map.".into(),
        precedence: Precedence::Routine,
        mark: Mark::Real,
        reply_to: None,
        files: vec![file],
    };
    let now = world.now();
    world.washington.command(now, 1, said);
    world.run(10_000);
    let message = {
        let mut entries = world.washington.disk.entries();
        let message = entries.find(|it| it.entry.header().kind == Kind::Message);
        message.expect("it").entry.id()
    };
    let mut liar = world.liar();
    world.hear(liar.frames(&[Body::Want(Vec::new())]));
    let mut drawn = 0;
    for session in 0..500 {
        let pull = Pull {
            file: FileId { message, which: 0 },
            session,
            reached: 0,
            lacking: vec![(0, 400)],
        };
        drawn += world.hear(liar.frames(&[Body::Pull(pull)])).len();
    }
    assert_eq!(drawn, 0);
    assert!(world.named().is_empty());
    world.our_side_goes_on();
}
