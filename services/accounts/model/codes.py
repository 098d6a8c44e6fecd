"""The second factor: codes of an authenticator app (RFC 6238) and recovery codes, as people type them."""

import hmac
import re
from datetime import datetime

import pyotp

_STEP = 30  # seconds that a code is shown
_AROUND = (0, -1, 1)  # clocks differ, and typing takes a while


def typed(code: str) -> str:
    """Without what people put between the groups."""
    return re.sub(r"[\s-]", "", code).upper()


def is_of_app(code: str) -> bool:
    return re.fullmatch(r"[0-9]{6}", code) is not None


def step_of(secret: str, code: str, now: datetime, last: int) -> int | None:
    """The time step that the code belongs to, if it is right and none from then on was accepted before.

    RFC 6238 section 5.2: a code is accepted once only. `last` is the step of the last one, 0 for none.
    """
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // _STEP
    steps = [present + offset for offset in _AROUND if present + offset > last]
    return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step), code)), None)


def uri(secret: str, email: str) -> str:
    """What authenticator apps read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Khai Mạc")
