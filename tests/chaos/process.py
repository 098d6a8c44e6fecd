"""A process of the real wiring with the toys in the place of the services; run as `python -m tests.chaos.process`."""

import asyncio
import sys

import services.__main__ as real
from services.kit.log import set_up_logging
from services.kit.service import Service
from services.kit.settings import Settings
from tests.toys import Counter, Listener


def load() -> dict[str, type[Service]]:
    return {"scheduling": Counter, "dispatch": Listener}


async def ready(_instance: real.Instance) -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


if __name__ == "__main__":
    settings = Settings()
    set_up_logging(settings)
    asyncio.run(real.serve_until_told(settings, tuple(sys.argv[1:]), ready, load))
