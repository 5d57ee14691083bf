"""The command that brings a form in: what it prints and writes, and what it refuses."""

import csv
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command
from docx import Document

from goldenthread.rules.documents import read_document
from goldenthread.rules.forms import Form
from tests.rules.test_redcap_and_tools import HEADS, a_field
from tests.workbooks import Formula, make_workbook

SURVEY = ["type", "name", "label", "required", "relevant"]


def xlsform(folder, *rows, **more):
    sheets = {
        "survey": [SURVEY, *rows],
        "choices": [["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"]],
    }
    return make_workbook(folder / "form.xlsx", sheets | more)


def told(path, capsys, **options):
    """What the command says of a file, as data."""
    call_command("import_form", str(path), "--json", **options)
    return json.loads(capsys.readouterr().out)


def test_an_xlsform_is_counted_and_what_is_not_applied_has_its_place_and_reason(tmp_path, capsys):
    path = xlsform(
        tmp_path,
        ["begin group", "visits", "Visits", None, None],
        ["select_one yn", "seen", "Was the child seen?", "yes", None],
        ["text", "why", "Why not?", None, "${seen} = 'no'"],
        ["geopoint", "where", "Where?", None, None],
        ["end group", None, None, None, None],
    )

    said = told(path, capsys)

    assert list(said) == [
        "format",
        "key",
        "title",
        "sections",
        "items",
        "questions",
        "required",
        "conditions",
        "unsupported",
    ]
    assert [said[name] for name in list(said)[:8]] == ["xlsform", "form", "form", 1, 4, 3, 1, 1]
    assert said["unsupported"] == [
        {
            "place": "survey, row 5 (where)",
            "reason": "A place on the map is asked as a line of text.",
            "text": "geopoint",
        }
    ]


def test_the_kind_of_a_file_is_seen_by_what_it_holds_and_not_by_its_name(tmp_path, capsys):
    item = {"linkId": "q", "text": "Words", "type": "string"}
    fhir = tmp_path / "a.xlsx"
    fhir.write_text(json.dumps({"resourceType": "Questionnaire", "item": [item]}), encoding="utf-8-sig")
    redcap = tmp_path / "b.json"
    with redcap.open("w", newline="") as file:
        csv.writer(file).writerows([HEADS, a_field("q")])
    word = tmp_path / "c.csv"
    document = Document()
    document.add_heading("Basics", 1)
    document.add_paragraph("Is there a plan on file?")
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(table.rows[0].cells, ["Standard", "Met", "Not met"], strict=True):
        cell.text = text
    table.rows[1].cells[0].text = "The plan is current"
    document.save(word)
    excel = make_workbook(
        tmp_path / "d.docx", {"Tool": [["Question", "Yes", "No"], ["Is it signed?", None, None]]}
    )

    assert [told(path, capsys)["format"] for path in (fhir, redcap, word, excel)] == [
        "fhir",
        "redcap",
        "word",
        "excel",
    ]
    assert told(word, capsys)["questions"] == 2


def test_the_form_is_written_as_part_of_a_pack_with_what_is_not_applied_above_it(tmp_path, capsys):
    path = xlsform(tmp_path, ["integer", "age", "Age"], ["time", "at", "At what time?\n\t# not a comment"])

    call_command("import_form", str(path), "--out", str(tmp_path / "form.yaml"))

    written = (tmp_path / "form.yaml").read_text()
    form = Form.model_validate(read_document(written).data["forms"]["form"])
    assert [one.type for one in form.questions()] == ["whole number", "text"]
    assert "# survey, row 3 (at): A time of day is asked as a line of text. Not applied: time\n" in written
    assert "questions: 2" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b"Dear colleague,\nplease find attached", "This is no form that Golden Thread knows."),
        (
            b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            "XML and web pages are not read as forms.",
        ),
        (b"PK\x03\x04 and nothing else", "The archive is damaged"),
        (b"\xd0\xcf\x11\xe0 an old one", "has a password or an old format"),
        (b'{"resourceType": "Bundle"}', "is a FHIR Bundle and not a FHIR Questionnaire"),
        (b"[" * 200_000, "deeper|cannot be read"),
        (b"x" * 20_000_001, "is larger than 20 MB"),
    ],
)
def test_what_is_no_form_is_refused_in_one_sentence(tmp_path, content, says):
    path = tmp_path / "file"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=says):
        call_command("import_form", str(path))


def test_a_column_twice_a_doubtful_day_and_an_empty_formula_are_refused_by_their_place(tmp_path):
    twice = make_workbook(tmp_path / "a.xlsx", {"survey": [["type", "label", "label"], ["text", "a", "b"]]})
    formula = make_workbook(tmp_path / "b.xlsx", {"survey": [["type", "name"], ["text", Formula("=A1")]]})

    with pytest.raises(CommandError, match="has the column “label” twice"):
        call_command("import_form", str(twice))
    with pytest.raises(CommandError, match="The cell B2 of the sheet “survey” holds a formula"):
        call_command("import_form", str(formula))


def bomb(path, part, filler=b" " * 1_000_000):
    """An archive with a part that expands to far more than it should."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, filler * 60)
    return path


@pytest.mark.parametrize("part", ["word/document.xml", "xl/workbook.xml"])
def test_an_archive_made_to_burst_is_not_opened(tmp_path, part):
    with pytest.raises(CommandError, match="was not opened"):
        call_command("import_form", str(bomb(tmp_path / "bomb", part)))


@pytest.mark.parametrize(
    "xml",
    [
        "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
        "<a>" * 50_000,
        "<a/>",
        "not XML",
    ],
)
def test_a_hostile_word_document_is_refused_in_a_sentence(tmp_path, xml):
    path = tmp_path / "tool.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", xml)

    with pytest.raises(CommandError, match="could not be read|was not opened"):
        call_command("import_form", str(path))


def test_nothing_outside_a_word_document_is_asked_for(tmp_path, capsys):
    document = Document()
    document.add_paragraph("Is there a plan on file?")
    document.part.relate_to("http://192.0.2.1/x", "http://example.org/image", is_external=True)
    document.save(tmp_path / "tool.docx")

    assert told(tmp_path / "tool.docx", capsys)["questions"] == 1


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_form", str(tmp_path / "none"))


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.mark.parametrize("parts", [("sdt", "sdtContent"), ("tbl", "tr", "tc")])
def test_a_word_document_nested_beyond_any_sense_is_refused_at_once(tmp_path, parts):
    opening = "".join(f"<w:{part}>" for part in parts) * 2000
    closing = "".join(f"</w:{part}>" for part in reversed(parts)) * 2000
    path = tmp_path / "tool.docx"
    with zipfile.ZipFile(path, "w") as archive:
        body = f"<w:body>{opening}<w:p/>{closing}</w:body>"
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{W}">{body}</w:document>')

    with pytest.raises(CommandError, match="deeper within each other"):
        call_command("import_form", str(path))
