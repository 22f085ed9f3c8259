### Contacts: verifying, proposals, read-back.

help-contact = Once a ring was accepted: compare codes, propose, read back, confirm.
    .example = openline contact show
help-contact-list = Show the contacts that are not over, and the last ones.
    .example = openline contact list
help-contact-show = Show a contact with its code and all its proposals.
    .example = openline contact show C-7
help-contact-verify = Compare the code: read yours out, hear theirs, and sign whether they agreed.
    .example = openline contact verify C-7 --as "Lt. Orlova"
help-contact-verify--said = Without a terminal: agreed or differed. One "differed" ends the contact for both sides, for good
help-contact-propose = Propose what is to hold: where, from when, until when, and when you speak next.
    .example = openline contact propose C-7 --as "Lt. Orlova"
help-contact-correct = Propose something else in the place of a proposal of ours that nobody has confirmed.
    .example = openline contact correct P-3
help-contact-read-back = Sign what you understood of a proposal of theirs. It is not shown while you type.
    .example = openline contact read-back P-3 --as "Capt. Smith"
help-contact-confirm = Confirm a proposal of ours that was read back as you meant it: both sides are bound from then on.
    .example = openline contact confirm P-3
help-contact-withdraw = Take a proposal of ours back that is not confirmed.
    .example = openline contact withdraw P-3
help-contact-close = End a contact. The reason is asked for, and may stay empty.
    .example = openline contact close C-7
help-option-contact = The contact, as C-7; the only one that fits unless told
help-option-proposal = The proposal, as P-3; the only one that fits unless told
help-option-even-if-doubtful = It is meant although a time is over or more than a year away
help-contact-propose--stdin = Read the terms from standard input: lines with place:, from:, until: and next-contact:, an empty line, the words
help-contact-correct--stdin = Read the terms from standard input: lines with place:, from:, until: and next-contact:, an empty line, the words
help-contact-read-back--stdin = Read the terms from standard input: lines with place:, from:, until: and next-contact:
help-value-contact = CONTACT
help-value-proposal = PROPOSAL
help-value-word = WORD

contact-headline = { $from } with { $to }
contact-state-verifying = { $known ->
    [no] { $here ->
        [yes] The stations agree on a code; that takes three messages.
       *[no] The codes are not compared yet.
    }
   *[yes] Code { $code }: read it out to the other side, and hear theirs. { $we ->
        [yes] You have signed that they agree; the other side has not yet.
       *[no] { $they ->
            [yes] The other side has signed that they agree; you have not.
           *[no] Neither side has signed yet.
        } To sign: openline contact verify { $short }
    }
}
contact-state-verified = Verified: both sides have signed that the codes agree. To propose: openline contact propose { $short }
contact-state-closed = Closed.
contact-ended = Ended { $when } by “{ $name }”, { $party }.
contact-state-codes-differed = CODES DIFFERED: somebody may stand between the two sides. Nothing more is agreed here. Reach the other side on another way, and check both cards.
contact-state-broken-off = Broken off: a station that took part in it was restarted or is gone. What was confirmed holds. To go on, ring again.
contact-state-unknown = How it stands this station no longer knows by heart: "openline traffic" has its entries.
contact-more = { $count ->
    [one] And one proposal more: openline contact show { $short }
   *[other] And { $count } proposals more: openline contact show { $short }
}
contact-none = No contact that this station knows by heart; one begins when a ring is accepted. "openline traffic" has what was said in earlier ones.
follow-code = { $short }: code { $code }. Read it out to the other side, and hear theirs. To sign: openline contact verify { $short }

proposal-headline = { $short }  { $ours ->
    [yes] proposed by us
   *[no] proposed by { $party }
}, "{ $person }", { $when }
term-place = place         { $value }
term-from = from          { $value }
term-until = until         { $value }
term-next = next contact  { $value }
term-words = words         { $value } (not compared)
term-differs = { term-field }: proposed { $meant ->
    [none] nothing
   *[other] { $meant }
}, read back { $read ->
    [none] nothing
   *[other] { $read }
}
term-field = { $field ->
    [from] from
    [until] until
    [next-contact] next contact
    [place-1] place 1
    [place-2] place 2
    [place-3] place 3
    [place-4] place 4
    [place-5] place 5
    [place-6] place 6
    [place-7] place 7
    [place-8] place 8
    [words] words
    [typed] what you typed
   *[other] a ninth place
}
terms-wrong = { $wrong ->
    [place-form] neither latitude and longitude, as 50.4501N 30.5234E, nor a grid reference, as 36U UB 12345 67890
    [place-without-hemisphere] the letters are missing: N or S, E or W, in Latin letters
    [place-order] latitude comes first, then longitude
    [place-precision] too few digits behind the point, or too many: 4 to 6 of a degree, 2 to 5 of a minute, up to 4 of a second
    [place-range] there is no such latitude or longitude
    [grid-form] not a grid reference, as 36U UB 12345 67890
    [grid-digits] a grid reference has 3 to 5 digits each way, as many of one as of the other
    [grid-no-such-square] there is no such square on earth
    [time-form] not a time of the form 2026-11-28T22:30+02:00
    [time-without-zone] the zone is missing: Z for UTC, or as +02:00
    [time-zone] there is no such zone
    [time-day] there is no such day
    [time-of-day] there is no such time of day
    [order] it ends before it begins
   *[too-many] eight places are the most that one proposal has
}
doubt-past = { term-field }: this time is over
doubt-far-ahead = { term-field }: this is more than a year away
doubt-elsewhere = { term-field }: far from where you speak about

proposal-state-open = Nobody has read it back. { $ours ->
    [yes] It binds nobody yet.
   *[no] To read back what you understood: openline contact read-back { $short }
}
proposal-state-read-back = Read back by "{ $person }" { $when }, as it was meant. { $ours ->
    [yes] It binds nobody until you confirm: openline contact confirm { $short }
   *[no] Both sides are bound as soon as { $party } confirms; you learn of it when its word arrives.
}
proposal-state-read-back-differently = READ BACK DIFFERENTLY by "{ $person }" { $when }: { $differs }. { $ours ->
    [yes] Have it read back again, or correct it: openline contact correct { $short }
   *[no] Ask what was meant, and read it back again: openline contact read-back { $short }
}
proposal-state-confirmed = CONFIRMED as "{ $person }" read it back { $when }: both sides are bound.
proposal-state-practised = CONFIRMED as "{ $person }" read it back { $when }, in an exercise: it binds nobody.
proposal-state-corrected = Corrected: another was proposed in its place.
proposal-state-withdrawn = Withdrawn.
proposal-state-lapsed = Not confirmed, and it can't be any more: the contact is over. It binds nobody.
proposal-state-not-known = NOT KNOWN whether it binds: the contact is over, and { $party } may have confirmed it before it learned of that. Its station will sign whether it did.
proposal-state-unsettled = Not settled: the contact is over, and this binds nobody.
proposal-state-void = Counts for nothing: { $void ->
    [not-verified] its author had not heard both sides sign that the codes agree.
    [contact-over] its author knew that the contact was over.
   *[other] it corrects nothing that could be corrected.
}

term-field-same-moment = { term-field } (the same moment in another zone: it is to be read back in the zone in which it was said)
contact-ask-terms = What is to hold? An empty line leaves out what may be left out.
contact-ask-place = Place { $number }, as 50.4501N 30.5234E or 36U UB 12345 67890 (empty: no more):
contact-ask-from = From when, with the zone, as 2026-11-28T22:30+02:00:
contact-ask-until = Until when (empty: not said):
contact-ask-next = Next contact (empty: not said):
contact-ask-words = In words, one line (may stay empty):
contact-ask-reason = Why? One line, may stay empty; the other side reads it:
contact-typed = So it is understood:
contact-wrong = { term-field }: { terms-wrong }.
contact-doubts = Look at it again: { $doubts }.
contact-ask-sign = Is that what you mean? Type yes to sign it, no to sign nothing, or the field to type again ({ $fields }):
contact-ask-which = So it can't be signed. Which field is to be typed again ({ $fields })?
contact-no-such-field = That is neither yes nor a field. Nothing is signed yet.
contact-ask-confirm = That binds both sides. Type yes to confirm it, or no:
contact-ask-said = Did they agree? Type agreed or differed; "differed" ends the contact for both sides, for good:
contact-said-neither = Only "agreed" or "differed" is taken. Nothing is signed yet.
contact-word-agreed = agreed
contact-word-differed = differed
contact-said-agreed = Signed: the codes agreed.
contact-said-differed = Signed: the codes DIFFERED. The contact is over for both sides. Reach the other side on another way, and check both cards.
contact-proposed = Proposed as { $short }. It binds nobody until it is read back and you confirm.
contact-corrected = Proposed as { $short }, in the place of the other.
contact-corrects = You correct { $short }. So it stands:
contact-reads-back = You read back { $short }: type what you heard or read, as you understood it.
contact-read-back = Signed.
contact-confirmed = Confirmed: both sides are bound. The other side sees it as soon as it has it.
contact-withdrawn = Withdrawn.
contact-is-closed = Closed.

entry-verifying-commits = { $contact }: begins the code
entry-verifying-shares = { $contact }: adds to the code
entry-verifying-reveals = { $contact }: completes the code
entry-verified-agreed = { $contact }: the codes agreed
entry-verified-differed = { $contact }: THE CODES DIFFERED
entry-proposal = { $contact }: proposes{ $corrects ->
    [none] {""}
   *[other] {" "}in the place of { $corrects }
}
entry-read-back = { $contact }: reads back { $proposal }
entry-settlement-confirmed = { $contact }: confirms { $proposal }
entry-settlement-withdrawn = { $contact }: takes back { $proposal }
entry-settlement-lapsed = { $contact }: { $proposal } was not confirmed before the contact was over; it binds nobody
entry-contact-closed = { $contact }: closes the contact

error-proposal-is-ours = { $short } is a proposal of our own side: the other side reads it back.
    .do = To see how it stands: openline contact show
error-proposal-is-theirs = { $short } is a proposal of the other side: they correct it.
    .do = Read back what you understood: openline contact read-back { $short }
error-proposal-is-settled = { $short } is settled: nothing more can be done with it.
    .do = To see how it stands: openline contact show
error-proposal-not-confirmed = Nothing was signed; { $short } is not confirmed.
    .do = To confirm it: openline contact confirm { $short }. To propose something else in its place: openline contact correct { $short }
error-terms-not-signed = Nothing was signed.
    .do = To sign something, give the command again. How things stand: openline contact show
error-no-contact = There is no contact here in which something may be said.
    .do = A contact begins when a ring is accepted: "openline ring list" and "openline contact list" show how things stand.
error-which-contact = Several contacts may be meant: { $contacts }.
    .do = Name one of them.
error-no-proposal = There is no proposal for that here.
    .do = "openline contact show" shows the proposals and how they stand.
error-which-proposal = Several proposals may be meant: { $proposals }.
    .do = Name one of them.
error-contact-said = Nobody can be asked here whether the codes agreed.
    .do = Read the code with "openline contact show", compare it, and say --said agreed or --said differed.
error-terms-form = Line { $number } is none of place:, from:, until:, next-contact:, or stands there twice.
    .do = One of these words, a colon and what it is on each line; then, for a proposal, an empty line and the words.
error-read-back-has-no-words = A read-back has terms only.
    .do = Leave the words out; say them in a message.
error-terms = { term-field }: { terms-wrong }. Nothing was signed.
    .do = Correct it, and try again.
error-terms-doubtful = Nothing was signed, for this is doubtful: { $doubts }.
    .do = Correct it; or, if it is meant, say --even-if-doubtful.

problem-terms = { term-field }: { terms-wrong }. Nothing was signed.
    .do = Correct it, and try again.
problem-terms-doubtful = Nothing was signed, for this is doubtful: { $doubts }.
    .do = Correct it; or, if it is meant, say so: --even-if-doubtful, or even_if_doubtful in a call.
problem-not-a-contact = { $entry } is no contact.
    .do = "openline contact list" shows them.
problem-no-part-in-the-contact = The ring was not accepted, or not by this run of this station.
    .do = "openline contact list" shows how it stands. If a station was restarted since, ring again.
problem-contact-broken-off = The contact is broken off: a station that took part in it was restarted or is gone. What was confirmed holds.
    .do = Ring again: openline ring start
problem-contact-closed = The contact is closed.
    .do = To go on, ring again: openline ring start
problem-contact-codes-differed = The codes differed: nothing is agreed in this contact any more.
    .do = Reach the other side on another way and check both cards, then ring again.
problem-contact-not-verified = Nothing can be agreed before both sides have signed that the codes agree.
    .do = Compare the code: openline contact verify
problem-contact-no-code = The code is not known yet: three messages of the stations make it.
    .do = Wait a moment. If the line is open and it does not come: openline contact show
problem-contact-already-said = You have signed that already.
    .do = Wait for the other side: openline contact show
problem-contact-not-due = That is not due now.
    .do = "openline contact show" shows how it stands.
problem-no-such-proposal = No such proposal counts in this contact.
    .do = "openline contact show" shows the proposals.
problem-proposal-is-ours = It is a proposal of your own side: the other side reads it back.
    .do = Wait for that: openline contact show
problem-proposal-is-theirs = It is a proposal of the other side: they confirm, correct or withdraw it.
    .do = Read it back: openline contact read-back
problem-proposal-not-read-back = The other side has not read it back: nobody knows yet whether they understood it.
    .do = Ask them to read it back, and confirm then.
problem-proposal-read-differently = The other side has read it back differently: they did not understand what you meant.
    .do = Have it read back again, or correct it: openline contact correct
problem-proposal-too-late = It is settled already.
    .do = "openline contact show" shows how. What was confirmed is changed by a new proposal.
problem-contact-too-many = This station has written as many entries as count: 256 in one contact, 4,096 since it started.
    .do = Close the contact and ring again; after very many contacts, restart the station first.
