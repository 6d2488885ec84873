"""Everything that cases need, each a process that can be killed: Temporal, a worker, records, mail."""

import asyncio
import base64
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, make_url
from temporalio.client import Client

from pathway_model.advance import open_case
from pathway_model.clocks import next_wake
from pathway_model.events import Referred
from pathway_model.language.definition import Channel
from pathway_model.language.names import PERSON, CaseId, ContactId
from pathway_model.outcome import Step
from records import accounts, cases, contacts, definitions, people
from records.accounts import Account, Membership
from records.contacts import Contact
from records.engine import open_engine, writing
from records.migrate import migrate
from records.people import Person, Way
from tests.faults.journeys import icon
from tests.faults.processes import Process
from tests.servers import Mailbox, TemporalDevServer
from use_cases.ids import id_from
from workflows.client import connect
from workflows.messages import CaseStart
from workflows.names import SEARCH_ATTRIBUTES
from workflows.payloads import PayloadKeys

KEYS: Final = PayloadKeys(current="test", keys={"test": b"k" * 32})
STAFF: Final = "staff"
CONTACTS: Final = ("referrer", "gp", "family_member")


def now() -> datetime:
    """The time, UTC, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass
class Place:
    """One of each; every case of a test lives here."""

    database: str
    directory: Path
    records: Engine
    client: Client
    temporal: TemporalDevServer
    mailbox: Mailbox
    processes: list[Process] = field(default_factory=list)

    async def worker(self, stops: Iterable[str] = ()) -> Process:
        """Start a worker that stops at these points, and wait until it serves."""
        keys = self.directory / "keys.json"
        keys.write_text(json.dumps({"current": "test", "keys": {"test": base64.b64encode(KEYS.keys["test"]).decode()}}))
        arguments = ["--temporal", self.temporal.address, "--keys", str(keys), "--database", self.database]
        arguments += ["--smtp-port", str(self.mailbox.port)]
        for stop in stops:
            arguments += ["--stop", stop]
        worker = Process("tests.faults.worker", arguments, self.directory / "worker.log")
        self.processes.append(worker)
        await worker.says("ready")
        return worker

    async def lock(self) -> Process:
        """Have another program keep the SQLite database to itself until it goes on or is killed."""
        file = str(make_url(self.database).database)
        locker = Process("tests.faults.locker", ["--file", file], self.directory / "locker.log")
        self.processes.append(locker)
        await locker.says("locked")
        return locker

    def add_case(self, name: str, *, shift: int = 0, continue_after: int = 400) -> CaseStart:
        """Put somebody on record, as a use case does before the case begins."""
        case = CaseId(id_from(name, str(self.directory)))
        at = now() + timedelta(seconds=shift)
        with writing(self.records) as session:
            digest = definitions.publish(session, icon().definition, now=at)
            ways = _ways(case, PERSON, "email")
            people.add(session, Person(id=f"{case}-{PERSON}", name="Synthetic Person", ways=ways), now=at)
            cases.add(session, case, person=f"{case}-{PERSON}", digest=digest, now=at)
            for kind in CONTACTS:
                contact = Contact(
                    id=ContactId(f"{case}-{kind}"),
                    case=case,
                    kind=kind,
                    name="Synthetic Contact",
                    ways=_ways(case, kind, "email", "letter"),
                )
                contacts.add(session, contact, now=at)
        return CaseStart(
            case=case, definition=icon().definition.canonical(), shift=shift, continue_after=continue_after
        )


def referral(case: CaseId, at: datetime) -> Referred:
    """The first event of a case, by the referrer."""
    return Referred(at=at, by="referrer", contacts={ContactId(f"{case}-{kind}"): kind for kind in CONTACTS})


def shift_to_first_clock(referred: datetime, within: timedelta) -> int:
    """Seconds to add to a case's clock so that its first clock comes due so much later than now.

    Args:
        referred: When the person was; the referral is entered late, and its clock counts from when it happened.
        within: How much later.
    """
    step = open_case(icon(), CaseId("anybody"), referral(CaseId("anybody"), referred), referred)
    assert isinstance(step, Step)
    wake = next_wake(step.case)
    assert wake is not None
    return ceil((wake - within - now()).total_seconds())


@asynccontextmanager
async def place(database: str, *, mailbox: bool = True) -> AsyncIterator[Place]:
    """Everything, on a database of the test's own; removed afterwards."""
    directory = Path(tempfile.mkdtemp(prefix="handrail-faults-"))
    url = database or f"sqlite:///{directory / 'records.db'}"
    temporal = TemporalDevServer(SEARCH_ATTRIBUTES)
    mail = Mailbox()
    records = open_engine(url)
    made: list[Process] = []
    try:
        await temporal.start()
        if mailbox:
            mail.start()
        await asyncio.to_thread(_furnish, records)
        client = await connect(temporal.address, KEYS)
        yield Place(url, directory, records, client, temporal, mail, made)
    finally:
        for process in made:
            process.close()
        mail.stop()
        temporal.close()
        records.dispose()
        shutil.rmtree(directory)


def _furnish(records: Engine) -> None:
    """Have somebody in every role but the service manager's: a ladder's last rung finds nobody."""
    migrate(records)
    at = now()
    with writing(records) as session:
        definitions.publish(session, icon().definition, now=at)
        accounts.add(session, Account(id=STAFF, sign_in=STAFF, name="Synthetic Staff"), now=at)
        for role, agency in icon().agency_of.items():
            if role != "service_manager":
                accounts.give_role(session, STAFF, Membership(agency, role), now=at)


def _ways(case: CaseId, who: str, *channels: Channel) -> tuple[Way, ...]:
    return tuple(Way(channel=channel, address=f"{who}@{case}.example.org") for channel in channels)
