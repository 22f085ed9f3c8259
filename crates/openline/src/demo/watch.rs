//! The demo's act of the watch: an officer is on watch by name, and another relieves her at one moment that both sign.

use super::party::Party;
use super::talk::line_where;
use super::{Story, require};
use crate::api::types::{Line, NewWatch};
use crate::cli::failure::Failure;
use crate::cli::time::time_of_day;

/// Who is on watch in Moscow first; the demo plays her.
const GOES: &str = "Lt. Orlova";

/// Who relieves her; likewise.
const COMES: &str = "Capt. Volkov";

impl Story<'_> {
    /// She opens the watch and hands it over; it is hers until he takes it.
    pub(super) async fn watch(&mut self) -> Result<(), Failure> {
        self.screen.step("watch", "demo-watch").await?;
        ask(&self.moscow, GOES, "open", None).await?;
        line_where(&self.washington, |line| officers(line) == [GOES]).await?;
        self.screen.claim("demo-watch-opened", &[])?;
        ask(&self.moscow, GOES, "hand-over", Some(COMES)).await?;
        let handed = |line: &Line| {
            let watch = line.watch.iter().find(|watch| !watch.party.ours);
            let mut officers = watch.into_iter().flat_map(|watch| &watch.officers);
            officers.any(|officer| officer.handed_to == [COMES])
        };
        let line = line_where(&self.washington, handed).await?;
        require(officers(&line) == [GOES], "handed over")?;
        self.screen.claim("demo-watch-handed", &[])?;
        ask(&self.moscow, COMES, "take-over", None).await?;
        let line = line_where(&self.washington, |line| officers(line) == [COMES]).await?;
        let since = line.watch.iter().find(|watch| !watch.party.ours);
        let since = since.and_then(|watch| watch.officers.first());
        let since = since.map_or(0, |officer| officer.since_ms);
        let blanks = [("when", time_of_day(since).into())];
        self.screen.claim("demo-watch-taken", &blanks)
    }
}

/// Who is on watch at the other side.
fn officers(line: &Line) -> Vec<&str> {
    let theirs = line.watch.iter().filter(|watch| !watch.party.ours);
    let officers = theirs.flat_map(|watch| &watch.officers);
    officers
        .map(|officer| officer.actor.name.as_str())
        .collect()
}

async fn ask(party: &Party, name: &str, action: &str, to: Option<&str>) -> Result<(), Failure> {
    let asked = NewWatch {
        action: action.to_owned(),
        to: to.map(str::to_owned),
        ..NewWatch::default()
    };
    let client = party.client().as_actor(name);
    client.watch("-", &asked).await?;
    Ok(())
}
