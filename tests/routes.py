"""The routes of the gateway, as the table of rights writes them."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    """(method, template of the address) of every route but that of the OpenAPI document."""
    for route in app.routes:
        below: Any = getattr(route, "effective_route_contexts", None)
        for one in below() if below else ():
            yield from ((method, one.path) for method in one.methods)
