"""Until when a ceremony's contact data and papers are kept. Pure."""

from datetime import date, timedelta


def due(on: date | None, until: date | None, days: int | None) -> date | None:
    """The day from which on they are erased. None: nobody said, or the day of the ceremony is not known."""
    if until is not None:
        return until + timedelta(days=1)
    return None if on is None or days is None else on + timedelta(days=days + 1)
