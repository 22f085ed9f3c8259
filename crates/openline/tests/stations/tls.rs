//! Two stations with nothing between them but a bearer with TLS.

use std::net::UdpSocket;
use std::time::Duration;

use openline::api::types::{Line, Way};

use crate::copies::{entries, until_held};
use crate::pair::{Pair, Side, message};

async fn flash(from: &Side, to: &Side, text: &str) -> String {
    let flash = message(text, "flash");
    let sent = from.client().say("-", &flash).await.unwrap();
    let id = sent.entry.unwrap();
    until_held(to, &id).await;
    id
}

/// Opened, killed, restarted on either side; each text arrives, once.
async fn a_line_comes_back_whichever_side_dies(scheme: &str) {
    let mut pair = Pair::over(scheme);
    pair.start_both().await;
    let mut sent = vec![flash(&pair.washington, &pair.moscow, "the first").await];
    for round in 0..2 {
        pair.moscow.kill();
        pair.moscow.start();
        let text = format!("to the new boot {round}");
        sent.push(flash(&pair.washington, &pair.moscow, &text).await);
        pair.washington.kill();
        pair.washington.start();
        let text = format!("from a new boot {round}");
        sent.push(flash(&pair.washington, &pair.moscow, &text).await);
    }
    flash(&pair.moscow, &pair.washington, "and back").await;
    let held = entries(&pair.moscow).await;
    for id in &sent {
        assert_eq!(held.iter().filter(|entry| entry.id == *id).count(), 1);
    }
    let prefix = format!("{scheme}://");
    let is_so = |line: &Line| {
        let mut ways = line.ways.iter();
        let works = |way: &Way| way.state == "answers" && way.address.starts_with(&prefix);
        line.verdict == "open" && ways.any(works)
    };
    let line = pair.washington.until("open over it", is_so).await;
    let mut ways = line.ways.iter();
    assert!(ways.all(|way| way.address.starts_with(&prefix)));
}

/// OL-192, OL-821, OL-822, OL-825
#[tokio::test]
async fn a_line_over_quic_alone_opens_and_comes_back_whichever_side_dies() {
    a_line_comes_back_whichever_side_dies("quic").await;
}

/// OL-821, OL-822, OL-826, OL-827
#[tokio::test]
async fn a_line_over_wss_alone_opens_and_comes_back_whichever_side_dies() {
    a_line_comes_back_whichever_side_dies("wss").await;
}

/// OL-823: a station that waits for its peer says nothing to anybody else.
#[tokio::test]
async fn who_does_not_know_the_line_hears_nothing_from_a_station_with_quic() {
    let mut pair = Pair::over("quic");
    pair.start_both().await;
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    let patience = Some(Duration::from_millis(300));
    stranger.set_read_timeout(patience).unwrap();
    for port in pair.ports() {
        for first in [0x40_u8, 0x7f, 0xc0, 0xc7, 0xd3, 0xe1, 0xff] {
            for version in [0_u32, 1, 2, 0x0a1a_2a3a, 0x6b33_43cf] {
                for id in [0_u8, 8, 20] {
                    let mut packet = vec![first];
                    packet.extend(version.to_be_bytes());
                    packet.push(id);
                    packet.resize(1_200, id);
                    stranger.send_to(&packet, ("127.0.0.1", port)).unwrap();
                }
            }
        }
    }
    assert!(stranger.recv(&mut [0; 2_000]).is_err());
    flash(&pair.washington, &pair.moscow, "undisturbed").await;
}
