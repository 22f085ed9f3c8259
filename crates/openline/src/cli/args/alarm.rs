//! The grammar of `openline alarm`.

use clap::{Args, Subcommand};

use super::LineName;

#[derive(Subcommand, Debug)]
pub enum Alarm {
    List(AlarmList),
    Ack(AlarmAct),
    Shelve(AlarmShelve),
    Unshelve(AlarmAct),
}

#[derive(Args, Debug)]
pub struct AlarmList {
    #[command(flatten)]
    pub line: LineName,
}

#[derive(Args, Debug)]
pub struct AlarmAct {
    #[arg(value_name = "ALARM")]
    pub alarm: String,
    #[command(flatten)]
    pub line: LineName,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}

#[derive(Args, Debug)]
pub struct AlarmShelve {
    #[arg(value_name = "ALARM")]
    pub alarm: String,
    #[arg(long = "for", value_name = "DURATION")]
    pub duration: String,
    #[command(flatten)]
    pub line: LineName,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}
