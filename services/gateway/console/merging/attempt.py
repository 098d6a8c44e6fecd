"""An edit of a page tried: saved, or what is wrong with it in words beside the fields it belongs to."""

import re
from collections.abc import Callable, Mapping

from fastapi import Request
from pydantic import ValidationError
from starlette.datastructures import FormData

from schemas.envelope import new_id
from schemas.errors import Invalid
from services.gateway.console.fields import Fields
from services.gateway.console.forms import faults
from services.gateway.console.frame import words_of
from services.gateway.console.merging.saving import Change, Thing, save
from services.gateway.console.merging.typed import Read
from services.plan.keys import slug

Place = Callable[[str], str]


class Unfit(Exception):
    """Some fields cannot be used; `errors` says why, by field, in the words of who typed them."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(list(errors))
        self.errors = dict(errors)

    def of_cell(self, fields: Fields) -> Invalid:
        """The same for a cell, which has no room for words beside it."""
        name, what = next(iter(self.errors.items()))
        return Invalid(where=fields.label(name), what=what)


def _first(path: str) -> str:
    return path.partition(".")[0]


async def attempt(request: Request, found: Read, thing: Thing, place: Place = _first) -> Change:
    """Save what was read. Raises Unfit, Collision, and what the service refuses.

    `place`: by the path of a value in the model, the field of the form that it was typed in.
    """
    check(request, found)
    try:
        return await save(thing, found.edit)
    except ValidationError as wrong:
        raise unfit(request, wrong, place) from None


def check(request: Request, found: Read) -> None:
    """Refuse what could not even be read."""
    if found.wrong:
        words = words_of(request)
        raise Unfit({name: words.say(one.sentence, **one.params) for name, one in found.wrong.items()})


def unfit(request: Request, wrong: ValidationError, place: Place = _first) -> Unfit:
    """The first fault of each field."""
    found: dict[str, str] = {}
    for path, what in faults(request, wrong, {}).items():
        found.setdefault(place(path), what)
    return Unfit(found)


def new_key(title: object, request_id: str) -> str:
    """The stable name of a new row. The same form makes the same one, so that sent twice it makes one row."""
    return f"{slug(str(title or 'row'))}-{request_id[-6:]}".lower()


def id_of(form: FormData) -> str:
    """The id that a form bears, so that it does nothing twice; a new one where it bears none that could be one."""
    given = str(form.get("request_id", ""))
    return given if re.fullmatch(r"[A-Za-z0-9_-]{8,64}", given) else new_id()
