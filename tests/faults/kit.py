"""Processes of a test's own that end without a word, and what must hold after each of them."""

import os
import random
import signal
import time
import traceback
from contextlib import contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, connections
from django.db.models import Count, Max

from goldenthread.audits.models import Answer, AnswerVersion
from goldenthread.ledger import checkpoints, verification
from goldenthread.ledger.models import Event

SEED = 20261127
FLEETING = {"Session", "Schema", "Failure", "AccessAttempt"}


class Dies:
    """Ends its own process, as `kill -9` would, when the given statement is about to be sent."""

    def __init__(self, at=None):
        self.at, self.sent = at, 0

    def __call__(self, execute, *rest):
        self.sent += 1
        if self.sent == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*rest)


@dataclass(frozen=True)
class Ended:
    """What a process said before its end, and how it ended."""

    said: tuple[str, ...]
    killed: bool
    statements: int


def child(work, *, dies_at=None, on=None):
    """Do `work(say)` in a process of its own, which dies before its statement number `dies_at`.

    `on` names another database, which is the child's own.
    """
    pid, pipe = _forked(work, Dies(dies_at), on)
    with pipe:
        lines = pipe.read().splitlines()
    return _ended(pid, lines)


def killed_after(work, number, *, wait):
    """Do `work(say)` in a process of its own, and kill it `wait` seconds after it said so many lines."""
    pid, pipe = _forked(work, Dies())
    with pipe:
        lines = [line for _, line in zip(range(number), pipe, strict=False)]
        time.sleep(wait)
        os.kill(pid, signal.SIGKILL)
        lines += pipe.readlines()
    whole = [line.rstrip("\n") for line in lines if line.endswith("\n")]
    return _ended(pid, whole)


def _forked(work, dies, on=None):
    """A child at work, and where it is heard."""
    connections.close_all()
    reads, writes = os.pipe()
    pid = os.fork()
    if pid == 0:
        _in_child(work, dies, reads, writes, on)
    os.close(writes)
    return pid, os.fdopen(reads)


def _ended(pid, lines):
    """How a child ended, once it has."""
    _, status = os.waitpid(pid, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise AssertionError("\n".join(lines))
    sent = [int(line[1:]) for line in lines if line.startswith("#")]
    said = tuple(line for line in lines if not line.startswith("#"))
    return Ended(said, os.WIFSIGNALED(status), sent[0] if sent else 0)


def _in_child(work, dies, reads, writes, on):
    """The child's side, which never comes back."""
    code = 1
    os.close(reads)
    try:
        if on is not None:
            connection.settings_dict["NAME"] = on
        with connection.execute_wrapper(dies):
            work(lambda text: os.write(writes, f"{text}\n".encode()))
        os.write(writes, f"#{dies.sent}\n".encode())
        connections.close_all()
        code = 0
    except BaseException:  # noqa: BLE001 - told to the parent
        os.write(writes, traceback.format_exc().encode())
    finally:
        os._exit(code)


@contextmanager
def empty_database(folder):
    """The name of a database of the kind that the tests run on, which holds nothing."""
    if connection.vendor == "sqlite":
        yield str(folder / "empty.sqlite3")
        return
    name = "goldenthread_empty"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
    yield name
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def moments(statements, count):
    """Statement numbers to die at: all of them where there are few enough, else so many at random."""
    every = range(1, statements + 1)
    return list(every) if count >= statements else sorted(random.Random(SEED).sample(every, count))


def sizes():
    """How many rows each table holds, but for what comes and goes with sign-ins."""
    return {
        model.__name__: model.objects.count() for model in apps.get_models() if model.__name__ not in FLEETING
    }


def check_answers():
    """Answers, their versions, their history and the ledger tell of the same saves."""
    history = AnswerVersion.objects.values("answer").annotate(number=Count("pk"), last=Max("version"))
    kept = {row["answer"]: row for row in history}
    for answer in Answer.objects.all():
        row = kept[answer.pk]
        assert answer.version == row["number"] == row["last"]
        newest = AnswerVersion.objects.get(answer=answer, version=answer.version)
        assert newest.value == answer.value
    assert Event.objects.filter(what="audit.answer").count() == AnswerVersion.objects.count()


def check_ledger():
    """Each event is where and what it was."""
    verdict = verification.verify(checkpoints.folder())
    assert verdict.ok, verdict.fault
