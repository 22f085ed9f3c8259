"""Files that are carried by hand."""

from bearers import BEGINNING, LONGEST, SHORTEST, bundle, on_the_line, unbundled

FRAMES = [bytes(range(1, SHORTEST + 1)), bytes(100), bytes([1 + n % 255 for n in range(LONGEST)])]


def vector(data):
    frames, promised = unbundled(data)
    gives = {"frames": [frame.hex() for frame in frames], "promised": promised}
    return {"object": "bundle", "bytes": data.hex(), "gives": gives}


def valid():
    whole = bundle(FRAMES)
    changed = bytearray(whole)
    changed[len(BEGINNING) + 30] ^= 1
    named = {
        "three-frames": whole,
        "no-frames": bundle([]),
        "cut-short": whole[:-700],
        "cut-behind-the-last-code": whole[:-1],
        "a-byte-changed": bytes(changed),
        "in-another-order": BEGINNING + b"3\n" + b"".join(map(on_the_line, FRAMES[::-1])),
        "more-than-it-says": BEGINNING + b"1\n" + b"".join(map(on_the_line, FRAMES)),
        "pauses-between": BEGINNING + b"2\n" + on_the_line(FRAMES[0]) + bytes(50) + on_the_line(FRAMES[1]),
    }
    for name, data in named.items():
        yield name, vector(data)


def invalid():
    named = {
        "empty": b"",
        "first-line-alone-and-cut-short": BEGINNING + b"3",
        "another-version": b"openline bundle 2 3\n" + on_the_line(FRAMES[0]),
        "no-number": BEGINNING + b"\n" + on_the_line(FRAMES[0]),
        "a-sign": BEGINNING + b"-3\n",
        "a-blank-too-many": BEGINNING + b" 3\n",
        "endless-number": BEGINNING + b"9" * 30 + b"\n",
        "frames-alone": on_the_line(FRAMES[0]),
    }
    for name, data in named.items():
        yield name, {"object": "bundle", "bytes": data.hex(), "refused_for": "not-a-bundle"}
