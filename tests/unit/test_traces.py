"""A guest known again in values: what points to him goes as a whole, of text that names him only the name."""

from unicodedata import normalize

import pytest

from schemas.traces import Traced
from services.kit.traces import Trace

HIM, OTHER = "0190a1b2-0000-7000-8000-000000000001", "0190a1b2-0000-7000-8000-000000000002"
NAME = "Nguyễn Văn Uyên"
TRACE = Trace(Traced(ceremony_id="c", guest_id=HIM, words=(NAME, "uyen@vidu.example.org")))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"Kính mời ông {NAME}.", "Kính mời ông …."),
        (f"ÔNG {NAME.upper()} PHÁT BIỂU", "ÔNG … PHÁT BIỂU"),
        (normalize("NFD", f"ông {NAME}"), normalize("NFD", "ông …")),
        ("Nguyễn  Văn\nUyên", "…"),
        ("Nguyễn Văn Uyênh đến", "Nguyễn Văn Uyênh đến"),
        ("Nguyễn Văn Uyển đến", "Nguyễn Văn Uyển đến"),
        ("gửi UYEN@vidu.example.org", "gửi …"),
    ],
)
def test_name_goes_from_a_text_and_nothing_else(text: str, left: str) -> None:
    assert TRACE.without(text) == left


def test_what_points_to_him_goes_and_what_is_of_others_stays() -> None:
    roles = [{"role": "speaker", "guest": HIM, "text": "Ông U"}, {"role": "mc", "guest": OTHER, "text": "Bà B"}]
    value = {
        "guests": [{"id": HIM, "person": {"name": NAME}}, {"id": OTHER, "note": f"đi cùng {NAME}", "heads": 2}],
        "items": [{"key": "a", "roles": roles, "presenter": {"guest": HIM, "text": "Ông U"}}],
        "seats": [[HIM, 0, ["a/1", 1, False]], [OTHER, 0, None]],
        HIM: {"state": "accepted"},
        OTHER: {"stands_in_for": HIM},
    }
    assert TRACE.without(value) == {
        "guests": [{"id": OTHER, "note": "đi cùng …", "heads": 2}],
        "items": [{"key": "a", "roles": roles[1:], "presenter": None}],
        "seats": [[OTHER, 0, None]],
        OTHER: {"stands_in_for": HIM},
    }
    assert list(TRACE.of(value)) == [
        {"id": HIM, "person": {"name": NAME}},
        f"đi cùng {NAME}",
        roles[0],
        {"guest": HIM, "text": "Ông U"},
        [HIM, 0, ["a/1", 1, False]],
        {"state": "accepted"},
    ]


def test_who_has_no_words_of_his_own_is_known_by_his_id_alone() -> None:
    trace = Trace(Traced(ceremony_id="c", guest_id=HIM))
    assert trace.without({"a": NAME, HIM: 1}) == {"a": NAME}
