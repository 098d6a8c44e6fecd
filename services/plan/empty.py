"""Writes an empty plan folder to fill in: a commented ceremony.yaml and a workbook for each table, with a guide."""

from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from schemas.errors import Refusal
from schemas.protocol import Label, Profile, load_profile
from services.plan.ceremony import DEFAULT_PROFILE
from services.plan.columns import TableWords, words
from services.plan.folder import CEREMONY, look
from services.plan.keys import slug

GUIDE = "Hướng dẫn"
_TABLES = ("running-order", "guests", "awards")
_HEADS = ("Cột", "English", "Điền gì", "What to write", "Ví dụ")
_WIDE = {"title", "mc_text", "posts", "achievement", "recipient", "organisation", "name", "responsible", "note"}
_ROWS = 2_000
_LONGEST_CODE = 63


class PlanThere(Refusal):
    """The folder {folder} holds a plan already: {found}. Choose another folder, or move these files away."""

    status = 409


def write_empty(folder: Path, profile: str = DEFAULT_PROFILE) -> list[Path]:
    """The files written. A folder that holds a plan already is left as it is (PlanThere)."""
    folder.mkdir(parents=True, exist_ok=True)
    there = look(folder)
    found = [name for name, _ in (*filter(None, [there.ceremony]), *there.tables.values())]
    if found:
        raise PlanThere(folder=folder, found=", ".join(found))
    return [_write_ceremony(folder), *(_write_table(folder, name, load_profile(profile)) for name in _TABLES)]


def _write_ceremony(folder: Path) -> Path:
    target = folder / f"{CEREMONY}.yaml"
    template = Path(__file__).with_name("ceremony.empty.yaml").read_text(encoding="utf-8")
    code = slug(folder.resolve().name)[:_LONGEST_CODE].strip("-")
    target.write_text(template.replace("{code}", code), encoding="utf-8")
    return target


def _write_table(folder: Path, name: str, profile: Profile) -> Path:
    table = words().tables[name]
    book = Workbook()
    page, guide = book.active, book.create_sheet(GUIDE)
    page.title = table.sheets[0]
    _heads(page, table)
    _explain(guide, table)
    _offer(page, guide, table, _choices(name, profile))
    target = folder / f"{name}.xlsx"
    book.save(target)
    return target


def _heads(page: Worksheet, table: TableWords) -> None:
    page.freeze_panes = "A2"
    for number, (key, column) in enumerate(table.columns.items(), 1):
        head = page.cell(1, number, column.vi[0])
        head.font = Font(bold=True)
        head.alignment = Alignment(wrap_text=True, vertical="center")
        page.column_dimensions[get_column_letter(number)].width = 32 if key in _WIDE else 16


def _explain(guide: Worksheet, table: TableWords) -> None:
    guide.append(_HEADS)
    for column in table.columns.values():
        guide.append([column.vi[0], column.en[0], column.about["vi"], column.about["en"], column.example])
    for row in guide.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in guide[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDE", (24, 24, 60, 60, 32), strict=True):
        guide.column_dimensions[letter].width = width


def _offer(page: Worksheet, guide: Worksheet, table: TableWords, choices: dict[str, list[str]]) -> None:
    """Drop-downs: the words stand in the guide, right of the explanations, where anybody can look them up."""
    keys = list(table.columns)
    for offset, (key, offered) in enumerate(choices.items()):
        letter = get_column_letter(len(_HEADS) + 2 + offset)
        guide[f"{letter}1"] = table.columns[key].vi[0]
        guide[f"{letter}1"].font = Font(bold=True)
        guide.column_dimensions[letter].width = 32
        for row, word in enumerate(offered, 2):
            guide[f"{letter}{row}"] = word
        listed = DataValidation(
            "list", formula1=f"'{GUIDE}'!${letter}$2:${letter}${len(offered) + 1}", allow_blank=True
        )
        listed.errorStyle = "warning"
        page.add_data_validation(listed)
        target = get_column_letter(keys.index(key) + 1)
        listed.add(f"{target}2:{target}{_ROWS}")


def _choices(name: str, profile: Profile) -> dict[str, list[str]]:
    """By column: the words to choose from."""
    own = {key: [named[0] for named in codes.values()] for key, codes in words().words.items()}
    said = profile.labels
    by_table = {
        "running-order": {"kind": _say((kind.label for kind in profile.item_kinds.values()), profile)},
        "guests": {
            "side": own["side"],
            "count_kind": own["count_kind"],
            "level": _say((said[code] for code in profile.level_order), profile),
            "bloc": _say((said[code] for code in profile.bloc_order), profile),
        },
        "awards": {
            "kind": _say((kind.label for kind in profile.award_kinds.values()), profile),
            "recipient_kind": own["recipient_kind"],
        },
    }
    return by_table[name]


def _say(labels: Iterable[Label], profile: Profile) -> list[str]:
    return [label.say(profile.locale) for label in labels]
