"""What somebody sees of a case: plain values, the same for pages, programs and the command line, in UTC."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import JsonValue

from pathway_model.language.names import CaseId
from pathway_model.outcome import Reason

PhaseState = Literal["done", "here", "ahead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """Who it is."""

    name: str
    nhs_number: str | None
    born: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseView:
    """A stage of the pathway, and whether the case has been through it."""

    title: str
    state: PhaseState


@dataclass(frozen=True, slots=True, kw_only=True)
class StrandView:
    """Where one strand stands, and whose it is."""

    strand: str
    title: str
    step: str
    step_title: str
    owner: str
    agency: str | None
    since: datetime
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RungView:
    """Something that a clock will do by itself: tell these roles, then."""

    at: datetime
    kind: Literal["warn", "missed"]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueView:
    """A clock that runs or was missed.

    Attributes:
        kind: `deadline`, `minimum` (possible from then on) or `review` (comes round again).
        overdue: Past its due time, as of when it was looked at.
        hard_limit: Whatever falls due after it is flagged.
        beyond_limit: It falls due after a hard limit that still runs.
        frozen: Since when a pause holds it.
        rungs: Whom it will tell, and when, unless it is met.
    """

    clock: str
    title: str
    kind: Literal["deadline", "minimum", "review"]
    strand: str
    started: datetime
    due: datetime
    overdue: bool
    hard_limit: bool
    beyond_limit: bool
    frozen: datetime | None
    rungs: tuple[RungView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question that an action asks; `choices` by name with their titles, where there are any.

    Attributes:
        limits: Of a number: ` from 0 to 20`, or nothing.
        repeats: Asked anew each time.
        latest: The answer on record, as somebody would write it; nothing for a personal one.
    """

    fact: str
    ask: str
    answer: str
    choices: dict[str, str]
    personal: bool
    limits: str = ""
    repeats: bool = False
    latest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleView:
    """Something that can be done, or why not yet.

    Attributes:
        action: Its name in the definition.
        kind: `action`, `handover` (something to answer) or `interrupt` (accepted in every step).
        who: Roles that may do it.
        reasons: Why not yet; none when it can be done now.
        depends: What further hangs on the answers given with it.
        answers: Of a handover: how it can be answered now.
        follows: What follows from it, one sentence each.
    """

    action: str
    title: str
    kind: Literal["action", "handover", "interrupt"]
    strand: str | None
    who: tuple[str, ...]
    asks: tuple[QuestionView, ...]
    reasons: tuple[Reason, ...] = ()
    depends: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenView:
    """One answer: what, the same in words, and when it happened."""

    value: JsonValue
    said: str
    happened: datetime
    correction: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """The answers to one question, the latest last."""

    fact: str
    ask: str
    given: tuple[GivenView, ...]
    question: QuestionView


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverView:
    """How a handover stands.

    Attributes:
        may_decline_for: Reasons for which it may be declined.
        never_for: Reasons that are never allowed: they are put on record and looked into.
        services: Who could carry on instead, with their titles.
    """

    handover: str
    title: str
    status: str
    to: str
    requested: datetime
    settled: datetime | None
    with_content: bool
    reason: str | None
    alternative: str | None
    may_decline_for: tuple[str, ...] = ()
    never_for: tuple[str, ...] = ()
    services: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentView:
    """What the person said about one agency or contact."""

    consent: str
    purpose: str
    party: str
    party_name: str
    status: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """Somebody outside who belongs to the case."""

    contact: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """Something that a role must do and that no step covers.

    Attributes:
        closable: Whether the role may say that it is done; other jobs end with what they are about.
    """

    job: str
    role: str
    about: str
    sentence: str
    since: datetime
    closable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A notice and what came of it.

    Attributes:
        channel, address, text: How, where to and what was sent; none until then.
    """

    notice: str
    recipient: str
    recipient_name: str
    status: str
    reason: str | None
    queued: datetime
    settled: datetime | None
    channel: str | None = None
    address: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """One event: when it happened, when it was entered, by whom."""

    sequence: int
    happened: datetime
    entered: datetime
    by: str
    account: str | None
    what: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Everything that the viewer may see of a case.

    Attributes:
        whole: Whether that is all of it; otherwise what the person's consent covers.
        seen_at: When it was looked at: what is overdue and what can be done follow from it.
        roles: Those in which the viewer can act.
        contact_kinds: Whom the pathway knows besides the person.
        can_do: What can be done now, by whomever.
        not_yet: What cannot, each with every reason.
    """

    case: CaseId
    pathway: str
    version: int
    title: str
    whole: bool
    seen_at: datetime
    roles: tuple[str, ...]
    contact_kinds: tuple[str, ...]
    opened: datetime
    events: int
    phase: str | None
    phases: tuple[PhaseView, ...]
    paused: bool
    outcome: str | None
    blocked: str | None
    person: PersonView | None
    strands: tuple[StrandView, ...]
    due: tuple[DueView, ...]
    can_do: tuple[PossibleView, ...]
    not_yet: tuple[PossibleView, ...]
    answers: tuple[AnswerView, ...]
    handovers: tuple[HandoverView, ...]
    consents: tuple[ConsentView, ...]
    contacts: tuple[ContactView, ...]
    jobs: tuple[JobView, ...]
    notices: tuple[NoticeView, ...]
    timeline: tuple[EventView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One case in a list: where it is, whose it is, what is due next."""

    case: CaseId
    person: str | None
    pathway: str
    version: int
    phase: str | None
    steps: tuple[str, ...]
    owners: tuple[str, ...]
    next_due: datetime | None
    overdue: bool
    paused: bool
    status: str
    outcome: str | None
