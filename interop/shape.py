"""Reads deterministic CBOR (RFC 8949 section 4.2.1) and holds it against a shape.

zcbor, which checks entries, does not know the parts of RFC 8610 that cards and key messages need, so a shape
is a function here: it takes a value and says whether it has the form.
"""

import cbor2


class Form(Exception):
    """Not the form."""


def read(data, shape):
    """The one value that these bytes are the canonical form of."""
    try:
        value = cbor2.loads(data)
        canonical = cbor2.dumps(value, canonical=True)
    except Exception as error:
        raise Form(f"no CBOR: {error}"[:200]) from error
    if canonical != data:
        raise Form("not the canonical form")
    shape(value)
    return value


def need(holds, what):
    if not holds:
        raise Form(what)


def uint(most=2**64 - 1, least=0):
    def check(value):
        need(type(value) is int and least <= value <= most, f"no number from {least} to {most}: {value!r:.80}")

    return check


def integer(value):
    need(type(value) is int and -(2**63) <= value < 2**63, "no integer")


def boolean(value):
    need(type(value) is bool, "neither true nor false")


def bstr(least, most=None):
    def check(value):
        long = len(value) if type(value) is bytes else None
        need(long is not None and least <= long <= (least if most is None else most), "no byte string of this length")

    return check


def tstr(most):
    def check(value):
        need(type(value) is str and len(value.encode()) <= most, "no text of this length")

    return check


def only(expected):
    def check(value):
        need(type(value) is type(expected) and value == expected, f"not {expected!r}")

    return check


def array(*shapes):
    def check(value):
        need(type(value) is list and len(value) == len(shapes), f"no array of {len(shapes)}")
        for shape, item in zip(shapes, value):
            shape(item)

    return check


def many(shape, most, least=0):
    def check(value):
        need(type(value) is list and least <= len(value) <= most, f"no array of {least} to {most}")
        for item in value:
            shape(item)

    return check


def maybe(shape):
    def check(value):
        if value is not None:
            shape(value)

    return check


def either(*shapes):
    def check(value):
        for shape in shapes:
            try:
                return shape(value)
            except Form:
                pass
        raise Form("none of the forms")

    return check


def tagged(tag, shape):
    def check(value):
        need(type(value) is cbor2.CBORTag and value.tag == tag, f"not tagged {tag}")
        shape(value.value)

    return check


def ascends(items, what):
    need(all(a < b for a, b in zip(items, items[1:])), f"{what}: not in ascending order")
