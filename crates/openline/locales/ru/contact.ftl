### Контакты: сверка кода, предложения, повтор.

help-contact = Когда вызов принят: сверить код, предложить, повторить, подтвердить.
    .example = openline contact show
help-contact-list = Показать контакты, которые не закончены, и последние из прочих.
    .example = openline contact list
help-contact-show = Показать контакт с кодом и всеми предложениями.
    .example = openline contact show C-7
help-contact-verify = Сверить код: прочесть свой вслух, услышать их и подписать, совпали ли они.
    .example = openline contact verify C-7 --as "Лейтенант Орлова"
help-contact-verify--said = Без терминала: agreed (совпали) или differed (не совпали). Одно «differed» кончает контакт для обеих сторон, насовсем
help-contact-propose = Предложить, что будет действовать: где, с какого времени, до какого и когда следующая связь.
    .example = openline contact propose C-7 --as "Лейтенант Орлова"
help-contact-correct = Предложить иное вместо нашего предложения, которое ещё не подтверждено.
    .example = openline contact correct P-3
help-contact-read-back = Подписать, как вы поняли предложение другой стороны. Пока вы пишете, оно не показывается.
    .example = openline contact read-back P-3 --as "Капитан Смит"
help-contact-confirm = Подтвердить наше предложение, которое повторили так, как вы имели в виду: с этой минуты оно обязывает обе стороны.
    .example = openline contact confirm P-3
help-contact-withdraw = Отозвать наше предложение, которое не подтверждено.
    .example = openline contact withdraw P-3
help-contact-close = Закончить контакт. Причина спрашивается и может остаться пустой.
    .example = openline contact close C-7
help-option-contact = Контакт, как C-7; если не указан, единственный подходящий
help-option-proposal = Предложение, как P-3; если не указано, единственное подходящее
help-option-even-if-doubtful = Так и задумано, хотя какое-то время уже прошло или наступит больше чем через год
help-contact-propose--stdin = Прочесть условия из стандартного ввода: строки place:, from:, until: и next-contact:, пустая строка, слова
help-contact-correct--stdin = Прочесть условия из стандартного ввода: строки place:, from:, until: и next-contact:, пустая строка, слова
help-contact-read-back--stdin = Прочесть условия из стандартного ввода: строки place:, from:, until: и next-contact:
help-value-contact = КОНТАКТ
help-value-proposal = ПРЕДЛОЖЕНИЕ
help-value-word = СЛОВО

contact-headline = { $from } и { $to }
contact-state-verifying = { $known ->
    [no] { $here ->
        [yes] Станции договариваются о коде; на это нужны три сообщения.
       *[no] Коды ещё не сверены.
    }
   *[yes] Код { $code }: прочтите его вслух другой стороне и услышьте их код. { $we ->
        [yes] Вы подписали, что они совпали; другая сторона ещё нет.
       *[no] { $they ->
            [yes] Другая сторона подписала, что они совпали; вы ещё нет.
           *[no] Ни одна сторона ещё не подписала.
        } Подписать: openline contact verify { $short }
    }
}
contact-state-verified = Сверен: обе стороны подписали, что коды совпали. Предложить: openline contact propose { $short }
contact-state-closed = Закончен.
contact-ended = Закончил { $when } «{ $name }», { $party }.
contact-state-codes-differed = КОДЫ НЕ СОВПАЛИ: между сторонами может кто-то стоять. Здесь больше ни о чём не договориться. Свяжитесь с другой стороной иным путём и проверьте обе карточки.
contact-state-broken-off = Оборван: станция, участвовавшая в нём, перезапущена или исчезла. Подтверждённое остаётся в силе. Чтобы продолжить, вызовите ещё раз.
contact-state-unknown = Каково его состояние, станция уже не помнит: записи показывает «openline traffic».
contact-more = { $count ->
    [one] И ещё { $count } предложение: openline contact show { $short }
    [few] И ещё { $count } предложения: openline contact show { $short }
   *[other] И ещё { $count } предложений: openline contact show { $short }
}
contact-none = Контактов, которые станция помнит, нет; контакт начинается, когда принят вызов. Сказанное в прежних показывает «openline traffic».
follow-code = { $short }: код { $code }. Прочтите его вслух другой стороне и услышьте их код. Подписать: openline contact verify { $short }

proposal-headline = { $short }  { $ours ->
    [yes] предложили мы
   *[no] предлагает { $party }
}, «{ $person }», { $when }
term-place = место            { $value }
term-from = начало           { $value }
term-until = конец            { $value }
term-next = следующая связь  { $value }
term-words = слова            { $value } (не сравнивается)
term-differs = { term-field }: предложено { $meant ->
    [none] ничего
   *[other] { $meant }
}, повторено { $read ->
    [none] ничего
   *[other] { $read }
}
term-field = { $field ->
    [from] начало
    [until] конец
    [next-contact] следующая связь
    [place-1] место 1
    [place-2] место 2
    [place-3] место 3
    [place-4] место 4
    [place-5] место 5
    [place-6] место 6
    [place-7] место 7
    [place-8] место 8
    [words] слова
    [typed] то, что вы набрали
   *[other] девятое место
}
terms-wrong = { $wrong ->
    [place-form] это и не широта с долготой, как 50.4501N 30.5234E, и не квадрат сетки, как 36U UB 12345 67890
    [place-without-hemisphere] нет букв: N или S, E или W, латинских
    [place-order] сначала широта, потом долгота
    [place-precision] знаков после точки мало или слишком много: от 4 до 6 у градуса, от 2 до 5 у минуты, до 4 у секунды
    [place-range] такой широты или долготы нет
    [grid-form] это не квадрат сетки, как 36U UB 12345 67890
    [grid-digits] у квадрата сетки от 3 до 5 цифр в каждую сторону, и поровну
    [grid-no-such-square] такого квадрата на земле нет
    [time-form] это не время вида 2026-11-28T22:30+02:00
    [time-without-zone] нет часового пояса: Z для UTC или как +02:00
    [time-zone] такого часового пояса нет
    [time-day] такого дня нет
    [time-of-day] такого времени суток нет
    [order] конец раньше начала
   *[too-many] в одном предложении не больше восьми мест
}
doubt-past = { term-field }: это время уже прошло
doubt-far-ahead = { term-field }: до этого больше года
doubt-elsewhere = { term-field }: далеко от мест, о которых вы говорите

proposal-state-open = Его ещё никто не повторил. { $ours ->
    [yes] Пока оно никого не обязывает.
   *[no] Повторить, как вы поняли: openline contact read-back { $short }
}
proposal-state-read-back = «{ $person }» повторяет его { $when } так, как имелось в виду. { $ours ->
    [yes] Пока вы не подтвердите, оно никого не обязывает: openline contact confirm { $short }
   *[no] Обе стороны обязаны, как только { $party } подтвердит; вы узнаете об этом, когда придёт её слово.
}
proposal-state-read-back-differently = ПОВТОРЕНО ИНАЧЕ, «{ $person }» { $when }: { $differs }. { $ours ->
    [yes] Пусть повторят ещё раз, или исправьте: openline contact correct { $short }
   *[no] Спросите, что имелось в виду, и повторите ещё раз: openline contact read-back { $short }
}
proposal-state-confirmed = ПОДТВЕРЖДЕНО, как повторяет «{ $person }» { $when }: обязаны обе стороны.
proposal-state-practised = ПОДТВЕРЖДЕНО, как повторяет «{ $person }» { $when }, на учении: это не обязывает никого.
proposal-state-corrected = Исправлено: вместо него предложено другое.
proposal-state-withdrawn = Отозвано.
proposal-state-lapsed = Не подтверждено, и подтвердить уже нельзя: контакт закончен. Оно никого не обязывает.
proposal-state-not-known = НЕИЗВЕСТНО, обязывает ли: контакт закончен, но { $party } могла подтвердить его прежде, чем узнала об этом. Её станция подпишет, так ли это.
proposal-state-unsettled = Не решено: контакт закончен, и это никого не обязывает.
proposal-state-void = Ничего не значит: { $void ->
    [not-verified] его автор не знал, что обе стороны подписали совпадение кодов.
    [contact-over] его автор знал, что контакт закончен.
   *[other] оно исправляет то, что исправить нельзя.
}

term-field-same-moment = { term-field } (тот же миг, но в другом поясе: повторять надо в том поясе, в котором сказано)
contact-ask-terms = Что будет действовать? Пустая строка пропускает то, что можно пропустить.
contact-ask-place = Место { $number }, как 50.4501N 30.5234E или 36U UB 12345 67890 (пусто: больше нет):
contact-ask-from = С какого времени, с часовым поясом, как 2026-11-28T22:30+02:00:
contact-ask-until = До какого времени (пусто: не сказано):
contact-ask-next = Следующая связь (пусто: не сказано):
contact-ask-words = Словами, одна строка (можно оставить пустой):
contact-ask-reason = Почему? Одна строка, можно оставить пустой; её прочтёт другая сторона:
contact-typed = Понято так:
contact-wrong = { term-field }: { terms-wrong }.
contact-doubts = Взгляните ещё раз: { $doubts }.
contact-ask-sign = Это вы и имеете в виду? Наберите «да», чтобы подписать, «нет», чтобы не подписывать ничего, или поле, чтобы набрать его снова ({ $fields }):
contact-ask-which = Так подписать нельзя. Какое поле набрать снова ({ $fields })?
contact-no-such-field = Это и не «да», и не поле. Пока ничего не подписано.
contact-ask-confirm = Это обяжет обе стороны. Наберите «да», чтобы подтвердить, или «нет»:
contact-ask-said = Коды совпали? Наберите «совпали» или «не совпали»; «не совпали» кончает контакт для обеих сторон, насовсем:
contact-said-neither = Принимается только «совпали» или «не совпали». Пока ничего не подписано.
contact-word-agreed = совпали
contact-word-differed = не совпали
contact-said-agreed = Подписано: коды совпали.
contact-said-differed = Подписано: коды НЕ СОВПАЛИ. Контакт закончен для обеих сторон. Свяжитесь с другой стороной иным путём и проверьте обе карточки.
contact-proposed = Предложено, { $short }. Никого не обязывает, пока его не повторят и вы не подтвердите.
contact-corrected = Предложено, { $short }, вместо прежнего.
contact-corrects = Вы исправляете { $short }. Сейчас в нём:
contact-reads-back = Вы повторяете { $short }: наберите то, что услышали или прочли, как вы это поняли.
contact-read-back = Подписано.
contact-confirmed = Подтверждено: обязаны обе стороны. Другая сторона увидит это, как только получит.
contact-withdrawn = Отозвано.
contact-is-closed = Контакт закончен.

entry-verifying-commits = { $contact }: начинает код
entry-verifying-shares = { $contact }: дополняет код
entry-verifying-reveals = { $contact }: завершает код
entry-verified-agreed = { $contact }: коды совпали
entry-verified-differed = { $contact }: КОДЫ НЕ СОВПАЛИ
entry-proposal = { $contact }: предлагает{ $corrects ->
    [none] {""}
   *[other] {" "}вместо { $corrects }
}
entry-read-back = { $contact }: повторяет { $proposal }
entry-settlement-confirmed = { $contact }: подтверждает { $proposal }
entry-settlement-withdrawn = { $contact }: отзывает { $proposal }
entry-settlement-lapsed = { $contact }: { $proposal } не подтверждено до конца контакта и никого не обязывает
entry-contact-closed = { $contact }: заканчивает контакт

error-proposal-is-ours = { $short } — предложение нашей стороны: повторяет его другая.
    .do = Как с ним обстоит: openline contact show
error-proposal-is-theirs = { $short } — предложение другой стороны: исправляет она.
    .do = Повторите, что вы поняли: openline contact read-back { $short }
error-proposal-is-settled = { $short } — дело решённое: больше с ним ничего не сделать.
    .do = Как с ним обстоит: openline contact show
error-proposal-not-confirmed = Ничего не подписано; { $short } не подтверждено.
    .do = Подтвердить: openline contact confirm { $short }. Предложить иное вместо него: openline contact correct { $short }
error-terms-not-signed = Ничего не подписано.
    .do = Чтобы подписать, дайте команду снова. Как обстоит дело: openline contact show
error-no-contact = Здесь нет контакта, в котором можно что-либо сказать.
    .do = Контакт начинается, когда принят вызов: состояние показывают «openline ring list» и «openline contact list».
error-which-contact = Может иметься в виду несколько контактов: { $contacts }.
    .do = Назовите один из них.
error-no-proposal = Здесь нет предложения, которого это касалось бы.
    .do = Предложения и их состояние показывает «openline contact show».
error-which-proposal = Может иметься в виду несколько предложений: { $proposals }.
    .do = Назовите одно из них.
error-contact-said = Здесь некого спросить, совпали ли коды.
    .do = Узнайте код командой «openline contact show», сверьте его и укажите --said agreed или --said differed.
error-terms-form = Строка { $number } не начинается с place:, from:, until: или next-contact:, либо стоит дважды.
    .do = В каждой строке одно из этих слов, двоеточие и значение; затем, для предложения, пустая строка и слова.
error-read-back-has-no-words = В повторе есть только условия.
    .do = Уберите слова; скажите их сообщением.
error-terms = { term-field }: { terms-wrong }. Ничего не подписано.
    .do = Исправьте и повторите.
error-terms-doubtful = Ничего не подписано, потому что есть сомнения: { $doubts }.
    .do = Исправьте; а если так и задумано, укажите --even-if-doubtful.

problem-terms = { term-field }: { terms-wrong }. Ничего не подписано.
    .do = Исправьте и повторите.
problem-terms-doubtful = Ничего не подписано, потому что есть сомнения: { $doubts }.
    .do = Исправьте; а если так и задумано, скажите об этом: --even-if-doubtful или even_if_doubtful в запросе.
problem-not-a-contact = { $entry } — не контакт.
    .do = Контакты показывает «openline contact list».
problem-no-part-in-the-contact = Вызов не принят, или принят не этим запуском этой станции.
    .do = Состояние показывает «openline contact list». Если станция с тех пор перезапускалась, вызовите ещё раз.
problem-contact-broken-off = Контакт оборван: станция, участвовавшая в нём, перезапущена или исчезла. Подтверждённое остаётся в силе.
    .do = Вызовите ещё раз: openline ring start
problem-contact-closed = Контакт закончен.
    .do = Чтобы продолжить, вызовите ещё раз: openline ring start
problem-contact-codes-differed = Коды не совпали: в этом контакте больше ни о чём не договориться.
    .do = Свяжитесь с другой стороной иным путём и проверьте обе карточки, затем вызовите ещё раз.
problem-contact-not-verified = Ни о чём нельзя договориться, пока обе стороны не подписали, что коды совпали.
    .do = Сверьте код: openline contact verify
problem-contact-no-code = Код ещё не известен: его составляют три сообщения станций.
    .do = Подождите. Если линия открыта, а кода нет: openline contact show
problem-contact-already-said = Вы это уже подписали.
    .do = Дождитесь другой стороны: openline contact show
problem-contact-not-due = Сейчас это не нужно.
    .do = Состояние показывает «openline contact show».
problem-no-such-proposal = Такое предложение в этом контакте не в счёт.
    .do = Предложения показывает «openline contact show».
problem-proposal-is-ours = Это предложение вашей стороны: его повторяет другая сторона.
    .do = Дождитесь этого: openline contact show
problem-proposal-is-theirs = Это предложение другой стороны: она его подтверждает, исправляет или отзывает.
    .do = Повторите его: openline contact read-back
problem-proposal-not-read-back = Другая сторона его не повторила: ещё неизвестно, поняла ли она его.
    .do = Попросите повторить, затем подтвердите.
problem-proposal-read-differently = Другая сторона повторила его иначе: она поняла не то, что вы имели в виду.
    .do = Пусть повторят ещё раз, или исправьте: openline contact correct
problem-proposal-too-late = О нём уже решено.
    .do = Как, показывает «openline contact show». Подтверждённое меняют новым предложением.
problem-contact-too-many = Эта станция написала столько записей, сколько идёт в счёт: 256 в одном контакте, 4096 с её запуска.
    .do = Закройте контакт и вызовите ещё раз; после очень многих контактов сначала перезапустите станцию.
