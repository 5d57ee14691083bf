"""An e-mail carries a reference and a link: no names of people, no grades, no reasons."""

import re

import pytest
from django.core import mail

from goldenthread.audits.models import Answer, Judgement
from goldenthread.escalations.operations import answer_alert, raise_alert
from goldenthread.people.models import Person
from goldenthread.tasks.models import Notice
from goldenthread.web.tasks.delivery import deliver
from tests.make import STATES, make_audit, make_council, make_subject, moment

GRADES = ("Outstanding", "Good", "Requires Improvement", "Inadequate")

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    """All that is written to anybody while audits take every step and alerts are raised and answered."""
    council = make_council()
    earlier = make_subject("MOSAIC-889900", unit=council.team, practitioner=council.priya)
    audits = [
        make_audit(council, state=state, number=f"2026-11/{number:03}", grade="inadequate")
        for number, state in enumerate(STATES, start=1)
    ]
    make_audit(
        council,
        state="final",
        audit_type="re-audit",
        previous=audits[-1],
        number="2026-11/090",
        cycle="2027-01",
    )
    for about in ({"audit": audits[0]}, {"subject": earlier}):
        alert = raise_alert(**about, concern="Bruises on both arms", by=council.ada, at=moment())
        answer_alert(alert, said="Seen by a doctor", resolved=True, by=council.theo, at=moment())
    deliver()
    return [f"{message.subject}\n{message.body}" for message in mail.outbox]


def test_every_notice_is_an_e_mail_with_a_link(told):
    assert len(told) == Notice.objects.count() > 30
    assert all(re.search(r"http://localhost:8000/\S+", text) for text in told)


def test_no_e_mail_names_a_person_a_case_or_a_grade(told):
    names = [*Person.objects.values_list("name", flat=True), "MOSAIC-889900", "C-2026"]

    for text in told:
        for word in (*names, *GRADES):
            assert not re.search(rf"\b{word}\b", text, re.IGNORECASE if word not in names else 0), (
                word,
                text,
            )


def test_no_e_mail_gives_a_reason_or_what_was_written(told):
    written = {
        *Judgement.objects.exclude(why="").values_list("why", flat=True),
        *Answer.objects.exclude(evidence="").values_list("evidence", flat=True),
        "Bruises on both arms",
        "Seen by a doctor",
        "Say what you saw in the plan.",
    }

    assert len(written) > 5
    for text in told:
        assert not [words for words in written if words in text]


def test_no_word_in_braces_is_left_unfilled(told):
    assert not [text for text in told if re.search(r"[{}]", text)]
