//! A small link emulator in user space, for kernels without `tc netem`.
//!
//! It joins two network namespaces by a pair of TUN (or TAP) devices and moves every packet through a model of a link,
//! for each direction: rate with a bounded queue, one-way delay, jitter, loss (independent or in bursts), duplication,
//! reordering, cut. It counts packets and bytes. Needs root, or CAP_NET_ADMIN and CAP_SYS_ADMIN.
//!
//! What happens to a packet, in this order:
//!
//! ```text
//! cut? -> queue full? -> serialised at `rate` -> lost? -> delay + jitter (+ reordering) -> cut? -> out
//! ```
//!
//! Lost packets have used their share of the rate, as on a real radio.

pub mod check;
pub mod command;
pub mod control;
pub mod device;
pub mod direction;
pub mod relay;
pub mod rng;
pub mod shape;
