"""Parts of three ceremonies, as the other services answer: one with hardly anything known, a full one, a bad one."""

from datetime import date, time
from itertools import cycle, islice

from schemas.awards import AwardsPart, Decision, Line, Presenter
from schemas.guests import GroupFields, Guest, GuestsPart, PersonFields, Post
from schemas.scheduling import Ceremony, Item, Role, SchedulingPart, Venue

Parts = tuple[SchedulingPart, GuestsPart, AwardsPart]

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Thạch")
MIDDLE = ("Văn", "Thị", "Hữu", "Ngọc", "Minh", "Quốc", "Thanh", "Thị Mỹ", "Công", "Đình")
GIVEN = ("An", "Bình", "Cường", "Duyên", "Đào", "Giang", "Hiếu", "Hiểu", "Khuê", "Lượng", "Mẫn", "Nhựt", "Ửng")
POSTS = (
    "Phó Chủ tịch Ủy ban nhân dân tỉnh Mẫu",
    "Giám đốc Sở Ví dụ tỉnh Mẫu",
    "Trưởng Ban Giả định Tỉnh ủy Mẫu",
    "Chủ tịch Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Mẫu",
    "Bí thư Huyện ủy Thí Dụ, Chủ tịch Hội đồng nhân dân huyện Thí Dụ",
)


def names(count: int) -> list[str]:
    """So many different made-up names."""
    whole = len(FAMILY) * len(MIDDLE) * len(GIVEN)
    step = 7 * 11  # coprime to the number of combinations, so that every name comes once
    return [_name(n * step % whole) for n in range(min(count, whole))]


def _name(n: int) -> str:
    rest, given = divmod(n, len(GIVEN))
    family, middle = divmod(rest, len(MIDDLE))
    return f"{FAMILY[family]} {MIDDLE[middle]} {GIVEN[given]}"


def person(n: int, name: str, posts: str, address: str | None = None, side: str = "guest", **more: object) -> Guest:
    values = {
        "id": f"guest-{n}",
        "version": 1,
        "position": n,
        "person": PersonFields(name=name, posts=(Post(title=posts),) if posts else ()),
        "address": address or f"Ông {name}",
        "posts_text": posts,
        "side": side,
    }
    return Guest.model_validate(values | more)


def group(n: int, label: str, head_count: int | None = None, **more: object) -> Guest:
    roll = more.pop("roll", ())
    values = {
        "id": f"guest-{n}",
        "version": 1,
        "position": n,
        "group": GroupFields.model_validate({"label": label, "head_count": head_count, "roll": roll}),
        "address": label,
        "posts_text": "",
        "introduced": "collectively",
    }
    return Guest.model_validate(values | more)


def can_tho() -> Parts:
    """What the press of 1 July 2024 says of one ceremony: no time, no order, no decision is known."""
    ceremony = _ceremony(
        code="can-tho",
        title="Lễ ra mắt Lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở",
        host="UBND TP Cần Thơ",
        venue=Venue(name="Công viên sông Hậu", unit="phường Cái Khế, quận Ninh Kiều, TP Cần Thơ"),
        on=date(2024, 7, 1),
        sample=True,
        place_of_issue="Cần Thơ",
    )
    tran, hieu, toi = (
        "Chủ tịch UBND TP Cần Thơ",
        "Bí thư Thành ủy",
        "Chủ nhiệm Ủy ban Quốc phòng và An ninh của Quốc hội",
    )
    guests = (
        person(1, "Lê Tấn Tới", toi, "Trung tướng Lê Tấn Tới"),
        person(2, "Cao Đăng Hưng", "Phó Chánh Văn phòng Bộ Công an", "Thiếu tướng Cao Đăng Hưng"),
        group(3, "Lãnh đạo Tổng Liên đoàn Lao động Việt Nam"),
        person(4, "Nguyễn Văn Hiếu", hieu, side="host"),
        person(5, "Trần Việt Trường", tran, side="host"),
        group(6, "Cá nhân nòng cốt đại diện cho lực lượng", 728, side="host"),
    )
    merit = "các cá nhân có thành tích xuất sắc trong tham gia bảo vệ an ninh trật tự ở cơ sở"
    force = "lực lượng tham gia bảo vệ ANTT ở cơ sở trên địa bàn TP Cần Thơ"
    off_list = {
        "p3": "Ông Phạm Văn Hiểu, Chủ tịch HĐND TP Cần Thơ",
        "p4": "Thiếu tướng Nguyễn Văn Thuận, Giám đốc Công an TP Cần Thơ",
    }
    items = (
        _item("p1", "Phát biểu tại buổi lễ", _guest("speaker", 5, "Ông Trần Việt Trường")),
        _item("p2", f"Trao giấy khen và tặng quà cho {merit}", _guest("presenter", 4, "Ông Nguyễn Văn Hiếu")),
        *(
            _item(key, f"Trao giấy khen và tặng quà cho {merit}", Role(role="presenter", kind="off_list", text=who))
            for key, who in off_list.items()
        ),
        _item("p5", f"Tặng quà {force}", _guest("presenter", 1, "Trung tướng Lê Tấn Tới")),
        _item("p6", "Biểu diễn thực binh", Role(role="performer", text=f"L{force[1:]}")),
    )
    hands = {
        "p2": Presenter(kind="guest", guest="guest-4", text="Ông Nguyễn Văn Hiếu"),
        **{key: Presenter(kind="off_list", text=who) for key, who in off_list.items()},
    }
    lines = [
        *(_line(f"aw{key}", "Giấy khen", merit, item=key, presenter=who) for key, who in hands.items()),
        *(_line(f"gf{key}", "Quà tặng", merit, item=key, presenter=who, needs=False) for key, who in hands.items()),
        _line(
            "gf5",
            "Quà tặng",
            force,
            item="p5",
            needs=False,
            presenter=Presenter(kind="guest", guest="guest-1", text="Trung tướng Lê Tấn Tới"),
        ),
    ]
    return _parts(ceremony, items, guests, AwardsPart(decisions=(), lines=tuple(lines), version=1, hash="a"))


def full() -> Parts:
    """25 items, 120 guests, 40 award lines in 6 kinds, a roll of 728 names; all of it made up."""
    ceremony = _ceremony(
        code="full-ceremony",
        title="Lễ ra mắt Lực lượng Giả định tỉnh Mẫu và trao tặng các hình thức khen thưởng năm 2024",
        host="Ủy ban nhân dân tỉnh Mẫu",
        host_parent=None,
        venue=Venue(name="Quảng trường Trung tâm Hội nghị tỉnh Mẫu", unit="phường Ví Dụ, thành phố Thí Dụ, tỉnh Mẫu"),
        on=date(2024, 7, 1),
        start=time(7, 30),
        end=time(10, 15),
        sample=True,
        place_of_issue="Thí Dụ",
        document_number="45/GM-UBND",
        signer_post="Chủ tịch",
        signer_name="Nguyễn Văn Mẫu",
        contact="Văn phòng UBND tỉnh Mẫu, bà Lê Thị Thí Dụ, 0000 123 456, lien-he@example.org",
        dress="Lễ phục",
    )
    people = names(114)
    guests = [
        person(
            n,
            name,
            POSTS[n % len(POSTS)],
            _addressed(n, name),
            "guest" if n <= 80 else "host",
            seat=f"A{n}",
            delegation=f"Đoàn huyện Thí Dụ {n % 7 + 1}",
            introduced="by_name" if n <= 24 else "collectively",
        )
        for n, name in enumerate(people, 1)
    ]
    guests += [group(115 + n, f"Đại biểu các sở, ban, ngành, đoàn thể khối {n + 1}", 20 + n) for n in range(5)]
    guests.append(group(120, "Thành viên Lực lượng Giả định", 728, roll=tuple(names(728))))
    return _parts(ceremony, _full_items(guests), tuple(guests), _full_awards(people))


def worst() -> Parts:
    """Everything as long and as hostile as the contracts let through."""
    long_name = "Công Huyền Tôn Nữ Hoàng Thị Ngọc Quỳnh Trâm Anh Phương Uyên"
    post = ("Ủy viên Ban Chấp hành, Phó Trưởng ban Thường trực Ban Chỉ đạo về công tác phối hợp liên ngành; " * 4)[
        :300
    ]
    title = ("Lễ kỷ niệm, ra mắt, trao tặng và tổng kết phong trào toàn dân bảo vệ an ninh Tổ quốc ở cơ sở; " * 5)[
        :400
    ]
    ceremony = _ceremony(
        code="worst",
        title=title,
        host="Ban Chỉ đạo liên ngành về phong trào toàn dân bảo vệ an ninh Tổ quốc và xây dựng đời sống văn hóa",
        host_parent="Ủy ban nhân dân thành phố trực thuộc trung ương có tên rất dài để thử nghiệm việc xuống dòng",
        venue=Venue(
            name="Nhà văn hóa <b>& thể thao</b> " * 6, unit="khu phố 8, phường Ví Dụ, thành phố Thí Dụ, tỉnh Mẫu"
        ),
        on=date(2024, 2, 9),
        start=time(23, 30),
        signer_post="Trưởng ban Ban Chỉ đạo liên ngành kiêm Chủ tịch Ủy ban nhân dân thành phố",
        signer_name=long_name,
        document_number="1234567/GM-BCĐLN-VPTT-UBND",
        contact="<script>alert(1)</script> " * 4,
    )
    guests = (
        person(1, long_name, post, f"Nhà giáo Nhân dân, Giáo sư, Tiến sĩ {long_name}"),
        person(2, "<script>alert('x')</script>", "Giám đốc & <i>Chủ tịch</i>"),
        person(3, "A" * 120, "X" * 200),
        person(4, "Ông 中文 Nam\u200f\u2028 Việt", "Khách"),
        group(5, "Đoàn " + "đại biểu các cơ quan, tổ chức, đơn vị " * 9, None),
        person(6, "Y", "", "Y", position=None),
    )
    items = tuple(
        Item(
            id=f"i{n}",
            key=f"k{n}",
            position=n,
            title=title + title[:300] if n % 3 == 0 else "Chào cờ, hát Quốc ca",
            start=time(23, 30),
            minutes=40,
            mc_text=("Kính thưa quý vị đại biểu! " * 20 + "\n") * n,
            cues="Nhạc nền\r\nĐèn " + "Z" * 80,
            props="Bục, khay, " * 12,
            responsible=long_name,
            roles=(
                _guest("speaker", 1, "?"),
                _guest("presenter", 3, "?"),
                _guest("mc", 99, "Người đã rời danh sách"),
            ),
        )
        for n in range(1, 7)
    )
    decision = Decision(id="d1", key="d1", number="1234567/QĐ-UBND-TĐKT-VP", on=None, signer_post=post)
    lines = (
        _line(
            "w1",
            "Huân chương Lao động hạng Nhất",
            long_name,
            "person",
            post=post,
            unit=title[:200],
            decision="d1",
            achievement=title,
            posthumous_receiver=long_name,
            presenter=Presenter(text=post),
        ),
        _line("w2", "Bằng khen", "<script>", "person", decision="d2"),
        _line("w3", "Quà tặng", "W" * 300, "group", needs=False, head_count=1234567),
    )
    awards = AwardsPart(decisions=(decision,), lines=lines, version=1, hash="a")
    return _parts(ceremony, items, guests, awards)


def _parts(ceremony: Ceremony, items: tuple[Item, ...], guests: tuple[Guest, ...], awards: AwardsPart) -> Parts:
    scheduling = SchedulingPart(ceremony=ceremony, items=items, hash="s")
    return scheduling, GuestsPart(guests=guests, version=1, hash="g"), awards


def _ceremony(**fields: object) -> Ceremony:
    own = {"id": "ceremony-1", "office": "office", "version": 1, "release": 0}
    return Ceremony.model_validate(own | fields)


def _item(key: str, title: str, *roles: Role) -> Item:
    return Item(id=key, key=key, title=title, roles=roles)


def _guest(role: str, n: int, text: str) -> Role:
    return Role(role=role, kind="guest", guest=f"guest-{n}", text=text)


def _line(key: str, label: str, recipient: str, kind: str = "group", *, needs: bool = True, **more: object) -> Line:
    values = {
        "id": key,
        "key": key,
        "kind": key,
        "kind_label": label,
        "recipient": recipient,
        "recipient_kind": kind,
        "needs_decision": needs,
    }
    return Line.model_validate(values | more)


def _addressed(n: int, name: str) -> str:
    return f"{('Ông', 'Bà', 'Trung tướng', 'Ông')[n % 4]} {name}"


_KINDS = (
    ("Huân chương Lao động hạng Nhì", "d1", "person", 3),
    ("Bằng khen của Thủ tướng Chính phủ", "d2", "person", 5),
    ("Bằng khen của Chủ tịch UBND tỉnh", "d3", "collective", 8),
    ("Giấy khen", "d3", "person", 16),
    ("Quà tặng", None, "collective", 5),
    ("Cờ lưu niệm", None, "collective", 3),
)


def _full_awards(people: list[str]) -> AwardsPart:
    decisions = (
        Decision(id="d1", key="d1", number="999/QĐ-CTN", on=date(2024, 6, 3), signer_post="Chủ tịch nước"),
        Decision(id="d2", key="d2", number="512/QĐ-TTg", on=date(2024, 6, 12), signer_post="Thủ tướng Chính phủ"),
        Decision(id="d3", key="d3", number="1234/QĐ-UBND", on=date(2024, 2, 9), signer_post="Chủ tịch UBND tỉnh Mẫu"),
    )
    each = [(label, decision, kind) for label, decision, kind, count in _KINDS for _ in range(count)]
    presenters = islice(cycle(people[:4]), len(each))
    lines = tuple(
        _line(
            f"l{n}",
            label,
            people[20 + n] if kind == "person" else f"Tổ bảo vệ an ninh, trật tự khu phố {n}",
            kind,
            needs=decision is not None,
            decision=decision,
            post="Tổ trưởng" if kind == "person" else None,
            unit=f"Công an phường Ví Dụ {n}",
            achievement="Thành tích xuất sắc trong phong trào toàn dân bảo vệ an ninh Tổ quốc",
            presenter=Presenter(text=f"Ông {who}"),
            item="i12" if decision else "i14",
        )
        for n, ((label, decision, kind), who) in enumerate(zip(each, presenters, strict=True))
    )
    return AwardsPart(decisions=decisions, lines=lines, version=1, hash="a")


_TITLES = (
    "Đón tiếp đại biểu",
    "Văn nghệ chào mừng",
    "Ổn định tổ chức; thông báo chương trình",
    "Rước cờ, đón chân dung Chủ tịch Hồ Chí Minh",
    "Chào cờ, hát Quốc ca",
    "Tuyên bố lý do, giới thiệu đại biểu",
    "Diễn văn khai mạc",
    "Công bố quyết định thành lập Lực lượng Giả định tỉnh Mẫu",
    "Nghi thức ra mắt",
    "Trao quyết định, huy hiệu và cờ",
    "Đại diện lực lượng phát biểu hứa quyết tâm",
    "Công bố quyết định khen thưởng và trao tặng các hình thức khen thưởng",
    "Đại diện các tập thể, cá nhân được khen thưởng phát biểu",
    "Tặng quà, cờ lưu niệm",
    "Phát biểu chỉ đạo",
    "Đáp từ",
    "Tuyên bố chuyển sang phần diễu hành",
    "Khối nghi trượng, khối cờ",
    "Khối lực lượng các huyện, thành phố",
    "Khối xe đặc chủng",
    "Biểu diễn võ thuật",
    "Thực binh: xử lý tình huống gây rối trật tự công cộng",
    "Thực binh: chữa cháy và cứu nạn, cứu hộ",
    "Bế mạc",
    "Chụp ảnh lưu niệm",
)


def _full_items(guests: list[Guest]) -> tuple[Item, ...]:
    """Six minutes each from 7:30 on; every third has a speaker from the list, every fifth two people in two roles."""
    return tuple(
        Item(
            id=f"i{n}",
            key=f"i{n}",
            position=n,
            kind="other",
            title=title,
            start=time(7 + (30 + 6 * n) // 60, (30 + 6 * n) % 60),
            minutes=6,
            roles=_roles(n, guests),
            responsible="Ban Tổ chức" if n % 2 else "Công an tỉnh Mẫu",
            mc_text="Kính thưa các vị đại biểu, kính thưa đồng bào!\nXin trân trọng kính mời quý vị hướng về lễ đài.",
            cues="Nhạc hiệu số 2; đèn sân khấu sáng dần" if n % 3 == 0 else None,
            props="Khay, 10 bộ hoa" if n % 4 == 0 else None,
        )
        for n, title in enumerate(_TITLES, 1)
    )


def _roles(n: int, guests: list[Guest]) -> tuple[Role, ...]:
    if n % 5 == 2:
        return (_guest("announcer", 30 + n, "?"), _guest("presenter", n, "?"))
    if n % 3 == 1:
        return (_guest("speaker", n, guests[n - 1].address),)
    return (Role(role="responsible", text="Ban Tổ chức"),)
