"""From settings to a place at the door: the records, Temporal, and whoever is asking."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime

from sqlalchemy import Engine
from temporalio.client import Client

from handrail.embedded.directory import DataDirectory, read_running
from handrail.settings import Settings
from use_cases.accounts import EVERYBODY, check_role, viewer_of
from use_cases.database import check_database, opened
from use_cases.desk import Desk
from use_cases.durable import TemporalCases
from use_cases.errors import AwayError, NotAllowedError, UnfitError
from workflows.client import connect, connect_by_profile
from workflows.payloads import PayloadKeys, PayloadKeysError, read_keys


def now() -> datetime:
    """The time, as all of Handrail keeps it: UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def database_url(settings: Settings) -> str:
    """SQLAlchemy's address of the records."""
    return settings.database_url or DataDirectory(settings.data).database_url


@contextmanager
def open_records(settings: Settings) -> Iterator[Engine]:
    """The records, checked to have this program's schema.

    Raises:
        UnfitError: They have another, or nothing runs here.
        NotRecordedError: They cannot be reached.
    """
    if settings.embedded:
        read_running(DataDirectory(settings.data))
    with opened(database_url(settings)) as records:
        check_database(records)
        yield records


@asynccontextmanager
async def open_desk(settings: Settings, *, account: str | None = None, role: str | None = None) -> AsyncIterator[Desk]:
    """A place at the door.

    Args:
        settings: Where everything is.
        account: Whose; left out: the settings' own, or on one's own machine the demonstration account of the role.
        role: In which the account acts.

    Raises:
        HandrailError: Something is away, or there is no such account.
    """
    with open_records(settings) as records:
        sign_in = _sign_in(settings, account, role)
        if sign_in == role and account is None:
            check_role(records, role)
        viewer = viewer_of(records, sign_in)
        cases = TemporalCases(client=await connect_temporal(settings), task_queue=settings.task_queue)
        yield Desk(records=records, cases=cases, viewer=viewer, now=now())


async def connect_temporal(settings: Settings) -> Client:
    """Temporal, with the keys of the payloads.

    Raises:
        AwayError: It cannot be reached.
        UnfitError: There are no keys, or they cannot be read.
    """
    keys = payload_keys(settings)
    try:
        if settings.embedded:
            return await connect(read_running(DataDirectory(settings.data)).temporal, keys)
        return await connect_by_profile(
            keys,
            profile=settings.temporal.profile,
            config_file=settings.temporal.config_file,
            environment=os.environ,
        )
    except RuntimeError as error:
        if settings.embedded:
            raise AwayError(
                "The Temporal server does not answer.",
                "`handrail up` starts it again when it ended: try again in a moment.",
            ) from None
        raise AwayError(f"Temporal cannot be reached: {error}.", "Check the Temporal profile.") from None


def payload_keys(settings: Settings) -> PayloadKeys:
    """The keys of the payloads.

    Raises:
        UnfitError: There are none, or they cannot be read.
    """
    file = settings.payload_keys or DataDirectory(settings.data).payload_keys
    try:
        return read_keys(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnfitError(
            f"The payload keys {file} cannot be read: {error.strerror}.",
            "Without them no case can be read: bring the file back, or set HANDRAIL_PAYLOAD_KEYS.",
        ) from None
    except PayloadKeysError as error:
        raise UnfitError(f"{file}: {error}") from None


def _sign_in(settings: Settings, account: str | None, role: str | None) -> str:
    chosen = account or settings.account
    if chosen is not None:
        return chosen
    if settings.embedded:
        return role or EVERYBODY
    raise NotAllowedError("Whose account is this?", "Say --account, or set HANDRAIL_ACCOUNT.")
