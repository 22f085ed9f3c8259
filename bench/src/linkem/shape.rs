//! What one direction of a link does to packets, and how it is written on a command line (`delay=50 loss=0.01`).

use anyhow::{Result, anyhow, bail};
use serde::Serialize;

/// The settings of one direction. The default hinders nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shape {
    /// One way, milliseconds.
    #[serde(rename = "delay")]
    pub delay_ms: f64,
    /// Up to this much more or less, milliseconds.
    #[serde(rename = "jitter")]
    pub jitter_ms: f64,
    /// Share of packets lost, 0 to 1.
    pub loss: f64,
    /// Mean run of losses, packets.
    pub burst: f64,
    /// Share of time in which nothing gets through, 0 to less than 1.
    pub outage: f64,
    /// How long it lasts each time, milliseconds.
    pub outage_ms: f64,
    /// Bits a second; 0 is no limit.
    pub rate: f64,
    /// What may wait for its turn at `rate`, bytes.
    pub queue: usize,
    /// Share of packets that arrive twice.
    pub dup: f64,
    /// Share of packets that later ones overtake.
    pub reorder: f64,
    /// How much longer those take, milliseconds.
    pub reorder_ms: f64,
    /// Jitter never reorders.
    pub keep_order: bool,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            delay_ms: 0.0,
            jitter_ms: 0.0,
            loss: 0.0,
            burst: 1.0,
            outage: 0.0,
            outage_ms: 80.0,
            rate: 0.0,
            queue: 64_000,
            dup: 0.0,
            reorder: 0.0,
            reorder_ms: 50.0,
            keep_order: true,
        }
    }
}

impl Shape {
    /// Takes one `key=value`.
    ///
    /// # Errors
    /// An unknown key, or a value that is no number in its range.
    pub fn set(&mut self, setting: &str) -> Result<()> {
        let (key, value) = setting
            .split_once('=')
            .ok_or_else(|| anyhow!("want key=value: {setting}"))?;
        let number = number(key, value)?;
        match key {
            "delay" => self.delay_ms = number,
            "jitter" => self.jitter_ms = number,
            "loss" => self.loss = share(key, number)?,
            "burst" => self.burst = number.max(1.0),
            "outage" if number < 1.0 => self.outage = number,
            "outage" => bail!("outage: a share below 1, got {number}"),
            "outage_ms" => self.outage_ms = number.max(1.0),
            "rate" => self.rate = number,
            "queue" => self.queue = number as usize,
            "dup" => self.dup = share(key, number)?,
            "reorder" => self.reorder = share(key, number)?,
            "reorder_ms" => self.reorder_ms = number,
            "keep_order" => self.keep_order = number != 0.0,
            _ => bail!("unknown setting: {key}"),
        }
        Ok(())
    }
}

fn number(key: &str, value: &str) -> Result<f64> {
    let number = value
        .parse::<f64>()
        .ok()
        .filter(|n| n.is_finite() && *n >= 0.0);
    number.ok_or_else(|| anyhow!("{key}: not a number from 0 up: {value}"))
}

fn share(key: &str, number: f64) -> Result<f64> {
    if number > 1.0 {
        bail!("{key}: a share is at most 1, got {number}");
    }
    Ok(number)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_radio_is_described_in_words() {
        let mut shape = Shape::default();
        for setting in ["delay=500", "rate=2400", "loss=0.05"] {
            shape.set(setting).unwrap();
        }
        assert_eq!(
            (shape.delay_ms, shape.rate, shape.loss),
            (500.0, 2400.0, 0.05)
        );
    }

    #[test]
    fn nonsense_is_refused_and_named() {
        for (setting, complaint) in [
            ("loss=1.5", "loss: a share is at most 1, got 1.5"),
            ("delay=-1", "delay: not a number from 0 up: -1"),
            ("rate=fast", "rate: not a number from 0 up: fast"),
            ("outage=1", "outage: a share below 1, got 1"),
            ("colour=1", "unknown setting: colour"),
            ("delay", "want key=value: delay"),
        ] {
            assert_eq!(
                Shape::default().set(setting).unwrap_err().to_string(),
                complaint
            );
        }
    }
}
