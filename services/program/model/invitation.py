"""The invitation (giấy mời) of one guest: form of address, posts, and what the guest is asked to do."""

from collections.abc import Iterable

from schemas.awards import AwardsPart
from schemas.guests import Guest
from schemas.scheduling import Item, SchedulingPart
from services.lang.text import clean
from services.program.model.people import address
from services.program.model.style import Context, Style, letterhead, paper
from services.program.model.text import bind


def invitation(part: SchedulingPart, guest: Guest, awards: AwardsPart, style: Style) -> Context:
    ceremony = part.ceremony
    number = bind(ceremony.document_number, 40) if ceremony.document_number else style.unknown
    return paper(style, ceremony, "invitation") | {
        "head": letterhead(style, ceremony, style.words["number"].format(number=number)),
        "to": address(guest) if guest.person else clean(guest.address),
        "post": style.prose.line(guest.posts_text) if guest.person else "",
        "duties": _duties(part, guest, awards, style),
        "seat": bind(guest.seat) if guest.seat else None,
        "dress": style.prose.line(ceremony.dress) if ceremony.dress else None,
        "contact": style.prose.line(ceremony.contact) if ceremony.contact else None,
    }


def _duties(part: SchedulingPart, guest: Guest, awards: AwardsPart, style: Style) -> list[Context]:
    """The items in which the guest has a role, then what the guest hands over outside of any of them."""
    own = [item for item in part.items if any(role.guest == guest.id for role in item.roles)]
    duties = [_duty(item, style) for item in own]
    keys = {item.key for item in own}
    lines = [line for line in awards.lines if line.presenter and line.presenter.guest == guest.id]
    kinds = dict.fromkeys(line.kind_label for line in lines if line.item not in keys)
    return duties + [{"what": style.prose.line(text), "time": None} for text in _handing(kinds, style)]


def _duty(item: Item, style: Style) -> Context:
    return {
        "what": style.prose.line(item.title),
        "time": style.time(item.start) if item.start else None,
    }


def _handing(kinds: Iterable[str], style: Style) -> list[str]:
    return [str(style.words["hand_over"].format(kind=kind)) for kind in kinds]
