"""The command `khaimac`: its commands, put together."""

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from services.cli import (
    accounts,
    answers,
    audit,
    demo,
    duplicates,
    guests,
    keeping,
    lists,
    papers,
    plans,
    precedence,
    privacy,
    releases,
    seats,
)
from services.cli.desk import Desk, Lang, Reach, Serve
from services.cli.voice import Voice, choose_language, forgive_encodings
from services.kit.settings import Settings

_ABOUT = "Plans official ceremonies: running order, guests, awards, documents and invitations."
_GROUPS = (plans, seats, releases, papers, guests, accounts, keeping, audit, demo)
_IN_GROUPS = (answers, duplicates, lists, precedence, privacy)  # their commands stand in the groups of others


def run_command(settings: Settings, reach: Reach, serve: Serve, root: Path) -> None:
    """Do what the command line asks for, and end the process with its code: 0, 1 refused, 2 usage, 3 unavailable."""
    forgive_encodings()
    voice = Voice(choose_language(sys.argv[1:], os.environ))
    whole = typer.main.get_command(commands())
    _translate(whole, voice)
    whole(obj=Desk(settings, reach, serve, root, voice), prog_name="khaimac")


def commands() -> typer.Typer:
    """All of them, in English."""
    app = typer.Typer(no_args_is_help=True, help=_ABOUT, pretty_exceptions_enable=False)
    app.callback()(_whole)
    for group in _GROUPS:
        group.settle(app)
    return app


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"khaimac {version('khaimac')}")
        raise typer.Exit


_Version = Annotated[bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Tell the version.")]


def _whole(lang: Lang = None, told: _Version = False) -> None:
    """Both are dealt with before: the language when the commands are made, for their help speaks it too."""


def _translate(command: Any, voice: Voice) -> None:
    """The help of a command, of what it takes and of the commands below it."""
    for one in (command, *command.params):
        if getattr(one, "help", None):
            one.help = voice.say(one.help)
    for below in getattr(command, "commands", {}).values():
        _translate(below, voice)
