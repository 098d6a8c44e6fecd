"""Items of the running order: how the table's rows are kept, and moved to another place."""

from collections.abc import Mapping
from typing import Any, ClassVar

from fastapi import APIRouter, Request, Response

from schemas import scheduling
from schemas.errors import NotFound
from schemas.house import ListHistory
from schemas.scheduling import AddItems, GetPart, Item, ItemFields, OrderItems, PutItem, RemoveItem, SchedulingPart
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.fields import profile_of
from services.gateway.console.frame import Toast, Undo, dialog, show
from services.gateway.console.merging import (
    BLOCK,
    CLOCK,
    CODE,
    COUNT,
    LINE,
    MINUTES,
    Found,
    Kind,
    Rows,
    Table,
    Told,
    Values,
    insist,
    new_key,
    routes,
    somebody,
)
from services.gateway.console.order.shown import arranged, line, placed, shown
from services.gateway.problems import language_of

AT = "/ceremonies/{ceremony}/order/items"


class Items(Table[Item, ItemFields]):
    service = "scheduling"
    model = ItemFields
    ordering = frozenset({"position"})
    kinds: ClassVar[Mapping[str, Kind]] = {
        "position": COUNT,
        "start": CLOCK,
        "minutes": MINUTES,
        "title": LINE,
        "kind": CODE,
        "roles": Rows({"role": CODE, "kind": CODE, "guest": LINE, "text": LINE}, ("text",), somebody),
        "responsible": BLOCK,
        "mc_text": BLOCK,
        "cues": BLOCK,
        "props": BLOCK,
        "note": BLOCK,
    }
    nothing: ClassVar[Values] = dict.fromkeys(kinds) | {"kind": "other", "roles": []}

    @property
    def at(self) -> str:
        return AT.format(ceremony=self.ceremony.code)

    async def part(self) -> SchedulingPart:
        return await self.bus.ask(scheduling.get_part, GetPart(ceremony_id=self.ceremony.id))

    async def find(self, row: str) -> Found[Item]:
        part = await self.part()
        for item in part.items:
            if item.id == row:
                return Found(part.ceremony.version, item)
        raise NotFound(what="item", which=row)

    def values(self, thing: Item) -> Values:
        return thing.model_dump(mode="json", include=set(self.kinds))

    def said(self, values: Values, thing: Item | None) -> ItemFields:
        key = thing.key if thing else new_key(values["title"], self.request_id)
        return ItemFields.model_validate({**values, "key": key})

    def kept(self, thing: Item) -> ItemFields:
        return ItemFields.model_validate(thing.model_dump(exclude={"id"}))

    async def save(self, found: Found[Item], said: ItemFields) -> None:
        """A new number is a new place: the others make room."""
        at, version = said.position, found.version
        if at is None or at == found.thing.position:
            await self._put(version, said)
            return
        stays = said.model_copy(update={"position": found.thing.position})
        if stays != self.kept(found.thing):
            version = await self._put(version, stays)
        await self._order(version, placed((await self.part()).items, found.thing, at))

    async def insert(self, said: ItemFields) -> str:
        """Where it was, if it is put back; else behind the item that the form names, or at the end."""

        async def put() -> None:
            part = await self.part()
            if any(item.key == said.key for item in part.items):
                return
            if "kept" in self.form:
                await self._put(part.ceremony.version, said)
            else:
                await self._add(part, said)

        await insist(put)
        return next(item.id for item in (await self.part()).items if item.key == said.key)

    async def delete(self, found: Found[Item]) -> None:
        command = RemoveItem(**self._over(found.version), request_id=self.request_id, key=found.thing.key)
        await self.bus.ask(scheduling.remove_item, command)

    def added(self, thing: Item, undo: Undo) -> Toast:
        return Toast("“{title}” is added.", {"title": thing.title}, undo=undo)

    def changed(self, thing: Item, undo: Undo | None) -> Toast:
        return Toast("“{title}” is changed.", {"title": thing.title}, undo=undo)

    def removed(self, thing: Item, undo: Undo) -> Toast:
        return Toast("“{title}” is removed.", {"title": thing.title}, undo=undo)

    async def told(self, row: str) -> Told:
        """The events of a running order name the keys of its items."""
        question = ListHistory(ceremony_id=self.ceremony.id, types="scheduling.running_order.", limit=20)
        return await self.last_change(question, (await self.find(row)).thing.key)

    async def show_row(self, thing: Item, toast: Toast, headers: Mapping[str, str]) -> Response:
        one = line(thing, profile_of(self.ceremony), language_of(self.request))
        view = self.request.query_params.get("view", "programme")
        values: dict[str, Any] = {"one": one, "ceremony": self.ceremony, "view": view}
        return await show(self.request, "order/row.html", toasts=(toast,), headers=headers, **values)

    async def show_form(self, thing: Item | None, values: Values, base: str, errors: Mapping[str, str]) -> Response:
        after = self.form.get("after") or self.request.query_params.get("after", "")
        given: dict[str, Any] = {"ceremony": self.ceremony, "item": thing, "values": values, "base": base}
        given |= {"after": after, "found": shown(await self.part(), language_of(self.request))}
        status = 422 if errors else 200
        return await dialog(self.request, "order/item.html", status=status, errors=errors, **given)

    async def arrange(self) -> Response:
        """Move an item before another one, or to the end; answered with all rows."""
        moved, before = str(self.form.get("moved", "")), str(self.form.get("before", ""))

        async def order() -> Undo:
            part = await self.part()
            keys, undo = arranged(part.items, moved, before)
            await self._order(part.ceremony.version, keys)
            return Undo(f"{self.at}/arrange", undo)

        undo = await insist(order)
        item = (await self.find(moved)).thing
        view = self.request.query_params.get("view", "programme")
        found = shown(await self.part(), language_of(self.request))
        values: dict[str, Any] = {"ceremony": self.ceremony, "view": view, "q": "", "found": found}
        values |= {"lines": found.lines, "rest": 0}
        toast = Toast("“{title}” is moved.", {"title": item.title}, undo=undo)
        return await show(self.request, "order/list.html", toasts=(toast,), headers=self.refreshing, **values)

    async def _put(self, version: int, said: ItemFields) -> int:
        command = PutItem(**self._over(version), request_id=self.request_id, item=said)
        return (await self.bus.ask(scheduling.put_item, command)).version

    async def _add(self, part: SchedulingPart, said: ItemFields) -> None:
        keys = {item.id: item.key for item in part.items}
        last = part.items[-1].key if part.items else None
        after = keys.get(str(self.form.get("after", "")), last)
        command = AddItems(
            **self._over(part.ceremony.version), request_id=self.request_id, items=(said,), after=after
        )
        await self.bus.ask(scheduling.add_items, command)

    async def _order(self, version: int, keys: tuple[str, ...]) -> None:
        """With an id of its own: it may follow upon another command of the same form."""
        command = OrderItems(**self._over(version), request_id=f"{self.request_id[:58]}-order", keys=keys)
        await self.bus.ask(scheduling.order_items, command)

    def _over(self, version: int) -> dict[str, Any]:
        return {"ceremony_id": self.ceremony.id, "expected_version": version}


router = APIRouter(include_in_schema=False)


@router.post(f"{AT}/arrange")
async def arrange_items(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    return await Items(request, bus, ceremony, await request.form()).arrange()


router.include_router(routes(AT, Items))
