"""A ceremony from an uploaded folder to released papers, through the front door of the whole house."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from schemas.envelope import Event
from schemas.house import SERVICES
from services.__main__ import Instance, running
from services.kit import tables
from services.kit.settings import Settings
from tests.conftest import NOW
from tests.people import owner_of

pytestmark = pytest.mark.anyio
CAN_THO = Path(__file__).parents[2] / "examples" / "2024-07-01" / "can-tho"
CORRELATION = "01900000-0000-7000-8000-00000000c0de"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Instance]:
    async with running(Settings(data_dir=tmp_path, clock=NOW, http_port=0, _env_file=None)) as instance:
        yield instance


def zipped(folder: Path) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    return whole.getvalue()


async def until(client: httpx.AsyncClient, path: str, ready: Any) -> Any:
    for _ in range(600):
        answer = await client.get(path)
        if answer.status_code == 200 and ready(answer.json()):
            return answer.json()
        await asyncio.sleep(0.1)
    raise AssertionError(f"{path} was not ready in a minute")


def told(folder: Path, service: str) -> list[Event]:
    """Every event in the outbox of a service."""
    engine = sa.create_engine(f"sqlite:///{folder}/{service}.db")
    with engine.connect() as conn:
        bodies = conn.execute(sa.select(tables.outbox.c.body).order_by(tables.outbox.c.seq)).scalars().all()
    engine.dispose()
    return [Event.model_validate_json(body) for body in bodies]


async def test_folder_becomes_papers_and_every_effect_bears_the_id_of_its_request(house: Instance) -> None:
    signed_in = (await owner_of(house.bus)).headers
    async with httpx.AsyncClient(base_url=house.address or "", timeout=30, headers=signed_in) as client:
        files = {"files": ("can-tho.zip", zipped(CAN_THO), "application/zip")}
        imported = await client.post("/api/v1/plans", files=files)
        assert imported.status_code == 200, imported.text
        which = imported.json()["ceremony_id"]
        headers = {"If-Match": '"1"', "X-Correlation-Id": CORRELATION}
        released = await client.post(f"/api/v1/ceremonies/{which}/releases", json={}, headers=headers)
        assert released.status_code == 201, released.text

        papers = await until(
            client, f"/api/v1/ceremonies/{which}/documents?release=1", lambda found: found["complete"]
        )
        invited = await until(client, f"/api/v1/ceremonies/{which}/invitations", lambda found: found["release"] == 1)

        kinds = {one["kind"] for one in papers["documents"]}
        assert {"programme", "script", "introductions", "awards", "invitations"} <= kinds
        assert {one["state"] for one in papers["documents"]} == {"ready"}
        assert {one["sequence"] for one in invited["invitations"]} == {0}
        feed = (await client.get(f"/api/v1/ceremonies/{which}/feed")).json()
        await feed_is_stable(client, feed["url"] if "url" in feed else f"/feeds/{feed['token']}.ics")

    folder = house.settings.data_dir
    caused = {service: [e for e in told(folder, service) if e.correlationid == CORRELATION] for service in SERVICES}
    sealed = "scheduling.audit.sealed.v1"
    assert [e.type for e in caused["scheduling"]] == ["scheduling.ceremony.released.v1", sealed]
    assert "program.release.rendered.v1" in [e.type for e in caused["program"]]
    assert [e.type for e in caused["dispatch"]] == ["dispatch.invitations.prepared.v1"]
    assert {e.causationid for e in caused["dispatch"]} == {caused["scheduling"][0].id}


async def feed_is_stable(client: httpx.AsyncClient, url: str) -> None:
    """The same bytes each time, and none at all for who has them."""
    path = httpx.URL(url).path
    first, second = await client.get(path), await client.get(path)
    assert (first.status_code, first.content) == (200, second.content)
    again = await client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_no_event_names_a_person(house: Instance) -> None:
    signed_in = (await owner_of(house.bus)).headers
    async with httpx.AsyncClient(base_url=house.address or "", timeout=30, headers=signed_in) as client:
        files = {"files": ("can-tho.zip", zipped(CAN_THO), "application/zip")}
        assert (await client.post("/api/v1/plans", files=files)).status_code == 200

    events = [event for service in SERVICES for event in told(house.settings.data_dir, service)]
    said = "\n".join(event.model_dump_json() for event in events)
    assert len(events) >= 3
    assert [
        name for name in ("Lê Tấn Tới", "Cao Đăng Hưng", "Nguyễn Văn Hiếu", "Phạm Văn Hiểu") if name in said
    ] == []
