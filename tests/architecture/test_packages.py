"""The folders mean what docs/adr/0001 says. Import contracts themselves are run once, by scripts/verify."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

CHECKED = set(PROJECT["tool"]["importlinter"]["root_packages"])
SHIPPED = set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
NOT_SHIPPED = {"tests", "benchmarks"}


def _package_files() -> list[Path]:
    return [path for package in sorted(CHECKED) for path in (ROOT / package).rglob("*.py")]


def test_every_package_is_shipped_and_has_its_layer() -> None:
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")} - NOT_SHIPPED
    assert found == CHECKED == SHIPPED - {"pathways"}


def test_every_folder_with_modules_is_a_package() -> None:
    # A migration is run by Alembic from its file; it is nobody's module.
    folders = {path.parent for path in _package_files() if "migrations" not in path.parts}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_package_init_files_are_empty() -> None:
    """An import must not pull in more than it names, least of all inside a workflow."""
    inits = [path for path in _package_files() if path.name == "__init__.py"]
    assert [str(path.relative_to(ROOT)) for path in inits if path.read_text().strip()] == []


def test_importing_the_case_workflow_loads_neither_records_nor_activity_code() -> None:
    """A contract may be kept on paper and broken by what an import drags in; ask a fresh interpreter."""
    program = "import json, sys, workflows.case; print(json.dumps(sorted(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    loaded: set[str] = set(json.loads(ran.stdout))
    kept_out = {"records", "use_cases", "workers", "web", "handrail"}
    kept_out |= {"sqlalchemy", "alembic", "psycopg", "fastapi", "aiosmtplib"}
    assert sorted({name.partition(".")[0] for name in loaded} & kept_out) == []
    from_activities = {name for name in loaded if name.partition(".")[0] == "activities"}
    assert from_activities <= {"activities", "activities.contracts"}
