"""Guests and roll of the full example. The province, its neighbours, the ministries and all people are made up."""

# ruff: noqa: INP001 - a script and the tables it writes, run by path

from collections.abc import Iterator
from datetime import date
from itertools import chain, islice

from launch_day import Cells
from made_up_names import names

GUESTS_HEADS = ["Mã", "Phía", "Xưng hô", "Cấp bậc", "Họ và tên", "Nhóm", "Số lượng", "Loại số lượng", "Chức vụ"]
GUESTS_HEADS += ["Đơn vị", "Giữ chức vụ từ", "Cấp", "Khối", "Nhóm chức vụ", "Email", "Điện thoại", "Đoàn", "Ghi chú"]
ROLL_HEADS = ["STT", "Nhóm", "Họ và tên", "Đơn vị"]

CORE = "LLNC"
CORE_LABEL = "Lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở tỉnh Hoa Mai"
_CORE_COUNT = 728
_MINISTRY, _CRAFTS = "Bộ Trật tự Cộng đồng", "Bộ Làng Nghề"
_POLICE = "Công an tỉnh Hoa Mai"
_DISTRICTS = ("Bằng Lăng", "Phượng Vĩ", "Sen Hồng", "Cúc Trắng", "Dã Quỳ", "Hướng Dương")
_COMMUNES = (
    *("phường Hoa Sữa", "phường Nắng Sớm", "phường Mai Vàng", "xã Ban Mai", "xã Gió Lành", "xã Sông Trăng"),
    *("xã Đồng Thơm", "xã Suối Reo", "xã Lúa Vàng", "xã Cầu Tre", "thị trấn Bằng Lăng", "thị trấn Dã Quỳ"),
)
_people = names(0)


class _Numbers:
    """Codes in the order of the list: K for the guests, C for the hosts."""

    def __init__(self) -> None:
        self._given = {"khách": 0, "chủ": 0}

    def next(self, side: str) -> str:
        self._given[side] += 1
        return f"{'K' if side == 'khách' else 'C'}{self._given[side]:03}"


_numbers = _Numbers()


def _person(side: str, posts: str, name: str | None = None, **more: str | date | bool | None) -> Cells:
    """`rank`, `woman`, `org`, `since`, `level`, `bloc`, `cls`, `of` (the delegation); `mail` is True unless said."""
    code = _numbers.next(side)
    woman = bool(more.get("woman"))
    if name is None:
        name, woman = next(_people)
        while woman and more.get("rank"):
            name, woman = next(_people)
    rank = more.get("rank")
    honorific = None if rank else "Bà" if woman else "Ông"
    mail = f"{code.lower()}@hoamai.example.org" if more.get("mail", True) else None
    placing = [more.get(key) for key in ("org", "since", "level", "bloc", "cls")]
    return [code, side, honorific, rank, name, None, None, None, posts, *placing, mail, None, more.get("of"), None]


def _group(side: str, label: str, count: int, **more: str) -> Cells:
    """`note`, `code`, `level` and `of` where they are not the usual ones."""
    code = more.get("code") or _numbers.next(side)
    cells = [code, side, None, None, None, label, count, "dự kiến", *[None] * 10]
    told = {"Cấp": "level", "Đoàn": "of", "Ghi chú": "note"}
    for head, key in told.items():
        cells[GUESTS_HEADS.index(head)] = more.get(key)
    return cells


def _central() -> Iterator[Cells]:
    of = "Đoàn Trung ương"
    lantern = "Trung ương Hội Đèn Lồng"
    yield _person("khách", f"Thứ trưởng {_MINISTRY}", "Phan Thiện Ngôn", rank="Thượng tướng", of=of, org=_MINISTRY)
    yield _person("khách", f"Thứ trưởng {_CRAFTS}", "Tạ Minh Triết", of=of, org=_CRAFTS)
    yield _person("khách", f"Chủ tịch {lantern}", "Đinh Thị Hoài Thương", woman=True, of=of, org=lantern)
    yield _person(
        "khách", "Cục trưởng Cục Phong trào Toàn dân", "Cao Xuân Thái", rank="Thiếu tướng", level="trung ương", of=of
    )
    yield _person("khách", "Phó Cục trưởng Cục Phong trào Toàn dân", rank="Đại tá", level="trung ương", of=of)
    yield _person("khách", "Cục trưởng Cục Truyền thông Cộng đồng", rank="Thiếu tướng", level="trung ương", of=of)
    yield _person("khách", "Vụ trưởng Vụ Cơ sở", level="trung ương", of=of, org=_MINISTRY)
    yield _person("khách", "Phó Vụ trưởng Vụ Cơ sở", level="trung ương", of=of, org=_MINISTRY)
    yield _person("khách", f"Phó Chánh Văn phòng {_MINISTRY}", rank="Đại tá", of=of, org=_MINISTRY)
    yield _person("khách", "Vụ trưởng Vụ Địa phương", level="trung ương", of=of, org=_CRAFTS)
    yield _person("khách", f"Phó Chủ tịch {lantern}", of=of, org=lantern)
    yield _group("khách", f"Lãnh đạo các cục, vụ của {_MINISTRY}", 6, level="trung ương", of=of)


def _neighbours() -> Iterator[Cells]:
    for province in ("Hoa Đào", "Hoa Sen", "Hoa Cúc"):
        of = f"Đoàn tỉnh {province}"
        yield _person("khách", f"Phó Bí thư Thường trực Tỉnh ủy {province}", of=of)
        yield _person("khách", f"Phó Chủ tịch HĐND tỉnh {province}", of=of)
        yield _person("khách", f"Phó Chủ tịch UBND tỉnh {province}", of=of)
        yield _person("khách", f"Phó Giám đốc Công an tỉnh {province}", rank="Đại tá", of=of)


def _former() -> Iterator[Cells]:
    for post in (
        "Bí thư Tỉnh ủy Hoa Mai",
        "Chủ tịch HĐND tỉnh Hoa Mai",
        "Chủ tịch UBND tỉnh Hoa Mai",
        f"Giám đốc {_POLICE}",
    ):
        yield _person("khách", f"Nguyên {post}", mail=False)


def _districts() -> Iterator[Cells]:
    """Two posts in one cell where somebody holds two."""
    units = [("thành phố", "Thành ủy", "Mai Vàng"), ("thị xã", "Thị ủy", "Hoa Ban")]
    units += [("huyện", "Huyện ủy", name) for name in _DISTRICTS]
    named = {"Bằng Lăng": "Lê Thanh Hùng", "Dã Quỳ": "Y Blơm Niê", "Sen Hồng": "Danh Sa Rương"}
    for number, (kind, party, name) in enumerate(units):
        level = "huyện" if kind == "thành phố" else None
        of = f"Đoàn {kind} {name}"
        since = date(2020, 8, 15 + number)
        yield _person("khách", f"Bí thư {party} {name}; Chủ tịch HĐND {kind} {name}", since=since, level=level, of=of)
        yield _person("khách", f"Phó Bí thư {party} {name}; Chủ tịch UBND {kind} {name}", level=level, of=of)
        yield _person(
            "khách", f"Trưởng Công an {kind} {name}", named.get(name), rank=("Thượng tá", "Trung tá")[number % 2],
            level=level, of=of,
        )  # fmt: skip
        yield _person(
            "khách", f"Chủ tịch Ủy ban MTTQ Việt Nam {kind} {name}", level=level, of=of, mail=number in {0, 1}
        )


def _province_guests() -> Iterator[Cells]:
    yield _person("khách", "Chủ tịch Hội Liên hiệp Phụ nữ tỉnh Hoa Mai", "Nguyễn Thị Hoa", woman=True)
    for union in ("Hội Nông dân", "Hội Cựu chiến binh", "Liên đoàn Lao động", "Hội Chữ thập đỏ", "Hội Khuyến học"):
        yield _person("khách", f"Chủ tịch {union} tỉnh Hoa Mai")
    yield _person("khách", "Chủ tịch Hội Người cao tuổi tỉnh Hoa Mai")
    yield _person("khách", "Bí thư Tỉnh đoàn Hoa Mai")
    yield _person("khách", "Phó Bí thư Tỉnh đoàn Hoa Mai")
    yield _person("khách", "Phó Chủ tịch Ủy ban MTTQ Việt Nam tỉnh Hoa Mai")
    yield _person("khách", "Chỉ huy trưởng Bộ Chỉ huy Quân sự tỉnh Hoa Mai", rank="Đại tá")
    yield _person("khách", "Chính ủy Bộ Chỉ huy Quân sự tỉnh Hoa Mai", rank="Đại tá")
    yield _person("khách", "Phó Chỉ huy trưởng Bộ Chỉ huy Quân sự tỉnh Hoa Mai", rank="Thượng tá")
    yield _person("khách", "Chỉ huy trưởng Bộ Chỉ huy Bộ đội Biên phòng tỉnh Hoa Mai", rank="Đại tá")
    yield _person("khách", "Chánh án Tòa án nhân dân tỉnh Hoa Mai")
    yield _person("khách", "Viện trưởng Viện kiểm sát nhân dân tỉnh Hoa Mai")
    honour = {"level": "tỉnh", "bloc": "tập thể", "cls": "khách danh dự", "mail": False}
    yield _person("khách", "Giám đốc Hợp tác xã Đèn Lồng, Giấy Dó và Tranh Mai", **honour)
    yield _person("khách", "Nghệ nhân làng nghề Giấy Dó", **honour)
    yield _group("khách", "Đại diện các cơ quan thông tấn, báo chí", 25)
    yield _group("khách", "Nhân dân phường Hoa Sữa và phường Nắng Sớm", 150)
    yield _group("khách", "Học sinh Trường Trung học phổ thông Mai Vàng", 40)


def _hosts() -> Iterator[Cells]:
    yield _person("chủ", "Bí thư Tỉnh ủy Hoa Mai", "Vương Đình Kha", org="Tỉnh ủy Hoa Mai")
    deputies = "Phó Bí thư Thường trực Tỉnh ủy Hoa Mai\nChủ tịch HĐND tỉnh Hoa Mai"
    yield _person("chủ", deputies, "Lưu Thị Nguyệt Minh", woman=True, org="Tỉnh ủy Hoa Mai\nHĐND tỉnh Hoa Mai")
    chair = "Phó Bí thư Tỉnh ủy Hoa Mai\nChủ tịch UBND tỉnh Hoa Mai"
    yield _person("chủ", chair, "Trịnh Quốc Hiển", org="Tỉnh ủy Hoa Mai\nUBND tỉnh Hoa Mai")
    member = "Ủy viên Ban Thường vụ Tỉnh ủy Hoa Mai"
    yield _person("chủ", f"{member}\nTrưởng Ban Dân vận Tỉnh ủy", "Hồ Thị Diệu Ái", woman=True)
    for board in ("Trưởng Ban Tổ chức", "Trưởng Ban Tuyên giáo", "Trưởng Ban Nội chính", "Chủ nhiệm Ủy ban Kiểm tra"):
        yield _person("chủ", f"{member}\n{board} Tỉnh ủy")
    yield _person("chủ", f"{member}\nGiám đốc {_POLICE}", "Quách Thế Lân", rank="Đại tá")
    yield _person("chủ", "Chánh Văn phòng Tỉnh ủy Hoa Mai")
    yield _person("chủ", "Chủ tịch Ủy ban MTTQ Việt Nam tỉnh Hoa Mai")
    for _ in range(2):
        yield _person("chủ", "Phó Chủ tịch HĐND tỉnh Hoa Mai", since=date(2021, 6, 25))
    yield _person("chủ", "Phó Chủ tịch Thường trực UBND tỉnh Hoa Mai")
    yield _person("chủ", "Phó Chủ tịch UBND tỉnh Hoa Mai", since=date(2021, 6, 25))
    yield _person("chủ", "Phó Chủ tịch UBND tỉnh Hoa Mai", since=date(2022, 12, 9))
    yield _person("chủ", "Chánh Văn phòng UBND tỉnh Hoa Mai", "Kiều Gia Phước")
    yield _person("chủ", f"Phó Giám đốc {_POLICE}", "Lê Thanh Hưng", rank="Đại tá", since=date(2019, 3, 1))
    yield _person("chủ", f"Phó Giám đốc {_POLICE}", rank="Thượng tá", since=date(2021, 9, 1))
    yield _person("chủ", f"Phó Giám đốc {_POLICE}", rank="Thượng tá", since=date(2023, 1, 1))
    for unit in ("Phong trào toàn dân", "Tham mưu", "Cảnh sát giao thông", "Hậu cần"):
        yield _person("chủ", f"Trưởng phòng {unit} {_POLICE}", rank="Thượng tá", org=_POLICE)
    yield _person("chủ", "Giám đốc Sở Y tế tỉnh Hoa Mai", "Nguyễn Thị Hoa", woman=True)
    for office in (
        "Nội vụ",
        "Tài chính",
        "Tư pháp",
        "Giáo dục và Đào tạo",
        "Văn hóa, Thể thao và Du lịch",
        "Xây dựng",
    ):
        yield _person("chủ", f"Giám đốc Sở {office} tỉnh Hoa Mai")
    yield _person("chủ", "Giám đốc Sở Thông tin và Truyền thông tỉnh Hoa Mai")
    yield _person("chủ", "Giám đốc Sở Lao động - Thương binh và Xã hội tỉnh Hoa Mai")
    yield _person("chủ", "Chánh Thanh tra tỉnh Hoa Mai")
    yield _person("chủ", "Phó Giám đốc Sở Nội vụ tỉnh Hoa Mai")
    yield _group("chủ", CORE_LABEL, _CORE_COUNT, note="lực lượng nòng cốt; danh sách kèm theo", code=CORE)
    yield _group("chủ", "Thành viên Ban Tổ chức buổi lễ", 30)
    yield _group("chủ", "Cán bộ, chiến sĩ tham gia thực binh", 120)
    yield _group("chủ", "Đoàn viên, thanh niên tình nguyện", 50)


GUESTS = list(chain(_central(), _neighbours(), _former(), _districts(), _province_guests(), _hosts()))


def team(number: int) -> str:
    """The name of a team, with the comma that belongs to the name of the force."""
    commune = _COMMUNES[number % len(_COMMUNES)]
    part = "khu phố" if not commune.startswith("xã") else "ấp"
    return f"Tổ bảo vệ an ninh, trật tự {part} {number // len(_COMMUNES) % 9 + 1}, {commune}"


ROLL: list[Cells] = [
    [number + 1, CORE, name, team(number // 7)] for number, (name, _) in enumerate(islice(names(5_000), _CORE_COUNT))
]
