//! `openline-bench files`: a file on its way over a link of 8 Mbit/s, what urgent texts feel of it, and how it shares the link with TCP.
//!
//! The flow beside it is the kernel's own TCP, between two processes in the same two namespaces. Nothing limits either but the link.

use std::fmt;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Subcommand;

use crate::bed::{ADDRESSES, Bed};
use crate::conversation::{Conversation, Fate};
use crate::openline_cli::Padding;
use crate::pair::Pair;
use crate::statistics::Summary;
use crate::text::Plan;
use crate::texts::LANGUAGES;

/// Bits a second.
const RATE: f64 = 8e6;

/// What waits before the link at most, in bytes and in words: a short queue and a long one.
const QUEUES: [(&str, &str); 2] = [("queue=62500", "62 ms"), ("queue=250000", "250 ms")];

const PATIENCE: Duration = Duration::from_secs(30);

/// The longest that can be attached: it must not arrive before all was measured.
const FILE: usize = 64 * 1024 * 1024;

/// How long a rate is measured.
const SPAN: Duration = Duration::from_secs(10);

/// So many spans beside TCP, one after the other: two flows take their time to come to terms.
const SPANS: usize = 5;

/// The last of them count.
const SETTLED: usize = 3;

const PORT: u16 = 7_900;

/// On a link with one of the queues.
#[derive(Debug)]
struct Shared {
    queue: &'static str,
    /// FLASH, received, before and while the file is on its way.
    flash: [Summary; 2],
    lost: usize,
    /// Bytes a second of the file alone.
    alone: f64,
    /// Of the file beside TCP, and of TCP then, span by span.
    beside: Vec<[f64; 2]>,
}

/// What it came to.
#[derive(Debug)]
pub struct Files(Vec<Shared>);

/// A TCP flow, as a process of its own.
#[derive(Clone, Debug, Subcommand)]
pub enum Tcp {
    /// Takes all that comes, and prints how many bytes that are
    Sink {
        /// Where it listens
        address: String,
    },
    /// Sends for ever
    Source {
        /// Where to
        address: String,
    },
}

/// Measures both queues.
///
/// # Errors
/// No namespaces, no program, or a file that does not move.
pub fn measure(plan: &Plan) -> Result<Files> {
    let mut all = Vec::new();
    for (settings, queue) in QUEUES {
        eprintln!("a link of 8 Mbit/s, 25 ms one way, with a queue of {queue}");
        all.push(over(plan, settings, queue)?);
    }
    Ok(Files(all))
}

fn over(plan: &Plan, settings: &'static str, queue: &'static str) -> Result<Shared> {
    let rate = format!("rate={RATE}");
    let bed = Bed::new("files", &["delay=25", &rate, settings])?;
    let pair = Pair::on_bed(&plan.program, &plan.homes, &bed)?;
    let _stations = [pair.start(0, Padding::None)?, pair.start(1, Padding::None)?];
    pair.wait_until(1, PATIENCE, |line| {
        line.is_open() && line.has_left_the_tape()
    })?;
    let [washington, moscow] = &pair.parties;
    let mut conversation = Conversation::between(moscow, washington, true, PATIENCE)?;
    let [english, russian] = &LANGUAGES;
    let before = conversation.one_by_one(&english.texts(plan.messages), PATIENCE, || Ok(()))?;

    let file = pair.path("report.bin");
    std::fs::write(&file, incompressible(FILE))?;
    moscow.attach(&file)?;
    let held = || washington.file_held();
    let start = Instant::now();
    while held()? == 0 {
        ensure!(start.elapsed() < PATIENCE, "nothing of the file has come");
        std::thread::sleep(Duration::from_millis(100));
    }
    std::thread::sleep(Duration::from_secs(3));
    let alone = rate_of(&held)?;
    let meanwhile = conversation.one_by_one(&russian.texts(plan.messages), PATIENCE, || Ok(()))?;

    let tcp = Flow::start(&bed)?;
    let mut beside = Vec::new();
    for _ in 0..SPANS {
        let (first, begun) = (tcp.bytes(), Instant::now());
        let file = rate_of(&held)?;
        let tcp = (tcp.bytes() - first) as f64 / begun.elapsed().as_secs_f64();
        beside.push([file, tcp]);
    }
    if held()? == FILE as u64 {
        bail!("the file arrived before all was measured");
    }
    let received = |fates: &[Fate]| {
        let times: Vec<Duration> = fates.iter().filter_map(Fate::until_received).collect();
        Summary::of(&times)
    };
    let lost = |fates: &[Fate]| fates.iter().filter(|fate| fate.received.is_empty()).count();
    Ok(Shared {
        queue,
        flash: [received(&before), received(&meanwhile)],
        lost: lost(&before) + lost(&meanwhile),
        alone,
        beside,
    })
}

impl Shared {
    /// Of the file and of TCP, once they had time to come to terms.
    fn settled(&self) -> [f64; 2] {
        let last = &self.beside[SPANS - SETTLED..];
        [0, 1].map(|flow| last.iter().map(|span| span[flow]).sum::<f64>() / SETTLED as f64)
    }
}

/// Bytes a second, over some time.
fn rate_of(held: &impl Fn() -> Result<u64>) -> Result<f64> {
    let (first, begun) = (held()?, Instant::now());
    std::thread::sleep(SPAN);
    Ok((held()? - first) as f64 / begun.elapsed().as_secs_f64())
}

/// Bytes that no bearer makes fewer (xorshift64, from a fixed seed).
fn incompressible(length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut bytes = Vec::with_capacity(length);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// A TCP flow from the right to the left, the file's way.
struct Flow {
    ends: [Child; 2],
    taken: Arc<AtomicU64>,
}

impl Flow {
    fn start(bed: &Bed) -> Result<Self> {
        let address = format!("{}:{PORT}", ADDRESSES[0]);
        let end = |namespace: &str, what: &str| -> Result<Command> {
            let mut command = Command::new("ip");
            command.args(["netns", "exec", namespace]);
            command.arg(std::env::current_exe()?);
            command.args(["tcp", what, &address]);
            Ok(command)
        };
        let [left, right] = &bed.namespaces;
        let mut sink = end(left, "sink")?.stdout(Stdio::piped()).spawn()?;
        let mut lines = BufReader::new(sink.stdout.take().context("its output")?).lines();
        lines.next().context("a TCP sink that listens")??;
        let taken = Arc::new(AtomicU64::new(0));
        let told = taken.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                told.store(line.parse().unwrap_or(0), Ordering::Relaxed);
            }
        });
        let source = end(right, "source")?.stdout(Stdio::null()).spawn()?;
        Ok(Self {
            ends: [sink, source],
            taken,
        })
    }

    fn bytes(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }
}

impl Drop for Flow {
    fn drop(&mut self) {
        for end in &mut self.ends {
            _ = end.kill();
            _ = end.wait();
        }
    }
}

/// One end of a TCP flow.
///
/// # Errors
/// The address can't be used, or the other end is gone.
pub fn tcp(end: &Tcp) -> Result<()> {
    match end {
        Tcp::Sink { address } => sink(address),
        Tcp::Source { address } => source(address),
    }
}

fn sink(address: &str) -> Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("0");
    let (mut stream, _) = listener.accept()?;
    let (mut buffer, mut taken, mut told) = ([0; 65_536], 0u64, Instant::now());
    loop {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            count => taken += count as u64,
        }
        if told.elapsed() >= Duration::from_millis(50) {
            println!("{taken}");
            told = Instant::now();
        }
    }
}

fn source(address: &str) -> Result<()> {
    let mut stream = TcpStream::connect(address)?;
    let block = [0; 16_384];
    loop {
        stream.write_all(&block)?;
    }
}

impl fmt::Display for Files {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "A link of 8 Mbit/s, 25 ms one way, without loss; a file of 64 MiB goes from Moscow to Washington, and FLASH texts the same way. \
             Then a flow of the kernel's TCP joins it for a while.\n"
        )?;
        writeln!(
            out,
            "| the link's queue | {} |",
            self.row(|it| it.queue.to_owned())
        )?;
        writeln!(out, "| --- |{}", " --- |".repeat(self.0.len()))?;
        let times = |summary: &Summary| {
            let times = [summary.p50, summary.p95, summary.max];
            let [p50, p95, max] = times.map(|it| it.as_secs_f64());
            format!("{p50:.3} / {p95:.3} / {max:.3}")
        };
        let mut line = |what: &str, of: &dyn Fn(&Shared) -> String| {
            writeln!(out, "| {what} | {} |", self.row(of))
        };
        line(
            "FLASH received, s, median / 95 of 100 / worst, no file",
            &|it| times(&it.flash[0]),
        )?;
        line("the same beside the file", &|it| {
            format!("**{}**", times(&it.flash[1]))
        })?;
        line("FLASH lost", &|it| it.lost.to_string())?;
        line("the file alone, of the link's rate", &|it| {
            format!("**{:.2}**", it.alone * 8.0 / RATE)
        })?;
        line(
            "the file ÷ TCP, in each ten seconds since TCP joined",
            &|it| {
                let spans = it.beside.iter();
                let shares = spans.map(|[file, tcp]| format!("{:.2}", file / tcp));
                shares.collect::<Vec<_>>().join(", ")
            },
        )?;
        line("the file, TCP, of the link's rate, last 30 s", &|it| {
            let [file, tcp] = it.settled().map(|rate| rate * 8.0 / RATE);
            format!("{file:.2}, {tcp:.2}")
        })?;
        line("the file ÷ TCP, last 30 s (asked: half to twice)", &|it| {
            let [file, tcp] = it.settled();
            format!("**{:.2}**", file / tcp)
        })
    }
}

impl Files {
    fn row(&self, of: impl Fn(&Shared) -> String) -> String {
        self.0.iter().map(of).collect::<Vec<_>>().join(" | ")
    }
}
