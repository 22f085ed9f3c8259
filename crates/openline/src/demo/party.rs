//! One of the demo's two parties: a home of its own, and a station in a process of its own. It does what a
//! person would do: it runs this program.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde::de::DeserializeOwned;

use crate::cli::failure::{Exit, Failure};
use crate::client::Client;

/// What tells the two parties apart.
pub struct Role {
    /// Name in English.
    pub name: &'static str,
    /// Name in Russian.
    pub name_ru: &'static str,
    /// The language that it writes in.
    pub lang: &'static str,
    /// Its home, below the demo's directory.
    pub folder: &'static str,
}

/// The one that begins.
pub const WASHINGTON: Role = Role {
    name: "Washington",
    name_ru: "Вашингтон",
    lang: "en",
    folder: "washington",
};

/// The other one.
pub const MOSCOW: Role = Role {
    name: "Moscow",
    name_ru: "Москва",
    lang: "ru",
    folder: "moscow",
};

/// A party of the demo.
pub struct Party {
    /// Who it is.
    pub role: &'static Role,
    /// Its home.
    pub home: PathBuf,
    /// Where its station listens.
    pub address: String,
    program: PathBuf,
    station: Option<Child>,
}

impl Party {
    /// A party without anything yet.
    pub fn new(role: &'static Role, directory: &Path) -> Result<Self, Failure> {
        let program = std::env::current_exe();
        Ok(Self {
            role,
            home: directory.join(role.folder),
            address: free_address().map_err(|error| Failure::file("udp://127.0.0.1", &error))?,
            program: program.map_err(|error| Failure::file("openline", &error))?,
            station: None,
        })
    }

    /// The command that a person would type, ready to paste.
    pub fn command_line(&self, arguments: &str) -> String {
        let (program, home) = (self.program.display(), self.home.display());
        format!(
            "{program} --home {home} --lang {} {arguments}",
            self.role.lang
        )
    }

    /// Runs a command to its end and reads what it says.
    pub fn run<T: DeserializeOwned>(&self, arguments: &[&OsStr]) -> Result<T, Failure> {
        let output = self.output(arguments)?;
        let failed = |why: String| {
            Failure::new(Exit::Failed, "error-demo-command")
                .with("command", words(arguments))
                .because(why.trim())
        };
        if !output.status.success() {
            return Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| failed(error.to_string()))
    }

    /// Runs a command to its end, whatever that is.
    pub fn output(&self, arguments: &[&OsStr]) -> Result<Output, Failure> {
        let mut command = self.command();
        let output = command.args(arguments).stdin(Stdio::null()).output();
        output.map_err(|error| Failure::file(&self.program, &error))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--home").arg(&self.home);
        command.args(["--json", "--lang", self.role.lang]);
        // A Ctrl-C on the terminal is for the demo, which then ends all this in order.
        command.process_group(0);
        command
    }

    /// A way to its station.
    pub fn client(&self) -> Client {
        Client::new(&self.home).in_language(self.role.lang)
    }

    /// Starts its station, waits for the line that says it is ready, and returns its process id.
    pub fn start_station(&mut self) -> Result<u32, Failure> {
        let mut command = self.command();
        command.args(["station", "--listen", &self.address]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let child = command
            .spawn()
            .map_err(|error| Failure::file(&self.program, &error))?;
        let pid = child.id();
        let stdout = self.station.insert(child).stdout.take();
        let mut ready = String::new();
        // An unreadable pipe is an empty one: the station is not ready.
        let _ = stdout.map(|stdout| BufReader::new(stdout).read_line(&mut ready));
        match ready.is_empty() {
            true => {
                Err(Failure::new(Exit::Failed, "error-demo-station").with("party", self.role.name))
            }
            false => Ok(pid),
        }
    }

    /// `kill -9`: no farewell, no last write. Returns once the process is gone.
    pub fn kill_station(&mut self) -> Result<(), Failure> {
        let Some(mut station) = self.station.take() else {
            return Ok(());
        };
        let killed = station.kill().and_then(|()| station.wait().map(drop));
        killed.map_err(|error| Failure::file(&self.program, &error))
    }
}

impl Drop for Party {
    fn drop(&mut self) {
        // Nothing more can be done about a process that will not die.
        let _ = self.kill_station();
    }
}

/// A port on this machine that nobody uses just now.
fn free_address() -> std::io::Result<String> {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
    Ok(format!("udp://{}", socket.local_addr()?))
}

fn words(arguments: &[&OsStr]) -> String {
    let words = arguments.iter().map(|word| word.to_string_lossy());
    words.collect::<Vec<_>>().join(" ")
}
