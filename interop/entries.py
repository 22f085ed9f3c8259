"""Entries by spec/entries.md and spec/cddl/entry.cddl alone: no line of the Rust code is used or needed.

An entry goes through the doors in the order of the specification; `Refused.door` says which one shut.
"""

import hashlib
import hmac
import pathlib
from dataclasses import dataclass

import cbor2
import contacts
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from zcbor import DataTranslator

SPEC = pathlib.Path(__file__).resolve().parent.parent / "spec"
PROTECTED = cbor2.dumps({1: -8, 3: "application/openline-entry+cbor"}, canonical=True)

STREAMS = ["urgent", "traffic", "service"]
MARKS = ["real", "exercise", "test"]
PRECEDENCES = ["routine", "priority", "immediate", "flash"]
ATTESTATIONS = ["station", "claimed", "unix-user", "passkey"]
STAGES = {1: "shown", 2: "read"}
REASONS = ["restart", "maintenance", "other"]
ANSWERS = ["accept", "decline", "later"]
ENDINGS = ["accepted", "declined", "later", "withdrawn", "unanswered", "unreachable", "merged"]
MODES = ["text", "service-notes"]
SUSPENSION_REASONS = ["ordered", "compromise", "other"]
ANSWERERS = ["machine", "person"]
FIRST_KINDS = ["start", "message", "receipt", "silence", "number-compared", "service-note"]
FIRST_KINDS += ["ring", "ringing", "answer", "outcome", *contacts.KINDS]
START, MESSAGE, RECEIPT, SILENCE, NUMBER_COMPARED, SERVICE_NOTE, RING, RINGING, ANSWER, OUTCOME = range(10)
OF_THE_WATCH = ["watch-opened", "presence", "hand-over", "hand-over-withdrawn", "take-over", "watch-closed"]
OF_A_SUSPENSION = ["suspended", "resumed"]
OF_A_TEST = ["call-up", "ready", "test-text", "test-answer"]
OF_AN_EXERCISE = ["exercise-proposed", "exercise-accepted", "exercise-ended"]
KINDS = dict(enumerate(FIRST_KINDS)) | {19: "roster"}
KINDS |= dict(enumerate(OF_THE_WATCH + OF_A_SUSPENSION + OF_A_TEST + OF_AN_EXERCISE + ["reachable-at"], 20))
ROSTER = 19
WATCH_OPENED, PRESENCE, HAND_OVER, HAND_OVER_WITHDRAWN, TAKE_OVER, WATCH_CLOSED = range(20, 26)
SUSPENDED, RESUMED, CALL_UP, READY, TEST_TEXT, TEST_ANSWER = range(26, 32)
EXERCISE_PROPOSED, EXERCISE_ACCEPTED, EXERCISE_ENDED, REACHABLE_AT = range(32, 36)
FACTS = {START: "start", RECEIPT: "receipt", SILENCE: "silence", NUMBER_COMPARED: "number-compared"}
FACTS |= {RING: "ring", RINGING: "ringing", ANSWER: "answer", OUTCOME: "outcome"}
FACTS |= dict(enumerate(contacts.KINDS, contacts.VERIFYING))
FACTS |= {kind: KINDS[kind] for kind in range(ROSTER, 36)}
# Kinds with a text for a body (OL-325), those that a person must sign (OL-707, OL-784, OL-446), and the one stream in which a kind must stand
# (OL-505, OL-610, OL-708, OL-745, OL-784, OL-446).
TEXTS = (MESSAGE, SERVICE_NOTE, RING, ANSWER, contacts.PROPOSAL, contacts.CONTACT_CLOSED, HAND_OVER, SUSPENDED, TEST_TEXT)
TEXTS += (EXERCISE_PROPOSED,)
OF_A_RING = (RING, RINGING, ANSWER, OUTCOME)
OF_A_CONTACT = range(contacts.VERIFYING, contacts.CONTACT_CLOSED + 1)
BY_A_PERSON = range(ROSTER, CALL_UP)
TESTS = range(CALL_UP, TEST_ANSWER + 1)
EXERCISES = range(EXERCISE_PROPOSED, EXERCISE_ENDED + 1)
ITS_STREAM = {kind: 0 for kind in (*OF_A_RING, *OF_A_CONTACT, *BY_A_PERSON, *EXERCISES, REACHABLE_AT)} | {kind: 2 for kind in TESTS}

# OL-301
MAX_HEADER, MAX_HEADS, MAX_TARGETS = 45_056, 192, 64


class Refused(Exception):
    """The bytes are not an entry."""

    def __init__(self, door, why):
        super().__init__(f"{door}: {why}")
        self.door = door


def registry(heading):
    """Codes and words of a table of spec/registries.md."""
    lines = iter((SPEC / "registries.md").read_text().splitlines())
    for line in lines:
        if line == f"## {heading}":
            break
    rows = []
    for line in lines:
        if line.startswith("## "):
            break
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 2 and cells[1].isdigit():
            rows.append((int(cells[1]), cells[2]))
    return dict(rows)


def check_registries():
    """The tables above are those of the specification."""
    assert registry("Streams") == dict(enumerate(STREAMS))
    assert registry("Marks") == dict(enumerate(MARKS))
    assert registry("Precedences") == dict(enumerate(PRECEDENCES))
    assert registry("Attestations") == dict(enumerate(ATTESTATIONS))
    assert registry("Silence reasons") == dict(enumerate(REASONS))
    assert registry("Answers") == dict(enumerate(ANSWERS))
    assert registry("Endings") == dict(enumerate(ENDINGS))
    assert registry("Suspension reasons") == dict(enumerate(SUSPENSION_REASONS))
    assert registry("Answerers") == dict(enumerate(ANSWERERS))
    assert registry("Modes") == dict(enumerate(MODES))
    assert registry("Verifying steps") == dict(enumerate(contacts.STEPS))
    assert registry("Comparisons") == dict(enumerate(contacts.COMPARISONS))
    assert registry("Settlements") == dict(enumerate(contacts.SETTLEMENTS))
    assert registry("Place forms") == dict(enumerate(contacts.PLACE_FORMS))
    assert registry("Kinds") == KINDS
    assert registry("Stages") == STAGES


# zcbor's own prelude defines `text` and `time`, which are names of our fields.
CDDL = "null = nil\n" + (SPEC / "cddl" / "entry.cddl").read_text()
RULES = DataTranslator.from_cddl(CDDL, 1_000_000).my_types


def read(rule, data, door):
    """Reads bytes that must be the one canonical form (OL-301) of a rule of the CDDL."""
    try:
        value = cbor2.loads(data)
        canonical = cbor2.dumps(value, canonical=True)
        RULES[rule].validate_str(data)
    except Exception as error:
        raise Refused(door, f"no {rule}: {error}"[:300]) from error
    if canonical != data:
        raise Refused(door, "not the canonical form")
    return value


@dataclass
class Header:
    """A header, read (OL-303)."""

    data: bytes
    version: int
    line: bytes
    party: bytes
    node: bytes
    boot: bytes
    stream: int
    sequence: int
    previous: bytes | None
    heads: list
    time: int
    kind: int
    mark: int
    precedence: int
    reply_to: bytes | None
    actor: list
    fact_bytes: bytes
    commitment: bytes | None
    fact: list | None = None

    @property
    def id(self):
        """OL-320."""
        return hashlib.sha256(b"\x00" + self.data).digest()

    @property
    def chain(self):
        return (self.party, self.node, self.boot, self.stream)


def ascends(items):
    return all(a < b for a, b in zip(items, items[1:]))


def header(data):
    """A header with all that holds for it alone."""
    if len(data) > MAX_HEADER:
        raise Refused("header", "too long")
    if data[1:2] != b"\x01":
        raise Refused("header", "unknown version (OL-302)")
    head = Header(data, *read("entry-header", data, "header"))
    _check_place(head)
    _check_actor(head)
    head.fact = _fact(head)
    return head


def _check_place(head):
    if (head.sequence == 0) != (head.previous is None):
        raise Refused("header", "previous and sequence disagree (OL-305)")
    if (head.sequence == 0 and head.stream == 0) != (head.kind == START):
        raise Refused("header", "a boot begins with a start, and only there (OL-305)")
    if len(head.heads) > MAX_HEADS or not ascends([h[:4] for h in head.heads]):
        raise Refused("header", "heads do not ascend (OL-306)")


def _check_actor(head):
    for label in (head.actor[0], head.actor[2]):
        _check_label(label)


def _check_label(label):
    bad = {0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFEFF, 0xFFA0}
    bad |= {*range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070)}
    bad |= {*range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFFC), *range(0x1BCA0, 0x1BCA4)}
    bad |= {*range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000)}
    control = {*range(0x20), *range(0x7F, 0xA0)}
    if len(label.encode()) > 128:
        raise Refused("header", "label too long (OL-301)")
    if any(ord(char) in bad | control for char in label):
        raise Refused("header", "deceptive characters (OL-310)")


def _fact(head):
    """OL-308, OL-312 to OL-315, OL-501 to OL-504, OL-601 to OL-610, OL-701 to OL-707, OL-721, OL-731, OL-732, OL-741 to OL-745,
    OL-781 to OL-785, OL-446."""
    if head.kind == SERVICE_NOTE and head.fact_bytes:
        raise Refused("header", "this kind has no fact")
    rule = FACTS.get(head.kind)
    if head.kind == MESSAGE and head.fact_bytes:
        rule = "in-exercise"
        _check_practised(head)
    if rule is None:
        return None
    fact = read(rule, head.fact_bytes, "header")
    if head.kind == START:
        frontier = fact[0]
        if len(frontier) > MAX_HEADS or not ascends([item[:2] for item in frontier]):
            raise Refused("header", "frontier does not ascend")
    if head.kind == RECEIPT and not ascends(fact[1]):
        raise Refused("header", "targets do not ascend")
    if head.kind == SILENCE and fact[1] <= fact[0]:
        raise Refused("header", "ends before it begins")
    if head.kind == RING:
        _check_ring(head, *fact[:4])
        if len(fact) > 4:
            _check_practised(head)
    if head.kind == OUTCOME and (fact[1] in (3, 5)) != (fact[2] is None):
        raise Refused("header", "cites what it should not, or nothing (OL-504)")
    if head.kind in OF_A_CONTACT:
        try:
            contacts.check(head.kind, fact, head.actor)
        except contacts.Wrong as wrong:
            raise Refused("header", str(wrong)) from wrong
    if head.kind in BY_A_PERSON:
        _check_watch(head, fact)
    if head.kind in TESTS:
        _check_test(head, fact)
    if head.kind in EXERCISES:
        _check_exercise(head)
    if head.kind == REACHABLE_AT:
        _check_addresses(head, *fact)
    return fact


def _is_a_person(actor):
    """OL-707."""
    name, attestation, _ = actor
    return attestation != 0 and name.strip() != ""


def _check_watch(head, fact):
    """OL-701 to OL-707, OL-721, OL-731, OL-732."""
    if not _is_a_person(head.actor):
        raise Refused("header", "by nobody (OL-707)")
    ids = {WATCH_OPENED: 0, HAND_OVER: 2, RESUMED: 0}.get(head.kind)
    if ids is not None:
        limit = 64 if head.kind == HAND_OVER else 16
        if len(fact[ids]) > limit or not ascends(fact[ids]):
            raise Refused("header", "too many, or out of order")
    if head.kind == ROSTER:
        _check_roster(*fact)
    if head.kind == HAND_OVER:
        _check_label(fact[1])
        if not fact[1].strip():
            raise Refused("header", "to nobody (OL-703)")


def _check_roster(begins, ends, officers, shifts, replaces):
    """OL-721."""
    if not 1 <= ends - begins <= 92 * 86_400_000:
        raise Refused("header", "a roster for no time, or for too long")
    for officer in officers:
        _check_label(officer)
        if not officer.strip():
            raise Refused("header", "an officer without a name")
    if not ascends([officer.encode() for officer in officers]):
        raise Refused("header", "officers do not ascend")
    if len(officers) > 64 or len(shifts) > 368 or len(replaces) > 16:
        raise Refused("header", "too many")
    if {shift[2] for shift in shifts} != set(range(len(officers))):
        raise Refused("header", "an officer without a shift, or a shift without its officer")
    if not ascends([shift[0] for shift in shifts]) or not ascends(replaces):
        raise Refused("header", "shifts or replaced rosters do not ascend")
    if not all(begins <= shift[0] < shift[1] <= ends for shift in shifts):
        raise Refused("header", "a shift that is not within the roster")


def _check_test(head, fact):
    """OL-744, OL-745."""
    if MARKS[head.mark] != "test":
        raise Refused("header", "a test that is not marked as one (OL-745)")
    if head.kind == TEST_ANSWER:
        fits = _is_a_person(head.actor) if fact[1] == 1 else head.actor[1] == 0
        if not fits:
            raise Refused("header", "by somebody else than it says (OL-744)")


def _check_exercise(head):
    """OL-781, OL-784."""
    if not _is_a_person(head.actor):
        raise Refused("header", "by nobody (OL-784)")
    if MARKS[head.mark] != "real":
        raise Refused("header", "agreed on, and not in earnest (OL-784)")
    if head.kind == EXERCISE_PROPOSED and head.commitment is None:
        raise Refused("header", "about nothing (OL-781)")


def _check_addresses(head, addresses):
    """OL-446, OL-205."""
    if not _is_a_person(head.actor):
        raise Refused("header", "by nobody (OL-446)")
    if len(addresses) > 8 or not ascends([address.encode() for address in addresses]):
        raise Refused("header", "too many addresses, or out of order")
    for address in addresses:
        scheme, separator, rest = address.partition("://")
        is_scheme = scheme != "" and set(scheme) <= set("abcdefghijklmnopqrstuvwxyz")
        is_visible = rest != "" and all("!" <= char <= "~" for char in rest)
        if not (separator and is_scheme and is_visible and len(address.encode()) <= 280):
            raise Refused("header", "no address (OL-205)")


def _check_practised(head):
    """OL-785."""
    if MARKS[head.mark] != "exercise":
        raise Refused("header", "names an exercise and is none (OL-785)")


def _check_ring(head, caller, called, mode, duration):
    """OL-501."""
    for office in (caller, called):
        if not set(office[1]) <= set("abcdefghijklmnopqrstuvwxyz0123456789-"):
            raise Refused("header", "no office's identifier")
    if caller[0] != head.party or called[0] == head.party:
        raise Refused("header", "not from its own party to another")


@dataclass
class Stored:
    """The stored form (OL-326), taken apart and not believed."""

    header: bytes
    signature: bytes
    salt: bytes | None
    content: bytes | None


def stored(data):
    return Stored(*read("stored-entry", data, "stored form"))


def body_is_right(head, entry):
    """OL-324."""
    if entry.content is None:
        return True
    mac = hmac.new(entry.salt, entry.content, hashlib.sha256).digest()
    return mac == head.commitment


def to_be_signed(data):
    """OL-321."""
    return cbor2.dumps(["Signature1", PROTECTED, b"", data], canonical=True)


# ---- the acceptance rule (OL-322) ----

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def point(data):
    """A point from its canonical encoding, or None."""
    y = int.from_bytes(data, "little") & (1 << 255) - 1
    sign = data[31] >> 7
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return (P - x if x & 1 != sign else x, y)


def add(one, other):
    (x1, y1), (x2, y2) = one, other
    k = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + k, -1, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - k, -1, P)
    return (x % P, y % P)


def is_small(where):
    for _ in range(3):
        where = add(where, where)
    return where == (0, 1)


def key_is_good(key):
    where = point(key)
    return where is not None and not is_small(where)


def signature_is_good(key, message, signature):
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    where = point(r)
    if s >= L or where is None or is_small(where):
        return False
    return plain_verify(key, message, signature)


def plain_verify(key, message, signature):
    """What a library says that checks S and the equation without cofactor."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def accept(data, key):
    """An entry with the key that should have signed it, or Refused."""
    entry = stored(data)
    head = header(entry.header)
    if not body_is_right(head, entry):
        raise Refused("body", "not the one that was signed")
    if not key_is_good(key):
        raise Refused("key", "not canonical, or of small order")
    if hashlib.sha256(key).digest() != head.node:
        raise Refused("node", "another node's key")
    if not signature_is_good(key, to_be_signed(entry.header), entry.signature):
        raise Refused("signature", "does not verify")
    return head, entry
