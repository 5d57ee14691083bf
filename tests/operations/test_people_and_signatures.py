"""Answers that name a person, and signatures: the server writes who, and nobody signs for another."""

import pytest

from goldenthread.audits.blanking import blank_audit_words
from goldenthread.audits.models import Answer, AnswerVersion
from goldenthread.audits.operations import Stale
from goldenthread.audits.sheets import sheet_of
from goldenthread.ledger.models import Event
from goldenthread.reporting.audit_report import answer_words
from goldenthread.rules.forms import missing
from goldenthread.rules.refusal import Refused
from goldenthread.rules.signing import KEEP, SIGN
from tests.answer_packs import given_to, save, with_questions
from tests.make import make_audit, make_council, make_person, moment, publish_pack

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")
SIGNED = "Signed by Ada, Auditor, on 5 November 2026 at 10:00"


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    return make_audit(council, version=publish_pack(document=with_questions()))


def words(audit, question):
    sheet = sheet_of(audit)
    return answer_words(sheet.form.question(question), sheet.given[question], sheet.names)


def test_a_person_who_is_picked_stands_with_their_name_and_a_new_name_beside_it(council, audit):
    save(audit, "met", (council.priya.public_id, ""), by=council.ada, at=AT)
    council.priya.name = "Priya Shah"
    council.priya.save()

    assert given_to(audit, "met").value == (council.priya.public_id, "Priya")
    assert words(audit, "met") == "Priya (now Priya Shah)"


def test_the_name_of_somebody_without_an_account_is_written(council, audit):
    save(audit, "met", ("", "  Gran   Tully "), by=council.ada, at=AT)

    assert given_to(audit, "met").value == ("", "Gran Tully")
    assert words(audit, "met") == "Gran Tully"


@pytest.mark.parametrize(
    ("question", "who", "written", "sentence"),
    [
        ("met", "sam", "", "is not on it"),
        ("met", "hope", "", "is not on it"),
        ("met", "priya", "Somebody", "not both"),
        ("manager", "ada", "", "is not on it"),
        ("manager", "", "Theo", "A name that is not on it cannot be given here"),
        ("met", "", "x" * 201, "Shorten the name to 200 characters"),
    ],
)
def test_nobody_is_named_who_may_not_be(council, audit, question, who, written, sentence):
    council.hope = make_person("Hope", is_outside=True)
    person = getattr(council, who).public_id if who else ""

    with pytest.raises(Refused, match=sentence):
        save(audit, question, (person, written), by=council.ada, at=AT)
    assert not Answer.objects.exists()


def test_roles_limit_who_may_be_picked(council, audit):
    save(audit, "manager", (council.theo.public_id, ""), by=council.ada, at=AT)

    assert words(audit, "manager") == "Theo"


def test_saving_the_same_person_again_changes_nothing_even_once_they_have_left(council, audit):
    save(audit, "met", (council.priya.public_id, ""), by=council.ada, at=AT)
    council.priya.is_active = False
    council.priya.save()

    assert save(audit, "met", (council.priya.public_id, ""), by=council.ada, at=AT) == 1


def test_a_signature_says_who_as_what_and_when(council, audit):
    save(audit, "signed", (SIGN,), by=council.ada, at=AT)

    assert given_to(audit, "signed").value[0] == council.ada.public_id
    assert words(audit, "signed") == SIGNED


@pytest.mark.parametrize(
    "value", [("p1", "Ada", "Auditor", "2026-11-05T10:00:00+00:00"), ("yes",), "Ada", ("p1", "Ada")]
)
def test_a_signature_cannot_be_typed(council, audit, value):
    with pytest.raises(Refused, match="cannot be typed"):
        save(audit, "signed", value, by=council.ada, at=AT)
    assert not Answer.objects.exists()


@pytest.mark.parametrize(("question", "by"), [("signed", "priya"), ("agreed", "ada")])
def test_only_a_role_that_the_question_names_signs(council, audit, question, by):
    with pytest.raises(Refused, match="You hold no such role here"):
        save(audit, question, (SIGN,), by=getattr(council, by), at=AT)


def test_signing_twice_and_keeping_leave_the_signature_as_it_is(council, audit):
    save(audit, "signed", (SIGN,), by=council.ada, at=AT, key="press-000")

    later = moment("2026-11-06T12:00")
    assert save(audit, "signed", (SIGN,), by=council.ada, at=later, seen=0, key="press-000") == 1
    assert save(audit, "signed", (KEEP,), by=council.priya, at=later) == 1
    assert words(audit, "signed") == SIGNED


def test_whoever_signed_takes_it_back_and_it_stays_in_the_history(council, audit):
    save(audit, "signed", (SIGN,), by=council.ada, at=AT)
    save(audit, "signed", "", by=council.ada, at=AT)

    assert given_to(audit, "signed").is_blank
    assert AnswerVersion.objects.order_by("version").first().value[1] == "Ada"


@pytest.mark.parametrize("given", [{"value": ""}, {"value": "", "instead": "not applicable"}])
def test_nobody_takes_back_what_another_signed(council, given):
    question = {"key": "signed", "text": "Signed", "type": "signature", "instead": ["not applicable"]}
    audit = make_audit(council, version=publish_pack(document=with_questions([question])))
    save(audit, "signed", (SIGN,), by=council.ada, at=AT)

    with pytest.raises(Refused, match="Only Ada can take this signature back"):
        save(audit, "signed", by=council.priya, at=AT, **given)
    save(audit, "signed", (SIGN,), by=council.priya, at=AT)
    assert words(audit, "signed").startswith("Signed by Priya, Practitioner,")


def test_a_page_that_has_not_seen_a_signature_neither_takes_it_back_nor_signs_over_it(council, audit):
    save(audit, "signed", (SIGN,), by=council.ada, at=AT)

    for value in ("", (SIGN,)):
        with pytest.raises((Stale, Refused)):
            save(audit, "signed", value, by=council.priya, at=AT, seen=0)
    assert words(audit, "signed") == SIGNED


def test_a_required_signature_is_missing_until_it_is_given(council, audit):
    def is_missing():
        sheet = sheet_of(audit)
        return any(
            "Signed by the auditor" in one for _, _, one in missing(sheet.form, sheet.given, sheet.known)
        )

    assert is_missing()
    save(audit, "signed", (SIGN,), by=council.ada, at=AT)
    assert not is_missing()


def test_the_ledger_holds_what_was_signed(council, audit):
    save(audit, "signed", (SIGN,), by=council.ada, at=AT)

    assert '"Ada"' in Event.objects.filter(what="audit.answer").last().recorded.values


def test_people_and_signatures_go_with_the_words(council, audit):
    save(audit, "met", ("", "Gran Tully"), by=council.ada, at=AT)
    save(audit, "signed", (SIGN,), by=council.ada, at=AT)

    blank_audit_words(audit)

    assert {given_to(audit, one).value for one in ("met", "signed")} == {"Removed under retention"}
    assert words(audit, "signed") == words(audit, "met") == "Removed under retention"
    assert not AnswerVersion.objects.filter(value__icontains="Ada").exists()
