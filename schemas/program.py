"""What program is asked and tells: the documents of a ceremony, of the draft and of each release."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from schemas.envelope import Ask, Fact, Question, Strict

State = Literal["stale", "rendering", "ready", "failed", "erased"]
Changed = Literal["ceremony", "order", "guests", "awards", "plan"]


class Document(Strict):
    """One document. `guest_id` is set where it is made for one guest; `content` is the SHA-256 of the bytes."""

    id: str
    ceremony_id: str
    release: int | None = Field(description="null: of the draft.")
    kind: str = Field(examples=["programme", "script", "introductions", "awards", "invitations", "invitation"])
    guest_id: str | None = None
    title: str
    file_name: str
    media_type: str = "application/pdf"
    state: State
    inputs: str = Field(description="SHA-256 over everything that it prints.")
    content: str | None = None
    pages: int | None = None
    size: int | None = Field(None, description="Bytes.")
    milliseconds: int | None = Field(None, description="Time the rendering took.")
    reused: bool = Field(False, description="Its inputs were those of an earlier one, so nothing was rendered.")
    reason: str | None = Field(None, description="Why it failed.")
    missing: str = Field("", description="Characters that no font of ours has; each prints as an empty box.")
    because: tuple[Changed, ...] = Field(
        (), description="While it is stale or rendered: what was changed since the documents were last in step."
    )
    secret: bool = Field(False, description="It prints awards, which not everybody who sees documents may see.")
    at: datetime | None = None


class ListDocuments(Question):
    ceremony_id: str
    release: int | None = None
    guests: bool = Field(False, description="With the documents made for one guest each.")


class Documents(Strict):
    """`complete`: every document of this release (or of the draft) is in step and ready, or has failed for good."""

    documents: tuple[Document, ...]
    complete: bool


class ReadContent(Question):
    """A piece of the bytes of a document of this ceremony."""

    ceremony_id: str
    content: str = Field(pattern="^[0-9a-f]{64}$")
    offset: int = Field(0, ge=0)
    limit: int = Field(524288, ge=1, le=4194304)


class Content(Strict):
    """Bytes from the offset on, base64; `size` is that of the whole."""

    base64: str
    size: int
    media_type: str
    file_name: str


class ReadPicture(Question):
    """A page of a document of this ceremony, drawn."""

    ceremony_id: str
    content: str = Field(pattern="^[0-9a-f]{64}$")
    page: int = Field(1, ge=1, le=100_000)
    width: int = Field(400, ge=50, le=1200, description="Pixels.")


class Picture(Strict):
    """`height` follows from the width and the paper."""

    base64: str
    width: int
    height: int
    media_type: str = "image/png"


list_documents = Ask("program", "list_documents", ListDocuments, Documents)
read_content = Ask("program", "read_content", ReadContent, Content)
read_picture = Ask("program", "read_picture", ReadPicture, Picture)


class DocumentRendered(Fact, type="program.document.rendered.v1"):
    """A document is ready; the subject is the ceremony. Documents for one guest each are told of together."""

    kind: str
    release: int | None
    content: str
    pages: int
    count: int = 1


class ReleaseRendered(Fact, type="program.release.rendered.v1"):
    """Every document of a release is ready; the subject is the ceremony."""

    release: int
    rendered: int
    reused: int
    failed: int
