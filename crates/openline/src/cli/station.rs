//! `openline station`: the daemon, in the foreground.

use super::args::Station;
use super::context::Context;
use super::failure::{Exit, Failure};
use crate::station::{Options, run as run_station};

pub async fn run(context: &Context<'_>, args: Station) -> Result<(), Failure> {
    let language = context.words.language();
    let options = Options {
        home: context.home.clone(),
        listen: args.listen,
        json: context.json,
        language,
    };
    let failed = |error: crate::station::StationError| {
        Failure::stations(Exit::Failed, error.problem(language))
    };
    run_station(options).await.map_err(failed)
}
