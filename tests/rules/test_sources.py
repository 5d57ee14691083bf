"""Sources: what is asked of each, on which an answer rests, and what a form keeps when it is written out."""

import json
from datetime import date, datetime

import pytest

from goldenthread.rules import editing, offering
from goldenthread.rules.conditions import Known
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.form_formats.fhir import read_json, read_questionnaire
from goldenthread.rules.form_formats.fhir_answers import BESIDES, Answered, write_response
from goldenthread.rules.form_formats.fhir_out import write_questionnaire
from goldenthread.rules.form_formats.xlsform import read_xlsform
from goldenthread.rules.form_formats.xlsform_out import write_xlsform
from goldenthread.rules.forms import Given, asked, missing, shown
from goldenthread.rules.reading import examine, read_pack
from goldenthread.rules.rows import Row
from tests.form_rows import sheets_of
from tests.make import PACK

SOURCES = {"system": "The case system", "paper": "The paper file", "talk": "An interview"}
PLAN = {"key": "plan", "text": "Is there a plan?", "type": "yes or no", "sources": ["system", "paper"]}
VISITS = {
    "key": "visits",
    "title": "Visits",
    "repeats": {"title": "each visit"},
    "questions": [{**PLAN, "key": "alone", "text": "Seen alone?"}],
}


def document(**changes):
    """The shipped framework with sources, and a section whose first question names two."""
    data = read_document(PACK.read_text()).data
    data["sources"] = dict(SOURCES)
    questions = [{**PLAN, "instead": ["not applicable"], **changes.pop("question", {})}]
    section = {"key": "seen", "title": "What was seen", "questions": questions}
    data["forms"]["case audit"]["sections"][:0] = [section, *changes.pop("sections", [])]
    data["audit_types"]["audit"] |= {"sources": ["system", "paper"], "asks_source": True, **changes}
    return write_document(data)


def form(**changes):
    return read_pack(document(**changes)).form_of("audit")


def keys_asked(form, **answers):
    known = Known(on=date(2026, 11, 2), answers=answers)
    return [question.key for _, questions in shown(form, known) for question in questions]


def test_of_each_source_the_auditor_says_whether_it_could_be_used_and_else_why():
    told = {"source system": "used", "source paper": "not used"}

    gaps = [said for _, _, said in missing(form(), {}, Known(on=date(2026, 11, 2)))]
    later = missing(
        form(), {key: Given(value) for key, value in told.items()}, Known(date(2026, 11, 2), answers=told)
    )

    assert gaps[:2] == ["Answer “The case system”", "Answer “The paper file”"]
    assert [said for section, _, said in later if section.title == "Sources"] == [
        "Answer “The paper file: why could it not be used?”"
    ]


@pytest.mark.parametrize(
    ("answers", "is_asked"),
    [({}, False), ({"plan": "yes"}, True), ({"plan": "no"}, True), ({"plan": "not applicable"}, False)],
)
def test_what_an_answer_rests_on_is_asked_once_there_is_one(answers, is_asked):
    assert ("plan rests on" in keys_asked(form(), **answers)) is is_asked


def test_it_is_not_asked_where_the_question_is_not():
    asks = form(question={"when": {"fact": "status", "is": "open"}})

    assert "plan rests on" not in keys_asked(asks, plan="yes")


def test_the_choices_are_the_question_s_own_sources_in_words():
    rests = form().question("plan rests on")

    assert [one.label for one in rests.options] == ["The case system", "The paper file"]


def test_in_rows_each_row_says_on_what_its_own_answer_rests():
    section = form(sections=[VISITS]).section("visits")
    rows = {"visits": (Row("a", 1), Row("b", 2))}
    known = Known(on=date(2026, 11, 2), answers={"alone@b": "yes"}, rows=rows)

    assert [[one.key for one in questions] for _, questions, _ in asked(section, known)] == [
        ["alone@a"],
        ["alone@b", "alone rests on@b"],
    ]


def test_an_audit_type_that_asks_nothing_has_the_form_as_it_is():
    pack = read_pack(document(sources=[], asks_source=False))

    assert pack.form_of("audit") is pack.forms["case audit"]


def test_a_rule_of_grading_may_look_at_what_was_said_of_a_source():
    data = read_document(document()).data
    grading = data["grading"][data["audit_types"]["audit"]["grading"]]
    grading.setdefault("rules", []).append(
        {
            "kind": "cap",
            "part": "overall",
            "when": {"answer": "source paper", "is": "not used"},
            "grade": "good",
            "because": "The paper file could not be used.",
        }
    )

    assert examine(write_document(data))[1] == []


def no_sources(data):
    data["report"]["parts"].append("sources")
    del data["sources"]
    data["audit_types"]["audit"] |= {"sources": [], "asks_source": False}
    data["forms"]["case audit"]["sections"][0]["questions"][0]["sources"] = []


def no_choice(data):
    data["forms"]["case audit"]["sections"][0]["questions"][0]["sources"] = ["paper"]


@pytest.mark.parametrize(
    ("change", "where", "sentence"),
    [
        (
            lambda data: data["audit_types"]["audit"].update(sources=["papers"]),
            "sources",
            "did you mean “paper”",
        ),
        (
            lambda data: data["forms"]["case audit"]["sections"][0]["questions"][0].update(sources=["film"]),
            "sources",
            "There is no source “film”",
        ),
        (no_choice, "asks_source", "nothing to pick"),
        (lambda data: data["sources"].update({"a/b": "Both"}), "sources", "without “/”"),
        (no_sources, "parts", "names no sources"),
        (
            lambda data: data["forms"]["case audit"]["sections"][0]["questions"].append(
                {**PLAN, "key": "source paper"}
            ),
            "case audit",
            "“source paper” is the key of what is asked about a source",
        ),
        (
            lambda data: data["forms"]["case audit"]["sections"][0].update(key="sources used"),
            "case audit",
            "the key of the section that asks about sources",
        ),
        (
            lambda data: data["forms"]["case audit"]["sections"][0]["questions"][0].update(key="k" * 75),
            "audit",
            "shorter key",
        ),
    ],
)
def test_nonsense_is_refused_with_its_place(change, where, sentence):
    data = read_document(document()).data
    change(data)

    assert any(where in one.where and sentence in one.sentence for one in examine(write_document(data))[1])


def test_a_form_written_out_comes_back_with_its_sources_and_nothing_else():
    own = read_pack(document(sections=[VISITS])).forms["case audit"]

    assert read_xlsform(sheets_of(write_xlsform(own, "x").content), own.title).form == own
    assert read_questionnaire(read_json(write_questionnaire(own, "x").content), "x").form == own


def test_answers_as_fhir_hold_what_was_said_of_sources_beside_the_form_s_own():
    pack = read_pack(document())
    given = {
        "source paper": Given("not used"),
        "source paper why": Given("It was lost."),
        "plan": Given("yes"),
        "plan rests on": Given(("system", "paper")),
    }
    known = Known(on=date(2026, 11, 2), answers={key: one.value for key, one in given.items()})
    asked_of = [(section, [(None, questions)]) for section, questions in shown(pack.form_of("audit"), known)]

    about = Answered("urn:form", "2026-11/001", "C-1", datetime(2026, 11, 2))
    data = json.loads(write_response(pack.forms["case audit"], asked_of, given, about))

    said = [[part["valueString"] for part in one["extension"]] for one in data["extension"]]
    assert said == [
        ["The paper file", "Could not be used"],
        ["The paper file: why could it not be used?", "It was lost."],
    ]
    (seen,) = data["item"]
    assert [item["linkId"] for item in seen["item"]] == ["plan"]
    assert seen["extension"][0]["url"] == BESIDES
    assert seen["extension"][0]["extension"][1]["valueString"] == "The case system; The paper file"


WITHOUT_PAPER = {
    "key": "without paper",
    "title": "Without the paper file",
    "when": {"source": "paper", "is": "not used"},
    "questions": [
        {"key": "why here", "text": "How else was it seen?", "type": "text"},
        {
            "key": "asked them",
            "text": "Whom did you ask?",
            "type": "text",
            "when": {"source": "system", "is": "used"},
            "required": {"source": "system", "is_not": "not used"},
        },
    ],
}


def with_section(**changes):
    """The framework with a section that hangs on sources, about which both kinds of audit ask."""
    data = read_document(document(sections=[WITHOUT_PAPER | changes])).data
    data["audit_types"]["re-audit"]["sources"] = ["system", "paper"]
    return data


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, []),
        ({"source paper": "used"}, []),
        ({"source paper": "not used"}, ["why here"]),
        ({"source paper": "not used", "source system": "used"}, ["why here", "asked them"]),
        ({"source paper": "not used", "source system": "not used"}, ["why here"]),
    ],
)
def test_a_form_asks_only_if_a_source_could_or_could_not_be_used(told, expected):
    asking = read_pack(write_document(with_section())).form_of("audit")

    assert [key for key in keys_asked(asking, **told) if key in ("why here", "asked them")] == expected


def test_a_form_asks_about_sources_that_every_audit_with_it_asks_about():
    data = with_section()
    assert examine(write_document(data))[1] == []
    data["audit_types"]["re-audit"]["sources"] = ["system"]

    (fault,) = examine(write_document(data))[1]

    assert "“Re-audit” has this form too and does not ask whether “paper” could be used" in str(fault)
    assert fault.place[-2:] == ("when", "source")


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"source": "talk", "is": "used"}, "There is no source that is asked about “talk”"),
        ({"source": "paper", "is": "lost"}, "There is no answer “lost”"),
        ({"score": "met", "below": 60}, "Scores are known in what follows a final audit"),
    ],
)
def test_what_a_form_cannot_ask_about_is_a_fault(condition, said):
    found = examine(write_document(with_section(when=condition)))[1]

    assert any(said in str(fault) for fault in found)


def test_a_source_under_another_name_takes_the_conditions_along():
    data = with_section()

    renamed, _, count = editing.renamed(data, ("sources", "paper"), "red folder")

    assert count >= 3 and examine(write_document(renamed))[1] == []
    place = ("forms", "case audit", "sections", 1, "when")
    assert editing.at(renamed, place) == {"source": "red folder", "is": "not used"}
    offered = offering.comparable(renamed, place)
    assert offered["source"] == ("red folder", "system")
    assert offering.values_of(renamed, place, {"source": "system"}) == ("used", "not used")


def test_a_condition_on_a_source_is_left_out_of_a_form_that_is_written_out():
    pack = read_pack(write_document(with_section()))

    left_out = write_xlsform(pack.forms["case audit"], "x").left_out

    assert any("Without the paper file" in one for one in left_out)
