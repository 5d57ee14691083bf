"""What the rules of grading say: each kind alone, in order, and with limits (traps 2, 6, 7 and 16)."""

import copy

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st
from pydantic import ValidationError

from goldenthread.rules.advice import NO_RULE_FITS, advice, look_of, to_grade_first
from goldenthread.rules.conditions import Known
from goldenthread.rules.scales import Scale
from tests.rules.grading_kit import DOMAINS, FORM, FOUR, ON, REVERSED, answers, grading, look

SCORES = {
    "points": {"title": "Points", "kind": "points over applicable maximum", "sections": ["basics"]},
    "exact": {
        "title": "Exact",
        "kind": "points over applicable maximum",
        "sections": ["basics"],
        "rounded": "after bands",
        "decimals": 1,
    },
}
BANDS = {"kind": "bands", "score": "points", "bands": [{"from": 67, "grade": "g"}, {"from": 0, "grade": "r"}]}


def says(rules, grades="", **more):
    """The advice on the whole of these rules."""
    given = grading(*rules, scores=SCORES)
    return advice(given, look(given, grades, **more))


def when(part, grade):
    return {"grade": part, "is": grade}


def test_without_rules_the_grade_is_the_auditors_judgement():
    said = says([])

    assert (said.grade, said.said, said.no_rule_fits) == ("", (), False)
    assert said.remaining == ("o", "g", "r", "i", "none")


def test_a_rule_of_judgement_gives_no_grade_and_no_later_rule_does():
    said = says([{"kind": "judgement"}, {"kind": "suggest", "grade": "g"}])

    assert (said.grade, said.on_record("g"), said.no_rule_fits) == (
        "",
        ("", "1: judgement", "Because of judgement."),
        False,
    )


def test_a_suggestion_is_not_computed_and_another_grade_wants_a_reason():
    said = says([{"kind": "suggest", "grade": "r", "when": when("voice", "i")}], "i")

    assert (said.grade, said.is_computed) == ("r", False)
    assert [one.override for one in said.against("g")] == ["with reason"]
    assert said.against("r") == []
    assert says([{"kind": "suggest", "grade": "r", "when": when("voice", "i")}], "g").grade == ""


@pytest.mark.parametrize(
    ("score", "edge", "text", "grade"),
    [
        ("points", 67, "met met not", "g"),  # 66.666… is rounded to 67 first
        ("exact", 67, "met met not", "r"),  # 66.666… is looked at as it is
        ("exact", 66.6, "met met not", "g"),
        ("exact", 66.7, "met met not", "r"),
        ("points", 66.6, "met met not", "g"),
        ("points", 12.5, "partly not not not", "g"),  # 12.5 is rounded up to 13
        ("exact", 12.5, "partly not not not", "g"),
        ("exact", 12.6, "partly not not not", "r"),
        ("points", 67, "met na na na", "g"),
        ("points", 0, "not", "g"),
    ],
)
def test_bands_have_edges_with_fractions_before_or_after_rounding(score, edge, text, grade):
    bands = [{"from": edge, "grade": "g"}, {"from": -1, "grade": "r"}]

    said = says([{"kind": "bands", "score": score, "bands": bands}], given=answers(text))

    assert (said.grade, said.is_computed) == (grade, True)


def test_the_sentence_of_a_band_says_the_score():
    assert says([BANDS], given=answers("met met not")).on_record("g")[2] == "Because of bands (Points: 67%)."


def test_where_nothing_applied_no_band_fits_and_the_grade_is_left_to_judgement_with_a_reason():
    said = says([BANDS], given=answers("na na"))

    assert (said.grade, said.is_computed, said.no_rule_fits) == ("", False, True)
    assert said.on_record("g")[2] == f"{NO_RULE_FITS}."


def test_bands_that_do_not_fall_are_refused():
    with pytest.raises(ValidationError, match="put the highest first"):
        grading({**BANDS, "bands": [{"from": 50, "grade": "r"}, {"from": 50, "grade": "g"}]})


TWO_OF_X = {"kind": "count", "counts": [{"grades": ["i"], "at_least": 2}], "grade": "i"}
THREE_AND_REST = {"kind": "count", "counts": [{"grades": ["o"], "at_least": 3}], "rest": ["g"], "grade": "o"}
NONE_AND_ONE = {
    "kind": "count",
    "counts": [{"grades": ["i"], "at_most": 0}, {"grades": ["r"], "at_most": 1}],
    "grade": "g",
}


@pytest.mark.parametrize(
    ("rule", "grades", "grade"),
    [
        (TWO_OF_X, "i i g g", "i"),
        (TWO_OF_X, "i g g g", ""),
        (TWO_OF_X, "i i i i", "i"),
        (THREE_AND_REST, "o o o g", "o"),
        (THREE_AND_REST, "o o o o", "o"),
        (THREE_AND_REST, "o o o r", ""),
        (THREE_AND_REST, "o o g g", ""),
        (THREE_AND_REST, "o o o none", "o"),
        (NONE_AND_ONE, "g g g r", "g"),
        (NONE_AND_ONE, "g g r r", ""),
        (NONE_AND_ONE, "g g g i", ""),
        (NONE_AND_ONE, "o none r g", "g"),
        (NONE_AND_ONE, "none none none none", ""),
        ({**TWO_OF_X, "of": ["voice", "plan"]}, "i g i i", ""),
        ({**TWO_OF_X, "of": ["voice", "plan"]}, "i i g g", "i"),
    ],
)
@pytest.mark.parametrize("scale", [FOUR, REVERSED])
def test_counting(rule, grades, grade, scale):
    said = says([rule], grades, scale=scale)

    assert (said.grade, said.is_computed, said.no_rule_fits) == (grade, bool(grade), not grade)


def test_counting_waits_until_every_part_has_its_grade_and_no_later_rule_runs_ahead():
    said = says([NONE_AND_ONE, {"kind": "suggest", "grade": "r"}], "g - g -")

    assert (said.grade, said.waits_for) == ("", ("plan", "team"))


def test_counting_does_not_look_at_a_part_that_was_left_out_whatever_it_had_been_graded():
    assert says([TWO_OF_X], "i i g g", skipped=["voice"]).grade == ""
    assert says([NONE_AND_ONE], "i g g r", skipped=["voice"]).grade == "g"


def test_the_first_rule_that_gives_a_grade_counts():
    rules = [TWO_OF_X, NONE_AND_ONE, {"kind": "suggest", "grade": "r"}]

    assert [says(rules, grades).grade for grades in ("i i g g", "g g g g", "i g r r")] == ["i", "g", "r"]


def cap(grade="r", **more):
    return {"kind": "cap", "grade": grade, "when": when("risk", "i"), **more}


@pytest.mark.parametrize("scale", [FOUR, REVERSED])
def test_a_domain_caps_the_whole_by_the_order_of_the_scale(scale):
    capped = says([cap(), BANDS], "g g i g", given=answers("met"), scale=scale)

    assert capped.on_record("r")[:2] == ("r", "2: bands; 1: cap")
    assert capped.remaining == ("r", "i", "none")
    assert [one.rule for one in capped.against("g")] == ["2: bands", "1: cap"]


def test_a_flag_caps_as_well_as_a_domain():
    flag = {"kind": "cap", "grade": "r", "when": {"answer": "c1", "is": "not"}}
    given = grading(flag)
    known = Known(on=ON, answers={"c1": "not"}, scale=Scale.model_validate(FOUR))
    seen = look_of(given, FORM, {}, known, skipped=frozenset(), stage="draft", carried={})

    assert advice(given, seen).remaining == ("r", "i", "none")


def test_a_grade_better_than_a_cap_is_kept_beside_the_best_that_the_cap_leaves():
    said = says([cap()], "g g i g")

    assert said.on_record("g") == ("r", "1: cap", "Because of cap.")
    assert said.on_record("i") == ("", "", "")


def test_a_cap_that_does_not_bite_is_no_reason_for_the_grade():
    said = says([cap("g"), BANDS], "g g i g", given=answers("not"))

    assert said.on_record("r")[:2] == ("r", "2: bands")


def test_one_domain_at_the_bottom_fixes_the_whole_and_nobody_may_differ():
    limiting = {"kind": "narrow", "grades": ["i"], "when": when("voice", "i")}

    said = says([BANDS, limiting], "i g g g", given=answers("met"))

    assert (said.grade, said.is_computed, said.remaining) == ("i", True, ("i",))
    assert "never" in [one.override for one in said.against("g")]
    assert says([limiting], "i g g g").is_computed
    assert says([limiting], "g g g g").grade == ""


def test_one_domain_at_the_bottom_leaves_only_certain_grades():
    narrowing = {"kind": "narrow", "grades": ["r", "i"], "when": when("voice", "i")}

    said = says([narrowing], "i g g g")

    assert (said.grade, said.remaining) == ("", ("r", "i"))
    assert says([BANDS, narrowing], "i g g g", given=answers("met")).grade == "r"


def test_a_critical_point_missed_shows_as_failed_whatever_the_score():
    floor = {"kind": "narrow", "grades": ["i"], "when": {"fact": "critical missed", "at_least": 1}}

    missed, met = answers("met") | answers("not", "c"), answers("met") | answers("met", "c")

    assert says([BANDS, floor], given=missed).grade == "i"
    assert says([BANDS, floor], given=met).grade == "g"
    assert says([BANDS, floor], given=missed, skipped=["safe"]).grade == "g"


def test_a_limit_that_leaves_nothing_of_what_an_earlier_one_left_is_not_applied():
    rules = [{"kind": "narrow", "grades": ["i"]}, {"kind": "narrow", "grades": ["o", "g"]}]

    said = says(rules)

    assert (said.grade, [one.rule for one in said.said]) == ("i", ["1: narrow"])


def test_a_part_that_was_left_out_limits_nothing_whatever_it_had_been_graded():
    limiting = {"kind": "narrow", "grades": ["i"], "when": when("voice", "i")}

    assert says([limiting], "i g g g", skipped=["voice"]).grade == ""


def test_a_part_not_looked_at_counts_with_the_grade_that_it_keeps():
    carry = {"kind": "carry forward", "part": "voice"}

    kept = says([carry, TWO_OF_X], "- i g g", skipped=["voice"], carried={"voice": "i"})
    looked_at = says([carry, TWO_OF_X], "g i g g", carried={"voice": "i"})

    assert (kept.grade, looked_at.grade) == ("i", "")


def test_some_parts_are_judged_before_others_unless_they_do_not_apply():
    given = grading(judged_after={"overall": ["voice", "plan"]})

    assert to_grade_first(given, look(given, "g -"), "overall") == ["plan"]
    assert to_grade_first(given, look(given, "g -", skipped=["plan"]), "overall") == []
    assert to_grade_first(given, look(given), "voice") == []


def test_a_later_stages_grade_decides_nothing_while_an_earlier_one_is_open():
    limiting = {"kind": "narrow", "grades": ["i"], "when": when("voice", "i")}
    given = grading(limiting)
    known = Known(
        on=ON, grades={("voice", "draft"): "g", ("voice", "final"): "i"}, scale=Scale.model_validate(FOUR)
    )

    at = {
        stage: advice(given, look_of(given, FORM, {}, known, skipped=frozenset(), stage=stage, carried={}))
        for stage in ("draft", "final")
    }

    assert (at["draft"].grade, at["final"].grade) == ("", "i")


TWO_POINT = {
    "direction": "worst first",
    "values": [{"key": "no", "label": "Does not yet"}, {"key": "yes", "label": "Meets", "good": True}],
}
ONE_BEST = {
    "direction": "best first",
    "values": [{"key": str(one), "label": str(one), "number": one} for one in range(1, 5)],
}
TEN = {
    "direction": "worst first",
    "values": [{"key": str(one), "label": str(one), "number": one} for one in range(11)],
}


@pytest.mark.parametrize(
    ("scale", "cap_at", "remaining"),
    [
        (TWO_POINT, "no", ("no",)),
        (ONE_BEST, "3", ("3", "4")),
        (TEN, "4", ("4", "3", "2", "1", "0")),
        (TEN, "10", tuple(str(one) for one in range(10, -1, -1))),
    ],
)
def test_a_cap_reads_the_direction_of_the_scale_and_neither_words_nor_numbers(scale, cap_at, remaining):
    said = says([{"kind": "cap", "grade": cap_at}], scale=scale)

    assert said.remaining == remaining


RULES = [
    {"kind": "carry forward", "part": "team"},
    TWO_OF_X,
    NONE_AND_ONE,
    BANDS,
    cap(),
    {"kind": "narrow", "grades": ["r", "i"], "when": {"grade": "plan", "at_most": "r"}},
]


def renamed(part, names):
    """The same data with every grade renamed, wherever it stands."""
    if isinstance(part, dict):
        return {key: renamed(value, names) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [renamed(value, names) for value in part]
    return names.get(part, part) if isinstance(part, str) else part


@settings(max_examples=60, deadline=None)
@generated(
    st.lists(st.sampled_from(["o", "g", "none", "r", "i", "-"]), min_size=4, max_size=4),
    st.permutations(["Inadequate", "Good", "1", "yes", "Outstanding"]),
    st.sampled_from([FOUR, REVERSED]),
    st.sampled_from([(), ("team",), ("voice", "risk")]),
    st.lists(st.sampled_from(["met", "partly", "not", "na"]), max_size=4),
)
def test_no_result_depends_on_the_words_of_a_scale(grades, words, scale, skipped, given):
    keys = ["o", "g", "none", "r", "i"]
    names = dict(zip(keys, words, strict=True))
    back = {word: key for key, word in names.items()}
    other = renamed(copy.deepcopy(scale), names)
    for value in other["values"]:
        value["label"] = f"The word {value['key']}"
    common = {"skipped": skipped, "given": answers(" ".join(given))}

    one = says(RULES, " ".join(grades), scale=scale, carried={"team": "i"}, **common)
    two = says(
        renamed(RULES, names),
        " ".join(names.get(grade, grade) for grade in grades),
        scale=other,
        carried={"team": names["i"]},
        **common,
    )

    assert back.get(two.grade, "") == one.grade
    assert [back[key] for key in two.remaining] == list(one.remaining)
    assert (two.on_record(two.grade)[1:], two.waits_for, two.is_computed, two.no_rule_fits) == (
        one.on_record(one.grade)[1:],
        one.waits_for,
        one.is_computed,
        one.no_rule_fits,
    )
    assert set(two.waits_for) <= set(DOMAINS)


def test_a_number_with_a_fraction_reaches_a_band_that_begins_with_it():
    scale = copy.deepcopy(FOUR)
    scale["values"][0]["number"] = 3.3
    average = {"title": "Average", "kind": "average of grades", "rounded": "after bands"}
    bands = {"kind": "bands", "score": "average", "bands": [{"from": 3.3, "grade": "o"}]}
    given = grading(bands, scores={"average": average})

    assert advice(given, look(given, "o o o o", scale=scale)).grade == "o"
