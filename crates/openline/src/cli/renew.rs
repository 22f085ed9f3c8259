//! `openline line renew`: has the station ask the other side for new keys, as a restored home does by itself.

use super::args::LineRenew;
use super::context::Context;
use super::failure::Failure;

/// Asks. The other side answers when it is reached, and says no while it hears another copy of this home.
pub async fn run(context: &Context<'_>, args: LineRenew) -> Result<(), Failure> {
    let accepted = context.client().renew_keys(args.line.name()).await?;
    match context.json {
        true => context.print_json(&accepted),
        false => context.say("keys-asked", &[]),
    }
}
