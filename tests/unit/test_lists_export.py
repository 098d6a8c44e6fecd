"""The guest list as a file: read back it is the same list, and no text of it acts as a formula."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from itertools import count
from typing import Any

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from schemas.guest_imports import ImportedRow
from schemas.guests import Guest, GuestFields
from schemas.protocol import profile_for
from services.guests.model.bringing import Bringing, Brought, Settings
from services.guests.model.incoming import Reader
from services.guests.model.lists import Kept
from services.lang import clean, clean_block, match_key
from services.plan.lists import KINDS, Decided, exported, propose, read_lists

VIETNAM = profile_for("vn-province", None)
PLACED: dict[str, Any] = {"position": None, "address": "—", "posts_text": "—"}
SIGNS = "=+-@\t|'\"\\,;:.()/&%#~ aĐứ漢0١é"
LINES = st.text(SIGNS, min_size=1, max_size=12).map(clean).filter(lambda text: text.strip("—-–. '") != "")
BLOCKS = st.lists(LINES, min_size=1, max_size=3).map("\n".join).map(clean_block)
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
POSTS = st.lists(
    st.fixed_dictionaries(
        {"title": LINES},
        optional={"organisation": LINES, "level": LINES, "bloc": LINES, "cls": LINES, "since": DAYS, "until": DAYS},
    ),
    max_size=3,
)
PERSONS = st.fixed_dictionaries(
    {"name": LINES},
    optional={
        "honorific": LINES,
        "rank": LINES,
        "posts": POSTS,
        "born_on": DAYS,
        "email": st.just("mau@example.org"),
        "phone": LINES,
        "language": st.sampled_from(["vi", "en", "fr"]),
    },
).map(lambda one: {"person": one})
GROUPS = st.fixed_dictionaries(
    {"label": LINES},
    optional={
        "head_count": st.integers(0, 10_000_000),
        "head_count_kind": st.sampled_from(["actual", "planned", "claimed"]),
        "posts": POSTS,
        "roll": st.lists(LINES, min_size=1, max_size=3),
        "email": st.just("nhom@example.org"),
    },
).map(lambda one: {"group": one})
MORE = st.fixed_dictionaries(
    {},
    optional={
        "side": st.sampled_from(["guest", "host"]),
        "delegation": LINES,
        "note": BLOCKS,
        "seat": LINES,
        "attends_as": LINES,
        "state": st.sampled_from(["accepted", "absent"]),
    },
)


def called(one: Any) -> str:
    return match_key(one["person"]["name"] if "person" in one else one["group"]["label"])


GUESTS = st.lists(
    st.tuples(st.one_of(PERSONS, GROUPS), MORE).map(lambda both: both[0] | both[1]),
    min_size=20,
    max_size=40,
    unique_by=called,
)
# A file is read by a child of its own: few files, each of many guests, and none made smaller when one fails.
FEW = settings(max_examples=3, phases=[Phase.explicit, Phase.generate], deadline=None)


def listed(told: Sequence[dict[str, Any]]) -> list[Guest]:
    return [Guest.model_validate({**one, **PLACED, "id": f"k{at}", "version": 1}) for at, one in enumerate(told)]


def kept(guests: Sequence[Guest]) -> dict[str, Kept]:
    return {one.id: Kept.model_validate(one.model_dump(include=set(Kept.model_fields))) for one in guests}


def read(kind: str, guests: Sequence[Guest]) -> tuple[ImportedRow, ...]:
    """The rows of a file of these guests."""
    return propose(read_lists(f"a.{kind}", exported(kind, guests, "vi", "Lễ"), Decided())).rows


def brought(
    rows: Sequence[ImportedRow], present: dict[str, Kept] | None = None, seats: dict[str, str] | None = None
) -> Brought:
    reader, fresh = Reader(VIETNAM, {}), (f"n{number}" for number in count())
    bringing = Bringing(present or {}, VIETNAM, {}, fresh, Settings(), seats=seats or {})
    return bringing.bring([reader.read(row) for row in rows])


def plain(guests: Sequence[GuestFields]) -> list[dict[str, Any]]:
    return [one.model_dump(include=set(GuestFields.model_fields)) for one in guests]


@pytest.mark.parametrize("kind", KINDS)
@FEW
@given(told=GUESTS)
def test_a_file_of_the_list_changes_nothing_here_and_makes_the_same_list_elsewhere(
    kind: str, told: list[dict[str, Any]]
) -> None:
    guests = listed(told)
    rows = read(kind, guests)
    here = brought(rows, kept(guests))
    assert [(one.outcome, one.reasons, one.changes) for one in here.decisions if one.outcome != "unchanged"] == []
    assert (len(here.decisions), here.only_here) == (len(guests), [])
    assert plain(brought(rows).come) == plain(guests)


@FEW
@given(told=GUESTS)
def test_no_text_of_a_file_acts_as_a_formula(told: list[dict[str, Any]]) -> None:
    """OWASP, CSV injection: no cell begins with = + - @; in a workbook a text is a text, whatever it begins with."""
    guests = listed(told)
    rows = list(csv.reader(io.StringIO(exported("csv", guests, "vi", "Lễ").decode("utf-8-sig"))))
    begun = {cell[0] for row in rows for cell in row if cell and not cell.lstrip("+-").replace(".", "").isdigit()}
    assert begun & set("=+-@\t\r＝＋－＠") == set()
    book = openpyxl.load_workbook(io.BytesIO(exported("xlsx", guests, "vi", "Lễ")))
    assert {cell.data_type for row in book.active.rows for cell in row} <= {"s", "n", "d"}


def test_a_seat_that_the_seating_gave_is_no_change_of_what_was_typed() -> None:
    typed = kept(listed([{"person": {"name": "Lê Thị Mẫu"}}, {"person": {"name": "Vũ Ba"}}]))
    guests = listed([{"person": {"name": "Lê Thị Mẫu"}, "seat": "A1"}, {"person": {"name": "Vũ Ba"}, "seat": "A2"}])
    found = brought(read("xlsx", guests), typed, {"k0": "A1", "k1": "B9"})
    assert [one.outcome for one in found.decisions] == ["unchanged", "updated"]


def test_answer_stand_in_and_printed_heads_are_shown_and_not_read() -> None:
    first, group, other = listed(
        [
            {"person": {"name": "Lê Thị Mẫu"}, "state": "stand_in_agreed"},
            {"group": {"label": "Các hộ dân", "head_count": 40}, "counted": 38},
            {"person": {"name": "Vũ Ba"}, "state": "accepted", "stands_in_for": "k0", "address": "Ông Vũ Ba"},
        ]
    )
    page = openpyxl.load_workbook(io.BytesIO(exported("xlsx", [first, group, other], "vi", "Lễ"))).active
    told = [tuple(cell.value for cell in row)[-3:] for row in page.rows]
    assert told == [
        ("Trả lời", "Đến thay cho", "Số người được in"),
        ("có người đi thay", None, None),
        ("chưa mời", None, 38),
        ("nhận lời", "—", None),
    ]
    for language in ("vi", "en"):
        content = exported("xlsx", [first, group, other], language, "Lễ")
        (table,) = propose(read_lists("a.xlsx", content, Decided())).tables
        assert [column.field for column in table.table.columns][-3:] == [None, None, None]
