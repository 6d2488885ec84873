"""`python -m workers`: one worker, by addresses alone. `handrail worker` is the same, by settings."""

import argparse
import asyncio
import logging
import signal
from pathlib import Path

import uvloop

from workers.serving import MailSettings, Serving, WorkerSettings, serve
from workflows.client import connect
from workflows.names import TASK_QUEUE
from workflows.payloads import PayloadKeys, read_keys


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m workers", description="Host cases and their activities.")
    parser.add_argument("--temporal", required=True, metavar="HOST:PORT")
    parser.add_argument("--keys", required=True, type=Path, metavar="FILE", help="payload keys")
    parser.add_argument("--database", required=True, metavar="URL", help="SQLAlchemy's address of the records")
    parser.add_argument("--smtp-port", type=int, metavar="PORT", help="a mail server on this machine, without TLS")
    parser.add_argument("--task-queue", default=TASK_QUEUE)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    mail = None
    if given.smtp_port is not None:
        mail = MailSettings(host="127.0.0.1", port=given.smtp_port, security="none")
    settings = WorkerSettings(task_queue=given.task_queue)
    serving = Serving(database_url=given.database, mail=mail, settings=settings)
    keys = read_keys(given.keys.read_text(encoding="utf-8"))
    uvloop.run(_run(given.temporal, keys, serving))


async def _run(address: str, keys: PayloadKeys, serving: Serving) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    client = await connect(address, keys)
    await serve(client, serving, stop)


if __name__ == "__main__":
    main()
