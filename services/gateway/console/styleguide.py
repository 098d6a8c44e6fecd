"""The living page of the design system: every part in every state, with made-up content and no data."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import segno
from fastapi import APIRouter, Request, Response

from services.gateway.console.frame import show

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the running order as the page needs it."""

    key: str
    start: time | None
    minutes: int | None
    title: str
    who: str | None


ITEMS = (
    Item("arrival", time(7, 30), 30, "Đón tiếp đại biểu, phát tài liệu", "Ban Tổ chức"),
    Item("flag", time(8, 0), 5, "Chào cờ, hát Quốc ca", "Toàn thể đại biểu"),
    Item("purpose", time(8, 5), 10, "Tuyên bố lý do, giới thiệu đại biểu", "Ông Nguyễn Văn Mẫu"),
    Item("decision", time(8, 15), 10, "Công bố quyết định thành lập", "Bà Trần Thị Ví Dụ"),
    Item("speech", None, None, "Phát biểu chỉ đạo", None),
)
AT = datetime(2024, 6, 28, 9, 41, tzinfo=UTC)
_LINK = "https://khaimac.example/feeds/0123456789abcdef.ics"


@router.get("/styleguide")
async def styleguide(request: Request) -> Response:
    return await show(
        request,
        "styleguide.html",
        here="styleguide",
        items=ITEMS,
        on=date(2024, 7, 1),
        at=AT,
        link=_LINK,
        code=segno.make(_LINK, error="m").svg_inline(border=0, omitsize=True),
    )
