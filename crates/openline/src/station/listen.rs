//! From what somebody typed behind `--listen` to the bearers.

use std::io::ErrorKind;
use std::net::SocketAddr;

use openline_net::{
    Bearer, Hint, RATES, SerialAddress, SerialAddressError, SerialBearer, UdpBearer,
};
use openline_wire::ids::LineId;
use openline_wire::names;

use super::lines::info;
use super::peers::LineInfo;
use super::sockets::Sockets;
use super::trouble::Trouble;
use crate::ceremony::load_lines;
use crate::home::Home;

/// Where a station listens unless it is told otherwise.
const USUAL: &str = "udp://[::]:7600";

/// Opens the bearer of each address, or says which of them can't be used and why.
pub fn open(home: &Home, addresses: &[String]) -> Result<Sockets, Trouble> {
    let mut sockets = Sockets::default();
    if addresses.is_empty() {
        sockets.add(udp(USUAL)?, None);
    }
    for address in addresses {
        match SerialAddress::is_meant(address) {
            true => {
                let (bearer, line) = serial(home, address, addresses.len() == 1)?;
                sockets.add(bearer, line);
            }
            false => sockets.add(udp(address)?, None),
        }
    }
    Ok(sockets)
}

fn udp(url: &str) -> Result<Bearer, Trouble> {
    let unusable = || Trouble::new("listen-address").with("address", url);
    let hint = Hint::parse(url).map_err(|_| unusable())?;
    let address: Option<SocketAddr> = hint.resolve().first().copied();
    let bearer = UdpBearer::bind(address.ok_or_else(unusable)?);
    Ok(Bearer::Udp(bearer.map_err(|error| {
        Trouble::new("listen-refused")
            .with("address", format!("udp://{}", error.address))
            .with("why", error.source)
    })?))
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
    let line = line(home, url, &address)?;
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

/// The line that a tty leads to. A tty leads to one peer, so where there are several lines one must be named.
fn line(home: &Home, url: &str, address: &SerialAddress) -> Result<Option<LineId>, Trouble> {
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
    let Some(name) = address.line() else {
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
