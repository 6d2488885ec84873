"""`handrail web`: serve the pages, until told to stop."""

import contextlib
import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click
import uvicorn
import uvloop

from handrail.connect import connect_temporal, database_url, now, open_records
from handrail.embedded.ports import DEFAULT_PORT, LOOPBACK
from handrail.options import data_option, settings_of
from handrail.settings import Settings
from use_cases.durable import DurableCases, TemporalCases
from use_cases.errors import ConflictError, InputError
from web.app import make_app
from web.state import LOOPBACK_HOSTS, WebSettings

_LAST_ANSWERS = 5
"""Seconds for answers under way when the pages are stopped; pages that listen for news never end by themselves."""


@click.command("web")
@data_option
@click.option("--bind", default=LOOPBACK, show_default=True, metavar="ADDRESS", help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=DEFAULT_PORT, show_default=True, metavar="N")
@click.pass_context
def command(context: click.Context, data: Path | None, bind: str, port: int) -> int:
    r"""Serve the pages: any number may run, behind a proxy that speaks https.

    They need the records' database, a Temporal profile, and the payload keys; `handrail up` starts one by itself.
    The setting `base_url` says how people reach them: pages are answered under that name only, and with https there
    cookies are sent over https only. On one's own machine that is not needed.

    \b
    Examples:
      handrail web --port 9000
      HANDRAIL_BASE_URL=https://handrail.example handrail --settings /etc/handrail.toml web --bind 0.0.0.0

    \b
    Exit codes: 0 stopped; 2 a setting is not understood; 3 the database or Temporal is away, or the port is in use.
    Its log goes to the error stream; it prints nothing else, so it has no JSON output.
    """
    settings = settings_of(context, data=data)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with open_records(settings):
        pass  # Says what does not fit before anything is begun.
    with _listening(bind, port) as listener:
        uvloop.run(_serve(settings, port, listener))
    return 0


async def _serve(settings: Settings, port: int, listener: socket.socket) -> None:
    cases = TemporalCases(client=await connect_temporal(settings), task_queue=settings.task_queue)

    async def connect() -> DurableCases:
        return cases

    host, secure = _public_name(settings)
    app = make_app(
        WebSettings(
            database_url=database_url(settings),
            connect=connect,
            clock=now,
            hosts=(*LOOPBACK_HOSTS, *host),
            port=port,
            secure=secure,
        )
    )
    config = uvicorn.Config(
        app,
        log_config=None,
        # Addresses have search words in them, which are about people.
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_LAST_ANSWERS,
    )
    await uvicorn.Server(config).serve(sockets=[listener])


def _public_name(settings: Settings) -> tuple[tuple[str, ...], bool]:
    """The name by which people reach the pages, if it is set, and whether by https."""
    if settings.base_url is None:
        return (), False
    parts = urlsplit(settings.base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InputError(
            f"The setting base_url is not an address that people can open: {settings.base_url}.",
            "Write, for example, https://handrail.example.",
        )
    return (parts.hostname,), parts.scheme == "https"


@contextlib.contextmanager
def _listening(bind: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((bind, port))
        except OSError as error:
            raise ConflictError(
                f"The pages cannot listen on {bind}, port {port}: {error.strerror}.", "Choose another one with --port."
            ) from None
        yield listener
