"""Editions and documents in the real databases: what is stale, what is used again, and what comes too late."""

from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.envelope import Caller
from schemas.errors import NotFound
from schemas.program import Document
from services.kit.store import Store, Tx
from services.program import service
from services.program import store as sql
from services.program.model import Drawn, Inputs, Rendered
from services.program.store import DRAFT, Count, Edition, shown
from services.program.store.shown import Leaf

NewStore = Callable[[str], Store]
CEREMONY = "0190a1b2-0000-7000-8000-00000000000a"


class Shelf:
    """What program keeps, each step in a transaction of its own."""

    def __init__(self, store: Store) -> None:
        self.store, self.caller = store, Caller(office="office", auth="system", correlation="c1")

    def wants(self, release: int = DRAFT) -> Edition:
        with self.store.change(self.caller) as tx:
            sql.want(tx, CEREMONY, release)
        return self.newest(release)

    def newest(self, release: int = DRAFT) -> Edition:
        with self.store.read() as conn:
            return sql.newest(conn, Edition(CEREMONY, release, "office", "", 0, 0, None))

    def plans(self, edition: Edition, *inputs: Inputs) -> list[str] | None:
        with self.store.change(self.caller) as tx:
            missing = sql.plan(tx, edition, inputs)
        return None if missing is None else [each.kind for each in missing]

    def saves(self, edition: Edition, inputs: Inputs, pdf: bytes) -> str | None:
        with self.store.change(self.caller) as tx:
            return sql.save(tx, edition, inputs, Rendered(pdf, 1, 20))

    def does(self, work: Callable[..., object], *args: object) -> object:
        with self.store.change(self.caller) as tx:
            return work(tx, *args)

    def documents(self, release: int = DRAFT) -> list[Document]:
        with self.store.read() as conn:
            return list(sql.documents(conn, "office", CEREMONY, release))

    def states(self, release: int = DRAFT) -> list[tuple[str, str]]:
        return [(document.kind, document.state) for document in self.documents(release)]

    def in_step(self, release: int = DRAFT) -> bool:
        with self.store.read() as conn:
            return sql.in_step(conn, "office", CEREMONY, release)


@pytest.fixture
def shelf(new_store: NewStore) -> Shelf:
    store = new_store("program")
    store.open(Path(service.__file__).parent / "migrations")
    return Shelf(store)


def inputs(kind: str, what: str) -> Inputs:
    return Inputs(kind, kind.title(), f"{kind}.pdf", what.ljust(64, "0"), {})


PROGRAMME, SCRIPT = inputs("programme", "a"), inputs("script", "b")


def ready(shelf: Shelf, release: int = DRAFT) -> Edition:
    """An edition with a programme and a script, in step."""
    edition = shelf.wants(release)
    shelf.plans(edition, PROGRAMME, SCRIPT)
    shelf.saves(edition, PROGRAMME, b"programme")
    shelf.saves(edition, SCRIPT, b"script")
    shelf.does(sql.finish, edition)
    return shelf.newest(release)


def test_edition_is_in_step_when_what_was_wanted_is_made(shelf: Shelf) -> None:
    edition = shelf.wants()
    missing = shelf.plans(edition, PROGRAMME, SCRIPT)
    before = shelf.states(), shelf.in_step()
    shelf.saves(edition, PROGRAMME, b"programme")
    shelf.saves(edition, SCRIPT, b"script")
    shelf.does(sql.finish, edition)

    assert missing == ["programme", "script"]
    assert before == ([("programme", "rendering"), ("script", "rendering")], False)
    assert (shelf.states(), shelf.in_step()) == ([("programme", "ready"), ("script", "ready")], True)


def test_change_makes_everything_stale_until_it_is_known_what_it_touches(shelf: Shelf) -> None:
    ready(shelf)

    edition = shelf.wants()
    stale = shelf.states(), shelf.in_step()
    missing = shelf.plans(edition, PROGRAMME, inputs("script", "c"))

    assert stale == ([("programme", "stale"), ("script", "stale")], False)
    assert missing == ["script"]
    assert shelf.states() == [("programme", "ready"), ("script", "rendering")]


def test_plan_of_an_edition_that_changed_meanwhile_does_nothing(shelf: Shelf) -> None:
    old = ready(shelf)
    shelf.wants()

    assert shelf.plans(old, inputs("programme", "z")) is None
    assert shelf.states() == [("programme", "stale"), ("script", "stale")]


def test_rendering_of_inputs_that_are_no_longer_wanted_is_thrown_away(shelf: Shelf) -> None:
    edition = shelf.wants()
    shelf.plans(edition, PROGRAMME)
    shelf.plans(edition, inputs("programme", "newer"))

    assert shelf.saves(edition, PROGRAMME, b"too late") is None
    assert [document.content for document in shelf.documents()] == [None]


def test_edition_that_changed_meanwhile_is_not_finished(shelf: Shelf) -> None:
    edition = shelf.wants()
    shelf.plans(edition, PROGRAMME)
    shelf.wants()

    assert (shelf.does(sql.finish, edition), shelf.in_step()) == (False, False)


def test_rendering_that_ends_after_a_change_is_used_if_its_inputs_stay(shelf: Shelf) -> None:
    edition = shelf.wants()
    shelf.plans(edition, PROGRAMME)
    newer = shelf.wants()
    shelf.saves(edition, PROGRAMME, b"programme")

    assert shelf.plans(newer, PROGRAMME) == []


def test_release_uses_what_an_earlier_one_printed_the_same(shelf: Shelf) -> None:
    ready(shelf, 1)

    second = shelf.wants(2)
    missing = shelf.plans(second, PROGRAMME, inputs("script", "other"))

    assert missing == ["script"]
    assert [(document.kind, document.reused) for document in shelf.documents(2)] == [
        ("programme", True),
        ("script", False),
    ]
    assert shelf.documents(2)[0].content == shelf.documents(1)[0].content


def test_other_office_does_not_share_bytes_by_inputs(shelf: Shelf) -> None:
    ready(shelf, 1)
    shelf.caller = Caller(office="other", auth="system", correlation="c2")

    with shelf.store.change(shelf.caller) as tx:
        sql.want(tx, "0190a1b2-0000-7000-8000-00000000000b", 1)
        edition = Edition("0190a1b2-0000-7000-8000-00000000000b", 1, "other", "c2", 1, 0, None)
        missing = sql.plan(tx, edition, [PROGRAMME])

    assert missing == [PROGRAMME]


def test_failed_document_is_not_tried_again_with_the_same_inputs(shelf: Shelf) -> None:
    edition = shelf.wants()
    shelf.plans(edition, PROGRAMME, SCRIPT)
    shelf.does(sql.fail, edition, PROGRAMME, "too long")
    newer = shelf.wants()

    missing = shelf.plans(newer, PROGRAMME, SCRIPT)

    assert missing == ["script"]
    assert [(document.state, document.reason) for document in shelf.documents()] == [
        ("failed", "too long"),
        ("rendering", None),
    ]


def test_unfinished_editions_come_with_releases_first(shelf: Shelf) -> None:
    for release in (DRAFT, 2, 1):
        shelf.wants(release)
    ready(shelf, 3)

    with shelf.store.read() as conn:
        found = [edition.release for edition in sql.unfinished(conn)]

    assert found == [1, 2, DRAFT]


def test_bytes_of_a_release_are_kept_and_those_of_an_old_draft_forgotten(shelf: Shelf) -> None:
    ready(shelf, 1)
    ready(shelf)
    edition = shelf.wants()
    shelf.plans(edition, inputs("script", "c"))
    shelf.saves(edition, inputs("script", "c"), b"another script")
    newer = shelf.wants()
    shelf.plans(newer, inputs("script", "d"))

    assert shelf.does(sql.forget_unused) == 1
    assert [document.size for document in shelf.documents(1)] == [len(b"programme"), len(b"script")]


def test_edition_that_cannot_be_made_says_why(shelf: Shelf) -> None:
    edition = shelf.wants()

    shelf.does(sql.refuse, edition, "There is no such ceremony.")

    assert shelf.in_step()
    assert [(document.state, document.reason) for document in shelf.documents()] == [
        ("failed", "There is no such ceremony.")
    ]


def test_counts_of_a_release_tell_rendered_reused_and_failed(shelf: Shelf) -> None:
    ready(shelf, 1)
    second = shelf.wants(2)
    shelf.plans(second, PROGRAMME, inputs("script", "new"), inputs("awards", "bad"))
    shelf.saves(second, inputs("script", "new"), b"new script")
    shelf.does(sql.fail, second, inputs("awards", "bad"), "too long")

    def counted(tx: Tx) -> Count:
        return sql.count(tx.conn, second)

    assert shelf.does(counted) == Count(rendered=1, reused=1, failed=1)


# Why it is not in step.


def because(shelf: Shelf) -> set[tuple[str, ...]]:
    return {document.because for document in shelf.documents()}


def test_stale_documents_say_what_changed_until_they_are_in_step(shelf: Shelf) -> None:
    ready(shelf)
    assert because(shelf) == {()}
    for what in ("guests", "order", "guests"):
        shelf.does(sql.want, CEREMONY, DRAFT, what)
    assert because(shelf) == {("guests", "order")}

    edition = shelf.newest()
    shelf.plans(edition, PROGRAMME, inputs("script", "c"))
    assert [(one.kind, one.because) for one in shelf.documents()] == [
        ("programme", ()),
        ("script", ("guests", "order")),
    ]
    shelf.saves(edition, inputs("script", "c"), b"another script")
    shelf.does(sql.finish, edition)
    shelf.does(sql.want, CEREMONY, DRAFT, "awards")
    assert because(shelf) == {("awards",)}


# Pictures of pages.


def leaf(shelf: Shelf, content: str | None, page: int = 1, width: int = 400, ceremony: str = CEREMONY) -> Leaf:
    with shelf.store.read() as conn:
        return sql.leaf(conn, sql.Wanted("office", ceremony, content or "", secret=True), page, width)


def test_page_is_drawn_once_for_each_width(shelf: Shelf) -> None:
    ready(shelf)
    content = shelf.documents()[0].content
    assert leaf(shelf, content) == Leaf(None, b"programme")
    drawn = Drawn(b"png", 400, 566)
    for _ in range(2):
        shelf.does(sql.keep_picture, content, 1, drawn)
    assert leaf(shelf, content) == Leaf(drawn)
    assert leaf(shelf, content, width=401).drawn is None
    for page, ceremony in ((2, CEREMONY), (1, "another")):
        with pytest.raises(NotFound):
            leaf(shelf, content, page, ceremony=ceremony)


def test_only_the_last_pictures_are_kept_and_none_of_what_is_forgotten(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(shelf)
    programme, script = (document.content for document in shelf.documents())
    monkeypatch.setattr(shown, "MOST_PICTURES", 3)
    for width in (100, 200, 300, 400):
        shelf.does(sql.keep_picture, programme, 1, Drawn(b"png", width, 1))
    assert [leaf(shelf, programme, width=width).drawn is None for width in (100, 200, 300, 400)] == [
        True,
        False,
        False,
        False,
    ]
    shelf.does(sql.keep_picture, script, 1, Drawn(b"png", 100, 1))
    edition = shelf.wants()
    shelf.plans(edition, PROGRAMME)
    shelf.does(sql.forget_unused)
    shelf.does(sql.keep_picture, script, 1, Drawn(b"png", 100, 1))
    with shelf.store.read() as conn:
        assert [row.content for row in conn.execute(sql.picture.select())] == [programme] * 2
