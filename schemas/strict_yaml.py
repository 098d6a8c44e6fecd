"""YAML without its traps: no anchors, tags, duplicates or guessed types; for profiles and plan folders."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from unicodedata import normalize

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from schemas.errors import Refusal

MAX_BYTES = 1_000_000
MAX_DEPTH = 50
Path = tuple[str | int, ...]
# Dates, times and decimals stay as written (08:30, 3.000), and so does what has a zero in front (a phone).
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
# libyaml where the wheel has it: ten times faster, with the same events and marks.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class YamlRefused(Refusal):
    """Line {line}, column {column}: {what}. Look at the spaces, quotes and colons there."""


class YamlAnchor(YamlRefused):
    """Line {line}, column {column}: anchors (&) and aliases (*) are not read. Write the value out."""


class YamlTag(YamlRefused):
    """Line {line}, column {column}: tags (!) are not read. Write the plain value."""


class YamlTooDeep(YamlRefused):
    """Line {line}, column {column}: more than {limit} levels deep. Write it flatter."""


class YamlNameNotText(YamlRefused):
    """Line {line}, column {column}: a list or mapping cannot be a name. Write a word before the colon."""


class YamlTwice(YamlRefused):
    """Line {line}, column {column}: “{name}” stands here a second time. Keep one of the two."""


class YamlTooLarge(Refusal):
    """The text has {size} bytes; at most {limit} are read. Split it into several files."""


class YamlNotText(Refusal):
    """The file is not text in UTF-8. Save it as UTF-8 and try again."""


class Read(NamedTuple):
    """The value, and where its parts stand: `marks["venue", "name"]` is (line, column), both from 1."""

    value: Any
    marks: dict[Path, tuple[int, int]]


def load_yaml(text: str | bytes) -> Any:
    """Mappings, lists, strings, whole numbers, true, false and null; all else is a string as written."""
    return read_yaml(text).value


def read_yaml(text: str | bytes) -> Read:
    """As `load_yaml`, with the marks; an empty text is null."""
    plain = _plain_text(text)
    try:
        for depth, event in _events(plain):
            _check(event, depth)
        root = yaml.compose(plain, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlRefused(what=error.problem or "this is not YAML", **_place(mark)) from None
    except yaml.YAMLError as error:
        raise YamlRefused(what=str(error).splitlines()[0], **_place(None)) from None
    marks: dict[Path, tuple[int, int]] = {}
    return Read(_value(root, (), marks) if root else None, marks)


def _plain_text(text: str | bytes) -> str:
    data = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    if len(data) > MAX_BYTES:
        raise YamlTooLarge(size=len(data), limit=MAX_BYTES)
    try:
        return normalize("NFC", data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise YamlNotText from None


def _events(text: str) -> Iterator[tuple[int, Any]]:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        yield depth, event


def _check(event: Any, depth: int) -> None:
    if getattr(event, "anchor", None):
        raise YamlAnchor(**_place(event.start_mark))
    if getattr(event, "tag", None):
        raise YamlTag(**_place(event.start_mark))
    if depth > MAX_DEPTH:
        raise YamlTooDeep(limit=MAX_DEPTH, **_place(event.start_mark))


def _value(node: Node, path: Path, marks: dict[Path, tuple[int, int]]) -> Any:
    marks[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, MappingNode):
        return _mapping(node, path, marks)
    if isinstance(node, SequenceNode):
        return [_value(item, (*path, index), marks) for index, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: MappingNode, path: Path, marks: dict[Path, tuple[int, int]]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, value in node.value:
        if not isinstance(name, ScalarNode):
            raise YamlNameNotText(**_place(name.start_mark))
        if name.value in read:
            raise YamlTwice(name=name.value, **_place(name.start_mark))
        read[name.value] = _value(value, (*path, name.value), marks)
    return read


def _scalar(node: Any) -> Any:
    text = node.value
    if node.style:  # quoted or a block: a string, whatever it looks like
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text


def _place(mark: yaml.Mark | None) -> dict[str, int]:
    return {"line": mark.line + 1, "column": mark.column + 1} if mark else {"line": 1, "column": 1}
