"""One version of a pathway, as its service designer wrote it: schema, documentation and type in one.

`pathway_model.reading` makes it from text, `pathway_model.compiled` makes it ready to run. Its canonical JSON is what
is digested, published, carried by a case and run. Maps keep the order of writing: a phase or strand begins at its
first step.
"""

import hashlib
from datetime import date
from typing import Annotated, Literal, Self, get_args

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from pathway_model.language.clocks import Clock, Deadline
from pathway_model.language.lengths import Length
from pathway_model.language.names import STAY, Digest, Name
from pathway_model.language.parts import Names, Notes, OneOrMore, Part, YesNo, many
from pathway_model.language.requirements import Requirement, Requirements

Category = Literal["contact", "attendance", "plan", "clinical", "risk"]
"""What a fact is about; consent is given for categories."""

Categories = Annotated[
    tuple[Category, ...], BeforeValidator(many, json_schema_input_type=Category | tuple[Category, ...])
]
"""One category or a list of them."""

EndKind = Literal["completed", "lost contact", "moved away", "died", "another reason", "strand"]
Channel = Literal["email", "text message", "letter", "inbox"]
AnswerKind = Literal["yes or no", "text", "number", "date", "date and time", "person"]


def _choices(value: object) -> object:
    if isinstance(value, list | tuple) and all(isinstance(choice, str) for choice in value):
        return {choice: str(choice).replace("_", " ").capitalize() for choice in value}
    if isinstance(value, str) and value not in get_args(AnswerKind):
        kinds = ", ".join(get_args(AnswerKind))
        raise ValueError(f"`{value}` is no kind of answer; write {kinds}, or a list of choices")
    return value


def _answer_form(value: object) -> str:
    return "kind" if isinstance(value, str) else "choices"


AnswerForm = Annotated[
    Annotated[AnswerKind, Tag("kind")] | Annotated[dict[Name, str], Field(min_length=1), Tag("choices")],
    Discriminator(_answer_form),
    BeforeValidator(_choices),
]
"""How a question is answered: a kind of answer, or choices with their titles."""


class Agency(Part):
    """An organisation that takes part, with its roles."""

    title: str
    roles: Names = Field(min_length=1)


class Consent(Part):
    """What may be shared, with whom, and what for. Asking, giving and withdrawing are possible in every step."""

    with_: OneOrMore = Field(alias="with", description="agencies or contacts")
    purpose: str
    covers: Categories = Field(min_length=1)


class Fact(Part):
    """A typed item that the case knows, with the question asked."""

    ask: str
    answer: AnswerForm = Field(
        description="yes or no, text, number, date, date and time, person, or choices (with titles if wanted)"
    )
    lowest: float | None = Field(None, allow_inf_nan=False)
    highest: float | None = Field(None, allow_inf_nan=False)
    past: YesNo = Field(False, description="a date that cannot lie in the future")
    several: YesNo = Field(False, description="more than one choice")
    repeats: YesNo = Field(False, description="asked anew each time")
    when: Requirement | None = Field(None, description="asked only then")
    current_for: Length | None = Field(None, description="not asked again while it is current")
    category: Category = "clinical"
    personal: YesNo = Field(False, description="kept in records only; the case knows that it was answered")
    never_a_barrier: YesNo = Field(False, description="may never make a requirement fail")
    need: str | None = Field(None, description="which co-occurring need it describes")

    @model_validator(mode="after")
    def _fits_its_answer(self) -> Self:
        if self.answer == "text" and not self.personal:
            raise ValueError("a free-text answer may name somebody: add personal: yes")
        if self.answer != "number" and (self.lowest is not None or self.highest is not None):
            raise ValueError("`lowest` and `highest` go with answer: number")
        if self.past and (self.personal or self.answer not in ("date", "date and time")):
            raise ValueError("`past` goes with answer: date, or date and time, that is not personal")
        if self.several and not isinstance(self.answer, dict):
            raise ValueError("`several` goes with choices")
        return self


class Notice(Part):
    """Words to somebody outside. To anybody but the person they need consent, or a reason why none is needed."""

    to: OneOrMore = Field(description="person, or kinds of contact")
    text: str
    channel: Channel | None = Field(None, description="left out: as the recipient chose")
    consent: Name | None = None
    no_consent_because: str | None = None

    @model_validator(mode="after")
    def _consent_or_reason(self) -> Self:
        if self.consent is not None and self.no_consent_because is not None:
            raise ValueError("say consent or no_consent_because, not both")
        if self.consent is None and self.no_consent_because is None and set(self.to) != {"person"}:
            raise ValueError("others than the person are told: add consent, or no_consent_because with the reason")
        return self


class Count(Part):
    """A tally that sets something off on reaching `at`."""

    title: str
    at: int | None = Field(None, ge=1)
    job_for: Names = ()


class NeverFor(Part):
    """Reasons that are always refused, and kept on record as tried."""

    reasons: Names = Field(min_length=1)
    count: Name | None = None
    job_for: Names = ()


class Alternative(Part):
    """One branch of a decision, or of what moves by itself."""

    when: Requirement
    go_to: OneOrMore
    job_for: Names = ()
    sends: Names = ()


Alternatives = Annotated[
    tuple[Alternative, ...], BeforeValidator(many, json_schema_input_type=Alternative | tuple[Alternative, ...])
]
"""One alternative or a list of them."""


class Action(Part):
    """What a role may do at a step."""

    title: str | None = None
    by: OneOrMore = Field((), description="left out: the owner, and with whom the step is shared")
    asks: Names = Field((), description="facts or forms")
    needs: Requirements = ()
    signed_by: Names = Field((), description="each of these must sign")
    decide: Alternatives = ()
    go_to: OneOrMore = Field((STAY,), description="a step, stay, or back")
    ends_strands: YesNo = Field(False, description="may leave a phase whose strands have not finished")
    requests: Names = Field((), description="handovers")
    sends: Names = Field((), description="notices")
    job_for: Names = Field((), description="roles that are given a job by it")
    count: Name | None = None
    notes: Notes = ()

    @model_validator(mode="after")
    def _one_way_on(self) -> Self:
        if self.decide and self.go_to != (STAY,):
            raise ValueError("say decide or go_to, not both")
        return self


class Handover(Part):
    """Care passed on: requested, received, accepted or declined, begun, completed. The sender owns until accepted."""

    title: str | None = None
    to: Name = Field(description="the receiving role")
    passes: Name = Field(description="a strand, or case")
    carries: Names = Field((), description="facts")
    when: Requirement | None = Field(None, description="it is requested only then")
    consent: Name | None = Field(None, description="without it the handover goes without content")
    may_decline_for: Names = Field(min_length=1)
    never_for: NeverFor | None = None
    receive: Deadline
    decide: Deadline
    notes: Notes = ()


class Step(Part):
    """Where a case waits: an owner, a deadline, and what may be done."""

    title: str | None = None
    owner: Name | None = Field(None, description="in a strand, left out: the strand's")
    with_: OneOrMore = Field((), alias="with", description="who may also act")
    deadline: Deadline | None = None
    clocks: dict[Name, Clock] = Field(default_factory=dict)
    actions: dict[Name, Action] = Field(default_factory=dict)
    leave_when: Requirements = Field((), description="for every way out but interrupts")
    moves_by_itself: Alternatives = ()
    sends: Names = ()
    job_for: Names = ()
    ends: EndKind | None = None
    notes: Notes = ()


class Strand(Part):
    """A line of work beside a phase: steps of its own, or the short form `finishes_when`."""

    title: str | None = None
    owner: Name
    finishes_when: str | None = None
    steps: dict[Name, Step] = Field(default_factory=dict)
    clocks: dict[Name, Clock] = Field(default_factory=dict)
    actions: dict[Name, Action] = Field(default_factory=dict)
    moves_by_itself: Alternatives = ()
    notes: Notes = ()

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if bool(self.steps) == (self.finishes_when is not None):
            raise ValueError("say exactly one of steps, finishes_when")
        return self


class Interrupt(Part):
    """An event that is accepted in every step (or, written in a phase, in each of its steps)."""

    title: str | None = None
    raised_by: OneOrMore
    asks: Names = ()
    handles: Names = Field((), description="left out: its own name")
    suspends: Literal["everything"] | None = None
    many: YesNo = Field(False, description="may be open more than once at a time")
    stops_notices: YesNo = Field(False, description="nothing outward is sent from then on")
    opens: Literal["linked case"] | None = None
    steps: dict[Name, Step] = Field(default_factory=dict)
    go_to: Name | None = None
    moves_by_itself: Alternatives = ()
    requests: Names = ()
    sends: Names = ()
    job_for: Names = ()
    notes: Notes = ()

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if sum((bool(self.steps), self.go_to is not None, bool(self.moves_by_itself))) > 1:
            raise ValueError("say at most one of steps, go_to, moves_by_itself")
        return self


class Phase(Part):
    """A stage of the pathway: its steps, and the strands that run beside them."""

    title: str | None = None
    steps: dict[Name, Step] = Field(min_length=1)
    strands: dict[Name, Strand] = Field(default_factory=dict)
    clocks: dict[Name, Clock] = Field(default_factory=dict)
    actions: dict[Name, Action] = Field(default_factory=dict)
    interrupts: dict[Name, Interrupt] = Field(default_factory=dict)
    handovers: dict[Name, Handover] = Field(default_factory=dict)
    leave_when: Requirements = ()
    notes: Notes = ()


class Throughout(Part):
    """What is in force wherever the case is."""

    clocks: dict[Name, Clock] = Field(default_factory=dict)
    actions: dict[Name, Action] = Field(default_factory=dict)
    interrupts: dict[Name, Interrupt] = Field(default_factory=dict)
    handovers: dict[Name, Handover] = Field(default_factory=dict)
    notes: Notes = ()


class Definition(Part):
    """One immutable version of a pathway."""

    pathway: Name
    version: int = Field(ge=1)
    title: str
    calendar: Literal["england"] = "england"
    holidays: tuple[date, ...] = Field((), description="frozen in by the reader: the calendar's non-working weekdays")
    notes: Notes = ()
    agencies: dict[Name, Agency] = Field(min_length=1)
    contacts: dict[Name, Literal["one", "many"]] = Field(default_factory=dict)
    consents: dict[Name, Consent] = Field(default_factory=dict)
    facts: dict[Name, Fact] = Field(default_factory=dict)
    forms: dict[Name, Names] = Field(default_factory=dict)
    notices: dict[Name, Notice] = Field(default_factory=dict)
    counts: dict[Name, Count] = Field(default_factory=dict)
    phases: dict[Name, Phase] = Field(min_length=1)
    throughout: Throughout = Throughout()

    def canonical(self) -> str:
        """The definition as one JSON string: what is digested, published and carried by each case."""
        return self.model_dump_json(exclude_defaults=True)

    def digest(self) -> Digest:
        """SHA-256 of the canonical string, in hexadecimal."""
        return Digest(hashlib.sha256(self.canonical().encode()).hexdigest())
