"""The settings that are in force. Hides what is secret in them."""

import re
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import SecretStr

from services.gateway.asking import TheSettings
from services.gateway.console.administration.tabs import show_tab
from services.kit.settings import Settings

router = APIRouter(include_in_schema=False)
HIDDEN = "•••"
_PLAIN = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*://[^:/?#]*(:[0-9]+)?/?")  # an address of a server and no more


@dataclass(frozen=True, slots=True)
class Shown:
    """`value` None: not set. `given`: by this installation, so it is not the default."""

    variable: str
    value: str | None
    given: bool
    words: str


@router.get("/administration/settings")
async def settings_page(request: Request, settings: TheSettings) -> Response:
    return await show_tab(request, "settings", "settings", settings=in_force(settings))


def in_force(settings: Settings) -> list[Shown]:
    prefix = Settings.model_config["env_prefix"]
    return [
        Shown(
            variable=f"{prefix}{name}".upper(),
            value=_said(getattr(settings, name)),
            given=getattr(settings, name) != field.default,
            words=field.description or "",
        )
        for name, field in Settings.model_fields.items()
    ]


def _said(value: Any) -> str | None:
    if value is None or value == "":
        return None
    return HIDDEN if isinstance(value, SecretStr) else without_secrets(str(value))


def without_secrets(text: str) -> str:
    """An address without its user and password, and without the values of its query; several with commas between.

    All up to the last @ counts as the user: a password may hold any sign, even where nobody escaped it.
    """
    if "@" not in text and "://" not in text:
        return text
    parts = re.split(r",(?=\s*[a-z][a-z0-9+.-]*://)", text, flags=re.IGNORECASE)
    several = all("@" in part or _PLAIN.fullmatch(part) for part in parts)
    return ",".join(map(_bare, parts)) if several else _bare(text)


def _bare(address: str) -> str:
    scheme, sign, rest = address.partition("://")
    before, after = (scheme + sign, rest) if sign else ("", address)
    _, at, place = after.rpartition("@")
    bare, _, query = place.partition("?")
    names = [pair.partition("=")[0] for pair in query.split("&") if query]
    told = "?" + "&".join(f"{name}={HIDDEN}" for name in names) if names else ""
    return before + (HIDDEN + at if at else "") + bare + told
