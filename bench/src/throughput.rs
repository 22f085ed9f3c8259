//! `openline-bench throughput` and `verify`: entries a second through a pair of stations, and through the verifier.

use std::fmt;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, ParsedPublicKey};

use crate::openline_cli::Padding;
use crate::pair::Pair;
use crate::process::{Heard, News};
use crate::texts::bodies;

const BODY_BYTES: usize = 300;
/// About what is signed of a text.
const HEADER_BYTES: usize = 200;
/// Checked to find out what one takes, several times: a machine that others use, too, is slow now and then.
const SIGNATURES: u32 = 1_000;
const ROUNDS: usize = 8;
/// The bound of the ratio is our own choice: the targets, 8,000 and 20,000 entries a second, on a core that checks so many signatures in a
/// second (one in 26.5 µs, as measured when the library was chosen). What is done with an entry is the machine's own work, most of it signatures: the ratio is what says how well we do it.
const SUPPOSED: f64 = 37_700.0;
const THROUGH_A_PAIR: f64 = 8_000.0;
const VERIFIED: f64 = 20_000.0;
/// Without any news for so long, it has stopped.
const PATIENCE: Duration = Duration::from_secs(30);

/// Entries a second, each durable at both sides.
#[derive(Debug)]
pub struct Throughput {
    entries: usize,
    time: Duration,
    verify: Verify,
    /// What one signature of such an entry takes to check, by the same library and with nothing around it.
    signature: Duration,
}

/// Entries a second that one core verifies, with start and end of the program.
#[derive(Debug)]
struct Verify {
    entries: u64,
    time: Duration,
    bytes: u64,
}

/// Sends `entries` messages through two stations on this machine, then verifies the record that they made.
///
/// # Errors
/// The program's own, or the entries stopped coming.
pub fn measure(program: &Path, homes: &Path, entries: usize) -> Result<Throughput> {
    let pair = Pair::on_loopback(program, homes)?;
    let stations = pair.start_both(Padding::None, PATIENCE)?;
    let (tell, heard) = channel();
    let mut say = pair.parties[0].say(false, tell)?;
    say.text("One, two, three: this is a test before the measurement.")?;
    wait_for(&heard, 1)?;
    let texts = bodies(entries, BODY_BYTES);
    let before = signature_check()?;
    let start = Instant::now();
    texts.iter().try_for_each(|text| say.text(text))?;
    let end = wait_for(&heard, entries)?;
    let verify = verify(&pair)?;
    // First whoever would complain that his station went away.
    drop(say);
    drop(stations);
    Ok(Throughput {
        entries,
        time: end.duration_since(start),
        verify,
        signature: before.min(signature_check()?),
    })
}

/// When so many more texts were known to be stored at the other side.
fn wait_for(heard: &Receiver<Heard>, count: usize) -> Result<Instant> {
    let mut last = Instant::now();
    for number in 0..count {
        let Heard { at, news } = heard
            .recv_timeout(PATIENCE)
            .with_context(|| format!("no news after {number} of {count} texts"))?;
        match news {
            News::Known(_) => last = at,
            news => bail!("expected that a text is known to be stored, got {news:?}"),
        }
    }
    Ok(last)
}

fn verify(pair: &Pair) -> Result<Verify> {
    let record = pair.path("record.olr");
    pair.parties[1].export(&record)?;
    let start = Instant::now();
    let entries = pair.parties[1].verify_on_one_core(&record)?;
    let time = start.elapsed();
    Ok(Verify {
        entries,
        time,
        bytes: std::fs::metadata(&record)?.len(),
    })
}

/// What this machine needs to check one signature over a header, when nobody disturbs it.
fn signature_check() -> Result<Duration> {
    let key = Ed25519KeyPair::from_seed_unchecked(&[7; 32])?;
    let header = [0x5a; HEADER_BYTES];
    let signature = key.sign(&header);
    let public = ParsedPublicKey::new(&ED25519, key.public_key().as_ref())?;
    let mut least = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for _ in 0..SIGNATURES {
            public.verify_sig(std::hint::black_box(&header), signature.as_ref())?;
        }
        least = least.min(start.elapsed() / SIGNATURES);
    }
    Ok(least)
}

impl fmt::Display for Throughput {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { verify, .. } = self;
        let signatures = self.signature.as_secs_f64().recip();
        let passed = self.entries as f64 / self.time.as_secs_f64();
        let verified = verify.entries as f64 / verify.time.as_secs_f64();
        writeln!(
            out,
            "| | a second | ÷ Ed25519 | target |\n| --- | --- | --- | --- |"
        )?;
        writeln!(
            out,
            "| entries through a pair of stations on this machine, pipelined, {BODY_BYTES}-byte bodies, durable at both sides ({} in {:.2} s) \
             | {passed:.0} | **{:.2}** | ≥ {:.2} (8,000) |",
            self.entries,
            self.time.as_secs_f64(),
            passed / signatures,
            THROUGH_A_PAIR / SUPPOSED
        )?;
        writeln!(
            out,
            "| entries that `openline verify` checks on one core ({} in {:.2} s, a record of {} kB) | {verified:.0} | **{:.2}** | ≥ {:.2} (20,000) |",
            verify.entries,
            verify.time.as_secs_f64(),
            verify.bytes / 1000,
            verified / signatures,
            VERIFIED / SUPPOSED
        )?;
        writeln!(
            out,
            "| Ed25519 signatures alone that a core of this machine checks | {signatures:.0} | 1 | ({SUPPOSED:.0}) |"
        )
    }
}
