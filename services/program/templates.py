"""The files that documents are made from: template and stylesheet of a kind, words, fonts, fingerprint."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jinja2
import jinja2.meta
import yaml

from schemas.errors import Refusal

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "templates" / "documents"
FONT_FOLDER = ROOT / "node_modules" / "@expo-google-fonts"
# Static faces only: a variable font takes 2.6 times as long to embed.
FACES = (
    "tinos/400Regular",
    "tinos/400Regular_Italic",
    "tinos/700Bold",
    "tinos/700Bold_Italic",
    "be-vietnam-pro/400Regular",
    "be-vietnam-pro/400Regular_Italic",
    "be-vietnam-pro/600SemiBold",
    "be-vietnam-pro/700Bold",
)
FAMILIES = ("Tinos", "Be Vietnam Pro")


class FontsMissing(Refusal):
    """The fonts that documents are printed with are not in {folder}. Type `make setup`, then start again."""


@dataclass(frozen=True)
class Template:
    """`one_page`: set smaller step by step until it fits."""

    html: str
    css: str
    one_page: bool = False


TEMPLATES: Mapping[str, Template] = {
    "programme": Template("programme.html", "formal.css"),
    "awards": Template("awards.html", "formal.css"),
    "script": Template("script.html", "working.css"),
    "introductions": Template("introductions.html", "working.css"),
    "guests": Template("guests.html", "working.css"),
    "roll": Template("roll.html", "working.css"),
    "invitation": Template("invitation.html", "invitation.css", one_page=True),
}


@cache
def words() -> dict[str, dict[str, Any]]:
    """The words of every document language."""
    read: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "words.yaml").read_text("utf-8"))
    return read


def font_files() -> list[Path]:
    """Every face that may be embedded; nothing else is ever looked up."""
    found = [file for face in FACES for file in sorted((FONT_FOLDER / face).glob("*.ttf"))]
    if len(found) != len(FACES):
        raise FontsMissing(folder=FONT_FOLDER)
    return found


@cache
def fingerprint(kind: str) -> str:
    """SHA-256 over all that decides how a context of this kind prints: template, words, fonts, WeasyPrint."""
    template = TEMPLATES[kind]
    names = [*_files(template.html), *_files(template.css), "words.yaml"]
    digest = hashlib.sha256(f"weasyprint {version('weasyprint')}".encode())
    for content in (*((FOLDER / name).read_bytes() for name in names), _fonts()):
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


@cache
def _fonts() -> bytes:
    return b"".join(hashlib.sha256(file.read_bytes()).digest() for file in font_files())


def _files(name: str) -> list[str]:
    """The template and those that it extends, imports or includes."""
    source = (FOLDER / name).read_text("utf-8")
    used = jinja2.meta.find_referenced_templates(jinja2.Environment(autoescape=True).parse(source))
    return [name, *(file for other in used if other for file in _files(other))]
