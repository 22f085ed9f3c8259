//! Where a station may be reached: a hint, never an identity.

use core::fmt;

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::limits;

/// An address as a URL whose scheme names the bearer: `udp://host:7600`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(String);

impl Address {
    /// Takes a URL of visible ASCII characters; which schemes have a meaning, the bearers know.
    pub fn new(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let scheme_is_plain = !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_lowercase());
        let is_visible = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic());
        let fits = url.len() <= limits::ADDRESS;
        (scheme_is_plain && is_visible && fits).then(|| Self(url.to_owned()))
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The bearer that it is for: `udp`.
    pub fn scheme(&self) -> &str {
        self.0.split("://").next().unwrap_or("")
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Canonical for Address {
    fn write(&self, w: &mut Writer) {
        w.text(&self.0);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Self::new(r.text("address", limits::ADDRESS)?).ok_or(invalid("address"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OL-205
    #[test]
    fn an_address_is_a_url_that_a_terminal_can_show() {
        for good in ["udp://moscow.example:7600", "udp://[2001:db8::1]:7600"] {
            assert!(Address::new(good).is_some(), "{good}");
        }
        for wrong in [
            "",
            "udp://",
            "://x",
            "moscow:7600",
            "udp://a b",
            "udp://\u{202e}",
        ] {
            assert_eq!(Address::new(wrong), None, "{wrong}");
        }
    }
}
