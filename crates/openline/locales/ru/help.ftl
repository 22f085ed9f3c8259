### Что говорит `--help`. Имя сообщения — команда, как её набирают, через дефис; `.example` стоит под ней.

help-heading-usage = Использование:
help-heading-commands = Команды
help-heading-options = Параметры
help-heading-arguments = Аргументы
help-heading-example = Пример:
help-usage-options = [ПАРАМЕТРЫ]
help-usage-command = <КОМАНДА>

help-value-address = АДРЕС
help-value-card = КАРТОЧКА
help-value-command = КОМАНДА
help-value-count = ЧИСЛО
help-value-cursor = КУРСОР
help-value-digits = ЦИФРЫ
help-value-dir = КАТАЛОГ
help-value-duration = СРОК
help-value-entry = ЗАПИСЬ
help-value-file = ФАЙЛ
help-value-how = КАК
help-value-name = ИМЯ
help-value-number = НОМЕР
help-value-path = ПУТЬ
help-value-reason = ПРИЧИНА
help-value-stage = СТАДИЯ
help-value-tag = ЯЗЫК
help-value-toml = TOML
help-value-when = КОГДА

help-openline = Кризисная линия между двумя сторонами: текст, который не теряется, и доказательство этому.
    .example = openline demo

help-demo = Показать на этой машине две враждующие стороны, две станции и линию между ними.
    .example = openline demo --once
help-demo--once = Рассказать всё и выйти
help-demo--keep = Сохранить каталоги обеих станций в этом каталоге

help-init = Создать сторону: её корневой ключ, ключ узла и каталог для них.
    .example = openline init --name Moscow --name-ru Москва --lang ru
help-init--name = Имя стороны, как его увидят другие
help-init--name-ru = Её имя по-русски

help-card = Выдать карточку этой стороны или посмотреть чужую.
    .example = openline card show washington.card
help-card-export = Записать карточку этой стороны, чтобы передать её лично.
    .example = openline card export moscow.card
help-card-export--file = Куда записать карточку
help-card-show = Показать карточку или файл линии и код безопасности — её и нашей карточек.
    .example = openline card show washington.card
help-card-show--file = Карточка или файл линии

help-line = Открыть линию с другой стороной: open, accept, finish.
    .example = openline line accept to-moscow.line --reachable-at udp://moscow.example:7600 -o to-washington.line
help-line-open = Начать: записать файл с уставом, нашей карточкой и нашей лентой для другой стороны.
    .example = openline line open --with moscow.card --reachable-at udp://washington.example:7600 -o to-moscow.line
help-line-open--with = Карточка другой стороны
help-line-open--charter = Свой устав (TOML); без него предлагается и показывается устав по умолчанию
help-line-open--output = Куда записать файл для другой стороны
help-line-accept = Ответить: прочесть их файл, сверить код безопасности, записать наш файл для них.
    .example = openline line accept to-moscow.line --reachable-at udp://moscow.example:7600 -o to-washington.line
help-line-accept--file = Файл линии, который передала другая сторона
help-line-accept--output = Куда записать файл для другой стороны
help-line-finish = Закончить: прочесть их ответ и сверить код безопасности. После этого линия может открыться.
    .example = openline line finish to-washington.line
help-line-finish--file = Файл линии, который вернула другая сторона

help-line-reachable-at = Объявить, подписав, где станция другой стороны может найти нашу с этого времени: весь список. Уходит по любому пути, который работает, и с курьером.
    .example = openline line reachable-at udp://new.example:7600 --as "Лейтенант Орлова"
help-line-reachable-at--addresses = Например udp://host:7600, quic://host:7601 или wss://host:443; не больше восьми
help-line-reachable-at--nowhere = Другой стороне нас не вызывать: вызываем мы
help-line-renew = Попросить у другой стороны новые ключи, когда один из каталогов скопировали или восстановили и ключи разошлись.
    .example = openline line renew --line Moscow

help-station = Запустить станцию на переднем плане. Строка на стандартном выводе скажет, что она готова, и ещё по строке — когда меняется состояние линии.
    .example = openline station --listen udp://0.0.0.0:7600
help-station--listen = Где слушать другую сторону; можно указать несколько раз: udp://0.0.0.0:7600; quic://0.0.0.0:7601 — со вторым слоем, TLS; wss://0.0.0.0:443 — там, где проходит только HTTPS, через HTTPS_PROXY, если он задан; а для радиомодема или кабеля — 'serial:///dev/ttyUSB0?rate=9600', с &line=ИМЯ, если линий несколько. Без него — на всех адресах этой машины, IPv4 и IPv6, порт 7600
help-station--padding = Дополнять кадры до нескольких размеров (classes) или слать меньше байтов, не скрывая длину текстов (none)
help-station--constant-rate = Передавать с постоянной скоростью, столько бит в секунду по каждому рабочему пути, кадрами одной длины: наблюдатель не отличит текст от тишины. Срочный текст ждёт не дольше одного кадра: 154 мс при 64000. От 8000 до 1000000. Лучше с обеих сторон
help-value-bits = БИТ

help-station--alarm-run = Программа, которую запускать при каждом изменении тревоги, для ламп и сирен: причина и состояние — её аргументы, тревога в JSON — её стандартный ввод. У неё десять секунд
help-station--alarm-post = Куда слать каждое изменение тревоги, в JSON по простому HTTP: http://127.0.0.1:8080/alarms
help-value-program = ПРОГРАММА

help-status = Сказать, открыта ли линия, с каких пор и откуда это известно.
    .example = openline status --watch
help-status--watch = Продолжать и печатать каждое изменение

help-say = Послать текст. Его набирают в ответ на приглашение или подают на стандартный ввод, но не в командной строке.
    .example = openline say --flash --wait shown < text.txt
help-say--flash = Тотчас, раньше всего остального; не больше 200 слов и 2000 байт
help-say--immediate = Сразу после FLASH; не больше 200 слов и 2000 байт
help-say--priority = Раньше обычных
help-say--routine = В порядке очереди; так и посылается, если срочность не указана
help-say--exercise = Пометить как часть учения
help-say--test = Пометить как проверку линии
help-say--reply-to = Запись, на которую это ответ, например M-40
help-say--wait = Ждать, пока у другой стороны текст будет: stored (сохранён), shown (показан) или read (прочитан)
help-say--timeout = Сколько ждать (если не указано, 60s; 10m, 2h, 1d); затем выход с кодом 4: ничего не потеряно
help-say--stdin = Читать стандартный ввод и на терминале; с --json — по тексту в строке

help-traffic = Показать, что прошло по линии.
    .example = openline traffic --since 24h
help-traffic--since = Только то, что моложе возраста (24h, 1d) или позже времени (2026-02-24T08:00Z) или курсора (просто число)

help-follow = Показывать записи по мере поступления. На терминале сначала назовите себя: увиденное считается показанным.
    .example = openline follow --json --from 120
help-follow--from = Начать после этого курсора; 0 — с начала

help-show = Показать одну запись целиком: текст, квитанции, автора, место в протоколе.
    .example = openline show M-41
help-show--entry = Её краткое имя или идентификатор

help-sign-read = Подписать, что вы прочли сообщение.
    .example = openline sign-read M-41 --as "Лейтенант Орлова"
help-sign-read--entry = Его краткое имя или идентификатор
help-sign-read--yes = Без терминала: этот человек прочёл и сказал об этом

help-verify = Проверить выгруженный протокол или каталог станции — без сети и без доверия к тому, кто его дал.
    .example = openline verify record.olr
help-verify--path = Файл протокола (.olr) или каталог станции

help-export = Записать протокол линии в один файл, который может проверить любой.
    .example = openline export -o record.olr
help-export--output = Куда записать протокол

help-ring = Вызвать должность другой стороны или ответить на её вызов.
    .example = openline ring start --to head
help-ring-start = Вызвать должность другой стороны и ждать, пока станет известно, чем вызов кончился.
    .example = openline ring start --to head --urgent --for 2m
help-ring-start--to = Кого вызвать: идентификатор должности в уставе линии или её название
help-ring-start--from = От имени какой нашей должности; если не указано, той, что говорит с вызываемой
help-ring-start--urgent = Срочно: другая сторона видит FLASH
help-ring-start--duration = Сколько звонить: от 5s до 30m; если не указано, 2m
help-ring-start--stdin = Прочесть, о чём вызов, из стандартного ввода
help-ring-accept = Принять вызов: выйти на связь.
    .example = openline ring accept R-7
help-ring-decline = Отклонить вызов. Причина спрашивается и может остаться пустой.
    .example = openline ring decline R-7 --call-back-at 04:00Z
help-ring-later = Отложить вызов.
    .example = openline ring later R-7 --call-back-at 2h
help-ring-withdraw = Отозвать наш вызов, по которому ещё не решено.
    .example = openline ring withdraw R-7
help-ring-list = Показать последние вызовы и их состояние.
    .example = openline ring list
help-option-exercise = Пометить как часть учения
help-option-stdin = Прочесть слова из стандартного ввода
help-option-ring = Вызов; если не указан, единственный подходящий
help-option-call-back-at = Когда перезвонить: 04:00Z, 2h или полная дата
help-value-office = ДОЛЖНОСТЬ
help-value-ring = ВЫЗОВ

help-watch = Сказать, кто на дежурстве: заступить, подтвердить, сдать, закрыть.
    .example = openline watch open --as "Лейтенант Орлова"
help-watch-open = Заступить на дежурство, подписав имя.
    .example = openline watch open --confirm-every 30m --as "Лейтенант Орлова"
help-watch-open--instead = Вместо того, кто на дежурстве и сдать его не может
help-watch-confirm = Подтвердить, что вы на месте.
    .example = openline watch confirm --as "Лейтенант Орлова"
help-watch-hand-over = Сдать дежурство. Пока другой не принял, на дежурстве вы.
    .example = openline watch hand-over --to "Лейтенант Петров" --as "Лейтенант Орлова"
help-watch-hand-over--to = Кому, по имени, под которым он действует
help-watch-hand-over--item = Открытая запись; если не указано, всё, чего никому не показали, и идущие вызовы
help-watch-withdraw = Отозвать сдачу, которую ещё не приняли.
    .example = openline watch withdraw --as "Лейтенант Орлова"
help-watch-take-over = Принять сданное вам дежурство: с этой минуты оно ваше.
    .example = openline watch take-over --as "Лейтенант Петров"
help-watch-close = Закрыть дежурство; тогда на дежурстве никого.
    .example = openline watch close --as "Лейтенант Петров"
help-watch-show = Показать, кто на дежурстве у обеих сторон.
    .example = openline watch show
help-watch-roster = Составить график дежурств. О пробелах в нём тревога поднимается за двенадцать часов.
    .example = openline watch roster show
help-watch-roster-show = Показать, кто и когда должен дежурить у обеих сторон и когда некому.
    .example = openline watch roster show --days 14
help-watch-roster-show--days = На сколько дней вперёд: от 1 до 92
help-watch-roster-set = Составить график дежурств своей стороны вместо прежнего.
    .example = openline watch roster set november.txt --as "Лейтенант Орлова"
help-watch-roster-set--file = Каждая смена — строка: НАЧАЛО, КОНЕЦ, ДЕЖУРНЫЙ, например 2026-11-29T08:00+03:00, 2026-11-29T20:00+03:00, Лейтенант Орлова. При - читается стандартный ввод
help-watch-roster-withdraw = Отозвать график: тогда у вашей стороны его нет.
    .example = openline watch roster withdraw --as "Лейтенант Орлова"
help-option-confirm-every = Как часто вы будете подтверждать, что на месте: от 1m до срока по уставу; если не указано, по уставу
help-alarm = Показать, о чём тревога, сказать, что вы знаете, или отложить её на время.
    .example = openline alarm list
help-alarm-list = Показать каждую тревогу, которая не кончилась: с какого времени, о ком, кто знает и что делать.
    .example = openline alarm list
help-alarm-ack = Сказать, назвав себя, что вы знаете о тревоге: тогда она молчит, пока не возникнет снова.
    .example = openline alarm ack no-sign-of-life/москва --as "Лейтенант Орлова"
help-alarm-shelve = Отложить тревогу, назвав себя, на срок от минуты до восьми часов. Если причина останется, тревога вернётся.
    .example = openline alarm shelve nobody-on-watch/москва --for 1h --as "Лейтенант Орлова"
help-alarm-shelve--duration = На сколько: 1h, 30m
help-alarm-unshelve = Вернуть отложенную тревогу.
    .example = openline alarm unshelve nobody-on-watch/москва --as "Лейтенант Орлова"
help-option-alarm = Тревога, как её называет `openline alarm list`; хватит одной причины, если такая одна
help-value-alarm = ТРЕВОГА

help-suspend = Приостановить линию со своей стороны, подписав: тексты ниже FLASH и вызовы прочих должностей, кроме дежурных, отвергаются с обеих сторон.
    .example = openline suspend --reason ordered --as "Лейтенант Орлова"
help-suspend--reason = ordered (приказано), compromise (утечка) или other (иное); за терминалом спрашивается, если не указано, иначе other
help-resume = Прекратить приостановку линии своей стороной.
    .example = openline resume --as "Лейтенант Орлова"

help-silence = Сообщить другой стороне, что станция некоторое время будет молчать.
    .example = openline silence announce --for 10m --reason restart
help-silence-announce = Объявить молчание и подписать это, чтобы его не приняли за враждебное.
    .example = openline silence announce --for 10m --reason restart
help-silence-announce--duration = На сколько, считая от сейчас: 30s, 10m, 2h, 1d
help-silence-announce--reason = restart (перезапуск), maintenance (работы) или other (иное)
help-silence-end = Отменить объявленное молчание: с этой минуты молчание снова значит то, что значит.
    .example = openline silence end

help-bearers = Показать, по чему станция может связаться с другими: работает ли каждый канал, что он передал и для чего служит каждый путь по нему.
    .example = openline bearers

help-doctor = Найти, что не так с каталогом станции, с машиной и с линией, и сказать, что делать.
    .example = openline doctor

help-doctor--salvage = Перенести уцелевшее из повреждённого протокола в новый
help-doctor--yes = Не спрашивать

help-help = Напечатать справку о команде.
    .example = openline help line open
help-help--command = Команда, одно слово или два

help-option-home = Каталог станции (по умолчанию: $XDG_DATA_HOME/openline)
help-option-json = Печатать JSON; см. docs/json.md
help-option-lang = Язык: en или ru — для вывода, любой тег — для посылаемого текста
help-option-help = Напечатать эту справку
help-option-version = Напечатать версию
help-option-line = Какая линия, если их несколько
help-option-operator = Имя того, кто действует
help-option-reachable-at = Где другая сторона может нас найти, например udp://host:7600, quic://host:7601 или wss://host:443; можно указать несколько раз
help-option-safety-number = Код, который вам прочла другая сторона, — вместо набора с клавиатуры
