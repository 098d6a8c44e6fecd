"""The cells of an entry as texts by field: signs for unknown left out, words for codes made codes, groups told."""

from services.kit.sheets.finding import Entry
from services.kit.sheets.finding.content import looks_like_name
from services.kit.sheets.finding.words import NUMBER
from services.plan.columns import terms
from services.plan.lists.words import OWN, list_words
from services.plan.row import is_unknown

_CODED = ("side", "count_kind", "language")
_TELLING_UNKNOWN = frozenset({"organisation"})  # where the sign says that there is none


def texts_of(entry: Entry) -> dict[str, str]:
    cells = {name: cell.text for name, cell in entry.cells.items() if cell.kind != "error" and name != NUMBER}
    if halves := [cells.pop(name) for name in list(cells) if name in list_words("guests").parts]:
        cells.setdefault("name", " ".join(halves))
    if OWN not in cells:
        cells = {key: text for key, text in cells.items() if key in _TELLING_UNKNOWN or not is_unknown(text)}
        _tell_group(cells)
    for key in _CODED:
        if key in cells:
            cells[key] = terms(key).code(cells[key]) or cells[key]
    return {key: text for key, text in cells.items() if text}


def _tell_group(cells: dict[str, str]) -> None:
    """A group stands among the names in most lists: “Đại diện các hộ dân”, or who is counted and no name."""
    name = cells.get("name", "")
    if not name or "group" in cells:
        return
    if list_words("guests").is_group(name) or ("count" in cells and not looks_like_name(name)):
        cells["group"] = cells.pop("name")
