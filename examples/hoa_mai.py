"""The tables of the full example: everything in it is made up, the province of Hoa Mai included."""

# ruff: noqa: INP001 - a script and the tables it writes, run by path

from datetime import date
from itertools import islice

from hoa_mai_guests import CORE_LABEL, GUESTS, GUESTS_HEADS, ROLL, ROLL_HEADS, team
from hoa_mai_order import ORDER, ORDER_HEADS
from launch_day import Cells, TableText
from made_up_names import names

AWARDS_HEADS = ["Mã", "Hình thức khen thưởng", "Số quyết định", "Ngày quyết định", "Người ký", "Chức vụ người ký"]
AWARDS_HEADS += ["Cơ quan quyết định", "Họ và tên / Tập thể", "Loại người nhận", "Số lượng", "Chức vụ", "Đơn vị"]
AWARDS_HEADS += ["Thành tích", "Người nhận thay", "Người trao", "Mục chương trình", "Thứ tự lên nhận", "Ghi chú"]

_MINISTRY = "Bộ Trật tự Cộng đồng"
_OF_MINISTRY = ("HC-01/QĐ-BTTCĐ", date(2024, 6, 10), "Nghiêm Bách Tùng", "Bộ trưởng", _MINISTRY)
_BADGES = ("HC-02/QĐ-BTTCĐ", date(2024, 6, 10), "Nghiêm Bách Tùng", "Bộ trưởng", _MINISTRY)
_OF_PROVINCE = ("HC-03/QĐ-UBND", date(2024, 6, 14), "Trịnh Quốc Hiển", "Chủ tịch", "UBND tỉnh Hoa Mai")
_OF_POLICE = ("HC-04/QĐ-CAT", date(2024, 6, 17), "Quách Thế Lân", "Giám đốc", "Công an tỉnh Hoa Mai")
_NONE = (None, None, None, None, None)
_WATCH = "Có thành tích xuất sắc trong tham gia bảo vệ an ninh, trật tự ở cơ sở"
_BUILD = "Có thành tích trong xây dựng, kiện toàn lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở"
_people = names(20_000)
_stage: dict[str, int] = {}


def _line(
    kind: str, decision: tuple[object, ...], recipient: str, item: str, presenter: str, **more: object
) -> Cells:
    """`of` is the recipient's kind; `count`, `post`, `unit`, `receiver` and `achieved` where they apply."""
    _stage[item] = _stage.get(item, 0) + 1
    about = [more.get("of", "tập thể"), more.get("count"), more.get("post"), more.get("unit"), more.get("achieved")]
    code = f"T{sum(_stage.values()):02}"
    return [
        code,
        kind,
        *decision,
        recipient,
        *about,
        more.get("receiver"),
        presenter,
        item,
        _stage[item],
        more.get("note"),
    ]


def _persons(count: int) -> list[str]:
    return [name for name, _ in islice(_people, count)]


def _members(kind: str, decision: tuple[object, ...], item: str, presenter: str, teams: range) -> list[Cells]:
    """One person of each of these teams."""
    posts = ("Tổ trưởng", "Tổ phó", "Tổ viên")
    about = [{"of": "cá nhân", "post": posts[n % 3], "unit": team(n), "achieved": _WATCH} for n in teams]
    people = zip(_persons(len(teams)), about, strict=True)
    return [_line(kind, decision, name, item, presenter, **more) for name, more in people]


def _awards() -> list[Cells]:
    central = "Bằng khen của Bộ, ban, ngành, đoàn thể trung ương"
    province = "Bằng khen của Chủ tịch UBND tỉnh, thành phố"
    lines = [_line(central, _OF_MINISTRY, team(n), "M12", "K001", achieved=_WATCH) for n in (0, 13)]
    lines += _members(central, _OF_MINISTRY, "M12", "K001", range(26, 28))
    badged = {"of": "cá nhân", "achieved": "Có công lao đóng góp cho phong trào toàn dân bảo vệ an ninh Tổ quốc"}
    badged |= {"unit": "tỉnh Hoa Mai"}
    lines += [_line("Kỷ niệm chương", _BADGES, name, "M12", "Cao Xuân Thái", **badged) for name in _persons(4)]
    lines += [
        _line(province, _OF_PROVINCE, team(n), "M13", "Vương Đình Kha", achieved=_BUILD) for n in (3, 16, 29, 42)
    ]
    lines += _members(province, _OF_PROVINCE, "M13", "Lưu Thị Nguyệt Minh", range(55, 58))
    fallen, widow = _persons(1)[0], next(name for name, woman in _people if woman)
    lines += [
        _line(
            province, _OF_PROVINCE, fallen, "M13", "Lưu Thị Nguyệt Minh", of="cá nhân", post="Tổ viên", unit=team(60),
            achieved="Đã dũng cảm cứu người trong mưa lũ", receiver=f"Bà {widow}, vợ", note="Truy tặng",
        )
    ]  # fmt: skip
    lines += [
        _line("Giấy khen", _OF_POLICE, team(n), "M14", "Hồ Thị Diệu Ái", achieved=_WATCH) for n in (5, 18, 31, 44)
    ]
    lines += _members("Giấy khen", _OF_POLICE, "M14", "Hồ Thị Diệu Ái", range(70, 78))
    return lines + _gifts()


def _gifts() -> list[Cells]:
    lines = [
        _line("Quà", _NONE, "Các tập thể, cá nhân được tặng giấy khen", "M14", "Hồ Thị Diệu Ái", of="nhóm", count=12)
    ]
    lines += [_line("Quà", _NONE, CORE_LABEL, "M15", "Phan Thiện Ngôn", of="nhóm", count=728)]
    lines += [_line("Quà", _NONE, team(n), "M15", "Phan Thiện Ngôn") for n in (7, 20)]
    lines += [_line("Quà", _NONE, team(n), "M16", "Đinh Thị Hoài Thương") for n in (33, 46, 59, 72)]
    blocks = (
        "Khối lực lượng thành phố Mai Vàng",
        "Khối lực lượng thị xã Hoa Ban",
        "Khối lực lượng các huyện",
        "Khối xe",
    )
    lines += [_line("Cờ lưu niệm", _NONE, block, "M19", "Vương Đình Kha") for block in blocks]
    return lines


TABLES = [
    TableText("full-ceremony/running-order.xlsx", "Chương trình", ORDER_HEADS, ORDER),
    TableText("full-ceremony/guests.xlsx", "Khách mời", GUESTS_HEADS, GUESTS),
    TableText("full-ceremony/awards.xlsx", "Khen thưởng", AWARDS_HEADS, _awards()),
    TableText("full-ceremony/roll.xlsx", "Danh sách", ROLL_HEADS, ROLL),
]
