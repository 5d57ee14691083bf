"""My tasks: for everybody, what they owe, by when, why then, and where to do it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from goldenthread.frameworks.queries import pack_of
from goldenthread.programmes.operations.year import plan_year
from goldenthread.tasks.models import Notice, Task
from goldenthread.tasks.operations import start_task
from goldenthread.tasks.queries import Standing
from tests.make import make_audit, make_council, moment, publish_pack

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    council = make_council()
    council.version = publish_pack()
    return council


def start(council, number, *, clock="amend", at=None, urgent=False, document=None):
    version = document or council.version
    return start_task(
        clock=clock,
        pack=pack_of(version),
        version=version,
        about=("audit", f"id{number}", f"Audit number {number}"),
        standing=Standing(council.team, auditor=council.ada),
        at=at or timezone.localtime(),
        urgent=urgent,
    )


def open_as(client, person, address="/tasks/"):
    client.force_login(person)
    return client.get(address)


@pytest.mark.parametrize(
    "name", ["ada", "quinn", "theo", "hana", "priya", "sam", "administrator", "quality_manager"]
)
def test_everybody_has_a_list_and_an_empty_one_says_what_will_come(client, council, name):
    plan_year("adult-social-care", 2027, by=None, at=moment())

    page = open_as(client, getattr(council, name))

    assert page.status_code == 200
    assert "There is nothing for you to do now." in page.text
    assert "appears here with the day it is due" in page.text


def test_the_front_door_leads_to_my_tasks(client, council):
    client.force_login(council.ada)

    assert client.get("/", follow=True).redirect_chain == [("/tasks/", 302)]


def test_a_task_leads_to_its_audit_and_its_due_date_opens_to_the_reason(client, council):
    audit = make_audit(council)

    page = open_as(client, council.ada)

    assert f'href="{reverse("show_audit", args=[audit.public_id])}"' in page.text
    assert "Due Friday 27 November 2026" in page.text
    assert "Why then: 1 working day before the cycle closes on Monday 30 November." in page.text
    assert "<details" in page.text


def test_nobody_else_sees_what_one_owes(client, council):
    make_audit(council)

    for person in (council.quinn, council.theo, council.priya, council.sam, council.administrator):
        assert "Complete the audit" not in open_as(client, person).text


def test_what_is_overdue_says_so_in_words_and_has_its_own_shape(client, council):
    start(council, 1, at=timezone.localtime() - timedelta(days=20))

    page = open_as(client, council.ada)

    assert "Overdue by " in page.text
    assert "gt-task--late" in page.text
    assert "<strong>1 overdue</strong>" in page.text


def test_what_is_urgent_stands_first_though_due_later(client, council):
    start(council, 1, at=timezone.localtime() - timedelta(days=3))
    start(council, 2, urgent=True)

    page = open_as(client, council.ada)

    assert page.text.index("Audit number 2") < page.text.index("Audit number 1")
    assert "Urgent" in page.text


def test_what_a_post_owes_says_whose_it_is(client, council):
    start(council, 1, clock="quality check")

    assert "For whoever holds the post of quality officer" in open_as(client, council.quinn).text


def test_somebody_under_two_frameworks_has_one_list(client, council):
    other = council.version.document.replace("key: adult-social-care", "key: another-framework")
    start(council, 1)
    start(council, 2, document=publish_pack(document=other))

    page = open_as(client, council.ada)

    assert "Audit number 1" in page.text
    assert "Audit number 2" in page.text


def test_a_long_list_is_paged_without_losing_or_repeating_any(client, council):
    for number in range(60):
        start(council, number, urgent=number % 2 == 0, at=timezone.localtime() - timedelta(days=number % 7))
    client.force_login(council.ada)

    seen, address = [], "/tasks/"
    while address:
        page = client.get(address)
        seen += [row.task.pk for row in page.context["rows"]]
        address = page.context["page"].next_url and "/tasks/" + page.context["page"].next_url

    in_order = Task.objects.order_by("-urgent", "due_at", "pk").values_list("pk", flat=True)
    assert seen == list(in_order)


def test_a_list_of_any_length_needs_the_same_few_questions(client, council, django_assert_max_num_queries):
    for number in range(40):
        start(council, number)
    client.force_login(council.ada)

    with django_assert_max_num_queries(9):
        client.get("/tasks/")


def test_another_persons_task_in_the_address_tells_nothing(client, council):
    mine = start(council, 1)
    theirs = start(council, 2, clock="quality check")

    page = open_as(client, council.ada, f"/tasks/?after={theirs.public_id}")

    assert [row.task for row in page.context["rows"]] == [mine]


def test_finished_tasks_say_when_and_whether_it_was_late(client, council):
    at = timezone.localtime()
    task = start(council, 1, at=at - timedelta(days=20))
    Task.objects.filter(pk=task.pk).update(finished_at=at, finished_by=council.ada)

    page = open_as(client, council.ada, "/tasks/finished/")

    assert "Audit number 1" in page.text
    assert "After it was due" in page.text
    assert "Audit number 1" not in open_as(client, council.quinn, "/tasks/finished/").text


def test_finished_tasks_are_paged(client, council):
    at = timezone.localtime()
    for number in range(30):
        task = start(council, number)
        Task.objects.filter(pk=task.pk).update(
            finished_at=at - timedelta(minutes=number % 3), finished_by=council.ada
        )
    client.force_login(council.ada)

    first = client.get("/tasks/finished/")
    second = client.get("/tasks/finished/" + first.context["page"].next_url)

    rows = [row.task.pk for page in (first, second) for row in page.context["rows"]]
    assert len(set(rows)) == len(rows) == 30


def test_what_was_sent_to_me_is_kept_with_what_became_of_the_e_mail(client, council):
    make_audit(council)

    page = open_as(client, council.priya, "/tasks/notices/")

    assert "your work is looked at this month" in page.text
    assert "The e-mail is about to be sent" in page.text


def test_notices_are_paged_and_only_ones_own(client, council):
    at = timezone.localtime()
    for number in range(30):
        Notice.objects.create(
            key=str(number), to=council.ada, subject=f"Number {number}.", path="/", text="", created_at=at
        )
    Notice.objects.create(key="x", to=council.sam, subject="For Sam", path="/", text="", created_at=at)
    client.force_login(council.ada)

    first = client.get("/tasks/notices/")
    second = client.get("/tasks/notices/" + first.context["page"].next_url)

    assert len(first.context["rows"]) + len(second.context["rows"]) == 30
    assert "For Sam" not in first.text + second.text


def test_failed_e_mails_are_shown_to_who_manages_people_without_what_they_are_about(client, council):
    notice = Notice.objects.create(
        key="x",
        to=council.ada,
        subject="Secret",
        path="/",
        text="Secret",
        created_at=timezone.now(),
        given_up_at=timezone.now(),
        attempts=7,
        last_error="SMTPDataError: 550 no such user",
    )

    page = open_as(client, council.quality_manager, "/notices/")

    assert "Given up" in page.text
    assert "550 no such user" in page.text
    assert "Secret" not in page.text
    assert open_as(client, council.quinn, "/notices/").status_code == 403

    client.force_login(council.quality_manager)
    client.post(reverse("retry_notice", args=[notice.public_id]))
    notice.refresh_from_db()
    assert notice.given_up_at is None


def test_my_notices_says_what_cannot_be_turned_off_and_keeps_what_is_chosen(client, council):
    page = open_as(client, council.ada, "/tasks/my-notices/")
    assert "They cannot be turned off" in page.text

    groups = dict.fromkeys(("reminders", "audits", "follow-up", "disputes", "agreements", "other"), "at once")
    said = {**groups, "audits": "daily", "quiet_from": "19:00", "quiet_until": "07.30"}
    client.post("/tasks/my-notices/", said)

    chosen = council.ada.notice_choices
    assert chosen.digest == ["audits"]
    assert (f"{chosen.quiet_from:%H:%M}", f"{chosen.quiet_until:%H:%M}") == ("19:00", "07:30")
    assert 'value="19:00"' in client.get("/tasks/my-notices/").text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"quiet_from": "19:00"}, "Enter both times"),
        ({"quiet_from": "19:00", "quiet_until": "19:00"}, "whole day"),
        ({"quiet_from": "late"}, "Enter a time of day, such as 19:00"),
    ],
)
def test_quiet_hours_that_cannot_be_are_refused_and_stay_as_typed(client, council, said, sentence):
    client.force_login(council.ada)
    groups = dict.fromkeys(("reminders", "audits", "follow-up", "disputes", "agreements", "other"), "daily")

    page = client.post("/tasks/my-notices/", {**groups, **said})

    assert sentence in page.text
    assert f'value="{said["quiet_from"]}"' in page.text
