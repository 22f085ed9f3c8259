//! A program of the owner's that opens connections without end: nobody else is kept out, and the station holds no more of
//! them than it says.

use std::io::Write as _;
use std::os::unix::net::UnixStream;

use openline::api::limits::{CONNECTIONS, STREAMS};
use openline::client::{ClientError, SOCKET};

use crate::pair::{Pair, Side, message};

fn half_a_call(side: &Side) -> UnixStream {
    let mut stream = UnixStream::connect(side.home.join(SOCKET)).unwrap();
    // That the station has closed an earlier one is what this is about.
    let _ = stream.write_all(b"GET /v1/status HTTP/1.1\r\nhost: ");
    stream
}

fn open_files(side: &Side) -> usize {
    let files = format!("/proc/{}/fd", side.pid());
    std::fs::read_dir(files).unwrap().count()
}

#[tokio::test]
async fn connections_without_end_keep_no_flash_out_and_are_not_all_held() {
    let pair = Pair::running().await;
    let side = &pair.moscow;
    let before = open_files(side);
    let mut flood = Vec::new();
    for round in 0..3 {
        flood.extend((0..CONNECTIONS).map(|_| half_a_call(side)));
        let text = format!("flash {round}");
        side.client()
            .say("-", &message(&text, "flash"))
            .await
            .unwrap();
    }
    let held = open_files(side) - before;
    assert!(held <= CONNECTIONS, "{held} connections are held");
}

#[tokio::test]
async fn streams_do_not_take_all_places() {
    let pair = Pair::running().await;
    let client = pair.moscow.client();
    let mut streams = Vec::new();
    let refused = loop {
        match client.follow("-", None).await {
            Ok(stream) => streams.push(stream),
            Err(ClientError::Refused(problem)) => break problem,
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(refused.error, "too-many-streams");
    // Those that a test's own waiting has open may still be closing.
    assert!(
        (STREAMS - 4..=STREAMS).contains(&streams.len()),
        "{}",
        streams.len()
    );
    client
        .say("-", &message("all the same", "flash"))
        .await
        .unwrap();
    drop(streams);
}
