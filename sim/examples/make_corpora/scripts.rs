//! Scripts for the core: what each byte chooses, `fuzz/src/core_input.rs` says.

use super::Input;

/// The peer says something; a frame's route takes two bytes behind it.
const SAY: u8 = 0;
const STRANGER: u8 = 8;
const COMMAND: u8 = 9;
const LOADED: u8 = 10;
const SIGNED: u8 = 11;
const HINT: u8 = 12;
const WOKEN: u8 = 13;
const PASS: u8 = 14;
const HEAR: u8 = 15;

/// An honest *have*: challenge 9, wall clock 1.
const HAVE: &[u8] = &[SAY, 1, 1, 9, 1, 1, 1, 0, 0, 0];
/// Two honest entries in a frame: a start and what follows it, with no heads, no body.
const ENTRY: &[u8] = &[3, 0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 7, 0, 3, 0, 1, 0, 0];
const FLASH: &[u8] = &[
    COMMAND, 1, 1, 0, 2, 0, b'e', b'n', 3, 0, b'G', b'o', b'!', 1, 3, 0, 0,
];
const NEW_GENERATION: &[u8] = &[COMMAND, 1, 1, 4];

const HOUR: &[u8] = &[PASS, 249, 0x36, 0xEE, 80, 0, 0];
const CENTURY: &[u8] = &[PASS, 255, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const CLOCK_BACK: &[u8] = &[PASS, 200, 0, 1, 1];

/// Scripts with a plot.
#[rustfmt::skip] // a table
const SCRIPTS: &[(&str, &[&[u8]])] = &[
    ("nothing", &[]),
    ("have", &[HAVE]),
    ("have-and-echo", &[&[HEAR, 0], HAVE, &[HEAR, 0], HAVE, FLASH, HAVE]),
    ("wild-have", &[&[SAY, 1, 0, 255, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 1, 1, 0, 1, 2, 3, 255, 9, 9, 9]]),
    ("entries", &[ENTRY, ENTRY, ENTRY]),
    ("entries-and-time", &[ENTRY, HOUR, ENTRY, HOUR, HAVE]),
    ("flash", &[FLASH, HAVE, FLASH]),
    ("flash-to-nobody-for-a-century", &[FLASH, HOUR, CENTURY, FLASH]),
    ("clock-set-back", &[FLASH, CLOCK_BACK, FLASH, HAVE]),
    ("new-generation", &[NEW_GENERATION, &[HEAR, 1], &[SAY, 9, 0, 0], HAVE, &[HEAR, 1], HAVE]),
    ("new-generation-refused", &[NEW_GENERATION, &[HEAR, 0], HOUR, NEW_GENERATION, HAVE]),
    ("request-by-the-peer", &[HAVE, &[SAY, 8, 0, 1, 9, 1, 0, 0, 0], HOUR, HAVE]),
    ("our-own-request-outnumbered", &[NEW_GENERATION, &[SAY, 8, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 1]]),
    ("garbage-in-a-frame", &[&[SAY, 0, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0], FLASH]),
    ("wants", &[FLASH, &[SAY, 6, 3, 1, 4, 0, 0, 2, 4, 1, 250, 1, 1, 1], HOUR]),
    ("pieces", &[&[SAY, 7, 1, 7, 0, 4, 0, 1, 2, 3, 4], &[SAY, 7, 1, 7, 1, 4, 0, 1, 2, 3, 4]]),
    ("keys", &[&[SAY, 8, 1, 9, 0, 0x83, 1, 0, 0x44, 1, 2, 3, 4, 5], FLASH]),
    ("replay", &[HAVE, &[STRANGER, 1, 0, 0, 0], HAVE, &[STRANGER, 1, 1, 0, 0]]),
    ("reflection", &[FLASH, &[STRANGER, 2, 0, 0, 0], &[STRANGER, 2, 1, 0, 0]]),
    ("changed-on-its-way", &[HAVE, &[STRANGER, 3, 0, 9, 1, 0, 0]]),
    ("noise", &[&[STRANGER, 0, 40, 0], &[0x5A; 40], &[0, 0], FLASH]),
    ("loaded-without-a-question", &[FLASH, &[LOADED, 0, 0, 0, 3, 0, 1, 2], &[LOADED, 0, 1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 0, 1]]),
    ("signed-without-a-question", &[&[SIGNED, 3], &[9; 64], FLASH]),
    ("hints", &[&[HINT, 1, 2, 9], &[HINT, 0, 1, 3], &[HINT, 1, 2, 10], HOUR, HAVE]),
    ("woken-for-nothing", &[&[WOKEN; 12], FLASH, &[WOKEN; 4]]),
    ("actor-that-deceives", &[&[COMMAND, 0, 4, 0, b'a', 0x1B, b'[', b'J', 1, 1, 2, 0, b'G', b'o'], FLASH]),
    ("silence", &[&[COMMAND, 1, 1, 3, 249, 0x27, 0x10, 0, 2, 0, b'G', b'o', 1], HOUR, HAVE]),
    ("receipt-for-our-own", &[&[COMMAND, 1, 1, 2, 1, 2, 0, 1, 1], HAVE]),
];

/// Something is put into the bag: what, stands behind it as for [`SAY`].
const CARRY: u8 = 0;
const HEARD: u8 = 3;
const STRANGE: u8 = 4;
/// One of the bag is brought, changed at a place, and as it is.
const BRING: &[u8] = &[5, 0, 9, 1];

/// Scripts for the target `bundle`.
#[rustfmt::skip] // a table
const BUNDLES: &[(&str, &[&[u8]])] = &[
    ("nothing", &[]),
    ("a-file", &[b"openline bundle 1 2\n\x00\x01\x01\x00"]),
    ("not-a-file", &[b"openline bundle 2 2\n"]),
    ("have", &[&[CARRY], HAVE_CARRIED, BRING]),
    ("entries", &[ENTRY_CARRIED, BRING, ENTRY_CARRIED, BRING]),
    ("entries-late", &[ENTRY_CARRIED, ENTRY_CARRIED, ENTRY_CARRIED]),
    ("garbage", &[&[CARRY, 0, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9], BRING]),
    ("wants", &[&[CARRY, 6, 3, 1, 4, 0, 0, 2, 4, 1, 250, 1], BRING]),
    ("pieces", &[&[CARRY, 7, 1, 7, 0, 4, 0, 1, 2, 3, 4], &[CARRY, 7, 1, 7, 1, 4, 0, 1, 2, 3, 4], BRING]),
    ("keys", &[&[CARRY, 8, 1, 9, 0, 0x83, 1, 0, 0x44, 1, 2, 3, 4, 5], BRING]),
    ("a-strangers", &[&[STRANGE, 40, 0], &[0x5A; 40], BRING, ENTRY_CARRIED]),
    ("beside-what-is-heard", &[&[HEARD], HAVE_CARRIED, ENTRY_CARRIED, BRING, &[HEARD], HAVE_CARRIED]),
];

/// What stands in [`HAVE`] behind its first byte, without a route.
const HAVE_CARRIED: &[u8] = &[1, 1, 9, 1, 1, 1, 0];

/// As [`ENTRY`], to be carried.
const ENTRY_CARRIED: &[u8] = &[CARRY, 3, 0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 7, 0, 3, 0, 1];

/// The scripts as inputs.
pub fn inputs() -> Vec<Input> {
    let of = |target: &'static str, scripts: &[(&'static str, &[&[u8]])]| -> Vec<Input> {
        let each = scripts.iter();
        each.map(|(name, parts)| (target, *name, parts.concat()))
            .collect()
    };
    [of("core_input", SCRIPTS), of("bundle", BUNDLES)].concat()
}
