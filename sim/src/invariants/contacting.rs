//! Contacts: the steps towards a code, who says that the codes agree, what is confirmed.
//!
//! Shows OL-622, OL-623, OL-625, OL-641, OL-642, OL-643 and OL-645 over every history.

use openline_proto::contact::book::ContactStanding;
use openline_proto::contact::shown::Shown;
use openline_proto::contact::state::State;
use openline_proto::contact::view::Standing;
use openline_wire::codes::Comparison;
use openline_wire::fact::{Fact, Step};
use openline_wire::header::Header;
use openline_wire::ids::{Author, EntryId, PartyId};

use super::{Scene, Verdict, Violation};
use crate::disk::Disk;
use crate::model::Model;

/// What is signed of contacts: each boot takes each step once.
pub(super) fn signing(model: &mut Model, (id, header): (EntryId, &Header)) -> Verdict {
    let Ok(Fact::Verifying(it)) = Fact::of(header) else {
        return Ok(());
    };
    let step = (it.contact, header.author, it.step.code());
    match model.steps.insert(step, id) {
        None => Ok(()),
        Some(earlier) => Err(Violation::new(
            "OL-622 each step once",
            format!("{step:?}: {earlier:?} and {id:?}"),
        )),
    }
}

/// What is shown.
pub(super) fn shown(model: &mut Model, scene: Scene, disk: &Disk, shown: &Shown) -> Verdict {
    one_code(model, disk, shown)?;
    if shown.standing == ContactStanding::Is(State::Verified) {
        both_said_so(scene, disk, shown)?;
    }
    for (proposal, it) in &shown.proposals {
        if let Standing::Confirmed(read) = it.standing {
            what_is_confirmed_was_read_back(disk, (proposal, it.by), &read)?;
        }
    }
    model.shown_contacts[scene.machine].insert(shown.contact, shown.clone());
    Ok(())
}

/// OL-623: two boots of one contact never show two codes, and none before the nonce that was committed to is there.
fn one_code(model: &mut Model, disk: &Disk, shown: &Shown) -> Verdict {
    let Some(code) = shown.code else {
        return Ok(());
    };
    let reveals = |fact: &Fact| {
        matches!(fact, Fact::Verifying(it)
            if it.contact == shown.contact && matches!(it.step, Step::Reveals { .. }))
    };
    if !disk.entries().any(|stored| reveals(&stored.entry.fact())) {
        let what = format!("{:?}", shown.contact);
        return Err(Violation::new("OL-623 no code before both nonces", what));
    }
    let first = *model.codes.entry(shown.contact).or_insert(code);
    match first == code || model.liar.is_some() {
        true => Ok(()),
        false => Err(Violation::new(
            "OL-623 one code",
            format!("{:?} has two", shown.contact),
        )),
    }
}

/// OL-625
fn both_said_so(scene: Scene, disk: &Disk, shown: &Shown) -> Verdict {
    let said = |is_ours: bool| {
        disk.entries().any(|stored| {
            let by: PartyId = stored.entry.header().author.party;
            matches!(stored.entry.fact(), Fact::Verified(it)
                if it.contact == shown.contact && it.said == Comparison::Agreed)
                && (by == scene.author.party) == is_ours
        })
    };
    match said(true) && said(false) {
        true => Ok(()),
        false => Err(Violation::new(
            "OL-625 both say so",
            format!("{:?}", shown.contact),
        )),
    }
}

/// OL-642 OL-643: the terms of the read-back that is cited are those of the proposal, and the other boot typed them.
fn what_is_confirmed_was_read_back(
    disk: &Disk,
    (proposal, by): (&EntryId, Author),
    read: &EntryId,
) -> Verdict {
    let find = |id: &EntryId| disk.find(id);
    let proposed = find(proposal).map(|stored| stored.entry.fact());
    let echoed = find(read).map(|stored| (stored.entry.fact(), stored.entry.header().author));
    let is_so = match (proposed, echoed) {
        (Some(Fact::Proposal(proposed)), Some((Fact::ReadBack(echoed), reader))) => {
            proposed.terms == echoed.terms && reader.party != by.party
        }
        _ => false,
    };
    match is_so {
        true => Ok(()),
        false => Err(Violation::new(
            "OL-642 what is confirmed was read back",
            format!("{proposal:?} by {read:?}"),
        )),
    }
}

/// Invariant 5 for contacts.
pub fn contacts_stand_alike(model: &Model, machines: [usize; 2]) -> Verdict {
    if model.liar.is_some() {
        // What he told each of two sides need not be the same.
        return Ok(());
    }
    let [one, other] = machines.map(|at| &model.shown_contacts[at]);
    for (contact, shown) in one {
        let there = other.get(contact);
        let is_same = there
            .is_some_and(|it| it.standing == shown.standing && it.proposals == shown.proposals);
        if !is_same {
            let what = format!("{shown:?}, and there {there:?}");
            return Err(Violation::new("5 equal sets, equal status", what));
        }
    }
    Ok(())
}
