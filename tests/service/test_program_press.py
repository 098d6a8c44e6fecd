"""The press: real worker processes, and what really stands on the pages they make."""

import asyncio
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any
from unicodedata import is_normalized

import pikepdf
import pytest
from PIL import Image

from schemas.protocol import load_profile
from services.program import templates
from services.program.model import Inputs, Parts, Rendered, documents
from services.program.render import DRAFT, RELEASED, CannotSet, Press, only_our_fonts
from tests.unit import program_parts

pytestmark = [pytest.mark.anyio, pytest.mark.long]  # papers are set in `make test` by those of the service
TOP_MARGIN = ("-H", "56", "-W", "842")  # points: 20 millimetres of the top


def inputs(parts: program_parts.Parts, profile: str = "vn-province", *, draft: bool = False) -> list[Inputs]:
    whole = Parts(*parts)
    rules = load_profile(profile, whole.scheduling.ceremony.on)
    return documents(whole, rules, templates.words(), templates.fingerprint, draft=draft)


def sheets(parts: program_parts.Parts, profile: str = "vn-province", *, draft: bool = False) -> dict[str, Any]:
    """One context of each kind; of invitations the first."""
    made = reversed(inputs(parts, profile, draft=draft))
    return {each.kind: each.context for each in made if each.kind != "invitations"}


@pytest.fixture(scope="module")
async def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The full ceremony on paper, a file of each kind, made once for all tests that only look."""
    press, folder = Press(2), tmp_path_factory.mktemp("printed")
    contexts = sheets(program_parts.full())
    made = await asyncio.gather(*(press.set(kind, context) for kind, context in contexts.items()))
    for kind, one in zip(contexts, made, strict=True):
        (folder / f"{kind}.pdf").write_bytes(one.pdf)
    await press.close()
    return {kind: folder / f"{kind}.pdf" for kind in contexts}


@pytest.fixture
async def press() -> AsyncIterator[Press]:
    press = Press(1, seconds=60)
    yield press
    await press.close()


@pytest.fixture(scope="module")
def invitation() -> dict[str, Any]:
    found: dict[str, Any] = sheets(program_parts.can_tho())["invitation"]
    return found


def text(pdf: Path, *options: str) -> str:
    command = ["pdftotext", "-raw", *options, str(pdf), "-"]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def checked(pdf: Path) -> int:
    """What qpdf says of the file: 0 for nothing wrong."""
    return subprocess.run(["qpdf", "--check", str(pdf)], check=False, capture_output=True).returncode


def pages(pdf: Path) -> list[str]:
    return text(pdf).split("\f")[:-1]


def fonts(pdf: Path) -> set[str]:
    """Names of the fonts in it, without the mark of a subset."""
    command = ["pdffonts", str(pdf)]
    lines = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout.splitlines()[2:]
    assert [line for line in lines if line.split()[-5:-2] != ["yes", "yes", "yes"]] == []  # embedded, subset, Unicode
    return {line.split()[0].partition("+")[2] for line in lines}


def empty_glyphs(pdf: Path) -> int:
    """How often glyph 0, .notdef, is drawn; all fonts are written with two bytes to a glyph."""
    count = 0
    with pikepdf.open(pdf) as opened:
        for page in opened.pages:
            for step in pikepdf.parse_content_stream(page):
                if str(step.operator) in {"Tj", "TJ"}:
                    strings: Any = step.operands[0] if str(step.operator) == "TJ" else step.operands
                    count += sum(_zeros(bytes(one)) for one in strings if isinstance(one, pikepdf.String))
    return count


def _zeros(codes: bytes) -> int:
    return sum(codes[at : at + 2] == b"\0\0" for at in range(0, len(codes), 2))


# What stands on the pages.


async def test_every_name_stands_on_one_line(printed: dict[str, Path]) -> None:
    part = program_parts.full()
    people = [guest.person.name for guest in part[1].guests if guest.person]
    decorated = [line.recipient for line in part[2].lines if line.recipient_kind == "person"]
    presenters = [line.presenter.text for line in part[2].lines if line.presenter]
    names = {
        "introductions": people,
        "guests": people,
        "roll": program_parts.names(728),
        "awards": [*decorated, *presenters],
    }
    for kind, wanted in names.items():
        found = text(printed[kind])
        assert [name for name in wanted if name not in found] == [], kind


async def test_every_item_with_its_time_is_in_programme_and_script(printed: dict[str, Path]) -> None:
    items = program_parts.full()[0].items
    for kind in ("programme", "script"):
        words = " ".join(text(printed[kind]).split())
        assert [item.title for item in items if item.title not in words] == []
        times = [f"{item.start:%H} giờ {item.start:%M}" for item in items if item.start]
        assert [time for time in times if time not in words] == []


async def test_text_comes_out_as_it_went_in(printed: dict[str, Path]) -> None:
    for kind, pdf in printed.items():
        assert is_normalized("NFC", text(pdf)), kind
        assert "\u00a0" not in text(pdf), kind


async def test_only_our_fonts_are_used_and_no_glyph_is_missing(printed: dict[str, Path]) -> None:
    faces = {
        "Tinos": {"programme", "awards", "invitation"},
        "Be-Vietnam-Pro": {"script", "introductions", "guests", "roll"},
    }
    for family, kinds in faces.items():
        for kind in kinds:
            assert [name for name in fonts(printed[kind]) if not name.startswith(family)] == [], kind
            assert empty_glyphs(printed[kind]) == 0, kind


async def test_formal_papers_are_numbered_bare_from_the_second_page_on(printed: dict[str, Path]) -> None:
    for kind in ("programme", "awards"):
        tops = [top.split() for top in text(printed[kind], *TOP_MARGIN).split("\f")[:-1]]
        mark = ["BẢN", "MINH", "HỌA"]
        assert [sorted(top) for top in tops] == [
            sorted(mark if number == 1 else [*mark, str(number)]) for number in range(1, len(tops) + 1)
        ], kind


async def test_working_lists_are_numbered_of_all(printed: dict[str, Path]) -> None:
    for kind in ("script", "introductions", "guests", "roll"):
        found = pages(printed[kind])
        assert [f"{n}/{len(found)}" in page.split("\n") for n, page in enumerate(found, 1)] == [True] * len(found)


async def test_heads_of_tables_stand_on_every_page(printed: dict[str, Path]) -> None:
    heads = {"programme": "Người thực hiện", "script": "Lời dẫn", "guests": "Chức vụ, đơn vị", "roll": "Họ và tên"}
    for kind, head in heads.items():
        assert [head in page for page in pages(printed[kind])] == [True] * len(pages(printed[kind])), kind


async def test_paper_and_turn_are_those_of_the_profile(printed: dict[str, Path]) -> None:
    a4, a5 = (210, 297), (148, 210)
    wanted = dict.fromkeys(printed, a4) | {"script": a4[::-1], "awards": a4[::-1], "invitation": a5[::-1]}
    for kind, size in wanted.items():
        with pikepdf.open(printed[kind]) as opened:
            boxes = {tuple(round(float(side) / 72 * 25.4) for side in page.mediabox[2:]) for page in opened.pages}
        assert boxes == {size}, kind


async def test_title_and_language_are_told_to_readers(printed: dict[str, Path]) -> None:
    with pikepdf.open(printed["programme"]) as opened:
        assert str(opened.docinfo["/Title"]).startswith("Chương trình – Lễ ra mắt Lực lượng Giả định")
        assert str(opened.Root.Lang) == "vi"


def beyond_margins(pdf: Path, layout: dict[str, Any]) -> list[str]:
    """Words that stick out to the left or to the right of the text area, or of the paper."""
    command = ["pdftotext", "-bbox", str(pdf), "-"]
    found = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    width = float(re.search(r'<page width="([\d.]+)', found)[1])  # type: ignore[index]  # there is a page
    margins = [layout["margins_mm"][side] * 72 / 25.4 for side in ("left", "right")]
    words = re.findall(r'<word xMin="([\d.-]+)" yMin="[\d.-]+" xMax="([\d.-]+)" yMax="[\d.-]+">(.*?)</word>', found)
    return [word for left, right, word in words if not _inside(float(left), float(right), width, margins)]


def _inside(left: float, right: float, width: float, margins: list[float]) -> bool:
    return left >= margins[0] - 1 and right <= width - margins[1] + 1


async def test_nothing_sticks_out_of_the_text_area(press: Press, tmp_path: Path) -> None:
    upright = {"upright awards": sheets(program_parts.full(), "plain")["awards"]}
    for contexts in (sheets(program_parts.full()), sheets(program_parts.worst()), upright):
        for name, context in contexts.items():
            (tmp_path / "made.pdf").write_bytes((await press.set(context["kind"], context)).pdf)
            assert beyond_margins(tmp_path / "made.pdf", context["layout"]) == [], name


# Hostile and long texts.


async def test_longest_texts_fit_an_invitation_on_one_page(press: Press, invitation: dict[str, Any]) -> None:
    words = "Ủy viên Ban Chấp hành, Phó Trưởng ban Thường trực Ban Chỉ đạo về công tác phối hợp liên ngành; " * 5
    context = invitation | {
        "to": "Nhà giáo Nhân dân Công Huyền Tôn Nữ Hoàng Thị Ngọc Quỳnh Trâm Anh Phương Uyên"[:80],
        "post": words[:300],
        "ceremony": words[:400],
        "duties": [{"what": words[:200], "time": "08 giờ 30"}, {"what": "Trao giấy khen", "time": None}],
        "contact": words[:120],
    }

    assert (await press.set("invitation", context)).pages == 1


async def test_markup_in_data_is_printed_as_text(press: Press, tmp_path: Path) -> None:
    made = await press.set("introductions", sheets(program_parts.worst())["introductions"])

    (tmp_path / "made.pdf").write_bytes(made.pdf)
    found = " ".join(text(tmp_path / "made.pdf").split())
    assert "<script>alert('x')</ script>" in found or "<script>alert('x')</script>" in found
    assert "Giám đốc & <i>Chủ tịch</i>" in found


async def test_character_that_no_font_has_is_a_box_and_is_told(press: Press, tmp_path: Path) -> None:
    made = await press.set("introductions", sheets(program_parts.worst())["introductions"])

    (tmp_path / "made.pdf").write_bytes(made.pdf)
    assert made.missing == "中文"
    assert "Ông □□ Nam Việt" in text(tmp_path / "made.pdf")
    assert empty_glyphs(tmp_path / "made.pdf") == 0


async def test_worst_case_documents_can_all_be_set(press: Press) -> None:
    made = {
        kind: await press.set(kind, context) for kind, context in sheets(program_parts.worst(), draft=True).items()
    }

    assert [kind for kind, one in made.items() if one.pages < 1] == []


def test_nothing_is_fetched_from_outside(tmp_path: Path) -> None:
    only_our_fonts(tmp_path)
    script = (
        "from services.program.typeset import AssetFetcher\n"
        "fetcher = AssetFetcher({'crest.svg': b'<svg/>'})\n"
        "print(fetcher.fetch('asset:///crest.svg').read())\n"
        "print(fetcher.fetch('data:text/plain,short').read())\n"
        "long = 'data:,' + 'x' * 200000\n"
        "for url in ('file:///etc/passwd', 'http://127.0.0.1/', 'asset:///other', 'ftp://x/', long):\n"
        "    try:\n"
        "        print(fetcher.fetch(url).read())\n"
        "    except ValueError as why:\n"
        "        print(str(why)[:40])\n"
    )
    environment = {**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}
    command = [sys.executable, "-c", script]
    ran = subprocess.run(
        command, check=True, env=environment, capture_output=True, encoding="utf-8", cwd=templates.ROOT
    )

    assert ran.stdout.splitlines() == [
        "b'<svg/>'",
        "b'short'",
        "Documents may not load file:///etc/passw",
        "Documents may not load http://127.0.0.1/",
        "Documents may not load asset:///other",
        "Documents may not load ftp://x/",
        "Documents may not load data:,xxxxxxxxxxx",
    ]


# The same bytes each time.


async def test_same_inputs_give_the_same_bytes_in_other_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    contexts, made = sheets(program_parts.can_tho()), list[list[bytes]]()
    for seed in ("1", "2"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        press = Press(1)
        if seed == "2":  # a document set before must leave no trace in the next
            await press.set("roll", sheets(program_parts.full())["roll"])
        files = [(await press.set(kind, context)).pdf for kind, context in contexts.items()]
        made.append([*files, (await press.join(files)).pdf])
        await press.close()

    assert made[0] == made[1]


async def test_joined_file_has_the_pages_in_order(press: Press, tmp_path: Path) -> None:
    some = [each.context for each in inputs(program_parts.can_tho()) if each.guest_id][:3]
    files = [(await press.set("invitation", context)).pdf for context in some]

    whole = await press.join(files)

    (tmp_path / "whole.pdf").write_bytes(whole.pdf)
    guests = ["Trung tướng Lê Tấn Tới", "Thiếu tướng Cao Đăng Hưng", "Lãnh đạo Tổng Liên đoàn Lao động Việt Nam"]
    assert [name in page for name, page in zip(guests, pages(tmp_path / "whole.pdf"), strict=True)] == [True] * 3
    assert whole.pages == 3
    assert checked(tmp_path / "whole.pdf") == 0


async def test_page_is_drawn_as_wide_as_asked_and_shows_what_is_on_it(press: Press, printed: dict[str, Path]) -> None:
    script = printed["script"].read_bytes()
    first, second = await press.draw(script, 1, 400), await press.draw(script, 2, 400)
    assert first == await press.draw(script, 1, 400)
    assert first.png != second.png
    for drawn in (first, await press.draw(printed["invitation"].read_bytes(), 1, 1200)):
        with Image.open(io.BytesIO(drawn.png)) as picture:
            assert (picture.format, picture.size) == ("PNG", (drawn.width, drawn.height))
            shades = picture.convert("L").histogram()
        assert sum(shades[:160]) > 500  # ink
        assert sum(shades[240:]) > sum(shades) / 2  # paper
    with pikepdf.open(printed["script"]) as opened:
        _, _, width, height = map(float, opened.pages[0].mediabox)
    assert (first.width, round(400 * height / width) - first.height in {0, -1}) == (400, True)


async def test_file_that_cannot_be_drawn_is_a_sentence_and_leaves_the_worker_alive(press: Press) -> None:
    with pytest.raises(CannotSet):
        await press.draw(b"%PDF-1.7 nothing", 1, 400)
    before = worker_of(press)
    with pytest.raises(CannotSet):
        await press.draw(b"", 1, 400)
    assert worker_of(press) == before


async def test_picture_goes_before_documents_that_wait(
    press: Press, printed: dict[str, Path], invitation: dict[str, Any]
) -> None:
    done: list[str] = []

    async def note(name: str, work: Coroutine[Any, Any, object]) -> None:
        await work
        done.append(name)

    pdf = printed["invitation"].read_bytes()
    await press.draw(pdf, 1, 100)
    async with asyncio.TaskGroup() as tasks:
        for name in ("at hand", "waits"):
            tasks.create_task(note(name, press.set("invitation", invitation)))
        await asyncio.sleep(0)
        tasks.create_task(note("picture", press.draw(pdf, 1, 100)))
    assert done == ["at hand", "picture", "waits"]


# Workers that die, hang, or are given up.


def worker_of(press: Press) -> int:
    """Process id of the only worker; tests alone need to know it."""
    process = press._all[0]._process  # noqa: SLF001 - there is no other way to kill exactly this one
    assert process
    return process.pid


async def test_killed_worker_is_replaced_and_the_document_tried_again(
    press: Press, invitation: dict[str, Any]
) -> None:
    first = await press.set("invitation", invitation)
    before = worker_of(press)
    os.kill(before, signal.SIGSTOP)
    job = asyncio.create_task(press.set("invitation", invitation))
    await asyncio.sleep(0.1)
    os.kill(before, signal.SIGKILL)

    assert (await job).pdf == first.pdf
    assert worker_of(press) != before


async def test_document_that_kills_its_worker_twice_fails_with_a_sentence(
    press: Press, invitation: dict[str, Any]
) -> None:
    job = asyncio.create_task(press.set("invitation", invitation))
    for _ in range(2):
        await _killed(press)

    with pytest.raises(CannotSet, match="the process that sets it ended twice without an answer"):
        await job
    assert (await press.set("invitation", invitation)).pages == 1


async def _killed(press: Press, known: set[int] = set()) -> None:  # noqa: B006 - which workers were killed already
    for _ in range(500):
        process = press._all[0]._process  # noqa: SLF001 - as above
        if process and process.pid not in known:
            known.add(process.pid)
            process.kill()
            return
        await asyncio.sleep(0.01)


async def test_document_that_takes_too_long_is_given_up(invitation: dict[str, Any]) -> None:
    press = Press(1, seconds=0.05)
    with pytest.raises(CannotSet, match=r"it takes longer than 0\.05 seconds"):
        await press.set("invitation", invitation)
    await press.close()


async def test_cancelled_document_does_not_answer_for_the_next(press: Press, invitation: dict[str, Any]) -> None:
    other = sheets(program_parts.can_tho())["programme"]
    wanted = await press.set("programme", other)
    job = asyncio.create_task(press.set("invitation", invitation))
    await asyncio.sleep(0.02)
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)

    assert (await press.set("programme", other)).pdf == wanted.pdf


async def test_fault_in_one_document_is_a_sentence_and_leaves_the_worker_alive(
    press: Press, invitation: dict[str, Any]
) -> None:
    await press.set("invitation", invitation)
    before = worker_of(press)

    with pytest.raises(CannotSet, match="UndefinedError: 'title' is undefined"):
        await press.set("invitation", {"language": "vi"})

    assert worker_of(press) == before


async def test_released_documents_go_before_drafts(press: Press, invitation: dict[str, Any]) -> None:
    order = list[str]()

    async def make(name: str, urgency: int) -> Rendered:
        made = await press.set("invitation", invitation, urgency)
        order.append(name)
        return made

    async with asyncio.TaskGroup() as tasks:
        for name in ("draft 1", "draft 2", "draft 3"):
            tasks.create_task(make(name, DRAFT))
        await asyncio.sleep(0)
        tasks.create_task(make("release", RELEASED))

    assert order == ["draft 1", "release", "draft 2", "draft 3"]


async def test_event_loop_goes_on_while_pages_are_set(press: Press) -> None:
    context = sheets(program_parts.full())["introductions"]
    await press.set("introductions", context)
    longest, job = 0.0, asyncio.create_task(press.set("introductions", context))

    while not job.done():
        begun = asyncio.get_running_loop().time()
        await asyncio.sleep(0.005)
        longest = max(longest, asyncio.get_running_loop().time() - begun)

    assert longest < job.result().milliseconds / 1000 / 2


def test_missing_fonts_are_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(templates, "FONT_FOLDER", tmp_path)

    with pytest.raises(templates.FontsMissing, match="Type `make setup`, then start again"):
        templates.font_files()
