"""The steps of an import and of a release that every service with a part answers (a saga; see ADR 0008)."""

from datetime import date

from pydantic import Field

from schemas.envelope import Command, Strict
from schemas.errors import Problem


class PartChange(Strict):
    """What an import does, or did, to one service's part."""

    created: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0

    @property
    def any(self) -> bool:
        return bool(self.created or self.updated or self.removed)


class Staged(Strict):
    """A part was looked at and laid aside: its problems, and what committing it would change."""

    problems: tuple[Problem, ...] = ()
    change: PartChange = PartChange()
    hash: str = Field(description="SHA-256 over the part as it will be.")


class CommitPart(Command):
    """Make the staged part the present one. Repeating it does nothing; it cannot be refused."""

    saga: str
    ceremony_id: str


class DropPart(Command):
    """Forget what was staged under this saga."""

    saga: str


class PartCommitted(Strict):
    version: int
    hash: str


class FreezePart(Command):
    """Keep the part as it is now as that of release N, for good. Repeating it answers the same."""

    ceremony_id: str
    release: int
    profile: str
    on: date | None = Field(None, description="The ceremony's day, whose rules hold.")
    saga: str


class Frozen(Strict):
    version: int
    hash: str
