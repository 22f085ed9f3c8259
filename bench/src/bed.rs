//! The test bed: two network namespaces, left and right, joined by the link emulator.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;

use crate::linkem::{control, device};

/// Addresses of the two sides, left and right.
pub const ADDRESSES: [&str; 2] = ["10.77.0.1", "10.77.0.2"];

/// A running link. Taken down when dropped.
pub struct Bed {
    /// The two namespaces, left and right.
    pub namespaces: [String; 2],
    control: PathBuf,
    emulator: Child,
    _directory: tempfile::TempDir,
}

/// What went into the link since the last reset, from left and from right.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Traffic {
    /// From left to right.
    #[serde(rename = "ab")]
    pub from_left: Sent,
    /// From right to left.
    #[serde(rename = "ba")]
    pub from_right: Sent,
}

/// What one side sent, lost packets included.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Sent {
    /// IP packets.
    #[serde(rename = "in_pkts")]
    pub packets: u64,
    /// Their bytes, headers included.
    #[serde(rename = "in_bytes")]
    pub bytes: u64,
}

impl Traffic {
    /// Bytes both ways.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.from_left.bytes + self.from_right.bytes
    }
}

impl Bed {
    /// Makes the namespaces and the link. `name` keeps several beds apart.
    ///
    /// # Errors
    /// Not root, no namespaces, no `ip`.
    pub fn new(name: &str, settings: &[&str]) -> Result<Self> {
        Self::seeded(name, settings, 1)
    }

    /// The same; each seed loses other packets.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn seeded(name: &str, settings: &[&str], seed: u64) -> Result<Self> {
        require_root()?;
        let directory = tempfile::tempdir()?;
        let control = directory.path().join("link.sock");
        let tag = format!("olb{}{name}", std::process::id());
        let namespaces = ["l", "r"].map(|side| format!("{tag}{side}"));
        let mut emulator = Command::new(sibling("linkem")?)
            .args([
                "run",
                "--rm-ns",
                "--a",
                &namespaces[0],
                "--b",
                &namespaces[1],
                "--seed",
                &seed.to_string(),
                "--ctl",
            ])
            .arg(&control)
            .args(settings)
            .stdout(Stdio::piped())
            .spawn()
            .context("starting linkem")?;
        let mut ready = String::new();
        let output = emulator.stdout.take().context("linkem's output")?;
        BufReader::new(output).read_line(&mut ready)?;
        let bed = Self {
            namespaces,
            control,
            emulator,
            _directory: directory,
        };
        if ready.trim() != "ready" {
            bail!(
                "the link could not be made (see above).\nCheck that `ip netns` works here and that /dev/net/tun exists."
            );
        }
        Ok(bed)
    }

    /// Commands the emulator, as `linkem ctl` does.
    ///
    /// # Errors
    /// It is gone or refuses.
    pub fn command(&self, words: &str) -> Result<String> {
        control::send(&self.control, words)
    }

    /// What went into the link since the start or the last reset.
    ///
    /// # Errors
    /// As [`Self::command`].
    pub fn traffic(&self) -> Result<Traffic> {
        Ok(serde_json::from_str(&self.command("stats")?)?)
    }

    /// Does something with this thread inside one side's namespace.
    ///
    /// # Errors
    /// The namespace cannot be entered.
    pub fn inside<T>(&self, side: usize, act: impl FnOnce() -> T) -> Result<T> {
        device::inside(&self.namespaces[side], act)
    }

    /// Waits until nothing has gone over the link for `quiet`, but not for ever: a station speaks now and then anyway.
    ///
    /// # Errors
    /// As [`Self::command`].
    pub fn settle(&self, quiet: Duration, rounds: u32) -> Result<()> {
        let mut before = self.traffic()?.bytes();
        for _ in 0..rounds {
            std::thread::sleep(quiet);
            let now = self.traffic()?.bytes();
            if now == before {
                break;
            }
            before = now;
        }
        Ok(())
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        // Not kill: on SIGTERM the emulator removes the namespaces.
        if let Some(pid) = Pid::from_raw(self.emulator.id().cast_signed()) {
            let _ = kill_process(pid, Signal::TERM);
        }
        let _ = self.emulator.wait();
    }
}

/// A program that cargo put beside this one.
///
/// # Errors
/// It has not been built.
pub fn sibling(program: &str) -> Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name(program);
    if !path.exists() {
        bail!(
            "{} is missing.\nBuild it: cargo build --release -p openline -p openline-bench",
            path.display()
        );
    }
    Ok(path)
}

fn require_root() -> Result<()> {
    if rustix::process::geteuid().is_root() {
        return Ok(());
    }
    bail!(
        "a link between two network namespaces needs root, and this is an ordinary user.\nRun the command again with sudo, or measure without a link: openline-bench throughput"
    )
}
