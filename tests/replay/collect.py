"""Adds histories to the corpus.

`python -m tests.replay.collect NAME pathways/icon/scenarios/x.yaml` for a scenario, or
`python -m tests.replay.collect NAME trouble` for a case that meets trouble and continues in new runs;
`python -m tests.replay.collect NAME all` for the usual ones of both, when the rules or the durable case change.
"""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from temporalio.client import WorkflowExecutionStatus, WorkflowHistory

from activities.contracts import MAY_BE_STORED, NEVER_STORED, NOT_YET_DELIVERED, NOTHING_STORED
from pathway_model.compiled import compile_pathway
from pathway_model.events import StaffingChanged
from pathway_model.scenarios.reading import read_scenario
from pathway_model.scenarios.runner import cues_of
from tests.replay import corpus
from tests.workflow.support import SOON, skipping_bench
from use_cases.definitions import read_definition, read_text
from workers.rehearsal import on_stage
from workflows.names import NUDGE

USUAL = [
    Path("pathways/icon/scenarios") / f"{name}.yaml"
    for name in (
        "s1_from_referral_to_closing",
        "s2_lost_handover",
        "risk_at_night",
        "pause_in_hospital_then_custody",
    )
]


async def of_scenario(file: Path) -> WorkflowHistory:
    """The history of a scenario, played durably."""
    definition = read_definition(file.parents[1] / "1.yaml").definition
    assert definition is not None
    pathway = compile_pathway(definition)
    scenario = read_scenario(read_text(file), file.name, pathway).scenario
    assert scenario is not None
    async with on_stage(pathway, scenario, corpus.CONVERTER) as driver:
        for cue in cues_of(pathway, scenario):
            await driver.play(cue)
        return await driver.history()


async def of_trouble() -> list[WorkflowHistory]:
    """The runs of a case that meets everything that can go wrong, continues twice, and ends."""
    async with skipping_bench(corpus.CONVERTER) as bench:
        bench.start = replace(bench.start, continue_after=60)
        async with bench.worker():
            await bench.begin()
            runs = [await bench.run_id()]
            await bench.take("one")
            await bench.take("two", "greet")
            bench.records.faults = [NOTHING_STORED]
            await bench.take("three")
            bench.records.faults = [MAY_BE_STORED, NOTHING_STORED, NOTHING_STORED]
            await bench.take("four")
            bench.deliveries.faults = [NOT_YET_DELIVERED]
            await bench.take("five", "greet")
            await bench.skip(minutes=5)
            runs.append(await bench.run_id())
            bench.records.faults = [NEVER_STORED]
            await bench.skip(hours=2)
            bench.records.nobody_in = ("manager",)
            await bench.handle.signal(NUDGE)
            await bench.skip(seconds=5)
            await bench.take("six", "support")
            runs.append(await bench.run_id())
            bench.records.nobody_in = ()
            await bench.send("back", StaffingChanged(at=await bench.now(), role="manager", somebody=True))
            for number in range(4):
                await bench.insist(f"more {number}", "note_again")
            await bench.take("seven", "finish_now")
            await bench.handle.result(rpc_timeout=SOON)
            assert await bench.status() == WorkflowExecutionStatus.COMPLETED
            runs.append(await bench.run_id())
        return [await bench.history(run) for run in dict.fromkeys(runs)]


def main(name: str, what: str) -> None:
    """Collect and keep."""
    if what == "all":
        for scenario in USUAL:
            main(f"{name}-{scenario.stem}", str(scenario))
        main(f"{name}-trouble", "trouble")
    elif what == "trouble":
        for number, history in enumerate(asyncio.run(of_trouble()), start=1):
            corpus.add(f"{name}-{number}", history)
    else:
        corpus.add(name, asyncio.run(of_scenario(Path(what))))


if __name__ == "__main__":
    main(*sys.argv[1:])
