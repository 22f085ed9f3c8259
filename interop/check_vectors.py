"""Checks everything in vectors/ from the specification alone.

    python3 -m venv venv && venv/bin/pip install -r interop/requirements.txt
    venv/bin/python interop/check_vectors.py

Prints each vector that comes out otherwise than its file says, and `N passed, N failed`.
"""

import json
import pathlib
import sys

import cbor2

import bearers
import channel
import contacts
import entries
import identity
import records

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"


def load(folder):
    paths = sorted((VECTORS / folder).glob("*.json"))
    return [(path, json.loads(path.read_text())) for path in paths]


def check_valid(_, vector):
    data, key = bytes.fromhex(vector["stored"]), bytes.fromhex(vector["node_key"])
    head, entry = entries.accept(data, key)
    assert head.id.hex() == vector["id"], "id"
    assert entry.header.hex() == vector["header"], "header"
    assert entry.signature.hex() == vector["signature"], "signature"
    assert fields(head) == vector["fields"], "fields"
    cose = [entries.PROTECTED, {}, entry.header, entry.signature]
    assert cbor2.dumps(cose, canonical=True).hex() == vector["cose"], "COSE_Sign1"
    entries.read("cose-entry", bytes.fromhex(vector["cose"]), "COSE_Sign1")
    text = None
    if head.kind in entries.TEXTS and entry.content is not None:
        language, words, *_ = entries.read("text-body", entry.content, "text")
        text = {"language": language, "text": words}
    assert text == vector["text"], "text"


def check_invalid(path, vector):
    data, key = bytes.fromhex(vector["stored"]), bytes.fromhex(vector["node_key"])
    try:
        entries.accept(data, key)
    except entries.Refused as refused:
        door = refused.door
        assert door == vector["refused_for"], f"refused for its {door}: {refused}"
    else:
        raise AssertionError("accepted")
    if path.stem in ("key-of-small-order", "signature-with-r-of-small-order"):
        # These show the rule's own part: a plain library takes them.
        entry = entries.stored(data)
        message = entries.to_be_signed(entry.header)
        assert entries.plain_verify(key, message, entry.signature), "shows nothing"


def fields(head):
    return {
        "line": head.line.hex(),
        "party": head.party.hex(),
        "node": head.node.hex(),
        "boot": head.boot.hex(),
        "stream": entries.STREAMS[head.stream],
        "sequence": head.sequence,
        "previous": head.previous and head.previous.hex(),
        "heads": [{**records.chain_json(h[:4]), "size": h[4], "last": h[5].hex()} for h in head.heads],
        "time": head.time,
        "kind": head.kind,
        "mark": entries.MARKS[head.mark],
        "precedence": entries.PRECEDENCES[head.precedence],
        "reply_to": head.reply_to and head.reply_to.hex(),
        "actor": {
            "name": head.actor[0],
            "attestation": entries.ATTESTATIONS[head.actor[1]],
            "evidence": head.actor[2],
        },
        "fact": fact_json(head),
        "commitment": head.commitment and head.commitment.hex(),
    }


def fact_json(head):
    fact = head.fact
    if head.kind == entries.START:
        keys = ["boot", "stream", "size", "last", "root"]
        items = [dict(zip(keys, item)) for item in fact[0]]
        for item in items:
            item["stream"] = entries.STREAMS[item["stream"]]
            item.update({key: item[key].hex() for key in ("boot", "last", "root")})
        return {"frontier": items}
    if head.kind == entries.RECEIPT:
        return {"stage": entries.STAGES[fact[0]], "targets": [target.hex() for target in fact[1]]}
    if head.kind == entries.SILENCE:
        return {"from": fact[0], "until": fact[1], "reason": entries.REASONS[fact[2]]}
    if head.kind == entries.NUMBER_COMPARED:
        return dict(zip(["own_card", "other_card", "charter"], [digest.hex() for digest in fact]))
    if head.kind in entries.OF_A_CONTACT:
        return contacts.described(head.kind, fact)
    if head.kind in entries.BY_A_PERSON or head.kind in entries.TESTS or head.kind in entries.EXERCISES:
        return watch_json(head.kind, fact)
    if head.kind == entries.REACHABLE_AT:
        return {"addresses": fact[0]}
    if head.kind == entries.MESSAGE and fact:
        return {"exercise": fact[0].hex()}
    return ring_json(head.kind, fact) if head.kind in entries.OF_A_RING else None


# What the fields of a fact are called, in their order.
WATCH_FIELDS = {
    entries.ROSTER: ["from_ms", "until_ms", "officers", "shifts", "replaces"],
    entries.WATCH_OPENED: ["ends", "confirms_ms"],
    entries.PRESENCE: ["watch"],
    entries.HAND_OVER: ["watch", "to", "items"],
    entries.HAND_OVER_WITHDRAWN: ["hand_over"],
    entries.TAKE_OVER: ["hand_over", "confirms_ms"],
    entries.WATCH_CLOSED: ["watch"],
    entries.SUSPENDED: ["reason"],
    entries.RESUMED: ["suspensions"],
    entries.CALL_UP: ["turn"],
    entries.READY: ["call_up"],
    entries.TEST_TEXT: ["ready"],
    entries.TEST_ANSWER: ["text", "by", "content"],
    entries.EXERCISE_PROPOSED: ["until"],
    entries.EXERCISE_ACCEPTED: ["proposal"],
    entries.EXERCISE_ENDED: ["proposal"],
}
WATCH_WORDS = {"reason": entries.SUSPENSION_REASONS, "by": entries.ANSWERERS}


def watch_json(kind, fact):
    def value(field, item):
        if field in WATCH_WORDS:
            return WATCH_WORDS[field][item]
        if field in ("officers", "shifts"):
            return item
        if isinstance(item, list):
            return [part.hex() for part in item]
        return item.hex() if isinstance(item, bytes) else item

    return {field: value(field, item) for field, item in zip(WATCH_FIELDS[kind], fact)}


def ring_json(kind, fact):
    if kind == entries.RING:
        offices = [{"party": party.hex(), "office": office} for party, office in fact[:2]]
        ring = {"from": offices[0], "to": offices[1], "mode": entries.MODES[fact[2]], "for_ms": fact[3]}
        return ring | {"exercise": item.hex() for item in fact[4:]}
    about = {"ring": fact[0].hex()}
    if kind == entries.ANSWER:
        about |= {"answer": entries.ANSWERS[fact[1]], "call_back": fact[2]}
    if kind == entries.OUTCOME:
        about |= {"ending": entries.ENDINGS[fact[1]], "cites": fact[2] and fact[2].hex()}
    return about


def check_record(path, vector):
    nodes = {}
    for node in vector["nodes"]:
        party, key = bytes.fromhex(node["party"]), bytes.fromhex(node["key"])
        nodes[bytes.fromhex(node["node"])] = (party, key)
    report = records.verify(path.with_suffix(".olr").read_bytes(), nodes)
    expected = vector["report"]
    for name in expected:
        got, want = in_any_order(report[name]), in_any_order(expected[name])
        assert got == want, f"{name}:\n  got  {got}\n  want {want}"


def check_identity(path, vector):
    assert taken(path, vector) == {key: vector[key] for key in taken(path, vector)}, "says something else"


def check_identity_invalid(path, vector):
    try:
        taken(path, vector)
    except identity.Refused as refused:
        assert refused.name == vector["refused_for"], f"refused as {refused}"
    else:
        raise AssertionError("accepted")


def taken(path, vector):
    """What a vector of vectors/identity says, or identity.Refused."""

    def read(field):
        return (path.parent / vector[field]).read_bytes()

    match vector["object"]:
        case "card":
            card = identity.card(read("file"))
            if "node" in vector:
                card.node_at(bytes.fromhex(vector["node"]), vector["at"])
            return {"card": card_json(card)} if "card" in vector else {}
        case "charter":
            identity.charter(read("file"))
            return {"digest": identity.sha256(read("file")).hex()}
        case "offer":
            own = identity.card(read("own_card"))
            return said(identity.offer(read("file"), vector["at"], own))
        case "answer":
            ours = identity.line_file("offer", read("offer"), vector["at"])
            return said(identity.answer(read("file"), vector["at"], ours))
        case "safety-number":
            numbers = {identity.typed(text) for text in vector["typed"]}
            one, other = map(bytes.fromhex, vector["parties"])
            assert numbers == {identity.safety_number(other, one)}
            return {"number": identity.safety_number(one, other)}


def card_json(card):
    return {
        "party": card.party.hex(),
        "digest": card.digest.hex(),
        "serial": card.serial,
        "issued": card.issued,
        "names": card.names,
        "languages": card.languages,
        "nodes": [
            {"node": identity.sha256(key).hex(), "leaf_key": leaf.hex(), "expires": expires}
            for key, leaf, expires in card.nodes
        ],
        "revocations": [{"node": node.hex(), "time": time} for node, time in card.revocations],
        "addresses": card.addresses,
    }


def said(file):
    _, _, _, node, to, _, reachable_at, time = file.body[1]
    return {
        "line": file.line.hex(),
        "id": file.id.hex(),
        "from": file.card.party.hex(),
        "to": to.hex(),
        "node": node.hex(),
        "tape": file.tape and file.tape.hex(),
        "reachable_at": reachable_at,
        "time": time,
        "safety_number": identity.safety_number(file.card.party, to),
    }


def check_channel(_, vector):
    assert channel.taken(vector) == vector["gives"], f"gives\n  {channel.taken(vector)}\n  {vector['gives']}"


def check_channel_invalid(_, vector):
    try:
        channel.taken(vector)
    except channel.Refused as refused:
        assert refused.name == vector["refused_for"], f"refused as {refused}"
    else:
        raise AssertionError("accepted")


def check_bundle(_, vector):
    frames, promised = bearers.unbundled(bytes.fromhex(vector["bytes"]))
    assert [frame.hex() for frame in frames] == vector["gives"]["frames"], "frames"
    assert promised == vector["gives"]["promised"], "promised"


def check_bundle_invalid(_, vector):
    try:
        bearers.unbundled(bytes.fromhex(vector["bytes"]))
    except bearers.Refused as refused:
        assert refused.name == vector["refused_for"], refused
        return
    raise AssertionError("it was taken")


def check_line(_, vector):
    assert bearers.taken(bytes.fromhex(vector["bytes"])).hex() == vector["gives"]["frame"], "frame"
    assert bearers.on_the_line(bytes.fromhex(vector["gives"]["frame"])).hex() == vector["bytes"], "bytes"


def check_line_invalid(_, vector):
    try:
        bearers.taken(bytes.fromhex(vector["bytes"]))
    except bearers.Refused as refused:
        assert refused.name == vector["refused_for"], f"refused as {refused}"
    else:
        raise AssertionError("accepted")


def in_any_order(value):
    """Lists in a report have no order that means anything."""
    if isinstance(value, list):
        return sorted(value, key=lambda item: json.dumps(item, sort_keys=True))
    return value


def main():
    entries.check_registries()
    passed, failed = 0, 0
    checks = [
        ("entry/valid", check_valid, 45),
        ("entry/invalid", check_invalid, 145),
        ("record", check_record, 51),
        ("identity/valid", check_identity, 29),
        ("identity/invalid", check_identity_invalid, 178),
        ("channel/valid", check_channel, 52),
        ("channel/invalid", check_channel_invalid, 79),
        ("line/valid", check_line, 9),
        ("line/invalid", check_line_invalid, 15),
        ("bundle/valid", check_bundle, 8),
        ("bundle/invalid", check_bundle_invalid, 8),
    ]
    for folder, check, at_least in checks:
        vectors = load(folder)
        if len(vectors) < at_least:
            print(f"{folder}: {len(vectors)} vectors, expected {at_least}")
            failed += 1
        for path, vector in vectors:
            try:
                check(path, vector)
                passed += 1
            except (AssertionError, bearers.Refused, entries.Refused, identity.Refused, channel.Refused) as error:
                print(f"{folder}/{path.name}: {error}")
                failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
