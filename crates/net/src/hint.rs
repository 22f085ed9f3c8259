//! `udp://host:port`, `quic://host:port`, `wss://host:port`: where a station may be reached. A hint, so a name that does not resolve is no error.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};

use thiserror::Error;

/// Addresses taken of one name: a peer has one per family and uplink; a zone file with thousands is not ours
/// to flood.
const ADDRESSES_PER_NAME: usize = 8;

/// Which bearer an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// Bare datagrams.
    Udp,
    /// Inside TLS.
    Quic,
    /// Inside TLS, as HTTPS.
    Wss,
}

impl Scheme {
    const ALL: [Self; 3] = [Self::Udp, Self::Quic, Self::Wss];

    /// As addresses begin.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Udp => "udp://",
            Self::Quic => "quic://",
            Self::Wss => "wss://",
        }
    }
}

/// A bearer, a host, by name or number, and a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hint {
    scheme: Scheme,
    host: String,
    port: u16,
}

/// Why an address is not one of this bearer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HintError {
    /// Another bearer's, or none's.
    #[error("expected udp://, quic:// or wss://host:port, got {0}")]
    Form(String),
}

impl Hint {
    /// Takes `udp://host:port` or `udp://[2001:db8::1]:port` apart, and the same with `quic` and `wss`.
    pub fn parse(url: &str) -> Result<Self, HintError> {
        let wrong = || HintError::Form(url.to_owned());
        let after = |scheme: Scheme| Some((scheme, url.strip_prefix(scheme.prefix())?));
        let (scheme, rest) = Scheme::ALL.into_iter().find_map(after).ok_or_else(wrong)?;
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
        Ok(Self { scheme, host, port })
    }

    /// The name or number, and the port.
    pub fn place(&self) -> (&str, u16) {
        (&self.host, self.port)
    }

    /// The bearer that it is for.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Whether a datagram may be sent there: not if it is port 0, or a number that stands for many machines or for none.
    pub fn is_reachable(&self) -> bool {
        let is_one = match self.host.parse() {
            Ok(ip) => is_one_machine(ip),
            Err(_) => !self.host.contains('@'),
        };
        self.port != 0 && is_one
    }

    /// The addresses of single machines that the name has now, none if it has none. Asks the system's resolver and may wait for
    /// it: not for the core's thread.
    pub fn resolve(&self) -> Vec<SocketAddr> {
        let found = (self.host.as_str(), self.port).to_socket_addrs();
        let ours = |found: &SocketAddr| is_one_machine(found.ip());
        found
            .map(|found| found.filter(ours).take(ADDRESSES_PER_NAME).collect())
            .unwrap_or_default()
    }
}

/// Not many machines, and not none.
fn is_one_machine(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => !v4.is_broadcast() && !v4.is_multicast() && !v4.is_unspecified(),
        IpAddr::V6(v6) => !v6.is_multicast() && !v6.is_unspecified(),
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
        assert_eq!(addresses("quic://[::1]:7600"), Ok(vec![v6]));
        let scheme = |url: &str| Hint::parse(url).map(|hint| hint.scheme());
        assert_eq!(scheme("udp://[::1]:7600"), Ok(Scheme::Udp));
        assert_eq!(scheme("quic://[::1]:7600"), Ok(Scheme::Quic));
        assert_eq!(scheme("wss://station.example:443"), Ok(Scheme::Wss));
    }

    #[test]
    fn what_is_no_single_machine_is_no_way_to_a_station() {
        let is_reachable = |url: &str| Hint::parse(url).is_ok_and(|hint| hint.is_reachable());
        for wrong in [
            "udp://127.0.0.1:0",
            "udp://127.0.0.1:99999",
            "udp://255.255.255.255:7600",
            "udp://224.0.0.1:7600",
            "udp://0.0.0.0:7600",
            "udp://[::]:7600",
            "udp://[ff02::1]:7600",
            "udp://user@host:7600",
        ] {
            assert!(!is_reachable(wrong), "{wrong}");
        }
        for right in [
            "udp://10.0.0.1:7600",
            "udp://[::1]:1",
            "udp://station.example:7600",
        ] {
            assert!(is_reachable(right), "{right}");
        }
    }

    #[test]
    fn a_name_that_does_not_resolve_is_no_error() {
        let hint = Hint::parse("udp://no-such-host.invalid:7600");
        assert_eq!(hint.map(|hint| hint.resolve()), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_address_of_a_bearer_is_refused() {
        for wrong in [
            "sctp://a:1",
            "ws://a:1",
            "quic:/a:1",
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
