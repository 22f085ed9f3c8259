//! Seeded random numbers (splitmix64), so that a run can be repeated packet for packet.

/// The generator's state.
pub struct Rng(u64);

impl Rng {
    /// The same seed gives the same numbers.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        probability > 0.0 && self.unit() < probability
    }

    /// At least 0, less than 1.
    pub fn unit(&mut self) -> f64 {
        const PRECISION: u32 = f64::MANTISSA_DIGITS;
        (self.next() >> (u64::BITS - PRECISION)) as f64 / (1_u64 << PRECISION) as f64
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}
