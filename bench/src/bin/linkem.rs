//! `linkem`: joins two network namespaces through an emulated link. See `openline_bench::linkem`.

use std::process::ExitCode;

use clap::Parser as _;
use openline_bench::linkem::command::CommandLine;

fn main() -> ExitCode {
    match CommandLine::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("linkem: {error:#}");
            ExitCode::FAILURE
        }
    }
}
