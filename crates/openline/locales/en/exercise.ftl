### Exercises.

## Agreeing on one

exercise-ask-what = What is exercised? One line; the other side reads it and agrees to it:
exercise-is-proposed = The exercise is proposed, signed. It begins when the other side accepts it. They do so with: {"openline exercise accept"}
exercise-is-accepted = The exercise runs from now on, signed by both sides. Mark what belongs to it with --exercise. To end it: openline exercise end
exercise-is-ended = Ended, signed. It is over for whoever holds that.
exercise-over = EXERCISE OVER. What comes from now on is meant.
exercise-none = No exercise is proposed, and none runs.
error-exercise-none-proposed = The other side proposes no exercise now.
    .do = `openline exercise show` says what is proposed and what runs. To propose one: openline exercise propose --help
error-exercise-several-proposed = The other side proposes more than one exercise: { $entries }.
    .do = Name the one that is meant: openline exercise accept { "<" }ENTRY{ ">" }

## How it stands

evidence-exercise-in-force = EXERCISE in force since { $since } until { $until }: { $what ->
    [none] its words are not here
   *[other] “{ $what }”
}. Proposed by { $ours ->
    [yes] us
   *[no] { $party }
}, signed by “{ $name }”; accepted by { $other }, signed by “{ $by }”. What is not marked EXERCISE is meant.
evidence-exercise-proposed = An exercise until { $until } is proposed by { $ours ->
    [yes] us
   *[no] { $party }
}, signed by “{ $name }” ({ $short }): { $what ->
    [none] its words are not here
   *[other] “{ $what }”
}. It does not run{ $ours ->
    [yes] {" "}until they accept it.
   *[no] . To agree: openline exercise accept
}
evidence-real = REAL, NOT AN EXERCISE: { $count ->
    [one] one text or ring
   *[other] { $count } texts or rings
} since the exercise began: { $entries }

## Entries

mark-real = REAL
mark-outside-an-exercise = EXERCISE, OUTSIDE AN EXERCISE THAT WAS AGREED ON
real-breaks-in = ════ REAL ════ NOT AN EXERCISE ════ REAL ════
show-exercise = In the exercise
entry-exercise-proposed = proposes an exercise until { $until }
kind-exercise-accepted = accepts the exercise: it runs
kind-exercise-ended = ends the exercise

## Refusals of the station

problem-no-exercise = No exercise is in force, so nothing can be marked as one. Nothing was sent.
    .do = Agree on one first: openline exercise propose --help. One that is proposed waits until the other side accepts it: openline exercise show. What is meant goes without --exercise.
problem-exercise-length = An exercise lasts from one minute to seven days.
    .do = Propose one between the two with --for.
problem-exercise-runs = An exercise is in force already.
    .do = `openline exercise show` says which and until when. To end it: openline exercise end
problem-exercise-proposed-already = Our side has proposed an exercise that nobody has accepted yet.
    .do = Wait until the other side accepts it, or drop it: openline exercise end
problem-no-such-exercise = The other side proposes no such exercise.
    .do = `openline exercise show` says what is proposed.
problem-exercise-is-ours = That is our own proposal, and the other side accepts it.
    .do = Wait until they do, or drop it: openline exercise end
problem-exercise-over = That exercise was ended, or its time is over.
    .do = Propose another one: openline exercise propose --help
problem-exercise-nothing-to-end = No exercise is in force, and none is proposed.
    .do = Nothing is to be done. `openline status` says how the line stands.
problem-exercise-answers-no-exercise = { $entry } is no text of an exercise, and an exercise answers nothing else. Nothing was sent.
    .do = Answer it without --exercise, or write without --reply-to.

## Help

help-exercise = Exercises: both sides agree on one beforehand, and all in it is marked and framed.
    .example = openline exercise show
help-exercise-propose = Propose an exercise to the other side. What is exercised is asked for, or read with --stdin.
    .example = openline exercise propose --for 2h --as "Lt. Orlova"
help-exercise-propose--duration = How long it may last from now on, from a minute to seven days: 90m, 2h
help-exercise-propose--stdin = Read what is exercised from standard input
help-exercise-accept = Take part in the exercise that the other side proposes.
    .example = openline exercise accept --as "Maj. Jones"
help-exercise-accept--proposal = Which proposal, if there are several
help-exercise-end = End the exercise at once, for both sides; or drop what is proposed.
    .example = openline exercise end --as "Lt. Orlova"
help-exercise-show = Show what is proposed and what runs: since when, until when, who agreed.
    .example = openline exercise show
