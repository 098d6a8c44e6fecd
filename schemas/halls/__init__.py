"""Halls: what one looks like as data, and the ready-made ones, YAML files beside this one."""

from functools import cache
from importlib.resources import files

from schemas.envelope import Strict
from schemas.errors import NotFound
from schemas.halls.drawn import DrawnHall, letters
from schemas.halls.whole import (
    MOST_SEATS,
    BlockKind,
    Hall,
    HallBlock,
    HallKey,
    HallSeat,
    HallSign,
    SeatMark,
    SignKind,
)
from schemas.protocol.words import Label
from schemas.strict_yaml import load_yaml

__all__ = [
    "MOST_SEATS",
    "BlockKind",
    "Hall",
    "HallBlock",
    "HallKey",
    "HallSeat",
    "HallSign",
    "HallWords",
    "SeatMark",
    "SignKind",
    "hall_words",
    "letters",
    "ready_made",
    "ready_made_hall",
]
_FOLDER, _WORDS = files(__package__ or "schemas.halls"), "_words.yaml"


class HallWords(Strict):
    """What plans and cards say of places; {row}, {numbers}, {there}, {capacity}, {name} and {nth} are filled in."""

    seat: Label
    seats: Label
    stage: Label
    door: Label
    free: Label
    reserved: Label
    wheelchair: Label
    fixed: Label
    other: Label
    standing: Label
    plus: Label


@cache
def hall_words() -> HallWords:
    return HallWords.model_validate(load_yaml(_FOLDER.joinpath(_WORDS).read_bytes()))


@cache
def ready_made() -> tuple[Hall, ...]:
    """Those that come with the programme, the largest first."""
    drawn = [entry for entry in _FOLDER.iterdir() if entry.name.endswith(".yaml") and entry.name != _WORDS]
    halls = [DrawnHall.model_validate(load_yaml(entry.read_bytes())).whole() for entry in drawn]
    return tuple(sorted(halls, key=lambda hall: (-len(hall.seats) - hall.standing, hall.key)))


def ready_made_hall(key: str) -> Hall:
    found = next((hall for hall in ready_made() if hall.key == key), None)
    if found is None:
        raise NotFound(what="hall", which=key)
    return found
