//! A proxy that connects us (RFC 9110 section 9.3.6), as it stands in the environment: `HTTPS_PROXY=http://name:word@proxy:3128`.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};

use data_encoding::BASE64;
use thiserror::Error;

/// The longest answer of a proxy to CONNECT that is read: a few headers.
const ANSWER: usize = 8 * 1024;

/// Addresses taken of its name.
const ADDRESSES: usize = 4;

/// A proxy.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    host: String,
    port: u16,
    /// The value of `Proxy-Authorization`: a secret.
    authorization: Option<String>,
}

impl std::fmt::Debug for Proxy {
    /// Leaves the password out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Proxy({}:{})", self.host, self.port)
    }
}

/// Why what the environment says is no proxy.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("expected http://host:port or http://name:password@host:port")]
pub struct ProxyError;

impl Proxy {
    /// What `HTTPS_PROXY` or `https_proxy` says; none if neither is there or it is empty.
    ///
    /// # Errors
    /// It is none that we can use.
    pub fn from_environment() -> Result<Option<Self>, ProxyError> {
        let said = ["HTTPS_PROXY", "https_proxy"].map(std::env::var);
        let said = said.into_iter().flatten().find(|it| !it.is_empty());
        said.map(|it| Self::parse(&it)).transpose()
    }

    /// Takes an address apart.
    ///
    /// # Errors
    /// It is none of an HTTP proxy.
    pub fn parse(url: &str) -> Result<Self, ProxyError> {
        let rest = url.strip_prefix("http://").ok_or(ProxyError)?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (who, place) = match rest.rsplit_once('@') {
            Some((who, place)) => (Some(who), place),
            None => (None, rest),
        };
        let (host, port) = place.rsplit_once(':').ok_or(ProxyError)?;
        let host = match host.strip_prefix('[') {
            Some(v6) => v6.strip_suffix(']').ok_or(ProxyError)?,
            None => host,
        };
        if host.is_empty() || host.contains('/') {
            return Err(ProxyError);
        }
        Ok(Self {
            host: host.to_owned(),
            port: port.parse().map_err(|_| ProxyError)?,
            authorization: who.map(|who| format!("Basic {}", BASE64.encode(who.as_bytes()))),
        })
    }

    /// Where it is now. Asks the system's resolver and may wait for it.
    pub fn resolve(&self) -> Vec<SocketAddr> {
        let found = (self.host.as_str(), self.port).to_socket_addrs();
        found
            .map(|found| found.take(ADDRESSES).collect())
            .unwrap_or_default()
    }

    /// What it is asked for: a connection to there.
    pub(super) fn connect(&self, host: &str, port: u16) -> Connect {
        let place = match host.contains(':') {
            true => format!("[{host}]:{port}"),
            false => format!("{host}:{port}"),
        };
        let mut request = format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n");
        if let Some(authorization) = &self.authorization {
            request += &format!("Proxy-Authorization: {authorization}\r\n");
        }
        request += "\r\n";
        Connect {
            unsent: request.into_bytes(),
            answer: Vec::new(),
        }
    }
}

/// A request to a proxy that is under way.
pub(super) struct Connect {
    unsent: Vec<u8>,
    answer: Vec<u8>,
}

impl Connect {
    /// Goes as far as is possible without waiting. `true` when we are connected.
    pub(super) fn advance(&mut self, stream: &mut TcpStream) -> io::Result<bool> {
        while !self.unsent.is_empty() {
            match stream.write(&self.unsent) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => drop(self.unsent.drain(..count)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        // Byte by byte, so that nothing of TLS is taken.
        let mut byte = [0];
        loop {
            match stream.read(&mut byte) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) => self.answer.push(byte[0]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error),
            }
            if self.answer.ends_with(b"\r\n\r\n") {
                return match is_granted(&self.answer) {
                    true => Ok(true),
                    false => Err(io::ErrorKind::ConnectionRefused.into()),
                };
            }
            if self.answer.len() > ANSWER {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
    }
}

/// `HTTP/1.1 200 Connection established`: any 2xx will do.
fn is_granted(answer: &[u8]) -> bool {
    let mut words = answer.split(|byte| *byte == b' ');
    let is_http = words.next().is_some_and(|it| it.starts_with(b"HTTP/1."));
    let is_success = words
        .next()
        .is_some_and(|it| it.len() == 3 && it[0] == b'2');
    is_http && is_success
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_read_with_and_without_a_password() {
        let plain = Proxy::parse("http://proxy.example:3128/").expect("a proxy");
        assert_eq!(
            plain.connect("moscow.example", 443).unsent,
            b"CONNECT moscow.example:443 HTTP/1.1\r\nHost: moscow.example:443\r\n\r\n"
        );
        let named = Proxy::parse("http://user:pass@[2001:db8::1]:8080").expect("a proxy");
        let request = String::from_utf8(named.connect("2001:db8::2", 443).unsent).expect("text");
        assert!(request.contains("CONNECT [2001:db8::2]:443 HTTP/1.1\r\n"));
        assert!(request.contains("Proxy-Authorization: Basic dXNlcjpwYXNz\r\n"));
        assert!(!format!("{named:?}").contains("pass"));
    }

    #[test]
    fn what_is_no_http_proxy_is_refused() {
        for wrong in [
            "https://a:1",
            "socks5://a:1",
            "a:1",
            "http://a",
            "http://:1",
            "http://a:x",
            "http://a/b:1",
            "http://[::1:1",
        ] {
            assert_eq!(Proxy::parse(wrong), Err(ProxyError), "{wrong}");
        }
    }

    #[test]
    fn only_success_lets_us_through() {
        for (answer, is_success) in [
            (&b"HTTP/1.1 200 Connection established\r\n\r\n"[..], true),
            (b"HTTP/1.0 204 x\r\n\r\n", true),
            (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", false),
            (b"HTTP/1.1 2000 x\r\n\r\n", false),
            (b"ICY 200 OK\r\n\r\n", false),
            (b"\r\n\r\n", false),
        ] {
            assert_eq!(is_granted(answer), is_success);
        }
    }
}
