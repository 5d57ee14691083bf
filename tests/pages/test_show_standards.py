"""Standards: arranged for a reader, every figure down to its audits, and only what one may see."""

import pytest
from django.urls import reverse

from goldenthread.audits.models import Audit
from goldenthread.frameworks.models import Framework
from tests.make import make_person, make_post
from tests.operations.test_community_mental_health import AT, finish, sent, set_up
from tests.operations.test_community_mental_health import KEY as PACK_KEY

pytestmark = pytest.mark.django_db
DAYS = {"first": "01/07/2026", "last": "31/08/2026"}


@pytest.fixture
def provider():
    return set_up()


@pytest.fixture
def audited(provider):
    first, second, *_ = sent("2026-07", "monthly audit")
    finish(first, provider.quinn, "assured", at=AT)
    finish(second, provider.quinn, "not assured", at=AT, missed=["has thresholds"])
    return provider


def address(name="show_standards"):
    return reverse(name, args=[Framework.objects.get(key=PACK_KEY).public_id])


def test_the_standards_are_arranged_by_what_a_reader_expects(client, audited):
    client.force_login(audited.quinn)

    page = client.get(address(), DAYS | {"scheme": "pathway"}).content.decode()

    assert "Step-up follows a clear logic" in page and "The escalation plan has thresholds" in page
    assert "Effective: assessing needs" not in page
    assert "1 of 2, too few for a percentage" in page


def test_a_figure_opens_the_audits_that_it_counts(client, audited):
    client.force_login(audited.quinn)
    missed = Audit.objects.get(judgements__grade="not assured")
    said = DAYS | {"kind": "monthly audit", "standard": "escalation plan", "outcome": "missed"}

    page = client.get(address("list_standard_audits"), said).content.decode()

    assert missed.number in page and '<h1 class="govuk-heading-l">1 ' in page
    assert "“The escalation plan has thresholds” was missed" in page


def test_a_leader_is_not_shown_what_another_team_missed(client, audited):
    missed = Audit.objects.get(judgements__grade="not assured")
    other = next(leader for unit, leader in audited.leaders.items() if unit != missed.unit_id)
    client.force_login(other)
    said = DAYS | {"kind": "monthly audit", "standard": "escalation plan", "outcome": "missed"}

    page = client.get(address("list_standard_audits"), said).content.decode()

    assert missed.number not in page


def test_who_sees_no_reports_sees_no_standards(client, audited):
    client.force_login(make_person("Sam"))

    assert client.get(address()).status_code == 403
    assert client.get(address("list_standard_audits")).status_code == 403


def test_days_in_the_wrong_order_are_told_in_a_sentence(client, audited):
    client.force_login(audited.quinn)

    page = client.get(address(), {"first": "31/08/2026", "last": "01/07/2026"}).content.decode()

    assert "The last day is before the first" in page and "finished in this time" not in page


def test_the_definition_stands_beside_the_question(client, provider):
    audit = sent("2026-07", "monthly audit")[0]
    client.force_login(audit.auditor)

    page = client.get(reverse("audit_section", args=[audit.public_id, "checks"])).content.decode()

    assert "Non-negotiable: The escalation plan has thresholds" in page
    assert "at which point somebody acts" in page


def test_the_framework_says_who_is_answered_by_which_standard(client, provider):
    make_post(provider.quinn, "quality lead", provider.teams[0])
    client.force_login(provider.quinn)
    version = reverse("show_framework_version", args=[Framework.objects.get(key=PACK_KEY).public_id, 1])

    page = client.get(version).content.decode()

    assert "Whose expectations the standards answer" in page and "Medicines are reconciled" in page
