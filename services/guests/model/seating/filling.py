"""Halls filled by a pattern: guests in order of precedence onto seats, and why somebody has none. Pure.

Persons come before groups, who take what is left. A party (a guest with those he brings) sits on neighbouring seats.
A delegation that is kept together sits in one row, over an aisle if need be; one that no row holds any more, and a
group larger than a row, go on in the rows behind.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from schemas.guests import Side
from schemas.protocol.rules import Seating
from schemas.seating import SeatPattern, Who, Why
from services.guests.model.seating.patterns import Manner, in_turn, manner, on_rostrum
from services.guests.model.seating.places import Place, Room, Row

Head = tuple[str, int]  # a guest, and which of those who come with him: 0 is himself


@dataclass(frozen=True, slots=True)
class Sitter:
    """Who is to be seated. `heads` None: a group of which nobody knows how many they are."""

    id: str
    side: Side = "guest"
    group: bool = False
    heads: int | None = 1
    delegation: str | None = None
    wheelchair: bool = False


@dataclass(frozen=True, slots=True)
class Sat:
    """On a seat one head; in a standing block `heads` of them."""

    place: str
    heads: int = 1
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """Who has no place, and why."""

    head: Head
    heads: int
    why: Why


Seated = Mapping[Head, Sat]


@dataclass(frozen=True, slots=True)
class Filling:
    seated: Seated
    left: tuple[Left, ...]


def fill(room: Room, sitters: Sequence[Sitter], present: Seated, pattern: SeatPattern, profile: Seating) -> Filling:
    """Everybody of `present` stays; the others take what is free, in their order."""
    return _Filler(room, present, pattern, manner(pattern, profile)).fill(sitters)


def kept(present: Seated, room: Room, sitters: Iterable[Sitter], *, only_fixed: bool = False) -> dict[Head, Sat]:
    """Those of the present seats that may stay: of people who come, on places that there are, none held twice."""
    heads = {sitter.id: sitter.heads for sitter in sitters}
    found: dict[Head, Sat] = {}
    held: dict[str, int] = {}
    for head, sat in present.items():
        place, most = room.places.get(sat.place), heads.get(head[0], 0)
        comes = head[1] == 0 if most is None else head[1] + sat.heads <= most
        if place is None or not comes or (only_fixed and not sat.fixed):
            continue
        if held.get(place.id, 0) + sat.heads <= place.capacity:
            found[head] = sat
            held[place.id] = held.get(place.id, 0) + sat.heads
    return found


def missing(one: Sitter, seated: Seated) -> list[Head]:
    """The heads of a sitter that have no place; where several stand together, the first of them has it for all."""
    if one.heads is None:
        return [] if (one.id, 0) in seated else [(one.id, 0)]
    covered = set[int]()
    for nth in range(one.heads):
        if sat := seated.get((one.id, nth)):
            covered |= set(range(nth, nth + sat.heads))
    return [(one.id, nth) for nth in range(one.heads) if nth not in covered]


@dataclass
class _Line:
    """What is still free of a row, in the order in which it is taken."""

    row: Row
    turn: Mapping[str, int]
    free: set[str]
    _longest: dict[bool, int] = field(default_factory=dict)

    def take(self, place: str) -> None:
        self.free.discard(place)
        self._longest.clear()

    def longest(self, *, over_aisles: bool) -> int:
        if over_aisles not in self._longest:
            self._longest[over_aisles] = max(map(len, self.runs(over_aisles=over_aisles)), default=0)
        return self._longest[over_aisles]

    def runs(self, *, over_aisles: bool) -> Iterator[list[Place]]:
        """Free seats in a row of which none between is taken."""
        run: list[Place] = []
        for seat in self.row.seats:
            broken = run and not over_aisles and not run[-1].is_beside(seat)
            if (seat.id not in self.free or broken) and run:
                yield run
                run = []
            if seat.id in self.free:
                run.append(seat)
        if run:
            yield run

    def best(self, size: int, *, over_aisles: bool) -> list[str]:
        """So many beside each other, those that come first in turn; of the first of them outwards."""
        windows = (
            run[at : at + size] for run in self.runs(over_aisles=over_aisles) for at in range(len(run) - size + 1)
        )
        found = min(windows, key=lambda seats: sorted(self.turn[seat.id] for seat in seats))
        return sorted((seat.id for seat in found), key=self.turn.__getitem__)


class _Area:
    """Blocks that the same people may take; what is taken in one of them is taken for all."""

    def __init__(self, lines: Sequence[_Line]) -> None:
        self.lines = lines
        self._order = [place for line in lines for place in sorted(line.free, key=line.turn.__getitem__)]
        self._line = {place: line for line in lines for place in line.free}
        self._at = 0
        self._first: dict[tuple[int, bool], int] = {}

    def single(self) -> str | None:
        while self._at < len(self._order):
            place = self._order[self._at]
            if place in self._line[place].free:
                return place
            self._at += 1
        return None

    def together(self, size: int, *, over_aisles: bool) -> list[str]:
        """So many neighbours in the first row that has them; none if no row has."""
        key = size, over_aisles
        at = self._first.get(key, 0)  # what does not fit now never will: seats are only taken
        while at < len(self.lines) and self.lines[at].longest(over_aisles=over_aisles) < size:
            at += 1
        self._first[key] = at
        return self.lines[at].best(size, over_aisles=over_aisles) if at < len(self.lines) else []

    def nearest(self, to: Place, count: int) -> list[str]:
        """The free seats nearest to a place; none if there are not as many."""
        seats = (seat for line in self.lines for seat in line.row.seats if seat.id in line.free)
        free = [seat for seat in seats if seat.hall == to.hall]
        free.sort(key=lambda seat: ((seat.x - to.x) ** 2 + (seat.y - to.y) ** 2, seat.id))
        return [seat.id for seat in free[:count]] if len(free) >= count else []

    def piece(self, most: int) -> list[str]:
        """So many at most, in the first row of which half is free in one piece, else where the largest piece is."""
        runs = [line.longest(over_aisles=True) for line in self.lines]
        halves = (at for at, line in enumerate(self.lines) if 2 * runs[at] >= len(line.row.seats))
        at = next(halves, max(range(len(runs)), key=runs.__getitem__, default=0))
        size = min(most, runs[at]) if runs else 0
        return self.lines[at].best(size, over_aisles=True) if size else []


class _Filler:
    def __init__(self, room: Room, present: Seated, pattern: SeatPattern, how: Manner) -> None:
        self.room, self.pattern, self.how = room, pattern, how
        self.seated: dict[Head, Sat] = dict(present)
        self.left: list[Left] = []
        self.places = room.places
        taken = {sat.place for sat in present.values() if not self.places[sat.place].standing}
        self.room_left = {key: place.capacity for key, place in self.places.items() if place.standing}
        for sat in present.values():
            if sat.place in self.room_left:
                self.room_left[sat.place] -= sat.heads
        self.lines = {
            block: [_line(row, number, how, taken) for number, row in enumerate(rows)]
            for block, rows in room.rows.items()
        }
        self._line_of = {seat.id: line for lines in self.lines.values() for line in lines for seat in line.row.seats}
        self._chairs = [
            place.id
            for lines in self.lines.values()
            for line in lines
            for place in sorted(line.row.seats, key=lambda seat: _turn(line, seat))
            if place.mark == "wheelchair" and place.id not in taken
        ]
        self._areas: dict[tuple[str, ...], _Area] = {}
        self._uses = {use.block: use.who for use in pattern.uses}

    def fill(self, sitters: Sequence[Sitter]) -> Filling:
        waiting = sorted((one for one in sitters if self._missing(one)), key=lambda one: one.group)
        self._take_rostrum(waiting)
        for one in waiting:
            if one.wheelchair and not one.group:
                self._seat_in_wheelchair(one)
        for unit in _units(waiting, together=self.pattern.together):
            self._seat_unit(unit)
        return Filling(self.seated, tuple(sorted(self.left, key=_by_turn(sitters))))

    def _missing(self, one: Sitter) -> list[Head]:
        return missing(one, self.seated)

    # The rostrum, and wheelchairs.

    def _take_rostrum(self, waiting: Sequence[Sitter]) -> None:
        rows = [row for each in self.room.rows.values() for row in each if row.kind == "rostrum"]
        who = [one for one in waiting if not one.group and not one.wheelchair and (one.id, 0) not in self.seated]
        there = sum(self.places[sat.place].kind == "rostrum" for sat in self.seated.values())
        count = min(self.pattern.rostrum - there, len(who))
        if count <= 0:
            return
        free = [seat for seat in on_rostrum(rows, count + there, self.how) if self._is_free(seat.id)]
        for one, seat in zip(who[:count], free, strict=False):
            self._sit((one.id, 0), seat.id)

    def _seat_in_wheelchair(self, one: Sitter) -> None:
        """And those who come along on the free seats nearest to him."""
        if (one.id, 0) not in self.seated:
            place = next((each for each in self._chairs if self._is_free(each)), None)
            if place is None:
                self.left.append(Left((one.id, 0), 1, "no_wheelchair_place"))
            else:
                self._sit((one.id, 0), place)

    # Everybody else.

    def _seat_unit(self, unit: Sequence[Sitter]) -> None:
        refused = {left.head for left in self.left}
        parties = [[head for head in self._missing(one) if head not in refused] for one in unit]
        heads = [head for party in parties for head in party]
        if not heads or self._stands(unit[0], heads):
            return
        if unit[0].heads is None:
            self.left.append(Left(heads[0], 1, "head_count_unknown"))
            return
        area = self._area(unit[0])
        if len(unit) > 1 or unit[0].group:
            self._seat_many(area, heads)
        else:
            self._seat_party(area, heads)

    def _stands(self, one: Sitter, heads: Sequence[Head]) -> bool:
        """A group as a whole in a block that has room for it."""
        if not one.group or one.heads is None:
            return False
        for block in self.room_left:
            if self._may(one, block) and self.room_left[block] >= len(heads) and len(heads) == one.heads:
                self.seated[heads[0]] = Sat(block, len(heads))
                self.room_left[block] -= len(heads)
                return True
        return False

    def _seat_party(self, area: _Area, heads: Sequence[Head]) -> None:
        """Those who come along sit beside their guest; where they cannot, he sits and they are told of."""
        if beside := self._beside(area, heads):
            self._sit_all(heads, beside)
        elif places := area.together(len(heads), over_aisles=False) if len(heads) > 1 else []:
            self._sit_all(heads, places)
        elif self._goes_alone(heads[0]) and (place := area.single()):
            self._sit(heads[0], place)
            self._leave(heads[1:], "no_seat_beside")
        else:
            self._leave(heads, "no_seat" if self._goes_alone(heads[0]) else "no_seat_beside")

    def _goes_alone(self, head: Head) -> bool:
        """The guest himself; and who comes with one that sits on the rostrum, or has no seat."""
        his = self.seated.get((head[0], 0))
        return head[1] == 0 or his is None or self.places[his.place].kind == "rostrum"

    def _beside(self, area: _Area, heads: Sequence[Head]) -> list[str]:
        """For those who come later than their guest: the free neighbours of his seat, of a wheelchair the nearest."""
        his = self.seated.get((heads[0][0], 0))
        if heads[0][1] == 0 or his is None:
            return []
        at = self.places[his.place]
        if at.mark == "wheelchair":
            return area.nearest(at, len(heads))
        found: list[str] = []
        edge = [] if at.kind == "rostrum" else [at.id]
        while edge and len(found) < len(heads):
            free = [each for each in self.room.neighbours.get(edge.pop(0), ()) if self._is_free(each)]
            new = [each for each in free if each not in found and not self.places[each].mark]
            found += new
            edge += new
        return found[: len(heads)] if len(found) >= len(heads) else []

    def _seat_many(self, area: _Area, heads: Sequence[Head]) -> None:
        """In one row if one holds them all, else row by row from the front."""
        left = list(heads)
        while left:
            places = area.together(len(left), over_aisles=True) or area.piece(len(left))
            if not places:
                self._leave(left, "no_seat")
                return
            self._sit_all(left[: len(places)], places)
            left = left[len(places) :]

    def _area(self, one: Sitter) -> _Area:
        first = [block for block in self._uses if block in self.lines]
        blocks = tuple(block for block in dict.fromkeys([*first, *self.lines]) if self._may(one, block))
        if blocks not in self._areas:
            self._areas[blocks] = _Area([line for block in blocks for line in self.lines[block]])
        return self._areas[blocks]

    def _may(self, one: Sitter, block: str) -> bool:
        kind = self.room.blocks[block].kind
        who: Who = self._uses.get(block) or _OF_KIND[kind]
        return {
            "anyone": True,
            "nobody": False,
            "persons": not one.group,
            "groups": one.group,
            "guests": one.side == "guest",
            "hosts": one.side == "host",
        }[who]

    def _is_free(self, place: str) -> bool:
        line = self._line_of[place]
        return place in line.free or (self.places[place].mark == "wheelchair" and place not in self._chairs_taken)

    @cached_property
    def _chairs_taken(self) -> set[str]:
        return {sat.place for sat in self.seated.values()}

    def _sit_all(self, heads: Sequence[Head], places: Sequence[str]) -> None:
        for head, place in zip(heads, places, strict=True):
            self._sit(head, place)

    def _sit(self, head: Head, place: str) -> None:
        self.seated[head] = Sat(place)
        self._line_of[place].take(place)
        self._chairs_taken.add(place)

    def _leave(self, heads: Sequence[Head], why: Why) -> None:
        """Those of one guest together."""
        for _, one in groupby(heads, key=lambda head: head[0]):
            lost = list(one)
            self.left.append(Left(lost[0], len(lost), why))


_OF_KIND: dict[str, Who] = {"seats": "anyone", "rostrum": "nobody", "standing": "groups"}


def _line(row: Row, number: int, how: Manner, taken: set[str]) -> _Line:
    """Reserved seats and wheelchair places are not free for everybody."""
    turn = {seat.id: at for at, seat in enumerate(in_turn(row, number, how))}
    return _Line(row, turn, {seat.id for seat in row.seats if not seat.mark and seat.id not in taken})


def _turn(line: _Line, seat: Place) -> int:
    return line.turn[seat.id]


def _units(sitters: Sequence[Sitter], *, together: bool) -> Iterator[list[Sitter]]:
    """One by one; or those of a delegation at once, where the first of them has his turn."""
    if not together:
        yield from ([one] for one in sitters)
        return
    of: dict[str, list[Sitter]] = {}
    for one in sitters:
        of.setdefault(_delegation(one), []).append(one)
    yield from of.values()


def _delegation(one: Sitter) -> str:
    return f"delegation {one.delegation}" if one.delegation and not one.group else f"one {one.id}"


def _by_turn(sitters: Sequence[Sitter]) -> "_Turn":
    return _Turn({one.id: at for at, one in enumerate(sitters)})


@dataclass(frozen=True, slots=True)
class _Turn:
    places: Mapping[str, int]

    def __call__(self, left: Left) -> tuple[int, int]:
        return self.places.get(left.head[0], 0), left.head[1]
