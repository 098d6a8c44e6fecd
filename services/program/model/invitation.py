"""The invitations (giấy mời), one per guest: form of address, posts, and what the guest is asked to do."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from schemas.awards import AwardsPart
from schemas.guests import Guest
from schemas.scheduling import Item, SchedulingPart
from services.lang.text import clean
from services.program.model.people import address
from services.program.model.style import Context, Style, letterhead, occasion, paper
from services.program.model.text import bind

Duties = dict[str, list[Context]]


def invitations(
    part: SchedulingPart, guests: Iterable[Guest], awards: AwardsPart, style: Style
) -> Iterator[tuple[Guest, Context]]:
    """Each guest with what the guest's own invitation prints."""
    ceremony = part.ceremony
    number = bind(ceremony.document_number) if ceremony.document_number else style.unknown
    same = (
        paper(style, ceremony, "invitation")
        | occasion(style, ceremony)
        | {
            "head": letterhead(style, ceremony, "invitation", style.words["number"].format(number=number)),
            "unknown": style.unknown,
            "dress": style.prose.line(ceremony.dress) if ceremony.dress else None,
            "contact": style.prose.line(ceremony.contact) if ceremony.contact else None,
        }
    )
    duties = _duties(part.items, awards, style)
    for guest in guests:
        yield guest, same | _own(guest, style) | {"duties": duties.get(guest.id, [])}


def _own(guest: Guest, style: Style) -> Context:
    """A group without names is invited by its label alone."""
    return {
        "to": address(guest) if guest.person else clean(guest.address),
        "post": style.prose.line(guest.posts_text) if guest.person else "",
        "seat": bind(guest.seat) if guest.seat else None,
    }


def _duties(items: Iterable[Item], awards: AwardsPart, style: Style) -> Duties:
    """By guest: the items with a role for the guest, then what the guest hands over outside of any of these."""
    duties: Duties = defaultdict(list)
    busy = set[tuple[str, str | None]]()
    for item in items:
        for guest in dict.fromkeys(role.guest for role in item.roles if role.guest):
            duties[guest].append(_duty(item, style))
            busy.add((guest, item.key))
    handing: dict[str, dict[str, None]] = defaultdict(dict)
    for line in awards.lines:
        guest_id = line.presenter.guest if line.presenter else None
        if guest_id and (guest_id, line.item) not in busy:
            handing[guest_id][line.kind_label] = None
    for guest_id, kinds in handing.items():
        said = (style.words["hand_over"].format(kind=kind) for kind in kinds)
        duties[guest_id] += [{"what": style.prose.line(text), "time": None} for text in said]
    return duties


def _duty(item: Item, style: Style) -> Context:
    return {
        "what": style.prose.line(item.title),
        "time": style.time(item.start) if item.start else None,
    }
