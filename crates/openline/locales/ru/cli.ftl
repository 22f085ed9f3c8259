### Что печатают команды. Значение ошибки говорит, что случилось, её `.do` — что теперь делать.

## Вопросы

ask-salvage = Повреждённый протокол будет перенесён в { $aside }, а уцелевшее попадёт в новый. Сначала скопируйте весь каталог на другой диск. Продолжать? Введите «да»:
ask-salvage-yes = да
word-yes = да
word-no = нет
ask-yes-or-no = Принимается только «да» или «нет». Пока ничего не подписано.
ask-name = Ваше имя (им будет подписано то, что вы делаете):
ask-name-again = Имя не может быть пустым, длиннее 128 байт, с управляющими знаками или знаками направления письма.
ask-sign-read = { $name }, вы подписываете, что прочли { $entry }? Наберите «да»:
say-real = ЭТО НЕ УЧЕНИЕ: идёт учение, а этот текст к нему не относится. Для учебного: openline say --exercise
say-prompt = { $precedence }. Наберите текст; закончите строкой с одной точкой или Ctrl-D.
say-count = { $words ->
    [one] { $words } слово
    [few] { $words } слова
   *[many] { $words } слов
}, { unit-bytes }.
say-confirm-flash = FLASH прервёт у другой стороны всё остальное. Чтобы послать, наберите FLASH:
say-confirm-flash-again = Чтобы послать, наберите FLASH латинскими прописными буквами; пустая строка не посылает ничего:
say-as-priority = Чтобы послать как PRIORITY, наберите PRIORITY; чтобы набрать заново, нажмите Enter:
say-again = Ничего не послано. Набранное осталось выше. Наберите текст заново или нажмите Ctrl-C, чтобы отказаться.

## Шаги текста

step-stored-here = { $entry } на диске этой станции; посылается, пока не дойдёт.
say-air = { $address } передаёт { $rate } бит/с: этот текст идёт на другую сторону около { $span }, если ничто не идёт перед ним.
say-air-files = { $address } передаёт { $rate } бит/с: этот текст идёт на другую сторону около { $span }, файлы — около { $files }. Тексты идут раньше файлов.
say-will-be-queued = То, что вы наберёте, будет ждать на диске этой станции и уйдёт само, когда другая сторона отзовётся.
say-queued = В очереди: { $party } не подаёт признаков жизни с { $when }. { $entry } уйдёт само, когда другая сторона отзовётся.
say-queued-announced = В очереди: { $party } молчит, как объявлено, до { $until }; последний ответ { $when }. { $entry } уйдёт само, когда другая сторона отзовётся.
say-queued-never-heard = В очереди: { $party }, оттуда ничего не слышно с запуска этой станции. { $entry } уйдёт само, когда другая сторона отзовётся.
say-given-back = Не послано. Вот что вы набрали:
say-given-back-unsure = Возможно, не послано. Когда станция заработает, посмотрите в «openline traffic», есть ли оно; если нет, вот что вы набрали:
say-look-later = Далеко ли дошло: openline show { $entry }
step-stored = { $entry } у них на диске: { $party } ({ $elapsed }).
step-shown = { $entry } показано: «{ $name }», { $party } ({ $elapsed }).
step-read = { $entry } прочитано и подписано: «{ $name }», { $party } ({ $elapsed }).

## Записи

side-ours = { $party } (мы)
person-of = «{ $name }», { $party }
mark-exercise = УЧЕНИЕ
mark-test = ПРОВЕРКА
kind-start = станция запущена
kind-receipt = квитанция
kind-number-compared = код безопасности сверен
kind-service-note = служебная записка, не сообщение
kind-unknown = запись неизвестного этой версии вида
entry-ring = ВЫЗОВ: { $from } → { $to }, до { $until }
entry-ringing-ringing = звонит по вызову { $ring }
entry-answer-accept = принимает { $ring }
entry-answer-decline = отклоняет { $ring }{ $callback ->
    [none] {""}
   *[other] {", перезвонить"} { $callback }
}
entry-answer-later = откладывает { $ring }{ $callback ->
    [none] {""}
   *[other] {", перезвонить"} { $callback }
}
entry-outcome-accepted = решение по { $ring }: принят
entry-outcome-declined = решение по { $ring }: отклонён
entry-outcome-later = решение по { $ring }: отложен
entry-outcome-withdrawn = решение по { $ring }: отозван
entry-outcome-unanswered = решение по { $ring }: звонило, никто не ответил
entry-outcome-unreachable = решение по { $ring }: ничто не показало, что там звонило
entry-outcome-merged = решение по { $ring }: слит с вызовом другой стороны, сделанным в то же время
entry-silence = молчание до { $until }: { $reason }
entry-silence-ended = объявленное молчание окончено
entry-receipt-shown = { $entries } { $count ->
    [one] показано: { $who }
    [few] показаны: { $who }
   *[many] показаны: { $who }
}
entry-receipt-read = { $entries } { $count ->
    [one] прочитано: { $who }
    [few] прочитаны: { $who }
   *[many] прочитаны: { $who }
}
entry-receipt-void = квитанция на { $entries } ничего не доказывает: в ней не назван человек или указано сообщение её же автора
entry-times = { $written } (здесь { $here })
entry-by = автор: «{ $name }»
text-withheld = ТЕКСТ УДЕРЖАН: другая сторона прислала это сообщение без текста.
text-withheld-ours = ТЕКСТА ЗДЕСЬ НЕТ: это наше сообщение вернулось от другой стороны без текста.
text-unreadable = ТЕКСТ НЕ ЧИТАЕТСЯ: то, что пришло вместо текста, текстом не является.
entry-reply-to = в ответ на { $entry }
silence-reason-restart = перезапуск
silence-reason-maintenance = работы
silence-reason-other = иные причины
stage-stored = сохранено: { $who } { $when }
stage-shown = показано: { $who } { $when }
stage-read = прочитано: { $who } { $when }
stage-known-late = { $theirs } по их часам (здесь известно с { $here })
stage-not-stored = на их диске ещё нет
stage-not-shown = здесь ещё никому не показано
attestation-station = сама станция
attestation-claimed = назвался сам
attestation-unix-user = пользователь этой машины
attestation-passkey = подтверждено ключом доступа
attestation-theirs = со слов их станции: { $how }; здесь это не проверить

show-name = Имя
show-names = { $entry } только на этой станции; { $common } у обеих сторон
show-language = Язык
show-reply-to = В ответ на
show-actor = Кто действовал
show-time-author = Время по часам автора
show-time-received = Получено здесь
show-place = Поток и место
show-boot = Запуск
show-node = Узел
show-party = Сторона
show-id = Запись
show-stage = Стадия

traffic-none = Пока ничего.
traffic-none-since = С { $when } ничего.
traffic-none-after = После курсора { $cursor } ничего.
traffic-after = После курсора { $cursor }; возрасту нужна единица, например { $cursor }m.
follow-begins = { $name }, всё, что появится здесь с этой минуты, считается показанным вам. Ctrl-C — конец.
follow-not-shown = Пришло, но ещё никому не показано:
follow-sign-read = Когда прочтёте: openline sign-read { $entry }
error-follow-relieved = На дежурстве теперь «{ $officer }». Этот экран подписывал показанное как показанное «{ $name }» и на этом кончается.
    .do = Кто теперь здесь: openline follow
follow-answer = Ответить: openline ring accept { $entry }, либо ring decline, либо ring later
follow-station-gone = Станции этого каталога нет с { $since }; ничего прийти не может. Запустите её: что придёт потом, появится здесь.
follow-station-silent = Станция этого каталога{ $process ->
    [none] {""}
   *[other] { " " }(процесс { $process })
} не отвечает, это замечено в { $since }; ничего прийти не может. Посмотрите на этот процесс: не остановлен ли он, не завис ли его диск? Если он не оживёт, завершите его и запустите станцию снова: что придёт потом, появится здесь.
follow-station-back = Станция снова работает с { $when }.
signed-read = { $name }: подписано, что { $entry } прочитано.
keys-asked = Новых ключей просим, пока другая сторона не ответит; когда они вступят в силу, скажет «openline status». Пока она слышит другую копию этого каталога, она не отвечает.
silence-announced = Объявлено: молчание до { $until }.
silence-ended = Сообщено за подписью: объявленное молчание окончено.

## Создание стороны и открытие линии

init-made = Сторона создана. Каталог станции: { $home }
    идентификатор стороны: { $party }
    Дальше: { $openline } card export ФАЙЛ — и передайте карточку лично.
    Перенесите { $home }/secrets/root на носитель, который не подключают; он нужен только для новых карточек.
card-exported = Карточка записана в { $path }. Передайте её лично; видеть её может каждый.
row-card-kind-card = Карточка
row-card-kind-offer = Предложение линии
row-card-kind-answer = Ответ на предложение линии
row-card-names = Имена
row-card-languages = Языки
row-card-party = Сторона
row-card-nodes = Узлы
row-card-addresses = Адреса
row-card-issued = Выпущена
row-card-digest = SHA-256 карточки
row-charter-title = Устав
row-charter-parties = Стороны (языки)
row-charter-echo = Тихая линия отзывается
row-charter-every = раз в { $span }
row-charter-silent-after = Нет признаков жизни через
row-charter-rotate = Ключ действует
row-charter-presence = Дежурный подтверждает, не реже чем
row-charter-test = Линию проверяют
row-charter-urgent = FLASH и IMMEDIATE
row-charter-urgent-limits = не больше { $words ->
    [one] { $words } слова
   *[other] { $words } слов
} и { $bytes ->
    [one] { $bytes } байта
   *[other] { $bytes } байт
}
row-charter-text = Любой текст
row-charter-bytes = не больше { $bytes ->
    [one] { $bytes } байта
   *[other] { $bytes } байт
}
row-charter-retention = Тексты хранятся
row-charter-retention-for-ever = бессрочно
row-charter-retention-days = { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
}
row-charter-tape = Ленты
row-charter-tape-required = из рук в руки, в обе стороны
row-charter-tape-not-required = не обязательны
row-charter-modes = Назначение
row-charter-marks = Пометки
charter-mode-text = тексты
charter-mode-service-notes = служебные записки
charter-mark-real = настоящее
charter-mark-exercise = учение
charter-mark-test = проверка
row-charter-office = { $party }: { $name } ({ $office }), уровень { $level }; визави: { $counterparts }; замещают: { $substitutes }
name-warning-title = ПРИСМОТРИТЕСЬ:
name-warning-ours = имя «{ $name }» похоже на наше собственное, «{ $like }», но это не мы: идентификатор другой.
name-warning-another = имя «{ $name }» похоже на «{ $like }», имя другой стороны здесь ({ $party }…), но это не она: идентификатор другой.
name-warning-mixed = слово в имени «{ $name }» составлено из букв разных алфавитов: { $pieces }. Так имя можно выдать за другое.
safety-number-title = Код безопасности обеих карточек
ask-safety-number = Пусть другая сторона прочтёт вам свой код безопасности по каналу, которому вы доверяете; набирайте то, что слышите.
    Не списывайте его со своего экрана: это ничего не докажет. Одной строкой или несколькими:
ask-safety-number-rest = Цифр: { $count } из 60. Следующая строка:
ask-compared-name = Ваше имя (в протоколе будет сказано, что код сверили вы):
line-offered = Предложение линии записано в { $path }. Для кого: { $party }.
    В нём ключ: отправьте его с тем, кому доверяете, и только этой стороне.
    Дальше, когда придёт их ответ: { $openline } line finish ФАЙЛ
line-accepted = Линия принята: { $party }. Ответ записан в { $path }.
    В нём ключ: отправьте его с тем, кому доверяете, и только этой стороне.
line-accepted-again = Код сверен и предложение принято { $when }, { $by }. Это тот же ответ ещё раз.
line-finished = С этой стороны линия открыта: { $party }.
line-taken-up = Станция приняла её в работу. Дальше: { $openline } status
line-start-station = Дальше: { $openline } station --listen { $listen }
line-not-taken-up = Работающая станция не приняла её в работу. { $why }
    Остановите станцию и запустите снова: при запуске она примет линию.
exported = Протокол записан в { $path } ({ unit-bytes }). Проверить его может любой: openline verify { $path }

## Состояние

status-headline = { $party }: { $verdict } с { $since } ({ $lasted })
status-headline-announced = { $party }: { $verdict }. Последний ответ { $answered }, объявлено { $said }.
status-starting = Станция запускается и ещё не подняла свои линии. Спросите ещё раз через несколько секунд.
status-lines-left-out = { $count ->
    [one] … и ещё { $count } строка: openline status
    [few] … и ещё { $count } строки: openline status
   *[other] … и ещё { $count } строк: openline status
}
status-gone = { $address } ПРОПАЛ: { $why }.
status-gone-do = Подключите устройство снова: станция ищет его раз в секунду. Всё неподтверждённое уйдёт ещё раз само.
status-no-line = Линии ещё нет. Откройте её командой «{ $openline } line open».
status-left-out = { $party }: НЕ ПРИНЯТА В РАБОТУ. В каталоге линия открыта, но у работающей станции её нет.
status-left-out-do = Остановите станцию и запустите снова: при запуске она примет линию.
status-waiting = { $party }: предложение линии ждёт ответа.
status-waiting-do = Когда ответ привезут: { $openline } line finish ФАЙЛ
status-not-taken-up = { $party }: НЕ ПРИНЯТА В РАБОТУ. Станция этой линией не занимается; больше о ней ничего не известно.
verdict-opening = ОТКРЫВАЕТСЯ
verdict-not-heard-yet = ЕЩЁ НЕ СЛЫШНА
verdict-not-taken-up = НЕ ПРИНЯТА В РАБОТУ
verdict-open = ОТКРЫТА
verdict-degraded = РАБОТАЕТ С НАРУШЕНИЯМИ
verdict-no-sign-of-life = НЕТ ПРИЗНАКОВ ЖИЗНИ, ПРИЧИНА НЕИЗВЕСТНА
verdict-announced-silence = МОЛЧИТ, КАК ОБЪЯВЛЕНО
status-station-gone = Станции этого каталога нет с { $since }.
status-station-silent = Станция этого каталога{ $process ->
    [none] {""}
   *[other] { " " }(процесс { $process })
} не отвечает с { $since }. Посмотрите на этот процесс: не остановлен ли он, не завис ли его диск?
evidence-not-shown = Ещё никому не показано от них: { $count } { $precedence } ({ $entries }). Покажет «openline follow».
evidence-without-text = Из них без читаемого текста пришло: { $count } ({ $entries }). Подписать их прочтение нельзя. Спросите другую сторону иным путём, что в них сказано.
evidence-announced = { $party }: объявлено молчание до { $until }, { $reason }{ $said ->
    [unknown] .
   *[other] {" "}(сказано { $said }).
}
evidence-overrun = { $party }: было объявлено молчание до { $until }, { $reason }{ $said ->
    [unknown] .
   *[other] {" "}(сказано { $said }).
} Это время вышло, а признаков жизни нет.
evidence-call-back = { $short }: в ответе на вызов назначено перезвонить { $when }. { $ours ->
    [yes] Назначила другая сторона ({ $party }).
   *[no] Назначили мы.
}
evidence-announced-here = Мы объявили, что будем молчать до { $until }, { $reason }{ $said ->
    [unknown] .
   *[other] {" "}(сказано { $said }).
}
evidence-announced-ends = { $party }: объявленное молчание окончено или кончится через секунду.
evidence-never-heard = Их станция не отвечала с тех пор, как запущена наша.
evidence-alive = Их станция была жива в { $when }, { $ago } назад: она ответила на запрос, посланный в это время.
evidence-round-trip = { " " }Путь туда и обратно { $ms } мс.
# Куда ведёт путь и с какого нашего адреса.
way-from = { $address }, с нашего { $from }
evidence-way = { $used ->
    [yes] Сейчас идёт по адресу { $address }.
   *[no] { $state ->
        [cut] ОБРЫВ: по адресу { $address } на запросы нет ответа с { $since }. Линия держится на другом пути, и ничего не задерживается; пусть оборванный путь проверят.
        [answers] В запасе { $address }: в последний раз ответ по нему был { $answered }.
       *[unknown] { $answered ->
            [never] НЕИЗВЕСТНО, РАБОТАЕТ ЛИ: { $address }; насколько помнит наша станция, ответа по нему не было никогда.
           *[other] НЕИЗВЕСТНО, РАБОТАЕТ ЛИ: { $address }; последний ответ по нему был { $answered }, на запросы с тех пор ответа нет.
        }
    }
}
# Где узел, по его объявлению, может быть найден.
evidence-reachable = { $ours ->
    [yes] Мы объявили
   *[no] { $party }: объявлено
} { $when } (подписал «{ $name }»), { $addresses ->
    [none] что { $ours ->
        [yes] нас вызывать не надо: вызываем мы сами.
       *[no] их вызывать не надо: они вызывают нас сами.
    }
   *[other] что { $ours ->
        [yes] нас
       *[no] их
    } можно найти по адресам: { $addresses }.
}
entry-reachable-at = { $addresses ->
    [none] больше НЕ ПРИНИМАЕТ вызовов станции: вызывает другую сторону сам
   *[other] теперь ДОСТУПЕН по адресам: { $addresses }
}
reachable-done = { $addresses ->
    [none] Объявлено, подписано: другой стороне нас не вызывать, вызываем мы. Объявление уйдёт по любому пути, который работает.
   *[other] Объявлено, подписано: нас можно найти по адресам { $addresses } и больше нигде. Объявление уйдёт по любому пути, который работает.
}
bearer = { $address }{ $rate ->
    [none] {""}
   *[other] {", "}{ $rate } бит/с
}: { $state ->
    [up] {""}
   *[other] НЕТ УСТРОЙСТВА ({ $why }); станция ищет его раз в секунду.{" "}
}отправлено кадров { $sent } (байт { $sent-bytes }), принято { $received } (байт { $received-bytes }){ $damaged ->
    [none] {""}
   *[other] {", "}не кадров { $damaged }
}{ $lost ->
    [none] {""}
   *[other] {", "}потеряно у нас { $lost }
}.{ $receive-only ->
    [yes] {" "}Здесь ничего не передаётся: только приём.
   *[no] {""}
}
bearer-send-only = В одну сторону на { $address }: то, чего они не подтвердили, передаётся туда по кругу, обратно не приходит ничего.
bearer-seen = Кто подключится к этому адресу, увидит, что там отвечают по TLS, и ничего больше.
bearer-no-way = Ни у одной линии сейчас нет пути по нему.
bearer-courier = С курьером:
bearer-way = Линия ({ $line }): { $address }. { $used ->
    [silent] НЕ ОТВЕЧАЕТ НИ ОДИН ПУТЬ: у линии нет признаков жизни.
    [yes] По этому пути идёт всё.
    [ready] Наготове: копия каждого срочного текста идёт и по нему.
    [cut] ОБОРВАН: на запросы нет ответа с { $since }. Пока не ответит, по нему идут только запросы.
   *[doubtful] НЕИЗВЕСТНО, РАБОТАЕТ ЛИ: пока не ответит, по нему идут только запросы.
} { $answered ->
    [never] Насколько помнит станция, по нему не отвечали никогда.
   *[other] Отвечали последний раз { $answered }.
} { $heard ->
    [never] С запуска станции по нему ничего не слышно.
   *[other] Слышно последний раз { $heard }.
}{ $tested ->
    [never] {""}
   *[other] {" "}Проверка линии прошла по нему { $tested }.
}{ $ms ->
    [unknown] {""}
   *[other] {" "}Туда и обратно { $ms } мс.
}{ $loss ->
    [unknown] {""}
   *[other] {" "}Потери, пока шло всё: { $loss }.
}{ $unproven ->
    [yes] {" "}НЕ ПРОВЕРЕН 30 ДНЕЙ: никто не знает, сработает ли он, когда понадобится. Пусть его проверят с обеих сторон.
   *[no] {""}
}
evidence-cannot-tell = Когда путь между станциями один, обрыв связи и отказ станции неотличимы. Посланное не теряется.
evidence-sealed = Зашифровано ключами обеих станций, в том числе постквантовыми (эпоха { $epoch }).
evidence-sealed-by-tape = Пока зашифровано только ключом ленты, переданной из рук в руки: кто её вёз, мог бы читать.
evidence-compared = Обе стороны подписали, что код безопасности совпал.
evidence-compared-in-vain = КТО НА ДРУГОМ КОНЦЕ, ПОД СОМНЕНИЕМ: коды не совпали. Что бы ни сверяли раньше, проверьте обе карточки иным путём.
evidence-compared-by-us = Мы подписали, что код безопасности совпал; они ещё нет.
evidence-compared-by-us-alone = Мы подписали, что код безопасности совпал; подписали ли они, узнаем, когда они отзовутся.
evidence-compared-by-them = Они подписали, что код безопасности совпал; мы ещё нет.
evidence-not-compared = Код безопасности ещё никто не сверил.
evidence-clock-ahead = Их часы спешат относительно наших на { $span }.
evidence-cannot-tell-ways = Когда молчат все пути, их обрыв и отказ станции неотличимы. Посланное не теряется.
evidence-unopened = С { $since } с их адреса идут кадры, которых наши ключи не открывают, последний в { $last }. Скорее всего, один из двух каталогов скопировали или восстановили, и другая его копия сменила ключи; или кто-то шлёт от их имени. Спросите их другим путём. Когда второй копии нет ни у вас, ни у них, на любой одной стороне: openline line renew
evidence-clock-behind = Их часы отстают от наших на { $span }.
evidence-all-confirmed = Всё, что мы послали, у них на диске.
evidence-unconfirmed = { $count ->
    [one] { $count } наша запись (текст или отметка станции) в очереди и ещё не подтверждена; она не потеряна.
    [few] { $count } наши записи (тексты и отметки станции) в очереди и ещё не подтверждены; они не потеряны.
   *[many] { $count } наших записей (тексты и отметки станции) в очереди и ещё не подтверждены; они не потеряны.
}
shortcoming-tape-only = Пока всё зашифровано только ключом ленты.
shortcoming-loss = Теряется больше одного кадра из десяти.
shortcoming-cloned = Работают две копии каталога другой стороны. Одну они должны остановить: скажите их операторам.
shortcoming-cloned-here = Рядом с этой станцией работала копия её каталога. Остановите её или эту: кто делал копию, знает, где она.
shortcoming-misbehaviour = Есть доказательство недобросовестности другой стороны.
notice-times = { $notice } (уже раз: { $count })
evidence-notice = { $when }: { $notice }
notice-restored = станция стороны «{ $party }» снова работает со старого диска, возможно, из резервной копии. Утраченное ею возвращается от другой стороны.
notice-cloned = одновременно работали две копии каталога стороны «{ $party }». Ничего не подписано и не зашифровано дважды. Остановите одну из них.
notice-misbehaved = { $party } делает то, чего честная сторона не делает: { $how ->
    [equivocation] подписала две разные записи для одного места
    [forked-chain] её запись не следует за предыдущей
    [false-heads] подписала, что у неё есть то, чего никто не писал
    [bad-signature] передала запись с неверной подписью
    [malformed] послала то, что не относится к протоколу
    [stranger] передала запись чужой линии или никем не заверенной машины
    [excess] назвала места сверх всякого предела
    [divergence] её машины рассказывают разное
    [other-number] подписала код безопасности других карточек или другого устава
    [wrong-file] переданный файл не тот, который она подписала
   *[other] так, как эта версия назвать не умеет
}. Доказательство сохранено.
notice-keys-asked = этот каталог скопирован или восстановлен, или так велел человек: мы просим у другой стороны новые ключи.
notice-keys-renewed = на линии действуют новые ключи, о них попросила одна из сторон. Если ни у вас, ни у них каталог не восстанавливали, спросите почему.

unit-millisecond = { $n } мс
unit-second = { $n } с
unit-minute = { $n } мин
unit-hour = { $n } ч
unit-day = { $n } д
unit-size = { $number } { $unit ->
    [bytes] Б
    [kilo] кБ
   *[mega] МБ
}
unit-bytes = { $bytes ->
    [one] { $bytes } байт
    [few] { $bytes } байта
   *[many] { $bytes } байт
}

## Ошибки

error-usage-unknown-command = Команды «{ $command }» нет.
    .do = { $near ->
        [none] Все команды: { $help }
       *[other] Может быть: { $near }?
            Все команды: { $help }
    }
error-usage-unknown-argument = Непонятно, что такое «{ $argument }».
    .do = { $near ->
        [none] Что можно указать: { $help }
       *[other] Может быть: { $near }?
            Что можно указать: { $help }
    }
error-usage-no-command = После этой команды нужно ещё одно слово.
    .do = Какое: { $help }
error-usage-missing = Не хватает: { $argument }.
    .do = Как правильно: { $help }
error-usage-conflict = { $argument } не сочетается с { $other }.
    .do = Оставьте что-то одно; { $help }
error-usage-twice = { $argument } указано дважды.
    .do = Оставьте что-то одно; { $help }
error-usage-no-value = После { $argument } нужно значение.
    .do = { $fits ->
        [none] Какое: { $help }
       *[other] Одно из: { $fits }
    }
error-usage-value = «{ $value }» не подходит для { $argument }.
    .do = { $fits ->
        [none] Что подходит: { $help }
       *[other] Одно из: { $fits }
    }
error-usage-other = Командная строка непонятна.
    .do = Как правильно: { $help }
error-no-home-given = Где каталог станции? Ни $XDG_DATA_HOME, ни $HOME не заданы.
    .do = Укажите его: --home КАТАЛОГ
error-file = { $path }: { $why }
    .do = { $reason ->
        [not-found] Проверьте имя.
        [permission-denied] Запустите это от имени владельца или попросите его.
        [disk-full] Освободите место.
       *[other] Проверьте, что он есть, что он ваш и что на диске есть место.
    }
reason-not-found = такого файла или папки нет
reason-permission-denied = у этого пользователя нет на это прав
reason-exists = это уже есть
reason-address-in-use = адрес занят другой программой
reason-address-not-here = у этой машины нет такого адреса
reason-is-a-folder = это папка
reason-not-a-folder = это не папка
reason-disk-full = на диске нет места
reason-read-only = диск открыт только для чтения
reason-no-text = это не текст в UTF-8
reason-malformed = содержимое не то, что бывает в таком файле
reason-part-too-long = часть его длиннее, чем бывает в таком файле
reason-not-allowed = в нём недопустимое значение
reason-not-canonical = он записан не в той единственной форме, которую знает протокол
reason-not-as-signed = он не такой, каким подписан
reason-no-key = ключа, который должен в нём быть, там нет
reason-other-card = это не та карточка, с которой открывали линию
reason-of-another-party = он принадлежит другой стороне
reason-not-certified = этот узел в ней не назван
reason-expired = срок действия этого узла истёк
reason-revoked = этот узел отозван
reason-nobody-answers = там никто не отвечает
reason-busy = занято другой программой
reason-device-failed = отказ устройства
reason-no-tty = это не последовательный порт
reason-no-device = такого устройства нет
error-no-station = Станция каталога { $home } не отвечает.
    .do = Запустите её: openline --home { $home } station --listen { $listen }
error-station-silent = Станция этого каталога{ $process ->
    [none] {""}
   *[other] { " " }(процесс { $process })
} держит { $home }, но не отвечает.
    .do = { $text ->
        [none] Ей ничего не передано.
        [taken] Текст у неё на диске и уйдёт, когда она заработает.
       *[unknown] Приняла ли она текст, неизвестно: когда она заработает, посмотрите «openline traffic».
    }
        Посмотрите на этот процесс: не остановлен ли он, не завис ли его диск? Если он не оживёт, завершите его и запустите станцию снова.
error-station-went-away = Связь со станцией прервалась. { $why }
    .do = Всё, что она приняла, на её диске. Запустите её снова и посмотрите «openline traffic».
error-station-of-another-version = Ответ станции непонятен: { $why }
    .do = Станция той же версии, что и эта программа? После обновления перезапустите её.
error-no-such-line = Линии «{ $line }» здесь нет.
    .do = Все линии показывает «openline status».
error-duration = «{ $given }» — не длительность.
    .do = Напишите 30s, 10m, 2h или 1d; можно 30с, 10м, 2ч, 1д.
error-duration-unit = У «{ $given }» нет единицы.
    .do = Напишите { $given }s (секунды), { $given }m (минуты), { $given }h (часы) или { $given }d (дни).
error-since = «{ $given }» — не возраст, не время и не курсор.
    .do = Напишите возраст (24h, 1d), время (2026-02-24T08:00Z) или курсор (120).
error-text-on-the-command-line = Тексту не место в командной строке: её видит в списке процессов каждый пользователь машины, и оболочка её сохраняет.
    .do = Запустите «openline say» и наберите текст или подайте его на стандартный ввод: openline say < text.txt
error-text-not-utf8 = Текст не послан: с байта { $place } это не UTF-8.
    .do = Сначала переведите его в UTF-8: iconv -f КОДИРОВКА -t UTF-8 text.txt
error-typed-too-early = Ничего не послано: до приглашения набрано больше, чем хранит терминал.
    .do = Запустите команду снова и дождитесь приглашения.
error-text-empty = Текст пуст.
    .do = Наберите его в ответ на приглашение или подайте на стандартный ввод.
error-too-many-words = Слов: { $words }. В FLASH и IMMEDIATE не больше 200 слов и 2000 байт: они останавливают всё остальное.
    .do = Сократите текст или пошлите его как PRIORITY.
error-too-many-bytes = Байт: { $bytes }. Здесь допускается не больше { $limit }; в FLASH и IMMEDIATE — не больше 200 слов и 2000 байт (русская буква — 2 байта).
    .do = Сократите текст или пошлите его частями.
error-text-without-end = В тексте больше { $bytes } байт, и до конца он не прочитан. Здесь допускается не больше { $limit }.
    .do = Посмотрите, что подано на стандартный ввод. Сократите текст или пошлите его частями.
error-interrupted-unsent = Не послано.
    .do = Чтобы послать, дайте команду снова.
error-interrupted-unsigned = Не подписано.
    .do = Чтобы подписать, дайте команду снова.
error-flash-not-confirmed = Не послано.
    .do = Чтобы послать FLASH, наберите в ответ FLASH прописными буквами.
error-time-ran-out = { $stage ->
    [stored] { $entry } на их диске, но за { $limit } никому не показано.
    [shown] { $entry } на их диске и показано, но за { $limit } никто не подписал, что прочёл.
    [queued] { $entry } за { $limit } не дошло до их диска. Оно в очереди, не потеряно.
    [unsent] За { $limit } станция не ответила. Ей ничего не передано.
   *[unknown] За { $limit } станция не ответила.
}
    .do = { $stage ->
        [unknown] Посмотрите, приняла ли она текст: openline traffic
        [unsent] Посмотрите, что с ней: openline doctor
        [queued] Оно уйдёт само. Посмотрите позже: openline show { $entry }
       *[other] Посмотрите позже: openline show { $entry }
    }
error-waiting-interrupted = { $stage ->
    [stored] Вы больше не ждёте. { $entry } на их диске, никому ещё не показано.
    [shown] Вы больше не ждёте. { $entry } на их диске и показано; никто ещё не подписал, что прочёл.
    [queued] Вы больше не ждёте. { $entry } остаётся в очереди на диске этой станции и уйдёт само.
   *[unknown] Вы больше не ждёте. Приняла ли станция текст, неизвестно.
}
    .do = { $stage ->
        [unknown] Посмотрите, приняла ли: openline traffic
       *[other] Посмотрите позже: openline show { $entry }
    }
error-time-ran-out-for-many = { $count ->
    [one] { $count } текст не дошёл вовремя. Он не потерян.
    [few] { $count } текста не дошли вовремя. Они не потеряны.
   *[many] { $count } текстов не дошли вовремя. Они не потеряны.
}
    .do = Что не на их диске, уйдёт само. Посмотрите позже: openline traffic
error-no-silence = На этой линии мы не объявляли молчания, и оканчивать нечего. Ничего не сообщено.
    .do = Что объявлено: openline status
error-no-name = Квитанции нужно имя человека.
    .do = Назовите себя; управляющие знаки не допускаются.
error-who-reads = Кто прочёл? Прочесть может только человек, и он подписывается именем.
    .do = Назовите его: --as "Лейтенант Орлова"
error-sign-read-needs-yes = Прочесть может только человек, а спросить здесь некого.
    .do = Выполните это за терминалом. Программа, которой это сказал человек, добавляет --yes и его имя в --as.
error-no-line = Здесь ещё не открыто ни одной линии.
    .do = Не ждёт ли предложение ответа: { $openline } status
        Открыть линию: { $openline } line open --help
error-which-line = Линий больше одной.
    .do = Назовите нужную после --line, именем или знаками в скобках: { $lines }
error-name = Имя не может быть пустым, длиннее 128 байт или с управляющими знаками.
    .do = Дайте другое имя.
error-name-like-an-id = «{ $name }» можно принять за идентификатор или за «единственную линию».
    .do = Дайте имя, в котором есть не только цифры и буквы a–f, или короче восьми знаков; не «-».
error-language = «{ $given }» — не обозначение языка.
    .do = Напишите en, ru или zh-Hant (BCP 47).
error-language-not-spoken = На языке «{ $given }» openline не говорит, только на en и ru.
    .do = Напишите --lang ru или --lang en. Другой язык можно указать только в init (язык стороны) и в say (язык текста).
error-address = «{ $given }» — не адрес станции.
    .do = Напишите udp://host:7600, quic://host:7601 или wss://host:443
error-too-many-addresses = Адресов больше восьми: в одно объявление столько не входит.
    .do = Укажите самые нужные; каждое объявление — это весь список.
error-no-comparer = Кто сверил код? Протоколу нужно имя человека.
    .do = Ничего не сделано. Назовите себя без управляющих знаков или так: --as "Лейтенант Орлова"
error-safety-number-needed = Ничего не сделано: код безопасности не указан, { $reason ->
    [json] а с --json он не спрашивается.
    [output] а спросить нельзя: вывод идёт не на терминал.
   *[input] а спросить некого: ввод идёт не с терминала.
}
    .do = Пусть другая сторона прочтёт вам свой код; укажите его: --safety-number 12345-67890-…
error-safety-number-tries = Все { $count ->
    [few] { $count } попытки
   *[many] { $count } попыток
} использованы.
    .do = Ничего не сделано. Пусть другая сторона прочтёт свой код ещё раз целиком; дайте ту же команду снова.
error-file-exists = { $path } уже есть и не перезаписан.
    .do = Дайте другое имя или уберите этот файл.
error-answer-not-written = Линия принята, но файл ответа не записан: { $why }
    .do = Ничего не потеряно: та же команда запишет тот же ответ ещё раз. Освободите место или дайте другое имя.
error-entries-damaged = { $count ->
    [one] { $count } запись этого протокола повреждена или не такова, какой была записана; здесь её нет.
    [few] { $count } записи этого протокола повреждены или не таковы, какими были записаны; здесь их нет.
   *[many] { $count } записей этого протокола повреждены или не таковы, какими были записаны; здесь их нет.
}
    .do = Какие: openline verify. Ничего не удаляйте: остановите станцию, скопируйте каталог на другой диск и выполните `openline doctor --salvage`.
error-salvage-needs-yes = Спасение уцелевшего меняет каталог станции, а спросить здесь некого.
    .do = Сначала скопируйте каталог на другой диск. Затем остановите станцию и выполните `openline doctor --salvage --yes`.
error-salvage-not-done = Ничего не изменено.
    .do = Когда каталог скопирован на другой диск: `openline doctor --salvage`.
error-salvage-nothing = Из файла { $file } ничего не прочесть: { $why }. Ничего не изменено.
    .do = Уберите record.db* и record.made из каталога и сохраните их. На их место положите резервную копию record.db или ничего и запустите станцию: другая сторона снова пришлёт то, что хранит.
salvaged = { $entries ->
    [one] { $entries } запись уцелела и перенесена в новый протокол.
    [few] { $entries } записи уцелели и перенесены в новый протокол.
   *[many] { $entries } записей уцелели и перенесены в новый протокол.
} Не прочесть: { $unreadable }; не хватает: { $missing }. Запустите станцию: другая сторона снова пришлёт то, что хранит. Повреждённый протокол лежит в { $aside }.
error-no-record-yet = В { $home } ещё ничего не записано: станция ни разу не работала.
    .do = Запустите её: openline --home { $home } station --listen { $listen }
error-nobody-named = Имя не названо, поэтому ничего не показано и не подписано.
    .do = Что человек видел и прочёл, подписывается его именем. Чтобы читать программой: --json или конвейер.
error-signed-already = { $name }: уже подписано, что { $entry } прочитано.
    .do = Больше ничего не нужно. Другой человек подписывает своим именем: --as ИМЯ
error-not-their-message = Это не сообщение другой стороны, и подписать здесь, что оно прочитано, нельзя.
    .do = Что ждёт прочтения: openline status
error-no-text-to-sign = { $entry } пришло без читаемого текста, поэтому подписать, что оно прочитано, нельзя.
    .do = Попросите другую сторону иным путём прислать текст новым сообщением.
error-not-signed = Не подписано.
    .do = Чтобы подписать, ответьте «да».
error-no-such-entry = Записи «{ $entry }» на этой линии нет.
    .do = Имена записей показывает «openline traffic».
read-from-disk = Ни одна станция не отвечает: прочитано с диска, нового прийти не может.

## Вызовы

ring-headline = Вызов: { $from } → { $to }
ring-state-calling = Вызов идёт. Пока ничто не показывает, что там звонит. До { $until }.
ring-state-ringing = { $here ->
    [yes] ЗВОНИТ ЗДЕСЬ, до { $until }. Ответить: openline ring accept { $short }, либо ring decline, либо ring later
   *[no] Звонит станция той стороны, подписано { $when }: { $party }. До { $until }.
}
ring-state-answered = Отвечено { $when }{ $person ->
    [none] {"."}
   *[other] {", ответил"} «{ $person }».
} Чего стоит ответ, вызвавшая сторона ещё не сказала.
ring-state-broken-off = Оборван: вызвавшая станция перезапущена или её больше нет, и её решение неизвестно. { $answer ->
    [accept] Вызов ПРИНЯЛ в { $when } «{ $person }», но разговора не вышло: вызовите снова. Не окончательно.
    [decline] Вызов отклонил в { $when } «{ $person }». Не окончательно.
    [later] Вызов отложил в { $when } «{ $person }». Не окончательно.
   *[none] Не окончательно.
}
ring-state-accepted = Принят { $when }{ $person ->
    [none] {""}
   *[other] {", ответил"} «{ $person }»
}. { $final ->
    [yes] Окончательно.
   *[no] Здесь это уже не изменится; окончательно, когда их следующая подписанная запись покажет, что они знают.
}
ring-state-declined = Отклонён { $when }{ $person ->
    [none] {""}
   *[other] {", ответил"} «{ $person }»
}{ $callback ->
    [none] {"."}
   *[other] {". Перезвонить"} { $callback }.
} { $final ->
    [yes] Окончательно.
   *[no] Здесь это уже не изменится; окончательно, когда их следующая подписанная запись покажет, что они знают.
}
ring-state-later = Отложен { $when }{ $person ->
    [none] {""}
   *[other] {", ответил"} «{ $person }»
}{ $callback ->
    [none] {"."}
   *[other] {". Перезвонить"} { $callback }.
} { $final ->
    [yes] Окончательно.
   *[no] Здесь это уже не изменится; окончательно, когда их следующая подписанная запись покажет, что они знают.
}
ring-state-withdrawn = Отозван { $when } { $person ->
    [none] самой станцией: линия приостановлена или учение окончено
   *[other] («{ $person }»)
}. { $final ->
    [yes] Окончательно.
   *[no] Здесь это уже не изменится; окончательно, когда их следующая подписанная запись покажет, что они знают.
}
ring-state-unanswered = Без ответа, { $when }: { $ours ->
    [yes] их станция звонила
   *[no] здесь звонило
}, и вовремя никто не ответил. { $final ->
    [yes] Окончательно.
   *[no] Здесь это уже не изменится; окончательно, когда их следующая подписанная запись покажет, что они знают.
}
ring-state-unreachable = Недоступен, { $when }: вовремя ничто не показало, что там звонило. { $final ->
    [yes] Окончательно.
   *[no] Здесь это уже не изменится; окончательно, когда их следующая подписанная запись покажет, что они знают.
}
ring-state-merged = Слит, { $when }: обе стороны вызвали одновременно. { $into ->
    [none] Другой из двух вызовов
   *[other] { $into }, { $ours ->
        [yes] вызов другой стороны,
       *[no] наш собственный вызов,
    }
} продолжается для обеих и считается принятым. { $final ->
    [yes] Окончательно.
   *[no] Здесь это уже не изменится; окончательно, когда их следующая подписанная запись покажет, что они знают.
}
ring-state-unknown = Каково его состояние, станция уже не помнит: записи показывает «openline traffic».
show-ring = Состояние
ring-ask-agenda = О чём вызов? Одна строка, можно оставить пустой:
ring-ask-reason = Почему? Одна строка, можно оставить пустой; её прочтёт другая сторона:
ring-ask-call-back = Когда перезвонят? Время с поясом, например 04:00Z, или срок, например 2h (пусто: не сказано):
ring-ask-not-on-watch = «{ $name }» здесь не на дежурстве; дежурит «{ $officers }». Другая сторона прочтёт, что ответил «{ $name }». Всё же принять? Наберите «да» или «нет»:
station-rings = { $mark ->
    [exercise] УЧЕНИЕ ┃ { $when } { $party }: ЗДЕСЬ ЗВОНИТ. Кого вызывают и до какого времени: openline ring list. Ответить: openline ring accept
   *[real] { $when } { $party }: ЗДЕСЬ ЗВОНИТ. Кого вызывают и до какого времени: openline ring list. Ответить: openline ring accept
}
ring-offered = Вызываются: { $offices }. Ответить просят того, кто на дежурстве.
ring-offered-one = { $office } с { $from }
ring-said-about = О чём:
ring-said-answering = С ответом:
ring-none = На этой линии ещё никто не вызывал.
ring-not-on-watch-there = По собственным подписанным записям другой стороны ({ $party }) «{ $name }» там не на дежурстве; дежурит «{ $officers }».
error-no-ring = Здесь нет вызова, которого это касалось бы.
    .do = Последние вызовы и их состояние показывает «openline ring list».
error-which-ring = Может иметься в виду несколько вызовов: { $rings }.
    .do = Назовите один из них.
error-ring-not-accepted = Ничего не подписано; на вызов не отвечено.
    .do = Отвечает тот, кто на дежурстве: openline ring accept
error-station-went-away-ringing = Станция исчезла, пока шёл вызов. Если он не был решён раньше, он оборван: другой запуск станции решить его не может.
    .do = Запустите её снова, посмотрите «openline ring list» и вызовите ещё раз.
error-interrupted-ringing = Ожидание прервано. Вызов продолжается; ничего не отозвано.
    .do = Посмотреть его состояние: openline ring list. Отозвать: openline ring withdraw
error-time-to-come = «{ $given }» — не время в будущем.
    .do = Укажите время суток по UTC с буквой Z, например 04:00Z, срок, например 2h, или полную дату, например 2027-01-31T04:00Z; не дальше года.

## Дежурство и приостановка

of-line = Линия ({ $line }):
watch-as-of = По их последним словам, { $when }:
watch-opened = Вы на дежурстве, подписано. Другая сторона увидит это, как только получит.{ $next ->
    [none] {""}
   *[other] {" "}Подтвердите, что вы на месте, до { $next }: openline watch confirm
}
watch-confirmed = Подписано, что вы на месте.{ $next ->
    [none] {""}
   *[other] {" "}В следующий раз до { $next }.
}
watch-handed-over = Сдано: «{ $to }», { $count ->
    [0] открытого нет: ни текстов, никому не показанных, ни срочных за последние сутки, о прочтении которых никто не подписал, ни наших неотправленных, ни идущих вызовов, ни тех, по которым перезвонить, ни открытых предложений
   *[other] открыто: { $items }
}. Вы на дежурстве, пока он не принял: openline watch take-over
watch-hand-over-replaced = Это вместо сдачи, где назван «{ $to }»: он не принял.
error-hand-over-to-oneself = «{ $name }» на дежурстве: самому себе не сдают.
    .do = Назовите, кто следующий: openline watch hand-over --to ИМЯ. Подтвердить, что вы на месте: openline watch confirm
error-watch-not-closed = Ничего не подписано; вы по-прежнему на дежурстве.
    .do = Что ждёт: openline follow. Оставить это другому: openline watch hand-over --to ИМЯ
error-watch-somebody = Здесь на дежурстве уже «{ $names }».{ $to ->
    [none] {""}
   *[other] {" "}Дежурство сдано: кому — «{ $to }».
}
    .do = Пусть он сдаст: openline watch hand-over --to ИМЯ
        Затем примите: openline watch take-over
        Если его нет, займите его место: openline watch open --instead
error-watch-not-the-officer = Это дело дежурного, а дежурит «{ $names }».
    .do = Если это вы, укажите это имя: --as "{ $names }". Кто на дежурстве: openline watch show
error-watch-not-the-one-named = Дежурство сдано другому имени: кому — «{ $to }»; сдаёт «{ $names }».
    .do = Если это вы, укажите это имя: --as "{ $to }". Если должны принять вы, пусть сдаст заново: openline watch hand-over --to ИМЯ
watch-withdrawn = Сдача отозвана; вы по-прежнему на дежурстве.
watch-taken-over = С этой минуты дежурите вы, подписано.{ $next ->
    [none] {""}
   *[other] {" "}Подтвердите, что вы на месте, до { $next }: openline watch confirm
}
watch-open-items = { $count ->
    [0] Открытых дел нет: ни текстов, никому не показанных, ни срочных за сутки без подписи о прочтении, ни наших, которые ждут, ни идущих вызовов, ни тех, по которым перезвонить, ни предложений.
    [one] Осталось { $count } дело:
    [few] Осталось { $count } дела:
   *[other] Осталось { $count } дел:
}
open-ring = { $short }: вызов, который не кончен: openline ring list
open-call-back = { $short }: по этому вызову назначено перезвонить { $when }: openline ring list
open-proposal = { $short }: предложение, о котором не решено: openline contact show
open-not-shown = { $short }: { $precedence } от них{ $words ->
    [none] {""}
   *[other] {" "}(«{ $words }»)
}, никому не показано: openline show { $short }
open-not-read = { $short }: { $precedence } от них{ $words ->
    [none] {""}
   *[other] {" "}(«{ $words }»)
}, без подписи о прочтении: openline show { $short }
open-not-stored = { $short }: { $precedence } от нас{ $words ->
    [none] {""}
   *[other] {" "}(«{ $words }»)
}, ещё не на их диске: openline show { $short }
open-alarms = Тревоги, которые стоят: { $alarms }. Что значит каждая: openline alarm list
watch-ask-close = Ждёт срочное от другой стороны, а на дежурстве не останется никого. Всё же закрыть дежурство? Наберите «да» или «нет»:
watch-is-closed = Дежурство закрыто. На дежурстве никого.
watch-officer = «{ $name }» с { $since }{ $next ->
    [none] {""}
   *[other] , подтвердить до { $next }
}{ $handed ->
    [yes] {", сдаёт дежурство: кому —"} «{ $to }»{", ещё не принято"}
   *[no] {""}
}
watch-duty-nobody = { $ours ->
    [yes] Здесь на дежурстве никого. Заступить: openline watch open
   *[no] У другой стороны ({ $party }) на дежурстве никого, по её собственным подписанным записям.
}
watch-duty-present = На дежурстве { $ours ->
    [yes] здесь
   *[no] у другой стороны ({ $party })
}: { $officers }.{ $two ->
    [yes] {" "}Двое: их станции не слышали друг друга. Прекратить это: openline watch open --instead
   *[no] {""}
}
watch-duty-overdue = На дежурстве { $ours ->
    [yes] здесь
   *[no] у другой стороны ({ $party })
}: { $officers }. Вовремя не подтверждено, что там кто-то есть{ $ours ->
    [yes] : openline watch confirm
   *[no] .
}
suspend-ask-reason = Словами, одна строка, можно оставить пустой; её прочтёт другая сторона:
suspension-goes-on = Идут FLASH, квитанции, дежурство и вызовы между дежурными со всем, что за ними следует, проверки, учения, объявления молчания; контакт других должностей ещё можно сверить и закончить.
suspend-ask-which = Почему приостанавливается? Наберите «приказ» (приказано свыше), «утечка» (что-то могло попасть в чужие руки) или «иное»:
suspend-word-ordered = приказ
suspend-word-compromise = утечка
suspend-word-other = иное
suspend-none-of-these = Это не из трёх. Пока ничего не подписано.
suspend-done = Линия приостановлена нашей стороной, подписано: прочие тексты и вызовы отвергаются с обеих сторон. { suspension-goes-on } Прекратить: openline resume
resume-done = Приостановка нашей стороной прекращена, подписано.
suspension-reason-ordered = приказано свыше
suspension-reason-compromise = что-то могло попасть в чужие руки
suspension-reason-other = иное
evidence-suspended = ПРИОСТАНОВЛЕНА { $ours ->
    [yes] нами
   *[no] другой стороной ({ $party })
} с { $since }, подписал «{ $name }»: { $reason }{ $words ->
    [none] {""}
   *[other] {" "}(«{ $words }»)
}. { suspension-goes-on }
entry-hand-over = сдаёт дежурство: кому — «{ $to }»
entry-suspended = ПРИОСТАНАВЛИВАЕТ линию: { $reason }
kind-watch-opened = заступает на дежурство
kind-presence = на месте, на дежурстве
kind-hand-over-withdrawn = отзывает сдачу дежурства
kind-take-over = принимает дежурство
kind-watch-closed = закрывает дежурство
kind-resumed = прекращает приостановку линии
