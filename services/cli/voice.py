"""What a command says: sentences in the user's language, tables, JSON, and how far a long work has come.

Results go to standard output, everything else to standard error; with --json standard output holds nothing but JSON.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console, JustifyMethod, RenderableType
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from schemas.errors import Refusal
from services.lang import clean_block
from services.lang.translate import LANGUAGES, translate

SOURCE = "en"
# Words that are said by name: how serious problems are, and what became of invitations.
BY_NAME = (
    *("error", "warning", "note"),
    *("created", "rescheduled", "reworded", "unchanged", "cancelled"),
)
_WIDE = 200  # columns of a table that no terminal shows
_PATIENCE = 1.0  # seconds before a work says that it takes its time
Step = Callable[[int, int], None]


def choose_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Of --lang, KHAIMAC_LANG and the locale (POSIX: LC_ALL, LC_MESSAGES, LANG) the first that is given."""
    wanted = [environment.get(name) for name in ("KHAIMAC_LANG", "LC_ALL", "LC_MESSAGES", "LANG")]
    for number, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            wanted.insert(0, value or next(iter(arguments[number + 1 : number + 2]), None))
    given = next((one for one in wanted if one), SOURCE)
    primary = given.replace("-", "_").partition("_")[0].lower()
    return primary if primary in LANGUAGES else SOURCE


class Voice:
    def __init__(self, language: str, *, as_json: bool = False) -> None:
        self.language, self.as_json = language, as_json
        self.out, self.err = _console(sys.stdout), _console(sys.stderr)

    def say(self, sentence: str, /, **params: object) -> str:
        """The sentence in the user's language; what others wrote is shown without what terminals would obey."""
        return translate(sentence, {name: clean_block(str(value)) for name, value in params.items()}, self.language)

    def fill(self, sentence: str, params: Mapping[str, str]) -> str:
        """As `say` does, for who hands the values over together."""
        return self.say(sentence, **params)

    def line(self, sentence: str, /, **params: object) -> None:
        """At once, before the result; not with --json."""
        self.show(Text(self.say(sentence, **params)))

    def show(self, *shown: RenderableType) -> None:
        if not self.as_json:
            for one in shown:
                _print(self.out, one)

    def give(self, data: object, indent: int | None = 2) -> None:
        """The result for machines, if they asked and there is one."""
        if self.as_json and data is not None:
            ascii_only = "utf" not in (sys.stdout.encoding or "").lower()
            sys.stdout.write(json.dumps(data, ensure_ascii=ascii_only, indent=indent) + "\n")
            sys.stdout.flush()

    def refuse(self, refusal: Refusal) -> None:
        wire = refusal.on_wire()
        text = self.say(wire.sentence, **wire.params)
        _print(self.err, Text(text, style="red"))
        self.give({"refusal": wire.model_dump(mode="json") | {"text": text}})

    def table(self, *heads: str, right: Iterable[int] = ()) -> Table:
        """Columns are set right by their number."""
        made, to_the_right = Table(box=SIMPLE_HEAD, pad_edge=False), set(right)
        for number, head in enumerate(heads):
            side: JustifyMethod = "right" if number in to_the_right else "left"
            made.add_column(Text(self.say(head)), justify=side, overflow="fold", no_wrap=False)
        return made

    @contextmanager
    def doing(self, sentence: str, /, **params: object) -> Iterator[Step]:
        """Says so on standard error if it takes more than a second: a bar on a terminal, else one line.

        `step(done, total)` moves the bar. Only in a running loop that the work leaves free.
        """
        bar = self._bar()
        task = bar.add_task(self.say(sentence, **params), total=None, count="")
        later = asyncio.get_running_loop().call_later(_PATIENCE, self._begin, bar)

        def step(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, count=f"{done}/{total}")

        try:
            yield step
        finally:
            later.cancel()
            bar.stop()

    def _bar(self) -> Progress:
        text = TextColumn("{task.description}", markup=False)
        count = TextColumn("{task.fields[count]}", markup=False)
        columns = (SpinnerColumn(), text, BarColumn(), count, TimeElapsedColumn())
        return Progress(*columns, console=self.err, transient=True, disable=not self.err.is_terminal)

    def _begin(self, bar: Progress) -> None:
        if self.err.is_terminal:
            bar.start()
        else:
            self.err.print(Text(f"{bar.tasks[0].description} …"))


def row(*cells: object) -> list[Text]:
    """Cells of a table from what others wrote: no markup, nothing that terminals would obey."""
    return [cell if isinstance(cell, Text) else Text(clean_block(str(cell))) for cell in cells]


def _print(console: Console, shown: RenderableType) -> None:
    """Sentences are broken into lines for terminals only."""
    console.print(shown, soft_wrap=isinstance(shown, Text) and not console.is_terminal)


def _console(stream: TextIO) -> Console:
    width = None if stream.isatty() or "COLUMNS" in os.environ else _WIDE
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)


def forgive_encodings() -> None:
    """A terminal that cannot show a letter shows a question mark instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
