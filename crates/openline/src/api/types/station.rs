//! The station itself, as the API shows it.

use serde::{Deserialize, Serialize};

use super::{AlarmHook, Party, Problem};

/// The station itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Station {
    /// `running`, or `no-store`: nothing can be written, so nothing is sent.
    pub state: String,
    /// Why not `running`, and what to do.
    pub trouble: Option<Problem>,
    /// Our party.
    pub party: Party,
    /// This machine.
    pub node: String,
    /// This start of it.
    pub boot: String,
    /// When it started, by our clock.
    pub started_ms: u64,
    /// Addresses it listens at.
    pub listening: Vec<String>,
    /// Those of them whose device is gone.
    #[serde(default)]
    pub gone: Vec<Gone>,
    /// Its bearers, in the order of `listening`.
    #[serde(default)]
    pub bearers: Vec<Bearer>,
    /// Addresses to which frames go and from which nothing comes back.
    #[serde(default)]
    pub send_only: Vec<String>,
    /// Version of the program.
    pub version: String,
    /// Process id.
    pub pid: u32,
    /// Frames that were not taken, by reason.
    pub drops: Drops,
    /// What is told of alarms, and whether that went well.
    #[serde(default)]
    pub alarm_hooks: Vec<AlarmHook>,
}

/// A way to the other station, as far as it was asked on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// Where it leads, such as `udp://192.0.2.7:7600` or `serial:///dev/ttyUSB0`.
    pub address: String,
    /// Ours that it leads from: where one of our bearers listens.
    pub from: String,
    /// Whether it is the one in use.
    pub in_use: bool,
    /// When what it answered last on this way was asked, by our clock; of an earlier run of the station, if it has not answered this one.
    pub answered_ms: Option<u64>,
    /// When a frame of theirs came on it last, by our clock.
    #[serde(default)]
    pub heard_ms: Option<u64>,
    /// When a test of the line, ours, went over it last that came through, by our clock; null if none has since the station started.
    #[serde(default)]
    pub tested_ms: Option<u64>,
    /// Its round trip, smoothed.
    #[serde(default)]
    pub round_trip_ms: Option<u64>,
    /// Share of our frames on it that was lost, in thousandths; measured while it was in use.
    #[serde(default)]
    pub loss_permille: Option<u64>,
    /// `answers`; `cut`: it answered before and does not any more, while another way works; or `unknown`: it has not answered yet or
    /// does not just now, or no way answers.
    pub state: String,
    /// Since when a way that is cut was asked without an answer, by our clock.
    pub cut_since_ms: Option<u64>,
}

/// A means to carry frames, and what it carried since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bearer {
    /// Where it listens, such as `udp://0.0.0.0:7600` or `serial:///dev/ttyUSB0?rate=2400`.
    pub address: String,
    /// `up`, or `gone`: the device under it is not there. Whether anything passes on the way, the ways of the lines say.
    pub state: String,
    /// Why it is gone, in the system's words.
    pub why: Option<String>,
    /// Bits a second, where that is known.
    pub rate: Option<u64>,
    /// What was given to it to be sent.
    pub sent: Carried,
    /// What arrived, whoever sent it.
    pub received: Carried,
    /// What was lost at this end.
    pub drops: Drops,
    /// Nothing is sent on it.
    #[serde(default)]
    pub receive_only: bool,
}

/// Frames that a bearer carried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// How many.
    pub frames: u64,
    /// Their bytes, without what the bearer adds.
    pub bytes: u64,
}

/// A bearer whose device is gone. The station looks for it once a second.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// Where it listened, such as `serial:///dev/ttyUSB0`.
    pub address: String,
    /// Why, in the system's words.
    pub why: String,
}

/// Frames that were not taken, since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drops {
    /// Too short or too long to be a frame.
    pub size: u64,
    /// Changed on the way, or only a part came: on a bearer that notices.
    #[serde(default)]
    pub damaged: u64,
    /// The queue to the core was full.
    pub queue_full: u64,
    /// Not sent: the system's buffer was full, the address unreachable, or the tty gone or too slow.
    pub not_sent: u64,
}
