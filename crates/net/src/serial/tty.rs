//! A tty as this bearer needs it: bytes as they are, for us alone, and nobody ever waits for it.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{FlockOperation, Mode, OFlags, flock, open};
use rustix::io::Errno;
use rustix::termios::{
    ControlModes, InputModes, OptionalActions, QueueSelector, Termios, ioctl_tiocexcl,
    ioctl_tiocnxcl, tcflush, tcgetattr, tcsetattr,
};

use super::address::SerialAddress;

/// How far the rate that a port really has may lie from the one that was asked for, as a part of it. With more than a
/// twentieth the last bit of a byte is read in the wrong place.
const RATE_TOLERANCE: u32 = 20;

/// An open tty.
#[derive(Debug)]
pub struct Tty(OwnedFd);

impl Tty {
    /// Opens it: raw, 8N1, without flow control, at the rate of its address.
    pub(crate) fn open(address: &SerialAddress) -> io::Result<Self> {
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let tty = open(address.path(), flags, Mode::empty())?;
        // TIOCEXCL does not stop root, and a lock stops only those who ask for it: both.
        flock(&tty, FlockOperation::NonBlockingLockExclusive).map_err(|error| match error {
            Errno::WOULDBLOCK => Errno::BUSY,
            other => other,
        })?;
        ioctl_tiocexcl(&tty)?;
        let tty = Self(tty);
        tty.make_raw(address.rate())?;
        Ok(tty)
    }

    fn make_raw(&self, rate: u32) -> io::Result<()> {
        let mut modes = tcgetattr(&self.0)?;
        modes.make_raw();
        modes.input_modes -= InputModes::IXOFF | InputModes::IXANY;
        modes.control_modes -= ControlModes::CSTOPB | ControlModes::CRTSCTS;
        // Many cables have no line that says whether somebody is there.
        modes.control_modes |= ControlModes::CLOCAL | ControlModes::CREAD;
        modes.set_speed(rate)?;
        tcsetattr(&self.0, OptionalActions::Now, &modes)?;
        // It also succeeds where only a part of this could be had (tcsetattr(3)).
        match has_rate(&tcgetattr(&self.0)?, rate) {
            true => Ok(()),
            false => Err(io::Error::new(
                io::ErrorKind::Unsupported,
                format!("it has no rate of {rate} bit/s"),
            )),
        }
    }

    /// Reads what has come. An end means that the tty is gone.
    pub(crate) fn read(&self, buffer: &mut [u8]) -> Result<usize, Errno> {
        match rustix::io::read(&self.0, buffer) {
            Ok(0) => Err(Errno::IO),
            other => other,
        }
    }

    /// Writes as much as the kernel takes.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<usize, Errno> {
        match rustix::io::write(&self.0, bytes) {
            Err(Errno::AGAIN | Errno::INTR) => Ok(0),
            other => other,
        }
    }

    /// Whether the other end, or the device, is gone.
    pub(crate) fn is_hung_up(&self) -> bool {
        let mut source = [PollFd::new(&self.0, PollFlags::IN)];
        let now = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
        poll(&mut source, Some(&now)).is_ok() && source[0].revents().intersects(gone)
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        // What has not gone out would be waited for, up to half a minute (termios(3), closing_wait). An error says
        // that there is no tty any more.
        let _ = tcflush(&self.0, QueueSelector::IOFlush);
        // A pseudo-terminal keeps it beyond its last user.
        let _ = ioctl_tiocnxcl(&self.0);
    }
}

impl AsFd for Tty {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

fn has_rate(modes: &Termios, rate: u32) -> bool {
    let is_near = |speed: u32| speed.abs_diff(rate) * RATE_TOLERANCE <= rate;
    is_near(modes.output_speed()) && is_near(modes.input_speed())
}
