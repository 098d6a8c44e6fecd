"""The dialog that a collision opens: both versions side by side, field by field, each to be chosen."""

import re
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response

from services.gateway.console.fields import Fields
from services.gateway.console.frame import dialog
from services.gateway.console.merging.saving import Collision, dumped

_ROW = re.compile(r"tr#([A-Za-z0-9_-]{1,120})")


@dataclass(frozen=True, slots=True)
class Told:
    """Who saved last, as far as that is known, and when."""

    who: str | None = None
    at: datetime | None = None


async def ask_which(request: Request, collision: Collision, fields: Fields, told: Told | None = None) -> Response:
    """409 with the dialog. What is chosen there is posted to where this request went, over what is there now."""
    return await dialog(
        request,
        "parts/collision.html",
        status=409,
        address=request.url.path,
        row=row_of(request),
        fields=[
            (one.name, fields.label(one.name), fields.value(one.name, one.mine), fields.value(one.name, one.theirs))
            for one in collision.clashes
        ],
        values=dumped(collision.mine),
        base=dumped({name: collision.theirs.get(name) for name in collision.mine}),
        told=told or Told(),
    )


def row_of(request: Request) -> str | None:
    """The id of the row that the answer is put in the place of, if a cell or its dialog asks."""
    found = _ROW.fullmatch(request.headers.get("hx-target", ""))
    return found[1] if found else None
