"""A guest as forms know it: one level of fields for persons and groups alike. Pure."""

from schemas.guests import GroupFields, GuestFields, PersonFields
from services.gateway.console.merging import (
    BLOCK,
    CODE,
    COUNT,
    DAY,
    LINE,
    LINES,
    Kind,
    Rows,
    Values,
)

_OF_ROW = ("side", "delegation", "note", "code", "seat", "attends_as")
_OF_PERSON = tuple(PersonFields.model_fields)
_OF_GROUP = tuple(GroupFields.model_fields)
_POST = {"title": LINE, "organisation": LINE, "level": CODE, "bloc": CODE, "cls": CODE, "since": DAY, "until": DAY}
KINDS: dict[str, Kind] = {
    "name": LINE,
    "honorific": LINE,
    "rank": LINE,
    "posts": Rows(_POST, ("title", "organisation")),
    "born_on": DAY,
    "email": LINE,
    "phone": LINE,
    "language": CODE,
    "head_count": COUNT,
    "head_count_kind": CODE,
    "roll": LINES,
    "side": CODE,
    "delegation": LINE,
    "note": BLOCK,
    "code": LINE,
    "seat": LINE,
    "attends_as": LINE,
}
NOTHING: Values = dict.fromkeys(KINDS) | {"side": "guest", "posts": [], "roll": []}


def flat(guest: GuestFields) -> Values:
    """A group's label is its name."""
    plain = guest.model_dump(mode="json")
    inner = plain["person"] or plain["group"]
    called = {"name": inner["label"]} if guest.group else {}
    return {name: value for name, value in {**NOTHING, **plain, **inner, **called}.items() if name in KINDS}


def whole(values: Values, *, group: bool) -> GuestFields:
    """The other way. ValidationError where a value cannot be."""
    row = {name: values.get(name) for name in _OF_ROW}
    if group:
        said = {name: values.get("name" if name == "label" else name) for name in _OF_GROUP}
        return GuestFields.model_validate({**row, "group": _told(said)})
    return GuestFields.model_validate({**row, "person": _told({name: values.get(name) for name in _OF_PERSON})})


def place(path: str) -> str:
    """In which field of a form a value of the model was typed."""
    name = path.removeprefix("person.").removeprefix("group.").partition(".")[0]
    return "name" if name == "label" else name


def _told(values: Values) -> Values:
    """Lists that nobody filled are empty, not unknown."""
    return {name: value for name, value in values.items() if value is not None or name not in {"posts", "roll"}}
