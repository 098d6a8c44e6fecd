"""YAML from outside: what is read, what is refused, and where the refusal points."""

import pytest

from schemas.errors import Refusal
from schemas.strict_yaml import (
    MAX_BYTES,
    YamlAnchor,
    YamlNameNotText,
    YamlNotText,
    YamlRefused,
    YamlTag,
    YamlTooDeep,
    YamlTooLarge,
    YamlTwice,
    load_yaml,
    read_yaml,
)


def test_only_whole_numbers_booleans_and_null_are_more_than_text() -> None:
    text = """
start: 08:30
count: 3.000
phone: 0901234567
on: 2024-07-01
country: no
sample: true
nothing:
tilde: ~
quoted: "12"
number: 12
below: -3
merge: {<<: {a: 1}}
list: [1, false, x]
"""
    assert load_yaml(text) == {
        "start": "08:30",
        "count": "3.000",
        "phone": "0901234567",
        "on": "2024-07-01",
        "country": "no",
        "sample": True,
        "nothing": None,
        "tilde": None,
        "quoted": "12",
        "number": 12,
        "below": -3,
        "merge": {"<<": {"a": 1}},
        "list": [1, False, "x"],
    }


def test_text_is_composed_and_its_mark_at_the_start_dropped() -> None:
    assert load_yaml("\ufefftên: Lê\u0303".encode()) == {"tên": "Lễ"}
    assert load_yaml("") is None


def test_marks_say_where_a_value_stands() -> None:
    read = read_yaml("venue:\n  name: Công viên\n  rows:\n    - a\n    - b\n")
    assert read.marks["venue", "name"] == (2, 9)
    assert read.marks["venue", "rows", 1] == (5, 7)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]" for n in range(8)
)


@pytest.mark.parametrize(
    ("text", "refusal", "sentence"),
    [
        (BOMB, YamlAnchor, "Line 1, column 4: anchors (&) and aliases (*) are not read. Write the value out."),
        (
            "a: 1\nb: *a",
            YamlAnchor,
            "Line 2, column 4: anchors (&) and aliases (*) are not read. Write the value out.",
        ),
        (
            "a: !!python/object/apply:os.system [ls]",
            YamlTag,
            "Line 1, column 4: tags (!) are not read. Write the plain value.",
        ),
        ("a: 1\nb: 2\na: 3", YamlTwice, "Line 3, column 1: “a” stands here a second time. Keep one of the two."),
        ("[" * 51, YamlTooDeep, "Line 1, column 51: more than 50 levels deep. Write it flatter."),
        (
            "? [a]\n: b",
            YamlNameNotText,
            "Line 1, column 3: a list or mapping cannot be a name. Write a word before the colon.",
        ),
        (
            "a: b\n--- c",
            YamlRefused,
            "Line 2, column 1: but found another document. Look at the spaces, quotes and colons there.",
        ),
        (b"a: \xff", YamlNotText, "The file is not text in UTF-8. Save it as UTF-8 and try again."),
        (
            "x" * (MAX_BYTES + 1),
            YamlTooLarge,
            "The text has 1000001 bytes; at most 1000000 are read. Split it into several files.",
        ),
    ],
    ids=["bomb", "alias", "tag", "twice", "deep", "name", "documents", "encoding", "size"],
)
def test_traps_are_refused_with_their_place(text: str | bytes, refusal: type[Refusal], sentence: str) -> None:
    with pytest.raises(refusal) as refused:
        load_yaml(text)
    assert (type(refused.value), str(refused.value)) == (refusal, sentence)


@pytest.mark.parametrize("text", ["a: [1", "\tb: 1", "a: b: c", "a: 'x", "\x00"])
def test_broken_yaml_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(YamlRefused, match=r"^Line \d+, column \d+: .+\. Look at the spaces, quotes"):
        load_yaml(text)
