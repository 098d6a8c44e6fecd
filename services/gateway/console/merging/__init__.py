"""What several people edit at once: read as it was typed, merged field by field, saved, undone, and asked about
where two changed the same. Pages give the kinds of their fields and a Thing; the rest is here.
"""

from services.gateway.console.merging.dialog import Told, ask_which
from services.gateway.console.merging.saving import Change, Collision, Present, Thing, save
from services.gateway.console.merging.threeway import Clash, Edit, Merged, Values, merge, same
from services.gateway.console.merging.typed import (
    BLOCK,
    CLOCK,
    COUNT,
    DAY,
    FLAG,
    LINE,
    LINES,
    MINUTES,
    Kind,
    Read,
    Rows,
    errors_of,
    read,
)

__all__ = [
    "BLOCK",
    "CLOCK",
    "COUNT",
    "DAY",
    "FLAG",
    "LINE",
    "LINES",
    "MINUTES",
    "Change",
    "Clash",
    "Collision",
    "Edit",
    "Kind",
    "Merged",
    "Present",
    "Read",
    "Rows",
    "Thing",
    "Told",
    "Values",
    "ask_which",
    "errors_of",
    "merge",
    "read",
    "same",
    "save",
]
