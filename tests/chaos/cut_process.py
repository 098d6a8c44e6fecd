"""The real services, but awards dies or is deaf when it shall do its step of a saga, as the file `cut` says."""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

import services.__main__ as real
from schemas import awards
from schemas.errors import Unavailable
from services.awards.service import Awards
from services.guests.service import Guests
from services.kit.log import set_up_logging
from services.kit.service import Service
from services.kit.settings import Settings
from services.kit.store import Tx
from services.scheduling.service import Scheduling


class CutAwards(Awards):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        cut_short = {ask: self._cut_short(self.commands[ask]) for ask in (awards.commit, awards.freeze)}
        self.commands = {**self.commands, **cut_short}

    def _cut_short(self, do: Callable[[Tx, Any], BaseModel]) -> Callable[[Tx, Any], BaseModel]:
        def answer(tx: Tx, command: Any) -> BaseModel:
            self._cut()
            return do(tx, command)

        return answer

    def _cut(self) -> None:
        cut = Path(self.settings.data_dir, "cut")
        if cut.exists() and cut.read_text() == "die":
            cut.write_text("deaf")
            os.kill(os.getpid(), 9)
        if cut.exists():
            raise Unavailable(what="awards")


def load() -> dict[str, type[Service]]:
    """Program and dispatch are not concerned, and slow to start."""
    return {"scheduling": Scheduling, "guests": Guests, "awards": CutAwards}


async def ready(_instance: real.Instance) -> None:
    """Nobody waits for it."""


if __name__ == "__main__":
    settings = Settings()
    set_up_logging(settings)
    asyncio.run(real.serve_until_told(settings, tuple(sys.argv[1:]), ready, load))
