//! Files of which a byte was changed, or which were cut, or go on.

use openline_record::export::{RecordWriter, locate};
use openline_record::finding::Field;

use super::{Exchange, Vector, export, head, vector};

/// Each of them.
pub fn files() -> Vec<Vector> {
    let file = export(&Exchange::new().entries);
    let flipped = |name, field, part, offset| {
        let mut file = file.clone();
        // The second entry of the file that has such a field.
        let is_there = |at: &usize| {
            locate(&file, *at as u64).is_some_and(|l| l.field == field && l.part == part)
        };
        let at = (file.len() / 3..file.len())
            .find(is_there)
            .expect("such a byte");
        file[at + offset] ^= 1;
        vector(name, "OL-366", file)
    };
    let mut trailing = file.clone();
    trailing.push(0);
    let mut head_only = Vec::new();
    let _ = RecordWriter::new(head(), &mut head_only);
    vec![
        flipped("byte-of-a-header-changed", Field::Header, Some("time"), 5),
        flipped("byte-of-a-signature-changed", Field::Signature, None, 5),
        flipped("byte-of-a-body-changed", Field::Body, None, 30),
        flipped("byte-of-a-closing-changed", Field::Closing, None, 20),
        vector("cut-in-an-entry", "OL-365", file[..file.len() / 2].to_vec()),
        vector("head-only", "OL-365", head_only),
        vector("byte-behind-the-end", "OL-365", trailing),
    ]
}
