//! Hides the length of what is sealed, as far as a bearer can afford it: the text is closed by one
//! byte 0x80 and filled up with zeros (ISO/IEC 7816-4), so there is one way to take it off.

use zeroize::Zeroizing;

/// How a bearer's frames are padded before they are sealed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// The closing byte alone. For thin bearers.
    None,
    /// Up to the next of the sizes 128, 256, 512, 1024 and 1136 (which with the longest
    /// introduction is just below 1200 bytes), then multiples of 1024.
    #[default]
    Classes,
    /// All frames are equally long: [`EVEN`] bytes with all that is around the text, whatever that is. For a constant rate.
    Even,
}

/// How long a frame is that is padded evenly: the longest text with the longest introduction is just below.
pub const EVEN: usize = 1200;

const CLASSES: [usize; 5] = [128, 256, 512, 1024, 1136];
const STEP: usize = 1024;
const CLOSING: u8 = 0x80;

impl Padding {
    /// How long `text` bytes are once padded, in a frame that adds so many more.
    pub(crate) fn padded(self, text: usize, around: usize) -> usize {
        let closed = text + 1;
        match self {
            Self::None => closed,
            Self::Even => closed.max(EVEN.saturating_sub(around)),
            Self::Classes => CLASSES
                .into_iter()
                .find(|class| *class >= closed)
                .unwrap_or_else(|| closed.next_multiple_of(STEP)),
        }
    }

    /// The longest text that takes at most `padded` bytes.
    pub(crate) fn longest_text(self, padded: usize) -> Option<usize> {
        let fits = match self {
            Self::None | Self::Even => Some(padded),
            Self::Classes if padded >= 2 * STEP => Some(padded - padded % STEP),
            Self::Classes => CLASSES.into_iter().rev().find(|class| *class <= padded),
        };
        fits?.checked_sub(1)
    }

    pub(crate) fn pad(self, text: &[u8], around: usize) -> Zeroizing<Vec<u8>> {
        let mut padded = Zeroizing::new(vec![0; self.padded(text.len(), around)]);
        padded[..text.len()].copy_from_slice(text);
        padded[text.len()] = CLOSING;
        padded
    }
}

/// Takes the padding off; `None` if there is none.
pub(crate) fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let end = padded.iter().rposition(|byte| *byte != 0)?;
    (padded[end] == CLOSING).then_some(&padded[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OL-133
    #[test]
    fn every_length_comes_back_and_only_classes_are_seen() {
        for len in 0..3000 {
            let text = vec![CLOSING; len];
            for padding in [Padding::None, Padding::Classes, Padding::Even] {
                let padded = padding.pad(&text, 61);
                assert_eq!(unpad(&padded), Some(&text[..]));
                assert!(padding.longest_text(padded.len()) >= Some(len));
            }
            let seen = Padding::Classes.pad(&text, 61).len();
            assert!(
                CLASSES.contains(&seen) || seen.is_multiple_of(STEP),
                "{seen}"
            );
        }
    }

    /// OL-133
    #[test]
    fn the_longest_text_fits_and_one_more_byte_does_not() {
        for room in 0..5000 {
            for padding in [Padding::None, Padding::Classes, Padding::Even] {
                let Some(text) = padding.longest_text(room) else {
                    continue;
                };
                let around = if padding == Padding::Even { EVEN } else { 0 };
                assert!(padding.padded(text, around) <= room);
                let more = padding.padded(text + 1, around);
                assert!(more > room, "{padding:?} {room} {text}");
            }
        }
    }

    /// OL-459
    #[test]
    fn evenly_padded_frames_are_equally_long_whatever_is_in_them_and_around() {
        for text in [0, 1, 500, 1135] {
            for around in [21, 29, 53, 61] {
                assert_eq!(Padding::Even.padded(text, around) + around, EVEN);
            }
        }
    }

    /// OL-133
    #[test]
    fn what_carries_no_closing_byte_is_refused() {
        assert_eq!(unpad(&[]), None);
        assert_eq!(unpad(&[0, 0]), None);
        assert_eq!(unpad(b"text\0"), None);
    }
}
