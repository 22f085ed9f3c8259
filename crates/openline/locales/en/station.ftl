### What the station says: its ready line, and why a call was not carried out. An error's value says what
### happened, its `.do` what to do now; its name is `problem-` and the word that programs compare.

station-ready = Ready. Listening at { $listening }. { $count ->
    [0] No line is open yet.
   *[other] { $lines }.
}

## What was asked

problem-text = { $reason ->
    [empty] The text is empty.
    [words] The text has { $got } words. At most { $limit } are allowed here.
   *[bytes] The text has { $got } bytes. At most { $limit } are allowed here.
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
problem-busy = Too many texts are under way at once.
    .do = Wait for some of the answers, then go on.
problem-silence-length = A silence lasts from one second to thirty days.
    .do = Announce a length between the two.
problem-no-such-line = There is no line named "{ $line }" here.
    .do = Look at `openline status` for the lines of this station.
problem-which-line = More than one line fits "{ $line }".
    .do = Name the line by its id.
problem-no-such-entry = There is no entry named "{ $entry }" on this line.
    .do = Look at `openline traffic` for the names of entries.
problem-actor-name = The name of the person is blank, too long, or has characters that can't be seen.
    .do = Give a plain name of at most 128 bytes.
problem-operator-required = Only a person can say that he has seen or read a message.
    .do = Give the name of the person.
problem-unknown-word = "{ $word }" is not one of the words that { $field } may be.
    .do = The document of the control API lists them.
problem-receipt-targets = A receipt names from 1 to { $limit } messages.
    .do = Send several receipts.
problem-idempotency-key = The idempotency key is too long.
    .do = Use at most 128 bytes, such as a UUID.
problem-not-understood = The call can't be understood; reading stopped at { $place } (line and column).
    .do = Compare it with the document of the control API.
problem-too-large = The call is longer than { $limit } bytes.
    .do = Send less at once.
problem-no-such-path = The control API has no such path.
    .do = The document of the control API lists all paths.
problem-wrong-method = The path is not for this method.
    .do = The document of the control API lists the methods of each path.

## The station itself

problem-boot-ended = The station began anew before this was stored. It was not sent.
    .do = Send it again.
problem-store-not-open = The station's store is not open.
    .do = Look at `openline status`; the station tries again by itself.
problem-channel-unusable = The line's channel can't be used: { $why }.
    .do = Run `openline doctor`. If the home was restored, restore its newest backup.
problem-no-tapes = The line's channel is lost, and so are the tapes that could renew it.
    .do = Restore a backup that has them, or open the line anew with the other side.
problem-listen-address = { $address } is no address to listen at.
    .do = Give one such as udp://0.0.0.0:7600.
problem-listen-refused = The station can't listen at { $address }: { $why }.
    .do = Stop what listens there already, or choose another address.
problem-control-socket = The control socket { $path } can't be opened: { $why }.
    .do = Make sure that the home is on a local disk and belongs to you.
problem-no-thread = The system gives the station no thread: { $why }.
    .do = Raise the limits of the service, then start it again.
problem-no-signals = The station can't be told to stop: { $why }.
    .do = Raise the limits of the service, then start it again.
problem-core-panicked = The station met a fault of its own and stopped. What was acknowledged is on disk.
    .do = Start it again, and report the fault with the station's log.
