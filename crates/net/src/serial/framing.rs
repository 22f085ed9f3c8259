//! Frames in a stream of bytes: each with a CRC-32 behind it, by Consistent Overhead Byte Stuffing (Cheshire and
//! Baker, SIGCOMM 1997) free of 0x00, and between two 0x00. Whatever a line adds, drops or changes costs the frames
//! that it touches: the next one begins at the next 0x00.
//!
//! The CRC only keeps noise from the station; who sent a frame, its seal says.

use openline_wire::limits;

use crate::SHORTEST;

/// Bytes of the checksum behind a frame.
const SUM: usize = 4;

/// The longest frame with its checksum, between its two 0x00.
pub const LONGEST_CODED: usize = cobs::max_encoding_length(limits::DATAGRAM + SUM);

/// The longest frame as it goes over the line.
pub const LONGEST: usize = LONGEST_CODED + 2;

/// The shortest frame as it goes over the line, counted with one 0x00: two frames may share one.
pub const SHORTEST_APART: usize = 1 + SHORTEST + SUM + 1;

/// Why what stood between two 0x00 is no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// Too short or too long.
    Size,
    /// It was changed on the way, or only a part of it came.
    Garbled,
}

/// A frame as it goes over the line. The 0x00 before it ends what noise has begun.
pub fn encode(frame: &[u8]) -> Vec<u8> {
    let mut coded = vec![0];
    coded.extend(code(frame));
    coded.push(0);
    coded
}

fn code(frame: &[u8]) -> Vec<u8> {
    let mut summed = frame.to_vec();
    summed.extend(crc32fast::hash(frame).to_be_bytes());
    cobs::encode_vec(&summed)
}

/// Finds the frames in what comes over a line. Holds [`LONGEST_CODED`] bytes at most, whatever comes.
#[derive(Debug)]
pub struct Deframer {
    piece: Vec<u8>,
    is_too_long: bool,
}

impl Default for Deframer {
    fn default() -> Self {
        Self {
            piece: Vec::with_capacity(LONGEST_CODED),
            is_too_long: false,
        }
    }
}

impl Deframer {
    /// Takes the next bytes, and tells each frame that ends in them, and each that is none.
    pub fn take(&mut self, bytes: &[u8], mut tell: impl FnMut(Result<&[u8], Damage>)) {
        for part in bytes.split_inclusive(|byte| *byte == 0) {
            match part.split_last() {
                Some((0, rest)) => {
                    self.gather(rest, &mut tell);
                    self.end(&mut tell);
                }
                _ => self.gather(part, &mut tell),
            }
        }
    }

    /// What was begun will not be ended: the line is another one from here on.
    pub fn restart(&mut self) {
        self.piece.clear();
        self.is_too_long = false;
    }

    fn gather(&mut self, part: &[u8], tell: &mut impl FnMut(Result<&[u8], Damage>)) {
        if self.is_too_long {
            return;
        }
        if self.piece.len() + part.len() > LONGEST_CODED {
            self.is_too_long = true;
            return tell(Err(Damage::Size));
        }
        self.piece.extend_from_slice(part);
    }

    fn end(&mut self, tell: &mut impl FnMut(Result<&[u8], Damage>)) {
        // Nothing between two 0x00 is a pause.
        if !self.is_too_long && !self.piece.is_empty() {
            let mut plain = [0; LONGEST_CODED];
            tell(decode(&self.piece, &mut plain));
        }
        self.restart();
    }
}

fn decode<'plain>(
    coded: &[u8],
    plain: &'plain mut [u8; LONGEST_CODED],
) -> Result<&'plain [u8], Damage> {
    let decoded = cobs::decode(coded, plain).map_err(|_| Damage::Garbled)?;
    let summed = &plain[..decoded.frame_size()];
    let (frame, sum) = summed.split_last_chunk::<SUM>().ok_or(Damage::Garbled)?;
    // COBS has two forms for some frames. We take the one that we write, as everywhere.
    if crc32fast::hash(frame).to_be_bytes() != *sum || code(frame) != coded {
        return Err(Damage::Garbled);
    }
    match (SHORTEST..=limits::DATAGRAM).contains(&frame.len()) {
        true => Ok(frame),
        false => Err(Damage::Size),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a receiver makes of bytes that come so many at a time.
    fn taken(bytes: &[u8], at_a_time: usize) -> Vec<Result<Vec<u8>, Damage>> {
        let mut deframer = Deframer::default();
        let mut taken = Vec::new();
        for part in bytes.chunks(at_a_time) {
            deframer.take(part, |it| taken.push(it.map(<[u8]>::to_vec)));
            assert!(deframer.piece.capacity() <= LONGEST_CODED);
        }
        taken
    }

    fn frame(length: usize) -> Vec<u8> {
        (0..length).map(|n| (n % 7) as u8 * 41).collect()
    }

    /// OL-801: of every length, with and without zeros, however the bytes come.
    #[test]
    fn a_frame_comes_out_as_it_went_in() {
        let of_one = |byte| move |length| vec![byte; length];
        for length in SHORTEST..=limits::DATAGRAM {
            for frame in [frame(length), of_one(0)(length), of_one(0xff)(length)] {
                let coded = encode(&frame);
                assert!(coded.len() <= LONGEST);
                assert!(coded.len() > SHORTEST_APART, "{length}");
                assert!(!coded[1..coded.len() - 1].contains(&0));
                assert_eq!(taken(&coded, 64), [Ok(frame)]);
            }
        }
        assert_eq!(taken(&encode(&frame(99)), 1), [Ok(frame(99))]);
    }

    /// OL-802: whichever byte is another one, gone or doubled, the frame is dropped and the next one is taken.
    #[test]
    fn one_wrong_byte_costs_one_frame() {
        let (one, two) = (encode(&frame(60)), encode(&frame(61)));
        for place in 1..one.len() - 1 {
            for change in [0x01, 0x80, one[place]] {
                let mut wrong = one.clone();
                wrong[place] ^= change;
                let taken = taken(&[wrong, two.clone()].concat(), 64);
                assert_eq!(taken.last(), Some(&Ok(frame(61))));
                assert!(taken.iter().rev().skip(1).all(Result::is_err), "{place}");
            }
            let (mut gone, mut doubled) = (one.clone(), one.clone());
            gone.remove(place);
            doubled.insert(place, one[place]);
            for wrong in [gone, doubled] {
                let taken = taken(&[wrong, two.clone()].concat(), 64);
                assert_eq!(taken, [Err(Damage::Garbled), Ok(frame(61))], "{place}");
            }
        }
    }

    /// OL-802: half of one is dropped, also when the next one follows at once.
    #[test]
    fn half_a_frame_costs_no_other() {
        let (one, two) = (encode(&frame(60)), encode(&frame(61)));
        for kept in 2..one.len() - 1 {
            let bytes = [&one[..kept], &two].concat();
            assert_eq!(taken(&bytes, 64), [Err(Damage::Garbled), Ok(frame(61))]);
        }
    }

    /// OL-803: the largest that passes, the smallest that does not, and what never ends.
    #[test]
    fn what_is_too_long_or_too_short_is_dropped_in_bounded_memory() {
        let next = encode(&frame(40));
        for length in [SHORTEST - 1, limits::DATAGRAM + 1, 9_000] {
            let bytes = [encode(&frame(length)), next.clone()].concat();
            assert_eq!(taken(&bytes, 512), [Err(Damage::Size), Ok(frame(40))]);
        }
        let endless = [vec![7; 1_000_000], next].concat();
        assert_eq!(taken(&endless, 4_096), [Err(Damage::Size), Ok(frame(40))]);
    }

    /// OL-801: COBS allows a group more at the end of some frames; it is not taken.
    #[test]
    fn another_form_of_a_frame_is_no_frame() {
        // With its sum it has 254 bytes without a zero: one whole group.
        let whole = (0..u8::MAX).map(|n| vec![n | 1; 250]);
        let whole = whole.filter(|it| !crc32fast::hash(it).to_be_bytes().contains(&0));
        let frame = whole.into_iter().next().expect("most have none");
        let mut coded = encode(&frame);
        assert_eq!(taken(&coded, 64), [Ok(frame)]);
        coded.insert(coded.len() - 1, 1);
        assert_eq!(taken(&coded, 64), [Err(Damage::Garbled)]);
    }

    #[test]
    fn a_pause_is_neither_a_frame_nor_damage() {
        assert_eq!(taken(&[0; 1_000], 64), []);
    }
}
