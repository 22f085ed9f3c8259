//! Runs the program, and two parties who have opened a line with it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::Value;
use tempfile::TempDir;

/// Far longer than anything takes: a test fails by what is so, not by a slow machine.
const LIMIT: Duration = Duration::from_secs(60);

/// Fast cadences, so that tests are.
const CHARTER: &str = r#"
[cadences]
echo_ms = 1000
silent_after_ms = 3000
presence_ms = 1800000
test_ms = 7200000

[[office]]
of = "both"
id = "watch"
level = 1
names = { en = "Watch officer", ru = "Оперативный дежурный" }
"#;

/// What a run of the program brought.
pub struct Ran {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// Standard output as JSON objects, one a line.
    pub fn json(&self) -> Vec<Value> {
        let objects = self.out.lines().map(serde_json::from_str);
        objects
            .collect::<Result<_, _>>()
            .expect("JSON on each line")
    }

    /// The only JSON object on standard output.
    pub fn object(&self) -> Value {
        let mut all = self.json();
        assert_eq!(all.len(), 1, "{}\n{}", self.out, self.err);
        all.remove(0)
    }

    /// The stable word of the error.
    pub fn error(&self) -> String {
        let error: Value = serde_json::from_str(&self.err).expect("a JSON error");
        assert_eq!(error["exit"], self.code, "{error}");
        assert_ne!(error["do"], "", "{error}");
        error["error"].as_str().unwrap_or_default().to_owned()
    }
}

/// The program with a home. Its lines are cut nowhere: where they would be depends on the hour and on where the home is.
pub fn openline(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_openline"));
    command.arg("--home").arg(home).env("LC_ALL", "C.UTF-8");
    command.env("COLUMNS", "10000");
    command.stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn run(home: &Path, arguments: &[&str]) -> Ran {
    finish(openline(home).args(arguments))
}

/// Runs a command to its end with a text on its standard input.
pub fn run_with_input(home: &Path, arguments: &[&str], input: &str) -> Ran {
    let mut command = openline(home);
    command.args(arguments).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A program that refuses before it reads closes the pipe.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    ran(child.wait_with_output().expect("an end"))
}

/// Runs a command on a disk that takes no file longer than `room`. A limit on the size of files stands for a full disk:
/// it needs no privileges.
pub fn run_with_room(home: &Path, arguments: &[&str], room: u64) -> Ran {
    let program = openline(home);
    let mut command = Command::new("sh");
    // The shell waits until the limit holds, and a write beyond it is an error instead of a signal.
    command.args(["-c", "trap '' XFSZ; read go; exec \"$@\"", "sh"]);
    command.arg(program.get_program()).args(program.get_args());
    command.args(arguments).env("LC_ALL", "C.UTF-8");
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("a shell");
    let limit = Rlimit {
        current: Some(room),
        maximum: None,
    };
    prlimit(Some(Pid::from_child(&child)), Resource::Fsize, limit).expect("a limit");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"\n").expect("a shell that waits");
    drop(stdin);
    ran(child.wait_with_output().expect("an end"))
}

/// Runs a prepared command to its end.
pub fn finish(command: &mut Command) -> Ran {
    ran(command.output().expect("the program"))
}

fn ran(output: std::process::Output) -> Ran {
    Ran {
        code: output.status.code().expect("an exit, no signal"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// Two parties in one directory.
pub struct Sides {
    /// Their homes and files.
    pub directory: TempDir,
    /// One home.
    pub washington: PathBuf,
    /// The other.
    pub moscow: PathBuf,
    /// Where each station listens.
    pub addresses: [String; 2],
    /// The safety number of both.
    pub number: String,
}

impl Sides {
    /// Two parties who have exchanged cards and hold an offer from Washington to Moscow.
    pub fn offered() -> Self {
        let directory = TempDir::new().expect("a directory");
        let at = |name: &str| directory.path().join(name);
        let (washington, moscow) = (at("washington"), at("moscow"));
        for (home, name, name_ru, lang) in [
            (&washington, "Washington", "Вашингтон", "en"),
            (&moscow, "Moscow", "Москва", "ru"),
        ] {
            ok(run(
                home,
                &["init", "--name", name, "--name-ru", name_ru, "--lang", lang],
            ));
            let card = at(&format!("{lang}.card")).display().to_string();
            ok(run(home, &["card", "export", &card]));
        }
        std::fs::write(at("charter.toml"), CHARTER).expect("a file");
        let shown = ok(run(
            &washington,
            &["--json", "card", "show", &path(&at("ru.card"))],
        ));
        let number = shown.object()["safety_number"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let sides = Self {
            addresses: [free_address(), free_address()],
            directory,
            washington,
            moscow,
            number,
        };
        ok(run(
            &sides.washington,
            &[
                "line",
                "open",
                "--with",
                &sides.at("ru.card"),
                "--charter",
                &sides.at("charter.toml"),
                "--reachable-at",
                &sides.addresses[0],
                "-o",
                &sides.at("offer.line"),
            ],
        ));
        sides
    }

    /// Two parties whose line is open on both sides; no station runs.
    pub fn opened() -> Self {
        let sides = Self::offered();
        ok(sides.accept(&sides.number));
        ok(run(
            &sides.washington,
            &[
                "line",
                "finish",
                &sides.at("answer.line"),
                "--safety-number",
                &sides.number,
            ],
        ));
        sides
    }

    /// Moscow's answer, with a number.
    pub fn accept(&self, number: &str) -> Ran {
        run(
            &self.moscow,
            &[
                "--json",
                "line",
                "accept",
                &self.at("offer.line"),
                "--reachable-at",
                &self.addresses[1],
                "-o",
                &self.at("answer.line"),
                "--safety-number",
                number,
            ],
        )
    }

    /// A file in their directory.
    pub fn at(&self, name: &str) -> String {
        path(&self.directory.path().join(name))
    }

    /// Starts Washington's station.
    pub fn start_washington(&self) -> Station {
        Station::start(&self.washington, &self.addresses[0])
    }

    /// Starts Moscow's station.
    pub fn start_moscow(&self) -> Station {
        Station::start(&self.moscow, &self.addresses[1])
    }

    /// Starts both and waits until each says that the line is open.
    pub fn connected(&self) -> [Station; 2] {
        let stations = [self.start_washington(), self.start_moscow()];
        for home in [&self.washington, &self.moscow] {
            until("the line is open", || is_open(home));
        }
        stations
    }
}

fn path(path: &Path) -> String {
    path.display().to_string()
}

/// Demands that a command did what it was asked for.
pub fn ok(ran: Ran) -> Ran {
    assert_eq!(ran.code, 0, "{}\n{}", ran.out, ran.err);
    ran
}

/// Whether the line is open. On a slow day somebody has still to acknowledge by then that nobody is on watch.
pub fn is_open(home: &Path) -> bool {
    matches!(run(home, &["status"]).code, 0 | 15)
}

/// A running station; killed when dropped.
pub struct Station {
    child: Child,
}

impl Station {
    /// Starts one and waits for its ready line. What it prints goes into files beside its home.
    pub fn start(home: &Path, address: &str) -> Self {
        let errors = std::fs::File::create(home.with_extension("stderr")).expect("a file");
        let mut command = openline(home);
        command.args(["station", "--listen", address]);
        command.stdout(Stdio::piped()).stderr(errors);
        let mut child = command.spawn().expect("the program");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut ready = String::new();
        stdout.read_line(&mut ready).expect("a ready line");
        assert!(
            !ready.is_empty(),
            "the station did not start: see its errors"
        );
        std::fs::write(home.with_extension("stdout"), &ready).expect("a file");
        Self { child }
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it and waits until it is gone.
    pub fn kill(mut self) {
        self.child.kill().expect("a process");
        self.child.wait().expect("an end");
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something is so.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < LIMIT, "never: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// What a side's station holds, oldest first.
pub fn traffic(home: &Path) -> Vec<Value> {
    ok(run(home, &["--json", "traffic"])).json()
}

/// The message with this text.
pub fn message(home: &Path, text: &str) -> Option<Value> {
    traffic(home)
        .into_iter()
        .find(|entry| entry["text"] == text)
}

/// The stages that a message has reached.
pub fn stages(entry: &Value) -> Vec<String> {
    let stages = entry["stages"].as_array().cloned().unwrap_or_default();
    stages
        .iter()
        .filter_map(|it| it["stage"].as_str())
        .map(str::to_owned)
        .collect()
}

fn free_address() -> String {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
    format!("udp://{}", socket.local_addr().expect("an address"))
}
