### What the commands print. An error's value says what happened, its `.do` what to do now.

## Asking

ask-salvage = The damaged record is moved to { $aside }, and what is intact comes into a new one. Copy the whole home to another disk first. Go on? Type yes:
ask-salvage-yes = yes
word-yes = yes
word-no = no
ask-yes-or-no = Only yes or no is taken. Nothing is signed yet.
ask-name = Your name (what you do is signed with it):
ask-name-again = A name must not be blank, over 128 bytes, or hold control or direction characters.
ask-sign-read = { $name }, do you sign that you have read { $entry }? Type yes to sign:
say-real = REAL: an exercise is in force, and this text is no part of it. For one that is: openline say --exercise
say-prompt = { $precedence }. Type the text; end with a line that has a single dot, or with Ctrl-D.
say-count = { $words ->
    [one] { $words } word
   *[other] { $words } words
}, { unit-bytes }.
say-confirm-flash = A FLASH interrupts everything on the other side. Type FLASH to send it:
say-confirm-flash-again = Type FLASH in Latin capitals to send it; an empty line sends nothing:
say-as-priority = Type PRIORITY to send it so instead, or press Enter to type it anew:
say-again = Nothing was sent. What you typed stands above. Type it anew, or press Ctrl-C to give up.

## Steps of a text

step-stored-here = { $entry } is on this station's disk; it is sent until they have it.
say-air = { $address } carries { $rate } bit/s: this text takes about { $span } to the other side, if nothing goes before it.
say-air-files = { $address } carries { $rate } bit/s: this text takes about { $span } to the other side, its files about { $files }. Texts go before files.
say-will-be-queued = What you type now waits on this station's disk and goes out by itself when they are heard again.
say-queued = Queued: { $party } has shown no sign of life since { $when }. { $entry } goes out by itself when they are heard.
say-queued-announced = Queued: { $party } is silent as announced until { $until }, and answered last { $when }. { $entry } goes out by itself when they are heard.
say-queued-never-heard = Queued: { $party } has not been heard since this station started. { $entry } goes out by itself when they are.
say-given-back = Not sent. This is what you typed:
say-given-back-unsure = Perhaps not sent. When the station runs, look with "openline traffic" whether it is there; if not, this is what you typed:
say-look-later = How far it has come: openline show { $entry }
step-stored = { $entry } is on { $party }'s disk ({ $elapsed }).
step-shown = { $entry } was shown to “{ $name }”, { $party } ({ $elapsed }).
step-read = { $entry } was read by “{ $name }”, { $party }, who signed it ({ $elapsed }).

## Entries

side-ours = { $party } (us)
person-of = “{ $name }”, { $party }
mark-exercise = EXERCISE
mark-test = TEST
kind-start = a station started
kind-receipt = a receipt
kind-number-compared = compared the safety number
kind-service-note = service note, not a message
kind-unknown = of a kind that this version does not know
entry-ring = RING: { $from } calls { $to }, until { $until }
entry-ringing-ringing = rings for { $ring }
entry-answer-accept = accepts { $ring }
entry-answer-decline = declines { $ring }{ $callback ->
    [none] {""}
   *[other] {", to be called back"} { $callback }
}
entry-answer-later = puts { $ring } off{ $callback ->
    [none] {""}
   *[other] {", to be called back"} { $callback }
}
entry-outcome-accepted = decided { $ring }: accepted
entry-outcome-declined = decided { $ring }: declined
entry-outcome-later = decided { $ring }: put off
entry-outcome-withdrawn = decided { $ring }: withdrawn
entry-outcome-unanswered = decided { $ring }: it rang, and nobody answered
entry-outcome-unreachable = decided { $ring }: nothing showed that it rang
entry-outcome-merged = decided { $ring }: merged into the other side's ring, which came at the same time
entry-silence = will be silent until { $until }: { $reason }
entry-silence-ended = ended its announced silence
entry-receipt-shown = { $entries } { $count ->
    [one] was shown to { $who }
   *[other] were shown to { $who }
}
entry-receipt-read = { $entries } { $count ->
    [one] was read by { $who }
   *[other] were read by { $who }
}
entry-receipt-void = a receipt for { $entries } that proves nothing: it names nobody, or a message of its own author
entry-times = { $written } (here { $here })
entry-by = by “{ $name }”
text-withheld = TEXT WITHHELD: they sent this message without its text.
text-withheld-ours = TEXT NOT HERE: this message of ours came back from the other side without its text.
text-unreadable = TEXT NOT READABLE: what came in place of a text is none.
entry-reply-to = in reply to { $entry }
silence-reason-restart = restart
silence-reason-maintenance = maintenance
silence-reason-other = other reasons
stage-stored = stored by { $who } { $when }
stage-shown = shown to { $who } { $when }
stage-read = read by { $who } { $when }
stage-known-late = { $theirs } by their clock (known here { $here })
stage-not-stored = not on their disk yet
stage-not-shown = shown to nobody here yet
attestation-station = the station itself
attestation-claimed = by his own word
attestation-unix-user = the operating system knows the user
attestation-passkey = by his passkey
attestation-theirs = their station says: { $how }; nobody can check that here

show-name = Name
show-names = { $entry } at this station alone; { $common } at both sides
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
traffic-none-since = Nothing since { $when }.
traffic-none-after = Nothing after the entry numbered { $cursor }.
traffic-after = After the entry numbered { $cursor }; an age needs a unit, such as { $cursor }m.
follow-begins = { $name }, what appears here from now on counts as shown to you. Ctrl-C ends it.
follow-not-shown = What came while nobody was shown it:
follow-sign-read = When you have read it: openline sign-read { $entry }
error-follow-relieved = “{ $officer }” is on watch now. This screen signed what it showed as shown to “{ $name }”, and ends here.
    .do = Who sits here now: openline follow
follow-answer = To answer: openline ring accept { $entry }, or ring decline, or ring later
follow-station-gone = The station of this home has been gone since { $since }; nothing can come. Start it again: what comes then is shown here.
follow-station-silent = The station of this home{ $process ->
    [none] {""}
   *[other] { " " }(process { $process })
} does not answer, as was found at { $since }; nothing can come. Look at that process: is it stopped, does its disk hang? If it does not come back, kill it and start the station again: what comes then is shown here.
follow-station-back = The station is back since { $when }.
signed-read = Signed: { $name } has read { $entry }.
keys-asked = New keys are asked for, until the other side answers; "openline status" says when they are in use. It does not answer while it hears another copy of this home.
silence-announced = Announced: silent until { $until }.
silence-ended = Told, signed: the announced silence is over.

## Making a party and opening a line

init-made = The party is made. Its home is { $home }
    its id is   { $party }
    Next: { $openline } card export FILE, and hand the card over in person.
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
row-charter-every = every { $span }
row-charter-silent-after = No sign of life after
row-charter-rotate = A key lives
row-charter-presence = An officer confirms, at least
row-charter-test = The line is tested
row-charter-urgent = FLASH and IMMEDIATE
row-charter-urgent-limits = at most { $words } words and { $bytes } bytes
row-charter-text = Any text
row-charter-bytes = at most { $bytes } bytes
row-charter-retention = Texts are kept
row-charter-retention-for-ever = for ever
row-charter-retention-days = { $days ->
    [one] for { $days } day
   *[other] for { $days } days
}
row-charter-tape = Tapes
row-charter-tape-required = carried by hand, in both directions
row-charter-tape-not-required = not required
row-charter-modes = Used for
row-charter-marks = Marks
charter-mode-text = texts
charter-mode-service-notes = service notes
charter-mark-real = real
charter-mark-exercise = exercise
charter-mark-test = test
row-charter-office = { $party }: { $name } ({ $office }), level { $level }; counterparts: { $counterparts }; substitutes: { $substitutes }
name-warning-title = LOOK TWICE:
name-warning-ours = “{ $name }” looks like our own name, “{ $like }”, but this party is not us: its id is another.
name-warning-another = “{ $name }” looks like “{ $like }”, the name of another party here ({ $party }…), but this is not that party: its id is another.
name-warning-mixed = a word of “{ $name }” is put together from letters of several alphabets: { $pieces }. So made, it can look like a name that it is not.
safety-number-title = Safety number of both cards
ask-safety-number = Have the other side read its safety number to you, by a way that you trust, and type what you hear.
    Do not copy it from your own screen, which proves nothing. In one row or in several:
ask-safety-number-rest = { $count } digits of 60. The next row:
ask-compared-name = Your name (the record will say that you compared the number):
line-offered = The offer for { $party } is in { $path }.
    It holds a key: have it carried by somebody whom you trust, to nobody but { $party }.
    Next, when their answer is here: { $openline } line finish FILE
line-accepted = The line with { $party } is accepted. The answer is in { $path }.
    It holds a key: have it carried by somebody whom you trust, to nobody but { $party }.
line-accepted-again = The number was compared, and the offer accepted, at { $when } by { $by }. This is the same answer once more.
line-finished = The line with { $party } is opened on this side.
line-taken-up = The station has taken it up. Next: { $openline } status
line-start-station = Next: { $openline } station --listen { $listen }
line-not-taken-up = The running station has not taken it up. { $why }
    Stop the station and start it again: it takes the line up at its start.
exported = The record is in { $path } ({ unit-bytes }). Anybody can check it: openline verify { $path }

## Status

status-headline = { $party }: { $verdict } since { $since } ({ $lasted })
status-headline-announced = { $party }: { $verdict }. Last answered { $answered }, announced { $said }.
status-starting = The station is starting and has not taken its lines up yet. Ask again in a few seconds.
status-lines-left-out = { $count ->
    [one] … and { $count } line more: openline status
   *[other] … and { $count } lines more: openline status
}
status-gone = { $address } IS GONE: { $why }.
status-gone-do = Plug the device in again: the station looks for it once a second. What is not confirmed is sent again by itself.
status-no-line = No line yet. Open one with "{ $openline } line open".
status-left-out = { $party }: NOT TAKEN UP. The line is complete in this home, but the running station does not have it.
status-left-out-do = Stop the station and start it again: it takes the line up at its start.
status-waiting = { $party }: an offer of a line waits for its answer.
status-waiting-do = When the answer was carried here: { $openline } line finish FILE
status-not-taken-up = { $party }: NOT TAKEN UP. The station does not work on this line; nothing else is known of it.
verdict-opening = OPENING
verdict-not-heard-yet = NOT HEARD YET
verdict-not-taken-up = NOT TAKEN UP
verdict-open = OPEN
verdict-degraded = DEGRADED
verdict-no-sign-of-life = NO SIGN OF LIFE, CANNOT TELL WHY
verdict-announced-silence = SILENT AS ANNOUNCED
status-station-gone = The station of this home has been gone since { $since }.
status-station-silent = The station of this home{ $process ->
    [none] {""}
   *[other] { " " }(process { $process })
} has not answered since { $since }. Look at that process: is it stopped, does its disk hang?
evidence-not-shown = { $count } { $precedence } from them { $count ->
    [one] was shown to nobody: { $entries }. "openline follow" shows it.
   *[other] were shown to nobody: { $entries }. "openline follow" shows them.
}
evidence-without-text = { $count ->
    [one] One of these messages came without a text that can be read: { $entries }. Nobody can sign that he read it. Ask them by another way what it says.
   *[other] { $count } of these messages came without a text that can be read: { $entries }. Nobody can sign that he read them. Ask them by another way what they say.
}
evidence-announced = { $party } announced silence until { $until }: { $reason }{ $said ->
    [unknown] .
   *[other] {" "}(said { $said }).
}
evidence-overrun = { $party } announced silence until { $until }: { $reason }{ $said ->
    [unknown] .
   *[other] {" "}(said { $said }).
} That time is over, and it is not back.
evidence-call-back = { $short } was answered with a time to call back: { $when }. { $ours ->
    [yes] { $party } gave it.
   *[no] We gave it.
}
evidence-announced-here = We announced that we shall be silent until { $until }: { $reason }{ $said ->
    [unknown] .
   *[other] {" "}(said { $said }).
}
evidence-announced-ends = { $party }: the announced silence is over, or ends within a second.
evidence-never-heard = Their station has not answered since ours started.
evidence-alive = Their station was alive at { $when }, { $ago } ago: it answered a question that we sent then.
evidence-round-trip = { " " }Round trip { $ms } ms.
# Where a way leads, and from which of our addresses.
way-from = { $address }, from our { $from }
evidence-way = { $used ->
    [yes] In use: { $address }.
   *[no] { $state ->
        [cut] CUT: { $address } was asked without an answer since { $since }. Another way carries the line, so nothing is held up; have the cut one looked at.
        [answers] Kept ready: { $address }, on which it answered last { $answered }. What is urgent goes on it, too.
       *[unknown] { $answered ->
            [never] NOT KNOWN TO WORK: { $address }, on which it has never answered, as far as this station remembers.
           *[other] NOT KNOWN TO WORK: { $address }, on which it answered last { $answered }, and not to what it was asked since.
        }
    }
}
# Where a node announced that it can be reached.
evidence-reachable = { $ours ->
    [yes] We said
   *[no] { $party } said
} on { $when } (signed by “{ $name }”) { $addresses ->
    [none] that { $ours ->
        [yes] we are not to be called: we call.
       *[no] it is not to be called: it calls us.
    }
   *[other] that { $ours ->
        [yes] we
       *[no] it
    } can be reached at { $addresses }.
}
entry-reachable-at = { $addresses ->
    [none] is NOT TO BE CALLED from now on: it calls the other side
   *[other] CAN BE REACHED from now on at { $addresses }
}
reachable-done = { $addresses ->
    [none] Announced, signed: the other side shall not call us, we call. It goes out on whatever way works.
   *[other] Announced, signed: we can be reached at { $addresses }, and nowhere else. It goes out on whatever way works.
}
bearer = { $address }{ $rate ->
    [none] {""}
   *[other] {", "}{ $rate } bit/s
}: { $state ->
    [up] {""}
   *[other] GONE ({ $why }); it is looked for once a second.{" "}
}sent { $sent } frames ({ $sent-bytes } bytes), received { $received } ({ $received-bytes } bytes){ $damaged ->
    [none] {""}
   *[other] {", "}{ $damaged } that were no frames
}{ $lost ->
    [none] {""}
   *[other] {", "}{ $lost } lost at this end
}.{ $receive-only ->
    [yes] {" "}Nothing is ever sent here: it is for receiving only.
   *[no] {""}
}
bearer-send-only = To { $address } in one direction: what they have not confirmed goes round and round there, and nothing comes back.
bearer-seen = Whoever connects there sees that something speaks TLS, and no more.
bearer-no-way = No line has a way over it now.
bearer-courier-unknown = What couriers have carried can't be read from the disk now.
bearer-courier = Carried by hand:
bearer-way = Line with { $line }: { $address }. { $used ->
    [silent] NO WAY ANSWERS: the line shows no sign of life.
    [yes] In use for everything.
    [ready] Kept ready: it gets a copy of each urgent text.
    [cut] CUT: asked without an answer since { $since }. Nothing but questions goes on it until it answers.
   *[doubtful] NOT KNOWN TO WORK: nothing but questions goes on it until it answers.
} { $answered ->
    [never] It has never answered, as far as this station remembers.
   *[other] Answered last { $answered }.
} { $heard ->
    [never] Nothing was heard on it since this station started.
   *[other] Heard last { $heard }.
}{ $tested ->
    [never] {""}
   *[other] {" "}Carried a test of the line { $tested }.
}{ $ms ->
    [unknown] {""}
   *[other] {" "}Round trip { $ms } ms.
}{ $loss ->
    [unknown] {""}
   *[other] {" "}Lost while in use: { $loss }.
}{ $unproven ->
    [yes] {" "}NOT PROVEN FOR 30 DAYS: nobody knows whether it will work when it is needed. Have it looked at on both sides.
   *[no] {""}
}
evidence-cannot-tell = With one way between the stations a cut line and a dead station look the same. Nothing that you send is lost.
evidence-cannot-tell-ways = With every way silent, cut ways and a dead station look the same. Nothing that you send is lost.
evidence-unopened = Since { $since } frames keep coming from their address that our keys cannot open, the last at { $last }. Most likely one of the two homes was copied or restored, and its other copy renewed the keys; or somebody else sends in their name. Ask them by another way. When no second copy of either home runs, on one side, whichever: openline line renew
evidence-sealed = Sealed with the keys of both stations, post-quantum (epoch { $epoch }).
evidence-sealed-by-tape = Sealed with the hand-carried tape alone so far: whoever carried it could read along.
evidence-compared = Both sides signed that the safety number agrees.
evidence-compared-in-vain = WHO IS AT THE OTHER END IS IN DOUBT: codes or safety numbers differed since. Whatever was compared before, check both cards on another way.
evidence-compared-by-us = We signed that the safety number agrees; they have not yet.
evidence-compared-by-us-alone = We signed that the safety number agrees; whether they did, we learn when we hear from them.
evidence-compared-by-them = They signed that the safety number agrees; we have not yet.
evidence-not-compared = Nobody has compared the safety number yet.
evidence-clock-ahead = Their clock is { $span } ahead of ours.
evidence-clock-behind = Their clock is { $span } behind ours.
evidence-all-confirmed = All that we sent is on their disk.
evidence-unconfirmed = { $count ->
    [one] One entry of ours (a text, or a note of the station) is queued and not yet confirmed; it is not lost.
   *[other] { $count } entries of ours (texts, and notes of the station) are queued and not yet confirmed; they are not lost.
}
shortcoming-tape-only = Only the tape key carries the traffic so far.
shortcoming-loss = More than one frame in ten is lost.
shortcoming-cloned = Two copies of the other side's home are running. They must stop one: tell their operators.
shortcoming-cloned-here = A copy of this home ran beside this station. Stop it, or stop this one: whoever made a copy knows where.
shortcoming-misbehaviour = Proof of the other party's misbehaviour is on record.
notice-times = { $notice } ({ $count } times so far)
evidence-notice = { $when }: { $notice }
notice-restored = { $party }'s station runs again from an older disk, a restored backup perhaps. What it had lost comes back from the other side.
notice-cloned = two copies of { $party }'s home ran at one time. Nothing was signed or sealed twice. Stop one of them.
notice-misbehaved = { $party } did what no honest party does: { $how ->
    [equivocation] it signed two different entries for one place
    [forked-chain] an entry of its does not follow the one before it
    [false-heads] it signed that it holds what was never written
    [bad-signature] it passed on an entry with a false signature
    [malformed] it sent what is not of the protocol
    [stranger] it passed on an entry of another line or of a node that nobody certified
    [excess] it named places beyond every limit
    [divergence] its machines tell different stories
    [other-number] it signed the safety number of other cards or another charter
    [wrong-file] what it sent of a file is not what it signed
   *[other] of a kind that this version has no words for
}. What proves it is kept.
notice-keys-asked = this home is a copy or was restored, or somebody asked for it: we ask the other side for new keys.
notice-keys-renewed = new keys are in use on this line, as one side asked. If nobody of yours or theirs restored a home, ask them why.

unit-millisecond = { $n } ms
unit-second = { $n } s
unit-minute = { $n } min
unit-hour = { $n } h
unit-day = { $n } d
unit-size = { $number } { $unit ->
    [bytes] B
    [kilo] kB
   *[mega] MB
}
unit-bytes = { $bytes ->
    [one] { $bytes } byte
   *[other] { $bytes } bytes
}

## Errors

error-usage-unknown-command = There is no command “{ $command }”.
    .do = { $near ->
        [none] All commands: { $help }
       *[other] Did you mean: { $near }?
            All commands: { $help }
    }
error-usage-unknown-argument = “{ $argument }” is not known here.
    .do = { $near ->
        [none] What is: { $help }
       *[other] Did you mean: { $near }?
            What is known: { $help }
    }
error-usage-no-command = This command needs a second word.
    .do = Which there are: { $help }
error-usage-missing = Something is missing: { $argument }.
    .do = With an example: { $help }
error-usage-conflict = { $argument } does not go together with { $other }.
    .do = Leave one of them out; { $help }
error-usage-twice = { $argument } is given twice.
    .do = Leave one of them out; { $help }
error-usage-no-value = { $argument } needs a value.
    .do = { $fits ->
        [none] Which one: { $help }
       *[other] One of: { $fits }
    }
error-usage-value = “{ $value }” is no value for { $argument }.
    .do = { $fits ->
        [none] What fits: { $help }
       *[other] One of: { $fits }
    }
error-usage-other = The command line is not understood.
    .do = With an example: { $help }
error-no-home-given = Where is the party's home? Neither $XDG_DATA_HOME nor $HOME says.
    .do = Name it: --home DIR
error-file = { $path }: { $why }
    .do = { $reason ->
        [not-found] Check the name.
        [permission-denied] Run this as the user to whom it belongs, or ask him.
        [disk-full] Make room.
       *[other] Check that it exists, that it is yours, and that the disk has room.
    }
reason-not-found = there is no such file or folder
reason-permission-denied = this user may not
reason-exists = it exists already
reason-address-in-use = another program uses this address
reason-address-not-here = this machine has no such address
reason-is-a-folder = it is a folder
reason-not-a-folder = it is no folder
reason-disk-full = the disk is full
reason-read-only = the disk can only be read
reason-no-text = it is no text in UTF-8
reason-malformed = its content is not that of such a file
reason-part-too-long = a part of it is longer than such a file has
reason-not-allowed = it holds a value that is not allowed
reason-not-canonical = it is not written in the one form that the protocol knows
reason-not-as-signed = it is not as it was signed
reason-no-key = the key that belongs in it is not there
reason-other-card = it is not the card that the line was opened with
reason-of-another-party = it belongs to another party
reason-not-certified = it does not name this node
reason-expired = this node's certificate has expired
reason-revoked = this node is revoked
reason-nobody-answers = nobody answers there
reason-busy = another program has it
reason-device-failed = the device failed
reason-no-tty = it is no tty
reason-no-device = there is no such device
error-no-station = No station answers in { $home }.
    .do = Start it: openline --home { $home } station --listen { $listen }
error-station-silent = The station of this home{ $process ->
    [none] {""}
   *[other] { " " }(process { $process })
} holds { $home } but does not answer.
    .do = { $text ->
        [none] Nothing was handed to it.
        [taken] The text is on its disk, and goes out when it runs again.
       *[unknown] Whether it took the text is not known: when it runs again, look with "openline traffic".
    }
        Look at that process: is it stopped, does its disk hang? If it does not come back, kill it and start the station again.
error-station-went-away = The station went away. { $why }
    .do = What it had taken is on its disk. Start it again, then look with "openline traffic".
error-station-of-another-version = The station's answer can't be understood: { $why }
    .do = Is the station of the same version as this program? Restart it after an upgrade.
error-no-such-line = There is no line named { $line } here.
    .do = "openline status" lists the lines.
error-duration = "{ $given }" is no length of time.
    .do = Write it as 30s, 10m, 2h or 1d.
error-duration-unit = "{ $given }" has no unit.
    .do = Write { $given }s for seconds, { $given }m for minutes, { $given }h for hours or { $given }d for days.
error-since = "{ $given }" is no age, time or cursor.
    .do = Write an age (24h, 1d), a time (2026-02-24T08:00Z) or a cursor (120).
error-text-on-the-command-line = A text does not belong on the command line: every user of this machine can read it in the process list, and the shell keeps it.
    .do = Run "openline say" and type the text, or give it on standard input: openline say < text.txt
error-text-not-utf8 = The text is not sent: it is no UTF-8 from byte { $place } on.
    .do = Save it as UTF-8 first: iconv -f WHAT-IT-IS -t UTF-8 text.txt
error-typed-too-early = Nothing was sent: more was typed than the terminal holds before it was asked for.
    .do = Run the command again, and wait for the prompt.
error-text-empty = The text is empty.
    .do = Type it at the prompt or give it on standard input.
error-too-many-words = { $words } words. A FLASH or IMMEDIATE has at most 200 words and 2000 bytes: it stops everything else.
    .do = Shorten it, or send it as PRIORITY.
error-too-many-bytes = { $bytes } bytes. At most { $limit } are allowed here; a FLASH or IMMEDIATE has at most 200 words and 2000 bytes.
    .do = Shorten it, or send it in parts.
error-text-without-end = The text has more than { $bytes } bytes, and its end was not looked for. At most { $limit } are allowed here.
    .do = Look what was given on standard input. Shorten it, or send it in parts.
error-interrupted-unsent = Not sent.
    .do = To send something, give the command again.
error-interrupted-unsigned = Not signed.
    .do = To sign, give the command again.
error-flash-not-confirmed = Not sent.
    .do = To send a FLASH, type FLASH in capitals when asked.
error-time-ran-out = { $stage ->
    [stored] { $entry } is on their disk, but was shown to nobody within { $limit }.
    [shown] { $entry } is on their disk and was shown, but nobody has signed within { $limit } that it was read.
    [queued] { $entry } has not come to their disk within { $limit }. It is still queued, not lost.
    [unsent] The station has not answered within { $limit }. Nothing was handed to it.
   *[unknown] The station has not answered within { $limit }.
}
    .do = { $stage ->
        [unknown] Look whether it took the text: openline traffic
        [unsent] Look what is the matter with it: openline doctor
        [queued] It goes out by itself. Look later: openline show { $entry }
       *[other] Look later: openline show { $entry }
    }
error-waiting-interrupted = { $stage ->
    [stored] You no longer wait. { $entry } is on their disk, not yet shown to anybody.
    [shown] You no longer wait. { $entry } is on their disk and was shown; nobody has signed yet that it was read.
    [queued] You no longer wait. { $entry } stays queued on this station's disk, and goes out by itself.
   *[unknown] You no longer wait. Whether the station took the text is not known.
}
    .do = { $stage ->
        [unknown] Look whether it took it: openline traffic
       *[other] Look later: openline show { $entry }
    }
error-time-ran-out-for-many = { $count ->
    [one] One text has not come that far in time. It is not lost.
   *[other] { $count } texts have not come that far in time. They are not lost.
}
    .do = What is not on their disk goes out by itself. Look later: openline traffic
error-no-silence = No silence of ours is announced on this line, so there is none to end. Nothing was told.
    .do = What is announced: openline status
error-no-name = A receipt needs the name of a person.
    .do = Give your name without control characters.
error-who-reads = Who has read it? Only a person can, and he signs with his name.
    .do = Name him: --as "Lt. Orlova"
error-sign-read-needs-yes = Only a person can have read it, and nobody is here to be asked.
    .do = Run it at a terminal. A program that a person has told so adds --yes, and his name with --as.
error-no-line = No line is open here yet.
    .do = Whether an offer waits for its answer: { $openline } status
        To open one: { $openline } line open --help
error-which-line = There is more than one line.
    .do = Name it after --line, by its name or by the digits in brackets: { $lines }
error-name = A name must not be blank, over 128 bytes, or hold control or direction characters.
    .do = Give another name.
error-name-like-an-id = "{ $name }" could be taken for an id, or for "the only line".
    .do = Give a name with a letter beyond f, or of fewer than eight characters; not "-".
error-language = "{ $given }" is not a language tag.
    .do = Write it as en, ru or zh-Hant (BCP 47).
error-language-not-spoken = “{ $given }” is no language that openline speaks: those are en and ru.
    .do = Write --lang en or --lang ru. Another tag may stand in init, for the party's language, and in say, for the text's.
error-address = "{ $given }" is no address of a station.
    .do = Write it as udp://host:7600, quic://host:7601 or wss://host:443
error-too-many-addresses = More than eight addresses: one announcement has no room for so many.
    .do = Give those that matter; each announcement is the whole list.
error-no-comparer = Who compared the number? The record needs the name of a person.
    .do = Nothing was made. Give a name without control characters, or: --as "Lt. Orlova"
error-safety-number-needed = Nothing was made: the safety number was not given, and { $reason ->
    [json] with --json nobody is asked for it.
    [output] nobody is asked for it while the output does not go to a terminal.
   *[input] nobody sits at a terminal to type it.
}
    .do = Have the other side read its number to you, and give it: --safety-number 12345-67890-…
error-safety-number-tries = All { $count } tries are used up.
    .do = Nothing was made. Have the other side read its whole number again, and give the same command anew.
error-file-exists = { $path } exists already and was not overwritten.
    .do = Give another name, or move the file away.
error-answer-not-written = The line is accepted, but its answer was not written: { $why }
    .do = Nothing is lost: the same command writes the same answer again. Make room, or give another name.
error-entries-damaged = { $count ->
    [one] One entry of this record is damaged, or not as it was written, and is not shown here.
   *[other] { $count } entries of this record are damaged, or not as they were written, and are not shown here.
}
    .do = Which: openline verify. Delete nothing: stop the station, copy the home to another disk, then run `openline doctor --salvage`.
error-salvage-needs-yes = Salvage changes the home, and nobody is here to be asked.
    .do = Copy the home to another disk first. Then stop the station and run `openline doctor --salvage --yes`.
error-salvage-not-done = Nothing was changed.
    .do = When the home was copied to another disk: `openline doctor --salvage`.
error-salvage-nothing = Nothing can be read of { $file }: { $why }. Nothing was changed.
    .do = Move record.db*, and record.made, out of the home and keep them. Then put a backup of record.db in their place, or nothing, and start the station: the other side sends again what it holds.
salvaged = { $entries ->
    [one] One entry was intact and stands in the new record.
   *[other] { $entries } entries were intact and stand in the new record.
} Unreadable: { $unreadable }; missing: { $missing }. Start the station: the other side sends again what it holds of them. The damaged record is kept in { $aside }.
error-no-record-yet = Nothing is recorded in { $home } yet: its station has never run.
    .do = Start it: openline --home { $home } station --listen { $listen }
error-nobody-named = Nobody gave a name, so nothing was shown or signed.
    .do = What a person is shown or reads is signed with his name. To read as a program, use --json or a pipe.
error-signed-already = { $name } has signed already that he has read { $entry }.
    .do = Nothing is missing. Another person signs with his own name: --as NAME
error-not-their-message = This is no message of the other side, so nobody here can sign that he read it.
    .do = What waits to be read: openline status
error-no-text-to-sign = { $entry } came without a text that can be read, so nobody can sign that he has read it.
    .do = Ask the other side by another way to send the text in a new message.
error-not-signed = Not signed.
    .do = To sign, answer yes.
error-no-such-entry = There is no entry named "{ $entry }" on this line.
    .do = Look at "openline traffic" for the names of entries.
read-from-disk = No station answers: this is read from the disk, and nothing new can come.

## Rings

ring-headline = { $from } calls { $to }
ring-state-calling = Calling. Nothing shows yet that it rings there. Until { $until }.
ring-state-ringing = { $here ->
    [yes] RINGS HERE, until { $until }. To answer: openline ring accept { $short }, or ring decline, or ring later
   *[no] Ringing, signed by { $party } { $when }, until { $until }: their station rings.
}
ring-state-answered = Answered { $when }{ $person ->
    [none] {"."}
   *[other] {" by"} “{ $person }”.
} What the answer is worth, the caller has not said yet.
ring-state-broken-off = Broken off: the station that rang was restarted or is gone, and how it decided is not known. { $answer ->
    [accept] It had been ACCEPTED { $when } by “{ $person }”, and no contact came of it: ring anew. Not final.
    [decline] It had been declined { $when } by “{ $person }”. Not final.
    [later] It had been put off { $when } by “{ $person }”. Not final.
   *[none] Not final.
}
ring-state-accepted = Accepted { $when }{ $person ->
    [none] {""}
   *[other] {" by"} “{ $person }”
}. { $final ->
    [yes] Final.
   *[no] That can't change here any more; it is final once their next signed entry shows that they know.
}
ring-state-declined = Declined { $when }{ $person ->
    [none] {""}
   *[other] {" by"} “{ $person }”
}{ $callback ->
    [none] {"."}
   *[other] {". To be called back"} { $callback }.
} { $final ->
    [yes] Final.
   *[no] That can't change here any more; it is final once their next signed entry shows that they know.
}
ring-state-later = Put off { $when }{ $person ->
    [none] {""}
   *[other] {" by"} “{ $person }”
}{ $callback ->
    [none] {"."}
   *[other] {". To be called back"} { $callback }.
} { $final ->
    [yes] Final.
   *[no] That can't change here any more; it is final once their next signed entry shows that they know.
}
ring-state-withdrawn = Withdrawn { $when } { $person ->
    [none] by the station itself: it was suspended, or an exercise was over
   *[other] by “{ $person }”
}. { $final ->
    [yes] Final.
   *[no] That can't change here any more; it is final once their next signed entry shows that they know.
}
ring-state-unanswered = Unanswered { $when }: { $ours ->
    [yes] their station rang
   *[no] it rang here
}, and nobody answered in time. { $final ->
    [yes] Final.
   *[no] That can't change here any more; it is final once their next signed entry shows that they know.
}
ring-state-unreachable = Unreachable { $when }: nothing showed in time that it rang there. { $final ->
    [yes] Final.
   *[no] That can't change here any more; it is final once their next signed entry shows that they know.
}
ring-state-merged = Merged { $when }: both sides rang at the same time. { $into ->
    [none] The other of the two rings
   *[other] { $into }, { $ours ->
        [yes] the other side's ring,
       *[no] our own ring,
    }
} goes on for both and counts as accepted. { $final ->
    [yes] Final.
   *[no] That can't change here any more; it is final once their next signed entry shows that they know.
}
ring-state-unknown = How it stands this station no longer knows by heart: "openline traffic" has its entries.
show-ring = How it stands
ring-ask-agenda = What is it about? One line, may stay empty:
ring-ask-reason = Why? One line, may stay empty; the other side reads it:
ring-ask-call-back = When will the call be returned? A time with its zone, such as 04:00Z, or a span such as 2h (empty: not said):
ring-ask-not-on-watch = “{ $name }” is not on watch here; on watch: “{ $officers }”. The other side will read that “{ $name }” accepted. Accept all the same? Type yes or no:
station-rings = { $mark ->
    [exercise] EXERCISE ┃ { $when } { $party } RINGS HERE. Who is called, and until when: openline ring list. To answer: openline ring accept
   *[real] { $when } { $party } RINGS HERE. Who is called, and until when: openline ring list. To answer: openline ring accept
}
ring-offered = Called: { $offices }. Whoever is on watch is asked to answer.
ring-offered-one = { $office } from { $from }
ring-said-about = What it is about:
ring-said-answering = With the answer:
ring-none = Nobody has rung on this line yet.
ring-not-on-watch-there = By their own signed entries “{ $name }” is not on watch at { $party }; on watch there: “{ $officers }”.
error-no-ring = No ring waits for that here.
    .do = "openline ring list" shows the last rings and how they stand.
error-which-ring = Several rings may be meant: { $rings }.
    .do = Name one of them.
error-ring-not-accepted = Nothing was signed; the ring is not answered.
    .do = Whoever is on watch answers it: openline ring accept
error-station-went-away-ringing = The station went away while it rang. Unless it was decided before, the ring is broken off: another start of the station can't decide it.
    .do = Start it again, look with "openline ring list", and ring again.
error-interrupted-ringing = You stopped waiting. The ring goes on; nothing was taken back.
    .do = To see how it stands: openline ring list. To take it back: openline ring withdraw
error-time-to-come = "{ $given }" is no time to come.
    .do = Give a time of day in UTC with its Z, such as 04:00Z, a span such as 2h, or a whole date such as 2027-01-31T04:00Z; within a year.

## The watch, and suspensions

of-line = Line with { $line }:
watch-as-of = As they last said, { $when }:
watch-opened = You are on watch, signed. The other side sees it as soon as it has it.{ $next ->
    [none] {""}
   *[other] {" "}Confirm that you are here by { $next }: openline watch confirm
}
watch-confirmed = Signed that you are here.{ $next ->
    [none] {""}
   *[other] {" "}Next by { $next }.
}
watch-handed-over = Handed over to “{ $to }”, with { $count ->
    [0] nothing that is open: no text that nobody was shown, no urgent one of the last day that nobody signed as read, none of ours that waits, no running ring, none to call back and no open proposal
   *[other] what is open: { $items }
}. You are on watch until he takes over: openline watch take-over
watch-hand-over-replaced = This takes the place of the hand-over to “{ $to }”, who has not taken over.
error-hand-over-to-oneself = “{ $name }” is on watch: nobody hands over to himself.
    .do = Name who comes next: openline watch hand-over --to NAME. To confirm that you are here: openline watch confirm
error-watch-not-closed = Nothing was signed; you are still on watch.
    .do = What waits: openline follow. To leave it to somebody: openline watch hand-over --to NAME
error-watch-somebody = Somebody is on watch here already: “{ $names }”.{ $to ->
    [none] {""}
   *[other] {" "}He has handed over to “{ $to }”.
}
    .do = He hands over: openline watch hand-over --to NAME
        Then you take over: openline watch take-over
        If he is gone, take his place: openline watch open --instead
error-watch-not-the-officer = That is for the officer on watch, and that is “{ $names }”.
    .do = If that is you, give this name: --as "{ $names }". Who is on watch: openline watch show
error-watch-not-the-one-named = The watch is handed over to another name: “{ $to }”, by “{ $names }”.
    .do = If that is you, give this name: --as "{ $to }". If it was meant for you, he hands over anew: openline watch hand-over --to NAME
watch-withdrawn = The hand-over is taken back; you are still on watch.
watch-taken-over = You are on watch from this moment, signed.{ $next ->
    [none] {""}
   *[other] {" "}Confirm that you are here by { $next }: openline watch confirm
}
watch-open-items = { $count ->
    [0] No entry is open: no text that nobody was shown, no urgent one of the last day that nobody signed as read, none of ours that waits, no running ring, none to call back, no open proposal.
    [one] One entry is open:
   *[other] { $count } entries are open:
}
open-ring = { $short }: a ring that has not ended: openline ring list
open-call-back = { $short }: a ring to be called back { $when }: openline ring list
open-proposal = { $short }: a proposal that nobody has settled: openline contact show
open-not-shown = { $short }: { $precedence } from them{ $words ->
    [none] {""}
   *[other] {" "}(“{ $words }”)
}, shown to nobody: openline show { $short }
open-not-read = { $short }: { $precedence } from them{ $words ->
    [none] {""}
   *[other] {" "}(“{ $words }”)
}, not signed as read: openline show { $short }
open-not-stored = { $short }: { $precedence } of ours{ $words ->
    [none] {""}
   *[other] {" "}(“{ $words }”)
}, not on their disk yet: openline show { $short }
open-alarms = Alarms that stand: { $alarms }. What each means: openline alarm list
watch-ask-close = Something urgent of theirs waits, and nobody would be on watch. Close the watch all the same? Type yes or no:
watch-is-closed = The watch is closed. Nobody is on watch.
watch-officer = “{ $name }” since { $since }{ $next ->
    [none] {""}
   *[other] , to confirm by { $next }
}{ $handed ->
    [yes] {", has handed over to"} “{ $to }” {"who has not taken over"}
   *[no] {""}
}
watch-duty-nobody = { $ours ->
    [yes] Nobody is on watch here. To be: openline watch open
   *[no] Nobody is on watch at { $party }, by their own signed entries.
}
watch-duty-present = On watch { $ours ->
    [yes] here
   *[no] at { $party }
}: { $officers }.{ $two ->
    [yes] {" "}Two are: their stations did not hear each other. To end it: openline watch open --instead
   *[no] {""}
}
watch-duty-overdue = On watch { $ours ->
    [yes] here
   *[no] at { $party }
}: { $officers }. It was not confirmed in time that anybody is there{ $ours ->
    [yes] : openline watch confirm
   *[no] .
}
suspend-ask-reason = In words, one line, may stay empty; the other side reads it:
suspension-goes-on = FLASH texts, receipts, the watch and its rings with what follows from them, tests, exercises and announced silences go on; a contact of other offices can still be compared and closed.
suspend-ask-which = Why is it suspended? Type ordered (from above), compromise (something may be compromised) or other:
suspend-word-ordered = ordered
suspend-word-compromise = compromise
suspend-word-other = other
suspend-none-of-these = It is none of the three. Nothing is signed yet.
suspend-done = The line is suspended by our side, signed: other texts and rings are refused on both sides. { suspension-goes-on } To end it: openline resume
resume-done = Our side's suspension is ended, signed.
suspension-reason-ordered = ordered from above
suspension-reason-compromise = something may be compromised
suspension-reason-other = other
evidence-suspended = SUSPENDED by { $ours ->
    [yes] us
   *[no] { $party }
} since { $since }, signed by “{ $name }”: { $reason }{ $words ->
    [none] {""}
   *[other] {" "}(“{ $words }”)
}. { suspension-goes-on }
entry-hand-over = hands the watch over to “{ $to }”
entry-suspended = SUSPENDS the line: { $reason }
kind-watch-opened = is on watch from here on
kind-presence = is there, on watch
kind-hand-over-withdrawn = takes the hand-over back
kind-take-over = takes the watch over
kind-watch-closed = closes the watch
kind-resumed = ends the suspension of the line
