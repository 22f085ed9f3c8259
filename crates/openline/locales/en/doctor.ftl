### What the doctor finds: `doctor-<check>-<outcome>`, with what to do in `.do` unless all is good.

doctor-healthy = Nothing is wrong.
doctor-ill = Something is wrong: see above.

doctor-disk-good = The disk has room: { $free } MB.
doctor-disk-advice = The disk has only { $free } MB left.
    .do = Make room: a station that can't write sends nothing.
doctor-disk-wrong = The disk is all but full: { $free } MB left.
    .do = Make room now: a station that can't write sends nothing.
doctor-disk-unknown = How much room the disk has could not be found out.
    .do = Look with df -h.

doctor-core-dumps-good = Core dumps are off for this program: no text and no key gets to disk that way.
doctor-core-dumps-wrong = Core dumps could not be turned off: a crash could leave texts and keys on the disk.
    .do = Turn them off for the whole machine: ulimit -c 0, or Storage=none in coredump.conf.

doctor-clock-good = The clock says { $now }.
doctor-clock-wrong = The clock says { $now }, which can't be.
    .do = Set it. The line works all the same, but people will be puzzled by the times.

doctor-home-good = The home { $path } is whole, and nobody else can read it.

doctor-copy-good = The home lies where it was made: it is no copy.
doctor-copy-advice = This home is a copy, or was restored from a backup.
    .do = Make sure that no other copy of it runs anywhere, then start the station: it asks the other side for new keys, and both sides are told.

doctor-root-good = The root keys are not on this machine, as it should be.
doctor-root-advice = The root keys are still on this machine: { $path }
    .do = Move that file to a medium that stays offline. It is needed only to issue a new card.

doctor-lines-advice = No line is open.
    .do = Open one: openline line open --help

doctor-waiting-advice = { $count ->
    [one] One offer of a line waits for its answer.
   *[other] { $count } offers of a line wait for their answers.
}
    .do = When the answer was carried here: openline line finish FILE

doctor-store-good = The record is as it was written: { $entries } entries, every hash and seal.
doctor-store-advice = There is no record yet.
    .do = It is made when the station runs for the first time.

doctor-socket-good = Only you can open the control socket.
doctor-socket-wrong = Others can open the control socket { $path }.
    .do = chmod 600 it, and find out who changed it.

doctor-station-good = The station runs (process { $pid }) and answers.
doctor-station-advice = No station runs.
    .do = Start it: openline --home { $home } station --listen udp://0.0.0.0:7600
doctor-station-wrong = A station holds { $home } but does not answer.
    .do = It may be starting: try again. Otherwise stop its process and start it anew.

doctor-line-good = { $party }: { $verdict } since { $since }.
doctor-line-advice = { $party }: { $verdict } since { $since }.
    .do = "openline status" says why.
doctor-line-unknown = { $party }: { $verdict }. The other side has not been heard yet.
    .do = Has it finished its steps and started its station? Does a firewall let UDP through, both ways?
doctor-line-wrong = { $party }: { $verdict } since { $since }.
    .do = Ask by another way whether their station runs. Look at this side's network and firewall. What you send is kept.

doctor-offset-good = { $party }'s clock and ours differ by { $span }.
doctor-offset-advice = { $party }'s clock and ours differ by { $span }.
    .do = Nothing stops for that, but times on the two screens differ. Check your own clock.

doctor-hints-good = { $party }'s addresses can be found.
doctor-hints-advice = { $party } gave no address: they must find us.
    .do = Make sure that they have an address of ours that reaches this machine.
doctor-hints-wrong = { $party }'s addresses can't be found: { $addresses }
    .do = Is the name service reachable? Ask them for an address by number.
