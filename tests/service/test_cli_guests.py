"""khaimac guests: answers, stand-ins and head counts, as people type them."""

import pytest

from tests.service.cli_house import House

CODE = "le-ra-mat"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = House(tmp_path_factory.mktemp("guests"))
    made.ask("plan", "import", str(made.plan()))
    return made


def test_an_answer_is_set_by_name_and_shown_with_its_history(house: House) -> None:
    told = house.ask("guests", "answer", CODE, "tran van hai", "accepted", "--by", "mail", "--note", "Thư số 12")
    assert [(one["state"], one["through"], one["note"]) for one in told["history"]] == [
        ("accepted", "mail", "Thư số 12")
    ]
    assert house.ask("guests", "answers", CODE)["states"] == {"to_invite": 1, "accepted": 1}
    assert [one["state"] for one in house.ask("guests", "answers", CODE, "--state", "accepted")["guests"]] == [
        "accepted"
    ]
    refused = house.ask("guests", "answer", CODE, "tran van hai", "read", code=1)
    assert refused["refusal"]["code"] == "answer-unfit"
    assert house.ask("guests", "answer", CODE, "không ai", code=1)["refusal"]["code"] == "nobody-found"


def test_a_stand_in_is_previewed_made_and_taken_back(house: House) -> None:
    new = ("--new", "--post", "Phó Chủ tịch UBND tỉnh Thử Nghiệm", "--email", "thay@example.org")
    told = house.ask("guests", "stand-in", CODE, "Lê Thị Mẫu", "Phạm Văn Thay", *new, "--preview")
    assert [(one["kind"], one["role"]) for one in told["duties"]] == [("item", "speaker")]
    assert len(house.ask("guests", "answers", CODE)["guests"]) == 2
    out, _ = house.say("guests", "stand-in", CODE, "Lê Thị Mẫu", "Phạm Văn Thay", *new)
    assert "Goes over: Khai mạc" in out
    roles = house.ask("show", CODE)["items"][0]["roles"]
    assert [one["text"] for one in roles] == ["Ông (Bà) Phạm Văn Thay"]
    house.ask("guests", "stand-in-back", CODE, "Lê Thị Mẫu")
    assert [one["name"] for one in house.ask("guests", "answers", CODE)["guests"]] == [
        "Bà Lê Thị Mẫu",
        "Ông Trần Văn Hai",
    ]


def test_counts_are_for_groups(house: House) -> None:
    refused = house.ask("guests", "counts", CODE, "Lê Thị Mẫu", "--add", "3", code=1)
    assert refused["refusal"]["code"] == "no-group"


def test_two_who_are_one_are_shown_told_apart_merged_and_parted(house: House) -> None:
    again = house.folder / "hai.csv"
    again.write_text("Họ và tên,Chức vụ,Điện thoại\nLe Thi Mau,Chủ tịch UBND tỉnh Thử Nghiệm,0900 000 001\n")
    house.ask("guests", "import", CODE, str(again), "--answer", "same:2=new", "--yes")
    (pair,) = house.ask("guests", "duplicates", CODE)["pairs"]
    kept, other = (pair[name]["id"] for name in ("guest", "other"))
    out, _ = house.say("guests", "duplicates", CODE)
    assert "94%" in out
    assert house.ask("guests", "two-people", CODE, kept, other) == {"changed": True}
    assert house.ask("guests", "duplicates", CODE)["pairs"] == []
    house.ask("guests", "two-people", CODE, kept, other, "--back")
    told = house.ask("guests", "merge", CODE, kept, other, "--take", "name=other", "--preview")
    assert {one["field"]: one["taken"] for one in told["fields"]}["name"] == "other"
    refused = house.ask("guests", "merge", CODE, kept, other, "--take", "name", code=1)
    assert refused["refusal"]["code"] == "take-unclear"
    done = house.ask("guests", "merge", CODE, kept, other)
    assert (done["guest_id"], done["merged_id"]) == (kept, other)
    assert house.ask("guests", "merge-back", CODE, done["event_id"])["changed"] == 2
    assert len(house.ask("guests", "answers", CODE)["guests"]) == 3
