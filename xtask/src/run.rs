//! Runs other programs from the top of the tree and says which one failed and how to repeat it.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Read, Write as _};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::sync::Mutex;

use anyhow::{Context as _, Result, bail};

use crate::repo;

/// A command that runs at the top of the tree.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(repo::root());
    command
}

/// The cargo that started this task, so that all steps use one toolchain.
pub fn cargo() -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Cargo of the nightly toolchain; through rustup, because a toolchain's own cargo does not know `+nightly`.
pub fn nightly_cargo() -> Command {
    let mut command = program("rustup");
    command.args(["run", "nightly", "cargo"]);
    command
}

/// How many of a failed program's last lines its error repeats: a log of which only the end is kept still
/// says what broke.
const LAST_LINES: usize = 60;

/// Runs to the end with the output shown; anything but success is an error. Where nobody looks on, the error
/// repeats the last lines.
pub fn succeed(command: &mut Command) -> Result<()> {
    if std::io::stdout().is_terminal() {
        let status = status(command)?;
        if !status.success() {
            bail!("{}", failed(command, status));
        }
        return Ok(());
    }
    let (status, last) = shown_and_kept(command)?;
    if !status.success() {
        bail!("{}\n{last}", failed(command, status));
    }
    Ok(())
}

/// Runs to the end, passes each line on, and keeps the last ones of both streams, in the order they came.
fn shown_and_kept(command: &mut Command) -> Result<(ExitStatus, String)> {
    let begun = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = begun.with_context(|| not_started(command))?;
    let last = Mutex::new(VecDeque::new());
    let (out, err) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        scope.spawn(|| out.map(|stream| pass_lines(stream, &last)));
        scope.spawn(|| err.map(|stream| pass_lines(stream, &last)));
    });
    let status = child.wait().with_context(|| not_started(command))?;
    let kept: Vec<String> = last.into_inner().unwrap_or_default().into();
    Ok((status, kept.join("\n")))
}

fn pass_lines(stream: impl Read, last: &Mutex<VecDeque<String>>) {
    let mut lines = BufReader::new(stream).split(b'\n');
    while let Some(Ok(line)) = lines.next() {
        let line = String::from_utf8_lossy(&line).into_owned();
        // A reader that has gone must not stop the program that is watched.
        let _ = writeln!(std::io::stdout(), "{line}");
        let Ok(mut last) = last.lock() else { return };
        if last.len() == LAST_LINES {
            last.pop_front();
        }
        last.push_back(line);
    }
}

/// Runs to the end with the output shown and passes the exit code on.
pub fn pass_on(command: &mut Command) -> Result<ExitCode> {
    let code = status(command)?.code();
    Ok(code
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Whether the program is there and answers with success; its output is not shown.
pub fn answers(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// The standard output of a command that must succeed. It is shown when the command fails.
pub fn output(command: &mut Command) -> Result<String> {
    let begun = command.stderr(Stdio::inherit()).output();
    let output = begun.with_context(|| not_started(command))?;
    if !output.status.success() {
        print!("{}", String::from_utf8_lossy(&output.stdout));
        bail!("{}", failed(command, output.status));
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` wrote bytes that are not UTF-8", shown(command)))
}

fn status(command: &mut Command) -> Result<ExitStatus> {
    command.status().with_context(|| not_started(command))
}

fn failed(command: &Command, status: ExitStatus) -> String {
    format!(
        "`{}` ended with {status}\n  do: read its output above",
        shown(command)
    )
}

fn not_started(command: &Command) -> String {
    format!(
        "`{}` could not be started\n  do: install or build it",
        shown(command)
    )
}

/// The command as a person would type it, with cargo's whole path shortened.
fn shown(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let name = program.rsplit('/').next().unwrap_or_default().to_owned();
    let words = command
        .get_args()
        .map(|word| word.to_string_lossy().into_owned());
    std::iter::once(name)
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_is_named_with_its_arguments() {
        let error = succeed(program("/usr/bin/env").args(["false"])).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("`env false` ended with exit status: 1")
        );
    }

    #[test]
    fn the_error_of_a_failed_program_ends_with_its_last_lines() {
        let script = "for n in $(seq 100); do echo line $n; done; exit 3";
        let (status, last) = shown_and_kept(program("/bin/sh").args(["-c", script])).unwrap();
        assert_eq!(status.code(), Some(3));
        assert!(last.starts_with("line 41\n") && last.ends_with("line 100"));
    }

    #[test]
    fn a_program_that_is_not_there_does_not_answer() {
        assert!(!answers(&mut program("no-such-program-here")));
    }
}
