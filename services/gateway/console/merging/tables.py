"""A table of a ceremony that several people edit at once: its rows opened, added, changed, removed, put back.

A page says what its rows are and how its service keeps them; the six routes, the merging, what is wrong in a form and
the way back are here.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from schemas import accounts, house
from schemas.envelope import Question
from schemas.errors import Refusal
from schemas.house import ListHistory
from schemas.scheduling import Ceremony
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.fields import Fields, profile_of
from services.gateway.console.frame import Toast, Undo, say_only, words_of
from services.gateway.console.merging.attempt import Unfit, attempt, check, id_of, unfit
from services.gateway.console.merging.dialog import Told, ask_which, row_of
from services.gateway.console.merging.saving import Change, Collision, Present, Thing, dumped, insist, parsed
from services.gateway.console.merging.threeway import Values
from services.gateway.console.merging.typed import Kind, read
from services.kit.bus import Bus

_GONE = 404
_SOON = 2.0  # seconds that a dialog waits for who it was
RowId = Annotated[str, Path(max_length=64)]
T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A row as its service has it, and the version that a change of it is made over."""

    version: int
    thing: T


class Table(ABC, Generic[T, M]):
    """`T`: a row as the service tells it; `M`: what is said of one, without what the service adds."""

    service: ClassVar[str]  # whose rows these are; its event makes open pages fetch theirs anew
    kinds: ClassVar[Mapping[str, Kind]]
    nothing: ClassVar[Values]  # what an empty form holds
    model: ClassVar[type[BaseModel]]  # M
    ordering: ClassVar[frozenset[str]] = frozenset()  # fields that decide where a row stands

    def __init__(self, request: Request, bus: Bus, ceremony: Ceremony, form: FormData) -> None:
        self.request, self.bus, self.ceremony, self.form = request, bus, ceremony, form
        self.request_id = id_of(form)

    # What a table says of itself.

    @property
    @abstractmethod
    def at(self) -> str:
        """The address of its rows."""

    @abstractmethod
    async def find(self, row: str) -> Found[T]:
        """Refuses with 404 where there is none."""

    @abstractmethod
    def values(self, thing: T) -> Values:
        """As the form has it."""

    @abstractmethod
    def said(self, values: Values, thing: T | None) -> M:
        """The other way; without a thing for a new one. ValidationError where it cannot be."""

    @abstractmethod
    async def save(self, found: Found[T], said: M) -> None: ...

    @abstractmethod
    async def insert(self, said: M) -> str:
        """The id of the new row; of the one that this request made before, if it did."""

    @abstractmethod
    async def delete(self, found: Found[T]) -> None: ...

    @abstractmethod
    def kept(self, thing: T) -> M:
        """All that is needed to put it back."""

    @abstractmethod
    def added(self, thing: T, undo: Undo) -> Toast: ...

    @abstractmethod
    def changed(self, thing: T, undo: Undo | None) -> Toast: ...

    @abstractmethod
    def removed(self, thing: T, undo: Undo) -> Toast: ...

    @abstractmethod
    async def show_row(self, thing: T, toast: Toast, headers: Mapping[str, str]) -> Response:
        """What a saved cell is answered with; a form takes only the words."""

    @abstractmethod
    async def show_form(self, thing: T | None, values: Values, base: str, errors: Mapping[str, str]) -> Response:
        """The dialog of a row. `base`: what goes along as its beginning."""

    def place(self, path: str) -> str:
        """By the path of a value in the model, the field that it was typed in."""
        return path.partition(".")[0]

    async def told(self, row: str) -> Told:
        """Who changed it last."""
        return await self.last_change(ListHistory(ceremony_id=self.ceremony.id, about=row, limit=1))

    # What happens at it.

    async def new(self) -> Response:
        return await self.show_form(None, self.nothing, "", {})

    async def open(self, row: str) -> Response:
        return await self._form((await self.find(row)).thing)

    async def add(self) -> Response:
        found = read(self.form, self.kinds)
        values = {**self.nothing, **found.edit.mine}
        try:
            check(self.request, found)
            said = self.said(values, None)
        except (Unfit, ValidationError) as wrong:
            return await self.show_form(None, values, "", self._unfit(wrong).errors)
        return await self._insert(said)

    async def restore(self) -> Response:
        """Put back what was removed."""
        try:
            said: Any = self.model.model_validate(parsed(str(self.form.get("kept", ""))))
        except ValidationError as wrong:
            raise self._unfit(wrong).of_cell(self.fields) from None
        return await self._insert(said)

    async def change(self, row: str) -> Response:
        found = read(self.form, self.kinds)
        try:
            change = await attempt(self.request, found, self._thing(row), self.place)
        except Collision as collision:
            return await ask_which(self.request, collision, self.fields, await self.told(row))
        except Unfit as wrong:
            if "field" in self.form:
                raise wrong.of_cell(self.fields) from None
            return await self._form((await self.find(row)).thing, found.edit.mine, wrong.errors)
        return await self._changed(row, change)

    async def remove(self, row: str) -> Response:
        async def delete() -> T:
            found = await self.find(row)
            await self.delete(found)
            return found.thing

        try:
            gone = await insist(delete)
        except Refusal as refusal:
            if refusal.on_wire().status != _GONE:
                raise
            return await self.say(Toast("It was removed already.", kind="info"))
        kept = self.kept(gone).model_dump_json()
        return await self.say(self.removed(gone, Undo(f"{self.at}/restore", {"kept": kept})))

    async def say(self, toast: Toast) -> Response:
        """Only words; the table fetches itself anew."""
        response = await say_only(self.request, toast)
        response.headers.update(self.refreshing)
        return response

    @property
    def refreshing(self) -> dict[str, str]:
        return {"HX-Trigger": f"km:{self.service}"}

    @property
    def fields(self) -> Fields:
        return Fields(words_of(self.request), profile_of(self.ceremony))

    async def last_change(self, question: ListHistory, key: str | None = None) -> Told:
        """By the newest of these events; `key`: the newest that names it. What cannot be told is left out.

        Colleagues see each other's names: the house asks, so that it needs no right to the history.
        """
        try:
            history = await self.bus.ask(house.history[self.service], question, _SOON, as_house=True)
            names = await self.bus.ask(accounts.list_names, Question(), _SOON, as_house=True)
        except Refusal:
            return Told()
        for entry in history.entries:
            if key is None or key in entry.data.get("keys", ()):
                return Told(names.names.get(entry.actor or ""), entry.at)
        return Told()

    def _thing(self, row: str) -> Thing:
        known: list[Found[T]] = []

        async def load() -> Present:
            known[:] = [await self.find(row)]
            return Present(known[0].version, self.values(known[0].thing))

        async def save(_version: int, values: Values) -> None:
            await self.save(known[0], self.said(values, known[0].thing))

        return Thing(load, save)

    async def _form(self, thing: T, mine: Values | None = None, errors: Mapping[str, str] | None = None) -> Response:
        values = self.values(thing)
        carried = str(self.form.get("base") or dumped(values))  # a form that comes again goes on from where it began
        return await self.show_form(thing, {**values, **(mine or {})}, carried, errors or {})

    async def _insert(self, said: M) -> Response:
        row = await self.insert(said)
        thing = (await self.find(row)).thing
        return await self.say(self.added(thing, Undo(f"{self.at}/{row}/remove")))

    async def _changed(self, row: str, change: Change) -> Response:
        thing = (await self.find(row)).thing
        toast = self.changed(thing, change.undo(f"{self.at}/{row}"))
        alone = row_of(self.request) and not self.ordering & change.after.keys()
        return await self.show_row(thing, toast, {} if alone else self.refreshing)

    def _unfit(self, wrong: Unfit | ValidationError) -> Unfit:
        return wrong if isinstance(wrong, Unfit) else unfit(self.request, wrong, self.place)


def routes(address: str, table: type[Table[Any, Any]]) -> APIRouter:
    """new, add, restore, open, change and remove, below an address; words before ids, lest one be taken for an id."""
    router = APIRouter(prefix=address, include_in_schema=False)

    async def at(request: Request, bus: TheBus, ceremony: TheCeremony) -> Table[Any, Any]:
        return table(request, bus, ceremony, await request.form())

    @router.get("/new")
    async def new(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
        return await (await at(request, bus, ceremony)).new()

    @router.post("")
    async def add(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
        return await (await at(request, bus, ceremony)).add()

    @router.post("/restore")
    async def restore(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
        return await (await at(request, bus, ceremony)).restore()

    @router.get("/{row}")
    async def open_row(request: Request, bus: TheBus, ceremony: TheCeremony, row: RowId) -> Response:
        return await (await at(request, bus, ceremony)).open(row)

    @router.post("/{row}")
    async def change(request: Request, bus: TheBus, ceremony: TheCeremony, row: RowId) -> Response:
        return await (await at(request, bus, ceremony)).change(row)

    @router.post("/{row}/remove")
    async def remove(request: Request, bus: TheBus, ceremony: TheCeremony, row: RowId) -> Response:
        return await (await at(request, bus, ceremony)).remove(row)

    return router
