"""Pages of a list that changes while it is read: nobody is shown twice, and nobody is left out."""

from collections.abc import Sequence

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.paging import Cursor, page

LETTERS = [f"{letter}:1" for letter in "abcdefgh"]
CURSOR = TypeAdapter(Cursor)


def shown(
    marks: Sequence[str], after: str | None, wanted: str | None = None, limit: int = 3
) -> tuple[str, str | None]:
    places = [at for at, mark in enumerate(marks) if wanted is None or mark[0] in wanted]
    found = page(marks, places, after, limit)
    return "".join(marks[at][0] for at in found.shown), found.next


def test_pages_follow_each_other_to_the_end() -> None:
    first, after = shown(LETTERS, None)
    second, then = shown(LETTERS, after)
    third, end = shown(LETTERS, then)
    assert (first, second, third, end) == ("abc", "def", "gh", None)
    assert after
    assert CURSOR.validate_python(after) == after


@pytest.mark.parametrize(
    ("now", "rest"),
    [
        (["x:1", *LETTERS], "def"),  # one more before
        (["a:1", "c:1", "d:1", "e:1"], "de"),  # one less before
        (["a:1", "b:1", "d:1", "e:1", "f:1"], "def"),  # the last shown has gone
        (["c:2", "a:1", "b:1", "d:1"], "d"),  # the last shown was changed and moved up
        (["a:1", "b:1", "d:1", "e:1", "c:2"], "de"),  # or down: it was shown before
        (["a:1", "b:1", "c:2", "d:1"], "d"),  # or changed where it is
        (["a:1", "b:1", "x:1", "c:2", "d:1"], "xd"),  # one more before the last shown, which was changed
        (["a:2", "b:2", "c:2", "d:1"], "d"),  # all that the cursor names were changed
        (["d:1", "a:2", "b:2", "c:2", "e:1"], "de"),  # and moved
        (["d:1", "e:1"], "de"),  # all are gone
        ([], ""),
    ],
)
def test_page_goes_on_behind_what_was_shown(now: list[str], rest: str) -> None:
    _, after = shown(LETTERS, None)
    assert shown(now, after)[0] == rest


def test_only_what_is_wanted_is_shown_and_the_cursor_is_where_it_ended() -> None:
    first, after = shown(LETTERS, None, wanted="bdfh", limit=2)
    assert (first, *shown(LETTERS, after, wanted="bdfh", limit=2)) == ("bd", "fh", None)
    assert shown(LETTERS, None, wanted="", limit=2) == ("", None)


@pytest.mark.parametrize("cursor", ["", "x", "1,", "1,a", "1,a:b", "-1", "1,a:1,a:1,a:1,a:1", "1\n", "1,a b:1"])
def test_cursor_that_is_none_is_refused(cursor: str) -> None:
    with pytest.raises(ValidationError):
        CURSOR.validate_python(cursor)
