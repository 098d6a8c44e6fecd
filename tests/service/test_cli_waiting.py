"""What a command does while services work, are away or give wrong bytes: asked over a real bus."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from schemas import dispatch, program, scheduling
from schemas.dispatch import Invitations
from schemas.envelope import Caller
from schemas.errors import NotFound, Refused, Unavailable
from schemas.program import Content, Document, Documents
from schemas.scheduling import Ceremony, ReleaseCeremony, Released
from services.cli import office as waiting
from services.cli.office import Office, release_of
from services.cli.refusals import ContentBroken, NoSuchRelease, NothingReleased, NotPrepared, NotPrinted
from services.cli.voice import Voice
from services.kit.bus import Bus
from services.kit.context import work_for
from services.kit.nats_server import NatsServer
from services.kit.settings import Settings

pytestmark = pytest.mark.anyio
BYTES = bytes(range(256)) * 20_000  # five megabytes: several pieces
CEREMONY = Ceremony(id="c1", code="le", office="office", version=3, release=2, title="Lễ")


@pytest.fixture
async def bus(nats_server: NatsServer, tmp_path: Path, caller: Caller) -> AsyncIterator[Bus]:
    bus = Bus(Settings(data_dir=tmp_path, _env_file=None))
    await bus.connect(nats_server.url)
    work_for(caller)
    yield bus
    await bus.quiet()
    await bus.close()


@pytest.fixture
def office(bus: Bus) -> Office:
    return Office(bus, Voice("en"))


def answering(*answers: Any) -> Callable[[Any], Any]:
    """These answers in turn, and the last one again and again."""
    left = list(answers)

    async def answer(_question: Any) -> Any:
        given = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(given, Exception):
            raise given
        return given

    return answer


def document(state: str, content: str | None = None) -> Document:
    values = {"id": "d", "ceremony_id": "c1", "release": 2, "kind": "programme", "title": "T", "file_name": "t.pdf"}
    return Document.model_validate({**values, "state": state, "inputs": "0" * 64, "content": content})


async def test_documents_are_waited_for_until_all_are_ready(bus: Bus, office: Office) -> None:
    ready = document("ready")
    states = (
        Documents(documents=(), complete=True),  # the event of the release has not come yet
        Documents(documents=(document("rendering"),), complete=False),
        Unavailable(what="program"),
        Documents(documents=(ready,), complete=True),
    )
    await bus.answer("program", {program.list_documents: answering(*states)})
    assert await office.until_printed(CEREMONY, 2) == (ready,)


async def test_documents_are_not_waited_for_for_ever(
    bus: Bus, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_WAIT", 0.3)
    documents = (document("ready"), document("failed"), document("rendering"))
    await bus.answer("program", {program.list_documents: answering(Documents(documents=documents, complete=False))})
    with pytest.raises(NotPrinted) as refused:
        await office.until_printed(CEREMONY, 2)
    assert refused.value.params == {"ceremony": "le", "seconds": "0.3", "ready": "2", "total": "3"}


async def test_waiting_ends_with_what_a_service_refuses(bus: Bus, office: Office) -> None:
    await bus.answer("program", {program.list_documents: answering(NotFound(what="ceremony", which="c1"))})
    with pytest.raises(Refused) as refused:
        await office.until_printed(CEREMONY, 2)
    assert refused.value.code == "not-found"


async def test_waiting_for_a_service_that_stays_away_ends(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_AWAY", 0.3)
    with pytest.raises(Unavailable):
        await office.until_prepared(CEREMONY, 2)


async def test_invitations_are_waited_for_until_their_release(bus: Bus, office: Office) -> None:
    asked = [Invitations(invitations=(), release=number) for number in (0, 1, 2)]
    await bus.answer("dispatch", {dispatch.list_invitations: answering(*asked)})
    await office.until_prepared(CEREMONY, 2)


async def test_invitations_are_not_waited_for_for_ever(
    bus: Bus, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_WAIT", 0.3)
    await bus.answer("dispatch", {dispatch.list_invitations: answering(Invitations(invitations=(), release=1))})
    with pytest.raises(NotPrepared):
        await office.until_prepared(CEREMONY, 2)


def pieces(data: bytes) -> Callable[[Any], Any]:
    async def read(question: program.ReadContent) -> Content:
        piece = base64.b64encode(data[question.offset : question.offset + question.limit]).decode()
        return Content(base64=piece, size=len(data), media_type="application/pdf", file_name="t.pdf")

    return read


@pytest.mark.parametrize("data", [BYTES, b"", b"one piece"])
async def test_content_is_put_together_from_its_pieces(bus: Bus, office: Office, data: bytes) -> None:
    await bus.answer("program", {program.read_content: pieces(data)})
    assert await office.content(document("ready", hashlib.sha256(data).hexdigest())) == data


async def test_content_that_is_not_what_its_hash_says_is_refused(bus: Bus, office: Office) -> None:
    await bus.answer("program", {program.read_content: pieces(b"other bytes")})
    with pytest.raises(ContentBroken):
        await office.content(document("ready", hashlib.sha256(BYTES).hexdigest()))


async def test_command_is_sent_again_with_the_same_request_id(bus: Bus, office: Office) -> None:
    seen: list[str] = []
    released = Released(ceremony_id="c1", release=1, version=1, parts={})

    async def release(command: ReleaseCeremony) -> Released:
        seen.append(command.request_id)
        if len(seen) < 2:
            raise Unavailable(what="guests")
        return released

    async def later() -> None:
        await asyncio.sleep(0.2)
        await bus.answer("scheduling", {scheduling.release_ceremony: release})

    task = asyncio.create_task(later())
    assert await office.do(scheduling.release_ceremony, ReleaseCeremony(ceremony_id="c1")) == released
    await task
    assert seen == [seen[0]] * 2


def test_release_that_is_meant_is_the_last_or_the_one_asked_for() -> None:
    assert (release_of(CEREMONY), release_of(CEREMONY, 1)) == (2, 1)
    with pytest.raises(NoSuchRelease):
        release_of(CEREMONY, 3)
    with pytest.raises(NothingReleased):
        release_of(CEREMONY.model_copy(update={"release": 0}))
