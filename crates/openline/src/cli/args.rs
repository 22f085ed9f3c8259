//! The grammar of the command line. Its words for people are in `locales/*/help.ftl`; see [`super::help`].

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

#[allow(
    missing_docs,
    reason = "each is documented in contact.ftl, in both languages"
)]
mod contact;

#[allow(
    missing_docs,
    reason = "each is documented in help.ftl, in both languages"
)]
mod alarm;

#[allow(
    missing_docs,
    reason = "each is documented in help.ftl, in both languages"
)]
mod courier;

#[allow(
    missing_docs,
    reason = "each is documented in help.ftl, in both languages"
)]
mod exercise;

#[allow(
    missing_docs,
    reason = "each is documented in file.ftl, in both languages"
)]
mod file;

pub use alarm::*;
pub use contact::*;
pub use courier::*;
pub use exercise::*;
pub use file::*;
mod line_test;
mod watch;

/// The whole command line.
#[derive(Parser, Debug)]
#[command(name = "openline", version, disable_help_flag = true)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

#[allow(
    missing_docs,
    reason = "each is documented in help.ftl, in both languages"
)]
mod grammar {
    use super::*;

    #[derive(Args, Clone, Debug)]
    pub struct Global {
        #[arg(long, global = true, value_name = "DIR")]
        pub home: Option<PathBuf>,
        #[arg(long, global = true)]
        pub json: bool,
        #[arg(long, global = true, value_name = "TAG")]
        pub lang: Option<String>,
        #[arg(short, long, global = true, action = clap::ArgAction::Help)]
        pub help: Option<bool>,
    }

    #[derive(Subcommand, Debug)]
    pub enum Command {
        Demo(Demo),
        Init(Init),
        #[command(subcommand)]
        Card(Card),
        #[command(subcommand)]
        Line(Line),
        Station(Station),
        Status(Status),
        Bearers(Bearers),
        Say(Say),
        Traffic(Traffic),
        Follow(Follow),
        Show(Show),
        SignRead(SignRead),
        Verify(Verify),
        Export(Export),
        #[command(subcommand)]
        Courier(Courier),
        #[command(subcommand)]
        File(File),
        #[command(subcommand)]
        Ring(Ring),
        #[command(subcommand)]
        Contact(Contact),
        #[command(subcommand)]
        Watch(Watch),
        Suspend(Suspend),
        Resume(Resume),
        #[command(subcommand)]
        Exercise(Exercise),
        #[command(subcommand)]
        Test(Test),
        #[command(subcommand)]
        Alarm(Alarm),
        #[command(subcommand)]
        Silence(Silence),
        Doctor(Doctor),
    }

    #[derive(Args, Debug)]
    pub struct Bearers {
        #[command(flatten)]
        pub line: LineName,
    }

    #[derive(Args, Debug)]
    pub struct Demo {
        #[arg(long)]
        pub once: bool,
        #[arg(long, value_name = "DIR")]
        pub keep: Option<PathBuf>,
    }

    #[derive(Args, Debug)]
    pub struct Init {
        #[arg(long, value_name = "NAME")]
        pub name: String,
        #[arg(long, value_name = "NAME")]
        pub name_ru: Option<String>,
    }

    #[derive(Subcommand, Debug)]
    pub enum Card {
        Export(CardExport),
        Show(CardShow),
    }

    #[derive(Args, Debug)]
    pub struct CardExport {
        #[arg(value_name = "FILE")]
        pub file: PathBuf,
    }

    #[derive(Args, Debug)]
    pub struct CardShow {
        #[arg(value_name = "FILE")]
        pub file: PathBuf,
    }

    #[derive(Subcommand, Debug)]
    pub enum Line {
        Open(LineOpen),
        Accept(LineAccept),
        Finish(LineFinish),
        ReachableAt(LineReachableAt),
        Renew(LineRenew),
    }

    #[derive(Args, Debug)]
    pub struct LineOpen {
        #[arg(long, value_name = "CARD")]
        pub with: PathBuf,
        #[arg(long, value_name = "TOML")]
        pub charter: Option<PathBuf>,
        #[arg(long, value_name = "ADDRESS")]
        pub reachable_at: Vec<String>,
        #[arg(short, long, value_name = "FILE")]
        pub output: PathBuf,
    }

    #[derive(Args, Debug)]
    pub struct LineAccept {
        #[arg(value_name = "FILE")]
        pub file: PathBuf,
        #[arg(long, value_name = "ADDRESS")]
        pub reachable_at: Vec<String>,
        #[arg(short, long, value_name = "FILE")]
        pub output: PathBuf,
        #[arg(long, value_name = "DIGITS")]
        pub safety_number: Option<String>,
        #[arg(long = "as", value_name = "NAME")]
        pub operator: Option<String>,
    }

    #[derive(Args, Debug)]
    pub struct LineFinish {
        #[arg(value_name = "FILE")]
        pub file: PathBuf,
        #[arg(long, value_name = "DIGITS")]
        pub safety_number: Option<String>,
        #[arg(long = "as", value_name = "NAME")]
        pub operator: Option<String>,
    }

    #[derive(Args, Debug)]
    pub struct LineReachableAt {
        #[arg(value_name = "ADDRESS", required_unless_present = "nowhere")]
        pub addresses: Vec<String>,
        /// An empty list means something, so nobody gives one by forgetting the addresses.
        #[arg(long, conflicts_with = "addresses")]
        pub nowhere: bool,
        #[command(flatten)]
        pub line: LineName,
        #[arg(long = "as", value_name = "NAME")]
        pub operator: Option<String>,
    }

    #[derive(Args, Debug)]
    pub struct LineRenew {
        #[command(flatten)]
        pub line: LineName,
    }

    #[derive(Args, Debug)]
    pub struct Station {
        #[arg(long, value_name = "ADDRESS")]
        pub listen: Vec<String>,
        #[arg(long, value_name = "ADDRESS")]
        pub receive_only: Vec<String>,
        #[arg(long, value_name = "ADDRESS")]
        pub send_only: Vec<String>,
        #[arg(long, value_name = "HOW", default_value = "classes")]
        pub padding: Padding,
        #[arg(long, value_name = "BITS", conflicts_with = "padding", value_parser = clap::value_parser!(u32).range(8_000..=1_000_000))]
        pub constant_rate: Option<u32>,
        #[arg(long, value_name = "DIR")]
        pub read_bundles: Vec<PathBuf>,
        #[arg(long, value_name = "DIR")]
        pub write_bundles: Vec<PathBuf>,
        #[arg(long, value_name = "PROGRAM")]
        pub alarm_run: Option<PathBuf>,
        #[arg(long, value_name = "ADDRESS")]
        pub alarm_post: Option<String>,
    }

    #[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Padding {
        None,
        Classes,
    }

    #[derive(Args, Debug)]
    pub struct Status {
        #[command(flatten)]
        pub line: LineName,
        #[arg(long)]
        pub watch: bool,
    }

    #[derive(Args, Clone, Debug)]
    pub struct LineName {
        #[arg(long, value_name = "NAME")]
        pub line: Option<String>,
    }

    #[derive(Args, Debug)]
    pub struct Say {
        #[command(flatten)]
        pub line: LineName,
        #[arg(long, conflicts_with_all = ["immediate", "priority"])]
        pub flash: bool,
        #[arg(long, conflicts_with = "priority")]
        pub immediate: bool,
        #[arg(long)]
        pub priority: bool,
        #[arg(long, conflicts_with_all = ["flash", "immediate", "priority"])]
        pub routine: bool,
        #[arg(long, conflicts_with = "test")]
        pub exercise: bool,
        #[arg(long)]
        pub test: bool,
        #[arg(long, value_name = "ENTRY")]
        pub reply_to: Option<String>,
        #[arg(long, value_name = "FILE")]
        pub attach: Vec<PathBuf>,
        #[arg(long, value_name = "STAGE")]
        pub wait: Option<Wait>,
        #[arg(long, value_name = "DURATION", default_value = "60s")]
        pub timeout: String,
        #[arg(long)]
        pub stdin: bool,
        #[arg(long = "as", value_name = "NAME")]
        pub operator: Option<String>,
        /// Refused with the reason: see [`super::super::say`].
        #[arg(hide = true)]
        pub text: Vec<std::ffi::OsString>,
    }

    #[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Wait {
        Stored,
        Shown,
        Read,
    }

    #[derive(Args, Debug)]
    pub struct Traffic {
        #[command(flatten)]
        pub line: LineName,
        #[arg(long, value_name = "WHEN")]
        pub since: Option<String>,
    }

    #[derive(Args, Debug)]
    pub struct Follow {
        #[command(flatten)]
        pub line: LineName,
        #[arg(long, value_name = "CURSOR")]
        pub from: Option<u64>,
    }

    #[derive(Args, Debug)]
    pub struct Show {
        #[arg(value_name = "ENTRY")]
        pub entry: String,
        #[command(flatten)]
        pub line: LineName,
    }

    #[derive(Args, Debug)]
    pub struct SignRead {
        #[arg(value_name = "ENTRY")]
        pub entry: String,
        #[command(flatten)]
        pub line: LineName,
        #[arg(long = "as", value_name = "NAME")]
        pub operator: Option<String>,
        #[arg(long)]
        pub yes: bool,
    }

    #[derive(Args, Debug)]
    pub struct Verify {
        #[arg(value_name = "PATH")]
        pub path: PathBuf,
    }

    #[derive(Args, Debug)]
    pub struct Export {
        #[command(flatten)]
        pub line: LineName,
        #[arg(short, long, value_name = "FILE")]
        pub output: PathBuf,
    }

    #[derive(Subcommand, Debug)]
    pub enum Ring {
        Start(RingStart),
        Accept(RingAnswer),
        Decline(RingAnswer),
        Later(RingAnswer),
        Withdraw(RingWithdraw),
        List(RingList),
    }

    #[derive(Args, Debug)]
    pub struct RingStart {
        #[command(flatten)]
        pub line: LineName,
        #[arg(long, value_name = "OFFICE")]
        pub to: String,
        #[arg(long, value_name = "OFFICE")]
        pub from: Option<String>,
        #[arg(long)]
        pub urgent: bool,
        #[arg(long = "for", value_name = "DURATION")]
        pub duration: Option<String>,
        #[arg(long)]
        pub exercise: bool,
        #[arg(long)]
        pub stdin: bool,
        #[arg(long = "as", value_name = "NAME")]
        pub operator: Option<String>,
    }

    #[derive(Args, Debug)]
    pub struct RingAnswer {
        #[arg(value_name = "RING")]
        pub ring: Option<String>,
        #[command(flatten)]
        pub line: LineName,
        #[arg(long, value_name = "WHEN")]
        pub call_back_at: Option<String>,
        #[arg(long)]
        pub stdin: bool,
        #[arg(long = "as", value_name = "NAME")]
        pub operator: Option<String>,
    }

    #[derive(Args, Debug)]
    pub struct RingWithdraw {
        #[arg(value_name = "RING")]
        pub ring: Option<String>,
        #[command(flatten)]
        pub line: LineName,
        #[arg(long = "as", value_name = "NAME")]
        pub operator: Option<String>,
    }

    #[derive(Args, Debug)]
    pub struct RingList {
        #[command(flatten)]
        pub line: LineName,
    }

    #[derive(Subcommand, Debug)]
    pub enum Silence {
        Announce(SilenceAnnounce),
        End(SilenceEnd),
    }

    #[derive(Args, Debug)]
    pub struct SilenceEnd {
        #[command(flatten)]
        pub line: LineName,
        #[arg(long = "as", value_name = "NAME")]
        pub operator: Option<String>,
    }

    #[derive(Args, Debug)]
    pub struct SilenceAnnounce {
        #[command(flatten)]
        pub line: LineName,
        #[arg(long = "for", value_name = "DURATION")]
        pub duration: String,
        #[arg(long, value_name = "REASON", default_value = "other")]
        pub reason: Reason,
        #[arg(long = "as", value_name = "NAME")]
        pub operator: Option<String>,
    }

    #[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Reason {
        Restart,
        Maintenance,
        Other,
    }

    #[derive(Args, Debug)]
    pub struct Doctor {
        #[arg(long)]
        pub salvage: bool,
        #[arg(long, requires = "salvage")]
        pub yes: bool,
    }
}

pub use grammar::*;
pub use line_test::{Test, TestNow, TestRead, TestSchedule};
pub use watch::*;

impl LineName {
    /// The line as the station names it; `-` is the only one there is.
    pub fn name(&self) -> &str {
        self.line.as_deref().unwrap_or("-")
    }
}
