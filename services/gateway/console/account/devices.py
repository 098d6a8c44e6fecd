"""What a browser says it is, in names that people know. Hides how browsers write it (User-Agent)."""

import re
from typing import NamedTuple

# The first that fits: most browsers also claim to be those below them.
_BROWSERS = {
    r"coc_coc_browser": "Cốc Cốc",
    r"Zalo": "Zalo",
    r"Edg(e|A|iOS)?/": "Edge",
    r"OPR/|Opera": "Opera",
    r"SamsungBrowser": "Samsung Internet",
    r"Firefox/|FxiOS/": "Firefox",
    r"Chrome/|CriOS/|Chromium/": "Chrome",
    r"Version/.*Safari/": "Safari",
}
_SYSTEMS = {
    r"iPhone": "iPhone",
    r"iPad": "iPad",
    r"Android": "Android",
    r"Windows": "Windows",
    r"CrOS": "ChromeOS",
    r"Macintosh|Mac OS X": "macOS",
    r"Linux": "Linux",
}


class Device(NamedTuple):
    """None: it does not say."""

    browser: str | None
    system: str | None


def device(agent: str) -> Device:
    return Device(_first(_BROWSERS, agent), _first(_SYSTEMS, agent))


def _first(names: dict[str, str], agent: str) -> str | None:
    return next((name for pattern, name in names.items() if re.search(pattern, agent)), None)
