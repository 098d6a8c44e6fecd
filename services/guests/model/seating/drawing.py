"""A hall drawn as SVG on A3: seats with names, blocs by colour and letter, signs, numbers, a legend. Pure.

Only presentation attributes, so that a page with a strict policy may hold it; by its classes a page puts other
colours.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from schemas.halls import Hall, HallBlock, HallSign, HallWords, hall_words
from services.guests.model.seating.filling import Head, Sat
from services.guests.model.seating.names import SMALLEST, height, lines_for, width
from services.guests.model.seating.places import Place, Room
from services.guests.model.seating.wording import SeatWords
from services.lang import NameOrder

PAPER = (420.0, 297.0)  # A3 lying, in millimetres
_MARGIN, _HEAD, _FOOT = 8.0, 13.0, 17.0
_LARGEST = 15.0  # millimetres of a seat
# Grounds on which black is read well, apart for eyes that see few colours; the letter tells them too.
_GROUNDS = (
    "#f6c9c4",
    "#f3e2a9",
    "#c9e3c4",
    "#bfdcf2",
    "#d9cdf0",
    "#f2cfa8",
    "#bfe6e0",
    "#eac4de",
    "#d8d8b0",
    "#cfd3da",
)
_INK, _SOFT, _LINE = "#1c1a17", "#5c564c", "#8a8275"


@dataclass(frozen=True, slots=True)
class Shown:
    """A head as the plan says it: the name on the seat, the bloc by its code."""

    head: Head
    name: str
    label: str
    bloc: str | None
    group: bool = False
    fixed: bool = False
    heads: int = 1


@dataclass(frozen=True, slots=True)
class Look:
    """What the plan of a hall is drawn with. `blocs`: the words of those of the profile, in its order."""

    language: str
    name_order: NameOrder
    blocs: Mapping[str, str]
    block: str | None = None
    only: frozenset[str] | None = None


def draw(room: Room, hall: Hall, shown: Mapping[str, Sequence[Shown]], look: Look) -> str:
    """`shown` says who is at which place."""
    return _Sheet(room, hall, shown, look).svg()


def shown_at(
    seated: Mapping[Head, Sat], people: Mapping[str, Shown], words: HallWords, language: str
) -> dict[str, list[Shown]]:
    """Who is at which place, of those who are known; a companion goes by the name of his guest."""
    found: dict[str, list[Shown]] = {}
    for head, sat in seated.items():
        if one := people.get(head[0]):
            label = one.label
            if head[1] and not one.group:
                label = words.plus.say(language).format_map({"name": label, "nth": head[1]})
            told = replace(one, head=head, label=label, fixed=sat.fixed, heads=sat.heads)
            found.setdefault(sat.place, []).append(told)
    return found


class _Sheet:
    def __init__(self, room: Room, hall: Hall, shown: Mapping[str, Sequence[Shown]], look: Look) -> None:
        self.room, self.hall, self.shown, self.look = room, hall, shown, look
        self.words, self.texts = hall_words(), SeatWords(room, look.language)
        only = f"{hall.key}/{look.block}" if look.block else None
        here = [place for place in room.places.values() if place.hall == hall.key]
        self.places = [place for place in here if only is None or place.block == only]
        self.blocks = [block for block in hall.blocks if look.block in {None, block.key}]
        self.signs = [sign for sign in hall.signs if only is None or sign.kind != "stage"]
        present = [one.bloc for place in self.places for one in shown.get(place.id, ())]
        self.letters = {code: (chr(65 + at), at) for at, code in enumerate(c for c in look.blocs if c in present)}
        self.counts = {code: present.count(code) for code in {*present}}
        self._measure()

    def _measure(self) -> None:
        """How large a seat is, and where the hall begins on the paper."""
        boxes = [(place.x - 0.5, place.y - 0.5, place.x + 0.5, place.y + 0.5) for place in self.places]
        boxes += [(b.x, b.y, b.x + b.width, b.y + b.height) for b in self.blocks if b.kind == "standing"]
        inside = _around(boxes)
        self.signs = [sign for sign in self.signs if self.look.block is None or _touches(sign, inside)]
        boxes += [(one.x, one.y, one.x + one.width, one.y + one.height) for one in self.signs]
        left, top, right, bottom = _around(boxes)
        across, down = PAPER[0] - 2 * _MARGIN - 8, PAPER[1] - _HEAD - _FOOT - _MARGIN
        self.unit = min(across / max(right - left, 1), down / max(bottom - top, 1), _LARGEST)
        self.x0 = PAPER[0] / 2 - (left + right) / 2 * self.unit
        self.y0 = _HEAD + (down - (bottom - top) * self.unit) / 2 - top * self.unit

    def at(self, x: float, y: float) -> tuple[float, float]:
        return round(self.x0 + x * self.unit, 2), round(self.y0 + y * self.unit, 2)

    def svg(self) -> str:
        name, only = self.hall.label.say(self.look.language), self.look.only
        if only is not None:
            return _svg(self._at_place(place) for place in self.places if place.id in only)
        inner = [
            f'<rect class="sheet" width="{PAPER[0]:g}" height="{PAPER[1]:g}" fill="#fff"/>',
            _text(PAPER[0] / 2, 9, name, 5, weight=600, kind="title"),
            *map(self._sign, self.signs),
            *(self._standing(block) for block in self.blocks if block.kind == "standing"),
            *self._rows(),
            self._shapes(),
            '<g text-anchor="middle">',
            *(self._seat(place) for place in self.places if not place.standing),
            "</g>",
            *self._legend(),
        ]
        return _svg(inner)

    def _at_place(self, place: Place) -> str:
        if place.standing:
            return self._standing(next(block for block in self.blocks if place.block.endswith(f"/{block.key}")))
        return self._seat(place)

    # What nobody sits on.

    def _sign(self, sign: HallSign) -> str:
        x, y = self.at(sign.x, sign.y)
        across, down = sign.width * self.unit, sign.height * self.unit
        if sign.kind == "aisle":
            return _rect(x, y, across, down, "aisle", fill="#f4f1ea")
        label = sign.label or (self.words.stage if sign.kind == "stage" else self.words.door)
        words = label.say(self.look.language)
        if sign.kind == "stage":
            size = min(5, 1.1 * self.unit)
            return _rect(x, y, across, down, "stage", fill="#ece6da", stroke=_LINE) + _text(
                x + across / 2, y + size * 1.2, words, size, kind="words", colour=_SOFT
            )
        return self._door(x, y, across, down, words)

    def _door(self, x: float, y: float, across: float, down: float, words: str) -> str:
        """Its name beside the opening, upright where that is narrow."""
        box = _rect(x, y, across, down, "door", fill="#4a443c")
        size = max(2.2, min(3.2, 0.5 * self.unit))
        if down > across:
            middle, turn = (round(x + across / 2 + size * 0.35, 2), round(y + down / 2, 2)), -90
            fits = size if width(words) * size <= down else down / width(words)
            return box + _text(*middle, words, round(fits, 2), kind="on-door", colour="#fff", turn=turn)
        return box + _text(x + across / 2, y + down / 2 + size * 0.36, words, size, kind="on-door", colour="#fff")

    def _standing(self, block: HallBlock) -> str:
        place = f"{self.hall.key}/{block.key}"
        x, y = self.at(block.x, block.y)
        across, down = block.width * self.unit, block.height * self.unit
        there = self.shown.get(place, ())
        said = {"there": sum(one.heads for one in there), "capacity": block.capacity}
        count = self.words.standing.say(self.look.language).format_map(said)
        lines = [block.label.say(self.look.language), count, *(f"{one.name} ({one.heads})" for one in there)]
        size = max(SMALLEST, min(4.5, down / (len(lines) + 1.5)))
        told = [
            _text(
                x + across / 2,
                y + size * 1.25 * (at + 1.2),
                _cut(line, across / size),
                size,
                weight=600 if at == 0 else 400,
            )
            for at, line in enumerate(lines)
            if size * 1.25 * (at + 1.3) < down
        ]
        box = _rect(0, 0, round(across, 2), round(down, 2), "block", fill="#fbf9f5", stroke=_LINE)
        head = f'<g class="standing" data-place="{escape(place)}" data-x="{x}" data-y="{y}">'
        return f'{head}<g transform="translate({x} {y})">{box}</g>{"".join(told)}{_title(", ".join(lines))}</g>'

    def _rows(self) -> Iterator[str]:
        """The letter of a row at both its ends."""
        size = max(1.9, min(3.5, 0.5 * self.unit))
        for rows in self.room.rows.values():
            for row in rows:
                seats = [
                    seat
                    for seat in row.seats
                    if seat.hall == self.hall.key and self.look.block in {None, _block(seat)}
                ]
                if seats:
                    first, last = seats[0], seats[-1]
                    for x, y in (self.at(first.x - 0.95, first.y), self.at(last.x + 0.95, last.y)):
                        yield _text(x, y + size * 0.36, first.row, size, weight=600, kind="row", colour=_SOFT)

    # Seats.

    def _shapes(self) -> str:
        """What all seats have in common is written once."""
        across, down = self.unit * 0.93, self.unit * 0.89
        size = (
            f'width="{across:.2f}" height="{down:.2f}" rx="{across * 0.12:.2f}" stroke="{_LINE}" stroke-width="0.2"'
        )
        dashed = f'<rect id="hall-reserved" {size} stroke-dasharray="0.8 0.5"/>'
        return f'<defs><rect id="hall-seat" {size}/>{dashed}</defs>'

    def _seat(self, place: Place) -> str:
        across, down = round(self.unit * 0.93, 2), round(self.unit * 0.89, 2)
        x, y = self.at(place.x - 0.465, place.y - 0.445)
        who = next(iter(self.shown.get(place.id, ())), None)
        kind, ground = self._ground(place, who)
        shape = "hall-reserved" if place.mark == "reserved" else "hall-seat"
        box = f'<use href="#{shape}" fill="{ground}"/>'
        inner = self._on_seat(place, who, across, down)
        head = f' data-guest="{escape(who.head[0])}" data-nth="{who.head[1]}"' if who else ""
        fixed = " fixed" if who and who.fixed else ""
        seat = self.texts.one(place.id)
        said = f"{seat}: {who.label}" if who else f"{seat}{self._marked(place)}"
        mark = f" {place.mark}" if place.mark else ""
        return (
            f'<g class="seat {kind}{mark}{fixed}" data-place="{escape(place.id)}"{head}'
            f' transform="translate({x} {y})">'
            f"{_title(said)}{box}{inner}</g>"
        )

    def _ground(self, place: Place, who: Shown | None) -> tuple[str, str]:
        if who is None:
            return "free", "#eef3fb" if place.mark == "wheelchair" else "#ffffff"
        if who.bloc not in self.letters:
            return "other", "#e6e3dd"
        at = self.letters[who.bloc][1] % len(_GROUNDS)
        return f"bloc-{at}", _GROUNDS[at]

    def _marked(self, place: Place) -> str:
        words = {"reserved": self.words.reserved, "wheelchair": self.words.wheelchair}.get(place.mark)
        return f" ({words.say(self.look.language)})" if words else ""

    def _on_seat(self, place: Place, who: Shown | None, across: float, down: float) -> str:
        small = round(max(1.25, min(2.2, 0.24 * self.unit)), 2)
        wheel = (across * 0.42, small * 0.95) if who else (across * 0.06, down * 0.86)
        mark = _wheel(*wheel, small) if place.mark == "wheelchair" else ""
        if who is None:
            size = round(min(2.6, max(1.4, 0.36 * self.unit)), 2)
            return (
                _text(across / 2, down / 2 + size * 0.36, place.number, size, kind="number", colour=_SOFT, anchor="")
                + mark
            )
        number = _text(small * 0.35, small * 1.05, place.number, small, kind="number", colour=_SOFT, anchor="start")
        letter = self.letters.get(who.bloc or "", ("",))[0]
        told = _text(across - small * 0.35, small * 1.05, letter, small, weight=600, anchor="end") if letter else ""
        order = None if who.group else self.look.name_order
        lines, size = lines_for(who.name, order, across * 0.94, down - small * 1.15, nth=who.head[1])
        base = small * 1.1 + (down - small * 1.15 - height(len(lines), size)) / 2
        names = [
            _text(across / 2, base + size * (1.16 * at + 0.92), line, size, kind="name", anchor="")
            for at, line in enumerate(lines)
        ]
        pin = f'<circle class="pin" cx="{across - 0.5:.2f}" cy="{down - 0.5:.2f}" r="0.38"/>' if who.fixed else ""
        return number + told + "".join(names) + pin + mark

    # The legend.

    def _legend(self) -> Iterator[str]:
        """Along the foot, in as many lines as it takes."""
        x, y = _MARGIN, PAPER[1] - _FOOT + 5
        for words, draw in self._entries():
            long = 6.5 + width(words) * 3 + 5
            if x + long > PAPER[0] - _MARGIN:
                x, y = _MARGIN, y + 5.2
            yield f'<g transform="translate({x:.2f} {y:.2f})">{draw}{_text(6.5, 3.2, words, 3, anchor="start")}</g>'
            x += long

    def _entries(self) -> Iterator[tuple[str, str]]:
        say = self.look.language
        for code, (letter, at) in self.letters.items():
            box = _box(f"bloc-{at % len(_GROUNDS)}", _GROUNDS[at % len(_GROUNDS)])
            words = self.look.blocs[code]
            yield (
                f"{words[:1].upper()}{words[1:]} ({self.counts[code]})",
                box + _text(2.6, 3.2, letter, 2.6, weight=600),
            )
        if None in self.counts:
            yield f"{self.words.other.say(say)} ({self.counts[None]})", _box("other", "#e6e3dd")
        free = [place for place in self.places if not place.standing and not self.shown.get(place.id)]
        if any(not place.mark for place in free):
            yield f"{self.words.free.say(say)} ({sum(not place.mark for place in free)})", _box("free", "#ffffff")
        if any(place.mark == "reserved" for place in self.places):
            yield self.words.reserved.say(say), _box("free", "#ffffff", dash=True)
        if any(place.mark == "wheelchair" for place in self.places):
            yield self.words.wheelchair.say(say), _box("free", "#eef3fb") + _wheel(1.6, 3.4, 3)
        if any(one.fixed for some in self.shown.values() for one in some):
            yield (
                self.words.fixed.say(say),
                _box("free", "#ffffff") + '<circle class="pin" cx="4.6" cy="3.5" r="0.5"/>',
            )


def _svg(inner: Iterable[str]) -> str:
    head = f'viewBox="0 0 {PAPER[0]:g} {PAPER[1]:g}" font-family="Be Vietnam Pro, Liberation Sans, sans-serif"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" class="hall" {head} fill="{_INK}">{"".join(inner)}</svg>'


def _block(place: Place) -> str:
    return place.block.partition("/")[2]


def _around(boxes: Iterable[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    some = list(boxes) or [(0.0, 0.0, 1.0, 1.0)]
    lefts, tops, rights, bottoms = zip(*some, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _touches(sign: HallSign, box: tuple[float, float, float, float]) -> bool:
    across = box[0] - 3 <= sign.x + sign.width and sign.x <= box[2] + 3
    return across and box[1] - 2 <= sign.y + sign.height and sign.y <= box[3] + 2


def _cut(text: str, most: float) -> str:
    """So that it is not wider than so many ems."""
    if width(text) <= most:
        return text
    while text and width(text) + 0.6 > most:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _rect(x: float, y: float, across: float, down: float, kind: str, *, fill: str, stroke: str = "none") -> str:
    at = f'x="{x:g}" y="{y:g}" width="{across:.2f}" height="{down:.2f}"'
    return f'<rect class="{kind}" {at} rx="0.8" fill="{fill}" stroke="{stroke}" stroke-width="0.3"/>'


def _box(kind: str, fill: str, *, dash: bool = False) -> str:
    dashed = ' stroke-dasharray="0.8 0.5"' if dash else ""
    box = f'<rect width="5.2" height="4" rx="0.6" fill="{fill}" stroke="{_LINE}" stroke-width="0.2"{dashed}/>'
    return f'<g class="{kind}">{box}</g>'


def _wheel(x: float, y: float, small: float) -> str:
    """A wheel and who sits in it."""
    r = small * 0.36
    path = f"M{r * 0.9:.2f} {-r * 2.6:.2f}v{r * 1.7:.2f}h{r * 1.1:.2f}l{r * 0.5:.2f} {r:.2f}"
    wheel = f'<circle cx="{r:.2f}" cy="0" r="{r:.2f}"/><path d="{path}"/>'
    turn = f"translate({x:.2f} {y - r:.2f})"
    return f'<g class="wheel" transform="{turn}" fill="none" stroke="{_INK}" stroke-width="{r * 0.3:.2f}">{wheel}</g>'


def _text(
    x: float,
    y: float,
    words: str,
    size: float,
    *,
    weight: int = 400,
    kind: str = "",
    colour: str = "",
    anchor: str = "middle",
    turn: int = 0,
) -> str:
    said = f' class="{kind}"' if kind else ""
    said += f' fill="{colour}"' if colour else ""
    said += f' font-weight="{weight}"' if weight != 400 else ""  # noqa: PLR2004 - the ordinary weight
    said += f' text-anchor="{anchor}"' if anchor else ""
    said += f' transform="rotate({turn} {x:g} {y:g})"' if turn else ""
    return f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:g}"{said}>{escape(words)}</text>'


def _title(words: str) -> str:
    return f"<title>{escape(words)}</title>"
