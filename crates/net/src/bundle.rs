//! Bundles: what is carried by hand, as a file. One line of text says what it is, then frames follow as on a serial line
//! (OL-801): so damage costs the frames that it touches, and a part of a file is worth the frames that are whole in it.
//!
//! Anybody may have written a bundle. Who sealed a frame, its seal says.

use std::io::Write as _;

use crate::serial::framing::{self, Deframer};

/// Longest bundle that is read, in bytes; it is held in memory. A line's texts of years are shorter.
pub const LONGEST: usize = 32 * 1024 * 1024;

/// How the first line begins; the number of frames and a line feed follow.
const BEGINNING: &str = "openline bundle 1 ";

/// Longest first line: a number has at most 20 digits.
const LONGEST_LINE: usize = BEGINNING.len() + 20 + 1;

/// What a file held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unbundled {
    /// The frames that are whole, in their order.
    pub frames: Vec<Vec<u8>>,
    /// How many the file says that it had when it was written. Anybody could have changed that.
    pub promised: u64,
}

/// It does not begin as a bundle does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a bundle")]
pub struct NotABundle;

impl Unbundled {
    /// Frames that the file says that it had, and that are not whole in it.
    pub fn missing(&self) -> u64 {
        self.promised.saturating_sub(self.frames.len() as u64)
    }
}

/// The file.
pub fn write(frames: &[Vec<u8>]) -> Vec<u8> {
    let mut file = Vec::new();
    // Writing to memory can't fail.
    let _ = writeln!(file, "{BEGINNING}{}", frames.len());
    frames
        .iter()
        .for_each(|frame| file.extend(framing::encode(frame)));
    file
}

/// Whether bytes begin as a bundle does.
pub fn is_bundle(file: &[u8]) -> bool {
    file.starts_with(BEGINNING.as_bytes())
}

/// Reads what is whole in a file.
pub fn read(file: &[u8]) -> Result<Unbundled, NotABundle> {
    let line_end = file
        .iter()
        .take(LONGEST_LINE)
        .position(|&byte| byte == b'\n');
    let (line, rest) = file.split_at(line_end.ok_or(NotABundle)?);
    let number = line.strip_prefix(BEGINNING.as_bytes()).ok_or(NotABundle)?;
    let number = std::str::from_utf8(number).map_err(|_| NotABundle)?;
    let promised = number.parse().map_err(|_| NotABundle)?;
    let (mut deframer, mut frames) = (Deframer::default(), Vec::new());
    // A file that was cut off right behind the code of a frame holds it all the same.
    for part in [&rest[1..], &[0]] {
        deframer.take(part, |taken| {
            frames.extend(taken.ok().map(<[u8]>::to_vec));
        });
    }
    Ok(Unbundled { frames, promised })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames() -> Vec<Vec<u8>> {
        (0..5u8)
            .map(|at| vec![at; 40 + 200 * usize::from(at)])
            .collect()
    }

    /// OL-811
    #[test]
    fn what_was_written_is_read() {
        let file = write(&frames());
        assert!(is_bundle(&file));
        let read = read(&file).expect("a bundle");
        assert_eq!(read.frames, frames());
        assert_eq!((read.promised, read.missing()), (5, 0));
        assert_eq!(super::read(&write(&[])).expect("a bundle").promised, 0);
    }

    /// OL-811: a part of a bundle, or one with a byte changed, is worth the frames that are whole in it.
    #[test]
    fn damage_costs_the_frames_that_it_touches() {
        let file = write(&frames());
        let first = file.iter().position(|&byte| byte == b'\n').expect("a line");
        for end in first + 1..file.len() {
            let part = read(&file[..end]).expect("its first line is whole");
            let whole = part.frames.len();
            assert_eq!(part.frames, frames()[..whole]);
            assert_eq!(part.missing(), 5 - whole as u64);
        }
        for at in first + 1..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 0x41;
            let read = read(&changed).expect("its first line is whole");
            assert!(
                read.frames.iter().all(|frame| frames().contains(frame)),
                "at {at}"
            );
            // What stands between two frames belongs to both.
            assert!(read.missing() <= 2, "at {at}: {}", read.missing());
        }
    }

    #[test]
    fn what_is_no_bundle_is_refused() {
        for file in [
            &b""[..],
            b"openline bundle 1 ",
            b"openline bundle 2 3\n",
            b"openline bundle 1 -3\n",
            b"openline bundle 1 99999999999999999999999\n",
            b"openline card 1\n",
        ] {
            assert_eq!(read(file), Err(NotABundle));
        }
    }
}
