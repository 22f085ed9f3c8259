//! A program that is told of alarms: it gets the alarm as JSON on its standard input, and what for and how it stands as arguments.
//!
//! No shell stands in between; of the environment it gets what finds other programs and says which language is spoken; it runs in
//! the root folder and not among our keys. What takes too long is ended, with all that it has started.

use std::env;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::alarm_hooks::{Call, PATIENCE};
use super::trouble::Trouble;

/// All that a program gets of our environment.
const ENVIRONMENT: [&str; 5] = ["PATH", "LANG", "LC_ALL", "LC_MESSAGES", "TZ"];

/// How often it is looked whether the program has ended.
const LOOK: Duration = Duration::from_millis(20);

/// The program.
#[derive(Debug)]
pub struct Program(PathBuf);

impl Program {
    /// A file that can be run.
    pub fn find(path: &Path) -> Result<Self, Trouble> {
        let unusable = |why: String| {
            let trouble = Trouble::new("alarm-program");
            let trouble = trouble.with("program", path.display());
            trouble.with("why", why)
        };
        let found = path.canonicalize().map_err(|e| unusable(e.to_string()))?;
        let file = found.metadata().map_err(|e| unusable(e.to_string()))?;
        match file.is_file() && file.permissions().mode() & 0o111 != 0 {
            true => Ok(Self(found)),
            false => Err(unusable("reason-not-a-program".to_owned())),
        }
    }

    /// Its path.
    pub fn name(&self) -> String {
        self.0.display().to_string()
    }

    /// Runs it, and waits for its end.
    pub fn call(&self, call: &Call) -> Result<(), Trouble> {
        let child = self.start(call);
        let no_start = |error| {
            self.named(Trouble::new("alarm-program-not-started"))
                .with("why", error)
        };
        match ended(child.map_err(no_start)?) {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(self.failed(status)),
            None => {
                let late = self.named(Trouble::new("alarm-program-late"));
                Err(late.with("seconds", PATIENCE.as_secs()))
            }
        }
    }

    fn start(&self, call: &Call) -> std::io::Result<Child> {
        let mut command = Command::new(&self.0);
        command.args([call.cause(), call.state.word()]);
        let kept = ENVIRONMENT.into_iter();
        let kept = kept.filter_map(|name| Some((name, env::var_os(name)?)));
        command.env_clear().envs(kept).current_dir("/");
        command.stdin(Stdio::piped());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        // So that it can be ended with all that it starts.
        let mut child = command.process_group(0).spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // Far shorter than what a pipe holds, so nobody waits; a program that does not want to read it need not.
            let _ = stdin
                .write_all(&call.json)
                .and_then(|()| stdin.write_all(b"\n"));
        }
        Ok(child)
    }

    fn failed(&self, status: ExitStatus) -> Trouble {
        let ended = status.code().or(status.signal().map(|signal| 128 + signal));
        let trouble = self.named(Trouble::new("alarm-program-failed"));
        trouble.with("code", ended.unwrap_or_default())
    }

    fn named(&self, trouble: Trouble) -> Trouble {
        trouble.with("program", self.name())
    }
}

/// How it ended; none if it took too long, and was ended by us.
fn ended(mut child: Child) -> Option<ExitStatus> {
    let late = Instant::now() + PATIENCE;
    while Instant::now() < late {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        thread::sleep(LOOK);
    }
    // It has not been waited for, so the number is still its own.
    let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
    let _ = child.wait();
    None
}
