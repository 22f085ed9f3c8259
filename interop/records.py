"""Record files by spec/entries.md alone: reads a file, verifies what it holds, and reports (OL-330 to OL-366).

Written for clarity and small files: everything is held in memory and looked at as often as it takes.
"""

import hashlib
import io
from collections import Counter, defaultdict

import cbor2

import entries
import identity
import shape

HEAD, CHAIN, CHAIN_END, RECORD_END = "openline-record", "chain", "chain-end", "record-end"


def chain_json(chain):
    party, node, boot, stream = chain
    return {"party": party.hex(), "node": node.hex(), "boot": boot.hex(), "stream": entries.STREAMS[stream]}


def place_json(chain, sequence):
    return {**chain_json(chain), "sequence": sequence}


def root(ids):
    """OL-350: RFC 6962 section 2.1 over leaf hashes."""
    if not ids:
        return hashlib.sha256(b"").digest()
    if len(ids) == 1:
        return ids[0]
    k = 1
    while 2 * k < len(ids):
        k *= 2
    return hashlib.sha256(b"\x01" + root(ids[:k]) + root(ids[k:])).digest()


def presence_of(charter):
    """How often an officer on watch confirms at least, by a charter of the right form; otherwise None."""
    try:
        return shape.read(charter, identity.charter_form)[4][3]
    except shape.Form:
        return None


# ---- the file ----


def item_at(data, start, is_after_damage=False):
    """The item that begins here and its end, or None."""
    stream = io.BytesIO(data[start:])
    try:
        value = cbor2.CBORDecoder(stream).decode()
        end = start + len(cbor2.dumps(value, canonical=True))
        if not isinstance(value, list) or not value:
            return None
        entries.read("record-item", data[start:end], "item")
        if is_after_damage and isinstance(value[0], bytes):
            entries.header(value[0])
    except (entries.Refused, cbor2.CBORDecodeError, ValueError, RecursionError, OverflowError):
        return None
    return value, end


def items(data):
    """(start, end, item) in order; the item is None for bytes that are none (OL-366)."""
    start = 0
    while start < len(data):
        found = item_at(data, start)
        if found:
            yield start, found[1], found[0]
            start = found[1]
            continue
        end = start + 1
        while end < len(data) and not item_at(data, end, True):
            end += 1
        yield start, end, None
        start = end


def verify(data, nodes):
    """The report on a record file; `nodes` says which party each node belongs to, and its key."""
    found = list(items(data))
    assert found and found[0][2] and found[0][2][0] == HEAD, "no record file"
    check = Check(found[0][2], nodes)
    check.head(found[0][1])
    check.file(found[1:], data)
    return check.report()


class Chain:
    """One chain, as far as it was read."""

    def __init__(self, heads):
        self.next = 0
        self.last = None
        self.ids = {}  # by sequence
        self.headers = {}
        self.runs_from_0 = 0  # entries proven from sequence 0 on
        self.is_broken = False  # a gap or a wrong link has come
        self.disputed_from = None
        self.heads = dict(heads)
        self.start_heads = {}
        self.verified = 0
        self.is_damaged = False
        self.unsure = None  # (finding, sequence, id)

    @property
    def proven(self):
        size = self.runs_from_0
        if self.disputed_from is not None:
            size = min(size, self.disputed_from)
        return [self.ids[n] for n in range(size)]

    def at(self, sequence):
        if self.disputed_from is not None and sequence >= self.disputed_from:
            return None
        return self.ids.get(sequence)


class Check:
    """All that is found while a record is read."""

    def __init__(self, head, nodes):
        _, _, self.line, self.exported_by, charter, cards = head
        self.nodes, self.has_charter = nodes, charter != b""
        self.charter = hashlib.sha256(charter).digest()
        self.cards = {hashlib.sha256(card).digest() for card in cards}
        self.presence_ms = presence_of(charter)
        self.compared_by = set()
        self.chains = {}
        self.known = {}  # entry id: header
        self.findings, self.forks, self.missing = [], [], []
        self.kinds, self.messages, self.without_body = Counter(), Counter(), 0
        self.closings = {}

    def find(self, at, field, fault):
        finding = {"at": at, "field": field, "fault": fault}
        self.findings.append(finding)
        return finding

    def at_entry(self, chain, sequence):
        return {"entry": place_json(chain, sequence)}

    def chain(self, chain):
        if chain not in self.chains:
            urgent = self.chains.get((*chain[:3], 0))
            self.chains[chain] = Chain(urgent.start_heads if urgent else {})
        return self.chains[chain]

    # ---- the charter and the cards (OL-347) ----

    def head(self, end):
        if not self.has_charter:
            self.find({"bytes": [0, end]}, "charter", "charter-missing")
        if self.exported_by not in {party for party, _ in self.nodes.values()}:
            self.find({"bytes": [0, end]}, "file-head", "exporter")

    def number_compared(self, head, at):
        own_card, other_card, charter = head.fact
        self.compared_by.add(head.party)
        if charter != self.charter:
            self.find(at, "charter", "charter-differs")
        for card in {own_card, other_card} - self.cards:
            self.find(at, "card", "card-differs")

    def confirms(self, head, at):
        """OL-709."""
        if self.presence_ms is not None and head.fact[1] > self.presence_ms:
            self.find(at, "confirms", "too-seldom")

    # ---- the file's order (OL-360 to OL-366) ----

    def file(self, found, data):
        group, last, is_confirmed, is_ended, is_damaged = None, None, False, False, False
        chains = count = 0
        is_bare = False
        for number, (start, end, item) in enumerate(found):
            follows = found[number + 1][2] if number + 1 < len(found) else None
            if is_ended:
                self.find({"bytes": [start, end]}, "file-end", "trailing")
            elif item is None:
                is_damaged = True
                is_bare = is_bare and bool(follows) and follows[0] in (CHAIN, RECORD_END)
                self.damage(group, start, end, follows)
                if number + 1 == len(found):
                    return
                if follows and follows[0] in (CHAIN, RECORD_END):
                    group = None
            elif item[0] == CHAIN:
                if group:
                    self.find({"chain": chain_json(group)}, "chain-closing", "misplaced")
                group, is_confirmed = tuple(item[1:]), False
                if last and last >= group:
                    self.find({"chain": chain_json(group)}, "chain-heading", "chain-order")
                last, chains, is_bare = group, chains + 1, True
            elif item[0] == CHAIN_END:
                if is_bare:
                    self.find({"chain": chain_json(group)}, "chain-heading", "empty-chain")
                else:
                    self.closings[group] = (item[1], item[2])
                group = None
            elif item[0] == RECORD_END:
                is_ended = True
                if group:
                    self.find({"chain": chain_json(group)}, "chain-closing", "misplaced")
                self.end(item, (chains, count), data, start, end, is_damaged)
            else:
                count, is_bare = count + 1, False
                actual = self.entry(group, entries.Stored(*item))
                if actual and actual != group:
                    if is_confirmed:
                        raise NotImplementedError  # no vector has it
                    group = actual
                is_confirmed = is_confirmed or bool(actual)
        if not is_ended:
            self.find({"bytes": [len(data), len(data)]}, "file-end", "truncated")

    def damage(self, group, start, end, follows):
        if follows is None:
            self.find({"bytes": [start, end]}, "file-end", "truncated")
        elif follows[0] in (CHAIN, RECORD_END):
            self.find({"chain": chain_json(group)}, "chain-closing", "unreadable")
        else:
            chain = self.chain(group)
            self.find(self.at_entry(group, chain.next), "framing", "unreadable")
            self.lose(chain, chain.next)

    def end(self, item, counted, data, start, end, is_damaged):
        for held, said in zip(counted, item[1:3]):
            if held != said and not is_damaged:
                self.find({"bytes": [start, end]}, "file-end", "count")
        if hashlib.sha256(data[:start]).digest() != item[3]:
            self.find({"bytes": [0, end]}, "file-end", "file-digest")

    # ---- one entry ----

    def lose(self, chain, sequence):
        chain.is_damaged = True
        if sequence == chain.next:
            chain.next, chain.last = sequence + 1, None
            chain.is_broken = True

    def entry(self, group, entry):
        """Takes an entry; its chain, if it is authentic."""
        chain = self.chain(group)
        place = chain.next
        at = self.at_entry(group, place)
        try:
            head = entries.header(entry.header)
        except entries.Refused:
            self.find(at, "header", "unreadable")
            return self.lose(chain, place)
        party, key = self.nodes.get(head.node, (None, None))
        if party != head.party:
            self.find(at, "author", "other-party" if party else "unknown-node")
            return self.lose(chain, place)
        if not entries.signature_is_good(key, entries.to_be_signed(entry.header), entry.signature):
            finding = self.find(at, "signature", "signature")
            self.lose(chain, place)
            chain.unsure = (finding, place, head.id)
            return None
        if head.chain != group:
            self.find(self.at_entry(head.chain, head.sequence), "author", "under-other-heading")
        self.authentic(head, entry)
        return group

    def authentic(self, head, entry):
        at = self.at_entry(head.chain, head.sequence)
        if head.line != self.line:
            self.find(at, "line", "line")
            return
        chain = self.chain(head.chain)
        if chain.unsure:
            finding, place, lost = chain.unsure
            chain.unsure = None
            if head.sequence == place + 1 and head.previous != lost:
                finding["field"] = "header"
        held = chain.at(head.sequence)
        if held == head.id:
            self.find(at, "sequence", "twice")
            return
        if held:
            chain.disputed_from = head.sequence
            self.forks.append({"place": at["entry"], "ids": [held.hex(), head.id.hex()]})
            self.find(at, "sequence", "fork")
        if chain.disputed_from is None and not self.link(chain, head, at):
            return
        self.content(head, entry, at)
        chain.verified += 1

    def link(self, chain, head, at):
        """OL-306, OL-330, OL-331, OL-335; whether the entry has a place at all."""
        if head.sequence < chain.next:
            self.find(at, "sequence", "behind")
            return False
        is_linked = head.sequence == chain.next
        if not is_linked:
            sequences = [chain.next, head.sequence]
            self.missing.append({"gap": {"chain": chain_json(head.chain), "sequences": sequences}})
        elif (chain.last or chain.next == 0) and head.previous != chain.last:
            self.find(at, "previous", "previous")
            is_linked = False
        else:
            self.check_heads(chain, head, at)
        chain.is_broken = chain.is_broken or not is_linked
        chain.ids[head.sequence], chain.headers[head.sequence] = head.id, head
        chain.next, chain.last = head.sequence + 1, head.id
        if not chain.is_broken:
            chain.runs_from_0 += 1
        chain.heads.update({tuple(h[:4]): h[4] for h in head.heads})
        if head.kind == entries.START:
            chain.start_heads = dict(chain.heads)
        return True

    def check_heads(self, chain, head, at):
        for named in head.heads:
            if tuple(named[:4]) == head.chain:
                return self.find(at, "heads", "own-head")
            if named[4] <= chain.heads.get(tuple(named[:4]), 0):
                return self.find(at, "heads", "head-did-not-move")
        urgent = (*head.chain[:3], 0)
        names_start = any(tuple(named[:4]) == urgent for named in head.heads)
        if head.sequence == 0 and head.stream != 0 and not names_start:
            return self.find(at, "heads", "start-not-cited")
        return None

    def content(self, head, entry, at):
        """OL-309, OL-324, OL-325, OL-344, OL-505, OL-610, OL-708, OL-709, OL-745, OL-784."""
        self.known[head.id] = head
        self.kinds[entries.KINDS.get(head.kind, "unknown")] += 1
        if head.kind == entries.MESSAGE:
            self.messages[entries.PRECEDENCES[head.precedence]] += 1
            if (head.precedence >= 2) != (head.stream == 0):
                self.find(at, "stream", "stream")
        if head.stream != entries.ITS_STREAM.get(head.kind, head.stream):
            self.find(at, "stream", "stream")
        if head.kind == entries.NUMBER_COMPARED:
            self.number_compared(head, at)
        if head.kind in (entries.WATCH_OPENED, entries.TAKE_OVER):
            self.confirms(head, at)
        is_right = entries.body_is_right(head, entry)
        if not is_right:
            self.find(at, "body", "body")
        if head.commitment and entry.content is None:
            self.without_body += 1
        elif is_right and entry.content is not None and head.kind in entries.TEXTS:
            try:
                entries.read("text-body", entry.content, "body")
            except entries.Refused:
                self.find(at, "body", "unreadable")

    # ---- when all were read ----

    def report(self):
        self.settle()
        claimed = defaultdict(list)
        self.check_claims(claimed)
        self.check_targets()
        self.check_frontiers(claimed)
        divergences = self.divergences()
        self.check_closings()
        chains = [self.chain_report(c, claimed) for c in sorted({*self.chains, *claimed})]
        chains = [chain for chain in chains if chain["verified"] or chain["claimed"]]
        return {
            "sound": not self.findings,
            "line": self.line.hex(),
            "charter": self.charter.hex(),
            "compared_by": [party.hex() for party in sorted(self.compared_by)],
            "digest": self.digest(),
            "entries": sum(self.kinds.values()),
            "kinds": dict(self.kinds),
            "messages": dict(self.messages),
            "without_body": self.without_body,
            "chains": chains,
            "findings": self.findings,
            "equivocations": self.forks,
            "divergences": divergences,
            "missing": self.missing,
        }

    def settle(self):
        """OL-366: the closing's root tells whether the last header of a chain was changed."""
        for chain, closing in self.closings.items():
            held = self.chains.get(chain)
            if held and held.unsure:
                finding, place, lost = held.unsure
                ids = [*held.proven, lost]
                if closing[0] == place + 1 == len(ids) and root(ids) != closing[1]:
                    finding["field"] = "header"

    def compare(self, chain, size, last, head, field, claimed):
        """What `head` says of a chain, against what is held; whether it is held and agrees."""
        held = self.chains[chain].at(size - 1) if chain in self.chains else None
        if held is None:
            claimed[chain].append((size, head))
        elif held != last:
            self.find(self.at_entry(head.chain, head.sequence), field, "head-differs")
        return held == last

    def check_claims(self, claimed):
        for head in self.known.values():
            for named in head.heads:
                self.compare(tuple(named[:4]), named[4], named[5], head, "heads", claimed)

    def check_targets(self):
        for head in self.known.values():
            by = place_json(head.chain, head.sequence)
            targets = head.fact[1] if head.kind == entries.RECEIPT else []
            for target in targets:
                self.check_receipt(head, by, target)
            if head.kind == entries.OUTCOME and head.fact[2] and head.fact[2] not in self.known:
                self.name_missing(by, "ring-grounds", head.fact[2])
            if head.reply_to and head.reply_to not in self.known:
                self.name_missing(by, "reply-to", head.reply_to)

    def check_receipt(self, head, by, target):
        message = self.known.get(target)
        if message is None:
            self.name_missing(by, "receipt-target", target)
        elif message.party == head.party:
            self.find({"entry": by}, "receipt-target", "own-message")
        elif message.kind in entries.KINDS and message.kind not in entries.TEXTS:
            self.find({"entry": by}, "receipt-target", "no-message")

    def name_missing(self, by, field, target):
        self.missing.append({"target": {"by": by, "field": field, "id": target.hex()}})

    def starts(self):
        heads = [chain.headers.get(0) for chain in self.chains.values()]
        return [head for head in heads if head and head.kind == entries.START]

    def check_frontiers(self, claimed):
        """OL-340."""
        for start in self.starts():
            for boot, stream, size, last, named in start.fact[0]:
                chain = (start.party, start.node, boot, stream)
                at = self.at_entry(start.chain, 0)
                if boot == start.boot:
                    self.find(at, "frontier", "own-frontier")
                elif self.compare(chain, size, last, start, "frontier", claimed):
                    proven = self.chains[chain].proven
                    if size <= len(proven) and root(proven[:size]) != named:
                        self.find(at, "frontier", "root-differs")

    def divergences(self):
        """OL-341."""
        found = []
        starts = {(s.party, s.node, s.boot): s for s in self.starts()}
        for author, start in starts.items():
            for chain, held in sorted(self.chains.items()):
                end = max(held.ids, default=-1) + 1
                covered = self.covered(starts, author, start, chain)
                if chain[:2] == author[:2] and chain[2] != author[2] and covered is not None and covered < end:
                    found.append({
                        "start": place_json(start.chain, 0),
                        "chain": chain_json(chain),
                        "uncovered": [covered, end],
                    })
        return found

    def covered(self, starts, author, start, chain):
        """How much of a chain a start covers; None if it need not, or if that can't be told."""
        reached, is_whole = reach(starts, author)
        sizes = [
            item[2]
            for other in reached
            for item in starts[other].fact[0]
            if (*author[:2], item[0], item[1]) == chain
        ]
        lists_it = any((*author[:2], item[0], item[1]) == chain for item in start.fact[0])
        if lists_it:
            return max(sizes)
        other = chain[:3]
        if other not in starts or not is_whole:
            return None
        others_reach, others_are_whole = reach(starts, other)
        if not others_are_whole or author in others_reach:
            return None
        key = lambda author: (starts[author].time, author[2])
        is_later = other in reached or key(author) > key(other)
        return max(sizes, default=0) if is_later else None

    def check_closings(self):
        """OL-364."""
        for chain, (size, named) in self.closings.items():
            held = self.chains.get(chain)
            if held and held.is_damaged:
                continue
            proven = held.proven if held else []
            if len(proven) != size:
                self.find({"chain": chain_json(chain)}, "chain-closing", "closing-size")
            elif root(proven) != named:
                self.find({"chain": chain_json(chain)}, "chain-closing", "closing-root")

    def chain_report(self, chain, claimed):
        held = self.chains.get(chain) or Chain({})
        proven = held.proven
        size = len(proven)
        furthest = max((size for size, _ in claimed[chain]), default=0)
        by = [head for claim, head in claimed[chain] if claim == furthest]
        last_time = held.headers[size - 1].time if size and held.disputed_from is None else None
        return {
            **chain_json(chain),
            "size": size,
            "last": proven[-1].hex() if proven else None,
            "last_time": last_time,
            "root": root(proven).hex(),
            "verified": held.verified,
            "claimed": {"size": furthest, "by": place_json(by[0].chain, by[0].sequence)} if furthest > size else None,
            "disputed_from": held.disputed_from,
        }

    def digest(self):
        """OL-346."""
        proven = [(chain, self.chains[chain].proven) for chain in sorted(self.chains)]
        held = [[*chain, len(ids), root(ids)] for chain, ids in proven if ids]
        whole = ["openline-record-digest", self.line, self.charter, *held]
        return hashlib.sha256(cbor2.dumps(whole, canonical=True)).hexdigest()


def reach(starts, author):
    """The boots that a start reaches through frontiers, itself included, and whether all are held."""
    reached, is_whole, todo = {author}, True, [author]
    while todo:
        for item in starts[todo.pop()].fact[0]:
            other = (*author[:2], item[0])
            if other not in starts:
                is_whole = False
            elif other not in reached:
                reached.add(other)
                todo.append(other)
    return reached, is_whole
