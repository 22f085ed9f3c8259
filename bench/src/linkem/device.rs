//! TUN and TAP devices inside network namespaces.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use rustix::fs::{Mode, OFlags};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

/// The longest name that the kernel takes (IFNAMSIZ less the final zero).
const LONGEST_NAME: usize = 15;

/// One end of the link: the device to make in a namespace.
pub struct End<'a> {
    /// Name of the namespace; made if there is none.
    pub namespace: &'a str,
    /// Name of the device.
    pub interface: &'a str,
    /// Its address with prefix length.
    pub address: &'a str,
    /// Largest packet.
    pub mtu: &'a str,
    /// Ethernet frames instead of IP packets.
    pub tap: bool,
}

impl End<'_> {
    /// Makes the device, gives it its address and brings it up.
    ///
    /// # Errors
    /// Mostly: not root, or no `ip`.
    pub fn open(&self) -> Result<OwnedFd> {
        ensure!(
            self.interface.len() <= LONGEST_NAME,
            "interface name longer than {LONGEST_NAME}: {}",
            self.interface
        );
        if !namespace_path(self.namespace).exists() {
            ip(&["netns", "add", self.namespace])?;
        }
        let device = inside(self.namespace, || tun::open(self.interface, self.tap))??;
        self.quiet_ipv6();
        let Self {
            namespace,
            interface,
            address,
            mtu,
            ..
        } = self;
        ip(&["-n", namespace, "addr", "add", address, "dev", interface])?;
        ip(&["-n", namespace, "link", "set", interface, "mtu", mtu, "up"])?;
        ip(&["-n", namespace, "link", "set", "lo", "up"])?;
        Ok(device)
    }

    /// Router solicitations would be in the byte counts. A kernel without IPv6 has no such setting, hence no error.
    fn quiet_ipv6(&self) {
        let setting = format!("net.ipv6.conf.{}.disable_ipv6=1", self.interface);
        let _ = Command::new("ip")
            .args(["netns", "exec", self.namespace, "sysctl", "-qw", &setting])
            .output();
    }
}

/// Does something with this thread inside a namespace, and comes back.
///
/// # Errors
/// The namespace cannot be entered, or left again.
pub fn inside<T>(namespace: &str, act: impl FnOnce() -> T) -> Result<T> {
    let home = File::open("/proc/thread-self/ns/net").context("this thread's own namespace")?;
    enter(&File::open(namespace_path(namespace))?)
        .with_context(|| format!("namespace {namespace}"))?;
    let done = act();
    enter(&home).context("back from the namespace")?;
    Ok(done)
}

fn enter(namespace: &File) -> rustix::io::Result<()> {
    use std::os::fd::AsFd as _;
    move_into_link_name_space(namespace.as_fd(), Some(LinkNameSpaceType::Network))
}

/// Removes a namespace and all that is in it.
///
/// # Errors
/// There is none, or not root.
pub fn remove_namespace(namespace: &str) -> Result<()> {
    ip(&["netns", "del", namespace])
}

fn namespace_path(namespace: &str) -> std::path::PathBuf {
    Path::new("/run/netns").join(namespace)
}

fn ip(arguments: &[&str]) -> Result<()> {
    let output = Command::new("ip")
        .args(arguments)
        .output()
        .context("ip (package iproute2)")?;
    if !output.status.success() {
        bail!(
            "ip {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(())
}

/// The one call to the kernel that no library wraps.
mod tun {
    #![allow(unsafe_code, reason = "rustix has no safe TUNSETIFF")]

    use super::{Context, LONGEST_NAME, Mode, OFlags, OwnedFd, Result};

    /// `struct ifreq` of linux/if.h, as TUNSETIFF reads it.
    #[repr(C)]
    struct InterfaceRequest {
        name: [u8; LONGEST_NAME + 1],
        flags: u16,
        unused: [u8; 22],
    }

    const TUNSETIFF: rustix::ioctl::Opcode = rustix::ioctl::opcode::write::<i32>(b'T', 202);
    const IFF_TUN: u16 = 1;
    const IFF_TAP: u16 = 2;
    const IFF_NO_PI: u16 = 0x1000;

    /// A new device in this thread's namespace.
    pub fn open(interface: &str, tap: bool) -> Result<OwnedFd> {
        let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let device =
            rustix::fs::open("/dev/net/tun", flags, Mode::empty()).context("/dev/net/tun")?;
        let mut name = [0; LONGEST_NAME + 1];
        name[..interface.len()].copy_from_slice(interface.as_bytes());
        let kind = if tap { IFF_TAP } else { IFF_TUN };
        let request = InterfaceRequest {
            name,
            flags: kind | IFF_NO_PI,
            unused: [0; 22],
        };
        // SAFETY: TUNSETIFF reads a `struct ifreq`, which `InterfaceRequest` is, and keeps no pointer.
        let made = unsafe {
            rustix::ioctl::ioctl(
                &device,
                rustix::ioctl::Setter::<TUNSETIFF, InterfaceRequest>::new(request),
            )
        };
        made.with_context(|| format!("TUNSETIFF {interface}"))?;
        Ok(device)
    }
}
