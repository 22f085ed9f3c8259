//! Every limit on what comes from outside, with its reason. Checked before parsing or allocating.

/// A datagram that passes every IPv6 path unfragmented: the minimum MTU of 1280 (RFC 8200 section 5)
/// less 40 of IPv6 and 8 of UDP.
pub const DATAGRAM: usize = 1232;

/// Plaintext of one frame: the largest class that padding fills up to below a datagram, 1136 bytes, less its
/// closing byte. With the largest overhead of sealing, an introduction (SFrame header 13, tag 16, nonce 16, boot
/// 16), that is 1197 bytes; one byte of text more would be padded beyond [`DATAGRAM`] and lost.
pub const FRAME_PLAINTEXT: usize = 1_135;

/// Words (UAX #29) in a FLASH or IMMEDIATE text: the field's rule for urgent traffic.
pub const URGENT_WORDS: usize = 200;

/// Bytes (UTF-8) in a FLASH or IMMEDIATE text: 200 words of ten letters, and what stops a text without
/// spaces from holding the line.
pub const URGENT_BYTES: usize = 2_000;

/// Bytes in any text: ten pages, and eight such texts fit into the reassembly buffer of a peer.
pub const TEXT: usize = 32 * 1024;

/// Bytes of a file that goes with a message: a map, a scan of a treaty, an hour of speech.
pub const ATTACHMENT: u64 = 64 * 1024 * 1024;

/// Files that go with one message: what a person looks through at once.
pub const ATTACHMENTS: usize = 8;

/// Bytes of a file's name: the longest that file systems take.
pub const ATTACHMENT_NAME: usize = 255;

/// Bytes of a chunk of a file, which is checked and written down as a whole: its hash is a thousandth of it, and what a crash costs of
/// it is seconds of any bearer that carries files.
pub const CHUNK: usize = 32 * 1024;

/// Bytes of a piece of a chunk: what a frame carries beside its other fields. A chunk is a whole number of them.
pub const PIECE: usize = 1_024;

/// Bytes of files of the other party's that are kept on a line, beyond which no more are fetched: a thirty-second of a small disk. What
/// nobody needs any more can be removed.
pub const FILES_KEPT: u64 = 1024 * 1024 * 1024;

/// Ranges of pieces that one *pull* asks for.
pub const PULL_RANGES: usize = 32;

/// Bytes in an entry's body: the text and its language tag. What goes with a message is named in the same room.
pub const BODY: usize = TEXT + 256;

/// Bytes in a header: a start that lists [`FRONTIER`] chains and [`HEADS`] heads still fits.
pub const HEADER: usize = 44 * 1024;

/// Bytes of a packed entry on the wire: header, body, signature and salt.
pub const PACKED_ENTRY: usize = HEADER + BODY + 256;

/// Heads in one entry: three streams for each live, incomplete or uncovered boot ([`BOOTS`]).
pub const HEADS: usize = 3 * BOOTS;

/// Boots of one node that a peer follows at one time before earlier ones are covered. A machine that
/// restarts more often than that without once reaching its peer is broken.
pub const BOOTS: usize = 64;

/// Chains that a start may list: as [`HEADS`].
pub const FRONTIER: usize = HEADS;

/// Bytes of kind-specific facts in a header: a start with a full frontier.
pub const FACT: usize = 24 * 1024;

/// Messages that one receipt may name: a screen full, many times over.
pub const RECEIPT_TARGETS: usize = 64;

/// Bytes of an operator's name.
pub const ACTOR_NAME: usize = 128;

/// Bytes of a party's or an office's name.
pub const NAME: usize = 128;

/// Bytes of a language tag (RFC 5646 section 4.4.1 asks for room for 35).
pub const LANGUAGE: usize = 35;

/// Entries in one frame: the smallest packed entry is over 80 bytes.
pub const ENTRIES_PER_FRAME: usize = 16;

/// Bodies in one frame.
pub const BODIES_PER_FRAME: usize = 16;

/// Chains in one *have*: as [`HEADS`] for both parties.
pub const HAVE_CHAINS: usize = 2 * HEADS;

/// Gaps that one *have* reports for a chain; what lies beyond the last is sent again.
pub const HAVE_RANGES: usize = 16;

/// Requests in one *want*.
pub const WANTS: usize = 16;

/// Key ids confirmed by one *have*: each bearer of two boots.
pub const CONFIRMS: usize = 16;

/// Bytes of one key message: an MLS Welcome with the post-quantum suite is 4.2 kB.
pub const KEY_MESSAGE: usize = 16 * 1024;

/// Fragments of one large body: [`PACKED_ENTRY`] in pieces of half a datagram.
pub const FRAGMENTS: usize = 128;

/// Reassemblies under way for one peer; the oldest gives way.
pub const REASSEMBLIES: usize = 8;

/// Out-of-order entries accepted beyond the contiguous part of one chain. A peer with more in flight
/// than that waits for our *have*.
pub const AHEAD: u64 = 8_192;

/// Milliseconds that an author's time may be ahead of ours before it is shown as doubtful. Nothing is
/// refused for its time: a clock a day wrong stops nothing (C6).
pub const CLOCK_DOUBT_MS: u64 = 120_000;

/// Longest silence that can be announced, in milliseconds: thirty days. A longer one says that nobody is there.
pub const SILENCE_MS: u64 = 30 * 24 * 3_600_000;

/// Shortest time that a ring lasts, in milliseconds: to hear a bell and reach for it.
pub const RING_MIN_MS: u64 = 5_000;

/// Until an urgent ring has been offered to everybody who may answer for the called office, in milliseconds: as long as an
/// urgent text may take to reach any officer on watch.
pub const LADDER_URGENT_MS: u64 = 10_000;

/// Longest time that a ring lasts, in milliseconds: who has not come in half an hour does not hear it, and whoever
/// calls rings again, or a higher office.
pub const RING_MAX_MS: u64 = 30 * 60_000;

/// Rings that one boot has open at one time, and names in each *have*: more than any watch speaks on at once.
pub const OPEN_RINGS: usize = 8;

/// Bytes of a nonce of a verifying: 128 bits, so that nobody finds it from its commitment.
pub const VERIFYING_NONCE: usize = 16;

/// Places in one proposal: a corridor has two ends, an area a handful of corners, and a person reads all of them back.
pub const PLACES: usize = 8;

/// Characters of a place as it is typed: degrees, minutes and seconds twice, generously spaced.
pub const PLACE_TYPED: usize = 96;

/// Characters of a time as it is typed.
pub const TIME_TYPED: usize = 32;

/// Entries of contacts that count of one boot: two hundred contacts of twenty entries each. Bounds what a peer makes us
/// hold in memory; a boot that has written as many begins no more, and the next boot of its node counts anew.
pub const CONTACT_ENTRIES: usize = 4_096;

/// Of these, entries that count in one contact: eighty agreements with their read-backs. Bounds what one more of them costs; who
/// has more to agree on rings again.
pub const ENTRIES_IN_ONE_CONTACT: usize = 256;

/// How far ahead a time may lie before it is doubted, in milliseconds: a year. Beyond it, a digit of the year is wrong more
/// often than not.
pub const TERM_DOUBT_MS: u64 = 366 * 86_400_000;
/// So long after our start a way that has not answered yet may be one that was cut before: ten minutes, in which it is asked more often than
/// a person looks.
pub const WAYS_AWAITED_MS: u64 = 10 * 60_000;
/// Rings of one line of which a station knows by heart how they stand: weeks of a busy line. Of those before, its record
/// tells.
pub const RINGS: usize = 512;

/// Watches that one entry ends, and suspensions: two stand at one time if two machines did not hear each other, and no
/// station has this many.
pub const ENDED_AT_ONCE: usize = 16;

/// Entries that a hand-over names as open: who comes has to read them all before he takes over.
pub const OPEN_ITEMS: usize = 64;

/// The shortest time after which an officer may say that he will confirm his presence, in milliseconds: more often than once
/// a minute nobody does anything else.
pub const CONFIRM_MIN_MS: u64 = 60_000;

/// The longest such time, in milliseconds, also that a charter allows: no watch is longer than a day.
pub const CONFIRM_MAX_MS: u64 = 86_400_000;

/// Watches of one party that are remembered: three weeks of three a day, for the receipts of that time.
pub const WATCHES: usize = 64;

/// Entries about watches and suspensions of one party that are remembered in all: what [`WATCHES`] watches need (how each
/// began, was handed over, and ended), and as many again that name what is not held here.
pub const WATCH_ENTRIES: usize = 6 * WATCHES;

/// The longest time that one roster plans, in milliseconds: a quarter of a year.
pub const ROSTER_MS: u64 = 92 * 86_400_000;

/// Shifts of one roster: four a day for the longest time that it plans. With [`ROSTER_OFFICERS`] names of the greatest length
/// that is 17 kB, within [`FACT`].
pub const SHIFTS: usize = 368;

/// Officers that one roster names: more than any watch has.
pub const ROSTER_OFFICERS: usize = 64;

/// Rosters of one party that stand at one time: as many as one entry replaces.
pub const ROSTERS: usize = ENDED_AT_ONCE;

/// Presences of one party that are remembered, the latest of each officer and watch.
pub const PRESENCES: usize = 2 * WATCHES;

/// Starts of one party that are remembered to tell what its boots know: twice as many boots as one node may have uncovered.
pub const STARTS: usize = 2 * BOOTS;

/// The shortest time between two answers to call-ups, in milliseconds: tests come by the hour, and one that a person
/// asks for may be repeated by hand.
pub const READY_APART_MS: u64 = 10_000;

/// The shortest time between two call-ups of one boot, in milliseconds: twice that between two answers to them, so that no two
/// come too close together on a way whose delay varies.
pub const CALL_UPS_APART_MS: u64 = 20_000;

/// Tests of the line that are followed at one time for each side; the oldest gives way. One is under way, and those before
/// it wait for a person.
pub const TESTS: usize = 16;

/// Tests of one side of which a station knows by heart what came of them: more than two days of the usual timetable. Of those
/// before, its record tells.
pub const TESTS_TOLD: usize = 32;

/// Entries of tests that a station reads at its start: those of a day, with as many that persons asked for as there are texts,
/// and more than the tests that it knows by heart.
pub const TEST_ENTRIES: usize = 1_024;

/// The longest exercise that can be agreed on, in milliseconds: a week. A longer one is agreed on again.
pub const EXERCISE_MS: u64 = 7 * 86_400_000;

/// Exercises of each party's proposing that are remembered, over or not: far more than two staffs hold in a year. What they
/// were is on record.
pub const EXERCISES: usize = 64;

/// A time beyond the year 9999 has no calendar form.
pub const LATEST_TIME_MS: u64 = 253_402_300_799_999;

/// Bytes of a card or line file.
pub const FILE: usize = 256 * 1024;

/// Names of one party or office: the working languages of the largest organisations are two dozen.
pub const NAMES: usize = 32;

/// Nodes that one card certifies, and nodes that it revokes: a station has a few, over decades.
pub const CARD_NODES: usize = 32;

/// Bytes of an MLS leaf's signature public key: ML-DSA-87's is the longest known.
pub const LEAF_KEY: usize = 2592;

/// Addresses in one card or line file.
pub const ADDRESSES: usize = 16;

/// Bytes of one address: a DNS name has at most 253 (RFC 1035 section 3.1), scheme and port the rest.
pub const ADDRESS: usize = 280;

/// Addresses that one announcement lists: as many ways to a peer as a station keeps. More could not be tried, and would only name
/// more who may be a third party.
pub const REACHABLE_AT: usize = 8;

/// Parties of one line (B11).
pub const PARTIES: usize = 9;

/// Offices in one charter: a full ladder for each of [`PARTIES`].
pub const OFFICES: usize = 128;

/// Bytes of an office's identifier in a charter: a word or two.
pub const OFFICE_ID: usize = 32;

/// Counterparts or substitutes that one office names.
pub const OFFICE_LINKS: usize = 16;

/// Bytes of a charter: [`OFFICES`] with names in a few languages each.
pub const CHARTER: usize = 64 * 1024;

/// Bytes of a card: two root keys, a root signature, [`CARD_NODES`] certificates.
pub const CARD: usize = 112 * 1024;

/// Least bytes of a tape: 256 bits, against a quantum search as well.
pub const TAPE_MIN: usize = 32;

/// Most bytes of a tape: the block of the hash it is fed into.
pub const TAPE_MAX: usize = 64;

/// The longest time limit that a charter may set: a day, in milliseconds. Beyond it, silence says nothing.
pub const CADENCE_MS: u64 = 86_400_000;

/// The shortest cadence of echoes, in milliseconds: below it a quiet line would carry little else.
pub const ECHO_MIN_MS: u64 = 200;

/// The shortest life of an MLS epoch that a charter may set, in milliseconds: a commit of 4 kB once a
/// second is already most of a thin bearer.
pub const ROTATE_MIN_MS: u64 = 1_000;

/// The shortest cadence of tests that a charter may set, in milliseconds: a quarter of an hour. Each of two parties then
/// sends forty-eight texts a day by the timetable, and of the sixty-four that it has none may come again within a day
/// (OL-759); the rest is for tests that persons ask for. A test's two minutes also fit into a quarter of it (OL-756).
pub const TEST_MIN_MS: u64 = 900_000;

/// Days that a charter may ask for bodies to be kept: a hundred years.
pub const RETENTION_DAYS: u64 = 36_525;

/// The highest level of an office: no ladder of command has more rungs.
pub const OFFICE_LEVEL: u64 = 16;

/// Bytes of one item of a record file. The head is the longest: the charter, and one card for each party.
pub const RECORD_ITEM: usize = CHARTER + PARTIES * CARD + 1024;
