//! A file that goes with a message. The message says what it is called, how long it is and the root of a tree over its chunks,
//! so that the author's signature covers every byte; the bytes themselves travel apart, chunk by chunk (OL-471).

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::ids::Digest;
use crate::limits;
use crate::names;

/// What a message says of a file that goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What its author calls it: a label, never a path.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// The RFC 6962 tree hash (section 2.1) over its chunks of [`limits::CHUNK`] bytes; the last may be shorter.
    pub root: Digest,
}

impl Attachment {
    /// How many chunks it has.
    pub fn chunks(&self) -> u64 {
        self.size.div_ceil(limits::CHUNK as u64)
    }

    /// How many bytes one of them has; none beyond the last.
    pub fn chunk_len(&self, chunk: u64) -> Option<usize> {
        let from = chunk.checked_mul(limits::CHUNK as u64)?;
        let left = self.size.checked_sub(from).filter(|left| *left > 0)?;
        Some(left.min(limits::CHUNK as u64) as usize)
    }
}

/// Whether a file may be called so: one line that shows nothing else than it is, and no way into another folder.
pub fn is_name(name: &str) -> bool {
    let is_path = name.contains(['/', '\\']) || name.starts_with('.');
    let is_trimmed = !name.is_empty() && name.trim() == name;
    name.len() <= limits::ATTACHMENT_NAME && is_trimmed && !is_path && names::is_plain(name)
}

impl Canonical for Attachment {
    fn write(&self, w: &mut Writer) {
        w.array(3).text(&self.name).uint(self.size).item(&self.root);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("attachment", 3)?;
        let name = r.text("name", limits::ATTACHMENT_NAME)?.to_owned();
        if !is_name(&name) {
            return Err(invalid("attachment: a name that may not be shown"));
        }
        let size = r.uint_up_to("size", limits::ATTACHMENT)?;
        if size == 0 {
            return Err(invalid("attachment: empty"));
        }
        let root = r.item()?;
        Ok(Self { name, size, root })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attachment(size: u64) -> Attachment {
        Attachment {
            name: "lageplan.pdf".to_owned(),
            size,
            root: Digest([7; 32]),
        }
    }

    #[test]
    fn chunks_cover_every_byte_once() {
        let chunk = limits::CHUNK as u64;
        for size in [
            1,
            chunk - 1,
            chunk,
            chunk + 1,
            3 * chunk,
            limits::ATTACHMENT,
        ] {
            let file = attachment(size);
            let lengths = (0..file.chunks()).map(|it| file.chunk_len(it).unwrap() as u64);
            assert_eq!(lengths.sum::<u64>(), size);
            assert_eq!(file.chunk_len(file.chunks()), None);
        }
        assert_eq!(attachment(1).chunk_len(u64::MAX), None);
    }

    /// OL-471
    #[test]
    fn a_name_is_a_label_and_no_path_and_an_empty_file_is_none() {
        for name in ["план.pdf", "a b.tar.gz", &"x".repeat(255)] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "",
            " a",
            "a/b",
            "..",
            ".ssh",
            "a\\b",
            "a\nb",
            "a\u{202e}fdp",
            &"x".repeat(256),
        ] {
            assert!(!is_name(name), "{name:?}");
            let named = Attachment {
                name: name.to_owned(),
                ..attachment(1)
            };
            assert!(Attachment::from_bytes(&named.to_bytes()).is_err());
        }
        assert!(Attachment::from_bytes(&attachment(0).to_bytes()).is_err());
        assert!(Attachment::from_bytes(&attachment(limits::ATTACHMENT + 1).to_bytes()).is_err());
        let whole = attachment(limits::ATTACHMENT);
        assert_eq!(
            Attachment::from_bytes(&whole.to_bytes()).as_ref(),
            Ok(&whole)
        );
    }
}
