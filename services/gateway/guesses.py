"""How often one address may guess: passwords, codes, links, tokens. Hides the counting, which a restart forgets.

What must outlive a restart, the lock-out of an account, stands with accounts; this only slows down who tries many.
"""

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import Scope

from services.gateway.refusals import TooManyTries

_WRONG = RateLimitItemPerMinute(10)


class Guesses:
    """Wrong tries of the last minute, by the address they came from."""

    def __init__(self) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def check(self, address: str) -> None:
        """TooManyTries while this address has used up its tries."""
        if not self._window.test(_WRONG, address):
            again = self._window.get_window_stats(_WRONG, address).reset_time
            raise TooManyTries(seconds=max(1, math.ceil(again - time.time())))

    def count(self, address: str) -> None:
        """One more wrong try."""
        self._window.hit(_WRONG, address)


def address_of(scope: Scope) -> str:
    """The address of the client, as the server or a trusted proxy tells it."""
    client = scope.get("client")
    return str(client[0]) if client else "-"
