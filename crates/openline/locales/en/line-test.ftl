### Tests of the line.

## What came of one

test-state-called-up = Called up; nobody is known to be ready yet.
test-state-ready = Ready, signed by the station that was called up, at { $when }.
test-state-texted = Ready, signed at { $when }. The text is sent.
test-state-read = Our machine read the text and answered it.
test-state-passed = Passed: { $party }'s machine read what was sent, { $took } after the call-up.
test-state-garbled = GARBLED: { $party }'s machine read something else than was sent.
test-state-no-ready = MISSED: { $party }'s station was not ready in time{ $excused ->
    [yes] {", as an announced silence explains"}
   *[no] {""}
}.
test-state-no-answer = MISSED: { $party }'s station was ready, and did not answer the text in time{ $excused ->
    [yes] {", as an announced silence explains"}
   *[no] {""}
}.
test-state-left-off = Not finished: { $party } called up and sent no text in time. What came of it, their side knows.
test-theirs-waits = { $state } { $party } called up at { $called }; what comes of it is waited for until { $until }.
test-state-cut-short = Cut short: our station ended before it could say. Nothing follows from that.
evidence-test = { $ours ->
    [yes] Our last test of the line
   *[no] { $party }'s last test of the line
}, { $when }: { $state }
test-took-ms = { $ms } ms
test-person = { $right ->
    [yes] { $here ->
        [yes] Read here
       *[no] Read there
    } by “{ $name }”, signed.
   *[no] “{ $name }” signed that he read something else.
}
test-person-nobody = No person there signed that he read it.
test-person-may-read = For a person to read: openline test read { $entry }

## The timetable

test-may-last = It is tried all the same. An answer is waited for at most { $lasts }; Ctrl-C ends the waiting.
test-cadence = One side or the other begins a test every { $cadence }; it lasts { $lasts }.
test-next = Our next one: { $ours }. { $party }'s: { $theirs }; missed if it is not here by { $by }.
test-last-missed = The last test in which { $party } had a part was missed or garbled.
test-theirs-missed = { $party }'s last turn passed without a call-up; certain since { $when }{ $excused ->
    [yes] {", as an announced silence explains"}
   *[no] {""}
}.
test-ours-missed = { $slept ->
    [one] One turn of ours
   *[other] { $slept } turns of ours
} passed without a call-up: this station slept.
test-counts-ours = Of our last { $began }: { $machine } passed by machine; { $person } read there by a person.
test-counts-theirs = Of { $party }'s last { $began }: { $machine } answered here by machine; { $person } read here by a person.
test-side-ours = ours
test-none-yet = { $line }: the station knows of no tests yet.

## In lists of entries

entry-call-up = { $asked ->
    [yes] calls up, as a person asked
   *[no] calls up by the timetable
}
entry-ready = is ready for { $entry }
entry-test-text = sends a text that means nothing, for { $entry }
entry-test-answer = { $by ->
    [machine] its machine read { $entry }
   *[person] a person read { $entry }
}{ $right ->
    [no] {", not as it was sent"}
   *[other] {""}
}

## Errors

error-interrupted-testing = You stopped waiting. The test goes on.
    .do = To see what came of it: openline test schedule
error-station-went-away-testing = The station went away while the line was tested. What came of the test nobody can say.
    .do = Start it again, and test the line again: openline test now
error-not-a-test-text = { $entry } is not the text of a test.
    .do = `openline test schedule` names the texts that a person may read.
error-no-test-to-read = There is no test of theirs whose text nobody here has read.
    .do = Look at "openline test schedule".
problem-test-under-way = A test of ours is under way.
    .do = Wait two minutes at most; `openline test schedule` says what came of it.
problem-test-too-soon = A test of ours began just now, and the other side answers no two within ten seconds.
    .do = Wait twenty seconds, then test again.
problem-test-no-text-left = The texts that are left for today are kept for the timetable: none goes out twice in 24 hours.
    .do = Look at the tests of the timetable: openline test schedule
problem-test-nothing-to-read = This text was not sent to this start of the station, so nobody can answer it any more.
    .do = `openline test schedule` names the texts that a person may read.
problem-test-answered = A person has answered this text already.
    .do = Nothing more is needed.
problem-not-a-test-text = "{ $entry }" is not the text of a test.
    .do = `openline test schedule` names the texts that a person may read.
problem-no-tests-yet = The station knows of no tests on this line yet.
    .do = Wait until the line is open: openline status

## Help

help-test = Test the line: now, by the timetable, and read as a person what the other side sends.
    .example = openline test now --as "Lt. Orlova"
help-test-now = Test the line now, and wait for what comes of it: passed 0, missed 4, garbled 6.
    .example = openline test now --as "Lt. Orlova"
help-test-schedule = Show when either side tests the line, and what came of the latest tests.
    .example = openline test schedule
help-test-read = Sign that you have read the text of a test of theirs. A machine has answered it; this says that a person is there.
    .example = openline test read E-12 --as "Lt. Orlova"
help-test-read--entry = The text; the last one that no person has read unless told
help-test-read--yes = A person has told you that he has read it; for programs
