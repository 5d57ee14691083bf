"""Pages about subjects that are no cases: the list of a kind, adding one, a list file, one's own page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from goldenthread.audits.operations import save_answer, take_step
from goldenthread.caseload.models import Fact, Link, Subject
from goldenthread.ledger.models import Event
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.forms import Given
from tests.make import make_audit, make_council, make_subject, moment, publish_pack
from tests.subject_packs import pack_looking_at

pytestmark = pytest.mark.django_db
LIST = "Reference,Called,Team,Worker,From,Cases\nH-1,House one,North team,Priya,01/04/2026,C-1\n"
WRONG = "H-2,House two,No such team,,,\nH-3,,North team,,,C-404\n"


@pytest.fixture
def council():
    council = make_council()
    make_subject("C-1", unit=council.team, practitioner=council.priya)
    return council


@pytest.fixture
def households(council):
    publish_pack(document=pack_looking_at("household"))
    return council


def sent(client, **data):
    return client.post(reverse("load_subjects", args=["household"]), data)


def the_file(text=LIST):
    return SimpleUploadedFile("list.csv", text.encode())


def test_a_list_file_is_checked_before_it_is_brought_in(client, households):
    client.force_login(households.quinn)

    page = sent(client, file=the_file(LIST + WRONG))

    assert "There is no unit with this reference or name." in page.text
    assert "There is no case C-404." in page.text
    assert not Subject.objects.of_kind("household").exists()
    content = page.context["content"]
    sent(client, confirmed="yes", file_name="list.csv", content=content)
    household = Subject.objects.get(kind="household")
    assert (household.reference, household.label) == ("H-1", "House one")
    assert Link.objects.get().part.reference == "C-1"
    assert Event.objects.filter(what="subjects.load").count() == 1


def test_the_same_list_again_changes_nothing(client, households, tmp_path, capsys):
    path = tmp_path / "list.csv"
    path.write_text(LIST)

    for told in ("1 new, 0 changed", "0 new, 0 changed"):
        call_command("import_subjects", path, kind="household")
        assert told in capsys.readouterr().out


def test_a_column_that_a_list_lacks_leaves_what_was_known(client, households, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    call_command("import_subjects", path, kind="household")
    path.write_text("Reference,Called,Team,Worker\nH-1,House one,North team,Priya\n")

    call_command("import_subjects", path, kind="household")

    assert Link.objects.get().ends_on is None


def test_a_subject_is_added_by_hand_and_found_in_the_list_by_who_may_see_it(client, households):
    client.force_login(households.quinn)
    typed = {"reference": "H-9", "called": "House nine", "team": "North team", "cases": "C-1"}

    client.post(reverse("keep_subject", args=["household"]), typed)

    for person, seen in ((households.theo, True), (households.other_manager, False)):
        client.force_login(person)
        assert ("House nine" in client.get(reverse("list_kind", args=["household"])).text) == seen


def test_what_cannot_be_added_says_at_the_field_what_to_do(client, households):
    client.force_login(households.quinn)

    page = client.post(reverse("keep_subject", args=["household"]), {"reference": "H-9", "team": "Nowhere"})

    assert page.status_code == 422
    assert "There is no unit with this reference or name." in page.text


def test_a_household_leads_to_its_cases_and_a_case_to_its_household(client, households, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    call_command("import_subjects", path, kind="household")
    client.force_login(households.quinn)

    pages = [client.get(reverse("show_subject", args=[one.public_id])).text for one in Subject.objects.all()]

    assert '<h1 class="govuk-heading-l">Household House one</h1>' in pages[1]
    assert "What belongs to it" in pages[1] and "What it belongs to" in pages[0]


def test_the_pages_of_an_audit_say_what_it_looks_at(client, council):
    version = publish_pack(document=pack_looking_at("home"))
    home = make_subject("X", unit=council.team, practitioner=council.priya)
    Subject.objects.filter(pk=home.pk).update(kind="home", label="Rose Court")
    home.refresh_from_db()
    audit = make_audit(council, version=version, subject=home, audit_type="look")
    client.force_login(council.theo)

    page = client.get(reverse("show_audit", args=[audit.public_id])).text

    assert "Home" in page and "Rose Court" in page
    assert reverse("show_subject", args=[home.public_id]) in page


def test_what_is_kept_here_has_no_case_note(client, council):
    audit = make_audit(council, version=publish_pack(document=pack_looking_at("home")), audit_type="look")
    save_answer(audit, "recorded", Given("yes"), expected=0, by=audit.auditor, at=moment("2026-11-05T09:00"))
    take_step(audit, "finish", by=audit.auditor, at=moment("2026-11-05T09:00"))
    client.force_login(audit.auditor)
    note = reverse("show_case_note", args=[audit.public_id])

    page = client.get(reverse("show_audit", args=[audit.public_id])).text

    assert "Report as PDF" in page and note not in page
    assert client.get(note).status_code == 404


def test_homes_are_brought_up_to_date_on_their_page(client, council):
    publish_pack(document=pack_looking_at("organisation"))
    client.force_login(council.quinn)

    page = client.post(reverse("update_kind", args=["organisation"]), follow=True).text

    assert "Organisations are up to date: 1 new, 0 changed, 0 ended" in page
    assert "Anytown Council" in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose a list file."),
        ({"confirmed": "1", "content": "é"}, "The file did not come back whole. Choose it again."),
        ({"confirmed": "1", "content": "="}, "The file did not come back whole. Choose it again."),
    ],
)
def test_a_list_that_did_not_come_is_asked_for_again(client, households, data, sentence):
    client.force_login(households.quinn)

    answer = sent(client, **data)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Subject.objects.of_kind("household").exists()


def test_a_fact_until_which_time_is_counted_is_asked_for_as_a_day(client, households):
    data = read_document(pack_looking_at("household")).data
    data["facts"] = {**data.get("facts", {}), "review": "When it is looked at again"}
    soon = {"when": {"until": "review", "at_most": "60 days"}, "because": "it is looked at soon"}
    data["selection"]["looks"]["exclude"] = [soon]
    publish_pack(document=write_document(data))
    client.force_login(households.quinn)
    rows = "Reference,Team,Review\nH-1,North team,14/12/2026\nH-2,North team,next winter\n"

    checked = client.post(reverse("load_subjects", args=["household"]), {"file": the_file(rows)})
    sent(client, confirmed="yes", file_name="list.csv", content=checked.context["content"])
    typed = {"reference": "H-3", "team": "North team", "fact_0": "15/12/2026"}
    client.post(reverse("keep_subject", args=["household"]), typed)

    assert "“Review” is not a date that exists" in checked.text
    assert [fact.value for fact in Fact.objects.order_by("pk")] == ["2026-12-14", "2026-12-15"]


def test_a_column_that_no_fact_is_called_is_named_with_what_to_do_and_never_read(
    client, households, tmp_path, capsys
):
    client.force_login(households.quinn)
    rows = "A list of ours\nReference,Called,Team,Diagnosis\nH-1,House one,North team,asthma\n"

    page = sent(client, file=the_file(rows))

    assert page.context["not_read"] == ["Diagnosis"]
    assert "Columns that are not brought in" in page.text and "asthma" not in page.text
    sent(client, confirmed="yes", file_name="list.csv", content=page.context["content"])
    assert Subject.objects.get(kind="household").reference == "H-1" and not Fact.objects.exists()
    path = tmp_path / "list.csv"
    path.write_text(rows)
    call_command("import_subjects", path, kind="household")
    assert (
        "Not read: the column “Diagnosis”. No fact of the framework is called so." in capsys.readouterr().out
    )
    assert "Columns that are not brought in" not in sent(client, file=the_file()).text
