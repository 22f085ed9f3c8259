//! What a record proves of rings, for programs and for people.

use openline_record::attempts::{Attempt, Proof as Proven};

use super::super::context::Context;
use super::super::exercise;
use super::super::failure::Failure;
use super::super::output::{Proof, Record, RingClaim, RingProof};
use super::super::time::date_and_time;
use super::Names;
use super::text::{SHOWN, short};

/// How a ring stands of which entries are missing that may tell.
const UNKNOWN: &str = "unknown";

/// A ring in the form for programs.
pub fn proof(attempt: &Attempt, parties: &Names) -> RingProof {
    let proof = |proven: &Proven| Proof {
        entry: proven.entry.to_string(),
        party: proven.by.party.to_string(),
        name: parties.get(&proven.by.party).cloned(),
        boot: proven.by.boot.to_string(),
        time_ms: proven.time,
    };
    RingProof {
        rung: proof(&attempt.rung),
        from: attempt.ring.from.office.to_string(),
        to: attempt.ring.to.office.to_string(),
        mark: attempt.mark.word().to_owned(),
        state: match attempt.is_in_doubt() {
            true => UNKNOWN.to_owned(),
            false => attempt.standing.word().to_owned(),
        },
        ringing: attempt.ringing.as_ref().map(proof),
        answer: attempt.answer.as_ref().map(proof),
        outcome: attempt.outcome.as_ref().map(proof),
        claim: attempt.claim.as_ref().map(|claim| RingClaim {
            outcome: proof(&claim.outcome),
            state: claim.ending.word().to_owned(),
            cites: claim.cites.to_string(),
        }),
    }
}

/// The last rings, for a person: who rang when, by whose signature it rang there, how it ended.
pub fn print(context: &Context<'_>, record: &Record) -> Result<(), Failure> {
    let earlier = record.rings.len().saturating_sub(SHOWN);
    for ring in &record.rings[earlier..] {
        let name = |proof: &Option<Proof>| {
            let name = proof.as_ref().and_then(|proof| proof.name.clone());
            name.unwrap_or_default()
        };
        let when = |proof: &Option<Proof>| {
            let time = proof.as_ref().map(|proof| date_and_time(proof.time_ms));
            time.unwrap_or_else(|| "none".to_owned())
        };
        let state = in_words(context, ring);
        let blanks = [
            ("ring", short(&ring.rung.entry).to_owned().into()),
            ("caller", ring.rung.name.clone().unwrap_or_default().into()),
            ("from", ring.from.clone().into()),
            ("to", ring.to.clone().into()),
            ("rung", date_and_time(ring.rung.time_ms).into()),
            ("rang", when(&ring.ringing).into()),
            ("rang-by", name(&ring.ringing).into()),
            ("state", state.into()),
        ];
        let said = vec![context.words.fill("verify-ring", &blanks)];
        match ring.mark.as_str() {
            "exercise" => exercise::framed(context, &ring.mark, said)
                .iter()
                .try_for_each(|line| context.print(line))?,
            _ => said.iter().try_for_each(|line| context.tell(line))?,
        }
    }
    match earlier as u64 + record.rings_left_out {
        0 => Ok(()),
        count => context.say("verify-rings-earlier", &[("count", count.into())]),
    }
}

fn in_words(context: &Context<'_>, ring: &RingProof) -> String {
    let word = |state: &str| {
        let found = context.words.find(&format!("verify-ring-{state}"));
        found.unwrap_or_else(|| state.to_owned())
    };
    match &ring.claim {
        Some(claim) => {
            let blanks = [
                (
                    "caller",
                    claim.outcome.name.clone().unwrap_or_default().into(),
                ),
                ("state", word(&claim.state).into()),
                ("cites", short(&claim.cites).to_owned().into()),
            ];
            context.words.fill("verify-ring-claimed", &blanks)
        }
        None => word(&ring.state),
    }
}
