//! What is to be done once a ring was accepted: two people compare a code, before anything else.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::super::context::Context;
use super::super::failure::Failure;
use super::super::{contact, exercise, layout};
use crate::api::types::{Contact, Ring, Status};
use crate::client::Client;

/// How long the code is waited for: three entries cross. Who waits longer finds it by the command that is told.
const CODE: Duration = Duration::from_secs(5);

/// How often it is looked for: below what a person notices.
const LOOK: Duration = Duration::from_millis(100);

/// Tells it after a ring that was accepted, or merged into one that counts as accepted.
pub async fn tell(context: &Context<'_>, client: &Client, ring: &Ring) -> Result<(), Failure> {
    let deadline = Instant::now() + CODE;
    loop {
        let contacts = contacts(&client.status().await?);
        let is_known = of_ring(&contacts, ring).is_some_and(|it| it.code.is_some());
        if is_known || Instant::now() > deadline {
            let lines = of(context, &contacts, ring);
            return lines.iter().try_for_each(|line| context.print(line));
        }
        sleep(LOOK).await;
    }
}

/// The contacts of all lines.
pub fn contacts(status: &Status) -> Vec<Contact> {
    let lines = status.lines.iter();
    lines.flat_map(|line| line.contacts.clone()).collect()
}

/// What is to be done in the contact that follows a ring, while its code is not compared; nothing else.
pub fn of(context: &Context<'_>, contacts: &[Contact], ring: &Ring) -> Vec<String> {
    let contact = of_ring(contacts, ring);
    let Some(contact) = contact.filter(|it| it.here && it.state == "verifying") else {
        return Vec::new();
    };
    let text = format!(
        "{}: {}",
        contact.short,
        contact::text::state(context, contact)
    );
    let columns = exercise::columns(context, &ring.mark);
    let lines = layout::wrap(&text, "    ", "      ", columns);
    exercise::framed(context, &ring.mark, lines)
}

fn of_ring<'a>(contacts: &'a [Contact], ring: &Ring) -> Option<&'a Contact> {
    let accepted = match ring.state.as_str() {
        "accepted" => &ring.ring,
        "merged" => ring.merged_into.as_ref()?,
        _ => return None,
    };
    contacts.iter().find(|it| it.contact == *accepted)
}
