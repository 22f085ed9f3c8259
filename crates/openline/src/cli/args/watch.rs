//! The grammar of `openline watch`, `openline suspend` and `openline resume`.

#![allow(
    missing_docs,
    reason = "each is documented in help.ftl, in both languages"
)]

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::LineName;

#[derive(Subcommand, Debug)]
pub enum Watch {
    Open(WatchOpen),
    Confirm(WatchAct),
    HandOver(WatchHandOver),
    Withdraw(WatchAct),
    TakeOver(WatchTakeOver),
    Close(WatchAct),
    Show(WatchShow),
    #[command(subcommand)]
    Roster(Roster),
}

#[derive(Args, Debug)]
pub struct WatchOpen {
    #[command(flatten)]
    pub line: LineName,
    #[arg(long, value_name = "DURATION")]
    pub confirm_every: Option<String>,
    #[arg(long)]
    pub instead: bool,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}

#[derive(Args, Debug)]
pub struct WatchAct {
    #[command(flatten)]
    pub line: LineName,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}

#[derive(Args, Debug)]
pub struct WatchHandOver {
    #[command(flatten)]
    pub line: LineName,
    #[arg(long, value_name = "NAME")]
    pub to: String,
    #[arg(long, value_name = "ENTRY")]
    pub item: Vec<String>,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}

#[derive(Args, Debug)]
pub struct WatchTakeOver {
    #[command(flatten)]
    pub line: LineName,
    #[arg(long, value_name = "DURATION")]
    pub confirm_every: Option<String>,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}

#[derive(Args, Debug)]
pub struct WatchShow {
    #[command(flatten)]
    pub line: LineName,
}

#[derive(Subcommand, Debug)]
pub enum Roster {
    Show(RosterShow),
    Set(RosterSet),
    Withdraw(RosterWithdraw),
}

#[derive(Args, Debug)]
pub struct RosterShow {
    #[command(flatten)]
    pub line: LineName,
    #[arg(long, value_name = "COUNT", default_value_t = 7, value_parser = clap::value_parser!(u64).range(1..=92))]
    pub days: u64,
}

#[derive(Args, Debug)]
pub struct RosterSet {
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub line: LineName,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}

#[derive(Args, Debug)]
pub struct RosterWithdraw {
    #[command(flatten)]
    pub line: LineName,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}

#[derive(Args, Debug)]
pub struct Suspend {
    #[command(flatten)]
    pub line: LineName,
    #[arg(long, value_name = "REASON")]
    pub reason: Option<SuspensionReason>,
    #[arg(long)]
    pub stdin: bool,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuspensionReason {
    Ordered,
    Compromise,
    Other,
}

#[derive(Args, Debug)]
pub struct Resume {
    #[command(flatten)]
    pub line: LineName,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}
