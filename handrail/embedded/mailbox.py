"""A local mailbox: what Handrail sends by mail is kept as it came, one file a message, and goes nowhere."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from handrail.embedded.ports import LOOPBACK

PRIVATE_FILE = 0o600


class Mailbox:
    """Listens on this machine for as long as it is open."""

    def __init__(self, directory: Path, port: int) -> None:
        self._directory = directory
        self._controller = Controller(self, hostname=LOOPBACK, port=port)

    # The name and the arguments are aiosmtpd's.
    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep one message, byte for byte, before acknowledging it."""
        content = envelope.original_content or b""
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{hashlib.sha256(content).hexdigest()[:12]}.eml"
        draft = self._directory / f".{name}"
        draft.touch(mode=PRIVATE_FILE)
        draft.write_bytes(content)
        draft.replace(self._directory / name)
        return "250 Message accepted"

    def open(self) -> None:
        """Listen."""
        self._controller.start()

    def close(self) -> None:
        """Stop listening; what came stays."""
        self._controller.stop()
