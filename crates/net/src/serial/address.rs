//! `serial:///dev/ttyUSB0?rate=9600`: a tty of this machine, and how fast it is. Nobody else can use such an address, so it
//! is not told to the other side.

use std::fmt;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// The rates that a tty may have, in bits a second: those of POSIX and the two beyond that every port has.
pub const RATES: [u32; 16] = [
    75, 110, 134, 150, 200, 300, 600, 1_200, 1_800, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600,
    115_200,
];

/// A tty, its rate, and the line that it leads to, if somebody said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SerialAddress {
    path: PathBuf,
    rate: u32,
    line: Option<String>,
}

/// Why an address is not one of a tty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SerialAddressError {
    /// Another bearer's, or none's.
    #[error("expected serial:///path?rate=number")]
    Form,
    /// No rate, or one that is not of [`RATES`].
    #[error("expected a rate that a tty has")]
    Rate,
}

impl SerialAddress {
    /// Whether it is meant to be one.
    pub fn is_meant(url: &str) -> bool {
        url.starts_with("serial:")
    }

    /// Takes `serial:///dev/ttyUSB0?rate=9600&line=moscow` apart. Nothing is escaped: a path has no `?`, a line's name no `&`.
    pub fn parse(url: &str) -> Result<Self, SerialAddressError> {
        let rest = url
            .strip_prefix("serial://")
            .ok_or(SerialAddressError::Form)?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        if !path.starts_with('/') || path.ends_with('/') || path.contains('\0') {
            return Err(SerialAddressError::Form);
        }
        let (mut rate, mut line) = (None, None);
        for parameter in query.split('&').filter(|it| !it.is_empty()) {
            match parameter.split_once('=') {
                Some(("rate", given)) if rate.is_none() => rate = Some(given),
                Some(("line", given)) if line.is_none() && !given.is_empty() => line = Some(given),
                _ => return Err(SerialAddressError::Form),
            }
        }
        let known = |rate: &u32| RATES.contains(rate);
        let rate = rate.and_then(|given| given.parse().ok()).filter(known);
        Ok(Self {
            path: path.into(),
            rate: rate.ok_or(SerialAddressError::Rate)?,
            line: line.map(str::to_owned),
        })
    }

    /// The tty.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bits a second.
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// The line that it leads to, as somebody called it.
    pub fn line(&self) -> Option<&str> {
        self.line.as_deref()
    }
}

/// Which tty it is; for status and messages.
impl fmt::Display for SerialAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "serial://{}", self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tty_its_rate_and_its_line_are_read() {
        let address = SerialAddress::parse("serial:///dev/ttyUSB0?rate=9600&line=Москва");
        let address = address.expect("an address");
        assert_eq!(address.path(), Path::new("/dev/ttyUSB0"));
        assert_eq!((address.rate(), address.line()), (9_600, Some("Москва")));
        assert_eq!(address.to_string(), "serial:///dev/ttyUSB0");
        let address = SerialAddress::parse("serial:///dev/ttyS1?rate=75").expect("an address");
        assert_eq!((address.rate(), address.line()), (75, None));
    }

    #[test]
    fn a_rate_that_no_tty_has_or_none_at_all_is_named_as_that() {
        for rate in [
            "",
            "?",
            "?rate=",
            "?rate=50",
            "?rate=9601",
            "?rate=fast",
            "?line=moscow",
        ] {
            let given = format!("serial:///dev/ttyUSB0{rate}");
            let refused = SerialAddress::parse(&given);
            assert_eq!(refused, Err(SerialAddressError::Rate), "{given}");
        }
    }

    #[test]
    fn what_is_no_address_of_a_tty_is_refused() {
        for wrong in [
            "udp://127.0.0.1:7600",
            "serial:/dev/ttyUSB0?rate=9600",
            "serial://dev/ttyUSB0?rate=9600",
            "serial:///?rate=9600",
            "serial:///dev/?rate=9600",
            "serial:///dev/ttyUSB0?rate=9600&rate=9600",
            "serial:///dev/ttyUSB0?rate=9600&line=",
            "serial:///dev/ttyUSB0?rate=9600&parity=even",
        ] {
            let refused = SerialAddress::parse(wrong);
            assert_eq!(refused, Err(SerialAddressError::Form), "{wrong}");
        }
    }
}
