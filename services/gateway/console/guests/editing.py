"""Guests: how the table's rows are kept."""

from collections.abc import Mapping
from typing import Any, ClassVar

from fastapi import Response

from schemas import guests
from schemas.guests import AddGuest, ChangeGuest, GetGuest, Guest, GuestFields, RemoveGuest
from services.gateway.console.frame import Toast, Undo, dialog, show
from services.gateway.console.guests.page import choices
from services.gateway.console.guests.shape import KINDS, NOTHING, flat, place, whole
from services.gateway.console.merging import Found, Kind, Table, Values, routes

AT = "/ceremonies/{ceremony}/guests"


class Guests(Table[Guest, GuestFields]):
    service = "guests"
    model = GuestFields
    ordering = frozenset({"name", "side"})
    kinds: ClassVar[Mapping[str, Kind]] = KINDS
    nothing: ClassVar[Values] = NOTHING

    @property
    def at(self) -> str:
        return AT.format(ceremony=self.ceremony.code)

    async def find(self, row: str) -> Found[Guest]:
        question = GetGuest(ceremony_id=self.ceremony.id, guest_id=row)
        one = await self.bus.ask(guests.get_guest, question)
        return Found(one.version, one)

    def values(self, thing: Guest) -> Values:
        return flat(thing)

    def said(self, values: Values, thing: Guest | None) -> GuestFields:
        group = thing.group is not None if thing else self.form.get("what") == "group"
        return whole(values, group=group)

    def kept(self, thing: Guest) -> GuestFields:
        return GuestFields.model_validate(thing.model_dump(include=set(GuestFields.model_fields)))

    async def save(self, found: Found[Guest], said: GuestFields) -> None:
        await self.bus.ask(guests.change_guest, ChangeGuest(**self._over(found), guest=said))

    async def insert(self, said: GuestFields) -> str:
        """Sent twice it adds one: the service knows the request."""
        command = AddGuest(request_id=self.request_id, ceremony_id=self.ceremony.id, guest=said)
        return (await self.bus.ask(guests.add_guest, command)).id

    async def delete(self, found: Found[Guest]) -> None:
        await self.bus.ask(guests.remove_guest, RemoveGuest(**self._over(found)))

    def added(self, thing: Guest, undo: Undo) -> Toast:
        about = {"who": thing.address}
        if thing.position is None:
            return Toast("{who} is on the list, but has no place in the order yet.", about, "warn", undo)
        return Toast("{who} is on the list.", about, undo=undo)

    def changed(self, thing: Guest, undo: Undo | None) -> Toast:
        return Toast("{who} is changed.", {"who": thing.address}, undo=undo)

    def removed(self, thing: Guest, undo: Undo) -> Toast:
        return Toast("{who} is removed.", {"who": thing.address}, undo=undo)

    async def show_row(self, thing: Guest, toast: Toast, headers: Mapping[str, str]) -> Response:
        values: dict[str, Any] = {"ceremony": self.ceremony, "one": thing}
        values |= {"choices": choices(self.request, self.ceremony)}
        return await show(self.request, "guests/row.html", toasts=(toast,), headers=headers, **values)

    async def show_form(self, thing: Guest | None, values: Values, base: str, errors: Mapping[str, str]) -> Response:
        group = thing.group is not None if thing else self.form.get("what") == "group"
        given: dict[str, Any] = {"ceremony": self.ceremony, "guest": thing, "values": values, "base": base}
        given |= {"group": group, "choices": choices(self.request, self.ceremony)}
        status = 422 if errors else 200
        return await dialog(self.request, "guests/guest.html", status=status, errors=errors, **given)

    def place(self, path: str) -> str:
        return place(path)

    def _over(self, found: Found[Guest]) -> dict[str, Any]:
        about = {"ceremony_id": self.ceremony.id, "guest_id": found.thing.id}
        return {"request_id": self.request_id, "expected_version": found.version, **about}


router = routes(AT, Guests)
