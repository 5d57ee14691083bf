"""Files are known by their content, and their names are made harmless."""

import io
import zipfile

import pytest

from goldenthread.rules.attachments import (
    Files,
    attached,
    clean_name,
    fault_of_content,
    fault_of_files,
    fault_of_size,
    file_words,
    kind_of,
)


def office(*parts):
    """An archive with these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "x")
    return content.getvalue()


PDF = b"%PDF-1.7\n1 0 obj"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00"
DOCX = office("word/document.xml")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "PDF"),
        (PNG, "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (DOCX, "Word document"),
        (office("xl/workbook.xml"), "spreadsheet"),
        (office("word/document.xml", "word/vbaProject.bin"), None),
        (office("anything.exe"), None),
        (b"PK\x03\x04 cut short", None),
        (b"MZ\x90\x00\x03", None),
        (b"\x7fELF\x02", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
        (b"GIF89a\x00\x01", None),
        ("Seen on 3 May, café\r\n".encode(), "text"),
        (b"RIFF\x00\x00\x00\x00WAVE", "sound"),
        (b"RIFF\x00\x00\x00\x00AVI ", None),
        (b"\x00\x00\x00\x20ftypM4A ", "sound"),
        (b"\x00\x00\x00\x20ftypisom", None),
        (b"ID3\x04", "sound"),
    ],
)
def test_a_kind_is_known_by_content_and_never_by_name(content, kind):
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    ("name", "content", "kinds", "sentence"),
    [
        ("plan.pdf", PDF, (), None),
        ("PLAN.PDF", PDF, ("PDF",), None),
        ("plan.pdf", DOCX, (), "is not what its name says"),
        ("plan.exe", b"MZ\x90\x00", (), "not of a kind that is taken here"),
        ("plan.pdf", b"MZ\x90\x00", (), "not of a kind that is taken here"),
        ("page.html", b"<script>alert(1)</script>", (), "not of a kind that is taken here"),
        ("picture.svg", b"<svg/>", (), "not of a kind that is taken here"),
        ("plan", PDF, (), "not of a kind that is taken here"),
        ("photo.png", PNG, ("PDF",), "not of a kind that is taken here: PDF files."),
    ],
)
def test_a_file_that_is_not_taken_is_refused_in_a_sentence(name, content, kinds, sentence):
    found = fault_of_content(name, content, Files(kinds=kinds))

    assert found is None if sentence is None else sentence in found


@pytest.mark.parametrize(
    ("size", "sentence"),
    [(0, "is empty"), (1, None), (1024 * 1024, None), (1024 * 1024 + 1, "larger than 1 MB")],
)
def test_a_file_has_a_size_and_keeps_to_it(size, sentence):
    found = fault_of_size("plan.pdf", size, 1)

    assert found is None if sentence is None else sentence in found


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\plan.pdf", "plan.pdf"),
        ("plan\x00\r\n.pdf", "plan.pdf"),
        ("plan\u202efdp.exe", "planfdp.exe"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_name_leads_nowhere_and_hides_nothing(name, clean):
    assert clean_name(name) == clean


def test_an_answer_holds_ids_and_names():
    value = ("a2 plan of May.pdf", "b3 photo.png")

    assert [file.id for file in attached(value)] == ["a2", "b3"]
    assert file_words(value) == "plan of May.pdf, photo.png"
    assert file_words("Removed under retention") == "Removed under retention"


def test_more_files_than_a_question_takes_are_too_many():
    two = ("a2 plan.pdf", "b3 photo.png")

    assert fault_of_files(two, Files(at_most=2)) is None
    assert "1 file at most; these would be 2" in fault_of_files(two, Files(at_most=1))
    assert fault_of_files(("typed",), Files()) == "Choose files to attach."
