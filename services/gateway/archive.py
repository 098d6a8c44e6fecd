"""Zips: whole, or as a stream that never holds more than a piece of a file. Equal files make equal zips."""

import zipfile
from collections.abc import AsyncIterator
from io import BytesIO

_DATED = (2000, 1, 1, 0, 0, 0)


class Names:
    """Names inside a zip: none leaves the folder it is unpacked in, and equal ones get a number."""

    def __init__(self, *taken: str) -> None:
        self._taken = set(taken)

    def free(self, name: str) -> str:
        name = name.replace("/", "_").replace("\\", "_").lstrip(".")
        stem, dot, ending = name.rpartition(".")
        free, number = name, 2
        while free.casefold() in self._taken:
            free = f"{stem or ending} ({number}){dot if stem else ''}{ending if stem else ''}"
            number += 1
        self._taken.add(free.casefold())
        return free


def pack(files: list[tuple[str, bytes]]) -> bytes:
    whole, names = BytesIO(), Names()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(names.free(name), _DATED), data, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


class _Passing:
    """What the zip is written to; it cannot be sought in, so sizes stand behind the bytes (APPNOTE 4.3.9)."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        held, self._held = bytes(self._held), bytearray()
        return held


async def stream(files: AsyncIterator[tuple[str, AsyncIterator[bytes]]]) -> AsyncIterator[bytes]:
    """With names that are free, and stored as they are: for what is compressed in itself."""
    passing = _Passing()
    with zipfile.ZipFile(passing, "w") as archive:  # type: ignore[call-overload]  # it needs no more than write and flush
        async for name, pieces in files:
            with archive.open(zipfile.ZipInfo(name, _DATED), "w") as entry:
                async for piece in pieces:
                    entry.write(piece)
                    yield passing.take()
    yield passing.take()
