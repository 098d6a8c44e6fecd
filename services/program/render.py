"""The press: documents are set in worker processes, the urgent ones first. Hides their start, limits and deaths."""

import asyncio
import contextlib
import heapq
import itertools
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import structlog

from schemas.errors import Refusal
from services.program.model import Drawn, Rendered
from services.program.templates import ROOT, font_files

log = structlog.get_logger()
PICTURE, RELEASED, DRAFT = 0, 1, 2  # somebody looks at a page and waits for its picture
_JOBS_PER_WORKER = 2_000  # then a fresh one: whatever a library leaks stays bounded
_LONGEST_HEAD = 2**20
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>{folders}<cachedir>{cache}</cachedir></fontconfig>
"""


Job = Mapping[str, Any]
Answer = tuple[Mapping[str, Any], bytes]


class CannotSet(Refusal):
    """This document could not be set: {why}. Look for a very long or unusual text in what it prints; once you change
    it, the document is tried again.
    """


class WorkerDied(Exception):
    """The worker process ended in the middle of a document."""


class Press:
    """`seconds`: how long one document may take before its worker is killed."""

    def __init__(self, workers: int = 2, seconds: float = 120) -> None:
        self._seconds = seconds
        self._free = [_Worker(self._environment) for _ in range(workers)]
        self._all = tuple(self._free)
        self._waiting: list[tuple[int, int, asyncio.Future[_Worker]]] = []
        self._order = itertools.count()
        self._fonts: tempfile.TemporaryDirectory[str] | None = None

    async def set(self, kind: str, context: Mapping[str, Any], urgency: int = RELEASED) -> Rendered:
        return _rendered(*await self._do({"kind": kind, "context": context}, (), urgency))

    async def join(self, files: Sequence[bytes], urgency: int = RELEASED) -> Rendered:
        """One file with the pages of all of these, in this order."""
        return _rendered(*await self._do({}, files, urgency))

    async def draw(self, pdf: bytes, page: int, width: int) -> Drawn:
        """A page, counted from 1, so many pixels wide."""
        told, content = await self._do({"page": page, "width": width}, (pdf,), PICTURE)
        return Drawn(content, told["width"], told["height"])

    async def names(self, pdf: bytes, words: Sequence[str]) -> bool:
        """Whether one of these words is printed there."""
        told, _ = await self._do({"words": list(words)}, (pdf,), RELEASED)
        return bool(told["found"])

    async def close(self) -> None:
        """End the workers; what they are doing is given up."""
        await asyncio.gather(*(worker.end() for worker in self._all))
        if self._fonts:
            self._fonts.cleanup()

    async def _do(self, job: Job, files: Sequence[bytes], urgency: int) -> Answer:
        async with self._worker(urgency) as worker:
            try:
                return await self._once(worker, job, files)
            except WorkerDied:
                log.warning("a worker that sets documents died; the document is tried once more")
            try:
                return await self._once(worker, job, files)
            except WorkerDied:
                raise CannotSet(why="the process that sets it ended twice without an answer") from None

    async def _once(self, worker: "_Worker", job: Job, files: Sequence[bytes]) -> Answer:
        try:
            return await asyncio.wait_for(worker.work(job, files), self._seconds)
        except TimeoutError:
            await worker.end()
            raise CannotSet(why=f"it takes longer than {self._seconds:g} seconds") from None
        except (CannotSet, WorkerDied):
            raise
        except BaseException:  # cancelled in the middle: the worker's answer would be taken for that of the next job
            await worker.end()
            raise

    @asynccontextmanager
    async def _worker(self, urgency: int) -> AsyncIterator["_Worker"]:
        worker = self._free.pop() if self._free else await self._turn(urgency)
        try:
            yield worker
        finally:
            self._hand_on(worker)

    async def _turn(self, urgency: int) -> "_Worker":
        turn: asyncio.Future[_Worker] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (urgency, next(self._order), turn))
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._hand_on(turn.result())
            raise

    def _hand_on(self, worker: "_Worker") -> None:
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(worker)
                return
        self._free.append(worker)

    def _environment(self) -> dict[str, str]:
        if self._fonts is None:
            self._fonts = tempfile.TemporaryDirectory(prefix="khaimac-fonts-")
            only_our_fonts(Path(self._fonts.name))
        return {**os.environ, "FONTCONFIG_FILE": str(Path(self._fonts.name, "fonts.conf"))}


def _rendered(told: Mapping[str, Any], content: bytes) -> Rendered:
    return Rendered(content, told["pages"], told["milliseconds"], told["missing"])


def only_our_fonts(folder: Path) -> None:
    """Write fonts.conf there: with it, fontconfig sees no font of the system."""
    folders = "".join(f"<dir>{escape(str(file.parent))}</dir>" for file in font_files())
    config = _FONTS.format(folders=folders, cache=escape(str(folder)))
    (folder / "fonts.conf").write_text(config, "utf-8")


class _Worker:
    """One process, started when there is something to do and whenever the one before is gone."""

    def __init__(self, environment: Any) -> None:
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None
        self._jobs = 0

    async def work(self, job: Job, files: Sequence[bytes]) -> Answer:
        process = await self._running()
        head = json.dumps({**job, "sizes": [len(content) for content in files]}, ensure_ascii=False)
        try:
            return await self._asked(process, head.encode(), files)
        except (OSError, asyncio.IncompleteReadError):
            await self.end()
            raise WorkerDied from None

    async def _asked(self, process: asyncio.subprocess.Process, head: bytes, files: Sequence[bytes]) -> Answer:
        questions, answers = process.stdin, process.stdout
        assert questions and answers  # noqa: S101, PT018 - both are pipes, mypy cannot know
        for content in (head, b"\n", *files):
            questions.write(content)
            await questions.drain()
        answer = json.loads(await answers.readuntil(b"\n"))
        content = await answers.readexactly(answer["size"])
        if "failed" in answer:
            raise CannotSet(why=answer["failed"])
        return answer, content

    async def _running(self) -> asyncio.subprocess.Process:
        self._jobs += 1
        if self._jobs > _JOBS_PER_WORKER or (self._process and self._process.returncode is not None):
            await self.end()
        if self._process is None:
            self._jobs = 1
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "services.program.worker",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=ROOT,
                env=self._environment(),
                limit=_LONGEST_HEAD,
                start_new_session=True,  # Ctrl+C is for us; a worker ends with its input
            )
        return self._process

    async def end(self) -> None:
        """Kill it: between documents it has nothing to lose, in the middle of one nobody waits for it any more."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        if process.stdin:
            process.stdin.close()
        await process.wait()
