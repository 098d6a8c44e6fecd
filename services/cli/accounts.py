"""khaimac user, khaimac office: who may come in, and the links that lead there; for the operator of the machine."""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from schemas import accounts
from schemas.accounts import InviteUser, Link, LockUser, OpenOffice, ResetLink, SetUpLink, UnlockUser, User
from schemas.envelope import Grant, Question
from schemas.errors import NotFound, Refusal
from schemas.rights import rights
from services.cli.desk import Desk, Report, command
from services.cli.office import Office
from services.cli.voice import Voice, row
from services.kit.bus import Bus
from services.kit.nats_server import DataFolder
from services.kit.settings import Settings
from services.lang import UNKNOWN, clean

_PATHS = {"set_up": "setup", "invitation": "invitation", "reset": "reset"}
users = typer.Typer(no_args_is_help=True, help="The accounts of the office.")
offices = typer.Typer(no_args_is_help=True, help="Offices of this installation; none sees another's anything.")
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="E-mail address of the account.")]
Code = Annotated[str, typer.Argument(metavar="CODE", help="Code of the office: a-z, 0-9 and hyphens.")]


def settle(app: typer.Typer) -> None:
    app.add_typer(users, name="user")
    app.add_typer(offices, name="office")


# Users.


def _grants(given: list[str] | None) -> list[str]:
    for one in given or ():
        if one.partition("@")[0] not in rights().roles:
            raise typer.BadParameter(f"{one}: {', '.join(rights().roles)}.")
    return given or []


Roles = Annotated[
    list[str] | None,
    typer.Option("--role", metavar="ROLE[@CEREMONY]", callback=_grants, help="May be repeated."),
]


@command(users, "invite")
async def invite(
    desk: Desk,
    email: Email,
    role: Roles = None,
    name: Annotated[str | None, typer.Option("--name", help="Of the person.")] = None,
) -> Report:
    """Make an account with these roles, and a link by which its owner comes in."""
    grants = tuple(
        Grant(role=one, ceremony_id=of or None) for one, _, of in (each.partition("@") for each in role or ())
    )
    async with desk.office() as office:
        invited = await office.ask(accounts.invite_user, InviteUser(email=email, name=name, grants=grants))
    told = {"user_id": invited.user_id, "version": invited.version}
    return _link_report(desk, invited.link, told)


@command(users, "list")
async def list_(desk: Desk) -> Report:
    """List the accounts with their roles."""
    async with desk.office() as office:
        found = (await office.ask(accounts.list_users, Question())).users
        codes = {one.id: one.code for one in await office.ceremonies()} if _of_one(found) else {}
    data = [one.model_dump(mode="json") for one in found]
    if not found:
        nothing = desk.voice.say(
            "Nobody has an account yet. Begin with: khaimac office link {office}", office=desk.settings.office
        )
        return Report(data, [Text(nothing)])
    return Report(data, [_table(desk.voice, found, codes)])


def _of_one(found: tuple[User, ...]) -> bool:
    return any(grant.ceremony_id for one in found for grant in one.grants)


def _table(voice: Voice, found: tuple[User, ...], codes: dict[str, str]) -> RenderableType:
    table = voice.table("Name", "E-mail", "Rights", "State", "Last seen", "Second factor")
    for one in found:
        roles = ", ".join(_role(voice, grant, codes) for grant in one.grants)
        second = voice.say("yes") if one.second_factor else voice.say("no")
        cells = (one.name or UNKNOWN, one.email, roles or UNKNOWN, _state(voice, one), _time(one.seen_at), second)
        table.add_row(*row(*cells))
    return table


def _role(voice: Voice, grant: Grant, codes: dict[str, str]) -> str:
    label = voice.say(rights().roles[grant.role].label)
    return f"{label} @ {codes.get(grant.ceremony_id, grant.ceremony_id)}" if grant.ceremony_id else label


def _state(voice: Voice, user: User) -> str:
    if user.state == "locked":
        return voice.say("locked")
    return voice.say("active") if user.state == "active" else voice.say("invited")


def _time(at: datetime | None) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}" if at else UNKNOWN


@command(users, "lock")
async def lock(desk: Desk, email: Email) -> Report:
    """Lock an account: its sessions and tokens end, and nobody signs in to it."""
    async with desk.office() as office:
        user = await _user(office, email)
        done = await office.do(accounts.lock_user, LockUser(user_id=user.id))
    return Report(done.model_dump(mode="json"), [Text(desk.voice.say("{email} is locked.", email=user.email))])


@command(users, "unlock")
async def unlock(desk: Desk, email: Email) -> Report:
    """Let somebody in again who is locked, or has to wait after wrong passwords."""
    async with desk.office() as office:
        user = await _user(office, email)
        done = await office.do(accounts.unlock_user, UnlockUser(user_id=user.id))
    return Report(
        done.model_dump(mode="json"), [Text(desk.voice.say("{email} is not locked any more.", email=user.email))]
    )


@command(users, "reset")
async def reset(
    desk: Desk,
    email: Email,
    second: Annotated[
        bool, typer.Option("--remove-second-factor", help="For who has lost the app and the recovery codes.")
    ] = False,
) -> Report:
    """Make a link to a new password; for who has not come in yet, a new invitation."""
    async with desk.office() as office:
        user = await _user(office, email)
        link = await office.ask(accounts.reset_link, ResetLink(user_id=user.id, remove_second_factor=second))
    return _link_report(desk, link, {"user_id": user.id})


async def _user(office: Office, email: str) -> User:
    found = (await office.ask(accounts.list_users, Question())).users
    wanted = clean(email).casefold()
    user = next((one for one in found if clean(one.email).casefold() == wanted), None)
    if user is None:
        raise NotFound(what="account", which=email)
    return user


# Offices.


@command(offices, "open")
async def open_(
    desk: Desk,
    code: Code,
    name: Annotated[str | None, typer.Option("--name", help="As people read it.")] = None,
) -> Report:
    """Open a further office, and make the link by which its first owner comes in."""
    async with desk.office() as office:
        await office.do(accounts.open_office, OpenOffice(code=code, name=name))
        made = await office.ask(accounts.setup_link, SetUpLink(office=code))
    return _link_report(desk, made, {"office": code})


@command(offices, "link")
async def link(desk: Desk, code: Code) -> Report:
    """Make a new set-up link for an office in which nobody can sign in yet."""
    async with desk.office() as office:
        made = await office.ask(accounts.setup_link, SetUpLink(office=code))
    return _link_report(desk, made, {"office": code})


# Links.


def _link_report(desk: Desk, made: Link, data: dict[str, object]) -> Report:
    address = address_of(made, desk.settings, _running_address(desk.settings))
    until = f"{made.expires_at.astimezone():%Y-%m-%d %H:%M}"
    about = desk.voice.say("This link works once, until {until}. Give it to nobody else:", until=until)
    told = data | {"kind": made.kind, "link": address, "expires_at": made.expires_at.isoformat()}
    return Report(told, [Text(about), Text(address, style="green")])


def _running_address(settings: Settings) -> str | None:
    found = DataFolder(settings.data_dir).running() if settings.embedded else None
    return (found or {}).get("address")


def address_of(made: Link, settings: Settings, running: str | None) -> str:
    """Where people reach the gateway: as the settings say, else where it runs, else where it would."""
    base = settings.public_url or running or f"http://{settings.http_host}:{settings.http_port}"
    return f"{base.rstrip('/')}/{_PATHS[made.kind]}/{made.token}"


async def first_link(bus: Bus, settings: Settings, running: str | None) -> str | None:
    """A new set-up link as long as nobody can sign in to the office that runs the installation; else None."""
    try:
        made = await bus.ask(accounts.setup_link, SetUpLink(office=settings.office))
    except Refusal:  # somebody can; or ask for it again with khaimac office link
        return None
    return address_of(made, settings, running)
