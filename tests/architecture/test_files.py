"""What is committed must work, and read well, on any machine."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Written in pieces, so that this file does not find itself.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"),
        ("proxy", "golang", "org"),
        ("static", "crates", "io"),
    )
]
MACHINE_PATHS = ["/" + name + "/" for name in ("work", "root", "home", "Users", "opt/py" + "pi")]

FORBIDDEN = re.compile(
    "|".join(
        [re.escape(host) for host in HOSTS]
        # A path starts a word: `/cases/7/work/` in an address is not one.
        + [rf"(?<![\w.}})\]-]){re.escape(path)}" for path in MACHINE_PATHS]
        + [r"--(?:extra-)?index-url", r"--trusted-host", r"--find-links"]
    )
)
SPEAKS_OF_THEM = {
    "scripts/compile-requirements",  # switches index addresses off, by name
    "docs/adr/0002-hashed-requirements-and-make.md",  # says why
    "tests/architecture/test_files.py",
}


@cache
def _committed_texts() -> dict[str, str]:
    """Every text file that is committed or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    texts = {}
    for name in sorted(filter(None, listed.stdout.split("\0"))):
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            texts[name] = content.decode()
    return texts


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    findings = [
        f"{name}:{number}: {found.group()}"
        for name, text in _committed_texts().items()
        if name not in SPEAKS_OF_THEM
        for number, line in enumerate(text.splitlines(), start=1)
        for found in FORBIDDEN.finditer(line)
    ]
    assert findings == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("see /" + "work/main/README.md", True),
        ("GET /cases/7/" + "work/", False),
        (f"https://files.{HOSTS[1]}/x.whl", True),
        ("the pathway's work/life strand", False),
    ],
)
def test_the_search_tells_a_machine_path_from_an_address(line: str, *, found: bool) -> None:
    assert bool(FORBIDDEN.search(line)) is found


def test_every_requirement_is_pinned_and_hashed() -> None:
    """Pip checks hashes for all or none: one bare line would switch the check off for a new file."""
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        logical = path.read_text().replace("\\\n", " ").splitlines()
        lines = [line for line in logical if line.strip() and not line.lstrip().startswith("#")]
        assert lines, path.name
        assert [line for line in lines if "==" not in line or "--hash=sha256:" not in line] == []


def test_runtime_and_test_requirements_agree() -> None:
    """What is tested is what is run."""
    pin = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
    runtime, test = (
        dict(pin.findall((ROOT / "requirements" / name).read_text())) for name in ("runtime.txt", "test.txt")
    )
    assert runtime.items() <= test.items()


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "adr"
    index = (folder / "README.md").read_text()
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert records
    assert [name for name in records if f"({name})" not in index] == []
