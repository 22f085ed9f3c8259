//! What happened, in words short enough to be read by the thousand.

use openline_proto::contract::Event;

/// An event, without its contents.
pub fn event(event: &Event) -> String {
    match event {
        Event::Done { ticket, .. } => format!("done {ticket}"),
        Event::Refused { ticket, why } => format!("refused {ticket}: {why}"),
        Event::Stored(stored) => {
            let header = stored.entry.header();
            let (boot, stream) = (header.author.boot.short(), header.stream.word());
            format!(
                "stored {boot} {stream} {} ({})",
                header.sequence,
                header.kind.word()
            )
        }
        Event::Confirmed {
            by, chain, places, ..
        } => format!(
            "confirmed by {}: {} {} {places:?}",
            by.boot.short(),
            chain.author.boot.short(),
            chain.stream.word()
        ),
        Event::Ring { shown, .. } => format!("{shown:?}"),
        Event::Contact { shown, .. } => format!("{shown:?}"),
        Event::LineTests { tests, .. } => {
            let last = [true, false].map(|is_ours| tests.last(is_ours).map(|it| it.state));
            format!("tests, ours and theirs: {last:?}")
        }
        Event::Alarm { alarm, .. } => format!("{alarm:?}"),
        Event::File { id, state, .. } => format!("file {id:?} {state:?}"),
        Event::Status { status, .. } => format!(
            "status {} unconfirmed {} generation {} epoch {}",
            status.verdict.word(),
            status.unconfirmed,
            status.generation,
            status.epoch
        ),
        Event::Misbehaved { by, what, .. } => format!("{} by {}", what.word(), by.boot.short()),
        Event::Restored { boot, .. } => format!("restored {}", boot.boot.short()),
        Event::Cloned { one, other, .. } => {
            format!("cloned {} {}", one.boot.short(), other.boot.short())
        }
        Event::Keys {
            generation, epoch, ..
        } => format!("keys generation {generation} epoch {epoch}"),
        Event::Carried { imported, .. } => format!("carried {imported:?}"),
        Event::BootEnds { .. } => "boot ends".into(),
    }
}
