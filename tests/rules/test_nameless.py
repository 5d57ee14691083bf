"""Names go out of a text, whole and in part, and a role's word stands in their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.rules.nameless import naming, put_words_for

PEOPLE = {"Priya Patel": "practitioner", "Theo O'Neil": "team manager", "Dr Ada Good": "auditor"}
names = st.text("abcdefgxyzéß", min_size=2, max_size=8).map(str.capitalize)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Priya Patel listened.", "The practitioner listened."),
        ("It is clear that Priya listened.", "It is clear that the practitioner listened."),
        ("PRIYA  PATEL'S visit", "The practitioner'S visit"),
        ("Patel's notes. Theo's too.", "The practitioner's notes. The team manager's too."),
        ("Asked by Theo O'Neil, who agreed", "Asked by the team manager, who agreed"),
        ("priya is spelt small, so it may be a word", "priya is spelt small, so it may be a word"),
        ("Priyanka is somebody else", "Priyanka is somebody else"),
        ("a good plan; Dr Ada Good saw it", "a good plan; the auditor saw it"),
        ("The Dr came", "The Dr came"),
        ("", ""),
    ],
)
def test_a_word_stands_where_a_name_stood(text, said):
    assert put_words_for(text, PEOPLE) == said


def test_a_name_that_two_share_is_nobodys():
    two = {"Sam Ward": "practitioner", "Sam Field": "auditor"}

    assert put_words_for("we saw Sam", two) == "we saw the colleague"
    assert put_words_for("we saw Sam Field", two) == "we saw the auditor"


def test_nothing_changes_where_nobody_is_known():
    assert put_words_for("Priya", {}) == "Priya"


@given(first=names, last=names, before=st.text(max_size=20), after=st.text(max_size=20))
def test_no_whole_name_is_left_however_it_is_written(first, last, before, after):
    name = f"{first} {last}"
    for written in (name, name.upper(), name.lower(), f"{first}\n{last}"):
        said = put_words_for(f"{before} {written} {after}", {name: "practitioner"})

        assert name.casefold() not in " ".join(said.split()).casefold().replace("the practitioner", "…")


def test_values_that_name_somebody_are_found_in_any_letters_and_order():
    values = {"Patel, Priya", "THEO O'NEIL (agency)", "Priya", "Good", "green", "Green Team", "Grün"}

    assert naming(values, [*PEOPLE, "Green", "Dr", " "]) == {"Patel, Priya", "THEO O'NEIL (agency)", "green"}
