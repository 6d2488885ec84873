"""The commands that need nothing to run: `check`, `scenarios`, `migrate-database`, and what every command says."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from handrail.cli import COMMANDS, handrail
from tests.cli.stack import run, run_here
from tests.unit.pathways.files import PATHWAYS

ICON = str(PATHWAYS / "icon" / "1.yaml")


def test_a_sound_definition_is_clean() -> None:
    ran = run_here("check", ICON)
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(r".*1\.yaml: Integrated .*, version 1: nothing is wrong\. Digest [0-9a-f]{12}\n", ran.out)
    assert run_here("check", ICON, "--format", "json").json == []


def test_findings_end_with_one_and_have_the_promised_fields(tmp_path: Path) -> None:
    (tmp_path / "1.yaml").write_text("pathway: x\nversion: 1\n")
    ran = run_here("check", str(tmp_path / "1.yaml"), "--format", "json")
    assert ran.code == 1
    assert isinstance(ran.json, list)
    fields = {"file", "line", "column", "severity", "code", "message", "hint", "path", "counterexample"}
    assert all(isinstance(problem, dict) and set(problem) == fields for problem in ran.json)


@pytest.mark.parametrize("file", ["nowhere.yaml", ".", "latin.yaml"])
def test_what_is_no_text_ends_with_two(tmp_path: Path, file: str) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"\xff\xfe")
    for command in ("check", "scenarios"):
        ran = run_here(command, str(tmp_path / file), "--format", "json")
        assert ran.code == 2
        assert '"error": "Input"' in ran.err


def test_a_scenario_played_both_ways_says_how_far_it_is_beside_its_output() -> None:
    ran = run_here("scenarios", ICON, "--only", "risk_at_night", "--durable", "--format", "json")
    assert (ran.code, ran.err) == (0, "1 of 1: risk_at_night\n")
    assert isinstance(ran.json, list)
    (result,) = ran.json
    assert isinstance(result, dict)
    assert set(result) == {"scenario", "title", "passed", "durable", "same_trace", "differences"}
    assert result["passed"] is result["durable"] is result["same_trace"] is True


def test_a_difference_ends_with_one_and_is_shown(tmp_path: Path) -> None:
    beside = tmp_path / "icon" / "scenarios"
    beside.mkdir(parents=True)
    (tmp_path / "shared").symlink_to(PATHWAYS / "shared")
    slower = Path(ICON).read_text().replace("within: 10 working days", "within: 11 working days")
    (tmp_path / "icon" / "1.yaml").write_text(slower)
    name = "late_at_every_step.yaml"
    (beside / name).write_text((PATHWAYS / "icon" / "scenarios" / name).read_text())
    ran = run_here("scenarios", str(tmp_path / "icon" / "1.yaml"))
    assert ran.code == 1
    assert "late_at_every_step: DIFFERENT" in ran.out
    assert ran.out.endswith("0 of 1 as expected\n")


def test_an_unknown_scenario_is_told_with_a_near_one() -> None:
    ran = run_here("scenarios", ICON, "--only", "s2_lost_handovers")
    assert ran.code == 2
    assert "did you mean `s2_lost_handover`?" in ran.err


def test_the_database_is_migrated_once_or_again(tmp_path: Path) -> None:
    for _ in range(2):
        ran = run_here("migrate-database", "--data", str(tmp_path / "data"), "--format", "json")
        assert (ran.code, ran.json) == (0, {"migrated": True})


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ('dta = "x"', "dta: there is no such setting; did you mean `data`?"),
        ("data = 3 x", "is not TOML"),
        ("[smtp]\nport = 0", "smtp.port"),
    ],
)
def test_settings_that_are_not_understood_are_named(tmp_path: Path, settings: str, sentence: str) -> None:
    file = tmp_path / "handrail.toml"
    file.write_text(settings)
    ran = run_here("--settings", str(file), "case")
    assert ran.code == 2
    assert sentence in ran.err


def test_nothing_running_is_told_with_how_to_start_it(tmp_path: Path) -> None:
    ran = run_here("case", "--data", str(tmp_path))
    assert ran.code == 3
    assert "Start it with `handrail up`" in ran.err


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_examples_and_exit_codes(command: str) -> None:
    shown = CliRunner().invoke(handrail, [command, "--help"]).output
    assert re.search(rf"^ +handrail {command}\b", shown, re.MULTILINE)
    assert "\n  Exit codes:" in shown
    assert "\\b" not in shown


def test_the_program_itself_ends_with_the_same_codes() -> None:
    assert run("check", ICON).code == 0
    assert run("nonsense").code == 2
