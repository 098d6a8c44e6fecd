"""How much of a name fits on a seat: the whole, initials with the given name, that alone, initials. Pure.

Widths are reckoned, not measured: what is drawn must look alike in every browser and on paper.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from unicodedata import combining, normalize

from services.lang import NameOrder, split_name

SMALLEST = 1.77  # millimetres: five points, what can still be read on paper
_LEADING = 1.16
_WIDE, _NARROW = "mwMWĐ@", "iljtfrI1.,' "


@lru_cache(4096)
def width(text: str) -> float:
    """In ems, of the face that the console and the papers use; rather too much than too little."""
    plain = (sign for sign in normalize("NFD", text) if not combining(sign))
    return sum(map(_em, plain))


def _em(sign: str) -> float:
    if sign in _WIDE:
        return 0.9
    if sign in _NARROW:
        return 0.34
    return 0.7 if sign.isupper() else 0.56


def height(lines: int, size: float) -> float:
    return lines * size * _LEADING


@lru_cache(16_384)  # the same hall is drawn again after every change
def lines_for(
    name: str, order: NameOrder | None, across: float, down: float, *, nth: int = 0
) -> tuple[Sequence[str], float]:
    """The lines that fit a seat of that size in millimetres, and the size of their letters; no lines where none fit.

    `nth`: of those who come with the guest of this name; no order: it is the name of a group.
    """
    ways = _of_group(name) if order is None else _of_one(name, order, nth)
    for lines in ways:
        widest = max(width(line) for line in lines)
        size = min(across / widest if widest else 0.0, down / (len(lines) * _LEADING), 3.2)
        if size >= SMALLEST:
            return lines, round(size, 2)
    return (), 0.0


def _of_one(name: str, order: NameOrder, nth: int) -> Iterator[list[str]]:
    return _with(f"+{nth}", name, order) if nth else _ways(name, order)


def _ways(name: str, order: NameOrder) -> Iterator[list[str]]:
    """From the whole name to as little as tells two apart."""
    words = name.split()
    if not words:
        return
    yield [name]
    for count in (2, 3):
        if len(words) >= count:
            yield _broken(words, count)
    parts = split_name(name, order)
    before = [word for text in (parts.family, parts.middle) for word in text.split()]
    short = "".join(f"{word[0]}." for word in before)
    if short:
        yield [short, parts.given]
    yield [parts.given]
    yield ["".join(word[0] for word in words[-3:]).upper()]


def _of_group(name: str) -> Iterator[list[str]]:
    words = name.split()
    yield from (_broken(words, count) for count in (1, 2, 3) if len(words) >= count)
    yield ["".join(word[0] for word in words[:3]).upper()]


def _with(plus: str, name: str, order: NameOrder) -> Iterator[list[str]]:
    given = split_name(name, order).given
    yield from ([*_broken(name.split(), count), plus] for count in (1, 2) if len(name.split()) >= count)
    yield [given, plus]
    yield [f"{given} {plus}"]
    yield [plus]


def _broken(words: Sequence[str], count: int) -> list[str]:
    """Into so many lines of about the same width."""
    if count == 1:
        return [" ".join(words)]
    ways = ([" ".join(words[:at]), *_broken(words[at:], count - 1)] for at in range(1, len(words) - count + 2))
    return min(ways, key=lambda lines: max(map(width, lines)))
