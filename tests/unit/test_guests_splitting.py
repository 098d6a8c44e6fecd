"""A person in one text taken apart by a profile's words; nothing is lost, and what is unsure is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.guests import Post
from schemas.protocol import profile_for
from services.guests.model.splitting import Splitter
from services.lang import clean

VIETNAM = profile_for("vn-province", None)
SPLITTER = Splitter(VIETNAM)


def read(
    text: str, splitter: Splitter = SPLITTER
) -> tuple[str | None, str | None, str, list[tuple[str, str | None]]]:
    split = splitter.person(text)
    posts, _ = splitter.posts(split.behind) if split.behind else ((), ())
    return split.honorific, split.rank, split.name, [(post.title, post.organisation) for post in posts]


def doubts(text: str, splitter: Splitter = SPLITTER) -> list[tuple[str, str]]:
    split = splitter.person(text)
    _, more = splitter.posts(split.behind) if split.behind else ((), ())
    return [(one.kind, one.text) for one in (*split.doubts, *more)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Trung tướng Lê Tấn Tới, Chủ nhiệm Ủy ban Quốc phòng và An ninh của Quốc hội",
            (None, "Trung tướng", "Lê Tấn Tới", [("Chủ nhiệm", "Ủy ban Quốc phòng và An ninh của Quốc hội")]),
        ),
        (
            "Đ/c Lê Thị Mẫu - Phó Bí thư Tỉnh ủy, Chủ tịch UBND tỉnh Thử Nghiệm",
            ("Đ/c", None, "Lê Thị Mẫu", [("Phó Bí thư", "Tỉnh ủy"), ("Chủ tịch", "UBND tỉnh Thử Nghiệm")]),
        ),
        (
            "Ông Trần Hai (Tổ trưởng Tổ dân phố 5)",
            ("Ông", None, "Trần Hai", [("Tổ trưởng Tổ dân phố 5", None)]),
        ),
        (
            "Vũ Ba, Trưởng Ban Chỉ đạo an ninh, trật tự tỉnh",
            (None, None, "Vũ Ba", [("Trưởng Ban Chỉ đạo an ninh, trật tự tỉnh", None)]),
        ),
        (
            "Đại tá\nTrần Hai\nGiám đốc Công an tỉnh",
            (None, "Đại tá", "Trần Hai", [("Giám đốc", "Công an tỉnh")]),
        ),
        ("Vũ Ba, Phó Giám đốc, Công an tỉnh", (None, None, "Vũ Ba", [("Phó Giám đốc", "Công an tỉnh")])),
        ("Y Mẫu Niê Kđăm", (None, None, "Y Mẫu Niê Kđăm", [])),
    ],
)
def test_text_of_a_person_is_taken_apart(
    text: str, expected: tuple[str | None, str | None, str, list[tuple[str, str | None]]]
) -> None:
    assert read(text) == expected
    assert doubts(text) == []


def test_a_capital_behind_a_comma_that_begins_no_post_is_asked_and_stays_whole() -> None:
    text, piece = "Vũ Ba, Phó Chủ nhiệm Câu lạc bộ Văn học, Nghệ thuật", "Nghệ thuật"
    assert doubts(text) == [("piece", piece)]
    assert read(text)[3] == [("Phó Chủ nhiệm Câu lạc bộ Văn học, Nghệ thuật", None)]
    apart = Splitter(VIETNAM, apart=frozenset({piece}), telling=frozenset({piece}))
    assert doubts(text, apart) == []
    assert read(text, apart)[3] == [("Phó Chủ nhiệm Câu lạc bộ Văn học", None), (piece, None)]


def test_what_stands_behind_a_name_and_is_no_known_post_is_asked() -> None:
    assert doubts("Vũ Ba, Anh hùng Lao động") == [("tail", "Anh hùng Lao động")]
    named = Splitter(VIETNAM, names=frozenset({"Anh hùng Lao động"}))
    assert read("Vũ Ba, Anh hùng Lao động", named)[2] == "Vũ Ba, Anh hùng Lao động"


def test_a_given_organisation_is_that_of_posts_without_one() -> None:
    posts, _ = SPLITTER.posts("Bí thư Huyện ủy; Trưởng đoàn", "Huyện Kế Sách")
    assert posts == (
        Post(title="Bí thư", organisation="Huyện ủy"),
        Post(title="Trưởng đoàn", organisation="Huyện Kế Sách"),
    )
    assert SPLITTER.posts("Chủ tịch UBND", "UBND huyện")[0] == (
        Post(title="Chủ tịch UBND", organisation="UBND huyện"),
    )


def test_another_profile_has_other_words() -> None:
    plain = Splitter(profile_for("plain", None))
    assert read("Dr Jane Sample, Chief Engineer", plain) == (
        "Dr",
        None,
        "Jane Sample",
        [("Chief Engineer", None)],
    )


WORDS = st.sampled_from(
    [
        "Trung tướng",
        "Ông",
        "Lê Thị Mẫu",
        ", ",
        " - ",
        "; ",
        "\n",
        "Chủ tịch",
        "UBND tỉnh",
        "an ninh, trật tự",
        "(",
        ")",
    ]
)


@given(st.lists(WORDS, max_size=9).map(" ".join))
def test_no_word_is_lost(text: str) -> None:
    honorific, rank, name, posts = read(text) if clean(text) else (None, None, "", [])
    said = " ".join(filter(None, [honorific, rank, name, *(word or "" for post in posts for word in post)]))
    letters = sorted(sign for sign in text if sign.isalpha())
    assert sorted(sign for sign in said if sign.isalpha()) == letters
