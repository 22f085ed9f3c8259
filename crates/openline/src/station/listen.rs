//! From what somebody typed behind `--listen` to the bearers.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;

use openline_net::{
    Bearer, BindError, Hint, Proxy, QuicBearer, RATES, Scheme, SerialAddress, SerialAddressError,
    SerialBearer, TlsBearerError, UdpBearer, WsBearer,
};
use openline_wire::ids::LineId;
use openline_wire::names;

use super::doorkeeper::Doorkeeper;
use super::lines::info;
use super::peers::LineInfo;
use super::sockets::{SendOnly, Sockets};
use super::trouble::Trouble;
use crate::ceremony::load_lines;
use crate::home::Home;

/// Where a station listens unless it is told otherwise.
const USUAL: &str = "udp://[::]:7600";

/// Where a station listens, and what goes in one direction only.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    /// Where it listens and sends; the usual address if there is none at all.
    pub both: Vec<String>,
    /// Where it listens and must not send.
    pub receive_only: Vec<String>,
    /// Where it sends and nothing comes back.
    pub send_only: Vec<String>,
}

/// Opens the bearer of each address, or says which of them can't be used and why.
pub fn open(
    home: &Home,
    addresses: &Addresses,
    door: &Arc<Doorkeeper>,
) -> Result<Sockets, Trouble> {
    let mut sockets = Sockets::default();
    let count = addresses.both.len() + addresses.receive_only.len();
    if count == 0 {
        sockets.add(internet(USUAL, door)?, None);
    }
    for address in &addresses.both {
        let (bearer, line) = bearer(home, address, count == 1, door)?;
        sockets.add(bearer, line);
    }
    for address in &addresses.receive_only {
        let (bearer, line) = bearer(home, address, count == 1, door)?;
        if let Bearer::Quic(_) | Bearer::Ws(_) = bearer {
            return Err(Trouble::new("tls-receive-only").with("address", address));
        }
        sockets.add_silent(bearer, line);
    }
    for address in &addresses.send_only {
        sockets.add_send_only(send_only(home, address)?);
    }
    Ok(sockets)
}

fn bearer(
    home: &Home,
    url: &str,
    is_only: bool,
    door: &Arc<Doorkeeper>,
) -> Result<(Bearer, Option<LineId>), Trouble> {
    match SerialAddress::is_meant(url) {
        true => serial(home, url, is_only),
        false => Ok((internet(url, door)?, None)),
    }
}

/// `udp://host:port`, and `?line=name` behind it where there are several lines.
fn send_only(home: &Home, url: &str) -> Result<SendOnly, Trouble> {
    let (address, name) = match url.split_once("?line=") {
        Some((address, name)) => (address, Some(name)),
        None => (url, None),
    };
    // QUIC and TCP need answers.
    let datagrams = Hint::parse(address)
        .ok()
        .filter(|hint| hint.scheme() == Scheme::Udp);
    let unusable = || Trouble::new("send-only-address").with("address", url);
    Ok(SendOnly {
        address: datagrams.ok_or_else(unusable)?,
        url: address.to_owned(),
        line: line(home, url, name)?,
    })
}

/// `udp://host:port`, `quic://host:port` or `wss://host:port`.
fn internet(url: &str, door: &Arc<Doorkeeper>) -> Result<Bearer, Trouble> {
    let unusable = || Trouble::new("listen-address").with("address", url);
    let hint = Hint::parse(url).map_err(|_| unusable())?;
    let address: Option<SocketAddr> = hint.resolve().first().copied();
    let address = address.ok_or_else(unusable)?;
    let refused = |error: BindError| {
        let at = format!("{}{}", hint.scheme().prefix(), error.address);
        let refused = Trouble::new("listen-refused").with("address", at);
        refused.with("why", error.source)
    };
    match hint.scheme() {
        Scheme::Udp => UdpBearer::bind(address).map(Bearer::Udp).map_err(refused),
        Scheme::Quic => QuicBearer::bind(address, door.clone())
            .map(|bearer| Bearer::Quic(Box::new(bearer)))
            .map_err(|error| with_tls(error, refused)),
        Scheme::Wss => WsBearer::bind(address, door.clone(), proxy()?)
            .map(|bearer| Bearer::Ws(Box::new(bearer)))
            .map_err(|error| with_tls(error, refused)),
    }
}

fn with_tls(error: TlsBearerError, refused: impl FnOnce(BindError) -> Trouble) -> Trouble {
    match error {
        TlsBearerError::Bind(error) => refused(error),
        TlsBearerError::SetUp(error) => Trouble::new("tls-set-up").with("why", error),
    }
}

/// What calls over `wss` go through. What is written there may hold a password, so it is not repeated.
fn proxy() -> Result<Option<Proxy>, Trouble> {
    Proxy::from_environment().map_err(|error| Trouble::new("proxy").with("why", error))
}

/// A tty. One that is not there keeps a station from starting only if it has no other bearer: an adapter that was pulled out must not
/// take the network with it at the next start.
fn serial(home: &Home, url: &str, is_only: bool) -> Result<(Bearer, Option<LineId>), Trouble> {
    let address = SerialAddress::parse(url).map_err(|error| match error {
        SerialAddressError::Form => Trouble::new("listen-address").with("address", url),
        SerialAddressError::Rate => Trouble::new("serial-rate")
            .with("address", url)
            .with("rates", RATES.map(|rate| rate.to_string()).join(", ")),
    })?;
    let line = line(home, url, address.line())?;
    let bearer = match SerialBearer::open(address) {
        Ok(bearer) => bearer,
        Err(error) if !is_only && error.source.kind() == ErrorKind::NotFound => {
            SerialBearer::missing(error)
        }
        Err(error) => {
            let refused = Trouble::new("serial-refused");
            let refused = refused.with("path", error.address.path().display());
            return Err(refused.with("why", error.source));
        }
    };
    Ok((Bearer::Serial(bearer), line))
}

/// The line that a tty leads to, or an address to which frames only go: to one peer, so where there are several lines one must be named.
fn line(home: &Home, url: &str, name: Option<&str>) -> Result<Option<LineId>, Trouble> {
    let lines = load_lines(home).map_err(|error| Trouble::from(&error))?;
    let lines: Vec<LineInfo> = lines.open.iter().map(info).collect();
    let unclear = |named: &str| {
        let name = |line: &LineInfo| {
            let name = names::for_screen(line.name(line.theirs, ""));
            format!("{name} ({})", line.line.short())
        };
        let there = match lines.len() {
            0 => "none",
            1 => "one",
            _ => "several",
        };
        Trouble::new("serial-line")
            .with("named", named)
            .with("address", url)
            .with("there", there)
            .with(
                "lines",
                lines.iter().map(name).collect::<Vec<_>>().join(", "),
            )
    };
    let Some(name) = name else {
        return match lines.len() {
            0 | 1 => Ok(None),
            _ => Err(unclear("no")),
        };
    };
    let is_meant = |line: &&LineInfo| line.line.is_named(name) || line.is_called(name);
    match lines.iter().filter(is_meant).collect::<Vec<_>>()[..] {
        [line] => Ok(Some(line.line)),
        [] => Err(unclear("unknown")),
        _ => Err(unclear("several")),
    }
}
