"""What was made of the rows of a database, kept in memory for the next who asks. Hides threads, and what goes."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from services.kit.store import Connection

T = TypeVar("T")


class _Kept(NamedTuple, Generic[T]):
    version: int
    weight: int
    made: T


class Remembered(Generic[T]):
    """Of each thing what was made of its newest version: not for what a transaction sees that may never come to be.

    `most`: the weight of everything kept of one database; what was asked for longest ago goes first, the last never.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: WeakKeyDictionary[object, OrderedDict[str, _Kept[T]]] = WeakKeyDictionary()
        self._lock = Lock()

    def find(self, conn: Connection, key: str) -> T | None:
        """Of whichever version it is: the caller sees whether it still holds."""
        with self._lock:
            known = self._known.get(conn.engine.pool, OrderedDict[str, _Kept[T]]())
            if key not in known:
                return None
            known.move_to_end(key)
            return known[key].made

    def keep(self, conn: Connection, key: str, made: T, *, version: int, weight: int) -> T:
        """In the place of an older version; a reader who came late does not bring that back."""
        with self._lock:
            known = self._known.setdefault(conn.engine.pool, OrderedDict())
            old = known.pop(key, None)
            known[key] = old if old and old.version > version else _Kept(version, weight, made)
            while len(known) > 1 and sum(one.weight for one in known.values()) > self._most:
                known.popitem(last=False)
        return made
