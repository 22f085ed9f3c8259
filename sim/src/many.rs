//! Many seeds side by side, in order, with the progress shown.

use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use openline_sim::history::{Failure, Trace};

/// Which seeds.
#[derive(Clone, Copy)]
pub struct Seeds {
    pub from: u64,
    pub many: u64,
    pub threads: u64,
}

impl Seeds {
    /// Runs them all; prints each that fails, and what shows it again. Tells how many failed.
    pub fn run(
        self,
        run: impl Fn(u64) -> Result<Trace, Box<Failure>> + Sync,
        again: impl Fn(u64) -> String + Sync,
    ) -> u64 {
        let failed = AtomicU64::new(0);
        let progress = Progress::new(self.many);
        self.each(|seed| {
            if let Err(failure) = run(seed) {
                failed.fetch_add(1, Ordering::Relaxed);
                println!("{}\n  do: {}", crate::said(&failure), again(seed));
            }
            progress.one_more(failed.load(Ordering::Relaxed));
            true
        });
        failed.into_inner()
    }

    /// Takes them in ascending order until one of them says to stop.
    pub fn each(self, take: impl Fn(u64) -> bool + Sync) {
        let next = AtomicU64::new(self.from);
        std::thread::scope(|scope| {
            for _ in 0..self.threads {
                scope.spawn(|| {
                    loop {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if seed >= self.from.saturating_add(self.many) || !take(seed) {
                            return;
                        }
                    }
                });
            }
        });
    }
}

/// How far it is, said now and then.
struct Progress {
    many: u64,
    began: Instant,
    /// Worlds done, and when that was last said.
    done: Mutex<(u64, Instant)>,
    pause: Duration,
}

impl Progress {
    fn new(many: u64) -> Self {
        let began = Instant::now();
        let in_log = Duration::from_secs(20);
        let on_screen = Duration::from_secs(2);
        Self {
            many,
            began,
            done: Mutex::new((0, began)),
            pause: if std::io::stderr().is_terminal() {
                on_screen
            } else {
                in_log
            },
        }
    }

    fn one_more(&self, failed: u64) {
        let Ok(mut done) = self.done.lock() else {
            return;
        };
        done.0 += 1;
        if done.1.elapsed() >= self.pause || done.0 == self.many {
            done.1 = Instant::now();
            let (count, all, time) = (done.0, self.many, self.began.elapsed());
            eprintln!("{count} of {all} worlds, {failed} failed, {time:.0?}");
        }
    }
}
