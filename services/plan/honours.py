"""The awards table: lines with their recipients and presenters, and the decisions that several lines share."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.awards import AwardsPlan, DecisionFields, LineFields, Presenter
from services.lang import match_key
from services.plan.cast import Cast
from services.plan.columns import Unknown, terms
from services.plan.decisions import Cited, Decisions, cite
from services.plan.keys import Keys
from services.plan.nearness import Nearest
from services.plan.order import Planned
from services.plan.page import Page
from services.plan.row import Row, rows
from services.plan.telling import told
from services.plan.vocabulary import Vocabulary

_KIND = Unknown(
    "“{value}” is no award or gift that the profile knows; the nearest is “{nearest}”.",
    "“{value}” is no award or gift that the profile knows. Known are: {known}.",
)
_RECIPIENT = Unknown(
    "“{value}” is not a kind of recipient; the nearest is “{nearest}”.",
    "“{value}” is not a kind of recipient. Known are: {known}.",
)


@dataclass(frozen=True, slots=True)
class Awarded:
    row: Row
    line: LineFields


@dataclass(frozen=True, slots=True)
class Honours:
    """`lines` with the rows they stand in; `decisions` as the lines name them."""

    lines: tuple[Awarded, ...] = ()
    decisions: tuple[DecisionFields, ...] = ()

    @property
    def plan(self) -> AwardsPlan:
        return AwardsPlan(decisions=self.decisions, lines=tuple(awarded.line for awarded in self.lines))


class Items:
    """The items of the running order as award lines name them: by code or by title."""

    def __init__(self, planned: Sequence[Planned], *, known: bool) -> None:
        self._known = known
        self._by_key = {match_key(one.item.key): one.item.key for one in planned}
        self._by_title: dict[str, list[str]] = defaultdict(list)
        for one in planned:
            self._by_title[match_key(one.item.title)].append(one.item.key)
        self._nearest = Nearest(word for one in planned for word in (one.item.title, one.item.key))

    def key(self, row: Row) -> str | None:
        text = row.text("item")
        if text is None or not self._known:
            return None
        wanted = match_key(text)
        found = [self._by_key[wanted]] if wanted in self._by_key else self._by_title.get(wanted, [])
        if len(found) == 1:
            return found[0]
        self._wrong(row, text, len(found))
        return None

    def _wrong(self, row: Row, text: str, count: int) -> None:
        if count:
            sentence = "{count} items of the running order are called “{value}”."
            row.wrong("item", sentence, "Give each a code there and write the code here.", value=text, count=count)
            return
        near = self._nearest.to(text)
        sentence = "“{value}” is no item of the running order."
        if near:
            sentence = "“{value}” is no item of the running order; the nearest there is “{nearest}”."
        row.wrong("item", sentence, "Write the code or the title of an item.", value=text, nearest=near or "—")


def read_honours(page: Page, cast: Cast, items: Items, vocabulary: Vocabulary) -> Honours:
    """Those lines that can be understood; the page's problems say what cannot."""
    found = list(rows(page))
    if page.readable and not page.has("recipient") and not page.has("collective"):
        sentence = "The column “{heading}” is missing."
        place, hint = page.place(_head(page)), "Add a column with this heading."
        page.problems.append(told("error", place, sentence, hint, heading=page.titles["recipient"]))
        return Honours()
    keys = Keys(code for row in found if (code := row.text("code")))
    kinds = [row.choice("kind", vocabulary.award_kinds, _KIND) if row.required("kind") else None for row in found]
    cited = [_cited(row, kind, vocabulary) for row, kind in zip(found, kinds, strict=True)]
    decisions = Decisions([one for one in cited if one])
    lines = [
        awarded
        for row, kind, citing in zip(found, kinds, cited, strict=True)
        if (awarded := _line(row, kind, decisions.key(citing), (cast, items, keys)))
    ]
    _codes_once(lines)
    return Honours(tuple(lines), decisions.fields)


def _head(page: Page) -> int | None:
    return page.table.head if page.table else None


def _cited(row: Row, kind: str | None, vocabulary: Vocabulary) -> Cited | None:
    """What the row says of its decision; of a gift, that it has none."""
    cited = cite(row)
    if kind is None or kind in vocabulary.needs_decision:
        return cited
    if cited.anything:
        sentence = "“{kind}” needs no decision; what is written here of one is not kept."
        hint = "Empty these cells, or correct the kind."
        row.doubt("number", sentence, hint, kind=row.text("kind") or "")
    return None


def _line(row: Row, kind: str | None, decision: str | None, among: tuple[Cast, Items, Keys]) -> Awarded | None:
    cast, items, keys = among
    recipient, recipient_kind, count = _recipient(row)
    line = row.build(
        LineFields,
        {
            "key": row.text("code") or keys.of(f"{kind} {recipient}"),
            "kind": kind or "—",
            "decision": decision,
            "recipient": recipient or "—",
            "recipient_kind": recipient_kind,
            "head_count": count,
            "post": row.text("post"),
            "unit": row.text("unit"),
            "achievement": row.block("achievement"),
            "posthumous_receiver": row.text("receiver"),
            "presenter": _presenter(row, cast),
            "item": items.key(row),
            "stage_order": row.count("stage_order"),
            "note": row.block("note"),
        },
    )
    return Awarded(row, line) if line and kind and recipient else None


def _recipient(row: Row) -> tuple[str | None, str, int | None]:
    """Name, kind and head count. A name in the column of collectives is one; a head count makes a group."""
    name, collective, count = row.text("recipient"), row.text("collective"), row.count("count")
    if bool(name) == bool(collective):
        sentence = "This row names both a person and a collective." if name else "This row names no recipient."
        row.wrong("recipient", sentence, "Write one recipient in each row.")
    supposed = "collective" if collective else "group" if count is not None and count != 1 else "person"
    kind = row.choice("recipient_kind", terms("recipient_kind"), _RECIPIENT) or supposed
    return name or collective, kind, count


def _presenter(row: Row, cast: Cast) -> Presenter | None:
    who = cast.who(row, "presenter")
    if len(who) > 1:
        row.wrong("presenter", "Only one can hand over an award.", "Write one name, or one text in quotation marks.")
    return Presenter(kind=who[0].kind, guest=who[0].guest, text=who[0].text) if who else None


def _codes_once(lines: list[Awarded]) -> None:
    first: dict[str, int] = {}
    for awarded in lines:
        row = awarded.row
        code = row.text("code")
        before = first.setdefault(match_key(code), row.number) if code else row.number
        if before != row.number:
            sentence = "The code “{code}” stands in row {first} already."
            hint = "A code names one row; give this one another."
            row.wrong("code", sentence, hint, code=code or "", first=before)
