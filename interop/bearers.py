"""Frames on a line of bytes and in a file, by spec/bearers.md alone (OL-801 to OL-803, OL-811)."""

import zlib

SHORTEST, LONGEST = 21, 1232


class Refused(Exception):
    """What stood between two 0x00 is no frame."""

    def __init__(self, name, why=""):
        super().__init__(f"{name}: {why}")
        self.name = name


def checksum(frame):
    return zlib.crc32(frame).to_bytes(4, "big")


def stuff(data):
    """Consistent Overhead Byte Stuffing, without a group behind a whole one that ends the data."""
    out, rest = b"", data
    while True:
        run = rest.split(b"\0", 1)[0][:254]
        out += bytes([len(run) + 1]) + run
        rest = rest[len(run):]
        if not rest:
            return out
        if len(run) < 254:
            rest = rest[1:]


def unstuff(coded):
    out, rest = b"", coded
    while rest:
        length, rest = rest[0] - 1, rest[1:]
        if len(rest) < length:
            raise Refused("garbled", "a group ends beyond the frame")
        out, rest = out + rest[:length], rest[length:]
        if rest and length < 254:
            out += b"\0"
    if stuff(out) != coded:
        raise Refused("garbled", "another form")
    return out


def on_the_line(frame, sum_of=checksum):
    return b"\0" + stuff(frame + sum_of(frame)) + b"\0"


def taken(data):
    """The only frame in these bytes, or Refused."""
    pieces = [piece for piece in data.split(b"\0") if piece]
    assert len(pieces) == 1, "a vector has one piece"
    coded = pieces[0]
    if len(coded) > len(stuff(b"\1" * (LONGEST + 4))):
        raise Refused("size", f"{len(coded)} bytes")
    summed = unstuff(coded)
    if checksum(summed[:-4]) != summed[-4:]:
        raise Refused("garbled", "another sum")
    if not SHORTEST <= len(summed) - 4 <= LONGEST:
        raise Refused("size", f"{len(summed) - 4} bytes")
    return summed[:-4]


BEGINNING = b"openline bundle 1 "


def bundle(frames):
    """A file that is carried by hand (OL-811)."""
    return BEGINNING + str(len(frames)).encode() + b"\n" + b"".join(map(on_the_line, frames))


def unbundled(data):
    """The frames that are whole in a file, and how many it says that it had; or Refused."""
    line, end, rest = data.partition(b"\n")
    number = line.removeprefix(BEGINNING)
    if not end or not line.startswith(BEGINNING) or not number.isdigit() or len(number) > 20:
        raise Refused("not-a-bundle")
    frames = []
    for piece in rest.split(b"\0"):
        try:
            frames.extend([taken(piece)] if piece else [])
        except Refused:
            pass
    return frames, int(number)
