### What the doctor finds: `doctor-<check>-<outcome>`, with what to do in `.do` unless all is good.

doctor-healthy = Nothing is wrong with this machine, this home and its lines.
doctor-advised = Nothing is wrong with this machine and this home; what is marked ! is for you to look at.
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

doctor-keys-good = The keys of this home are those that its card certifies.

doctor-copy-good = The home lies in its place: it was not moved or restored since its station last started, or since it was made.
doctor-copy-advice = This home is a copy, or was restored from a backup.
    .do = Make sure that no other copy of it runs anywhere, then start the station: it asks the other side for new keys, and both sides are told.

doctor-root-good = The root keys are not on this machine, as it should be.
doctor-root-advice = The root keys are still on this machine: { $path }
    .do = Move that file to a medium that stays offline. It is needed only to issue a new card.

doctor-lines-advice = No line is open.
    .do = Open one: { $openline } line open --help

doctor-waiting-advice = { $count ->
    [one] One offer of a line waits for its answer.
   *[other] { $count } offers of a line wait for their answers.
}
    .do = When the answer was carried here: { $openline } line finish FILE

doctor-left-out-wrong = { $party }: the line is complete in this home, but the running station does not have it.
    .do = Stop the station and start it again: it takes the line up at its start.

doctor-store-good = The record is as it was written: { $entries } entries, every hash and seal.
doctor-store-advice = There is no record yet.
    .do = It is made when the station runs for the first time.

doctor-reminder-advice = The file { $path } is not as the station wrote it: somebody emptied, changed or removed it. It says that there is a record here.
    .do = Find out who did that, and look at the record: { $openline } verify { $home }. The station writes the file anew at its start.

doctor-channels-good = The channels' file can be opened.

doctor-socket-good = Only you can open the control socket.
doctor-socket-wrong = Others can open the control socket { $path }.
    .do = Close it: chmod 600 "{ $path }"
        Find out who changed it.

doctor-station-good = The station runs (process { $pid }) and answers.
doctor-station-advice = No station runs.
    .do = Start it: openline --home { $home } station --listen { $listen }
doctor-station-wrong = No station runs: nothing arrives, and nothing goes out.
    .do = Start it: openline --home { $home } station --listen { $listen }
doctor-bearer-wrong = { $address } is gone: { $why }.
    .do = Plug the device in again: the station looks for it once a second.
doctor-station-stuck-wrong = A station holds { $home } but does not answer.
    .do = It may be starting: try again. Otherwise stop its process and start it anew.

doctor-way-advice = A way to { $party } is cut: { $address }, from our { $from }, was asked without an answer since { $since }. The line is open on another.
    .do = Have it looked at on both sides: does their station listen there, and does ours send from there? "{ $openline } bearers" shows each way.
doctor-line-good = { $party }: { $verdict } since { $since }.
doctor-alarms-advice = { $party }: alarms stand: { $alarms }
    .do = What each means and what to do: { $openline } alarm list
doctor-line-advice = { $party }: { $verdict } since { $since }.
    .do = "{ $openline } status" says why.
doctor-line-unknown = { $party }: { $verdict }. The other side has not been heard yet.
    .do = Has it finished its steps and started its station? Does a firewall let UDP through, both ways?
doctor-line-keys-wrong = { $party }: { $verdict } since { $since }. Frames keep coming from their address that our keys cannot open.
    .do = Most likely one of the two homes was copied or restored. Ask them by another way. When no second copy of either home runs, on one side, whichever: { $openline } line renew; if that changes nothing in ten minutes, open a new line as at first (the tapes reach eight renewals back)
doctor-line-wrong = { $party }: { $verdict } since { $since }.
    .do = Ask by another way whether their station runs. Look at this side's network and firewall. What you send is kept.

doctor-notice-advice = { $party }: { $when }: { $notice }
    .do = "openline status" says more.
doctor-notice-restored-advice = { $party }: { $when }: { $notice }
    .do = If somebody put a backup back: nothing to do, it mends itself. If nobody did, ask by another way what happened to that machine.
doctor-notice-cloned-advice = { $party }: { $when }: { $notice }
    .do = Find out where the copy runs, and stop it. If it was stopped since then, nothing to do.
doctor-notice-misbehaved-advice = { $party }: { $when }: { $notice }
    .do = Ask them by another way. Keep the record: openline export -o record.olr
doctor-notice-keys-asked-advice = { $party }: { $when }: { $notice }
    .do = Make sure that no other copy of this home runs anywhere. The new keys come when their station answers; if the line is open and none come, its old keys are still good, and nothing is to do.
doctor-notice-mended-advice = { $party }: { $when }: { $notice }
    .do = Nothing to do: it is mended, the new keys are in use. Only make sure that no other copy of this home runs.
doctor-notice-keys-renewed-advice = { $party }: { $when }: { $notice }
    .do = If one of you restored or copied a home, or asked for new keys: nothing to do, it is mended.

doctor-offset-good = { $party }'s clock and ours differ by { $span }.
doctor-offset-advice = { $party }'s clock and ours differ by { $span }.
    .do = Nothing stops for that, but times on the two screens differ. Check your own clock.

doctor-hints-good = { $party }'s addresses can be found.
doctor-hints-advice = { $party } gave no address: they must find us.
    .do = Make sure that they have an address of ours that reaches this machine, or that a tty leads to them.
doctor-hints-wrong = { $party }'s addresses can't be found: { $addresses }
    .do = Is the name service reachable? Ask them for an address by number.
