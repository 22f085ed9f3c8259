//! The links that are measured, what must be reached on them, and what others reached.

use std::time::Duration;

/// One emulated link and the figures that belong to it.
#[derive(Debug)]
pub struct LinkKind {
    /// Short name.
    pub name: &'static str,
    /// In words.
    pub words: &'static str,
    /// For the emulator.
    pub settings: &'static [&'static str],
    /// One way.
    pub delay: Duration,
    /// Bits a second, if limited.
    pub rate: Option<f64>,
    /// Sent as FLASH.
    pub flash: bool,
    /// Measured with padded frames too.
    pub also_padded: bool,
    /// The first text of a cold start is measured too: from the start of both stations.
    pub first: bool,
    /// Cut for a while, while a message a second is sent.
    pub cut: bool,
    /// What the project asks for.
    pub must: Must,
    /// The best of LXMF, XMPP, MQTT and Tox on the same link (30 messages each, on an earlier day).
    pub others: Others,
}

/// Targets; empty where there is none.
#[derive(Debug, Default)]
pub struct Must {
    /// p50/p95 until received, seconds.
    pub received: &'static str,
    /// Likewise until known.
    pub known: &'static str,
    /// IP bytes a message both ways: English, Russian.
    pub bytes: [&'static str; 2],
}

/// What the best other program did, each figure for itself.
#[derive(Debug, Default)]
pub struct Others {
    /// p50/p95 until received, seconds.
    pub received: &'static str,
    /// Likewise until known.
    pub known: &'static str,
    /// IP bytes a message both ways: English, Russian.
    pub bytes: [&'static str; 2],
}

const NO_TARGET: Must = Must {
    received: "",
    known: "",
    bytes: ["", ""],
};
const PLAIN: LinkKind = LinkKind {
    name: "L0",
    words: "plain",
    settings: &[],
    delay: Duration::ZERO,
    rate: None,
    flash: false,
    also_padded: false,
    first: false,
    cut: false,
    must: NO_TARGET,
    others: Others {
        received: "",
        known: "",
        bytes: ["", ""],
    },
};

/// All of them, from the best to the worst.
pub const LINKS: [LinkKind; 7] = [
    PLAIN,
    LinkKind {
        name: "L1",
        words: "50 ms one way, 1 % loss",
        settings: &["delay=50", "loss=0.01"],
        delay: Duration::from_millis(50),
        also_padded: true,
        must: Must {
            received: ".053/.056",
            known: ".105/.110",
            bytes: ["330", "370"],
        },
        others: Others {
            received: ".053/.055",
            known: ".107/.112",
            bytes: ["566", "1030"],
        },
        ..PLAIN
    },
    LinkKind {
        name: "L2",
        words: "satellite: 300 ms one way, 5 % loss, 64 kbit/s",
        settings: &["delay=300", "loss=0.05", "rate=64000"],
        delay: Duration::from_millis(300),
        rate: Some(64_000.0),
        flash: true,
        must: Must {
            received: ".34/.40",
            known: ".66/.75",
            bytes: ["", ""],
        },
        others: Others {
            received: ".34/.59",
            known: ".68/1.37",
            bytes: ["712", ""],
        },
        ..PLAIN
    },
    LinkKind {
        name: "L3",
        words: "100 ms one way, 30 % loss",
        settings: &["delay=100", "loss=0.3"],
        delay: Duration::from_millis(100),
        flash: true,
        must: Must {
            received: ".102/.130",
            known: ".205/.320",
            bytes: ["1500", "1500"],
        },
        others: Others {
            received: ".11/.96",
            known: ".21/4.43",
            bytes: ["1244", ""],
        },
        ..PLAIN
    },
    LinkKind {
        name: "L3b",
        words: "100 ms one way, outages of 80 ms, 30 % of the time each way",
        settings: &["delay=100", "outage=0.3", "outage_ms=80"],
        delay: Duration::from_millis(100),
        flash: true,
        must: Must {
            received: "p95 ≤ .35",
            known: "",
            bytes: ["", ""],
        },
        ..PLAIN
    },
    LinkKind {
        name: "L4",
        words: "narrow-band: 2400 bit/s, 500 ms one way, 5 % loss",
        settings: &["delay=500", "loss=0.05", "rate=2400"],
        delay: Duration::from_millis(500),
        rate: Some(2400.0),
        first: true,
        must: Must {
            received: "1.4/3.6",
            known: "2.3/5.0",
            bytes: ["", ""],
        },
        others: Others {
            received: "1.89/4.37",
            known: "2.87/8.30",
            bytes: ["773", ""],
        },
        ..PLAIN
    },
    LinkKind {
        name: "L5",
        words: "L1, cut for 30 s while a message a second is sent",
        settings: &["delay=50", "loss=0.01"],
        delay: Duration::from_millis(50),
        cut: true,
        ..PLAIN
    },
];

impl LinkKind {
    /// The least time that `bytes` in one packet need to the other side.
    #[must_use]
    pub fn one_way(&self, bytes: f64) -> Duration {
        let on_the_air = self.rate.map_or(0.0, |rate| bytes * 8.0 / rate);
        self.delay + Duration::from_secs_f64(on_the_air)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_delay_and_bytes_over_rate() {
        let [_, fast, _, _, _, radio, _] = LINKS;
        assert_eq!(fast.one_way(1500.0), Duration::from_millis(50));
        assert_eq!(radio.one_way(225.0), Duration::from_millis(1250));
    }
}
