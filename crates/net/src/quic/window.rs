//! How much may be under way. What is sent is paced by the station's core, which measures each way, and urgent text is repeated
//! by it as long as nobody confirms it; a window that closes when packets are lost would hold it back just then.

use std::any::Any;
use std::sync::Arc;
use std::time::Instant;

use quinn_proto::congestion::{Controller, ControllerFactory};

/// A quarter of a second at ten megabits a second: more than the core ever has under way.
const BYTES: u64 = 320 * 1024;

/// A window that is always the same.
#[derive(Clone, Debug)]
pub(crate) struct Fixed;

impl Controller for Fixed {
    fn on_congestion_event(
        &mut self,
        _now: Instant,
        _sent: Instant,
        _is_persistent_congestion: bool,
        _lost_bytes: u64,
    ) {
    }

    fn on_mtu_update(&mut self, _new_mtu: u16) {}

    fn window(&self) -> u64 {
        BYTES
    }

    fn clone_box(&self) -> Box<dyn Controller> {
        Box::new(self.clone())
    }

    fn initial_window(&self) -> u64 {
        BYTES
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl ControllerFactory for Fixed {
    fn build(self: Arc<Self>, _now: Instant, _current_mtu: u16) -> Box<dyn Controller> {
        Box::new(Self)
    }
}
