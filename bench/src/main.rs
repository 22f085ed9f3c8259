//! `openline-bench`: measures openline and writes the figures into `docs/benchmarks.md`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};
use openline_bench::{
    bed, files, flood, idle, machine, markdown, peers, rings, strangers, text, throughput, ways,
};

/// Measures openline beside the limits of the machine and of the link.
#[derive(Parser)]
#[command(
    version,
    after_help = "Example: sudo openline-bench text --only L1 --messages 50 --print"
)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand)]
enum Command {
    /// Texts over six emulated links, in two network namespaces (needs root)
    Text(Text),
    /// How soon a caller knows that it rings there, over two emulated links (needs root)
    Ring(Ring),
    /// Entries a second through two stations on this machine, and through the verifier
    Throughput(Throughput),
    /// Memory of an idle station, and how soon it is back after kill -9
    Idle,
    /// A million datagrams of a stranger: answers, memory, and how a FLASH fares meanwhile
    Strangers(Strangers),
    /// A hostile party's million rings and proposals on one line, and how another fares meanwhile (needs root)
    Flood(Flood),
    /// A file on its way, what a FLASH feels of it, and how it shares the link with TCP (needs root)
    Files(Files),
    /// One end of the TCP flow of `files`
    #[command(hide = true, subcommand)]
    Tcp(files::Tcp),
    /// Two bearers between two stations of this machine, and the faster is cut under way
    Ways,
    /// The same texts by LXMF and XMPP over the same links, and a picture of time against loss (needs root, and Prosody)
    Peers(Peers),
}

#[derive(Args)]
struct Flood {
    /// How many it has written
    #[arg(long, default_value_t = 1_000_000)]
    entries: usize,
    /// FLASH texts, before and meanwhile
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=200))]
    messages: u16,
}

#[derive(Args)]
struct Files {
    /// FLASH texts, before and beside the file
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=60))]
    messages: u16,
}

#[derive(Args)]
struct Peers {
    /// Only this link (may be repeated)
    #[arg(long)]
    only: Vec<String>,
    /// Texts of each program on each link, for each seed
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u16).range(1..=200))]
    messages: u16,
    /// How many seeds: each loses other packets
    #[arg(long, default_value_t = 3)]
    seeds: u64,
    /// Leave the picture out
    #[arg(long)]
    no_picture: bool,
    /// The Python that runs the others, as `cargo xtask bench peers` sets it up
    #[arg(long, default_value = "target/peers/bin/python")]
    python: PathBuf,
}

#[derive(Args)]
struct Ring {
    /// Rings on each link
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..))]
    rings: u16,
}

#[derive(Args)]
struct Strangers {
    /// How many he sends
    #[arg(long, default_value_t = 1_000_000)]
    datagrams: usize,
}

#[derive(Args)]
struct Text {
    /// Five messages on L0, L1 and L3: each must come exactly once; writes nothing
    #[arg(long)]
    smoke: bool,
    /// Only this link (may be repeated)
    #[arg(long)]
    only: Vec<String>,
    /// Messages of each language on each link
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u16).range(1..=200))]
    messages: u16,
}

#[derive(Args)]
struct Throughput {
    /// How many entries
    #[arg(long, default_value_t = 40_000)]
    entries: usize,
}

#[derive(Args)]
struct Common {
    /// The program to measure; the one beside this one unless told
    #[arg(long, global = true)]
    openline: Option<PathBuf>,
    /// Homes are made below this: the disk is part of what is measured
    #[arg(long, global = true, default_value = text::DEFAULT_HOMES)]
    homes: PathBuf,
    /// The page to write to
    #[arg(long, global = true, default_value = "docs/benchmarks.md")]
    page: PathBuf,
    /// Print, and leave the page alone
    #[arg(long, global = true)]
    print: bool,
}

fn main() -> ExitCode {
    match run(CommandLine::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("openline-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(CommandLine { command, common }: CommandLine) -> Result<()> {
    let program = match &common.openline {
        Some(program) => {
            std::fs::canonicalize(program).with_context(|| program.display().to_string())?
        }
        None => bed::sibling("openline")?,
    };
    std::fs::create_dir_all(&common.homes)?;
    let homes = std::fs::canonicalize(&common.homes)?;
    match command {
        Command::Text(wanted) => run_text(wanted, &common, program, homes),
        Command::Ring(Ring { rings }) => {
            let plan = whole(program, homes, rings);
            publish(
                &common,
                "bench:ring",
                &with_machine(&rings::measure(&plan)?),
            )
        }
        Command::Throughput(Throughput { entries }) => {
            let figures = throughput::measure(&program, &homes, entries)?;
            publish(&common, "bench:throughput", &with_machine(&figures))
        }
        Command::Files(Files { messages }) => {
            let plan = whole(program, homes, messages);
            publish(
                &common,
                "bench:files",
                &with_machine(&files::measure(&plan)?),
            )
        }
        Command::Tcp(end) => files::tcp(&end),
        Command::Idle => publish(
            &common,
            "bench:idle",
            &with_machine(&idle::measure(&program, &homes)?),
        ),
        Command::Ways => publish(
            &common,
            "bench:ways",
            &with_machine(&ways::measure(&program, &homes)?),
        ),
        Command::Peers(wanted) => run_peers(wanted, &common, program, homes),
        Command::Strangers(Strangers { datagrams }) => {
            let figures = strangers::measure(&program, &homes, datagrams)?;
            publish(&common, "bench:strangers", &with_machine(&figures))
        }
        Command::Flood(Flood { entries, messages }) => {
            let figures = flood::measure(&whole(program, homes, messages), entries)?;
            publish(&common, "bench:flood", &with_machine(&figures))
        }
    }
}

/// All links that the command has, and so many of what is measured.
fn whole(program: PathBuf, homes: PathBuf, messages: u16) -> text::Plan {
    text::Plan {
        program,
        homes,
        only: Vec::new(),
        messages: messages.into(),
    }
}

fn run_text(wanted: Text, common: &Common, program: PathBuf, homes: PathBuf) -> Result<()> {
    let plan = text::Plan {
        program,
        homes,
        only: wanted.only,
        messages: wanted.messages.into(),
    };
    if wanted.smoke {
        return text::smoke(&plan);
    }
    let figures = text::measure(&plan)?;
    publish(
        common,
        "bench:text",
        &text::report(&figures, &command_line()),
    )
}

fn run_peers(wanted: Peers, common: &Common, program: PathBuf, homes: PathBuf) -> Result<()> {
    let plan = peers::Plan {
        program,
        homes,
        // Not resolved: the link leads out of the environment whose libraries are wanted.
        python: std::env::current_dir()?.join(wanted.python),
        scripts: std::env::current_dir()?.join("bench/peers"),
        only: wanted.only,
        messages: wanted.messages.into(),
        seeds: wanted.seeds,
        losses: !wanted.no_picture,
    };
    let figures = peers::measure(&plan)?;
    if let Some(picture) = peers::picture(&figures).filter(|_| !common.print) {
        std::fs::write(common.page.with_file_name(PICTURE), picture)?;
    }
    let report = peers::report(&figures, &command_line());
    publish(common, "bench:peers", &report)
}

/// Beside the page.
const PICTURE: &str = "delivery-by-loss.svg";

fn with_machine(figures: &impl std::fmt::Display) -> String {
    format!("`{}` on {}.\n\n{figures}", command_line(), machine::facts())
}

/// As it was typed, but for the directory of the program.
fn command_line() -> String {
    let mut words = std::env::args();
    let program = words.next().unwrap_or_default();
    let name = Path::new(&program)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    std::iter::once(name)
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}

fn publish(common: &Common, place: &str, figures: &str) -> Result<()> {
    println!("{figures}");
    if common.print {
        return Ok(());
    }
    markdown::write_between_markers(&common.page, place, figures)
}
