"""What belongs on an award list, in which order, and what of it is still open."""

from datetime import date

import pytest

from schemas.awards import AwardsPlan, Decision, DecisionFields, LineFields
from schemas.parts import PartChange
from schemas.protocol import load_profile
from services.awards.model import (
    DecisionUnknown,
    KeptLine,
    KindUnknown,
    Listed,
    check_line,
    compare,
    nearest_kind,
    part,
    planned,
    problems_of,
    with_entry,
)

PROFILE = load_profile("vn-province", date(2024, 7, 1))
KNOWN = DecisionFields(key="qd1", number="12/QĐ-UBND", on=date(2024, 6, 1))


def line(
    key: str, kind: str = "giay_khen", decision: str | None = "qd1", stage_order: int | None = None
) -> LineFields:
    return LineFields(key=key, kind=kind, decision=decision, recipient=f"Ông {key}", stage_order=stage_order)


def kept(*lines: LineFields) -> Listed:
    return planned(AwardsPlan(decisions=(KNOWN,), lines=lines), Listed(), iter(map(str, range(99))))


def problems(*lines: LineFields, decisions: tuple[DecisionFields, ...] = (KNOWN,)) -> list[tuple[str, str]]:
    found = problems_of(AwardsPlan(decisions=decisions, lines=lines), PROFILE)
    return [(problem.severity, problem.text()) for problem in found]


def test_lines_come_from_the_highest_kind_down_then_as_they_go_on_stage() -> None:
    listed = kept(
        line("gift", "gift", None),
        line("late"),
        line("second", stage_order=2),
        line("first", stage_order=1),
        line("also late"),
        line("flag", "souvenir_flag", None),
        line("top", "huan_chuong_lao_dong_ba"),
        line("province", "bang_khen_tinh"),
    )
    order = [one.key for one in part(listed, PROFILE, 1).lines]
    assert order == ["top", "province", "first", "second", "late", "also late", "flag", "gift"]


def test_lines_climb_where_the_profile_says_low_to_high() -> None:
    rules = PROFILE.awards.model_copy(update={"order": "low_to_high"})
    listed = kept(line("high", "bang_khen_tinh"), line("low"), line("strange", "medal_of_mars"))
    order = [one.key for one in part(listed, PROFILE.model_copy(update={"awards": rules}), 1).lines]
    assert order == ["low", "high", "strange"]


def test_a_line_says_its_kind_in_the_words_of_the_profile() -> None:
    lines = part(kept(line("a"), line("b", "gift", None), line("c", "medal_of_mars")), PROFILE, 1).lines
    said = [(one.kind_label, one.needs_decision) for one in lines]
    assert said == [("Giấy khen", True), ("Quà", False), ("medal_of_mars", True)]


def test_a_list_without_fault_has_no_problem() -> None:
    assert problems(line("a"), line("b", "gift", None)) == []


def test_an_unknown_kind_is_an_error_that_names_the_nearest() -> None:
    (severity, text), *rest = problems(line("a", "Giay khn"))
    assert (severity, rest) == ("error", [])
    assert text == (
        "The award kind “Giay khn” of Ông a is not in the profile vn-province/1; the nearest there is “Giấy khen” "
        "(giay_khen). Write the code of a kind of that profile."
    )


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Huân chương Lao động hạng 3", "huan_chuong_lao_dong_ba"),
        ("souvenir flags", "souvenir_flag"),
        ("Bằng khen Thủ tướng", "bang_khen_thu_tuong"),
    ],
)
def test_the_nearest_kind_is_found_by_code_or_label(typed: str, code: str) -> None:
    assert nearest_kind(typed, PROFILE)[1] == code


def test_a_code_on_two_entries_is_an_error() -> None:
    found = problems(line("a"), line("a"), decisions=(KNOWN, KNOWN))
    assert found == [
        ("error", "The code qd1 stands on two decisions. Give each its own."),
        ("error", "The code a stands on two lines. Give each its own."),
    ]


@pytest.mark.parametrize("field", ["head_count", "stage_order"])
def test_a_number_beyond_all_counting_is_an_error(field: str) -> None:
    (found,) = problems(line("a").model_copy(update={field: 10**20}))
    assert found == (
        "error",
        "The number 100000000000000000000 in the line of Ông a is larger than 100000000. Correct it.",
    )
    assert problems(line("a").model_copy(update={field: 100_000_000})) == []


def test_a_decision_that_is_not_listed_is_an_error() -> None:
    (found,) = problems(line("a", decision="qd2"))
    assert found[0] == "error"
    assert found[1].startswith("The line of Ông a points to the decision qd2, which is not on the list.")


def test_an_award_without_its_decision_is_open() -> None:
    (found,) = problems(line("a", decision=None))
    assert found == (
        "warning",
        "The “Giấy khen” for Ông a names no decision; it prints as unknown. Add its decision when it is known.",
    )


def test_a_decision_of_which_little_is_known_is_open() -> None:
    rest = "it prints as unknown. Add it when it is known."
    unknown, undated = DecisionFields(key="qd1"), DecisionFields(key="qd2", number="12/QĐ-UBND")
    assert problems(line("a"), line("b"), line("c", decision="qd2"), decisions=(unknown, undated)) == [
        (
            "warning",
            f"The number of the decision on which 2 awards rest is not known (—); {rest}",
        ),
        (
            "warning",
            f"The date of the decision on which 1 awards rest is not known (12/QĐ-UBND); {rest}",
        ),
    ]


def test_a_gift_with_a_decision_is_a_warning() -> None:
    (found,) = problems(line("a", "gift"))
    assert found[0] == "warning"
    assert found[1].startswith("The “Quà” for Ông a needs no decision, yet it names qd1.")


def test_a_single_line_is_refused_for_the_same_reasons() -> None:
    with pytest.raises(KindUnknown):
        check_line(line("a", "medal_of_mars"), kept(), PROFILE)
    with pytest.raises(DecisionUnknown):
        check_line(line("a", decision="qd2"), kept(), PROFILE)
    check_line(line("a"), kept(), PROFILE)


def test_what_keeps_its_key_keeps_its_id() -> None:
    old = kept(line("a"), line("b"))
    plan = AwardsPlan(decisions=(KNOWN,), lines=(line("b", "gift", None), line("c")))
    new = planned(plan, old, iter(["n1", "n2"]))
    assert [(one.key, one.id) for one in new.lines] == [("b", old.lines[1].id), ("c", "n1")]
    assert new.decisions == old.decisions
    assert compare(old, new) == PartChange(created=1, updated=1, removed=1, unchanged=1)


def test_an_entry_takes_the_place_of_its_namesake() -> None:
    old = kept(line("a"), line("b"))
    other = KeptLine(id=old.lines[0].id, **line("a", "gift", None).model_dump())
    assert with_entry(old, other).lines == (other, old.lines[1])
    assert with_entry(old, old.lines[1]) == old
    added = Decision(id="n1", key="qd2")
    assert with_entry(old, added).decisions == (*old.decisions, added)
