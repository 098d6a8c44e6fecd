"""The tables of the four ceremonies of 1 July 2024, as the news report words them; None is what it does not say."""

# ruff: noqa: INP001 - a script and the tables it writes, run by path

from typing import Any, NamedTuple

Cells = list[Any]


class TableText(NamedTuple):
    """`file` is the path below the examples; its ending says the format."""

    file: str
    sheet: str
    heads: list[str]
    rows: list[Cells]


_PRAISED = "các cá nhân có thành tích xuất sắc trong tham gia bảo vệ an ninh trật tự ở cơ sở"
_ACHIEVED = "thành tích xuất sắc trong tham gia bảo vệ an ninh trật tự ở cơ sở"
_FORCE = "lực lượng tham gia bảo vệ ANTT ở cơ sở trên địa bàn TP Cần Thơ"
_GIVE_BOTH = "Trao giấy khen và tặng quà cho " + _PRAISED
# Not on the guest list: the report names them as presenters only, in these words (lines 9 and 21).
_HIEU = "Ông Phạm Văn Hiểu, Chủ tịch HĐND TP Cần Thơ"
_THUAN = "Thiếu tướng Nguyễn Văn Thuận, Giám đốc Công an TP Cần Thơ"
_ORDER = ["TT", "Mã", "Loại", "Nội dung", "Bắt đầu", "Thời lượng (phút)", "Người phát biểu", "Người trao"]
_ORDER += ["Người/đơn vị thực hiện"]
_GUESTS = ["Phía", "Xưng hô", "Cấp bậc", "Họ và tên", "Nhóm", "Số lượng", "Loại số lượng", "Chức vụ", "Ghi chú"]
_AWARDS = ["Hình thức khen thưởng", "Số quyết định", "Ngày quyết định", "Người ký", "Người nhận", "Loại người nhận"]
_AWARDS += ["Số lượng", "Thành tích", "Người trao", "Mục chương trình"]


def _item(kind: str, title: str, *, code: str | None = None, **who: str) -> Cells:
    people = [who.get("speaker"), who.get("presenter"), who.get("responsible")]
    return [None, code, kind, title, None, None, *people]


def _person(side: str, honorific: str | None, rank: str | None, name: str, posts: str) -> Cells:
    return [side, honorific, rank, name, None, None, None, posts, None]


def _group(
    side: str, label: str, count: int | None = None, note: str | None = None, number: str | None = None
) -> Cells:
    return [side, None, None, None, label, count, number, None, note]


def _award(kind: str, recipient: str, presenter: str, item: str, achievement: str | None = None) -> Cells:
    return [kind, None, None, None, recipient, "nhóm", None, achievement, presenter, item]


CAN_THO = [
    TableText(
        "2024-07-01/can-tho/running-order.xlsx",
        "Chương trình",
        _ORDER,
        [
            _item("Phát biểu", "Phát biểu tại buổi lễ", speaker="Trần Việt Trường"),
            _item("Trao giấy khen và tặng quà", _GIVE_BOTH, code="KT1", presenter="Nguyễn Văn Hiếu"),
            _item("Trao giấy khen và tặng quà", _GIVE_BOTH, code="KT2", presenter=_HIEU),
            _item("Trao giấy khen và tặng quà", _GIVE_BOTH, code="KT3", presenter=_THUAN),
            _item("Trao quà", f"Tặng quà {_FORCE}", code="Q1", presenter="Trung tướng Lê Tấn Tới"),
            _item("Biểu diễn thực binh", "Biểu diễn thực binh", responsible=f"L{_FORCE[1:]}"),
        ],
    ),
    TableText(
        "2024-07-01/can-tho/guests.xlsx",
        "Khách mời",
        _GUESTS,
        [
            _person(
                "khách",
                None,
                "Trung tướng",
                "Lê Tấn Tới",
                "Chủ nhiệm Ủy ban Quốc phòng và An ninh của Quốc hội",
            ),
            _person("khách", None, "Thiếu tướng", "Cao Đăng Hưng", "Phó Chánh Văn phòng Bộ Công an"),
            _group("khách", "lãnh đạo Tổng Liên đoàn Lao động Việt Nam"),
            _person("chủ", "ông", None, "Nguyễn Văn Hiếu", "Bí thư Thành ủy Cần Thơ"),
            _person("chủ", "ông", None, "Trần Việt Trường", "Chủ tịch UBND TP Cần Thơ"),
            _group(
                "chủ",
                "cá nhân nòng cốt",
                728,
                f"đại diện cho trên 3.000 thành viên của {_FORCE}",
                "theo nguồn tin",
            ),
        ],
    ),
    TableText(
        "2024-07-01/can-tho/awards.xlsx",
        "Khen thưởng",
        _AWARDS,
        [
            _award("Giấy khen", _PRAISED, "Nguyễn Văn Hiếu", "KT1", _ACHIEVED),
            _award("Quà", _PRAISED, "Nguyễn Văn Hiếu", "KT1"),
            _award("Giấy khen", _PRAISED, _HIEU, "KT2", _ACHIEVED),
            _award("Quà", _PRAISED, _HIEU, "KT2"),
            _award("Giấy khen", _PRAISED, _THUAN, "KT3", _ACHIEVED),
            _award("Quà", _PRAISED, _THUAN, "KT3"),
            _award("Quà", _FORCE, "Trung tướng Lê Tấn Tới", "Q1"),
        ],
    ),
]

_FLAGS = "Trao cờ lưu niệm cho các lực lượng tại lễ ra mắt"

CA_MAU = [
    TableText(
        "2024-07-01/ca-mau/running-order.ods",
        "Chương trình",
        _ORDER,
        [
            _item("Phát biểu chỉ đạo", "Phát biểu chỉ đạo tại buổi lễ", speaker="ông Bùi Tuấn Quang"),
            _item(
                "Phát biểu tiếp thu",
                "Tiếp thu và thực hiện những chỉ đạo của trung ương",
                speaker="Ông Huỳnh Quốc Việt",
            ),
            _item("Khối diễu hành", "Khối diễu hành đón chân dung Chủ tịch Hồ Chí Minh"),
            _item("Khối diễu hành", "Khối huy hiệu lực lượng tham gia bảo vệ ANTT cơ sở diễu hành"),
            _item(
                "Khối diễu hành",
                "Khối lực lượng tham gia bảo vệ ANTT cơ sở ở các huyện và TP Cà Mau tham gia diễu hành",
            ),
            _item("Khối xe", "Khối xe lực lượng đảm bảo an ninh cơ sở sở tham gia diễu hành tại lễ ra mắt"),
            _item("Nghi thức", "Một trong những nghi thức tại lễ ra mắt lực lượng tham gia bảo vệ ANTT cơ sở"),
            _item("Trao cờ lưu niệm", _FLAGS, presenter="Lãnh đạo tỉnh Cà Mau"),
            _item(
                "Xử lý tình huống giả định",
                "Các tình huống giả định trấn áp tội phạm để đảm bảo ANTT tại cơ sở",
            ),
        ],
    ),
    TableText(
        "2024-07-01/ca-mau/guests.ods",
        "Khách mời",
        _GUESTS,
        [
            _person("khách", "ông", None, "Bùi Tuấn Quang", "Phó Trưởng Ban Dân vận trung ương"),
            _group(
                "khách",
                "Hàng ngàn người dân",
                note="đã có mặt từ rất sớm để chờ theo dõi lễ ra mắt",
                number="theo nguồn tin",
            ),
            _person("chủ", "Ông", None, "Huỳnh Quốc Việt", "Chủ tịch UBND tỉnh Cà Mau"),
            _group("chủ", "Lãnh đạo tỉnh Cà Mau"),
        ],
    ),
    TableText(
        "2024-07-01/ca-mau/awards.ods",
        "Khen thưởng",
        _AWARDS,
        [_award("Cờ lưu niệm", "các lực lượng", "Lãnh đạo tỉnh Cà Mau", _FLAGS)],
    ),
]

_TO_NEW_FORCE = "Tặng quà cho lực lượng mới thành lập"

LONG_AN = [
    TableText(
        "2024-07-01/long-an/running-order.csv",
        "",
        _ORDER,
        [
            _item("Phát biểu", "Phát biểu tại buổi lễ", speaker="ông Nguyễn Văn Út"),
            _item("Trao quà", _TO_NEW_FORCE, presenter="Nguyễn Văn Út"),
        ],
    ),
    TableText(
        "2024-07-01/long-an/guests.csv",
        "",
        ["Họ và tên", "Chức vụ"],
        [["ông Nguyễn Văn Út", "Chủ tịch UBND tỉnh Long An"]],
    ),
    TableText(
        "2024-07-01/long-an/awards.csv",
        "",
        _AWARDS,
        [_award("Quà", "lực lượng mới thành lập", "Nguyễn Văn Út", _TO_NEW_FORCE)],
    ),
]

_NEW = "Trao quà cho lực lượng mới thành lập"
_WATCH = "Trao quà cho lực lượng bảo vệ ANTT cơ sở"

SOC_TRANG = [
    TableText(
        "2024-07-01/soc-trang/running-order.csv",
        "",
        ["Position", "Kind", "Title", "Start", "Minutes", "Speaker", "Presenter"],
        [
            [None, "Speech", "Phát biểu tại buổi lễ", None, None, "Trần Văn Lâu", None],
            [None, "Presentation of gifts", _NEW, None, None, None, "Lâm Văn Mẫn"],
            [None, "Presentation of gifts", _WATCH, None, None, None, "Trần Văn Lâu"],
        ],
    ),
    TableText(
        "2024-07-01/soc-trang/guests.xlsx",
        "Guests",
        ["Honorific", "Name", "Posts"],
        [
            [
                "ông",
                "Lâm Văn Mẫn",
                "Ủy viên Trung ương Đảng\nBí thư Tỉnh ủy\nTrưởng Đoàn đại biểu Quốc hội tỉnh",
            ],
            ["ông", "Trần Văn Lâu", "Phó Bí thư Tỉnh ủy\nChủ tịch UBND tỉnh"],
        ],
    ),
    TableText(
        "2024-07-01/soc-trang/awards.ods",
        "Awards",
        ["Kind of award", "Recipient", "Kind of recipient", "Presented by", "Programme item"],
        [
            ["Gift", "lực lượng mới thành lập", "group", "Lâm Văn Mẫn", _NEW],
            ["Gift", "lực lượng bảo vệ ANTT cơ sở", "group", "Trần Văn Lâu", _WATCH],
        ],
    ),
]

TABLES = [*CAN_THO, *CA_MAU, *LONG_AN, *SOC_TRANG]
