"""What is told stays readable: frozen schemas, golden samples, and the comparison that guards them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from schemas import catalogue
from schemas.envelope import Event
from schemas.frozen import ENVELOPE, FOLDER, breaks, freeze, frozen_names, present, sample

TYPES = sorted(name for name in present() if name != ENVELOPE)


def thing(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": []}


TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
NULL = {"type": "null"}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (thing(a=TEXT, b=TEXT), thing(a=TEXT), ["b is removed"]),
        (thing(a=TEXT), thing(a=NUMBER), ["a was string and is integer"]),
        (thing(a=TEXT), thing(a=TEXT | {"format": "date"}), ["a was string and is string date"]),
        (thing(a=TEXT), thing(a={"anyOf": [TEXT, NUMBER]}), ["a was string and is integer or string"]),
        (thing(a={"enum": ["x", "y"]} | TEXT), thing(a={"enum": ["x"]} | TEXT), ["a no longer takes y"]),
        (thing(a={"const": "x"} | TEXT), thing(a={"const": "y"} | TEXT), ["a no longer takes x"]),
        (thing(a=TEXT), thing(a=TEXT | {"enum": ["x"]}), ["a no longer takes anything but x"]),
        (thing(a=NUMBER), thing(a=NUMBER | {"minimum": 1}), ["a has minimum 1, was without"]),
        (
            thing(a=NUMBER | {"maximum": 9}),
            thing(a=NUMBER | {"maximum": 8}),
            ["a has maximum 8, was 9"],
        ),
        (thing(a=TEXT), thing(a=TEXT | {"maxLength": 40}), ["a has maxLength 40, was without"]),
        (thing(a=TEXT), thing(a=TEXT | {"pattern": "^x"}), ["a has the pattern ^x, was without"]),
        (
            thing(a=TEXT | {"pattern": "^x"}),
            thing(a=TEXT | {"pattern": "^y"}),
            ["a has the pattern ^y, was ^x"],
        ),
        (thing(a=TEXT), thing(a=TEXT) | {"required": ["a"]}, ["a is newly required"]),
        (thing(), thing(a=TEXT) | {"required": ["a"]}, ["a is newly required"]),
        (thing(a=TEXT), thing(a={"anyOf": [TEXT, NULL]}), ["a may be null now"]),
        (thing(a={"anyOf": [TEXT, NULL]}), thing(a=TEXT), ["a may no longer be null"]),
        (thing(), thing() | {"additionalProperties": False}, ["* is narrower than it was"]),
    ],
)
def test_breaks_finds(old: dict[str, Any], new: dict[str, Any], found: list[str]) -> None:
    assert list(breaks(old, new)) == found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (thing(a=TEXT), thing(a=TEXT, b=NUMBER)),
        (thing(a=TEXT | {"enum": ["x"]}), thing(a=TEXT | {"enum": ["x", "y"]})),
        (thing(a=NUMBER | {"minimum": 1}), thing(a=NUMBER | {"minimum": 0})),
        (thing(a=TEXT | {"maxLength": 4}), thing(a=TEXT | {"maxLength": 5})),
        (thing(a=TEXT | {"pattern": "^x"}), thing(a=TEXT)),
        (thing(a=TEXT) | {"required": ["a"]}, thing(a=TEXT)),
        (thing(a=TEXT), thing(a=TEXT | {"description": "in words"})),
    ],
)
def test_breaks_lets_additions_pass(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert breaks(old, new) == []


def test_breaks_looks_into_lists_and_references() -> None:
    old = thing(a={"type": "array", "items": {"$ref": "#/$defs/One"}}) | {"$defs": {"One": thing(b=TEXT)}}
    new = thing(a={"type": "array", "items": {"$ref": "#/$defs/Other"}}) | {"$defs": {"Other": thing(b=NUMBER)}}
    assert breaks(old, new) == ["a.*.b was string and is integer"]
    assert breaks(thing(a={"type": "object", "additionalProperties": TEXT}), thing(a={"type": "object"})) == []


@pytest.mark.parametrize("name", [ENVELOPE, *TYPES])
def test_event_keeps_its_frozen_contract(name: str) -> None:
    path = FOLDER / f"{name}.json"
    assert path.exists(), f"{name} is new and has no frozen contract: run `make contracts` and commit what it writes."
    frozen = json.loads(path.read_text("utf-8"))
    assert breaks(frozen, present()[name]) == []
    assert frozen == present()[name], f"{name} was added to: run `make contracts` and commit what it writes."


def test_frozen_event_types_are_all_still_there() -> None:
    assert frozen_names() == sorted([ENVELOPE, *TYPES])


@pytest.mark.parametrize("name", TYPES)
def test_golden_sample_is_still_read_whole(name: str) -> None:
    golden = json.loads((FOLDER / f"{name}.sample.json").read_text("utf-8"))
    event = Event.model_validate(golden)
    assert event.nats_subject == f"evt.{name.rsplit('.', 1)[0]}.{event.subject}"
    fact = catalogue.facts()[name].model_validate(event.data)
    assert fact.model_dump(mode="json") == golden["data"]


def test_freeze_writes_new_types_and_additions_but_no_breaks(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    new, added, broken = TYPES[0], TYPES[1], TYPES[2]
    (tmp_path / f"{new}.json").unlink()
    shown = json.loads((tmp_path / f"{added}.json").read_text("utf-8"))
    shown["properties"].popitem()
    (tmp_path / f"{added}.json").write_text(json.dumps(shown | {"required": present()[added].get("required", [])}))
    other = json.dumps(thing(gone=TEXT))
    (tmp_path / f"{broken}.json").write_text(other)
    (tmp_path / "old.thing.done.v1.json").write_text(other)

    found = freeze(tmp_path)

    assert found[0] == "old.thing.done.v1: the event type is gone"
    assert f"{broken}: gone is removed" in found
    assert {one.split(":")[0] for one in found} == {"old.thing.done.v1", broken}
    assert json.loads((tmp_path / f"{new}.json").read_text("utf-8")) == present()[new]
    assert json.loads((tmp_path / f"{added}.json").read_text("utf-8")) == present()[added]
    assert (tmp_path / f"{broken}.json").read_text("utf-8") == other


def test_sample_fills_every_field() -> None:
    whole = thing(
        day={"type": "string", "format": "date"},
        maybe={"anyOf": [NUMBER, NULL]},
        many={"type": "array", "items": {"$ref": "#/$defs/One"}},
        by={"type": "object", "additionalProperties": TEXT},
    ) | {"$defs": {"One": {"type": "string", "enum": ["x"]}}}
    assert sample("a.b.c.v1", whole)["data"] == {
        "day": "2024-07-01",
        "maybe": 7,
        "many": ["x"],
        "by": {"scheduling": "text"},
    }
