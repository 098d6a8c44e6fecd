"""A person's data by the command line: held, erased, and how long it is kept."""

from pathlib import Path

import pytest

from tests.service.cli_house import House

AT = "le-ra-mat"


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path, {"KHAIMAC_LANG": "en"})
    house.ask("plan", "import", str(house.plan()))
    return house


def test_a_person_is_shown_then_erased_and_listed_as_erased(house: House) -> None:
    told = house.ask("guests", "held", AT, "Mẫu")
    (one,) = told["guests"]
    assert (one["called"], one["silent"]) == ("Lê Thị Mẫu", [])
    assert "mau@example.org" in str(one["things"])
    out, _ = house.say("guests", "erase", AT, "Mẫu", "--reason", "asked")
    assert "Nothing is erased yet." in out
    assert house.ask("guests", "held", AT, "Mẫu")["guests"][0]["called"] == "Lê Thị Mẫu"
    done = house.ask("guests", "erase", AT, "Mẫu", "--reason", "asked", "--yes")
    assert [each["guest_id"] for each in done["erasures"]] == [one["guest_id"]]
    listed = house.ask("guests", "erasures")["erasures"]
    assert [(each["guest_id"], each["reason"]) for each in listed] == [(one["guest_id"], "asked")]
    _, refused = house.say("guests", "held", AT, "Mẫu", code=1)
    assert "Nobody on the list" in refused


def test_how_long_is_said_shown_and_left_to_the_installation_again(house: House) -> None:
    (now,) = house.ask("guests", "keep")["retentions"]
    assert (now["contacts"], now["contacts_due"], now["papers_due"]) == (1, None, None)
    said = house.ask("guests", "keep", AT, "--contacts-days", "36500", "--papers-until", "2999-12-31")
    assert (said["contacts_due"], said["papers_due"], said["said"]) == ("2124-06-15", "3000-01-01", True)
    out, _ = house.say("guests", "keep")
    assert "2124-06-15" in out
    again = house.ask("guests", "keep", AT, "--default")
    assert (again["contacts_due"], again["papers_due"], again["said"]) == (None, None, False)
    _, refused = house.say("guests", "keep", AT, "--papers-days", "1", "--papers-until", "2999-12-31", code=1)
    assert "not both" in refused
