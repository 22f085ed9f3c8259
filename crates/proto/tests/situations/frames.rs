//! What a frame carries, as bytes: one form, any garbage refused without a panic.

use openline_proto::bodies::{self, Body, Confirm, Echo, Fragment, Have, HaveChain, Want};
use openline_proto::loss::Report;
use openline_wire::cbor::{Canonical, Writer};
use openline_wire::codes::Stream;
use openline_wire::limits;
use proptest::prelude::*;

fn boot() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 4..=16)
}

fn stream() -> impl Strategy<Value = Stream> {
    prop::sample::select(Stream::ALL)
}

fn chain() -> impl Strategy<Value = HaveChain> {
    let ahead = prop::collection::vec((1u64..99, 1u64..99), 0..4);
    (boot(), stream(), any::<u64>(), ahead).prop_map(|(boot, stream, size, ahead)| HaveChain {
        boot,
        stream,
        size,
        ahead,
    })
}

fn have() -> impl Strategy<Value = Body> {
    let echo = prop::option::of((boot(), any::<u64>(), any::<u64>()));
    let report = prop::option::of((any::<u64>(), any::<u64>(), any::<u64>()));
    let flags = (any::<bool>(), any::<bool>());
    let confirms = prop::collection::vec(any::<u32>(), 0..4);
    let chains = prop::collection::vec(chain(), 0..6);
    let rings = prop::collection::btree_set(any::<u64>(), 0..=limits::OPEN_RINGS);
    let clocks = (any::<u64>(), 0u64..1 << 40);
    (clocks, flags, echo, confirms, report, chains, rings).prop_map(
        |((clock, wall), (whole, answer), echo, confirms, report, chains, rings)| {
            let echo = echo.map(|(boot, clock, lay)| Echo {
                boot,
                challenge: clock,
                lay,
            });
            let report = report.map(|(key, reached, received)| Report {
                key,
                reached,
                received,
            });
            Body::Have(Have {
                challenge: clock,
                wall,
                whole,
                answer,
                echo,
                confirms,
                report,
                chains,
                rings: rings.into_iter().collect(),
            })
        },
    )
}

fn body() -> impl Strategy<Value = Body> {
    let want = (boot(), stream(), any::<u64>());
    let want = want.prop_map(|(boot, stream, sequence)| Want {
        boot,
        stream,
        sequence,
    });
    let bytes = || prop::collection::vec(any::<u8>(), 0..200);
    let fragment = (any::<u64>(), 0u64..8, bytes()).prop_map(|(whole, index, bytes)| Fragment {
        whole,
        index,
        count: 8,
        bytes,
    });
    let confirm = (
        any::<i64>(),
        1..u64::MAX,
        prop::collection::vec(chain(), 1..4),
    );
    let confirm = confirm.prop_map(|(later, size, mut chains)| {
        chains[0].size = size;
        Body::Confirm(Confirm {
            later,
            report: None,
            chains,
        })
    });
    prop_oneof![
        confirm,
        prop::collection::vec(want, 0..8).prop_map(Body::Want),
        fragment.prop_map(Body::Fragment),
        bytes().prop_map(Body::Keys),
    ]
}

/// A *have* or none, and so many of the others: a frame holds no second one.
fn bodies_of_a_frame(others: core::ops::Range<usize>) -> impl Strategy<Value = Vec<Body>> {
    let others = prop::collection::vec(body(), others);
    (prop::option::of(have()), others)
        .prop_map(|(have, others)| have.into_iter().chain(others).collect())
}

fn frame(bodies: &[Body]) -> Vec<u8> {
    bodies.iter().flat_map(Canonical::to_bytes).collect()
}

proptest! {
    /// OL-401
    #[test]
    fn what_was_written_is_read(bodies in bodies_of_a_frame(0..5)) {
        prop_assert_eq!(bodies::read_all(&frame(&bodies)), Ok(bodies));
    }

    /// OL-401: garbage is refused or is the one form of what it says; it never panics.
    #[test]
    fn garbage_is_refused_or_canonical(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(bodies) = bodies::read_all(&bytes) {
            prop_assert_eq!(frame(&bodies), bytes);
        }
    }

    /// OL-401: a frame with one byte changed is refused, or is the one form of something else.
    #[test]
    fn a_changed_byte_never_makes_a_second_form(
        bodies in bodies_of_a_frame(1..4),
        at in any::<prop::sample::Index>(),
        flip in 1u8..,
    ) {
        let mut bytes = frame(&bodies);
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(read) = bodies::read_all(&bytes) {
            prop_assert_eq!(frame(&read), bytes);
        }
    }
}

/// OL-402: a name of fewer than four bytes is no name.
#[test]
fn a_boot_named_by_three_bytes_is_refused() {
    let want = |boot: &[u8]| {
        let boot = boot.to_vec();
        Body::Want(vec![Want {
            boot,
            stream: Stream::Urgent,
            sequence: 0,
        }])
    };
    assert!(bodies::read_all(&frame(&[want(&[1, 2, 3, 4])])).is_ok());
    assert!(bodies::read_all(&frame(&[want(&[1, 2, 3])])).is_err());
}

proptest! {
    /// OL-401: each *have* is a guess at a challenge.
    #[test]
    fn a_second_have_is_refused(first in have(), second in have()) {
        prop_assert!(bodies::read_all(&frame(core::slice::from_ref(&first))).is_ok());
        prop_assert!(bodies::read_all(&frame(&[first, second])).is_err());
    }
}

/// OL-401: seventeen bodies are one too many.
#[test]
fn a_frame_of_seventeen_bodies_is_refused() {
    let bodies = vec![Body::Want(Vec::new()); 17];
    assert!(bodies::read_all(&frame(&bodies[..16])).is_ok());
    assert!(bodies::read_all(&frame(&bodies)).is_err());
}

/// OL-401: the form of `spec/cddl/sync.cddl` and no other.
#[test]
fn entries_without_an_entry_and_a_delta_against_itself_or_with_a_short_name_are_refused() {
    let packed = |boot: &[u8], back: u64| {
        let head = |w: &mut Writer| {
            w.array(4).bytes(boot).uint(0).uint(1).null();
        };
        let mut w = Writer::new();
        w.array(2).uint(1).array(1).array(3);
        w.array(12).bytes(&[1; 4]).uint(1).uint(5).uint(back);
        w.int(-3).null().array(1);
        head(&mut w);
        w.null().null().null().bytes(b"").null();
        w.bytes(&[0; 64]).null();
        w.into_bytes()
    };
    assert!(bodies::read_all(&packed(&[2; 4], 1)).is_ok());
    assert!(bodies::read_all(&packed(&[2; 3], 1)).is_err());
    assert!(bodies::read_all(&packed(&[2; 4], 0)).is_err());
    assert!(bodies::read_all(&frame(&[Body::Entries(Vec::new())])).is_err());
}
