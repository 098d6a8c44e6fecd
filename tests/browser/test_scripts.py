"""What the console's scripts do, on the living page: what the server would answer is made up here."""

import re
from collections.abc import Callable, Iterator
from typing import Literal
from unicodedata import normalize
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import NewContext
from tests.browser.frame_alone import frame_alone
from tests.browser.site import Site

pytestmark = pytest.mark.long
GUIDE = re.compile("/styleguide$")
SIGN_IN = (
    '<hx-partial hx-target="#dialogs" hx-swap="beforeend"><dialog class="dialog" aria-label="In" data-open>'
    '<form hx-post="/sign-in" hx-swap="none" data-sign-in><button>Go</button></form></dialog></hx-partial>'
)
NO = '<hx-partial hx-target="#toasts" hx-swap="beforeend"><div class="toast bad"><p>No.</p></div></hx-partial>'
Answer = Callable[[Route, dict[str, str]], None]


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with frame_alone(tmp_path_factory.mktemp("guide")) as site:
        yield site


@pytest.fixture
def opened(guide: Site, new_context: NewContext) -> Page:
    page = new_context(guide, locale="en-GB").new_page()
    page.goto("/styleguide", wait_until="networkidle")
    return page


def form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.post_data or "", keep_blank_values=True))


def answer(page: Page, give: Answer, where: str = "/styleguide/.*") -> list[dict[str, str]]:
    """What was posted there, as it comes in."""
    posted: list[dict[str, str]] = []

    def take(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        posted.append(form(route.request))
        give(route, posted[-1])

    page.route(re.compile(where), take)
    return posted


def row(key: str, title: str, minutes: str = "5") -> str:
    return (
        f'<tr id="row-{key}" data-sort-key="{key}" data-version="2" data-save="/styleguide/{key}"><td></td>'
        f'<td data-field="start" class="n" tabindex="-1">08:00</td>'
        f'<td data-field="minutes" class="n" tabindex="-1">{minutes}</td>'
        f'<td data-field="title" tabindex="-1">{title}</td><td data-field="who" tabindex="-1">—</td><td></td></tr>'
    )


def html(route: Route, body: str, status: int = 200) -> None:
    route.fulfill(status=status, content_type="text/html; charset=utf-8", body=body)


def saved(route: Route, posted: dict[str, str]) -> None:
    html(route, row(route.request.url.rsplit("/", 1)[1], posted["value"]))


def cell(page: Page, key: str, field: str = "title") -> str:
    return f'#row-{key} td[data-field="{field}"]'


# Tables that are edited in place.


def test_cell_is_edited_by_keys_alone_and_the_focus_goes_on(opened: Page) -> None:
    posted = answer(opened, saved)
    opened.focus(cell(opened, "flag"))
    opened.keyboard.type("Chào mừng")
    opened.keyboard.press("Enter")
    expect(opened.locator(cell(opened, "flag"))).to_have_text("Chào mừng")
    expect(opened.locator(cell(opened, "flag"))).to_have_attribute("data-state", "saved")
    expect(opened.locator(cell(opened, "purpose"))).to_be_focused()
    assert [{name: one for name, one in each.items() if name != "request_id"} for each in posted] == [
        {"field": "title", "value": "Chào mừng", "base": "Chào cờ, hát Quốc ca", "version": "1"}
    ]
    opened.keyboard.press("ArrowUp")
    opened.keyboard.press("F2")
    opened.keyboard.type("zzz")
    opened.keyboard.press("Escape")
    expect(opened.locator(cell(opened, "flag"))).to_have_text("Chào mừng")
    assert len(posted) == 1


@pytest.mark.parametrize("letters", ["NFC", "NFD"])
def test_vietnamese_arrives_as_it_was_typed(opened: Page, letters: Literal["NFC", "NFD"]) -> None:
    text = normalize(letters, "Mời đại biểu")
    posted = answer(opened, saved)
    opened.focus(cell(opened, "flag"))
    opened.keyboard.insert_text(text)
    opened.keyboard.press("Enter")
    expect(opened.locator(cell(opened, "flag"))).to_have_attribute("data-state", "saved")
    assert [one["value"] for one in posted] == [text]


def test_composing_letters_saves_nothing_before_it_is_done(opened: Page) -> None:
    posted = answer(opened, saved)
    wire = opened.context.new_cdp_session(opened)
    opened.focus(cell(opened, "flag"))
    wire.send("Input.imeSetComposition", {"text": "Ddoo", "selectionStart": 4, "selectionEnd": 4})
    opened.evaluate(
        "document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    expect(opened.locator(cell(opened, "flag"))).to_have_class(re.compile("editing"))
    wire.send("Input.insertText", {"text": "Độ"})
    opened.keyboard.press("Enter")
    expect(opened.locator(cell(opened, "flag"))).to_have_text("Độ")
    assert [one["value"] for one in posted] == ["Độ"]


def test_refused_cell_keeps_what_was_typed(opened: Page) -> None:
    answer(opened, lambda route, _posted: html(route, NO, 422))
    opened.focus(cell(opened, "flag"))
    opened.keyboard.type("Sai")
    opened.keyboard.press("Tab")
    expect(opened.locator(cell(opened, "flag"))).to_have_attribute("data-state", "failed")
    expect(opened.locator("#toasts")).to_have_text("No.")
    expect(opened.locator(cell(opened, "flag"))).to_have_text("Sai")
    opened.focus(cell(opened, "flag"))
    opened.keyboard.press("Escape")
    expect(opened.locator(cell(opened, "flag"))).to_have_text("Chào cờ, hát Quốc ca")


def test_collision_opens_a_dialog_and_what_is_chosen_there_holds(opened: Page) -> None:
    dialog = (
        '<hx-partial hx-target="#dialogs" hx-swap="beforeend"><dialog class="dialog" aria-label="Both" data-open>'
        '<form hx-post="/styleguide/flag" hx-target="#row-flag" hx-swap="outerMorph">'
        '<input type="hidden" name="value" value="Ours">'
        "<button>Save</button></form></dialog></hx-partial>"
    )

    def give(route: Route, posted: dict[str, str]) -> None:
        if posted.get("field"):
            html(route, dialog, 409)
        else:
            saved(route, posted)

    answer(opened, give)
    opened.focus(cell(opened, "flag"))
    opened.keyboard.type("Mine")
    opened.keyboard.press("Enter")
    expect(opened.locator("dialog:modal")).to_have_count(1)
    expect(opened.locator(cell(opened, "flag"))).to_have_text("Mine")
    opened.locator("dialog:modal button").click()
    expect(opened.locator(cell(opened, "flag"))).to_have_text("Ours")
    expect(opened.locator("dialog:modal")).to_have_count(0)


def test_saves_of_a_row_go_one_after_the_other_with_its_new_version(opened: Page) -> None:
    kept = {"title": "Chào cờ, hát Quốc ca", "minutes": "5"}

    def give(route: Route, one: dict[str, str]) -> None:
        kept[one["field"]] = one["value"]
        html(route, row("flag", **kept))

    posted = answer(opened, give)
    opened.focus(cell(opened, "flag", "minutes"))
    opened.keyboard.type("7")
    opened.keyboard.press("Tab")
    opened.keyboard.type("Chào")
    opened.keyboard.press("Enter")
    expect(opened.locator(cell(opened, "flag"))).to_have_attribute("data-state", "saved")
    assert [(one["field"], one["version"]) for one in posted] == [("minutes", "1"), ("title", "2")]
    assert len({one["request_id"] for one in posted}) == 2


def test_cell_being_typed_in_stands_while_its_row_is_refreshed(opened: Page) -> None:
    opened.focus(cell(opened, "flag"))
    opened.keyboard.type("Đang gõ")
    opened.evaluate(
        "(text) => htmx.swap({text, sourceElement: document.body, target: '#row-flag', swap: 'outerMorph'})",
        row("flag", "Của người khác", "9"),
    )
    expect(opened.locator(cell(opened, "flag", "minutes"))).to_have_text("9")
    expect(opened.locator(cell(opened, "flag"))).to_be_focused()
    expect(opened.locator(cell(opened, "flag"))).to_have_text("Đang gõ")


def test_block_from_a_spreadsheet_goes_into_the_cells(opened: Page) -> None:
    posted = answer(opened, lambda route, _one: route.fulfill(status=204))
    opened.focus(cell(opened, "flag", "minutes"))
    opened.evaluate(
        """() => { const data = new DataTransfer(); data.setData("text/plain", "1\\tMột\\r\\n2\\tHai\\r\\n");
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true})); }"""
    )
    expect(opened.locator(cell(opened, "purpose"))).to_have_text("Hai")
    expect(opened.locator("#toasts")).to_have_text("4 cells pasted")
    opened.wait_for_timeout(300)
    assert sorted((one["field"], one["value"]) for one in posted) == [
        ("minutes", "1"),
        ("minutes", "2"),
        ("title", "Hai"),
        ("title", "Một"),
    ]


def test_cell_that_was_never_saved_is_offered_after_a_crash(opened: Page) -> None:
    opened.focus(cell(opened, "flag"))
    opened.keyboard.type("Gõ dở")
    opened.reload(wait_until="networkidle")
    bar = opened.locator(".kept", has_text="Gõ dở")
    posted = answer(opened, saved)
    bar.get_by_role("button", name="Restore").click()
    expect(opened.locator(cell(opened, "flag"))).to_have_text("Gõ dở")
    expect(opened.locator(cell(opened, "flag"))).to_have_attribute("data-state", "saved")
    assert [(one["value"], one["base"]) for one in posted] == [("Gõ dở", "Chào cờ, hát Quốc ca")]
    opened.reload(wait_until="networkidle")
    expect(opened.locator(".kept", has_text="Gõ dở")).to_have_count(0)


def order(page: Page) -> list[str]:
    found: list[str] = page.evaluate("[...document.querySelectorAll('#order tr')].map((row) => row.dataset.sortKey)")
    return found


def test_row_is_moved_by_keys_and_keeps_the_focus(opened: Page) -> None:
    posted = answer(opened, lambda route, _one: route.fulfill(status=204), "/styleguide/order")
    opened.focus(cell(opened, "flag"))
    opened.keyboard.press("Alt+ArrowDown")
    expect(opened.locator(cell(opened, "flag"))).to_be_focused()
    expect(opened.locator("#saved")).to_have_text("Saved")
    assert order(opened) == ["arrival", "purpose", "flag", "decision", "speech"]
    assert [(one["moved"], one["before"], one["version"]) for one in posted] == [("flag", "decision", "1")]


def test_row_is_moved_by_its_grip(opened: Page) -> None:
    posted = answer(opened, lambda route, _one: route.fulfill(status=204), "/styleguide/order")
    opened.hover("#row-arrival .grip")
    opened.wait_for_function("() => window.Sortable && document.querySelector('#order').kmSort.el")
    opened.locator("#row-arrival .grip").drag_to(opened.locator("#row-speech .grip"))
    expect(opened.locator("#saved")).to_have_text("Saved")
    assert order(opened) == ["flag", "purpose", "decision", "speech", "arrival"]
    assert [(one["moved"], one["before"]) for one in posted] == [("arrival", "")]


# Forms: nothing typed is lost.

FORM = "form[data-keep]"


def save(page: Page) -> None:
    page.locator(f"{FORM} button[type=submit]").click()


def test_form_is_offered_again_until_the_server_took_it(opened: Page) -> None:
    opened.fill("#f-title", "Lễ mới")
    opened.uncheck("#f-sample")
    opened.reload(wait_until="networkidle")
    opened.locator(f"{FORM} > .kept").get_by_role("button", name="Restore").click()
    assert (opened.input_value("#f-title"), opened.is_checked("#f-sample")) == ("Lễ mới", False)
    posted = answer(opened, lambda route, _one: route.fulfill(status=204), "/styleguide$")
    save(opened)
    expect(opened.locator("#saved")).to_have_text("Saved")
    assert [one["title"] for one in posted] == ["Lễ mới"]
    opened.reload(wait_until="networkidle")
    expect(opened.locator(f"{FORM} > .kept")).to_have_count(0)


def test_discarded_form_is_as_the_server_wrote_it(opened: Page) -> None:
    opened.fill("#f-title", "Lễ mới")
    opened.reload(wait_until="networkidle")
    opened.locator(f"{FORM} > .kept").get_by_role("button", name="Discard").click()
    opened.reload(wait_until="networkidle")
    expect(opened.locator(f"{FORM} > .kept")).to_have_count(0)
    assert opened.input_value("#f-title") == "Lễ ra mắt"


def test_lost_connection_is_tried_again_with_the_same_request(opened: Page) -> None:
    tries = iter([None, 503, 502, 204])

    def give(route: Route, _posted: dict[str, str]) -> None:
        status = next(tries)
        if status is None:
            route.abort("connectionrefused")
        else:
            route.fulfill(status=status)

    posted = answer(opened, give, "/styleguide$")
    opened.fill("#f-title", "Lễ mới")
    save(opened)
    expect(opened.locator("#saved")).to_have_text("Not saved yet, trying again…")
    expect(opened.locator("#saved")).to_have_text("Saved", timeout=15_000)
    assert len({one["request_id"] for one in posted}) == 1
    assert [one["title"] for one in posted] == ["Lễ mới"] * 4


def test_ended_session_is_renewed_over_the_page_and_the_request_goes_on(opened: Page) -> None:
    statuses = iter([401, 204])
    posted = answer(opened, lambda route, _one: route.fulfill(status=next(statuses)), "/styleguide$")
    signed = answer(
        opened, lambda route, _one: route.fulfill(status=200, headers={"HX-Trigger": "km:signed-in"}), "/sign-in$"
    )
    opened.route(re.compile(r"/sign-in\?next="), lambda route: html(route, SIGN_IN))
    opened.fill("#f-title", "Lễ mới")
    save(opened)
    opened.locator("dialog:modal").get_by_role("button", name="Go").click()
    expect(opened.locator("#saved")).to_have_text("Saved")
    expect(opened.locator("dialog:modal")).to_have_count(0)
    assert (len(signed), [one["title"] for one in posted]) == (1, ["Lễ mới", "Lễ mới"])
    assert posted[0]["request_id"] == posted[1]["request_id"]


def as_user(page: Page, user: str) -> None:
    """The page as the server writes it for somebody who is signed in."""

    def give(route: Route) -> None:
        if route.request.method != "GET":
            route.fallback()
            return
        answered = route.fetch()
        head = f'<head><meta name="user" content="{user}">'
        route.fulfill(response=answered, body=answered.text().replace("<head>", head))

    page.unroute(GUIDE)
    page.route(GUIDE, give)
    page.goto("/styleguide")


def test_what_one_typed_is_not_shown_to_another(opened: Page) -> None:
    opened.route("**/live?*", lambda route: route.fulfill(status=204))
    as_user(opened, "u1")
    opened.fill("#f-title", "Lễ mới")
    as_user(opened, "u2")
    expect(opened.locator("#f-title")).to_be_visible()
    opened.wait_for_function("() => document.querySelector('form[data-keep]').kmOffered")
    expect(opened.locator(f"{FORM} > .kept")).to_have_count(0)
    as_user(opened, "u1")
    expect(opened.locator(f"{FORM} > .kept")).to_have_count(1)


def test_somebody_else_who_signs_in_sends_nothing_that_waited(opened: Page) -> None:
    opened.route("**/live?*", lambda route: route.fulfill(status=204))
    as_user(opened, "u1")
    other = {"HX-Trigger": '{"km:signed-in": {"user": "u2"}}'}
    posted = answer(opened, lambda route, _one: route.fulfill(status=401), "/styleguide$")
    answer(opened, lambda route, _one: route.fulfill(status=200, headers=other), "/sign-in$")
    opened.route(re.compile(r"/sign-in\?next="), lambda route: html(route, SIGN_IN))
    opened.fill("#f-title", "Lễ mới")
    save(opened)
    with opened.expect_navigation():
        opened.locator("dialog:modal").get_by_role("button", name="Go").click()
    assert len(posted) == 1


def test_signing_out_leaves_nothing_behind_and_secrets_are_never_kept(opened: Page) -> None:
    secret, out = "<input name=pw type=password>", "<form data-sign-out><button id=out>Out</button></form>"
    opened.evaluate("(one) => document.querySelector('form[data-keep]').insertAdjacentHTML('beforeend', one)", secret)
    opened.fill("[name=pw]", "bí mật")
    opened.fill("#f-title", "Lễ mới")
    kept = "JSON.stringify(Object.entries(localStorage))"
    assert ["Lễ mới" in opened.evaluate(kept), "bí mật" in opened.evaluate(kept)] == [True, False]
    opened.evaluate("(one) => document.body.insertAdjacentHTML('beforeend', one)", out)
    with opened.expect_navigation():
        opened.click("#out")
    assert opened.evaluate(kept) == "[]"


def test_token_against_forged_requests_goes_along(guide: Site, new_context: NewContext) -> None:
    page = new_context(guide, {"khaimac_csrf": "abc"}).new_page()
    page.goto("/styleguide", wait_until="networkidle")
    page.route(re.compile("/styleguide$"), lambda route: route.fulfill(status=204))
    with page.expect_request(lambda request: request.method == "POST") as sent:
        save(page)
    assert sent.value.headers["x-khaimac-csrf"] == "abc"


def test_undo_posts_the_reverse_command_and_its_toast_goes(opened: Page) -> None:
    posted = answer(opened, lambda route, _one: route.fulfill(status=204), "/styleguide$")
    toast = opened.locator(".toast", has=opened.locator("[data-undo]"))
    toast.get_by_role("button", name="Undo").click()
    expect(toast).to_have_count(0)
    assert [list(one) for one in posted] == [["request_id"]]


def test_toasts_outlive_the_change_of_pages(opened: Page) -> None:
    toast = NO.replace("No.", "Done.")

    def give(route: Route, _posted: dict[str, str]) -> None:
        headers = {"HX-Redirect": "/styleguide?next", "Content-Type": "text/html"}
        route.fulfill(status=200, headers=headers, body=toast)

    answer(opened, give, "/styleguide$")
    save(opened)
    opened.wait_for_url("**/styleguide?next")
    expect(opened.locator("#toasts")).to_have_text("Done.")


def test_one_good_word_stands_at_a_time_and_bad_ones_stay(opened: Page) -> None:
    kinds = iter(["bad", "good", "good"])
    answer(opened, lambda route, _one: html(route, NO.replace("toast bad", f"toast {next(kinds)}")), "/styleguide$")
    for _ in range(3):
        with opened.expect_response("**/styleguide"):
            save(opened)
    assert [one.get_attribute("class") for one in opened.locator("#toasts .toast").all()] == [
        "toast bad",
        "toast good",
    ]


# Others, files.


def test_parts_of_the_page_follow_what_others_change(guide: Site, new_context: NewContext) -> None:
    page = new_context(guide).new_page()
    stream = (
        'retry: 100000\n\nid: 7\nevent: changed\ndata: {"owner": "guests", "version": 7}\n\n'
        'event: presence\ndata: [{"id": "u2", "name": "Trần Văn Bình", "where": "guests"}]\n\n'
    )
    page.route(
        "**/live?*", lambda route: route.fulfill(headers={"Content-Type": "text/event-stream"}, body=stream.encode())
    )

    page.add_init_script(
        "addEventListener('km:guests', (event) => { document.title = `Heard of ${event.detail.version}`; })"
    )
    as_user(page, "u1")
    expect(page).to_have_title("Heard of 7")
    expect(page.locator("#presence li")).to_have_text(["TBTrần Văn Bình"])


def test_dropped_files_go_into_the_input(opened: Page) -> None:
    opened.evaluate(
        """() => { const data = new DataTransfer();
        for (const name of ["ceremony.yaml", "Khách mời.xlsx", ".DS_Store", "~$Khách mời.xlsx"])
          data.items.add(new File(["abc"], name));
        const zone = document.querySelector("[data-drop]");
        zone.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})); }"""
    )
    expect(opened.locator(".drop-list li")).to_have_text(["2 files, 1 kB", "ceremony.yaml", "Khách mời.xlsx"])
    names = opened.evaluate("[...document.querySelector('#f-files').files].map((file) => file.name)")
    assert names == ["ceremony.yaml", "Khách mời.xlsx"]
