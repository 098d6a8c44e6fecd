"""khaimac user, khaimac office, and the way in that the first start prints: as people type them."""

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.service.cli_house import House

NAME, PASSWORD = "Trần Thị Lan", "ba con mèo đen"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, dict[str, Any]]]:
    """A running instance, and what it tells when it starts."""
    house = House(tmp_path_factory.mktemp("house"))
    server, told = start(house)
    yield house, told
    stop(server)


def start(house: House) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    server = house.start("serve", "--json")
    assert server.stdout is not None
    told: dict[str, Any] = json.loads(server.stdout.readline())
    return server, told


def stop(server: subprocess.Popen[str]) -> None:
    server.terminate()
    _, err = server.communicate(timeout=30)
    assert (server.returncode, err) == (0, "")


def opens(link: str) -> int:
    return httpx.get(link, follow_redirects=False).status_code


def test_start_prints_the_way_in_until_somebody_is_in(tmp_path: Path) -> None:
    house = House(tmp_path)
    server, told = start(house)
    link, address = told["setup_link"], told["address"]
    assert link.startswith(f"{address}/setup/")
    typed = {"office_name": "Văn phòng", "name": NAME, "email": "lan@example.org", "password": PASSWORD}
    done = httpx.post(link, data=typed, headers={"Origin": address})
    assert (done.status_code, "set-cookie" in done.headers, opens(link)) == (303, True, 404)
    assert house.ask("office", "link", "office", code=1)["refusal"]["code"] == "already-set-up"
    stop(server)
    server, told = start(house)
    stop(server)
    assert told["setup_link"] is None


def test_start_says_it_in_words(tmp_path: Path) -> None:
    server = House(tmp_path).start("serve", "--lang", "vi")
    assert server.stdout is not None
    lines = [server.stdout.readline() for _ in range(2)]
    stop(server)
    assert lines[1].startswith("Chưa có ai đăng nhập được. Thiết lập tại đây (liên kết dùng một lần): http://")


def test_user_is_invited_by_a_link_that_leads_in(served: tuple[House, dict[str, Any]]) -> None:
    house, told = served
    made = house.ask(
        "user", "invite", "ba@example.org", "--name", "Lê Văn Ba", "--role", "viewer", "--role", "planner"
    )
    assert made["link"].startswith(f"{told['address']}/invitation/")
    days = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=6.9) < days <= timedelta(days=7)
    assert opens(made["link"]) == 200
    (user,) = [one for one in house.ask("user", "list") if one["id"] == made["user_id"]]
    roles = [(grant["role"], grant["ceremony_id"]) for grant in user["grants"]]
    assert (user["name"], user["state"], roles) == ("Lê Văn Ba", "invited", [("planner", None), ("viewer", None)])
    again, _ = house.say("user", "reset", "BA@example.org", "--lang", "en")
    assert "This link works once" in again
    assert opens(made["link"]) == 404


def test_role_may_be_for_one_ceremony(served: tuple[House, dict[str, Any]]) -> None:
    house, _ = served
    house.run("plan", "import", str(house.plan()))
    made = house.ask("user", "invite", "hoa@example.org", "--role", "stage_crew@le-ra-mat")
    (user,) = [one for one in house.ask("user", "list") if one["id"] == made["user_id"]]
    (ceremony,) = house.ask("list")
    assert user["grants"] == [{"role": "stage_crew", "ceremony_id": ceremony["id"]}]
    out, _ = house.say("user", "list", "--lang", "en")
    assert "Stage crew @ le-ra-mat" in out
    _, err = house.say("user", "invite", "x@example.org", "--role", "viewer@no-such", code=1)
    assert "no-such" in err


def test_role_that_is_none_is_a_wrong_use(served: tuple[House, dict[str, Any]]) -> None:
    _, err = served[0].say("user", "invite", "x@example.org", "--role", "boss", code=2)
    assert "stage_crew" in err


def test_user_is_locked_and_unlocked(served: tuple[House, dict[str, Any]]) -> None:
    house, _ = served
    house.ask("user", "invite", "khoa@example.org")

    def state() -> str:
        (found,) = [one["state"] for one in house.ask("user", "list") if one["email"] == "khoa@example.org"]
        return str(found)

    house.say("user", "lock", "khoa@example.org")
    assert state() == "locked"
    assert house.ask("user", "reset", "khoa@example.org", code=1)["refusal"]["code"] == "still-locked"
    house.say("user", "unlock", "Khoa@example.org")
    assert state() == "invited"
    assert house.ask("user", "lock", "nobody@example.org", code=1)["refusal"]["status"] == 404


def test_office_is_opened_with_a_way_in_of_its_own(served: tuple[House, dict[str, Any]]) -> None:
    house, told = served
    made = house.ask("office", "open", "tinh-uy", "--name", "Văn phòng Tỉnh ủy")
    assert (made["office"], made["kind"]) == ("tinh-uy", "set_up")
    page = httpx.get(made["link"])
    assert (page.status_code, "Văn phòng Tỉnh ủy" in page.text) == (200, True)
    newer = house.ask("office", "link", "tinh-uy")
    assert [opens(made["link"]), opens(newer["link"])] == [404, 200]
    assert house.ask("office", "open", "tinh-uy", code=1)["refusal"]["code"] == "office-taken"
    assert house.ask("office", "link", "no-such", code=1)["refusal"]["status"] == 404
    own = told["setup_link"]
    assert opens(own) == 200


def test_links_are_where_people_reach_the_gateway(tmp_path: Path) -> None:
    house = House(tmp_path, {"KHAIMAC_PUBLIC_URL": "https://le.example.org/"})
    made = house.ask("user", "invite", "ba@example.org")
    assert made["link"].startswith("https://le.example.org/invitation/")
