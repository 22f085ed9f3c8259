"""Cards, charters, line files and safety numbers by spec/identity.md and spec/cddl/identity.cddl alone.

`Refused.name` is the name of the refusal in the table of spec/identity.md.
"""

import hashlib
import re
from dataclasses import dataclass

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA87PublicKey

import entries
from shape import Form, array, ascends, boolean, bstr, many, maybe, need, only, read, tagged, tstr, uint

TIME = 253_402_300_799_999
CARD, FILE = 112 * 1024, 256 * 1024


class Refused(Exception):
    """Not taken, and why."""

    def __init__(self, name, why=""):
        super().__init__(f"{name}: {why}")
        self.name = name


def sha256(data):
    return hashlib.sha256(data).digest()


def dumps(value):
    return cbor2.dumps(value, canonical=True)


# ---- names, languages, addresses (OL-204, OL-205) ----

DECEPTIVE = {0xAD, 0x61C, 0x180E, 0xFEFF, *range(0xFFF9, 0xFFFC), *range(0x200B, 0x2010), *range(0x2028, 0x202F)}
DECEPTIVE |= {*range(0x2060, 0x2070), *range(0xE0000, 0xE0080), *range(0x20), *range(0x7F, 0xA0)}


def language(value):
    tstr(35)(value)
    subtags = value.split("-")
    need(re.fullmatch("[A-Za-z]{2,8}", subtags[0]), "no language")
    need(all(re.fullmatch("[A-Za-z0-9]{1,8}", subtag) for subtag in subtags[1:]), "no language")
    need(value == spelled(subtags), "not the letter case of RFC 5646 section 2.1.1")


def spelled(subtags):
    """Lower case; but two letters upper case and four in title case, unless they come first or behind a singleton."""
    out, singleton = [], False
    for place, subtag in enumerate(subtag.lower() for subtag in subtags):
        if place and not singleton and len(subtag) == 2:
            subtag = subtag.upper()
        elif place and not singleton and len(subtag) == 4:
            subtag = subtag[0].upper() + subtag[1:]
        out.append(subtag)
        singleton |= len(subtag) == 1
    return "-".join(out)

ENDS_A_NAME = set('()[]{}<>:;,|"（）［］｛｝＜＞：；，｜＂¦│┃«»‹›“”„‟')


def name(value):
    tstr(128)(value)
    need(value.strip() == value and value, "a name that is blank, or begins or ends with white space")
    need(not any(ord(char) in DECEPTIVE for char in value), "a name that could deceive")
    need(not any(char in ENDS_A_NAME for char in value) and " ·" not in value, "a name that goes on as something else")


def names(value):
    many(array(language, name), 32, 1)(value)
    ascends([tag.encode() for tag, _ in value], "names")


def address(value):
    tstr(280)(value)
    need(re.fullmatch("[a-z]+://[!-~]+", value), "no address")


# ---- cards (OL-201 to OL-206) ----

EDDSA, ML_DSA = dumps({1: -8}), dumps({1: -50})


def ed25519_key(value):
    bstr(32)(value)
    need(entries.key_is_good(value), "no Ed25519 key")


ROOT_KEYS = array(ed25519_key, bstr(2592))
CERTIFICATE = array(ed25519_key, bstr(0, 2592), uint(TIME))
REVOCATION = array(bstr(32), uint(TIME))
BODY = array(
    only(1),
    uint(),
    uint(TIME),
    names,
    many(language, 32, 1),
    ROOT_KEYS,
    many(CERTIFICATE, 32),
    many(REVOCATION, 32),
    many(address, 16),
)
CARD_FILE = tagged(
    98,
    array(
        only(dumps({3: "application/openline-card+cbor"})),
        only({}),
        bstr(0, FILE),
        array(array(only(EDDSA), only({}), bstr(64)), array(only(ML_DSA), only({}), bstr(4627))),
    ),
)


@dataclass
class Card:
    """A card whose root signed it."""

    data: bytes
    serial: int
    issued: int
    names: list
    languages: list
    root: list
    nodes: list
    revocations: list
    addresses: list

    @property
    def party(self):
        """OL-201."""
        return sha256(dumps(self.root))

    @property
    def digest(self):
        return sha256(self.data)

    def node_at(self, node, at):
        """OL-206: the key of a node that may open a line."""
        if node in [revoked for revoked, _ in self.revocations]:
            raise Refused("card-node-revoked")
        for key, _, expires in self.nodes:
            if sha256(key) == node:
                if at > expires:
                    raise Refused("card-node-expired")
                return key
        raise Refused("card-node-unknown")


def card(data):
    try:
        need(len(data) <= CARD, "too long")
        _, _, payload, [[_, _, ed25519], [_, _, ml_dsa]] = read(data, CARD_FILE).value
        body = read(payload, BODY)
        ascends([sha256(node[0]) for node in body[6]], "nodes")
        ascends([revoked[0] for revoked in body[7]], "revocations")
    except Form as form:
        raise Refused("card-damaged", form) from form
    root = body[5]
    protected = dumps({3: "application/openline-card+cbor"})
    message = [dumps(["Signature", protected, signer, b"", payload]) for signer in (EDDSA, ML_DSA)]
    if not entries.signature_is_good(root[0], message[0], ed25519):
        raise Refused("card-forged", "Ed25519")
    try:
        MLDSA87PublicKey.from_public_bytes(root[1]).verify(ml_dsa, message[1])
    except InvalidSignature as invalid:
        raise Refused("card-forged", "ML-DSA-87") from invalid
    return Card(data, *body[1:])


# ---- the safety number (OL-210, OL-211) ----


def safety_number(one, other):
    key = hashlib.pbkdf2_hmac("sha512", min(one, other) + max(one, other), b"openline safety number v1", 65536, 60)
    groups = [int.from_bytes(key[at : at + 5], "big") % 100_000 for at in range(0, 60, 5)]
    return "-".join(f"{group:05}" for group in groups)


def typed(text):
    digits = [char for char in text if not char.isspace() and char != "-"]
    if not all(char in "0123456789" for char in digits):
        raise Refused("safety-number-no-digit")
    if len(digits) != 60:
        raise Refused("safety-number-length")
    return "-".join("".join(digits[at : at + 5]) for at in range(0, 60, 5))


# ---- charters (OL-220, OL-221) ----


def office_id(value):
    need(type(value) is str and re.fullmatch("[a-z0-9-]{1,32}", value), "no office")


OFFICE_REF = array(bstr(32), office_id)
OFFICE = array(OFFICE_REF, names, uint(16), many(OFFICE_REF, 16), many(office_id, 16))
DAY = 86_400_000


def charter_form(value):
    array(
        only(1),
        only(1),
        many(array(bstr(32), names, many(language, 32)), 9),
        many(OFFICE, 128),
        array(uint(DAY), uint(DAY), uint(DAY), uint(DAY), uint(DAY)),
        array(uint(200), uint(2000), uint(32768)),
        maybe(uint(36525)),
        boolean,
        many(uint(1), 2),
        many(uint(2), 3),
    )(value)
    ascends([party[0] for party in value[2]], "parties")
    ascends([order(office[0]) for office in value[3]], "offices")
    for office in value[3]:
        ascends([order(link) for link in office[3]], "counterparts")
    ascends(value[8], "modes")
    ascends(value[9], "marks")


def order(ref):
    return (ref[0], ref[1].encode())


def charter_fits(charter):
    """OL-221."""
    _, _, parties, offices, (echo, silent, rotate, presence, test), (words, urgent, text), _, _, modes, marks = charter
    ids = [party[0] for party in parties]
    if len(ids) < 2:
        raise Refused("charter-parties")
    if 0 not in modes or 0 not in marks:
        raise Refused("charter-needed")
    if echo < 200 or silent < 3 * echo or rotate < 1000 or not (words and urgent and text):
        raise Refused("charter-range")
    if presence < 60_000 or test < 900_000:
        raise Refused("charter-range")
    refs = {order(office[0]): office for office in offices}
    for party in ids:
        if not any(owner == party for owner, _ in refs):
            raise Refused("charter-no-office")
    for (party, own), office in refs.items():
        if party not in ids:
            raise Refused("charter-office-stranger")
        if office[2] < 1:
            raise Refused("charter-range", "level")
        for link in office[4]:
            if link.encode() == own or (party, link.encode()) not in refs:
                raise Refused("charter-office-link")
        for link in map(order, office[3]):
            if link[0] == party or link not in refs:
                raise Refused("charter-office-link")
            if (party, own) not in map(order, refs[link][3]):
                raise Refused("charter-office-one-sided")


def charter(data):
    try:
        value = read(data, charter_form)
    except Form as form:
        raise Refused("charter-damaged", form) from form
    charter_fits(value)
    return value


# ---- opening (OL-230 to OL-235) ----

FOUNDING = array(charter_form, bstr(32))
CONSENT = array(
    FOUNDING, bstr(64), bstr(0, CARD), bstr(32), bstr(32), maybe(bstr(32)), many(address, 16), uint(TIME)
)
OFFER = array(only(1), CONSENT)
ANSWER = array(only(1), CONSENT, bstr(32), array(bstr(32), bstr(32), bstr(32)), bstr(0, 16384))
LINE_FILE = array(bstr(0, FILE), maybe(bstr(32, 64)))
KINDS = {"card": None, "founding": None, "offer": OFFER, "answer": ANSWER}


def protected(kind):
    return dumps({1: -8, 3: f"application/openline-{kind}+cbor"})


def sign1_input(kind, payload):
    return dumps(["Signature1", protected(kind), b"", payload])


def sign1(value):
    kinds = [protected(kind) for kind in KINDS]
    tagged(18, array(lambda header: need(header in kinds, "content type"), only({}), bstr(0, FILE), bstr(64)))(value)


@dataclass
class LineFile:
    """An offer or an answer, checked as far as it goes by itself."""

    signed: bytes
    tape: bytes | None
    body: list
    card: Card

    @property
    def id(self):
        return sha256(self.signed)

    @property
    def founding(self):
        return self.body[1][0]

    @property
    def line(self):
        """OL-230."""
        return sha256(dumps(self.founding))

    @property
    def to(self):
        return self.body[1][4]


def line_file(kind, data, at):
    """OL-231, OL-232, OL-234: what a file of this kind says, at a time, to anybody."""
    try:
        need(len(data) <= FILE, "too long")
        signed, tape = read(data, LINE_FILE)
        header, _, payload, signature = read(signed, sign1).value
        if header != protected(kind):
            raise Refused("line-file-wrong-kind")
        body = read(payload, KINDS[kind])
    except Form as form:
        raise Refused("line-file-damaged", form) from form
    founding, founding_signature, sender_card, node, to, commitment, _, _ = body[1]
    if tape is not None and sha256(tape) != commitment:
        raise Refused("tape-damaged")
    if tape is None and commitment is not None:
        raise Refused("tape-missing")
    sender = card(sender_card)
    key = sender.node_at(node, at)
    if not entries.signature_is_good(key, sign1_input(kind, payload), signature):
        raise Refused("line-file-forged")
    rules = founding[0]
    if [party[0] for party in rules[2]] != sorted({sender.party, to}) or sender.party == to:
        raise Refused("charter-other-parties")
    named(rules, sender)
    charter_fits(rules)
    if not entries.signature_is_good(key, sign1_input("founding", dumps(founding)), founding_signature):
        raise Refused("charter-not-signed")
    if rules[7] and commitment is None:
        raise Refused("tape-missing", "the charter asks for one")
    return LineFile(signed, tape, body, sender)


def named(rules, who):
    """OL-232: the charter calls a party what its card calls it."""
    if [who.party, who.names, who.languages] not in rules[2]:
        raise Refused("charter-other-names")


def offer(data, at, own):
    """An offer, for the party of a card."""
    file = line_file("offer", data, at)
    if file.card.party == own.party:
        raise Refused("line-file-from-ourselves")
    if file.to != own.party:
        raise Refused("line-file-for-another-party")
    named(file.founding[0], own)
    return file


def answer(data, at, ours):
    """OL-235: an answer to an offer of our own."""
    file = line_file("answer", data, at)
    if file.card.party == ours.card.party:
        raise Refused("line-file-from-ourselves")
    if file.to != ours.card.party or ours.to != file.card.party:
        raise Refused("line-file-for-another-party")
    _, _, offer_id, compared, _ = file.body
    if offer_id != ours.id:
        raise Refused("answer-to-another-offer")
    if file.founding != ours.founding:
        raise Refused("charter-altered")
    if compared != [file.card.digest, ours.card.digest, sha256(dumps(ours.founding[0]))]:
        raise Refused("answer-compared-other-cards")
    return file
