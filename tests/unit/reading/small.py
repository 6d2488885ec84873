"""A small pathway with one of most things, and how its problems are looked for."""

from pathway_model.reading.fragments import FragmentSource
from pathway_model.reading.problems import Problem
from pathway_model.reading.reader import Reading, read

HERE = "‸"
"""In a text: the place at which the problem is expected."""

SMALL = """\
pathway: small
version: 1
title: A small pathway
fragments: shared 1
agencies:
  ours: {title: Us, roles: [worker, manager]}
  theirs: {title: Them, roles: [receiver, chief]}
contacts: {referrer: one, gp: many}
consents:
  share: {with: [gp, theirs], purpose: Shared care, covers: [plan]}
facts:
  reason: {ask: Why?, answer: text, personal: yes}
  agreed: {ask: Agreed?, answer: yes or no}
  score: {ask: Which score?, answer: number, lowest: 0, highest: 10, repeats: yes}
  route: {ask: Which route?, answer: [alcohol, opiates], category: plan}
  substance: {ask: Which substance?, answer: [alcohol, other], never_a_barrier: yes}
  seen_on: {ask: When seen?, answer: date}
  back_at: {ask: When back?, answer: date and time, category: contact}
forms:
  first_form: [reason, agreed]
notices:
  hello: {to: person, text: We will see you on <back_at>.}
  news: {to: gp, consent: share, text: "The route: <route>", channel: letter}
counts:
  bounces: {title: Bounced, at: 2, job_for: [manager]}
phases:
  begin:
    steps:
      first:
        owner: worker
        deadline: {within: 2 working days, escalate: {manager: at once}}
        actions:
          go_on: {asks: [first_form], needs: {fact: agreed, is: yes}, sends: [hello], go_to: second}
  care:
    handovers:
      pass_on:
        to: receiver
        passes: talking
        carries: [route]
        consent: share
        may_decline_for: [no_room]
        never_for: {reasons: [uses_substances], count: bounces, job_for: [manager]}
        receive: {within: 2 working days, escalate: {chief: at once}}
        decide: {within: 5 working days, escalate: {chief: at once}}
    clocks:
      at_least_a_month: {at_least: 1 calendar month}
    strands:
      talking: {owner: worker, finishes_when: Is the talking done?}
      housing:
        owner: worker
        steps:
          looking: {actions: {found: {go_to: housed}}}
          housed: {ends: strand}
    steps:
      second:
        owner: worker
        with: [manager]
        clocks:
          seen_again: {within: 72 hours, from: {fact: back_at}, escalate: {owner: at once}}
        actions:
          finish: {needs: {clock: at_least_a_month, is: reached}, requests: [pass_on], go_to: closed}
        leave_when:
          - {handovers: care, are: accepted}
  end:
    steps:
      closed: {owner: manager, ends: completed}
throughout:
  use:
    - {fragment: risk}
"""

SHARED = """\
fragments: shared
version: 1
risk:
  blanks: {duty: worker, manager: manager}
  facts:
    worry: {ask: What is the worry?, answer: text, personal: yes}
  interrupts:
    risk:
      raised_by: anyone
      asks: [worry]
      steps:
        risk_raised:
          owner: <duty>
          deadline: {within: 1 hour, escalate: {<manager>: at once}}
          actions: {end_risk: {go_to: back}}
tell:
  blanks: {who: must be given, what: must be given, within: 2 working days, when: always}
  counts:
    told: {title: Told}
  actions:
    tell: {by: <who>, sends: <what>, count: told}
    tell_again: {by: <who>, needs: {action: tell, is: taken}}
  clocks:
    tell_due: {within: <within>, when: <when>, met_by: {taking: tell}, escalate: {<who>: at once}}
"""

FRAGMENTS = {"shared 1": FragmentSource("shared-1.yaml", SHARED)}


def read_small(text: str = SMALL, shared: str = SHARED) -> Reading:
    """Read a text as `small.yaml`, with the shared fragments."""
    return read(text, "small.yaml", {"shared 1": FragmentSource("shared-1.yaml", shared)})


def changed(old: str, new: str, text: str = SMALL) -> str:
    """The small pathway with one thing written differently."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def expected_place(marked: str) -> tuple[str, int, int]:
    """A text without its mark, and the line and column of the mark."""
    before, mark, after = marked.partition(HERE)
    assert mark, "no mark"
    return before + after, before.count("\n") + 1, len(before) - before.rfind("\n")


def told(problems: tuple[Problem, ...]) -> list[str]:
    """Problems as lines, for reading in a failed test."""
    return [f"{p.file}:{p.line}:{p.column}: {p.code}: {p.message} | {p.hint}" for p in problems]
