"""The whole API called with what its OpenAPI document allows and with what it does not: no server error, ever."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas import accounts, scheduling
from schemas.accounts import MakeToken
from schemas.rights import rights
from schemas.scheduling import ImportPlan
from services import plan
from services.__main__ import Instance, running
from services.kit.context import work_for
from services.kit.log import set_up_logging
from services.kit.settings import Settings
from tests.people import owner_of

pytestmark = [pytest.mark.anyio, pytest.mark.long]
FULL = Path(__file__).parents[2] / "examples" / "full-ceremony"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Instance]:
    settings = Settings(data_dir=tmp_path, http_port=0, log_level="ERROR", _env_file=None)
    set_up_logging(settings)
    async with running(settings) as house:
        yield house


async def token_of_an_owner(house: Instance) -> str:
    """Of an office with a ceremony, for everything that an owner may."""
    owner = await owner_of(house.bus)
    work_for(await owner.caller(house.bus))
    reading = plan.read({file.name: file.read_bytes() for file in FULL.iterdir()})
    assert reading.plan
    await house.bus.ask(scheduling.import_plan, ImportPlan(plan=reading.plan), 60)
    scopes = tuple(name for name, one in rights().actions.items() if "owner" in one.roles)
    wish = MakeToken(name="thử", scopes=scopes, expires_at=datetime.now(UTC) + timedelta(days=1))
    return (await house.bus.ask(accounts.make_token, wish)).secret


async def called(house: Instance, folder: Path, *options: str) -> tuple[int, str]:
    """The code of schemathesis and what it says; in a process of its own, while the house goes on here."""
    document = f"{house.address}/api/v1/openapi.json"
    given = ["--checks", CHECKS, "--max-examples", "10", "--seed", "1", "--no-shrink", "--warnings", "off", *options]
    given += [
        "--phases",
        "coverage,fuzzing",
        "--continue-on-failure",
        "--request-timeout",
        "60",
        "--suppress-health-check",
        "all",
    ]
    program = Path(sys.executable).with_name("schemathesis")
    process = await asyncio.create_subprocess_exec(
        program, "run", document, *given, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    out, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode("utf-8", "replace")


async def test_api_answers_an_owner_by_its_document(house: Instance, tmp_path: Path) -> None:
    token = await token_of_an_owner(house)
    code, said = await called(house, tmp_path, "--phases", "coverage,fuzzing", "-H", f"Authorization: Bearer {token}")
    assert code == 0, said


async def test_api_answers_nobody_by_its_document(house: Instance, tmp_path: Path) -> None:
    code, said = await called(house, tmp_path, "--phases", "fuzzing")
    assert code == 0, said
