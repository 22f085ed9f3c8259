### Что печатают команды. Значение ошибки говорит, что случилось, её `.do` — что теперь делать.

## Вопросы

ask-name = Ваше имя (им подписываются квитанции):
say-prompt = { $precedence }. Наберите текст; закончите строкой с одной точкой или Ctrl-D.
say-count = { $words ->
    [one] { $words } слово
    [few] { $words } слова
   *[many] { $words } слов
}, { $bytes } байт.
say-confirm-flash = FLASH прерывает у другой стороны всё. Чтобы послать, наберите FLASH:

## Шаги текста

step-stored-here = { $entry } на диске этой станции и отправляется.
step-stored = { $entry } на диске стороны { $party } ({ $elapsed }).
step-shown = { $entry } показано: { $name }, { $party } ({ $elapsed }).
step-read = { $entry } прочитано и подписано: { $name }, { $party } ({ $elapsed }).

## Записи

side-ours = { $party } (мы)
person-of = { $name }, { $party }
mark-exercise = УЧЕНИЕ УЧЕНИЕ
mark-test = ПРОВЕРКА
kind-start = станция запущена
kind-receipt = квитанция
kind-number-compared = номер безопасности сверен
kind-service-note = служебная записка, не сообщение
kind-unknown = такого вида записей эта версия не знает
entry-silence = молчание до { $until }: { $reason }
entry-receipt-shown = { $count ->
    [one] { $count } сообщение показано: { $who }
    [few] { $count } сообщения показаны: { $who }
   *[many] { $count } сообщений показано: { $who }
}
entry-receipt-read = { $count ->
    [one] { $count } сообщение прочитано: { $who }
    [few] { $count } сообщения прочитаны: { $who }
   *[many] { $count } сообщений прочитано: { $who }
}
silence-reason-restart = перезапуск
silence-reason-maintenance = работы
silence-reason-other = иные причины
stage-stored = сохранено: { $who } { $when }
stage-shown = показано: { $who } { $when }
stage-read = прочитано: { $who } { $when }
attestation-station = сама станция
attestation-claimed = по собственным словам
attestation-unix-user = пользователя знает операционная система
attestation-passkey = по ключу доступа

show-language = Язык
show-reply-to = В ответ на
show-actor = Кто действует
show-time-author = Время по часам автора
show-time-received = Получено здесь
show-place = Поток и место
show-boot = Запуск
show-node = Узел
show-party = Сторона
show-id = Запись
show-stage = Стадия

traffic-none = Пока ничего.
follow-begins = { $name }, всё, что появится здесь с этой минуты, считается показанным вам. Ctrl-C — конец.
signed-read = Подписано: { $entry } прочитано, { $name }.
silence-announced = Объявлено: молчание до { $until }.

## Создание стороны и открытие линии

init-made = Сторона создана. Её каталог: { $home }
    её идентификатор: { $party }
    Дальше: openline card export FILE — и передайте карточку лично.
    Перенесите { $home }/secrets/root на носитель, который не подключают; он нужен только для новых карточек.
card-exported = Карточка в { $path }. Передайте её лично; видеть её может каждый.
row-card-kind-card = Карточка
row-card-kind-offer = Предложение линии
row-card-kind-answer = Ответ на предложение линии
row-card-names = Имена
row-card-languages = Языки
row-card-party = Сторона
row-card-nodes = Узлы
row-card-addresses = Адреса
row-card-issued = Создана
row-card-digest = SHA-256 карточки
row-charter-title = Устав
row-charter-parties = Стороны (языки)
row-charter-echo = Тихая линия отзывается
row-charter-silent-after = Нет признаков жизни через
row-charter-rotate = Ключ живёт
row-charter-urgent = FLASH и IMMEDIATE
row-charter-urgent-limits = не больше { $words } слов и { $bytes } байт
row-charter-text = Любой текст
row-charter-bytes = не больше { $bytes } байт
row-charter-retention = Тексты хранятся
row-charter-retention-for-ever = всегда
row-charter-retention-days = дней: { $days }
row-charter-tape = Ленты
row-charter-tape-required = из рук в руки, в обе стороны
row-charter-tape-not-required = не обязательны
row-charter-modes = Для чего
row-charter-marks = Пометы
row-charter-office = { $party }: { $name } ({ $office }), уровень { $level }; визави: { $counterparts }; замещают: { $substitutes }
safety-number-title = Номер безопасности обеих карточек
ask-safety-number = Пусть другая сторона прочтёт вам свой номер безопасности способом, которому вы доверяете; наберите его:
line-offered = Предложение для стороны { $party } в { $path }.
    В нём ключ: пусть его везёт тот, кому вы доверяете, и никому, кроме: { $party }.
    Дальше, когда придёт их ответ: openline line finish FILE
line-accepted = Линия со стороной { $party } принята. Ответ в { $path }.
    В нём ключ: пусть его везёт тот, кому вы доверяете, и никому, кроме: { $party }.
    Дальше: openline station --listen udp://0.0.0.0:7600
line-finished = Линия со стороной { $party } с этой стороны открыта.
    Дальше: openline station --listen udp://0.0.0.0:7600
exported = Протокол в { $path } ({ $bytes } байт). Проверить может любой: openline verify { $path }

## Состояние

status-headline = { $party }: { $verdict } с { $since } ({ $lasted })
status-no-line = Линии ещё нет. Откройте её командой «openline line open».
verdict-opening = ОТКРЫВАЕТСЯ
verdict-open = ОТКРЫТА
verdict-degraded = РАБОТАЕТ С ИЗЪЯНАМИ
verdict-no-sign-of-life = НЕТ ПРИЗНАКОВ ЖИЗНИ, ПРИЧИНА НЕИЗВЕСТНА
verdict-announced-silence = МОЛЧИТ, КАК ОБЪЯВЛЕНО
evidence-announced = { $party }: объявлено молчание до { $until }, { $reason }.
evidence-never-heard = Их станция не отвечала с тех пор, как запущена наша.
evidence-alive = Их станция была жива в { $when }, { $ago } назад: она ответила на вопрос, посланный тогда.
evidence-round-trip = { " " }Путь туда и обратно { $ms } мс.
evidence-cannot-tell = Когда путь между станциями один, обрыв линии и отказ станции выглядят одинаково. Посланное не теряется.
evidence-sealed = Закрыто ключами обеих станций, в том числе постквантовыми (эпоха { $epoch }).
evidence-sealed-by-tape = Пока закрыто только лентой, переданной из рук в руки: кто её вёз, мог бы читать.
evidence-compared = Обе стороны подписали, что номер безопасности совпал.
evidence-compared-by-us = Мы подписали, что номер безопасности совпал; они ещё нет.
evidence-compared-by-them = Они подписали, что номер безопасности совпал; мы ещё нет.
evidence-not-compared = Номер безопасности ещё никто не сверил.
evidence-clock-ahead = Их часы впереди наших на { $span }.
evidence-clock-behind = Их часы отстают от наших на { $span }.
evidence-all-confirmed = Всё, что мы послали, у них на диске.
evidence-unconfirmed = { $count ->
    [one] { $count } наша запись в очереди и ещё не подтверждена; она не потеряна.
    [few] { $count } наши записи в очереди и ещё не подтверждены; они не потеряны.
   *[many] { $count } наших записей в очереди и ещё не подтверждены; они не потеряны.
}
shortcoming-tape-only = Пока всё идёт только под ключом ленты.
shortcoming-loss = Теряется больше одного кадра из десяти.
shortcoming-cloned = Работают две копии одного каталога станции. Остановите одну: см. «openline doctor».
shortcoming-misbehaviour = Есть доказательство недобросовестности другой стороны.

unit-millisecond = { $n } мс
unit-second = { $n } с
unit-minute = { $n } мин
unit-hour = { $n } ч
unit-day = { $n } д

## Ошибки

error-usage = { $why }
    .do = См. «openline --help».
error-no-home-given = Где каталог станции? Ни $XDG_DATA_HOME, ни $HOME не заданы.
    .do = Укажите его: --home DIR
error-file = { $path }: { $why }
    .do = Проверьте, что он есть, что он ваш и что на диске есть место.
error-no-station = В { $home } не отвечает ни одна станция.
    .do = Запустите её: openline --home { $home } station --listen udp://0.0.0.0:7600
error-station-went-away = Станция пропала. { $why }
    .do = Что она приняла, то на её диске. Запустите её снова и посмотрите «openline traffic».
error-station-of-another-version = Ответ станции непонятен: { $why }
    .do = Станция той же версии, что и эта программа? После обновления перезапустите её.
error-no-such-line = Линии по имени { $line } здесь нет.
    .do = Линии перечисляет «openline status».
error-duration = «{ $given }» — не длительность.
    .do = Напишите 30s, 10m или 2h.
error-since = «{ $given }» — не курсор, не время и не возраст.
    .do = Напишите курсор (120), время (2026-02-24T08:00Z) или возраст (24h).
error-text-on-the-command-line = Тексту не место в командной строке: её видит в списке процессов каждый пользователь машины, и оболочка её сохраняет.
    .do = Запустите «openline say» и наберите текст или подайте его на стандартный ввод: openline say < text.txt
error-text-empty = Текст пуст.
    .do = Наберите его в ответ на приглашение или подайте на стандартный ввод.
error-too-many-words = Слов: { $words }. В FLASH и IMMEDIATE их не больше 200: они останавливают всё остальное.
    .do = Сократите текст или пошлите его как PRIORITY.
error-too-many-bytes = Байт: { $bytes }. Здесь допускается не больше { $limit }.
    .do = Сократите текст или пошлите его частями.
error-flash-not-confirmed = Не послано.
    .do = Чтобы послать FLASH, наберите в ответ FLASH прописными буквами.
error-time-ran-out = { $entry } за { $limit } так далеко не дошло. Оно в очереди, не потеряно.
    .do = Оно уйдёт само. Посмотрите позже: openline show { $entry }
error-time-ran-out-for-many = { $count ->
    [one] { $count } текст не дошёл вовремя. Он в очереди, не потерян.
    [few] { $count } текста не дошли вовремя. Они в очереди, не потеряны.
   *[many] { $count } текстов не дошли вовремя. Они в очереди, не потеряны.
}
    .do = Они уйдут сами. Посмотрите позже: openline traffic
error-no-name = Квитанции нужно имя человека.
    .do = Назовите себя без управляющих знаков.
error-who-reads = Кто прочёл? Прочесть может только человек, и он подписывается именем.
    .do = Назовите его: --as "Лт. Орлова"
error-no-line = Здесь не открыто ни одной линии.
    .do = Откройте её: openline line open --help
error-which-line = Линий больше одной.
    .do = Назовите её: --line Москва. Линии перечисляет «openline status».
error-name = Имя не может быть пустым, длиннее 128 байт или с управляющими знаками.
    .do = Дайте другое имя.
error-language = «{ $given }» — не тег языка.
    .do = Напишите en, ru или zh-Hant (BCP 47).
error-address = «{ $given }» — не адрес станции.
    .do = Напишите udp://host:7600
error-safety-number-needed = Ничего не сделано: номер безопасности не дан.
    .do = Пусть другая сторона прочтёт вам свой номер; передайте его: --safety-number 12345-67890-…
error-file-exists = { $path } уже есть и не перезаписан.
    .do = Дайте другое имя или уберите файл.
error-no-record-yet = В { $home } ещё ничего не записано: станция ни разу не работала.
    .do = Запустите её: openline --home { $home } station --listen udp://0.0.0.0:7600
