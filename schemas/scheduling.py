"""What scheduling is asked and tells: ceremonies, their running order, plans, releases."""

from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from schemas.awards import AwardsPlan
from schemas.envelope import Ask, Command, Fact, Question, Strict, Versioned
from schemas.errors import Problem
from schemas.guests import GuestsPlan
from schemas.parts import PartChange

# JSON Schema's format “time” wants an offset (RFC 3339, full-time); the hour of a programme has none.
_HOUR = {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$", "examples": ["08:30:00"]}
HourOfDay = Annotated[time, WithJsonSchema(_HOUR)]
Local = HourOfDay | None


class Venue(Strict):
    """Where. `unit` is the administrative unit as it was named on the day; it is never looked up again."""

    name: str | None = Field(None, examples=["Công viên sông Hậu"])
    unit: str | None = Field(None, examples=["phường Cái Khế, quận Ninh Kiều, TP Cần Thơ"])


class CeremonyFields(Strict):
    """What an organizer says of a ceremony; whatever is not known is null and prints as unknown."""

    title: str = Field(min_length=1, max_length=400)
    kind: str = Field("launch_ceremony", description="An open code that the profile names.")
    level: str | None = Field(None, examples=["province"])
    parent: str | None = Field(None, description="Title or code of the larger event this one belongs to.")
    host: str | None = Field(None, description="The organisation that holds it.", examples=["UBND TP Cần Thơ"])
    host_parent: str | None = Field(None, description="The organisation above the host, for the head of papers.")
    venue: Venue = Venue()
    timezone: str = Field("Asia/Ho_Chi_Minh", description="IANA name.")
    on: date | None = None
    start: Local = Field(None, description="Local time of the venue.")
    end: Local = None
    profile: str = Field("vn-province", description="Which protocol profile rules.")
    language: str = "vi"
    sample: bool = Field(False, description="Its papers bear the profile's mark for a sample.")
    source: str | None = Field(None, description="Where these facts were taken from.")
    note: str | None = None
    contact: str | None = Field(None, description="Whom to ask, as printed on the invitation.")
    organizer_email: str | None = Field(None, description="The address invitations come from: iTIP's ORGANIZER.")
    place_of_issue: str | None = Field(None, description="Place in the place-and-date line of papers.")
    document_number: str | None = Field(None, description="Number and symbol of the invitation, if it has one.")
    signer_post: str | None = None
    signer_name: str | None = None
    dress: str | None = None


class Role(Strict):
    """Who does what in an item: a guest, somebody off the list, or only a text."""

    role: str = Field(examples=["speaker", "presenter", "announcer", "mc"])
    kind: Literal["guest", "off_list", "text"] = "text"
    guest: str | None = Field(None, description="Guest id; in a plan the guest's ref.")
    text: str = Field(description="As the organizer wrote it.")


class ItemFields(Strict):
    """One item of the running order; what is unknown is null."""

    key: str = Field(description="Stable name of the item within its ceremony; award lines point to it.")
    position: int | None = Field(None, description="Number in the running order; null where no order is known.")
    kind: str = "other"
    title: str = Field(min_length=1, max_length=1000)
    start: Local = None
    minutes: int | None = Field(None, ge=0, le=1440)
    roles: tuple[Role, ...] = ()
    responsible: str | None = None
    mc_text: str | None = None
    cues: str | None = None
    props: str | None = None
    note: str | None = None


class Item(ItemFields):
    id: str


class Ceremony(CeremonyFields):
    """A ceremony as it stands. `under_way` names the import or release that has not finished."""

    id: str
    code: str
    office: str
    version: int
    release: int = Field(description="The last release; 0 before the first.")
    released_version: int | None = None
    cancelled: bool = False
    under_way: Literal["import", "release"] | None = None


class SchedulingPart(Strict):
    """Scheduling's share of a plan: of the draft, or frozen in a release."""

    ceremony: Ceremony
    items: tuple[Item, ...]
    release: int | None = None
    hash: str = Field(description="SHA-256 over what this part says; equal parts have equal hashes.")


class SchedulingPlan(Strict):
    """Scheduling's share of a plan folder."""

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    ceremony: CeremonyFields
    items: tuple[ItemFields, ...] = ()


class Plan(Strict):
    """A whole plan folder. Roles and presenters name guests by `ref`, the row's name inside this plan."""

    scheduling: SchedulingPlan
    guests: GuestsPlan = GuestsPlan()
    awards: AwardsPlan = AwardsPlan()


class PlanOutcome(Strict):
    """The answer to a check or an import; with an error among the problems nothing was changed."""

    ceremony_id: str | None = None
    version: int | None = None
    problems: tuple[Problem, ...] = ()
    changes: dict[str, PartChange] = {}

    @property
    def accepted(self) -> bool:
        return not any(problem.severity == "error" for problem in self.problems)

    @property
    def unchanged(self) -> bool:
        return self.accepted and not any(change.any for change in self.changes.values())


class CheckPlan(Question):
    plan: Plan


class ImportPlan(Command):
    plan: Plan


class CreateCeremony(Command):
    code: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    ceremony: CeremonyFields


class ChangeCeremony(Command):
    """Replaces the fields of a ceremony."""

    ceremony_id: str
    expected_version: int
    ceremony: CeremonyFields


class MoveCeremony(Command):
    """Moves day, start and end together: by minutes, or to a day and a start."""

    ceremony_id: str
    expected_version: int
    minutes: int | None = Field(None, description="Moves start, end and every timed item by so many minutes.")
    to_date: date | None = None
    to_start: Local = None


class CheckMove(Question):
    """Where a move would lead; changes nothing."""

    ceremony_id: str
    minutes: int | None = None
    to_date: date | None = None
    to_start: time | None = None


class MoveChecked(Strict):
    """The ceremony and its items as the move would leave them."""

    ceremony: CeremonyFields
    items: tuple[Item, ...]


class PutItem(Command):
    """Adds an item, or replaces the one with the same key."""

    ceremony_id: str
    expected_version: int
    item: ItemFields


class AddItems(Command):
    """Adds new items together behind one of the running order, or at its beginning; none replaces another.

    Behind an item without a place, and where no item has one, the new ones have none either. Otherwise they get
    theirs, and all that have a place are numbered anew from 1; the positions that `items` bring do not count.
    """

    ceremony_id: str
    expected_version: int
    items: tuple[ItemFields, ...] = Field(min_length=1, max_length=300)
    after: str | None = Field(None, description="Key of the item that they stand behind; null: at the beginning.")


class OrderItems(Command):
    """Gives the items with these keys the places 1, 2, 3, …; all others lose theirs and stand behind as listed."""

    ceremony_id: str
    expected_version: int
    keys: tuple[str, ...] = Field(max_length=5000)


class RemoveItem(Command):
    ceremony_id: str
    expected_version: int
    key: str


class ReleaseCeremony(Command):
    ceremony_id: str
    expected_version: int | None = None
    note: str | None = None


class Released(Strict):
    ceremony_id: str
    release: int
    version: int
    parts: dict[str, str] = Field(description="Hash of each service's frozen part.")
    audit_head: str | None = Field(None, description="Head of the audit trail, to note elsewhere; null: not sealed.")


class ListCeremonies(Question):
    after: str | None = Field(None, description="Cursor: the last id of the page before.")
    limit: int = Field(50, ge=1, le=200)


class Ceremonies(Strict):
    ceremonies: tuple[Ceremony, ...]
    next: str | None = None


class FindCeremony(Question):
    """By id or by code."""

    which: str


class GetPart(Question):
    ceremony_id: str
    release: int | None = Field(None, description="A release's frozen part; null: the draft as it is now.")


class ListReleases(Question):
    ceremony_id: str


class Release(Strict):
    release: int
    at: datetime
    version: int
    note: str | None = None
    parts: dict[str, str]
    audit_head: str | None = Field(None, description="Head of the audit trail, to note elsewhere; null: not sealed.")


class Releases(Strict):
    releases: tuple[Release, ...]


check_plan = Ask("scheduling", "check_plan", CheckPlan, PlanOutcome)
import_plan = Ask("scheduling", "import_plan", ImportPlan, PlanOutcome)
create_ceremony = Ask("scheduling", "create_ceremony", CreateCeremony, Versioned)
change_ceremony = Ask("scheduling", "change_ceremony", ChangeCeremony, Versioned)
move_ceremony = Ask("scheduling", "move_ceremony", MoveCeremony, Versioned)
check_move = Ask("scheduling", "check_move", CheckMove, MoveChecked)
put_item = Ask("scheduling", "put_item", PutItem, Versioned)
add_items = Ask("scheduling", "add_items", AddItems, Versioned)
order_items = Ask("scheduling", "order_items", OrderItems, Versioned)
remove_item = Ask("scheduling", "remove_item", RemoveItem, Versioned)
release_ceremony = Ask("scheduling", "release_ceremony", ReleaseCeremony, Released)
list_ceremonies = Ask("scheduling", "list_ceremonies", ListCeremonies, Ceremonies)
find_ceremony = Ask("scheduling", "find_ceremony", FindCeremony, Ceremony)
get_part = Ask("scheduling", "get_part", GetPart, SchedulingPart)
list_releases = Ask("scheduling", "list_releases", ListReleases, Releases)


class CeremonyPlanned(Fact, type="scheduling.ceremony.planned.v1"):
    """A ceremony was created."""

    version: int
    code: str
    on: date | None = None


class CeremonyChanged(Fact, type="scheduling.ceremony.changed.v1"):
    """Fields of a ceremony were changed; `fields` names them."""

    version: int
    fields: tuple[str, ...]


class CeremonyMoved(Fact, type="scheduling.ceremony.moved.v1"):
    """A ceremony was moved in time."""

    version: int
    on: date | None = None
    start: time | None = None


class RunningOrderChanged(Fact, type="scheduling.running_order.changed.v1"):
    """Items were added, changed or removed; `keys` names at most 100 of them."""

    version: int
    created: int = 0
    updated: int = 0
    removed: int = 0
    keys: tuple[str, ...] = ()


class PlanImported(Fact, type="scheduling.plan.imported.v1"):
    """An import has finished in every service."""

    version: int
    parts: dict[str, str]


class CeremonyReleased(Fact, type="scheduling.ceremony.released.v1"):
    """Release N is frozen in every service; `parts` holds the hash of each."""

    version: int
    release: int
    parts: dict[str, str]
