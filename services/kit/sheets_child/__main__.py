"""In: a line of JSON, then the files. Out: a line when a file is begun and a line when it is read."""

import gc
import json
import math
import resource
import signal
import sys
from typing import Any

from services.kit.sheets_child.book import read_book
from services.kit.sheets_child.complaint import Complaint, Unreadable, complaint
from services.kit.sheets_child.container import kind_of
from services.kit.sheets_child.delimited import read_delimited
from services.kit.sheets_child.limits import Limits


def main() -> None:
    gc.disable()  # a short life under a limit of memory; collecting costs a third of the time of a large sheet
    head = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**head["limits"])
    _confine(limits)
    for number, (name, size) in enumerate(head["files"]):
        _say({"file": number})
        _say({"file": number, "answer": _read(name, sys.stdin.buffer.read(size), limits)})


def _confine(limits: Limits) -> None:
    """Before the first byte of a file is looked at. The alarm rings even when the parent is gone."""
    seconds = math.ceil(limits.seconds) + 1
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits.answer_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (allowed, allowed))
    signal.alarm(seconds)


def _say(message: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    sys.stdout.buffer.flush()


def _read(name: str, content: bytes, limits: Limits) -> dict[str, Any]:
    try:
        return _tables(name, content, limits)
    except Unreadable as why:
        found: Complaint = why.complaint
    except MemoryError:
        found = complaint("The file {file} needs too much memory to read.", "Split it, or remove pictures.")
    return {"sheets": [], "problems": [found]}


def _tables(name: str, content: bytes, limits: Limits) -> dict[str, Any]:
    kind = kind_of(content, name)
    read = read_delimited if kind in {"csv", "tsv"} else read_book
    sheets = read(content, kind, limits)
    problems = [found for sheet in sheets for found in sheet.complaints]
    return {"sheets": [sheet.wire() for sheet in sheets], "problems": problems}


if __name__ == "__main__":
    main()
