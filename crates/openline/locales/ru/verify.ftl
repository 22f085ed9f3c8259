### Что находит `verify`. `fault-…` названо по слову проверяющего.

verify-nothing = Здесь не открыто ни одной линии: проверять нечего.
verify-line = Линия { $line }
verify-party = { "  " }{ $name } — сторона { $party }. Сверьте с карточкой, которой доверяете.
verify-chain = { "  " }{ $name }, запуск { $boot }, { $stream }: полон до { $size }, дальше неизвестно.
verify-finding-entry = { "  " }НЕВЕРНО: { $party }, поток { $stream }, запись { $sequence }, поле { $field }: { $what }.
verify-finding-chain = { "  " }НЕВЕРНО: { $party }, поток { $stream }, поле { $field }: { $what }.
verify-finding-file = { "  " }НЕВЕРНО: поле { $field }: { $what }.
verify-more-findings = { "  " }… и ещё { $count }.
verify-divergences = { $count ->
    [one] { "  " }{ $count } запуск не учитывает того, что есть от его же узла: узел восстановлен из копии или скопирован.
    [few] { "  " }{ $count } запуска не учитывают того, что есть от их же узла: узел восстановлен из копии или скопирован.
   *[many] { "  " }{ $count } запусков не учитывают того, что есть от их же узла: узел восстановлен из копии или скопирован.
}
verify-missing = { $count ->
    [one] { "  " }{ $count } запись названа, но её нет. Это не ошибка: она ещё может прийти.
    [few] { "  " }{ $count } записи названы, но их нет. Это не ошибка: они ещё могут прийти.
   *[many] { "  " }{ $count } записей названы, но их нет. Это не ошибка: они ещё могут прийти.
}
verify-sound = { "  " }ВЕРНО: записей { $entries }, все такие, как подписаны. Сумма { $digest }
verify-not-sound = { "  " }НЕВЕРНО. Что не названо выше, то такое, как подписано.

field-framing = обрамление
field-header = заголовок
field-signature = подпись
field-body = тело
field-line = линия
field-author = автор
field-stream = поток
field-sequence = номер
field-previous = предыдущая
field-heads = головы
field-frontier = рубеж
field-receipt-target = предмет квитанции
field-reply-to = на что ответ
field-file-head = начало файла
field-chain-heading = заголовок цепи
field-chain-closing = конец цепи
field-file-end = конец файла

stream-urgent = срочный
stream-traffic = обычный
stream-service = служебный

fault-unreadable = не читается
fault-signature = подпись не сходится
fault-unknown-node = этот узел не заверен ни одной карточкой
fault-other-party = узел принадлежит другой стороне
fault-line = принадлежит другой линии
fault-chain = принадлежит другой цепи
fault-gap = перед ней не хватает записей
fault-behind = стоит позже своего места
fault-previous = не продолжает предыдущую запись
fault-head-did-not-move = повторяет голову, которая не сдвинулась
fault-own-head = называет голову собственной цепи
fault-start-not-cited = не ссылается на начало своего запуска
fault-body = тело не то, которое было подписано
fault-stream = срочное сообщение стоит в срочном потоке, и только оно
fault-twice = та же запись стоит дважды
fault-fork = автор подписал на это место другую запись
fault-head-differs = называет там другую последнюю запись
fault-root-differs = называет другой корень дерева
fault-own-frontier = начало перечисляет цепь собственного запуска
fault-too-many-boots = запусков одного узла больше, чем можно сравнить
fault-own-message = квитанция на сообщение своей же стороны
fault-no-message = квитанция на запись без текста
fault-under-other-heading = стоит под заголовком другой цепи
fault-chain-order = цепи стоят не по возрастанию
fault-misplaced = стоит не на своём месте
fault-closing-size = файл называет не тот размер цепи
fault-closing-root = файл называет не тот корень цепи
fault-count = файл называет не то количество
fault-file-digest = файл изменён после записи
fault-truncated = файл обрывается
fault-trailing = после конца файла есть байты

error-no-record = { $path }: проверить нельзя: { $why }
    .do = Это файл протокола (.olr)? Если да, он повреждён в самом начале: попросите его ещё раз.
error-record = Протокол не записывается: { $why }
    .do = Это ошибка openline. Пожалуйста, сообщите о ней.
error-entries-unreadable = { $count ->
    [one] { $count } запись не читается и пропущена.
    [few] { $count } записи не читаются и пропущены.
   *[many] { $count } записей не читаются и пропущены.
}
    .do = Выполните «openline doctor». У другой стороны есть своя копия протокола.
