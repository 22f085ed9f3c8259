//! The grammar of `openline contact`.

use clap::{Args, Subcommand, ValueEnum};

use super::LineName;

#[derive(Subcommand, Debug)]
pub enum Contact {
    List(ContactList),
    Show(ContactShow),
    Verify(ContactVerify),
    Propose(ContactPropose),
    Correct(ContactCorrect),
    ReadBack(ContactReadBack),
    Confirm(ContactSettle),
    Withdraw(ContactSettle),
    Close(ContactClose),
}

#[derive(Args, Debug)]
pub struct ContactList {
    #[command(flatten)]
    pub line: LineName,
}

#[derive(Args, Debug)]
pub struct ContactShow {
    #[arg(value_name = "CONTACT")]
    pub contact: Option<String>,
    #[command(flatten)]
    pub line: LineName,
}

#[derive(Args, Debug)]
pub struct ContactVerify {
    #[arg(value_name = "CONTACT")]
    pub contact: Option<String>,
    #[command(flatten)]
    pub line: LineName,
    #[arg(long, value_name = "WORD")]
    pub said: Option<Said>,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Agreed,
    Differed,
}

#[derive(Args, Debug)]
pub struct ContactPropose {
    #[arg(value_name = "CONTACT")]
    pub contact: Option<String>,
    #[command(flatten)]
    pub line: LineName,
    #[command(flatten)]
    pub typed: TypedTerms,
}

#[derive(Args, Debug)]
pub struct ContactCorrect {
    #[arg(value_name = "PROPOSAL")]
    pub proposal: Option<String>,
    #[command(flatten)]
    pub line: LineName,
    #[command(flatten)]
    pub typed: TypedTerms,
}

#[derive(Args, Debug)]
pub struct ContactReadBack {
    #[arg(value_name = "PROPOSAL")]
    pub proposal: Option<String>,
    #[command(flatten)]
    pub line: LineName,
    #[command(flatten)]
    pub typed: TypedTerms,
}

#[derive(Args, Debug)]
pub struct TypedTerms {
    #[arg(long)]
    pub stdin: bool,
    #[arg(long)]
    pub even_if_doubtful: bool,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}

#[derive(Args, Debug)]
pub struct ContactSettle {
    #[arg(value_name = "PROPOSAL")]
    pub proposal: Option<String>,
    #[command(flatten)]
    pub line: LineName,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}

#[derive(Args, Debug)]
pub struct ContactClose {
    #[arg(value_name = "CONTACT")]
    pub contact: Option<String>,
    #[command(flatten)]
    pub line: LineName,
    #[arg(long)]
    pub stdin: bool,
    #[arg(long = "as", value_name = "NAME")]
    pub operator: Option<String>,
}
