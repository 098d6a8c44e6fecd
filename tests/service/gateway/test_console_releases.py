"""The list of releases: newest first, with who made each and what proves it."""

import re
from collections.abc import AsyncIterator

import pytest

from schemas import scheduling
from schemas.envelope import Grant
from schemas.scheduling import FindCeremony, ItemFields, PutItem
from services.kit.context import work_for
from tests.service.gateway.desk import Desk, desk, text_of

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def at(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """A ceremony that was released twice and changed since; another one never."""
    async with desk(tmp_path_factory.mktemp("releases")) as found:
        which = await found.ceremony("le", "Lễ mẫu")
        await found.ceremony("moi", "Lễ mới")
        await found.post("/ceremonies/le/release", version=1)
        await add_item(found, which, "a")
        await found.post("/ceremonies/le/release", version=2, note="Thêm một mục")
        yield found


async def add_item(at: Desk, which: str, key: str) -> None:
    work_for(await at.owner.caller(at.house.bus))
    version = (await at.house.bus.ask(scheduling.find_ceremony, FindCeremony(which=which))).version
    command = PutItem(ceremony_id=which, expected_version=version, item=ItemFields(key=key, title="Mục"))
    await at.house.bus.ask(scheduling.put_item, command)


async def test_releases_are_listed_newest_first_with_who_made_them(at: Desk) -> None:
    page = await at.get("/ceremonies/le/releases")
    assert re.findall(r'id="release-(\d)"', page.text) == ["2", "1"]
    text = text_of(page)
    assert (text.count("· Lê Thị Chủ"), "Thêm một mục" in text) == (2, True)
    assert "/ceremonies/le/documents?release=1" in page.text
    assert len(set(re.findall(r'data-copy="([0-9a-f]{64})"', page.text))) >= 4


async def test_last_release_says_whether_the_draft_went_on(at: Desk) -> None:
    assert "The ceremony and its order are as released" in (await at.get("/ceremonies/le/releases")).text
    which = (await at.house.bus.ask(scheduling.find_ceremony, FindCeremony(which="le"))).id
    await add_item(at, which, "b")
    assert "Changed since" in (await at.get("/ceremonies/le/releases", part=True)).text


async def test_ceremony_without_a_release_says_what_that_means(at: Desk) -> None:
    assert "Not released yet" in (await at.get("/ceremonies/moi/releases")).text


async def test_viewer_sees_releases_but_not_who_made_them(at: Desk) -> None:
    page = await at.get("/ceremonies/le/releases", await at.colleague(Grant(role="viewer")))
    assert ("Thêm một mục" in page.text, "Lê Thị Chủ" in page.text) == (True, False)
    assert 'hx-get="/ceremonies/le/release"' not in page.text
