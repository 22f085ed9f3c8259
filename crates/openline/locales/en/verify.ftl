### What `verify` finds. `fault-…` is named after the verifier's word for it.

verify-nothing = No line is open here: there is nothing to verify.
verify-line = Line { $line }
verify-party = { "  " }{ $name } is party { $party }. Compare it with a card that you trust.
verify-chain = { "  " }{ $name }, boot { $boot }, { $stream }: { $size ->
    [one] the first entry
   *[other] the first { $size } entries, none missing among them
}. Whether there are later ones, this record can't tell.
verify-chain-claimed = { "  " }{ $name }, boot { $boot }, { $stream }: the first { $size } entries. { $by } signed that there are { $claimed } at least (boot { $by-boot }, { $by-stream }, entry { $by-sequence }): NOT HERE: { $absent }.
verify-withheld = { $count ->
    [one] { "  " }WITHHELD: the text of one entry is not here, only what was signed of it: { $entries }.
   *[other] { "  " }WITHHELD: the texts of { $count } entries are not here, only what was signed of them: { $entries }.
}
verify-withheld-entry = { $party }, boot { $boot }, stream { $stream }, entry { $sequence }{ $short ->
    [none] { "" }
   *[other] { " " }({ $short } at this station)
}
verify-finding-entry = { "  " }WRONG: { $party }, boot { $boot }, stream { $stream }, entry { $sequence }{ $short ->
    [none] { "" }
   *[other] { " " }({ $short } at this station)
}, field { $field }: { $what }.
verify-finding-chain = { "  " }WRONG: { $party }, boot { $boot }, stream { $stream }, field { $field }: { $what }.
verify-charter = { "  " }Charter { $digest }
verify-charter-unproven = { "  " }NOT PROVEN: no entry "number compared" is in this record, so nothing signed says that this is the charter, or that these are the cards. Compare both with your own copies.
verify-charter-not-by = { "  " }{ $name }: no entry "number compared" of this party is in this record, so nothing it signed says that this is the charter.
verify-finding-file = { "  " }WRONG: field { $field }: { $what }.
verify-more-findings = { "  " }… and { $count } more.
verify-divergences = { $count ->
    [one] { "  " }One start does not cover what is held of its own node: it was restored from a backup, or copied.
   *[other] { "  " }{ $count } starts do not cover what is held of their own node: it was restored from a backup, or copied.
}
verify-ring = { "  " }Ring { $ring }: { $caller }, "{ $from }", rang "{ $to }" { $rung }; { $rang ->
    [none] nothing here proves that it rang there
   *[other] it rang there { $rang }, signed by { $rang-by }
}; { $state }.
verify-rings-earlier = { "  " }And { $count } earlier ones: see --json.
verify-ring-unknown = HOW IT ENDED IS NOT HERE: entries of its caller's station are missing from this record
verify-ring-claimed = HOW IT ENDED IS NOT PROVEN HERE: { $caller } signed “{ $state }”, for a reason (entry { $cites }) that is missing from this record
verify-ring-calling = nothing here proves how it ended
verify-ring-ringing = nothing here proves how it ended
verify-ring-answered = answered; nothing here proves what the answer was worth
verify-ring-broken-off = broken off: its station began anew, and nothing here proves how it ended
verify-ring-accepted = accepted
verify-ring-declined = declined
verify-ring-later = put off
verify-ring-withdrawn = withdrawn
verify-ring-unanswered = unanswered
verify-ring-unreachable = unreachable
verify-ring-merged = merged into the other side's ring
verify-gap = { $count ->
    [one] { "  " }NOT HERE: { $name }, stream { $stream }, entry { $first }. Later ones are.
   *[other] { "  " }NOT HERE: { $name }, stream { $stream }, entries { $first } to { $last }. Later ones are.
}
verify-missing = { $count ->
    [one] { "  " }One entry is named but not held. That is no fault: it may still come.
   *[other] { "  " }{ $count } entries are named but not held. That is no fault: they may still come.
}
verify-missing-unsound = { $count ->
    [one] { "  " }One entry is named but not here: it may have stood in what is damaged or cut off.
   *[other] { "  " }{ $count } entries are named but not here: they may have stood in what is damaged or cut off.
}
verify-sound = { "  " }SOUND: { $entries } entries, all as they were signed. Digest { $digest }
verify-sound-unproven = { "  " }NOT PROVEN WHOSE IT IS: nothing signed says that these are the parties' cards. The { $entries } entries are as whoever holds these keys signed them. Digest { $digest }
verify-sound-partly = { "  " }PROVEN BY { $by } ALONE: { $entries } entries, all as they were signed; nothing that the other party signed proves charter and cards. Digest { $digest }
verify-not-sound = { "  " }NOT SOUND. What is not named above is as it was signed.

field-framing = framing
field-header = header
field-signature = signature
field-body = body
field-line = line
field-line-files = the line's files
field-author = author
field-stream = stream
field-sequence = sequence
field-previous = previous
field-heads = heads
field-frontier = frontier
field-receipt-target = receipt target
field-reply-to = reply-to
field-confirms = how often the officer confirms
field-charter = charter
field-card = card
field-file-head = file head
field-chain-heading = chain heading
field-chain-closing = chain closing
field-file-end = file end
field-seal = the store's seal
field-stage = stage
field-mark = mark
field-precedence = precedence
field-attestation = attestation
field-kind = kind
field-commitment = commitment
field-node = node
field-targets = targets
field-missing = the whole entry
field-size = chain's size
field-last = chain's last entry
field-edge = chain's edge
field-store = store

stream-urgent = urgent
stream-traffic = traffic
stream-service = service

fault-changed-from-outside = changed from outside. What differs: { store-field }
fault-unreadable = it can't be read
fault-signature = the signature does not verify
fault-unknown-node = no card certifies this node
fault-other-party = the node belongs to another party
fault-line = it belongs to another line
fault-chain = it belongs to another chain
fault-gap = entries before it are missing
fault-behind = it stands behind its place
fault-previous = it does not follow the entry before it
fault-head-did-not-move = it repeats a head that had not moved
fault-own-head = it names a head of its own chain
fault-start-not-cited = it does not cite its boot's start
fault-body = the body is not the one that was signed
fault-stream = an urgent message belongs in the urgent stream, and no other does
fault-twice = the same entry stands here twice
fault-fork = its author signed another entry for this place
fault-head-differs = it names another last entry than the one held there
fault-root-differs = it names another tree root than that of what is held
fault-own-frontier = a start lists a chain of its own boot
fault-too-many-boots = more boots of one node than can be compared
fault-own-message = a receipt for a message of its own party
fault-no-message = a receipt for an entry that carries no text
fault-too-seldom = its officer promises to confirm less often than the charter says
fault-charter-missing = there is no charter
fault-charter-differs = its author signed another charter than the one that stands here
fault-card-differs = its author signed a card that is not here
fault-foreign-card = the file holds a card of a party that is not on the line: believe nothing of that party
fault-exporter = it names a party without a card as the one that wrote it
fault-under-other-heading = it stands under the heading of another chain
fault-chain-order = the chains are not in ascending order
fault-empty-chain = a chain is announced, and no entry of it is here
fault-misplaced = it does not belong there
fault-closing-size = the file says another size than the chain has
fault-closing-root = the file says another root than the chain has
fault-count = the file says another count than it has
fault-file-digest = the file was changed after it was written
fault-truncated = the file ends early
fault-trailing = bytes after the end of the file

error-no-record = { $path } can't be verified: { $reason ->
    [truncated] it ends at its very beginning.
    [cards] the cards in it can't be used: { $why }.
   *[head] it is no record file, or its beginning is damaged.
}
    .do = Is it a record file (.olr)? If it is, it is damaged at its very beginning: ask for it again.
error-no-home-to-verify = { $path } is a folder, but no party's home: there is no record in it.
    .do = Give a record file (.olr), or the folder of a home.
error-record = The record can't be written: { $why }
    .do = This is a fault of openline. Please report it.
error-entries-unreadable = { $count ->
    [one] One entry can't be read and was left out.
   *[other] { $count } entries can't be read and were left out.
}
    .do = Run "openline doctor". The other side holds its own copy of the record.
