"""Line files: offers from Washington, answers from Moscow."""

import cbor2
import identity
from charters import CADENCES, PARTIES, charter
from identity import dumps, sha256
from party import MALLORY, MOSCOW, NOW, WASHINGTON, YEAR, card, changed

NONCE = b"\x09" * 32
TAPES = {1: b"\x0a" * 32, 2: b"\x0b" * 64}
# The same bytes in every file of a run: an ML-DSA signature is never the same twice.
CARDS = {party.seed: card(party) for party in (WASHINGTON, MOSCOW, MALLORY)}
# The places of a consent's fields.
FOUNDING, FOUNDING_SIGNATURE, CARD, NODE, TO, COMMITMENT, REACHABLE, TIME = range(8)


def consent(sender, to, rules=None, tape=True, by=None):
    founding = [charter() if rules is None else rules, NONCE]
    return [
        founding,
        sender.sign_node("founding", dumps(founding), by),
        CARDS[sender.seed],
        sender.node_id,
        to.id,
        sha256(TAPES[sender.seed]) if tape else None,
        ["udp://192.0.2.1:7600"],
        NOW,
    ]


def file(kind, body, sender, by=None, tape=True):
    payload = body if type(body) is bytes else dumps(body)
    signed = cbor2.CBORTag(18, [identity.protected(kind), {}, payload, sender.sign_node(kind, payload, by)])
    return dumps([dumps(signed), TAPES[sender.seed] if tape is True else tape])


def offer(change=None, new=None, **consenting):
    body = [1, consent(WASHINGTON, MOSCOW, **consenting)]
    if change is not None:
        body[1][change] = new
    return file("offer", body, WASHINGTON)


def answer_body(ours, **consenting):
    signed, _ = cbor2.loads(ours)
    compared = [sha256(CARDS[2]), sha256(CARDS[1]), sha256(dumps(charter()))]
    return [1, consent(MOSCOW, WASHINGTON, **consenting), sha256(signed), compared, b"a key package"]


OFFER = offer()


def valid():
    yield "card-of-moscow", CARDS[2], {"object": "card"}
    yield "card-of-washington", CARDS[1], {"object": "card"}
    for name, data in {
        "offer": OFFER,
        "offer-without-tapes": without_tapes(),
        "offer-without-addresses": offer(REACHABLE, []),
    }.items():
        read = identity.offer(data, NOW, identity.card(CARDS[2]))
        yield name, data, {"object": "offer", "at": NOW, "own_card": "card-of-moscow.card", **said(read)}
    data = file("answer", answer_body(OFFER), MOSCOW)
    ours = identity.offer(OFFER, NOW, identity.card(CARDS[2]))
    read = identity.answer(data, NOW, ours)
    yield "answer", data, {"object": "answer", "at": NOW, "offer": "offer.line", **said(read)}


def said(read):
    body = read.body[1]
    return {
        "line": read.line.hex(),
        "id": read.id.hex(),
        "from": read.card.party.hex(),
        "to": read.to.hex(),
        "node": body[NODE].hex(),
        "tape": read.tape and read.tape.hex(),
        "reachable_at": body[REACHABLE],
        "time": body[TIME],
        "safety_number": identity.safety_number(read.card.party, read.to),
    }


def without_tapes():
    rules = changed(charter(), [7], False)
    return file("offer", [1, consent(WASHINGTON, MOSCOW, rules, tape=False)], WASHINGTON, tape=None)


def invalid():
    offers = [*damaged_offers(), *offers_that_say_wrong()]
    for name, data, why, *at in offers:
        value = {"object": "offer", "at": at[0] if at else NOW, "own_card": "../valid/card-of-moscow.card"}
        yield name, data, {**value, "refused_for": why}
    to_us = {"object": "offer", "at": NOW, "own_card": "../valid/card-of-washington.card"}
    yield "offer-from-ourselves", OFFER, {**to_us, "refused_for": "line-file-from-ourselves"}
    for name, data, why in answers():
        yield name, data, {"object": "answer", "at": NOW, "offer": "../valid/offer.line", "refused_for": why}


def damaged_offers():
    signed, tape = cbor2.loads(OFFER)
    why = "line-file-damaged"
    body = [1, consent(WASHINGTON, MOSCOW)]
    payload = dumps(body)
    untagged = dumps([dumps(cbor2.loads(signed).value), tape])
    unprotected = cbor2.CBORTag(18, changed(cbor2.loads(signed).value, [1], {4: b"kid"}))
    return [
        ("offer-empty", b"", why),
        ("offer-cut-short", OFFER[:-1], why),
        ("offer-with-a-byte-behind-the-end", OFFER + b"\x00", why),
        ("offer-with-a-byte-behind-its-body", file("offer", payload + b"\x00", WASHINGTON), why),
        ("offer-with-an-integer-not-canonical", file("offer", b"\x82\x18\x01" + payload[2:], WASHINGTON), why),
        ("offer-untagged", untagged, why),
        ("offer-with-an-unprotected-header", dumps([dumps(unprotected), tape]), why),
        ("offer-of-version-2", file("offer", [2, body[1]], WASHINGTON), why),
        ("offer-with-a-tape-of-31-bytes", dumps([signed, b"\x0a" * 31]), why),
        ("offer-with-a-tape-of-65-bytes", dumps([signed, b"\x0a" * 65]), why),
        ("offer-with-17-addresses", offer(REACHABLE, ["udp://a:1"] * 17), why),
        ("offer-made-beyond-the-calendar", offer(TIME, identity.TIME + 1), why),
        ("offer-too-long", dumps([signed + bytes(256 * 1024), tape]), why),
        ("card-for-an-offer", CARDS[1], why),
        ("founding-for-an-offer", file("founding", dumps([charter(), NONCE]), WASHINGTON), "line-file-wrong-kind"),
        ("answer-for-an-offer", file("answer", answer_body(OFFER), MOSCOW), "line-file-wrong-kind"),
        ("offer-with-its-tape-changed", dumps([signed, b"\x0a" * 31 + b"\x0b"]), "tape-damaged"),
        ("offer-with-a-tape-not-signed-for", file("offer", changed(body, [1, COMMITMENT], None), WASHINGTON), "tape-damaged"),
        ("offer-without-its-tape", dumps([signed, None]), "tape-missing"),
    ]


def offers_that_say_wrong():
    body = [1, consent(WASHINGTON, MOSCOW)]
    good = charter()
    forged_card = card(WASHINGTON, ml_dsa=MALLORY.ml_dsa)
    revoked = card(WASHINGTON, [7], [[WASHINGTON.node_id, NOW]])
    required = file("offer", [1, consent(WASHINGTON, MOSCOW, tape=False)], WASHINGTON, tape=None)
    own_name = changed(good, [PARTIES], [renamed(p, WASHINGTON) for p in good[PARTIES]])
    our_name = changed(good, [PARTIES], [renamed(p, MOSCOW) for p in good[PARTIES]])
    with_mallory = changed(good, [PARTIES], sorted([p if p[0] != MOSCOW.id else mallory() for p in good[PARTIES]]))
    too_often = changed(good, [CADENCES, 0], 199)
    return [
        ("offer-with-a-forged-card", offer(CARD, forged_card), "card-forged"),
        ("offer-with-a-damaged-card", offer(CARD, CARDS[1][:-1]), "card-damaged"),
        ("offer-by-a-node-never-certified", offer(NODE, MALLORY.node_id), "card-node-unknown"),
        ("offer-by-a-revoked-node", offer(CARD, revoked), "card-node-revoked"),
        ("offer-by-an-expired-node", OFFER, "card-node-expired", NOW + YEAR + 1),
        ("offer-signed-by-another-node", file("offer", body, WASHINGTON, by=MALLORY.node), "line-file-forged"),
        ("offer-changed-behind-its-signature", later(), "line-file-forged"),
        ("offer-with-the-charter-signed-by-another-node", offer(by=MALLORY.node), "charter-not-signed"),
        ("offer-with-the-charter-changed-behind-its-signature", other_founding(), "charter-not-signed"),
        ("offer-under-a-charter-with-another-party", offer(rules=with_mallory), "charter-other-parties"),
        ("offer-for-another-than-the-charters-party", offer(TO, MALLORY.id), "charter-other-parties"),
        ("offer-that-names-the-sender-otherwise", offer(rules=own_name), "charter-other-names"),
        ("offer-that-names-the-receiver-otherwise", offer(rules=our_name), "charter-other-names"),
        ("offer-under-a-charter-that-does-not-fit", offer(rules=too_often), "charter-range"),
        ("offer-without-the-tape-that-the-charter-asks-for", required, "tape-missing"),
        ("offer-for-another-party", for_mallory(), "line-file-for-another-party"),
    ]


def renamed(party, who):
    return [party[0], [["en", "Elsewhere"]], party[2]] if party[0] == who.id else party


def mallory():
    return [MALLORY.id, MALLORY.names, ["en"]]


def later():
    """A file whose time was set forward by whoever carried it."""
    signed, tape = cbor2.loads(OFFER)
    body = [1, consent(WASHINGTON, MOSCOW)]
    body[1][TIME] = NOW + 1
    value = changed(cbor2.loads(signed).value, [2], dumps(body))
    return dumps([dumps(cbor2.CBORTag(18, value)), tape])


def other_founding():
    return offer(FOUNDING, [charter(), b"\x08" * 32])


def for_mallory():
    """In order, and for somebody else."""
    parties = sorted([[WASHINGTON.id, WASHINGTON.names, ["en"]], mallory()])
    ids = [party[0] for party in parties]
    offices = [
        [[own, "watch"], [["en", "Watch"]], 1, [[other, "watch"]], []] for own, other in (ids, ids[::-1])
    ]
    rules = changed(changed(charter(), [PARTIES], parties), [3], offices)
    return file("offer", [1, consent(WASHINGTON, MALLORY, rules)], WASHINGTON)


def answers():
    body = answer_body(OFFER)
    other = changed(charter(), [6], 30)
    altered = answer_body(OFFER, rules=other)
    washingtons = [1, consent(WASHINGTON, MOSCOW), *body[2:]]
    good = file("answer", body, MOSCOW)
    signed, _ = cbor2.loads(good)
    return [
        ("answer-cut-short", good[:-1], "line-file-damaged"),
        ("answer-with-a-key-package-too-long", file("answer", changed(body, [4], bytes(16385)), MOSCOW), "line-file-damaged"),
        ("answer-of-version-2", file("answer", changed(body, [0], 2), MOSCOW), "line-file-damaged"),
        ("offer-for-an-answer", OFFER, "line-file-wrong-kind"),
        ("answer-with-its-tape-changed", dumps([signed, b"\x0c" * 64]), "tape-damaged"),
        ("answer-signed-by-another-node", file("answer", body, MOSCOW, by=MALLORY.node), "line-file-forged"),
        ("answer-from-ourselves", file("answer", washingtons, WASHINGTON), "line-file-from-ourselves"),
        ("answer-from-another-party", from_mallory(), "line-file-for-another-party"),
        ("answer-to-another-offer", file("answer", changed(body, [2], sha256(b"other")), MOSCOW), "answer-to-another-offer"),
        ("answer-with-the-charter-altered", file("answer", altered, MOSCOW), "charter-altered"),
        ("answer-with-another-nonce", file("answer", other_nonce(body), MOSCOW), "charter-altered"),
        *[
            (f"answer-compared-{what}", file("answer", changed(body, [3, place], sha256(b"other")), MOSCOW), "answer-compared-other-cards")
            for place, what in enumerate(["another-card-of-its-own", "another-card-of-ours", "another-charter"])
        ],
    ]


def other_nonce(body):
    founding = [charter(), b"\x08" * 32]
    signature = MOSCOW.sign_node("founding", dumps(founding))
    return changed(changed(body, [1, FOUNDING], founding), [1, FOUNDING_SIGNATURE], signature)


def from_mallory():
    """An answer to our offer by somebody whom it did not go to."""
    TAPES[MALLORY.seed] = b"\x0d" * 32
    parties = sorted([[WASHINGTON.id, WASHINGTON.names, ["en"]], mallory()])
    ids = [party[0] for party in parties]
    offices = [
        [[own, "watch"], [["en", "Watch"]], 1, [[other, "watch"]], []] for own, other in (ids, ids[::-1])
    ]
    rules = changed(changed(charter(), [PARTIES], parties), [3], offices)
    body = answer_body(OFFER)
    return file("answer", [1, consent(MALLORY, WASHINGTON, rules), *body[2:]], MALLORY)
