# ruff: noqa: E501 - tables of cases
"""FHIR Questionnaires: what each item becomes, what is listed, and that what is written out is valid."""

import json

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire

from goldenthread.rules.conditions import All, Any_, Compare, Not
from goldenthread.rules.form_formats.fhir import read_json, read_questionnaire
from goldenthread.rules.form_formats.fhir_out import write_questionnaire
from goldenthread.rules.reading import read_pack
from goldenthread.rules.refusal import Refused
from tests.form_rows import reasons
from tests.make import PACK
from tests.rules.test_xlsform import FORM

SEEN = [{"valueCoding": {"code": code, "display": code.title()}} for code in ("alone", "with", "not")]


def item(link, kind="string", text="Words", **more):
    return {"linkId": link, "type": kind, "text": text, **more}


def brought_in(*items, **more):
    """What a Questionnaire with these items becomes."""
    return read_questionnaire(
        {"resourceType": "Questionnaire", "title": "A form", "item": list(items), **more}, "x"
    )


FEWEST, MOST = (
    f"http://hl7.org/fhir/StructureDefinition/questionnaire-{one}Occurs" for one in ("min", "max")
)


@pytest.mark.parametrize(
    ("kind", "becomes"),
    [
        ("boolean", "yes or no"),
        ("decimal", "number"),
        ("integer", "whole number"),
        ("date", "date"),
        ("string", "text"),
        ("text", "long text"),
        ("reference", "person"),
        ("attachment", "file"),
        ("display", "note"),
    ],
)
def test_each_type_has_its_own(kind, becomes):
    draft = brought_in(item("q", kind))

    assert next(draft.form.questions()).type == becomes
    assert draft.not_applied == ()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (item("q", "time"), "A time of day is asked as a line of text."),
        (item("q", "quantity"), "A number with a unit is asked as a line of text."),
        (item("q", "choice", answerValueSet="http://example.org/set"), "Its choices are not in the file"),
        (item("q", "open-choice", answerOption=SEEN), "An answer other than the choices cannot be given."),
        (item("q", "string", repeats=True), "Several answers to one question are not taken"),
        (item("q", "string", initial=[{"valueString": "x"}]), "“initial” is not applied."),
        (item("q", "string", extension=[{"url": "http://x/variable"}]), "The extension “variable” is not applied."),
        (item("q", "choice", answerOption=[{"valueCoding": {"code": "a", "system": "s"}}, SEEN[0]]), "The system of its codes"),
        (item("g", "group", required=True, item=[item("q")]), "A group is not required as such"),
        (item("g", "group", repeats=True, extension=[{"url": MOST, "valueInteger": 101}], item=[item("q")]), "“questionnaire-maxOccurs” is not applied."),
    ],
)  # fmt: skip
def test_what_has_no_place_is_listed_with_its_item(given, says):
    draft = brought_in(item("first"), given)

    assert next(one for one in draft.not_applied if says in one.reason).place == f"item {given['linkId']}"


def test_choices_keep_their_codes_their_order_and_their_points():
    points = [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 2}]
    draft = brought_in(item("q", "choice", answerOption=[{**SEEN[0], "extension": points}, *SEEN[1:]]))

    choices = next(draft.form.questions()).choices
    assert [(one.key, one.label, one.points) for one in choices] == [
        ("alone", "Alone", 2.0),
        ("with", "With", None),
        ("not", "Not", None),
    ]


def test_choices_in_a_value_set_of_the_file_are_found():
    concepts = [{"code": "a", "display": "A"}, {"code": "b", "display": "B"}]
    contained = {"resourceType": "ValueSet", "id": "v", "compose": {"include": [{"concept": concepts}]}}
    draft = brought_in(item("q", "choice", answerValueSet="#v", repeats=True), contained=[contained])

    question = next(draft.form.questions())
    assert (question.type, [one.key for one in question.choices]) == ("several of", ["a", "b"])


def test_items_within_a_question_follow_it_and_are_asked_when_it_is():
    when = [{"question": "a", "operator": "exists", "answerBoolean": True}]
    draft = brought_in(
        item("a"), item("b", enableWhen=when, item=[item("c"), item("unit", "display", "mm")]), item("d")
    )

    assert [one.key for one in draft.form.questions()] == ["a", "b", "c", "unit", "d"]
    assert draft.form.question("c").when == draft.form.question("b").when == Compare(answer="a", known=True)
    assert (draft.counts.items, draft.counts.questions, draft.counts.conditions) == (5, 4, 1)


def test_help_becomes_the_guidance_of_its_question():
    control = {"coding": [{"code": "help"}]}
    url = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"
    helps = item("q.h", "display", "Look here", extension=[{"url": url, "valueCodeableConcept": control}])
    draft = brought_in(item("q", item=[helps]))

    assert next(draft.form.questions()).guidance == "Look here"
    assert draft.counts.items == 2


BOTH = [
    {"question": "n", "operator": ">", "answerInteger": 5},
    {"question": "c", "operator": "!=", "answerCoding": {"code": "not"}},
]
MORE_THAN_5 = All(all=(Compare(answer="n", known=True), Not(not_=Compare(answer="n", at_most=5))))
IS_NOT = Compare(answer="c", is_not="not")


@pytest.mark.parametrize(
    ("when", "behaviour", "means"),
    [
        (BOTH, "all", All(all=(MORE_THAN_5, IS_NOT))),
        (BOTH, "any", Any_(any=(MORE_THAN_5, IS_NOT))),
        ([{"question": "n", "operator": "<=", "answerDecimal": 2.5}], None, Compare(answer="n", at_most=2.5)),
        (
            [{"question": "b", "operator": "=", "answerBoolean": False}],
            None,
            Compare(answer="b", **{"is": "no"}),
        ),
        (
            [{"question": "n", "operator": "exists", "answerBoolean": False}],
            None,
            Compare(answer="n", known=False),
        ),
    ],
)
def test_conditions_are_said_in_the_frameworks_own_words(when, behaviour, means):
    asked = [item("n", "integer"), item("c", "choice", answerOption=SEEN), item("b", "boolean")]
    draft = brought_in(
        *asked, item("q", enableWhen=when, **({"enableBehavior": behaviour} if behaviour else {}))
    )

    assert draft.form.question("q").when == means


@pytest.mark.parametrize(
    ("when", "says"),
    [
        (
            {"question": "nobody", "operator": "exists", "answerBoolean": True},
            "which is not a question of the form",
        ),
        (
            {"question": "c", "operator": "=", "answerCoding": {"code": "maybe"}},
            "“maybe” is not among the answers",
        ),
        ({"question": "c", "operator": ">", "answerInteger": 1}, "is not a number, so it has no order"),
        ({"question": "c", "operator": "like", "answerString": "x"}, "does not have"),
        ("nonsense", "damaged"),
    ],
)
def test_a_condition_that_cannot_be_said_is_listed_and_the_question_is_always_asked(when, says):
    draft = brought_in(item("c", "choice", answerOption=SEEN), item("q", enableWhen=[when]))

    assert draft.form.question("q").when is None
    assert says in next(one.reason for one in draft.not_applied if one.place == "item q, enableWhen")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "cannot be read as such"),
        (b"[" * 100_000, "lie deeper|cannot be read"),
        (b'{"a":' * 100_000, "lie deeper|cannot be read"),
        (b'{"resourceType": "Patient"}', "is a FHIR Patient and not a FHIR Questionnaire"),
        (b"[1, 2]", "is JSON and not a FHIR Questionnaire"),
        (b'{"resourceType": "Questionnaire"}', "nothing to ask"),
        (b'{"resourceType": "Questionnaire", "item": ["x"]}', "is damaged"),
        (b'{"resourceType": "Questionnaire", "item": 7}', "nothing to ask"),
    ],
)
def test_what_is_not_a_questionnaire_is_refused_in_a_sentence(content, says):
    with pytest.raises(Refused, match=says):
        read_questionnaire(read_json(content), "x")


@pytest.mark.parametrize("number", [10**400, float("inf"), float("nan"), True])
def test_numbers_beyond_all_reckoning_are_listed_and_break_nothing(number):
    limit = [{"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueDecimal": number}]
    points = [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": number}]
    when = [{"question": "n", "operator": ">=", "answerInteger": number}]
    draft = brought_in(
        item("n", "integer", extension=limit),
        item("c", "choice", answerOption=[{**SEEN[0], "extension": points}, SEEN[1]]),
        item("q", enableWhen=when),
    )

    assert (draft.form.question("n").at_least, draft.form.question("q").when) == (None, None)
    assert draft.form.question("c").choices[0].points is None


def test_items_too_deep_or_too_many_are_refused():
    deep = item("q")
    for level in range(60):
        deep = item(f"g{level}", "group", item=[deep])

    with pytest.raises(Refused, match="deeper"):
        brought_in(deep)
    with pytest.raises(Refused, match="more than 5,000 items"):
        brought_in(*[item(f"q{number}") for number in range(5_001)])


@pytest.mark.parametrize(
    "form", [FORM, next(iter(read_pack(PACK.read_text()).forms.values()))], ids=["all", "shipped"]
)
def test_what_is_written_out_is_valid_and_is_read_back_as_the_same(form):
    written = write_questionnaire(form, "tool", "3")

    assert Questionnaire.model_validate_json(written.content)
    assert read_questionnaire(read_json(written.content), "x").form == form


def test_link_ids_are_the_keys_of_questions_and_codes_those_of_choices():
    data = json.loads(write_questionnaire(FORM, "tool").content)

    asked = {one["linkId"]: one for group in data["item"] for one in group["item"]}
    assert {"hello", "was seen", "how", "age", "why"} <= set(asked)
    assert [one["valueCoding"]["code"] for one in asked["how"]["answerOption"]] == ["a b", "c"]
    assert asked["how"]["enableWhen"] == [
        {"question": "was seen", "operator": "=", "answerCoding": {"code": "yes", "display": "Yes"}}
    ]


def test_what_is_listed_says_where():
    draft = brought_in(item("q"), publisher="Somebody")

    assert "the questionnaire: “publisher” is not kept. Not applied: Somebody" in reasons(draft)


@pytest.mark.parametrize("more", [{"title": "\ud800"}, {"publisher": "\ud800"}, {"\ud800": 1}])
def test_half_a_character_is_refused_wherever_it_stands(more):
    content = json.dumps({"resourceType": "Questionnaire", "item": [item("q")], **more}).encode()

    with pytest.raises(Refused, match="half of a character"):
        read_json(content)


@pytest.mark.parametrize(
    ("said", "rows"),
    [
        ({}, (0, 30)),
        ({"required": True}, (1, 30)),
        ({"extension": [{"url": FEWEST, "valueInteger": 3}, {"url": MOST, "valueInteger": 5}]}, (3, 5)),
        ({"extension": [{"url": FEWEST, "valueInteger": 40}]}, (40, 40)),
    ],
)
def test_a_group_that_repeats_becomes_a_section_with_rows(said, rows):
    draft = brought_in(item("g", "group", repeats=True, item=[item("q")], **said))

    repeats = draft.form.section("g").repeats
    assert (repeats.at_least, repeats.at_most) == rows
    assert draft.not_applied == ()
