"""Names for people who do not exist: the same ones in the same order each time, none of them twice."""

# ruff: noqa: INP001 - a script and the tables it writes, run by path

from collections.abc import Iterator
from itertools import count

_FAMILIES = (
    *("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Hoàng", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô"),
    *("Dương", "Lý", "Đoàn", "Trịnh", "Mai", "Lương", "Tạ", "Cao", "Châu", "Thạch", "Kiều", "Quách", "Ông"),
)
_MEN = ("Văn", "Đức", "Hữu", "Quang", "Công", "Xuân", "Thanh", "Ngọc", "Trung", "Gia", "Bá", "Khắc", "Viết")
_MEN_CALLED = (
    *("An", "Bảo", "Chiến", "Dũng", "Đạt", "Giang", "Hải", "Hoàn", "Khải", "Khôi", "Lâm", "Long", "Lực"),
    *("Nghĩa", "Nhân", "Phát", "Phước", "Quý", "Sáng", "Sơn", "Tài", "Tâm", "Thịnh", "Thuận", "Tín", "Toàn"),
    *("Trí", "Tuấn", "Tường", "Vinh", "Vượng", "Ẩn", "Ước"),
)
_WOMEN = ("Thị", "Thị Ngọc", "Thị Thu", "Thị Kim", "Thị Hồng", "Thị Mỹ", "Thị Thanh", "Bích", "Diệu", "Thúy", "Hoài")
_WOMEN_CALLED = (
    *("Anh", "Bình", "Cúc", "Dung", "Đào", "Hà", "Hạnh", "Hoa", "Hương", "Lan", "Liên", "Linh", "Loan", "Mai"),
    *("Mận", "Nga", "Ngân", "Nhung", "Oanh", "Phượng", "Quyên", "Sương", "Thảo", "Thủy", "Trâm", "Tuyết", "Vân"),
    *("Xuyến", "Yến", "Ái"),
)


def names(seed: int = 0) -> Iterator[tuple[str, bool]]:
    """A name, and whether it is a woman's; about one in three is."""
    seen: set[str] = set()
    for number in count(seed):
        woman = number % 3 == 1
        middles, called = (_WOMEN, _WOMEN_CALLED) if woman else (_MEN, _MEN_CALLED)
        parts = (_FAMILIES[number * 11 % len(_FAMILIES)], middles[number * 7 // 3 % len(middles)])
        name = " ".join((*parts, called[(number * 13 + number // 29) % len(called)]))
        if name not in seen:
            seen.add(name)
            yield name, woman
