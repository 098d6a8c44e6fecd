"""Which file of a plan folder is what: one ceremony.yaml, one spreadsheet for each table, and nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from schemas.errors import Problem
from schemas.strict_yaml import MAX_BYTES, YamlTooLarge
from services.lang import nfc
from services.plan.columns import words
from services.plan.nearness import Nearest
from services.plan.telling import Place, told

CEREMONY = "ceremony"
_YAML = ("yaml", "yml")
_NEEDED = ("running-order", "guests", "awards")
# What file managers and office programs leave beside the files that a person sees.
_LITTER = {"thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class Folder:
    """`tables` holds the file of each table by the table's name; `missing` those that are needed and not there."""

    ceremony: tuple[str, bytes] | None = None
    tables: dict[str, tuple[str, bytes | Path]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)


def look(folder: Path | Mapping[str, bytes], *, whole: bool = True) -> Folder:
    """Opens no spreadsheet. A file that is none of the plan's is noted and left alone.

    `whole`: every part must be there; else one is enough.
    """
    found: dict[str, dict[str, bytes | Path]] = {}
    strangers: list[str] = []
    problems: list[Problem] = []
    try:
        for name, content in _files(folder):
            part = part_of(name)
            if part:
                found.setdefault(part, {})[name] = content
            else:
                strangers.append(name)
    except OSError as why:
        problems.append(_unopened(str(folder), why))
    single = {part: next(iter(files.items())) for part, files in found.items() if len(files) == 1}
    problems += [_several(part, list(files)) for part, files in found.items() if len(files) > 1]
    needed = (CEREMONY, *_NEEDED) if whole or not found else ()
    missing = tuple(part for part in needed if part not in found)
    problems += [] if problems and not found else [_missing(part, strangers) for part in missing]
    problems += [_stranger(name) for name in strangers]
    return Folder(_ceremony(single.pop(CEREMONY, None), problems), single, missing, problems)


def _files(folder: Path | Mapping[str, bytes]) -> Iterator[tuple[str, bytes | Path]]:
    """In the order of their names, without hidden files and the lock files of office programs."""
    if isinstance(folder, Mapping):
        files: dict[str, bytes | Path] = {nfc(name): content for name, content in folder.items()}
    else:
        files = {nfc(path.name): path for path in folder.iterdir()}
    for name, content in sorted(files.items()):
        if not name.startswith((".", "~")) and name.casefold() not in _LITTER:
            yield name, content


def part_of(name: str) -> str | None:
    """The part of the plan that a file of this name holds."""
    stem, _, ending = name.casefold().rpartition(".")
    stem = stem.replace("_", "-").replace(" ", "-")
    if stem == CEREMONY:
        return CEREMONY if ending in _YAML else None
    return stem if stem in words().tables and ending in words().formats else None


def _ceremony(found: tuple[str, bytes | Path] | None, problems: list[Problem]) -> tuple[str, bytes] | None:
    if found is None:
        return None
    name, content = found
    if isinstance(content, bytes):
        return name, content
    try:
        size = content.stat().st_size
        if size <= MAX_BYTES:
            return name, content.read_bytes()
        why = YamlTooLarge(size=size, limit=MAX_BYTES)
        problems.append(told("error", Place(name), why.sentence, None, **why.params))
    except OSError as reason:
        problems.append(_unopened(name, reason))
    return None


def _unopened(name: str, why: OSError) -> Problem:
    return told("error", Place(name), "{file} cannot be opened: {reason}.", None, reason=why.strerror or str(why))


def _several(part: str, names: list[str]) -> Problem:
    hint = "Keep one of them; move the others out of the folder."
    sentence = "Several files hold the same part of the plan: {found}."
    return told("error", Place(part), sentence, hint, found=", ".join(names))


def _missing(part: str, strangers: list[str]) -> Problem:
    wanted = f"{part}.yaml" if part == CEREMONY else f"{part}.xlsx"
    hint = "Add it: .xlsx, .ods or .csv, with the headings alone while nothing is known. `khaimac init` writes one."
    near = Nearest(strangers, cutoff=0.7).to(wanted)
    if near:
        return told("error", Place(wanted), "{file} is missing; is {nearest} meant?", "Rename it.", nearest=near)
    if part == CEREMONY:
        hint = "Add it; `khaimac init` writes one to fill in."
    return told("error", Place(wanted), "{file} is missing.", hint)


def _stranger(name: str) -> Problem:
    return told("note", Place(name), "{file} is no part of a plan folder and was not read.")
