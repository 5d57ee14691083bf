"""What stands beside a question: facts of a day in words, and never anything that decides."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from goldenthread.rules.answering import fault_of
from goldenthread.rules.beside import Beside, prompt
from goldenthread.rules.checks_of_conditions import facts_named
from goldenthread.rules.conditions import Known
from goldenthread.rules.documents import write_document
from goldenthread.rules.forms import Given, missing
from goldenthread.rules.reading import faults, read_pack
from tests.rich_pack import RICH, RICH_DOCUMENT

ON = date(2026, 11, 2)
ANSWERS = st.dictionaries(
    st.sampled_from(["recorded", "how many", "since", "own words"]),
    st.builds(Given, st.sampled_from(["", "yes", "no", "3", "2026-10-01", "Some words of my own here"])),
)


@pytest.mark.parametrize(
    ("said", "facts", "words"),
    [
        ({"fact": "legal status"}, {"legal status": "section 20"}, "section 20"),
        ({"fact": "opened"}, {"opened": date(2026, 3, 1)}, "1 March 2026"),
        ({"fact": "legal status"}, {}, "not in the extract"),
        ({"fact": "legal status"}, {"legal status": ""}, "not in the extract"),
        ({"since": "last note"}, {}, "not in the extract"),
        ({"since": "last note"}, {"last note": date(2026, 11, 1)}, "1 day, since 1 November 2026"),
        ({"since": "last note"}, {"last note": ON}, "0 days, since 2 November 2026"),
        ({"since": "last note"}, {"last note": date(2026, 9, 29)}, "34 days, since 29 September 2026"),
        ({"since": "last note"}, {"last note": date(2026, 11, 3)}, "1 day to come, on 3 November 2026"),
        (
            {"since": "last note"},
            {"last note": "soon"},
            "cannot be counted: the extract has “soon”, which is not a date",
        ),  # fmt: skip # noqa: E501
    ],
)
def test_a_fact_is_shown_in_words_and_days_are_counted_from_it(said, facts, words):
    shown = prompt(Beside.model_validate({"label": "Shown"} | said), facts, ON)

    assert (shown.label, shown.words) == ("Shown", words)


@given(days=st.integers(0, 5000), later=st.integers(0, 400))
def test_each_day_that_passes_adds_one(days, later):
    asked = Beside(label="Shown", since="seen")

    def counted(on):
        return int(prompt(asked, {"seen": ON - timedelta(days=days)}, on).words.split()[0])

    assert counted(ON + timedelta(days=later)) - counted(ON) == later


@pytest.mark.parametrize("said", [{}, {"fact": "opened", "since": "opened"}])
def test_exactly_one_thing_is_shown(said):
    with pytest.raises(ValidationError, match="exactly one of fact or since"):
        Beside.model_validate({"label": "Shown"} | said)


@given(
    answers=ANSWERS, facts=st.dictionaries(st.sampled_from(["legal status", "opened"]), st.text(max_size=5))
)
def test_it_never_decides_what_is_asked_taken_or_missing(answers, facts):
    form = read_pack(RICH_DOCUMENT).forms["look"]
    bare = form.model_copy(
        update={
            "sections": tuple(
                section.model_copy(
                    update={
                        "questions": tuple(one.model_copy(update={"beside": ()}) for one in section.questions)
                    }
                )
                for section in form.sections
            )
        }
    )
    known = Known(ON, facts, {key: one.value for key, one in answers.items()})

    said = [[sentence for *_, sentence in missing(one, answers, known)] for one in (form, bare)]
    assert said[0] == said[1]
    for one, other in zip(form.questions(), bare.questions(), strict=True):
        answer = answers.get(one.key, Given())
        assert fault_of(one, answer) == fault_of(other, answer)


@pytest.mark.parametrize(
    ("said", "where", "sentence"),
    [
        ({"fact": "legal statuss"}, "fact", "did you mean “legal status”?"),
        ({"fact": "practitioner"}, "fact", "There is no fact of the case “practitioner”"),
        ({"fact": "critical missed"}, "fact", "There is no fact of the case “critical missed”"),
        ({"since": "status"}, "since", "There is no date of the case “status”"),
    ],
)
def test_what_is_no_fact_of_the_case_is_named_with_its_place(said, where, sentence):
    found = faults(_with({"label": "Shown"} | said))

    assert any(one.where.endswith(f"beside › 1 › {where}") and sentence in one.sentence for one in found), (
        found
    )


def test_what_stands_beside_a_question_uses_its_fact():
    assert not faults(RICH_DOCUMENT)
    assert "legal status" in set(facts_named(read_pack(RICH_DOCUMENT)))


def _with(said):
    sections = [dict(one) for one in RICH["forms"]["look"]["sections"]]
    sections[0]["questions"] = [
        one | ({"beside": [said]} if one["key"] == "since" else {}) for one in sections[0]["questions"]
    ]
    look = RICH["forms"]["look"] | {"sections": sections}
    return write_document(RICH | {"forms": RICH["forms"] | {"look": look}})
