"""What a browser carries while its owner is at the provider, and where it may lead him on. Hides what no address of
ours may look like.
"""

import hmac
import re
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Self
from urllib.parse import quote, unquote

from pydantic import Field

from schemas.envelope import Strict
from services.gateway.refusals import SignInLapsed

MINUTES = 10  # that somebody may take at the provider
_LONGEST = 2000  # characters of an address to go on to: a cookie holds 4,096
_KEPT = "/?#&=%+,;:@!$'()*~[]"  # of an address, besides what is always kept


def own_path(text: str) -> str:
    """An address of ours to go on to, in ASCII; the start page for whatever could lead anywhere else.

    Browsers take a backslash for a slash and leave out tabs and line ends; proxies undo percent signs, some twice.
    """
    path = re.split(r"[?#]", text, maxsplit=1)[0]
    plain, whole = unquote(unquote(path)), quote(text, safe=_KEPT)
    ours = path.startswith("/") and (text + plain).isprintable() and "\\" not in text + plain
    elsewhere = "//" in plain or ".." in plain or plain == "/sign-in" or plain.startswith("/sign-in/")
    return whole if ours and not elsewhere and len(whole) <= _LONGEST else "/"


class Errand(Strict):
    """`begun`: seconds since 1970, by the true clock."""

    state: str = Field(repr=False)
    nonce: str = Field(repr=False)
    verifier: str = Field(repr=False)
    after: str
    begun: float

    def packed(self) -> str:
        """For a cookie."""
        return urlsafe_b64encode(self.model_dump_json().encode()).decode().rstrip("=")

    @classmethod
    def unpacked(cls, text: str) -> Self:
        """ValueError if it is none."""
        return cls.model_validate_json(urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def begin(after: str) -> Errand:
    """A new errand that leads on to this address, if it is one of ours."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Errand(state=state, nonce=nonce, verifier=verifier, after=own_path(after), begun=time.time())


def resume(kept: str, state: str) -> Errand:
    """The errand of the browser that comes back; SignInLapsed if it has none, another one, or one too old.

    Where it leads on is looked at again: a cookie is no safe place on a site without https.
    """
    try:
        errand = Errand.unpacked(kept)
    except ValueError:
        raise SignInLapsed(minutes=MINUTES) from None
    fresh = 0 <= time.time() - errand.begun <= MINUTES * 60
    if not fresh or not hmac.compare_digest(errand.state.encode(), state.encode()):
        raise SignInLapsed(minutes=MINUTES)
    return errand.model_copy(update={"after": own_path(errand.after)})
