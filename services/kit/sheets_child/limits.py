"""How much of a spreadsheet is read at most, and what reading it may cost."""

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """`ratio` is inflated to packed size, and counts beyond 20 MB inflated; `seconds` is wall time for all files."""

    file_bytes: int = 20 * MEGABYTE
    inflated_bytes: int = 150 * MEGABYTE
    ratio: int = 200
    entries: int = 2_000
    sheets: int = 50
    rows: int = 20_000
    columns: int = 200
    cell_chars: int = 4_000
    seconds: float = 20.0
    memory_bytes: int = 1_500 * MEGABYTE
    answer_bytes: int = 100 * MEGABYTE
