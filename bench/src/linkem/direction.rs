//! The model of one direction: packets go in at a time and come out at a time, or do not.
//!
//! Time is passed in, so the model is tested without waiting.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::rng::Rng;
use super::shape::Shape;

/// What went through one direction since the start or the last reset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// Packets sent into the link.
    pub in_pkts: u64,
    /// Their bytes, IP headers included.
    pub in_bytes: u64,
    /// Packets that left it.
    pub out_pkts: u64,
    /// Their bytes.
    pub out_bytes: u64,
    /// Lost by chance.
    pub lost: u64,
    /// Lost in an outage.
    pub outage_drops: u64,
    /// Lost because the queue was full.
    pub queue_drops: u64,
    /// Lost because the link was cut.
    pub cut_drops: u64,
    /// Sent twice.
    pub dups: u64,
    /// Held back.
    pub reordered: u64,
    /// Not taken by the receiving device.
    pub write_errors: u64,
    /// The longest queue, bytes.
    pub max_backlog: usize,
}

/// One direction of the link: its settings, its state and what is on its way.
pub struct Direction {
    /// May be changed at any time; it holds for packets that enter afterwards.
    pub shape: Shape,
    /// While set, nothing enters and nothing leaves.
    pub cut: bool,
    /// What went through.
    pub counters: Counters,
    rng: Rng,
    on_the_way: BTreeMap<(Instant, u64), Vec<u8>>,
    queue: VecDeque<Queued>,
    backlog: usize,
    rate_free_at: Instant,
    last_out: Instant,
    in_burst: bool,
    /// The outage that comes next or holds: from when to when.
    outage: (Instant, Instant),
    packets: u64,
}

/// A packet that has not left the rate limiter yet.
struct Queued {
    done_at: Instant,
    bytes: usize,
}

impl Direction {
    /// A direction that hinders nothing yet.
    #[must_use]
    pub fn new(seed: u64, now: Instant) -> Self {
        Self {
            shape: Shape::default(),
            cut: false,
            counters: Counters::default(),
            rng: Rng::new(seed),
            on_the_way: BTreeMap::new(),
            queue: VecDeque::new(),
            backlog: 0,
            rate_free_at: now,
            last_out: now,
            in_burst: false,
            outage: (now, now),
            packets: 0,
        }
    }

    /// A packet enters.
    pub fn take(&mut self, now: Instant, packet: &[u8]) {
        self.counters.in_pkts += 1;
        self.counters.in_bytes += packet.len() as u64;
        if self.cut {
            self.counters.cut_drops += 1;
            return;
        }
        let Some(serialised) = self.serialise(now, packet.len()) else {
            self.counters.queue_drops += 1;
            return;
        };
        if self.is_lost() {
            self.counters.lost += 1;
            return;
        }
        if self.is_out(serialised) {
            self.counters.outage_drops += 1;
            return;
        }
        self.travel(serialised, packet);
        if self.rng.chance(self.shape.dup) {
            self.counters.dups += 1;
            self.travel(serialised, packet);
        }
    }

    /// When the next packet leaves.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        self.on_the_way.keys().next().map(|&(at, _)| at)
    }

    /// Packets that have entered and not left.
    #[must_use]
    pub fn on_the_way(&self) -> usize {
        self.on_the_way.len()
    }

    /// The next packet that leaves by now; the caller counts whether it was taken ([`Self::delivered`]).
    pub fn next_out(&mut self, now: Instant) -> Option<Vec<u8>> {
        while self.due().is_some_and(|at| at <= now) {
            let (_, packet) = self.on_the_way.pop_first()?;
            if !self.cut {
                return Some(packet);
            }
            self.counters.cut_drops += 1;
        }
        None
    }

    /// The receiving device took the packet, or did not.
    pub fn delivered(&mut self, bytes: usize, taken: bool) {
        if taken {
            self.counters.out_pkts += 1;
            self.counters.out_bytes += bytes as u64;
        } else {
            self.counters.write_errors += 1;
        }
    }

    /// When the packet has been sent at `rate`; `None` if the queue before it is full. An empty queue takes any packet.
    fn serialise(&mut self, now: Instant, bytes: usize) -> Option<Instant> {
        if self.shape.rate <= 0.0 {
            return Some(now);
        }
        while let Some(sent) = self.queue.pop_front_if(|queued| queued.done_at <= now) {
            self.backlog -= sent.bytes;
        }
        if !self.queue.is_empty() && self.backlog + bytes > self.shape.queue {
            return None;
        }
        self.backlog += bytes;
        self.counters.max_backlog = self.counters.max_backlog.max(self.backlog);
        let done_at = self.rate_free_at.max(now)
            + Duration::from_secs_f64(bytes as f64 * 8.0 / self.shape.rate);
        self.rate_free_at = done_at;
        self.queue.push_back(Queued { done_at, bytes });
        Some(done_at)
    }

    /// Independent losses, or a Gilbert model: runs of mean length `burst` at the mean rate `loss`.
    fn is_lost(&mut self) -> bool {
        let Shape { loss, burst, .. } = self.shape;
        if burst <= 1.0 || loss <= 0.0 || loss >= 1.0 {
            return self.rng.chance(loss);
        }
        let change = if self.in_burst {
            1.0 / burst
        } else {
            loss / (burst * (1.0 - loss))
        };
        self.in_burst ^= self.rng.chance(change);
        self.in_burst
    }

    /// Outages of one length, with pauses between them that nobody can foresee (exponential).
    fn is_out(&mut self, at: Instant) -> bool {
        let Shape {
            outage, outage_ms, ..
        } = self.shape;
        if outage <= 0.0 {
            return false;
        }
        while self.outage.1 <= at {
            let pause = outage_ms * (1.0 - outage) / outage;
            let from = self.outage.1 + milliseconds(-pause * (1.0 - self.rng.unit()).ln());
            self.outage = (from, from + milliseconds(outage_ms));
        }
        self.outage.0 <= at
    }

    fn travel(&mut self, from: Instant, packet: &[u8]) {
        let jitter = self.shape.jitter_ms * (2.0 * self.rng.unit() - 1.0);
        let mut at = from + milliseconds(self.shape.delay_ms + jitter);
        if self.rng.chance(self.shape.reorder) {
            self.counters.reordered += 1;
            at += milliseconds(self.shape.reorder_ms);
        } else if self.shape.keep_order {
            at = at.max(self.last_out);
            self.last_out = at;
        }
        self.packets += 1;
        self.on_the_way.insert((at, self.packets), packet.to_vec());
    }
}

fn milliseconds(count: f64) -> Duration {
    Duration::from_secs_f64(count.max(0.0) / 1000.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn link(settings: &[&str]) -> (Direction, Instant) {
        let now = Instant::now();
        let mut direction = Direction::new(1, now);
        settings
            .iter()
            .for_each(|setting| direction.shape.set(setting).unwrap());
        (direction, now)
    }

    fn ms(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    #[test]
    fn a_packet_takes_its_time_on_the_air_and_the_delay() {
        let (mut radio, now) = link(&["rate=2400", "delay=500"]);
        radio.take(now, &[0; 225]);
        assert_eq!(radio.due(), Some(now + ms(1250)));
        assert_eq!(radio.next_out(now + ms(1249)), None);
        assert_eq!(
            radio.next_out(now + ms(1250)).map(|packet| packet.len()),
            Some(225)
        );
    }

    #[test]
    fn a_second_packet_waits_for_the_first_and_a_third_finds_the_queue_full() {
        let (mut radio, now) = link(&["rate=8000", "queue=250"]);
        for _ in 0..3 {
            radio.take(now, &[0; 100]);
        }
        assert_eq!(radio.counters.queue_drops, 1);
        assert!(radio.next_out(now + ms(100)).is_some());
        assert_eq!(radio.due(), Some(now + ms(200)));
        radio.take(now + ms(100), &[0; 100]);
        assert_eq!(
            (radio.counters.queue_drops, radio.counters.max_backlog),
            (1, 200)
        );
    }

    #[test]
    fn losses_come_at_the_rate_that_was_asked_for() {
        for settings in [&["loss=0.3"][..], &["loss=0.3", "burst=4"]] {
            let (mut lossy, now) = link(settings);
            (0..20_000).for_each(|_| lossy.take(now, &[0]));
            let share = lossy.counters.lost as f64 / 20_000.0;
            assert!((0.28..0.32).contains(&share), "{settings:?}: {share}");
        }
    }

    #[test]
    fn outages_have_their_length_and_their_share_of_the_time() {
        let (mut fading, now) = link(&["outage=0.3", "outage_ms=80"]);
        let mut runs = vec![0];
        for n in 0..200_000 {
            let before = fading.counters.outage_drops;
            fading.take(now + ms(n), &[0]);
            match fading.counters.outage_drops > before {
                true => *runs.last_mut().unwrap() += 1,
                false if *runs.last().unwrap() > 0 => runs.push(0),
                false => {}
            }
        }
        let share = fading.counters.outage_drops as f64 / 200_000.0;
        assert!((0.27..0.33).contains(&share), "{share}");
        // Two may follow one another without a packet between them.
        let whole = runs.iter().filter(|run| (79..=81).contains(*run));
        assert!(whole.count() * 10 >= runs.len() * 9, "{runs:?}");
    }

    #[test]
    fn a_cut_takes_what_is_on_its_way() {
        let (mut cut, now) = link(&["delay=50"]);
        cut.take(now, &[1]);
        cut.cut = true;
        cut.take(now, &[2]);
        assert_eq!(cut.next_out(now + ms(60)), None);
        assert_eq!(cut.counters.cut_drops, 2);
    }

    #[test]
    fn jitter_keeps_the_order_and_reordering_does_not() {
        let (mut jittery, now) = link(&["delay=50", "jitter=40"]);
        (0..50).for_each(|n| jittery.take(now + ms(n), &[n as u8]));
        let order: Vec<u8> = std::iter::from_fn(|| jittery.next_out(now + ms(500)))
            .map(|packet| packet[0])
            .collect();
        assert!(order.is_sorted() && order.len() == 50);

        let (mut overtaken, now) = link(&["reorder=1", "reorder_ms=10"]);
        overtaken.take(now, &[1]);
        overtaken.shape.reorder = 0.0;
        overtaken.take(now, &[2]);
        let order: Vec<u8> = std::iter::from_fn(|| overtaken.next_out(now + ms(20)))
            .map(|packet| packet[0])
            .collect();
        assert_eq!(order, [2, 1]);
    }
}
