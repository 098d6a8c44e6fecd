"""Awards: decisions, award lines, gifts and souvenirs. Its commands and questions, on one screen."""

from collections.abc import Callable
from datetime import date
from typing import Any

import schemas.awards as ask
from schemas import scheduling, stand_ins
from schemas.differences import CompareRelease, Differences, compare_awards, differences
from schemas.envelope import Fact, Versioned, new_id
from schemas.errors import Invalid, NotFound, Problem, Refusal
from schemas.paging import page
from schemas.parts import CommitPart, DropPart, FreezePart, Frozen, PartChange, PartCommitted, Staged
from schemas.protocol import Profile, load_profile, profile_for
from schemas.stand_ins import HandedOver, HandOver
from schemas.traces import GuestErased, Holding, Thing, Traced
from services.awards import model, store
from services.awards.model import KeptLine, Listed, Prepared
from services.awards.store import Listing
from services.kit.context import caller
from services.kit.parts import content_hash, shifted
from services.kit.remembered import Remembered
from services.kit.service import Service
from services.kit.store import Connection, Tx
from services.kit.tidy import tidied

_parts = Remembered[tuple[Listing, ask.AwardsPart]](most=20_000)  # lines, over all lists of a database; ~2 KB each


class Awards(Service):
    name = "awards"
    seen_with = "awards.see"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.commands = {
            ask.stage: stage,
            ask.commit: commit,
            ask.drop: drop,
            ask.freeze: freeze,
            ask.remove_line: remove_line,
            ask.remove_decision: remove_decision,
            stand_ins.hand_over_lines: hand_over,
        }
        self.reactions = {GuestErased: self.forget}
        self.questions = {
            ask.check: check,
            ask.get_part: get_part,
            ask.list_lines: list_lines,
            ask.summary: summary,
            compare_awards: compare_release,
        }
        self.talks = {ask.put_decision: self.put_decision, ask.put_line: self.put_line}

    async def put_decision(self, command: ask.PutDecision) -> Any:
        await self._open(command.ceremony_id)
        return await self._command(ask.put_decision, put_decision)(command)

    async def put_line(self, command: ask.PutLine) -> Any:
        await self._open(command.ceremony_id)
        return await self._command(ask.put_line, put_line)(command)

    def holds(self, conn: Connection, traced: Traced) -> Holding:
        """With what he was to present."""
        lines = (line for line in store.listed(conn, traced.ceremony_id).lines if _presents(line, traced.guest_id))
        things = tuple(Thing(place="awards.line", data=line.model_dump(exclude_none=True)) for line in lines)
        return Holding(things=(*super().holds(conn, traced).things, *things))

    def erase(self, tx: Tx, traced: Traced) -> int:
        """The list is at another version, so nobody goes on with what it was."""
        rows = store.take_presenter(tx, traced.ceremony_id, traced.guest_id) + super().erase(tx, traced)
        head = store.listing(tx.conn, tx.caller.office, traced.ceremony_id)
        if rows and head:
            store.save_listing(tx, traced.ceremony_id, head._replace(version=head.version + 1))
        return rows

    async def _open(self, ceremony_id: str) -> None:
        """Before the first entry: what ceremony this is, and whose rules it follows, scheduling knows."""
        if await self.read(store.listing, caller().office, ceremony_id) is None:
            found = await self.ask(scheduling.find_ceremony, scheduling.FindCeremony(which=ceremony_id))
            await self.change(open_list, found.id, found.profile, found.on)


def _presents(line: KeptLine, guest_id: str) -> bool:
    return line.presenter is not None and line.presenter.guest == guest_id


# Importing and releasing: our share of scheduling's sagas.


def check(conn: Connection, question: ask.CheckAwards) -> Staged:
    return _stage(conn, caller().office, question)[0]


def stage(tx: Tx, command: ask.StageAwards) -> Staged:
    answer, prepared = _stage(tx.conn, tx.caller.office, command)
    if prepared:
        store.parts.stage(tx, command.saga, command.ceremony_id, prepared.model_dump_json())
    return answer


def commit(tx: Tx, command: CommitPart) -> PartCommitted:
    return store.parts.commit(tx, command, lambda body: _apply(tx, command.ceremony_id, body))


def drop(tx: Tx, command: DropPart) -> PartCommitted:
    ceremony_id = store.parts.drop(tx, command.saga)
    present = _present(tx.conn, tx.caller.office, ceremony_id)[1]
    return PartCommitted(version=present.version, hash=present.hash)


def freeze(tx: Tx, command: FreezePart) -> Frozen:
    def present() -> tuple[ask.AwardsPart, Frozen]:
        head, _ = _present(tx.conn, tx.caller.office, command.ceremony_id)
        store.save_listing(tx, command.ceremony_id, head._replace(profile=command.profile, on=command.on))
        _, part = _present(tx.conn, tx.caller.office, command.ceremony_id)
        frozen = part.model_copy(update={"release": command.release})
        return frozen, Frozen(version=part.version, hash=part.hash)

    return store.parts.freeze(tx, command.ceremony_id, command.release, present)


def _stage(
    conn: Connection, office: str, question: ask.CheckAwards | ask.StageAwards
) -> tuple[Staged, Prepared | None]:
    """The answer to a check, and what to lay aside if there is no error in the plan."""
    head, old = _present(conn, office, question.ceremony_id)
    try:
        profile = load_profile(question.profile, question.on)
        plan = tidied(question.plan, "awards")
    except Refusal as error:
        file = "awards" if isinstance(error, Invalid) else "ceremony.yaml"
        problem = Problem(file=file, sentence=error.sentence, params=error.params)
        return Staged(problems=(problem,), hash=old.hash), None
    problems = model.problems_of(plan, profile)
    listed = model.planned(plan, _listed(conn, question.ceremony_id), iter(new_id, None))
    new = _part(listed, profile, head.version)
    change = _change(conn, question.ceremony_id, old, listed, new)
    answer = Staged(problems=tuple(problems), change=change, hash=new.hash)
    if any(problem.severity == "error" for problem in problems):
        return answer, None
    prepared = Prepared(
        base=head.version,
        profile=question.profile,
        on=question.on,
        hash=new.hash,
        change=change,
        listed=listed,
    )
    return answer, prepared


def _apply(tx: Tx, ceremony_id: str, body: str) -> PartCommitted:
    """Make the prepared list the present one; tell of it if that changes anything."""
    prepared = Prepared.model_validate_json(body)
    head, old = _present(tx.conn, tx.caller.office, ceremony_id)
    change = prepared.change
    if head.version != prepared.base:  # somebody was at the list since it was compared
        new = _part(prepared.listed, profile_for(prepared.profile, prepared.on), head.version)
        change = _change(tx.conn, ceremony_id, old, prepared.listed, new)
    version = head.version + change.any
    store.save_listing(tx, ceremony_id, Listing(version, prepared.profile, prepared.on))
    if change.any:
        store.replace(tx, ceremony_id, prepared.listed)
        counts = change.model_dump(include={"created", "updated", "removed"})
        fact = ask.AwardsImported(version=version, count=len(prepared.listed.lines), **counts)
        after = prepared.listed.model_dump(mode="json")
        tx.emit(fact, ceremony_id, before=old.model_dump(mode="json", exclude={"hash"}), after=after)
    return PartCommitted(version=version, hash=prepared.hash)


def _change(
    conn: Connection, ceremony_id: str | None, old: ask.AwardsPart, listed: Listed, new: ask.AwardsPart
) -> PartChange:
    change = model.compare(_listed(conn, ceremony_id), listed)
    return shifted(change, (*old.decisions, *old.lines), (*new.decisions, *new.lines))


# Questions.


def get_part(conn: Connection, question: ask.GetAwards) -> ask.AwardsPart:
    office = caller().office
    if question.release is None:
        return _now(conn, question.ceremony_id)
    frozen = store.parts.frozen(conn, office, question.ceremony_id, question.release)
    return ask.AwardsPart.model_validate_json(frozen)


def list_lines(conn: Connection, question: ask.ListLines) -> ask.LinePage:
    part = _now(conn, question.ceremony_id)
    wanted = model.wanted(part, question)
    found = page(model.marks(part), wanted, question.after, question.limit)
    return ask.LinePage(
        lines=tuple(part.lines[at] for at in found.shown),
        decisions=part.decisions,
        version=part.version,
        total=len(wanted),
        next=found.next,
    )


def compare_release(conn: Connection, question: CompareRelease) -> Differences:
    office, which = caller().office, question.ceremony_id
    now = _now(conn, which)
    release = question.release or store.parts.last_release(conn, office, which)
    if not release:
        return Differences(release=0)
    then = ask.AwardsPart.model_validate_json(store.parts.frozen(conn, office, which, release))
    return differences(release, model.compared_with(then, now))


def summary(conn: Connection, question: ask.SummariseAwards) -> ask.AwardsSummary:
    return model.summary(_now(conn, question.ceremony_id))


def _present(conn: Connection, office: str, ceremony_id: str | None) -> tuple[Listing, ask.AwardsPart]:
    """The head of the list, and the part as it is now. A ceremony without a list has an empty one."""
    head = store.listing(conn, office, ceremony_id) if ceremony_id else None
    if head is None:
        head = Listing(0, scheduling.CeremonyFields.model_fields["profile"].default, None)
    return head, _part(_listed(conn, ceremony_id), profile_for(head.profile, head.on), head.version)


def _now(conn: Connection, ceremony_id: str) -> ask.AwardsPart:
    """The part as it is now. Not for a transaction that changed the list."""
    known = _parts.find(conn, ceremony_id)
    if known and known[0] == store.listing(conn, caller().office, ceremony_id):
        return known[1]
    made = _present(conn, caller().office, ceremony_id)
    return _parts.keep(conn, ceremony_id, made, version=made[0].version, weight=len(made[1].lines))[1]


def _listed(conn: Connection, ceremony_id: str | None) -> Listed:
    return store.listed(conn, ceremony_id) if ceremony_id else Listed()


def _part(listed: Listed, profile: Profile, version: int) -> ask.AwardsPart:
    part = model.part(listed, profile, version)
    return part.model_copy(update={"hash": content_hash(part)})


# Commands on single entries: each in one transaction.


def open_list(tx: Tx, ceremony_id: str, profile: str, on: date | None) -> None:
    if store.listing(tx.conn, tx.caller.office, ceremony_id) is None:
        store.save_listing(tx, ceremony_id, Listing(0, profile, on))


def put_decision(tx: Tx, command: ask.PutDecision) -> Versioned:
    fields = tidied(command.decision, "decision")

    def put(listed: Listed, _head: Listing) -> tuple[str, Listed]:
        ids = {one.key: one.id for one in listed.decisions}
        new = ask.Decision(id=ids.get(fields.key) or new_id(), **fields.model_dump())
        return new.id, model.with_entry(listed, new)

    return _edit(tx, command, "decision", put)


def put_line(tx: Tx, command: ask.PutLine) -> Versioned:
    fields = tidied(command.line, "line")

    def put(listed: Listed, head: Listing) -> tuple[str, Listed]:
        model.check_line(fields, listed, profile_for(head.profile, head.on))
        ids = {one.key: one.id for one in listed.lines}
        new = KeptLine(id=ids.get(fields.key) or new_id(), **fields.model_dump())
        return new.id, model.with_entry(listed, new)

    return _edit(tx, command, "line", put)


def remove_line(tx: Tx, command: ask.RemoveLine) -> Versioned:
    def remove(listed: Listed, _head: Listing) -> tuple[str, Listed]:
        gone = next((one.id for one in listed.lines if one.key == command.key), None)
        if gone is None:
            raise NotFound(what="award line", which=command.key)
        return gone, listed.model_copy(update={"lines": tuple(one for one in listed.lines if one.id != gone)})

    return _edit(tx, command, "line", remove)


def remove_decision(tx: Tx, command: ask.RemoveDecision) -> Versioned:
    def remove(listed: Listed, _head: Listing) -> tuple[str, Listed]:
        gone = next((one.id for one in listed.decisions if one.key == command.key), None)
        if gone is None:
            raise NotFound(what="decision", which=command.key)
        model.check_unused(listed, command.key)
        kept = tuple(one for one in listed.decisions if one.id != gone)
        return gone, listed.model_copy(update={"decisions": kept})

    return _edit(tx, command, "decision", remove)


def hand_over(tx: Tx, command: HandOver) -> HandedOver:
    """Every line that changes is told of by an event of its own."""
    ceremony_id = command.ceremony_id
    head, old = store.listing(tx.conn, tx.caller.office, ceremony_id), store.listed(tx.conn, ceremony_id)
    new = model.handed_over(old, command)
    changed = [one.id for one, other in zip(old.lines, new.lines, strict=True) if one != other]
    if head and changed:
        store.save_listing(tx, ceremony_id, head._replace(version=head.version + 1))
        store.replace(tx, ceremony_id, new)
        for key in changed:
            fact = ask.AwardsChanged(version=head.version + 1, what="line", key_id=key)
            tx.emit(fact, ceremony_id, before=_entry(old, key), after=_entry(new, key))
    return HandedOver(changed=len(changed))


def _edit(tx: Tx, command: Any, what: Any, edit: Callable[[Listed, Listing], tuple[str, Listed]]) -> Versioned:
    """One entry of the list changed; told of only if it is not as it was."""
    ceremony_id = command.ceremony_id
    head = store.for_change(tx, ceremony_id, command.expected_version)
    old = store.listed(tx.conn, ceremony_id)
    entry_id, new = edit(old, head)
    if new == old:
        return Versioned(id=ceremony_id, version=head.version)
    store.save_listing(tx, ceremony_id, head._replace(version=head.version + 1))
    store.replace(tx, ceremony_id, new)
    fact: Fact = ask.AwardsChanged(version=head.version + 1, what=what, key_id=entry_id)
    tx.emit(fact, ceremony_id, before=_entry(old, entry_id), after=_entry(new, entry_id))
    return Versioned(id=ceremony_id, version=head.version + 1)


def _entry(listed: Listed, entry_id: str) -> Any:
    found = model.entries(listed).get(entry_id)
    return found.model_dump(mode="json") if found else None
