"""Words that look like an identifier are asked about before and after they are kept."""

import pytest
from django.urls import reverse

from goldenthread.audits import operations
from goldenthread.rules.forms import Given
from tests.make import make_audit, make_council, moment

pytestmark = pytest.mark.django_db


def test_what_looks_like_an_identifier_is_said_and_nothing_is_kept(client, django_assert_num_queries):
    council = make_council()
    client.force_login(council.priya)
    client.get(reverse("my_tasks"))

    with django_assert_num_queries(2):  # the session and who it is
        reply = client.post(reverse("check_words"), {"words": "Call 07700 900123 about 943 476 5919."})

    assert reply.json() == {
        "sentences": [
            "“07700 900123” looks like a phone number. If the audit does not need it, take it out.",
            "“943 476 5919” looks like an NHS number. If the audit does not need it, take it out.",
        ]
    }
    assert "no-store" in reply["Cache-Control"]


def test_a_form_that_comes_back_says_it_without_scripts(client):
    council = make_council()
    audit = make_audit(council)
    given = Given("Call 07700 900123.")
    operations.save_answer(audit, "voice heard", given, expected=0, by=audit.auditor, at=moment())
    client.force_login(council.ada)

    page = client.get(reverse("audit_section", args=[audit.public_id, "voice"])).text

    assert "“07700 900123” looks like a phone number." in page


def test_nobody_is_told_without_signing_in(client):
    assert client.post(reverse("check_words"), {"words": "a@example.org"}).status_code == 302
