"""The keys that encrypt what Temporal keeps: made once, readable by their owner only, never printed."""

import base64
import json
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from use_cases.errors import UnfitError

KEY_BYTES: Final = 32
OWNER_ONLY: Final = 0o600


def ensure_payload_keys(file: Path, sealed: Path) -> None:
    """Make a first key where there is no file of keys yet.

    Args:
        file: Of the keys.
        sealed: What they encrypt. Where it is there without them, a new key would open nothing.

    Raises:
        UnfitError: The keys are lost.
    """
    if file.exists():
        return
    if sealed.exists():
        raise UnfitError(
            f"The payload keys {file} are missing, and {sealed} was encrypted with them: no case in it can be read.",
            "Bring the file back from the backup, or set HANDRAIL_PAYLOAD_KEYS. No new keys were made.",
        )
    name = f"{datetime.now(UTC):%Y-%m-%d}-{secrets.token_hex(4)}"
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    draft = file.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        json.dump({"current": name, "keys": {name: key}}, opened)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)
