"""Mail that cannot leave, or left without anybody knowing: each notice arrives, and is recorded once."""

import asyncio
from collections import Counter
from email import message_from_bytes

from tests.faults.journeys import JOURNEYS
from tests.faults.place import Place, place
from tests.faults.processes import eventually
from tests.faults.travelling import Traveller, judge_all


async def test_notices_wait_for_the_mail_server_over_several_runs() -> None:
    """Cases go on without it, continue in new runs with notices pending, and lose none."""
    async with place("", mailbox=False) as here:
        await here.worker()
        travellers = [
            Traveller(here, here.add_case(name, continue_after=30), journey) for name, journey in JOURNEYS.items()
        ]
        await asyncio.gather(*(traveller.travel() for traveller in travellers))
        for traveller in travellers[:2]:
            assert "queued" in {notice["status"] for notice in (await traveller.tables()).notices}
        assert here.mailbox.messages == []
        here.mailbox.start()
        cases = await judge_all(travellers)
        assert all(evidence.history.runs > 1 for evidence in cases)
        assert len(here.mailbox.messages) >= 5


async def test_killed_after_sending_a_notice_is_sent_again_and_recorded_once() -> None:
    """The second copy has the same Message-ID, so that whoever gets it can tell; the case goes on meanwhile."""
    async with place("") as here:
        travellers = [
            Traveller(here, here.add_case(name, continue_after=length), journey)
            # One is delivered again by its next run, the other when its attempt has timed out.
            for length, (name, journey) in zip((40, 400), JOURNEYS.items(), strict=False)
        ]
        stops = [f"sent:person@{traveller.start.case}.example.org" for traveller in travellers]
        worker = await here.worker(stops)
        await asyncio.gather(*(traveller.travel(2) for traveller in travellers))
        await worker.says(*stops)
        worker.kill()
        here.temporal.kill()
        await here.temporal.start()
        await here.worker()
        await asyncio.gather(*(traveller.travel() for traveller in travellers))
        await eventually(lambda: _sent_again(here, len(stops)), "what was sent is sent again")
        await judge_all(travellers)


async def _sent_again(here: Place, count: int) -> bool:
    messages = Counter(message_from_bytes(mail)["Message-ID"] for mail in here.mailbox.messages)
    return sum(copies > 1 for copies in messages.values()) == count
