"""khaimac serve, health, parked, contracts: running the house and looking after it."""

import asyncio
import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from schemas.envelope import Ask, Q, R
from schemas.errors import Refusal
from schemas.house import (
    SERVICES,
    GetHealth,
    Health,
    ListParked,
    ParkedWork,
    RetryParked,
    health,
    list_parked,
    retry_parked,
)
from services.cli.accounts import first_link
from services.cli.desk import Code, Desk, Json, Lang, Report, Running, command, taking_options
from services.cli.office import Office, is_away
from services.cli.refusals import NotASourceTree, NothingParked, ServicesSilent
from services.cli.voice import Voice, row
from services.kit.nats_server import DataFolder

_EVERYTHING = (*SERVICES, "gateway")
_SOON = 2.0  # seconds in which a service that is well answers
parked = typer.Typer(invoke_without_command=True, help="Events that failed and were put aside.")


def settle(app: typer.Typer) -> None:
    command(app, "serve")(serve)
    command(app, "health")(health_)
    app.add_typer(parked, name="parked")
    command(app, "contracts")(contracts)


# Running.


def _names(given: list[str] | None) -> list[str] | None:
    """Repeated options, or several names in one, separated by commas."""
    names = [name.strip() for one in given or () for name in one.split(",") if name.strip()]
    for name in names:
        if name not in _EVERYTHING:
            raise typer.BadParameter(f"{name}: there are {', '.join(_EVERYTHING)}.")
    return names or None


Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="NAME", callback=_names, help="Run this part alone; may be repeated."),
]


async def serve(desk: Desk, only: Only = None) -> Report:
    """Run everything in one process until it is told to stop, and print the address."""
    names = tuple(name for name in _EVERYTHING if not only or name in only)

    async def ready(running: Running) -> None:
        link = await first_link(running.bus, desk.settings, running.address) if "accounts" in names else None
        told = {"address": running.address, "services": names, "pid": os.getpid(), "setup_link": link}
        desk.voice.give(told, indent=None)
        if running.address:
            desk.voice.line("Khai Mạc is open at {address} (stop it with Ctrl+C).", address=running.address)
        else:
            desk.voice.line("Running: {names} (stop with Ctrl+C).", names=", ".join(names))
        if link:
            desk.voice.line("Nobody can sign in yet. Set it up (the link works once): {link}", link=link)

    await desk.serve(desk.settings, names, ready)
    return Report(None)


# Health.


async def health_(desk: Desk) -> Report:
    """Tell whether every service answers, and how much waits."""
    found = DataFolder(desk.settings.data_dir).running() if desk.settings.embedded else None
    async with desk.office() as office:
        healths = await _all(office, health, GetHealth(), _SOON)
    silent = [name for name, one in healths.items() if one is None]
    data = {
        "running": bool(found) or not desk.settings.embedded,
        "address": (found or {}).get("address"),
        "services": {name: one and one.model_dump(mode="json") for name, one in healths.items()},
    }
    shown = [_running(desk, found), _healths(desk.voice, healths)]
    return Report(data, shown, Code.UNAVAILABLE if silent else Code.OK)


async def _all(office: Office, asks: dict[str, Ask[Q, R]], question: Q, within: float) -> dict[str, R | None]:
    """What every service answers; None where it does not."""
    return dict(
        zip(asks, await asyncio.gather(*(_or_none(office, asks[one], question, within) for one in asks)), strict=True)
    )


async def _or_none(office: Office, ask: Ask[Q, R], question: Q, within: float) -> R | None:
    try:
        return await office.ask(ask, question, within)
    except Refusal as refusal:
        if not is_away(refusal):
            raise
        return None


def _running(desk: Desk, found: dict[str, Any] | None) -> Text:
    if not desk.settings.embedded:
        return Text(desk.voice.say("Over the NATS server that KHAIMAC_NATS_URL names."))
    if found is None:
        words = "Nothing runs on the data folder {folder}; started for this command alone."
        return Text(desk.voice.say(words, folder=desk.settings.data_dir))
    return Text(desk.voice.say("Running at {address} (process {pid}).", **{"address": "—", "pid": "—"} | found))


def _healths(voice: Voice, healths: dict[str, Health | None]) -> RenderableType:
    table = voice.table("Service", "Answers", "Unsent events", "Waiting events", "Parked", right=range(2, 5))
    for name, one in healths.items():
        if one is None:
            table.add_row(*row(name, Text(voice.say("no"), style="red"), "", "", ""))
        else:
            numbers = (one.outbox_unsent, one.consumer_pending, one.parked)
            table.add_row(*row(name, Text(voice.say("yes"), style="green"), *numbers))
    return table


# Parked events.


async def list_parked_events(desk: Desk) -> Report:
    """List the events that failed and were put aside."""
    async with desk.office() as office:
        asked = await _all(office, list_parked, ListParked(), 10)
    _refuse_silent(asked)
    works = sorted((work for one in asked.values() if one for work in one.parked), key=lambda work: work.at)
    data = {"parked": [work.model_dump(mode="json") for work in works]}
    return Report(data, [_parked_table(desk.voice, works)])


def _parked_table(voice: Voice, works: Sequence[ParkedWork]) -> RenderableType:
    if not works:
        return Text(voice.say("Nothing is parked."), style="green")
    table = voice.table("Event", "Service", "Type", "Reason", "Tries", "Since", right=(4,))
    for one in works:
        since = f"{one.at.astimezone():%Y-%m-%d %H:%M}"
        table.add_row(*row(one.event_id, one.service, one.type, one.reason, one.attempts, since))
    return table


@parked.callback()
def _parked(ctx: typer.Context, as_json: Json = False, lang: Lang = None) -> None:
    if ctx.invoked_subcommand is None:
        taking_options(list_parked_events)(ctx, as_json=as_json, lang=lang)


@command(parked, "retry")
async def retry(
    desk: Desk,
    event: Annotated[str | None, typer.Argument(metavar="ID", help="One event; without it all.")] = None,
) -> Report:
    """Try one parked event again, or all of them."""
    async with desk.office() as office:
        asked = await _all(office, retry_parked, RetryParked(event_id=event), 120)
    _refuse_silent(asked)
    done = sum(one.done for one in asked.values() if one)
    again = sum(one.parked_again for one in asked.values() if one)
    if event and not done + again:
        raise NothingParked(event=event)
    words = desk.voice.say("Done now: {done}. Parked again: {again}.", done=done, again=again)
    return Report({"done": done, "parked_again": again}, [Text(words)], Code.REFUSED if again else Code.OK)


def _refuse_silent(asked: dict[str, Any]) -> None:
    """Half a list would look like a whole one."""
    silent = [name for name, one in asked.items() if one is None]
    if silent:
        raise ServicesSilent(names=", ".join(silent))


# Contracts.


async def contracts(desk: Desk) -> Report:
    """Write the published contracts (AsyncAPI, OpenAPI) anew from the code, and freeze new event types."""
    script = desk.root / "scripts" / "contracts.py"
    if not script.is_file():
        raise NotASourceTree(path=script)
    paths = os.pathsep.join(filter(None, (str(desk.root), os.environ.get("PYTHONPATH"))))
    made = await asyncio.create_subprocess_exec(
        sys.executable, str(script), env=os.environ | {"PYTHONPATH": paths}, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await made.communicate()
    broken = out.decode().splitlines()
    folder = desk.root / "docs" / "contracts"
    written = Text(desk.voice.say("Written into {folder}", folder=folder), style="green")
    code = Code.REFUSED if made.returncode else Code.OK
    return Report({"folder": str(folder), "broken": broken}, [written, *map(Text, broken)], code)
