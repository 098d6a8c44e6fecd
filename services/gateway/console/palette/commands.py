"""What can be opened or done from anywhere, by whoever may. Pages that every page links to are not repeated here."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.scheduling import Ceremony
from services.gateway.console.home.examples import examples
from services.gateway.console.wording import Wording
from services.kit.context import may


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the palette. `also`: other words by which it is found."""

    address: str
    icon: str
    text: str
    detail: str = ""
    also: tuple[str, ...] = ()


def commands(words: Wording, ceremony: Ceremony | None, *, installation: bool) -> list[Entry]:
    """The most useful first. `installation`: the caller's office runs it."""
    found = [*(_of_ceremony(ceremony, words) if ceremony else ()), *_beginning(words)]
    return [*found, *_of_office(words), *(_of_installation(words) if installation else ())]


def _of_ceremony(ceremony: Ceremony, words: Wording) -> Iterator[Entry]:
    at, which = f"/ceremonies/{ceremony.code}", ceremony.id
    if may("release.make", which) and not ceremony.under_way:
        yield Entry(f"{at}/release", "seal", words.say("Release now"), ceremony.title, ("publish", "phat hanh"))


def _beginning(words: Wording) -> Iterator[Entry]:
    if may("ceremony.create"):
        yield Entry("/new", "plus", words.say("New ceremony"))
    if may("plan.import", anywhere=True):
        yield Entry("/import", "upload", words.say("Import a plan folder"), also=("excel", "xlsx"))
    if may("plan.import") and examples():
        yield Entry("/examples", "eye", words.say("Examples"))
    yield Entry("/account", "person", words.say("My account"), also=("password", "mat khau"))


def _of_office(words: Wording) -> Iterator[Entry]:
    if may("history.see"):
        yield Entry("/history", "clock", words.say("All history"))
    if may("accounts.see"):
        yield Entry("/administration", "people", words.say("Accounts"), also=("users",))
        yield Entry("/administration/roles", "key", words.say("Roles and rights"))
    if may("parked.see"):
        yield Entry("/administration/parked", "alert", words.say("Work that failed"))
    if may("audit.see"):
        yield Entry("/administration/audit", "lock", words.say("Audit trail"))


def _of_installation(words: Wording) -> Iterator[Entry]:
    if may("installation.see"):
        yield Entry("/administration/health", "system", words.say("Health of the installation"))
        yield Entry("/administration/settings", "sliders", words.say("Settings"))
