//! Where the station of a home would listen, for the hints that say how to start it: at each port that the other sides were told of,
//! in the line files or by what was announced since.

use std::path::Path;

use openline_wire::address::Address;

use crate::ceremony::load_lines;
use crate::home::Home;
use crate::station::told;

/// The port that is usual.
const USUAL: &str = "udp://0.0.0.0:7600";

/// At the ports at which the other sides were told that we can be reached, at every address of this machine; what stands behind the
/// first `--listen`.
pub fn address(home: &Path) -> String {
    let lines = Home::open(home)
        .ok()
        .and_then(|home| load_lines(&home).ok());
    let lines = lines.map(|lines| lines.open).unwrap_or_default();
    let announced = told::read(home);
    let told = lines.iter().flat_map(|line| {
        let since = announced.get(&line.line.to_string());
        match since.filter(|since| !since.is_empty()) {
            Some(since) => since.iter().filter_map(|url| Address::new(url)).collect(),
            None => line.own.reachable_at.clone(),
        }
    });
    let mut all: Vec<String> = Vec::new();
    for address in told.filter_map(|address| at_every_address(&address)) {
        if !all.contains(&address) {
            all.push(address);
        }
    }
    match all.is_empty() {
        true => USUAL.to_owned(),
        false => all.join(" --listen "),
    }
}

fn at_every_address(told: &Address) -> Option<String> {
    let (scheme, place) = told.as_str().split_once("://")?;
    let (host, port) = place.rsplit_once(':')?;
    let port: u16 = port.parse().ok()?;
    let every = if host.contains('[') {
        "[::]"
    } else {
        "0.0.0.0"
    };
    Some(format!("{scheme}://{every}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hint_has_the_port_that_the_other_side_was_told() {
        let hint = |told| at_every_address(&Address::new(told).expect("an address"));
        assert_eq!(
            hint("udp://moscow.example:7911").as_deref(),
            Some("udp://0.0.0.0:7911")
        );
        assert_eq!(
            hint("udp://[2001:db8::1]:7911").as_deref(),
            Some("udp://[::]:7911")
        );
        assert_eq!(
            hint("quic://moscow.example:7601").as_deref(),
            Some("quic://0.0.0.0:7601")
        );
        assert_eq!(address(Path::new("/nonexistent")), USUAL);
    }
}
