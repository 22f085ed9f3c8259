### What `--help` says. An id is the command as it is typed, with dashes; `.example` is shown below it.

help-heading-usage = Usage:
help-heading-commands = Commands
help-heading-options = Options
help-heading-arguments = Arguments
help-heading-example = Example:
help-usage-options = [OPTIONS]
help-usage-command = <COMMAND>

help-value-address = ADDRESS
help-value-card = CARD
help-value-command = COMMAND
help-value-count = COUNT
help-value-cursor = CURSOR
help-value-digits = DIGITS
help-value-dir = DIR
help-value-duration = DURATION
help-value-entry = ENTRY
help-value-file = FILE
help-value-how = HOW
help-value-name = NAME
help-value-number = NUMBER
help-value-path = PATH
help-value-reason = REASON
help-value-stage = STAGE
help-value-tag = TAG
help-value-toml = TOML
help-value-when = WHEN

help-openline = A crisis line between two parties: text that is never lost, and proof of it.
    .example = openline demo

help-demo = Show two hostile parties, two stations and one line, on this machine.
    .example = openline demo --once
help-demo--once = Tell the story and exit
help-demo--keep = Keep both homes in this directory

help-init = Make a party: its root key, a node key, and a home for them.
    .example = openline init --name Washington --name-ru Вашингтон --lang en
help-init--name = The party's name, as others shall see it
help-init--name-ru = Its name in Russian

help-card = Give this party's card, or look at another's.
    .example = openline card show moscow.card
help-card-export = Write this party's card, to be handed over in person.
    .example = openline card export moscow.card
help-card-export--file = Where to write the card
help-card-show = Show a card or a line file, and its safety number with ours.
    .example = openline card show moscow.card
help-card-show--file = A card or a line file

help-line = Open a line with another party: open, accept, finish.
    .example = openline line open --with moscow.card --reachable-at udp://washington.example:7600 -o to-moscow.line
help-line-open = Begin: write a file with the charter, our card and our tape for the other party.
    .example = openline line open --with moscow.card --reachable-at udp://washington.example:7600 -o to-moscow.line
help-line-open--with = The other party's card
help-line-open--charter = A charter of your own (TOML); without it a good default is written and shown
help-line-open--output = Where to write the file for the other party
help-line-accept = Answer: read their file, compare the safety number, write our file for them.
    .example = openline line accept to-moscow.line --reachable-at udp://moscow.example:7600 -o to-washington.line
help-line-accept--file = The line file that the other party handed over
help-line-accept--output = Where to write the file for the other party
help-line-finish = End: read their answer and compare the safety number. Then the line can open.
    .example = openline line finish to-washington.line
help-line-finish--file = The line file that the other party handed back

help-line-reachable-at = Announce, signed, where the other side's station can reach ours from now on: the whole list. It goes out on whatever way works, and by courier.
    .example = openline line reachable-at udp://new.example:7600 --as "Lt. Orlova"
help-line-reachable-at--addresses = Such as udp://host:7600, quic://host:7601 or wss://host:443; at most eight
help-line-reachable-at--nowhere = The other side shall not call us: we call
help-line-renew = Ask the other side for new keys, where one of the homes was copied or restored and its keys are not theirs any more.
    .example = openline line renew --line Moscow

help-station = Run the station, in the foreground. A line on standard output says that it is ready, and one each time when the verdict on a line changes.
    .example = openline station --listen udp://0.0.0.0:7600
help-station--listen = Where to hear the other side; may be given more than once: udp://0.0.0.0:7600; quic://0.0.0.0:7601 for a second layer of TLS; wss://0.0.0.0:443 where only HTTPS passes, through HTTPS_PROXY if that is set; or 'serial:///dev/ttyUSB0?rate=9600' for a radio modem or a cable, with &line=NAME where there are several lines. Without it: at every address of this machine, IPv4 and IPv6, port 7600
help-station--padding = Fill frames up to a few sizes (classes), or send fewer bytes and show how long texts are (none)
help-station--constant-rate = Send at a constant rate, so many bits a second on each way that works, in frames of one size: whoever watches can not tell a text from silence. An urgent text waits for one frame at most: 154 ms at 64000. From 8000 to 1000000. Both sides should
help-value-bits = BITS

help-station--alarm-run = A program to run at each change of an alarm, for lamps and horns: cause and state are its arguments, the alarm as JSON its standard input. It has ten seconds
help-station--alarm-post = Where to post each change of an alarm, as JSON over plain HTTP: http://127.0.0.1:8080/alarms
help-value-program = PROGRAM

help-status = Say whether the line is open, since when, and how that is known.
    .example = openline status --watch
help-status--watch = Go on, and print each change

help-say = Send a text. It is read from the prompt or from standard input, never from the command line.
    .example = openline say --flash --wait shown < text.txt
help-say--flash = At once, before everything else; at most 200 words and 2000 bytes
help-say--immediate = Right after FLASH; at most 200 words and 2000 bytes
help-say--priority = Before routine
help-say--routine = In its turn; so it is unless another precedence is given
help-say--exercise = Mark it as part of an exercise
help-say--test = Mark it as a test of the line
help-say--reply-to = The entry that it answers, such as M-40
help-say--wait = Wait until the other side has it: stored, shown or read
help-say--timeout = How long to wait (60s unless given; 10m, 2h, 1d); then exit with 4: nothing is lost
help-say--stdin = Read standard input even on a terminal; with --json one text a line

help-traffic = List what went over the line.
    .example = openline traffic --since 24h
help-traffic--since = Only what came later than an age (24h, 1d), a time (2026-02-24T08:00Z) or a cursor (a bare number)

help-follow = Show entries as they come. On a terminal you give your name first, and what you see counts as shown.
    .example = openline follow --json --from 120
help-follow--from = Begin after this cursor; 0 is the beginning

help-show = Show one entry whole: text, receipts, author, place in the record.
    .example = openline show M-41
help-show--entry = Its short name, or its id

help-sign-read = Sign that you have read a message.
    .example = openline sign-read M-41 --as "Lt. Orlova"
help-sign-read--entry = Its short name, or its id
help-sign-read--yes = Without a terminal: that person has read it, and has said so

help-verify = Check an exported record or a home, without any network and without trusting the one who gave it.
    .example = openline verify record.olr
help-verify--path = A record file (.olr) or a home

help-export = Write the line's record to one file that anybody can verify.
    .example = openline export -o record.olr
help-export--output = Where to write the record

help-ring = Call an office of the other side, or answer its call.
    .example = openline ring start --to head
help-ring-start = Ring an office of the other side, and wait until it is known how the ring ended.
    .example = openline ring start --to head --urgent --for 2m
help-ring-start--to = The office to call: its identifier in the charter, or its name
help-ring-start--from = Our office that calls; unless told, the one that speaks with the other
help-ring-start--urgent = It is urgent: the other side sees FLASH
help-ring-start--duration = How long it rings: from 5s to 30m; 2m unless told
help-ring-start--stdin = Read what it is about from standard input
help-ring-accept = Accept a ring: come on the line.
    .example = openline ring accept R-7
help-ring-decline = Decline a ring. The reason is asked for, and may stay empty.
    .example = openline ring decline R-7 --call-back-at 04:00Z
help-ring-later = Put a ring off.
    .example = openline ring later R-7 --call-back-at 2h
help-ring-withdraw = Take back a ring of ours that is not decided.
    .example = openline ring withdraw R-7
help-ring-list = Show the last rings and how they stand.
    .example = openline ring list
help-option-exercise = Mark it as part of an exercise
help-option-stdin = Read the words from standard input
help-option-ring = The ring; the only one that fits unless told
help-option-call-back-at = When to call back: 04:00Z, 2h, or a whole date
help-value-office = OFFICE
help-value-ring = RING

help-watch = Say who is on watch: open a watch, confirm it, hand it over, close it.
    .example = openline watch open --as "Lt. Orlova"
help-watch-open = Be on watch from now on, signed by name.
    .example = openline watch open --confirm-every 30m --as "Lt. Orlova"
help-watch-open--instead = In place of whoever is on watch and can't hand over
help-watch-confirm = Confirm that you are there.
    .example = openline watch confirm --as "Lt. Orlova"
help-watch-hand-over = Hand the watch over. You are on watch until the other takes it over.
    .example = openline watch hand-over --to "Lt. Petrov" --as "Lt. Orlova"
help-watch-hand-over--to = To whom, by the name that he acts under
help-watch-hand-over--item = An entry that is open; all that nobody was shown, and rings that run, unless told
help-watch-withdraw = Take a hand-over back that was not taken over.
    .example = openline watch withdraw --as "Lt. Orlova"
help-watch-take-over = Take over the watch that was handed over to you: from that moment it is yours.
    .example = openline watch take-over --as "Lt. Petrov"
help-watch-close = Close the watch; nobody is on watch then.
    .example = openline watch close --as "Lt. Petrov"
help-watch-show = Show who is on watch on either side.
    .example = openline watch show
help-watch-roster = Plan who is to be on watch when. Gaps raise an alarm twelve hours ahead.
    .example = openline watch roster show
help-watch-roster-show = Show who is to be on watch on either side, and when nobody is.
    .example = openline watch roster show --days 14
help-watch-roster-show--days = How many days, from now on: 1 to 92
help-watch-roster-set = Plan who is to be on watch for your side, in place of what was planned.
    .example = openline watch roster set november.txt --as "Lt. Orlova"
help-watch-roster-set--file = A line for each shift: FROM, UNTIL, OFFICER, such as 2026-11-29T08:00+03:00, 2026-11-29T20:00+03:00, Lt. Orlova. With - it is read from standard input
help-watch-roster-withdraw = Take the roster back: your side has none then.
    .example = openline watch roster withdraw --as "Lt. Orlova"
help-option-confirm-every = How often you will confirm that you are there: from 1m to what the charter says; as often as it says unless told
help-alarm = Show what there is an alarm for, say that you know, or put it aside for a time.
    .example = openline alarm list
help-alarm-list = Show every alarm that is not over: since when, about whom, who knows, and what to do.
    .example = openline alarm list
help-alarm-ack = Say by name that you know of an alarm: it is silent then, until it is raised anew.
    .example = openline alarm ack no-sign-of-life/moscow --as "Lt. Orlova"
help-alarm-shelve = Put an alarm aside by name, for a minute to eight hours. If its cause lasts then, it comes back.
    .example = openline alarm shelve nobody-on-watch/moscow --for 1h --as "Lt. Orlova"
help-alarm-shelve--duration = For how long: 1h, 30m
help-alarm-unshelve = Bring an alarm back that was put aside.
    .example = openline alarm unshelve nobody-on-watch/moscow --as "Lt. Orlova"
help-option-alarm = The alarm, as `openline alarm list` names it; its cause alone will do where there is one of these
help-value-alarm = ALARM

help-suspend = Suspend the line for your side, signed: texts below FLASH and rings of other offices than the watch are refused on both sides.
    .example = openline suspend --reason ordered --as "Lt. Orlova"
help-suspend--reason = ordered, compromise or other; asked for at a terminal unless told, else other
help-resume = End your side's suspension of the line.
    .example = openline resume --as "Lt. Orlova"

help-silence = Tell the other side that this station will be silent for a while.
    .example = openline silence announce --for 10m --reason restart
help-silence-announce = Announce a silence, signed, so that it is not taken for a hostile one.
    .example = openline silence announce --for 10m --reason restart
help-silence-announce--duration = How long, from now: 30s, 10m, 2h, 1d
help-silence-announce--reason = restart, maintenance or other
help-silence-end = End an announced silence: from now on silence means what it means.
    .example = openline silence end

help-bearers = Show over what this station can reach the others: whether each bearer works, what it carried, and what each way over it is used for.
    .example = openline bearers

help-doctor = Find what is wrong with this home, this machine and this line, and say what to do.
    .example = openline doctor

help-doctor--salvage = Bring what is intact of a damaged record into a new one
help-doctor--yes = Do not ask first

help-help = Print the help of a command.
    .example = openline help line open
help-help--command = The command, one word or two

help-option-home = The party's home (default: $XDG_DATA_HOME/openline)
help-option-json = Print JSON; see docs/json.md
help-option-lang = The language: en or ru for what is printed, any tag for a text that you send
help-option-help = Print this help
help-option-version = Print the version
help-option-line = Which line, where there is more than one
help-option-operator = Who acts, by name
help-option-reachable-at = Where the other side can reach us, such as udp://host:7600, quic://host:7601 or wss://host:443; may be given more than once
help-option-safety-number = The number that the other side read to you, instead of typing it
