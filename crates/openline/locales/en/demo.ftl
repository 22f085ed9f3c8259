### What the demo tells. A claim is printed only after the demo has found it to be true.

demo-curtain = openline: a line between Washington and Moscow

demo-parties = Two parties who do not trust each other
demo-parties-keys = Each made keys of its own: Washington { $washington }…, Moscow { $moscow }…

demo-cards = They exchange cards in person
demo-cards-number = Each computed the safety number by itself, and both got the same:

demo-charter = They sign a charter and exchange tapes by hand
demo-charter-signed = Both signed the same charter, and both signed that they compared the number.
demo-charter-tapes = Each carried random key material to the other, one tape for each direction.

demo-open = Two stations start, as two processes
demo-open-processes = Washington is process { $washington }, Moscow is process { $moscow }.
demo-open-verdict = Both stations say: the line is OPEN.
demo-open-sealed = Sealed by MLS with X-Wing, safe against quantum computers, over the hand-carried tapes.

demo-flash = A FLASH climbs its ladder, each rung signed
demo-flash-stored-here = { $ms } ms: on Washington's disk.
demo-flash-stored = { $ms } ms: on Moscow's disk, says Moscow's station.
demo-flash-shown = { $ms } ms: shown on Moscow's screen to { $who ->
    [operator] Lt. Orlova
   *[other] { $name }
} (the demo plays her).
demo-flash-read = { $ms } ms: read. { $who ->
    [operator] Lt. Orlova
   *[other] { $name }
} signed it.
demo-flash-answer = Moscow answered in Russian; Washington had it on disk and said so within { $ms } ms.

demo-ring = One side rings
demo-ring-rings = { $ms } ms: it rings in Moscow, signed by Moscow's station at { $when }.
demo-ring-accepted = { $ms } ms: accepted, by Gen. Petrov. Both sides hold the one outcome; it cites his signed answer.
demo-contact-verified = Both stations show { $code }. Read out and compared (the demo plays both), and signed by both: nobody stands between them.
demo-contact-misheard = Washington proposes { $said }; Moscow reads back { $heard }. The same hour in another zone: caught, and named to both.
demo-contact-confirmed = Read back once more, as it was meant, and confirmed: both sides are bound, and hold it signed.
demo-ring-later = Moscow rings, and Washington is not ready: "later", to be called back { $when }.
demo-ring-merged = Both ring at the same moment: one ring is merged into the other, and one contact comes of both.
demo-ring-unanswered = Washington rings and nobody comes: "unanswered". It rang there, signed by Moscow's station.
demo-ring-unreachable = Washington rings: "unreachable". Nothing shows that it rang there, and that is another thing than "unanswered".

demo-watch = One officer relieves another
demo-watch-opened = Lt. Orlova is on watch in Moscow, by her own signature; Washington sees it.
demo-watch-handed = She hands the watch over to Capt. Volkov. It is hers until he takes it.
demo-watch-taken = Capt. Volkov took it over at { $when }: one moment, which both have signed for.

demo-crash = kill -9: Moscow's station dies
demo-crash-killed = Moscow's process is gone, without a farewell.
demo-crash-verdict = Washington's station says: NO SIGN OF LIFE since { $since }. It cannot tell why, and says so.
demo-crash-queued = A second FLASH is on Washington's disk, queued: { $count ->
    [one] one entry waits
   *[other] { $count } entries wait
} for Moscow.

demo-return = Moscow's station comes back
demo-return-started = Process { $pid } was ready after { $ms } ms.
demo-return-delivered = The second FLASH was on Moscow's disk after { $ms } ms, and Washington knew it.
demo-return-once = Both sides hold the same { $count } entries, each once. Nothing was lost.

demo-record = The record: both sides can prove it
demo-record-equal = Both exported and verified their records: { $entries } entries, the same digest { $digest }…

demo-forgery = One letter of a copy is changed
demo-forgery-found = "verify" names it: Washington's urgent stream, entry { $sequence }, field: body.

demo-take-part = Take part from two other terminals: Moscow watches, Washington speaks.
demo-until = Both stations run until you press Ctrl-C here.
demo-gone = Both stations are stopped, and both homes are erased.
demo-kept = Both stations are stopped. Both homes are kept in:

error-demo-stopped = The demo was stopped before its end.
    .do = { $kept ->
        [none] Nothing of it is left: both stations are stopped, both homes erased.
       *[other] Both stations are stopped. What there is of the homes is in { $kept }
    }
error-demo-keep = { $path } exists already and is not empty.
    .do = Nothing was changed. Give --keep a directory that is empty or does not exist yet.
error-demo-command = The demo's own command failed: { $command }: { $why }
    .do = Run "openline doctor", and report it with this line.
error-demo-station = { $party }'s station did not start.
    .do = Its reason stands above. Is the machine out of memory or disk?
error-demo-not-true = The demo was about to claim something that is not so: { $claim }.
    .do = This is a fault of openline. Please report it.
error-demo-too-slow = Something that must happen did not happen within half a minute.
    .do = Is this machine very busy? Run it again; if it happens again, report it.
