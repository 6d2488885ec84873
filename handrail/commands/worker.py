"""`handrail worker`: host cases and their activities, until told to stop."""

import asyncio
import json
import logging
import signal
from datetime import UTC, datetime
from pathlib import Path

import click
import uvloop

from handrail.connect import connect_temporal, database_url, open_records
from handrail.embedded.directory import DataDirectory, read_running
from handrail.options import data_option, settings_of
from handrail.output import format_option
from handrail.settings import Settings
from workers.serving import MailSettings, NotifySettings, Serving, WorkerSettings, serve


@click.command("worker")
@data_option
@click.option("--cases-at-once", type=click.IntRange(1, 200), default=16, show_default=True, metavar="N")
@click.option("--cases-cached", type=click.IntRange(1, 100_000), default=1000, show_default=True, metavar="N")
@format_option
@click.pass_context
def command(context: click.Context, data: Path | None, cases_at_once: int, cases_cached: int, as_json: bool) -> int:
    r"""Host cases: any number of workers may run, on any number of machines.

    A worker needs the records' database, a Temporal profile, and the payload keys; `handrail up` starts one by itself.
    On SIGTERM or Ctrl-C it finishes the activities under way. Its log has case references only, never names.

    \b
    Examples:
      handrail worker
      HANDRAIL_TEMPORAL_PROFILE=production handrail --settings /etc/handrail.toml worker

    \b
    Exit codes: 0 stopped; 2 a setting is not understood; 3 the database or Temporal is away, or does not fit.
    Its log goes to the error stream; it prints nothing else.
    JSON, a line each, on the error stream too: {"at", "level", "logger", "message"}, and "error" with a traceback.
    """
    settings = settings_of(context, data=data)
    _log(as_json=as_json)
    limits = WorkerSettings(task_queue=settings.task_queue, cases_at_once=cases_at_once, cases_cached=cases_cached)
    with open_records(settings):
        pass  # Says what does not fit before anything is begun.
    serving = Serving(
        database_url=database_url(settings), mail=_mail(settings), notify=_notify(settings), settings=limits
    )
    uvloop.run(_run(settings, serving))
    return 0


class _JsonLines(logging.Formatter):
    """One JSON object a line, for whatever gathers logs."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record; times in UTC."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        if record.exc_info is not None:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _log(*, as_json: bool) -> None:
    handler = logging.StreamHandler()
    words = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    handler.setFormatter(_JsonLines() if as_json else words)
    logging.basicConfig(level=logging.INFO, handlers=[handler])


async def _run(settings: Settings, serving: Serving) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(await connect_temporal(settings), serving, stop)


def _mail(settings: Settings) -> MailSettings | None:
    """The mail server of the settings; on a machine of one's own, the mailbox that `handrail up` runs."""
    mail = settings.smtp
    if mail.host is None:
        if not settings.embedded:
            return None
        port = read_running(DataDirectory(settings.data)).smtp_port
        return MailSettings(host="127.0.0.1", port=port, security="none", sender=mail.sender)
    password = None if mail.password is None else mail.password.get_secret_value()
    return MailSettings(
        host=mail.host, port=mail.port, security=mail.security, username=mail.username, password=password,
        sender=mail.sender,
    )  # fmt: skip


def _notify(settings: Settings) -> NotifySettings | None:
    notify = settings.notify
    if notify.api_key is None:
        return None
    return NotifySettings(
        api_key=notify.api_key.get_secret_value(),
        email_template=None if notify.email_template is None else str(notify.email_template),
        text_template=None if notify.text_template is None else str(notify.text_template),
        base_url=str(notify.base_url),
    )
