"""The form of an audit, section by section, as its auditor and others see it (WF-6 to WF-8)."""

import pytest

from goldenthread.audits import operations
from goldenthread.audits.models import Answer, AnswerVersion, Judgement
from goldenthread.ledger.models import Read
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.forms import Given
from tests.make import PACK, make_audit, make_council, moment, publish_pack

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")
ASKED = "voice heard"


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


def section(audit, key="voice"):
    return f"/audits/{audit.public_id}/sections/{key}/"


def typed(version=0, words="", **others):
    return {f"version:{ASKED}": version, f"value:{ASKED}": words, f"instead:{ASKED}": "", **others}


def test_the_descriptors_of_each_grade_stand_at_the_point_of_choice(ada, audit):
    page = ada.get(section(audit)).text

    for words in (
        "Outstanding",
        "Far above what is required",
        "Work that others could learn from",
        "Inadequate",
    ):
        assert words in page
    assert "Reasons for the grade" in page


def test_what_a_grade_looks_like_in_this_section_stands_after_what_it_looks_like_everywhere(ada, council):
    data = read_document(PACK.read_text()).data
    here = next(one for one in data["forms"]["case audit"]["sections"] if one["key"] == "voice")
    here["descriptors"] = [{"grade": "good", "points": ["The person speaks for herself"]}]
    publish_pack(document=write_document(data))
    audit = make_audit(council)

    voice, other = ada.get(section(audit)).text, ada.get(section(audit, "planning")).text

    assert voice.index("Good") < voice.index("The person speaks for herself") < voice.index("Inadequate")
    assert "Far above what is required" in other and "The person speaks for herself" not in other


def test_the_three_ways_of_not_answering_are_offered(ada, audit):
    page = ada.get(section(audit)).text

    for words in ("Not applicable", "Not seen (I could not look at it)", "No evidence on file"):
        assert words in page


def test_without_javascript_a_button_saves_the_section_and_goes_on(ada, audit):
    posted = typed(
        words="In her own words.", **{"grade:voice": "good", "why:voice": "Clear.", "onwards": "yes"}
    )

    answer = ada.post(section(audit), posted)

    assert answer.headers["Location"] == section(audit, "assessment")
    assert Answer.objects.get(audit=audit).value == "In her own words."
    assert (Judgement.objects.get().grade, Judgement.objects.get().why) == ("good", "Clear.")


def test_without_javascript_a_clash_shows_both_texts_and_overwrites_nothing(ada, audit, council):
    save(audit, "Theirs stands here.")

    page = ada.post(section(audit), typed(words="Mine was typed."))

    assert page.status_code == 422
    assert "Theirs stands here." in page.text
    assert "Mine was typed." in page.text
    assert "Not everything was saved" in page.text
    assert Answer.objects.get().value == "Theirs stands here."


def test_after_a_clash_saving_again_puts_mine_in_place_knowingly(ada, audit):
    save(audit, "Theirs.")
    page = ada.post(section(audit), typed(words="Mine."))
    seen = page.context["boxes"][0].version

    ada.post(section(audit), typed(version=seen, words="Mine."))

    assert list(AnswerVersion.objects.order_by("version").values_list("value", flat=True)) == [
        "Theirs.",
        "Mine.",
    ]


def test_an_answer_that_was_not_touched_does_not_clash(ada, audit):
    save(audit, "As it was when the page was opened.")
    save(audit, "Changed by somebody since.", 1)

    answer = ada.post(section(audit), typed(version=1, words="As it was when the page was opened."))

    assert answer.status_code == 302
    assert Answer.objects.get().value == "Changed by somebody since."


def test_a_text_that_is_too_long_stays_in_the_box_with_the_limit(ada, audit):
    page = ada.post(section(audit), typed(words="x" * 1_000_000))

    assert page.status_code == 422
    assert "Shorten this to 50,000 characters or fewer; it has 1,000,000" in page.text
    assert "x" * 1_000_000 in page.text


def test_nul_and_foreign_line_ends_are_made_the_same_everywhere(ada, audit):
    ada.post(section(audit), typed(words="One\r\ntwo\0three"))

    assert Answer.objects.get().value == "One\ntwothree"


def test_the_earlier_stage_is_in_view_and_can_be_kept(ada, council):
    audit = make_audit(council, "discussed", grade="requires improvement")
    page = ada.get(section(audit)).text
    assert "On the record: Requires improvement" in page

    ada.post(section(audit), {"same": "yes", "stay": "yes"})

    kept = Judgement.objects.get(audit=audit, part="voice", stage="after the conversation")
    assert (kept.grade, kept.why) == (
        "requires improvement",
        "The person at the centre: the record shows it.",
    )


def test_a_section_is_left_out_and_taken_up_again(ada, audit):
    ada.post(section(audit, "rights") + "skip/", {"skip": "yes"})
    page = ada.get(section(audit, "rights")).text
    assert "This section is left out" in page

    ada.post(section(audit, "rights") + "skip/", {"skip": "no"})

    audit.refresh_from_db()
    assert audit.skipped_sections == []


@pytest.mark.parametrize("name", ["quinn", "theo", "priya", "hana", "sam", "administrator", "other_manager"])
def test_nobody_else_reads_or_writes_the_form_before_its_time(client, council, audit, name):
    save(audit, "A secret for now.")
    client.force_login(getattr(council, name))

    assert client.get(section(audit)).status_code == 404
    assert client.post(section(audit), typed(words="Mine.")).status_code == 404
    assert client.get(f"/audits/{audit.public_id}/answers/{ASKED}/").status_code == 404
    refused = client.post(
        f"/audits/{audit.public_id}/save-answer/", {"question": ASKED, f"value:{ASKED}": "Mine"}
    )
    assert refused.status_code in (404, 422)
    assert "secret" not in refused.text
    assert Answer.objects.get().value == "A secret for now."


def test_the_quality_team_reads_the_section_and_finds_nothing_to_type_in(client, council):
    audit = make_audit(council, "checking")
    client.force_login(council.quinn)

    page = client.get(section(audit)).text

    assert "What was seen: How well does the record show" in page
    assert "<textarea" not in page


def test_opening_a_section_is_written_in_the_read_log(ada, audit, council):
    ada.get(section(audit))

    read = Read.objects.get()
    assert (read.about_id, read.by) == (audit.public_id, council.ada.public_id)


def test_an_unknown_section_is_not_found(ada, audit):
    assert ada.get(section(audit, "cellar")).status_code == 404
    assert ada.get(section(audit, "progress")).status_code == 404


def test_every_version_of_an_answer_can_be_looked_back_at(ada, audit):
    save(audit, "First words.")
    save(audit, "Second words.", 1)

    page = ada.get(f"/audits/{audit.public_id}/answers/{ASKED}/").text

    assert page.index("Second words.") < page.index("First words.")


def test_a_section_takes_few_statements(ada, audit, django_assert_max_num_queries):
    ada.get(section(audit))

    with django_assert_max_num_queries(16):
        ada.get(section(audit))


def save(audit, words, expected=0):
    operations.save_answer(audit, ASKED, Given(words), expected=expected, by=audit.auditor, at=AT)
