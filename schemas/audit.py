"""The seal over the audit trails of all services: their heads, bound together in an event of scheduling's trail.

Whoever notes the head of a seal elsewhere can later tell whether anything up to it was changed in any service.
"""

import re
from datetime import datetime

from pydantic import Field

from schemas.envelope import Ask, Command, Fact, Question, Strict
from schemas.house import AuditHead


class AuditSealed(Fact, type="scheduling.audit.sealed.v1"):
    """The audit trails of all services stood so. The subject is the ceremony that was released, or the office."""

    release: int | None = None
    heads: dict[str, AuditHead]


class SealAudit(Command):
    """Seal the trails as they are now."""


class FindSeal(Question):
    """The office's last seal, or the one with this head."""

    head: str | None = Field(None, pattern="^[0-9a-f]{64}$")


class AuditSeal(Strict):
    """`head` is what to note elsewhere: the hash of scheduling's trail up to the seal itself, its event `seq`."""

    head: str
    seq: int
    event_id: str
    at: datetime
    ceremony_id: str | None
    release: int | None
    heads: dict[str, AuditHead]

    @property
    def points(self) -> dict[str, AuditHead]:
        """Which point each service's trail must pass: what is bound here, and in scheduling's own the seal itself."""
        return self.heads | {"scheduling": AuditHead(seq=self.seq, chain=self.head)}


class FoundSeal(Strict):
    seal: AuditSeal | None


def read_head(text: str) -> str | None:
    """A head as somebody types it from paper, perhaps in groups; None if it is none."""
    plain = re.sub(r"[\s-]", "", text).lower()
    return plain if re.fullmatch(r"[0-9a-f]{64}", plain) else None


seal_audit = Ask("scheduling", "seal_audit", SealAudit, AuditSeal)
find_seal = Ask("scheduling", "find_seal", FindSeal, FoundSeal)
