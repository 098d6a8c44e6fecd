"""The page on security names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_page_on_security_names_tests_that_exist() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "security.md").read_text("utf-8")))
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert len(named) > 40
    assert sorted(named - written) == []
