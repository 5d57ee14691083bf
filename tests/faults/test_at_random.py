"""Killed at random moments, rather than before a statement: a process that saves without end."""

from random import Random

import pytest
from django.db.models import Max
from django.test import Client
from django.urls import reverse

from goldenthread.audits.models import Answer, AnswerVersion
from tests.faults import EACH, size
from tests.faults.kit import SEED, check_answers, check_ledger, killed_after
from tests.make import make_audit, make_council

pytestmark = pytest.mark.django_db(transaction=True)
QUESTION = "voice heard"
KILLS = size(3, 1000)
MOST = 2000 if EACH else 20
"""Saves that are acknowledged before a kill: as many as this at the most, half of it on average."""


def saves_without_end(audit, turn):
    """The work of a web process: an answer saved without end, each save told of once it is acknowledged."""

    def work(say):
        browser = Client()
        browser.force_login(audit.auditor)
        path = reverse("save_answer", args=[audit.public_id])
        version = Answer.objects.filter(audit=audit).aggregate(Max("version"))["version__max"] or 0
        while True:
            told = {"question": QUESTION, f"value:{QUESTION}": f"{turn}: {version}", "version": version}
            answer = browser.post(path, told)
            assert answer.status_code == 200, answer.content
            version = answer.json()["version"]
            say(str(version))

    return work


def test_a_web_process_killed_at_any_moment_loses_nothing_that_it_acknowledged():
    audit, chance = make_audit(make_council()), Random(SEED)
    stood = untold = 0
    for turn in range(KILLS):
        work = saves_without_end(audit, turn)
        ended = killed_after(work, chance.randint(1, MOST), wait=chance.random() / 50)

        assert ended.killed
        acknowledged = [int(line) for line in ended.said]
        assert acknowledged == list(range(stood + 1, stood + 1 + len(acknowledged)))
        newest = Answer.objects.get(audit=audit)
        assert newest.version - acknowledged[-1] in (0, 1), "a save that nobody was told of is one at most"
        untold += newest.version - acknowledged[-1]
        since = AnswerVersion.objects.filter(version__gt=stood).order_by("version")
        assert list(since.values_list("value", flat=True)) == [
            f"{turn}: {version}" for version in range(stood, newest.version)
        ]
        stood = newest.version
    assert stood >= KILLS
    assert untold <= KILLS
    check_answers()
    check_ledger()
