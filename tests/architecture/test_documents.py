"""What the documents say of the program is so: links lead somewhere, tables are complete."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from pydantic import BaseModel

from handrail.cli import COMMANDS
from handrail.settings import PREFIX, Settings
from use_cases import case_view
from workflows.names import SEARCH_ATTRIBUTES

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
MAIN_PATH = (
    "pathway_model/reading/reader.py",
    "pathway_model/advance.py",
    "workflows/case.py",
    "activities/record.py",
    "records/case_events.py",
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_and_headings(document: Path) -> None:
    broken = [target for target in _links(document) if not _leads_somewhere(document, target)]
    assert broken == []


def test_the_readme_walks_the_main_path_in_five_stops() -> None:
    stops = [target for target in _links(ROOT / "README.md") if target.endswith(".py")]
    assert stops == list(MAIN_PATH)


def test_the_settings_are_those_of_the_program() -> None:
    table = re.findall(rf"^\| `({PREFIX}\w+)` \| `([\w.]+)` \|", _text("docs/operating.md"), re.MULTILINE)
    assert dict(table) == {f"{PREFIX}{key.replace('.', '_')}".upper(): key for key in _keys(Settings)}


def test_the_search_attributes_are_those_of_the_program() -> None:
    table = re.findall(r"^\| `(Handrail\w+)` \| (\w+) \|", _text("docs/operating.md"), re.MULTILINE)
    assert dict(table) == dict(SEARCH_ATTRIBUTES)


def test_each_command_has_a_section() -> None:
    headings = [line for line in _text("docs/command-line.md").splitlines() if line.startswith("## ")]
    assert [command for command in COMMANDS if f"`handrail {command}" not in "\n".join(headings)] == []


@pytest.mark.parametrize(
    "view",
    [case_view.CaseView, case_view.CaseLine, case_view.StrandView, case_view.DueView, case_view.PossibleView,
     case_view.QuestionView, case_view.AnswerView, case_view.GivenView, case_view.HandoverView, case_view.ConsentView,
     case_view.ContactView, case_view.JobView, case_view.NoticeView, case_view.EventView, case_view.PersonView],
)  # fmt: skip
def test_each_field_for_programs_is_described(view: type[case_view.CaseView]) -> None:
    text = _text("docs/command-line.md")
    assert [field.name for field in fields(view) if f"`{field.name}`" not in text] == []


def test_each_decision_is_in_the_index() -> None:
    decisions = {path.name for path in (ROOT / "docs" / "adr").glob("[0-9]*.md")}
    assert set(_links(ROOT / "docs" / "adr" / "README.md")) & decisions == decisions


def test_the_changelog_says_what_changes_for_people_and_for_running_cases() -> None:
    for release in re.split(r"^## ", _text("CHANGELOG.md"), flags=re.MULTILINE)[1:]:
        assert "### Pathways" in release
        assert "### Replay" in release


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _links(document: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [target for target in LINK.findall(text) if "://" not in target]


def _leads_somewhere(document: Path, target: str) -> bool:
    path, _, heading = target.partition("#")
    file = (document.parent / path).resolve() if path else document
    return file.exists() and (not heading or heading in _anchors(file))


def _anchors(file: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def _keys(model: type[BaseModel], before: str = "") -> list[str]:
    keys: list[str] = []
    for name, field in model.model_fields.items():
        part = field.annotation
        if isinstance(part, type) and issubclass(part, BaseModel):
            keys += _keys(part, f"{before}{name}.")
        else:
            keys.append(before + name)
    return keys
