//! The grammar of `openline courier`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::LineName;

#[derive(Subcommand, Debug)]
pub enum Courier {
    Export(CourierExport),
    Import(CourierImport),
    Status(CourierStatus),
}

#[derive(Args, Debug)]
pub struct CourierExport {
    #[command(flatten)]
    pub line: LineName,
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

#[derive(Args, Debug)]
pub struct CourierImport {
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}

#[derive(Args, Debug)]
pub struct CourierStatus {
    #[command(flatten)]
    pub line: LineName,
}
