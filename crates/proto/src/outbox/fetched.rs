//! Entries fetched from the store for sending, and kept until they are confirmed.

use std::collections::BTreeMap;
use std::sync::Arc;

use openline_wire::codes::Stream;
use openline_wire::entry::Entry;

use super::Place;
use crate::chain::weight;

/// Bytes beyond which nothing is begun that would have to be fetched: what must be sent again would push out what must be sent
/// again. It is a full window of ordinary texts; what is urgent may take as much once more, should the boot never confirm the
/// others.
const ENOUGH: usize = 2 * 1024 * 1024;

/// The entries, with their weight.
#[derive(Debug, Default)]
pub struct Fetched {
    entries: BTreeMap<Place, Arc<Entry>>,
    bytes: usize,
}

impl Fetched {
    pub fn get(&self, place: &Place) -> Option<&Arc<Entry>> {
        self.entries.get(place)
    }

    pub fn insert(&mut self, place: Place, entry: Arc<Entry>) {
        self.remove(&place);
        self.bytes += weight(&entry);
        self.entries.insert(place, entry);
    }

    pub fn remove(&mut self, place: &Place) {
        if let Some(entry) = self.entries.remove(place) {
            self.bytes -= weight(&entry);
        }
    }

    /// Whether entries of this stream that are to be begun may be fetched. Those that are not under way give way: they were
    /// confirmed without being sent.
    pub fn has_room(&mut self, stream: Stream, is_under_way: impl Fn(&Place) -> bool) -> bool {
        let enough = match stream {
            Stream::Urgent => 2 * ENOUGH,
            _ => ENOUGH,
        };
        if self.bytes >= enough {
            self.entries.retain(|place, _| is_under_way(place));
            self.bytes = self.entries.values().map(|entry| weight(entry)).sum();
        }
        self.bytes < enough
    }
}
