"""Every sentence that a person may read, collected from the code: what the catalogues must translate."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from jinja2 import Environment, nodes

import schemas
import services
from schemas.errors import Refusal, Refused
from schemas.rights import rights
from services.cli import app, voice
from services.gateway import problems, wrong_values
from services.gateway.console import wording
from services.guests.model import precedence
from services.kit.settings import Settings
from services.lang.refusals import Unreadable
from services.lang.translate import WORDS

ROOT = Path(__file__).parents[2]
# Where problems of what people wrote are made: there every literal that reads like a sentence is one of them.
_MAKERS = ("plan", "kit/sheets", "kit/sheets_child", "scheduling", "guests", "awards", "program", "dispatch")
# Calls and keywords whose texts are for programmers.
_NOT_SHOWN = {"Field", "Column", "Table", "Index", "text"}
_FOR_PROGRAMMERS = {"lint.py"}  # what our own linter says of our own calendar files
_SAYING = {"say", "line", "doing", "table"}  # the calls in which the command line speaks
_SHOWING = {"say", "Toast"}  # the calls by which pages speak from the code
_LOGS = {"debug", "info", "warning", "error", "exception"}


def all_sentences() -> set[str]:
    return {*_refusals(), *_rights(), *_settings(), *_problems(), *_gateway(), *_templates(), *_commands()}


def all_words() -> set[tuple[str, str]]:
    """Literal values of {what}, {work} and {things}, which are words of ours, by the placeholder."""
    trees = [*_trees(ROOT / "services"), *_trees(ROOT / "schemas")]
    return {value for tree in trees for value in _words_of(tree)}


def all_literals() -> set[str]:
    """Every text constant of the code."""
    return {
        node.value
        for folder in ("services", "schemas")
        for tree in _trees(ROOT / folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _refusals() -> Iterator[str]:
    for package in (schemas, services):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not re.search(r"__main__|\.migrations\.|\.versions\.", module.name):
                importlib.import_module(module.name)
    kinds: list[type] = [*_below(Refusal), *_below(Unreadable)]
    for kind in kinds:
        if kind is not Refused and kind.__module__.startswith(("schemas.", "services.")):
            yield " ".join((kind.__doc__ or "").split())


def _below(kind: type) -> Iterator[type]:
    found: list[type] = type.__subclasses__(kind)
    for one in found:
        yield one
        yield from _below(one)


def _problems() -> Iterator[str]:
    yield from precedence.SENTENCES
    for part in _MAKERS:
        for tree in _trees(ROOT / "services" / part):
            yield from literals_of(tree)
    yield from literals_of(ast.parse((ROOT / "schemas" / "open_points.py").read_text("utf-8")))


def _trees(folder: Path) -> Iterator[ast.Module]:
    for path in sorted(folder.rglob("*.py")):
        if "migrations" not in path.parts and path.name not in _FOR_PROGRAMMERS:
            yield ast.parse(path.read_text("utf-8"))


def literals_of(node: ast.AST) -> Iterator[str]:
    """Texts that read like a sentence or hold placeholders, outside docstrings, logs and descriptions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and _name(child.func) in _NOT_SHOWN | _LOGS:
            continue
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        if isinstance(child, ast.JoinedStr | ast.Raise) and _is_plain_error(child):
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str) and _reads_like_one(child.value):
            yield child.value
        yield from literals_of(child)


def _is_plain_error(node: ast.AST) -> bool:
    """An f-string, or the message of one of Python's own errors: both are for programmers."""
    if isinstance(node, ast.JoinedStr):
        return True
    error = node.exc if isinstance(node, ast.Raise) else None
    return isinstance(error, ast.Call) and _name(error.func).endswith("Error")


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _reads_like_one(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z“\"{].* .*[.?!:]|.*\{[a-z_]+\}.* .*[.?!}]", text)) and not text.startswith(
        "SELECT"
    )


def _words_of(tree: ast.Module) -> Iterator[tuple[str, str]]:
    refusals = {kind.__name__ for kind in _below(Refusal)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in refusals:
            for keyword in node.keywords:
                if keyword.arg in WORDS and isinstance(keyword.value, ast.Constant):
                    yield str(keyword.arg), str(keyword.value.value)


def _rights() -> Iterator[str]:
    """The table of rights as people read it."""
    for role in rights().roles.values():
        yield from (role.label, role.words)
    yield from (action.words for action in rights().actions.values())


def _settings() -> Iterator[str]:
    """What each setting means, as the page of settings says it."""
    yield from (field.description for field in Settings.model_fields.values() if field.description)


def _gateway() -> Iterator[str]:
    yield from problems.TITLES.values()
    yield from wrong_values.SENTENCES.values()
    yield wording.DATE
    for tree in _trees(ROOT / "services" / "gateway" / "console"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in _SHOWING and node.args:
                yield from filter(None, [_text(node.args[0])])


def _templates() -> Iterator[str]:
    """What templates say through _("…")."""
    pages = Environment(autoescape=True)
    for path in sorted((ROOT / "templates" / "console").rglob("*.html")):
        for call in pages.parse(path.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_":
                yield call.args[0].as_const()


def _commands() -> Iterator[str]:
    """What the command line says by its voice, by name and in its help."""
    yield from voice.BY_NAME
    for tree in _trees(ROOT / "services" / "cli"):
        yield from literals_of(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in _SAYING:
                yield from (text for one in node.args if (text := _text(one)))
    yield from _help(typer.main.get_command(app.commands()))


def _text(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _help(command: Any) -> Iterator[str]:
    yield from (one.help for one in (command, *command.params) if getattr(one, "help", None))
    for below in getattr(command, "commands", {}).values():
        yield from _help(below)
