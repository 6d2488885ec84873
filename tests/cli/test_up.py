"""`handrail up`: starts, keeps its parts running, stops cleanly, goes on where it was; and says why it cannot."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from handrail.embedded.temporal_server import find_temporal
from tests.cli.stack import Up, alive, free_ports, run, run_here
from use_cases.errors import UnfitError


def test_a_killed_worker_and_a_killed_server_are_started_again(up: Up) -> None:
    referred = up.handrail("refer", "icon", "--name", "Kim Oak", "--as", "duty_coordinator", "--format", "json")
    case = str(referred.json["case"])  # type: ignore[index,call-overload]
    before = up.children()
    os.kill(before["worker"], signal.SIGKILL)
    up.until("The worker ended (signal 9); starting it again")
    os.kill(before["temporal"], signal.SIGKILL)
    up.until("The Temporal server ended (signal 9); starting it again")
    up.until("The Temporal server runs again")
    done = up.handrail("act", case, "acknowledge", "--as", "duty_coordinator")
    assert done.code == 0, done.err
    assert set(up.children().values()).isdisjoint(before.values())


def test_a_directory_in_use_is_told_with_its_holder(up: Up) -> None:
    second = run("up", "--data", str(up.data), "--port", str(free_ports()), "--no-demo")
    assert second.code == 3
    assert f"process {up.process.pid}" in second.err


def test_a_port_in_use_is_told_with_a_free_one(up: Up, tmp_path: Path) -> None:
    second = run("up", "--data", str(tmp_path / "other"), "--port", str(up.port), "--no-demo")
    assert second.code == 3
    assert "is in use by another program" in second.err
    assert "for example --port" in second.err


def test_what_is_kept_is_closed_to_other_accounts(up: Up) -> None:
    assert stat.S_IMODE(up.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((up.data / "payload-keys.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((up.data / "handrail.db").stat().st_mode) == 0o600


def test_it_stops_without_leaving_a_process_and_goes_on_where_it_was(tmp_path: Path) -> None:
    first = Up(tmp_path / "data", "--no-demo")
    first.until("Handrail is running")
    referred = first.handrail("refer", "icon", "--name", "Kim Oak", "--as", "duty_coordinator", "--format", "json")
    case = str(referred.json["case"])  # type: ignore[index,call-overload]
    children = first.children()
    assert set(children) == {"temporal", "worker"}
    assert first.stop(signal.SIGINT) == 0
    assert "Stopped. Everything is kept" in first.said[-1]
    assert not any(alive(pid) for pid in children.values())
    assert run_here("case", "--data", str(first.data)).code == 3
    second = Up(first.data, "--no-demo", port=first.port)
    second.until("Handrail is running")
    done = second.handrail("act", case, "acknowledge", "--as", "duty_coordinator")
    assert (done.code, second.stop()) == (0, 0), done.err


def test_for_programs_it_says_so_in_json_with_the_addresses(tmp_path: Path) -> None:
    """A line each, so that whoever starts it can wait for the one that matters."""
    started = Up(tmp_path / "data", "--no-demo", "--format", "json")
    started.until('"running"')
    running = json.loads(started.said[-1])["running"]
    assert running["temporal"] == f"127.0.0.1:{started.port + 1}"
    assert started.stop() == 0
    assert all(json.loads(line) for line in started.said)


def test_the_workers_log_is_for_programs_when_they_ask(up: Up) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-m", "handrail", "worker", "--data", str(up.data), "--format", "json"],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert worker.stderr is not None
    line = json.loads(worker.stderr.readline())
    worker.terminate()
    worker.communicate()
    assert {"at", "level", "logger", "message"} <= set(line)


def test_it_can_be_stopped_while_it_starts(tmp_path: Path) -> None:
    starting = Up(tmp_path / "data", "--no-demo")
    starting.until("Starting the Temporal server")
    assert starting.stop() == 0
    assert not (starting.data / "running.json").exists()


CANNOT = {
    "a port that there is not": (("--port", "99999"), {}, 2, "There is no port 99999"),
    "a file for a directory": (("--data", __file__), {}, 2, "is a file"),
    "a directory that cannot be made": (("--data", "/proc/handrail"), {}, 3, "cannot be written"),
    "no pathways": ((), {"HANDRAIL_PATHWAYS": "/proc/handrail"}, 2, "There are no pathways in /proc/handrail"),
    "a Temporal of somebody else": ((), {"HANDRAIL_TEMPORAL_PROFILE": "x"}, 2, "nothing is to be run here"),
    "a setting that is none": ((), {"HANDRAIL_SMTP_PORT": "x"}, 2, "smtp.port"),
    "no database address": ((), {"HANDRAIL_DATABASE_URL": "x"}, 2, "database_url is not an address"),
}


@pytest.mark.parametrize("said", CANNOT)
def test_what_keeps_it_from_starting_is_told_in_a_sentence(tmp_path: Path, said: str) -> None:
    arguments, settings, code, sentence = CANNOT[said]
    usual = ("--data", str(tmp_path / "data"), "--port", str(free_ports()), "--no-demo")
    ran = run_here("up", *usual, *arguments, **settings)
    assert ran.code == code, ran.err
    assert sentence in ran.err
    assert "Traceback" not in ran.err


def test_keys_that_cannot_be_read_are_told_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "payload-keys.json").write_text('{"current": "a", "keys": {}}')
    ran = run_here("up", "--data", str(tmp_path), "--port", str(free_ports()), "--no-demo")
    assert ran.code == 3
    assert "The current key is not among the keys" in ran.err
    assert "Starting" not in ran.out


def test_a_missing_temporal_is_told_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_where, **_more: None)
    with pytest.raises(UnfitError) as missing:
        find_temporal()
    assert "make run" in missing.value.mend
