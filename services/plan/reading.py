"""Reads a plan folder whole: every table, then who is meant by each name, then what is still open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from schemas.errors import Problem
from schemas.guests import GuestsPlan
from schemas.scheduling import Plan, SchedulingPlan
from services.kit.sheets import read_tables
from services.kit.sheets.problems import capped
from services.plan import open_points
from services.plan.cast import Cast
from services.plan.ceremony import Opened, closed_ceremony, open_ceremony, standing_ceremony
from services.plan.folder import CEREMONY, Folder, look, part_of
from services.plan.honours import Honours, Items, read_honours
from services.plan.order import Planned, read_order
from services.plan.page import Page, find_page
from services.plan.people import Listed, read_guests
from services.plan.rolls import with_rolls
from services.plan.standing import awarded_of, listed_of, planned_of, with_standing_rolls

_SEVERITIES = ("error", "warning", "note")
_PARTS = ("running-order", "guests", "roll", "awards")


@dataclass(frozen=True, slots=True)
class Reading:
    """`plan` is None as soon as one of the problems is an error; all problems of all files are there at once."""

    plan: Plan | None
    problems: list[Problem] = field(default_factory=list)


def read(folder: Path | Mapping[str, bytes], standing: Plan | None = None) -> Reading:
    """The plan in a folder, or in files by name. Spreadsheets are opened in a child process only.

    `standing`: the plan as it is now, from which the parts are taken that no file is there of.
    """
    found = look(folder, whole=standing is None)
    opened = _opened(found, folder.name if isinstance(folder, Path) else "", standing)
    sheets = read_tables(dict(found.tables.values()))
    pages = {name: find_page(sheets, name, file) for name, (file, _) in found.tables.items()}
    content = _Content(opened, pages, standing)
    problems = [*found.problems, *sheets.problems, *opened.problems, *content.problems()]
    problems = _sorted(capped(problems))
    plan = None if any(one.severity == "error" for one in problems) else content.plan()
    return Reading(plan, problems)


def _opened(found: Folder, folder: str, standing: Plan | None) -> Opened:
    if found.ceremony:
        return open_ceremony(*found.ceremony, folder)
    return standing_ceremony(standing.scheduling) if standing else closed_ceremony()


def _sorted(problems: list[Problem]) -> list[Problem]:
    """Errors first; then by file in the order an organizer fills them in, by row and by column."""

    def place(one: Problem) -> tuple[int, int, int, int, str]:
        part = part_of(one.file or "") or one.file
        file = (CEREMONY, *_PARTS).index(part) if part in {CEREMONY, *_PARTS} else len(_PARTS) + 1
        column = one.column or ""
        return _SEVERITIES.index(one.severity), file, one.row or 0, len(column), column

    return sorted(problems, key=place)


class _Content:
    """What the pages say, understood with the words of the ceremony's profile."""

    def __init__(self, opened: Opened, pages: Mapping[str, Page], standing: Plan | None) -> None:
        self.opened, self.pages = opened, {name: pages.get(name, Page(name)) for name in _PARTS}
        self.standing, self.given = standing, pages.keys()
        for page in self.pages.values():
            page.marks = opened.vocabulary.marks
        self.listed = self._guests()
        self.cast = Cast(self.listed, opened.vocabulary.front, known=self._known("guests"))
        self.planned = self._order()
        self.honours = self._awards()

    def _stands(self, part: str) -> Plan | None:
        """The standing plan, if this part is taken from it."""
        return None if part in self.given else self.standing

    def _known(self, part: str) -> bool:
        return self.pages[part].readable or self._stands(part) is not None

    def _guests(self) -> list[Listed]:
        stands = self._stands("guests")
        found = listed_of(stands) if stands else read_guests(self.pages["guests"], self.opened.vocabulary)
        rolls = self._stands("roll")
        return with_standing_rolls(found, rolls) if rolls else with_rolls(found, self.pages["roll"])

    def _order(self) -> list[Planned]:
        if stands := self._stands("running-order"):
            return planned_of(stands, self.listed)
        return read_order(self.pages["running-order"], self.cast, self.opened.vocabulary)

    def _awards(self) -> Honours:
        if stands := self._stands("awards"):
            return Honours(awarded_of(stands, self.listed), stands.awards.decisions)
        items = Items(self.planned, known=self._known("running-order"))
        return read_honours(self.pages["awards"], self.cast, items, self.opened.vocabulary)

    def problems(self) -> list[Problem]:
        found = [one for page in self.pages.values() for one in page.problems]
        found += self.cast.strangers()
        if self.opened.fields and self.opened.read:
            found += open_points.of_ceremony(self.opened.file, self.opened.fields)
        if not self._stands("running-order"):
            found += open_points.of_order(self.planned, self.opened.profile)
        if not self._stands("guests"):
            found += open_points.of_guests(self.listed)
        if not self._stands("awards"):
            found += open_points.of_honours(self.honours)
        return found

    def plan(self) -> Plan | None:
        fields, code = self.opened.fields, self.opened.code
        if fields is None or code is None:
            return None
        return Plan(
            scheduling=SchedulingPlan(code=code, ceremony=fields, items=tuple(one.item for one in self.planned)),
            guests=GuestsPlan(guests=tuple(one.guest for one in self.listed)),
            awards=self.honours.plan,
        )
