//! The command line of `linkem`.

use std::io::Write as _;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};

use super::control::{self, Link};
use super::device::{End, remove_namespace};
use super::{check, relay};

/// Joins two network namespaces through an emulated link.
#[derive(Parser)]
#[command(name = "linkem", version, after_help = SETTINGS)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

const SETTINGS: &str = "Settings: delay, jitter (ms), loss (0..1), burst (mean run of losses, packets), outage (share of time), \
outage_ms (how long each), rate (bit/s, 0 none), queue (bytes), dup (0..1), reorder (0..1), reorder_ms, keep_order (1/0: jitter never reorders).
Example: linkem run --a left --b right --ctl /run/link.sock delay=50 ab:loss=0.01";

#[derive(Subcommand)]
enum Command {
    /// Joins two namespaces and moves packets until told to quit
    Run(Run),
    /// Commands a running emulator: set|clear|cut|join|reset [ab|ba|both] [key=value ...] | stats | quit
    Ctl(Ctl),
    /// Compares what was asked with what came out: delay, loss, rate
    Check,
}

/// What `run` is told.
#[derive(Args)]
struct Run {
    /// First namespace, made if there is none
    #[arg(long)]
    a: String,
    /// Second namespace, likewise
    #[arg(long)]
    b: String,
    /// Where to listen for commands
    #[arg(long)]
    ctl: PathBuf,
    /// Address in the first namespace
    #[arg(long, default_value = "10.77.0.1/24")]
    a_addr: String,
    /// Address in the second namespace
    #[arg(long, default_value = "10.77.0.2/24")]
    b_addr: String,
    /// Name of the device in both
    #[arg(long = "if", default_value = "lk0")]
    interface: String,
    /// Largest packet
    #[arg(long, default_value = "1500")]
    mtu: String,
    /// The same seed loses the same packets
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Ethernet frames instead of IP packets
    #[arg(long)]
    tap: bool,
    /// Removes both namespaces at the end
    #[arg(long)]
    rm_ns: bool,
    /// [ab:|ba:]key=value
    settings: Vec<String>,
}

#[derive(Args)]
struct Ctl {
    /// Where the emulator listens
    socket: PathBuf,
    /// The command
    #[arg(required = true)]
    words: Vec<String>,
}

impl CommandLine {
    /// Does what the command line says.
    ///
    /// # Errors
    /// Whatever hindered it.
    pub fn run(self) -> Result<()> {
        match self.command {
            Command::Run(run) => run.join_and_relay(),
            Command::Ctl(ctl) => {
                println!("{}", control::send(&ctl.socket, &ctl.words.join(" "))?);
                Ok(())
            }
            Command::Check => check::check(),
        }
    }
}

impl Run {
    fn join_and_relay(&self) -> Result<()> {
        let mut link = Link::new(self.seed);
        self.settings
            .iter()
            .try_for_each(|setting| link.set(setting))?;
        let devices = [
            self.end(&self.a, &self.a_addr).open()?,
            self.end(&self.b, &self.b_addr).open()?,
        ];
        let _ = std::fs::remove_file(&self.ctl);
        let listener =
            UnixListener::bind(&self.ctl).with_context(|| self.ctl.display().to_string())?;
        let stop = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            signal_hook::flag::register(signal, Arc::clone(&stop))?;
        }
        println!("ready");
        std::io::stdout().flush()?;
        let relayed = relay::relay(link, &devices, &listener, &stop);
        let _ = std::fs::remove_file(&self.ctl);
        drop(devices);
        if self.rm_ns {
            remove_namespace(&self.a)?;
            remove_namespace(&self.b)?;
        }
        relayed
    }

    fn end<'a>(&'a self, namespace: &'a str, address: &'a str) -> End<'a> {
        End {
            namespace,
            interface: &self.interface,
            address,
            mtu: &self.mtu,
            tap: self.tap,
        }
    }
}
