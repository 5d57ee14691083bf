"""Trends: kinds apart, versions compared only where they mean the same, each figure down to its audits."""

import html
import re
from datetime import date
from itertools import combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pydantic import TypeAdapter

from goldenthread.audits.models import Answer, Audit
from goldenthread.frameworks.operations import begin_draft
from goldenthread.frameworks.queries import current
from goldenthread.measures.slices import Slice, cut
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.operations.year import plan_year
from goldenthread.rules.conditions import Known
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.forms import NOT_ANSWERED, Form, Given, Question, Section
from goldenthread.rules.scores import Look, Score, score
from tests.make import PACK, make_audit, make_council, moment, publish_pack

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'href="(/reports/\w+/audits/\?[^"]+)">(\d+)</a>')
DATA = read_document(PACK.read_text()).data
FIRST = next(one for one in DATA["forms"]["case audit"]["sections"] if one.get("graded"))["key"]
QUESTION = "details current"


def reworded(*, same_as=False):
    """The framework with another heading of its first graded section, on the author's word or not."""
    data = read_document(PACK.read_text()).data
    section = next(one for one in data["forms"]["case audit"]["sections"] if one["key"] == FIRST)
    section["title"] = "A heading of our own"
    if same_as:
        section["same_as"] = FIRST
    return write_document(data)


@pytest.fixture
def council():
    publish_pack(at=moment("2026-01-05T09:00"))
    return make_council()


def send(council, month, *, version=None, **counts):
    """A month that was sent, with so many finished audits of each grade."""
    at = moment(f"2026-{month:02}-05T09:00")
    plan_year("adult-social-care", 2026, by=None, at=at)
    cycle = Cycle.objects.get(label=f"2026-{month:02}")
    cycle.sent_at, cycle.sent_by = at, council.quinn
    if version:
        cycle.version = version
    cycle.save()
    kind = counts.pop("audit_type", "audit")
    for grade, number in counts.items():
        for place in range(number):
            make_audit(
                council,
                "final",
                version=cycle.version,
                grade=grade.replace("_", " "),
                audit_type=kind,
                cycle=cycle.label,
                cycle_closes_on=date(2026, month, 28),
                number=f"{cycle.label}/{kind[0]}{grade[:3]}{place}",
                at=at,
            )
    return cycle


def look(client, who, **query):
    client.force_login(who)
    return client.get("/reports/trends/", query).content.decode()


def test_each_month_stands_with_its_share_and_each_number_opens_to_as_many_audits(client, council):
    send(council, 9, good=2, inadequate=1)
    send(council, 10, good=1)

    page = look(client, council.quinn)

    assert "2 of 3, too few for a percentage" in page and "<svg" in page
    figures = FIGURE.findall(page)
    assert [number for _, number in figures] == ["2", "3", "1", "1"]
    for url, number in figures:
        behind = client.get(html.unescape(url)).content.decode()
        assert f'<h1 class="govuk-heading-l">{number} audit' in behind


def test_kinds_of_audit_are_never_mixed_and_routine_ones_come_first(client, council):
    send(council, 9, good=2)
    send(council, 9, inadequate=1, audit_type="re-audit")

    page, again = look(client, council.quinn), look(client, council.quinn, kind="re-audit")

    assert "2 of 2" in page and "of 3" not in page
    assert "0 of 1" in again and "were not drawn at random, so no interval is given" in again


def test_a_version_that_changed_what_is_asked_breaks_the_trend_and_says_so_with_counts(client, council):
    send(council, 9, good=2)
    newer = publish_pack(document=reworded(), at=moment("2026-09-30T09:00"))
    send(council, 10, version=newer, good=1, inadequate=1)

    page = html.unescape(look(client, council.quinn, of=f"part:{FIRST}"))

    assert "Where the framework changed" in page and "<strong>Break.</strong>" in page
    assert "September 2026 (2 of 2, version 1) and October 2026 (1 of 2, version 2): " in page
    assert "is now “A heading of our own”. They are not compared." in page
    assert "stroke-dasharray" in page


def test_on_the_authors_word_the_trend_goes_on_and_says_so(client, council):
    send(council, 9, good=2)
    newer = publish_pack(document=reworded(same_as=True), at=moment("2026-09-30T09:00"))
    send(council, 10, version=newer, good=1)

    page = look(client, council.quinn, of=f"part:{FIRST}")

    assert "They are compared because the framework says so." in page
    assert "stroke-dasharray" not in page and "<strong>Break.</strong>" not in page


def test_what_a_version_did_not_touch_goes_on_without_a_word(client, council):
    send(council, 9, good=2)
    newer = publish_pack(document=reworded(), at=moment("2026-09-30T09:00"))
    send(council, 10, version=newer, good=1)

    page = look(client, council.quinn, of=f"question:{QUESTION}")

    assert "Where the framework changed" not in page


def test_answers_that_comply_open_to_their_audits(client, council):
    send(council, 9, good=2)

    page = look(client, council.quinn, of=f"question:{QUESTION}")

    figures = FIGURE.findall(page)
    assert [number for _, number in figures] == ["2", "2"]
    behind = client.get(html.unescape(figures[0][0])).content.decode()
    assert '<h1 class="govuk-heading-l">2 audits' in behind and "answered Yes" in behind


def not_answering(leaves):
    """The framework with a question that may be left unanswered in every way; some of them leave figures."""
    data = read_document(PACK.read_text()).data
    questions = (one for section in data["forms"]["case audit"]["sections"] for one in section["questions"])
    question = next(one for one in questions if one["key"] == QUESTION)
    question["instead"], question["leaves_score"] = ["not applicable", "not seen", "unknown"], leaves
    return write_document(data)


@pytest.mark.parametrize(
    ("leaves", "counted"),
    [
        (["not applicable"], 3),
        (["not applicable", "unknown"], 2),
        (["not applicable", "not seen", "unknown"], 1),
        (["unknown"], 3),
        ([], 4),
    ],
)
def test_what_leaves_a_figure_is_the_frameworks_word(client, council, leaves, counted):
    """Four audits: yes, not applicable, not seen, unknown; the figure and the list behind it count alike."""
    version = publish_pack(document=not_answering(leaves), at=moment("2026-08-30T09:00"))
    cycle = send(council, 9, version=version, good=4)
    answers = Answer.objects.filter(audit__cycle=cycle.label, question=QUESTION).order_by("pk")
    for answer, instead in zip(answers, ("", "not applicable", "not seen", "unknown"), strict=True):
        Answer.objects.filter(pk=answer.pk).update(instead=instead, value="" if instead else "yes")

    page = look(client, council.quinn, of=f"question:{QUESTION}")
    url = f"/reports/{cycle.public_id}/audits/?audit_type=audit&question={QUESTION.replace(' ', '+')}"
    behind = client.get(url).text

    assert f"1 of {counted}" in page
    assert f'<h1 class="govuk-heading-l">{counted} audit' in behind
    assert '<h1 class="govuk-heading-l">1 audit' in client.get(f"{url}&complies=yes").text


def test_a_trend_starts_from_what_its_reader_may_see(client, council):
    send(council, 9, good=1)

    assert "1 of 1" in look(client, council.theo)
    assert "0 of 0" in look(client, council.other_manager) or "none to count" in look(
        client, council.other_manager
    )
    assert council.team.public_id not in look(client, council.other_manager)
    client.force_login(council.sam)
    assert client.get("/reports/trends/").status_code == 403


def test_a_trend_asks_as_many_questions_of_the_database_for_two_months_as_for_one(client, council):
    send(council, 9, good=1)
    look(client, council.quinn)
    with CaptureQueriesContext(connection) as one:
        look(client, council.quinn)
    send(council, 10, good=2)

    with CaptureQueriesContext(connection) as two:
        look(client, council.quinn)

    assert len(two) == len(one)


def test_odd_addresses_show_the_first_that_there_is(client, council):
    send(council, 9, good=1)

    page = look(client, council.quinn, framework="nothing", kind="none", of="part:x", unit="zzz")

    assert "1 of 1" in page


def test_the_month_s_report_and_the_list_of_reports_lead_to_trends(client, council):
    cycle = send(council, 9, good=1)
    client.force_login(council.quinn)

    assert "/reports/trends/?framework=adult-social-care" in client.get(f"/reports/{cycle.public_id}/").text
    assert "/reports/trends/" in client.get("/reports/").text


def test_whoever_publishes_or_compares_is_told_what_breaks_and_what_goes_on(client, council):
    by, based_on = council.quality_manager, current("adult-social-care")
    pages = []
    for document in (reworded(), reworded(same_as=True)):
        draft = begin_draft(document, title="Ours", based_on=based_on, by=by, at=moment())
        client.force_login(by)
        pages.append(client.get(f"/frameworks/drafts/{draft.public_id}/publish/").text)
        pages.append(client.get("/frameworks/compare/", {"a": based_on.public_id, "b": draft.public_id}).text)

    assert all("What a trend makes of it" in page for page in pages)
    assert all("A trend breaks." in page for page in pages[:2])
    assert all("A trend goes on. The framework says that" in page for page in pages[2:])


def test_a_trend_over_grades_that_merge_and_split_says_what_it_compares_and_what_it_leaves_out(
    client, council
):
    send(council, 9, outstanding=1, good=1)
    data = read_document(PACK.read_text()).data
    scale = next(iter(data["scales"].values()))
    next(one for one in scale["values"] if one["key"] == "outstanding")["also_same_as"] = ["good"]
    scale["values"].append({"key": "very poor", "label": "Very poor", "same_as": "inadequate"})
    later = publish_pack(document=write_document(data), at=moment("2026-09-20T09:00"))
    send(council, 10, version=later, good=1)

    page = html.unescape(look(client, council.quinn))

    assert "Compared as one: “Outstanding” or “Good” with “Outstanding” or “Good”; “Inadequate” with" in page
    assert "Left out: which of those it was. They are compared because the framework says so." in page
    assert "A break" not in page


def test_a_figure_counts_just_what_stays_in_a_scores_maximum_whatever_leaves_it(council):
    """Five audits: answered, and each way of not answering; every choice of what leaves a score."""
    cycle = send(council, 9, good=5)
    ways = ["", *NOT_ANSWERED]
    answers = Answer.objects.filter(audit__cycle=cycle.label, question=QUESTION).order_by("pk")
    for answer, instead in zip(answers, ways, strict=True):
        Answer.objects.filter(pk=answer.pk).update(instead=instead, value="" if instead else "yes")
    rule = TypeAdapter(Score).validate_python(
        {"title": "S", "kind": "points over applicable maximum", "sections": ["s"]}
    )

    for number in range(len(NOT_ANSWERED) + 1):
        for leaves in combinations(NOT_ANSWERED, number):
            one = Question(
                key=QUESTION,
                text="Is it?",
                type="yes or no",
                points=1,
                instead=tuple(NOT_ANSWERED),
                leaves_score=leaves,
            )
            section = Section(key="s", title="S", questions=(one,))
            form = Form(title="F", sections=(section,))
            given = [Given("" if way else "yes", instead=way) for way in ways]
            looks = [Look(form, {QUESTION: said}, Known(on=date(2026, 9, 5))) for said in given]
            stays = sum(score(rule, each).maximum > 0 for each in looks)
            piece = Slice(audit_type="audit", question=QUESTION)

            found = cut(Audit.objects.all(), piece, today=date(2026, 9, 30), leaves=leaves)

            assert found.count() == stays == 5 - number, leaves
