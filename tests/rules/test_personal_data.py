"""What in free text looks like an identifier, and what does not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.rules.personal_data import is_nhs_number, seeming_identifiers

ON = date(2026, 11, 27)
NHS, BIRTH, POSTCODE = "an NHS number", "a date of birth", "a postcode"
PHONE, EMAIL = "a phone number", "an e-mail address"

SEEMING = [
    ("Her NHS number is 943 476 5919.", [(NHS, "943 476 5919")]),
    ("9434765919", [(NHS, "9434765919")]),
    ("943-476-5919, again 943-476-5919", [(NHS, "943-476-5919")]),
    ("DOB 03/02/2019", [(BIRTH, "03/02/2019")]),
    ("d.o.b.: 3.2.19", [(BIRTH, "3.2.19")]),
    ("born on 3rd February 2024", [(BIRTH, "3rd February 2024")]),
    ("Mrs A (12/05/1941) was seen", [(BIRTH, "12/05/1941")]),
    ("1941-05-12", [(BIRTH, "1941-05-12")]),
    ("seen 12/05/41", [(BIRTH, "12/05/41")]),
    ("seen 12/05/2016", [(BIRTH, "12/05/2016")]),  # ten years before it is written
    ("lives at SW1A 1AA with", [(POSTCODE, "SW1A 1AA")]),
    ("M11AE", [(POSTCODE, "M11AE")]),
    ("at b33 8th she", [(POSTCODE, "b33 8th")]),
    ("call 020 7946 0018 today", [(PHONE, "020 7946 0018")]),
    ("07700 900123", [(PHONE, "07700 900123")]),
    ("+44 7700 900 123", [(PHONE, "+44 7700 900 123")]),
    ("(0161) 496 0123", [(PHONE, "(0161) 496 0123")]),
    ("write to a.b@example.org.uk.", [(EMAIL, "a.b@example.org.uk")]),
    ("943 476 5900", [(NHS, "943 476 5900")]),  # what checks the others is 0
    ("a@example.org then 943 476 5919", [(EMAIL, "a@example.org"), (NHS, "943 476 5919")]),
]
PLAIN = [
    "",
    "943 476 5918",  # its last digit does not check
    "0000000000",
    "12 9434765919 3".replace(" ", ""),  # part of a longer number
    "Case note of 12/08/2026 at 14:30; review 3 September 2026.",
    "The visit of 31/02/1980",  # no date
    "Planned for 01/01/2031",
    "Known since 12/05/2017",  # nine years before
    "Practitioner grade 2b and form PS1 apply",
    "P0090, CASE-1, step 3 of 4",
    "the b12 4you leaflet",
    "£1,234,567.00 over 10 years",
    "@home first",
]


@pytest.mark.parametrize(("text", "expected"), SEEMING)
def test_what_looks_like_an_identifier_is_named(text, expected):
    assert seeming_identifiers(text, on=ON) == expected


@pytest.mark.parametrize("text", PLAIN)
def test_what_an_audit_says_of_the_work_is_left_alone(text):
    assert seeming_identifiers(text, on=ON) == []


@given(st.integers(min_value=0, max_value=10**9 - 1))
def test_one_last_digit_at_most_checks(number):
    fitting = [last for last in range(10) if is_nhs_number(f"{number:09}{last}")]
    assert len(fitting) <= 1


@given(st.text(max_size=400), st.dates())
def test_any_text_can_be_read_and_what_is_found_stands_in_it(text, on):
    for seeming in seeming_identifiers(text, on=on):
        assert seeming.words in text
        assert seeming.words in seeming.sentence


@pytest.mark.parametrize("text", ["1" * 1_000_000, "a@" * 500_000, "0 " * 500_000, "born " * 200_000])
def test_a_text_of_a_megabyte_is_read_to_its_limit(text):
    assert len(seeming_identifiers(text, on=ON)) < 100_000
