"""The tabs of administration: which of them this caller may open."""

from collections.abc import Iterable
from typing import Any

from fastapi import Request, Response

from services.gateway.console.frame import Toast, show
from services.kit.context import caller, may
from services.kit.settings import Settings

AT = "/administration"
# By the last part of the address: the right it takes.
_RIGHTS = {
    "": "accounts.see",
    "roles": "accounts.see",
    "office": "accounts.see",
    "parked": "parked.see",
    "health": "installation.see",
    "settings": "installation.see",
    "audit": "audit.see",
}
_INSTALLATION = frozenset({"health", "settings"})  # of the office that runs it


async def show_tab(
    request: Request,
    tab: str,
    template: str,
    *,
    status: int = 200,
    block: str | None = None,
    toasts: Iterable[Toast] = (),
    **values: Any,
) -> Response:
    return await show(
        request,
        f"administration/{template}.html",
        status=status,
        block=block,
        toasts=toasts,
        here="administration",
        tab=tab,
        tabs=_open(request),
        **values,
    )


def _open(request: Request) -> list[str]:
    settings: Settings = request.app.state.settings
    ours = caller().office == settings.office
    return [tab for tab, action in _RIGHTS.items() if may(action) and (ours or tab not in _INSTALLATION)]
