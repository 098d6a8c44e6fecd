"""An import and a release cut by kill -9 between two services: shown as under way, finished at restart."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from schemas import awards, guests, scheduling
from schemas.errors import Refusal
from tests.chaos.installation import Client, Processes, instance

pytestmark = [pytest.mark.anyio, pytest.mark.long]
COMMAND = (sys.executable, "-m", "tests.chaos.cut_process", "scheduling", "guests", "awards")
PLAN = scheduling.Plan(
    scheduling=scheduling.SchedulingPlan(
        code="le-mau",
        ceremony=scheduling.CeremonyFields(title="Lễ mẫu", on=date(2024, 7, 1)),
        items=(scheduling.ItemFields(key="1", kind="speech", title="Phát biểu"),),
    ),
    guests=guests.GuestsPlan(
        guests=(guests.PlannedGuest(ref="g1", person=guests.PersonFields(name="Nguyễn Văn Mẫu")),)
    ),
    awards=awards.AwardsPlan(
        lines=(awards.LineFields(key="1", kind="gift", recipient="Tổ mẫu", recipient_kind="group"),)
    ),
)


@pytest.fixture
async def cut(tmp_path: Path) -> AsyncIterator[tuple[Processes, Client, Path]]:
    """An application whose awards dies at its next step of a saga, and is deaf when it is back."""
    processes = Processes({"KHAIMAC_DATA_DIR": str(tmp_path)})
    processes.start(COMMAND)
    client = Client(lambda: instance(tmp_path).get("url"))
    yield processes, client, tmp_path / "cut"
    await client.close()
    processes.stop()


async def cut_off(processes: Processes, client: Client, ask: object, command: object) -> None:
    """Send the command to an application that dies in the middle of it, and start that again."""
    asked = asyncio.create_task(client.insist(ask, command))
    await asyncio.to_thread(processes.running[COMMAND].wait, 30)
    asked.cancel()
    processes.start(COMMAND)


async def state(client: Client) -> scheduling.Ceremony:
    found: scheduling.Ceremony = await client.insist(
        scheduling.find_ceremony, scheduling.FindCeremony(which=PLAN.scheduling.code)
    )
    return found


async def finished(client: Client) -> scheduling.Ceremony:
    for _ in range(200):
        if (found := await state(client)).under_way is None:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError("it was not finished")


async def test_import_cut_between_two_services_is_finished_at_restart(cut: tuple[Processes, Client, Path]) -> None:
    processes, client, mark = cut
    await client.insist(scheduling.list_ceremonies, scheduling.ListCeremonies())
    mark.write_text("die")
    command = scheduling.ImportPlan(plan=PLAN)

    await cut_off(processes, client, scheduling.import_plan, command)

    begun = await state(client)
    assert begun.under_way == "import"
    with pytest.raises(Refusal) as refused:
        await client.ask(
            scheduling.move_ceremony, scheduling.MoveCeremony(ceremony_id=begun.id, expected_version=0, minutes=5)
        )
    assert refused.value.code == "under-way"
    mark.unlink()
    done = await finished(client)
    assert done.version == 1
    listed = await client.insist(guests.get_part, guests.GetGuests(ceremony_id=done.id))
    lines = await client.insist(awards.get_part, awards.GetAwards(ceremony_id=done.id))
    assert [guest.person.name for guest in listed.guests] == ["Nguyễn Văn Mẫu"]
    assert [line.recipient for line in lines.lines] == ["Tổ mẫu"]
    again = await client.insist(scheduling.import_plan, command)  # the client never saw an answer, and repeats
    assert (again.ceremony_id, again.version) == (done.id, 1)
    assert (await client.insist(scheduling.import_plan, scheduling.ImportPlan(plan=PLAN))).unchanged


async def test_release_cut_between_two_services_is_finished_at_restart(cut: tuple[Processes, Client, Path]) -> None:
    processes, client, mark = cut
    imported = await client.insist(scheduling.import_plan, scheduling.ImportPlan(plan=PLAN))
    mark.write_text("die")
    command = scheduling.ReleaseCeremony(ceremony_id=imported.ceremony_id, expected_version=1)

    await cut_off(processes, client, scheduling.release_ceremony, command)

    assert ((await state(client)).under_way, (await state(client)).release) == ("release", 0)
    mark.unlink()
    assert (await finished(client)).release == 1
    released = await client.insist(scheduling.release_ceremony, command)
    assert released.release == 1
    frozen = await client.insist(guests.get_part, guests.GetGuests(ceremony_id=imported.ceremony_id, release=1))
    assert frozen.hash == released.parts["guests"]
