"""What forms of pages send, and what is wrong with it in words beside the field it belongs to.

Hides pydantic's findings and the codes of refusals.
"""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field, ValidationError

from schemas.envelope import new_id
from schemas.errors import Refusal
from services.gateway.console.frame import words_of
from services.gateway.problems import language_of
from services.gateway.wrong_values import wrong_values

Wrong = Refusal | ValidationError
Typed = Annotated[str, Field(max_length=1000)]
WHOLE = ""  # what belongs to no field stands at the head of the form


class Sent(BaseModel):
    """Every form bears an id: sent again with the same one, nothing is done twice."""

    request_id: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{8,64}$")] = Field(default_factory=new_id)


def faults(request: Request, wrong: Wrong, fields: Mapping[str, str]) -> dict[str, str]:
    """By the field's name; `fields` says where a refusal belongs by its code, and a value by its path."""
    if isinstance(wrong, Refusal):
        wire = wrong.on_wire()
        return {fields.get(wire.code, WHOLE): words_of(request).say(wire.sentence, **wire.params)}
    found = wrong_values(wrong.errors(), language_of(request))
    return {fields.get(one.where, one.where): one.what for one in found}


def status_of(wrong: Wrong) -> int:
    return wrong.on_wire().status if isinstance(wrong, Refusal) else Refusal.status
