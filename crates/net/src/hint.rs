//! `udp://host:port`: where a station may be reached. A hint, so a name that does not resolve is no error.

use std::net::{SocketAddr, ToSocketAddrs as _};

use thiserror::Error;

/// Addresses taken of one name: a peer has one per family and uplink; a zone file with thousands is not ours
/// to flood.
const ADDRESSES_PER_NAME: usize = 8;

/// A host, by name or number, and a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hint {
    host: String,
    port: u16,
}

/// Why an address is not one of this bearer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HintError {
    /// Another bearer's, or none's.
    #[error("expected udp://host:port, got {0}")]
    Form(String),
}

impl Hint {
    /// Takes `udp://host:port` or `udp://[2001:db8::1]:port` apart.
    pub fn parse(url: &str) -> Result<Self, HintError> {
        let wrong = || HintError::Form(url.to_owned());
        let rest = url.strip_prefix("udp://").ok_or_else(wrong)?;
        let (host, port) = rest.rsplit_once(':').ok_or_else(wrong)?;
        let port = port.parse().map_err(|_| wrong())?;
        let host = match host.strip_prefix('[') {
            Some(v6) => v6.strip_suffix(']').ok_or_else(wrong)?,
            None if host.contains(':') => return Err(wrong()),
            None => host,
        };
        if host.is_empty() || host.contains('/') {
            return Err(wrong());
        }
        let host = host.to_owned();
        Ok(Self { host, port })
    }

    /// The addresses that the name has now, none if it has none. Asks the system's resolver and may wait for
    /// it: not for the core's thread.
    pub fn resolve(&self) -> Vec<SocketAddr> {
        let found = (self.host.as_str(), self.port).to_socket_addrs();
        found
            .map(|found| found.take(ADDRESSES_PER_NAME).collect())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_of_both_families_are_read() {
        let addresses = |url: &str| Hint::parse(url).map(|hint| hint.resolve());
        let v4: SocketAddr = ([127, 0, 0, 1], 7600).into();
        let v6: SocketAddr = ([0, 0, 0, 0, 0, 0, 0, 1], 7600).into();
        assert_eq!(addresses("udp://127.0.0.1:7600"), Ok(vec![v4]));
        assert_eq!(addresses("udp://[::1]:7600"), Ok(vec![v6]));
    }

    #[test]
    fn a_name_that_does_not_resolve_is_no_error() {
        let hint = Hint::parse("udp://no-such-host.invalid:7600");
        assert_eq!(hint.map(|hint| hint.resolve()), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_udp_address_is_refused() {
        for wrong in [
            "quic://a:1",
            "udp://a",
            "udp://a:x",
            "udp://:1",
            "udp://::1:7600",
            "udp://a/b:1",
            "udp://[::1:7600",
            "udp://a:70000",
        ] {
            assert!(Hint::parse(wrong).is_err(), "{wrong}");
        }
    }
}
