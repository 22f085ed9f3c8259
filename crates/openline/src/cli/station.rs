//! `openline station`: runs the daemon in the foreground, until it is told to stop.

use std::path::PathBuf;

use tracing_subscriber::EnvFilter;

use super::args::{Padding, Station};
use super::context::Context;
use super::failure::{Exit, Failure};
use crate::station::{
    Addresses, FolderOptions, HookOptions, OnTheWire, Options, run as run_station,
};

/// Runs the station. What it reports on the way goes to standard error; never a text, never a key.
pub async fn run(context: &Context<'_>, args: Station) -> Result<(), Failure> {
    let filter = EnvFilter::try_from_env("OPENLINE_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        // The library would print what it could not print, and printing panics: a log on a full disk must not end a station.
        .log_internal_errors(false)
        .init();
    let mut addresses = args.listen.iter().chain(&args.send_only);
    if args.constant_rate.is_some() && addresses.any(|it| it.starts_with("serial:")) {
        return Err(Failure::new(Exit::Usage, "error-constant-rate-on-a-tty"));
    }
    let language = context.words.language();
    let options = Options {
        home: context.home.clone(),
        listen: Addresses {
            both: args.listen,
            receive_only: args.receive_only,
            send_only: args.send_only,
        },
        on_the_wire: match (args.constant_rate, args.padding) {
            (Some(rate), _) => OnTheWire::at_a_constant_rate(rate),
            (None, Padding::None) => OnTheWire::padded(openline_seal::Padding::None),
            (None, Padding::Classes) => OnTheWire::padded(openline_seal::Padding::Classes),
        },
        alarms: HookOptions {
            run: args.alarm_run,
            post: args.alarm_post,
        },
        folders: FolderOptions {
            reads: whole(args.read_bundles),
            writes: whole(args.write_bundles),
        },
        json: context.json,
        language,
    };
    let stopped = run_station(options).await;
    stopped.map_err(|error| Failure::stations(Exit::Failed, error.problem(language)))
}

/// Whole paths: others read them in another folder.
fn whole(paths: Vec<PathBuf>) -> Vec<PathBuf> {
    let paths = paths.into_iter();
    paths
        .map(|path| std::path::absolute(&path).unwrap_or(path))
        .collect()
}
