//! How much of a file is under way at one time on a way that others use, too.
//!
//! As long as nobody else fills the queue before the narrowest place of the way, it is kept short, so that a text behind pieces of
//! a file waits for a few of them at most (in the manner of LEDBAT, RFC 6817). Where the queue stays though we make room, somebody
//! else fills it and would take all there is: then losses alone count, as for TCP (RFC 9438 section 4.3, its Reno-friendly region); from time to time
//! we make room to see whether he is gone. The two manners are those of Copa (Arun and Balakrishnan, NSDI 2018, section 2.2).

/// Thousandths of a piece.
const WHOLE: u64 = 1_000;

/// At the beginning (RFC 6928).
const FIRST: u64 = 10 * WHOLE;

/// In any case.
const LEAST: u64 = 2 * WHOLE;

/// A mebibyte: more than a way of 8 Mbit/s holds in a second.
const MOST: u64 = 1_024 * WHOLE;

/// What a window grows by in a round trip: 0.53 segments of 1,448 bytes.
const GROWTH: u64 = 750;

/// What it shrinks to when pieces were lost, in tenths.
const AFTER_LOSS: u64 = 7;

/// The queue that may stand, in milliseconds: what nobody notices before a text.
const QUEUE_MS: u64 = 25;

/// The same on a thin way, in pieces.
const QUEUE_PIECES: u64 = 2;

/// Rounds with a long queue, in each of which a quarter was given up, before we know that it is not ours.
const ROUNDS_IN_VAIN: u32 = 5;

/// So often in a row we had to make room sooner than the time before: somebody takes what we give up, bit by bit.
const TIMES_SOONER: u32 = 3;

/// Rounds of losses alone before we look again.
const ROUNDS_SHARED: u32 = 200;

/// Rounds for which we make room to look.
const ROUNDS_OF_LOOKING: u32 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// The queue is ours, and short.
    Alone(Room),
    /// Somebody else fills it.
    Shared { rounds: u32 },
    /// We make room, and go back to that window if the queue stays.
    Looking { rounds: u32, before: u64 },
}

/// How we made room so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Room {
    /// Rounds in a row in which the queue was long all the same.
    in_vain: u32,
    /// The window when we last began to, and how often in a row it was smaller than the time before.
    peak: u64,
    sooner: u32,
    /// The window before the first of these.
    before: u64,
}

/// The window of one file on its way.
#[derive(Clone, Debug)]
pub struct Window {
    size: u64,
    /// Below it the window doubles each round.
    threshold: u64,
    /// The shortest round trip so far.
    least_ms: Option<u64>,
    /// The shortest time from one piece to the next so far, microseconds: what the way does with one.
    piece_us: u64,
    manner: Manner,
    /// The round ends when the piece with this number of sending has arrived.
    round_ends: u64,
    /// The shortest round trip of it.
    round_ms: Option<u64>,
    /// Losses of what was sent before this number are one event.
    recovered: u64,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            size: FIRST,
            threshold: MOST,
            least_ms: None,
            piece_us: u64::MAX,
            manner: Manner::Alone(Room::default()),
            round_ends: 0,
            round_ms: None,
            recovered: 0,
        }
    }
}

impl Window {
    /// Pieces that may be under way.
    pub fn pieces(&self) -> usize {
        (self.size / WHOLE) as usize
    }

    /// So many pieces have arrived, the last of them after so many milliseconds; it was the `acked`th that was sent, and the next will be
    /// the `next`th.
    pub fn arrived(&mut self, count: u64, ms: u64, acked: u64, next: u64) {
        self.least_ms = Some(self.least_ms.map_or(ms, |least| least.min(ms)));
        self.round_ms = Some(self.round_ms.map_or(ms, |least| least.min(ms)));
        self.piece_us = self.piece_us.min(ms * 1_000 * WHOLE / self.size);
        let is_long = self.is_long(ms);
        let is_shared = matches!(self.manner, Manner::Shared { .. });
        if self.size < self.threshold {
            match is_long && !is_shared {
                true => self.threshold = self.size,
                false => self.size += count * WHOLE,
            }
        } else if !is_long && !matches!(self.manner, Manner::Looking { .. }) || is_shared {
            self.size += count * GROWTH * WHOLE / self.size;
        }
        self.size = self.size.clamp(LEAST, MOST);
        if acked >= self.round_ends {
            self.round_ends = next;
            self.end_round();
        }
    }

    /// A piece that was the `sent`th is lost; the next will be the `next`th.
    pub fn lost(&mut self, sent: u64, next: u64) {
        if sent < self.recovered {
            return;
        }
        self.recovered = next;
        self.size = (self.size * AFTER_LOSS / 10).max(LEAST);
        self.threshold = self.size;
    }

    /// Nothing comes back.
    pub fn silent(&mut self, next: u64) {
        self.threshold = (self.size / 2).max(LEAST);
        self.size = LEAST;
        self.recovered = next;
        (self.least_ms, self.round_ms, self.piece_us) = (None, None, u64::MAX);
        self.manner = Window::default().manner;
    }

    /// Whether a queue stood that keeps a text waiting.
    fn is_long(&self, ms: u64) -> bool {
        let queue = ms.saturating_sub(self.least_ms.unwrap_or(ms));
        queue > QUEUE_MS && queue > QUEUE_PIECES * self.piece_us / 1_000
    }

    fn end_round(&mut self) {
        let ms = self.round_ms.take().unwrap_or_default();
        let is_long = self.is_long(ms);
        self.manner = match (self.manner, is_long) {
            (Manner::Alone(room), false) => Manner::Alone(Room { in_vain: 0, ..room }),
            (Manner::Alone(room), true) => self.make_room(room),
            (
                Manner::Shared {
                    rounds: ROUNDS_SHARED..,
                },
                _,
            ) => {
                let before = self.size;
                self.size /= 4;
                Manner::Looking { rounds: 0, before }
            }
            (Manner::Shared { rounds }, _) => Manner::Shared { rounds: rounds + 1 },
            (Manner::Looking { before, .. }, false) => {
                // Room for what he used is there now, and is found again step by step.
                (self.size, self.threshold) = (before / 2, before);
                Manner::Alone(Room::default())
            }
            (
                Manner::Looking {
                    rounds: ROUNDS_OF_LOOKING..,
                    before,
                },
                true,
            ) => {
                self.size = before;
                Manner::Shared { rounds: 0 }
            }
            (Manner::Looking { rounds, before }, true) => Manner::Looking {
                rounds: rounds + 1,
                before,
            },
        };
        self.size = self.size.clamp(LEAST, MOST);
    }

    fn make_room(&mut self, mut room: Room) -> Manner {
        if room.in_vain == 0 {
            let is_sooner = self.size < room.peak * 19 / 20;
            room.sooner = if is_sooner { room.sooner + 1 } else { 0 };
            room.before = if is_sooner { room.before } else { self.size };
            room.peak = self.size;
        }
        room.in_vain += 1;
        if room.in_vain > ROUNDS_IN_VAIN || room.sooner == TIMES_SOONER {
            self.size = room.before;
            return Manner::Shared { rounds: 0 };
        }
        self.size = (self.size * 3 / 4).max(LEAST);
        self.threshold = self.size;
        Manner::Alone(room)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    /// A narrow place: so many microseconds a piece, a queue of so many pieces, and the way around in milliseconds.
    struct Link {
        piece_us: u64,
        room: usize,
        around_ms: u64,
    }

    /// Who sends: we, or somebody with TCP's manners (RFC 5681 with the figures of RFC 9438, section 4.3).
    enum Sender {
        We(Window),
        Tcp {
            size: f64,
            slow: bool,
            recovered: u64,
        },
    }

    struct Flow {
        sender: Sender,
        begins_us: u64,
        ends_us: u64,
        next: u64,
        flying: usize,
        arrived: u64,
    }

    impl Flow {
        fn we() -> Self {
            Self::new(Sender::We(Window::default()))
        }

        fn tcp() -> Self {
            Self::new(Sender::Tcp {
                size: 10.0,
                slow: true,
                recovered: 0,
            })
        }

        fn new(sender: Sender) -> Self {
            Self {
                sender,
                begins_us: 0,
                ends_us: u64::MAX,
                next: 0,
                flying: 0,
                arrived: 0,
            }
        }

        fn may_send(&self, now: u64) -> bool {
            let room = match &self.sender {
                Sender::We(window) => window.pieces(),
                Sender::Tcp { size, .. } => *size as usize,
            };
            (self.begins_us..self.ends_us).contains(&now) && self.flying < room
        }

        fn arrived(&mut self, sent: u64, ms: u64) {
            (self.flying, self.arrived) = (self.flying - 1, self.arrived + 1);
            match &mut self.sender {
                Sender::We(window) => window.arrived(1, ms, sent, self.next),
                Sender::Tcp {
                    size, slow: true, ..
                } => *size += 1.0,
                Sender::Tcp { size, .. } => *size += 0.53 / *size,
            }
        }

        fn lost(&mut self, number: u64) {
            self.flying -= 1;
            match &mut self.sender {
                Sender::We(window) => window.lost(number, self.next),
                Sender::Tcp {
                    size,
                    slow,
                    recovered,
                } if number >= *recovered => {
                    (*size, *slow, *recovered) = ((*size * 0.7).max(2.0), false, self.next);
                }
                Sender::Tcp { .. } => {}
            }
        }
    }

    /// What each flow brought across within these seconds, in pieces, and the mean queue in milliseconds.
    fn run(link: &Link, flows: &mut [Flow], seconds: std::ops::Range<u64>) -> (Vec<u64>, u64) {
        // What stands in the queue, and what is on its way back: flow, number, when it was sent, when it is back; lost ones too.
        let mut queue: VecDeque<(usize, u64, u64)> = VecDeque::new();
        let mut back: VecDeque<(usize, u64, u64, u64, bool)> = VecDeque::new();
        let (mut waited, mut count) = (0, 0);
        let mut before: Vec<u64> = Vec::new();
        let mut now = 0;
        while now < seconds.end * 1_000_000 {
            if now >= seconds.start * 1_000_000 && before.is_empty() {
                before = flows.iter().map(|flow| flow.arrived).collect();
            }
            while let Some(&(flow, number, sent, _, is_lost)) =
                back.front().filter(|it| it.3 <= now)
            {
                back.pop_front();
                match is_lost {
                    true => flows[flow].lost(number),
                    false => flows[flow].arrived(number, (now - sent) / 1_000),
                }
            }
            // One of each in turn, so that nobody gains by his place.
            while flows.iter().any(|flow| flow.may_send(now)) {
                for (at, flow) in flows.iter_mut().enumerate() {
                    if !flow.may_send(now) {
                        continue;
                    }
                    (flow.next, flow.flying) = (flow.next + 1, flow.flying + 1);
                    let number = flow.next - 1;
                    if queue.len() < link.room {
                        queue.push_back((at, number, now));
                    } else {
                        let noticed =
                            now + link.around_ms * 1_000 + link.room as u64 * link.piece_us;
                        let place = back.partition_point(|it| it.3 <= noticed);
                        back.insert(place, (at, number, now, noticed, true));
                    }
                }
            }
            if !before.is_empty() {
                (waited, count) = (
                    waited + queue.len() as u64 * link.piece_us / 1_000,
                    count + 1,
                );
            }
            now += link.piece_us;
            if let Some((flow, number, sent)) = queue.pop_front() {
                let is_back = now + link.around_ms * 1_000;
                let place = back.partition_point(|it| it.3 <= is_back);
                back.insert(place, (flow, number, sent, is_back, false));
            }
        }
        let brought = flows
            .iter()
            .zip(before)
            .map(|(flow, before)| flow.arrived - before);
        (brought.collect(), waited / count)
    }

    /// 8 Mbit/s, 100 ms.
    const WIDE: Link = Link {
        piece_us: 1_000,
        room: 200,
        around_ms: 100,
    };

    /// OL-475
    #[test]
    fn alone_it_uses_the_way_and_keeps_the_queue_short() {
        for room in [50, 200, 2_000] {
            let link = Link { room, ..WIDE };
            let (brought, queue_ms) = run(&link, &mut [Flow::we()], 5..60);
            assert!(brought[0] > 55 * 1_000 * 8 / 10, "{room}: {brought:?}");
            assert!(queue_ms <= 2 * QUEUE_MS, "{room}: {queue_ms} ms");
        }
    }

    /// OL-475: half to twice of what TCP has, whatever the queue holds.
    #[test]
    fn beside_tcp_each_has_its_share() {
        for (room, around_ms) in [(25, 100), (100, 100), (400, 100), (100, 20), (200, 300)] {
            let link = Link {
                piece_us: 1_000,
                room,
                around_ms,
            };
            let mut flows = [Flow::we(), Flow::tcp()];
            flows[0].begins_us = 10_000_000;
            let (brought, _) = run(&link, &mut flows, 120..600);
            let share = brought[0] as f64 / brought[1] as f64;
            assert!(
                (0.5..=2.0).contains(&share),
                "{room}, {around_ms}: {brought:?}"
            );
        }
    }

    /// OL-475
    #[test]
    fn when_the_other_is_gone_the_queue_is_short_again() {
        let mut flows = [Flow::we(), Flow::tcp()];
        flows[1].ends_us = 60_000_000;
        let (brought, queue_ms) = run(&WIDE, &mut flows, 90..150);
        assert!(brought[0] > 60 * 1_000 * 8 / 10, "{brought:?}");
        assert!(queue_ms <= 2 * QUEUE_MS, "{queue_ms} ms");
    }

    /// OL-475: 64 kbit/s over a satellite: two or three pieces wait, no more.
    #[test]
    fn on_a_thin_way_a_few_pieces_wait() {
        let link = Link {
            piece_us: 136_000,
            room: 60,
            around_ms: 600,
        };
        let (brought, queue_ms) = run(&link, &mut [Flow::we()], 30..300);
        assert!(brought[0] * 136 > 270_000 * 8 / 10, "{brought:?}");
        assert!(queue_ms <= 3 * 136, "{queue_ms} ms");
    }

    #[test]
    fn silence_begins_anew_and_a_loss_among_lost_ones_counts_once() {
        let mut window = Window::default();
        (0..90).for_each(|sent| window.arrived(1, 100, sent, 100));
        let before = window.pieces();
        (0..20).for_each(|sent| window.lost(sent + 90, 110));
        assert_eq!(window.pieces(), before * 7 / 10);
        window.silent(110);
        assert_eq!(window.pieces(), 2);
    }
}
