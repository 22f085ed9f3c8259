### Alarms.

## What each is about, and what to do now. $party is the party, $ours whether it is the reader's own.

alarm-about-no-sign-of-life = { $overrun ->
    [yes] { $party }: the silence that it announced ({ $reason }) ended { $over }, and it is not back.
   *[no] { $party } shows no sign of life, and no announced silence explains it now.
} Whether the station, the network or the people are gone, one way alone can't tell.
    .do = Try to reach them another way: by telephone, or by a courier who takes what waits:
        openline courier export -o FILE
        Look at this side: openline doctor
alarm-about-way-cut = One of the ways to { $party } is cut. The line is open on another, and now hangs by fewer than it should.
    .do = Have it looked at, on both sides, before the other fails too. Which one, and since when: openline status
alarm-passing-no-sign-of-life = { $party } is heard again. The alarm ends when that has lasted for 15 seconds.
alarm-unclear-way-cut = A way to { $party } was cut, and now none answers: which of them still lead there nobody can tell.
    .do = The line hangs by nothing now. Try to reach them another way. What each way said last: openline bearers
alarm-passing-way-cut = No way to { $party } is cut any more. The alarm ends when that has lasted for a minute.
alarm-about-test-missed = The last test of the line in which { $ours ->
    [yes] our side
   *[no] { $party }
} had a part was missed or garbled.
    .do = Do not rely on the line until a test has passed: openline test now
alarm-about-nobody-on-watch = { $ours ->
    [yes] Nobody is on watch here: what comes in may be read by nobody.
   *[no] Nobody is on watch at { $party }, by their own signed entries: what is sent there may be read by nobody.
}
    .do = { $ours ->
    [yes] Somebody goes on watch: openline watch open
   *[no] For what can't wait, ring: openline ring start --to OFFICE
}
alarm-about-presence-overdue = { $ours ->
    [yes] Our officer on watch has not confirmed in time that he is there.
   *[no] The officer on watch at { $party } has not confirmed in time that he is there.
}
    .do = { $ours ->
    [yes] Look for him. He confirms: openline watch confirm
        Or somebody takes his place: openline watch open --instead
   *[no] For what can't wait, ring: openline ring start --to OFFICE
}
alarm-about-watch-doubled = Two are on watch for { $ours ->
    [yes] our side
   *[no] { $party }
}: stations of one party did not hear each other.
    .do = Agree who is on watch, and end it with one watch in place of both: openline watch open --instead
alarm-about-roster-gap = By our roster nobody is to be on watch { $from ->
    [none] at a time that begins within twelve hours, or has begun
   *[other] from { $from } { $until ->
        [none] on
       *[other] until { $until }
    }
}.
    .do = Plan somebody: openline watch roster set FILE
        What is planned: openline watch roster show
alarm-about-shift-not-taken = { $officer ->
    [none] A shift of our roster began a quarter of an hour ago or longer, and its officer is not on watch.
   *[other] By our roster “{ $officer }” is to be on watch since { $began }, and is not.
}
    .do = Look for him. He goes on watch: openline watch open
        Or he takes over from whoever is: openline watch take-over
        If another does it for him, change the roster: openline watch roster set FILE
alarm-about-ring-unanswered = { $ours ->
    [yes] We were rung, and nobody answered in time{ $rings ->
        [none] {""}
       *[other] {": "}{ $rings }
    }. No ring was accepted since, by either side.
   *[no] It rang at { $party } until the time was over, and nobody answered{ $rings ->
        [none] {""}
       *[other] {": "}{ $rings }
    }. No ring was accepted since, by either side.
}
    .do = { $ours ->
    [yes] See who called: openline ring list
        Ring back: openline ring start --to OFFICE
   *[no] Try to reach them another way. Ring again, or another office: openline ring start --to OFFICE
}
alarm-ring-did-not-ring = { $short } (it could not ring here)
alarm-about-flood = { $party } sends more than this station takes in. What it took is kept; the rest waits on their side and comes little by little. Other lines are not held up.
    .do = Ask them, in another way than over this line, what their station is doing. See what came: openline traffic
alarm-about-misbehaviour = Proof is on record that { $ours ->
    [yes] a station with our own keys
   *[no] { $party }
} did what no honest station does.
    .do = Keep the record as it is: openline export -o FILE
        Show it to whoever answers for the line. What is proven: openline verify FILE
alarm-about-clone = Two stations run with the keys of { $ours ->
    [yes] one of our own machines
   *[no] one machine of { $party }
}: a home was copied, or somebody else has its keys.
    .do = { $ours ->
    [yes] Find the other one and stop it. If nobody of ours started it, treat the keys as lost.
   *[no] Ask them, in another way than over this line, whether they know of both.
}
alarm-about-number-mismatch = The codes or the safety numbers of this side and of { $party } differed: somebody may stand between the two.
    .do = Say nothing secret here. The alarm stays for as long as the station knows of it.
        Compare the safety number anew, in person or by a voice that you know, from the card file: openline card show FILE

## How it stands

alarm-is-raised = ALARM { $name } since { $since } ({ $lasted }). Nobody has acknowledged it.
alarm-is-back = ALARM { $name }: its cause was gone since { $since }, and IS THERE AGAIN. Nobody has acknowledged it.
alarm-is-cleared = ALARM { $name }: its cause is gone since { $since } ({ $lasted }). Nobody has acknowledged that it was there.
alarm-is-acknowledged = Alarm { $name }: acknowledged by “{ $by }” at { $since } ({ $lasted } ago). Its cause lasts.
alarm-is-shelved = Alarm { $name }: put aside by “{ $by }” until { $until }.
alarm-is-quiet = Alarm { $name }: over.
alarm-how-to-acknowledge = Say that you know: { $openline } alarm ack { $name }
alarm-none = No alarm.

station-alarm = { $when } { $state ->
    [raised] ALARM { $name }. What it means and what to do: openline alarm list
    [acknowledged] Alarm { $name } is acknowledged.
    [shelved] Alarm { $name } is put aside for a time.
    [cleared] Alarm { $name }: its cause is gone. Nobody has acknowledged that it was there.
   *[other] Alarm { $name } is over.
}
station-alarm-stands = { $when } Alarm { $name } stands, acknowledged { $since } by “{ $by }”.

## What was done

alarm-acknowledged = Acknowledged: { $name }. It is silent for as long as it lasts; raised anew, it sounds anew.
alarm-shelved = Put aside until { $until }: { $name }. If its cause lasts then, it comes back.
alarm-unshelved = Brought back: { $name }.

## What can't be done

error-no-such-alarm = There is no alarm “{ $alarm }” here now.
    .do = { $alarms ->
    [none] There is none at all: openline alarm list
   *[other] There are: { $alarms }
}
error-which-alarm = Several alarms may be meant by “{ $alarm }”: { $alarms }.
    .do = Give the whole name of one; if that stands on two lines, add --line.
problem-no-such-alarm = There can be no alarm “{ $alarm }”: no such cause, or no such party on this line.
    .do = Look at what there is: openline alarm list
problem-alarm-not-raised = It does not stand so that this could be done with it: it is over, not raised, or not put aside.
    .do = Look at how it stands: openline alarm list
problem-alarm-done = Somebody has acknowledged it or put it aside already.
    .do = See who, and until when: openline alarm list
        One that was put aside sounds again before its time with: openline alarm unshelve ALARM
problem-alarm-shelve-time = An alarm is put aside for a minute at least and eight hours at most: who comes next decides anew.
    .do = Give another time, for example --for 1h

## Programs and addresses that are told of alarms

problem-alarm-program = The program for alarms can't be run: { $program } ({ $why }). The station was not started.
    .do = Give the path of a file that may be executed, or leave --alarm-run out.
problem-alarm-address = Alarms can't be posted to “{ $address }”. The station was not started.
    .do = Give an address like http://127.0.0.1:8080/alarms: plain HTTP, without a name or a password in it.
problem-alarm-program-not-started = The program for alarms could not be started: { $program } ({ $why }).
    .do = Mend it. Until then no lamp or horn of that program can be relied on: look at `openline alarm list`.
problem-alarm-program-failed = The program for alarms ended with { $code }: { $program }
    .do = Mend it. Until then no lamp or horn of that program can be relied on: look at `openline alarm list`.
problem-alarm-program-late = The program for alarms did not end within { $seconds } s and was ended: { $program }
    .do = Let it hand over and end. Until then no lamp or horn of it can be relied on: look at `openline alarm list`.
problem-alarm-not-posted = An alarm could not be posted to { $address } ({ $why }).
    .do = See whether somebody listens there. Until then look at `openline alarm list`.
problem-alarm-post-refused = { $address } answered the post of an alarm with { $status }.
    .do = Ask who runs it. Until then look at `openline alarm list`.
problem-alarm-post-late = { $address } did not answer the post of an alarm within { $seconds } s.
    .do = See whether somebody listens there. Until then look at `openline alarm list`.
reason-not-a-program = it is no file that may be executed
