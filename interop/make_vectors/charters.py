"""Charters: the form, and rules that do not fit."""

import identity
from identity import dumps
from party import MOSCOW, WASHINGTON, changed

VERSION, SUITE, PARTIES, OFFICES, CADENCES, LIMITS, RETENTION, TAPE, MODES, MARKS = range(10)
LOWER, HIGHER = sorted([WASHINGTON, MOSCOW], key=lambda party: party.id)


def party(who):
    return [who.id, who.names, ["en"]]


def ref(who, office="watch"):
    return [who.id, office]


def office(who, other, name="watch", level=1):
    return [ref(who, name), [["en", name.capitalize()]], level, [ref(other, name)], []]


def charter():
    return [
        1,
        1,
        [party(LOWER), party(HIGHER)],
        [office(LOWER, HIGHER), office(HIGHER, LOWER)],
        [5000, 15000, 3_600_000, 3_600_000, 3_600_000],
        [200, 2000, 32768],
        None,
        True,
        [0, 1],
        [0, 1, 2],
    ]


def with_chiefs():
    """A second rung on each side, whose work the watch does when nobody is there."""
    offices = []
    for who, other in [(LOWER, HIGHER), (HIGHER, LOWER)]:
        chief = office(who, other, "chief-of-staff", 2)
        offices += [[*chief[:4], ["watch"]], office(who, other)]
    return changed(charter(), [OFFICES], offices)


def valid():
    good = charter()
    for name, value in {
        "two-watches": good,
        "chiefs-with-substitutes": with_chiefs(),
        "shortest-cadences": changed(good, [CADENCES], [200, 600, 1000, 60_000, 900_000]),
        "longest-cadences": changed(good, [CADENCES], [28_800_000] + [86_400_000] * 4),
        "least-text": changed(good, [LIMITS], [1, 1, 1]),
        "retention-of-a-hundred-years": changed(good, [RETENTION], 36525),
        "no-tapes": changed(good, [TAPE], False),
        "texts-in-earnest-only": changed(changed(good, [MODES], [0]), [MARKS], [0]),
        "highest-level": changed(good, [OFFICES, 0, 2], 16),
    }.items():
        data = dumps(value)
        yield f"charter-{name}", data, {"object": "charter", "digest": identity.sha256(data).hex()}


def invalid():
    for name, path, new, why in [*forms(), *rules()]:
        data = new if path is None else dumps(changed(charter(), path, new))
        yield f"charter-{name}", data, {"object": "charter", "refused_for": why}


def forms():
    good, damaged = charter(), "charter-damaged"
    encoded = dumps(good)
    for name, path, new in [
        ("version-2", [VERSION], 2),
        ("suite-unknown", [SUITE], 2),
        ("mode-unknown", [MODES], [0, 2]),
        ("mark-unknown", [MARKS], [0, 3]),
        ("modes-out-of-order", [MODES], [1, 0]),
        ("mark-twice", [MARKS], [0, 0]),
        ("parties-out-of-order", [PARTIES], good[PARTIES][::-1]),
        ("party-twice", [PARTIES], [good[PARTIES][0]] * 2),
        ("too-many-parties", [PARTIES], [[bytes([n]) * 32, [["en", "X"]], ["en"]] for n in range(10)]),
        ("offices-out-of-order", [OFFICES], good[OFFICES][::-1]),
        ("office-twice", [OFFICES], [good[OFFICES][0], *good[OFFICES]]),
        ("office-in-capitals", [OFFICES, 0, 0, 1], "Watch"),
        ("office-without-a-name", [OFFICES, 0, 1], []),
        ("office-identifier-too-long", [OFFICES, 0, 0, 1], "w" * 33),
        ("office-identifier-empty", [OFFICES, 0, 0, 1], ""),
        ("office-on-level-17", [OFFICES, 0, 2], 17),
        ("counterparts-out-of-order", [OFFICES, 0, 3], [ref(HIGHER), ref(HIGHER, "chief")]),
        ("counterpart-twice", [OFFICES, 0, 3], [ref(HIGHER), ref(HIGHER)]),
        ("too-many-substitutes", [OFFICES, 0, 4], ["watch"] * 17),
        ("echo-beyond-a-day", [CADENCES, 0], 86_400_001),
        ("presence-beyond-a-day", [CADENCES, 3], 86_400_001),
        ("tests-beyond-a-day", [CADENCES, 4], 86_400_001),
        ("cadences-of-an-earlier-form", [CADENCES], [5000, 15000, 3_600_000]),
        ("urgent-words-201", [LIMITS, 0], 201),
        ("urgent-bytes-2001", [LIMITS, 1], 2001),
        ("text-bytes-32769", [LIMITS, 2], 32769),
        ("retention-of-a-hundred-years-and-a-day", [RETENTION], 36526),
        ("tape-required-as-a-number", [TAPE], 1),
        ("a-field-too-many", None, dumps([*good, None])),
        ("byte-behind-the-end", None, encoded + b"\x00"),
        ("cut-short", None, encoded[:-1]),
        ("integer-not-canonical", None, b"\x8a\x18\x01" + encoded[2:]),
    ]:
        yield name, path, new, damaged


def rules():
    good = charter()
    chief = office(LOWER, HIGHER, "chief")
    return [
        ("no-party", [PARTIES], [], "charter-parties"),
        ("one-party", [PARTIES], [good[PARTIES][0]], "charter-parties"),
        ("party-without-an-office", [OFFICES], [[*good[OFFICES][0][:3], [], []]], "charter-no-office"),
        ("office-of-a-stranger", [OFFICES], strangers_office(), "charter-office-stranger"),
        ("office-on-level-0", [OFFICES, 0, 2], 0, "charter-range"),
        ("substitute-unknown", [OFFICES, 0, 4], ["chief"], "charter-office-link"),
        ("substitute-itself", [OFFICES, 0, 4], ["watch"], "charter-office-link"),
        ("counterpart-unknown", [OFFICES, 0, 3], [ref(HIGHER, "chief")], "charter-office-link"),
        ("counterpart-of-its-own-party", [OFFICES, 0, 3], [ref(LOWER)], "charter-office-link"),
        ("counterpart-one-sided", [OFFICES], [chief_to_watch(chief), *good[OFFICES]], "charter-office-one-sided"),
        ("echo-too-often", [CADENCES], [199, *good[CADENCES][1:]], "charter-range"),
        ("silent-after-less-than-three-echoes", [CADENCES], [5000, 14999, *good[CADENCES][2:]], "charter-range"),
        ("rotation-too-often", [CADENCES], [5000, 15000, 999, *good[CADENCES][3:]], "charter-range"),
        ("presence-too-often", [CADENCES, 3], 59_999, "charter-range"),
        ("tests-too-often", [CADENCES, 4], 899_999, "charter-range"),
        ("no-urgent-words", [LIMITS, 0], 0, "charter-range"),
        ("no-urgent-bytes", [LIMITS, 1], 0, "charter-range"),
        ("no-text-bytes", [LIMITS, 2], 0, "charter-range"),
        ("texts-forbidden", [MODES], [1], "charter-needed"),
        ("nothing-in-earnest", [MARKS], [1, 2], "charter-needed"),
    ]


def strangers_office():
    stranger = [[b"\xff" * 32, "watch"], [["en", "Watch"]], 1, [], []]
    return [*charter()[OFFICES], stranger]


def chief_to_watch(chief):
    return [*chief[:3], [ref(HIGHER)], []]
