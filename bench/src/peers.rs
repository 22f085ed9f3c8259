//! `openline-bench peers`: the same texts over the same links by openline and by what people would use instead, in one run.
//!
//! The others are started as their own documentation says, by small programs in `bench/peers` that print what openline's own print.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::bed::{Bed, Traffic};
use crate::conversation::{Conversation, Fate};
use crate::links::{LINKS, LinkKind};
use crate::statistics::Summary;
use crate::texts::LANGUAGES;

mod picture;
mod report;
mod start;

pub use picture::picture;
pub use report::report;

/// The longest that one text is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// The longest that a pair of programs may take to meet.
const SET_UP: Duration = Duration::from_secs(180);
/// A link that was silent for so long has nothing left to send but signs of life.
const QUIET: Duration = Duration::from_secs(1);
const QUIET_ROUNDS: u32 = 3;

/// Losses of the picture, in hundredths, on a link of 100 ms one way.
pub const LOSSES: [u32; 6] = [0, 10, 20, 30, 40, 50];

/// A program that carries texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Ours.
    Openline,
    /// LXMF over Reticulum's UDP interface.
    Lxmf,
    /// XMPP: Prosody at the receiver's side, TLS, receipts, stream management.
    Xmpp,
}

impl Program {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Openline, Self::Lxmf, Self::Xmpp];

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Openline => "openline",
            Self::Lxmf => "LXMF (Reticulum, UDP)",
            Self::Xmpp => "XMPP (Prosody, TLS)",
        }
    }
}

/// What to measure.
#[derive(Clone, Debug)]
pub struct Plan {
    /// openline.
    pub program: PathBuf,
    /// Homes are made below this.
    pub homes: PathBuf,
    /// `bench/peers`.
    pub scripts: PathBuf,
    /// A Python that has what `bench/peers/requirements.txt` says.
    pub python: PathBuf,
    /// Names of links; all but L0 and L5 if empty.
    pub only: Vec<String>,
    /// Texts of each program on each link, for each seed.
    pub messages: usize,
    /// Each loses other packets.
    pub seeds: u64,
    /// Whether the picture is measured as well.
    pub losses: bool,
}

/// One program on one link.
#[derive(Debug)]
pub struct Cell {
    /// Which.
    pub program: Program,
    /// On which link.
    pub link: &'static str,
    /// In words.
    pub words: String,
    /// What became of each text; or why none was sent.
    pub fates: Result<Vec<Fate>, String>,
    /// What went over the link meanwhile.
    pub bytes: u64,
}

impl Cell {
    fn summary(&self, of: fn(&Fate) -> Option<Duration>) -> Option<Summary> {
        let times: Vec<Duration> = self.fates.as_ref().ok()?.iter().filter_map(of).collect();
        (!times.is_empty()).then(|| Summary::of(&times))
    }

    /// Texts that did not come within a minute.
    fn lost(&self) -> Option<usize> {
        let fates = self.fates.as_ref().ok()?;
        Some(fates.iter().filter(|it| it.received.is_empty()).count())
    }

    fn bytes_each(&self) -> Option<u64> {
        let count = self.fates.as_ref().ok()?.len() as u64;
        self.bytes.checked_div(count)
    }
}

/// All that was measured.
#[derive(Debug)]
pub struct Figures {
    /// Every program on every link.
    pub links: Vec<Cell>,
    /// Every program at each of [`LOSSES`].
    pub losses: Vec<(u32, Cell)>,
}

/// Measures what the plan says.
///
/// # Errors
/// No namespaces, or a program of the others is missing.
pub fn measure(plan: &Plan) -> Result<Figures> {
    start::require(plan)?;
    let wanted = |link: &&LinkKind| match plan.only.is_empty() {
        true => !link.delay.is_zero() && !link.cut,
        false => plan.only.iter().any(|name| name == link.name),
    };
    let mut links = Vec::new();
    for link in LINKS.iter().filter(wanted) {
        let settings: Vec<String> = link.settings.iter().map(ToString::to_string).collect();
        for program in Program::ALL {
            links.push(cell(plan, program, (link.name, link.words), &settings)?);
        }
    }
    let mut losses = Vec::new();
    for loss in LOSSES.iter().filter(|_| plan.losses) {
        let settings = [
            "delay=100".to_owned(),
            format!("loss={}", f64::from(*loss) / 100.0),
        ];
        let words = format!("100 ms one way, {loss} % loss");
        for program in Program::ALL {
            losses.push((*loss, cell(plan, program, ("loss", &words), &settings)?));
        }
    }
    Ok(Figures { links, losses })
}

fn cell(
    plan: &Plan,
    program: Program,
    (link, words): (&'static str, &str),
    settings: &[String],
) -> Result<Cell> {
    eprintln!("{link} ({words}): {}", program.name());
    let mut cell = Cell {
        program,
        link,
        words: words.to_owned(),
        fates: Ok(Vec::new()),
        bytes: 0,
    };
    for seed in 1..=plan.seeds {
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let bed = Bed::seeded(&format!("p{seed}"), &settings, seed)?;
        match converse(plan, program, &bed) {
            Ok((fates, traffic)) => {
                cell.bytes += traffic.bytes();
                cell.fates
                    .iter_mut()
                    .for_each(|all| all.extend(fates.clone()));
            }
            Err(error) => {
                eprintln!("  {error:#}");
                cell.fates = Err(format!("{error}"));
                break;
            }
        }
    }
    Ok(cell)
}

fn converse(plan: &Plan, program: Program, bed: &Bed) -> Result<(Vec<Fate>, Traffic)> {
    let directory = tempfile::tempdir_in(&plan.homes)?;
    let mut running = start::start(plan, program, bed, directory.path())?;
    bed.settle(QUIET, QUIET_ROUNDS)?;
    bed.command("reset")?;
    let texts = LANGUAGES[0].texts(plan.messages);
    let fates = running
        .conversation
        .one_by_one(&texts, PATIENCE, || Ok(()))?;
    Ok((fates, bed.traffic()?))
}

/// A program in one side's namespace.
fn inside(bed: &Bed, side: usize, program: &Path) -> Command {
    let mut command = Command::new("ip");
    command
        .args(["netns", "exec", &bed.namespaces[side]])
        .arg(program);
    command
}

/// What runs until it is dropped.
struct Running {
    conversation: Conversation,
    _beside: Vec<crate::process::Station>,
    _pair: Option<crate::pair::Pair>,
}
