"""What goes into each document: exactly what it prints, the unknown as unknown, and a hash that moves with it."""

import copy
import dataclasses
import json
import re
from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest

from schemas.awards import AwardsPart
from schemas.guests import GuestsPart
from schemas.protocol import load_profile
from schemas.scheduling import Role, SchedulingPart
from services.program import templates
from services.program.filling import Filling
from services.program.model import DRAFT_INVITATIONS, SECRET, Inputs, Parts, documents
from tests.unit import program_parts

SHEETS = ["programme", "script", "introductions", "guests", "awards"]


def made(parts: Parts, *, draft: bool = False, profile: str = "vn-province") -> list[Inputs]:
    rules = load_profile(profile, parts.scheduling.ceremony.on)
    return documents(parts, rules, templates.words(), lambda kind: f"made like {kind}", draft=draft)


@pytest.fixture
def can_tho() -> Parts:
    return Parts(*program_parts.can_tho())


@pytest.fixture(scope="module")
def full() -> Parts:
    return Parts(*program_parts.full())


def test_only_secret_kinds_name_who_receives_what(full: Parts) -> None:
    marked = [line.model_copy(update={"recipient": f"RECIPIENT {n}"}) for n, line in enumerate(full.awards.lines)]
    awards = full.awards.model_copy(update={"lines": tuple(marked)})
    parts = dataclasses.replace(full, awards=awards)
    naming = {each.kind for each in made(parts) if "RECIPIENT" in json.dumps(each.context)}
    assert naming == SECRET


def context(parts: Parts, kind: str, **how: Any) -> dict[str, Any]:
    return next(each.context for each in made(parts, **how) if each.kind == kind)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def with_ceremony(parts: Parts, **fields: Any) -> Parts:
    ceremony = parts.scheduling.ceremony.model_copy(update=fields)
    return dataclasses.replace(parts, scheduling=parts.scheduling.model_copy(update={"ceremony": ceremony}))


def with_item(parts: Parts, at: int, **fields: Any) -> Parts:
    items = list(parts.scheduling.items)
    items[at] = items[at].model_copy(update=fields)
    return dataclasses.replace(parts, scheduling=parts.scheduling.model_copy(update={"items": tuple(items)}))


def with_guest(parts: Parts, at: int, **fields: Any) -> Parts:
    guests = list(parts.guests.guests)
    guests[at] = guests[at].model_copy(update=fields)
    return dataclasses.replace(parts, guests=parts.guests.model_copy(update={"guests": tuple(guests)}))


def moved(before: Parts, after: Parts) -> list[tuple[str, str | None]]:
    """The documents whose inputs differ."""
    known = {(each.kind, each.guest_id): each.hash for each in made(before)}
    return [(each.kind, each.guest_id) for each in made(after) if known.get((each.kind, each.guest_id)) != each.hash]


# Which documents there are.


def test_documents_of_a_ceremony_are_its_sheets_then_the_invitations_then_the_printers_file(
    can_tho: Parts,
) -> None:
    assert [each.kind for each in made(can_tho)] == [*SHEETS, *["invitation"] * 6, "invitations"]


def test_documents_of_nothing_are_sheets_without_rolls_awards_and_invitations(can_tho: Parts) -> None:
    nobody = GuestsPart(guests=(), version=0, hash="g")
    nothing = AwardsPart(decisions=(), lines=(), version=0, hash="a")
    plan = SchedulingPart(ceremony=can_tho.scheduling.ceremony, items=(), hash="s")

    assert [each.kind for each in made(Parts(plan, nobody, nothing))] == [
        "programme",
        "script",
        "introductions",
        "guests",
    ]


def test_roll_is_a_document_of_its_own_where_a_group_has_one(full: Parts) -> None:
    kinds = [each.kind for each in made(full)]

    assert kinds[:6] == ["programme", "script", "introductions", "guests", "roll", "awards"]
    assert kinds.count("invitation") == 120


def test_draft_shows_no_more_invitations_than_its_bound(full: Parts) -> None:
    many = full.guests.model_copy(update={"guests": full.guests.guests * 2})
    parts = dataclasses.replace(full, guests=many)

    draft, release = made(parts, draft=True), made(parts)

    assert [each.kind for each in draft].count("invitation") == DRAFT_INVITATIONS
    assert [each.kind for each in release].count("invitation") == 240
    assert (draft[-1].title, release[-1].title) == (
        "Giấy mời (bản in): 150 đại biểu đầu",
        "Giấy mời (bản in)",
    )


def test_file_names_are_ascii_and_say_draft(can_tho: Parts) -> None:
    names = [each.file_name for each in made(can_tho, draft=True)]

    assert [name for name in names if not re.fullmatch(r"[a-z0-9-]+\.pdf", name)] == []
    assert names[0] == "can-tho-chuong-trinh-du-thao.pdf"
    assert names[5] == "can-tho-giay-moi-001-trung-tuong-le-tan-toi-du-thao.pdf"
    assert len(set(names)) == len(names)


# What they print.


def test_unknown_times_and_order_print_as_the_sign_for_the_unknown(can_tho: Parts) -> None:
    programme = context(can_tho, "programme")

    assert {(row["number"], row["time"]) for row in programme["rows"]} == {("—", "—")}
    assert plain(programme["when"]) == "Thứ Hai, ngày 01 tháng 7 năm 2024 (giờ: —)"
    assert len(programme["notes"]) == 2


@pytest.mark.parametrize(
    ("on", "start", "end", "printed"),
    [
        (None, None, None, "—"),
        (date(2024, 2, 9), None, None, "Thứ Sáu, ngày 09 tháng 02 năm 2024 (giờ: —)"),
        (None, time(8), None, "08 giờ 00, ngày —"),
        (date(2024, 10, 12), time(8), None, "08 giờ 00, Thứ Bảy, ngày 12 tháng 10 năm 2024"),
        (
            date(2024, 7, 1),
            time(7, 30),
            time(10, 5),
            "07 giờ 30 – 10 giờ 05, Thứ Hai, ngày 01 tháng 7 năm 2024",
        ),
    ],
)
def test_time_of_the_ceremony_says_what_is_known_of_it(
    can_tho: Parts, on: date | None, start: time | None, end: time | None, printed: str
) -> None:
    parts = with_ceremony(can_tho, on=on, start=start, end=end)

    assert plain(context(parts, "programme")["when"]) == printed


def test_guest_in_a_role_prints_with_address_and_posts_and_others_as_written(can_tho: Parts) -> None:
    rows = context(can_tho, "programme")["rows"]

    assert [plain(doer["who"]) for row in rows for doer in row["doers"]] == [
        "Ông Trần Việt Trường, Chủ tịch UBND TP Cần Thơ",
        "Ông Nguyễn Văn Hiếu, Bí thư Thành ủy",
        "Ông Phạm Văn Hiểu, Chủ tịch HĐND TP Cần Thơ",
        "Thiếu tướng Nguyễn Văn Thuận, Giám đốc Công an TP Cần Thơ",
        "Trung tướng Lê Tấn Tới, Chủ nhiệm Ủy ban Quốc phòng và An ninh của Quốc hội",
        "Lực lượng tham gia bảo vệ ANTT ở cơ sở trên địa bàn TP Cần Thơ",
    ]


def test_names_are_bound_and_ranks_may_stand_on_the_line_above(can_tho: Parts) -> None:
    rows = context(can_tho, "programme")["rows"]

    said = [doer["who"].partition(",")[0] for row in rows for doer in row["doers"]]
    assert said[2:4] == ["Ông\u00a0Phạm\u00a0Văn\u00a0Hiểu", "Thiếu tướng Nguyễn\u00a0Văn\u00a0Thuận"]


def test_role_of_a_guest_who_left_prints_as_it_was_written(can_tho: Parts) -> None:
    kept = tuple(guest for guest in can_tho.guests.guests if guest.id != "guest-5")
    parts = dataclasses.replace(can_tho, guests=can_tho.guests.model_copy(update={"guests": kept}))

    assert plain(context(parts, "programme")["rows"][0]["doers"][0]["who"]) == "Ông Trần Việt Trường"


def test_awards_and_gifts_stand_apart_and_the_unknown_decision_is_said(can_tho: Parts) -> None:
    awards = context(can_tho, "awards")

    assert [(group["kind"], group["count"]) for group in awards["groups"]] == [("Giấy khen", "3")]
    assert [(group["kind"], group["count"]) for group in awards["gifts"]] == [("Quà tặng", "4")]
    assert plain(awards["attached"]) == "Kèm theo Quyết định số — ngày — của —"
    assert awards["columns"] == ["presenter"]


def test_several_decisions_are_named_at_their_groups(full: Parts) -> None:
    awards = context(full, "awards")

    assert awards["attached"] == "Kèm theo 3 quyết định, ghi ở từng nhóm"
    assert [(group["kind"], plain(group["decision"])) for group in awards["groups"]] == [
        (
            "Huân chương Lao động hạng Nhì",
            "Quyết định số 999/QĐ-CTN ngày 03 tháng 6 năm 2024 của Chủ tịch nước",
        ),
        (
            "Bằng khen của Thủ tướng Chính phủ",
            "Quyết định số 512/QĐ-TTg ngày 12 tháng 6 năm 2024 của Thủ tướng Chính phủ",
        ),
        (
            "Bằng khen của Chủ tịch UBND tỉnh",
            "Quyết định số 1234/QĐ-UBND ngày 09 tháng 02 năm 2024 của Chủ tịch UBND tỉnh Mẫu",
        ),
        ("Giấy khen", "Quyết định số 1234/QĐ-UBND ngày 09 tháng 02 năm 2024 của Chủ tịch UBND tỉnh Mẫu"),
    ]


def test_invitation_names_the_guests_own_duties_only(can_tho: Parts) -> None:
    invitations = [each.context for each in made(can_tho) if each.guest_id]

    merit = "các cá nhân có thành tích xuất sắc trong tham gia bảo vệ an ninh trật tự ở cơ sở"
    duties = [[plain(duty["what"]) for duty in each["duties"]] for each in invitations]
    assert duties == [
        ["Tặng quà lực lượng tham gia bảo vệ ANTT ở cơ sở trên địa bàn TP Cần Thơ"],
        [],
        [],
        [f"Trao giấy khen và tặng quà cho {merit}"],
        ["Phát biểu tại buổi lễ"],
        [],
    ]


def test_presenter_without_an_item_is_asked_to_hand_over(can_tho: Parts) -> None:
    lines = tuple(line.model_copy(update={"item": None}) for line in can_tho.awards.lines)
    parts = dataclasses.replace(can_tho, awards=can_tho.awards.model_copy(update={"lines": lines}))

    invited = next(each for each in made(parts) if each.guest_id == "guest-4")
    assert [plain(duty["what"]) for duty in invited.context["duties"]][1:] == ["Trao Giấy khen", "Trao Quà tặng"]


def test_group_is_invited_by_its_label(can_tho: Parts) -> None:
    group = next(each for each in made(can_tho) if each.guest_id == "guest-3")

    assert (group.context["to"], group.context["post"]) == ("Lãnh đạo Tổng Liên đoàn Lao động Việt Nam", "")


def test_introductions_keep_the_order_of_precedence_and_show_who_has_no_place(can_tho: Parts) -> None:
    parts = with_guest(can_tho, 3, position=None)

    sections = context(parts, "introductions")["sections"]

    shown = [
        (section["head"], [row["number"] for group in section["groups"] for row in group["rows"]])
        for section in sections
    ]
    assert shown == [
        ("Giới thiệu từng đại biểu", ["1", "2", "5"]),
        ("Giới thiệu chung", ["3", "6"]),
        ("Chưa xếp thứ tự", ["—"]),
    ]


def test_group_prints_the_head_count_that_is_to_print(can_tho: Parts) -> None:
    parts = with_guest(can_tho, 5, counted=715, counted_kind="actual")

    def about(shown: Parts) -> str:
        rows = [row for group in context(shown, "guests")["groups"] for row in group["rows"]]
        return plain(rows[-1]["about"])

    assert [word in about(parts) for word in ("715", "728")] == [True, False]
    assert "728" in about(can_tho)


def test_roll_is_read_column_by_column_in_blocks(full: Parts) -> None:
    group = context(full, "roll")["groups"][0]
    names = program_parts.names(728)

    first, last = group["blocks"][0], group["blocks"][-1]
    assert [number for number, _ in first[0]] == ["1", "11", "21"]
    assert [plain(name) for _, name in first[1]] == [names[1], names[11], names[21]]
    assert (len(group["blocks"]), [number for number, _ in last[-1]]) == (25, ["728", "", ""])


def test_draft_and_sample_are_marked(can_tho: Parts) -> None:
    real = with_ceremony(can_tho, sample=False)

    marks = [
        context(parts, "programme", draft=draft)["marks"] for parts in (real, can_tho) for draft in (False, True)
    ]
    assert marks == [[], ["DỰ THẢO"], ["BẢN MINH HỌA"], ["DỰ THẢO", "BẢN MINH HỌA"]]


def test_text_is_cleaned_of_what_cannot_be_seen(can_tho: Parts) -> None:
    parts = with_item(can_tho, 0, title="Pha\u0301t \u202ebiểu\u2028tại\r\n buổi\u200b lễ")

    assert plain(context(parts, "programme")["rows"][0]["what"]) == "Phát biểu tại buổi lễ"


def test_english_papers_take_english_words(can_tho: Parts) -> None:
    parts = with_ceremony(can_tho, language="en")

    programme = made(parts, profile="plain")[0]
    assert (programme.title, programme.context["when"]) == (
        "Programme",
        "Monday, 1 July 2024 (hour: —)".replace(" July ", "\u00a0July\u00a0"),
    )


def test_programme_names_those_who_serve_only_where_nobody_else_is(can_tho: Parts) -> None:
    mc, speaker = (Role(role=role, text=text) for role, text in (("mc", "Lê Dẫn"), ("speaker", "Trần Nói")))
    both, alone = with_item(can_tho, 0, roles=(mc, speaker)), with_item(can_tho, 0, roles=(mc,))

    said = [context(parts, "programme")["rows"][0]["doers"] for parts in (both, alone)]
    assert said == [[{"role": None, "who": "Trần Nói"}], [{"role": None, "who": "Lê Dẫn"}]]
    assert len(context(both, "script")["rows"][0]["doers"]) == 2


# The hash.


def test_hash_is_the_same_for_the_same_parts(can_tho: Parts) -> None:
    again = Parts(*program_parts.can_tho())

    assert moved(can_tho, again) == []


def test_change_of_the_spoken_text_moves_the_script_only(full: Parts) -> None:
    assert moved(full, with_item(full, 4, mc_text="Nghiêm! Chào cờ, chào!")) == [("script", None)]


def test_change_of_a_duration_moves_the_script_only(full: Parts) -> None:
    assert moved(full, with_item(full, 4, minutes=9)) == [("script", None)]


def test_change_of_a_seat_moves_the_list_and_the_guests_own_invitation(full: Parts) -> None:
    changed = with_guest(full, 50, seat="B12")

    assert moved(full, changed) == [("guests", None), ("invitation", "guest-51"), ("invitations", None)]


def test_change_of_an_address_of_mail_moves_nothing(full: Parts) -> None:
    person = full.guests.guests[50].person
    assert person
    changed = with_guest(full, 50, person=person.model_copy(update={"email": "moi@example.org"}))

    assert moved(full, changed) == []


def test_change_of_an_item_without_guests_moves_no_invitation(full: Parts) -> None:
    assert moved(full, with_item(full, 4, title="Chào cờ")) == [("programme", None), ("script", None)]


def test_other_template_or_renderer_moves_the_document(can_tho: Parts) -> None:
    rules = load_profile("vn-province", can_tho.scheduling.ceremony.on)
    words = templates.words()
    now = documents(can_tho, rules, words, lambda _: "a", draft=False)
    then = documents(can_tho, rules, words, lambda kind: "b" if kind == "script" else "a", draft=False)

    assert [new.kind for old, new in zip(now, then, strict=True) if old.hash != new.hash] == ["script"]


def test_fingerprints_differ_by_kind_and_stay() -> None:
    prints = {kind: templates.fingerprint(kind) for kind in templates.TEMPLATES}

    assert len(set(prints.values())) == len(prints)
    templates.fingerprint.cache_clear()
    assert {kind: templates.fingerprint(kind) for kind in prints} == prints


def test_everything_in_the_inputs_is_printed(can_tho: Parts, full: Parts) -> None:
    """A value that is hashed but not printed would render a document anew for nothing."""
    filling, silent = Filling(), []
    for parts in (can_tho, _few_of(full)):
        printed = {each.kind: each.context for each in reversed(made(parts)) if not each.parts}
        for kind, whole in printed.items():
            page = filling.html(kind, whole)
            ways = (path for path in _leaves(whole) if path[0] not in {"layout", "language", "unknown"})
            silent += [(kind, path) for path in ways if filling.html(kind, _changed(whole, path)) == page]

    assert silent == []


def _few_of(parts: Parts) -> Parts:
    """A few of each kind of entry, and half of the roll."""
    guests = parts.guests.guests
    group = guests[-1].group
    assert group
    few = guests[-1].model_copy(update={"group": group.model_copy(update={"roll": group.roll[:40]})})
    return Parts(
        parts.scheduling.model_copy(update={"items": parts.scheduling.items[10:16]}),
        parts.guests.model_copy(update={"guests": (*guests[20:26], guests[115], few)}),
        parts.awards.model_copy(update={"lines": parts.awards.lines[::5]}),
    )


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Ways to the texts and numbers in it; of a long list its first three and its last."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, name))
    elif isinstance(value, list | tuple):
        for at in sorted({*range(min(3, len(value))), *([len(value) - 1] if value else [])}):
            yield from _leaves(value[at], (*path, at))
    elif isinstance(value, str | int) and not isinstance(value, bool) and path[:1] != ("columns",):
        yield path


def _changed(whole: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    other = json.loads(json.dumps(whole))
    inner = other
    for step in path[:-1]:
        inner = inner[step]
    value = inner[path[-1]]
    inner[path[-1]] = value + 1 if isinstance(value, int) else f"{value}#"
    return dict(other)


def test_words_are_complete_in_every_language() -> None:
    def keys(value: Any) -> Any:
        return {name: keys(inner) for name, inner in value.items()} if isinstance(value, dict) else None

    words = copy.deepcopy(templates.words())
    assert keys(words["en"]) == keys(words["vi"])
