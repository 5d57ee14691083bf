"""The processes of `goldenthread serve` start together and stop together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finder
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from goldenthread.web.management import static_files, web_server
from goldenthread.web.management.commands import every_minute, serve

PATIENCE = 300  # seconds; only a test that fails waits so long


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def answer_of(port: int) -> str:
    """What the health check says, or nothing."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return answer.read().decode().strip()
    except (urllib.error.URLError, OSError):
        return ""


def wait_until(condition) -> bool:
    """Whether the condition came true in time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    return False


def stat_of(pid: str) -> list[str]:
    """State, parent and so on of a process, as Linux tells them; nothing where it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []


def children_of(parent: int) -> set[int]:
    """Every process below the parent."""
    pids = [entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    parents = {int(pid): int(stat[1]) for pid in pids if (stat := stat_of(pid))}
    found: set[int] = set()
    while more := {pid for pid, above in parents.items() if above in found | {parent}} - found:
        found |= more
    return found


def is_running(pid: int) -> bool:
    """Whether the process is there and not merely waiting to be collected."""
    stat = stat_of(str(pid))
    return bool(stat) and stat[0] != "Z"


def environment_of(data) -> dict[str, str]:
    """The environment of an installation of its own, on SQLite."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    settings = "goldenthread.config.settings"
    return environment | {"GOLDENTHREAD_DATA": str(data), "DJANGO_SETTINGS_MODULE": settings}


def run(*arguments, env=None) -> subprocess.CompletedProcess:
    """Run Python to its end."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)


@pytest.fixture
def installation(tmp_path):
    """An installation that is ready."""
    environment = environment_of(tmp_path / "data")
    assert run("-m", "django", "init_db", env=environment).returncode == 0
    return environment


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_and_leaves_nothing_behind_when_it_is_stopped(installation, number):
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "django", "serve", "--port", str(port)],
        env=installation,
        start_new_session=True,
    )
    try:
        answered = wait_until(lambda: answer_of(port) == "ok")
        below = children_of(server.pid)
        server.send_signal(number)
        code = server.wait(timeout=PATIENCE)
    finally:
        server.kill()

    assert answered
    assert len(below) >= 5, "gunicorn with two workers, the job cluster and the minute loop"
    assert code == 0
    assert wait_until(lambda: not any(map(is_running, below)))


def test_serve_refuses_a_database_that_is_not_ready(tmp_path):
    environment = os.environ | {
        "GOLDENTHREAD_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "goldenthread.config.settings",
    }
    environment.pop("DATABASE_URL", None)

    answer = subprocess.run(
        [sys.executable, "-m", "django", "serve"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 1
    assert "Run: goldenthread init_db" in answer.stderr


def test_serve_refuses_other_computers_without_tls():
    with pytest.raises(CommandError, match="plain HTTP"):
        call_command("serve", host="0.0.0.0")


def test_an_installation_served_to_others_insists_on_tls(installation):
    names = (
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_NAME",
        "ADDRESS",
    )
    probe = f"from django.conf import settings; print(*(getattr(settings, name) for name in {names!r}))"

    answer = run("-c", probe, env=installation | {"GOLDENTHREAD_HOSTS": "audits.example.gov.uk"})

    assert answer.stdout.split() == [
        *("True", "True", "True"),
        *("__Host-goldenthread_session", "https://audits.example.gov.uk"),
    ]


def test_when_one_process_ends_the_others_are_stopped(tmp_path):
    mark = tmp_path / "stopped"
    stays = (
        "import signal, sys, time\n"
        f"signal.signal(signal.SIGTERM, lambda *a: (open({str(mark)!r}, 'w'), sys.exit()))\n"
        "time.sleep(60)"
    )
    program = (
        "import sys, time\nfrom goldenthread.web.management.processes import run_together\n"
        "sys.exit(run_together({'short': lambda: time.sleep(2), "
        f"'long': lambda: exec({stays!r}, {{}})}}, say=print))"
    )

    answer = run("-c", program, env=environment_of(tmp_path))

    assert answer.returncode == 1
    assert "The short process ended by itself" in answer.stdout
    assert mark.exists()


def test_a_command_that_fails_does_not_keep_the_others_from_running(transactional_db, caplog):
    assert not every_minute.run_safely("no_such_command")
    assert every_minute.run_safely("checkpoint")
    assert "it will be tried again in a minute" in caplog.text


def test_a_port_on_an_ipv6_address_is_written_as_gunicorn_wants_it():
    assert web_server.bound("::1", 8000) == "[::1]:8000"


def test_the_names_of_the_migrations_are_those_that_the_database_has_done(db):
    done = set(MigrationRecorder(connection).applied_migrations())

    assert serve.known_migrations() == done
    assert serve.missing_migrations() == 0


def test_a_step_that_the_database_lacks_is_missing(db):
    MigrationRecorder(connection).record_unapplied("ledger", "0001_initial")

    assert serve.missing_migrations() == 1


def test_static_files_are_gathered_again_only_when_they_have_changed(settings, tmp_path):
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "a.css").write_text("a {}")
    settings.STATICFILES_DIRS, settings.DATA = [ours], tmp_path
    settings.STATIC_ROOT = gathered = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    get_finder.cache_clear()

    static_files.gather_if_changed()
    first = (gathered / "staticfiles.json").stat().st_mtime_ns
    static_files.gather_if_changed()
    second = (gathered / "staticfiles.json").stat().st_mtime_ns
    (ours / "b.css").write_text("b {}")
    static_files.gather_if_changed()
    get_finder.cache_clear()

    assert first == second
    assert (gathered / "b.css").exists()
