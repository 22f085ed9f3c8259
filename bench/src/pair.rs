//! Two parties with a line between them: Washington on the left, Moscow on the right.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::bed::{ADDRESSES, Bed};
use crate::openline_cli::{LineStatus, Openline, Padding};
use crate::process::Station;
use crate::recorder::Recorder;
use crate::slow_relay::SlowRelay;

const PORT: u16 = 7600;
/// How often a status is asked for while something is waited for.
const POLL: Duration = Duration::from_millis(20);

/// Two homes that have opened a line by files, and where their stations run.
pub struct Pair {
    /// Left and right.
    pub parties: [Openline; 2],
    places: [Place; 2],
    recorders: Vec<Recorder>,
    directory: tempfile::TempDir,
}

/// Where a station runs and listens.
struct Place {
    namespace: Option<String>,
    address: String,
    /// What the other party is told: its addresses.
    known_as: Vec<String>,
}

impl Pair {
    /// Opens a line between two new homes below `directory`; their stations will run in the bed's namespaces.
    ///
    /// # Errors
    /// The program's own.
    pub fn on_bed(program: &Path, directory: &Path, bed: &Bed) -> Result<Self> {
        let place = |side: usize| Place {
            namespace: Some(bed.namespaces[side].clone()),
            address: format!("udp://{}:{PORT}", ADDRESSES[side]),
            known_as: vec![format!("udp://{}:{PORT}", ADDRESSES[side])],
        };
        Self::open(program, directory, [place(0), place(1)], Vec::new())
    }

    /// The same on this machine's own loopback.
    ///
    /// # Errors
    /// The program's own.
    pub fn on_loopback(program: &Path, directory: &Path) -> Result<Self> {
        let place = |port: u16| Place {
            namespace: None,
            address: format!("udp://127.0.0.1:{port}"),
            known_as: vec![format!("udp://127.0.0.1:{port}")],
        };
        let [left, right] = free_ports()?;
        Self::open(program, directory, [place(left), place(right)], Vec::new())
    }

    /// The same with a relay before each station that keeps every frame.
    ///
    /// # Errors
    /// The program's own.
    pub fn recorded(program: &Path, directory: &Path) -> Result<Self> {
        let ports = free_ports()?;
        let recorders = [Recorder::before(ports[0])?, Recorder::before(ports[1])?];
        let place = |side: usize| Place {
            namespace: None,
            address: format!("udp://127.0.0.1:{}", ports[side]),
            known_as: vec![format!("udp://127.0.0.1:{}", recorders[side].port)],
        };
        let places = [place(0), place(1)];
        Self::open(program, directory, places, recorders.into())
    }

    /// The same with several bearers between the two, of which each takes so long one way.
    ///
    /// # Errors
    /// The program's own.
    pub fn with_ways(
        program: &Path,
        directory: &Path,
        delays: &[Duration],
    ) -> Result<(Self, Vec<SlowRelay>)> {
        let ports = free_ports()?;
        let relays = delays.iter().map(|&it| SlowRelay::between(ports, it));
        let relays: Vec<SlowRelay> = relays.collect::<Result<_>>()?;
        let place = |side: usize| Place {
            namespace: None,
            address: format!("udp://127.0.0.1:{}", ports[side]),
            // Each is found where the other one's end of a relay is.
            known_as: relays
                .iter()
                .map(|relay| format!("udp://127.0.0.1:{}", relay.ports[1 - side]))
                .collect(),
        };
        let places = [place(0), place(1)];
        let pair = Self::open(program, directory, places, Vec::new())?;
        Ok((pair, relays))
    }

    /// What the recorders kept.
    #[must_use]
    pub fn frames(&self) -> Vec<Vec<u8>> {
        self.recorders.iter().flat_map(Recorder::frames).collect()
    }

    /// The ports at which the stations listen.
    #[must_use]
    pub fn ports(&self) -> [u16; 2] {
        [0, 1].map(|side| {
            let port = self.places[side].address.rsplit(':').next();
            port.and_then(|port| port.parse().ok()).unwrap_or(PORT)
        })
    }

    fn open(
        program: &Path,
        directory: &Path,
        places: [Place; 2],
        recorders: Vec<Recorder>,
    ) -> Result<Self> {
        std::fs::create_dir_all(directory)?;
        let directory = tempfile::tempdir_in(std::fs::canonicalize(directory)?)?;
        let party = |home: &str| Openline {
            program: program.to_owned(),
            home: directory.path().join(home),
            line: None,
        };
        let pair = Self {
            parties: [party("washington"), party("moscow")],
            places,
            recorders,
            directory,
        };
        pair.exchange_files()?;
        Ok(pair)
    }

    fn exchange_files(&self) -> Result<()> {
        let [washington, moscow] = &self.parties;
        let [left, right] = &self.places;
        washington.init("Washington", &self.path("washington.card"))?;
        moscow.init("Moscow", &self.path("moscow.card"))?;
        open_line(
            self.directory.path(),
            (washington, "washington", &left.known_as),
            (moscow, "moscow", &right.known_as),
        )
    }

    /// A third party with a line to the left one, of which it is said that it is at `known_as`, as is the left one's station
    /// by whoever is in its namespace.
    ///
    /// # Errors
    /// The program's own.
    pub fn third(&self, known_as: &str) -> Result<Openline> {
        let third = Openline {
            home: self.path("pyongyang"),
            ..self.parties[0].clone()
        };
        third.init("Pyongyang", &self.path("pyongyang.card"))?;
        open_line(
            self.directory.path(),
            (&self.parties[0], "washington", &self.places[0].known_as),
            (&third, "pyongyang", &[known_as.to_owned()]),
        )?;
        Ok(third)
    }

    /// A path beside the homes, on the same disk.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Starts one side's station and waits until it is ready.
    ///
    /// # Errors
    /// It did not start.
    pub fn start(&self, side: usize, padding: Padding) -> Result<Station> {
        let Place {
            namespace, address, ..
        } = &self.places[side];
        self.parties[side].station(namespace.as_deref(), address, padding)
    }

    /// Starts both and waits until MLS carries the line at both sides. Gives the time that took as well.
    ///
    /// # Errors
    /// They did not start or did not meet.
    pub fn start_both(
        &self,
        padding: Padding,
        patience: Duration,
    ) -> Result<([Station; 2], Duration)> {
        let start = Instant::now();
        let stations = [self.start(0, padding)?, self.start(1, padding)?];
        for side in [0, 1] {
            self.wait_until(side, patience, |line| {
                line.is_open() && line.has_left_the_tape()
            })?;
        }
        Ok((stations, start.elapsed()))
    }

    /// Asks one side's station until its line is as wanted.
    ///
    /// # Errors
    /// That did not happen in time.
    pub fn wait_until(
        &self,
        side: usize,
        patience: Duration,
        wanted: fn(&LineStatus) -> bool,
    ) -> Result<()> {
        let start = Instant::now();
        loop {
            let status = self.parties[side].status();
            if status
                .as_ref()
                .is_ok_and(|status| status.lines.iter().any(wanted))
            {
                return Ok(());
            }
            if start.elapsed() > patience {
                bail!(
                    "after {patience:?} the station in {} says: {status:?}",
                    self.parties[side].home.display()
                );
            }
            std::thread::sleep(POLL);
        }
    }
}

/// What the couriers carry: two cards, the line file, its answer. Each party is its program, the name of its card's file in the
/// directory, and where the other one is told that it is.
fn open_line(
    directory: &Path,
    (left, left_name, left_at): (&Openline, &str, &[String]),
    (right, right_name, right_at): (&Openline, &str, &[String]),
) -> Result<()> {
    let file = |name: String| directory.join(name);
    let right_card = file(format!("{right_name}.card"));
    let number = left.safety_number(&right_card)?;
    let there = file(format!("to-{right_name}.line"));
    let back = file(format!("{right_name}-to-{left_name}.line"));
    left.line_open(&right_card, left_at, &there)?;
    right.line_accept(&there, &number, right_at, &back)?;
    left.line_finish(&back, &number)
}

fn free_ports() -> Result<[u16; 2]> {
    let sockets = [
        std::net::UdpSocket::bind("127.0.0.1:0")?,
        std::net::UdpSocket::bind("127.0.0.1:0")?,
    ];
    Ok([
        sockets[0].local_addr()?.port(),
        sockets[1].local_addr()?.port(),
    ])
}
