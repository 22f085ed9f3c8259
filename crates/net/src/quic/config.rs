//! What QUIC is asked to do here, and what not.

use std::sync::Arc;
use std::time::Duration;

use openline_wire::ids::NodeId;
use quinn_proto::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use quinn_proto::{
    ClientConfig, ConnectionId, EndpointConfig, IdleTimeout, RandomConnectionIdGenerator,
    ServerConfig, TransportConfig, VarInt,
};
use thiserror::Error;

use super::window::Fixed;
use crate::door::Door;
use crate::knock::Knock;
use crate::tls::{self, Look};

/// TLS takes none of what this file asks of it: a defect of this program.
#[derive(Debug, Error)]
#[error("TLS can't be set up: {0}")]
pub struct SetUpError(String);

impl SetUpError {
    pub(crate) fn of(why: &impl ToString) -> Self {
        Self(why.to_string())
    }
}

/// A connection on which nothing came for so long is over. A line that is open is heard more often than this; a cut of two minutes
/// ends no connection.
const IDLE: Duration = Duration::from_secs(120);

/// Taken for the round trip before one is measured: a lost first packet is sent again after three times this.
const FIRST_ROUND_TRIP: Duration = Duration::from_millis(100);

/// Bytes of a datagram: the longest frame, and QUIC's own 32 around it, fit, and with the headers of UDP and IPv6 1,328 bytes, which
/// all but a few tunnels carry. On those QUIC notices, and the longest frames go as streams.
const PACKET: u16 = 1_280;

/// What every QUIC path must carry (RFC 9000 section 14).
const SMALLEST_PACKET: u16 = 1_200;

/// Frames under way as streams: those that fit into no datagram.
pub(super) const STREAMS: u32 = 32;

/// Bytes of a stream that are kept: a frame, and so much more that a longer one shows.
const STREAM: u32 = 2_048;

/// Frames kept by QUIC until they can be sent, and after they have come: two hundred full ones.
const BUFFER: usize = 256 * 1024;

/// Bytes of our own connection ids; a peer's first one has [`crate::knock::KNOCK`].
const OWN_ID: usize = 8;

/// For the endpoint.
pub(super) fn endpoint() -> EndpointConfig {
    let mut config = EndpointConfig::default();
    config.cid_generator(|| Box::new(RandomConnectionIdGenerator::new(OWN_ID)));
    config
}

/// For calls of others.
pub(super) fn server(door: &Arc<dyn Door>) -> Result<ServerConfig, SetUpError> {
    let failed = |why: &dyn ToString| SetUpError(why.to_string());
    let suite = tls::initial_suite().ok_or_else(|| failed(&"no first suite"))?;
    let tls = tls::server(door, Look::Openline).map_err(|error| failed(&error))?;
    let crypto =
        QuicServerConfig::with_initial(Arc::new(tls), suite).map_err(|error| failed(&error))?;
    let mut config = ServerConfig::with_crypto(Arc::new(crypto));
    config.transport_config(Arc::new(transport()));
    config.migration(true);
    Ok(config)
}

/// For a call to a peer, which begins with this knock.
pub(super) fn client(
    door: &Arc<dyn Door>,
    peer: NodeId,
    knock: Knock,
) -> Result<ClientConfig, SetUpError> {
    let failed = |why: &dyn ToString| SetUpError(why.to_string());
    let suite = tls::initial_suite().ok_or_else(|| failed(&"no first suite"))?;
    let tls = tls::client(door, peer, Look::Openline, None).map_err(|error| failed(&error))?;
    let crypto =
        QuicClientConfig::with_initial(Arc::new(tls), suite).map_err(|error| failed(&error))?;
    let mut config = ClientConfig::new(Arc::new(crypto));
    config.transport_config(Arc::new(transport()));
    config.initial_dst_cid_provider(Arc::new(move || ConnectionId::new(&knock)));
    Ok(config)
}

fn transport() -> TransportConfig {
    let mut config = TransportConfig::default();
    let idle = IdleTimeout::try_from(IDLE).ok();
    config
        .max_idle_timeout(idle)
        .initial_rtt(FIRST_ROUND_TRIP)
        .initial_mtu(PACKET)
        .min_mtu(SMALLEST_PACKET)
        // It would send large packets to find out; the longest frame is known.
        .mtu_discovery_config(None)
        .max_concurrent_bidi_streams(VarInt::from_u32(0))
        .max_concurrent_uni_streams(VarInt::from_u32(STREAMS))
        // A stream is one frame, so of each no more is kept, whatever comes in which order.
        .stream_receive_window(VarInt::from_u32(STREAM))
        .receive_window(VarInt::from_u32(STREAM * STREAMS))
        .datagram_receive_buffer_size(Some(BUFFER))
        .datagram_send_buffer_size(BUFFER)
        // Round trips are measured by the core, sealed; nobody on the way needs to see them (RFC 9000 section 17.4).
        .allow_spin(false)
        .congestion_controller_factory(Arc::new(Fixed));
    config
}
