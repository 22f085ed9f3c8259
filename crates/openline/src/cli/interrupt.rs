//! Ctrl-C while a person is asked: he is told what became of what he was doing, and that is nothing.

use std::thread;

use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use super::context::Context;
use super::failure::{Exit, Failure};

/// While this lives, Ctrl-C ends the program with a word. The question itself can't: it waits in the system for a line.
pub struct Watch {
    _over: oneshot::Sender<()>,
}

impl Watch {
    /// Will tell the failure `id`. Where the system gives no thread, Ctrl-C ends the program without a word, as ever.
    pub fn begin(context: &Context<'_>, id: &'static str) -> Self {
        let (over, is_over) = oneshot::channel();
        let (ready, is_ready) = std::sync::mpsc::channel();
        let failure = Failure::new(Exit::Interrupted, id);
        let problem = failure.problem(context.words);
        let watching = move || {
            let runtime = Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async {
                let Ok(mut interrupt) = signal(SignalKind::interrupt()) else {
                    return;
                };
                let _ = ready.send(());
                tokio::select! {
                    _ = interrupt.recv() => end(problem.map(|it| Failure::stations(Exit::Interrupted, it))),
                    _ = is_over => {}
                }
            });
        };
        if thread::Builder::new().spawn(watching).is_ok() {
            // An error: it is not watched.
            let _ = is_ready.recv();
        }
        Self { _over: over }
    }
}

/// The question stands on the screen without the end of its line. Standard output belongs to whoever asks.
fn end(failure: Option<Failure>) {
    eprintln!();
    if let Some(failure) = failure {
        failure.tell_people();
    }
    std::process::exit(Exit::Interrupted as i32);
}
