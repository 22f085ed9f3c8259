//! Opening: a table from key id to what it may belong to, one look-up for a stranger's frame.
//!
//! A *listener* is a base secret of the peer's that we hold; a *session* is one nonce of the
//! peer's under it. Only an authentic introduction makes a session, and a frame that fails leaves
//! nothing behind.

use crate::error::ChannelError;
use crate::frame::{OpeningKey, split_introduction};
use crate::limits::{SESSIONS, SPENT_NONCES};
use crate::names::{KeyId, Origin};
use crate::schedule::{self, Slot};
use crate::secret::Secret;
use openline_wire::ids::BootId;
use std::collections::{BTreeMap, BTreeSet};

/// What came out of an authentic frame.
pub(crate) struct Received {
    pub(crate) text: Vec<u8>,
    pub(crate) slot: Slot,
    pub(crate) boot: BootId,
    pub(crate) counter: u64,
    /// The id of the frame key, also if this frame introduced it.
    pub(crate) id: KeyId,
    /// The id of the frame key that an introduction told us.
    pub(crate) introduced: Option<KeyId>,
}

/// All that may open a frame.
#[derive(Default)]
pub(crate) struct Receiver {
    listeners: BTreeMap<Slot, Listener>,
    /// Ordered by key id: two entries with one id are improbable, and both are tried.
    index: BTreeSet<(KeyId, Slot, Option<Origin>)>,
}

struct Listener {
    base: Secret,
    introduction: KeyId,
    sessions: BTreeMap<Origin, Session>,
    /// Origins whose session was dropped: their windows are gone, so they are refused for good.
    spent: BTreeSet<Origin>,
    /// Authentic frames so far, to find the session that was used longest ago.
    used: u64,
}

struct Session {
    id: KeyId,
    introductions: OpeningKey,
    frames: OpeningKey,
    used: u64,
}

impl Receiver {
    /// Starts to listen, unless it does already. Replay windows that were kept count on.
    pub(crate) fn listen(&mut self, slot: Slot, base: &Secret) {
        let introduction = schedule::introduction_id(base);
        let listener = self.listeners.entry(slot).or_insert_with(|| Listener {
            base: base.clone(),
            introduction,
            sessions: BTreeMap::new(),
            spent: BTreeSet::new(),
            used: 0,
        });
        self.index.insert((introduction, slot, None));
        let sessions = listener.sessions.iter();
        let sessions = sessions.map(|(origin, session)| (session.id, slot, Some(*origin)));
        self.index.extend(sessions);
    }

    /// Stops listening to all slots that are not `wanted`. Replay windows are erased with what they are for, when a slot
    /// can't be `derived` any more: else whoever listens again later would take a frame twice.
    pub(crate) fn retain(&mut self, wanted: impl Fn(Slot) -> bool, derived: impl Fn(Slot) -> bool) {
        self.listeners
            .retain(|slot, _| wanted(*slot) || derived(*slot));
        self.index.retain(|(_, slot, _)| wanted(*slot));
    }

    pub(crate) fn knows(&self, id: KeyId) -> bool {
        self.candidates(id).next().is_some()
    }

    /// Whether the peer has used up so many nonces that the next epoch should come early.
    pub(crate) fn is_crowded(&self, slot: Slot) -> bool {
        let listener = self.listeners.get(&slot);
        listener.is_some_and(|listener| listener.spent.len() >= SPENT_NONCES / 2)
    }

    /// Opens a frame with whatever its key id names.
    pub(crate) fn open(&mut self, frame: &[u8]) -> Result<Received, ChannelError> {
        let id = KeyId::of_frame(frame).ok_or(ChannelError::Malformed)?;
        let candidates: Vec<_> = self.candidates(id).collect();
        let mut refusal = ChannelError::Unknown;
        for (slot, origin) in candidates {
            let opened = match origin {
                Some(origin) => self.open_frame(slot, origin, frame),
                None => self.open_introduction(slot, frame),
            };
            match opened {
                Ok(received) => return Ok(received),
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }

    fn candidates(&self, id: KeyId) -> impl Iterator<Item = (Slot, Option<Origin>)> {
        let from = (id, Slot::FIRST, None);
        self.index
            .range(from..)
            .take_while(move |entry| entry.0 == id)
            .map(|entry| (entry.1, entry.2))
    }

    fn open_frame(
        &mut self,
        slot: Slot,
        origin: Origin,
        frame: &[u8],
    ) -> Result<Received, ChannelError> {
        let listener = self.listeners.get_mut(&slot).ok_or(ChannelError::Unknown)?;
        let session = listener
            .sessions
            .get_mut(&origin)
            .ok_or(ChannelError::Unknown)?;
        let (text, counter) = session.frames.open(frame, None)?;
        listener.used += 1;
        session.used = listener.used;
        Ok(Received {
            text,
            slot,
            boot: origin.boot,
            counter,
            id: session.id,
            introduced: None,
        })
    }

    fn open_introduction(&mut self, slot: Slot, frame: &[u8]) -> Result<Received, ChannelError> {
        let listener = self.listeners.get_mut(&slot).ok_or(ChannelError::Unknown)?;
        let (sealed, origin) = split_introduction(frame).ok_or(ChannelError::Malformed)?;
        if listener.spent.contains(&origin) {
            return Err(ChannelError::Replay);
        }
        let (text, counter, id) = match listener.sessions.get_mut(&origin) {
            Some(session) => {
                let (text, counter) = session.introductions.open(sealed, Some(&origin))?;
                listener.used += 1;
                session.used = listener.used;
                (text, counter, session.id)
            }
            None => {
                let mut session = listener.derive(&origin)?;
                let (text, counter) = session.introductions.open(sealed, Some(&origin))?;
                let id = session.id;
                let dropped = listener.admit(origin, session)?;
                self.index.insert((id, slot, Some(origin)));
                dropped.iter().for_each(|(id, origin)| {
                    self.index.remove(&(*id, slot, Some(*origin)));
                });
                (text, counter, id)
            }
        };
        Ok(Received {
            text,
            slot,
            boot: origin.boot,
            counter,
            id,
            introduced: Some(id),
        })
    }
}

impl Listener {
    fn derive(&self, origin: &Origin) -> Result<Session, ChannelError> {
        let session = schedule::session(&self.base, origin);
        Ok(Session {
            id: session.id,
            introductions: OpeningKey::new(self.introduction, &session.introductions)?,
            frames: OpeningKey::new(session.id, &session.frames)?,
            used: 0,
        })
    }

    /// Takes a session in; when the house is full, the one used longest ago goes, for good.
    fn admit(
        &mut self,
        origin: Origin,
        mut session: Session,
    ) -> Result<Option<(KeyId, Origin)>, ChannelError> {
        let mut dropped = None;
        if self.sessions.len() >= SESSIONS {
            if self.spent.len() >= SPENT_NONCES {
                return Err(ChannelError::TooManyNonces);
            }
            let oldest = self.sessions.iter().min_by_key(|(_, session)| session.used);
            dropped = oldest.map(|(origin, session)| (session.id, *origin));
        }
        if let Some((_, oldest)) = dropped {
            self.sessions.remove(&oldest);
            self.spent.insert(oldest);
        }
        self.used += 1;
        session.used = self.used;
        self.sessions.insert(origin, session);
        Ok(dropped)
    }
}
