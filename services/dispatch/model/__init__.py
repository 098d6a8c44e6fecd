"""The rules of invitations and feeds: what they say, when they are issued again, and how they are written."""

if not __debug__:
    # icalendar keeps line ends out of property names and unknown properties by assert alone.
    raise RuntimeError(
        "Calendar objects are not written under `python -O`: it removes checks against injected lines. "
        "Start Python without -O and without PYTHONOPTIMIZE."
    )
