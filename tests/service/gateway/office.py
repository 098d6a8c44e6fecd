"""An office behind the gateway: real scheduling and awards on a real bus, and papers that are made up."""

import base64
import hashlib
import inspect
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from schemas import accounts, dispatch, guests, program
from schemas.accounts import Identity
from schemas.dispatch import Feed, Invitation, InvitationFile, InvitationFiles, Invitations
from schemas.envelope import Caller, Grant, Versioned
from schemas.errors import NotFound, Problem, StaleVersion
from schemas.guests import Guest, GuestFields, GuestPage, PersonFields, StagedGuests
from schemas.house import Health, Parked, ParkedWork, Retried, health, list_parked, retry_parked
from schemas.parts import Frozen, PartChange
from schemas.program import Content, Document, Documents, Picture
from schemas.rights import NotSignedIn
from services.kit.bus import Answer, Bus
from services.kit.context import caller

AT = datetime(2024, 6, 20, 8, 0, 30, tzinfo=UTC)
OWNER = "an-owners-token-of-an-api"
SIGNED_IN = {"Authorization": f"Bearer {OWNER}"}
TOKEN = "Zm9vYmFyYmF6cXV4cXV1eA"
BYTES = bytes(range(256)) * 8192  # two megabytes: several pieces
HASH = hashlib.sha256(BYTES).hexdigest()
PAGE = b"<script>alert(1)</script>"
PAGE_HASH = hashlib.sha256(PAGE).hexdigest()
ICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
NAME = "Chương trình lễ ra mắt “Đội 1”.pdf"


class Papers:
    """What guests, program and dispatch answer here, by question; a test may put another answer in."""

    def __init__(self) -> None:
        self.asked: list[tuple[Caller, Any]] = []
        self.prepared = 1
        self.known = {hashlib.sha256(OWNER.encode()).hexdigest(): identity(Grant(role="owner"))}
        self.answers: dict[Any, Any] = {
            accounts.recognise: self.recognise,
            guests.list_guests: GuestPage(guests=(guest("g1"), guest("g2")), version=3, total=2),
            guests.get_guest: guest("g1"),
            guests.add_guest: Versioned(id="g3", version=1),
            guests.change_guest: StaleVersion(what="g1", expected=1, actual=4),
            guests.remove_guest: Versioned(id="g1", version=5),
            guests.freeze: Frozen(version=3, hash="0" * 64),
            guests.check: StagedGuests(change=PartChange(created=2), hash="0" * 64),
            program.list_documents: Documents(documents=(document(),), complete=True),
            program.read_content: read_content,
            program.read_picture: Picture(base64=base64.b64encode(b"png").decode(), width=400, height=566),
            dispatch.list_invitations: self.invitations,
            dispatch.read_invitations: read_invitations,
            dispatch.get_feed: feed(),
            dispatch.read_feed: read_feed,
        }
        for name in ("guests", "program"):
            numbers = {"rendered_total": 3.0} if name == "program" else {}
            self.answers[health[name]] = Health(
                service=name,
                outbox_unsent=2,
                outbox_oldest_seconds=1.5,
                consumer_pending=0,
                parked=1,
                numbers=numbers,
            )
            self.answers[list_parked[name]] = Parked(parked=(parked(name),))
            self.answers[retry_parked[name]] = Retried(done=1, parked_again=0)

    def recognise(self, question: accounts.Recognise) -> Identity:
        """By the digest of what is shown: the owner of the office whose token the client has."""
        if question.digest not in self.known:
            raise NotSignedIn
        return self.known[question.digest]

    def invitations(self, _question: Any) -> Invitations:
        unreachable = Problem(
            sentence="{file} is missing.", params={"file": "guests.xlsx"}, hint="Rename it.", severity="warning"
        )
        return Invitations(
            invitations=(invitation("g1"), invitation("g2")), release=self.prepared, problems=(unreachable,)
        )

    async def open(self, bus: Bus) -> None:
        for service in ("accounts", "guests", "program", "dispatch"):
            found = {ask: self._answer(ask) for ask in self.answers if ask.service == service}
            await bus.answer(service, found)

    def _answer(self, ask: Any) -> Answer:
        async def answer(question: Any) -> Any:
            self.asked.append((caller(), question))
            given = self.answers[ask]
            if isinstance(given, Exception):
                raise given
            told = given(question) if callable(given) else given
            return await told if inspect.isawaitable(told) else told

        return answer


def identity(*grants: Grant, office: str = "office") -> Identity:
    return Identity(
        user_id="u1",
        name="Lê Thị Mẫu",
        email="mau@example.org",
        language=None,
        theme=None,
        office=office,
        office_name="Văn phòng mẫu",
        grants=grants,
        second_factor=False,
        previous_visit=None,
    )


def guest(guest_id: str) -> Guest:
    return Guest(
        id=guest_id,
        version=4,
        position=1,
        address="Ông Nguyễn Văn Mẫu",
        posts_text="",
        person=PersonFields(name="Nguyễn Văn Mẫu", email="mau@example.org"),
    )


def document(content: str = HASH, title: str = "Chương trình <b>lễ</b>") -> Document:
    return Document(
        id="d1",
        ceremony_id="c1",
        release=None,
        kind="programme",
        title=title,
        file_name=NAME,
        state="ready",
        inputs="0" * 64,
        content=content,
        pages=2,
    )


def read_content(question: program.ReadContent) -> Content:
    known = {HASH: (BYTES, "application/pdf", NAME), PAGE_HASH: (PAGE, "text/html", "trang.html")}
    if question.content not in known:
        raise NotFound(what="document", which=question.content)
    data, media_type, name = known[question.content]
    piece = data[question.offset : question.offset + question.limit]
    return Content(base64=base64.b64encode(piece).decode(), size=len(data), media_type=media_type, file_name=name)


def invitation(guest_id: str) -> Invitation:
    return Invitation(
        guest_id=guest_id,
        method="REQUEST",
        sequence=0,
        status="CONFIRMED",
        dtstamp=AT,
        release=1,
        outcome="created",
        file_name="Giấy mời Ông Đỗ.ics",
    )


def read_invitations(question: dispatch.ReadInvitations) -> InvitationFiles:
    """One on each page."""
    if question.guest_id == "g9":
        return InvitationFiles(files=())
    number = 2 if question.after == "g1" or question.guest_id == "g2" else 1
    text = ICS.replace("2.0", f"2.0\r\nX-N:{number}")
    file = InvitationFile(
        guest_id=f"g{number}", file_name="Giấy mời Ông Đỗ.ics", base64=base64.b64encode(text.encode()).decode()
    )
    return InvitationFiles(files=(file,), next="g1" if number == 1 else None)


def feed() -> Feed:
    return Feed(ceremony_id="c1", token=TOKEN, text=ICS, etag="abc", last_modified=AT)


def read_feed(question: dispatch.ReadFeed) -> Feed:
    if question.token != TOKEN:
        raise NotFound(what="feed", which=question.token)
    return feed()


def parked(service: str) -> ParkedWork:
    return ParkedWork(
        event_id=f"e-{service}",
        service=service,
        type="guests.guest.added.v1",
        subject="c1",
        reason="RuntimeError in service.py:7",
        attempts=6,
        at=AT,
    )


PERSON: Mapping[str, Any] = GuestFields(person=PersonFields(name="Trần Thị Mẫu")).model_dump(mode="json")


HERE = "http://127.0.0.1:8000"
CEREMONIES = "/api/v1/ceremonies"
FIELDS = {"title": "Lễ ra mắt <script>", "on": "2024-07-01", "start": "08:00", "end": "09:30"}
CODE = "can-tho"


async def create(client: httpx.AsyncClient, code: str = CODE, **headers: str) -> httpx.Response:
    return await client.post(CEREMONIES, json={"code": code, "ceremony": FIELDS}, headers=headers)


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    body: dict[str, Any] = response.json()
    assert (body["status"], body["type"]) == (status, f"urn:khaimac:problem:{code}")
    assert body["correlation"] == response.headers["x-correlation-id"]
    return body
