//! The grammar of `openline file`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::LineName;

#[derive(Subcommand, Debug)]
pub enum File {
    List(FileList),
    Save(FileSave),
    Remove(FileRemove),
}

#[derive(Args, Debug)]
pub struct FileList {
    #[command(flatten)]
    pub line: LineName,
}

#[derive(Args, Debug)]
pub struct FileSave {
    #[arg(value_name = "ENTRY")]
    pub entry: String,
    #[command(flatten)]
    pub line: LineName,
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub number: u64,
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

#[derive(Args, Debug)]
pub struct FileRemove {
    #[arg(value_name = "ENTRY")]
    pub entry: String,
    #[command(flatten)]
    pub line: LineName,
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub number: u64,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}
