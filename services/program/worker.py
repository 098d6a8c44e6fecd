"""The process that sets documents (`python -m`). In: a line of JSON, then files. Out: a line of JSON, then a file.

It ends when its input ends, so it cannot outlive the process that started it for longer than one document.
"""

import gc
import io
import json
import os
import resource
import sys
import time
from typing import Any, BinaryIO

import pikepdf

from services.program.model import Drawn
from services.program.picturing import draw, names_one_of
from services.program.typeset import Sheets, Typesetter

MEMORY = 1536 * 2**20
LARGEST = 256 * 2**20


def main() -> None:
    answers = _private_output()
    _confine()
    setter = Typesetter()
    gc.collect()
    gc.freeze()  # what is loaded by now stays: the collector need not walk over it for every document
    gc.set_threshold(50_000, 20, 20)
    while line := sys.stdin.buffer.readline():
        _answer(answers, *_done(setter, json.loads(line), sys.stdin.buffer))


def _private_output() -> BinaryIO:
    """Where the answers go; whatever a library prints goes to standard error instead."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _confine() -> None:
    os.nice(5)  # the services that answer people go first
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, LARGEST), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))


def _done(setter: Typesetter, job: dict[str, Any], files: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """One job: to set a document from its context, to draw a page, to look for words, or to join files."""
    begun = time.perf_counter()
    given = [files.read(size) for size in job["sizes"]]
    try:
        if "page" in job:
            return _drawn(draw(given[0], job["page"], job["width"]))
        if "words" in job:
            return {"found": names_one_of(given[0], job["words"])}, b""
        sheets = joined(given) if given else setter.set(job["kind"], job["context"])
    except MemoryError:
        return {"failed": "it needs more memory than one document may take"}, b""
    except Exception as error:  # noqa: BLE001 - outermost loop of the worker: the next document must not suffer
        return {"failed": f"{type(error).__name__}: {error}"[:500]}, b""
    took = round((time.perf_counter() - begun) * 1000)
    return {"pages": sheets.pages, "missing": sheets.missing, "milliseconds": took}, sheets.pdf


def _drawn(picture: Drawn) -> tuple[dict[str, Any], bytes]:
    return {"width": picture.width, "height": picture.height}, picture.png


def joined(files: list[bytes]) -> Sheets:
    """One file with the pages of all, byte for byte the same each time."""
    whole, out = pikepdf.new(), io.BytesIO()
    for content in files:
        with pikepdf.open(io.BytesIO(content)) as part:
            whole.pages.extend(part.pages)
    pages = len(whole.pages)
    whole.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return Sheets(out.getvalue(), pages, "")


def _answer(answers: BinaryIO, head: dict[str, Any], content: bytes) -> None:
    answers.write(json.dumps(head | {"size": len(content)}).encode() + b"\n")
    answers.write(content)
    answers.flush()


if __name__ == "__main__":
    main()
