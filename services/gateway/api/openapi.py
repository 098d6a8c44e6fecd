"""The document of the API: FastAPI's, with every refusal as problem+json instead of FastAPI's own errors."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from schemas.rights import ANYBODY, action_of, rights
from services.gateway.entrance import SESSION
from services.gateway.problems import MEDIA_TYPE, TITLES, ProblemDetails

_REF = "#/components/schemas/"
_EVERYWHERE = (500,)
_WRONG = 400  # from here on a status is a problem
_GUARDED = (401, 403, 429, 503)
_ASKING = (404, 422, 503)
_CHANGING = (400, 409, 413)
_VERSIONED = (412, 428)
_WORDS = {
    400: "A header or the body cannot be read.",
    401: "Nobody is signed in, or the token is not valid.",
    403: "The account may not do this; or the request was sent by a page of another site.",
    404: "There is no such thing.",
    409: "It does not fit what is there: a name is taken, or an import or release is under way.",
    412: "It was changed since you read it.",
    413: "The body is too large.",
    422: "Some value is wrong; each is named.",
    428: "The header If-Match is missing.",
    429: "Too many wrong tries from this address.",
    500: "A fault of ours; it is in the log under `correlation`.",
    503: "A service cannot be reached just now; try again with the same Idempotency-Key.",
}

_CODES = {
    400: "body-unreadable",
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    409: "under-way",
    412: "stale-version",
    413: "body-too-large",
    422: "values-wrong",
    428: "version-needed",
    429: "too-many-tries",
    500: "fault",
    503: "unavailable",
}


def operation_id(route: APIRoute) -> str:
    """The name of the function: it stays when an address changes."""
    return route.name


def document(app: FastAPI) -> dict[str, Any]:
    """OpenAPI 3.1 of this application."""
    made = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes, tags=app.openapi_tags
    )
    schemas = made["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    _add_problem(schemas)
    made["components"]["securitySchemes"] = _WAYS_IN
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            operation["security"] = _ways_in(f"{method.upper()} {path}")
            operation["responses"].pop("422", None)
            operation["responses"] |= {str(one): _problem(one) for one in _statuses(method, operation)}
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return made


_WAYS_IN = {
    "token": {"type": "http", "scheme": "bearer", "description": "An API token of one's own account."},
    "session": {"type": "apiKey", "in": "cookie", "name": SESSION, "description": "Signed in with a browser."},
}


def _ways_in(route: str) -> list[dict[str, list[str]]]:
    action = action_of(route)
    is_open = action is not None and ANYBODY in rights().actions[action].roles
    return [] if is_open else [{name: []} for name in _WAYS_IN]


def _statuses(method: str, operation: dict[str, Any]) -> list[int]:
    headers = {one["name"].lower() for one in operation.get("parameters", []) if one["in"] == "header"}
    found, answers = [*_EVERYWHERE], operation["responses"]
    found += _GUARDED if operation["security"] else ()
    found += _ASKING if operation["tags"] != ["health"] else ()
    found += _CHANGING if method != "get" else ()
    found += _VERSIONED if "if-match" in headers else ()
    found += [int(one) for one in answers]  # a route may name further ones and leave the words to us
    return [one for one in dict.fromkeys(found) if one >= _WRONG and "content" not in answers.get(str(one), {})]


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": _REF + "ProblemDetails"}
    shown = {
        "type": f"urn:khaimac:problem:{_CODES[status]}",
        "title": TITLES[status],
        "status": status,
        "detail": _WORDS[status],
        "correlation": "0190a5e0-0000-7000-8000-000000000000",
    }
    return {"description": _WORDS[status], "content": {MEDIA_TYPE: {"schema": schema, "example": shown}}}


def _add_problem(schemas: dict[str, Any]) -> None:
    own = ProblemDetails.model_json_schema(ref_template=_REF + "{model}", mode="serialization")
    schemas |= own.pop("$defs", {}) | {"ProblemDetails": own}
