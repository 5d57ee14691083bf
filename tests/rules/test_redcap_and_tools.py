# ruff: noqa: E501 - tables of cases
"""REDCap data dictionaries, and drafts of audit tools made in Word or Excel."""

import pytest

from goldenthread.rules.conditions import All, Compare, Not
from goldenthread.rules.form_formats.redcap import is_dictionary, read_dictionary
from goldenthread.rules.form_formats.tools import Block, read_tool, rows_of_sheets
from goldenthread.rules.refusal import Refused
from tests.form_rows import reasons, sheet

HEADS = [
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
]


def a_field(name, kind="text", label="Words", **more):
    """A row of a data dictionary; what is not named is empty."""
    told = {"form": "audit", "section": "", "choices": "", "note": "", "checks": "", "low": "", "high": ""}
    told |= {"identifier": "", "logic": "", "required": "", "annotation": ""} | more
    return [
        *(name, told["form"], told["section"], kind, label, told["choices"], told["note"], told["checks"]),
        *(told["low"], told["high"], told["identifier"], told["logic"], told["required"]),
        *("", "", "", "", told["annotation"]),
    ]


def brought_in(*rows):
    return read_dictionary(sheet(HEADS, *rows), "A dictionary")


def test_a_dictionary_is_known_by_its_heads_alone():
    assert is_dictionary(sheet(HEADS))
    assert not is_dictionary(sheet(["Case reference", "Team"]))
    assert not is_dictionary([])


@pytest.mark.parametrize(
    ("row", "becomes"),
    [
        (a_field("q"), "text"),
        (a_field("q", "notes"), "long text"),
        (a_field("q", "descriptive"), "note"),
        (a_field("q", checks="integer"), "whole number"),
        (a_field("q", checks="number_2dp"), "number"),
        (a_field("q", checks="date_dmy"), "date"),
        (a_field("q", "file"), "file"),
        (a_field("q", "file", checks="signature"), "signature"),
        (a_field("q", "slider"), "whole number"),
        (a_field("q", "yesno"), "one of"),
        (a_field("q", "radio", choices="1, Met | 2, Not met"), "one of"),
        (a_field("q", "checkbox", choices="a, One | b, Two, or more"), "several of"),
    ],
)
def test_each_type_has_its_own(row, becomes):
    assert next(brought_in(row).form.questions()).type == becomes


def test_codes_labels_notes_and_limits_are_kept():
    draft = brought_in(
        a_field(
            "a", "checkbox", "<b>Which?</b>", choices="01, One | x_2, Two, or more", note="Look", required="y"
        ),
        a_field("b", checks="integer", low="0", high="10"),
        a_field("c", "yesno"),
    )

    a, b, c = draft.form.questions()
    assert (a.text, a.guidance, a.required) == ("Which?", "Look", True)
    assert [(one.key, one.label) for one in a.choices] == [("01", "One"), ("x_2", "Two, or more")]
    assert (b.at_least, b.at_most, b.required) == (0, 10, False)
    assert [one.key for one in c.choices] == ["1", "0"]


def test_sections_begin_with_headers_and_with_the_dictionarys_forms():
    draft = brought_in(
        a_field("a"), a_field("b", section="Visits"), a_field("c"), a_field("d", form="second_part"), a_field("e", form="second_part")
    )  # fmt: skip

    assert [(one.title, [q.key for q in one.questions]) for one in draft.form.sections] == [
        ("Audit", ["a"]),
        ("Visits", ["b", "c"]),
        ("Second part", ["d", "e"]),
    ]
    assert (draft.counts.sections, draft.counts.items) == (3, 5)


@pytest.mark.parametrize(
    ("logic", "means"),
    [
        ("[seen] = '1'", Compare(answer="seen", **{"is": "1"})),
        ('[seen] <> "1"', Compare(answer="seen", is_not="1")),
        ("[how(b)] = '1'", Compare(answer="how", **{"is": "b"})),
        ("[how(b)] = '0'", Not(not_=Compare(answer="how", **{"is": "b"}))),
        ("[age] >= 18 and [seen]=1", All(all=(Compare(answer="age", at_least=18), Compare(answer="seen", **{"is": 1})))),
        ("[age] <> ''", Compare(answer="age", known=True)),
    ],
)  # fmt: skip
def test_branching_logic_is_said_in_the_frameworks_own_words(logic, means):
    draft = brought_in(
        a_field("seen", "yesno"),
        a_field("how", "checkbox", choices="a, A | b, B"),
        a_field("age", checks="integer"),
        a_field("q", logic=logic),
    )

    assert draft.form.question("q").when == means
    assert draft.counts.conditions == 1


@pytest.mark.parametrize(
    "logic", ["datediff([a],'today','d')>3", "[event][seen]='1'", "[missing]='1'", "[seen]='7'"]
)
def test_logic_that_cannot_be_said_is_listed(logic):
    draft = brought_in(a_field("seen", "yesno"), a_field("q", logic=logic))

    assert draft.form.question("q").when is None
    assert "row 3 (q), branching logic" in reasons(draft)
    assert f"Not applied: {logic}" in reasons(draft)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (
            a_field("q", "calc", choices="[a]+1"),
            "The form reckons it; nobody is asked. Not applied: Words; [a]+1",
        ),
        (a_field("q", checks="email"), "a line of text, which is not checked. Not applied: email"),
        (a_field("q", identifier="y"), "“identifier?” is not applied. Not applied: y"),
        (a_field("q", annotation="@HIDDEN"), "“field annotation” is not applied. Not applied: @HIDDEN"),
        (a_field("q", "radio", choices="1, Only"), "There are not two choices here"),
    ],
)
def test_what_has_no_place_is_listed_with_its_row(row, says):
    draft = brought_in(a_field("first"), row)

    assert f"row 3 (q): {says}" in reasons(draft) or says in reasons(draft)


def test_a_dictionary_without_labels_is_refused():
    with pytest.raises(Refused, match="nothing in the column “Field Label”"):
        brought_in(a_field("q", label=""))


# --- audit tools


def paragraphs(*texts):
    """Paragraphs of a document; a text that begins with # is a heading."""
    return [
        Block(f"paragraph {number}", (text.lstrip("# "),), text.startswith("#"))
        for number, text in enumerate(texts, 1)
    ]


def table(*rows, number=1):
    return [Block(f"table {number}, row {place}", row, table=number) for place, row in enumerate(rows, 1)]


def draft_of(*blocks):
    return read_tool(blocks, "A tool", "word")


def test_headings_become_sections_and_lines_that_ask_become_questions():
    draft = draft_of(
        *paragraphs(
            "# Case file audit",
            "# Voice",
            "Is the child's view recorded? Yes / No / N/A",
            "2. Views shaped the plan, and this can be seen",
            "# Planning",
            "What was the date of the last plan?",
        )
    )

    assert draft.title == "Case file audit"
    assert [(one.title, [q.type for q in one.questions]) for one in draft.form.sections] == [
        ("Voice", ["yes or no", "long text"]),
        ("Planning", ["long text"]),
    ]
    first, second, _ = draft.form.questions()
    assert (first.text, first.instead) == ("Is the child's view recorded?", ("not applicable",))
    assert second.text == "Views shaped the plan, and this can be seen"


def test_the_columns_of_a_table_become_the_choices_of_its_rows():
    draft = draft_of(
        *paragraphs("# Standards"),
        *table(
            ("Ref", "Standard", "Met", "Partly met", "Not met", "N/A", "Evidence"),
            ("1.1", "The plan is up to date", "", "", "", "", ""),
            ("1.2", "The person was seen", "", "", "", "", ""),
        ),
    )

    plan, seen = draft.form.questions()
    assert [one.label for one in plan.choices] == ["Met", "Partly met", "Not met"]
    assert (seen.text, seen.instead, seen.evidence) == ("The person was seen", ("not applicable",), "always")


def test_boxes_to_tick_become_choices():
    draft = draft_of(
        *paragraphs("Overall judgement of the file ☐ Good ☐ Inadequate", "Was it good? ☐ Yes ☐ No")
    )

    assert [one.type for one in draft.form.questions()] == ["yes or no"]
    assert "paragraph 1: This is neither a heading nor a question." in reasons(draft)


def test_whatever_is_not_recognised_is_listed_and_the_form_is_called_a_draft():
    draft = draft_of(
        *paragraphs("Complete one for each worker.", "# Basics", "Is it signed?", "Signature of the auditor")
    )

    assert "the whole form: A draft made from the layout of a document" in reasons(draft)
    assert "Not applied: Complete one for each worker." in reasons(draft)
    assert "Not applied: Signature of the auditor" in reasons(draft)


def test_each_sheet_of_a_workbook_is_gone_through():
    sheets = {
        "Audit": sheet(["Question", "Yes", "No"], ["Assessment"], ["Is it signed?"]),
        "Lists": sheet(["Something else"]),
    }
    draft = read_tool(rows_of_sheets(sheets), "A tool", "excel")

    question = next(draft.form.questions())
    assert (question.text, question.type) == ("Is it signed?", "yes or no")
    assert [one.title for one in draft.form.sections] == ["Assessment"]
    assert "sheet “Lists”" in reasons(draft)


def test_a_document_that_asks_nothing_is_refused():
    with pytest.raises(Refused, match="nothing to ask"):
        draft_of(*paragraphs("# Minutes", "Those present agreed."))
