//! A stranger who sends whatever he likes to a station and waits for an answer.

use std::net::UdpSocket;
use std::time::Duration;

use crate::copies::{entries, until_held};
use crate::pair::{Pair, message};

/// What a stranger has: all that ever went over the wire, and dice.
struct Stranger {
    socket: UdpSocket,
    recorded: Vec<Vec<u8>>,
    dice: u64,
}

impl Stranger {
    fn roll(&mut self) -> u64 {
        let next = self.dice.wrapping_mul(6_364_136_223_846_793_005);
        self.dice = next.wrapping_add(1_442_695_040_888_963_407);
        self.dice >> 33
    }

    fn garbage(&mut self, first: u8) -> Vec<u8> {
        let length = 1 + self.roll() as usize % 1_400;
        let mut bytes: Vec<u8> = (0..length).map(|_| self.roll() as u8).collect();
        bytes[0] = first;
        bytes
    }

    /// Every first byte with garbage behind it; recorded frames; and such with a byte changed.
    fn datagram(&mut self, n: usize) -> Vec<u8> {
        let recorded = self.recorded[n % self.recorded.len()].clone();
        match n % 3 {
            0 => self.garbage((n / 3) as u8),
            1 => recorded,
            _ => {
                let mut flipped = recorded;
                let at = self.roll() as usize % flipped.len();
                flipped[at] ^= 1 << (self.roll() % 8);
                flipped
            }
        }
    }

    fn answers(&self) -> usize {
        self.socket
            .set_read_timeout(Some(Duration::from_millis(300)))
            .unwrap();
        let mut buffer = [0; 2048];
        std::iter::from_fn(|| self.socket.recv_from(&mut buffer).ok()).count()
    }
}

/// OL-132
#[tokio::test]
async fn twenty_thousand_datagrams_of_a_stranger_get_silence_and_a_flash_arrives_once() {
    let mut pair = Pair::watched();
    pair.start_both().await;
    for n in 0..20 {
        let text = message(&format!("recorded {n}"), "routine");
        let sent = pair.washington.client().say("-", &text).await.unwrap();
        until_held(&pair.moscow, &sent.entry.unwrap()).await;
    }
    let mut stranger = Stranger {
        socket: UdpSocket::bind("127.0.0.1:0").unwrap(),
        recorded: pair.frames(),
        dice: 7,
    };
    let mut sent = Vec::new();
    for n in 0..20_000 {
        let datagram = stranger.datagram(n);
        for station in pair.ports() {
            // A full buffer loses it, which is the stranger's own affair.
            let _ = stranger.socket.send_to(&datagram, ("127.0.0.1", station));
        }
        if n % 4_000 == 0 {
            let text = message(&format!("FLASH {n}"), "flash");
            sent.push(
                pair.washington
                    .client()
                    .say("-", &text)
                    .await
                    .unwrap()
                    .entry
                    .unwrap(),
            );
        }
    }
    for id in &sent {
        until_held(&pair.moscow, id).await;
    }
    assert_eq!(stranger.answers(), 0);
    let held = entries(&pair.moscow).await;
    for id in &sent {
        assert_eq!(held.iter().filter(|entry| entry.id == *id).count(), 1);
    }
    let line = pair.moscow.until("a line", |_| true).await;
    assert_eq!(line.notices, [], "a stranger accuses nobody");
}
