//! Washington and Moscow, with homes of their own and an open line between them.

use std::io::{BufRead as _, BufReader};
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, SystemTime};

use openline::api::types::{Line, MessageEvent, NewMessage};
use openline::ceremony::{DEFAULT_CHARTER, accept_line, finish_line, open_line};
use openline::client::{Client, Events};
use openline::home::{Home, NewParty};
use openline_wire::address::Address;
use openline_wire::codes::Attestation;
use openline_wire::header::Actor;
use openline_wire::language::{Language, LocalNames};
use tempfile::TempDir;

use crate::relay::Relay;

/// No test waits longer for anything: far beyond what a busy machine needs, so it only ends what hangs.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// One party: its home, where it listens, and its station while it runs.
pub struct Side {
    pub home: PathBuf,
    address: String,
    listen: Vec<String>,
    station: Option<Child>,
}

/// Both parties. Their stations end with it.
pub struct Pair {
    pub washington: Side,
    pub moscow: Side,
    relays: Vec<Relay>,
    _folder: TempDir,
}

pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    u64::try_from(since.unwrap().as_millis()).unwrap()
}

impl Pair {
    /// Two homes and a line, nobody running yet.
    pub fn open() -> Self {
        Self::opened(false)
    }

    /// The same, with a relay before each station that takes down what goes over the wire.
    pub fn watched() -> Self {
        Self::opened(true)
    }

    fn opened(is_watched: bool) -> Self {
        let pair = Self::made(is_watched);
        pair.meet();
        pair
    }

    /// Two homes and no line.
    pub fn unopened() -> Self {
        Self::made(false)
    }

    /// The ceremony that opens their line.
    pub fn meet(&self) {
        let known = |side: &Side, at: usize| match self.relays.get(at) {
            Some(relay) => format!("udp://127.0.0.1:{}", relay.port),
            None => side.address.clone(),
        };
        let at = [known(&self.washington, 0), known(&self.moscow, 1)];
        ceremony(
            [&self.washington, &self.moscow],
            &at.map(|it| vec![it]),
            None,
        );
    }

    /// Two homes whose line has a quick echo, with a tty for each of their stations. Without a network these are their only ways.
    pub fn with_ttys(ttys: [String; 2], is_on_the_network: bool) -> Self {
        let mut pair = Self::unopened();
        let mut at = [Vec::new(), Vec::new()];
        let sides = [&mut pair.washington, &mut pair.moscow];
        for ((side, tty), at) in sides.into_iter().zip(ttys).zip(&mut at) {
            if is_on_the_network {
                at.push(side.address.clone());
            }
            side.listen_at(at.iter().cloned().chain([tty]).collect());
        }
        ceremony([&pair.washington, &pair.moscow], &at, Some(&quick()));
        pair
    }

    /// Two homes whose line has a quick echo, and two ways to Moscow: its own address, and a relay before it.
    pub fn with_two_ways() -> (Self, Relay) {
        let pair = Self::unopened();
        let relay = Relay::before(pair.ports()[1]);
        let around = format!("udp://127.0.0.1:{}", relay.port);
        let [washington, moscow] =
            [&pair.washington, &pair.moscow].map(|side| side.address.clone());
        let at = [vec![washington], vec![moscow, around]];
        ceremony([&pair.washington, &pair.moscow], &at, Some(&quick()));
        (pair, relay)
    }

    /// Two homes whose line has a quick echo; Moscow listens at its own port and at this one, and nobody told it where Washington is: it is
    /// Washington that calls.
    pub fn called_at_two_ports() -> (Self, [u16; 2]) {
        let mut pair = Self::unopened();
        let [other, _] = free_ports();
        let ports = [pair.ports()[1], other];
        let moscow = ports.map(|port| format!("udp://127.0.0.1:{port}")).to_vec();
        pair.moscow.listen_at(moscow.clone());
        let at = [Vec::new(), moscow];
        ceremony([&pair.washington, &pair.moscow], &at, Some(&quick()));
        (pair, ports)
    }

    /// Two homes whose line has a quick echo and no other way than this bearer: `quic`, `wss`.
    pub fn over(scheme: &str) -> Self {
        let mut pair = Self::unopened();
        let mut at = [Vec::new(), Vec::new()];
        let sides = [&mut pair.washington, &mut pair.moscow];
        for (side, at) in sides.into_iter().zip(&mut at) {
            side.address = side.address.replace("udp", scheme);
            side.listen_at(vec![side.address.clone()]);
            at.push(side.address.clone());
        }
        ceremony([&pair.washington, &pair.moscow], &at, Some(&quick()));
        pair
    }

    fn made(is_watched: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let [one, two] = free_ports();
        let washington = Side::new(
            &folder.path().join("washington"),
            "Washington",
            "Вашингтон",
            one,
        );
        let moscow = Side::new(&folder.path().join("moscow"), "Moscow", "Москва", two);
        let ports = [one, two].into_iter().filter(|_| is_watched);
        let relays: Vec<Relay> = ports.map(Relay::before).collect();
        Self {
            washington,
            moscow,
            relays,
            _folder: folder,
        }
    }

    /// Every frame that went over the wire.
    pub fn frames(&self) -> Vec<Vec<u8>> {
        self.relays.iter().flat_map(Relay::frames).collect()
    }

    /// Where the stations themselves listen.
    pub fn ports(&self) -> [u16; 2] {
        [&self.washington, &self.moscow].map(|side| {
            let (_, port) = side.address.rsplit_once(':').unwrap();
            port.parse().unwrap()
        })
    }

    /// Both running, the line open.
    pub async fn running() -> Self {
        let mut pair = Self::open();
        pair.start_both().await;
        pair
    }

    /// Starts both and waits until the line is open.
    pub async fn start_both(&mut self) {
        self.washington.start();
        self.moscow.start();
        for side in [&self.washington, &self.moscow] {
            side.until("open", |line| line.verdict == "open").await;
        }
    }
}

/// Two ports that nobody uses now. Somebody could take one before the station does; then the test says so.
pub fn free_ports() -> [u16; 2] {
    let sockets = [(); 2].map(|()| UdpSocket::bind("127.0.0.1:0").unwrap());
    sockets.map(|socket| socket.local_addr().unwrap().port())
}

/// A charter by which a silent line is noticed soon.
fn quick() -> String {
    DEFAULT_CHARTER
        .replace("echo_ms = 5000", "echo_ms = 1000")
        .replace("silent_after_ms = 15000", "silent_after_ms = 3000")
}

fn ceremony(sides: [&Side; 2], addresses: &[Vec<String>; 2], charter: Option<&str>) {
    let homes = sides.map(|side| Home::open(&side.home).unwrap());
    let [opening, accepting] = &homes;
    let card = accepting.card().unwrap();
    let address = |it: &String| Address::new(it).unwrap();
    let at = |side: usize| addresses[side].iter().map(address).collect();
    let by = |name: &str| Actor {
        name: name.to_owned(),
        attestation: Attestation::Claimed,
        evidence: "unix user test".to_owned(),
    };
    let proposal = open_line(opening, card.bytes(), charter, at(0), now()).unwrap();
    let offer = proposal.write().unwrap();
    let invitation = accept_line(accepting, &offer.file, now()).unwrap();
    let number = invitation.safety_number();
    let answer = invitation
        .accept(number, at(1), by("Orlova"), now())
        .unwrap();
    let reply = finish_line(opening, &answer.file, now()).unwrap();
    let number = reply.safety_number();
    reply.finish(number, by("Smith"), now()).unwrap();
}

impl Side {
    fn new(home: &Path, english: &str, russian: &str, port: u16) -> Self {
        let language = |tag| Language::new(tag).unwrap();
        let names = vec![
            (language("en"), english.to_owned()),
            (language("ru"), russian.to_owned()),
        ];
        let party = NewParty {
            names: LocalNames::new(names).unwrap(),
            languages: vec![language("en"), language("ru")],
        };
        Home::create(home, party, now()).unwrap();
        let address = format!("udp://127.0.0.1:{port}");
        Self {
            home: home.to_owned(),
            listen: vec![address.clone()],
            address,
            station: None,
        }
    }

    /// A home that is there already, at a port that nobody else uses.
    pub fn at(home: &Path) -> Self {
        let [port, _] = free_ports();
        let address = format!("udp://127.0.0.1:{port}");
        Self {
            home: home.to_owned(),
            listen: vec![address.clone()],
            address,
            station: None,
        }
    }

    /// From its next start on it listens there.
    pub fn listen_at(&mut self, addresses: Vec<String>) {
        self.listen = addresses;
    }

    /// The program with its home. Its lines are cut nowhere: where they would be depends on the hour and on where the
    /// home is.
    pub fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_openline"));
        command
            .arg("--home")
            .arg(&self.home)
            .env("COLUMNS", "10000");
        command
    }

    /// How a command ends.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.program().args(arguments).output().unwrap()
    }

    /// What a command prints, whatever its exit code.
    pub fn printed(&self, arguments: &[&str]) -> String {
        String::from_utf8(self.run(arguments).stdout).unwrap()
    }

    /// The command that starts its station.
    pub fn command(&self) -> Command {
        let mut command = self.program();
        command.args(["--json", "station"]);
        for address in &self.listen {
            command.args(["--listen", address]);
        }
        command
    }

    /// Starts its station and returns its ready line.
    pub fn start(&mut self) -> serde_json::Value {
        let mut command = self.command();
        self.start_as(&mut command)
    }

    /// Starts its station in a way of one's own.
    pub fn start_as(&mut self, command: &mut Command) -> serde_json::Value {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut ready = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut ready).unwrap();
        self.station = Some(child);
        serde_json::from_str(&ready).unwrap_or_else(|error| panic!("{ready:?}: {error}"))
    }

    pub fn pid(&self) -> i32 {
        i32::try_from(self.station.as_ref().unwrap().id()).unwrap()
    }

    /// Pulls the plug.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.station.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Asks the station to stop, and returns whether it did so of its own accord.
    pub fn stop(&mut self) -> bool {
        let Some(mut child) = self.station.take() else {
            return false;
        };
        let pid = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        child.wait().unwrap().success()
    }

    pub fn client(&self) -> Client {
        Client::new(&self.home)
    }

    /// Waits until its only line is as wanted.
    pub async fn until(&self, wanted: &str, is_so: impl Fn(&Line) -> bool) -> Line {
        let mut last = None;
        let waiting = async {
            let mut statuses = self.client().watch_status().await.unwrap();
            loop {
                let status = statuses.next().await.unwrap().unwrap();
                let line = status.lines.into_iter().next();
                if let Some(line) = line.clone().filter(|line| is_so(line)) {
                    return line;
                }
                last = line;
            }
        };
        match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(line) => line,
            Err(_) => panic!("not {wanted}: {last:?}"),
        }
    }
}

impl Drop for Side {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Copies a home, file by file, as a backup program does.
pub fn copy_home(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    let mode = std::fs::metadata(from).unwrap().permissions();
    std::fs::set_permissions(to, mode).unwrap();
    for item in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (here, there) = (item.path(), to.join(item.file_name()));
        if here.is_dir() {
            copy_home(&here, &there);
        } else if here.is_file() {
            std::fs::copy(&here, &there).unwrap();
        }
    }
}

pub fn message(text: &str, precedence: &str) -> NewMessage {
    NewMessage {
        text: text.to_owned(),
        precedence: Some(precedence.to_owned()),
        ..NewMessage::default()
    }
}

/// Waits for the next event.
pub async fn next<T: serde::de::DeserializeOwned>(events: &mut Events<T>) -> T {
    let event = tokio::time::timeout(PATIENCE, events.next()).await;
    event.expect("in time").expect("an event").expect("whole")
}

/// Waits for an event of a kind and returns it.
pub async fn event(events: &mut Events<MessageEvent>, kind: &str) -> MessageEvent {
    loop {
        let event = next(events).await;
        if event.event == kind {
            return event;
        }
    }
}
