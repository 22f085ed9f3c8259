"""Two parties and an impostor whose keys come from one byte each."""

import copy

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA87PrivateKey

import identity
from identity import dumps, sha256

NOW = 1_652_432_400_000  # 2022-05-13 09:00 UTC
YEAR = 366 * 86_400_000
# y = 3 is on the curve; p + 3 encodes it a second time. 0 has order 4.
NOT_CANONICAL = ((1 << 255) - 19 + 3).to_bytes(32, "little")
SMALL_ORDER = bytes(32)


def raw(key):
    return key.public_key().public_bytes_raw()


class Party:
    """A party whose keys come from one byte."""

    def __init__(self, seed, english, russian):
        self.ed25519 = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.ml_dsa = MLDSA87PrivateKey.from_seed_bytes(bytes([seed]) * 32)
        self.node = Ed25519PrivateKey.from_private_bytes(bytes([seed + 100]) * 32)
        self.seed, self.names = seed, [["en", english], ["ru", russian]]
        self.root = [raw(self.ed25519), raw(self.ml_dsa)]
        self.id, self.node_id = sha256(dumps(self.root)), sha256(raw(self.node))

    def body(self):
        certificate = [raw(self.node), bytes([self.seed]) * 32, NOW + YEAR]
        return [1, 1, NOW, self.names, ["en"], self.root, [certificate], [], ["udp://192.0.2.1:7600"]]

    def sign(self, body, kind="card", ed25519=None, ml_dsa=None):
        """A card file as a value, for the defects to change."""
        payload = body if type(body) is bytes else dumps(body)
        protected = dumps({3: f"application/openline-{kind}+cbor"})
        both = [dumps(["Signature", protected, signer, b"", payload]) for signer in (identity.EDDSA, identity.ML_DSA)]
        signatures = [
            [identity.EDDSA, {}, (ed25519 or self.ed25519).sign(both[0])],
            [identity.ML_DSA, {}, (ml_dsa or self.ml_dsa).sign(both[1])],
        ]
        return cbor2.CBORTag(98, [protected, {}, payload, signatures])

    def sign_node(self, kind, payload, by=None):
        return (by or self.node).sign(identity.sign1_input(kind, payload))


WASHINGTON, MOSCOW = Party(1, "Washington", "Вашингтон"), Party(2, "Moscow", "Москва")
MALLORY = Party(66, "Moscow", "Москва")


def changed(value, path, new):
    """A copy in which one place is another; a function changes what stands there."""
    out = copy.deepcopy(value)
    place = out
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = new(place[path[-1]]) if callable(new) else new
    return out


def card(party=MOSCOW, path=None, new=None, **signing):
    body = party.body() if path is None else changed(party.body(), path, new)
    return dumps(party.sign(body, **signing))
