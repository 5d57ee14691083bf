"""XLSForms: what each construct becomes, and what is said of those that have no place in a form."""

import io

import pytest
from pyxform.xls2xform import convert

from goldenthread.rules.conditions import All, Any_, Compare, Not
from goldenthread.rules.form_formats.xlsform import read_xlsform
from goldenthread.rules.form_formats.xlsform_out import write_xlsform
from goldenthread.rules.forms import Form
from goldenthread.rules.reading import read_pack
from goldenthread.rules.refusal import Refused
from tests.form_rows import brought_in, reasons, sheet, sheets_of, survey
from tests.make import PACK

YES_NO = [("yn", "yes", "Yes"), ("yn", "no", "No")]
SEEN = [("seen", "alone", "Seen alone"), ("seen", "with", "With others"), ("seen", "not", "Not seen")]


def only(*rows, **more):
    """The one question of a form."""
    return next(brought_in(*rows, **more).form.questions())


@pytest.mark.parametrize(
    ("kind", "becomes"),
    [
        ("text", "text"),
        ("integer", "whole number"),
        ("int", "whole number"),
        ("decimal", "number"),
        ("date", "date"),
        ("note", "note"),
        ("signature", "signature"),
        ("file", "file"),
        ("image", "file"),
        ("audio", "file"),
        ("select_one yn", "yes or no"),
        ("select one from yn", "yes or no"),
        ("select_one seen", "one of"),
        ("select_multiple seen", "several of"),
        ("select all that apply from yn", "several of"),
    ],
)
def test_each_type_has_its_own(kind, becomes):
    draft = brought_in([kind, "q", "Words"], choices=[*YES_NO, *SEEN])

    assert next(draft.form.questions()).type == becomes
    assert not [one for one in draft.not_applied if one.place.startswith("survey")]


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("time", "A time of day is asked as a line of text."),
        ("dateTime", "A date with a time is asked as a line of text."),
        ("phone number", "A telephone number is asked as a line of text."),
        ("geopoint", "A place on the map is asked as a line of text."),
        ("acknowledge", "A tick is asked as yes or no."),
        ("hologram", "This type is not known; it is asked as text."),
        ("select_one nowhere", "There are not two choices here; it is asked as text."),
        ("video", "takes a recording of a kind that forms do not take."),
        ("calculate", "is reckoned by the form; nobody is asked."),
        ("deviceid", "is filled in by a device; nobody is asked."),
    ],
)
def test_what_has_no_answer_of_its_own_is_said_with_its_row(kind, says):
    draft = brought_in(["text", "first", "First"], [kind, "q", "Words"])

    said = next(one for one in draft.not_applied if says in one.reason)
    assert said.place == "survey, row 3 (q)"
    assert "Words" in said.text or kind in said.text or "nowhere" in said.text


def test_the_words_the_hint_and_the_codes_of_choices_stay_as_they_are():
    question = only(["select_one seen", "was_seen", "Was the child seen?", "Look at visits"], choices=SEEN)

    assert (question.key, question.text, question.guidance) == (
        "was_seen",
        "Was the child seen?",
        "Look at visits",
    )
    assert [(one.key, one.label) for one in question.choices] == [row[1:] for row in SEEN]


@pytest.mark.parametrize(
    ("cell", "required"), [("yes", True), ("TRUE", True), ("true()", True), ("", False), ("no", False)]
)
def test_the_required_mark_is_kept(cell, required):
    assert only(["text", "q", "Words", "", cell]).required is required


def test_required_may_be_a_condition():
    draft = brought_in(["integer", "age", "Age"], ["text", "q", "Words", "", "${age} < 18"])

    wanted = draft.form.question("q").required
    assert wanted == All(
        all=(Compare(answer="age", known=True), Not(not_=Compare(answer="age", at_least=18)))
    )
    assert draft.counts.required == 1


@pytest.mark.parametrize(
    ("kind", "constraint", "limits"),
    [
        ("integer", ". >= 0 and . <= 10", (0, 10)),
        ("integer", ".>0 and .<10", (1, 9)),
        ("decimal", ". <= 4.5", (None, 4.5)),
    ],
)
def test_limits_of_numbers_are_kept(kind, constraint, limits):
    question = only([kind, "q", "Words", "", "", "", constraint])

    assert (question.at_least, question.at_most) == limits


@pytest.mark.parametrize(
    ("kind", "constraint"),
    [
        ("decimal", ". > 0"),
        ("text", ". >= 5"),
        ("integer", "regex(., '[0-9]')"),
        ("integer", ". >= ${other}"),
        ("integer", ". >= 9 and . <= 1"),
        ("integer", ". >= " + "9" * 400),
        ("integer", ". >= 1 or . <= 0"),
    ],
)
def test_any_other_constraint_is_listed_and_not_guessed(kind, constraint):
    draft = brought_in([kind, "q", "Words", "", "", "", constraint])

    question = next(draft.form.questions())
    assert (question.at_least, question.at_most) == (None, None)
    assert f"Not applied: {constraint}" in reasons(draft)


def test_groups_are_sections_in_their_order_and_one_within_another_keeps_its_questions_in_place():
    draft = brought_in(
        ["text", "before", "Before"],
        ["begin group", "outer", "Outer"],
        ["text", "a", "A"],
        ["begin_group", "inner", "Inner", "", "", "${a} = 'x'"],
        ["text", "b", "B"],
        ["end_group", ""],
        ["text", "c", "C"],
        ["end group", ""],
    )

    sections = [(one.title, [q.key for q in one.questions]) for one in draft.form.sections]
    assert sections == [
        ("Questions", ["before"]),
        ("Outer", ["a"]),
        ("Inner", ["b"]),
        ("Outer (continued)", ["c"]),
    ]
    assert draft.form.sections[2].when == Compare(answer="a", **{"is": "x"})
    assert "survey, row 5 (inner): A group within a group" in reasons(draft)
    assert (draft.counts.sections, draft.counts.items, draft.counts.questions) == (3, 6, 4)


def test_a_group_that_holds_only_groups_passes_its_condition_on_and_is_listed():
    draft = brought_in(
        ["text", "a", "A"],
        ["begin group", "outer", "Outer", "", "", "${a} = 'x'"],
        ["begin group", "inner", "Inner"],
        ["text", "b", "B"],
        ["end group"],
        ["end group"],
    )

    assert draft.form.section("inner").when == Compare(answer="a", **{"is": "x"})
    assert draft.form.section("outer") is None
    assert "survey, row 3 (outer): A group that holds only groups is no section" in reasons(draft)


@pytest.mark.parametrize(
    ("count", "rows", "says"),
    [
        ("", (0, 30), ""),
        ("4", (4, 4), ""),
        ("${n}", (0, 30), "The number of rows is not reckoned by the form. Not applied: ${n}"),
        ("1000", (0, 30), "The number of rows is not reckoned by the form. Not applied: 1000"),
    ],
)
def test_a_repeat_becomes_a_section_with_rows(count, rows, says):
    heads = ["type", "name", "label", "repeat_count"]

    draft = brought_in(
        ["begin repeat", "people", "People", count], ["text", "a", "A"], ["end repeat"], heads=heads
    )

    repeats = draft.form.section("people").repeats
    assert (repeats.at_least, repeats.at_most) == rows
    assert (draft.counts.items, draft.counts.sections) == (2, 1)
    assert says in reasons(draft)
    assert bool(says) == bool(draft.not_applied)


def test_rows_within_rows_and_what_asks_for_an_answer_in_a_row_are_listed():
    draft = brought_in(
        ["begin repeat", "people", "People"],
        ["text", "who", "Who?"],
        ["begin repeat", "visits", "Visits"],
        ["text", "when", "When?"],
        ["end repeat"],
        ["end repeat"],
        ["text", "after", "After", "", "", "${who} = 'x'"],
    )

    assert "Rows within rows are not had; it became a section with rows of its own." in reasons(draft)
    assert "It asks for an answer that is given once in each row" in reasons(draft)
    assert draft.form.question("after").when is None


def test_a_condition_inside_a_repeat_sees_its_own_row():
    draft = brought_in(
        ["begin repeat", "people", "People"],
        ["text", "who", "Who?"],
        ["text", "why", "Why?", "", "", "${who} = 'x'"],
        ["end repeat"],
    )

    assert draft.form.question("why").when == Compare(answer="who", **{"is": "x"})
    assert draft.not_applied == ()


def test_or_other_asks_which_after_that_answer():
    draft = brought_in(["select_one seen or_other", "q", "Words"], choices=SEEN)

    first, second = draft.form.questions()
    assert [one.key for one in first.choices] == ["alone", "with", "not", "other"]
    assert (second.key, second.when) == ("q_other", Compare(answer="q", **{"is": "other"}))


def test_the_language_of_the_form_is_taken_and_the_others_are_listed():
    heads = ["type", "name", "label::Welsh (cy)", "label::English (en)"]
    draft = brought_in(
        ["text", "q", "Enw", "Name"], heads=heads, settings={"default_language": "English (en)"}
    )

    assert next(draft.form.questions()).text == "Name"
    assert "“label::Welsh (cy)” is in another language. Not applied: Enw" in reasons(draft)


def test_every_other_cell_is_listed_with_its_column():
    heads = ["type", "name", "label", "default", "calculation", "media::image", "my column"]
    draft = brought_in(["text", "q", "Words", "Bob", "1+1", "a.png", "mine"], heads=heads)

    for said in ("“default” is not applied", "a.png", "mine", "1+1"):
        assert said in reasons(draft)


def test_the_same_name_twice_is_told_apart_and_listed():
    draft = brought_in(["text", "q", "One"], ["text", "q", "Two"])

    assert [one.key for one in draft.form.questions()] == ["q", "q-2"]
    assert "this one became “q-2”" in reasons(draft)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["begin group", "g", "G"], ["text", "q", "Q"]], "“g” begins and does not end"),
        ([["text", "q", "Q"], ["end group"]], "ends here that has not begun"),
        ([["begin group", "g", "G"], ["end group"]], "nothing to ask"),
        ([], "nothing to ask"),
    ],
)
def test_a_survey_that_does_not_hold_together_is_refused(rows, says):
    with pytest.raises(Refused, match=says):
        brought_in(*rows)


def test_a_column_twice_is_refused_by_its_name():
    with pytest.raises(Refused, match="The sheet “survey” has the column “Label” twice"):
        brought_in(["text", "q", "a", "b"], heads=["type", "name", "label", "Label "])


@pytest.mark.parametrize("day", ["1900-01-01", "1900-02-28T12:00:00", "1899-12-31"])
def test_a_day_that_programs_read_differently_is_refused_on_any_sheet(day):
    sheets = survey(["text", "q", "Q"]) | {"log": sheet(["version"], [day])}

    with pytest.raises(Refused, match="The cell A2 of the sheet “log”"):
        brought_in_from(sheets)


def test_a_formula_without_a_value_is_refused_by_its_cell():
    sheets = survey(["text", "q", "Q"])
    sheets["survey"][1][1][2] = None

    with pytest.raises(Refused, match="The cell C2 of the sheet “survey” holds a formula"):
        brought_in_from(sheets)


def brought_in_from(sheets):
    """What these sheets become."""
    return read_xlsform(sheets, "A form")


# --- written out


FORM = Form.model_validate(
    {
        "title": "=Tool",
        "sections": [
            {
                "key": "first part",
                "title": "First part",
                "guidance": "Read this",
                "graded": True,
                "questions": [
                    {"key": "hello", "text": "+ Read ${this} first", "type": "note"},
                    {
                        "key": "was seen",
                        "text": "-Seen?",
                        "type": "yes or no",
                        "evidence": ["no"],
                        "instead": ["not seen"],
                    },
                    {
                        "key": "how",
                        "text": "@How?",
                        "type": "several of",
                        "choices": [
                            {"key": "a b", "label": "=1+1", "points": 2},
                            {"key": "c", "label": "C", "hint": "h"},
                        ],
                        "when": {"answer": "was seen", "is": "yes"},
                        "required": {"answer": "was seen", "is_not": "no"},
                    },
                    {"key": "age", "text": "Age", "type": "whole number", "at_least": 0, "at_most": 120},
                ],
            },
            {
                "key": "how",
                "title": "How",
                "when": {"any": [{"answer": "how", "is": "a b"}, {"fact": "layer", "is": "re-audit"}]},
                "questions": [{"key": "why", "text": "Why?", "type": "long text", "required": False}],
            },
        ],
    }
)


def test_what_is_written_out_is_read_back_as_the_same():
    written = write_xlsform(FORM, "tool")

    assert brought_in_from(sheets_of(written.content)).form == FORM


def test_no_cell_is_a_formula():
    rows = sheets_of(write_xlsform(FORM, "tool").content)
    cells = [cell for sheet_rows in rows.values() for _, cells in sheet_rows for cell in cells]

    assert {"=Tool", "@How?", "-Seen?", "=1+1"} <= set(cells)


def test_other_tools_take_what_is_written_out():
    done = convert(xlsform=io.BytesIO(write_xlsform(FORM, "tool").content), file_type=".xlsx")

    assert "was_seen" in done.xform
    assert done.warnings == []


def test_the_shipped_form_is_taken_by_other_tools_and_read_back_as_the_same():
    form = next(iter(read_pack(PACK.read_text()).forms.values()))

    written = write_xlsform(form, "case-audit")

    assert convert(xlsform=io.BytesIO(written.content), file_type=".xlsx").xform
    assert brought_in_from(sheets_of(written.content)).form == form


def test_what_only_this_program_will_do_is_said():
    said = "\n".join(write_xlsform(FORM, "tool").left_out)

    assert "“-Seen?”: other programs will not know the evidence to give" in said
    assert "“How”: other programs will not know when it is asked" in said


def test_a_change_made_elsewhere_is_stronger_than_what_travelled_beside_it():
    sheets = sheets_of(write_xlsform(FORM, "tool").content)
    heads = sheets["survey"][0][1]
    row = next(cells for _, cells in sheets["survey"] if cells[1] == "how_2" or cells[2] == "How")
    row[heads.index("relevant")] = "${age} >= 18"

    assert brought_in_from(sheets).form.section("how").when == Compare(answer="age", at_least=18)


def test_a_condition_that_other_tools_cannot_say_is_not_half_said():
    sheets = sheets_of(write_xlsform(FORM, "tool").content)
    heads = sheets["survey"][0][1]

    row = next(cells for _, cells in sheets["survey"] if cells[2] == "How")
    assert row[heads.index("relevant")] == ""
    assert isinstance(FORM.section("how").when, Any_)
