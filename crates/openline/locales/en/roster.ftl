### Rosters: who is to be on watch when.

## What `status` says. $ours is whether it is the reader's own party's.

roster-none = { $ours ->
    [yes] We have no roster. To plan who is on watch: openline watch roster set --help
   *[no] { $party } has published no roster.
}
roster-clock = This machine's clock has jumped, or stands before what was stored by it: who is to be on watch now can't be told. Set it right: openline doctor
roster-status = By { $ours ->
    [yes] our roster
   *[no] { $party }'s roster
} “{ $officer }” is to be on watch until { $until }{ $coming ->
    [yes] , then “{ $next }” from { $from }
   *[no] {""}
}.
roster-status-gap = By { $ours ->
    [yes] our roster
   *[no] { $party }'s roster
} NOBODY is to be on watch from { $gap } { $closes ->
    [yes] until { $ends }
   *[no] on
}.{ $running ->
    [yes] {" "}Until { $until } it is to be “{ $officer }”.
   *[no] {""}
}
roster-status-not-taken = By our roster “{ $missed }” is to be on watch until { $until }, and is not.

## What `watch roster` says.

roster-several = Several rosters stand: stations of this party did not hear each other. To replace all of them: openline watch roster set
roster-row = { $when }  “{ $officer }”
roster-row-now = { $when }  “{ $officer }”  NOW
roster-row-gap = { $when }  NOBODY
roster-set = The roster is signed, with { $count } { $count ->
    [one] shift
   *[other] shifts
}{ $replaced ->
    [yes] , in place of what was planned
   *[no] {""}
}. The other side sees it as soon as it has it.
roster-withdrawn = The roster is taken back, signed. We have none now.
entry-roster = plans who is on watch: { $count } { $count ->
    [one] shift
   *[other] shifts
}, until { $until }
entry-roster-withdrawn = takes the roster back

## Errors

error-roster-empty = The file has no shift in it. Nothing was signed.
    .do = Write a line for each: FROM, UNTIL, OFFICER. To have no roster any more: openline watch roster withdraw
error-roster-past = Every shift of the file is over: the last ended at { $when }. Nothing was signed.
    .do = Look at the year, the month and the zone of each time.
error-roster-far = The first shift of the file begins at { $when }, more than a year from now. Nothing was signed.
    .do = Look at the year, the month and the zone of each time.
error-roster-line = Line { $line } of the roster is no shift: { $why ->
    [three-parts] it has not the form FROM, UNTIL, OFFICER.
    [backwards] it ends before it begins.
    [time-without-zone] a time has no zone.
    [time-day] there is no such day.
    [time-of-day] there is no such time of day.
    [time-zone] there is no such zone.
   *[other] a time has not the form 2026-11-29T08:00+03:00.
} Nothing was signed.
    .do = Correct it, for instance: 2026-11-29T08:00+03:00, 2026-11-29T20:00+03:00, Lt. Orlova
problem-roster-form = There can be no such roster: two shifts begin at one time, there are more than 368, or of more than 64 officers, they lie more than 92 days apart, or a name can't be shown.
    .do = Nothing was signed. Correct it, or plan a shorter time.
problem-no-roster = Our side has no roster.
    .do = `openline watch roster show` says what both sides plan.
problem-no-roster-yet = The station has not looked at this line's rosters yet.
    .do = Wait a moment, and ask again.
