"""Text as it comes in: one normal form in every field, nothing invisible, nothing that is only blanks."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from schemas.errors import Invalid
from services.kit.bus import first_errors
from services.lang import clean, clean_block

_SEVERAL_LINES = frozenset({"note", "achievement"})
_AS_IT_IS = "ref"  # the rest of a plan points to a row by it
M = TypeVar("M", bound=BaseModel)


def tidied(said: M, where: str) -> M:
    """The same, with every text cleaned and empty ones left out. Invalid if something required was only blanks."""
    plain = said.model_dump()
    try:
        return said if (tidy := _tidied(plain)) == plain else type(said).model_validate(tidy)
    except ValidationError as error:
        raise Invalid(where=where, what=first_errors(error)) from None


def _tidied(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        inner = {key: _tidied(each, key) for key, each in value.items()}
        return {key: each for key, each in inner.items() if each != ""}
    if isinstance(value, list | tuple):
        return type(value)(each for each in (_tidied(one, name) for one in value) if each != "")
    if not isinstance(value, str) or name == _AS_IT_IS:
        return value
    return clean_block(value) if name in _SEVERAL_LINES else clean(value)
