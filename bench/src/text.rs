//! `openline-bench text`: how long texts take over each link, and what they cost.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::bed::{Bed, Traffic};
use crate::conversation::{Conversation, Fate};
use crate::links::{LINKS, LinkKind};
use crate::openline_cli::Padding;
use crate::pair::Pair;
use crate::probe::{self, Bare, BareTimes};
use crate::process::Station;
use crate::statistics::Summary;
use crate::texts::{LANGUAGES, Language};

mod cut;
mod report;

pub use report::report;

/// The longest that anything is waited for: a narrow-band link needs a while for 10 kB of keys.
const PATIENCE: Duration = Duration::from_secs(180);
/// A datagram about as long as that of a text, for the round trip without openline.
const PROBE_BYTES: usize = 200;
/// Where the machine alone is measured, nothing is lost on the way.
const PROBE_PATIENCE: Duration = Duration::from_secs(1);
/// A link that was silent for so long has nothing left to send but signs of life.
const QUIET: Duration = Duration::from_secs(1);
/// Stations give signs of life, so it may never be silent.
const QUIET_ROUNDS: u32 = 3;

/// Where the homes go, if nothing else is said: on the disk that the program was built on.
pub const DEFAULT_HOMES: &str = "target/bench-homes";

/// What to measure.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The program.
    pub program: PathBuf,
    /// Homes are made below this, on the disk that is measured.
    pub homes: PathBuf,
    /// Names of links; all if empty.
    pub only: Vec<String>,
    /// Texts of each language on each link.
    pub messages: usize,
}

/// One cell of the table: one link, one language, one padding.
#[derive(Debug)]
pub struct Cell {
    /// The link.
    pub link: &'static LinkKind,
    /// Of the texts.
    pub language: &'static str,
    /// Of the frames.
    pub padding: Padding,
    /// What became of each text.
    pub fates: Vec<Fate>,
    /// What went over the link meanwhile.
    pub traffic: Traffic,
}

/// What two stations need before the first text.
#[derive(Clone, Copy, Debug)]
pub struct SetUp {
    /// From the start of both processes until MLS carries the line at both sides.
    pub time: Duration,
    /// IP bytes both ways until then and the link was quiet.
    pub bytes: u64,
}

/// What the machine itself needs on this bed for the same: the limit of L0.
#[derive(Clone, Copy, Debug)]
pub struct MachineLimit {
    /// Measured between the texts, each after as long a rest as a text had: the middle of each part.
    pub bare: BareTimes,
    /// A datagram there and back, one upon the other.
    pub round_trip: Duration,
}

/// All that was measured on one link.
#[derive(Debug)]
pub struct LinkFigures {
    /// The link.
    pub link: &'static LinkKind,
    /// Before the first text, unpadded.
    pub set_up: SetUp,
    /// Of the machine, where the link is no limit.
    pub machine: Option<MachineLimit>,
    /// One for each language and padding.
    pub cells: Vec<Cell>,
    /// From the start of both stations until the first text came, if that was measured.
    pub first: Option<Duration>,
    /// If the link was cut: from its return until the first text came, and until all had that waited for it.
    pub after_cut: Option<[Duration; 2]>,
}

impl Cell {
    /// Until the receiver's program had them.
    #[must_use]
    pub fn received(&self) -> Summary {
        Summary::of(
            &self
                .fates
                .iter()
                .filter_map(Fate::until_received)
                .collect::<Vec<_>>(),
        )
    }

    /// Until the sender knew.
    #[must_use]
    pub fn known(&self) -> Summary {
        Summary::of(
            &self
                .fates
                .iter()
                .filter_map(Fate::until_known)
                .collect::<Vec<_>>(),
        )
    }

    /// Texts that never came.
    #[must_use]
    pub fn lost(&self) -> usize {
        self.fates
            .iter()
            .filter(|fate| fate.received.is_empty())
            .count()
    }

    /// Texts that came more than once.
    #[must_use]
    pub fn twice(&self) -> usize {
        self.fates
            .iter()
            .filter(|fate| fate.received.len() > 1)
            .count()
    }

    /// Texts of which the sender never heard.
    #[must_use]
    pub fn unknown(&self) -> usize {
        self.fates
            .iter()
            .filter(|fate| fate.known.is_none())
            .count()
    }

    /// IP bytes a text, both ways.
    #[must_use]
    pub fn bytes(&self) -> f64 {
        self.traffic.bytes() as f64 / self.fates.len() as f64
    }
}

/// Measures what the plan says, link by link.
///
/// # Errors
/// No namespaces, no program, or stations that do not meet.
pub fn measure(plan: &Plan) -> Result<Vec<LinkFigures>> {
    let wanted =
        |link: &&LinkKind| plan.only.is_empty() || plan.only.iter().any(|name| name == link.name);
    let links: Vec<&'static LinkKind> = LINKS.iter().filter(wanted).collect();
    ensure!(
        !links.is_empty(),
        "there is no such link as {:?}.\nName some of L0 to L5.",
        plan.only
    );
    links
        .into_iter()
        .map(|link| measure_link(plan, link))
        .collect()
}

/// A few texts on three links: every one must come exactly once. Speed is not looked at.
///
/// # Errors
/// As [`measure`], or a text was lost, came twice, or its sender was not told.
pub fn smoke(plan: &Plan) -> Result<()> {
    let only = ["L0", "L1", "L3"].map(str::to_owned).to_vec();
    for figures in measure(&Plan {
        only,
        messages: 5,
        ..plan.clone()
    })? {
        for cell in &figures.cells {
            let what = format!(
                "{} {} {}",
                figures.link.name,
                cell.language,
                cell.padding.word()
            );
            let [lost, twice, unknown] = [cell.lost(), cell.twice(), cell.unknown()];
            ensure!(
                lost + twice + unknown == 0,
                "{what}: {lost} lost, {twice} twice, of {unknown} the sender knows nothing"
            );
            println!("{what}: all {} came exactly once", cell.fates.len());
        }
    }
    Ok(())
}

fn measure_link(plan: &Plan, link: &'static LinkKind) -> Result<LinkFigures> {
    eprintln!("{}: {}", link.name, link.words);
    let bed = Bed::new(link.name, link.settings)?;
    if link.cut {
        return cut::measure(plan, &bed, link);
    }
    let first = link.first.then(|| first_text(plan, &bed, link));
    let first = first.transpose()?;
    let is_machine_the_limit = link.delay.is_zero();
    let bare = || Bare::start(&bed, &plan.homes, PROBE_PATIENCE);
    let mut bare = is_machine_the_limit.then(bare).transpose()?;
    let (set_up, mut cells) = measure_padding(plan, &bed, link, Padding::None, &mut bare)?;
    if link.also_padded {
        cells.extend(measure_padding(plan, &bed, link, Padding::Classes, &mut bare)?.1);
    }
    let machine = bare.map(|bare| machine_limit(&bed, bare)).transpose()?;
    Ok(LinkFigures {
        link,
        set_up,
        machine,
        cells,
        first,
        after_cut: None,
    })
}

/// The first text of two stations that have never heard of each other.
fn first_text(plan: &Plan, bed: &Bed, link: &LinkKind) -> Result<Duration> {
    let pair = Pair::on_bed(&plan.program, &plan.homes, bed)?;
    let start = Instant::now();
    let _stations = [pair.start(0, Padding::None)?, pair.start(1, Padding::None)?];
    let conversation = Conversation::begin(&pair, link.flash, PATIENCE)?;
    let came = conversation.first_came();
    Ok(came.map_or(PATIENCE, |at| at - start))
}

fn machine_limit(bed: &Bed, bare: Bare) -> Result<MachineLimit> {
    let middle = |part: fn(&BareTimes) -> Duration| {
        Summary::of(&bare.times.iter().map(part).collect::<Vec<_>>()).p50
    };
    let bare_times = BareTimes {
        durable_write: middle(|times| times.durable_write),
        there: middle(|times| times.there),
        known: middle(|times| times.known),
    };
    drop(bare);
    let round_trips = probe::round_trips(bed, 200, PROBE_BYTES, PROBE_PATIENCE)?;
    Ok(MachineLimit {
        bare: bare_times,
        round_trip: Summary::of(&round_trips).p50,
    })
}

/// A new pair of parties, and all languages over it.
fn measure_padding(
    plan: &Plan,
    bed: &Bed,
    link: &'static LinkKind,
    padding: Padding,
    bare: &mut Option<Bare>,
) -> Result<(SetUp, Vec<Cell>)> {
    let pair = Pair::on_bed(&plan.program, &plan.homes, bed)?;
    let (_stations, set_up) = set_up(&pair, bed, padding)?;
    let mut conversation = Conversation::begin(&pair, link.flash, PATIENCE)?;
    let mut cell = |language: &Language| {
        bed.settle(QUIET, QUIET_ROUNDS)?;
        bed.command("reset")?;
        let texts = language.texts(plan.messages);
        let between = || match bare {
            Some(bare) => bare.exchange(PROBE_BYTES),
            None => Ok(()),
        };
        let fates = conversation.one_by_one(&texts, PATIENCE, between)?;
        let mut traffic = bed.traffic()?;
        if let Some(bare) = bare {
            bare.leave_out_of(&mut traffic, texts.len(), PROBE_BYTES);
        }
        Ok(Cell {
            link,
            language: language.name,
            padding,
            fates,
            traffic,
        })
    };
    let cells = LANGUAGES.iter().map(&mut cell).collect::<Result<_>>()?;
    Ok((set_up, cells))
}

/// Starts both stations and counts what they send until they are ready to carry texts.
fn set_up(pair: &Pair, bed: &Bed, padding: Padding) -> Result<([Station; 2], SetUp)> {
    bed.command("reset")?;
    let (stations, time) = pair.start_both(padding, PATIENCE)?;
    bed.settle(QUIET, QUIET_ROUNDS)?;
    Ok((
        stations,
        SetUp {
            time,
            bytes: bed.traffic()?.bytes(),
        },
    ))
}
