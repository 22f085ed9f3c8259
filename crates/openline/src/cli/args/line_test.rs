//! The grammar of `openline test`.

#![allow(
    missing_docs,
    reason = "each is documented in line-test.ftl, in both languages"
)]

use clap::{Args, Subcommand};

use super::LineName;

#[derive(Subcommand, Debug)]
pub enum Test {
    Now(TestNow),
    Schedule(TestSchedule),
    Read(TestRead),
}

#[derive(Args, Debug)]
pub struct TestNow {
    #[command(flatten)]
    pub line: LineName,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}

#[derive(Args, Debug)]
pub struct TestSchedule {
    #[command(flatten)]
    pub line: LineName,
}

#[derive(Args, Debug)]
pub struct TestRead {
    #[arg(value_name = "ENTRY")]
    pub entry: Option<String>,
    #[command(flatten)]
    pub line: LineName,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
    #[arg(long)]
    pub yes: bool,
}
