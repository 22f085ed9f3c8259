//! Two stations at a constant rate, and somebody on the wire between them.

use openline::api::types::Line;

use crate::copies::until_held;
use crate::pair::{Pair, message};

const RATE: &str = "250000";

/// 8 bits of 1,228 bytes at that rate.
const BEAT_MS: u64 = 40;

/// OL-459: a FLASH goes through, and all that is seen of it are frames like those before and after.
#[tokio::test]
async fn who_watches_the_wire_sees_frames_of_one_length_whatever_is_said() {
    let mut pair = Pair::watched();
    for side in [&mut pair.washington, &mut pair.moscow] {
        let mut command = side.command();
        command.args(["--constant-rate", RATE]);
        side.start_as(&mut command);
    }
    let is_open = |line: &Line| line.verdict == "open" && line.unconfirmed == 0;
    pair.washington.until("open", is_open).await;
    pair.moscow.until("open", is_open).await;
    let count = || pair.frames().len();

    let (first, begun) = (count(), std::time::Instant::now());
    for number in 0..20 {
        let text = format!(
            "Text {number}. {}",
            "What is said is long and short in turn. ".repeat(number)
        );
        let precedence = if number % 2 == 0 { "flash" } else { "routine" };
        let said = pair
            .washington
            .client()
            .say("-", &message(&text, precedence))
            .await;
        let entry = said.unwrap().entry.unwrap();
        until_held(&pair.moscow, &entry).await;
    }
    let (elapsed, frames) = (begun.elapsed(), count() - first);
    let lengths: std::collections::BTreeSet<usize> =
        pair.frames()[first..].iter().map(Vec::len).collect();
    assert_eq!(
        lengths.into_iter().collect::<Vec<_>>(),
        [openline_seal::EVEN]
    );
    // Each station has two ways, to the relay and to where it hears the other from: one frame on each at each beat and never more,
    // however much is said. Fewer only where the machine had no time.
    let most = 4 * (elapsed.as_millis() as u64).div_ceil(BEAT_MS) + 10;
    assert!(frames as u64 <= most, "{frames} frames in {elapsed:?}");
}

/// One of these frames would take a radio for seconds.
#[test]
fn a_tty_has_no_constant_rate() {
    let pair = Pair::open();
    let mut command = pair.washington.command();
    command.args([
        "--listen",
        "serial:///dev/ttyS0?rate=9600",
        "--constant-rate",
        RATE,
    ]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("can not be kept on a tty"), "{said}");
}
