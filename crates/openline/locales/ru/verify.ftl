### Что находит `verify`. `fault-…` названо по слову проверяющего.

verify-nothing = Здесь не открыто ни одной линии: проверять нечего.
verify-line = Линия { $line }
verify-party = { "  " }{ $name } — сторона { $party }. Сверьте с карточкой, которой доверяете.
verify-chain = { "  " }{ $name }, запуск { $boot }, { $stream }: { $size ->
    [one] { $size } запись с начала, без пропусков
    [few] { $size } записи с начала, без пропусков
   *[many] { $size } записей с начала, без пропусков
}. Есть ли более поздние, по этому протоколу не узнать.
verify-chain-claimed = { "  " }{ $name }, запуск { $boot }, { $stream }: записей с начала { $size }. По подписанному свидетельству их не меньше { $claimed } ({ $by }, запуск { $by-boot }, { $by-stream }, запись { $by-sequence }): НЕТ ЗДЕСЬ: { $absent }.
verify-withheld = { "  " }УДЕРЖАНО: записей, текста которых здесь нет, а есть только подписанное о нём: { $count } ({ $entries }).
verify-withheld-entry = { $party }, запуск { $boot }, поток { $stream }, запись { $sequence }{ $short ->
    [none] { "" }
   *[other] { " " }({ $short } на этой станции)
}
verify-finding-entry = { "  " }НЕВЕРНО: { $party }, запуск { $boot }, поток { $stream }, запись { $sequence }{ $short ->
    [none] { "" }
   *[other] { " " }({ $short } на этой станции)
}, поле { $field }: { $what }.
verify-finding-chain = { "  " }НЕВЕРНО: { $party }, запуск { $boot }, поток { $stream }, поле { $field }: { $what }.
verify-charter = { "  " }Устав { $digest }
verify-charter-unproven = { "  " }НЕ ДОКАЗАНО: в этом протоколе нет ни одной записи «код безопасности сверен», поэтому ничто подписанное не говорит, что устав и карточки именно эти. Сравните то и другое со своими.
verify-charter-not-by = { "  " }{ $name }: записи «код безопасности сверен» от этой стороны в протоколе нет, поэтому ничто подписанное ею не говорит, что устав именно этот.
verify-finding-file = { "  " }НЕВЕРНО: поле { $field }: { $what }.
verify-more-findings = { "  " }… и ещё { $count }.
verify-divergences = { $count ->
    [one] { "  " }{ $count } запуск не учитывает того, что есть от его же узла: узел восстановлен из копии или скопирован.
    [few] { "  " }{ $count } запуска не учитывают того, что есть от их же узла: узел восстановлен из копии или скопирован.
   *[many] { "  " }{ $count } запусков не учитывают того, что есть от их же узла: узел восстановлен из копии или скопирован.
}
verify-ring = { "  " }Вызов { $ring }: { $caller }, «{ $from }», вызов «{ $to }» { $rung }; { $rang ->
    [none] что там звонило, здесь ничто не доказывает
   *[other] там звонило { $rang }, подписано: { $rang-by }
}; { $state }.
verify-rings-earlier = { "  " }И более ранних: { $count }, см. --json.
verify-ring-unknown = ЧЕМ КОНЧИЛОСЬ, ЗДЕСЬ НЕ СКАЗАНО: в записи нет части того, что подписала станция вызывавшего
verify-ring-claimed = ЧЕМ КОНЧИЛОСЬ, ЗДЕСЬ НЕ ДОКАЗАНО: { $caller } подписала «{ $state }», но того, на что она ссылается (запись { $cites }), здесь нет
verify-ring-calling = чем кончился, здесь ничто не доказывает
verify-ring-ringing = чем кончился, здесь ничто не доказывает
verify-ring-answered = отвечено; чего стоил ответ, здесь ничто не доказывает
verify-ring-broken-off = оборван: станция начала заново, и чем он кончился, здесь ничто не доказывает
verify-ring-accepted = принят
verify-ring-declined = отклонён
verify-ring-later = отложен
verify-ring-withdrawn = отозван
verify-ring-unanswered = без ответа
verify-ring-unreachable = недоступен
verify-ring-merged = слит с вызовом другой стороны
verify-gap = { $count ->
    [one] { "  " }НЕТ ЗДЕСЬ: { $name }, поток { $stream }, записи { $first }–{ $last }. Более поздние есть.
    [few] { "  " }НЕТ ЗДЕСЬ: { $name }, поток { $stream }, записи { $first }–{ $last }. Более поздние есть.
   *[many] { "  " }НЕТ ЗДЕСЬ: { $name }, поток { $stream }, записи { $first }–{ $last }. Более поздние есть.
}
verify-missing = { $count ->
    [one] { "  " }{ $count } запись названа, но её нет. Это не ошибка: она ещё может прийти.
    [few] { "  " }{ $count } записи названы, но их нет. Это не ошибка: они ещё могут прийти.
   *[many] { "  " }{ $count } записей названы, но их нет. Это не ошибка: они ещё могут прийти.
}
verify-missing-unsound = { $count ->
    [one] { "  " }{ $count } запись названа, но её здесь нет: она могла стоять в повреждённом или отрезанном месте.
    [few] { "  " }{ $count } записи названы, но их здесь нет: они могли стоять в повреждённом или отрезанном месте.
   *[many] { "  " }{ $count } записей названы, но их здесь нет: они могли стоять в повреждённом или отрезанном месте.
}
verify-sound = { "  " }ВЕРНО: записей { $entries }, все такие, как подписаны. Контрольная сумма { $digest }
verify-sound-unproven = { "  " }НЕ ДОКАЗАНО, ЧЬЁ ЭТО: ничто подписанное не говорит, что карточки сторон именно эти. Записей { $entries }, все такие, как их подписал владелец этих ключей. Контрольная сумма { $digest }
verify-sound-partly = { "  " }ДОКАЗАНО ТОЛЬКО ОТ { $by }: записей { $entries }, все такие, как подписаны; ничто подписанное другой стороной не доказывает ни устава, ни карточек. Контрольная сумма { $digest }
verify-not-sound = { "  " }НЕВЕРНО. Что не названо выше, то такое, как подписано.

field-framing = обрамление
field-header = заголовок
field-signature = подпись
field-body = тело
field-line = линия
field-line-files = файлы линии
field-author = автор
field-stream = поток
field-sequence = номер
field-previous = предыдущая
field-heads = головы
field-frontier = рубеж
field-receipt-target = предмет квитанции
field-reply-to = на что ответ
field-confirms = как часто дежурный подтверждает
field-charter = устав
field-card = карточка
field-file-head = начало файла
field-chain-heading = заголовок цепочки
field-chain-closing = конец цепочки
field-file-end = конец файла
field-seal = печать хранилища
field-stage = стадия
field-mark = пометка
field-precedence = срочность
field-attestation = подтверждение лица
field-kind = вид
field-commitment = обязательство о тексте
field-node = узел
field-targets = сообщения квитанции
field-missing = вся запись
field-size = длина цепочки
field-last = конец цепочки
field-edge = край цепочки
field-store = хранилище

stream-urgent = срочный
stream-traffic = обычный
stream-service = служебный

fault-changed-from-outside = изменено извне. Отличается: { store-field }
fault-unreadable = не читается
fault-signature = подпись не сходится
fault-unknown-node = этот узел не заверен ни одной карточкой
fault-other-party = узел принадлежит другой стороне
fault-line = принадлежит другой линии
fault-chain = принадлежит другой цепочке
fault-gap = перед ней не хватает записей
fault-behind = стоит позже своего места
fault-previous = не продолжает предыдущую запись
fault-head-did-not-move = повторяет голову, которая не сдвинулась
fault-own-head = называет голову собственной цепочки
fault-start-not-cited = не ссылается на начало своего запуска
fault-body = тело не то, которое было подписано
fault-stream = стоит не в своём потоке: в срочном — только срочные сообщения, и все они там
fault-twice = та же запись стоит дважды
fault-fork = автор подписал на это место другую запись
fault-head-differs = называет там другую последнюю запись
fault-root-differs = называет другой корень дерева
fault-own-frontier = начало перечисляет цепочку собственного запуска
fault-too-many-boots = запусков одного узла больше, чем можно сравнить
fault-own-message = квитанция на сообщение своей же стороны
fault-no-message = квитанция на запись без текста
fault-too-seldom = дежурный обещает подтверждать реже, чем велит устав
fault-charter-missing = устава нет
fault-charter-differs = её автор подписал другой устав, не тот, что стоит здесь
fault-card-differs = её автор подписал карточку, которой здесь нет
fault-foreign-card = в файле карточка стороны, которой нет на линии: не верьте ничему от этой стороны
fault-exporter = составителем названа сторона, карточки которой нет
fault-under-other-heading = стоит под заголовком другой цепочки
fault-chain-order = цепочки стоят не по возрастанию
fault-empty-chain = объявлена цепочка, но ни одной её записи здесь нет
fault-misplaced = стоит не на своём месте
fault-closing-size = файл называет не тот размер цепочки
fault-closing-root = файл называет не тот корень цепочки
fault-count = файл называет не то количество
fault-file-digest = файл изменён после записи
fault-truncated = файл обрывается
fault-trailing = после конца протокола в файле есть ещё что-то

error-no-record = { $path }: проверить нельзя: { $reason ->
    [truncated] файл обрывается в самом начале.
    [cards] карточки в нём негодны: { $why }.
   *[head] это не файл протокола, или его начало повреждено.
}
    .do = Это файл протокола (.olr)? Если да, он повреждён в самом начале: попросите его ещё раз.
error-no-home-to-verify = { $path } — не каталог станции: протокола в нём нет.
    .do = Дайте файл протокола (.olr) или каталог станции.
error-record = Протокол не записывается: { $why }
    .do = Это ошибка openline. Пожалуйста, сообщите о ней.
error-entries-unreadable = { $count ->
    [one] { $count } запись не читается и пропущена.
    [few] { $count } записи не читаются и пропущены.
   *[many] { $count } записей не читаются и пропущены.
}
    .do = Выполните «openline doctor». У другой стороны есть своя копия протокола.
