"""Decisions that awards rest on: how the table's rows are kept."""

from collections.abc import Mapping
from typing import Any, ClassVar

from fastapi import Response

from schemas import awards
from schemas.awards import AwardsPart, Decision, DecisionFields, GetAwards, PutDecision, RemoveDecision
from schemas.errors import NotFound
from services.gateway.console.frame import Toast, Undo, dialog, show
from services.gateway.console.merging import DAY, LINE, Found, Kind, Table, Values, insist, new_key, routes

AT = "/ceremonies/{ceremony}/awards/decisions"


class Decisions(Table[Decision, DecisionFields]):
    service = "awards"
    model = DecisionFields
    kinds: ClassVar[Mapping[str, Kind]] = {
        "number": LINE,
        "on": DAY,
        "signer": LINE,
        "signer_post": LINE,
        "authority": LINE,
    }
    nothing: ClassVar[Values] = dict.fromkeys(kinds)

    @property
    def at(self) -> str:
        return AT.format(ceremony=self.ceremony.code)

    async def part(self) -> AwardsPart:
        return await self.bus.ask(awards.get_part, GetAwards(ceremony_id=self.ceremony.id))

    async def find(self, row: str) -> Found[Decision]:
        part = await self.part()
        for decision in part.decisions:
            if decision.id == row:
                return Found(part.version, decision)
        raise NotFound(what="decision", which=row)

    def values(self, thing: Decision) -> Values:
        return thing.model_dump(mode="json", include=set(self.kinds))

    def said(self, values: Values, thing: Decision | None) -> DecisionFields:
        key = thing.key if thing else new_key(values["number"] or values["authority"], self.request_id)
        return DecisionFields.model_validate({**values, "key": key})

    def kept(self, thing: Decision) -> DecisionFields:
        return DecisionFields.model_validate(thing.model_dump(include=set(DecisionFields.model_fields)))

    async def save(self, found: Found[Decision], said: DecisionFields) -> None:
        await self._put(found.version, said)

    async def insert(self, said: DecisionFields) -> str:
        async def put() -> None:
            part = await self.part()
            if all(decision.key != said.key for decision in part.decisions):
                await self._put(part.version, said)

        await insist(put)
        return next(one.id for one in (await self.part()).decisions if one.key == said.key)

    async def delete(self, found: Found[Decision]) -> None:
        command = RemoveDecision(**self._over(found.version), key=found.thing.key)
        await self.bus.ask(awards.remove_decision, command)

    def added(self, thing: Decision, undo: Undo) -> Toast:  # noqa: ARG002 - one without a number has no name
        return Toast("The decision is on the list.", undo=undo)

    def changed(self, thing: Decision, undo: Undo | None) -> Toast:  # noqa: ARG002 - as above
        return Toast("The decision is changed.", undo=undo)

    def removed(self, thing: Decision, undo: Undo) -> Toast:  # noqa: ARG002 - as above
        return Toast("The decision is removed.", undo=undo)

    async def show_row(self, thing: Decision, toast: Toast, headers: Mapping[str, str]) -> Response:
        values: dict[str, Any] = {"ceremony": self.ceremony, "one": thing}
        return await show(self.request, "awards/decision_row.html", toasts=(toast,), headers=headers, **values)

    async def show_form(
        self, thing: Decision | None, values: Values, base: str, errors: Mapping[str, str]
    ) -> Response:
        given: dict[str, Any] = {"ceremony": self.ceremony, "decision": thing, "values": values, "base": base}
        status = 422 if errors else 200
        return await dialog(self.request, "awards/decision.html", status=status, errors=errors, **given)

    async def _put(self, version: int, said: DecisionFields) -> None:
        await self.bus.ask(awards.put_decision, PutDecision(**self._over(version), decision=said))

    def _over(self, version: int) -> dict[str, Any]:
        about = {"ceremony_id": self.ceremony.id, "expected_version": version}
        return {"request_id": self.request_id, **about}


router = routes(AT, Decisions)
