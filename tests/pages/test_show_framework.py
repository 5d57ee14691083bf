"""The pages of a framework: its versions, a version in words, its forms, its steps, its file."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goldenthread.frameworks.queries import pack_of
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.reading import read_pack
from goldenthread.rules.spans import parse_span, span_after
from goldenthread.web.frameworks.wording_of_subjects import subject_sentences
from tests.make import PACK, make_person, publish_pack
from tests.rich_pack import RICH_DOCUMENT
from tests.subject_packs import KINDS, pack_looking_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    return publish_pack()


@pytest.fixture
def as_sam(client):
    """Somebody with an account and no post."""
    client.force_login(make_person("Sam"))
    return client


def address(version, rest=""):
    return f"/frameworks/{version.framework.public_id}/versions/{version.number}/{rest}"


def words(page):
    """The text of a page, one space between words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())).replace("&#x27;", "'")


def test_nobody_reads_a_framework_without_signing_in(client, version):
    page = client.get(address(version))

    assert page.status_code == 302
    assert page["Location"].startswith("/sign-in/")


def test_every_member_of_staff_may_read_the_frameworks_and_none_may_publish_without_the_permission(
    as_sam, version
):
    page = as_sam.get("/frameworks/")

    assert "Adult social care case audits" in words(page)
    assert "/frameworks/publish/" not in page.content.decode()
    assert as_sam.get("/frameworks/publish/").status_code == 403


def test_a_framework_lists_its_versions_with_why_they_were_made(as_sam, version):
    publish_pack(document=PACK.read_text().replace("number: 1\n\nthemes", "number: 2\n\nthemes"))

    page = words(as_sam.get(f"/frameworks/{version.framework.public_id}/"))

    assert page.index("Version 2") < page.index("Version 1")
    assert "for a test" in page


@pytest.mark.parametrize(
    "said",
    [
        "One cycle a month, except in August and December.",
        "Each opens on the first working day of its month and closes on the last working day.",
        "every case of which “status” is “open” is in the frame",
        "“audited” was at most 12 months ago",
        "It is not so that “allocated” was at least 3 months ago",
        "Only while there are enough without it",
        "No practitioner is picked twice in one draw.",
        "“service” is “MASH” qa manager, senior manager",
        "their own work; their own team; the earlier auditor",
        "The grade for “overall” is one of “requires improvement”, “inadequate”",
        "1 month after it is finished",
        "Needs are plainly shown by evidence",
        "3 working days from its return",
        "When a safety alert is raised",
        "1 Team manager 5 working days",
        "Head of service, if the grade for “overall” is “inadequate”",
        "Whoever is team manager, over the case's team",
        "areas to improve",
    ],
)
def test_a_version_says_in_words_what_the_framework_says(as_sam, version, said):
    assert said in words(as_sam.get(address(version)))


def test_a_version_shows_this_year_s_cycles_with_their_days(as_sam, version, monkeypatch):
    monkeypatch.setattr(
        "goldenthread.web.frameworks.views.timezone.localdate",
        lambda: __import__("datetime").date(2026, 11, 20),
    )

    page = words(as_sam.get(address(version)))

    assert "May 2026 Friday 1 May Friday 29 May No" in page
    assert "February 2026 Monday 2 February Friday 27 February Yes" in page
    assert "August 2026" not in page


def test_a_year_whose_holidays_are_not_known_is_said_not_guessed(as_sam, version, monkeypatch):
    monkeypatch.setattr(
        "goldenthread.web.frameworks.views.timezone.localdate",
        lambda: __import__("datetime").date(2031, 1, 6),
    )

    assert "known to the end of 2028" in words(as_sam.get(address(version)))


def test_a_form_is_shown_as_auditors_will_be_asked_it(as_sam, version):
    page = words(as_sam.get(address(version, "forms/case%20audit/")))

    assert "How well does the record show what the person wants?" in page
    assert "The auditor says what they saw after “No”." in page
    assert "Asked only if “layer” is “re-audit”." in page
    assert "Yes (1 point) / No (0 points) / Not seen (I could not look at it)" in page
    assert "Recording is poorly organised" in page


def test_how_long_a_form_is_stands_above_it(as_sam, version):
    page = words(as_sam.get(address(version, "forms/case%20audit/")))

    assert "in order: 26 questions in 11 sections; 25 must be answered where they apply." in page


def test_every_question_of_the_form_is_shown(as_sam, version):
    page = words(as_sam.get(address(version, "forms/case%20audit/")))

    assert all(question.text in page for question in pack_of(version).forms["case audit"].questions())


def test_the_steps_are_drawn_with_a_name_and_told_in_a_table(as_sam, version):
    page = as_sam.get(address(version, "flows/audit/"))

    drawing = page.content.decode()
    assert 'role="img" aria-labelledby="flow-title" aria-describedby="flow-description"' in drawing
    assert drawing.count('<rect class="gt-flow__box ') == 9
    assert "style=" not in drawing
    assert (
        "5 Return with points Say clearly what needs another look. With the quality team Returned with "
        "points Quality team points Amend the audit report Check the audit report" in words(page)
    )
    assert "Team manager “earlier re-audits” is at least 1" in words(page)


def test_the_exported_file_is_the_document_that_was_published(as_sam, version):
    page = as_sam.get(address(version, "export/"))

    assert page["Content-Disposition"] == 'attachment; filename="adult-social-care-1.yaml"'
    assert page.content.decode() == version.document
    assert read_pack(page.content.decode()) == read_pack(PACK.read_text())


@pytest.mark.parametrize("rest", ["forms/another/", "flows/another/"])
def test_a_part_that_is_not_there_is_not_found(as_sam, version, rest):
    assert as_sam.get(address(version, rest)).status_code == 404
    assert as_sam.get(f"/frameworks/{version.framework.public_id}/versions/9/{rest}").status_code == 404
    assert as_sam.get("/frameworks/nothing/").status_code == 404


def test_the_list_asks_the_database_as_often_for_many_frameworks_as_for_one(as_sam, version):
    with CaptureQueriesContext(connection) as one:
        as_sam.get("/frameworks/")
    for number in range(5):
        publish_pack(document=PACK.read_text().replace("key: adult-social-care", f"key: framework-{number}"))

    with CaptureQueriesContext(connection) as many:
        as_sam.get("/frameworks/")

    assert len(many) <= len(one) < 12


def test_a_framework_that_says_everything_says_returns_and_agreements_in_words(as_sam):
    version = publish_pack(document=RICH_DOCUMENT)

    page = words(as_sam.get(address(version)))

    assert "Somebody from outside, invited by the auditor" in page
    assert "Accuracy agreement: signed by the team manager and business support of each team." in page
    assert "How often: every week or every month." in page


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_a_framework_looks_at_besides_cases_is_told_in_a_sentence(kind):
    (sentence,) = subject_sentences(read_pack(pack_looking_at(kind)))

    assert sentence.endswith(".") and "{" not in sentence and "each  " not in sentence


@pytest.mark.parametrize(("after", "shown"), [("10 years", "Review due"), ("1 month", ", overdue")])
def test_who_approves_a_framework_and_when_it_is_due_to_be_looked_at_again_are_shown(
    as_sam, version, after, shown
):
    data = read_document(PACK.read_text()).data
    data.update(approved_by="The practice board", reviewed_after=after)
    made = publish_pack(document=write_document(data))
    due = span_after(parse_span(after), made.effective_on)

    listed = as_sam.get("/frameworks/").text
    page = as_sam.get(address(made)).text

    assert f"{due:%-d %B %Y}" in listed and shown in listed
    assert "The practice board" in page and f"{due:%-d %B %Y}" in page
