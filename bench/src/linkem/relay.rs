//! The loop that moves packets between the two devices at their times.

use std::num::NonZeroU64;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::control::{Link, Next};

/// How many packets of one side are read before timed ones get their turn again.
const BURST: usize = 64;
const LARGEST_PACKET: usize = 70_000;
/// A sleeping processor of a virtual machine takes about so long to wake, so the loop stops sleeping so long before a
/// packet is due: else every delay would be a tenth of a millisecond more than was asked for.
const AWAKE_BEFORE: Duration = Duration::from_micros(120);
/// With more packets than this on the way the machine does not sleep, and the processor is left to who has work.
const FEW_PACKETS: usize = 8;
/// So often the loop looks whether it was told to stop.
const IDLE: Duration = Duration::from_secs(1);

/// Moves packets until told to quit, or until `stop` is set by a signal.
///
/// # Errors
/// The system refuses to wait for the devices.
pub fn relay(
    mut link: Link,
    devices: &[OwnedFd; 2],
    listener: &UnixListener,
    stop: &Arc<AtomicBool>,
) -> Result<()> {
    // Without this the kernel may wake us 50 µs late.
    rustix::thread::set_current_timer_slack(NonZeroU64::new(1))?;
    let mut buffer = vec![0; LARGEST_PACKET];
    while !stop.load(Ordering::SeqCst) {
        let asked = wait(&link, devices, listener)?;
        for from in [0, 1] {
            take_burst(&mut link, from, &devices[from], &mut buffer);
            deliver_due(&mut link, from, &devices[1 - from]);
        }
        if asked && matches!(link.serve(listener), Ok(Next::Quit)) {
            break;
        }
    }
    Ok(())
}

/// Sleeps until a packet comes or is due. True if a command waits.
fn wait(link: &Link, devices: &[OwnedFd; 2], listener: &UnixListener) -> Result<bool> {
    let due = link
        .directions
        .iter()
        .filter_map(|direction| direction.due())
        .min();
    let on_the_way: usize = link.directions.iter().map(|it| it.on_the_way()).sum();
    let early = match on_the_way {
        0..=FEW_PACKETS => AWAKE_BEFORE,
        _ => Duration::ZERO,
    };
    let patience = due.map_or(IDLE, |at| {
        let left = at.saturating_duration_since(Instant::now());
        left.saturating_sub(early).min(IDLE)
    });
    let timeout = Timespec::try_from(patience)?;
    let [a, b] = devices
        .each_ref()
        .map(|device| PollFd::from_borrowed_fd(device.as_fd(), PollFlags::IN));
    let mut watched = [
        a,
        b,
        PollFd::from_borrowed_fd(listener.as_fd(), PollFlags::IN),
    ];
    match poll(&mut watched, Some(&timeout)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(watched[2].revents().contains(PollFlags::IN))
}

fn take_burst(link: &mut Link, from: usize, device: &OwnedFd, buffer: &mut [u8]) {
    for _ in 0..BURST {
        match rustix::io::read(device, &mut *buffer) {
            Ok(length) if length > 0 => {
                link.directions[from].take(Instant::now(), &buffer[..length])
            }
            _ => return,
        }
    }
}

fn deliver_due(link: &mut Link, from: usize, device: &OwnedFd) {
    let direction = &mut link.directions[from];
    while let Some(packet) = direction.next_out(Instant::now()) {
        let taken = rustix::io::write(device, &packet) == Ok(packet.len());
        direction.delivered(packet.len(), taken);
    }
}
