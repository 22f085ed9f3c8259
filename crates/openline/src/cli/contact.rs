//! `openline contact`: after a ring was accepted, two people make sure that nobody stands between them, one proposes, the other reads
//! back what he understood, and the first confirms.
//!
//! Terms and words come from the prompt or from standard input, never from the command line: every user of the machine can read
//! that.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::args::{
    ContactClose, ContactCorrect, ContactList, ContactPropose, ContactReadBack, ContactSettle,
    ContactShow, ContactVerify, Said,
};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::interrupt::Watch;
use super::say::or_give_back;
use crate::api::types::{
    Accepted, Contact, Contacts, Line, NewSettlement, NewVerified, Proposal, Status,
};
use crate::client::Client;

mod ending;
pub mod text;
mod typed;

/// How long a code is waited for: three entries cross, and on a slow bearer each takes seconds.
const CODE: Duration = Duration::from_secs(60);

/// How long it may take until what was signed counts here: it is on the disk already.
const COUNTS: Duration = Duration::from_secs(5);

/// Proposals that a question which is meant names: one line.
const NAMED: usize = 10;

/// How often it is looked for: below what a person notices.
const LOOK: Duration = Duration::from_millis(100);

/// The contacts that are not over, and the last ones.
pub async fn list(context: &Context<'_>, args: ContactList) -> Result<(), Failure> {
    let status = context.client().status().await?;
    context.refuse_no_line(&status)?;
    let lines = lines(&status, args.line.line.as_deref());
    let contacts: Vec<Contact> = lines.flat_map(|line| line.contacts.clone()).collect();
    if context.json {
        return context.print_json(&Contacts { contacts });
    }
    if contacts.is_empty() {
        context.say("contact-none", &[])?;
    }
    contacts
        .iter()
        .try_for_each(|contact| print(context, contact))
}

/// One contact, with all its proposals.
pub async fn show(context: &Context<'_>, args: ContactShow) -> Result<(), Failure> {
    let client = context.client();
    let (line, name) = match args.contact {
        Some(contact) => (args.line.name().to_owned(), contact),
        None => latest(context, &client, args.line.line).await?,
    };
    let contact = client.contact(&line, &name).await?;
    match context.json {
        true => context.print_json(&contact),
        false => {
            print(context, &contact)?;
            ending::tell(context, &client, &line, &contact).await
        }
    }
}

/// Shows the code and signs whether the other side read out the same.
pub async fn verify(context: &Context<'_>, args: ContactVerify) -> Result<Exit, Failure> {
    if args.said.is_none() && !context.is_attended() {
        return Err(Failure::new(Exit::Usage, "error-contact-said"));
    }
    let client = context.acting(args.operator)?;
    let (line, name) = meant(context, &client, args.line.line, args.contact).await?;
    let contact = with_code(&client, &line, &name).await?;
    if !context.json {
        print(context, &contact)?;
    }
    let said = match args.said {
        Some(said) => said,
        None => ask_said(context)?,
    };
    let said = match said {
        Said::Agreed => "agreed",
        Said::Differed => "differed",
    };
    let verified = NewVerified {
        said: said.to_owned(),
        actor: None,
    };
    let accepted = client.verify_contact(&line, &name, &verified).await?;
    let id = match said {
        "agreed" => "contact-said-agreed",
        _ => "contact-said-differed",
    };
    context.speaks_of(&contact.mark);
    done(context, &accepted, id)?;
    if !context.json {
        print(context, &client.contact(&line, &name).await?)?;
    }
    Ok(Exit::Done)
}

/// Proposes something.
pub async fn propose(context: &Context<'_>, args: ContactPropose) -> Result<(), Failure> {
    let client = context.acting(args.typed.operator.clone())?;
    let (line, name) = meant(context, &client, args.line.line, args.contact).await?;
    if !context.json {
        before_proposing(&client.contact(&line, &name).await?)?;
    }
    let proposal = typed::ask(context, &args.typed, true)?;
    let accepted = client.propose(&line, &name, &proposal).await?;
    speaks_of(context, &client, &line, &accepted).await;
    done(context, &accepted, "contact-proposed")
}

/// Where nothing can be proposed a person hears it before he types anything; the station refuses the same.
fn before_proposing(contact: &Contact) -> Result<(), Failure> {
    let id = match contact.state.as_str() {
        "verifying" => "problem-contact-not-verified",
        "codes-differed" => "problem-contact-codes-differed",
        "closed" => "problem-contact-closed",
        "broken-off" => "problem-contact-broken-off",
        _ => return Ok(()),
    };
    Err(Failure::new(Exit::Failed, id))
}

/// Proposes something else in the place of an earlier proposal.
pub async fn correct(context: &Context<'_>, args: ContactCorrect) -> Result<(), Failure> {
    let client = context.acting(args.typed.operator.clone())?;
    let fits = |it: &Proposal| it.ours && is_under_way(it);
    let of = proposal(context, &client, args.line.line, args.proposal, fits).await?;
    of.is_under_way(true)?;
    if context.is_attended() {
        context.say("contact-corrects", &[("short", of.short.clone().into())])?;
        for line in text::terms(context, &of.shown.terms) {
            context.print(line)?;
        }
    }
    let mut proposal = typed::ask(context, &args.typed, true)?;
    proposal.corrects = Some(of.proposal);
    let accepted = client.propose(&of.line, &of.contact, &proposal).await?;
    speaks_of(context, &client, &of.line, &accepted).await;
    done(context, &accepted, "contact-corrected")
}

/// Signs what was understood of a proposal of theirs. The proposal is not shown before.
pub async fn read_back(context: &Context<'_>, args: ContactReadBack) -> Result<Exit, Failure> {
    let client = context.acting(args.typed.operator.clone())?;
    let fits = |it: &Proposal| !it.ours && it.state != "read-back" && is_under_way(it);
    let of = proposal(context, &client, args.line.line, args.proposal, fits).await?;
    of.is_under_way(false)?;
    if !context.json {
        context.say("contact-reads-back", &[("short", of.short.clone().into())])?;
    }
    let read = typed::ask(context, &args.typed, false)?;
    let named = (of.contact.as_str(), of.proposal.as_str());
    let accepted = client.read_back(&of.line, named, &read).await?;
    let found = once_read(&client, &of, accepted.entry.as_deref()).await?;
    speaks_of(context, &client, &of.line, &accepted).await;
    match (context.json, &found) {
        (true, _) => context.print_json(&accepted)?,
        (false, Some(found)) => context.tell(&text::standing(context, found, true, &of.mark))?,
        (false, None) => done(context, &accepted, "contact-read-back")?,
    }
    let differs = found
        .as_ref()
        .is_some_and(|it| it.state == "read-back-differently");
    Ok(match differs {
        true => Exit::Failed,
        false => Exit::Done,
    })
}

/// Confirms a proposal of ours that was read back as it was meant: from here on both are bound.
pub async fn confirm(context: &Context<'_>, args: ContactSettle) -> Result<(), Failure> {
    let client = context.acting(args.operator)?;
    let fits = |it: &Proposal| it.ours && it.state == "read-back";
    let of = proposal(context, &client, args.line.line, args.proposal, fits).await?;
    if context.is_attended() {
        of.may_be_confirmed()?;
        for line in text::one(context, &of.shown, true, &of.mark) {
            context.print(line)?;
        }
        let _interrupts = Watch::begin(context, "error-interrupted-unsigned");
        if !context.ask_yes(&context.words.text("contact-ask-confirm"))? {
            let failure = Failure::new(Exit::Failed, "error-proposal-not-confirmed");
            return Err(failure.with("short", of.short));
        }
    }
    let named = (of.contact.as_str(), of.proposal.as_str());
    let settlement = NewSettlement::default();
    let accepted = client
        .confirm_proposal(&of.line, named, &settlement)
        .await?;
    speaks_of(context, &client, &of.line, &accepted).await;
    done(context, &accepted, "contact-confirmed")
}

/// Takes a proposal of ours back.
pub async fn withdraw(context: &Context<'_>, args: ContactSettle) -> Result<(), Failure> {
    let client = context.acting(args.operator)?;
    let fits = |it: &Proposal| it.ours && is_under_way(it);
    let of = proposal(context, &client, args.line.line, args.proposal, fits).await?;
    let named = (of.contact.as_str(), of.proposal.as_str());
    let settlement = NewSettlement::default();
    let accepted = client
        .withdraw_proposal(&of.line, named, &settlement)
        .await?;
    speaks_of(context, &client, &of.line, &accepted).await;
    done(context, &accepted, "contact-withdrawn")
}

/// Ends a contact.
pub async fn close(context: &Context<'_>, args: ContactClose) -> Result<(), Failure> {
    let client = context.acting(args.operator)?;
    let (line, name) = meant(context, &client, args.line.line, args.contact).await?;
    let text = super::ring::words(context, args.stdin, "contact-ask-reason")?;
    let closing = NewSettlement {
        text: text.clone(),
        lang: context.tag.clone(),
        actor: None,
    };
    let accepted = client.close_contact(&line, &name, &closing).await;
    let accepted = or_give_back(context, &text, accepted)?;
    speaks_of(context, &client, &line, &accepted).await;
    done(context, &accepted, "contact-is-closed")
}

/// The contact once its code is known, or as it stands when that takes too long.
async fn with_code(client: &Client, line: &str, name: &str) -> Result<Contact, Failure> {
    let deadline = Instant::now() + CODE;
    loop {
        let contact = client.contact(line, name).await?;
        let may_come = contact.here && contact.code.is_none();
        if !may_come || Instant::now() > deadline {
            return Ok(contact);
        }
        sleep(LOOK).await;
    }
}

/// The proposal as it stands once our read-back counts; none if that takes too long.
async fn once_read(
    client: &Client,
    of: &Named,
    read_back: Option<&str>,
) -> Result<Option<Proposal>, Failure> {
    let deadline = Instant::now() + COUNTS;
    loop {
        let now = client.contact(&of.line, &of.contact).await?;
        let mut proposals = now.proposals.into_iter();
        let found = proposals.find(|it| {
            let said = it.read_back.as_ref().map(|said| said.entry.as_str());
            it.proposal == of.proposal && said == read_back
        });
        if found.is_some() || Instant::now() > deadline {
            return Ok(found);
        }
        sleep(LOOK).await;
    }
}

/// Takes one word, and no other: neither is signed by a slip.
fn ask_said(context: &Context<'_>) -> Result<Said, Failure> {
    let _interrupts = Watch::begin(context, "error-interrupted-unsigned");
    let words = ["contact-word-agreed", "contact-word-differed"];
    let [agreed, differed] = words.map(|id| context.words.text(id));
    loop {
        let question = context.words.text("contact-ask-said");
        let Some(answer) = context.ask_unless_ended(&question)? else {
            return Err(Failure::new(
                Exit::Interrupted,
                "error-interrupted-unsigned",
            ));
        };
        let answer = answer.to_lowercase();
        if answer == "agreed" || answer == agreed {
            return Ok(Said::Agreed);
        }
        if answer == "differed" || answer == differed {
            return Ok(Said::Differed);
        }
        context.say("contact-said-neither", &[])?;
    }
}

fn lines<'a>(status: &'a Status, wanted: Option<&'a str>) -> impl Iterator<Item = &'a Line> {
    let is_meant = move |it: &&Line| wanted.is_none_or(|line| line == it.name || line == it.line);
    status.lines.iter().filter(is_meant)
}

/// The contact that is meant, with its line: the one that is named, or else the only one in which something may be said.
async fn meant(
    context: &Context<'_>,
    client: &Client,
    line: Option<String>,
    contact: Option<String>,
) -> Result<(String, String), Failure> {
    let status = client.status().await?;
    context.refuse_no_line(&status)?;
    if let Some(contact) = contact {
        return Ok((line.unwrap_or_else(|| "-".to_owned()), contact));
    }
    let lines = lines(&status, line.as_deref());
    let open = lines.flat_map(|it| it.contacts.iter().map(|contact| (&it.line, contact)));
    let open: Vec<_> = open.filter(|(_, contact)| contact.here).collect();
    match open.as_slice() {
        [(line, contact)] => Ok(((*line).clone(), contact.contact.clone())),
        [] => Err(Failure::new(Exit::Failed, "error-no-contact")),
        several => {
            let names = several.iter().map(|(_, contact)| contact.short.as_str());
            let names: Vec<&str> = names.collect();
            let failure = Failure::new(Exit::Usage, "error-which-contact");
            Err(failure.with("contacts", names.join(", ")))
        }
    }
}

/// The contact to look at: the one in which something may be said, or, where there is none, the last one, however it ended.
async fn latest(
    context: &Context<'_>,
    client: &Client,
    line: Option<String>,
) -> Result<(String, String), Failure> {
    let status = client.status().await?;
    let all = || {
        let lines = lines(&status, line.as_deref());
        lines.flat_map(|it| it.contacts.iter().map(|contact| (&it.line, contact)))
    };
    match all().next() {
        Some((line, contact)) if !all().any(|(_, contact)| contact.here) => {
            Ok((line.clone(), contact.contact.clone()))
        }
        _ => meant(context, client, line.clone(), None).await,
    }
}

/// A proposal, and where it belongs.
struct Named {
    line: String,
    contact: String,
    proposal: String,
    short: String,
    shown: Proposal,
    /// Its contact's.
    mark: String,
}

impl Named {
    /// Said before anybody types terms for nothing: whose it is, and whether it is settled.
    fn is_under_way(&self, must_be_ours: bool) -> Result<(), Failure> {
        let id = match (self.shown.ours == must_be_ours, is_under_way(&self.shown)) {
            (true, true) => return Ok(()),
            (false, _) if must_be_ours => "error-proposal-is-theirs",
            (false, _) => "error-proposal-is-ours",
            (true, false) => "error-proposal-is-settled",
        };
        Err(Failure::new(Exit::Failed, id).with("short", self.short.clone()))
    }
}

impl Named {
    /// Said before anybody says yes for nothing; the station refuses the same.
    fn may_be_confirmed(&self) -> Result<(), Failure> {
        let id = match (self.shown.ours, self.shown.state.as_str()) {
            (true, "read-back") => return Ok(()),
            (false, _) => "problem-proposal-is-theirs",
            (true, "open") => "problem-proposal-not-read-back",
            (true, "read-back-differently") => "problem-proposal-read-differently",
            (true, _) => "problem-proposal-too-late",
        };
        Err(Failure::new(Exit::Failed, id))
    }
}

/// The proposal that is meant: the one that is named, or else the only one that fits.
async fn proposal(
    context: &Context<'_>,
    client: &Client,
    line: Option<String>,
    name: Option<String>,
    fits: impl Fn(&Proposal) -> bool,
) -> Result<Named, Failure> {
    let status = client.status().await?;
    context.refuse_no_line(&status)?;
    let lines = lines(&status, line.as_deref());
    let contacts = lines.flat_map(|it| it.contacts.iter().map(|contact| (&it.line, contact)));
    let mut fitting = Vec::new();
    for (line, listed) in contacts.filter(|(_, contact)| contact.here || name.is_some()) {
        let contact = match listed.more_proposals {
            0 => listed.clone(),
            _ => client.contact(line, &listed.contact).await?,
        };
        // Where only one is under way it is meant, and the station says why it does not fit.
        let mut under_way = contact.proposals.iter().filter(|it| is_under_way(it));
        let is_sole = under_way.by_ref().take(2).count() == 1;
        let wanted = contact.proposals.iter().filter(|it| match &name {
            Some(name) => is_called(it, name),
            None => fits(it) || is_sole && is_under_way(it),
        });
        fitting.extend(wanted.map(|it| Named {
            line: line.clone(),
            contact: contact.contact.clone(),
            proposal: it.proposal.clone(),
            short: it.short.clone(),
            shown: it.clone(),
            mark: contact.mark.clone(),
        }));
    }
    let mut names: Vec<String> = fitting.iter().map(|it| it.short.clone()).collect();
    if names.len() > NAMED {
        names.truncate(NAMED);
        names.push("…".to_owned());
    }
    match (fitting.pop(), fitting.is_empty()) {
        (Some(found), true) => Ok(found),
        (None, _) => Err(why_there_is_none(&status)),
        _ => {
            let failure = Failure::new(Exit::Usage, "error-which-proposal");
            Err(failure.with("proposals", names.join(", ")))
        }
    }
}

/// Where no contact goes on and the last one broke off, that is why.
fn why_there_is_none(status: &Status) -> Failure {
    let mut contacts = status.lines.iter().flat_map(|line| &line.contacts);
    let goes_on = contacts.clone().any(|contact| contact.here);
    let id = match contacts.any(|contact| contact.state == "broken-off") && !goes_on {
        true => "problem-contact-broken-off",
        false => "error-no-proposal",
    };
    Failure::new(Exit::Failed, id)
}

/// By its short name, the letter in either alphabet, or by the beginning of its id.
fn is_called(proposal: &Proposal, name: &str) -> bool {
    let typed = openline_store::ShortName::as_typed(name);
    typed.is_some_and(|typed| typed.to_string() == proposal.short)
        || name.len() >= 8 && proposal.proposal.starts_with(name)
}

fn is_under_way(proposal: &Proposal) -> bool {
    let states = ["open", "read-back", "read-back-differently"];
    states.contains(&proposal.state.as_str())
}

fn print(context: &Context<'_>, contact: &Contact) -> Result<(), Failure> {
    let lines = text::whole(context, contact);
    lines.iter().try_for_each(|line| context.print(line))
}

/// What was just signed may be practised: then what is said of it must not look like a word that binds.
async fn speaks_of(context: &Context<'_>, client: &Client, line: &str, accepted: &Accepted) {
    let Some(entry) = accepted.entry.as_deref().filter(|_| !context.json) else {
        return;
    };
    if let Ok(entry) = client.entry(line, entry).await {
        context.speaks_of(&entry.mark);
    }
}

fn done(context: &Context<'_>, accepted: &Accepted, said: &'static str) -> Result<(), Failure> {
    let short = accepted.short.clone().unwrap_or_default();
    match context.json {
        true => context.print_json(accepted),
        false => context.say(said, &[("short", short.into())]),
    }
}
