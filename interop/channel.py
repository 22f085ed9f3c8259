"""Keys, frames, key messages and bodies by spec/channels.md, spec/synchronisation.md and their CDDL alone."""

import hashlib
import hmac
import io

import cbor2
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shape import Form, array, ascends, bstr, either, integer, many, maybe, need, only, read, tstr, uint

CLASSES = [128, 256, 512, 1024, 1136]


class Refused(Exception):
    """Silence, or misbehaviour."""

    def __init__(self, name, why=""):
        super().__init__(f"{name}: {why}")
        self.name = name


def extract(salt, material, hashed="sha256"):
    return hmac.new(salt, material, hashed).digest()


def expand(secret, info, length, hashed="sha256"):
    """RFC 5869 section 2.3."""
    out, block = b"", b""
    for n in range(1, 256):
        if len(out) >= length:
            return out[:length]
        block = hmac.new(secret, block + info + bytes([n]), hashed).digest()
        out += block
    raise AssertionError("too long")


def number(value):
    return value.to_bytes(8, "big")


# ---- keys ----


def binding(line, charter, lower, higher):
    """OL-101."""
    return hashlib.sha256(b"openline channel 1" + line + charter + lower + higher).digest()


def tape(carried, index):
    """OL-110, OL-111."""
    secret = extract(b"openline tape 1", carried)
    for _ in range(index):
        secret = expand(secret, b"openline tape successor 1", 32)
    return secret


def bases(bound, generation, lower, higher, tapes, label):
    """OL-112, OL-113: of what the lower side sends, and of what the higher one sends."""
    both = extract(bound, tapes[0] + tapes[1])
    return [expand(both, label + number(generation) + side, 32) for side in (lower, higher)]


def psk(bound, generation, node, secret):
    """OL-143."""
    value = expand(extract(bound, secret), b"openline psk 1" + number(generation) + node, 32)
    return b"openline tape 1" + number(generation) + node, value


def key_id(four):
    """OL-123."""
    return int.from_bytes(four, "big") | 1 << 31


def introduction_id(base):
    """OL-121."""
    return key_id(expand(base, b"openline introduction id 1", 4))


def session(base, nonce, boot):
    """OL-122."""
    secret = expand(base, b"openline session 1" + nonce + boot, 32)
    return {
        "introduction": (introduction_id(base), expand(secret, b"openline introduction key 1", 32)),
        "frame": (key_id(expand(secret, b"openline key id 1", 4)), expand(secret, b"openline frame key 1", 32)),
    }


def hexes(items):
    return [item.hex() for item in items]


def schedule(vector):
    """All that two tapes give for a generation."""
    line, charter = unhex(vector, "line"), unhex(vector, "charter")
    sides = [unhex(vector["lower"], "party") + unhex(vector["lower"], "node")]
    sides.append(unhex(vector["higher"], "party") + unhex(vector["higher"], "node"))
    generation, bound = vector["generation"], binding(line, charter, *sides)
    tapes = [tape(bytes.fromhex(carried), generation) for carried in vector["carried"]]
    psks = [psk(bound, generation, side[32:], secret) for side, secret in zip(sides, tapes)]
    traffic = bases(bound, generation, *sides, tapes, b"openline tape key 1")
    courier = bases(bound, generation, *sides, tapes, b"openline courier key 1")
    doors = [expand(base, b"openline door key 1", 32) for base in courier]
    return {
        "binding": bound.hex(),
        "tapes": hexes(tapes),
        "traffic": hexes(traffic),
        "request": hexes(bases(bound, generation, *sides, tapes, b"openline request key 1")),
        "courier": hexes(courier),
        "doors": hexes(doors),
        "psks": [{"id": name.hex(), "secret": value.hex()} for name, value in psks],
        "introduction_ids": [introduction_id(base) for base in traffic],
    }


def keys(vector):
    """What one base secret gives one nonce."""
    both = session(unhex(vector, "base"), unhex(vector, "nonce"), unhex(vector, "boot"))
    return {form: {"id": name, "key": key.hex()} for form, (name, key) in both.items()}


def salt(vector):
    """OL-128"""
    place = unhex(vector, "boot") + number(vector["stream"]) + number(vector["sequence"])
    return {"salt": expand(unhex(vector, "base"), b"openline salt 1" + place, 16).hex()}


def verifying_code(vector):
    """OL-623: what two watches read to one another."""
    sides = [unhex(vector[side], "party") + unhex(vector[side], "node") for side in ("lower", "higher")]
    boots = [b"".join(unhex(vector[boot], part) for part in ("party", "node", "boot")) for boot in ("caller", "called")]
    bound = binding(unhex(vector, "line"), unhex(vector, "charter"), *sides)
    secret = extract(bound, b"".join(bytes.fromhex(base) for base in vector["bases"]))
    info = b"openline verifying code 1" + number(vector["generation"]) + number(vector["epoch"])
    info += unhex(vector, "outcome") + b"".join(boots)
    info += unhex(vector, "caller_nonce") + unhex(vector, "called_nonce")
    digits = f"{int.from_bytes(expand(secret, info, 8), 'big') % 100_000_000:08}"
    return {"code": f"{digits[:4]} {digits[4:]}"}


# ---- frames (OL-130 to OL-133) ----


def header(kid, counter):
    """RFC 9605 section 4.3, with a KID of four bytes."""
    if counter < 8:
        return bytes([0x80 | 3 << 4 | counter]) + kid.to_bytes(4, "big")
    long = (counter.bit_length() + 7) // 8
    return bytes([0x80 | 3 << 4 | 0x08 | long - 1]) + kid.to_bytes(4, "big") + counter.to_bytes(long, "big")


def sframe(kid, base_key, counter):
    """RFC 9605 sections 4.4.2 and 4.4.3 for suite 5: the key and the nonce."""
    secret = extract(b"", base_key, "sha512")
    bound = number(kid) + (5).to_bytes(2, "big")
    key = expand(secret, b"SFrame 1.0 Secret key " + bound, 32, "sha512")
    salt = expand(secret, b"SFrame 1.0 Secret salt " + bound, 12, "sha512")
    return AESGCM(key), bytes(a ^ b for a, b in zip(salt, counter.to_bytes(12, "big")))


def pad(text, classes):
    closed = text + b"\x80"
    long = len(closed)
    if classes:
        long = next((size for size in CLASSES if size >= long), -(-long // 1024) * 1024)
    return closed.ljust(long, b"\x00")


def seal(vector):
    nonce, boot = unhex(vector, "nonce"), unhex(vector, "boot")
    kid, base_key = session(unhex(vector, "base"), nonce, boot)[vector["form"]]
    front = header(kid, vector["counter"])
    origin = nonce + boot if vector["form"] == "introduction" else b""
    cipher, iv = sframe(kid, base_key, vector["counter"])
    padded = vector.get("padded")
    padded = pad(unhex(vector, "text"), vector["padding"] == "classes") if padded is None else bytes.fromhex(padded)
    return {"frame": (front + cipher.encrypt(iv, padded, front + origin) + origin).hex()}


def split(frame):
    """A header in its shortest form, the key id and the counter in it, and what follows."""
    need(len(frame) >= 5 and frame[0] & 0xF0 == 0xB0 and frame[1] & 0x80, "header")
    kid, long = int.from_bytes(frame[1:5], "big"), 0
    counter = frame[0] & 7
    if frame[0] & 8:
        long = counter + 1
        counter = int.from_bytes(frame[5 : 5 + long], "big")
    need(len(frame) >= 5 + long + 16 and header(kid, counter) == frame[: 5 + long], "header")
    return kid, counter, frame[: 5 + long], frame[5 + long :]


def opened(vector):
    """What a receiver makes of frames under one base secret, which come one after the other."""
    base, sessions, seen = unhex(vector, "base"), {}, set()
    out = None
    for frame in map(bytes.fromhex, vector["frames"]):
        out = open_one(base, sessions, seen, frame)
    return out


def open_one(base, sessions, seen, frame):
    try:
        kid, counter, front, rest = split(frame)
    except Form as form:
        raise Refused("malformed", form) from form
    if kid == introduction_id(base):
        if len(frame) < 32 or len(rest) < 32 + 16:
            raise Refused("malformed", "no introduction")
        origin, rest, form = rest[-32:], rest[:-32], "introduction"
    elif kid in sessions:
        origin, form = sessions[kid], "frame"
    else:
        raise Refused("unknown")
    both = session(base, origin[:16], origin[16:])
    metadata = origin if form == "introduction" else b""
    cipher, iv = sframe(*both[form], counter)
    try:
        padded = cipher.decrypt(iv, rest, front + metadata)
    except InvalidTag as invalid:
        raise Refused("forged") from invalid
    if (both[form], counter) in seen:
        raise Refused("replay")
    seen.add((both[form], counter))
    text = padded.rstrip(b"\x00")
    if not text.endswith(b"\x80"):
        raise Refused("misbehaviour", "no closing byte")
    sessions[both["frame"][0]] = origin
    return {"text": text[:-1].hex(), "boot": origin[16:].hex(), "counter": counter}


# ---- key messages (OL-160) ----

DIGEST = bstr(32)
MLS = bstr(0, 16384)
REQUEST = array(
    only("openline generation request 1"), DIGEST, DIGEST, DIGEST, DIGEST, DIGEST, DIGEST, bstr(16), uint(), uint()
)
MESSAGES = {
    "welcome": array(only(1), uint(), MLS),
    "commit": array(only(2), uint(), uint(), MLS),
    "key-package": array(only(3), uint(), DIGEST, maybe(array(uint(), DIGEST)), MLS),
    "request": array(only(4), bstr(0, 16384), bstr(64)),
    "accepted": array(only(5), uint(), DIGEST),
    "outnumbered": array(only(6), bstr(0, 16384), bstr(64)),
}


def key_message(vector):
    data = unhex(vector, "bytes")
    try:
        need(len(data) <= 16384, "too long")
        value = read(data, either(*MESSAGES.values()))
        kind = list(MESSAGES)[value[0] - 1]
        if kind in ("request", "outnumbered"):
            read(value[1], REQUEST)
    except Form as form:
        raise Refused("misbehaviour", form) from form
    return {"kind": kind}


# ---- bodies (OL-401 to OL-403) ----

BOOT = bstr(4, 16)
STREAM = uint(2)


def have_chain(value):
    need(type(value) is list and 3 <= len(value) <= 35 and len(value) % 2, "no chain")
    array(BOOT, STREAM, uint(), *[uint(least=1)] * (len(value) - 3))(value)


def open_rings(value):
    """OL-426."""
    many(uint(), 8)(value)
    ascends(value, "rings")


REPORT = array(uint(), uint(), uint())
HAVE = array(
    only(0),
    uint(),
    uint(253_402_300_799_999),
    uint(3),
    maybe(array(BOOT, uint(), uint())),
    many(uint(2**32 - 1), 16),
    maybe(REPORT),
    many(have_chain, 384),
    open_rings,
)


def actor(value):
    array(tstr(128), uint(3), tstr(128))(value)
    from identity import DECEPTIVE

    need(not any(ord(char) in DECEPTIVE for label in (value[0], value[2]) for char in label), "deceptive characters")


BRIEF = (maybe(BOOT), STREAM, uint(), uint(least=1), integer)
LONG = array(
    *BRIEF,
    maybe(DIGEST),
    many(array(BOOT, STREAM, uint(least=1), maybe(DIGEST)), 192),
    maybe(array(uint(), uint(2), uint(3))),
    maybe(DIGEST),
    maybe(actor),
    bstr(0, 24576),
    maybe(DIGEST),
)
SAME = [None, [], None, None, None, b"", None]


def delta(value):
    """OL-411: the brief form, or the long one if it says more."""
    either(array(*BRIEF), LONG)(value)
    need(value[5:] != SAME, "long and says nothing more")


def packed(value):
    array(either(bstr(0, 45056), delta), bstr(64), maybe(array(maybe(bstr(16)), bstr(0, 33025))))(value)
    need(isinstance(value[0], list) or value[2] is None or value[2][0], "a whole entry without its salt")


PACKED = packed
KINDS = {
    "have": HAVE,
    "entries": array(only(1), many(PACKED, 16, 1)),
    "want": array(only(2), many(array(BOOT, STREAM, uint()), 16)),
    "fragment": array(only(3), uint(), uint(), uint(128, 1), bstr(0, 1135)),
    "keys": array(only(4), bstr(0, 16384)),
    "pull": array(only(5), bstr(32), uint(7), uint(), uint(), many(uint(67108864), 64)),
    "piece": array(only(6), uint(), uint(), uint(), bstr(0, 1024)),
    "confirm": array(only(7), integer, maybe(REPORT), many(have_chain, 384, 1)),
}


def bodies(vector):
    data, out = unhex(vector, "bytes"), []
    stream = io.BytesIO(data)
    try:
        while stream.tell() < len(data):
            begin = stream.tell()
            need(len(out) < 16, "too many bodies")
            try:
                cbor2.CBORDecoder(stream).decode()
            except Exception as error:
                raise Form("no CBOR") from error
            out.append(body(data[begin : stream.tell()]))
            need([kind for kind, _ in out].count("have") < 2, "two haves")
    except Form as form:
        raise Refused("malformed", form) from form
    return {"kinds": [kind for kind, _ in out], "values": [plain(value) for _, value in out]}


def body(data):
    value = read(data, either(*KINDS.values()))
    kind = list(KINDS)[value[0]]
    need(kind != "fragment" or value[2] < value[3], "index beyond count")
    need(kind != "confirm" or value[3][0][2], "a confirm of nothing")
    if kind == "pull":
        skipped, counts = value[5][::2], value[5][1::2]
        need(len(skipped) == len(counts), "half a range")
        need(all(counts) and all(skipped[1:]), "a range that is none, or touches the one before")
    return kind, value


def plain(value):
    """As JSON: bytes in hexadecimal."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.hex() if isinstance(value, bytes) else value


def unhex(vector, field):
    return bytes.fromhex(vector[field])


OBJECTS = {
    "schedule": schedule,
    "session": keys,
    "verifying-code": verifying_code,
    "salt": salt,
    "seal": seal,
    "open": opened,
    "key-message": key_message,
    "bodies": bodies,
}


def taken(vector):
    """What a vector of vectors/channel gives, or Refused."""
    return OBJECTS[vector["object"]](vector)
