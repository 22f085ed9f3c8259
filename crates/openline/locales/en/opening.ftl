### Why a home can't be used or a line can't be opened. A message's id is the error's stable code: its value says
### what happened, its `.do` what to do now.

## The home

home-io = { $path } can't be { $doing ->
    [read] read
   *[write] written
}: { $why }.
    .do = { $doing ->
        [read] Check the name, and that you may read it.
       *[write] Nothing was half written. Check that its folder exists, that it is yours, and that the disk has room.
    }
home-missing = There is no home at { $path }.
    .do = Make one with `openline init --name NAME --lang TAG`, or name another with `--home DIR`.
home-is-none = { $path } is no home: it is not a folder.
    .do = Name the folder of the home with `--home DIR`, or make one with `openline init --name NAME --lang TAG`.
home-exists = { $path } exists already, and is not empty.
    .do = Nothing was changed. Choose another folder with `--home DIR`.
home-exposed = { $how ->
        [enter] Other users of this machine can go through the folder { $path } (mode { $mode }), though not list it: only the mode of each file in it still keeps them out. It holds secret keys.
        [write] Other users of this machine can change { $path } (mode { $mode }). It holds secret keys.
       *[read] Other users of this machine can read { $path } (mode { $mode }). It holds secret keys.
    }
    .do = Take their rights away: chmod -R go-rwx "{ $path }"
        If others may have read it, the keys are no secret any more: make a new home with `openline init`, bring its card to the other side in person, and open the line anew.
home-foreign-owner = { $path } belongs to user { $owner }, not to user { $us }, who runs this program.
    .do = Run the program as its owner: sudo -u "#{ $owner }" openline …
home-in-use = Another station runs on { $path }.
    .do = Use the one that runs. If you see none, look for its process: a home serves one station at a time.
file-is-none = { $path } is no file but { $kind ->
    [folder] a folder
    [pipe] a pipe
    [socket] a socket
   *[device] a device
}.
    .do = Nothing was read. Name a file; what comes through a pipe, save as one first.
file-too-long = { $path } is longer than any such file: more than { $limit } bytes.
    .do = Nothing was made. Is it the right file?
home-damaged = { $path } is damaged: { $why }.
    .do = Don't delete it: it may tell what happened. Restore this file from the backup; the other lines stay usable.
home-foreign-key = { $path } is the key of another home: this home's card does not certify it.
    .do = Nothing was sent. Restore this file from the backup of this home, and find out who put the other one there.
root-offline = The root keys are not here: { $path }.
    .do = That is how it should be. Bring the medium that holds them, put the file in its place, and try again.
no-key = No new key could be made: { $why }.
    .do = Nothing was changed. Try again; if it stays so, the system gives no random numbers, and no line should be opened on it.

## Cards

card-damaged = The card is damaged, or it is no card: { $why }.
    .do = Nothing was made. Ask for it again and compare both files byte by byte, or carry it on another medium.
card-forged = The card is not signed by the root that it names (the { $half } signature is wrong).
    .do = Don't use it. It was changed on the way: ask the other side, over a means you trust, how.
card-node-unknown = The file is signed by node { $node }, which the sender's card does not name.
    .do = Don't use it. Ask the other side for a new file made on a station that its card names.
card-node-expired = The certificate of the other side's node { $node } expired on { $time }.
    .do = Ask the other side to renew its card and to make the file anew. If your own clock is wrong, correct it.
card-node-revoked = The other side revoked its node { $node } on { $time }.
    .do = Don't use the file: it may come from a thief. Tell the other side that you were given it.
name-like-an-id = The card's party is called "{ $name }", which could be taken for an id, or for "the only line".
    .do = Ask the other side for a card with another name.
card-is-our-own = That card is our own.
    .do = Give the card of the party with which the line is to be opened.
card-older-than-known = The card has serial { $got }; a card of the same party with serial { $known } is known here.
    .do = Ask the other side for its current card. If it says that this is the one, its root keys may be in other hands.
own-node-unusable = Our own card does not let this station open lines: { $why }.
    .do = Bring the root keys and issue a new card that certifies this station.

## Line files

line-file-damaged = The line file is damaged, or it is none: { $why }.
    .do = Nothing was made. Ask for the file again and compare both byte by byte, or carry it on another medium.
line-file-wrong-kind = This step takes { $expected ->
    [card] a card
    [offer] an offer
   *[answer] an answer
}, but the file is { $got ->
    [card] a card
    [offer] an offer
   *[answer] an answer
}.
    .do = Give the right file: cards to `line open --with`, offers to `line accept`, answers to `line finish`.
line-file-forged = The file is not signed by the node that it names: it was changed on the way, or forged.
    .do = Nothing was made. Don't use it; ask the other side, over a means you trust, for a new one.
line-file-for-another-party = The file is for another party ({ $party }).
    .do = Nothing was made. Its tape may now be known here: tell the sender, who should make a new offer.
line-file-from-ourselves = The file was made by our own side.
    .do = Carry it to the other side; the file that comes back is the one to give here.
offer-used = The offer was accepted before: line { $line } exists here.
    .do = Give the offer that was accepted, and the answer to it is written once more: openline line accept FILE -o OUTPUT
        If you did not accept it, ask who did.
answer-erased = The answer for line { $line } can't be written again: the station has taken its tape over and erased it.
    .do = If the other side has opened the line, see "openline status". If the answer never arrived there, ask for a new offer and accept that.
answer-used = The answer was used before: line { $line } is open here.
    .do = There is nothing to do; see `openline status`. If you did not finish it, ask who did.
answer-to-another-offer = The answer is to another offer than the one that was made here for this line.
    .do = Nothing was made. Ask the other side to accept the offer that you carried, and no other.
answer-to-unknown-offer = No offer for line { $line } waits here.
    .do = Give the answer to the home that made the offer. If that was restored from a backup, make a new offer.
answer-compared-other-cards = The other side compared the safety number of other cards than these, or under another charter.
    .do = Don't open the line. Somebody may stand between you: make a new offer and carry it in person.

## Tapes

tape-missing = The file has no tape, though the charter asks for one.
    .do = Nothing was made. Ask for the whole file: the tape is the secret part that only the carrier had.
tape-damaged = The tape in the file is not the one that the sender signed for.
    .do = Nothing was made. Don't use it; ask for a new file and have it carried by somebody you trust.
tape-needed = There is no tape, and this version opens no line without.
    .do = Ask the other side for a file with a tape. A tape that was used and erased can't be had again: make a new offer.

## The safety number

safety-number-no-digit = A safety number has digits only, but there is “{ $char }”.
    .do = Type the sixty digits; spaces and dashes between them do not matter.
safety-number-length = A safety number has 60 digits, but there are { $got }.
    .do = Type all twelve groups of five.
safety-number-differs = What was given is not the safety number of these two cards; { $count ->
    [one] group { $groups } of 12 differs.
   *[several] groups { $groups } of 12 differ.
}
    .do = Nothing was made. Compare again, group by group. If the other side really sees another number, somebody stands between you: don't open the line.

## Charters

charter-file-toml = The charter file can't be read. Line { $line }: { $kind ->
        [unknown] a charter has no field "{ $field }".
        [missing] the field "{ $field }" is missing.
       *[other] { $why }
    }
    .do = Correct the place that is named; the default charter shows every field.
charter-file-value = In the charter file, “{ $got }” has no meaning as { $field }, or stands there twice.
    .do = Correct it; the default charter shows what is possible.
charter-parties = The charter names { $got } parties; a line has at least two.
    .do = Nothing was made. Ask for a charter that names both sides.
charter-office-stranger = The charter's office { $office } belongs to no party of the line.
    .do = Nothing was made. Correct the charter, or ask for a corrected one.
charter-office-link = The charter's office { $office } names { $link }, which is no office that it could name.
    .do = Counterparts are offices of the other side, substitutes other offices of the same side. Correct the charter.
charter-office-one-sided = The charter's office { $office } names { $link } as its counterpart, but not the other way round.
    .do = Let both name each other, or neither.
charter-no-office = The charter gives party { $party } no office: nobody could be called there.
    .do = Give each side an office, at least the watch.
charter-range = In the charter, { $field } is { $got }; it may be { $least } to { $most }.
    .do = Correct the figure.
charter-needed = The charter does not allow “{ $what }”, without which there is no line.
    .do = Add it to its list in the charter.
charter-not-signed = The sender did not sign the charter in its file.
    .do = Nothing was made. Don't use the file; ask for a new one.
charter-other-parties = The charter is not between the sender and us.
    .do = Nothing was made. Ask the sender for an offer with a charter between you two.
charter-other-names = The charter calls party { $party } something else than its card does.
    .do = Nothing was made. If a card was renewed meanwhile, exchange cards again and make a new offer.
charter-altered = The answer agrees to another charter than the one that was offered.
    .do = The line is not open. If the other side wants other rules, agree on them and make a new offer.
