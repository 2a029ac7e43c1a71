"""Invented goods, services, air time and parties; composed from parts, so that few repeat."""

import random
from typing import NamedTuple

from data.synthesis.commerce import vocabulary

KINDS = ("goods", "food", "services", "software", "advertising", "property")


class Product(NamedTuple):
    """The goods or service of one line; `extra` is a second line of description, often empty."""

    description: str
    extra: str
    code: str
    buyer_code: str
    gtin: str
    unit: str
    time: str


def pick_kind(rng: random.Random) -> str:
    """Draw a catalogue; ordinary goods are the most frequent."""
    return rng.choices(KINDS, (44, 14, 14, 7, 15, 6))[0]


def made_up_word(rng: random.Random, min_syllables: int = 2, max_syllables: int = 4) -> str:
    """Draw an invented, pronounceable word."""
    return "".join(
        rng.choice(vocabulary.SYLLABLES) for _ in range(rng.randint(min_syllables, max_syllables))
    )


def digits(rng: random.Random, count: int) -> str:
    """Draw a run of digits that does not start with 0."""
    return str(rng.randint(10 ** (count - 1), 10**count - 1))


def letters(rng: random.Random, count: int) -> str:
    """Capital letters."""
    return "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=count))


def number(rng: random.Random) -> str:
    """A document or reference number in one of many shapes, without spaces."""
    form = rng.randrange(9)
    if form < 3:
        return digits(rng, rng.randint(4, 10))
    if form == 3:
        return letters(rng, rng.randint(1, 3)) + digits(rng, rng.randint(4, 9))
    if form == 4:
        return f"{letters(rng, 2)}-{rng.randint(2015, 2027)}-{digits(rng, rng.randint(3, 5))}"
    if form == 5:
        return f"{rng.randint(2015, 2027)}/{digits(rng, rng.randint(3, 6))}"
    if form == 6:
        return f"{digits(rng, rng.randint(3, 7))}-{rng.randint(1, 12)}"
    if form == 7:
        return f"{letters(rng, 1)}{digits(rng, 2)}.{digits(rng, 4)}"
    return "0" * rng.randint(1, 4) + digits(rng, rng.randint(3, 6))


def code(rng: random.Random) -> str:
    """A product code in one of many shapes, without spaces."""
    form = rng.randrange(9)
    if form < 2:
        return digits(rng, rng.randint(3, 9))
    if form == 2:
        return letters(rng, rng.randint(1, 4)) + digits(rng, rng.randint(2, 6))
    if form == 3:
        return f"{letters(rng, rng.randint(2, 3))}-{digits(rng, rng.randint(2, 5))}"
    if form == 4:
        return f"{digits(rng, 3)}.{digits(rng, 3)}.{digits(rng, 2)}"
    if form == 5:
        return f"{letters(rng, 2)}{digits(rng, 2)}-{digits(rng, 1)}{letters(rng, 1)}"
    if form == 6:
        return f"{digits(rng, 4)}/{digits(rng, 2)}"
    if form == 7:
        return f"{letters(rng, 4)}{digits(rng, 4)}{letters(rng, 1)}"
    return f"{digits(rng, 2)}-{digits(rng, 4)}-{letters(rng, 2)}"


def time_range(rng: random.Random) -> str:
    """A span of the day as stations write it."""
    start = rng.randint(4, 23)
    end = start + rng.choice((1, 1, 2, 3))
    form = rng.randrange(5)
    if form == 0:
        half = rng.choice(("00", "30"))
        return f"{_clock(start, half)}-{_clock(end, half)}"
    short = f"{_hour(start)}{_half(start)}-{_hour(end)}{_half(end)}"
    if form == 1:
        return short.upper()
    if form == 2:
        return f"{_hour(start)}30{_half(start)}-{_hour(end)}{_half(end)}"
    if form == 3:
        return f"{_hour(start):2d}{_half(start).upper()}- {_hour(end)}{_half(end).upper()}"
    return short


def _hour(hour: int) -> int:
    return (hour - 1) % 12 + 1


def _half(hour: int) -> str:
    return "a" if hour % 24 < 12 else "p"


def _clock(hour: int, minutes: str) -> str:
    return f"{_hour(hour)}:{minutes} {_half(hour).upper()}M"


def clock(rng: random.Random) -> str:
    """A time of day to the minute."""
    return _clock(rng.randint(4, 25), f"{rng.randint(0, 59):02d}")


def _air_time(rng: random.Random, time: str) -> tuple[str, str]:
    show, day = rng.choice(vocabulary.SHOWS), rng.choice(vocabulary.DAYS)
    if rng.random() < 0.2:
        show = f"{made_up_word(rng).title()} {show}"
    form = rng.randrange(6)
    text = (
        f"{day} {show}",
        f"{day} {time}",
        show,
        f"{day} {time} {show}",
        f"{show} {time}",
        f"{time} {show}",
    )[form]
    extra = rng.choice(("", "", show.upper(), f"({time})", f"{day} {show}"))
    return text, extra


def pick_product(rng: random.Random, kind: str, language: str) -> Product:
    """Draw a product or service of that catalogue, described in that language."""
    time = time_range(rng)
    if kind == "advertising":
        text, extra = _air_time(rng, time)
        unit = rng.choice(("spots", "Spots", "SP", "units", "x"))
    else:
        text, extra = _describe_product(rng, kind, language)
        countable = kind in ("goods", "food")
        unit = rng.choice((vocabulary.UNITS if countable else vocabulary.TIME_UNITS)[language])
    if rng.random() < 0.12:
        text = text.upper()
    gtin = digits(rng, rng.choice((13, 13, 13, 8, 12, 14)))
    return Product(text, extra, code(rng), code(rng), gtin, unit, time)


def noun(rng: random.Random, kind: str, language: str) -> str:
    """Draw a noun of that catalogue, in one or two words."""
    if kind == "advertising":
        return rng.choice(vocabulary.SHOWS)
    return rng.choice(vocabulary.NOUNS[kind][language])


MEASURED_NAMES = 0.22  # share of the descriptions with sizes and numbers of their own
DETAIL_LINES = 0.09  # of the descriptions with several further lines
_SIZES = ("{a} x {b} mm", "{a}x{b}x{c} cm", "{a},{d} m", "{a}.{d} kg", "{d} x {a}0 ml", "M{d}x{a}",
          "{d}x{a}", "{a}V {d}A", "L={a}0", "{a} pcs", "{a}%", "{d}/{a}", "No. {a}{b}", "{a}-{b}",
          "({a} x {d}.{c})", "{d} x {d} months", "Rev. {d}", "à {a} St.", "{a}0 g", "Ø {a}",
          "{a} Stk", "Ref. {a}{b}{c}", "{a}\"", "+{d}", "{d}.{d}.{d}", "20{a}", "0,{a} l",
          "# {a}{b}", "{d} Std.", "{d} h", "{a} km", "DIN {a}{b}", "{d}-fach", "1:{a}")  # fmt: skip


def size_text(rng: random.Random) -> str:
    """Draw a size, a count or a norm as descriptions hold them: "40 x 25 mm"."""
    numbers = {name: rng.randint(10, 99) for name in "abc"}
    return rng.choice(_SIZES).format(**numbers, d=rng.randint(1, 9))


def _detail_lines(rng: random.Random, kind: str, language: str) -> str:
    """Draw two to five further lines of a description, most with numbers."""
    lead = rng.choice(("", "", "- ", "• ", "* "))
    nouns = vocabulary.NOUNS[kind][language]
    lines = []
    for _ in range(rng.choice((2, 2, 3, 3, 5))):
        noun, size = rng.choice(nouns), size_text(rng)
        lines.append(lead + rng.choice((f"{noun} {size}", f"{size} {noun}", noun.lower(), size)))
    return "\n".join(lines)


def _describe_product(rng: random.Random, kind: str, language: str) -> tuple[str, str]:
    words = [rng.choice(vocabulary.NOUNS[kind][language])]
    if rng.random() < MEASURED_NAMES:
        words.append(size_text(rng))
    if rng.random() < 0.3:
        words.insert(0, made_up_word(rng).title())
    while rng.random() < 0.4 and len(words) < 4:
        words.append(rng.choice(vocabulary.SPECS))
    if rng.random() < 0.1:
        words.append(rng.choice(vocabulary.NOUNS[kind][language]).lower())
    if rng.random() < 0.05:
        words = [made_up_word(rng).title(), made_up_word(rng), rng.choice(vocabulary.SPECS)]
    extra = ""
    if rng.random() < 0.05:  # a specification as long as a sentence
        nouns = vocabulary.NOUNS[kind][language]
        extra = " ".join(
            rng.choice((rng.choice(nouns).lower(), rng.choice(vocabulary.SPECS), made_up_word(rng)))
            for _ in range(rng.randint(6, 20))
        )
    elif rng.random() < DETAIL_LINES:
        extra = _detail_lines(rng, kind, language)
    elif rng.random() < 0.35:
        extra = " ".join(rng.choice(vocabulary.SPECS) for _ in range(rng.randint(1, 4)))
    return " ".join(words), extra
