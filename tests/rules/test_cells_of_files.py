"""What cells of real files hold, and what is made of them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.people.spreadsheets import values


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("31/01/2026", date(2026, 1, 31)),
        ("3/4/2026", date(2026, 4, 3)),
        ("03.04.26", date(2026, 4, 3)),
        ("3-4-2026 00:00", date(2026, 4, 3)),
        ("2026-01-31", date(2026, 1, 31)),
        ("2026-01-31T10:05:00", date(2026, 1, 31)),
        ("2026/1/31", date(2026, 1, 31)),
        ("20260131", date(2026, 1, 31)),
        ("1 Jan 2026", date(2026, 1, 1)),
        ("01-JAN-26", date(2026, 1, 1)),
        ("Monday 2nd March 2026", date(2026, 3, 2)),
        ("29/02/2024", date(2024, 2, 29)),
        ("45688", date(2025, 1, 31)),
        ("45688.5", date(2025, 1, 31)),
        ("5/6/75", date(1975, 6, 5)),
        ("\u00a031/01/2026 ", date(2026, 1, 31)),
    ],
)
def test_a_day_is_read_however_it_is_written(written, day):
    assert values.day(written) == day


@pytest.mark.parametrize(
    "written",
    ["", None, " ", "NULL", "n/a", "#N/A", "-", "00/00/0000", "0", "01/01/1900", "30/12/1899", "1899-12-31"],
)
def test_a_null_date_is_no_date(written):
    assert values.day(written) is None


@pytest.mark.parametrize(
    "written",
    ["31/02/2026", "29/02/2025", "13/13/2026", "soon", "2024", "1/1/3000", "99/99/9999", "32/01/2026"],
)
def test_a_day_that_does_not_exist_is_refused(written):
    with pytest.raises(values.NotADate):
        values.day(written)


def test_a_workbook_may_count_its_days_from_1904():
    assert values.day("44226", epoch_1904=True) == date(2025, 1, 31)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["03/04/2026"], "day first"),
        (["13/04/2026", "03/04/2026"], "day first"),
        (["04/13/2026", "03/04/2026"], "month first"),
        (["04/13/2026", "13/04/2026"], "day first"),
        (["2026-04-13", ""], "day first"),
    ],
)
def test_days_come_first_unless_the_whole_file_proves_otherwise(cells, order):
    dates = values.OrderOfDates()
    for cell in cells:
        dates.see(cell)

    assert dates.order == order
    assert dates.stated()


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("Anna\u00a0Smith ", "Anna Smith"),
        ("  Jo   O’Neil", "Jo O'Neil"),
        ("#N/A", ""),
        ("#REF!", ""),
        ("Unallocated", ""),
        ("not allocated", ""),
        ("NULL", ""),
        ("Anna\u200bSmith", "AnnaSmith"),
    ],
)
def test_a_name_is_cleaned_and_nobody_is_nobody(cell, name):
    assert values.named(cell) == name


@pytest.mark.parametrize(
    ("cell", "label"),
    [
        ("b) Female", "Female"),
        ("Female", "Female"),
        ("1. Male", "Male"),
        ("N1 - Abuse", "N1 - Abuse"),
        ("4.5", "4.5"),
    ],
)
def test_a_code_and_its_label_are_one(cell, label):
    assert values.label(cell) == label


@pytest.mark.parametrize(
    "header", ["Child Unique ID", "ChildUniqueID", " child unique id\u00a0", "Child’s-unique ID"]
)
def test_headers_match_on_letters_and_digits(header):
    assert values.header_key(header).replace("childs", "child") == "childuniqueid"


def test_a_surname_before_a_comma_is_turned_round():
    assert values.name_keys("Smith, Anna") == ["smith, anna", "anna smith"]
    assert values.name_keys("Anna Smith") == ["anna smith"]


@given(st.one_of(st.text(), st.text(" a"), st.text(" #/aNé\t")))
def test_text_without_odd_characters_is_cleaned_as_any_other(text):
    assert values.plain(text) == values.plain(f"\u200b{text}")


def test_a_day_that_was_seen_before_still_counts():
    dates = values.OrderOfDates()
    for cell in ["03/04/2026", "04/13/2026", "03/04/2026", "04/13/2026"]:
        dates.see(cell)

    assert dates.order == "month first"
