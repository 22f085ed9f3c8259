//! What is carried by hand. An input is a script: a peer that has its node's key seals whatever the bytes choose into bundles, strangers write
//! some, and what was carried comes in any order, beside what is heard. A bundle shows nobody's life, and leaves the line as able to speak as before.

use openline_net::bundle;
use openline_proto::contract::{Input, Moment, Route};
use openline_wire::ids::BootId;

use super::core_driver::Driver;
use super::core_peer::Peer;
use super::input::Choices;

/// Moves of one script; a longer one says no more.
const MOVES: usize = 48;

/// Runs one script, and reads it as a file as well.
pub fn bundle(data: &[u8]) {
    file(data);
    let mut choices = Choices::new(data);
    let mut peer = Peer::new();
    let now = Moment {
        monotonic: 0,
        wall: 1_652_432_400_000,
    };
    let mut ours = Driver::start(&peer.nodes()[0], BootId([1; 16]), now);
    let mut bag: Vec<Vec<u8>> = Vec::new();
    let mut was_heard = false;
    for _ in 0..MOVES {
        if choices.is_empty() || ours.ended {
            break;
        }
        match choices.below(6) {
            0..=2 => bag.extend(peer.carry(&ours, &mut choices)),
            3 => {
                was_heard = true;
                for bytes in peer.say(&ours, &mut choices) {
                    let route = Route { bearer: 0, path: 0 };
                    ours.hand(Input::Frame { route, bytes });
                }
            }
            4 => bag.push(choices.string().to_vec()),
            _ => come(&mut ours, &mut bag, &mut choices),
        }
    }
    ours.carried(&bag);
    if !was_heard && !ours.ended {
        assert_eq!(ours.alive_as_of(), None, "a bundle showed somebody's life");
    }
    if !ours.ended {
        let frames = ours.carry();
        let opens = |frame: &Vec<u8>| peer.pair.peer.open_carried(frame).is_ok();
        assert!(frames.iter().all(opens));
    }
}

/// Some of the bag, perhaps changed, and some of it twice.
fn come(ours: &mut Driver, bag: &mut [Vec<u8>], choices: &mut Choices<'_>) {
    let count = bag.len();
    let Some(frame) = bag.get_mut(usize::from(choices.byte()) % count.max(1)) else {
        return;
    };
    let place = usize::from(choices.byte());
    let mut changed = frame.clone();
    if let Some(byte) = changed.get_mut(place) {
        *byte ^= choices.byte();
    }
    ours.carried(&[frame.clone(), changed, frame.clone()]);
}

/// A file is read or refused; what is whole in it makes a file in which all of it is whole.
fn file(data: &[u8]) {
    let named = [b"openline bundle 1 7\n", data].concat();
    for bytes in [data, &named] {
        let Ok(read) = bundle::read(bytes) else {
            assert!(!bytes.starts_with(b"openline bundle 1 7\n"));
            continue;
        };
        let again = bundle::read(&bundle::write(&read.frames)).expect("our own file");
        assert_eq!((again.missing(), &again.frames), (0, &read.frames));
    }
}
