"""Looking for duplicates among 3,000 guests, beside the bare minimum: their names without accents, counted."""

import time
from collections import Counter
from collections.abc import Callable

from bench.ordering import ON, guests
from schemas.protocol import load_profile
from services.guests.model.likeness import Present
from services.lang import search_key


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def rows(count: int = 3_000) -> list[tuple[str, str, str, str]]:
    """Three people of each name, with posts of their own."""
    listed = {one.id: one for one in guests(count)}
    profile = load_profile("vn-province", ON)
    least = seconds(lambda: Counter(search_key(one.person.name) for one in listed.values() if one.person))
    took = seconds(Present(listed, profile).pairs)
    beside = f"{least:.3f} s for the names alone"
    return [(f"looking for duplicates among {count:,} guests", f"{took:.2f} s", beside, f"{took / least:.1f} ×")]
