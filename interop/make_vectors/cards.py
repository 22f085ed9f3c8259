"""Cards, what they say of nodes, and safety numbers."""

import cbor2
import identity
from identity import dumps, sha256
from party import MALLORY, MOSCOW, NOT_CANONICAL, NOW, SMALL_ORDER, WASHINGTON, YEAR, Ed25519PrivateKey, card, changed, raw

# The places of a card's fields.
VERSION, SERIAL, ISSUED, NAMES, LANGUAGES, ROOT, NODES, REVOCATIONS, ADDRESSES = range(9)


def vector(kind, data, **more):
    return data, {"object": kind, **more}


def valid():
    second = [raw(MALLORY.node), b"\x03" * 2592, NOW]
    both = sorted([MOSCOW.body()[NODES][0], second], key=lambda node: sha256(node[0]))
    revoked = sorted([sha256(bytes([n])) for n in range(3)])
    scripts = [["en", "Beijing"], ["ru", "Пекин"], ["zh-Hant-TW", "北京"]]
    cards = {
        "washington": card(WASHINGTON),
        "moscow": card(),
        "two-nodes": card(MOSCOW, [NODES], both),
        "no-node-and-no-address": dumps(MOSCOW.sign(changed(changed(MOSCOW.body(), [NODES], []), [ADDRESSES], []))),
        "revocations": card(MOSCOW, [REVOCATIONS], [[node, NOW] for node in revoked]),
        "scripts-and-a-tag-with-a-region": card(MOSCOW, [NAMES], scripts),
        "longest-name": card(MOSCOW, [NAMES], [["en", "M" * 128]]),
        "largest-numbers": card(MOSCOW, [SERIAL], 2**64 - 1),
        "last-millisecond-of-9999": card(MOSCOW, [ISSUED], identity.TIME),
    }
    for name, data in cards.items():
        yield name, *vector("card", data, card=fields(identity.card(data)))
    yield from nodes_that_may_open()
    for name, one, other in [
        ("example-of-the-specification", b"\x11" * 32, b"\xee" * 32),
        ("washington-and-moscow", WASHINGTON.id, MOSCOW.id),
    ]:
        number = identity.safety_number(one, other)
        value = {"object": "safety-number", "parties": [one.hex(), other.hex()], "number": number}
        yield f"safety-number-{name}", None, {**value, "typed": [number, number.replace("-", " \n"), number.replace("-", "")]}


def nodes_that_may_open():
    for name, at in [("node-on-its-last-day", NOW + YEAR), ("node-long-before", 0)]:
        yield name, card(), {"object": "card", "node": MOSCOW.node_id.hex(), "at": at}
    other = card(MOSCOW, [REVOCATIONS], [[sha256(b"another"), NOW]])
    yield "node-beside-a-revoked-one", other, {"object": "card", "node": MOSCOW.node_id.hex(), "at": NOW}


def fields(read):
    return {
        "party": read.party.hex(),
        "digest": read.digest.hex(),
        "serial": read.serial,
        "issued": read.issued,
        "names": read.names,
        "languages": read.languages,
        "nodes": [{"node": sha256(n[0]).hex(), "leaf_key": n[1].hex(), "expires": n[2]} for n in read.nodes],
        "revocations": [{"node": node.hex(), "time": time} for node, time in read.revocations],
        "addresses": read.addresses,
    }


def invalid():
    for name, data in damaged().items():
        yield name, *vector("card", data, refused_for="card-damaged")
    for name, data in forged().items():
        yield name, *vector("card", data, refused_for="card-forged")
    yield from nodes_that_may_not()
    number = identity.safety_number(WASHINGTON.id, MOSCOW.id)
    for name, typed, why in [
        ("safety-number-one-digit-short", number[1:], "safety-number-length"),
        ("safety-number-one-digit-long", number + "0", "safety-number-length"),
        ("safety-number-empty", "", "safety-number-length"),
        ("safety-number-with-a-letter", number.replace(number[0], "O", 1), "safety-number-no-digit"),
        ("safety-number-in-arabic-digits", number[:-1] + "\u0669", "safety-number-no-digit"),
        ("safety-number-with-dots", number.replace("-", "."), "safety-number-no-digit"),
    ]:
        yield name, None, {"object": "safety-number", "typed": [typed], "refused_for": why}


def nodes_that_may_not():
    revoked = card(MOSCOW, [REVOCATIONS], [[MOSCOW.node_id, 7]])
    later = card(MOSCOW, [REVOCATIONS], [[MOSCOW.node_id, NOW + 2 * YEAR]])
    for name, data, node, at, why in [
        ("node-expired-a-millisecond-ago", card(), MOSCOW.node_id, NOW + YEAR + 1, "card-node-expired"),
        ("node-revoked", revoked, MOSCOW.node_id, NOW, "card-node-revoked"),
        ("node-revoked-whatever-the-clock-says", later, MOSCOW.node_id, 0, "card-node-revoked"),
        ("node-revoked-and-expired", revoked, MOSCOW.node_id, NOW + 2 * YEAR, "card-node-revoked"),
        ("node-never-certified", card(), WASHINGTON.node_id, NOW, "card-node-unknown"),
    ]:
        yield name, data, {"object": "card", "node": node.hex(), "at": at, "refused_for": why}


def damaged():
    good = MOSCOW.body()
    node = good[NODES][0]
    # Their hashes are in this order.
    ordered = sorted([node, [raw(MALLORY.node), b"", NOW]], key=lambda n: sha256(n[0]))
    return {**envelopes(), **encodings(), **{name: card(MOSCOW, path, new) for name, path, new in [
        ("version-2", [VERSION], 2),
        ("issued-beyond-the-calendar", [ISSUED], identity.TIME + 1),
        ("no-name", [NAMES], []),
        ("name-empty", [NAMES, 0, 1], ""),
        ("name-of-white-space", [NAMES, 0, 1], " "),
        ("name-that-ends-with-white-space", [NAMES, 0, 1], "Moscow "),
        ("name-that-begins-with-white-space", [NAMES, 0, 1], "\u00a0Moscow"),
        ("name-with-a-direction-override", [NAMES, 0, 1], "Mos\u202ecow"),
        ("name-with-an-escape-code", [NAMES, 0, 1], "Mos\x1b[31mcow"),
        ("name-with-a-zero-width-space", [NAMES, 0, 1], "Mos\u200bcow"),
        ("name-with-a-bracket", [NAMES, 0, 1], "Moscow (us)"),
        ("name-with-a-colon", [NAMES, 0, 1], "Moscow: OPEN"),
        ("name-too-long", [NAMES, 0, 1], "M" * 129),
        ("names-out-of-order", [NAMES], good[NAMES][::-1]),
        ("name-twice-in-one-language", [NAMES], [["en", "Moscow"], ["en", "Moskva"]]),
        ("too-many-names", [NAMES], [[f"en-x-{n:02}", "Moscow"] for n in range(33)]),
        ("no-language", [LANGUAGES], []),
        ("language-in-another-letter-case", [LANGUAGES], ["EN"]),
        ("language-that-is-no-tag", [LANGUAGES], ["en_US"]),
        ("language-too-long", [LANGUAGES], ["en" + "-abcdefgh" * 3 + "-abcdef1"]),
        ("too-many-languages", [LANGUAGES], ["en"] * 33),
        ("root-key-of-small-order", [ROOT, 0], SMALL_ORDER),
        ("root-key-not-canonical", [ROOT, 0], NOT_CANONICAL),
        ("ml-dsa-key-too-short", [ROOT, 1], lambda key: key[:-1]),
        ("node-key-of-small-order", [NODES, 0, 0], SMALL_ORDER),
        ("node-key-not-canonical", [NODES, 0, 0], NOT_CANONICAL),
        ("node-key-too-short", [NODES, 0, 0], lambda key: key[:-1]),
        ("node-that-expires-beyond-the-calendar", [NODES, 0, 2], identity.TIME + 1),
        ("leaf-key-too-long", [NODES, 0, 1], bytes(2593)),
        ("node-twice", [NODES], [node, node]),
        ("nodes-out-of-order", [NODES], ordered[::-1]),
        ("too-many-nodes", [NODES], many_nodes(33)),
        ("revocation-twice", [REVOCATIONS], [[b"\x01" * 32, 7]] * 2),
        ("revocations-out-of-order", [REVOCATIONS], [[b"\x02" * 32, 7], [b"\x01" * 32, 7]]),
        ("revocation-beyond-the-calendar", [REVOCATIONS], [[b"\x01" * 32, identity.TIME + 1]]),
        ("too-many-revocations", [REVOCATIONS], [[n.to_bytes(32, "big"), 7] for n in range(33)]),
        ("address-without-a-scheme", [ADDRESSES], ["moscow.example:7600"]),
        ("address-without-a-host", [ADDRESSES], ["udp://"]),
        ("address-with-a-space", [ADDRESSES], ["udp://moscow example:7600"]),
        ("address-beyond-ascii", [ADDRESSES], ["udp://москва:7600"]),
        ("address-with-a-scheme-in-capitals", [ADDRESSES], ["UDP://192.0.2.1:7600"]),
        ("address-too-long", [ADDRESSES], ["udp://" + "a" * 275]),
        ("too-many-addresses", [ADDRESSES], ["udp://a:1"] * 17),
    ]}, "a-field-too-many": dumps(MOSCOW.sign([*good, None])), "a-field-too-few": dumps(MOSCOW.sign(good[:-1]))}


def many_nodes(count):
    keys = [raw(Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32)) for n in range(count)]
    return [[key, b"", NOW] for key in sorted(keys, key=sha256)]


def envelopes():
    """What is wrong with the COSE_Sign."""
    good = MOSCOW.sign(MOSCOW.body())

    def sign(path, new):
        return dumps(cbor2.CBORTag(98, changed(good.value, path, new)))

    first, second = good.value[3]
    return {
        "untagged": dumps(good.value),
        "tag-of-a-sign1": dumps(cbor2.CBORTag(18, good.value)),
        "signatures-swapped": sign([3], [second, first]),
        "one-signature": sign([3], [first]),
        "three-signatures": sign([3], [first, second, second]),
        "algorithm-of-another-ml-dsa": sign([3, 1, 0], dumps({1: -49})),
        "unprotected-header": sign([1], {4: b"kid"}),
        "unprotected-header-of-a-signer": sign([3, 0, 1], {4: b"kid"}),
        "ed25519-signature-too-short": sign([3, 0, 2], lambda s: s[:-1]),
        "ml-dsa-signature-too-short": sign([3, 1, 2], lambda s: s[:-1]),
        "content-type-of-a-founding": dumps(MOSCOW.sign(MOSCOW.body(), kind="founding")),
        "content-type-unknown": dumps(MOSCOW.sign(MOSCOW.body(), kind="note")),
        "too-long": sign([2], lambda payload: payload + bytes(112 * 1024)),
    }


def encodings():
    good, payload = card(), dumps(MOSCOW.body())
    # Array of nine, version 1, serial 1: the serial in two bytes, in nine, and an array without a length.
    assert payload[:3] == b"\x89\x01\x01"
    return {
        "empty": b"",
        "cut-short": good[:-1],
        "byte-behind-the-end": good + b"\x00",
        "byte-behind-the-body": dumps(MOSCOW.sign(payload + b"\x00")),
        "integer-not-canonical": dumps(MOSCOW.sign(b"\x89\x01\x18\x01" + payload[3:])),
        "array-without-a-length": dumps(MOSCOW.sign(b"\x9f" + payload[1:] + b"\xff")),
        "tag-not-canonical": b"\xd9\x00\x62" + good[2:],
    }


def forged():
    body = MOSCOW.body()
    order = 2**252 + 27742317777372353535851937790883648493

    def above(signature):
        s = int.from_bytes(signature[32:], "little") + order
        return signature[:32] + s.to_bytes(32, "little")

    good = MOSCOW.sign(body)
    named = dumps(changed(body, [NAMES, 0, 1], "Kitezh"))
    return {
        "ed25519-half-by-another-root": card(ed25519=MALLORY.ed25519),
        "ml-dsa-half-by-another-root": card(ml_dsa=MALLORY.ml_dsa),
        "both-halves-by-another-root": card(ed25519=MALLORY.ed25519, ml_dsa=MALLORY.ml_dsa),
        "ed25519-signature-with-s-above-the-order": dumps(
            cbor2.CBORTag(98, changed(good.value, [3, 0, 2], above))
        ),
        "ed25519-signature-changed": dumps(cbor2.CBORTag(98, changed(good.value, [3, 0, 2], flip))),
        "ml-dsa-signature-changed": dumps(cbor2.CBORTag(98, changed(good.value, [3, 1, 2], flip))),
        "name-changed-behind-the-signature": dumps(cbor2.CBORTag(98, changed(good.value, [2], named))),
    }


def flip(data):
    return data[:9] + bytes([data[9] ^ 1]) + data[10:]
