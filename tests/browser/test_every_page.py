"""Every page and every dialog of the console, in both themes and languages, wide and narrow: without a fault.

They are found by their links, and counted against the gateway's own routes: what is added is looked at without a word
here, and a page that no link leads to is found out.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Page, expect

from services.gateway.app import create_app
from services.kit.bus import Bus
from services.kit.settings import Settings
from tests.browser.conftest import NewContext
from tests.browser.faults import NOTE_STOPPED, settled, sideways, violations
from tests.browser.site import OWNER, Site, running
from tests.routes import routes_of

FULL = "hoa-mai-2024"
EMPTY = "chua-co-gi"
Theme = Literal["light", "dark"]
STILL = """Promise.all(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().iterations !== Infinity)
    .map((one) => one.finished.catch(() => null))).then(() => true)"""
LOOKS: dict[str, list[tuple[Theme, int]]] = {
    "vi": [("light", 1280), ("dark", 320)],
    "en": [("dark", 1280), ("light", 320)],
}
Look = Callable[[Site, dict[str, str]], Page]
# Asked for by programs and scripts, and by nobody's eye.
_NO_PAGE = re.compile(
    r"/(api|health|metrics|feeds|static|live)\b.*|.*/guests/choose|.*/seats/plan|/sign-in/.*|/history\.csv"
)


def _templates() -> list[str]:
    settings = Settings(_env_file=None)
    routes = set(routes_of(create_app(Bus(settings), settings)))
    return sorted(path for method, path in routes if method == "GET" and not _NO_PAGE.fullmatch(path))


TEMPLATES = _templates()


@dataclass(frozen=True, slots=True)
class Sight:
    """Something to look at: a page, or the dialog that opens `over` one. `who`: whose session sees it."""

    address: str
    over: str = ""
    who: str = "owner"


@dataclass
class Whole:
    """A site with everything on it, and what its links lead to."""

    site: Site
    people: dict[str, dict[str, str]]
    sights: dict[str, dict[str, Sight]] = field(default_factory=dict)  # by template and by what makes it another one
    reached: dict[str, set[str]] = field(default_factory=dict)
    dead: set[str] = field(default_factory=set)

    def walk(self, waiting: list[Sight]) -> None:
        """From there over every link, and every part that a page fetches, the first of each kind."""
        with httpx.Client(base_url=self.site.address, headers={"Accept-Language": "vi"}, timeout=60) as client:
            while waiting:
                waiting += self._visit(client, waiting.pop(0))

    def _visit(self, client: httpx.Client, sight: Sight) -> list[Sight]:
        template = template_of(sight.address)
        seen, kind = self.reached.setdefault(template, set()), kind_of(sight, template)
        if kind in seen or _NO_PAGE.fullmatch(sight.address.partition("?")[0]):
            return []
        asked = {"HX-Request": "true"} if sight.over else {}
        cookies = "; ".join(f"{name}={value}" for name, value in self.people[sight.who].items())
        answer = client.get(sight.address, headers=asked | {"Cookie": cookies})
        if not template or answer.status_code not in {200, 204}:
            self.dead.add(f"{sight.address} from {sight.over or 'a page'}: {answer.status_code}")
            return []
        seen.add(kind)
        return self._look(sight, template, kind, answer) if is_html(answer) else []

    def _look(self, sight: Sight, template: str, kind: str, answer: httpx.Response) -> list[Sight]:
        """What a page fetches without a dialog is looked at with the page."""
        if not sight.over or "<dialog " in answer.text:
            self.sights.setdefault(template, {})[kind] = sight
        if sight.who != "owner":
            return []
        links, parts = (found(answer.text, name) for name in ("href", "hx-get"))
        return [Sight(one) for one in links] + [Sight(one, sight.over or sight.address) for one in parts]


def is_html(answer: httpx.Response) -> bool:
    return str(answer.headers.get("content-type")).startswith("text/html")


def found(html: str, attribute: str) -> list[str]:
    return [unescape(one) for one in re.findall(rf'\s{attribute}="(/[^"#]*)', html)]


def template_of(address: str) -> str:
    """The route that answers it; of several, the one that leaves the least open."""
    path = address.partition("?")[0]
    fitting = [one for one in TEMPLATES if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), path)]
    return min(fitting, key=lambda one: one.count("{"), default="")


def kind_of(sight: Sight, template: str) -> str:
    """The same page of another ceremony is another sight (one is empty); so is a part, so is another view."""
    path, _, query = sight.address.partition("?")
    which = path.split("/")[2] if template.startswith("/ceremonies/") else ""
    view = re.findall(r"\b(view=\w+)", query)
    return " ".join([sight.who, which, *view, *(["part"] if sight.over else [])])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """The full example, released; a ceremony of which only the title is known; others than the owner; the ways in."""
    with running(tmp_path_factory.mktemp("whole")) as site:
        site.import_full()
        one_twice(site)
        site.run("seats", "use", FULL, "meeting-300")
        site.run("seats", "fill", FULL, "--rostrum", "5")
        site.run("release", FULL, "--note", "Bản đầu tiên")
        with site.client() as client:
            made = client.post("/new", data={"title": "Lễ chưa có gì", "code": EMPTY})
        assert made.status_code == 303, made.text
        whole = Whole(site, {"owner": site.cookies, "nobody": {}, **others(site)})
        whole.walk([*doors(site), *STARTS])
        yield whole


def one_twice(site: Site) -> None:
    """Somebody stands on the list a second time."""
    with site.client() as client:
        first = client.get(f"/api/v1/ceremonies/{FULL}/guests", params={"limit": 1}).json()["guests"][0]
        again = client.post(f"/api/v1/ceremonies/{FULL}/guests", json={"person": first["person"], "note": "Lần hai"})
    assert again.status_code == 201, again.text


def others(site: Site) -> dict[str, dict[str, str]]:
    """Who only looks on; who has no role yet; and the first of an office where nothing is planned."""
    link = site.run("office", "open", "khac", "--name", "Văn phòng khác")["link"]
    return {
        "viewer": site.join("xem@hoa-mai.example", "Trần Văn Xem", "viewer"),
        "new": site.join("moi@hoa-mai.example", "Đỗ Thị Mới"),
        "first": site.set_up(link, "dau.tien@khac.example"),
    }


STARTS = [
    Sight("/"),
    Sight("/palette?q=", "/"),  # it leads to some pages that no link leads to
    Sight("/account/second-factor", "/account"),  # fetched after a change
    Sight("/styleguide"),
    Sight("/", who="first"),
    Sight("/", who="new"),
    Sight("/", who="viewer"),
    Sight(f"/ceremonies/{FULL}", who="viewer"),
    Sight(f"/ceremonies/{FULL}/order", who="viewer"),
]


def doors(site: Site) -> list[Sight]:
    links = [
        site.run("office", "open", "khac-nua", "--name", "Văn phòng khác nữa")["link"],
        site.run("user", "reset", OWNER)["link"],
        site.run("user", "invite", "them@hoa-mai.example", "--role", "viewer")["link"],
    ]
    return [Sight(one.removeprefix(site.address), who="nobody") for one in (*links, "/sign-in")]


def wrong_with(page: Page, site: Site, sight: Sight, languages: Sequence[str] = ("vi", "en")) -> list[str]:
    wrong, asked = [], list[str]()
    page.on("request", lambda request: asked.append(request.url))
    for language in languages:
        page.context.add_cookies([{"name": "khaimac_language", "value": language, "url": site.address}])
        show(page, sight)
        for theme, width in LOOKS[language]:
            wear(page, theme, width)
            wrong += [f"{sight.address} {language} {theme} {width}: {one}" for one in faults(page, language)]
    return wrong + [f"{sight.address} asks another origin: {one}" for one in asked if not own(one, site)]


def wear(page: Page, theme: Theme, width: int) -> None:
    """Colours that fade from one theme into the other would be measured half-way."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(STILL)


def own(url: str, site: Site) -> bool:
    return url.startswith((f"{site.address}/", "data:"))


def show(page: Page, sight: Sight) -> None:
    page.goto(sight.over or sight.address)
    settled(page)
    if sight.over:
        page.evaluate("(address) => htmx.ajax('GET', address, {source: document.body, swap: 'none'})", sight.address)
        expect(page.locator("dialog:modal")).to_be_visible()


def faults(page: Page, language: str) -> list[str]:
    title, over, heads = page.title(), sideways(page), page.locator("h1:visible").count()
    spoken = page.locator("html").get_attribute("lang")
    return [
        *violations(page),
        *[f"stopped by the policy: {one}" for one in page.evaluate("window.stopped")],
        *([f"{over} px too wide"] if over else []),
        *([f"title {title!r}"] if not re.fullmatch(r"\S.* · Khai Mạc", title) else []),
        *([f"{heads} headings of the first level"] if heads != 1 else []),
        *([f"in {spoken!r}"] if spoken != language else []),
    ]


@pytest.fixture
def look(new_context: NewContext) -> Look:
    def open_page(site: Site, cookies: dict[str, str]) -> Page:
        context = new_context(site, cookies)
        context.add_init_script(NOTE_STOPPED)
        return context.new_page()

    return open_page


@pytest.mark.parametrize("path", ["/", f"/ceremonies/{FULL}", f"/ceremonies/{FULL}/order"])
def test_main_page_has_no_fault(site: Site, look: Look, path: str) -> None:
    assert wrong_with(look(site, site.cookies), site, Sight(path), ["vi"]) == []


@pytest.mark.long
@pytest.mark.parametrize("template", TEMPLATES)
def test_page_and_its_dialogs_have_no_fault(whole: Whole, look: Look, template: str) -> None:
    assert whole.reached.get(template), "no link leads there"
    wrong = []
    for sight in whole.sights.get(template, {}).values():
        wrong += wrong_with(look(whole.site, whole.people[sight.who]), whole.site, sight)
    assert wrong == []


@pytest.mark.long
def test_no_link_leads_nowhere(whole: Whole) -> None:
    assert whole.dead == set()


@pytest.mark.long
@pytest.mark.parametrize(("theme", "width"), LOOKS["vi"])
def test_palette_and_keys_have_no_fault(whole: Whole, look: Look, theme: Theme, width: int) -> None:
    page = look(whole.site, whole.people["owner"])
    wear(page, theme, width)
    show(page, Sight(f"/ceremonies/{FULL}"))
    page.keyboard.press("Control+k")
    page.keyboard.type("le")
    expect(page.locator("#palette-found [role=option]").first).to_be_visible()
    wrong = faults(page, "vi")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    assert wrong + faults(page, "vi") == []
