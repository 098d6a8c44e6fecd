"""Text and addresses made safe before the calendar library sees them: one line, nothing invisible."""

import re

from services.lang import clean

_NONCHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
# Quoting, RFC 6868 carets and escapes in CN are read differently by libical, node-ical, vobject and Outlook.
_NOT_IN_CN = str.maketrans({'"': "”", ";": " ", ":": " ", ",": " ", "^": " ", "\\": " "})
_ATOM = "[A-Za-z0-9!$'*+_~-]+"  # of RFC 5322's atext only what RFC 6068 lets stand in a mailto: URI as it is
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MAILBOX = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>(?:{_LABEL}\.)+(?!\d+$){_LABEL})")
_LONGEST_LOCAL, _LONGEST = 64, 254  # RFC 5321 section 4.5.3.1


def plain(text: str | None) -> str:
    """One line for a TEXT value; empty for None.

    Backslashes become slashes: icalendar writes a backslash and N as a new line, and readers differ on the rest.
    """
    return _NONCHARACTERS.sub("", clean((text or "").replace("\\", "/")))


def common_name(text: str | None) -> str:
    """For the CN parameter: nothing that needs quotes or escapes."""
    return clean(plain((text or "").replace("\\", " ")).translate(_NOT_IN_CN))


def mailbox(text: str | None) -> str | None:
    """The address as it stands in a mailto: URI, or None if it is none that mail surely reaches.

    A domain must be in ASCII letters: what others turn "faß.de" into is not ours to guess.
    """
    found = _MAILBOX.fullmatch(clean(text or "").removeprefix("mailto:"))
    if not found or len(found["local"]) > _LONGEST_LOCAL or len(found[0]) > _LONGEST:
        return None
    return f"{found['local']}@{found['domain'].lower()}"
