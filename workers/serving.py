"""A worker's whole life in its process: open the records, host cases until told to stop, finish what is begun."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Engine
from temporalio.client import Client

from activities.mail import MailSettings, Post, SmtpPost
from activities.notify import NotifySettings, notify_posts
from pathway_model.language.definition import Channel
from records import definitions
from records.engine import open_engine, reading
from records.migrate import check_schema
from workers.worker import WorkerSettings, build_worker

__all__ = ["MailSettings", "NotifySettings", "Serving", "WorkerSettings", "serve"]

BUSY_SECONDS: Final = 5.0
"""How long an attempt to record waits for the database: well below the time that it has in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What a worker needs beside Temporal.

    Attributes:
        database_url: SQLAlchemy's address of the records.
        mail: The server that notices leave by; without one, what should go by mail becomes somebody's job.
        notify: A service in GOV.UK Notify; the channels that it has templates for go by it, e-mail as well.
        settings: How much is done at a time.
    """

    database_url: str
    mail: MailSettings | None = None
    notify: NotifySettings | None = None
    settings: WorkerSettings = field(default_factory=WorkerSettings)


async def serve(client: Client, serving: Serving, stop: asyncio.Event) -> None:
    """Host cases and their activities until told to stop; then finish the activities under way.

    Raises:
        SchemaOutdatedError: The database belongs to another version of the program.
        RecordsUnavailableError: It cannot be reached.
    """
    engine = open_engine(serving.database_url, busy_seconds=BUSY_SECONDS)
    try:
        await asyncio.to_thread(check_schema, engine)
        await asyncio.to_thread(_compile_definitions, engine)
        async with build_worker(client, engine, posts_of(serving), serving.settings):
            await stop.wait()
    finally:
        engine.dispose()


def posts_of(serving: Serving) -> dict[Channel, Post]:
    """Who takes the notices of each channel. A channel without anybody becomes somebody's job."""
    posts: dict[Channel, Post] = {} if serving.mail is None else {"email": SmtpPost(serving.mail)}
    return posts if serving.notify is None else {**posts, **notify_posts(serving.notify)}


def _compile_definitions(engine: Engine) -> None:
    """Before the first case wakes: many at once would each compile the same one, and Temporal allows two seconds."""
    with reading(engine) as session:
        for published in definitions.published(session):
            definitions.pathway(session, published.digest)
