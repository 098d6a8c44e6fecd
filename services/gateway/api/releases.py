"""/api/v1/…/releases: what was frozen, and freezing the next."""

from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import Field

from schemas import scheduling
from schemas.envelope import Strict
from schemas.scheduling import ListReleases, ReleaseCeremony, Released, Releases
from services.gateway.api import examples
from services.gateway.asking import LONG, Make, MaybeVersion, TheBus, TheCeremony

router = APIRouter(prefix="/api/v1/ceremonies/{ceremony}/releases", tags=["releases"])


class NewRelease(Strict):
    note: str | None = Field(None, max_length=1000)


@router.get("", summary="List the releases")
async def list_releases(bus: TheBus, ceremony: TheCeremony) -> Releases:
    return await bus.ask(scheduling.list_releases, ListReleases(ceremony_id=ceremony.id))


@router.post("", status_code=201, summary="Release the ceremony as it stands")
async def release_ceremony(
    make: Make,
    ceremony: TheCeremony,
    version: MaybeVersion,
    body: Annotated[NewRelease, Body(openapi_examples=examples.example({"note": None}, "Without a note"))],
) -> Released:
    """`If-Match` with the ETag of the ceremony releases it only as it was read."""
    command = ReleaseCeremony(
        request_id=make.request_id, ceremony_id=ceremony.id, expected_version=version, note=body.note
    )
    done = await make.bus.ask(scheduling.release_ceremony, command, LONG)
    make.response.headers["Location"] = f"/api/v1/ceremonies/{done.ceremony_id}/part?release={done.release}"
    return done
