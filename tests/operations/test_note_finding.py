"""Good practice and areas to improve, with their theme and section (WF-6)."""

import pytest

from goldenthread.audits import operations
from goldenthread.findings.models import Finding
from goldenthread.findings.operations import Found
from goldenthread.ledger.models import Event
from goldenthread.rules.refusal import Refused
from tests.make import make_audit, make_council, moment

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")


@pytest.fixture
def audit():
    return make_audit(make_council())


def note(audit, **words):
    said = {"kind": "good", "text": "Her own words throughout.", "theme": "voice", "part": "voice", **words}
    return operations.note_finding(audit, Found(**said), by=audit.auditor, at=AT)


def test_a_finding_is_recorded_with_one_event(audit):
    before = Event.objects.count()

    finding = note(audit)

    assert (finding.about_id, finding.unit, finding.theme) == (audit.public_id, audit.unit, "voice")
    assert Event.objects.count() == before + 1


def test_the_same_finding_sent_twice_is_noted_once(audit):
    assert note(audit) == note(audit)
    assert Finding.objects.count() == 1


def test_a_finding_taken_back_counts_no_more_and_stays_on_record(audit):
    finding = note(audit)

    operations.take_back_finding(audit, finding, by=audit.auditor, at=AT)

    assert not Finding.objects.standing().exists()
    assert Finding.objects.get().text == "Her own words throughout."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"kind": "other"}, "good practice or something to improve"),
        ({"text": " "}, "Say what you found"),
        ({"theme": "weather"}, "themes shown"),
        ({"part": "cellar"}, "sections shown"),
        ({"source": "film"}, "sources shown"),
    ],
)
def test_what_the_framework_does_not_know_is_refused(audit, words, sentence):
    with pytest.raises(Refused, match=sentence):
        note(audit, **words)


def test_a_finding_of_another_audit_is_not_taken_back_here(audit):
    council = make_council_again(audit)
    other = make_audit(council)
    finding = note(other)

    with pytest.raises(Refused, match="another record"):
        operations.take_back_finding(audit, finding, by=audit.auditor, at=AT)


def make_council_again(audit):
    """The people and teams of an audit, as `make_audit` asks for them."""

    class Same:
        ada, priya, team = audit.auditor, audit.practitioner, audit.unit

    return Same
