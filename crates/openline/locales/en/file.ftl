### Files that go with messages: openline file, say --attach.

help-file = The files that go with messages.
    .example = openline file list
help-file-list = List the files of a line, and how much of each is here.
    .example = openline file list
help-file-save = Write a file that has come whole, as its author signed it. No file is written over.
    .example = openline file save M-41 -o plan.pdf
help-file-save--entry = The message that it goes with, such as M-41
help-file-save--number = Which of the message's files, from 1 (1 unless given)
help-file-save--output = Where to write it
help-file-remove = Remove the bytes of a file from this station. What its message says of it stays on record.
    .example = openline file remove M-41 --as "Lt. Orlova"
help-file-remove--entry = The message that it goes with, such as M-41
help-file-remove--number = Which of the message's files, from 1 (1 unless given)
help-say--attach = A file that goes with the text; may be given up to 8 times, each of at most 64 MiB

file-none = No file went with any message of this line.
file-state = { $entry } file { $number }: { $name }, { $size }. { $state ->
        [ours] On its way: the other side has not said yet that it has all of it.
        [delivered] The other side has all of it.
        [lacking] { $held } of it are here ({ $percent } %). The rest is fetched while the other station can be reached.
        [whole] It is here whole. To write it: openline file save { $entry } --number { $number } -o FILE
        [wrong] What came was not what the other side had signed, and was thrown away. It is on record as misbehaviour.
       *[removed] Its bytes are not here any more.
    }
file-saved = { $path }: { $size }, as its author signed it.
file-removed = The bytes are not here any more. The message, with the file's name and size, stays on record.
entry-file = File { $number }: { $name }, { $size }

error-too-many-files = A message goes with at most { $most } files.
    .do = Send the others with another message.
error-file-name = { $path } has a name that can't go with a message.
    .do = Give it a name in one line, without slashes, that does not begin with a full stop.
error-file-empty = { $path } is empty.
    .do = Look whether it is the right file.
error-file-slow = { $path } would take about { $span }: nothing faster than { $address } with { $rate } bit/s reaches the other side now. A file may take a day at most.
    .do = Wait until a faster way works (openline bearers), or say what matters of it in words.
error-file-too-large = { $path } is larger than { $limit }.
    .do = Cut it into parts, or have it carried by hand.

problem-file-name = A file can't be called so: its name would lead into another folder, or deceive who reads it.
    .do = Give it a name in one line, without slashes, that does not begin with a full stop.
problem-file-empty = The file is empty.
    .do = Look whether it is the right file.
problem-too-many-files = That are more files than go with one message.
    .do = Send at most eight with one message, the others with the next.
problem-files = These files can't go with this message: their names and the text are too long together.
    .do = Shorten the text, or send some of the files with another message.
problem-no-such-file = No file { $number } goes with "{ $entry }".
    .do = Look at `openline file list`.
problem-file-not-here = The bytes of this file are not here{ $state ->
        [lacking] { " " }whole yet
        [wrong] : what came was not what the other side had signed
        [removed] { " " }any more
       *[other] { "" }
    }.
    .do = Look at `openline file list`. What is still lacking is fetched while the other station can be reached.
