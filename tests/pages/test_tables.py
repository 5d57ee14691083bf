"""Tables and lists as everybody meets them: their days, what an empty one says, and where they belong."""

import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from goldenthread.people.models import Leave
from goldenthread.web.frameworks.editor.words import saying
from goldenthread.web.frameworks.shipped import shipped, titles
from goldenthread.web.navigation import MY_LISTS
from goldenthread.web.tables import link_words
from goldenthread.web.tasks.rows import leave_of_all
from goldenthread.web.templatetags.words import grouped
from tests.make import make_council

TABLE = {"caption": "Training", "head": ("Course", "Until"), "empty": "No training is known."}


@pytest.mark.parametrize(
    ("cell", "is_a_day"),
    [
        ("1 January 2020", True),
        ("27 November 2026, 19:24:18", True),
        ("Friday 27 November 2026", True),
        ({"text": "27 November 2026", "url": "/"}, True),
        ("12", False),
        ({"text": "12", "numeric": True}, False),
        ("2 open cases", False),
        ("2026-11/001", False),
        ("", False),
        (None, False),
    ],
)
def test_a_cell_that_begins_with_a_day_keeps_day_and_month_on_one_line(cell, is_a_day):
    page = render_to_string("components/table.html", {**TABLE, "rows": [["A course", cell]]})

    assert ("gt-day" in page) is is_a_day


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("Tom & Ann <b>", '<td class="govuk-table__cell">Tom &amp; Ann &lt;b&gt;</td>'),
        (0, '<td class="govuk-table__cell">0</td>'),
        (None, '<td class="govuk-table__cell">None</td>'),
        ({"text": 0, "numeric": True}, '<td class="govuk-table__cell govuk-table__cell--numeric">0</td>'),
        ({"text": ""}, '<td class="govuk-table__cell"></td>'),
        (
            {"text": "A-1", "url": '/a/?b=1&c="', "unbroken": True},
            '<td class="govuk-table__cell"><a class="govuk-link gt-unbroken"'
            ' href="/a/?b=1&amp;c=&quot;">A-1</a></td>',
        ),
        (
            {"text": "late", "tag": "red", "hint": "1 < 2"},
            '<td class="govuk-table__cell"><strong class="govuk-tag govuk-tag--red">late</strong>'
            '<span class="gt-cell-hint">1 &lt; 2</span></td>',
        ),
        (
            {"text": "2026-11/001", "unbroken": True},
            '<td class="govuk-table__cell"><span class="gt-unbroken">2026-11/001</span></td>',
        ),
    ],
)
def test_a_cell_shows_its_words_as_they_are_and_never_as_markup(cell, shown):
    page = render_to_string(
        "components/table.html", {**TABLE, "rows": [["A <course>", cell]], "row_heads": 1}
    )

    assert f'<th scope="row" class="govuk-table__header">A &lt;course&gt;</th>{shown}</tr>' in page


def test_an_empty_table_keeps_its_heading():
    page = render_to_string("components/table.html", {**TABLE, "rows": []})

    assert '<h2 class="govuk-heading-m">Training</h2>' in page
    assert "No training is known." in page


def test_an_empty_table_whose_page_says_what_it_is_adds_no_heading():
    page = render_to_string("components/table.html", {**TABLE, "rows": [], "hide_caption": True})

    assert "<h2" not in page


@pytest.mark.parametrize(
    ("last", "words"), [(4, "4 December 2026"), (8, "4 December 2026 to 8 December 2026")]
)
@pytest.mark.django_db
def test_leave_of_one_day_is_one_day(last, words):
    one = Leave(
        person=make_council().theo, starts_on=date(2026, 12, 4), ends_on=date(2026, 12, last), deputy=None
    )

    assert leave_of_all([one]).rows[0][1] == words


@pytest.mark.parametrize("path", ["/actions/", "/alerts/", "/disputes/", "/late-work/"])
@pytest.mark.django_db
def test_a_list_of_my_tasks_keeps_the_other_lists_in_reach(client, path):
    client.force_login(make_council().theo)

    page = client.get(path).text

    assert path in MY_LISTS
    assert f'href="{path}" aria-current="page"' in page
    assert 'href="/tasks/">To do' in page


def test_a_shipped_framework_is_offered_by_its_title():
    found = titles()

    assert list(found) == shipped()
    assert found["childrens-services"] == "Children's services case audits"
    assert all(title and title not in shipped() for title in found.values())


@pytest.mark.parametrize(("value", "words"), [(0, "0"), (999, "999"), (17741, "17,741")])
def test_a_long_number_is_grouped(value, words):
    assert grouped(value) == words


def test_what_only_a_script_can_do_is_hidden_by_the_style_sheet_of_every_page():
    """A button that copies a note stands on pages of audits, of alerts and of what follows."""
    rules = Path(finders.find("goldenthread.css")).read_text(encoding="utf-8")

    assert re.search(r"^\.gt-script \{\s+display: none;", rules, re.MULTILINE)
    assert re.search(r"^\.js-enabled \.gt-script \{\s+display: inline-block;", rules, re.MULTILINE)


def test_a_part_of_a_draft_says_yes_and_no():
    assert saying({"raised by": ["practitioner"], "evidence": True, "holds": False}) == (
        "raised by: practitioner; evidence: yes; holds: no"
    )


@pytest.mark.parametrize(
    "cell", ["43 of 45 (96%; 95% interval 85% to 99%)", {"text": "3 of 3, too few for a percentage"}]
)
def test_a_share_with_its_interval_keeps_its_cell_wide(cell):
    table = render_to_string(
        "components/table.html", {"caption": "On time", "head": ["Share"], "rows": [[cell]]}
    )

    assert "gt-share" in table


def test_no_class_of_the_pages_about_an_audit_means_something_else_on_every_page():
    """Both sheets are read there: the second would change the look of what the first describes."""
    everywhere, of_audits = (
        set(
            re.findall(r"^\.([\w-]+) \{", Path(finders.find(sheet)).read_text(encoding="utf-8"), re.MULTILINE)
        )
        for sheet in ("goldenthread.css", "audits.css")
    )

    assert everywhere & of_audits == set()


def test_a_chart_says_what_it_shows_before_it_is_looked_at():
    block = {"kind": "chart", "title": "Re-audit: grades of record", "drawings": ["<svg></svg>"]}

    figure = render_to_string("reporting/_block.html", {"block": block})

    assert 0 < figure.index(">Re-audit: grades of record<") < figure.index("<svg>")


def test_a_link_in_a_row_says_what_it_is_about_to_those_alone_who_do_not_see_the_row():
    cell = {"text": link_words("Rename", "Ada’s <laptop>"), "url": "/there/"}

    shown = render_to_string("components/table.html", {"caption": "C", "head": ["H"], "rows": [[cell]]})

    assert '>Rename<span class="govuk-visually-hidden"> Ada’s &lt;laptop&gt;</span></a>' in shown


def test_the_audits_behind_a_figure_keep_their_number_and_their_day_together():
    audit = SimpleNamespace(
        pk=1, number="2026-11/001", unit="North", auditor="Ada", finished_at=date(2026, 11, 2)
    )

    page = render_to_string("reporting/_audits.html", {"audits": [audit], "openable": []})

    assert '<span class="gt-unbroken">2026-11/001</span>' in page
    assert '<td class="govuk-table__cell gt-day">2 November 2026</td>' in page
