//! The command line: reads what is asked, does it, and says what happened in the reader's language.
//!
//! It holds no state and decides nothing about a line: what it knows it has from the station's control socket
//! ([`crate::client`]) or from the files of a home.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::FromArgMatches as _;
use clap::error::ErrorKind;

use args::{
    Alarm, Card, Cli, Command, Contact, Courier, Exercise, File, Line, Ring, Silence, Test, Watch,
};
use context::Context;
use failure::{Exit, Failure};

use crate::demo;
use crate::i18n::{Catalog, Language, advice};

pub mod args;
pub mod context;
pub mod failure;
pub mod output;
pub mod paint;
pub mod station_error;
pub mod status;
pub mod time;

mod actor;
mod air;
mod alarm;
mod bearers;
mod card;
mod contact;
mod courier;
mod doctor;
mod exercise;
mod export;
mod file;
mod follow;
mod from_disk;
mod held;
mod help;
mod identity_text;
mod init;
mod interrupt;
mod layout;
mod line;
mod line_test;
mod lines;
mod listen;
mod name_warnings;
mod new_file;
mod reachable;
mod render;
mod renew;
mod ring;
mod roster;
mod safety_number;
mod say;
mod show;
mod sign_read;
mod silence;
mod station;
mod suspension;
mod taken_up;
mod traffic;
mod typing;
mod unfinished;
mod usage;
mod verify;
mod watch;
mod ways;

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    forbid_core_dumps();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let words = Catalog::new(context::language(early_language(&arguments).as_deref()));
    let json = arguments.iter().any(|argument| argument == "--json");
    let exit = match parse(&arguments, &words) {
        Ok(cli) => execute(cli, &words).unwrap_or_else(|failure| {
            failure.tell(&words, json);
            failure.exit()
        }),
        Err(error) => refuse(&error, &arguments, &words, json),
    };
    ExitCode::from(exit as u8)
}

fn execute(cli: Cli, words: &Catalog) -> Result<Exit, Failure> {
    check_language(&cli)?;
    let context = Context::new(&cli.global, words)?;
    if let Some(program) = context.named_program(matches!(cli.command, Command::Station(_))) {
        advice::begin_with(program);
    }
    // One thread: a command waits for one thing at a time, and fewer threads hold fewer copies of a text.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::file("tokio", &error))?;
    runtime.block_on(dispatch(&context, cli.command))
}

/// Whoever asks for a language that we don't speak shall not take English for it. A text or a party may have any.
fn check_language(cli: &Cli) -> Result<(), Failure> {
    let may_be_any = matches!(
        cli.command,
        Command::Say(_)
            | Command::Ring(_)
            | Command::Contact(_)
            | Command::Suspend(_)
            | Command::Exercise(_)
            | Command::Init(_)
    );
    let tag = cli.global.lang.as_deref().filter(|_| !may_be_any);
    match tag.filter(|tag| Language::from_tag(tag).is_none()) {
        Some(tag) => {
            Err(Failure::new(Exit::Usage, "error-language-not-spoken").naming("given", tag))
        }
        None => Ok(()),
    }
}

async fn dispatch(context: &Context<'_>, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Init(args) => init::run(context, args)?,
        Command::Card(Card::Export(args)) => card::export(context, args)?,
        Command::Card(Card::Show(args)) => card::show(context, args)?,
        Command::Line(line) => of_a_line(context, line).await?,
        Command::Verify(args) => verify::run(context, args)?,
        Command::Export(args) => export::run(context, args)?,
        Command::Courier(Courier::Export(args)) => courier::export(context, args).await?,
        Command::Courier(Courier::Import(args)) => courier::import(context, args).await?,
        Command::Courier(Courier::Status(args)) => courier::status(context, args).await?,
        Command::File(File::List(args)) => file::list(context, args).await?,
        Command::File(File::Save(args)) => file::save(context, args).await?,
        Command::File(File::Remove(args)) => file::remove(context, args).await?,
        Command::Doctor(args) => doctor::run(context, args).await?,
        Command::Demo(args) => demo::run(context, args).await?,
        Command::Station(args) => station::run(context, args).await?,
        Command::Status(args) => return status::run(context, args).await,
        Command::Bearers(args) => bearers::run(context, args).await?,
        Command::Say(args) => say::run(context, args).await?,
        Command::Traffic(args) => traffic::run(context, args).await?,
        Command::Follow(args) => follow::run(context, args).await?,
        Command::Show(args) => show::run(context, args).await?,
        Command::SignRead(args) => sign_read::run(context, args).await?,
        Command::Ring(Ring::Start(args)) => return ring::start(context, args).await,
        Command::Ring(Ring::Accept(args)) => return ring::accept(context, args).await,
        Command::Ring(Ring::Decline(args)) => return ring::decline(context, args).await,
        Command::Ring(Ring::Later(args)) => return ring::later(context, args).await,
        Command::Ring(Ring::Withdraw(args)) => return ring::withdraw(context, args).await,
        Command::Ring(Ring::List(args)) => return ring::list(context, args).await,
        Command::Contact(contact) => return of_a_contact(context, contact).await,
        Command::Watch(Watch::Open(args)) => watch::open(context, args).await?,
        Command::Watch(Watch::Confirm(args)) => watch::confirm(context, args).await?,
        Command::Watch(Watch::HandOver(args)) => watch::hand_over(context, args).await?,
        Command::Watch(Watch::Withdraw(args)) => watch::withdraw(context, args).await?,
        Command::Watch(Watch::TakeOver(args)) => watch::take_over(context, args).await?,
        Command::Watch(Watch::Close(args)) => watch::close(context, args).await?,
        Command::Watch(Watch::Show(args)) => watch::show(context, args).await?,
        Command::Watch(Watch::Roster(it)) => roster::run(context, it).await?,
        Command::Suspend(args) => suspension::suspend(context, args).await?,
        Command::Resume(args) => suspension::resume(context, args).await?,
        Command::Exercise(Exercise::Propose(args)) => exercise::propose(context, args).await?,
        Command::Exercise(Exercise::Accept(args)) => exercise::accept(context, args).await?,
        Command::Exercise(Exercise::End(args)) => exercise::end(context, args).await?,
        Command::Exercise(Exercise::Show(args)) => exercise::show(context, args).await?,
        Command::Test(Test::Now(args)) => return line_test::now(context, args).await,
        Command::Test(Test::Schedule(args)) => line_test::schedule(context, args).await?,
        Command::Test(Test::Read(args)) => line_test::read(context, args).await?,
        Command::Alarm(Alarm::List(args)) => alarm::list(context, args).await?,
        Command::Alarm(Alarm::Ack(args)) => alarm::acknowledge(context, args).await?,
        Command::Alarm(Alarm::Shelve(args)) => alarm::shelve(context, args).await?,
        Command::Alarm(Alarm::Unshelve(args)) => alarm::unshelve(context, args).await?,
        Command::Silence(Silence::Announce(args)) => silence::announce(context, args).await?,
        Command::Silence(Silence::End(args)) => silence::end(context, args).await?,
    }
    Ok(Exit::Done)
}

async fn of_a_line(context: &Context<'_>, command: Line) -> Result<(), Failure> {
    match command {
        Line::Open(args) => line::open(context, args),
        Line::Accept(args) => line::accept(context, args).await,
        Line::Finish(args) => line::finish(context, args).await,
        Line::ReachableAt(args) => reachable::announce(context, args).await,
        Line::Renew(args) => renew::run(context, args).await,
    }
}

async fn of_a_contact(context: &Context<'_>, command: Contact) -> Result<Exit, Failure> {
    match command {
        Contact::List(args) => contact::list(context, args).await?,
        Contact::Show(args) => contact::show(context, args).await?,
        Contact::Verify(args) => return contact::verify(context, args).await,
        Contact::Propose(args) => contact::propose(context, args).await?,
        Contact::Correct(args) => contact::correct(context, args).await?,
        Contact::ReadBack(args) => return contact::read_back(context, args).await,
        Contact::Confirm(args) => contact::confirm(context, args).await?,
        Contact::Withdraw(args) => contact::withdraw(context, args).await?,
        Contact::Close(args) => contact::close(context, args).await?,
    }
    Ok(Exit::Done)
}

/// Texts and keys pass through this process: a crash must not leave them on a disk.
fn forbid_core_dumps() {
    let none = rustix::process::Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    // Where the system refuses, `doctor` finds and says it.
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
}

/// The value of `--lang`, read before the rest: the help is in that language too.
fn early_language(arguments: &[OsString]) -> Option<String> {
    let texts = || arguments.iter().map(|argument| argument.to_string_lossy());
    let joined = texts().find_map(|text| text.strip_prefix("--lang=").map(str::to_owned));
    joined.or_else(|| {
        texts()
            .skip_while(|text| text != "--lang")
            .nth(1)
            .map(Into::into)
    })
}

fn parse(arguments: &[OsString], words: &Catalog) -> Result<Cli, clap::Error> {
    let mut matches = help::command(words).try_get_matches_from(arguments)?;
    if let Some(typed) = help::asked_for(&matches) {
        matches = help::command(words).try_get_matches_from(typed)?;
    }
    Cli::from_arg_matches(&matches)
}

/// Help and version go to standard output and are no failure; everything else is a usage error.
fn refuse(error: &clap::Error, arguments: &[OsString], words: &Catalog, json: bool) -> Exit {
    let is_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if !error.use_stderr() || (is_help && !json) {
        // Nobody may be reading; there is nobody else to tell it to.
        let _ = error.print();
    } else {
        let typed = arguments
            .iter()
            .map(|word| word.to_string_lossy().into_owned());
        let typed: Vec<String> = typed.collect();
        usage::failure(error, &help::command(words), &typed).tell(words, json);
    }
    if error.use_stderr() {
        Exit::Usage
    } else {
        Exit::Done
    }
}
