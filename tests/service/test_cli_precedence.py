"""khaimac guests: the order of precedence from the command line, against one running instance."""

from collections.abc import Iterator

import pytest

from tests.service.cli_house import ROOT, House

CEREMONY = "2024-07-01-can-tho"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"))
    server = house.start("serve", "--json")
    assert server.stdout is not None
    server.stdout.readline()
    try:
        house.run("plan", "import", str(ROOT / "examples" / "2024-07-01" / "can-tho"), "--json")
        yield house
    finally:
        server.terminate()
        server.communicate(timeout=20)


def line(house: House) -> list[str]:
    return [one["address"].split()[-1] for one in house.ask("guests", "order", CEREMONY)["positions"]]


def test_order_tells_each_place_and_its_reason(house: House) -> None:
    assert line(house) == ["Tới", "Hưng", "Nam", "Hiếu", "Trường", "cốt"]
    out, _ = house.say("guests", "order", CEREMONY, "--lang", "en")
    words = " ".join(out.split())
    assert "before Thiếu tướng Cao Đăng Hưng: bloc: assembly" in words
    out, _ = house.say("guests", "order", CEREMONY, "--lang", "vi", "--filter", "truong")
    assert "trước" in out


def test_a_guest_is_placed_by_hand_and_put_back(house: House) -> None:
    house.ask("guests", "place", CEREMONY, "Trần Việt Trường", "--before", "cao dang hung", "--reason", "khách mời")
    assert line(house)[:3] == ["Tới", "Trường", "Hưng"]
    out, _ = house.say("guests", "order", CEREMONY, "--by-hand", "--lang", "en")
    assert "by hand: khách mời" in out
    house.ask("guests", "return", CEREMONY, "Trần Việt Trường")
    assert line(house) == ["Tới", "Hưng", "Nam", "Hiếu", "Trường", "cốt"]
    refused = house.ask("guests", "return", CEREMONY, "Nguyễn Không Ai", code=1)["refusal"]
    assert refused["code"] == "nobody-found"


def test_what_follows_and_what_needs_ranking_is_told(house: House) -> None:
    assert house.ask("guests", "unranked", CEREMONY)["titles"] == []
    told = house.ask("guests", "courtesies", CEREMONY)
    assert told["salutation"][1] == "Kính thưa Ông Nguyễn Văn Hiếu, Bí thư Thành ủy Cần Thơ"
    out, _ = house.say("guests", "courtesies", CEREMONY, "--lang", "en")
    assert out.split("\n")[0] == "Salutation"


def test_a_title_is_settled_for_the_office_or_one_guest(house: House) -> None:
    title, counts = "Chủ tịch UBND TP Cần Thơ", ("--as", "province/government/vice_chair")
    house.ask("guests", "rank", CEREMONY, title, *counts, "--guest", "Trần Việt Trường")
    found = house.ask("guests", "order", CEREMONY, "--filter", "truong")["positions"]
    assert [one["standing"]["cls"] for one in found] == ["vice_chair"]
    wrong = house.ask("guests", "rank", CEREMONY, "Nghệ nhân", "--as", "province/poets/best", code=1)["refusal"]
    assert wrong["code"] == "no-such-standing"
    assert house.ask("guests", "rank", CEREMONY, "Nghệ nhân", *counts)["version"] == 1
