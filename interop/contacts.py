"""The facts of contacts by spec/contacts.md alone: what CDDL can't say of them, and how people read their values."""

import datetime
import re

VERIFYING, VERIFIED, PROPOSAL, READ_BACK, SETTLEMENT, CONTACT_CLOSED = range(10, 16)
KINDS = ["verifying", "verified", "proposal", "read-back", "settlement", "contact-closed"]
STEPS = ["commits", "shares", "reveals"]
COMPARISONS = ["agreed", "differed"]
SETTLEMENTS = ["confirmed", "withdrawn", "lapsed"]
PLACE_FORMS = ["degrees", "grid"]

# OL-601: units in a degree; bands, columns and rows know no I and no O.
UNITS = 36_000_000
GRID = re.compile(r"(0[1-9]|[1-5]\d|60)[C-HJ-NP-X][A-HJ-NP-Z][A-HJ-NP-V](\d{6}|\d{8}|\d{10})", re.ASCII)
LATEST = 253_402_300_799


class Wrong(Exception):
    """The fact breaks a rule."""


def check(kind, fact, actor):
    """OL-601 to OL-603, OL-610."""
    is_of_a_station = kind == VERIFYING or kind == SETTLEMENT and fact[2] == SETTLEMENTS.index("lapsed")
    is_by_a_person = actor[1] != 0 and actor[0].strip()
    if not is_of_a_station and not is_by_a_person:
        raise Wrong("no person's word (OL-610)")
    if kind == SETTLEMENT and is_of_a_station and is_by_a_person:
        raise Wrong("no station's word (OL-610)")
    if kind in (PROPOSAL, READ_BACK):
        _check_terms(*fact[2])


def _check_terms(places, begins, ends, next_contact):
    if len(places) > 8:
        raise Wrong("too many places (OL-603)")
    for place in places:
        _check_place(*place)
    for time in (begins, ends, next_contact):
        if time is not None:
            _check_time(*time)
    if ends is not None and ends[0] <= begins[0]:
        raise Wrong("ends before it begins (OL-603)")


def _check_place(form, *value):
    if form == 1:
        is_right = GRID.fullmatch(value[0])
    else:
        latitude, longitude = value
        is_right = abs(latitude) <= 90 * UNITS and -180 * UNITS < longitude <= 180 * UNITS
    if not is_right:
        raise Wrong("no place (OL-601)")


def _check_time(moment, zone):
    is_zone = zone % 15 == 0 and -720 <= zone <= 840
    if not is_zone or moment > LATEST or not 0 <= moment + zone * 60 <= LATEST:
        raise Wrong("no time with a zone (OL-602)")


def described(kind, fact):
    """The fact as vectors write it."""
    about = {"contact": fact[0].hex()}
    match kind:
        case 10 if fact[1] == 0:
            _, _, outcome, generation, epoch, commitment = fact
            named = {"outcome": outcome.hex(), "generation": generation, "epoch": epoch}
            return about | {"step": STEPS[0], **named, "commitment": commitment.hex()}
        case 10:
            return about | {"step": STEPS[fact[1]], "after": fact[2].hex(), "nonce": fact[3].hex()}
        case 11:
            return about | {"code": fact[1].hex(), "said": COMPARISONS[fact[2]]}
        case 12:
            return about | {"corrects": fact[1] and fact[1].hex(), "terms": _terms(*fact[2])}
        case 13:
            return about | {"proposal": fact[1].hex(), "terms": _terms(*fact[2])}
        case 14:
            settled = {"settled": SETTLEMENTS[fact[2]], "cites": fact[3] and fact[3].hex()}
            return about | {"proposal": fact[1].hex(), **settled}
    return about


def _terms(places, *times):
    begins, ends, next_contact = (time and _time(*time) for time in times)
    return {"places": [_place(*place) for place in places], "from": begins, "until": ends, "next_contact": next_contact}


def _place(form, *value):
    if form == 1:
        square, digits = value[0][:5], value[0][5:]
        half = len(digits) // 2
        return f"{square[:3]} {square[3:]} {digits[:half]} {digits[half:]}"
    return f"{_angle(value[0], 2, 'NS')} {_angle(value[1], 3, 'EW')}"


def _angle(units, width, letters):
    seconds, parts = divmod(abs(units), 10_000)
    minutes, seconds = divmod(seconds, 60)
    degrees, minutes = divmod(minutes, 60)
    decimals = f".{parts:04}".rstrip("0") if parts else ""
    return f"{degrees:0{width}}°{minutes:02}'{seconds:02}{decimals}\"{letters[units < 0]}"


def _time(moment, zone):
    offset = datetime.timedelta(minutes=zone)
    epoch = datetime.datetime(1970, 1, 1)
    text = (epoch + datetime.timedelta(seconds=moment) + offset).isoformat()
    text = text.removesuffix(":00")
    sign, hours, minutes = "-" if zone < 0 else "+", abs(zone) // 60, abs(zone) % 60
    return text + ("Z" if zone == 0 else f"{sign}{hours:02}:{minutes:02}")
