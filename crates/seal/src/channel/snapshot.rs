//! The channel as secret bytes, for a store that may be copied, restored or cloned: all that is
//! needed to go on, and nothing that must not be used twice (no nonces, no counters, no windows).
//! Deterministic CBOR; private to one version of this crate's major number, never on a wire.

use super::Channel;
use crate::agreement::{Agreement, Psk};
use crate::error::ChannelError;
use crate::generation::GenerationRequest;
use crate::key_message::{Asked, KeyMessage};
use crate::limits::{COURIER_KEYS, EPOCHS_KEPT, HIGHEST_NUMBER};
use crate::names::ChannelConfig;
use crate::ring::{CourierKeys, Epoch, KeyRing};
use crate::schedule::{BasePair, Slot};
use crate::secret::Secret;
use crate::tape::{Tape, Tapes};
use minicbor::{Decoder, Encoder};
use zeroize::Zeroizing;

const VERSION: u8 = 3;

/// The version before: it knew of no keys for bundles.
const WITHOUT_COURIERS: u8 = 2;

type Written = Result<(), minicbor::encode::Error<std::convert::Infallible>>;
type Writer<'b> = Encoder<&'b mut Vec<u8>>;
type Read<T> = Result<T, minicbor::decode::Error>;

pub(super) fn take<A: Agreement>(channel: &Channel<A>) -> Result<Zeroizing<Vec<u8>>, ChannelError> {
    let agreement = channel.agreement.state()?;
    let messages: usize = channel
        .outgoing
        .iter()
        .map(|message| message.bytes.len() + 8)
        .sum();
    // Room for everything, so that no growth leaves a copy of the secrets behind in freed memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(agreement.len() + messages + 4096));
    write(channel, &agreement, &mut Encoder::new(&mut bytes))
        .expect("writing to memory cannot fail");
    Ok(bytes)
}

pub(super) fn restore<A: Agreement>(
    config: ChannelConfig,
    bytes: &[u8],
) -> Result<Channel<A>, ChannelError> {
    let stored =
        Stored::read(&mut Decoder::new(bytes)).map_err(|_| ChannelError::DamagedSnapshot)?;
    let agreement = A::restore(&stored.agreement)?;
    let mut channel = Channel::recover(config, stored.ring.tapes.clone(), agreement);
    if channel.binding.as_bytes() != stored.binding {
        return Err(ChannelError::ForeignSnapshot);
    }
    channel.ring = stored.ring;
    channel.outgoing = stored.outgoing;
    channel.request = stored.request;
    channel.asked = stored.asked;
    channel.answered = stored.answered;
    channel.listen();
    Ok(channel)
}

fn write<A: Agreement>(channel: &Channel<A>, agreement: &[u8], e: &mut Writer<'_>) -> Written {
    e.array(12)?
        .u8(VERSION)?
        .bytes(channel.binding.as_bytes())?;
    let tapes = &channel.ring.tapes;
    e.array(3)?.u64(tapes.index())?;
    e.bytes(tapes.sending().as_bytes())?
        .bytes(tapes.receiving().as_bytes())?;
    e.array(channel.ring.epochs.len() as u64)?;
    for Epoch { slot, base, .. } in &channel.ring.epochs {
        write_secrets(slot, base, e)?;
    }
    match channel.ring.sending {
        Some(slot) => e.u64(slot.epoch)?,
        None => e.null()?,
    };
    e.array(channel.ring.psks.len() as u64)?;
    for psk in &channel.ring.psks {
        e.array(2)?.bytes(&psk.id)?.bytes(&psk.secret)?;
    }
    e.bytes(agreement)?.array(channel.outgoing.len() as u64)?;
    for message in &channel.outgoing {
        e.bytes(&message.bytes)?;
    }
    Asked::write(channel.asked, e)?;
    for request in [&channel.request, &channel.answered] {
        match request {
            Some(request) => e
                .array(2)?
                .bytes(&request.signed_bytes)?
                .bytes(&request.signature)?,
            None => e.null()?,
        };
    }
    e.array(channel.ring.couriers.len() as u64)?;
    for CourierKeys { slot, base } in &channel.ring.couriers {
        write_secrets(slot, base, e)?;
    }
    Ok(())
}

fn write_secrets(slot: &Slot, base: &BasePair, e: &mut Writer<'_>) -> Written {
    e.array(4)?.u64(slot.generation)?.u64(slot.epoch)?;
    e.bytes(base.sending.as_bytes())?
        .bytes(base.receiving.as_bytes())?;
    Ok(())
}

/// What a snapshot holds.
struct Stored {
    binding: Vec<u8>,
    ring: KeyRing,
    agreement: Zeroizing<Vec<u8>>,
    outgoing: Vec<KeyMessage>,
    request: Option<GenerationRequest>,
    asked: Option<Asked>,
    answered: Option<GenerationRequest>,
}

impl Stored {
    fn read(d: &mut Decoder<'_>) -> Read<Self> {
        let has_couriers = match (d.array()?, d.u8()?) {
            (Some(12), VERSION) => true,
            (Some(11), WITHOUT_COURIERS) => false,
            _ => return Err(damaged()),
        };
        let binding = d.bytes()?.to_vec();
        let tapes = read_tapes(d)?;
        let epochs = read_list(d, read_epoch)?;
        if !fit_a_ring(&epochs) {
            return Err(damaged());
        }
        let generation = epochs.last().map(|epoch: &Epoch| epoch.slot.generation);
        let sending = read_optional(d, |d| d.u64())?;
        let sending = sending
            .zip(generation)
            .map(|(epoch, g)| Slot::traffic(g, epoch));
        if sending.is_some_and(|slot| epochs.iter().all(|epoch| epoch.slot != slot)) {
            return Err(damaged());
        }
        let psks = read_list(d, read_psk)?;
        let agreement = Zeroizing::new(d.bytes()?.to_vec());
        let outgoing = read_list(d, read_message)?;
        let asked = Asked::read(d)?;
        let request = read_optional(d, read_request)?;
        let answered = read_optional(d, read_request)?;
        let couriers = match has_couriers {
            true => read_list(d, read_courier)?,
            false => Vec::new(),
        };
        if !fit_for_bundles(&couriers) {
            return Err(damaged());
        }
        let ring = KeyRing {
            tapes,
            epochs,
            sending,
            psks,
            couriers,
        };
        Ok(Self {
            binding,
            ring,
            agreement,
            outgoing,
            request,
            asked,
            answered,
        })
    }
}

fn read_tapes(d: &mut Decoder<'_>) -> Read<Tapes> {
    d.array()?;
    let index = d.u64()?;
    let mut tape = || Tape::stored(index, d.bytes()?).ok_or_else(damaged);
    let (sending, receiving) = (tape()?, tape()?);
    Tapes::new(sending, receiving).ok_or_else(damaged)
}

fn read_epoch(d: &mut Decoder<'_>) -> Read<Epoch> {
    let (generation, epoch, base) = read_secrets(d)?;
    Ok(Epoch {
        slot: Slot::traffic(generation, epoch),
        base,
        retire_at: None,
    })
}

fn read_courier(d: &mut Decoder<'_>) -> Read<CourierKeys> {
    let (generation, epoch, base) = read_secrets(d)?;
    let slot = Slot::courier(generation, epoch);
    Ok(CourierKeys { slot, base })
}

fn read_secrets(d: &mut Decoder<'_>) -> Read<(u64, u64, BasePair)> {
    d.array()?;
    let (generation, epoch) = (d.u64()?, d.u64()?);
    let mut secret = || Secret::from_slice(d.bytes()?).ok_or_else(damaged);
    let base = BasePair {
        sending: secret()?,
        receiving: secret()?,
    };
    Ok((generation, epoch, base))
}

/// Ascending, few, and far from where numbers end.
fn fit_for_bundles(couriers: &[CourierKeys]) -> bool {
    let ascending = couriers.is_sorted_by(|a, b| a.slot < b.slot);
    let in_range = |keys: &CourierKeys| keys.slot.generation.max(keys.slot.epoch) <= HIGHEST_NUMBER;
    ascending && couriers.iter().all(in_range) && couriers.len() <= COURIER_KEYS
}

/// Ascending, few, all of one generation, and far from where numbers end.
fn fit_a_ring(epochs: &[Epoch]) -> bool {
    let slots = || epochs.iter().map(|epoch| epoch.slot);
    let one_generation =
        slots().all(|slot| Some(slot.generation) == slots().next().map(|s| s.generation));
    let in_range = slots().all(|slot| slot.generation.max(slot.epoch) <= HIGHEST_NUMBER);
    let ascending = epochs.is_sorted_by(|a, b| a.slot < b.slot);
    one_generation && in_range && ascending && epochs.len() <= EPOCHS_KEPT
}

fn read_psk(d: &mut Decoder<'_>) -> Read<Psk> {
    d.array()?;
    Ok(Psk {
        id: d.bytes()?.to_vec(),
        secret: Zeroizing::new(d.bytes()?.to_vec()),
    })
}

fn read_message(d: &mut Decoder<'_>) -> Read<KeyMessage> {
    KeyMessage::from_bytes(d.bytes()?).map_err(|_| damaged())
}

fn read_request(d: &mut Decoder<'_>) -> Read<GenerationRequest> {
    d.array()?;
    GenerationRequest::decode(d.bytes()?, d.bytes()?).ok_or_else(damaged)
}

fn read_list<T>(d: &mut Decoder<'_>, read: impl Fn(&mut Decoder<'_>) -> Read<T>) -> Read<Vec<T>> {
    let len = d.array()?.ok_or_else(damaged)?;
    (0..len).map(|_| read(d)).collect()
}

fn read_optional<T>(
    d: &mut Decoder<'_>,
    read: impl Fn(&mut Decoder<'_>) -> Read<T>,
) -> Read<Option<T>> {
    if d.datatype()? == minicbor::data::Type::Null {
        return d.null().map(|()| None);
    }
    read(d).map(Some)
}

fn damaged() -> minicbor::decode::Error {
    minicbor::decode::Error::message("not a snapshot of this version")
}
