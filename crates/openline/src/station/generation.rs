//! Notices when the machine was copied while it ran (rule 4).
//!
//! A hypervisor that copies or winds back a running machine changes its generation id (VMGENID). Linux does
//! not show the id itself, but since 6.9 its driver `vmgenid` says that it changed, in a kernel event
//! (`NEW_VMGENID=1` on the netlink group of kobject events), which every process of the first network
//! namespaces may hear. What this can't do: without such a device, without that driver, or in a container that
//! the events do not reach, nothing is heard; and between the copy and the event both copies run. The threat
//! model says so.

use std::io;

use rustix::fd::OwnedFd;
use rustix::net::netlink::{KOBJECT_UEVENT, SocketAddrNetlink};
use rustix::net::{AddressFamily, RecvFlags, SocketFlags, SocketType, bind, recvfrom, socket_with};

/// The multicast group in which the kernel itself speaks; in group 2 udev repeats what it likes.
const KERNEL_GROUP: u32 = 1;

/// Longest event: the kernel's own limit (UEVENT_BUFFER_SIZE) and its header.
const LONGEST_EVENT: usize = 4096;

/// Hears of copies.
pub struct GenerationWatch {
    socket: OwnedFd,
}

impl GenerationWatch {
    /// Begins to listen. An error means that this machine can't tell.
    pub fn open() -> io::Result<Self> {
        let socket = socket_with(
            AddressFamily::NETLINK,
            SocketType::DGRAM,
            SocketFlags::CLOEXEC,
            Some(KOBJECT_UEVENT),
        )?;
        bind(&socket, &SocketAddrNetlink::new(0, KERNEL_GROUP))?;
        Ok(Self { socket })
    }

    /// Waits until the machine's generation id changes.
    pub fn wait(&self) -> io::Result<()> {
        let mut buffer = [0u8; LONGEST_EVENT];
        loop {
            let (length, sender) = match recvfrom(&self.socket, &mut buffer, RecvFlags::empty()) {
                Ok((_, length, sender)) => (length.min(buffer.len()), sender),
                // More events than the buffer holds, none of which need be ours.
                Err(rustix::io::Errno::NOBUFS | rustix::io::Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            };
            let sender = sender.and_then(|sender| SocketAddrNetlink::try_from(sender).ok());
            let is_kernel = sender.is_some_and(|sender| sender.pid() == 0);
            if is_kernel && says_copied(&buffer[..length]) {
                return Ok(());
            }
        }
    }
}

/// Whether an event (`change@…`, then `KEY=value` pieces, each ended by a zero byte) tells of a new generation.
fn says_copied(event: &[u8]) -> bool {
    event
        .split(|byte| *byte == 0)
        .any(|piece| piece == b"NEW_VMGENID=1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_generation_drivers_own_word_ends_a_boot() {
        let copied =
            b"change@/devices/LNXSYSTM:00/VMGENCTR:00\0ACTION=change\0NEW_VMGENID=1\0SEQNUM=7\0";
        assert!(says_copied(copied));
        let synthetic = b"change@/devices/x\0ACTION=change\0SYNTH_ARG_NEW_VMGENID=1\0SEQNUM=8\0";
        assert!(!says_copied(synthetic));
        assert!(!says_copied(b"add@/devices/usb\0ACTION=add\0"));
    }

    #[test]
    fn an_ordinary_user_may_listen() {
        assert!(GenerationWatch::open().is_ok());
    }
}
