"""Every error as problem+json (RFC 9457), its sentence in the language of whoever asks."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from schemas.errors import Problem, Refusal, RefusalOnWire
from services.gateway.refusals import (
    BodyTooLarge,
    BodyUnreadable,
    MethodNotAllowed,
    NothingHere,
    PlanRefused,
    ValuesWrong,
)
from services.gateway.wrong_values import WrongValue, wrong_values
from services.kit.context import caller
from services.lang.translate import LANGUAGES, choose_language, translate

MEDIA_TYPE = "application/problem+json"
MOST_MEGABYTES = 25  # of a request's body
TITLES = {
    400: "Request unclear",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Not answered here",
    409: "In conflict",
    412: "Changed meanwhile",
    413: "Too large",
    421: "Other address",
    422: "Cannot be used",
    428: "Version needed",
    429: "Too many tries",
    500: "Fault",
    503: "Not reachable",
}
_RETRY_SECONDS = "2"
_LATER = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}


class PlanProblem(BaseModel):
    """One thing wrong in a plan: where it is, and what is wrong in the language of whoever asks."""

    severity: str
    where: str = Field(examples=["guests.xlsx · Khách mời · D7"])
    text: str
    hint: str | None = None
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None


class ProblemDetails(BaseModel):
    """RFC 9457. `params` are the values of the sentence; `correlation` finds the request in the logs."""

    type: str = Field(examples=["urn:khaimac:problem:stale-version"])
    title: str
    status: int
    detail: str
    params: dict[str, str] = {}
    correlation: str
    errors: tuple[WrongValue, ...] | None = Field(None, description="The wrong values of a request.")
    problems: tuple[PlanProblem, ...] | None = Field(None, description="What is wrong in a plan folder.")


def language_of(request: Request) -> str:
    """What was chosen in this browser; else that of the account; else what the browser asks for."""
    identity = getattr(request.state, "identity", None)
    chosen = request.cookies.get("khaimac_language") or getattr(identity, "language", None)
    return chosen if chosen in LANGUAGES else choose_language(request.headers.get("accept-language"))


def told(problem: Problem, language: str) -> PlanProblem:
    return PlanProblem(
        severity=problem.severity,
        where=problem.where(),
        text=translate(problem.sentence, problem.params, language),
        hint=translate(problem.hint, problem.params, language) if problem.hint else None,
        file=problem.file,
        sheet=problem.sheet,
        row=problem.row,
        column=problem.column,
    )


def answer_refusal(request: Request, refusal: Refusal, errors: tuple[WrongValue, ...] | None = None) -> JSONResponse:
    language, wire = language_of(request), refusal.on_wire()
    stale = wire.code == "stale-version" and "if-match" in request.headers
    status = (
        HTTPStatus.PRECONDITION_FAILED.value if stale else wire.status
    )  # RFC 9110 section 13.1.1: a precondition that does not hold
    body = ProblemDetails(
        type=f"urn:khaimac:problem:{wire.code}",
        title=translate(TITLES.get(status, TITLES[400]), {}, language),
        status=status,
        detail=translate(wire.sentence, wire.params, language),
        params=wire.params,
        correlation=caller().correlation,
        errors=errors,
        problems=_problems(refusal, language),
    )
    headers = {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "no-store"}
    headers |= again_after(wire)
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body.model_dump(mode="json", exclude_none=True), status, headers, MEDIA_TYPE)


def again_after(wire: RefusalOnWire) -> dict[str, str]:
    """The header that says when to come again, where that helps."""
    return {"Retry-After": wire.params.get("seconds", _RETRY_SECONDS)} if wire.status in _LATER else {}


def _problems(refusal: Refusal, language: str) -> tuple[PlanProblem, ...] | None:
    if not isinstance(refusal, PlanRefused):
        return None
    return tuple(told(problem, language) for problem in refusal.problems)


async def _refusal(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, Refusal):
        raise error
    return answer_refusal(request, error)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    wrong = wrong_values(error.errors(), language_of(request))
    return answer_refusal(request, ValuesWrong(count=len(error.errors())), wrong)


async def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "")
        response = answer_refusal(request, MethodNotAllowed(method=request.method, allowed=allowed))
        response.headers["Allow"] = allowed
        return response
    refusals: dict[int, Refusal] = {404: NothingHere(), 413: BodyTooLarge(limit=MOST_MEGABYTES)}
    return answer_refusal(request, refusals.get(error.status_code, BodyUnreadable()))


def answer_problems(app: FastAPI) -> None:
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
