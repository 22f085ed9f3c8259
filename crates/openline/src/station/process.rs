//! What a station asks of the system for its own process: no core dumps, and word to the service manager.

use std::time::{Duration, Instant};

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Makes sure that no key and no text reaches a core dump, nor a debugger of the same user. Failing to do so
/// is reported, not fatal: a line that is down helps nobody.
pub fn forbid_dumps() {
    let nothing = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let limited = setrlimit(Resource::Core, nothing);
    let undumpable = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    if let Err(error) = limited.and(undumpable) {
        tracing::warn!(%error, "core dumps could not be turned off");
    }
}

/// Lets a limit on the size of files (`LimitFSIZE=`, `ulimit -f`) act as a full disk, which the station survives;
/// by default the signal ends the process (setrlimit(2), RLIMIT_FSIZE). To be kept while the station runs.
pub fn survive_file_limit() -> Option<Signal> {
    let number = rustix::process::Signal::XFSZ.as_raw();
    signal(SignalKind::from_raw(number)).ok()
}

/// Tells systemd that the station is ready (sd_notify(3)); nothing happens without systemd.
pub fn notify_ready() {
    notify(sd_notify::NotifyState::Ready);
}

/// Tells systemd that the station stops.
pub fn notify_stopping() {
    notify(sd_notify::NotifyState::Stopping);
}

/// Tells systemd again and again that the core's thread is alive, if systemd wants to hear so.
#[derive(Debug, Default)]
pub struct Watchdog {
    interval: Option<Duration>,
    fed: Option<Instant>,
}

impl Watchdog {
    /// Takes the interval from the environment: half of systemd's limit, as sd_watchdog_enabled(3) advises.
    pub fn from_environment() -> Self {
        let mut limit = 0;
        let wanted = sd_notify::watchdog_enabled(false, &mut limit);
        Self {
            interval: wanted.then(|| Duration::from_micros(limit / 2)),
            fed: None,
        }
    }

    /// How often [`Self::feed`] must be called.
    pub fn interval(&self) -> Option<Duration> {
        self.interval
    }

    /// Says that all is well, if it is time.
    pub fn feed(&mut self) {
        let Some(interval) = self.interval else {
            return;
        };
        if self.fed.is_none_or(|fed| fed.elapsed() >= interval / 2) {
            notify(sd_notify::NotifyState::Watchdog);
            self.fed = Some(Instant::now());
        }
    }
}

fn notify(state: sd_notify::NotifyState<'_>) {
    // Without NOTIFY_SOCKET this does nothing; a manager that does not listen is no reason to stop.
    let _ = sd_notify::notify(false, &[state]);
}
