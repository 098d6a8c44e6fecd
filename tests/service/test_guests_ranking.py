"""The order of precedence on its real store: places explained and given by hand, titles settled; on both engines."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from schemas import guests as ask
from schemas import precedence, scheduling
from schemas.envelope import Caller, Versioned
from schemas.errors import NotFound, StaleVersion
from schemas.guests import GroupFields, GuestsPlan, PersonFields, PlannedGuest, Post
from schemas.precedence import Position, Said
from services.guests import explaining, ranking
from services.guests import store as sql
from services.guests.model.lists import Kept
from services.guests.model.titles import NoSuchStanding
from services.guests.ranking import AllOrNothing, BeforeHimself, NotPlaced
from services.kit.context import work_for
from services.kit.store import Store
from tests.service.test_guests import CEREMONY, MIGRATIONS, ON, OTHER, Office, events, person

NewStore = Callable[[str], Store]
WHO = Caller(office="office", auth="system", actor="u-1")
TOI = person("tới", "Lê Tấn Tới", "Chủ nhiệm Ủy ban Quốc phòng và An ninh của Quốc hội", rank="Trung tướng")
HUNG = person("hưng", "Cao Đăng Hưng", "Phó Chánh Văn phòng Bộ Công an", rank="Thiếu tướng")
HIEU = person("hiếu", "Nguyễn Văn Hiếu", "Bí thư Thành ủy Cần Thơ", side="host")
TRUONG = person("trường", "Trần Việt Trường", "Chủ tịch UBND TP Cần Thơ", side="host")
POET = person("thơ", "Ngô Thử Thơ", "Nghệ nhân ưu tú")
PLAN = GuestsPlan(guests=(TRUONG, HIEU, HUNG, TOI, POET))


class Desk(Office):
    """An office with the guests of `PLAN`, which it orders."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, caller=WHO)
        self.imports(PLAN)

    def explain(self, ceremony: str = CEREMONY, **question: Any) -> precedence.Positions:
        work_for(self.caller)
        with self.store.read() as conn:
            return explaining.explain(conn, precedence.ExplainOrder(ceremony_id=ceremony, **question))

    def unranked(self) -> precedence.Unranked:
        work_for(self.caller)
        with self.store.read() as conn:
            return explaining.unranked(conn, precedence.UnrankedTitles(ceremony_id=CEREMONY))

    def line(self, ceremony: str = CEREMONY) -> list[str]:
        return [one.address.split()[-1] for one in self.explain(ceremony).positions]

    def id(self, name: str) -> str:
        return self.position(name).guest_id

    def position(self, name: str) -> Position:
        return next(one for one in self.explain().positions if one.address.endswith(name))

    def place(self, name: str, before: str | None, reason: str = "khách danh dự", **more: Any) -> Versioned:
        ids: dict[str, Any] = {"guest_id": self.id(name), "before": self.id(before) if before else None}
        with self.change() as tx:
            command = precedence.PlaceGuest(ceremony_id=CEREMONY, reason=reason, **ids, **more)
            return ranking.place_guest(tx, command)

    def take_back(self, name: str, **more: Any) -> Versioned:
        guest_id = self.id(name)
        with self.change() as tx:
            return ranking.return_guest(tx, precedence.ReturnGuest(ceremony_id=CEREMONY, guest_id=guest_id, **more))

    def rank(self, name: str, title: str, *counts: str | None) -> Versioned:
        found = self.position(name)
        codes: dict[str, Any] = dict(zip(("level", "bloc", "cls"), counts, strict=True))
        with self.change() as tx:
            command = precedence.RankGuest(
                ceremony_id=CEREMONY, guest_id=found.guest_id, expected_version=found.version, title=title, **codes
            )
            return ranking.rank_guest(tx, command)

    def settle(self, title: str, *counts: str, organisation: str | None = None) -> Versioned:
        codes: dict[str, Any] = dict(zip(("level", "bloc", "cls"), counts, strict=True))
        with self.change() as tx:
            command = precedence.SettleTitle(profile="vn-province", title=title, organisation=organisation, **codes)
            return ranking.settle_title(tx, command)

    def follow(self, **said: Any) -> None:
        known: dict[str, Any] = {"title": "Lễ", "profile": "vn-province", "on": ON}
        more = {"id": CEREMONY, "code": "le", "office": "office", "version": 2, "release": 0}
        with self.change() as tx:
            ranking.follow(tx, scheduling.Ceremony.model_validate({**known, **more, **said}))


@pytest.fixture
def desk(new_store: NewStore) -> Desk:
    store = new_store("guests")
    store.open(MIGRATIONS)
    return Desk(store)


BY_RULE = ["Tới", "Hưng", "Thơ", "Hiếu", "Trường"]


# Explained.


def test_each_place_says_what_decided_it_in_both_languages(desk: Desk) -> None:
    found = desk.explain()
    assert desk.line() == BY_RULE
    assert [one.position for one in found.positions] == [1, 2, None, 3, 4]
    first, second, third, fourth, _ = found.positions
    assert first.why.words == Said(vi="đứng đầu danh sách", en="first of all")
    assert first.before == precedence.Reason(
        key="bloc",
        words=Said(
            vi="khối: Quốc hội, Hội đồng nhân dân trước Chính phủ, Ủy ban nhân dân",
            en="bloc: assembly before government",
        ),
        against=second.guest_id,
        who="Thiếu tướng Cao Đăng Hưng",
    )
    assert (second.why.key, second.why.against, second.why.who) == ("bloc", first.guest_id, "Trung tướng Lê Tấn Tới")
    assert third.why.words.vi == "chưa xếp được: bộ quy tắc không có chức danh nào trong số này"
    assert fourth.why.words.en == "side: guest before host"
    assert (found.rules.key, found.guests, found.total, found.needs_ranking) == ("vn-province/1", 5, 5, 1)


def test_a_place_says_what_counted_for_it(desk: Desk) -> None:
    assert desk.position("Tới").standing == precedence.Standing(
        level="central",
        bloc="assembly",
        cls="board_head",
        former=False,
        words=Said(
            vi="Trưởng ban · Quốc hội, Hội đồng nhân dân · trung ương", en="head of a board · assembly · central"
        ),
        post="Chủ nhiệm Ủy ban Quốc phòng và An ninh của Quốc hội",
    )
    assert desk.position("Thơ").standing is None


def test_the_order_comes_in_pages_and_filtered(desk: Desk) -> None:
    page = desk.explain(limit=2)
    rest = desk.explain(limit=10, after=page.next)
    assert [one.address for one in (*page.positions, *rest.positions)] == [
        one.address for one in desk.explain().positions
    ]
    assert [one.address for one in desk.explain(filter="hieu").positions] == ["Ông (Bà) Nguyễn Văn Hiếu"]
    assert desk.explain(side="host").total == 2
    assert [one.address for one in desk.explain(only="needs_ranking").positions] == ["Ông (Bà) Ngô Thử Thơ"]
    assert (desk.explain(only="former").total, desk.explain(only="stand_in").total) == (0, 0)


# Placed by hand.


def test_a_place_by_hand_is_kept_with_its_reason_and_its_author(desk: Desk) -> None:
    desk.place("Trường", "Hưng")
    found = desk.position("Trường")
    assert desk.line() == ["Tới", "Trường", "Hưng", "Thơ", "Hiếu"]
    assert found.by_hand
    assert found.by_hand.model_dump(exclude={"at"}) == {
        "reason": "khách danh dự",
        "by": "u-1",
        "by_name": None,
        "version": 1,
        "holds": True,
    }
    assert (found.position, found.why.words.vi, desk.explain(only="by_hand").total) == (2, "xếp thủ công", 1)
    assert [guest.person.name for guest in desk.part().guests if guest.person][1] == "Trần Việt Trường"


def test_a_place_by_hand_is_told_and_stands_in_the_history(desk: Desk) -> None:
    desk.place("Trường", "Hưng", reason="vì lễ ở nhà ông")
    assert events(desk.store)[-1] == ("guests.guest.placed.v1", {"guest_id": desk.id("Trường"), "version": 2})
    desk.take_back("Trường")
    assert events(desk.store)[-1] == ("guests.guest.returned.v1", {"guest_id": desk.id("Trường"), "version": 3})
    assert desk.line() == BY_RULE


def test_a_new_place_replaces_the_old_one_and_is_its_next_version(desk: Desk) -> None:
    first, second = desk.place("Trường", "Hưng"), desk.place("Trường", "Tới", reason="lên đầu")
    assert (first.version, second.version) == (1, 2)
    assert desk.line()[0] == "Trường"
    assert desk.take_back("Trường").version == 3


def test_a_place_by_hand_survives_a_new_import_and_what_others_add(desk: Desk) -> None:
    desk.place("Trường", "Hưng")
    new = person("mới", "Bùi Thử Mới", "Phó Thủ tướng Chính phủ")
    moved = TRUONG.model_copy(update={"note": "đổi ghi chú"})
    desk.imports(GuestsPlan(guests=(new, POET, TOI, HIEU, HUNG, moved)), saga="s2")
    assert desk.line() == ["Mới", "Tới", "Trường", "Hưng", "Thơ", "Hiếu"]
    desk.add(
        ask.GuestFields(
            person=PersonFields(name="Lý Thử Sau", posts=(Post(title="Vụ trưởng Vụ Pháp chế Bộ Công an"),))
        )
    )
    assert desk.line()[1:5] == ["Tới", "Sau", "Trường", "Hưng"]
    assert desk.position("Trường").before is None
    assert desk.position("Trường").by_hand is not None


def test_where_both_neighbours_have_left_the_rules_decide_and_it_is_said(desk: Desk) -> None:
    desk.place("Trường", "Hưng")
    desk.imports(GuestsPlan(guests=(TRUONG, HIEU)), saga="s2")
    by_hand = desk.position("Trường").by_hand
    assert (desk.line(), by_hand and by_hand.holds) == (["Hiếu", "Trường"], False)
    assert desk.explain(only="by_hand").total == 1


def test_a_guest_who_leaves_takes_his_place_along(desk: Desk) -> None:
    desk.place("Trường", "Hưng")
    desk.imports(GuestsPlan(guests=(HIEU, TOI)), saga="s2")
    desk.imports(PLAN, saga="s3")
    assert (desk.line(), desk.explain().by_hand) == (BY_RULE, 0)


def test_placing_refuses_what_cannot_be(desk: Desk) -> None:
    with pytest.raises(BeforeHimself):
        desk.place("Trường", "Trường")
    with pytest.raises(NotPlaced):
        desk.take_back("Trường")
    with pytest.raises(StaleVersion):
        desk.place("Trường", "Hưng", expected_version=99)
    command = precedence.PlaceGuest(ceremony_id=CEREMONY, guest_id="nobody", reason="x")
    with desk.change() as tx, pytest.raises(NotFound):
        ranking.place_guest(tx, command)


# What needs ranking.


def test_unknown_titles_are_listed_with_those_they_resemble(desk: Desk) -> None:
    more = GuestsPlan(
        guests=(
            *PLAN.guests,
            person("hai", "Lý Thử Hai", "Nguyên Nghệ nhân ưu tú"),
            person("ba", "Đỗ Thử Ba", "Giám đốc Bệnh viện Đa khoa tỉnh"),
            person("không", "Hồ Thử Không"),
            PlannedGuest(ref="đoàn", group=GroupFields(label="Câu lạc bộ Hoa Mai")),
        )
    )
    desk.imports(more, saga="s2")
    found = desk.unranked()
    assert [(one.title, one.count) for one in found.titles] == [
        ("Nghệ nhân ưu tú", 2),
        ("Câu lạc bộ Hoa Mai", 1),
        ("Giám đốc Bệnh viện Đa khoa tỉnh", 1),
    ]
    assert [(near.level, near.bloc, near.cls) for near in found.titles[2].near][:1] == [
        ("province", "government", "department_head")
    ]
    assert [one.address for one in found.without_post] == ["Ông (Bà) Hồ Thử Không"]
    assert found.profile == "vn-province"


def test_a_title_may_be_ranked_for_one_guest(desk: Desk) -> None:
    desk.rank("Thơ", "Nghệ nhân ưu tú", "province", "mass_org", "committee_member")
    assert (desk.line(), desk.position("Thơ").position) == (BY_RULE, 3)
    assert desk.unranked().titles == ()
    desk.rank("Thơ", "Nghệ nhân ưu tú", None, None, None)
    assert desk.position("Thơ").position is None


def test_a_group_is_ranked_by_its_own_name(desk: Desk) -> None:
    club = PlannedGuest(ref="đoàn", group=GroupFields(label="Câu lạc bộ Hoa Mai"))
    desk.imports(GuestsPlan(guests=(*PLAN.guests, club)), saga="s2")
    desk.rank("Mai", "Câu lạc bộ Hoa Mai", "commune", "collective", "members")
    assert desk.position("Mai").standing is not None


def test_a_title_may_be_settled_once_for_the_office(desk: Desk) -> None:
    desk.imports(GuestsPlan(guests=(POET, TOI)), ceremony=OTHER, saga="s2")
    desk.imports(GuestsPlan(guests=(TOI,)), ceremony=CEREMONY[:-1] + "c", saga="s3")
    settled = desk.settle("NGHỆ NHÂN ưu tú", "province", "mass_org", "committee_member")
    assert (desk.unranked().titles, desk.position("Thơ").position) == ((), 3)
    assert desk.explain(OTHER).needs_ranking == 0
    told = [kind for kind, _ in events(desk.store)][-3:]
    assert told == ["guests.title.settled.v1", "guests.list.reranked.v1", "guests.list.reranked.v1"]
    again = desk.settle("Nghệ nhân ưu tú", "province", "mass_org", "leaders")
    assert (again.id, again.version) == (settled.id, 2)
    with desk.change() as tx:
        ranking.forget_title(tx, precedence.ForgetTitle(title_id=settled.id, expected_version=2))
    assert desk.position("Thơ").position is None


def test_a_settled_title_may_be_of_one_organisation_only(desk: Desk) -> None:
    plan = GuestsPlan(
        guests=tuple(
            PlannedGuest(
                ref=name, person=PersonFields(name=name, posts=(Post(title="Trưởng ban", organisation=body),))
            )
            for name, body in (("Lý Thử Một", "Hội Hoa Mai"), ("Lý Thử Hai", "Hội Hoa Đào"))
        )
    )
    desk.imports(plan, saga="s2")
    desk.settle("Trưởng ban", "province", "mass_org", "chair", organisation="Hội Hoa Mai")
    assert [(one.title, one.organisation) for one in desk.unranked().titles] == [("Trưởng ban", "Hội Hoa Đào")]


def test_what_the_profile_does_not_know_cannot_be_said(desk: Desk) -> None:
    with pytest.raises(NoSuchStanding):
        desk.settle("Nghệ nhân ưu tú", "galaxy", "mass_org", "chair")
    with pytest.raises(NoSuchStanding):
        desk.rank("Thơ", "Nghệ nhân ưu tú", "province", "mass_org", "minister")
    with pytest.raises(AllOrNothing):
        desk.rank("Thơ", "Nghệ nhân ưu tú", "province", None, None)
    with pytest.raises(NotFound):
        desk.rank("Thơ", "Thợ mộc", "province", "mass_org", "chair")
    with desk.change() as tx, pytest.raises(NotFound):
        ranking.forget_title(tx, precedence.ForgetTitle(title_id="none", expected_version=1))


# Following the ceremony.


def test_a_draft_moved_across_the_reform_is_ranked_by_the_rules_of_its_day(desk: Desk) -> None:
    district = person("huyện", "Lâm Thử Huyện", "Chủ tịch UBND huyện Kế Sách")
    desk.imports(GuestsPlan(guests=(*PLAN.guests, district)), saga="s2")
    assert desk.position("Huyện").position is not None
    desk.follow(on=date(2025, 7, 1))
    assert (desk.explain().rules.key, desk.position("Huyện").position) == ("vn-province/2", None)
    assert events(desk.store)[-1] == ("guests.list.reranked.v1", {"version": 3})
    desk.follow(on=date(2025, 7, 1))
    desk.follow(on=date(2024, 7, 1), under_way="import")
    assert events(desk.store)[-1] == ("guests.list.reranked.v1", {"version": 3})
    desk.follow(on=date(2025, 7, 1), profile="plain-vi")
    assert (desk.explain().rules.key, desk.explain().needs_ranking) == ("plain-vi/1", 0)


def test_a_place_by_hand_stays_when_the_rules_change(desk: Desk) -> None:
    desk.place("Trường", "Hưng")
    desk.follow(on=date(2025, 7, 1))
    assert desk.line() == ["Tới", "Trường", "Hưng", "Thơ", "Hiếu"]


# Standing in.


@pytest.mark.parametrize(("profile", "line"), [("uk-county", ["Dee", "Fay"]), ("us-state", ["Fay", "Dee"])])
def test_who_comes_for_another_stands_where_the_profile_has_stand_ins(
    new_store: NewStore, profile: str, line: list[str]
) -> None:
    store = new_store("guests")
    store.open(MIGRATIONS)
    titles = {"uk-county": ("Lord-Lieutenant", "High Sheriff"), "us-state": ("Governor", "US Senator")}[profile]
    lord = Kept(id="lord", version=1, person=PersonFields(name="Al Lord", posts=(Post(title=titles[0]),)))
    sheriff = Kept(id="sheriff", version=1, person=PersonFields(name="Eve Fay", posts=(Post(title=titles[1]),)))
    lower = {"uk-county": "Deputy Lieutenant", "us-state": "State Senator"}[profile]
    deputy = Kept(id="deputy", version=1, person=PersonFields(name="Bo Dee", posts=(Post(title=lower),)))
    office = Office(store, caller=WHO)
    with office.change() as tx:
        sql.save_listing(tx, CEREMONY, sql.Listing(1, profile, ON))
        sql.put(tx, CEREMONY, [lord, sheriff, deputy.model_copy(update={"stands_in_for": "lord"})], 1)
    with office.change() as tx:
        found = explaining.explain(tx.conn, precedence.ExplainOrder(ceremony_id=CEREMONY))
    assert [one.address.split()[-1] for one in found.positions] == line
    (only,) = [one for one in found.positions if one.stands_in_for]
    assert (only.stands_in_for, only.represents) == ("Al Lord", profile == "uk-county")
