"""In: a line of JSON, then the files. Out: a line when a file is begun and a line when it is read."""

import gc
import json
import math
import resource
import signal
import sys
from typing import Any

from services.kit.sheets_child.book import read_book
from services.kit.sheets_child.cards import read_cards
from services.kit.sheets_child.cells import SheetWire
from services.kit.sheets_child.complaint import Complaint, Unreadable, complaint
from services.kit.sheets_child.container import kind_of
from services.kit.sheets_child.delimited import read_delimited
from services.kit.sheets_child.limits import Limits
from services.kit.sheets_child.pasted import read_pasted


def main() -> None:
    gc.disable()  # a short life under a limit of memory; collecting costs a third of the time of a large sheet
    head = json.loads(sys.stdin.buffer.readline())
    limits, loose = Limits(**head["limits"]), bool(head["loose"])
    _confine(limits)
    for number, (name, size) in enumerate(head["files"]):
        _say({"file": number})
        _say({"file": number, "answer": _read(name, sys.stdin.buffer.read(size), limits, loose)})


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


def _read(name: str, content: bytes, limits: Limits, loose: bool) -> dict[str, Any]:  # noqa: FBT001 - one call
    try:
        sheets = _sheets(name, content, limits, loose=loose)
    except Unreadable as why:
        found: Complaint = why.complaint
    except MemoryError:
        found = complaint("The file {file} needs too much memory to read.", "Split it, or remove pictures.")
    else:
        problems = [found for sheet in sheets for found in sheet.complaints]
        return {"sheets": [sheet.wire() for sheet in sheets], "problems": problems}
    return {"sheets": [], "problems": [found]}


def _sheets(name: str, content: bytes, limits: Limits, *, loose: bool) -> list[SheetWire]:
    match kind := kind_of(content, name, loose=loose):
        case "csv" | "tsv":
            return [read_delimited(content, kind, limits, loose=loose)]
        case "txt":
            return [read_pasted(content, limits)]
        case "vcf":
            return [read_cards(content, limits)]
        case _:
            return read_book(content, kind, limits)


if __name__ == "__main__":
    main()
