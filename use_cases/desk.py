"""What a use case is handed: the records, the way to the durable cases, who is asking, and the time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from use_cases.access import Viewer
from use_cases.durable import DurableCases


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One person's place at the door, for one request.

    Attributes:
        records: Where everything is kept.
        cases: The durable cases.
        viewer: Whoever looks or acts.
        now: UTC, whole seconds.
    """

    records: Engine
    cases: DurableCases
    viewer: Viewer
    now: datetime
