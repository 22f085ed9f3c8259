//! The state of a contact, as it follows from what is held: the same for everybody who holds the same entries, in whatever
//! order they came (OL-645).

use openline_seal::CodeOf;
use openline_wire::codes::{Comparison, VerifyingStep};
use openline_wire::fact::{Fact, Step, nonce_commitment};
use openline_wire::ids::{Author, Digest, EntryId};

use super::held::{Held, Kept, Placed};
use super::state::{Event, State, step};
use crate::ring::book::{Accepted, Book as Rings};

mod proposals;

pub use proposals::{Shown, Standing, Void};

/// How far the stations have come towards a code (OL-622). Each step is there only if the one before it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// The caller's first step.
    pub commits: EntryId,
    /// What the code is derived from.
    pub generation: u64,
    /// What the code is derived from.
    pub epoch: u64,
    commitment: Digest,
    /// The called boot's step, and its nonce.
    pub shares: Option<(EntryId, [u8; 16])>,
    /// The caller's second step, his nonce, and whether it is the one that he committed to.
    pub reveals: Option<(EntryId, [u8; 16], bool)>,
}

/// A contact, judged.
pub struct View<'a> {
    contact: EntryId,
    accepted: Accepted,
    held: &'a Held,
    rings: &'a Rings,
    /// The machine's state.
    pub state: State,
    /// Towards the code.
    pub steps: Option<Steps>,
    /// Where the caller and the called boot said that the codes agreed.
    agreed: [Option<u64>; 2],
    /// Where each of them first closed it, or said that they differed.
    over: [Option<u64>; 2],
}

impl<'a> View<'a> {
    /// Judges what is held of a contact.
    pub fn of(contact: EntryId, accepted: Accepted, held: &'a Held, rings: &'a Rings) -> Self {
        let mut view = Self {
            contact,
            accepted,
            held,
            rings,
            state: State::Verifying,
            steps: None,
            agreed: [None; 2],
            over: [None; 2],
        };
        view.steps = view.find_steps();
        for at in 0..2 {
            view.judge(at);
        }
        view
    }

    fn boots(&self) -> [Author; 2] {
        [self.accepted.caller, self.accepted.called]
    }

    fn find_steps(&self) -> Option<Steps> {
        let of = |boot| {
            let kept = self.held.of(&self.accepted, boot).map(|(_, kept)| kept);
            kept.filter_map(|kept| match &kept.fact {
                Fact::Verifying(it) => Some((kept.id, it.step)),
                _ => None,
            })
        };
        let [caller, called] = self.boots();
        let mut steps = of(caller).find_map(|(commits, step)| match step {
            Step::Commits {
                outcome,
                generation,
                epoch,
                commitment,
            } if outcome == self.accepted.outcome => Some(Steps {
                commits,
                generation,
                epoch,
                commitment,
                shares: None,
                reveals: None,
            }),
            _ => None,
        })?;
        steps.shares = of(called).find_map(|(id, step)| match step {
            Step::Shares { commits, nonce } if commits == steps.commits => Some((id, nonce)),
            _ => None,
        });
        let shared = steps.shares.map(|(id, _)| id);
        steps.reveals = of(caller).find_map(|(id, step)| match step {
            Step::Reveals { shares, nonce } if Some(shares) == shared => {
                let opens = nonce_commitment(&self.contact, &nonce) == steps.commitment;
                Some((id, nonce, opens))
            }
            _ => None,
        });
        Some(steps)
    }

    /// The step that made the code known, if it is the one that was committed to.
    pub fn code(&self) -> Option<EntryId> {
        let (id, _, opens) = self.steps?.reveals?;
        opens.then_some(id)
    }

    /// What the code is derived from, as soon as it may be shown.
    pub fn code_of(&self) -> Option<CodeOf> {
        let steps = self.steps?;
        let (_, called_nonce) = steps.shares?;
        let (_, caller_nonce, _) = steps.reveals.filter(|(_, _, opens)| *opens)?;
        Some(CodeOf {
            generation: steps.generation,
            epoch: steps.epoch,
            outcome: self.accepted.outcome,
            caller: self.accepted.caller,
            called: self.accepted.called,
            caller_nonce,
            called_nonce,
        })
    }

    /// Hands what one of the two boots wrote to the machine.
    fn judge(&mut self, at: usize) {
        let (boot, code) = (self.boots()[at], self.code());
        let bad_nonce = self.steps.and_then(|steps| steps.reveals);
        let bad_nonce = bad_nonce
            .filter(|(_, _, opens)| !opens)
            .map(|(id, _, _)| id);
        for (sequence, kept) in self.held.of(&self.accepted, boot) {
            let event = match &kept.fact {
                Fact::Verified(it) if it.said == Comparison::Differed => Event::Differ,
                Fact::Verified(it) if Some(it.code) == code && at == 0 => Event::CallerAgrees,
                Fact::Verified(it) if Some(it.code) == code => Event::CalledAgrees,
                Fact::ContactClosed(_) => Event::Close,
                _ if Some(kept.id) == bad_nonce => Event::Differ,
                _ => continue,
            };
            let place = match event {
                Event::Differ | Event::Close => &mut self.over[at],
                Event::CallerAgrees | Event::CalledAgrees => &mut self.agreed[at],
            };
            place.get_or_insert(sequence);
            self.state = step(self.state, event).0;
        }
    }

    /// Whether a boot has taken a step, towards whatever: once is all that it may (OL-622), or somebody who holds entries back could
    /// have it try again and again.
    pub fn has_taken(&self, boot: &Author, which: VerifyingStep) -> bool {
        let mut all = self.held.of(&self.accepted, *boot);
        all.any(|(_, kept)| match &kept.fact {
            Fact::Verifying(it) => it.step.code() == which,
            _ => false,
        })
    }

    /// Whether a boot has said what it thinks of the codes.
    pub fn has_said(&self, boot: &Author) -> bool {
        let mut all = self.held.of(&self.accepted, *boot);
        all.any(|(_, kept)| matches!(kept.fact, Fact::Verified(_)))
    }

    /// Whether an entry of the contact counts as one within it: why not (OL-641).
    fn within(&self, by: usize, entry: Placed<'_>) -> Result<(), Void> {
        let other = 1 - by;
        let knew = |places: &[Option<u64>; 2], at: usize| {
            let seen = if at == by {
                entry.0
            } else {
                self.seen(entry.1, other)
            };
            places[at].is_some_and(|place| place < seen)
        };
        if !(knew(&self.agreed, by) && knew(&self.agreed, other)) {
            return Err(Void::NotVerified);
        }
        let (contact, gone) = (&self.contact, &self.boots()[other]);
        let knows = |boot: &Author| entry.1.knew(boot) > 0;
        let is_broken_off = self.rings.knew_gone(contact, gone, knows);
        if knew(&self.over, by) || knew(&self.over, other) || is_broken_off {
            return Err(Void::Over);
        }
        Ok(())
    }

    /// How much of a boot's chain the author of an entry knew.
    fn seen(&self, kept: &Kept, boot: usize) -> u64 {
        kept.knew(&self.boots()[boot])
    }
}
