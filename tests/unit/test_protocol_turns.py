"""What follows from the order of precedence: salutation, speeches, arrivals."""

import pytest

from schemas.protocol import InOrder, Profile, arrivals, load_profile, salutation, speeches

VN, FR, UK, US, PLAIN = (load_profile(name) for name in ("vn-province", "fr-1989", "uk-county", "us-state", "plain"))
PEOPLE = [
    InOrder("minister", "guest", "Ông A, Bộ trưởng"),
    InOrder("deputy", "guest", "Bà B, Thứ trưởng"),
    InOrder("secretary", "host", "Ông C, Bí thư"),
    InOrder("chair", "host", "Bà D, Chủ tịch"),
]


@pytest.mark.parametrize(
    ("profile", "language", "expected"),
    [
        (
            VN,
            "vi",
            ["Kính thưa Ông A, Bộ trưởng", "Kính thưa Ông C, Bí thư", "Kính thưa các vị đại biểu và toàn thể quý vị"],
        ),
        (UK, "en", ["Ông A, Bộ trưởng", "Bà B, Thứ trưởng", "ladies and gentlemen"]),
        (PLAIN, "en", ["Ladies and gentlemen"]),
    ],
    ids=["vn", "uk", "plain"],
)
def test_a_speech_opens_as_deep_as_the_profile_goes(profile: Profile, language: str, expected: list[str]) -> None:
    assert salutation(PEOPLE, profile, language) == expected


@pytest.mark.parametrize(
    ("profile", "speakers", "expected"),
    [
        (VN, {"chair", "deputy"}, [("host", "chair"), ("superior", "deputy"), ("host_reply", "chair")]),
        (VN, {"chair"}, [("host", "chair")]),
        (VN, set(), [("host", "secretary"), ("superior", "minister"), ("host_reply", "secretary")]),
        (VN, {"chair", "secretary"}, [("host", "secretary"), (None, "chair")]),
        (FR, {"chair", "minister"}, [("inverse_precedence", "chair"), ("inverse_precedence", "minister")]),
        (FR, set(), []),
        (UK, {"chair", "minister"}, [("host", "chair"), ("superior", "minister")]),
        (US, {"deputy", "minister"}, [("by_precedence", "minister"), ("by_precedence", "deputy")]),
    ],
)
def test_speakers_take_turns_as_the_profile_has_it(
    profile: Profile, speakers: set[str], expected: list[tuple[str | None, str]]
) -> None:
    assert speeches(PEOPLE, speakers, profile) == expected


def test_the_highest_arrives_last_where_that_is_the_custom() -> None:
    assert (arrivals("abc", VN), arrivals("abc", PLAIN)) == (["c", "b", "a"], ["a", "b", "c"])
