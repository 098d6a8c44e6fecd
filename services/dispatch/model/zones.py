"""How local times are written: with a constant VTIMEZONE where the clock stands still, in UTC elsewhere."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

_DAYS = 366  # either side of the event: a reader applies the block to nothing farther off

_BLOCK = (
    "BEGIN:VTIMEZONE\r\nTZID:{zone}\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    "TZOFFSETFROM:{offset}\r\nTZOFFSETTO:{offset}\r\nTZNAME:{name}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


# For a calendar that has no times yet: VCALENDAR must hold a component (RFC 5545 section 3.6), and a zone is one.
UTC_BLOCK = _BLOCK.format(zone="UTC", offset="+0000", name="UTC").encode()


@lru_cache(256)
def zone_block(zone: str, on: date) -> bytes | None:
    """The VTIMEZONE for a day, one STANDARD and nothing else: Outlook takes the first, the last or none of several.

    None: write UTC. So for a zone with a transition within a year of the day (its rules would have to be sent
    along), and for old aliases such as Asia/Saigon, which not every calendar knows.
    """
    if not in_use(zone) or len(_offsets(zone, on)) > 1:
        return None
    noon = datetime(on.year, on.month, on.day, 12, tzinfo=ZoneInfo(zone))
    return _BLOCK.format(zone=zone, offset=f"{noon:%z}", name=noon.tzname()).encode()


def zone_blocks(days: Iterable[tuple[str, date]]) -> dict[str, bytes]:
    """The block of each zone that has one and the same on all its days; the times of other zones go in UTC."""
    found: dict[str, set[bytes | None]] = {}
    for zone, on in days:
        found.setdefault(zone, set()).add(zone_block(zone, on))
    ones = {zone: blocks.pop() for zone, blocks in found.items() if len(blocks) == 1}
    return {zone: block for zone, block in ones.items() if block is not None}


def moment(local: datetime, zone: str) -> datetime:
    """A time on the zone's clock, with the zone."""
    return local.replace(tzinfo=ZoneInfo(zone))


def in_use(zone: str) -> bool:
    """Whether it is the present name of a zone, and no alias kept for old programs."""
    return zone in _present_names()


def known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # not found; no name at all; a folder of names
        return False
    return True


@cache
def _present_names() -> frozenset[str]:
    """The names of zones in use today, without aliases kept for old programs."""
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text("ascii")
    return frozenset(line.split("\t")[2] for line in table.splitlines() if not line.startswith("#"))


def _offsets(zone: str, on: date) -> set[timedelta | None]:
    there, noon = ZoneInfo(zone), datetime(on.year, on.month, on.day, 12)  # noqa: DTZ001 - zone follows
    days = (noon + timedelta(days=number) for number in range(-_DAYS, _DAYS + 1))
    return {day.replace(tzinfo=there).utcoffset() for day in days}
