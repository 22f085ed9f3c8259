### What the commands print. An error's value says what happened, its `.do` what to do now.

## Asking

ask-name = Your name (it is signed into receipts):
say-prompt = { $precedence }. Type the text; end with a line that has a single dot, or with Ctrl-D.
say-count = { $words ->
    [one] { $words } word
   *[other] { $words } words
}, { $bytes } bytes.
say-confirm-flash = A FLASH interrupts everything on the other side. Type FLASH to send it:

## Steps of a text

step-stored-here = { $entry } is on this station's disk and on its way.
step-stored = { $entry } is on { $party }'s disk ({ $elapsed }).
step-shown = { $entry } was shown to { $name }, { $party } ({ $elapsed }).
step-read = { $entry } was read by { $name }, { $party }, who signed it ({ $elapsed }).

## Entries

side-ours = { $party } (us)
person-of = { $name }, { $party }
mark-exercise = EXERCISE EXERCISE
mark-test = TEST
kind-start = a station started
kind-receipt = a receipt
kind-number-compared = compared the safety number
kind-service-note = service note, not a message
kind-unknown = of a kind that this version does not know
entry-silence = will be silent until { $until }: { $reason }
entry-receipt-shown = { $count ->
    [one] a message was shown to { $who }
   *[other] { $count } messages were shown to { $who }
}
entry-receipt-read = { $count ->
    [one] a message was read by { $who }
   *[other] { $count } messages were read by { $who }
}
silence-reason-restart = restart
silence-reason-maintenance = maintenance
silence-reason-other = other reasons
stage-stored = stored by { $who } { $when }
stage-shown = shown to { $who } { $when }
stage-read = read by { $who } { $when }
attestation-station = the station itself
attestation-claimed = by his own word
attestation-unix-user = the operating system knows the user
attestation-passkey = by his passkey

show-language = Language
show-reply-to = In reply to
show-actor = Actor
show-time-author = Time, author's clock
show-time-received = Time received here
show-place = Stream and place
show-boot = Boot
show-node = Node
show-party = Party
show-id = Entry
show-stage = Stage

traffic-none = Nothing yet.
follow-begins = { $name }, what appears here from now on counts as shown to you. Ctrl-C ends it.
signed-read = Signed: { $name } has read { $entry }.
silence-announced = Announced: silent until { $until }.

## Making a party and opening a line

init-made = The party is made. Its home is { $home }
    its id is   { $party }
    Next: openline card export FILE, and hand the card over in person.
    Move { $home }/secrets/root to a medium that stays offline; it is needed only for new cards.
card-exported = The card is in { $path }. Hand it over in person; anybody may see it.
row-card-kind-card = Card
row-card-kind-offer = Offer of a line
row-card-kind-answer = Answer to an offer of a line
row-card-names = Names
row-card-languages = Languages
row-card-party = Party
row-card-nodes = Nodes
row-card-addresses = Addresses
row-card-issued = Made
row-card-digest = SHA-256 of the card
row-charter-title = Charter
row-charter-parties = Parties (languages)
row-charter-echo = A quiet line is echoed
row-charter-silent-after = No sign of life after
row-charter-rotate = A key lives
row-charter-urgent = FLASH and IMMEDIATE
row-charter-urgent-limits = at most { $words } words and { $bytes } bytes
row-charter-text = Any text
row-charter-bytes = at most { $bytes } bytes
row-charter-retention = Texts are kept
row-charter-retention-for-ever = for ever
row-charter-retention-days = for { $days } days
row-charter-tape = Tapes
row-charter-tape-required = carried by hand, in both directions
row-charter-tape-not-required = not required
row-charter-modes = Used for
row-charter-marks = Marks
row-charter-office = { $party }: { $name } ({ $office }), level { $level }; counterparts: { $counterparts }; substitutes: { $substitutes }
safety-number-title = Safety number of both cards
ask-safety-number = Have the other side read its safety number to you, by a way that you trust, and type it:
line-offered = The offer for { $party } is in { $path }.
    It holds a key: have it carried by somebody whom you trust, to nobody but { $party }.
    Next, when their answer is here: openline line finish FILE
line-accepted = The line with { $party } is accepted. The answer is in { $path }.
    It holds a key: have it carried by somebody whom you trust, to nobody but { $party }.
    Next: openline station --listen udp://0.0.0.0:7600
line-finished = The line with { $party } is opened on this side.
    Next: openline station --listen udp://0.0.0.0:7600
exported = The record is in { $path } ({ $bytes } bytes). Anybody can check it: openline verify { $path }

## Status

status-headline = { $party }: { $verdict } since { $since } ({ $lasted })
status-no-line = No line yet. Open one with "openline line open".
verdict-opening = OPENING
verdict-open = OPEN
verdict-degraded = DEGRADED
verdict-no-sign-of-life = NO SIGN OF LIFE, CANNOT TELL WHY
verdict-announced-silence = SILENT AS ANNOUNCED
evidence-announced = { $party } announced silence until { $until }: { $reason }.
evidence-never-heard = Their station has not answered since ours started.
evidence-alive = Their station was alive at { $when }, { $ago } ago: it answered a question that we sent then.
evidence-round-trip = { " " }Round trip { $ms } ms.
evidence-cannot-tell = With one way between the stations a cut line and a dead station look the same. Nothing that you send is lost.
evidence-sealed = Sealed with the keys of both stations, post-quantum (epoch { $epoch }).
evidence-sealed-by-tape = Sealed with the hand-carried tape alone so far: whoever carried it could read along.
evidence-compared = Both sides signed that the safety number agrees.
evidence-compared-by-us = We signed that the safety number agrees; they have not yet.
evidence-compared-by-them = They signed that the safety number agrees; we have not yet.
evidence-not-compared = Nobody has compared the safety number yet.
evidence-clock-ahead = Their clock is { $span } ahead of ours.
evidence-clock-behind = Their clock is { $span } behind ours.
evidence-all-confirmed = All that we sent is on their disk.
evidence-unconfirmed = { $count ->
    [one] One entry of ours is queued and not yet confirmed; it is not lost.
   *[other] { $count } entries of ours are queued and not yet confirmed; they are not lost.
}
shortcoming-tape-only = Only the tape key carries the traffic so far.
shortcoming-loss = More than one frame in ten is lost.
shortcoming-cloned = Two copies of one home are running. Stop one: see "openline doctor".
shortcoming-misbehaviour = Proof of the other party's misbehaviour is on record.

unit-millisecond = { $n } ms
unit-second = { $n } s
unit-minute = { $n } min
unit-hour = { $n } h
unit-day = { $n } d

## Errors

error-usage = { $why }
    .do = See "openline --help".
error-no-home-given = Where is the party's home? Neither $XDG_DATA_HOME nor $HOME says.
    .do = Name it: --home DIR
error-file = { $path }: { $why }
    .do = Check that it exists, that it is yours, and that the disk has room.
error-no-station = No station answers in { $home }.
    .do = Start it: openline --home { $home } station --listen udp://0.0.0.0:7600
error-station-went-away = The station went away. { $why }
    .do = What it had taken is on its disk. Start it again, then look with "openline traffic".
error-station-of-another-version = The station's answer can't be understood: { $why }
    .do = Is the station of the same version as this program? Restart it after an upgrade.
error-no-such-line = There is no line named { $line } here.
    .do = "openline status" lists the lines.
error-duration = "{ $given }" is no length of time.
    .do = Write it as 30s, 10m or 2h.
error-since = "{ $given }" is no cursor, time or age.
    .do = Write a cursor (120), a time (2026-02-24T08:00Z) or an age (24h).
error-text-on-the-command-line = A text does not belong on the command line: every user of this machine can read it in the process list, and the shell keeps it.
    .do = Run "openline say" and type the text, or give it on standard input: openline say < text.txt
error-text-empty = The text is empty.
    .do = Type it at the prompt or give it on standard input.
error-too-many-words = { $words } words. A FLASH or IMMEDIATE has at most 200: it stops everything else.
    .do = Shorten it, or send it as PRIORITY.
error-too-many-bytes = { $bytes } bytes. At most { $limit } are allowed here.
    .do = Shorten it, or send it in parts.
error-flash-not-confirmed = Not sent.
    .do = To send a FLASH, type FLASH in capitals when asked.
error-time-ran-out = { $entry } has not come that far within { $limit }. It is still queued, not lost.
    .do = It goes out by itself. Look later: openline show { $entry }
error-time-ran-out-for-many = { $count ->
    [one] One text has not come that far in time. It is still queued, not lost.
   *[other] { $count } texts have not come that far in time. They are still queued, not lost.
}
    .do = They go out by themselves. Look later: openline traffic
error-no-name = A receipt needs the name of a person.
    .do = Give your name without control characters.
error-who-reads = Who has read it? Only a person can, and he signs with his name.
    .do = Name him: --as "Lt. Orlova"
error-no-line = No line is open here.
    .do = Open one: openline line open --help
error-which-line = There is more than one line.
    .do = Name it: --line Moscow. "openline status" lists them.
error-name = A name must not be blank, over 128 bytes, or hold control or direction characters.
    .do = Give another name.
error-language = "{ $given }" is not a language tag.
    .do = Write it as en, ru or zh-Hant (BCP 47).
error-address = "{ $given }" is no address of a station.
    .do = Write it as udp://host:7600
error-safety-number-needed = Nothing was made: the safety number was not given.
    .do = Have the other side read its number to you, and give it: --safety-number 12345-67890-…
error-file-exists = { $path } exists already and was not overwritten.
    .do = Give another name, or move the file away.
error-no-record-yet = Nothing is recorded in { $home } yet: its station has never run.
    .do = Start it: openline --home { $home } station --listen udp://0.0.0.0:7600
