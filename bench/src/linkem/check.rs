//! Does the emulator do what it is asked? Compares delay, loss and rate with what packets experience.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::bed::Bed;
use crate::probe;
use crate::statistics::Summary;

const ROUND_TRIPS: usize = 20;
const LOSS_PACKETS: usize = 3000;
/// Payload and 28 bytes of headers make 300 bytes on the link: one second at 2400 bit/s.
const RATE_PAYLOAD: usize = 272;
const RATE_PACKETS: usize = 5;

/// One thing asked of the emulator, and what came out.
struct Finding {
    what: String,
    asked: f64,
    got: f64,
    tolerance: f64,
}

/// Runs all checks and prints them.
///
/// # Errors
/// No namespaces, or the emulator is off by more than it should be.
pub fn check() -> Result<()> {
    let bed = Bed::new("check", &[])?;
    let findings = [
        delay(&bed, 50.0)?,
        delay(&bed, 300.0)?,
        loss(&bed)?,
        rate(&bed)?,
    ];
    for Finding {
        what, asked, got, ..
    } in &findings
    {
        println!("{what}: asked {asked}, got {got:.1}");
    }
    for Finding {
        what,
        asked,
        got,
        tolerance,
    } in findings
    {
        ensure!(
            (got - asked).abs() <= tolerance,
            "{what}: asked {asked}, got {got:.1}: the machine may be too busy"
        );
    }
    Ok(())
}

fn delay(bed: &Bed, one_way_ms: f64) -> Result<Finding> {
    bed.command("clear")?;
    bed.command(&format!("set delay={one_way_ms}"))?;
    let times = probe::round_trips(bed, ROUND_TRIPS, 100, Duration::from_secs(2))?;
    let got = Summary::of(&times).p50.as_secs_f64() * 1000.0;
    Ok(Finding {
        what: "round trip, ms".to_owned(),
        asked: 2.0 * one_way_ms,
        got,
        tolerance: 5.0,
    })
}

fn loss(bed: &Bed) -> Result<Finding> {
    bed.command("clear")?;
    bed.command("set loss=0.3")?;
    let [from, to] = probe::sockets(bed)?;
    to.set_read_timeout(Some(Duration::from_millis(500)))?;
    let mut arrived = 0;
    for _ in 0..LOSS_PACKETS / 10 {
        (0..10).try_for_each(|_| from.send(&[0; 100]).map(drop))?;
        arrived += drain(&to, Duration::from_millis(2));
    }
    arrived += drain(&to, Duration::from_millis(500));
    let got = 100.0 * (1.0 - arrived as f64 / LOSS_PACKETS as f64);
    Ok(Finding {
        what: "loss, %".to_owned(),
        asked: 30.0,
        got,
        tolerance: 4.0,
    })
}

fn rate(bed: &Bed) -> Result<Finding> {
    bed.command("clear")?;
    bed.command("set rate=2400")?;
    let [from, to] = probe::sockets(bed)?;
    to.set_read_timeout(Some(Duration::from_secs(3)))?;
    (0..RATE_PACKETS).try_for_each(|_| from.send(&[0; RATE_PAYLOAD]).map(drop))?;
    let mut buffer = [0; 2000];
    let arrivals: Vec<Instant> = (0..RATE_PACKETS)
        .map(|_| to.recv(&mut buffer).map(|_| Instant::now()))
        .collect::<std::io::Result<_>>()?;
    let between = arrivals[RATE_PACKETS - 1]
        .duration_since(arrivals[0])
        .as_secs_f64();
    let bits = (RATE_PACKETS - 1) * (RATE_PAYLOAD + probe::UDP_HEADERS) * 8;
    Ok(Finding {
        what: "rate, bit/s".to_owned(),
        asked: 2400.0,
        got: bits as f64 / between,
        tolerance: 50.0,
    })
}

/// How many packets come until none has come for this long.
fn drain(socket: &UdpSocket, patience: Duration) -> usize {
    let mut buffer = [0; 2000];
    if socket.set_read_timeout(Some(patience)).is_err() {
        return 0;
    }
    std::iter::from_fn(|| socket.recv(&mut buffer).ok()).count()
}
