//! Everything that the bench assumes about the program `openline`: its commands and the JSON it prints.
//!
//! `docs/json.md` is the text; where it changes, this file changes and no other.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Sender;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::process::{Follow, Heard, News, Say, Station};

/// The program and one home.
#[derive(Clone, Debug)]
pub struct Openline {
    /// The binary.
    pub program: PathBuf,
    /// Passed as `--home`.
    pub home: PathBuf,
    /// The line that is meant, by the other party's name; a sole line need not be named.
    pub line: Option<&'static str>,
}

/// `card show --json`: the number that both sides compare.
#[derive(Debug, Deserialize)]
struct CardShown {
    safety_number: String,
}

/// `status --json`.
#[derive(Debug, Deserialize)]
pub struct Status {
    /// All lines; the bench has one.
    pub lines: Vec<LineStatus>,
}

/// One line in [`Status`].
#[derive(Debug, Deserialize)]
pub struct LineStatus {
    verdict: String,
    epoch: u64,
    #[serde(default)]
    ways: Vec<Way>,
}

/// A way to the other station.
#[derive(Clone, Debug, Deserialize)]
pub struct Way {
    /// Where it leads.
    pub address: String,
    /// Whether it is the one in use.
    pub in_use: bool,
    /// How it is.
    pub state: String,
}

impl LineStatus {
    /// The peer was heard a moment ago. Loss makes a line *degraded*, which is still open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.verdict.as_str(), "open" | "degraded")
    }

    /// MLS carries the traffic, no longer the tape key.
    #[must_use]
    pub fn has_left_the_tape(&self) -> bool {
        self.epoch > 0
    }
}

/// A line of `say --stdin --json`.
#[derive(Deserialize)]
struct SayEvent {
    event: String,
    index: usize,
}

/// A line of `follow --json`.
#[derive(Deserialize)]
struct Entry {
    kind: String,
    ours: bool,
    text: Option<String>,
}

/// `file list --json`.
#[derive(Debug, Deserialize)]
struct Files {
    files: Vec<File>,
}

#[derive(Debug, Deserialize)]
struct File {
    held: u64,
}

/// `verify --json`.
#[derive(Debug, Deserialize)]
struct Verification {
    sound: bool,
    records: Vec<VerifiedRecord>,
}

/// One line's record in it.
#[derive(Debug, Deserialize)]
struct VerifiedRecord {
    entries: u64,
}

/// How frames are padded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// Not at all: the fewest bytes.
    None,
    /// To size classes.
    Classes,
}

impl Padding {
    /// As the option of `station` says it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Classes => "classes",
        }
    }
}

impl Openline {
    /// Makes the home and a party in it, and exports its card.
    ///
    /// # Errors
    /// The program's own.
    pub fn init(&self, name: &str, card: &Path) -> Result<()> {
        self.run(&["init", "--name", name, "--lang", "en"])?;
        self.run(&["card", "export", &text(card)]).map(drop)
    }

    /// The safety number of our card and theirs.
    ///
    /// # Errors
    /// The program's own.
    pub fn safety_number(&self, card: &Path) -> Result<String> {
        Ok(self
            .json::<CardShown>(&["card", "show", &text(card)])?
            .safety_number)
    }

    /// First step of the opening.
    ///
    /// # Errors
    /// The program's own.
    pub fn line_open(&self, card: &Path, reachable_at: &[String], out: &Path) -> Result<()> {
        let (card, out) = (text(card), text(out));
        let mut arguments = vec!["line", "open", "--with", &card, "-o", &out];
        let reachable_at = reachable_at.iter();
        arguments.extend(reachable_at.flat_map(|at| ["--reachable-at", at.as_str()]));
        self.run(&arguments).map(drop)
    }

    /// Second step, at the other party.
    ///
    /// # Errors
    /// The program's own.
    pub fn line_accept(
        &self,
        file: &Path,
        number: &str,
        reachable_at: &[String],
        out: &Path,
    ) -> Result<()> {
        let (file, out) = (text(file), text(out));
        let fixed = [
            "line",
            "accept",
            &file,
            "--safety-number",
            number,
            "-o",
            &out,
        ];
        let mut arguments = fixed.to_vec();
        let reachable_at = reachable_at.iter();
        arguments.extend(reachable_at.flat_map(|at| ["--reachable-at", at.as_str()]));
        self.run(&arguments).map(drop)
    }

    /// Third step, at the first party.
    ///
    /// # Errors
    /// The program's own.
    pub fn line_finish(&self, file: &Path, number: &str) -> Result<()> {
        self.run(&["line", "finish", &text(file), "--safety-number", number])
            .map(drop)
    }

    /// Starts a station, in a namespace if one is given, and waits for its ready line.
    ///
    /// # Errors
    /// It ended before it was ready.
    pub fn station(
        &self,
        namespace: Option<&str>,
        listen: &str,
        padding: Padding,
    ) -> Result<Station> {
        let arguments = ["station", "--listen", listen, "--padding", padding.word()];
        let command = match namespace {
            None => self.command(&arguments),
            Some(namespace) => {
                let mut command = Command::new("ip");
                command
                    .args(["netns", "exec", namespace])
                    .arg(&self.program)
                    .args(arguments);
                command.arg("--home").arg(&self.home);
                command
            }
        };
        self.spawn(command)
    }

    /// Starts a station in a namespace that leaves the processor to all others: in life it has a machine of its own.
    ///
    /// # Errors
    /// As [`Self::station`].
    pub fn yielding_station(&self, namespace: &str, listen: &str) -> Result<Station> {
        let mut command = Command::new("nice");
        command
            .args(["-n", "19", "ip", "netns", "exec", namespace])
            .arg(&self.program)
            .args(["station", "--listen", listen, "--home"])
            .arg(&self.home);
        self.spawn(command)
    }

    fn spawn(&self, command: Command) -> Result<Station> {
        Station::spawn(command).with_context(|| format!("the station in {}", self.home.display()))
    }

    /// The station's own view.
    ///
    /// # Errors
    /// No station answers.
    pub fn status(&self) -> Result<Status> {
        let mut command = self.command(&["status", "--json"]);
        let output = command.stdin(Stdio::null()).output()?;
        // Its exit code is for monitoring: here somebody has always still to acknowledge that nobody is on watch.
        serde_json::from_slice(&output.stdout)
            .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// The ways of its lines.
    ///
    /// # Errors
    /// As [`Self::status`].
    pub fn ways(&self) -> Result<Vec<Way>> {
        let lines = self.status()?.lines.into_iter();
        Ok(lines.flat_map(|line| line.ways).collect())
    }

    /// The same, for a home with more than one line.
    #[must_use]
    pub fn on_line(&self, line: &'static str) -> Self {
        let line = Some(line);
        Self {
            line,
            ..self.clone()
        }
    }

    /// Starts `say --stdin`; what happens to the texts goes to `heard`.
    ///
    /// # Errors
    /// The program is missing.
    pub fn say(&self, flash: bool, heard: Sender<Heard>) -> Result<Say> {
        let mut command = self.command_on_line(&["say", "--stdin", "--json"]);
        command.args(flash.then_some("--flash"));
        Say::spawn(command, heard, read_say)
    }

    /// Starts `follow`; the peer's messages go to `heard`.
    ///
    /// # Errors
    /// The program is missing.
    pub fn follow(&self, heard: Sender<Heard>) -> Result<Follow> {
        let command = self.command_on_line(&["follow", "--json"]);
        Follow::spawn(command, heard, read_follow)
    }

    /// Starts `follow`; our rings and their ringings go to `heard`.
    ///
    /// # Errors
    /// The program is missing.
    pub fn follow_rings(&self, heard: Sender<Heard>) -> Result<Follow> {
        Follow::spawn(self.command_on_line(&["follow", "--json"]), heard, |line| {
            let Entry { kind, ours, .. } = serde_json::from_str(line)?;
            Ok(match (kind.as_str(), ours) {
                ("ring", true) => Some(News::Rung),
                ("ringing", false) => Some(News::Rang),
                _ => None,
            })
        })
    }

    /// Starts `ring start`, which ends when it is known how the ring ended.
    ///
    /// # Errors
    /// The program is missing.
    pub fn ring_start(&self, office: &str) -> Result<Child> {
        let mut command =
            self.command(&["ring", "start", "--to", office, "--for", "30s", "--json"]);
        let command = command.stdin(Stdio::null()).stdout(Stdio::null());
        command.spawn().context("starting ring start")
    }

    /// Takes the ring back that is open.
    ///
    /// # Errors
    /// The program's own.
    pub fn ring_withdraw(&self) -> Result<()> {
        self.run(&["ring", "withdraw"]).map(drop)
    }

    /// Says a text with a file.
    ///
    /// # Errors
    /// The program's own.
    pub fn attach(&self, file: &Path) -> Result<()> {
        let with = ["say", "--stdin", "--json", "--attach", &text(file)];
        let mut command = self.command_on_line(&with);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        let mut input = child.stdin.take().context("its input")?;
        input.write_all(b"A report.\n")?;
        drop(input);
        ensure!(child.wait()?.success(), "the file was not taken");
        Ok(())
    }

    /// Bytes that are here of the only file of the line.
    ///
    /// # Errors
    /// The program's own.
    pub fn file_held(&self) -> Result<u64> {
        let files = self.json::<Files>(&["file", "list"])?.files;
        Ok(files.first().map_or(0, |file| file.held))
    }

    /// Writes the whole record to a file.
    ///
    /// # Errors
    /// The program's own.
    pub fn export(&self, record: &Path) -> Result<()> {
        self.run(&["export", "-o", &text(record)]).map(drop)
    }

    /// Verifies a record offline, on one processor; the number of its entries.
    ///
    /// # Errors
    /// The record is not sound; `taskset` is missing (package util-linux).
    pub fn verify_on_one_core(&self, record: &Path) -> Result<u64> {
        let mut command = Command::new("taskset");
        command
            .args(["-c", "0"])
            .arg(&self.program)
            .arg("verify")
            .arg(record)
            .arg("--json");
        command.arg("--home").arg(&self.home);
        let Verification { sound, records } = serde_json::from_str(&output(command)?)?;
        ensure!(sound, "verify finds fault with {}", record.display());
        Ok(records.iter().map(|record| record.entries).sum())
    }

    fn json<T: DeserializeOwned>(&self, arguments: &[&str]) -> Result<T> {
        let mut command = self.command(arguments);
        command.arg("--json");
        let printed = output(command)?;
        serde_json::from_str(&printed)
            .with_context(|| format!("openline {}: {printed}", arguments.join(" ")))
    }

    fn run(&self, arguments: &[&str]) -> Result<String> {
        output(self.command(arguments))
    }

    fn command_on_line(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command.args(self.line.iter().flat_map(|line| ["--line", line]));
        command
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).arg("--home").arg(&self.home);
        command
    }
}

/// A line of `say --stdin --json`.
///
/// # Errors
/// It is none.
pub fn read_say(line: &str) -> Result<Option<News>> {
    let SayEvent { event, index } = serde_json::from_str(line)?;
    Ok(match event.as_str() {
        "stored" => Some(News::Known(index)),
        "refused" => Some(News::Refused(line.to_owned())),
        _ => None,
    })
}

/// A line of `follow --json`.
///
/// # Errors
/// It is none.
pub fn read_follow(line: &str) -> Result<Option<News>> {
    let Entry { kind, ours, text } = serde_json::from_str(line)?;
    let theirs = kind == "message" && !ours;
    Ok(text.filter(|_| theirs).map(News::Received))
}

fn output(mut command: Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{command:?}"))?;
    if !output.status.success() {
        bail!(
            "{command:?}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
