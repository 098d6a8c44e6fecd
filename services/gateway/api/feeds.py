"""/feeds/<token>.ics: the calendar of a ceremony for whoever has the link, and the link for the office."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ValidationError

from schemas import dispatch
from schemas.dispatch import Feed, GetFeed, ReadFeed
from schemas.errors import Refused
from services.gateway.asking import TheBus, TheCeremony, here
from services.gateway.downloads import disposition, has_already, http_date
from services.gateway.guesses import Guesses, address_of
from services.gateway.refusals import NoFeed
from services.kit.bus import Bus

router = APIRouter(tags=["feeds"])
_CALENDAR: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/calendar": {}}, "description": "An iCalendar file."},
    304: {"description": "You have these bytes."},
    429: {},
}


class FeedLink(BaseModel):
    """`url` for a browser or a calendar program, `webcal` to subscribe with a click. Whoever has it can read it."""

    url: str
    webcal: str


@router.get("/api/v1/ceremonies/{ceremony}/feed", summary="The link of the ceremony's calendar")
async def get_feed(bus: TheBus, ceremony: TheCeremony, request: Request) -> FeedLink:
    feed = await bus.ask(dispatch.get_feed, GetFeed(ceremony_id=ceremony.id))
    url = f"{here(request)}/feeds/{feed.token}.ics"
    return FeedLink(url=url, webcal="webcal://" + url.partition("://")[2])


Token = Annotated[str, Path(description="The secret part of the link.")]


@router.head("/feeds/{token}.ics", include_in_schema=False)
@router.get(
    "/feeds/{token}.ics",
    summary="A ceremony's calendar to subscribe to",
    response_class=Response,
    responses=_CALENDAR,
)
async def read_feed(bus: TheBus, request: Request, token: Token) -> Response:
    guesses: Guesses = request.app.state.guesses
    guesses.check(address := address_of(request.scope))
    try:
        feed = await _feed(bus, token)
    except NoFeed:
        guesses.count(address)
        raise
    etag = '"' + feed.etag.removeprefix("W/").strip('"') + '"'
    headers = {
        "ETag": etag,
        "Last-Modified": http_date(feed.last_modified),
        "Cache-Control": "private, max-age=900",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if has_already(request, etag, feed.last_modified):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = disposition("inline", "agenda.ics")
    return Response(feed.text.encode(), headers=headers, media_type="text/calendar; charset=utf-8")


async def _feed(bus: Bus, token: str) -> Feed:
    """A wrong token is answered without repeating it."""
    try:
        return await bus.ask(dispatch.read_feed, ReadFeed(token=token), as_house=True)
    except ValidationError:
        raise NoFeed from None
    except Refused as refused:
        if refused.wire.status == NoFeed.status:
            raise NoFeed from None
        raise
