"""Bodies that the API's document shows. All people and organisations in them are made up."""

from typing import Any

from fastapi.openapi.models import Example

CEREMONY = {
    "title": "Lễ ra mắt lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở",
    "host": "UBND thành phố Ví Dụ",
    "venue": {"name": "Quảng trường Trung tâm", "unit": "phường Mẫu, thành phố Ví Dụ"},
    "on": "2030-07-01",
    "start": "08:00",
}
ITEM = {"key": "opening", "position": 1, "kind": "opening", "title": "Chào cờ", "start": "08:00", "minutes": 5}
GUEST = {
    "person": {
        "name": "Nguyễn Văn Mẫu",
        "honorific": "Ông",
        "posts": [{"title": "Chủ tịch", "organisation": "UBND thành phố Ví Dụ"}],
        "email": "mau@example.org",
    },
    "delegation": "Thành phố Ví Dụ",
}
PLACE = {"before": None, "reason": "Khách danh dự của buổi lễ"}
RANKING = {
    "title": "Nghệ nhân ưu tú",
    "counts": {"level": "province", "bloc": "mass_org", "cls": "committee_member"},
}
TITLE = {"profile": "vn-province", **RANKING}
DECISION = {"key": "qd-1", "number": "12/QĐ-UBND", "on": "2030-06-20", "signer": "Trần Thị Mẫu"}
LINE = {"key": "line-1", "kind": "giay_khen", "decision": "qd-1", "recipient": "Tổ dân phố số 1"}


def example(value: Any, summary: str) -> dict[str, Example]:
    return {"usual": Example(summary=summary, value=value)}
