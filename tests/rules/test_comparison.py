"""How an audit that looks again compares with the one before: by places on scales, never by words (WF-16)."""

from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.rules.comparison import BETTER, NOT_COMPARABLE, SAME, WORSE, Result, compare, matches
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.equivalence import Match
from goldenthread.rules.reading import read_pack
from goldenthread.rules.scales import UNGRADED, Scale, ScaleValue

PACK = Path(__file__).resolve().parents[2] / "goldenthread" / "packs" / "adult-social-care.yaml"
DATA = read_document(PACK.read_text()).data
SCALE = next(iter(DATA["scales"]))
GOES_ON = Match("overall", "overall")


def scale(*keys, direction="best first", none=""):
    values = [ScaleValue(key=key, label=key.title()) for key in keys]
    values += [ScaleValue(key=none, label=none.title(), excluded=True)] if none else []
    return Scale(direction=direction, values=tuple(values))


GOOD_FIRST = scale("outstanding", "good", "poor", none="not given")
GOOD_LAST = scale("poor", "good", "outstanding", direction="worst first")
LETTERS = scale("poor", "good", "outstanding")  # the same words, the other way up


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (Result("good", GOOD_FIRST), Result("outstanding", GOOD_FIRST), BETTER),
        (Result("good", GOOD_FIRST), Result("good", GOOD_FIRST), SAME),
        (Result("good", GOOD_FIRST), Result("poor", GOOD_FIRST), WORSE),
        (Result("good", GOOD_FIRST), Result("poor", GOOD_LAST), WORSE),
        (Result("poor", GOOD_FIRST), Result("poor", LETTERS), BETTER),
        (Result("not given", GOOD_FIRST), Result("good", GOOD_FIRST), NOT_COMPARABLE),
        (Result("good", GOOD_FIRST), Result("not given", GOOD_FIRST), NOT_COMPARABLE),
        (Result("", UNGRADED), Result("", UNGRADED), NOT_COMPARABLE),
        (Result("", GOOD_FIRST, "It was carried forward."), Result("good", GOOD_FIRST), NOT_COMPARABLE),
    ],
)
def test_a_comparison_goes_by_places(before, after, outcome):
    assert compare(before, after, GOES_ON).outcome == outcome


def test_what_cannot_be_compared_says_why():
    good = Result("good", GOOD_FIRST)
    none = compare(good, Result("not given", GOOD_FIRST), GOES_ON)
    carried = compare(Result("", GOOD_FIRST, "2026-10/001 did not look at it."), good, GOES_ON)
    broken = compare(good, good, Match("overall", said="The rules changed."))

    assert {one.outcome for one in (none, carried, broken)} == {NOT_COMPARABLE}
    assert none.said == "“Not Given” stands for no grade."
    assert (carried.said, broken.said) == ("2026-10/001 did not look at it.", "The rules changed.")


@given(
    before=st.sampled_from(["outstanding", "good", "poor", "not given", "unknown"]),
    after=st.sampled_from(["outstanding", "good", "poor", "not given", "unknown"]),
    scales=st.sampled_from([(GOOD_FIRST, GOOD_FIRST), (GOOD_FIRST, GOOD_LAST), (GOOD_LAST, LETTERS)]),
)
def test_turned_round_what_was_better_is_worse(before, after, scales):
    there = compare(Result(before, scales[0]), Result(after, scales[1]), GOES_ON).outcome
    back = compare(Result(after, scales[1]), Result(before, scales[0]), GOES_ON).outcome

    assert back == {BETTER: WORSE, WORSE: BETTER}.get(there, there)


def changed(*changes):
    data = deepcopy(DATA)
    for change in changes:
        change(data)
    return read_pack(write_document(data))


def graded(data):
    return [one for one in data["forms"]["case audit"]["sections"] if one.get("graded")]


def rename_first(data):
    first = graded(data)[0]
    first["title"], first["same_as"] = "Under another name", first["key"]


def reword_first(data):
    graded(data)[0]["title"] = "Something else altogether"


def reword_grade(data):
    data["scales"][SCALE]["values"][0]["label"] = "Excellent"


FIRST = graded(DATA)[0]["key"]


def test_a_re_audit_is_compared_with_the_kind_it_looks_at_again():
    found = matches([changed()], "audit", "re-audit")

    assert set(found) == {one["key"] for one in graded(DATA)} | {"overall"}
    assert all(one.goes_on for one in found.values())


@pytest.mark.parametrize(
    ("changes", "first_goes_on", "others_go_on"),
    [
        ([()], True, True),
        ([(), (rename_first,)], True, True),
        ([(), (reword_first,)], False, True),
        ([(), (reword_grade,)], False, False),
        ([(), (reword_first,), ()], False, True),  # a part that meant another thing between is not followed
        ([(), (), ()], True, True),
    ],
)
def test_a_part_is_followed_over_the_versions_between(changes, first_goes_on, others_go_on):
    found = matches([changed(*one) for one in changes], "audit", "re-audit")
    others = [one.goes_on for key, one in found.items() if key not in (FIRST, "overall")]

    assert found[FIRST].goes_on is first_goes_on
    assert all(one is others_go_on for one in others)
    assert first_goes_on or found[FIRST].said


def test_a_kind_that_a_version_lacks_breaks_the_comparison():
    def without_audits(data):
        data["title"] = "Others"

    found = matches([changed(), changed(without_audits)], "no such kind", "re-audit")

    assert not any(one.goes_on for one in found.values())


def merge_and_split(data):
    """The best two become hard to tell apart, and the poorest becomes two, in one change."""
    values = {one["key"]: one for one in data["scales"][SCALE]["values"]}
    values["outstanding"]["also_same_as"] = ["good"]
    poorer = {"key": "very poor", "label": "Very poor", "same_as": "inadequate"}
    data["scales"][SCALE]["values"].append(poorer)


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        ("good", "outstanding", "same"),
        ("outstanding", "good", "same"),
        ("requires improvement", "good", "better"),
        ("inadequate", "very poor", "same"),
        ("good", "very poor", "worse"),
    ],
)
def test_over_a_merge_and_a_split_at_once_audits_compare_at_the_level_that_both_scales_have(
    before, after, outcome
):
    packs = [changed(), changed(merge_and_split)]
    match = matches(packs, "audit", "re-audit")["overall"]
    old, new = (pack.scale_of("audit") for pack in packs)

    found = compare(Result(before, old), Result(after, new), match)

    assert found.outcome == outcome
    assert "Compared as one: “Outstanding” or “Good” with “Outstanding” or “Good”" in found.said
