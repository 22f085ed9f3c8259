//! Measures the offline verifier and the tree on one core: entries a second over a record file of two
//! parties, half of them with bodies of 300 bytes, the others receipts.
//!
//!     cargo run --release -p openline-record --example verify_speed -- 50000

#[allow(dead_code, reason = "a part of it is used here")]
#[path = "../tests/situations/support/author.rs"]
mod author;

use std::time::{Duration, Instant};

use author::Boot;
use openline_record::export::{Head, RecordCheck, RecordWriter};
use openline_record::tree::Edge;
use openline_record::verify::Nodes;
use openline_wire::entry::Entry;
use openline_wire::ids::EntryId;

/// What a file is read in.
const PIECE: usize = 64 * 1024;

fn main() {
    let entries = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(50_000);
    let file = record(entries);
    let clock = Stopwatch::start();
    let mut check = RecordCheck::new(|_: &Head| Ok(nodes()));
    for piece in file.chunks(PIECE) {
        check.push(piece).expect("an intact head");
    }
    let (_, report) = check.finish().expect("an intact head");
    let seconds = clock.seconds();
    assert!(report.is_sound(), "{:?}", report.findings.kept().first());
    let verified = report.counts.entries();
    println!(
        "verify: {:.0} entries a second ({verified} entries, {} MB)",
        verified as f64 / seconds,
        file.len() / 1_000_000
    );
    tree();
}

/// Time on the processor, so that a busy machine does not count; by the clock where the kernel does not
/// tell.
struct Stopwatch {
    wall: Instant,
    on_processor: Option<Duration>,
}

impl Stopwatch {
    fn start() -> Self {
        Self {
            wall: Instant::now(),
            on_processor: on_processor(),
        }
    }

    fn seconds(&self) -> f64 {
        let spent = on_processor()
            .zip(self.on_processor)
            .map(|(now, then)| now - then);
        spent.unwrap_or(self.wall.elapsed()).as_secs_f64()
    }
}

/// Nanoseconds that this thread has run, as Linux counts them.
fn on_processor() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = stat.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

fn tree() {
    let appends = 2_000_000u32;
    let clock = Stopwatch::start();
    let mut edge = Edge::new();
    for n in 0..appends {
        let mut id = [0; 32];
        id[..4].copy_from_slice(&n.to_be_bytes());
        edge.append(EntryId(id));
    }
    let seconds = clock.seconds();
    println!(
        "tree: {:.0} appends a second, root {}",
        f64::from(appends) / seconds,
        edge.root().short()
    );
}

/// Moscow writes, Washington reads each text.
fn record(entries: usize) -> Vec<u8> {
    let (mut moscow, mut washington) = (Boot::new(1), Boot::new(2));
    let text = "Nothing new here, go on. ".repeat(12);
    let mut written: [Vec<Entry>; 2] = [
        vec![moscow.start(&[], &[])],
        vec![washington.start(&[], &[])],
    ];
    for _ in 1..entries / 2 {
        let flash = moscow.flash(&text);
        washington.hold([&flash]);
        let read = washington.read(&[flash.id()]);
        moscow.hold([&read]);
        written[0].push(flash);
        written[1].push(read);
    }
    let mut file = Vec::new();
    let head = Head {
        line: moscow.line,
        exported_by: moscow.author.party,
        charter: Vec::new(),
        cards: Vec::new(),
    };
    let mut writer = RecordWriter::new(head, &mut file);
    for entry in written.iter().flatten() {
        writer
            .entry(entry.as_signed(), &mut file)
            .expect("in order");
    }
    writer.finish(&mut file);
    file
}

fn nodes() -> Nodes {
    let boots = [Boot::new(1), Boot::new(2)];
    let node = |boot: &Boot| (boot.node(), (boot.author.party, boot.node_key()));
    boots.iter().map(node).collect()
}
