"""Saving one answer from the open page."""

import pytest
from django.test import Client

from goldenthread.audits import operations
from goldenthread.audits.models import Answer, AnswerVersion, Judgement
from goldenthread.rules.forms import Given
from tests.make import make_audit, make_council, moment

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")
ASKED = "voice heard"
JSON = {"Accept": "application/json"}


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    return make_audit(council)


@pytest.fixture
def ada(client, council):
    client.force_login(council.ada)
    return client


def save(client, audit, words, version=0, key="", **more):
    posted = {"question": ASKED, "version": version, "key": key, f"value:{ASKED}": words, **more}
    return client.post(f"/audits/{audit.public_id}/save-answer/", posted, headers=JSON)


def test_an_answer_is_saved_and_its_version_comes_back(ada, audit):
    reply = save(ada, audit, "In her own words.")

    assert (reply.status_code, reply.json()["version"]) == (200, 1)
    assert reply.json()["saved"].startswith("Saved at ")
    assert Answer.objects.get().value == "In her own words."


def test_a_clash_brings_the_other_text_back_with_its_version(ada, audit):
    operations.save_answer(audit, ASKED, Given("Theirs."), expected=0, by=audit.auditor, at=AT)

    reply = save(ada, audit, "Mine.")

    theirs = reply.json()["theirs"]
    assert reply.status_code == 409
    assert (theirs["words"], theirs["version"], theirs["by"]) == ("Theirs.", 1, "Ada")
    assert theirs["fields"] == {f"value:{ASKED}": "Theirs.", f"instead:{ASKED}": "", f"evidence:{ASKED}": ""}
    assert Answer.objects.get().value == "Theirs."


def test_the_same_change_sent_again_is_the_same_reply_and_no_second_version(ada, audit):
    replies = [save(ada, audit, "Once.", key="abcdef12") for _ in range(3)]

    assert {reply.json()["version"] for reply in replies} == {1}
    assert AnswerVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("x" * 60_000, "Shorten this to 50,000 characters or fewer"), ("x" * 1_048_576, "it has 1,048,576")],
)
def test_a_text_that_is_too_long_is_refused_in_words(ada, audit, words, sentence):
    reply = save(ada, audit, words)

    assert reply.status_code == 422
    assert sentence in reply.json()["sentence"]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("a\0b", "ab"), ("a\r\nb\rc", "a\nb\nc"), ("\u202eright", "\u202eright"), ("e\u0301 😀", "e\u0301 😀")],
)
def test_what_is_typed_is_kept_alike_on_every_database(ada, audit, typed, stored):
    save(ada, audit, typed)

    assert Answer.objects.get().value == stored


def test_choices_and_reasons_are_told_apart(ada, audit):
    asked = "consent recorded"
    for version, (choice, kept) in enumerate(
        (("=no", ("no", "")), ("~not applicable", ("", "not applicable")))
    ):
        posted = {"question": asked, "version": version, f"choice:{asked}": choice}
        reply = ada.post(f"/audits/{audit.public_id}/save-answer/", posted, headers=JSON)
        assert reply.status_code == 200
        answer = Answer.objects.get(question=asked)
        assert (answer.value, answer.instead) == kept


def test_somebody_signed_out_is_told_so_and_not_given_a_page(audit):
    reply = save(Client(), audit, "Mine.")

    assert reply.status_code == 401


def test_a_stale_page_without_its_token_is_refused(council, audit):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(council.ada)

    assert save(careful, audit, "Mine.").status_code == 403
    assert not Answer.objects.exists()


def test_an_unknown_question_is_not_found(ada, audit):
    reply = ada.post(f"/audits/{audit.public_id}/save-answer/", {"question": "weather"}, headers=JSON)

    assert reply.status_code == 404


def test_a_grade_is_saved_and_clashes_likewise(ada, audit):
    url = f"/audits/{audit.public_id}/save-judgement/"
    posted = {"part": "voice", "version": 0, "grade:voice": "good", "why:voice": "Clear."}

    assert ada.post(url, posted, headers=JSON).json()["version"] == 1
    clash = ada.post(url, {**posted, "grade:voice": "inadequate"}, headers=JSON)

    assert (clash.status_code, clash.json()["theirs"]["words"]) == (409, "Good\nClear.")
    assert Judgement.objects.get().grade == "good"


def test_one_save_takes_few_statements(ada, audit, django_assert_max_num_queries):
    save(ada, audit, "First.")

    with django_assert_max_num_queries(16):
        save(ada, audit, "Second.", 1)
