### What `verify` finds. `fault-…` is named after the verifier's word for it.

verify-nothing = No line is open here: there is nothing to verify.
verify-line = Line { $line }
verify-party = { "  " }{ $name } is party { $party }. Compare it with a card that you trust.
verify-chain = { "  " }{ $name }, boot { $boot }, { $stream }: complete to { $size }, beyond unknown.
verify-finding-entry = { "  " }WRONG: { $party }, stream { $stream }, entry { $sequence }, field { $field }: { $what }.
verify-finding-chain = { "  " }WRONG: { $party }, stream { $stream }, field { $field }: { $what }.
verify-finding-file = { "  " }WRONG: field { $field }: { $what }.
verify-more-findings = { "  " }… and { $count } more.
verify-divergences = { $count ->
    [one] { "  " }One start does not cover what is held of its own node: it was restored from a backup, or copied.
   *[other] { "  " }{ $count } starts do not cover what is held of their own node: it was restored from a backup, or copied.
}
verify-missing = { $count ->
    [one] { "  " }One entry is named but not held. That is no fault: it may still come.
   *[other] { "  " }{ $count } entries are named but not held. That is no fault: they may still come.
}
verify-sound = { "  " }SOUND: { $entries } entries, all as they were signed. Digest { $digest }
verify-not-sound = { "  " }NOT SOUND. What is not named above is as it was signed.

field-framing = framing
field-header = header
field-signature = signature
field-body = body
field-line = line
field-author = author
field-stream = stream
field-sequence = sequence
field-previous = previous
field-heads = heads
field-frontier = frontier
field-receipt-target = receipt target
field-reply-to = reply-to
field-file-head = file head
field-chain-heading = chain heading
field-chain-closing = chain closing
field-file-end = file end

stream-urgent = urgent
stream-traffic = traffic
stream-service = service

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
fault-under-other-heading = it stands under the heading of another chain
fault-chain-order = the chains are not in ascending order
fault-misplaced = it does not belong there
fault-closing-size = the file says another size than the chain has
fault-closing-root = the file says another root than the chain has
fault-count = the file says another count than it has
fault-file-digest = the file was changed after it was written
fault-truncated = the file ends early
fault-trailing = bytes after the end of the file

error-no-record = { $path } can't be verified: { $why }
    .do = Is it a record file (.olr)? If it is, it is damaged at its very beginning: ask for it again.
error-record = The record can't be written: { $why }
    .do = This is a fault of openline. Please report it.
error-entries-unreadable = { $count ->
    [one] One entry can't be read and was left out.
   *[other] { $count } entries can't be read and were left out.
}
    .do = Run "openline doctor". The other side holds its own copy of the record.
