# What is carried by hand.

help-courier = Carry by hand what no bearer brings over: one sealed file, on whatever can be carried.
    .example = openline courier export -o to-moscow.bundle
help-courier-export = Write what the other side has not confirmed, and what is stored here, into one sealed file. Only the other side can open it.
    .example = openline courier export -o to-moscow.bundle
help-courier-export--output = Where to write the bundle
help-courier-import = Take in what a bundle holds that was brought. It may be late, doubled, out of order or damaged: what is whole in it counts.
    .example = openline courier import /media/stick/from-moscow.bundle
help-courier-import--files = The bundles
help-station--receive-only = An address or tty to listen at without ever sending there; it may be given several times
help-station--send-only = An address to which frames go and from which nothing comes back, such as behind a diode: udp://host:port
help-station--read-bundles = A folder that is watched: bundles that are put there are taken in
help-station--write-bundles = A folder into which what the other side has not confirmed is put as a bundle, for whatever carries it on
help-courier-status = Show what waits for a courier on each line, and the last bundle each way.
    .example = openline courier status

courier-exported = { $entries ->
    [0] The bundle is in { $path } ({ unit-bytes }). All that we wrote is confirmed already; it tells the other side what is stored here.
    [one] The bundle is in { $path } ({ unit-bytes }): one entry that the other side has not confirmed, and what is stored here.
   *[other] The bundle is in { $path } ({ unit-bytes }): { $entries } entries that the other side has not confirmed, and what is stored here.
}{ $left ->
    [0] {""}
   *[other] {" "}{ $left } MORE DID NOT FIT: make another once these are confirmed.
}
    Have it carried to the other side's station. There they take it in with “courier import”, and send a bundle of theirs back (“courier export”): only that tells us what they have. Nobody else can read it, and it does no harm if it is late, doubled or lost.
courier-imported = { $path }, from { $line }: { $sealed ->
    [unknown] its beginning is missing, so when it was sealed is not known
   *[other] sealed { $sealed } by their clock, { $age } ago
}. { $fresh ->
    [0] Nothing new
    [one] One new entry is stored
   *[other] { $fresh } new entries are stored
}{ $held ->
    [0] {""}
   *[other] , { $held } were here already
}{ $left ->
    [0] {""}
   *[other] , { $left } WERE NOT TAKEN: bring it again later
}. It tells nothing of whether they live now.
courier-damaged = { $path } IS DAMAGED OR NOT WHOLE: { $missing } of its { $all } pieces are missing. What is whole was taken; have it brought again for the rest.
courier-unfinished = { $unfinished ->
    [one] ONE LONG ENTRY IS NOT WHOLE: pieces of it are missing. Another copy of the bundle may bring them.
   *[other] { $unfinished } LONG ENTRIES ARE NOT WHOLE: pieces of them are missing. Another copy of the bundle may bring them.
}
courier-strange = { $strange ->
    [one] One piece is for no line of ours, or for keys that are held no more.
   *[other] { $strange } pieces are for no line of ours, or for keys that are held no more.
}
courier-unproven = NOTHING HAS COME BACK FOR 30 DAYS: nobody knows whether this way will work when it is needed. Have a bundle carried each way.
courier-state = Line with { $line }: { $waiting ->
    [0] they have confirmed all that we wrote.
    [one] one entry of ours is not confirmed by them.
   *[other] { $waiting } entries of ours are not confirmed by them.
} { $given ->
    [never] No bundle was made here.
   *[other] { $entries ->
        [0] Last bundle made { $given }, without entries.
        [one] Last bundle made { $given }, with one entry.
       *[other] Last bundle made { $given }, with { $entries } entries.
    }
} { $taken ->
    [never] None was brought from them.
   *[other] Last brought from them { $taken }{ $sealed ->
        [never] {""}
       *[other] {", "}sealed { $sealed }
    }: { $fresh ->
        [0] nothing new.
        [one] one new entry.
       *[other] { $fresh } new entries.
    }
}

courier-folder = Folder { $path }: { $use ->
    [reads] bundles that are put there are taken in
   *[writes] what they have not confirmed is put there
}. { $why ->
    [none] { $last ->
        [never] { $use ->
            [reads] None was taken in since the station started.
           *[writes] None was put there since the station started.
        }
       *[other] { $use ->
            [reads] { $files } taken in since the station started, the last { $last }.
           *[writes] { $files } put there since the station started, the last { $last }.
        }
    }
   *[other] IT CAN'T BE USED NOW ({ $why }); it is looked for again every two seconds.
}

error-bundle-strange = No line here can open { $path }. Nothing was changed.
    .do = Look whether it is a bundle of our own: that belongs to the other side. Otherwise it was made for somebody else, or so long ago that its keys are erased, or this home was restored since: then ask for a new one.
error-bundle-refused = Not all was taken in: { $paths }.
    .do = What is whole in the others counts. Have those that are named brought again, and send the other side a bundle of ours: it tells them what is missing.
courier-not-taken = { $path }: { $why }


problem-no-courier-keys = The line has no keys yet to seal a bundle under.
    .do = This home was restored or copied: once new keys are agreed with the other side over any bearer, make the bundle again.
problem-not-a-bundle = The file is no bundle.
    .do = Look whether it is the file that was made with “courier export”, and whether it was copied as it is.
problem-bundle-interrupted = The station began anew while it dealt with the bundle.
    .do = What it had taken in is on its disk. Do it once more: what is held already does no harm.
problem-bundle-no-room = There is too little room on the disk to take the bundle in and go on.
    .do = Make room on the disk of the home, then take it in again. Nothing was changed.
