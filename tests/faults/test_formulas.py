"""Words that would be a formula in a spreadsheet program stay words in whatever is exported."""

import csv
import io
import re
import zipfile

import pytest

from goldenthread.programmes.operations.draws import freeze_frame
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.reporting.workbooks import Sheet, Workbook, xlsx_of
from goldenthread.rules import draws
from goldenthread.rules.form_formats.xlsform_out import write_xlsform
from goldenthread.rules.reading import read_pack
from tests.make import (
    PACK,
    make_council,
    make_cycle,
    make_person,
    make_subject,
    make_unit,
    moment,
    publish_pack,
)

LEADS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠")
BODIES = ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x","y")', "SUM(A1:A9)")
PAYLOADS = [lead + body for lead in LEADS for body in BODIES]
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def parts_of(content):
    """The parts of a workbook that hold cells and texts."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def test_a_workbook_holds_no_formula():
    sheet = Sheet("Words", ("=Head", "Word"), [(payload, payload) for payload in PAYLOADS])

    content = parts_of(xlsx_of(Workbook("=Title", [("=About", "=1+1")], [sheet]), at=moment()))

    assert not re.search(r"<f[ >/]", content)
    assert content.count("HYPERLINK(") >= 1, "the words are there"


def test_a_form_for_survey_tools_holds_no_formula():
    form = next(iter(read_pack(PACK.read_text()).forms.values()))
    section = form.sections[0]
    asked = [section.questions[0].model_copy(update={"text": payload}) for payload in PAYLOADS]
    form = form.model_copy(update={"sections": (section.model_copy(update={"questions": tuple(asked)}),)})

    content = parts_of(write_xlsform(form, "=key").content)

    assert not re.search(r"<f[ >/]", content)
    assert "HYPERLINK(" in content


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_frame_of_a_draw_holds_no_formula(payload):
    content = draws.frame_csv([draws.Case("k1", draws.inert(payload), "", draws.inert(payload), True)])

    assert live_cells(content) == []
    assert draws.read_frame(content)[0].team == f"'{payload}", "nothing of the name is lost"


@pytest.mark.django_db
def test_a_team_that_an_extract_named_like_a_formula_is_none_in_the_frames():
    council = make_council()
    publish_pack()
    for name in ("=1+1", "@SUM(A1)"):
        team = make_unit(name, under=council.service)
        make_subject(f"C-{name}", unit=team, practitioner=make_person(f"Worker {name}"))

    cycle = make_cycle("2027-01")
    place_reaudits(cycle, by=council.quinn, at=moment())

    drawn = freeze_frame(cycle, "audit", by=council.quinn, at=moment())
    moderated = [draws.Case("2026-11/001", "finished", "", draws.inert("=1+1"), True)]

    assert live_cells(bytes(drawn.frame)) == []
    assert b"'=1+1" in bytes(drawn.frame)
    assert live_cells(draws.frame_csv(moderated)) == []


def live_cells(content):
    """The cells that a spreadsheet program could take for a formula."""
    rows = csv.reader(io.StringIO(content.decode(), newline=""))
    return [cell for row in rows for cell in row if cell.startswith(LIVE)]
