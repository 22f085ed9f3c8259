"""Keys, frames and key messages."""

import channel
from identity import dumps

LINE, CHARTER = b"\x07" * 32, b"\x03" * 32
LOWER = {"party": (b"\x01" * 32).hex(), "node": (b"\x11" * 32).hex()}
HIGHER = {"party": (b"\x02" * 32).hex(), "node": (b"\x22" * 32).hex()}
CARRIED = [b"\x0a" * 32, b"\x0b" * 64]
BASE, NONCE, BOOT = b"\x05" * 32, bytes(range(16)), bytes(range(16, 32))


def schedule(generation, **changes):
    vector = {"object": "schedule", "line": LINE.hex(), "charter": CHARTER.hex(), "lower": LOWER, "higher": HIGHER}
    return {**vector, "carried": [tape.hex() for tape in CARRIED], "generation": generation, **changes}


def code(**changes):
    vector = {"object": "verifying-code", "line": LINE.hex(), "charter": CHARTER.hex(), "lower": LOWER, "higher": HIGHER}
    vector |= {"bases": [BASE.hex(), "06" * 32], "generation": 1, "epoch": 300, "outcome": "0c" * 32}
    vector |= {"caller": {**HIGHER, "boot": BOOT.hex()}, "called": {**LOWER, "boot": "ff" * 16}}
    return {**vector, "caller_nonce": NONCE.hex(), "called_nonce": "0d" * 16, **changes}


def salt(**changes):
    return {"object": "salt", "base": BASE.hex(), "boot": BOOT.hex(), "stream": 0, "sequence": 0, **changes}


def sealing(form, counter, padding, text, **more):
    vector = {"object": "seal", "base": BASE.hex(), "nonce": NONCE.hex(), "boot": BOOT.hex(), "form": form}
    return {**vector, "counter": counter, "padding": padding, "text": text.hex(), **more}


def frame(form="introduction", counter=0, text=b"Ready.", **more):
    return bytes.fromhex(channel.seal(sealing(form, counter, "none", text, **more))["frame"])


def opening(*frames):
    return {"object": "open", "base": BASE.hex(), "frames": [frame.hex() for frame in frames]}


def message(*fields):
    return {"object": "key-message", "bytes": dumps(list(fields)).hex()}


def request(*numbers, context="openline generation request 1", boot=BOOT):
    sides = [bytes.fromhex(side[field]) for side in (LOWER, HIGHER) for field in ("party", "node")]
    return dumps([context, LINE, CHARTER, *sides, boot, *numbers])


def valid():
    longest_tape = [b"\x0a" * 64, bytes(range(64))]
    named = {
        "schedule-generation-0": schedule(0),
        "schedule-generation-1": schedule(1),
        "schedule-generation-9": schedule(9),
        "schedule-another-line": schedule(0, line="08" * 32),
        "schedule-another-charter": schedule(0, charter="04" * 32),
        "schedule-longest-tapes": schedule(0, carried=[tape.hex() for tape in longest_tape]),
        "session": {"object": "session", "base": BASE.hex(), "nonce": NONCE.hex(), "boot": BOOT.hex()},
        "session-of-another-boot": {"object": "session", "base": BASE.hex(), "nonce": NONCE.hex(), "boot": "ff" * 16},
        "verifying-code": code(),
        "verifying-code-of-another-outcome": code(outcome="0e" * 32),
        "verifying-code-of-another-epoch": code(epoch=301),
        "verifying-code-under-other-keys": code(bases=["06" * 32, BASE.hex()]),
        "verifying-code-called-by-the-lower-side": code(
            caller={**LOWER, "boot": BOOT.hex()}, called={**HIGHER, "boot": "ff" * 16}
        ),
        "salt": salt(),
        "salt-of-the-traffic-stream": salt(stream=1),
        "salt-of-the-last-place": salt(sequence=2**64 - 1),
        "salt-of-another-boot": salt(boot="ff" * 16),
        "seal-introduction": sealing("introduction", 0, "none", b"Ready."),
        "seal-introduction-padded": sealing("introduction", 1, "classes", b"Ready."),
        "seal-nothing": sealing("frame", 0, "none", b""),
        "seal-frame": sealing("frame", 0, "none", b"Ready."),
        "seal-last-counter-in-the-first-byte": sealing("frame", 7, "none", b"Ready."),
        "seal-counter-of-one-byte": sealing("frame", 8, "none", b"Ready."),
        "seal-counter-of-two-bytes": sealing("frame", 256, "none", b"Ready."),
        "seal-fills-a-class": sealing("frame", 2, "classes", b"x" * 127),
        "seal-beyond-a-class": sealing("frame", 2, "classes", b"x" * 128),
        "seal-longest": sealing("frame", 2, "classes", b"x" * 1135),
        "seal-beyond-the-last-class": sealing("frame", 2, "classes", b"x" * 1136),
        "open-introduction": opening(frame()),
        "open-frame-behind-its-introduction": opening(frame(), frame("frame", 0)),
        "open-counters-out-of-order": opening(frame(counter=9), frame(counter=3)),
        "open-text-that-looks-like-padding": opening(frame(text=b"\x80\x00")),
        "key-message-welcome": message(1, 0, b"mls"),
        "key-message-commit": message(2, 0, 1, b"mls"),
        "key-message-key-package": message(3, 1, b"\x01" * 32, [7, b"\x02" * 32], b"mls"),
        "key-message-key-package-by-a-side-that-never-asked": message(3, 1, b"\x01" * 32, None, b"mls"),
        "key-message-request": message(4, request(7, 1), b"\x07" * 64),
        "key-message-accepted": message(5, 1, b"\x01" * 32),
        "key-message-outnumbered": message(6, request(2**64 - 1, 1), b"\x07" * 64),
    }
    for name, vector in named.items():
        yield name, {**vector, "gives": channel.taken(vector)}


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def invalid():
    good, plain = frame(), frame("frame")
    kid = channel.introduction_id(BASE)
    long = bytes([0xB8]) + kid.to_bytes(4, "big") + b"\x00"
    eight = bytes([0xF0]) + kid.to_bytes(8, "big")
    frames = {
        "malformed": {
            "open-nothing": b"",
            "open-key-id-alone": good[:5],
            "open-cut-below-a-tag": plain[:20],
            "open-key-id-of-one-byte": bytes([0x00]) + good[5:],
            "open-key-id-of-eight-bytes": eight + good[5:],
            "open-key-id-without-its-highest-bit": good[:1] + bytes([good[1] & 0x7F]) + good[2:],
            "open-counter-longer-than-need-be": long + good[5:],
        },
        "unknown": {
            "open-unknown-key-id": flip(good, 4),
            "open-frame-without-its-introduction": plain,
        },
        "forged": {
            "open-text-changed": flip(good, 6),
            "open-counter-changed": flip(good, 0),
            "open-nonce-changed": flip(good, len(good) - 20),
            "open-boot-changed": flip(good, len(good) - 1),
            "open-cut-short": good[:-1],
            "open-byte-behind-the-end": good + b"\x00",
        },
        "misbehaviour": {
            "open-without-the-closing-byte": frame(padded="00" * 9),
            "open-padded-with-another-byte": frame(padded="5265616479800001"),
        },
    }
    for why, named in frames.items():
        for name, data in named.items():
            yield name, {**opening(data), "refused_for": why}
    yield "open-introduction-twice", {**opening(good, good), "refused_for": "replay"}
    yield "open-frame-twice", {**opening(good, plain, plain), "refused_for": "replay"}
    yield "open-frame-changed", {**opening(good, flip(plain, 7)), "refused_for": "forged"}
    signed = request(7, 1)
    for name, vector in {
        "empty": {"object": "key-message", "bytes": ""},
        "of-an-unknown-kind": message(7, 0, b"mls"),
        "with-a-field-too-many": message(1, 0, b"mls", 0),
        "with-a-field-too-few": message(2, 0, b"mls"),
        "byte-behind-the-end": {"object": "key-message", "bytes": message(1, 0, b"mls")["bytes"] + "00"},
        "integer-not-canonical": {"object": "key-message", "bytes": "831801" + dumps(0).hex() + dumps(b"mls").hex()},
        "too-long": message(1, 0, bytes(16384)),
        "accepted-with-a-short-digest": message(5, 1, b"\x01" * 31),
        "request-with-a-short-signature": message(4, signed, b"\x07" * 63),
        "request-in-another-context": message(4, request(7, 1, context="openline generation request 2"), b"\x07" * 64),
        "request-without-its-index": message(4, request(7), b"\x07" * 64),
        "request-of-a-short-boot": message(4, request(7, 1, boot=BOOT[1:]), b"\x07" * 64),
        "request-with-a-byte-behind-the-end": message(4, signed + b"\x00", b"\x07" * 64),
    }.items():
        yield f"key-message-{name}", {**vector, "refused_for": "misbehaviour"}
