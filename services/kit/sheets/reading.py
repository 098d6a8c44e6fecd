"""The parent's side of reading: checks sizes, starts the child, waits as long as allowed, explains its death."""

import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

import structlog

from schemas.errors import Problem
from services.kit.sheets.cells import Sheet, sheet_from_wire
from services.kit.sheets.problems import capped, problem
from services.kit.sheets_child.limits import MEGABYTE, Limits

log = structlog.get_logger()
_HOUSE = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read, and all that was wrong; a file whose reading an error ended has no sheets here."""

    sheets: list[Sheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return all(found.severity != "error" for found in self.problems)

    def of(self, file: str) -> list[Sheet]:
        return [sheet for sheet in self.sheets if sheet.file == file]


def read_tables(files: Mapping[str, bytes | Path], limits: Limits | None = None, *, loose: bool = False) -> Reading:
    """The sheets of all files (xlsx, ods, xls, csv, tsv), read in one child process.

    `loose`: also txt (as pasted) and vcf, and text in whatever encoding, of which a sheet then says that its bytes
    are shown one by one.

    A file that kills the child becomes a problem, and a new child reads the files after it. Blocks for at most
    `limits.seconds` and a little: call it from a thread. The keys of `files` name them in problems, their endings
    say what they are.
    """
    limits = limits or Limits()
    reading = Reading()
    contents = {}
    for given, source in files.items():
        name = given.encode(errors="replace").decode()
        content = _content(name, source, limits)
        if isinstance(content, Problem):
            reading.problems.append(content)
        else:
            contents[name] = content
    _read_all(contents, limits, reading, loose=loose)
    reading.problems[:] = capped(reading.problems)
    return reading


def _content(name: str, source: bytes | Path, limits: Limits) -> bytes | Problem:
    try:
        content = source if isinstance(source, bytes) else _load(source, limits.file_bytes)
    except FileNotFoundError:
        return problem("There is no file {file}.", file=name)
    except IsADirectoryError:
        return problem("{file} is a folder, not a file.", file=name)
    except OSError as why:
        reason = why.strerror or str(why)
        return problem("The file {file} cannot be opened: {reason}.", file=name, reason=reason)
    size = content if isinstance(content, int) else len(content)
    if size > limits.file_bytes:
        return _too_large(name, size, limits)
    if isinstance(content, int) or not content.strip():
        return problem(
            "The file {file} is empty.", "Write the headings in the first row, and save it again.", file=name
        )
    return content


def _load(path: Path, most: int) -> bytes | int:
    """The bytes of a regular file, or its size where that is too much to load."""
    # O_NONBLOCK: opening a pipe would wait for somebody to write into it.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as stream:
        about = os.fstat(stream.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise OSError(None, "it is not a file")
        content = stream.read(most + 1)
        return content if len(content) <= most else max(about.st_size, len(content))


def _too_large(name: str, size: int, limits: Limits) -> Problem:
    sentence = "The file {file} is {size} MB; the limit is {limit} MB."
    hint = "Split it, or remove pictures."
    return problem(sentence, hint, file=name, size=-(-size // MEGABYTE), limit=limits.file_bytes // MEGABYTE)


def _read_all(contents: dict[str, bytes], limits: Limits, reading: Reading, *, loose: bool) -> None:
    ends = time.monotonic() + limits.seconds
    left = dict(contents)
    while left:
        death = "" if (seconds := ends - time.monotonic()) > 0 else "time"
        begun = None
        if not death:
            answers, death = _run_child(left, limits, seconds, loose=loose)
            for name, answer in answers:
                begun = name
                if answer is not None:
                    del left[name]
                    _take(name, answer, reading)
        if left:
            guilty = begun if begun in left else next(iter(left))
            del left[guilty]
            reading.problems.append(_explain(guilty, death, limits))


def _take(file: str, answer: dict[str, Any], reading: Reading) -> None:
    reading.sheets.extend(sheet_from_wire(file, sheet) for sheet in answer["sheets"])
    reading.problems.extend(_problem_from_wire(file, found) for found in answer["problems"])


def _problem_from_wire(file: str, found: dict[str, Any]) -> Problem:
    params = {"file": file, "sheet": found["sheet"] or "", **found["params"]}
    return Problem(**{**found, "file": file, "params": params})


def _explain(file: str, death: str, limits: Limits) -> Problem:
    rescue = "Copy the cells with values into a new file, save it as .xlsx, and use that."
    if death == "time":
        sentence = "The file {file} was not read within {seconds} seconds."
        return problem(sentence, rescue, file=file, seconds=f"{limits.seconds:g}")
    return problem("The file {file} is damaged or needs too much memory to read.", rescue, file=file)


def _run_child(
    files: dict[str, bytes], limits: Limits, seconds: float, *, loose: bool
) -> tuple[list[tuple[str, Any]], str]:
    """The answers in order, None for a file that was begun; and how the child died: "", "time" or "crash"."""
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as answer:
        _ask(question, files, asdict(limits) | {"seconds": seconds}, loose=loose)
        death = _wait(question, answer, seconds)
        answer.seek(0)
        return list(_answers(answer, files)), death


def _ask(question: IO[bytes], files: dict[str, bytes], limits: dict[str, Any], *, loose: bool) -> None:
    sizes = [[name, len(content)] for name, content in files.items()]
    head = {"limits": limits, "files": sizes, "loose": loose}
    question.write(json.dumps(head).encode() + b"\n")
    question.writelines(files.values())
    question.seek(0)


def _wait(question: IO[bytes], answer: IO[bytes], seconds: float) -> str:
    command = [sys.executable, "-P", "-m", "services.kit.sheets_child"]
    # A bare environment: what the parent knows (tokens, addresses of databases) is nothing to the child.
    environment = {"PYTHONPATH": str(_HOUSE), "PYTHONUTF8": "1"}
    try:
        child = subprocess.run(
            command,
            stdin=question,
            stdout=answer,
            stderr=subprocess.PIPE,
            env=environment,
            cwd="/",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "time"
    if child.returncode in (-signal.SIGXCPU, -signal.SIGALRM):
        return "time"
    said = child.stderr.decode(errors="replace")[-2000:]
    if child.returncode and not os.fstat(answer.fileno()).st_size:
        raise RuntimeError(f"the reader of spreadsheets did not start: {said}")
    if child.returncode:
        log.warning("reader of spreadsheets died", status=child.returncode, said=said)
    return "crash" if child.returncode else ""


def _answers(stream: IO[bytes], files: Mapping[str, bytes]) -> Iterator[tuple[str, Any]]:
    names = list(files)
    for line in stream:
        if not line.endswith(b"\n"):
            return
        message = json.loads(line)
        yield names[message["file"]], message.get("answer")
