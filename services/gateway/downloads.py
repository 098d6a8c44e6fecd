"""Headers of files: names in any script (RFC 6266), and whether the asker has these bytes already (RFC 9110)."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from unicodedata import combining, normalize
from urllib.parse import quote

from fastapi import Request


def disposition(kind: str, name: str) -> str:
    """Content-Disposition with a plain name for old readers and the real one for all others."""
    stripped = "".join(sign for sign in normalize("NFKD", name.translate(_STROKE)) if not combining(sign))
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", stripped).strip() or "file"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


_STROKE = str.maketrans("đĐ", "dD")


def http_date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)


def has_already(request: Request, etag: str, modified: datetime | None = None) -> bool:
    """RFC 9110 section 13.2.2: If-None-Match decides alone where it is given."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or etag in re.findall(r'(?:W/)?("[^"]*")', tags)
    since = request.headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        return modified.replace(microsecond=0) <= parsedate_to_datetime(since).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return False
