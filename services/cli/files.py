"""Files that a command writes: each whole or not at all, in its folder whatever its name says."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from services.cli.refusals import FileTrouble
from services.lang import clean

_LONGEST = 200  # bytes of a name; file systems take 255
_UNFIT = re.compile(r'[<>:"|?*\\/]')  # what Windows and FAT refuse: such files travel on sticks


@dataclass(frozen=True, slots=True)
class Written:
    """`fresh`: the file was not there with these bytes before."""

    path: Path
    size: int
    fresh: bool


@dataclass(slots=True)
class Folder:
    """The folder that a command fills; two files of one name in one call get different names."""

    path: Path
    _taken: set[str] = field(default_factory=set)

    def write(self, name: str, data: bytes, *, below: str | None = None) -> Written:
        """`below` names a folder inside, and is ours; the name of the file is somebody's."""
        folder = self.path / below if below else self.path
        folder.mkdir(parents=True, exist_ok=True)
        path = self._free(folder, safe_name(name))
        if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
            return Written(path, len(data), fresh=False)
        _replace(path, data)
        return Written(path, len(data), fresh=True)

    def _free(self, folder: Path, name: str) -> Path:
        path, number = folder / name, 2
        while str(path).casefold() in self._taken:
            path, number = folder / f"{Path(name).stem} ({number}){Path(name).suffix}", number + 1
        self._taken.add(str(path).casefold())
        return path


def safe_name(name: str) -> str:
    """The last part of the name, without signs that a file system refuses; never empty, hidden or `..`."""
    last = re.split(r"[\\/]", clean(name))[-1]
    plain = Path(_UNFIT.sub("_", last).strip(" .") or "file")
    ending = _shortened(plain.suffix, _LONGEST // 2)
    return _shortened(plain.stem, _LONGEST - len(ending.encode())) + ending


def _shortened(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore").rstrip()


def _replace(path: Path, data: bytes) -> None:
    part = path.with_name(f".{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:  # a full disk does not say which file it was
        raise FileTrouble(path=path, reason=error.strerror or str(error)) from error
    finally:
        part.unlink(missing_ok=True)
