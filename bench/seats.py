"""3,000 heads on 2,000 + 1,000 seats, beside a search of all seats for each; a change after a release; a plan."""

import time
from collections.abc import Callable
from dataclasses import replace

from schemas.halls import hall_words, ready_made_hall
from schemas.protocol import load_profile
from schemas.seating import SeatPattern
from services.guests.model.seating.drawing import Look, Shown, draw, shown_at
from services.guests.model.seating.filling import Filling, Sat, Sitter, fill
from services.guests.model.seating.patterns import in_turn, manner
from services.guests.model.seating.places import Room
from services.guests.model.seating.reseating import reseat

PROFILE = load_profile("vn-province")
PATTERN = SeatPattern(together=True)


def room() -> Room:
    """Read anew each time: what a room works out once is part of the time."""
    return Room((ready_made_hall("theatre-2000"), ready_made_hall("yard-1000")))


def sitters(count: int = 3000) -> list[Sitter]:
    """In order of precedence; two of three in one of 97 delegations, some with company, a few in wheelchairs."""
    return [
        Sitter(
            f"g{number}",
            delegation=f"d{number % 97}" if number % 3 else None,
            heads=2 if number % 12 == 0 else 1,
            wheelchair=number % 400 == 7,
        )
        for number in range(count - count // 13)
    ]


def naive(who: list[Sitter]) -> int:
    """For each head all seats from the best on, until one is not taken; nothing of company or delegations."""
    halls, how = room(), manner(PATTERN, PROFILE.seating)
    rows = [row for rows in halls.rows.values() for row in rows]
    seats = [seat.id for number, row in enumerate(rows) for seat in in_turn(row, number, how)]
    taken: set[str] = set()
    for one in who:
        for _ in range(one.heads or 0):
            free = next((seat for seat in seats if seat not in taken), None)
            if free:
                taken.add(free)
    return len(taken)


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def changed(filling: Filling, who: list[Sitter]) -> tuple[float, int]:
    """Seconds for 50 who do not come and 50 others who do, and how many move by it."""
    after = [*who[:400], *who[450:], *(replace(one, id=f"n{one.id}") for one in who[100:150])]
    found: list[Filling] = []
    took = timed(lambda: found.append(reseat(room(), after, filling.seated, PATTERN, PROFILE.seating)))
    there = {one.id for one in after}
    stayed = {head: sat for head, sat in filling.seated.items() if head[0] in there}
    return took, sum(found[0].seated.get(head) != sat for head, sat in stayed.items())


def drawn(filling: Filling) -> float:
    """Seconds for the plan of the theatre with every name."""
    blocs = {code: PROFILE.word(code) for code in PROFILE.bloc_order}
    codes = list(blocs)
    people = {
        head[0]: Shown(head, "Nguyễn Văn Thử", "Ông Nguyễn Văn Thử", codes[number % len(codes)])
        for number, head in enumerate(filling.seated)
    }
    seated: dict[tuple[str, int], Sat] = dict(filling.seated)
    halls, look = room(), Look("vi", PROFILE.names.order, blocs)
    return timed(lambda: draw(halls, halls.halls[0], shown_at(seated, people, hall_words(), "vi"), look))


def rows() -> list[tuple[str, str, str, str]]:
    who = sitters()
    fill(room(), who[:10], {}, PATTERN, PROFILE.seating)  # what is read once, such as the halls, is read
    found: list[Filling] = []
    ours = timed(lambda: found.append(fill(room(), who, {}, PATTERN, PROFILE.seating)))
    plain = timed(lambda: naive(who))
    again, moved = changed(found[0], who)
    plan = drawn(found[0])
    heads = len(found[0].seated)
    return [
        (
            f"{heads:,} heads on 2,000 + 1,000 seats, delegations together",
            f"{ours:.2f} s",
            f"{plain:.2f} s for each head a search of all seats, nobody beside anybody",
            f"{plain / ours:.0f} × faster",
        ),
        (
            "50 guests stay away, 50 others come: seated anew",
            f"{again:.2f} s, {moved} others move",
            f"{ours:.2f} s to fill all anew",
            f"{again / ours:.1f} ×",
        ),
        (
            "the plan of 2,000 seats drawn as SVG",
            f"{plan:.2f} s",
            f"{ours:.2f} s to fill both halls",
            f"{plan / ours:.1f} ×",
        ),
    ]
