//! A line of bytes: whatever comes over a tty.

use openline_net::framing::{Damage, Deframer, encode};

type Found = Vec<Result<Vec<u8>, Damage>>;

/// What is found does not depend on how the bytes come, each frame stands there in the one form that we would write, and the next frame
/// is always taken.
pub fn line(data: &[u8]) {
    let next = encode(&[7; 40]);
    let all = [data, &next].concat();
    let found = found(&all, all.len());
    assert_eq!(found, self::found(&all, 7));
    assert_eq!(found.last(), Some(&Ok(vec![7; 40])));
    for frame in found.iter().flatten() {
        let coded = encode(frame);
        let ends_so = &coded[1..];
        assert!(all.windows(ends_so.len()).any(|it| it == ends_so));
    }
}

fn found(bytes: &[u8], at_a_time: usize) -> Found {
    let (mut deframer, mut found) = (Deframer::default(), Found::new());
    for part in bytes.chunks(at_a_time) {
        deframer.take(part, |it| found.push(it.map(<[u8]>::to_vec)));
    }
    found
}
