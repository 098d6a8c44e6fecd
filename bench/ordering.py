"""Ordering 10,000 guests by a profile, beside the bare minimum: the same names sorted by the same alphabet."""

import time
from collections.abc import Callable
from datetime import date

from bench.imports import plan
from schemas.guests import Post
from schemas.protocol import load_profile
from services.guests.model.lists import Kept, kept
from services.guests.model.ordered import Ordered, in_order
from services.guests.model.placing import ByHand
from services.lang import Collation, split_name

ON = date(2024, 7, 1)
TITLES = (
    "Bí thư Tỉnh ủy",
    "Phó Chủ tịch UBND tỉnh",
    "Giám đốc Sở Nội vụ",
    "Trưởng Công an huyện",
    "Ủy viên Ban Thường vụ Huyện ủy",
    "Chủ tịch UBND xã",
    "Nghệ nhân ưu tú",
)


def guests(count: int) -> list[Kept]:
    """Each with one of several titles, of a thousand organisations; some titles no profile knows."""
    listed = []
    for number, row in enumerate(plan(count).guests.guests):
        body = f"tỉnh Thử Nghiệm {number % 1000}"
        post = Post(title=TITLES[number % len(TITLES)], organisation=body)
        person = row.person.model_copy(update={"posts": (post,)}) if row.person else None
        listed.append(kept(row.model_copy(update={"person": person}), f"g{number:06}", None))
    return listed


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def bare(listed: list[Kept]) -> float:
    """Seconds for nothing but the names by the Vietnamese alphabet, part by part."""
    collation, names = Collation("vi"), [guest.person.name for guest in listed if guest.person]
    key = ("given", "middle", "family")
    return seconds(lambda: sorted(names, key=lambda name: collation.name_key(split_name(name, "family_first"), key)))


def rows(count: int = 10_000) -> list[tuple[str, str, str, str]]:
    listed, profile = guests(count), load_profile("vn-province", ON)
    least = bare(listed)
    made: list[Ordered] = []
    first = seconds(lambda: made.append(in_order(listed, profile, ON)))
    hands = {
        f"g{number:06}": ByHand(before=f"g{number + 1:06}", after=None) for number in range(0, count, count // 100)
    }
    by_hand = seconds(lambda: made[0].changed((), hands=hands))
    again = seconds(lambda: made[0].changed(()))
    beside = f"{least:.2f} s for the names alone by ICU"
    return [
        (f"ordering {count:,} guests by the profile", f"{first:.2f} s", beside, f"{first / least:.1f} ×"),
        (
            f"the same order with {len(hands)} placed by hand",
            f"{by_hand:.3f} s",
            f"{again:.3f} s with nobody by hand",
            f"{by_hand / again:.2f} ×",
        ),
    ]
