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
