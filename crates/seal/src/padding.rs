//! Hides the length of what is sealed, as far as a bearer can afford it.

/// How a bearer's frames are padded before they are sealed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// One byte, which only marks the end of the text. For thin bearers.
    None,
    /// Up to the next size class.
    #[default]
    Classes,
}
