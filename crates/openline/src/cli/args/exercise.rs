//! The grammar of `openline exercise`.

use clap::{Args, Subcommand};

use super::LineName;

#[derive(Subcommand, Debug)]
pub enum Exercise {
    Propose(ExercisePropose),
    Accept(ExerciseAccept),
    End(ExerciseEnd),
    Show(ExerciseShow),
}

#[derive(Args, Debug)]
pub struct ExercisePropose {
    #[command(flatten)]
    pub line: LineName,
    #[arg(long = "for", value_name = "DURATION")]
    pub duration: String,
    #[arg(long)]
    pub stdin: bool,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}

#[derive(Args, Debug)]
pub struct ExerciseAccept {
    #[arg(value_name = "ENTRY")]
    pub proposal: Option<String>,
    #[command(flatten)]
    pub line: LineName,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}

#[derive(Args, Debug)]
pub struct ExerciseEnd {
    #[command(flatten)]
    pub line: LineName,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}

#[derive(Args, Debug)]
pub struct ExerciseShow {
    #[command(flatten)]
    pub line: LineName,
}
