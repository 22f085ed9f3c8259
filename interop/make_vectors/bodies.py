"""What stands in a frame."""

import channel
from identity import dumps
from party import changed

BOOT, DIGEST, SIGNATURE = b"\x01" * 4, b"\x09" * 32, b"\x07" * 64
HAVE = [0, 60_000, 1_652_432_400_000, 1, [BOOT, 59_000, 40], [1 << 31, 2**32 - 1], [16_777_219, 40, 38], [[BOOT, 0, 12, 2, 5]], []]
BRIEF = [BOOT, 1, 5, 1, -3]
DELTA = [*BRIEF, None, [[BOOT, 0, 7, None]], None, None, None, b"", None]
CONFIRM = [7, -3, None, [[BOOT, 1, 12]]]
ACTOR = ["Lt. Orlova", 2, "orlova"]


def packed(header, body=None):
    return [header, SIGNATURE, body]


def entries(*items):
    return [1, list(items)]


def delta(place, new):
    return entries(packed(changed(DELTA, [place], new)))


def vector(*bodies):
    return {"object": "bodies", "bytes": b"".join(map(dumps, bodies)).hex()}


def valid():
    full = changed(changed(changed(DELTA, [5], DIGEST), [7], [1, 0, 3]), [9], ACTOR)
    named = {
        "nothing": vector(),
        "have": vector(HAVE),
        "have-of-nothing": vector([0, 0, 0, 0, None, [], None, [], []]),
        "have-with-a-whole-boot-name": vector(changed(HAVE, [7, 0, 0], b"\x01" * 16)),
        "have-with-16-ranges": vector(changed(HAVE, [7, 0], [BOOT, 0, 12] + [1, 1] * 16)),
        "have-with-open-rings": vector(changed(HAVE, [8], [9, 2**64 - 1])),
        "have-with-8-rings": vector(changed(HAVE, [8], list(range(8)))),
        "entry-whole": vector(entries(packed(b"header", [b"\x06" * 16, b"\x00Ready."]))),
        "entry-delta": vector(entries(packed(DELTA))),
        "entry-brief": vector(entries(packed(BRIEF, [None, b"\x00Ready."]))),
        "entry-brief-of-the-sealing-boot": vector(entries(packed([None, *BRIEF[1:]], [b"\x06" * 16, b"\x00Ready."]))),
        "entry-delta-of-the-sealing-boot": vector(entries(packed([None, *DELTA[1:]]))),
        "entry-delta-with-all-fields": vector(entries(packed(full))),
        "entry-delta-of-an-unknown-kind": vector(delta(7, [4711, 2, 3])),
        "want": vector([2, [[BOOT, 2, 9], [BOOT, 0, 2**64 - 1]]]),
        "want-of-nothing": vector([2, []]),
        "fragment": vector([3, 7, 127, 128, b"piece"]),
        "keys": vector([4, b"key message"]),
        "pull": vector([5, DIGEST, 7, 2**64 - 1, 40, [0, 3, 5, 1]]),
        "pull-of-nothing": vector([5, DIGEST, 0, 3, 0, []]),
        "pull-with-32-ranges": vector([5, DIGEST, 0, 3, 0, [1, 1] * 32]),
        "piece": vector([6, 2**64 - 1, 65_600, 2**64 - 1, bytes(1_024)]),
        "confirm": vector(CONFIRM),
        "confirm-with-a-report": vector(changed(CONFIRM, [2], [16_777_219, 40, 38])),
        "confirm-of-two-chains": vector(changed(CONFIRM, [3], [[BOOT, 1, 12], [BOOT, 0, 0, 2, 5]])),
        "confirm-and-entry": vector(CONFIRM, entries(packed(BRIEF))),
        "have-and-entry": vector(HAVE, entries(packed(DELTA))),
        "sixteen-bodies": vector(*[[2, []]] * 16),
    }
    for name, value in named.items():
        yield f"bodies-{name}", {**value, "gives": channel.taken(value)}


def invalid():
    have = dumps(HAVE)
    named = {
        "two-haves": vector(HAVE, HAVE),
        "seventeen": vector(*[[2, []]] * 17),
        "of-an-unknown-kind": vector([8, b""]),
        "confirm-of-no-chain": vector(changed(CONFIRM, [3], [])),
        "confirm-of-nothing-held": vector(changed(CONFIRM, [3], [[BOOT, 1, 0, 2, 5], [BOOT, 0, 1]])),
        "confirm-with-a-challenge": vector([*CONFIRM, 7]),
        "confirm-with-a-later-that-is-no-number": vector(changed(CONFIRM, [1], None)),
        "confirm-by-a-name-of-3-bytes": vector(changed(CONFIRM, [3, 0, 0], BOOT[:3])),
        "delta-long-that-says-nothing-more": vector(entries(packed([*BRIEF, *channel.SAME]))),
        "delta-of-six-fields": vector(entries(packed([*BRIEF, None]))),
        "delta-whole-without-its-salt": vector(entries(packed(b"header", [None, b"\x00Ready."]))),
        "pull-of-a-ninth-file": vector([5, DIGEST, 8, 3, 0, [0, 3]]),
        "pull-by-a-short-id": vector([5, DIGEST[1:], 0, 3, 0, [0, 3]]),
        "pull-with-half-a-range": vector([5, DIGEST, 0, 3, 0, [0]]),
        "pull-with-an-empty-range": vector([5, DIGEST, 0, 3, 0, [2, 0]]),
        "pull-with-ranges-that-touch": vector([5, DIGEST, 0, 3, 0, [0, 3, 0, 1]]),
        "pull-with-33-ranges": vector([5, DIGEST, 0, 3, 0, [1, 1] * 33]),
        "piece-too-long": vector([6, 3, 0, 0, bytes(1_025)]),
        "a-number-alone": vector(0),
        "array-without-a-length": {"object": "bodies", "bytes": "9f0280ff"},
        "kind-not-canonical": {"object": "bodies", "bytes": "82180280"},
        "cut-short": {"object": "bodies", "bytes": have[:-1].hex()},
        "good-and-then-garbage": {"object": "bodies", "bytes": (have + b"\xff").hex()},
        "have-without-a-list-of-rings": vector(HAVE[:8]),
        "have-with-null-for-no-rings": vector(changed(HAVE, [8], None)),
        "have-with-a-ring-twice": vector(changed(HAVE, [8], [9, 9])),
        "have-with-rings-out-of-order": vector(changed(HAVE, [8], [10, 9])),
        "have-with-9-rings": vector(changed(HAVE, [8], list(range(9)))),
        "have-with-a-field-too-many": vector([*HAVE, 0]),
        "have-with-an-unknown-flag": vector(changed(HAVE, [3], 4)),
        "have-beyond-the-calendar": vector(changed(HAVE, [2], 253_402_300_800_000)),
        "have-that-echoes-a-name-of-3-bytes": vector(changed(HAVE, [4, 0], BOOT[:3])),
        "have-with-17-confirmed-keys": vector(changed(HAVE, [5], [1 << 31] * 17)),
        "have-with-a-key-id-of-5-bytes": vector(changed(HAVE, [5], [1 << 32])),
        "have-with-an-empty-range": vector(changed(HAVE, [7, 0], [BOOT, 0, 12, 0, 5])),
        "have-with-half-a-range": vector(changed(HAVE, [7, 0], [BOOT, 0, 12, 2])),
        "have-with-17-ranges": vector(changed(HAVE, [7, 0], [BOOT, 0, 12] + [1, 1] * 17)),
        "have-with-385-chains": vector(changed(HAVE, [7], [[BOOT, 0, 1]] * 385)),
        "have-of-an-unknown-stream": vector(changed(HAVE, [7, 0, 1], 3)),
        "entries-without-an-entry": vector(entries()),
        "entries-17": vector(entries(*[packed(b"header")] * 17)),
        "entry-with-a-header-too-long": vector(entries(packed(bytes(45_057)))),
        "entry-with-a-short-signature": vector(entries([b"header", SIGNATURE[1:], None])),
        "entry-with-a-short-salt": vector(entries(packed(b"header", [b"\x06" * 15, b"\x00"]))),
        "entry-with-a-body-too-long": vector(entries(packed(b"header", [b"\x06" * 16, bytes(33_026)]))),
        "delta-against-itself": vector(delta(3, 0)),
        "delta-by-a-name-of-3-bytes": vector(delta(0, BOOT[:3])),
        "delta-by-a-name-of-17-bytes": vector(delta(0, b"\x01" * 17)),
        "delta-with-a-head-of-size-0": vector(delta(6, [[BOOT, 0, 0, None]])),
        "delta-with-a-head-by-a-name-of-3-bytes": vector(delta(6, [[BOOT[:3], 0, 1, None]])),
        "delta-with-193-heads": vector(delta(6, [[BOOT, 0, 1, None]] * 193)),
        "delta-with-an-unknown-mark": vector(delta(7, [1, 3, 0])),
        "delta-with-an-unknown-precedence": vector(delta(7, [1, 0, 4])),
        "delta-with-a-deceptive-actor": vector(delta(9, ["Orlova\u202e", 1, ""])),
        "delta-with-an-actor-too-long": vector(delta(9, ["O" * 129, 1, ""])),
        "want-17": vector([2, [[BOOT, 0, 1]] * 17]),
        "want-by-a-name-of-3-bytes": vector([2, [[BOOT[:3], 0, 1]]]),
        "fragment-beyond-the-last": vector([3, 7, 8, 8, b"piece"]),
        "fragment-of-129": vector([3, 7, 0, 129, b"piece"]),
        "fragment-of-none": vector([3, 7, 0, 0, b"piece"]),
        "fragment-too-long": vector([3, 7, 0, 2, bytes(1136)]),
        "keys-too-long": vector([4, bytes(16_385)]),
    }
    for name, value in named.items():
        yield f"bodies-{name}", {**value, "refused_for": "malformed"}
