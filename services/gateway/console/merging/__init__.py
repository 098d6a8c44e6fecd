"""What several people edit at once: read as it was typed, merged field by field, saved, undone, and asked about
where two changed the same. Pages give the kinds of their fields and a Thing; the rest is here.
"""

from services.gateway.console.merging.attempt import Unfit, attempt, check, id_of, new_key, unfit
from services.gateway.console.merging.dialog import Told, ask_which
from services.gateway.console.merging.saving import Change, Collision, Present, Thing, dumped, insist, parsed, save
from services.gateway.console.merging.tables import Found, Table, routes
from services.gateway.console.merging.threeway import Clash, Edit, Merged, Values, merge, same
from services.gateway.console.merging.typed import (
    BLOCK,
    CLOCK,
    CODE,
    COUNT,
    DAY,
    FLAG,
    LINE,
    LINES,
    MINUTES,
    SHIFT,
    Kind,
    Read,
    Rows,
    Somebody,
    read,
    somebody,
)

__all__ = [
    "BLOCK",
    "CLOCK",
    "CODE",
    "COUNT",
    "DAY",
    "FLAG",
    "LINE",
    "LINES",
    "MINUTES",
    "SHIFT",
    "Change",
    "Clash",
    "Collision",
    "Edit",
    "Found",
    "Kind",
    "Merged",
    "Present",
    "Read",
    "Rows",
    "Somebody",
    "Table",
    "Thing",
    "Told",
    "Unfit",
    "Values",
    "ask_which",
    "attempt",
    "check",
    "dumped",
    "id_of",
    "insist",
    "merge",
    "new_key",
    "parsed",
    "read",
    "routes",
    "same",
    "save",
    "somebody",
    "unfit",
]
