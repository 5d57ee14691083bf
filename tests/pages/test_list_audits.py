"""The list of audits: each person's own, narrowed, searched and paged."""

import pytest

from tests.make import make_audit, make_council, make_cycle, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    return make_council()


def numbers(page):
    return [row[0]["text"] for row in page.context["rows"]]


def test_each_person_sees_their_own(client, council):
    mine = make_audit(council)
    other = make_audit(council, unit=council.other_team, practitioner=None, auditor=council.other_manager)

    seen = {}
    for name in ("ada", "priya", "theo", "quinn", "sam", "administrator", "other_manager"):
        client.force_login(getattr(council, name))
        seen[name] = set(numbers(client.get("/audits/")))

    assert seen == {
        "ada": {mine.number},
        "priya": {mine.number},
        "theo": {mine.number},
        "quinn": {mine.number, other.number},
        "sam": set(),
        "administrator": set(),
        "other_manager": {other.number},
    }


def test_the_list_is_narrowed_by_what_was_chosen(client, council):
    begun, checked = make_audit(council), make_audit(council, "checking", cycle="2026-10")
    version = begun.version
    for label in ("2026-10", "2026-11"):
        cycle = make_cycle(label, version=version)
        type(cycle).objects.filter(pk=cycle.pk).update(sent_at=moment())
    client.force_login(council.quinn)

    def shown(query):
        return numbers(client.get(f"/audits/?{query}"))

    assert shown("phase=checking") == [checked.number]
    assert shown("cycle=2026-11") == [begun.number]
    assert shown(f"team={council.team.public_id}") == [checked.number, begun.number]
    assert shown(f"q={begun.number}") == [begun.number]
    assert shown(f"q={checked.subject.reference}") == [checked.number]
    assert shown("q=nothing-of-the-kind") == []
    assert shown("phase=nonsense") == []


def test_a_search_finds_nothing_that_the_person_may_not_see(client, council):
    audit = make_audit(council)
    client.force_login(council.sam)

    page = client.get(f"/audits/?q={audit.number}")

    assert numbers(page) == []
    assert audit.subject.reference not in page.text


def test_no_grade_stands_in_the_list(client, council):
    make_audit(council, "filed", grade="inadequate")
    client.force_login(council.quinn)

    assert "Inadequate" not in client.get("/audits/").text


def test_pages_follow_one_another_without_gap_or_repeat(client, council):
    made = [make_audit(council) for _ in range(27)]
    client.force_login(council.quinn)

    first = client.get("/audits/")
    second = client.get(f"/audits/{first.context['next_url']}")

    assert numbers(first) + numbers(second) == [audit.number for audit in reversed(made)]
    assert second.context["previous_url"]


def test_the_list_takes_the_same_few_statements_however_long_it_is(
    client, council, django_assert_max_num_queries
):
    for _ in range(12):
        make_audit(council)
    client.force_login(council.quinn)
    client.get("/audits/")

    with django_assert_max_num_queries(9):
        client.get("/audits/")
