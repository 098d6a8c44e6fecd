"""Rules of an award list: what belongs on it, from the highest kind down, and what is still open. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from zlib import crc32

from schemas.awards import (
    AwardsPart,
    AwardsPlan,
    AwardsSummary,
    Decision,
    DecisionFields,
    KindCount,
    Line,
    LineFields,
    WantedLines,
)
from schemas.differences import Difference, compared
from schemas.envelope import Strict
from schemas.errors import Problem, Refusal
from schemas.parts import PartChange
from schemas.protocol import Profile
from schemas.stand_ins import HandOver
from services.lang import find_key, find_words, is_found, search_key

_FILE = "awards"
MOST = 100_000_000  # of heads, and of places on a stage


class KindUnknown(Refusal):
    """The award kind “{kind}” of {recipient} is not in the profile {profile}; the nearest there is “{nearest}”
    ({code}). Write the code of a kind of that profile.
    """


class KeyTwice(Refusal):
    """The code {key} stands on two {things}. Give each its own."""


class NumberTooLarge(Refusal):
    """The number {number} in the line of {recipient} is larger than {most}. Correct it."""


class DecisionUnknown(Refusal):
    """The line of {recipient} points to the decision {key}, which is not on the list. Add the decision, or leave the
    line without one.
    """


class DecisionInUse(Refusal):
    """{count} award lines rest on this decision, so it cannot be removed. Give them another decision first."""

    status = 409


class DecisionMissing(Refusal):
    """The “{kind}” for {recipient} names no decision; it prints as unknown. Add its decision when it is known."""


class DecisionOpen(Refusal):
    """The {what} of the decision on which {count} awards rest is not known ({which}); it prints as unknown. Add it
    when it is known.
    """


class DecisionOnGift(Refusal):
    """The “{kind}” for {recipient} needs no decision, yet it names {key}. Take the decision out, or correct the
    kind.
    """


class KeptLine(LineFields):
    """A line as it is stored."""

    id: str


class Listed(Strict):
    """What is on an award list, in the order in which it was written."""

    decisions: tuple[Decision, ...] = ()
    lines: tuple[KeptLine, ...] = ()


class Prepared(Strict):
    """A plan's list as it will be, and what it was compared with: version `base` of the present one."""

    base: int
    profile: str
    on: date | None
    hash: str
    change: PartChange
    listed: Listed


# What is wrong or open.


def problems_of(plan: AwardsPlan, profile: Profile) -> list[Problem]:
    """Everything at once: errors first, then what is open."""
    wrong = [*_twice(plan), *_strangers(plan), *_kinds(plan.lines, profile), *_uncountable(plan.lines)]
    return [_problem(refusal) for refusal in wrong] + [
        _problem(refusal, "warning") for refusal in _open(plan, profile)
    ]


def check_line(line: LineFields, listed: Listed, profile: Profile) -> None:
    """Refuse a line that could not be on this list."""
    plan = AwardsPlan(decisions=_plans(listed.decisions), lines=(line,))
    for refusal in (*_kinds(plan.lines, profile), *_strangers(plan), *_uncountable(plan.lines)):
        raise refusal


def handed_over(listed: Listed, command: HandOver) -> Listed:
    """The list with those of the giver's lines that are meant presented by the taker."""

    def over(line: KeptLine) -> KeptLine:
        if line.presenter is None or line.key not in command.keys:
            return line
        return line.model_copy(update={"presenter": command.over(line.presenter)})

    return listed.model_copy(update={"lines": tuple(map(over, listed.lines))})


def check_unused(listed: Listed, key: str) -> None:
    """Refuse to take a decision from under its lines."""
    if count := sum(line.decision == key for line in listed.lines):
        raise DecisionInUse(count=count)


def _plans(decisions: Iterable[Decision]) -> tuple[DecisionFields, ...]:
    return tuple(DecisionFields.model_validate(one.model_dump(exclude={"id"})) for one in decisions)


def _twice(plan: AwardsPlan) -> Iterator[Refusal]:
    for things, keys in (
        ("decisions", [one.key for one in plan.decisions]),
        ("lines", [one.key for one in plan.lines]),
    ):
        yield from (KeyTwice(key=key, things=things) for key, count in Counter(keys).items() if count > 1)


def _strangers(plan: AwardsPlan) -> Iterator[Refusal]:
    known = {one.key for one in plan.decisions}
    for line in plan.lines:
        if line.decision is not None and line.decision not in known:
            yield DecisionUnknown(recipient=line.recipient, key=line.decision)


def _kinds(lines: Iterable[LineFields], profile: Profile) -> Iterator[Refusal]:
    for line in lines:
        if line.kind not in profile.award_kinds:
            nearest, code = nearest_kind(line.kind, profile)
            said = {"kind": line.kind, "recipient": line.recipient, "profile": profile.key}
            yield KindUnknown(nearest=nearest, code=code, **said)


def _uncountable(lines: Iterable[LineFields]) -> Iterator[Refusal]:
    for line in lines:
        for number in (line.head_count, line.stage_order):
            if number is not None and abs(number) > MOST:
                yield NumberTooLarge(number=number, recipient=line.recipient, most=MOST)


def nearest_kind(typed: str, profile: Profile) -> tuple[str, str]:
    """Label and code of the kind that is written most like this."""
    codes = {
        search_key(word): code
        for code, kind in profile.award_kinds.items()
        for word in (code, *kind.label.root.values())
    }
    code = codes[get_close_matches(search_key(typed), codes, n=1, cutoff=0)[0]]
    return kind_label(code, profile), code


def _open(plan: AwardsPlan, profile: Profile) -> Iterator[Refusal]:
    resting = Counter(line.decision for line in plan.lines)
    for decision in plan.decisions:
        which = decision.number or decision.authority or decision.signer or profile.wording.unknown
        if decision.number is None:
            yield DecisionOpen(what="number", count=resting[decision.key], which=which)
        elif decision.on is None:
            yield DecisionOpen(what="date", count=resting[decision.key], which=which)
    for line in plan.lines:
        needed = needs_decision(line, profile)
        said = {"kind": kind_label(line.kind, profile), "recipient": line.recipient}
        if needed and line.decision is None:
            yield DecisionMissing(**said)
        elif not needed and line.decision is not None:
            yield DecisionOnGift(key=line.decision, **said)


def _problem(refusal: Refusal, severity: str = "error") -> Problem:
    return Problem.model_validate(
        {"severity": severity, "file": _FILE, "sentence": refusal.sentence, "params": refusal.params}
    )


# The ladder.


def kind_label(kind: str, profile: Profile) -> str:
    """The profile's word for a kind; one that it does not know is said as it is."""
    known = profile.award_kinds.get(kind)
    return known.label.say(profile.locale) if known else kind


def needs_decision(line: LineFields, profile: Profile) -> bool:
    """A kind that the profile does not know needs one: nobody is to take an award for a gift."""
    known = profile.award_kinds.get(line.kind)
    return known is None or known.needs_decision


def in_order(lines: Iterable[KeptLine], profile: Profile) -> list[KeptLine]:
    """By the ladder of kinds (Nghị định 145/2013/NĐ-CP, điều 25), then as they go on stage, then as written."""
    turn = 1 if profile.awards.order == "high_to_low" else -1

    def place(line: KeptLine) -> tuple[bool, int, bool, int]:
        kind = profile.award_kinds.get(line.kind)
        rank = turn * kind.rank if kind else 0
        return kind is None, rank, line.stage_order is None, line.stage_order or 0

    return sorted(lines, key=place)


def part(listed: Listed, profile: Profile, version: int) -> AwardsPart:
    """What awards contributes to papers; its hash is still to be set."""
    lines = tuple(
        Line(
            **line.model_dump(),
            kind_label=kind_label(line.kind, profile),
            needs_decision=needs_decision(line, profile),
        )
        for line in in_order(listed.lines, profile)
    )
    return AwardsPart(decisions=listed.decisions, lines=lines, version=version, hash="")


# What is looked for, and numbers.


def wanted(part: AwardsPart, said: WantedLines) -> list[int]:
    """The places of the lines that are meant."""
    words = find_words(said.filter or "")
    numbers = {decision.key: decision.number for decision in part.decisions}
    return [
        at
        for at, line in enumerate(part.lines)
        if said.kind in {None, line.kind}
        and said.decision in {None, line.decision}
        and said.has_presenter in {None, line.presenter is not None}
        and (not words or is_found(words, _found_by(line, numbers.get(line.decision or ""))))
    ]


def _found_by(line: Line, number: str | None) -> str:
    presenter = line.presenter.text if line.presenter else None
    said = (line.recipient, line.post, line.unit, line.achievement, line.posthumous_receiver, line.note, line.key)
    return find_key(line.kind_label, number, presenter, *said)


def marks(part: AwardsPart) -> list[str]:
    """Of each line its id, and a number that changes with what decides its place."""
    return [f"{line.id}:{crc32(f'{line.kind} {line.stage_order}'.encode()) % 10**9}" for line in part.lines]


def compared_with(then: AwardsPart, now: AwardsPart) -> Iterator[Difference]:
    """The decisions, then the lines."""
    old, new = ({one.key: one for one in part.decisions} for part in (then, now))
    yield from compared("decision", DecisionFields, old, new, lambda one: one.number or one.key)
    was, are = ({one.key: one for one in part.lines} for part in (then, now))
    yield from compared("line", LineFields, was, are, lambda one: one.recipient)


def summary(part: AwardsPart) -> AwardsSummary:
    kinds = Counter((line.kind, line.kind_label) for line in part.lines)  # in the order of the lines
    return AwardsSummary(
        version=part.version,
        total=len(part.lines),
        kinds=tuple(KindCount(kind=kind, label=label, lines=count) for (kind, label), count in kinds.items()),
        decisions=len(part.decisions),
        decisions_without_number=sum(decision.number is None for decision in part.decisions),
        without_decision=sum(line.needs_decision and line.decision is None for line in part.lines),
        without_presenter=sum(line.presenter is None for line in part.lines),
    )


# What a plan or a command does to a list.


def planned(plan: AwardsPlan, present: Listed, fresh: Iterator[str]) -> Listed:
    """The list as the plan wants it; what has the key of something present keeps its id."""
    decisions = {one.key: one.id for one in present.decisions}
    lines = {one.key: one.id for one in present.lines}
    return Listed(
        decisions=tuple(
            Decision(id=decisions.get(one.key) or next(fresh), **one.model_dump()) for one in plan.decisions
        ),
        lines=tuple(KeptLine(id=lines.get(one.key) or next(fresh), **one.model_dump()) for one in plan.lines),
    )


def with_entry(listed: Listed, new: Decision | KeptLine) -> Listed:
    """The list with this entry in the place of its namesake, or at the end."""
    name = "decisions" if isinstance(new, Decision) else "lines"
    entries: tuple[Decision | KeptLine, ...] = getattr(listed, name)
    kept = tuple(new if old.key == new.key else old for old in entries)
    return listed.model_copy(update={name: kept if new in kept else (*kept, new)})


def compare(old: Listed, new: Listed) -> PartChange:
    """How many decisions and lines differ."""
    before, after = entries(old), entries(new)
    same = sum(after.get(key) == value for key, value in before.items())
    gone = len(before.keys() - after.keys())
    return PartChange(
        created=len(after.keys() - before.keys()),
        updated=len(before) - same - gone,
        removed=gone,
        unchanged=same,
    )


def entries(listed: Listed) -> Mapping[str, Decision | KeptLine]:
    """Decisions and lines by id."""
    both: tuple[Decision | KeptLine, ...] = (*listed.decisions, *listed.lines)
    return {one.id: one for one in both}
