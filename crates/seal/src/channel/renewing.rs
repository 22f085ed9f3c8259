//! From generation to generation: a restored home asks, the peer accepts, both go on under the
//! tape's successor, and MLS is set up anew.
//!
//! The asking side may be behind. It seals its request under a key of each generation that it can
//! still enter; the peer listens to those ahead of its own, takes the lowest that suits both, and
//! says so under that generation's tape key. An answer names the request's digest, so no frame out
//! of an earlier life can lead anyone astray.

use super::Channel;
use super::agreeing::KeysOutcome;
use crate::agreement::Agreement;
use crate::error::ChannelError;
use crate::generation::GenerationRequest;
use crate::key_message::{Asked, KeyMessage, KeyMessageKind, Message};
use crate::limits::GENERATIONS_AHEAD;
use crate::names::ChannelConfig;
use crate::schedule::Slot;
use openline_wire::ids::Digest;

impl<A: Agreement> Channel<A> {
    /// Prepares a request for a new generation, after a restoration. Its number must be higher than
    /// in any earlier request of this node: it is `at_least` (a clock will do), or one more than that of a
    /// request still open. Returns the bytes for the node's key to sign. Until the answer comes,
    /// traffic goes on under the keys that we have, if any.
    pub fn begin_generation(&mut self, at_least: u64) -> Vec<u8> {
        let open = self
            .request
            .as_ref()
            .map_or(0, |open| open.number.saturating_add(1));
        let number = at_least.max(open);
        let request = GenerationRequest::new(&self.config, number, self.ring.tapes.index());
        let signed_bytes = request.signed_bytes.clone();
        self.answer_arrived(KeyMessageKind::Request);
        self.asked = Some(Asked {
            number,
            digest: request.digest(),
        });
        self.request = Some(request);
        self.listen();
        signed_bytes
    }

    /// Whether a request of ours is open.
    pub fn is_asking(&self) -> bool {
        self.request.is_some()
    }

    /// Takes the signature over what [`Self::begin_generation`] returned: the request is in
    /// [`Self::keys_to_send`] from now on. Persist a snapshot before sending it.
    pub fn send_generation_request(&mut self, signature: [u8; 64]) -> Result<(), ChannelError> {
        let none = ChannelError::OutOfOrder("there is no request to sign");
        let request = self.request.as_mut().ok_or(none)?;
        request.signature = signature;
        let message = Message::Request(Box::new(request.clone()));
        self.send(&message);
        Ok(())
    }

    /// Enters a new generation on the peer's request, which the caller has verified: what was
    /// agreed before is erased. Persist a snapshot, then send the answer that this returns, once;
    /// if it is lost, the request comes again and [`KeysOutcome::Answer`] with it.
    pub fn accept_generation(
        &mut self,
        request: &GenerationRequest,
    ) -> Result<KeyMessage, ChannelError> {
        match self.hear_request(request.clone())? {
            KeysOutcome::GenerationRequested(_) => {}
            KeysOutcome::Answer(answer) => return Ok(answer),
            _ => return Err(ChannelError::OutOfOrder("not a request of the peer's")),
        }
        let generation = self.ring.tapes.index().max(request.index);
        self.enter_generation_and_offer(generation, request)?;
        self.answered = Some(request.clone());
        Ok(KeyMessage::new(&Message::Accepted {
            generation,
            request: request.digest(),
        }))
    }

    /// Enters a generation in which the peer is to create the group: it gets a key package. It may
    /// live an earlier life again by now, which asked with a lower number and cannot hear us in this
    /// generation: so it gets its request back too, and then asks anew.
    fn enter_generation_and_offer(
        &mut self,
        generation: u64,
        request: &GenerationRequest,
    ) -> Result<(), ChannelError> {
        let key_package = self.agreement.key_package()?;
        self.enter_generation(generation);
        self.send(&Message::Outnumbered(Box::new(request.clone())));
        self.send(&Message::KeyPackage {
            generation,
            request: request.digest(),
            asked: self.asked,
            key_package,
        });
        Ok(())
    }

    /// Passes a new request on to the caller, and answers once more what was accepted already.
    pub(super) fn hear_request(
        &mut self,
        request: GenerationRequest,
    ) -> Result<KeysOutcome, ChannelError> {
        let ChannelConfig { ours, peer, .. } = self.config;
        if !request.is_from(peer, ours, &self.config) {
            return Err(ChannelError::Misbehaviour(
                "its request names another channel",
            ));
        }
        if request.index >= self.ring.tapes.index() + GENERATIONS_AHEAD {
            return Err(ChannelError::Misbehaviour(
                "it asks for a generation out of reach",
            ));
        }
        let answer = match (&self.answered, self.generation()) {
            (Some(last), Some(generation)) if last.digest() == request.digest() => {
                Message::Accepted {
                    generation,
                    request: last.digest(),
                }
            }
            (Some(last), _) if request.number <= last.number => {
                Message::Outnumbered(Box::new(last.clone()))
            }
            _ => return Ok(KeysOutcome::GenerationRequested(Box::new(request))),
        };
        Ok(KeysOutcome::Answer(KeyMessage::new(&answer)))
    }

    /// The peer gives a request of our node's back that it accepted last. If it is not our last one
    /// nor before it, we live an earlier life again and have to ask anew.
    pub(super) fn hear_outnumbered(
        &self,
        former: GenerationRequest,
    ) -> Result<KeysOutcome, ChannelError> {
        let ChannelConfig { ours, peer, .. } = self.config;
        if !former.is_from(ours, peer, &self.config) {
            return Err(ChannelError::Misbehaviour(
                "it gives back a request that is not ours",
            ));
        }
        let is_known = self
            .asked
            .is_some_and(|last| former.number < last.number || former.digest() == last.digest);
        Ok(match is_known {
            true => KeysOutcome::Ignored,
            false => KeysOutcome::Outnumbered(Box::new(former)),
        })
    }

    /// The peer accepted: follow it, unless we are further already (then it will follow us).
    pub(super) fn hear_answer(
        &mut self,
        generation: u64,
        request: Digest,
    ) -> Result<KeysOutcome, ChannelError> {
        let next = self.ring.tapes.index();
        let is_ours = self
            .request
            .as_ref()
            .is_some_and(|ours| ours.digest() == request);
        let is_late = self
            .generation()
            .is_some_and(|current| generation < current);
        if !is_ours || is_late {
            return Ok(KeysOutcome::Ignored);
        }
        if generation >= next + GENERATIONS_AHEAD {
            return Err(ChannelError::Misbehaviour(
                "it accepted a generation out of reach",
            ));
        }
        self.request = None;
        self.answer_arrived(KeyMessageKind::Request);
        // Both asked: what the peer was to create the group from moves on with us.
        match self.answered.clone().filter(|_| self.offers()) {
            _ if generation < next => {}
            Some(theirs) => self.enter_generation_and_offer(generation, &theirs)?,
            None => self.enter_generation(generation),
        }
        self.listen();
        Ok(KeysOutcome::Advanced)
    }

    /// Leaves everything of the current generation behind.
    fn enter_generation(&mut self, generation: u64) {
        self.agreement.abandon();
        self.ring.enter(&self.config, &self.binding, generation);
        self.outgoing
            .retain(|message| message.kind == KeyMessageKind::Request);
        self.seal_under(Slot::traffic(generation, 0), None);
        self.listen();
    }

    /// Nothing else is to be said any more. A request that was sent may be accepted at any time
    /// later, so only its answer closes it.
    pub(super) fn leave_only_our_request(&mut self) {
        self.outgoing
            .retain(|message| message.kind == KeyMessageKind::Request);
    }
}
