### Учения.

## Как о нём договариваются

exercise-ask-what = Что отрабатывается? Одна строка; другая сторона прочтёт её и согласится с ней:
exercise-is-proposed = Учение предложено, подписано. Оно начнётся, когда другая сторона примет его. Там это делают так: {"openline exercise accept"}
exercise-is-accepted = Учение идёт с этой минуты, подписано обеими сторонами. Что к нему относится, помечайте --exercise. Прекратить: openline exercise end
exercise-is-ended = Прекращено, подписано. Для каждого, у кого эта запись есть, оно окончено.
exercise-over = УЧЕНИЕ ОКОНЧЕНО. То, что приходит теперь, всерьёз.
exercise-none = Учение не предложено и не идёт.
error-exercise-none-proposed = Другая сторона сейчас не предлагает учения.
    .do = Что предложено и что идёт, показывает `openline exercise show`. Предложить: openline exercise propose --help
error-exercise-several-proposed = Другая сторона предлагает не одно учение: { $entries }.
    .do = Назовите нужное: openline exercise accept { "<" }ЗАПИСЬ{ ">" }

## Как обстоит дело

evidence-exercise-in-force = УЧЕНИЕ идёт с { $since } до { $until }: { $what ->
    [none] слов здесь нет
   *[other] «{ $what }»
}. Предложено { $ours ->
    [yes] нами
   *[no] стороной { $party }
}, подписал «{ $name }»; принято стороной { $other }, подписал «{ $by }». Всё, что не помечено УЧЕНИЕ, всерьёз.
evidence-exercise-proposed = Учение до { $until } предложено { $ours ->
    [yes] нами
   *[no] стороной { $party }
}, подписал «{ $name }» ({ $short }): { $what ->
    [none] слов здесь нет
   *[other] «{ $what }»
}. Оно не идёт{ $ours ->
    [yes] , пока его не примут.
   *[no] . Согласиться: openline exercise accept
}
evidence-real = ВСЕРЬЁЗ, НЕ УЧЕНИЕ: { $count ->
    [one] { $count } сообщение или вызов
    [few] { $count } сообщения или вызова
   *[many] { $count } сообщений или вызовов
} с начала учения: { $entries }

## Записи

mark-real = ВСЕРЬЁЗ
mark-outside-an-exercise = УЧЕНИЕ, ВНЕ СОГЛАСОВАННОГО УЧЕНИЯ
real-breaks-in = ════ ВСЕРЬЁЗ ════ НЕ УЧЕНИЕ ════ ВСЕРЬЁЗ ════
show-exercise = В учении
entry-exercise-proposed = предлагает учение до { $until }
kind-exercise-accepted = принимает учение: оно идёт
kind-exercise-ended = прекращает учение

## Отказы станции

problem-no-exercise = Учение не идёт, поэтому помечать что-либо учением нельзя. Ничего не послано.
    .do = Сначала договоритесь о нём: openline exercise propose --help. Предложенное ждёт согласия другой стороны: openline exercise show. То, что всерьёз, идёт без --exercise.
problem-exercise-length = Учение длится от одной минуты до семи дней.
    .do = Предложите срок в этих пределах с --for.
problem-exercise-runs = Учение уже идёт.
    .do = Какое и до каких пор, показывает `openline exercise show`. Прекратить: openline exercise end
problem-exercise-proposed-already = Наша сторона уже предложила учение, которого ещё никто не принял.
    .do = Подождите, пока другая сторона его примет, или снимите его: openline exercise end
problem-no-such-exercise = Такого учения другая сторона не предлагает.
    .do = Что предложено, показывает `openline exercise show`.
problem-exercise-is-ours = Это наше собственное предложение, принимает его другая сторона.
    .do = Подождите, пока примут, или снимите его: openline exercise end
problem-exercise-over = Это учение прекращено, или его срок вышел.
    .do = Предложите другое: openline exercise propose --help
problem-exercise-nothing-to-end = Учение не идёт и не предложено.
    .do = Делать ничего не нужно. Состояние линии показывает `openline status`.
problem-exercise-answers-no-exercise = { $entry } — не сообщение учения, а учение отвечает только на такие. Ничего не послано.
    .do = Ответьте без --exercise или напишите без --reply-to.

## Справка

help-exercise = Учения: стороны договариваются о них заранее, и всё в них помечено и обрамлено.
    .example = openline exercise show
help-exercise-propose = Предложить другой стороне учение. Что отрабатывается, спросят, или читается с --stdin.
    .example = openline exercise propose --for 2h --as "Лейтенант Орлова"
help-exercise-propose--duration = Сколько оно продлится с этой минуты, от минуты до семи дней: 90m, 2h
help-exercise-propose--stdin = Прочесть, что отрабатывается, со стандартного ввода
help-exercise-accept = Принять учение, которое предлагает другая сторона.
    .example = openline exercise accept --as "Майор Джонс"
help-exercise-accept--proposal = Какое предложение, если их несколько
help-exercise-end = Прекратить учение сразу, для обеих сторон; или снять предложенное.
    .example = openline exercise end --as "Лейтенант Орлова"
help-exercise-show = Показать, что предложено и что идёт: с каких пор, до каких, кто согласился.
    .example = openline exercise show
