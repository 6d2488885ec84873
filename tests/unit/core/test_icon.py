"""ICoN's own story on the core: how big a case value is in the middle of it, and that patches rebuild it."""

import json
from pathlib import Path

from pathway_model.advance import settle
from pathway_model.case import Case
from pathway_model.changes import JsonObject, case_from, changes, fold, value_of
from pathway_model.compiled import compile_pathway
from pathway_model.language.names import MAIN
from pathway_model.pathway import Pathway
from pathway_model.reading.fragments import FragmentSource
from pathway_model.reading.reader import read
from pathway_model.scenarios.reading import read_scenario
from pathway_model.scenarios.runner import InMemory, cues_of

PATHWAYS = Path(__file__).parents[3] / "pathways"
MOST_BYTES = 4096


def icon() -> Pathway:
    fragments = {"standard 1": FragmentSource("standard-1.yaml", (PATHWAYS / "shared/standard-1.yaml").read_text())}
    reading = read((PATHWAYS / "icon/1.yaml").read_text(), "icon/1.yaml", fragments)
    assert reading.definition is not None, reading.problems
    return compile_pathway(reading.definition)


def test_a_case_stays_small_and_folds_from_its_patches_through_all_of_icon() -> None:
    pathway = icon()
    file = PATHWAYS / "icon/scenarios/s1_from_referral_to_closing.yaml"
    scenario = read_scenario(file.read_text(), file.name, pathway).scenario
    assert scenario is not None
    driver = InMemory(pathway)
    before: Case | None = None
    value: JsonObject = {}
    sizes: list[int] = []
    for cue in cues_of(pathway, scenario):
        for step in driver.play(cue).steps:
            value = fold(value, changes(before, step.case))
            before = step.case
            assert case_from(value) == step.case
            assert settle(pathway, step.case, step.case.now) == () or step.event.kind == "clock came due"
            if pathway.phase_of(step.case.strands[MAIN].step) == "intervention":
                sizes.append(len(json.dumps(value_of(step.case), separators=(",", ":"))))
    assert len(sizes) > 10
    assert max(sizes) <= MOST_BYTES, f"{max(sizes)} bytes"
