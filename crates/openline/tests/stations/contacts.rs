//! Contacts between two running stations: the same code at both, both sign, what is proposed binds once it is read back alike and
//! confirmed; and what ends a contact.

use std::time::Duration;

use openline::api::types::{
    Accepted, Contact, Entry, NewAnswer, NewRing, NewSettlement, NewTerms, NewVerified, Proposal,
    Terms,
};
use openline::client::{Client, ClientError, Events};
use tokio::time::{Instant, sleep};

use crate::pair::{Pair, next};

/// Longer than anything here takes on a slow machine.
const LIMIT: Duration = Duration::from_secs(60);

async fn until(client: &Client, contact: &str, wanted: impl Fn(&Contact) -> bool) -> Contact {
    let deadline = Instant::now() + LIMIT;
    loop {
        match client.contact("-", contact).await {
            Ok(found) if wanted(&found) => return found,
            other if Instant::now() > deadline => panic!("not so in time: {other:?}"),
            _ => sleep(Duration::from_millis(20)).await,
        }
    }
}

/// A ring of Washington's that Moscow has accepted, with its code known at both.
async fn contact(washington: &Client, moscow: &Client) -> String {
    let ring = NewRing {
        to: "head".to_owned(),
        ..NewRing::default()
    };
    let ring = washington.ring("-", &ring).await.unwrap().entry.unwrap();
    let accept = NewAnswer {
        answer: "accept".to_owned(),
        actor: Some("Lt. Orlova".to_owned()),
        ..NewAnswer::default()
    };
    let deadline = Instant::now() + LIMIT;
    while let Err(error) = moscow.answer_ring("-", &ring, &accept).await {
        assert!(Instant::now() < deadline, "{error:?}");
        sleep(Duration::from_millis(20)).await;
    }
    for side in [washington, moscow] {
        until(side, &ring, |it| it.code.is_some()).await;
    }
    ring
}

async fn code(client: &Client, contact: &str) -> String {
    let found = until(client, contact, |it| it.code.is_some()).await;
    assert!(found.here && found.state == "verifying", "{found:?}");
    found.code.unwrap()
}

async fn say(client: &Client, contact: &str, said: &str) -> Result<Accepted, ClientError> {
    let verified = NewVerified {
        said: said.to_owned(),
        actor: Some("Lt. Orlova".to_owned()),
    };
    client.verify_contact("-", contact, &verified).await
}

async fn verified(washington: &Client, moscow: &Client) -> String {
    let id = contact(washington, moscow).await;
    code(washington, &id).await;
    code(moscow, &id).await;
    say(washington, &id, "agreed").await.unwrap();
    say(moscow, &id, "agreed").await.unwrap();
    until(washington, &id, |it| it.state == "verified").await;
    until(moscow, &id, |it| it.state == "verified").await;
    id
}

fn terms(from: &str) -> NewTerms {
    NewTerms {
        terms: Terms {
            places: vec!["50.4501N 30.5234E".to_owned()],
            from: from.to_owned(),
            until: None,
            next_contact: Some("2099-01-16T09:00Z".to_owned()),
        },
        even_if_doubtful: true,
        text: "Ceasefire in the sector.".to_owned(),
        actor: Some("Gen. Smith".to_owned()),
        ..NewTerms::default()
    }
}

fn as_read(from: &str) -> NewTerms {
    NewTerms {
        text: String::new(),
        actor: Some("Gen. Petrov".to_owned()),
        ..terms(from)
    }
}

fn by_hand() -> NewSettlement {
    NewSettlement {
        actor: Some("Gen. Smith".to_owned()),
        ..NewSettlement::default()
    }
}

fn one<'a>(contact: &'a Contact, proposal: &str) -> Option<&'a Proposal> {
    contact.proposals.iter().find(|it| it.proposal == proposal)
}

fn is_refused<T: std::fmt::Debug>(result: &Result<T, ClientError>, code: &str) -> bool {
    matches!(result, Err(ClientError::Refused(problem)) if problem.error == code)
}

const DAWN: &str = "2099-01-16T06:00+02:00";
/// The same moment, said in another zone: not what was meant.
const DAWN_IN_UTC: &str = "2099-01-16T04:00Z";

#[tokio::test]
async fn both_read_the_same_code_and_both_must_sign_before_anything_is_agreed() {
    let pair = Pair::running().await;
    let (washington, moscow) = (pair.washington.client(), pair.moscow.client());
    let id = contact(&washington, &moscow).await;
    assert_eq!(code(&washington, &id).await, code(&moscow, &id).await);
    let found = washington.contact("-", "C-1").await.unwrap();
    assert_eq!((found.contact.as_str(), found.ours), (id.as_str(), true));

    let early = washington.propose("-", &id, &terms(DAWN)).await;
    assert!(is_refused(&early, "contact-not-verified"), "{early:?}");
    let nobody = NewVerified {
        said: "agreed".to_owned(),
        actor: None,
    };
    let nobody = washington.verify_contact("-", &id, &nobody).await;
    assert!(is_refused(&nobody, "operator-required"), "{nobody:?}");
    let other_word = say(&washington, &id, "agred").await;
    assert!(is_refused(&other_word, "unknown-word"), "{other_word:?}");

    say(&washington, &id, "agreed").await.unwrap();
    let there = until(&moscow, &id, |it| it.they_agreed).await;
    assert_eq!(there.state, "verifying");
    assert!(!there.we_agreed);
    let early = washington.propose("-", &id, &terms(DAWN)).await;
    assert!(is_refused(&early, "contact-not-verified"), "{early:?}");
    say(&moscow, &id, "agreed").await.unwrap();
    until(&washington, &id, |it| it.state == "verified").await;
    let status = moscow.status().await.unwrap();
    assert_eq!(status.lines[0].contacts[0].contact, id);
}

/// Whoever follows reads short names at once, and not only after a restart.
async fn until_settled(followed: &mut Events<Entry>) {
    loop {
        let entry = next(followed).await;
        let short = entry.fact.proposal_short.as_deref();
        assert!(
            entry.fact.proposal.is_none() || short == Some("P-1"),
            "{entry:?}"
        );
        if entry.kind == "settlement" {
            break;
        }
    }
}

#[tokio::test]
async fn what_is_read_back_alike_and_confirmed_binds_and_another_zone_is_caught() {
    let pair = Pair::running().await;
    let (washington, moscow) = (pair.washington.client(), pair.moscow.client());
    let id = verified(&washington, &moscow).await;
    let mut followed = moscow.follow("-", None).await.unwrap();
    let proposed = washington.propose("-", &id, &terms(DAWN)).await.unwrap();
    assert_eq!(proposed.short.as_deref(), Some("P-1"));
    let of = (id.as_str(), proposed.entry.as_deref().unwrap());
    let there = until(&moscow, &id, |it| one(it, of.1).is_some()).await;
    let shown = one(&there, of.1).unwrap();
    assert_eq!(shown.state, "open");
    assert_eq!(shown.terms.from, DAWN);
    let entry = moscow.entry("-", "P-1").await.unwrap();
    assert_eq!(entry.text.as_deref(), Some("Ceasefire in the sector."));
    assert_eq!(entry.kind, "proposal");

    let own = washington.read_back("-", of, &as_read(DAWN)).await;
    assert!(is_refused(&own, "proposal-is-ours"), "{own:?}");
    let early = washington.confirm_proposal("-", of, &by_hand()).await;
    assert!(is_refused(&early, "proposal-not-read-back"), "{early:?}");
    moscow
        .read_back("-", of, &as_read(DAWN_IN_UTC))
        .await
        .unwrap();
    let differs =
        |it: &Contact| one(it, of.1).is_some_and(|it| it.state == "read-back-differently");
    let found = until(&washington, &id, differs).await;
    assert_eq!(one(&found, of.1).unwrap().differs, ["from"]);
    let early = washington.confirm_proposal("-", of, &by_hand()).await;
    assert!(is_refused(&early, "proposal-read-differently"), "{early:?}");

    moscow.read_back("-", of, &as_read(DAWN)).await.unwrap();
    let is_read = |it: &Contact| one(it, of.1).is_some_and(|it| it.state == "read-back");
    until(&washington, &id, is_read).await;
    let theirs = moscow.confirm_proposal("-", of, &by_hand()).await;
    assert!(is_refused(&theirs, "proposal-is-theirs"), "{theirs:?}");
    washington
        .confirm_proposal("-", of, &by_hand())
        .await
        .unwrap();
    until_settled(&mut followed).await;
    let bound = |it: &Contact| one(it, of.1).is_some_and(|it| it.state == "confirmed");
    for client in [&washington, &moscow] {
        let found = until(client, &id, bound).await;
        let read = one(&found, of.1).unwrap().read_back.as_ref().unwrap();
        assert_eq!(read.actor.name, "Gen. Petrov");
    }
    let late = washington.withdraw_proposal("-", of, &by_hand()).await;
    assert!(is_refused(&late, "proposal-too-late"), "{late:?}");
}

#[tokio::test]
async fn what_is_typed_wrong_or_doubtful_is_refused_before_anything_is_signed() {
    let pair = Pair::running().await;
    let (washington, moscow) = (pair.washington.client(), pair.moscow.client());
    let id = verified(&washington, &moscow).await;
    let wrong = NewTerms {
        terms: Terms {
            places: vec!["30.5234E 50.4501N".to_owned()],
            ..terms(DAWN).terms
        },
        ..terms(DAWN)
    };
    let wrong = washington.propose("-", &id, &wrong).await;
    assert!(is_refused(&wrong, "terms"), "{wrong:?}");
    let doubtful = NewTerms {
        even_if_doubtful: false,
        ..terms(DAWN)
    };
    let doubtful = washington.propose("-", &id, &doubtful).await;
    assert!(is_refused(&doubtful, "terms-doubtful"), "{doubtful:?}");
    let found = washington.contact("-", &id).await.unwrap();
    assert!(found.proposals.is_empty());
}

#[tokio::test]
async fn one_that_says_the_codes_differ_ends_the_contact_for_both_and_for_good() {
    let pair = Pair::running().await;
    let (washington, moscow) = (pair.washington.client(), pair.moscow.client());
    let id = verified(&washington, &moscow).await;
    say(&moscow, &id, "differed").await.unwrap();
    for client in [&washington, &moscow] {
        let found = until(client, &id, |it| it.state == "codes-differed").await;
        assert!(!found.here && found.code.is_some());
        let refused = client.propose("-", &id, &terms(DAWN)).await;
        assert!(
            is_refused(&refused, "contact-codes-differed"),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn a_contact_is_broken_off_when_a_station_of_it_starts_again_and_says_so() {
    let mut pair = Pair::running().await;
    let (washington, moscow) = (pair.washington.client(), pair.moscow.client());
    let id = verified(&washington, &moscow).await;
    let kept = contact(&washington, &moscow).await;
    let closing = NewSettlement {
        text: "Until tomorrow.".to_owned(),
        ..by_hand()
    };
    washington
        .close_contact("-", &kept, &closing)
        .await
        .unwrap();
    until(&moscow, &kept, |it| it.state == "closed").await;
    pair.moscow.kill();
    pair.moscow.start();
    let found = until(&washington, &id, |it| it.state == "broken-off").await;
    assert!(!found.here);
    let refused = washington.propose("-", &id, &terms(DAWN)).await;
    assert!(is_refused(&refused, "contact-broken-off"), "{refused:?}");
    let moscow = pair.moscow.client();
    until(&moscow, &id, |it| it.state == "broken-off").await;
    // Without a name, too: there is no proposal to confirm because of that.
    let confirm = ["--json", "contact", "confirm", "--as", "Gen. Smith"];
    let refused = String::from_utf8(pair.washington.run(&confirm).stderr).unwrap();
    assert!(refused.contains("contact-broken-off"), "{refused}");
    until(&moscow, &kept, |it| it.state == "closed").await;
}
