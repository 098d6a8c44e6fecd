"""The running order of the full example: 25 items with their times, their people and what the MC says."""

# ruff: noqa: INP001 - a script and the tables it writes, run by path

from datetime import datetime, timedelta
from typing import NamedTuple

from hoa_mai_guests import CORE_LABEL
from launch_day import Cells

ORDER_HEADS = ["TT", "Mã", "Loại", "Nội dung", "Bắt đầu", "Thời lượng (phút)", "Người phát biểu", "Người trao"]
ORDER_HEADS += ["Người công bố", "MC", "Chỉ huy", "Người/đơn vị thực hiện", "Lời dẫn", "Âm thanh, ánh sáng"]
ORDER_HEADS += ["Đạo cụ/Chuẩn bị", "Ghi chú"]

_MC = "“Bà Phạm Hoài Thương”; “Ông Trịnh Gia Bách”"
_FIRST = datetime(2024, 7, 8, 7, 0)  # noqa: DTZ001 - a clock on the wall


class _Item(NamedTuple):
    kind: str
    title: str
    minutes: int
    responsible: str = ""
    speaker: str = ""
    presenter: str = ""
    announcer: str = ""
    commander: str = ""
    says: str = ""
    cues: str = ""
    props: str = ""
    note: str = ""


_ITEMS = (
    _Item(
        "Tập kết",
        "Tập kết khối đứng, khối xe; kiểm tra đội hình, âm thanh, khay khen thưởng",
        30,
        "Ban Tổ chức, chỉ huy các khối",
        commander="C020",
        cues="Thử micro bục phát biểu, micro MC, micro hiện trường",
        props="Sơ đồ vị trí các khối; 6 khay khen thưởng; bộ đàm",
        note="Các khối có mặt trước 06 giờ 45",
    ),
    _Item(
        "Đón tiếp đại biểu",
        "Đón tiếp đại biểu; xác nhận đại biểu đi thay; hướng dẫn chỗ ngồi",
        30,
        "Tổ lễ tân",
        says="Kính mời quý vị đại biểu ký tên lưu niệm và ổn định vị trí theo hướng dẫn của lễ tân.",
        cues="Nhạc nền không lời, âm lượng nhỏ",
        props="Bàn đón tiếp, sổ lưu niệm, phù hiệu đại biểu",
    ),
    _Item(
        "Văn nghệ chào mừng",
        "Chương trình văn nghệ chào mừng “Hoa Mai ngày mới”",
        15,
        "Đoàn Nghệ thuật tỉnh Hoa Mai",
        says="Mở đầu buổi lễ, kính mời quý vị đại biểu và bà con thưởng thức chương trình văn nghệ chào mừng.",
        cues="Sáng toàn sân khấu; nhạc theo đĩa của Đoàn Nghệ thuật",
        props="Dọn sân khấu ngay sau tiết mục cuối",
    ),
    _Item(
        "Thông báo chương trình",
        "Ổn định tổ chức; thông báo chương trình buổi lễ",
        3,
        "Ban Tổ chức",
        says="Kính thưa quý vị đại biểu! Buổi lễ gồm các phần: nghi lễ; ra mắt lực lượng; khen thưởng; "
        "phát biểu chỉ đạo; diễu hành và biểu diễn thực binh.",
        cues="Nhạc dừng; đèn sân khấu sáng trắng",
    ),
    _Item(
        "Khối diễu hành",
        "Rước Quốc kỳ, chân dung Chủ tịch Hồ Chí Minh vào lễ đài",
        5,
        "Khối nghi thức",
        commander="C021",
        says="Xin mời quý vị đại biểu hướng về phía lễ đài, đón khối nghi thức rước Quốc kỳ và chân dung Bác.",
        cues="Nhạc nghi lễ",
        props="Kiệu chân dung, Quốc kỳ; 24 tiêu binh",
    ),
    _Item(
        "Chào cờ, hát Quốc ca",
        "Chào cờ, hát Quốc ca",
        5,
        "Đội quân nhạc",
        commander="C021",
        says="Xin trân trọng kính mời quý vị đại biểu và toàn thể lực lượng đứng nghiêm, làm lễ chào cờ.",
        cues="Quốc ca, không lời; micro MC tắt trong khi hát",
        props="Cột cờ đã kiểm tra dây kéo",
    ),
    _Item(
        "Tuyên bố lý do, giới thiệu đại biểu",
        "Tuyên bố lý do, giới thiệu đại biểu",
        7,
        "Ban Tổ chức",
        speaker="Kiều Gia Phước",
        says="Xin trân trọng kính mời ông Kiều Gia Phước, Chánh Văn phòng UBND tỉnh, tuyên bố lý do "
        "và giới thiệu đại biểu.",
        cues="Micro bục phát biểu",
        props="Danh sách giới thiệu bản cuối, in cỡ chữ lớn",
    ),
    _Item(
        "Phát biểu",
        "Diễn văn khai mạc Lễ ra mắt",
        12,
        speaker="Trịnh Quốc Hiển",
        says="Xin trân trọng kính mời ông Trịnh Quốc Hiển, Phó Bí thư Tỉnh ủy, Chủ tịch UBND tỉnh, đọc diễn văn "
        "khai mạc.",
        cues="Micro bục phát biểu; đèn chiếu bục",
        props="Diễn văn đặt sẵn trên bục; nước uống",
    ),
    _Item(
        "Công bố quyết định",
        f"Công bố nghị quyết và quyết định thành lập {CORE_LABEL}",
        7,
        "Công an tỉnh Hoa Mai",
        announcer="Lê Thanh Hưng",
        says="Xin mời Đại tá Lê Thanh Hưng, Phó Giám đốc Công an tỉnh, công bố nghị quyết và quyết định.",
        cues="Nhạc hiệu công bố, 8 giây",
        props="Bìa trình ký hai văn bản",
    ),
    _Item(
        "Nghi thức",
        "Nghi thức ra mắt: trao quyết định, trao cờ hiệu, gắn phù hiệu cho đại diện các tổ",
        8,
        "Lãnh đạo tỉnh Hoa Mai",
        presenter="Vương Đình Kha\nTrịnh Quốc Hiển",
        commander="C021",
        says="Kính mời các vị lãnh đạo tỉnh lên lễ đài thực hiện nghi thức ra mắt lực lượng.",
        cues="Trống lệnh; nhạc nghi lễ; đèn toàn sân",
        props="Cờ hiệu, 8 bộ phù hiệu, 8 quyết định theo đúng thứ tự đội hình",
    ),
    _Item(
        "Phát biểu hứa quyết tâm",
        "Đại diện lực lượng phát biểu hứa quyết tâm",
        5,
        speaker="“Đại diện lực lượng nòng cốt”",
        says="Thay mặt toàn lực lượng, xin mời đại diện lực lượng nòng cốt phát biểu hứa quyết tâm.",
        cues="Micro đứng trước khối nòng cốt",
    ),
    _Item(
        "Trao thưởng",
        "Công bố và trao Bằng khen, Kỷ niệm chương của Bộ Trật tự Cộng đồng",
        10,
        presenter="Phan Thiện Ngôn\nCao Xuân Thái",
        announcer="K005",
        says="Xin mời các tập thể, cá nhân có tên lên lễ đài theo thứ tự đã hướng dẫn để nhận thưởng.",
        cues="Nhạc trao thưởng, nhỏ dần khi đọc tên",
        props="Khay số 1 (bằng khen) và khay số 2 (kỷ niệm chương), xếp theo thứ tự lên nhận",
    ),
    _Item(
        "Trao thưởng",
        "Công bố và trao Bằng khen của Chủ tịch UBND tỉnh Hoa Mai",
        10,
        presenter="Vương Đình Kha\nLưu Thị Nguyệt Minh",
        announcer="Kiều Gia Phước",
        says="Có một cá nhân được truy tặng; xin mời đại diện gia đình lên nhận thay.",
        cues="Nhạc trao thưởng; dừng nhạc khi truy tặng",
        props="Khay số 3 và số 4; hoa cho thân nhân",
    ),
    _Item(
        "Trao giấy khen và tặng quà",
        "Trao giấy khen của Giám đốc Công an tỉnh và tặng quà các tập thể, cá nhân",
        10,
        presenter="Hồ Thị Diệu Ái",
        announcer="Lê Thanh Hưng",
        says="Xin mời 12 tập thể, cá nhân lên lễ đài nhận giấy khen và quà.",
        cues="Nhạc trao thưởng",
        props="Khay số 5; 12 phần quà",
    ),
    _Item(
        "Trao quà",
        "Lãnh đạo Bộ Trật tự Cộng đồng tặng quà lực lượng",
        5,
        presenter="Phan Thiện Ngôn",
        says="Nhân dịp này, lãnh đạo Bộ Trật tự Cộng đồng tặng quà lực lượng vừa ra mắt.",
        cues="Nhạc trao thưởng",
        props="Biểu trưng quà tặng khổ lớn",
    ),
    _Item(
        "Trao quà",
        "Trung ương Hội Đèn Lồng tặng đèn tuần tra cho các tổ",
        3,
        presenter="Đinh Thị Hoài Thương",
        says="Tiếp theo, Trung ương Hội Đèn Lồng tặng đèn tuần tra cho bốn tổ.",
        cues="Nhạc trao thưởng",
        props="4 thùng đèn tuần tra",
    ),
    _Item(
        "Phát biểu chỉ đạo",
        "Phát biểu chỉ đạo của lãnh đạo Bộ Trật tự Cộng đồng",
        12,
        speaker="Phan Thiện Ngôn",
        says="Xin trân trọng kính mời Thượng tướng Phan Thiện Ngôn, Thứ trưởng Bộ Trật tự Cộng đồng, phát biểu "
        "chỉ đạo.",
        cues="Micro bục phát biểu; đèn chiếu bục",
        props="Hoa chúc mừng",
    ),
    _Item(
        "Đáp từ",
        "Đáp từ, tiếp thu ý kiến chỉ đạo",
        5,
        speaker="Trịnh Quốc Hiển",
        says="Xin kính mời ông Trịnh Quốc Hiển, Chủ tịch UBND tỉnh, phát biểu đáp từ.",
        cues="Micro bục phát biểu",
    ),
    _Item(
        "Trao cờ lưu niệm",
        "Trao cờ lưu niệm cho các khối tham gia diễu hành, thực binh",
        5,
        presenter="Vương Đình Kha",
        says="Kính mời ông Vương Đình Kha, Bí thư Tỉnh ủy, trao cờ lưu niệm cho các khối.",
        cues="Nhạc trao thưởng",
        props="4 lá cờ lưu niệm, cán đã lắp",
    ),
    _Item(
        "Khối diễu hành",
        "Diễu hành khối nghi thức và khối huy hiệu",
        5,
        "Khối nghi thức",
        commander="Quách Thế Lân",
        says="Tiến vào lễ đài là khối nghi thức và khối huy hiệu của lực lượng.",
        cues="Nhạc diễu hành",
        props="Đường diễu hành thông thoáng; rào phân cách",
    ),
    _Item(
        "Khối diễu hành",
        "Diễu hành khối lực lượng thành phố, thị xã và các huyện",
        10,
        CORE_LABEL,
        commander="Quách Thế Lân",
        says="728 thành viên nòng cốt, đại diện cho các tổ ở tám huyện, thị xã, thành phố, đang tiến qua lễ đài.",
        cues="Nhạc diễu hành",
    ),
    _Item(
        "Khối xe",
        "Diễu hành khối xe tuần tra",
        5,
        "Phòng Cảnh sát giao thông",
        commander="C023",
        says="Tiếp sau là khối xe tuần tra.",
        cues="Nhạc diễu hành; còi hiệu xe dẫn đầu",
        props="30 xe máy, 6 ô tô; nước uống ở điểm giải tán",
    ),
    _Item(
        "Biểu diễn thực binh",
        "Biểu diễn thực binh ba tình huống: gây rối; đánh nhau đông người; bạo lực gia đình",
        25,
        "Công an tỉnh và lực lượng nòng cốt",
        commander="C021",
        says="Sau đây là phần thực binh xử lý ba tình huống thường gặp ở cơ sở.",
        cues="Micro hiện trường; tiếng động tình huống theo hiệu lệnh của chỉ huy",
        props="Đạo cụ ba tình huống; tổ y tế trực tại chỗ",
    ),
    _Item(
        "Bế mạc",
        "Tuyên bố kết thúc buổi lễ",
        3,
        "Ban Tổ chức",
        says="Buổi lễ đến đây là kết thúc. Xin trân trọng cảm ơn và kính chúc quý vị sức khỏe.",
        cues="Nhạc kết thúc",
    ),
    _Item(
        "Nội dung khác",
        "Chụp ảnh lưu niệm",
        5,
        "Tổ lễ tân, phóng viên",
        says="Kính mời quý vị lãnh đạo và đại diện lực lượng chụp ảnh lưu niệm trước lễ đài.",
        cues="Nhạc nền nhỏ",
        props="Bục ba bậc; sơ đồ vị trí chụp ảnh",
    ),
)  # fmt: skip


def _rows() -> list[Cells]:
    rows: list[Cells] = []
    begins = _FIRST
    for number, item in enumerate(_ITEMS, 1):
        people = [item.speaker, item.presenter, item.announcer, _MC if item.says else "", item.commander]
        words = [item.responsible, item.says, item.cues, item.props, item.note]
        texts = [text or None for text in (*people, *words)]
        rows.append([number, f"M{number:02}", item.kind, item.title, begins.time(), item.minutes, *texts])
        begins += timedelta(minutes=item.minutes)
    return rows


ORDER = _rows()
