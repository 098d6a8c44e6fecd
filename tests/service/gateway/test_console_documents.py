"""The gallery of documents: how each stands and why, pictures of pages, editions, those made for single guests."""

import asyncio
import html
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from schemas import guests, program, scheduling
from schemas.envelope import Grant
from schemas.guests import AddGuest, GuestFields, PersonFields
from schemas.program import Document, Documents, ListDocuments
from schemas.scheduling import CeremonyFields, CreateCeremony, ReleaseCeremony
from services.kit.context import work_for
from tests.service.gateway.desk import Desk, desk, text_of
from tests.service.gateway.office import AT, CODE, HASH, Papers, create, document

pytestmark = pytest.mark.anyio
HERE = f"/ceremonies/{CODE}/documents"
FILE = f"/api/v1/ceremonies/{CODE}/documents/{HASH}"


def paper(kind: str = "programme", **fields: Any) -> Document:
    return document().model_copy(update={"id": kind, "kind": kind, "size": 28_400, "at": AT, **fields})


async def see(client: httpx.AsyncClient, path: str, *, part: bool = False) -> httpx.Response:
    headers = {"Accept": "text/html"} | ({"HX-Request": "true", "HX-Request-Type": "partial"} if part else {})
    return await client.get(path, headers=headers)


def card(page: httpx.Response, kind: str) -> str:
    return str(re.findall(rf'<figure class="paper" id="paper-{kind}">.*?</figure>', page.text, re.DOTALL)[0])


def words(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


# How each stands.


async def test_document_stands_with_its_first_page_and_what_one_can_do_with_it(
    client: httpx.AsyncClient, papers: Papers
) -> None:
    await create(client)
    papers.answers[program.list_documents] = Documents(documents=(paper(),), complete=True)
    page = await see(client, HERE)
    shown = card(page, "programme")
    assert f'src="{FILE}/pages/1.png?width=360"' in shown
    assert words(shown).startswith("Chương trình <b>lễ</b> In step 2 pages · 28 kB · ")
    links = re.findall(r'<a class="icon-button"[^>]*href="([^"]+)"([^>]*)>', shown)
    assert [(href, 'target="_blank"' in more, "download=" in more) for href, more in links] == [
        (FILE, True, False),
        (FILE, False, True),
    ]
    assert (f'{FILE.rpartition("/")[0]}.zip"' in page.text, 'hx-trigger="every 2s"' in page.text) == (True, False)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"state": "stale", "because": ("guests", "order")},
            "Not in step · changed: the guests and the running order",
        ),
        ({"state": "rendering", "because": ("plan",)}, "being made · changed: the whole plan, by an import"),
        ({"state": "failed", "reason": "The page is full."}, "could not be made · The page is full."),
        ({"state": "failed", "content": None}, "could not be made · The reason stands in the log of the server."),
        ({"missing": "𝔸"}, "In step · Prints as empty boxes: 𝔸"),
        ({"secret": True}, "In step Secret until read out"),
        ({"release": 1}, ""),
    ],
)
async def test_state_is_said_in_words_and_why(
    client: httpx.AsyncClient, papers: Papers, fields: dict[str, Any], said: str
) -> None:
    await create(client)
    papers.answers[program.list_documents] = Documents(documents=(paper(**fields),), complete=True)
    shown = card(await see(client, HERE), "programme")
    head, _, rest = words(shown.partition("<figcaption>")[2]).partition("2 pages · 28 kB · just now")
    found = (head.removeprefix("Chương trình <b>lễ</b>").strip(), rest.strip())
    assert " · ".join(part for part in found if part) == said


async def test_while_documents_are_made_the_page_looks_again_and_offers_no_zip(
    client: httpx.AsyncClient, papers: Papers
) -> None:
    await create(client)
    making = paper("script", state="rendering", content=None, pages=None, size=None)
    papers.answers[program.list_documents] = Documents(documents=(paper(), making), complete=False)
    part = await see(client, HERE, part=True)
    assert ('hx-trigger="every 2s"' in part.text, ".zip" in part.text, "<html" in part.text) == (True, False, False)
    assert re.findall(r'<progress[^>]* value="(\d+)" max="(\d+)"', part.text) == [("1", "2")]
    assert "—" in words(card(part, "script"))


@pytest.mark.parametrize(("complete", "said"), [(True, "No documents"), (False, "The documents are being made")])
async def test_empty_gallery_says_why(
    client: httpx.AsyncClient, papers: Papers, said: str, *, complete: bool
) -> None:
    await create(client)
    papers.answers[program.list_documents] = Documents(documents=(), complete=complete)
    assert said in text_of(await see(client, HERE))


# Leafing through one.


async def test_dialog_shows_every_page_and_turns_them(client: httpx.AsyncClient, papers: Papers) -> None:
    await create(client)
    papers.answers[program.list_documents] = Documents(documents=(paper(pages=3),), complete=True)
    seen = await see(client, f"{HERE}/{HASH}?release=0", part=True)
    pages = re.findall(r'<img class="page-leaf"[^>]* src="([^"]+)"[^>]* alt="([^"]+)"', seen.text)
    assert pages == [(f"{FILE}/pages/{n}.png?width=900", f"Page {n} of 3") for n in (1, 2, 3)]
    assert re.findall(r'data-leaf="(-?1)"', seen.text) == ["-1", "1"]


async def test_dialog_shows_the_first_hundred_pages_of_a_thick_one(client: httpx.AsyncClient, papers: Papers) -> None:
    await create(client)
    papers.answers[program.list_documents] = Documents(documents=(paper(pages=120),), complete=True)
    seen = await see(client, f"{HERE}/{HASH}?release=0", part=True)
    assert (seen.text.count("page-leaf"), "The first 100 pages." in text_of(seen)) == (200, True)


async def test_document_that_is_not_there_is_not_found(client: httpx.AsyncClient) -> None:
    await create(client)
    assert (await see(client, f"{HERE}/{'0' * 64}", part=True)).status_code == 404


# Those for one guest each.


async def test_documents_of_guests_are_folded_and_found_by_name(client: httpx.AsyncClient, papers: Papers) -> None:
    await create(client)
    names = ("Bà Trần Thị Ánh", "Ông Lê Văn Bình")
    each = tuple(paper("invitation", id=name, guest_id=f"g-{name[-1]}", title=f"Giấy mời – {name}") for name in names)

    def answer(question: ListDocuments) -> Documents:
        joined = (paper(), paper("invitations"))
        return Documents(documents=(*joined, *(each if question.guests else ())), complete=True)

    papers.answers[program.list_documents] = answer
    page = await see(client, HERE)
    assert re.findall(r'id="paper-(\w+)"', page.text) == ["programme", "invitations"]
    path = re.findall(r'hx-get="([^"]+/documents/guests[^"]*)"', page.text)[0]
    opened = await see(client, path, part=True)
    assert ("<dialog" in opened.text, re.findall(r'<tr id="name-(.*?)"', opened.text)) == (True, ["g-h", "g-h"])
    found = await see(client, f"{path}&q=anh+tran", part=True)
    assert ("<dialog" in found.text, "Trần Thị Ánh" in found.text, "Bình" in found.text) == (False, True, False)
    assert "Nobody is called that" in text_of(await see(client, f"{path}&q=nobody", part=True))


# On the whole house.


@pytest.fixture(scope="module")
async def at(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(tmp_path_factory.mktemp("documents")) as found:
        yield found


async def until_made(at: Desk, ceremony_id: str, release: int | None) -> None:
    for _ in range(1200):
        work_for(await at.owner.caller(at.house.bus))
        asked = ListDocuments(ceremony_id=ceremony_id, release=release)
        found = await at.house.bus.ask(program.list_documents, asked)
        if found.complete and found.documents:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the documents were not made in two minutes")


async def test_editions_stand_side_by_side_and_what_stands_comes_first(at: Desk) -> None:
    code = "ra-mat"
    work_for(await at.owner.caller(at.house.bus))
    made = await at.house.bus.ask(
        scheduling.create_ceremony, CreateCeremony(code=code, ceremony=CeremonyFields(title="Lễ ra mắt"))
    )
    here = f"/ceremonies/{code}/documents"
    guest = GuestFields(person=PersonFields(name="Trần Thị Ánh"))
    await at.house.bus.ask(guests.add_guest, AddGuest(ceremony_id=made.id, guest=guest))
    await until_made(at, made.id, None)
    assert tabs(await at.get(here)) == [("0", True)]
    await at.house.bus.ask(scheduling.release_ceremony, ReleaseCeremony(ceremony_id=made.id), 60)
    await until_made(at, made.id, 1)
    page = await at.get(here)
    assert (tabs(page), tabs(await at.get(f"{here}?release=0"))) == (
        [("0", False), ("1", True)],
        [("0", True), ("1", False)],
    )
    picture = re.findall(r'src="(/api/[^"]+\.png\?width=360)"', page.text)[0]
    drawn = await at.get(picture)
    assert (drawn.status_code, drawn.content[:4]) == (200, b"\x89PNG")
    assert (await at.get(f"{here}?release=2")).status_code == 404
    viewer, check_in = await at.colleague(Grant(role="viewer")), await at.colleague(Grant(role="check_in"))
    assert [(await at.get(here, who)).status_code for who in (viewer, check_in)] == [200, 403]


def tabs(page: httpx.Response) -> list[tuple[str, bool]]:
    """Which edition each tab opens, and whether it is open."""
    found = re.findall(r'<a href="[^"]+/documents\?release=(\d+)"( aria-current="page")?>', page.text)
    return [(release, bool(current)) for release, current in found]
