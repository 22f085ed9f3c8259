//! Disks that take no more. A limit on the size of files stands for a full disk: it needs no privileges, and it
//! can be lifted while the station runs.

use rustix::process::{Pid, Resource, Rlimit, prlimit};

use crate::pair::{PATIENCE, Pair, message};
use crate::talk::is_refused;

fn limit_files(pid: i32, bytes: Option<u64>) {
    let pid = Pid::from_raw(pid);
    let limit = Rlimit {
        current: bytes,
        maximum: None,
    };
    prlimit(pid, Resource::Fsize, limit).unwrap();
}

#[tokio::test]
async fn a_full_disk_is_said_so_and_nothing_is_half_done_and_room_mends_it() {
    let pair = Pair::running().await;
    let client = pair.moscow.client();
    client
        .say("-", &message("before", "routine"))
        .await
        .unwrap();
    limit_files(pair.moscow.pid(), Some(0));
    let refused = client.say("-", &message("no room", "flash")).await;
    assert!(
        is_refused(&refused, "store-disk-full") || is_refused(&refused, "store-io"),
        "{refused:?}"
    );
    let status = client.status().await.unwrap();
    assert_eq!(status.station.state, "no-store");
    assert!(status.station.trouble.is_some());
    let earlier = status.station.boot;

    limit_files(pair.moscow.pid(), None);
    let mending = async {
        loop {
            let status = client.status().await.unwrap();
            if status.station.state == "running" {
                break status.station.boot;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let boot = tokio::time::timeout(PATIENCE, mending)
        .await
        .expect("mended");
    assert_ne!(boot, earlier, "a new boot");
    let sent = client.say("-", &message("after", "flash")).await.unwrap();
    let there = pair.washington.client();
    let arrived = async {
        while there
            .entry("-", sent.entry.as_deref().unwrap())
            .await
            .is_err()
        {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, arrived)
        .await
        .expect("arrived");
}

/// A line whose first write fails is not given up: the station tries again, and nobody has to say so twice.
#[tokio::test]
async fn a_line_that_is_opened_while_the_disk_is_full_is_taken_up_once_there_is_room() {
    let mut pair = Pair::unopened();
    // Its log lies on the disk that is full.
    let log = std::fs::File::create(pair.moscow.home.with_extension("log")).unwrap();
    let mut command = pair.moscow.command();
    pair.moscow.start_as(command.stderr(log));
    pair.washington.start();
    limit_files(pair.moscow.pid(), Some(0));
    pair.meet();
    let refused = pair.moscow.client().reload().await;
    assert!(refused.is_err(), "{refused:?}");
    pair.washington.client().reload().await.unwrap();
    limit_files(pair.moscow.pid(), None);
    for side in [&pair.washington, &pair.moscow] {
        side.until("open", |line| line.verdict == "open").await;
    }
}
