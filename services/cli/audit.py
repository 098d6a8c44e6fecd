"""khaimac audit: a head of the audit trail to note elsewhere, and whether the trail is still what it was then.

The trail shows by itself whatever was changed inside it. Whoever may write to the databases can write it anew from
any event on, or cut off its end: that only a head shows which was noted where he cannot write, and only up to there.
What a change was from and to can be erased, so it is no part of the trail.
"""

import asyncio
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from schemas.audit import AuditSeal, FindSeal, SealAudit, find_seal, read_head, seal_audit
from schemas.house import SERVICES, AuditCheck, VerifyAudit, verify_audit
from services.cli.desk import Code, Desk, Report, command
from services.cli.office import Office
from services.cli.voice import Voice, row
from services.lang import UNKNOWN

_LONG = 600  # seconds for the trail of years
audit = typer.Typer(no_args_is_help=True, help="The audit trail: note its head, and verify it.")
Checks = dict[str, AuditCheck]


def settle(app: typer.Typer) -> None:
    app.add_typer(audit, name="audit")


@command(audit, "head")
async def head(desk: Desk) -> Report:
    """Seal the audit trail as it is now, and tell its head, to note elsewhere."""
    async with desk.office() as office:
        seal = await office.do(seal_audit, SealAudit())
    shown = [
        head_line(desk.voice, seal.head),
        Text(desk.voice.say("Later: khaimac audit verify --head {head}", head=seal.head)),
    ]
    return Report(seal.model_dump(mode="json"), shown)


def head_line(voice: Voice, head: str | None) -> Text:
    """For people: the head of a release or of now; None: a service did not tell its own in time."""
    if head is None:
        return Text(voice.say("The audit trail is not sealed yet; its head: khaimac audit head"), style="yellow")
    return Text(voice.say("Audit head: {head}, note it elsewhere.", head=head))


def _hash(given: str | None) -> str | None:
    plain = read_head(given or "")
    if given is not None and plain is None:
        raise typer.BadParameter(f"{given}: 64 x 0-9 a-f.")
    return plain


Head = Annotated[
    str | None, typer.Option("--head", metavar="HASH", callback=_hash, help="A head that was noted elsewhere.")
]


@command(audit, "verify")
async def verify(desk: Desk, head: Head = None) -> Report:
    """Recompute the audit trail of every service, and compare it with a head that was noted elsewhere."""
    async with desk.office() as office:
        seal = (await office.ask(find_seal, FindSeal(head=head))).seal if head else None
        with desk.voice.doing("Verifying the audit trail"):
            checks = await _verify(office, seal)
    voice, found = desk.voice, _found(desk.voice, checks, seal, head)
    whole = not found
    data = {
        "whole": whole,
        "events": sum(one.events for one in checks.values()),
        "head": head,
        "seal": seal and seal.model_dump(mode="json"),
        "services": {name: one.model_dump(mode="json") for name, one in checks.items()},
        "found": [str(one) for one in found],
    }
    told = [Text(one, style="red") for one in found] or [Text(one) for one in _holds(voice, checks, seal)]
    return Report(data, [_table(voice, checks), *told], Code.OK if whole else Code.REFUSED)


async def _verify(office: Office, seal: AuditSeal | None) -> Checks:
    points = seal.points if seal else {}
    asked = (office.ask(verify_audit[name], VerifyAudit(through=points.get(name)), _LONG) for name in SERVICES)
    return dict(zip(SERVICES, await asyncio.gather(*asked), strict=True))


def _found(voice: Voice, checks: Checks, seal: AuditSeal | None, head: str | None) -> list[str]:
    """What is wrong, and where."""
    found = []
    if head and not seal:
        found.append(
            voice.say(
                "No seal has this head: the trail was rewritten or cut off since it was noted, or it was mistyped."
            )
        )
    for name, one in checks.items():
        where = {"service": name, "seq": one.broken.seq, "event": one.broken.event_id} if one.broken else {}
        if one.broken and one.broken.what == "chain":
            found.append(
                voice.say(
                    "{service}: the trail is broken at event {seq} ({event}): it is not what was written.", **where
                )
            )
        elif one.broken:
            found.append(voice.say("{service}: event {seq} ({event}) is filed under what it does not say.", **where))
        elif one.passes is False:
            found.append(
                voice.say("{service}: the trail does not pass through the head that was noted for it.", service=name)
            )
    return found


def _holds(voice: Voice, checks: Checks, seal: AuditSeal | None) -> list[str]:
    """What was seen, and what could not be."""
    events = sum(one.events for one in checks.values())
    looked = voice.say("Events checked: {events}, of {services} services.", events=events, services=len(checks))
    if seal is None:
        unseen = voice.say(
            "Every event is what was written. Whether the trail was rewritten as a whole, or cut off at its end, "
            "only a noted head shows."
        )
        return [looked, unseen]
    return [
        looked,
        voice.say("Nothing up to the head noted at {at} was changed, added or removed.", at=_when(seal)),
        voice.say("Whether what came after it was rewritten as a whole, or cut off, only a later head shows."),
    ]


def _when(seal: AuditSeal) -> str:
    return f"{seal.at.astimezone():%Y-%m-%d %H:%M}"


def _table(voice: Voice, checks: Checks) -> RenderableType:
    table = voice.table("Service", "Events", "Last event", "Trail", "Noted head", right=(1, 2))
    for name, one in checks.items():
        holds = Text(voice.say("broken"), style="red") if one.broken else Text(voice.say("holds"), style="green")
        passes = {None: UNKNOWN, True: voice.say("passed"), False: voice.say("missed")}[one.passes]
        table.add_row(*row(name, one.events, one.head.seq or UNKNOWN, holds, passes))
    return table
