"""Word documents element by element: the look is there, words come back, and no document knows another."""

import re
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document

from goldenthread.reporting.word_pages import Page

ODD = ["plain", " spaces around ", "two\nlines", "a\ttab", "<b> & \"quotes\" 'too'", "বাংলা 😀", ""]


def test_every_look_that_is_named_is_one_of_the_documents_own():
    page = Page("A title")
    page.heading("A title", level=0)
    for level in (1, 2, 3):
        page.heading(f"Level {level}", level=level)
    page.bullet("One of a list")
    page.table(["Head"], [[("Cell", False)]])

    read = Document(BytesIO(page.content()))

    names = [paragraph.style.name for paragraph in read.paragraphs]
    assert names == ["Title", "Heading 1", "Heading 2", "Heading 3", "List Bullet"]
    assert read.tables[0].style.name == "Light Grid Accent 1"


def test_a_document_holds_the_looks_that_ours_need_and_nothing_else():
    page = Page("A title")
    page.table(["Head"], [[("Cell", False)]])
    content = page.content()

    with ZipFile(BytesIO(content)) as archive:
        names, styles = archive.namelist(), archive.read("word/styles.xml").decode()
        told = " ".join(archive.read(name).decode() for name in names if name.endswith((".rels", ".xml")))
    read = Document(BytesIO(content))
    ids = {style.style_id for style in read.styles}

    assert not [name for name in names if "thumbnail" in name or "Effects" in name]
    assert "stylesWithEffects" not in told
    assert "thumbnail" not in told
    assert {"Normal", "Title", "Heading1", "ListBullet", "LightGrid-Accent1", "TableNormal"} <= ids
    assert len(ids) < 40
    assert set(re.findall(r'w:(?:basedOn|next|link) w:val="([^"]+)"', styles)) <= ids


@pytest.mark.parametrize("words", ODD)
def test_words_come_back_as_they_were_wherever_they_stand(words):
    page = Page("A title")
    page.paragraph(words)
    page.said("Evidence", words)
    page.table(["Head", words], [[(words, False), (words, True)], [("x", False), ("1", True)]])

    read = Document(BytesIO(page.content()))

    first, second = read.paragraphs
    assert first.text == words
    assert [run.text for run in second.runs] == ["Evidence: ", words][: len(second.runs)]
    assert second.runs[0].bold
    assert all(run._r.xpath("./w:t/@xml:space") for run in first.runs if words.strip(" ") != words)
    rows = [[cell.text for cell in row.cells] for row in read.tables[0].rows]
    assert rows == [["Head", words], [words, words], ["x", "1"]]
    assert "right" in str(read.tables[0].rows[2].cells[1].paragraphs[0].alignment).casefold()
    assert read.tables[0].rows[2].cells[0].paragraphs[0].alignment is None


def test_documents_made_side_by_side_hold_nothing_of_one_another():
    def made(number):
        page = Page(f"Title {number}")
        for line in range(50):
            page.said(f"Name {number}", f"line {line} of {number}")
        return page.content()

    with ThreadPoolExecutor(4) as threads:
        contents = list(threads.map(made, range(8)))

    for number, content in enumerate(contents):
        read = Document(BytesIO(content))
        assert read.core_properties.title == f"Title {number}"
        assert [one.text for one in read.paragraphs] == [
            f"Name {number}: line {line} of {number}" for line in range(50)
        ]
