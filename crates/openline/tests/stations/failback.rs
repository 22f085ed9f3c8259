//! A second machine takes a home over and gives it back. The copy renewed the line's keys, so those of the original
//! are not theirs any more.

use openline::api::types::Line;

use crate::copies::until_held;
use crate::pair::{Pair, Side, copy_home, message};

/// The other station answers, and both seal with their own keys of this generation or a later one. Frames that went to
/// the other machine may count as lost for a while.
fn is_sealed_in(line: &Line, generation: u64) -> bool {
    let answers = matches!(line.verdict.as_str(), "open" | "degraded");
    answers && line.epoch > 0 && line.generation >= generation
}

/// Washington's home worked on another machine, and is back on its own, which never stopped being the original.
async fn back_on_the_first_machine() -> Pair {
    let mut pair = Pair::running().await;
    pair.washington.stop();
    let folder = pair.washington.home.with_file_name("second-machine");
    copy_home(&pair.washington.home, &folder);
    let mut second = Side::at(&folder);
    second.start();
    second
        .until("sealed anew", |line| is_sealed_in(line, 1))
        .await;
    let sealed = |line: &Line| is_sealed_in(line, 1);
    pair.moscow.until("sealed anew", sealed).await;
    assert!(second.stop());
    pair.washington.start();
    pair
}

async fn until_told(side: &Side) {
    let told = |line: &Line| line.unopened.is_some();
    let line = side.until("told what comes", told).await;
    assert_eq!(line.verdict, "no-sign-of-life");
    let status = side.printed(&["status"]);
    assert!(
        status.contains("that our keys cannot open") && status.contains("line renew"),
        "{status}"
    );
    let doctor = side.printed(&["--lang", "ru", "doctor"]);
    assert!(
        doctor.contains("наши ключи не открывают") && doctor.contains("line renew"),
        "{doctor}"
    );
}

async fn until_renewed(pair: &Pair) {
    let sealed = |line: &Line| is_sealed_in(line, 2) && line.unopened.is_none();
    for side in [&pair.washington, &pair.moscow] {
        side.until("sealed anew", sealed).await;
    }
    let text = message("the first machine is back", "routine");
    let sent = pair.washington.client().say("-", &text).await.unwrap();
    until_held(&pair.moscow, &sent.entry.unwrap()).await;
}

/// OL-455, OL-170: both sides say what comes, and the side that is behind asks.
#[tokio::test]
async fn the_original_of_a_copied_home_comes_back_and_its_operator_is_told_to_renew_the_keys() {
    let pair = back_on_the_first_machine().await;
    until_told(&pair.washington).await;
    until_told(&pair.moscow).await;
    let asked = pair.washington.printed(&["line", "renew"]);
    assert!(asked.starts_with("New keys are asked for"), "{asked}");
    until_renewed(&pair).await;
}

/// OL-170: it is all one which side asks, so whoever is awake can.
#[tokio::test]
async fn the_other_side_can_renew_the_keys_as_well() {
    let pair = back_on_the_first_machine().await;
    until_told(&pair.moscow).await;
    pair.moscow.printed(&["line", "renew"]);
    until_renewed(&pair).await;
}
