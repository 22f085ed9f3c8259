### What the station says: its ready line, and why a call was not carried out. An error's value says what
### happened, its `.do` what to do now; its name is `problem-` and the word that programs compare.

station-ready = Ready. Listening at { $listening }. { $count ->
    [0] No line is open yet.
   *[other] { $lines }.
}

station-verdict = { $when }  { $party }: { $verdict }
station-notice = { $when }  { $party }: { $notice }
station-verdict-since = { $when }  { $party }: { $verdict }, since { $since }
station-verdict-unopened = { $when }  { $party }: { $verdict }. Frames come from their address that our keys cannot open: openline status
station-stops = Stopping. { $party } will see no sign of life after { $after }, as if we had failed. Announce it first next time: openline silence announce --for 10m --reason restart
station-reminder = Somebody emptied, changed or removed the file { $path }, which says that there is a record here. It was written anew. Find out who did that.
station-stops-announced = Stopping. { $party } will see the silence that you announced, until { $until }.

## What was asked

problem-text = { $reason ->
    [empty] The text is empty.
    [words] The text has { $got } words. At most { $limit } are allowed here; a FLASH or IMMEDIATE has at most 200 words and 2000 bytes.
   *[bytes] The text has { $got } bytes. At most { $limit } are allowed here; a FLASH or IMMEDIATE has at most 200 words and 2000 bytes.
}
    .do = { $reason ->
        [empty] Write what you want to say.
       *[long] Shorten it, or send it with a lower precedence.
    }
problem-charter = { $reason ->
    [mark] The charter forbids entries marked "{ $word }". Both parties signed it.
    [mode] The charter forbids this use of the line: { $word }. Both parties signed it.
   *[other] The charter forbids this. Both parties signed it.
}
    .do = Send it another way, or agree on a new charter with the other side.
problem-language = "{ $tag }" is not a language tag.
    .do = Use a tag such as en, ru or zh-Hant.
problem-not-their-message = A receipt is for a message of the other side; this is none.
    .do = Name messages that the other side sent.
problem-no-text-to-sign = { $entry } came without a text that can be read, so nobody can have been shown it or have read it.
    .do = Ask the other side by another way to send the text in a new message.
problem-busy = Too many texts are under way at once.
    .do = Wait for some of the answers, then go on.
problem-not-a-ring = "{ $entry }" is no ring.
    .do = Look at `openline ring list` for the names of rings.
problem-ring-form = There can be no such ring: one lasts from five seconds to thirty minutes.
    .do = Give another length.
problem-ring-call-back = Whoever accepts is not called back, and nobody is called back in the past.
    .do = Leave the time to call back out, or give one to come.
problem-ring-is-ours = That ring is ours; the other side answers it.
    .do = To take it back: openline ring withdraw
problem-ring-is-theirs = That ring is the other side's; only they take it back.
    .do = To answer it: openline ring accept, or ring decline, or ring later
problem-no-such-office = The other side, or ours, has no office "{ $office }" in the charter. There are: { $offices }.
    .do = Name one of these.
problem-no-counterpart = No office of ours speaks with "{ $office }" by the charter.
    .do = Say with --from which office of ours calls.
problem-no-part-in-the-ring = There is no such ring, or this start of the station has no part in it: what an earlier start rang or answered, this one can't change.
    .do = Look at `openline ring list` for how rings stand; to call, ring again.
problem-ring-does-not-ring = It does not ring here: the other side has not said afresh that it is still open.
    .do = Wait a few seconds; if it stays so, ring them: openline ring start --help
problem-ring-too-late = It is too late: it was answered, decided, or its time is over.
    .do = Look at `openline ring list` for how it ended; to call, ring again.
problem-ring-they-ring = That office is calling right now.
    .do = Answer its ring: openline ring accept
problem-ring-too-many = As many rings of this station are open as may be.
    .do = Wait until one ends, or take one back: openline ring withdraw
problem-watch-form = There can be no such watch or hand-over: it is confirmed every minute at most and once a day at least, handed over to one plain name, with at most 64 open entries.
    .do = Give another time, name or list.
problem-watch-too-seldom = The charter asks an officer on watch to confirm that he is there every { $unit ->
    [hours] { $count } h
    [minutes] { $count } min
   *[seconds] { $count } s
} at least. You are not on watch.
    .do = Give a shorter time with --confirm-every, or none: then it is as the charter says.
problem-watch-nobody = Nobody is on watch here.
    .do = Open a watch: openline watch open
problem-watch-somebody = Somebody is on watch here already.
    .do = Let him hand over, or take his place: openline watch open --instead
problem-watch-not-handed-over = Nothing is handed over.
    .do = Let who is on watch hand over: openline watch hand-over --help
problem-watch-two = Two are on watch: stations of this party did not hear each other.
    .do = End it with one watch in place of both: openline watch open --instead
problem-watch-not-the-officer = That is for the officer on watch, and he goes by another name.
    .do = Look at `openline watch show`, and give the same name with --as.
problem-watch-not-the-one-named = The watch is handed over to another name.
    .do = Look at `openline watch show`, and give that name with --as if it is yours.
problem-suspended = { $party } suspended the line at { $since }: { $reason ->
    [ordered] ordered from above
    [compromise] something may be compromised
   *[other] for another reason
}. It carries no such thing now, and nothing was sent.
    .do = { suspension-goes-on } The reason in words, and by whom it was signed: `openline status`.
problem-address = "{ $given }" is no address of a station.
    .do = Write it as udp://host:7600, quic://host:7601 or wss://host:443
problem-too-many-addresses = More than eight addresses: one announcement has no room for so many.
    .do = Give those that matter; each announcement is the whole list.
problem-suspended-already = Our side has suspended the line already.
    .do = To end that: openline resume
problem-not-suspended = Our side has not suspended the line.
    .do = `openline status` says whether the other side has; only they can end that.
problem-silence-length = A silence lasts from one second to thirty days.
    .do = Announce a length between the two.
problem-no-line = No line is open here yet.
    .do = `openline status` says whether an offer waits for its answer. To open one: openline line open --help
problem-starting = The station is starting and has not taken its lines up yet. Nothing was done.
    .do = Wait a few seconds, then do it again. `openline status` says when the station runs.
problem-no-such-line = There is no line named "{ $line }" here.
    .do = Look at `openline status` for the lines of this station.
problem-line-not-taken-up = The station has not taken up the line "{ $line }": { $why }
    .do = Nothing was sent. `openline status` says what to do about it.
problem-which-line = { $named ->
    [no] This station has more than one line, and none was named.
   *[other] More than one line fits "{ $line }".
}
    .do = Name one by its name, or by the digits in brackets: { $ids }
problem-no-such-entry = There is no entry named "{ $entry }" on this line.
    .do = Look at `openline traffic` for the names of entries.
problem-no-such-cursor = There is no entry with the cursor { $cursor } on this line, nor one after it: the record ends at { $end }.
    .do = If this station was restored from a backup, begin again from an earlier cursor; 0 gives all entries.
problem-not-a-message = "{ $entry }" is no message, so it can't be answered.
    .do = Name a message: `openline traffic` lists them.
problem-actor-name = The name of the person is blank, too long, or has characters that can't be seen.
    .do = Give a plain name of at most 128 bytes.
problem-actor-name-of-another = "{ $name }" is what the other party, or a station, is called. The name must be that of the person who acts.
    .do = Give the person's own name.
problem-operator-required = Only a person does that, and by name: a program can't.
    .do = Give the name of the person: --as NAME.
problem-unknown-word = "{ $word }" is not one of the words that { $field } may be.
    .do = The document of the control API lists them.
problem-receipt-targets = A receipt names from 1 to { $limit } messages.
    .do = Send several receipts.
problem-idempotency-key = The idempotency key is empty or too long.
    .do = Use at most 128 bytes, such as a UUID.
problem-idempotency-key-taken = This idempotency key was already used for another text. This text was not sent.
    .do = Send it again with a key of its own.
problem-not-understood = { $place ->
    [none] A parameter of the call's path or query can't be understood.
   *[other] The call can't be understood; reading stopped at { $place } (line and column).
}
    .do = Compare it with the document of the control API.
problem-not-utf8 = This line is no UTF-8. It was not sent; the lines after it are taken.
    .do = Save it as UTF-8 first: iconv -f WHAT-IT-IS -t UTF-8
problem-page-of-none = A page of no entries was asked for.
    .do = Ask for 1 to 1,000 with `limit`, or leave it out.
problem-too-many-streams = { $limit } streams of events or texts are open already, which is as many as there may be.
    .do = Close some: every `openline follow` and `openline status --watch` is one, and so is every program that listens.
problem-too-slow = The call's body did not come within ten seconds.
    .do = Send it whole. Nothing was done.
problem-too-large = The call is longer than { $limit } bytes.
    .do = Send less at once.
problem-no-such-path = The control API has no such path.
    .do = The document of the control API lists all paths.
problem-wrong-method = The path is not for this method.
    .do = The document of the control API lists the methods of each path.

## The station itself

problem-boot-ended = The station began anew before this was stored. It was not sent.
    .do = Send it again.
problem-entries-damaged = Entries of this record that are damaged, or not as they were written, and are not shown here: { $count }.
    .do = Which: openline verify. Delete nothing: stop the station, copy the home to another disk, then run `openline doctor --salvage`.
problem-store-not-open = The station's store is not open.
    .do = Look at `openline status`; the station tries again by itself.
problem-channel-unusable = The line's channel can't be used: { $why }.
    .do = Run `openline doctor`. If the home was restored, restore its newest backup.
problem-no-tapes = The line's channel is lost, and so are the tapes that could renew it.
    .do = Restore a backup that has them, or open the line anew with the other side.
problem-listen-address = { $address } is no address to listen at.
    .do = Give one such as udp://0.0.0.0:7600, quic://0.0.0.0:7601 or wss://0.0.0.0:443, or 'serial:///dev/ttyUSB0?rate=9600' for a radio modem or a cable.
problem-send-only-address = { $address } is no address to send to.
    .do = Give one such as udp://192.0.2.7:7700, and ?line=NAME behind it where several lines are open.
problem-listen-refused = The station can't listen at { $address }: { $why }.
    .do = Stop what listens there already, or choose another address.
problem-tls-receive-only = { $address } can't only receive: QUIC and TCP need answers.
    .do = Give a udp:// or a serial:// address, or take it with --listen.
problem-tls-set-up = TLS can't be used: { $why }. This is a defect of openline.
    .do = Start the station without quic:// and wss:// addresses, and report the defect.
problem-proxy = HTTPS_PROXY names no proxy that can be used: { $why }.
    .do = Correct it, or start the station without it: env -u HTTPS_PROXY -u https_proxy openline station
problem-serial-rate = { $address } names no rate at which a tty works.
    .do = Add the rate that the device and the other side are set to, such as 'serial:///dev/ttyUSB0?rate=9600'. There are: { $rates }.
problem-serial-refused = The station can't use the tty { $path }: { $why }.
    .do = See that the device is plugged in under that name, that you may read and write it (ls -l { $path }), and that no other program has it.
problem-serial-line = { $named ->
    [no] This home has more than one line, and { $address } does not say to which of them the tty leads.
    [several] More than one line of this home is called what { $address } says.
   *[unknown] No line of this home is called what { $address } says.
}
    .do = { $there ->
        [none] Open the line first, or leave "&line=" out.
        [one] Leave "&line=" out: a tty leads to the only line.
       *[several] Name one in quotes, such as 'serial:///dev/ttyUSB0?rate=9600&line=NAME', by its name or by the digits in brackets. There are: { $lines }.
    }
problem-control-socket = The control socket { $path } can't be opened: { $why }.
    .do = Make sure that the home is on a local disk and belongs to you.
problem-no-thread = The system gives the station no thread: { $why }.
    .do = Raise the limits of the service, then start it again.
problem-no-signals = The station can't be told to stop: { $why }.
    .do = Raise the limits of the service, then start it again.
problem-core-panicked = The station met a fault of its own and stopped. What was acknowledged is on disk.
    .do = Start it again, and report the fault with the station's log.

error-constant-rate-on-a-tty = A constant rate can not be kept on a tty: one of its frames takes a second and more of a radio.
    .do = Give --constant-rate to a station with udp, quic and wss alone, or leave it out.
