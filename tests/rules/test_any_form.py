# ruff: noqa: E501 - tables of cases
"""Any form comes back from another program's format as it was; any bytes are read or refused in a sentence."""

import io
import json
import tempfile
from pathlib import Path

from fhir.resources.R4B.questionnaire import Questionnaire
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from goldenthread.frameworks.bringing_in import read_form
from goldenthread.rules.attachments import NAMED
from goldenthread.rules.form_formats.fhir import read_json, read_questionnaire
from goldenthread.rules.form_formats.fhir_out import write_questionnaire
from goldenthread.rules.form_formats.xlsform import read_xlsform
from goldenthread.rules.form_formats.xlsform_out import write_xlsform
from goldenthread.rules.forms import BY_PEOPLE, NOT_ANSWERED, NUMBERS, Form
from goldenthread.rules.refusal import Refused
from tests.form_rows import sheet, sheets_of

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
CHARACTERS = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn", "Co"))
AWKWARD = [
    "=1+1",
    "-x",
    "@y",
    "+z",
    "${x}",
    "${",
    "1",
    "1.0",
    "yes",
    "No",
    "a  b",
    "'",
    '"',
    'it\'s "so"',
    "<b>",
    "|",
    "x_y",
]
LINES = (st.sampled_from(AWKWARD) | st.text(CHARACTERS, max_size=20)).map(str.strip).filter(bool)
TEXTS = LINES | st.tuples(LINES, LINES).map("\n".join)
KEYS = LINES
TYPES = ["yes or no", "one of", "several of", "text", "long text", "number", "whole number", "date"]
TYPES += ["person", "signature", "file", "note"]


@st.composite
def forms(draw):
    """A form with anything that the model allows, conditions on its own answers, facts and grades."""
    keys = draw(st.lists(KEYS, min_size=1, max_size=6, unique=True))
    questions = [draw(questions_called(key)) for key in keys]
    for question in questions:
        if draw(st.booleans()):
            question["when"] = draw(conditions(questions))
        if question["type"] != "note" and draw(st.integers(0, 3)) == 0:
            question["required"] = draw(conditions(questions))
    names = draw(st.lists(KEYS, min_size=1, max_size=3, unique=True))
    sections = [{"key": name, "title": draw(LINES), "questions": []} for name in names]
    for section in sections:
        section["guidance"] = draw(st.just("") | TEXTS)
        section["graded"], section["may_skip"] = draw(st.booleans()), draw(st.booleans())
        if draw(st.booleans()):
            section["when"] = draw(conditions(questions))
        section["repeats"] = draw(st.none() | repeats())
    for question in questions:
        sections[draw(st.integers(0, len(sections) - 1))]["questions"].append(question)
    sections = [section for section in sections if section["questions"]]
    return Form.model_validate({"title": draw(LINES), "sections": sections})


@st.composite
def repeats(draw):
    """What a section repeats for, with as many rows as the model allows."""
    fewest = draw(st.integers(0, 100))
    most = draw(st.integers(max(fewest, 1), 100))
    named = {"name": draw(LINES)} if draw(st.booleans()) else {}
    return {"title": draw(LINES), "at_least": fewest, "at_most": most, **named}


@st.composite
def questions_called(draw, key):
    kind = draw(st.sampled_from(TYPES))
    question = {"key": key, "text": draw(TEXTS), "guidance": draw(st.just("") | TEXTS), "type": kind}
    if kind in ("one of", "several of") or (kind == "yes or no" and draw(st.booleans())):
        codes = draw(st.lists(KEYS, min_size=2, max_size=4, unique=True) | st.just(["yes", "no"]))
        question["choices"] = [draw(choices_called(code)) for code in codes]
    if kind == "note":
        return question
    question["required"] = draw(st.booleans())
    question["critical"] = draw(st.booleans())
    question["instead"] = draw(st.lists(st.sampled_from(list(NOT_ANSWERED)), max_size=2, unique=True))
    question["evidence"] = draw(st.sampled_from(["always", "never"]))
    question["answered_by"] = draw(st.none() | LINES)
    if kind == "file" and draw(st.booleans()):
        question["files"] = draw(
            st.fixed_dictionaries(
                {"at_most": st.integers(1, 20), "megabytes": st.integers(1, 100)},
                optional={"kinds": st.lists(st.sampled_from(list(NAMED)), unique=True)},
            )
        )
    if kind in BY_PEOPLE:
        question["roles"] = draw(st.lists(LINES, max_size=2, unique=True))
        question["by_name"] = kind == "signature" or draw(st.booleans())
    if kind in NUMBERS:
        limits = sorted(
            draw(st.lists(st.integers(-99, 99) | st.floats(-9, 9, width=16), min_size=2, max_size=2))
        )
        question["at_least"], question["at_most"] = (draw(st.none() | st.just(one)) for one in limits)
    return question


@st.composite
def choices_called(draw, code):
    label = draw(LINES | st.just(code.title()))
    return {
        "key": code,
        "label": label,
        "hint": draw(st.just("") | LINES),
        "points": draw(st.none() | st.integers(0, 5)),
    }


@st.composite
def conditions(draw, questions, depth=2):
    if depth and draw(st.integers(0, 2)) == 0:
        inner = conditions(questions, depth - 1)
        joined = draw(st.sampled_from(["all", "any", "not"]))
        return {joined: draw(inner) if joined == "not" else draw(st.lists(inner, min_size=1, max_size=3))}
    question = draw(st.sampled_from(questions))
    codes = [choice["key"] for choice in question.get("choices", [{"key": "yes"}])]
    value = draw(st.sampled_from(codes) | LINES | st.integers(-5, 5) | st.floats(-5, 5, width=16))
    said = draw(
        st.sampled_from(
            [
                {"is": value},
                {"is_not": value},
                {"known": True},
                {"known": False},
                {"at_least": 3},
                {"at_most": 2.5},
            ]
            + [{"one_of": [value, "other"]}, {"one_of": codes}]
        )
    )
    named = draw(
        st.sampled_from([{"answer": question["key"]}] * 5 + [{"fact": "layer"}, {"grade": "overall"}])
    )
    return named | said


@QUICK
@given(forms())
def test_any_form_comes_back_from_an_xlsform_as_it_was(form):
    written = write_xlsform(form, "a-form")

    assert read_xlsform(sheets_of(written.content), "x").form == form


@FEW
@given(forms())
def test_other_tools_take_any_form_as_an_xlsform(form):
    assert convert(xlsform=io.BytesIO(write_xlsform(form, "a-form").content), file_type=".xlsx").xform


@QUICK
@given(forms())
def test_any_form_comes_back_from_fhir_as_it_was_and_is_valid_there(form):
    written = write_questionnaire(form, "a-form")

    assert Questionnaire.model_validate_json(written.content)
    assert read_questionnaire(read_json(written.content), "x").form == form


def read(content, name="file"):
    """Bring these bytes in; a refusal is an answer too."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            return read_form(path, name)
        except Refused as refusal:
            return str(refusal)


HEADS = "Variable / Field Name,Form Name,Field Type,Field Label,Choices\n"


@QUICK
@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(str.encode)
    | st.text(max_size=200).map(lambda text: (HEADS + text).encode())
    | st.binary(max_size=100).map(lambda rest: b"PK\x03\x04" + rest)
)
def test_any_bytes_are_read_or_refused(content):
    assert read(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["choice", "group", "string", "q", "="]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(
            ["linkId", "text", "type", "item", "answerOption", "enableWhen", "question", "operator", "answerCoding", "code"]
            + ["valueCoding", "extension", "url", "valueString", "required", "prefix", "answerValueSet", "answerInteger"]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip


@settings(QUICK, max_examples=80)
@given(JSON, JSON, JSON)
def test_any_questionnaire_is_read_or_refused(items, contained, extension):
    data = {"resourceType": "Questionnaire", "item": [items], "contained": contained, "extension": extension}

    assert read(json.dumps(data).encode())


CELLS = st.sampled_from(
    ["", "text", "begin group", "end group", "select_one a", "integer", "note", "q", "${q} = 'x'", "not(", ". > 1", "{}", '{"key":1}']
    + ['{"when":{"all":[]},"evidence":3,"choices":[1]}', '{"instead":"not seen"}', "a", "yes", "1", "()", "${", "selected(${q}, 'a')"]
) | st.text(CHARACTERS, max_size=8)  # fmt: skip


@settings(QUICK, max_examples=80)
@given(
    st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=8),
    st.lists(st.lists(CELLS, max_size=4), max_size=4),
)
def test_any_rows_are_read_or_refused(rows, choices):
    heads = ["type", "name", "label", "relevant", "constraint", "goldenthread"]
    sheets = {
        "survey": sheet(heads, *rows),
        "choices": sheet(["list_name", "name", "label", "goldenthread"], *choices),
    }
    try:
        draft = read_xlsform(sheets, "A form")
    except Refused as refusal:
        assert str(refusal)
    else:
        assert draft.form.sections
