"""The file of one part alone, read beside the plan as it stands: what it says changes, the rest stays."""

from schemas.awards import AwardsPart, Decision, Line, Presenter
from schemas.guests import GroupFields, Guest, GuestsPart, PersonFields
from schemas.scheduling import Ceremony, Item, Plan, Role, SchedulingPart
from services.plan import plan_of, read
from tests.unit.plan_folders import folder, said, table

HEADS = "Mã|Họ và tên|Nhóm|Chức vụ"


def guest(guest_id: str, code: str | None, name: str) -> Guest:
    who = PersonFields(name=name)
    return Guest(id=guest_id, version=1, position=1, address=name, posts_text="", code=code, person=who)


def standing() -> Plan:
    people = (
        guest("g1", "K1", "Nguyễn Văn An"),
        guest("g2", None, "Trần Thị Bình"),
        guest("g3", None, "Lê Văn Chín"),
    )
    crowd = Guest(
        id="g4",
        version=1,
        position=4,
        address="Tổ 1",
        posts_text="",
        group=GroupFields(label="Tổ 1", roll=("Đỗ A", "Đỗ B")),
    )
    roles = [Role(role="mc", kind="guest", guest=one.id, text=one.address) for one in people]
    item = Item(id="i1", key="chao-co", position=1, title="Chào cờ", roles=(*roles, Role(role="mc", text="Ai đó")))
    who = Presenter(kind="guest", guest="g2", text="Bà Bình")
    line = Line(
        id="l1",
        key="l",
        kind="gift",
        recipient="Đội 1",
        presenter=who,
        item="chao-co",
        kind_label="Quà",
        needs_decision=False,
    )
    ceremony = Ceremony(id="c1", code="le-ra-mat", office="office", version=3, release=0, title="Lễ ra mắt")
    return plan_of(
        SchedulingPart(ceremony=ceremony, items=(item,), hash=""),
        GuestsPart(guests=(*people, crowd), version=2, hash=""),
        AwardsPart(decisions=(Decision(id="d1", key="qd", number="1/QĐ"),), lines=(line,), version=1, hash=""),
    )


def test_guests_alone_take_the_roles_and_presenters_along() -> None:
    rows = [["K1", "Nguyễn Văn An (mới)", "", "Chủ tịch"], ["", "Trần Thị Bình", "", ""], ["", "", "Tổ 1", ""]]
    found = read({"guests.csv": table(HEADS, *rows)}, standing())
    assert (said(found), found.plan is not None) == ([], True)
    assert found.plan is not None
    assert [(one.kind, one.guest, one.text) for one in found.plan.scheduling.items[0].roles] == [
        ("guest", "K1", "Nguyễn Văn An"),  # by the code
        ("guest", "guests:3", "Trần Thị Bình"),  # by the name
        ("off_list", None, "Lê Văn Chín"),  # no longer on the list
        ("text", None, "Ai đó"),
    ]
    assert found.plan.awards.lines[0].presenter == Presenter(kind="guest", guest="guests:3", text="Bà Bình")
    group = found.plan.guests.guests[2].group
    assert group is not None
    assert group.roll == ("Đỗ A", "Đỗ B")
    assert found.plan.scheduling.ceremony == standing().scheduling.ceremony


def test_running_order_alone_finds_the_guests_that_stand() -> None:
    order = table("TT|Nội dung|MC", [1, "Khai mạc", "Trần Thị Bình"])
    found = read({"running-order.csv": order}, standing())
    assert (said(found), found.plan is not None) == ([], True)
    assert found.plan is not None
    assert found.plan.scheduling.items[0].roles == (Role(role="mc", kind="guest", guest="g2", text="Trần Thị Bình"),)
    assert (found.plan.guests, found.plan.awards) == (standing().guests, standing().awards)


def test_roll_alone_replaces_the_names_of_its_group() -> None:
    found = read({"roll.csv": table("Họ và tên|Nhóm", ["Đỗ C", "Tổ 1"])}, standing())
    assert (said(found), found.plan is not None) == ([], True)
    assert found.plan is not None
    group = found.plan.guests.guests[3].group
    assert group is not None
    assert group.roll == ("Đỗ C",)


def test_ceremony_alone_leaves_the_tables_as_they_stand() -> None:
    found = read({"ceremony.yaml": folder()["ceremony.yaml"]}, standing())
    assert (said(found), found.plan is not None) == ([], True)
    assert found.plan is not None
    assert found.plan.scheduling.ceremony.host == "UBND tỉnh"
    assert found.plan.scheduling.items == standing().scheduling.items


def test_whole_folder_is_read_as_it_is_without_what_stands() -> None:
    assert read(folder(), standing()) == read(folder())


def test_files_of_no_plan_are_refused_beside_one_that_stands() -> None:
    found = read({"holiday.csv": b"a,b"}, standing())
    assert (found.plan, sum(one.severity == "error" for one in found.problems)) == (None, 4)
