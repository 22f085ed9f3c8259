#!/usr/bin/env python3
"""Expands grammar/*.txt into the texts that the dictionary is trained on and measured with.

Deterministic: the same grammars give the same texts. Needed only when a grammar changes; training itself reads the texts.

    python3 make_texts.py        # rewrites train-*.txt and held-out-*.txt beside this file
"""

import pathlib
import random
import re

HERE = pathlib.Path(__file__).parent
INNERMOST = re.compile(r"\{([^{}]*)\}")
TRAINING_MESSAGES = {"en": 1500, "ru": 1500, "uk": 120, "zh": 60, "ar": 60, "ko": 40}
HELD_OUT_MESSAGES, HELD_OUT_LENGTH, HELD_OUT_USES = 200, 200, 12


def read_grammar(name):
    """The sets (`@name = a|b`) and the sentence templates of one grammar file."""
    sets, templates = {}, []
    for line in (HERE / "grammar" / f"{name}.txt").read_text().splitlines():
        if line.startswith("@"):
            key, _, choices = line.partition(" = ")
            sets[key] = "{" + choices + "}"
        elif line and not line.startswith("#"):
            templates.append(line)
    return sets, templates


def number(code, rng):
    """`h` an hour, `m` a minute, else that many digits."""
    if code == "h":
        return f"{rng.randrange(24):02}"
    if code == "m":
        return f"{rng.randrange(60):02}"
    digits = int(code)
    return str(rng.randrange(10 ** (digits - 1), 10**digits))


def expand(template, sets, rng):
    """One sentence: choices are drawn from the inside out."""

    def draw(match):
        inside = match.group(1)
        if inside.startswith("#"):
            return number(inside[1:], rng)
        if inside.startswith("@"):
            return sets[inside]
        return rng.choice(inside.split("|"))

    while INNERMOST.search(template):
        template = INNERMOST.sub(draw, template)
    sentence = re.sub(r"\s+([.,;?])", r"\1", re.sub(r"\s{2,}", " ", template)).strip()
    return sentence[0].upper() + sentence[1:]


def training_texts(name, count):
    """Distinct messages of one to four different sentences, every template about equally often."""
    sets, templates = read_grammar(f"train-{name}")
    rng, texts, bag = random.Random(f"openline-1 {name}"), {}, []
    while len(texts) < count:
        if len(bag) < 4:
            bag = rng.sample(templates, len(templates)) + bag
        chosen = [bag.pop() for _ in range(rng.choice([1, 2, 2, 3, 3, 4]))]
        separator = "" if name == "zh" else " "
        texts[separator.join(expand(t, sets, rng) for t in dict.fromkeys(chosen))] = None
    return list(texts)


def held_out_texts(name):
    """Messages of exactly HELD_OUT_LENGTH characters: whole sentences, no two messages of the same ones."""
    sets, templates = read_grammar(f"held-out-{name}")
    rng, texts = random.Random(f"held out {name}"), {}
    pool = [(t, expand(t, sets, rng)) for t in templates for _ in range(30)]
    by_length = {}
    for template, sentence in pool:
        by_length.setdefault(len(sentence), []).append((template, sentence))
    uses = dict.fromkeys(templates, 0)
    while len(texts) < HELD_OUT_MESSAGES:
        chosen = rng.sample(pool, rng.choice([1, 2, 2]))
        rest = HELD_OUT_LENGTH - sum(len(sentence) + 1 for _, sentence in chosen)
        if rest not in by_length:
            continue
        chosen.append(rng.choice(by_length[rest]))
        key = frozenset(template for template, _ in chosen)
        if len(key) == len(chosen) and key not in texts and max(uses[t] for t in key) < HELD_OUT_USES:
            texts[key] = " ".join(sentence for _, sentence in chosen)
            for template in key:
                uses[template] += 1
    return list(texts.values())


def write(name, texts):
    (HERE / f"{name}.txt").write_text("\n".join(texts) + "\n")


if __name__ == "__main__":
    for language, count in TRAINING_MESSAGES.items():
        write(f"train-{language}", training_texts(language, count))
    for language in ("en", "ru"):
        write(f"held-out-{language}", held_out_texts(language))
