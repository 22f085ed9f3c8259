"""Frames on a line of bytes."""

from bearers import LONGEST, SHORTEST, checksum, on_the_line, stuff

FRAME = bytes(range(40))


def without_zeros(length):
    """Frames of a length that have no zero, nor has their sum."""
    frames = (bytes([1 + (n + seed) % 255 for n in range(length)]) for seed in range(255))
    return next(frame for frame in frames if 0 not in checksum(frame))


def valid():
    named = {
        "shortest": bytes(range(1, SHORTEST + 1)),
        "longest": bytes([1 + n % 255 for n in range(LONGEST)]),
        "zeros-alone": bytes(100),
        "zeros-at-both-ends": b"\0" + b"\7" * 30 + b"\0",
        "some-zeros": FRAME,
        "one-whole-group": without_zeros(250),
        "a-whole-group-and-a-byte": without_zeros(251),
        "a-whole-group-and-a-zero": without_zeros(254) + b"\0" * 3,
        "two-whole-groups": without_zeros(504),
    }
    for name, frame in named.items():
        yield name, {"object": "line", "bytes": on_the_line(frame).hex(), "gives": {"frame": frame.hex()}}


def invalid():
    good = on_the_line(FRAME)
    changed = bytearray(good)
    changed[30] ^= 1
    whole = on_the_line(without_zeros(250))
    named = {
        "a-bit-changed": ("garbled", bytes(changed)),
        "a-byte-missing": ("garbled", good[:20] + good[21:]),
        "a-byte-twice": ("garbled", good[:20] + good[19:]),
        "cut-short": ("garbled", good[:25] + b"\0"),
        "begun-late": ("garbled", b"\0" + good[25:]),
        "no-sum": ("garbled", b"\0" + stuff(FRAME) + b"\0"),
        "sum-alone": ("size", on_the_line(b"")),
        "sum-in-the-other-order": ("garbled", on_the_line(FRAME, lambda frame: checksum(frame)[::-1])),
        "a-group-beyond-the-end": ("garbled", b"\0\x30\x01\x02\x03\0"),
        "a-group-too-many": ("garbled", whole[:-1] + b"\1\0"),
        "two-frames-and-no-zero-between": ("garbled", good[:-1] + good[1:]),
        "too-short": ("size", on_the_line(bytes(range(SHORTEST - 1)))),
        "too-long": ("size", on_the_line(bytes([1 + n % 255 for n in range(LONGEST + 1)]))),
        "too-long-and-short-when-coded": ("size", on_the_line(bytes(LONGEST + 1))),
        "without-an-end": ("size", b"\0" + b"\7" * 2_000),
    }
    for name, (refused_for, data) in named.items():
        yield name, {"object": "line", "bytes": data.hex(), "refused_for": refused_for}
