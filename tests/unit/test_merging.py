"""What several people edit at once: which changes go together, and which have to be chosen from."""

import unicodedata
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.datastructures import FormData

from schemas.errors import RefusalOnWire, Refused
from services.gateway.console.merging import (
    BLOCK,
    CLOCK,
    COUNT,
    DAY,
    FLAG,
    LINE,
    LINES,
    MINUTES,
    Change,
    Clash,
    Collision,
    Edit,
    Kind,
    Present,
    Rows,
    Thing,
    merge,
    read,
    same,
    save,
)

ROLES = Rows({"role": LINE, "text": LINE}, ("text",))
KINDS: Mapping[str, Kind] = {"title": LINE, "start": CLOCK, "minutes": MINUTES, "roles": ROLES}


def test_merge_saves_what_only_i_changed() -> None:
    edit = Edit({"title": "Khai mạc", "note": "a"}, {"title": "Lễ", "note": "a"})
    merged = merge(edit, {"title": "Lễ", "note": "b", "minutes": 5})
    assert (merged.changed, merged.clashes) == ({"title": "Khai mạc"}, ())


def test_merge_asks_where_both_changed_one_field_to_different_values() -> None:
    edit = Edit({"title": "Mine", "note": "mine"}, {"title": "Base", "note": "base"})
    merged = merge(edit, {"title": "Theirs", "note": "base"})
    assert (merged.changed, merged.clashes) == ({"note": "mine"}, (Clash("title", "Mine", "Theirs"),))


def test_merge_lets_pass_what_both_changed_alike() -> None:
    merged = merge(Edit({"minutes": 15}, {"minutes": 10}), {"minutes": 15})
    assert (merged.changed, merged.clashes) == ({}, ())


def test_merge_asks_where_it_is_not_known_what_the_field_began_with() -> None:
    merged = merge(Edit({"title": "Mine"}), {"title": "Theirs"})
    assert (merged.changed, merged.clashes) == ({}, (Clash("title", "Mine", "Theirs"),))
    assert merge(Edit({"title": "Same"}), {"title": "Same"}).clashes == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, ""),
        (None, []),
        (unicodedata.normalize("NFD", "Nguyễn Văn Mẫu"), "Nguyễn Văn Mẫu"),
        ("a\r\nb", "a\nb"),
        ([{"role": "mc", "text": "Ông A", "guest": None}], [{"role": "mc", "text": " Ông  A"}]),
    ],
)
def test_same_is_what_reads_the_same(one: Any, other: Any) -> None:
    assert same(one, other)


@pytest.mark.parametrize(("one", "other"), [(None, 0), (None, False), ("Hiếu", "Hiểu"), (["a", "b"], ["b", "a"])])
def test_same_is_not_what_reads_differently(one: Any, other: Any) -> None:
    assert not same(one, other)


def test_read_takes_a_form_as_offices_write_it() -> None:
    form = FormData(
        [
            ("title", "  Chào   cờ "),
            ("start", "8h30"),
            ("minutes", "1h30"),
            ("roles", ""),
            ("roles.b7.role", "mc"),
            ("roles.b7.text", "Ông A"),
            ("roles.a1.role", "chair"),
            ("roles.a1.text", "Bà B"),
            ("roles.c9.role", "mc"),
            ("roles.c9.text", " "),
            ("base", '{"title": "Lễ"}'),
        ]
    )
    roles = [{"role": "mc", "text": "Ông A"}, {"role": "chair", "text": "Bà B"}]
    mine = {"title": "Chào cờ", "start": "08:30:00", "minutes": 90, "roles": roles}
    found = read(form, KINDS)
    assert (found.edit, found.wrong) == (Edit(mine, {"title": "Lễ"}), {})


def test_read_takes_a_cell_with_what_it_showed() -> None:
    form = FormData([("field", "start"), ("value", "—"), ("base", "08:30"), ("version", "7")])
    assert read(form, KINDS).edit == Edit({"start": None}, {"start": "08:30:00"})


def test_read_leaves_out_a_cell_that_there_is_not() -> None:
    assert read(FormData([("field", "id"), ("value", "x")]), KINDS).edit == Edit({})


def test_read_says_what_cannot_be_read_and_keeps_it() -> None:
    found = read(FormData([("start", "25:00"), ("title", "x")]), KINDS)
    assert (found.edit.mine["start"], {name: str(one) for name, one in found.wrong.items()}) == (
        "25:00",
        {"start": "“25:00” is not a time of day. Write hour and minute, for example 08:30 or 8h30."},
    )


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (LINE, " Ông\u200b  A ", "Ông A"),
        (BLOCK, "a \r\n\r\n b", "a\n\nb"),
        (DAY, "1/7/2024", "2024-07-01"),
        (COUNT, "1.200", 1200),
        (COUNT, "1,5", "1,5"),
        (COUNT, "", None),
        (FLAG, "true", True),
        (FLAG, "", False),
        (LINES, "A\n\n B ", ["A", "B"]),
    ],
)
def test_kinds_read_what_is_typed(kind: Any, text: str, value: Any) -> None:
    assert read(FormData([("x", text)]), {"x": kind}).edit.mine == {"x": value}


CARRIED = [("values", '{"title": "M", "minutes": 5, "office": "x"}'), ("base", "{}"), ("clash", "title")]


@pytest.mark.parametrize(
    ("chosen", "mine"),
    [
        ([("keep.title", "mine")], {"title": "M", "minutes": 5}),
        ([("keep.title", "theirs")], {"minutes": 5}),
        ([("keep.title", "mine"), ("keep", "theirs")], {"minutes": 5}),
        ([("keep.title", "theirs"), ("keep", "mine")], {"title": "M", "minutes": 5}),
    ],
)
def test_read_takes_what_was_chosen_after_a_collision(chosen: list[tuple[str, str]], mine: Any) -> None:
    assert read(FormData([*CARRIED, *chosen]), KINDS).edit.mine == mine


def test_read_takes_nothing_from_values_that_are_none() -> None:
    assert read(FormData([("values", "[1"), ("base", '"x"')]), KINDS).edit == Edit({})


class Kept:
    """A thing of which others save versions: `meanwhile` before our next saves."""

    def __init__(self, values: Mapping[str, Any], *meanwhile: Mapping[str, Any]) -> None:
        self.version, self.values, self.meanwhile = 1, dict(values), list(meanwhile)

    async def load(self) -> Present:
        return Present(self.version, dict(self.values))

    async def save(self, version: int, values: Mapping[str, Any]) -> None:
        if self.meanwhile:
            self.values |= self.meanwhile.pop(0)
            self.version += 1
        if version != self.version:
            raise Refused(RefusalOnWire(code="stale-version", status=409, sentence="{what}"))
        self.values, self.version = dict(values), version + 1

    @property
    def thing(self) -> Thing:
        return Thing(self.load, self.save)


@pytest.mark.anyio
async def test_save_repeats_itself_where_others_changed_other_fields() -> None:
    kept = Kept({"title": "a", "note": "n"}, {"note": "theirs"}, {"minutes": 9})
    change = await save(kept.thing, Edit({"title": "b"}, {"title": "a"}))
    assert (change, kept.values) == (
        Change({"title": "a"}, {"title": "b"}),
        {"title": "b", "note": "theirs", "minutes": 9},
    )


@pytest.mark.anyio
async def test_save_collides_where_somebody_was_quicker_at_the_same_field() -> None:
    kept = Kept({"title": "a"}, {"title": "theirs"})
    with pytest.raises(Collision) as collided:
        await save(kept.thing, Edit({"title": "b"}, {"title": "a"}))
    assert (collided.value.clashes, kept.values) == ((Clash("title", "b", "theirs"),), {"title": "theirs"})


@pytest.mark.anyio
async def test_save_gives_up_when_others_are_always_quicker() -> None:
    kept = Kept({"title": "a"}, *({"note": str(number)} for number in range(9)))
    with pytest.raises(Refused):
        await save(kept.thing, Edit({"title": "b"}, {"title": "a"}))


@pytest.mark.anyio
async def test_save_of_what_is_there_already_saves_nothing() -> None:
    kept = Kept({"title": "a"})
    assert (await save(kept.thing, Edit({"title": "a"}, {"title": "z"})), kept.version) == (Change(), 1)


def test_undo_is_the_edit_backwards() -> None:
    undo = Change({"title": "a"}, {"title": "b"}).undo("/there")
    assert undo is not None
    back = read(FormData({name: str(value) for name, value in undo.fields.items()}), KINDS)
    assert (undo.address, back.edit) == ("/there", Edit({"title": "a"}, {"title": "b"}))
    assert Change().undo("/there") is None
