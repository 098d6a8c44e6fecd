"""What a file is by its first bytes, and whether its zip container may be opened at all: sizes, names, entities."""

import io
import re
import zipfile
import zlib
from typing import Any

from services.kit.sheets_child.complaint import RESAVE, Unreadable
from services.kit.sheets_child.limits import MEGABYTE, Limits

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
READABLE = ("xlsx", "ods", "xls", "csv", "tsv")
_PLAIN = ("csv", "tsv", "txt", "vcf")
_CHUNK = 1 << 18
_RATIO_COUNTS_FROM = 20 * MEGABYTE
_XML = (".xml", ".rels")
_ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)")
_ENCODING = re.compile(rb"^<\?xml[^>]{0,200}encoding\s*=\s*[\"']([\w.-]+)")


def open_zip(content: bytes, kind: str, limits: Limits) -> zipfile.ZipFile:
    """The container of an xlsx or ods, inflated once within the limits and free of what may not be in it."""
    try:
        container = zipfile.ZipFile(io.BytesIO(content))
        _check_names(container, limits)
        _check_members(container, len(content), limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OverflowError) as why:
        raise Unreadable("The file {file} is damaged or was not copied completely.", RESAVE) from why
    if kind == "ods" and b"encryption-data" in container.read("META-INF/manifest.xml"):
        raise locked()
    return container


def locked() -> Unreadable:
    return Unreadable("The file {file} is protected by a password.", "Save it without a password.")


def zip_kind(container: bytes) -> str | None:
    """xlsx or ods by what lies in the container; None for any other zip."""
    try:
        names = set(zipfile.ZipFile(io.BytesIO(container)).namelist())
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        return "broken"
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return "ods"
    return "xlsx" if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names) else None


def _check_names(container: zipfile.ZipFile, limits: Limits) -> None:
    members = container.infolist()
    names = [member.filename.casefold() for member in members]
    if len(names) > limits.entries or len(names) != len(set(names)):
        raise Unreadable("The file {file} is not built as a spreadsheet program builds it.", RESAVE)
    if any(member.flag_bits & 0x1 for member in members):
        raise locked()
    if sum(member.file_size for member in members) > limits.inflated_bytes:
        raise _bomb(limits)


def _check_members(container: zipfile.ZipFile, packed: int, limits: Limits) -> None:
    total = 0
    for member in container.infolist():
        with container.open(member) as stream:
            tail = b""
            first = True
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if total > limits.inflated_bytes or total > max(_RATIO_COUNTS_FROM, packed * limits.ratio):
                    raise _bomb(limits)
                if member.filename.casefold().endswith(_XML):
                    _check_xml(tail + chunk, first=first)
                tail, first = chunk[-16:], False


def _bomb(limits: Limits) -> Unreadable:
    sentence = "The file {file} unpacks to more than a spreadsheet of names can hold (limit: {limit} MB)."
    hint = "Copy the cells with values into a new file; whole formatted rows and columns are not needed."
    return Unreadable(sentence, hint, limit=limits.inflated_bytes // MEGABYTE)


def _check_xml(chunk: bytes, *, first: bool) -> None:
    encoding = _ENCODING.match(chunk.removeprefix(b"\xef\xbb\xbf")) if first else None
    strange = encoding is not None and encoding[1].lower() not in (b"utf-8", b"utf8", b"us-ascii")
    if strange or (first and b"\x00" in chunk[:64]) or _ENTITIES.search(chunk):
        raise Unreadable("The file {file} contains definitions that no spreadsheet program writes.", RESAVE)


def kind_of(content: bytes, name: str, *, loose: bool) -> str:
    """The kind of a file (one of READABLE); refuses what cannot be read and a content that belies the ending.

    `loose`: also txt and vcf, which else is refused and taken for csv.
    """
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    ending = "csv" if ending == "txt" and not loose else ending
    if ending not in READABLE and not (loose and ending in _PLAIN):
        raise _not_readable(ending, loose=loose)
    content_kind = _by_content(content)
    if content_kind == "text" and ending in _PLAIN:
        return ending
    if content_kind != ending:
        raise _mismatch(ending, content_kind)
    return ending


def _not_readable(ending: str, *, loose: bool) -> Unreadable:
    hint = "Save it as .xlsx, .ods, .xls, .csv or .tsv."
    if loose:
        hint = "Save it as .xlsx, .ods, .xls, .csv, .tsv, .txt or .vcf."
    if not ending:
        return Unreadable("The file {file} cannot be read: its name has no ending.", hint)
    return Unreadable("The file {file} cannot be read: its name ends in .{ending}.", hint, ending=ending[:20])


def _by_content(content: bytes) -> str:
    if content.startswith(OLE):
        # A workbook with a password to open is an OLE container around the encrypted one.
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise locked()
        return "xls"
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        found = zip_kind(content)
        if found == "broken":
            raise Unreadable("The file {file} is damaged or was not copied completely.", RESAVE)
        return found or "zip"
    if re.match(rb"\s*(<!doctype html|<html|<table|<\?xml)", content[:200], re.IGNORECASE):
        return "web"
    return "pdf" if content.startswith(b"%PDF-") else "text"


_CALLED: dict[str, str] = {
    "xlsx": "an Excel workbook (.xlsx)",
    "ods": "an OpenDocument spreadsheet (.ods)",
    "xls": "an old Excel workbook (.xls)",
    "zip": "a zip archive",
    "web": "a web page or XML file",
    "pdf": "a PDF file",
    "text": "plain text or unknown data",
}


def _mismatch(ending: str, content_kind: str) -> Unreadable:
    where: dict[str, Any] = {"ending": ending, "content": _CALLED[content_kind]}
    hint = RESAVE
    if content_kind in READABLE:
        hint = "Give the file the ending of what it is, or save it again in the format that you want."
    return Unreadable("The file {file} ends in .{ending}, but it is {content}.", hint, **where)
