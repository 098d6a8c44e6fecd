"""Plan folders in memory: a sound one, of which any file can be replaced."""

import csv
import io
from collections.abc import Mapping, Sequence

from schemas.scheduling import Plan
from services.plan import Reading, read

CEREMONY = """
code: le-ra-mat
title: Lễ ra mắt
date: 1/7/2024
start: 8h00
end: 9h00
host: UBND tỉnh
document_number: 12/GM-UBND
signer_name: Lê Thị Mẫu
venue: {name: Quảng trường, unit: phường 1}
"""
Rows = Sequence[Sequence[str | int]]


def table(heads: str, *rows: Sequence[str | int]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([heads.split("|"), *rows])
    return text.getvalue().encode()


def folder(**files: bytes | str) -> dict[str, bytes]:
    """A sound plan folder with one item, one guest and one gift; each file can be replaced."""
    sound: dict[str, bytes | str] = {
        "ceremony": CEREMONY,
        "running_order": table("TT|Nội dung|Bắt đầu|Phút", [1, "Chào cờ", "8:00", 5]),
        "guests": table("Họ và tên|Email", ["Nguyễn Văn An", "an@example.org"]),
        "awards": table("Hình thức|Người nhận", ["Quà", "Trần Bình"]),
        **files,
    }
    endings = {"ceremony": "yaml"}
    return {
        f"{name.replace('_', '-')}.{endings.get(name, 'csv')}": text if isinstance(text, bytes) else text.encode()
        for name, text in sound.items()
    }


def said(found: Reading, *severities: str) -> list[str]:
    """Where and what, of these severities; without the notes on what is open unless they are asked for."""
    wanted = severities or ("error", "warning")
    return [f"{one.where()}: {one.text()}" for one in found.problems if one.severity in wanted]


def plan_of(files: Mapping[str, bytes]) -> Plan:
    found = read(files)
    assert found.plan is not None, said(found)
    return found.plan
