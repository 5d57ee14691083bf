"""Recording a discussion with its actions, checking the record, and an action from done to closed."""

from datetime import date

import pytest
from django.urls import reverse

from goldenthread.improvement.models import Action, Response
from goldenthread.improvement.operations import begin_responses, finish_action
from goldenthread.programmes.models import Cycle
from goldenthread.rules.documents import read_document, write_document
from tests.make import PACK, make_audit, make_council, make_cycle, moment, publish_pack
from tests.operations.test_follow_up import AT, LATER, agreed, discuss

SPECIFIC = "Priya rewrites the risk assessment with the person and files it"
TYPED = {
    "held_on": "03/11/2026",
    "present": "Theo and Priya",
    "discussed": "How the risk was described.",
    "good": "",
    "recorded_as": "Supervision note",
    "rows": "2",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def council(time_machine_at):
    council = make_council()
    publish_pack()
    return council


@pytest.fixture
def time_machine_at(monkeypatch):
    """Pages are opened on 3 November 2026."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


def response_to(council, grade="inadequate"):
    audit = make_audit(council, "final", at=AT, grade=grade)
    begin_responses(at=AT)
    return Response.objects.get(audit=audit, task__isnull=False)


def row(council, number=1, **changes):
    said = {"text": SPECIFIC, "owner": council.priya.public_id, "level": "case", "kind": "put right"}
    said |= {"severity": "medium", "proof": "sample", "due_on": "", "kept_because": ""} | changes
    return {f"action-{number}-{name}": value for name, value in said.items()}


def record(client, response, typed):
    return client.post(reverse("record_discussion", args=[response.public_id]), typed, follow=True)


def test_the_audits_page_says_what_happens_next_with_the_day_and_why(client, council):
    response = response_to(council)
    client.force_login(council.theo)

    page = client.get(f"/audits/{response.audit.public_id}/").text

    assert "What happens next" in page
    assert "Discussion with actions, within 5 working days" in page
    assert "Due Monday 9 November 2026" in page
    assert "5 working days from receipt on Monday 2 November" in page


def test_the_auditor_does_not_see_what_is_said_in_supervision(client, council):
    response = response_to(council)
    client.force_login(council.ada)

    assert "What happens next" not in client.get(f"/audits/{response.audit.public_id}/").text
    assert client.get(f"/follow-up/{response.public_id}/").status_code == 404


def test_good_work_is_thanked_on_the_practitioners_page(client, council):
    response = response_to(council, "good")
    client.force_login(council.priya)

    assert "This audit found good work" in client.get(f"/audits/{response.audit.public_id}/").text


def test_the_manager_records_the_discussion_and_has_the_note_to_copy(client, council):
    response = response_to(council)
    client.force_login(council.theo)

    page = record(client, response, TYPED | row(council)).text

    assert "The discussion is recorded" in page
    assert f"1. {SPECIFIC}. Priya, by 3 December 2026. Shown by: Targeted sample after 6 to 8 weeks." in page
    assert Action.objects.get().owner == council.priya


def test_vague_words_are_questioned_on_the_spot_and_nothing_typed_is_lost(client, council):
    response = response_to(council)
    client.force_login(council.theo)

    page = record(client, response, TYPED | row(council, text="Remind staff to record capacity")).text

    assert "“remind staff” does not say what will be different." in page
    assert page.count("Why these words stay") == 1  # of the row that was questioned alone
    assert "Remind staff to record capacity" in page and "How the risk was described." in page
    assert not Action.objects.exists()


def test_questioned_words_stay_with_a_reason(client, council):
    response = response_to(council)
    client.force_login(council.theo)
    vague = row(council, text="Remind staff of the new form", kept_because="The form changes on Monday")

    record(client, response, TYPED | vague)

    assert Action.objects.get().kept_because == "The form changes on Monday"


def test_another_row_keeps_what_was_typed_and_asks_nothing_yet(client, council):
    response = response_to(council)
    client.force_login(council.theo)

    page = record(
        client, response, {"rows": "2", "add": "1", "held_on": "3 x"} | row(council, text="Half")
    ).text

    assert "Action 3" in page and "Half" in page and "3 x" in page
    assert "There is a problem" not in page


def test_a_proof_is_chosen_before_work_begins(client, council):
    response = response_to(council)
    client.force_login(council.theo)

    page = record(client, response, TYPED | row(council, proof="")).text

    assert "Choose now how it will be shown that it worked" in page


def test_a_record_without_actions_is_refused_after_the_lowest_grade(client, council):
    response = response_to(council)
    client.force_login(council.theo)

    assert "Actions must be agreed here" in record(client, response, TYPED).text


@pytest.mark.parametrize("rows", ["", "x", "-1", "999999999", "1" * 5000])
def test_an_odd_number_of_rows_breaks_no_page(client, council, rows):
    response = response_to(council)
    client.force_login(council.theo)

    assert record(client, response, TYPED | row(council) | {"rows": rows}).status_code == 200


def test_the_quality_team_says_what_is_missing(client, council):
    response = discuss(council, response_to(council), agreed(council))
    client.force_login(council.quinn)
    address = reverse("check_discussion", args=[response.public_id])

    assert "Say what is missing" in client.post(address, {"outcome": "return"}).text
    client.post(address, {"outcome": "return", "missing": "What of the carer?"})

    client.force_login(council.theo)
    page = client.get(reverse("record_discussion", args=[response.public_id])).text
    assert "What of the carer?" in page and "Theo and Priya" in page


@pytest.mark.parametrize("sent", [{}, {"outcome": ""}, {"outcome": "return"}])
def test_an_empty_check_by_somebody_who_has_none_to_make_says_so(client, council, sent):
    response = discuss(council, response_to(council), agreed(council))
    client.force_login(council.theo)

    page = client.post(reverse("check_discussion", args=[response.public_id]), sent, follow=True)

    assert "nothing here for you to check now" in page.text
    assert response.discussions.get().checked_at is None


def test_the_list_shows_the_quality_team_what_is_to_be_checked(client, council):
    discuss(council, response_to(council), agreed(council))
    response_to(council, "good")
    client.force_login(council.quinn)

    page = client.get("/follow-up/", {"state": "check"}).text

    assert page.count("Recorded, to be checked") == 1
    assert "1 to be checked" in page


def test_two_actions_after_one_audit_are_told_apart_by_their_words_in_the_list_of_tasks(client, council):
    second = agreed(council, text="Priya asks the person how the plan was for them and records it")
    discuss(council, response_to(council), agreed(council), second)
    client.force_login(council.priya)

    page = client.get("/tasks/").text

    labels = [one.text for one in Action.objects.all()]
    assert len(set(labels)) == 2
    assert all(page.count(f">{label}</span>") == 1 and f", {label}</span>" in page for label in labels)


def test_an_action_goes_from_done_to_closed_on_its_page(client, council, monkeypatch):
    discuss(council, response_to(council), agreed(council))
    action = Action.objects.get()
    address = f"/actions/{action.public_id}/"
    client.force_login(council.priya)
    client.post(f"{address}done/", {"evidence": "Case note of 20 November"})
    client.force_login(council.theo)
    assert "has not been shown to have worked" in client.post(f"{address}closing/", follow=True).text

    monkeypatch.setattr("django.utils.timezone.now", lambda: moment("2026-12-21T09:00"))
    client.force_login(council.quinn)
    said = {
        "looked_on": "20/12/2026",
        "held": "yes",
        "found": "Five files",
        "audit": action.response.audit.number,
    }
    client.post(f"{address}verification/", said)
    client.force_login(council.theo)
    page = client.post(f"{address}closing/", follow=True).text

    assert "The action is closed" in page and "Closed by Theo" in page
    assert action.verifications.get().audit == action.response.audit


def test_a_number_of_an_audit_that_one_may_not_see_is_refused(client, council):
    discuss(council, response_to(council), agreed(council))
    action = Action.objects.get()
    client.force_login(council.priya)
    client.post(f"/actions/{action.public_id}/done/", {"evidence": ""})
    client.force_login(council.quinn)
    said = {"looked_on": "03/11/2026", "held": "yes", "found": "Five files", "audit": "2020-01/999"}

    page = client.post(f"/actions/{action.public_id}/verification/", said).text

    assert "There is no audit “2020-01/999” that you may see" in page


@pytest.mark.parametrize(
    ("state", "shown"), [("", True), ("mine", False), ("late", False), ("closed", False), ("all", True)]
)
def test_managers_see_the_actions_of_their_team(client, council, state, shown):
    discuss(council, response_to(council), agreed(council))
    client.force_login(council.theo)

    assert (SPECIFIC in client.get("/actions/", {"state": state}).text) is shown


@pytest.mark.parametrize("path", ["/follow-up/", "/actions/"])
def test_the_lists_ask_as_much_for_many_as_for_few(client, council, path, django_assert_max_num_queries):
    client.force_login(council.quinn)
    discuss(council, response_to(council), agreed(council))
    with django_assert_max_num_queries(12) as few:
        client.get(path)
    for _ in range(3):
        discuss(council, response_to(council), agreed(council))

    with django_assert_max_num_queries(len(few)):
        client.get(path)


def test_the_months_report_counts_what_followed_and_each_figure_opens_to_its_records(client, council):
    cycle = make_cycle("2026-11")
    Cycle.objects.filter(pk=cycle.pk).update(sent_at=AT, sent_by=council.quinn)
    discuss(council, response_to(council), agreed(council, kind="training need"))
    late = discuss(council, response_to(council), agreed(council), held_on=date(2026, 11, 3))
    Response.objects.filter(pk=late.pk).update(recorded_at=moment("2026-12-01T09:00"))
    client.force_login(council.quinn)

    page = client.get(f"/reports/{cycle.public_id}/").text
    asked = {"framework": "adult-social-care", "cycle": "2026-11"}
    lists = client.get("/follow-up/", asked | {"state": "late", "rule": "discuss soon"}).context["page"].rows
    needs = client.get("/actions/", asked | {"state": "all", "kind": "training need"}).context["page"].rows

    assert "What followed" in page and "Training need" in page
    assert (
        "/follow-up/?framework=adult-social-care&amp;cycle=2026-11&amp;state=late&amp;rule=discuss+soon"
        in page
    )
    assert lists == [late]
    assert [one.kind for one in needs] == ["training need"]


def test_the_frameworks_page_says_what_follows(client, council):
    client.force_login(council.sam)

    page = client.get("/frameworks/").text
    address = page[page.index("/frameworks/", page.index("<main")) :].split('"')[0]
    said = client.get(address).text

    assert "Team manager talks with the practitioner, within 5 working days" in said
    assert "“remind staff”" in said


def test_what_keeps_an_action_open_is_said_and_whoever_may_closes_it_with_a_reason(client, council):
    data = read_document(PACK.read_text()).data
    gate = {"open_if": {"fact": "other open actions", "is": 0}, "says": "Close the others first."}
    data["actions"]["gates"] = {"alone": {**gate, "passed_by": ["quality team"]}}
    publish_pack(document=write_document(data))
    small = {"severity": "low", "proof": ""}
    discuss(council, response_to(council), agreed(council, **small), agreed(council, **small))
    action = finish_action(Action.objects.earliest("pk"), evidence="", by=council.priya, at=LATER)
    shown, closing = (reverse(name, args=[action.public_id]) for name in ("show_action", "close_action"))

    client.force_login(council.theo)
    page = client.get(shown).text
    assert "Close the others first." in page and "Close the action" not in page
    assert "Close the others first." in client.post(closing).text

    client.force_login(council.quinn)
    assert "You may close it nevertheless" in client.get(shown).text
    assert "Say why it is closed nevertheless." in client.post(closing, {"asks": "why", "passing": ""}).text
    page = client.post(closing, {"asks": "why", "passing": "The other waits for a date."}, follow=True).text
    assert "The action is closed" in page and "The other waits for a date." in page
