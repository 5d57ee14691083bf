"""What two versions measure alike: what kept its words, what the author says, each break in a sentence."""

from copy import deepcopy
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.equivalence import equivalence, told
from goldenthread.rules.matching import further, scales_match
from goldenthread.rules.reading import faults, read_pack
from goldenthread.rules.scales import Scale, ScaleValue

PACK = Path(__file__).resolve().parents[2] / "goldenthread" / "packs" / "adult-social-care.yaml"
DATA = read_document(PACK.read_text()).data
FORM = "case audit"
SCALE = next(iter(DATA["scales"]))


def changed(change):
    """The shipped framework with a change made to it."""
    data = deepcopy(DATA)
    change(data)
    return read_pack(write_document(data))


def sections(data):
    return [one for one in data["forms"][FORM]["sections"] if one.get("graded")]


def compare(change):
    return equivalence(read_pack(PACK.read_text()), changed(change), "audit")


def reword_section(data):
    sections(data)[0]["title"] = "Something else altogether"


def reword_section_on_the_authors_word(data):
    reword_section(data)
    sections(data)[0]["same_as"] = sections(data)[0]["key"]


def reword_question(data):
    sections(data)[0]["questions"][0]["text"] = "Is it otherwise?"


def reword_question_on_the_authors_word(data):
    reword_question(data)
    question = sections(data)[0]["questions"][0]
    question["same_as"] = question["key"]


def reword_grade(data):
    data["scales"][SCALE]["values"][0]["label"] = "Excellent"


def reword_grade_on_the_authors_word(data):
    reword_grade(data)
    data["scales"][SCALE]["values"][0]["same_as"] = data["scales"][SCALE]["values"][0]["key"]


def count_otherwise(data):
    data["scales"][SCALE]["values"][2]["good"] = True


def describe_in_section(data):
    sections(data)[0]["descriptors"] = [{"grade": "good", "points": ["The plan is the person's own"]}]


NEW_CASES = {"since": "opened", "at_most": "3 months"}


def ask_of_others(data):
    sections(data)[0]["questions"][-1]["when"] = NEW_CASES


def ask_the_section_of_others(data):
    sections(data)[0]["when"] = NEW_CASES


def ask_of_others_on_the_authors_word(data):
    ask_of_others(data)
    question = sections(data)[0]["questions"][-1]
    question["same_as"] = question["key"]


def swap_grades(data):
    values = data["scales"][SCALE]["values"]
    values[0], values[1] = values[1], values[0]


def no_longer_graded(data):
    del data["forms"][FORM]["sections"][data["forms"][FORM]["sections"].index(sections(data)[-1])]


def test_a_version_that_says_the_same_measures_the_same():
    found = compare(lambda data: data.update(title="Another title"))

    assert found.scale.goes_on and not found.scale.on_the_authors_word
    assert found.parts and all(one.goes_on and one.key == one.before for one in found.parts.values())
    assert found.questions and all(one.goes_on for one in found.questions.values())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (reword_section, "is now “Something else altogether”"),
        (describe_in_section, "look like was written anew"),
        (reword_question, "asks other questions than before"),
        (reword_grade, "“Excellent” means was written anew"),
        (count_otherwise, "counts otherwise as good or better"),
        (swap_grades, "stands at another place of the scale"),
        (ask_of_others, "is asked under other conditions than before"),
        (ask_the_section_of_others, "is asked under other conditions than before"),
    ],
)
def test_a_change_of_words_scale_or_questions_breaks_the_section_and_the_whole(change, sentence):
    found = compare(change)

    first = sections(DATA)[0]["key"]
    assert not found.parts[first].goes_on and sentence in found.parts[first].said
    assert not found.parts["overall"].goes_on and found.parts["overall"].said == found.parts[first].said


def test_a_change_of_one_section_leaves_the_others_comparable():
    found = compare(reword_section)

    others = [one["key"] for one in sections(DATA)[1:]]
    assert others and all(found.parts[key].goes_on for key in others)


@pytest.mark.parametrize(
    "change",
    [
        reword_section_on_the_authors_word,
        reword_question_on_the_authors_word,
        reword_grade_on_the_authors_word,
        ask_of_others_on_the_authors_word,
    ],
)
def test_the_authors_word_carries_a_trend_over_a_change_and_is_told(change):
    found = compare(change)

    match = found.parts[sections(DATA)[0]["key"]]
    assert match.goes_on and match.on_the_authors_word
    assert match.said.startswith("The framework says that ")
    assert found.parts["overall"].goes_on


def test_a_section_that_is_no_longer_graded_breaks_the_whole_unless_the_author_says_otherwise():
    grading = DATA["audit_types"]["audit"]["grading"]

    broken = compare(no_longer_graded)

    def with_word(data):
        no_longer_graded(data)
        data["grading"][grading]["overall_same_as"] = grading

    assert "is no longer graded" in broken.parts["overall"].said
    assert compare(with_word).parts["overall"].goes_on


def test_a_question_with_another_key_goes_on_where_it_says_which_it_was():
    key = sections(DATA)[0]["questions"][0]["key"]

    def rename(data):
        question = sections(data)[0]["questions"][0]
        question["key"], question["same_as"] = "renamed here", key

    assert compare(rename).questions["renamed here"].before == key


def test_a_condition_on_a_question_that_was_renamed_is_the_condition_that_it_was():
    def on_the_first(key):
        def change(data):
            first, *_, last = sections(data)[0]["questions"]
            last["when"] = {"answer": key, "known": True}
            if key != first["key"]:
                first["key"], first["same_as"] = key, first["key"]

        return changed(change)

    key = sections(DATA)[0]["questions"][0]["key"]
    asked = sections(DATA)[0]["questions"][-1]["key"]

    assert equivalence(on_the_first(key), on_the_first("renamed"), "audit").questions[asked].goes_on
    assert not compare(ask_of_others).questions[asked].goes_on


def leaving(*, allowed, leaves, says_so=False):
    """A change to the first question: how it may be left unanswered, and what of that leaves a score."""

    def change(data):
        question = sections(data)[0]["questions"][0]
        question["instead"] = allowed
        question.pop("leaves_score", None)
        if leaves is not None:
            question["leaves_score"] = leaves
        if says_so:
            question["same_as"] = question["key"]
            sections(data)[0]["same_as"] = sections(data)[0]["key"]

    return change


LEFT_OUT = [
    (["not applicable", "unknown"], None, ["not applicable"], False, True),
    (["not applicable", "unknown"], None, ["not applicable", "not seen"], False, True),  # never given
    (["not applicable", "unknown"], None, ["not applicable", "unknown"], False, False),
    (
        ["not applicable", "unknown"],
        ["unknown", "not applicable"],
        ["not applicable", "unknown"],
        False,
        True,
    ),
    (["not applicable", "unknown"], None, [], False, False),
    (["unknown"], None, ["not applicable"], False, True),
    (["not applicable", "unknown"], None, ["unknown"], True, True),
]


@pytest.mark.parametrize(("allowed", "before", "after", "says_so", "goes_on"), LEFT_OUT)
def test_what_leaves_a_score_is_compared_as_far_as_it_can_be_given(allowed, before, after, says_so, goes_on):
    section = sections(DATA)[0]
    earlier = changed(leaving(allowed=allowed, leaves=before))
    later = changed(leaving(allowed=allowed, leaves=after, says_so=says_so))

    found = equivalence(earlier, later, "audit")

    match = found.questions[section["questions"][0]["key"]]
    assert match.goes_on is found.parts[section["key"]].goes_on is goes_on
    assert ("leave it out of scores" in match.said) is not goes_on
    assert ("leave it out of scores" in found.parts[section["key"]].said) is not goes_on


def test_the_change_is_told_to_whoever_publishes_it():
    lines = list(told(read_pack(PACK.read_text()), changed(reword_section)))

    assert ("Overall" in {part for _, part, _ in lines}) and all(said.endswith(".") for *_, said in lines)
    assert any(said.startswith("A trend breaks. ") for *_, said in lines)
    assert not list(told(read_pack(PACK.read_text()), read_pack(PACK.read_text())))


def test_two_parts_cannot_stand_for_one_of_the_version_before():
    data = deepcopy(DATA)
    first, second = sections(data)[:2]
    second["same_as"] = first["key"]

    found = faults(write_document(data))

    assert any("Another one stands for" in fault.sentence for fault in found)


def scales(before, after):
    """The match of two scales, each a list of (key, good, what it stands for)."""
    packs = []
    for values in (before, after):
        data = deepcopy(DATA)
        data["scales"][SCALE] = {
            "direction": "worst first",
            "values": [
                {"key": key, "label": key, "good": good, "symbol": key[:2]}
                | ({"same_as": first[0], "also_same_as": list(first[1:])} if first else {})
                for key, good, *first in values
            ],
        }
        packs.append(Scale.model_validate(data["scales"][SCALE]))
    return scales_match(*packs)


SIX = [("1", False), ("2", False), ("3", False), ("4", True), ("5", True), ("6", True)]
LOW, HIGH = ("low", False), ("high", True)
A, B, C, D = ("a", False, "1"), ("b", False, "2", "3"), ("c", True, "4", "5"), ("d", True, "6")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (SIX, [A, B, C, D], ""),
        ([LOW, HIGH], [("1", False, "low"), ("2", False, "low"), ("3", True, "high")], ""),
        (SIX, [A, ("b", True, "2", "3"), C, D], "otherwise"),
        (SIX, [A, ("b", False, "2", "4"), ("c", True, "3", "5"), D], "another place"),
        (SIX, [B, C, D], "“1” is gone"),
        (SIX, [LOW, HIGH], "is new"),
    ],
)
def test_neighbours_may_have_become_one_or_one_several_on_the_authors_word(before, after, said):
    found = scales(before, after)

    assert found.goes_on is (not said) and said in found.said
    assert found.merges is (not said)


FOUR = [("1", False), ("2", False), ("3", True), ("4", True)]
AT_ONCE = [
    (  # two merge and one splits
        [("low", False, "1", "2"), ("fair", True, "3"), ("good", True, "3"), ("best", True, "4")],
        [({"4"}, {"best"}), ({"3"}, {"fair", "good"}), ({"1", "2"}, {"low"})],
        "Compared as one: “3” with “good” or “fair”; “2” or “1” with “low”. Left out: which of those it was.",
    ),
    (  # one that split and one that merged share a grade
        [("a", False, "1"), ("b", False, "1", "2"), ("c", True, "3"), ("d", True, "4")],
        [({"4"}, {"d"}), ({"3"}, {"c"}), ({"1", "2"}, {"a", "b"})],
        "Compared as one: “2” or “1” with “b” or “a”.",
    ),
    (  # a merge over the line of what is good
        [("a", False, "1"), ("b", True, "2", "3"), ("c", True, "4")],
        [],
        "“b” stands for grades that counted as good or better and for others that did not.",
    ),
    (  # a grade that nothing stands for
        [("a", False, "1", "2"), ("d", True, "4")],
        [],
        "The grade “3” is gone.",
    ),
]


@pytest.mark.parametrize(("after", "classes", "said"), AT_ONCE)
def test_what_merges_and_splits_at_once_compares_at_the_common_coarsening_and_says_so(after, classes, said):
    found = scales(FOUR, after)

    assert [(set(one.before), set(one.after)) for one in found.classes] == classes
    assert said in found.said and found.goes_on is bool(classes)


def test_grades_that_share_one_of_the_version_before_are_taken():
    data = deepcopy(DATA)
    values = data["scales"][SCALE]["values"]
    values[1]["also_same_as"] = [values[2]["key"]]
    values[2]["also_same_as"] = [values[1]["key"]]

    assert faults(write_document(data)) == []


CUTS = st.sets(st.integers(1, 7))


def blocks(cuts):
    """Eight steps of quality in blocks: each block a grade, by the first of its steps."""
    edges = [0, *sorted(cuts), 8]
    return {str(start): set(range(start, end)) for start, end in pairwise(edges)}


def scale_of(own, before):
    """A scale of blocks, each of which stands for those of the scale before that it overlaps."""
    values = []
    for key, steps in own.items():
        same = [one for one, theirs in (before or own).items() if theirs & steps]
        values.append({"key": key, "label": key, "same_as": same[0], "also_same_as": same[1:]})
    return Scale.model_construct(
        direction="worst first", values=tuple(ScaleValue.model_validate(one) for one in values)
    )


@settings(deadline=None)
@given(CUTS, CUTS, CUTS)
def test_two_scales_compare_at_just_the_edges_that_both_have_and_over_three_versions_that_all_have(
    first, second, third
):
    one, two, three = blocks(first), blocks(second), blocks(third)
    step = scales_match(scale_of(one, None), scale_of(two, one))
    last = scales_match(scale_of(two, None), scale_of(three, two))
    both = further(last, step)

    assert len(step.classes) == len(first & second) + 1
    assert len(both.classes) == len(first & second & third) + 1
    assert step.merges is (first != second)
    for key, steps in one.items():
        for other, theirs in three.items():
            then, now = both.places(key, other)
            if then != now:  # told apart only where every step of the one lies on one side of the other
                assert (then > now) is (max(steps) < min(theirs))
