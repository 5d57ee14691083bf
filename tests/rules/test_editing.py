"""Changing a framework document part by part, with every name that refers to a part."""

import copy
from pathlib import Path

import pytest

from goldenthread.rules import editing, offering
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.framework import Framework
from goldenthread.rules.reading import faults
from goldenthread.rules.reference import parts_of_a_pack
from goldenthread.rules.refusal import Refused
from goldenthread.rules.shapes import ROOT, Shape, chosen, keys_of, shape_at
from goldenthread.rules.stand_ins import filled, smallest
from tests.rich_pack import RICH

PACK = Path(__file__).resolve().parents[2] / "goldenthread/packs/adult-social-care.yaml"
DATA = read_document(PACK.read_text()).data
STAGE = ("grading", "case audit", "stages", 0)
LOOK = ("actions", "proofs", "twice", "if_not")
NAMED = [
    (("roles", "quality team"), 10),
    (("roles", "auditor"), 10),
    (("clocks", "quality check"), 4),
    (("forms", "case audit"), 2),
    (("scales", "grades"), 1),
    (("targets", "monthly audits"), 1),
    (("audit_types", "audit"), 2),
    (("flows", "audit", "states", "checking"), 3),
    (("flows", "audit", "steps", "submit"), 1),
    (("scales", "grades", "values", 3), 2),
    (STAGE, 1),
    (("forms", "case audit", "sections", 0, "questions", 0, "choices", 1), 1),
]


def sentences(data):
    """What is wrong with a document."""
    return [str(fault) for fault in faults(write_document(data))]


def picks(path, data=DATA):
    """The pick-lists of the part at a place."""
    model = chosen(shape_at(data, path), editing.at(data, path)).model
    return offering.pick_lists(data, path, keys_of(model))


def question_of(key):
    """The place of a question by its key."""
    for place, section in enumerate(DATA["forms"]["case audit"]["sections"]):
        for position, question in enumerate(section.get("questions", ())):
            if question["key"] == key:
                return ("forms", "case audit", "sections", place, "questions", position)
    raise KeyError(key)


@pytest.mark.parametrize(("path", "least"), NAMED, ids=str)
def test_a_part_under_another_name_takes_everything_that_names_it_along(path, least):
    data, where, count = editing.renamed(DATA, path, "another name")

    assert sentences(data) == []
    assert count >= least
    assert editing.name_at(data, where) == "another name"
    back, _, again = editing.renamed(data, where, editing.name_at(DATA, path))
    assert (back, again) == (DATA, count)


def test_a_condition_follows_the_question_that_it_asks_about():
    data, _, count = editing.renamed(DATA, question_of("further re-audit"), "once more")

    assert (count, sentences(data)) == (2, [])
    assert data["re_audit"][1]["when"] == {"answer": "once more", "is": "yes"}


def test_names_follow_in_a_draft_with_faults_elsewhere():
    data = copy.deepcopy(DATA)
    del data["report"], data["roles"]["director"]["title"]
    data["clocks"]["quality check"]["length"] = "soon"
    data["audit_types"]["audit"]["layer"] = "weekly"

    data, _, count = editing.renamed(data, ("roles", "quality team"), "QA team")

    assert count >= 10
    assert "quality team" not in [
        words for words in write_document(data).split("\n") if "- quality team" in words
    ]
    assert data["clocks"]["quality check"] == {
        **DATA["clocks"]["quality check"],
        "length": "soon",
        "owed_by": "QA team",
    }


@pytest.mark.parametrize("name", ["quality manager", "", " ", "x" * 81])
def test_a_name_that_is_taken_or_is_none_is_refused(name):
    with pytest.raises(Refused, match="name"):
        editing.renamed(DATA, ("roles", "quality team"), name)


def test_what_refers_to_a_part_is_told_before_it_is_removed():
    found = editing.referring(DATA, ("clocks", "quality check"))

    assert ("flows", "audit", "steps", "submit", "starts", 0) in found
    assert all("quality check" in str(editing.at(DATA, path)) for path in found)


def test_places_after_a_removed_item_of_a_list_are_told_as_they_stand():
    found = editing.referring(DATA, question_of("further re-audit"))

    assert set(found) == {
        ("notices", "further re-audit", "when", "answer"),
        ("re_audit", 1, "when", "answer"),
    }


@pytest.mark.parametrize(
    ("path", "key", "some"),
    [
        (("audit_types", "audit"), "form", {"case audit"}),
        (("audit_types", "audit"), "on_sending_starts", {"quality check", "answer an alert"}),
        (("clocks", "quality check"), "owed_by", {"quality team", "auditor"}),
        (("roles", "quality team"), "otherwise", {"quality manager"}),
        (("flows", "audit"), "first", {"allocated", "final"}),
        (("flows", "audit", "steps", "submit"), "to", {"checking"}),
        (("flows", "audit", "states", "checking"), "stage", {"on the record", "after the conversation"}),
        (("notices", "safety alert"), "on", {"sending", "alert", "submit"}),
        (("selection", "monthly sample"), "size", {"monthly audits"}),
        (("re_audit", 0), "type", {"audit", "re-audit"}),
        (("concern", "rungs", 0), "clock", {"answer an alert"}),
        (("forms", "case audit", "sections", 3), "part_of", {"voice", "process"}),
        (("forms", "case audit", "sections", 0, "questions", 0), "evidence", {"yes", "no"}),
    ],
)
def test_a_name_is_picked_from_what_the_check_would_accept(path, key, some):
    assert some <= set(picks(path)[key])


def test_what_is_only_words_has_no_pick_list():
    assert not {"title", "starts", "length"} & picks(("clocks", "quality check")).keys()


def test_pick_lists_are_there_for_a_part_that_is_faulty_itself():
    data = editing.put(DATA, ("roles", "quality team"), {"title": "Quality team"})

    assert "quality manager" in picks(("roles", "quality team"), data)["otherwise"]


@pytest.mark.parametrize(
    ("path", "key", "name"),
    [
        (("moderation", "again"), "parts", "overall"),
        (("goals", "few at the bottom"), "grades", "1"),
        (("copies", "health"), "part", "police"),
    ],
)
def test_what_can_be_named_because_of_what_is_named_beside_it_is_offered_too(path, key, name):
    assert name in picks(path, RICH)[key]


def test_a_day_instead_of_a_fact_is_picked_from_the_days_that_are_known():
    beside = (*question_of("contact on time"), "beside", 0)
    data = editing.put(DATA, beside[:-1], [{"label": "Known", "fact": "status"}])

    assert picks(beside, data)["since"][:2] == ("opened", "allocated")


def test_a_condition_is_offered_what_is_known_where_it_stands():
    choosing = offering.comparable(DATA, ("selection", "monthly sample", "frame"))
    after = offering.comparable(DATA, ("re_audit", 0, "when"))

    assert "audits in hand" in choosing["fact"] and not choosing["grade"]
    assert choosing["since"][:4] == ("opened", "allocated", "audited", "audited in this kind")
    assert not {"status", "team", "audits in hand", "practitioner"} & set(choosing["since"])
    assert set(after["since"]) == {"opened", "allocated", *DATA.get("facts", ())}
    assert "overall" in after["grade"] and "further re-audit" in after["answer"]
    assert set(offering.values_of(DATA, ("re_audit", 0, "when"), {"grade": "overall"})) >= {
        "inadequate",
        "good",
    }


@pytest.mark.parametrize("model", parts_of_a_pack(), ids=lambda model: model.__name__)
def test_the_least_of_every_part_can_be_read(model):
    model.model_validate(smallest(Shape("part", model)))


@pytest.mark.parametrize("damage", [{}, {"roles": 5}, {"forms": {"x": []}}, {"flows": {"audit": None}}])
def test_whatever_is_damaged_is_filled_so_that_the_rest_can_be_looked_at(damage):
    Framework.model_validate(filled(ROOT, {**DATA, **damage}))
    Framework.model_validate(filled(ROOT, damage))


NEW = [
    (("clocks",), "call back", {"title": "Call back"}),
    (("roles",), "medicines  lead", {"title": "Medicines lead"}),
    (("responses",), "talk", {"title": "Talk"}),
    (("moderation",), "again", {"title": "Again"}),
    (("flows", "audit", "steps"), "send back", {"label": "Send back"}),
    (("notices",), "told", {}),
    (("facts",), "legal status", "Legal status"),
    (("re_audit",), "", {}),
    (("selection", "monthly sample", "exclude"), "", {}),
    (("grading", "case audit", "rules"), "", {}),
    (("grading", "case audit", "rules", 0, "counts"), "", {}),
    (("forms", "case audit", "sections", 0, "questions"), "asked", {"key": "asked"}),
    (("scales", "grades", "values"), "at risk", {"label": "At risk", "key": "at risk"}),
]


@pytest.mark.parametrize(("path", "name", "begun"), NEW, ids=str)
def test_a_new_part_is_called_by_its_name_and_nothing_is_chosen_for_it(path, name, begun):
    before = editing.put(DATA, ("grading", "case audit", "rules"), [{"kind": "count", "because": "So it is"}])

    data, where = editing.added(before, path, name)

    assert editing.at(data, where) == begun
    if isinstance(begun, dict) and path[0] != "scales":
        added = [one for one in faults(write_document(data)) if one.place[: len(where)] == where]
        assert added and all(one.sentence.endswith(".") for one in added)


def _holders(shape=ROOT, path=(), seen=()):
    """Every table and list of parts of the model, by a place of a document."""
    for other in shape.others:
        yield from _holders(other, path, seen)
    if shape.kind in ("table", "list") and not shape.is_plain_list and shape.inside.kind != "condition":
        yield path, shape
        yield from _holders(shape.inside, (*path, "x" if shape.kind == "table" else 0), seen)
    if shape.model is not None and shape.model not in seen:
        for key in keys_of(shape.model):
            yield from _holders(key.shape, (*path, key.name), (*seen, shape.model))


SHAPES = sorted({shape.inside for _, shape in _holders()}, key=str)


@pytest.mark.parametrize("inside", SHAPES, ids=lambda one: one.model.__name__ if one.model else one.kind)
def test_no_new_part_of_any_kind_holds_more_than_its_name(inside):
    begun = editing._begun(inside, "some words")

    held = begun.values() if isinstance(begun, dict) else [begun]
    assert all(one in ("Some words", None) or one == [] for one in held)


@pytest.mark.parametrize(
    ("path", "key", "some"),
    [
        (("responses",), "after", {"audit", "re-audit"}),
        (("moderation",), "by", {"quality team", "auditor"}),
        (("gates",), "steps", {"submit"}),
        (("re_audit",), "type", {"audit", "re-audit"}),
        (("notices",), "to", {"quality team", "auditor"}),
    ],
)
def test_a_new_part_with_gaps_is_offered_what_it_may_name(path, key, some):
    data, where = editing.added(DATA, path, "fresh")

    assert some <= set(picks(where, data)[key])


def test_the_answers_of_a_new_count_are_picked_before_its_sections_are_chosen():
    path = ("grading", "case audit", "scores", "gaps")
    data = editing.put(DATA, path, {"title": "Gaps", "kind": "count of answers"})

    assert {"yes", "no"} <= set(picks(path, data)["answers"])


def test_the_condition_of_a_new_part_with_gaps_is_offered_what_it_may_compare():
    data, where = editing.added(DATA, ("responses",), "talk")
    gap = editing.put(data, (*where, "when"), {"all": [{"fact": "status"}, {"any": []}]})

    offered = offering.comparable(gap, (*where, "when", "all", 1))

    assert "overall" in offered["grade"] and "further re-audit" in offered["answer"]
    assert "good" in offering.values_of(gap, (*where, "when", "all", 0), {"grade": "overall"})


def test_a_rule_of_another_kind_keeps_what_both_say_and_chooses_nothing():
    rule = ("grading", "case audit", "rules", 0)
    data = editing.put(DATA, rule[:-1], [{"because": "So it is"}])
    whole = shape_at(data, rule)
    counting = next(place for place, one in enumerate(whole.others) if one.model.__name__ == "Counting")

    data = editing.as_another(data, rule, whole, counting)

    assert editing.at(data, rule) == {"kind": "count", "because": "So it is"}
    assert {"counts", "grade"} <= {one.place[-1] for one in faults(write_document(data))}


@pytest.mark.parametrize("kind", range(5))
def test_a_new_score_is_reckoned_as_the_author_says(kind):
    path = ("grading", "case audit", "scores", "one")
    data = editing.put(DATA, path, {"title": "One"})
    whole = shape_at(data, path)

    made = editing.at(editing.as_another(data, path, whole, kind), path)

    assert made.keys() == {"kind", "title"}
    assert chosen(whole, made) == whole.others[kind]


def test_a_clock_that_ends_otherwise_says_so_and_leaves_when_to_the_author():
    path = ("clocks", "quality check")
    data = editing.as_another(DATA, path, shape_at(DATA, path), 1)

    assert editing.at(data, path) == {
        "until": None,
        "title": DATA["clocks"]["quality check"]["title"],
        "owed_by": "quality team",
    }
    assert chosen(shape_at(data, path), editing.at(data, path)).model.__name__ == "CycleClock"
    assert any(one.place == (*path, "until") for one in faults(write_document(data)))
    back = editing.as_another(data, path, shape_at(data, path), 0)
    assert "until" not in editing.at(back, path)


CHOOSING = {
    "key": "q",
    "text": "Which?",
    "type": "one of",
    "choices": [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}],
    "evidence": ["b"],
    "instead": ["unknown"],
    "not_enough": ["unknown"],
    "critical": True,
}


@pytest.mark.parametrize(
    ("before", "changes", "gone"),
    [
        (CHOOSING, {"type": "text"}, ["choices", "evidence"]),
        (CHOOSING, {"type": "several of"}, []),
        (CHOOSING, {"type": "note"}, ["choices", "evidence", "critical", "instead", "not_enough"]),
        (CHOOSING, {"type": "text", "evidence": "always"}, ["choices"]),
        ({"type": "number", "at_least": 1, "at_most": 9}, {"type": "whole number"}, []),
        ({"type": "number", "at_least": 1, "at_most": 9}, {"type": "date"}, ["at_least", "at_most"]),
        ({"type": "number", "at_least": "few"}, {"type": "text"}, []),
        ({"type": "yes or no", "points": 1, "evidence": ["no"]}, {"type": "one of"}, ["evidence", "points"]),
        ({"type": "text", "instead": ["unknown"]}, {"type": "one of"}, []),
    ],
)
def test_a_question_of_another_type_leaves_out_what_that_takes_none_of_and_no_more(before, changes, gone):
    question = {**CHOOSING, **before, **changes} if before is CHOOSING else {**before, **changes}

    fits, left_out = editing.fitting(question, before)

    assert [key.name for key in left_out] == gone
    assert fits == {key: value for key, value in question.items() if key not in gone}


def test_a_new_step_has_its_words_and_nothing_is_chosen_for_it_yet():
    data, where = editing.added(DATA, ("flows", "audit", "steps"), "send back")

    assert editing.at(data, where) == {"label": "Send back"}
    said = " ".join(sentences(data))
    assert all(f"“{key}” is missing here; add it." in said for key in ("from", "to", "by"))
    assert {"allocated", "final"} <= set(picks(where, data)["to"]) & set(picks(where, data)["from"])


def test_a_copied_section_and_its_questions_have_names_of_their_own():
    data, where = editing.copied(DATA, ("forms", "case audit", "sections", 0))

    assert where == ("forms", "case audit", "sections", 1)
    assert [str(one) for one in sentences(data)] == []


def test_a_copy_in_a_table_stands_beside_its_original():
    data, where = editing.copied(DATA, ("notices", "safety alert"))

    assert where == ("notices", "safety alert 2")
    assert list(data["notices"])[-2:] == ["safety alert", "safety alert 2"]


def test_parts_move_up_and_down_and_stay_at_the_ends():
    up = editing.moved(DATA, ("roles", "quality manager"), -1)

    assert list(up["roles"])[:2] == ["quality manager", "quality team"]
    assert editing.moved(up, ("roles", "quality manager"), -1) == up
    assert list(editing.moved(up, ("roles", "quality manager"), 1)["roles"]) == list(DATA["roles"])
    down = editing.moved(DATA, ("scales", "grades", "values", 0), 1)
    assert down["scales"]["grades"]["values"][1] == DATA["scales"]["grades"]["values"][0]


def test_nothing_that_is_changed_changes_the_document_it_came_from():
    before = copy.deepcopy(DATA)

    editing.renamed(DATA, ("roles", "auditor"), "reader")
    editing.added(DATA, ("roles",), "reader")
    editing.without(DATA, ("roles", "auditor"))

    assert before == DATA


@pytest.mark.parametrize("section", [5, "words", {"key": "one", "questions": 5}, {"questions": ["words"]}])
@pytest.mark.parametrize("place", [0, 1])
def test_sections_are_copied_whatever_one_of_them_says(section, place):
    data = editing.put(DATA, ("forms", "case audit", "sections", 0), section)

    copied, where = editing.copied(data, ("forms", "case audit", "sections", place))

    assert where[-1] == place + 1
    assert len(copied["forms"]["case audit"]["sections"]) == len(DATA["forms"]["case audit"]["sections"]) + 1


@pytest.mark.parametrize("kind", ["suggest", "cap"])
def test_of_forms_with_the_same_keys_a_rule_is_the_one_that_its_kind_says(kind):
    rule = {"kind": kind, "grade": "good", "because": "So it is"}
    data = editing.put(DATA, ("grading", "case audit", "rules"), [rule])

    assert chosen(shape_at(data, ("grading", "case audit", "rules", 0)), rule).model.__name__ == (
        "Cap" if kind == "cap" else "Suggestion"
    )


def test_a_score_is_offered_where_it_is_known_and_followed_when_it_is_renamed():
    path = ("grading", "case audit", "scores", "gaps")
    score = {"title": "Gaps", "kind": "count of answers", "sections": ["practice"], "answers": ["no"]}
    data = editing.put(DATA, path, {**score, "sections": [DATA["forms"]["case audit"]["sections"][0]["key"]]})
    when = ("re_audit", 0, "when")
    data = editing.put(data, when, {"score": "gaps", "at_least": 3})
    assert sentences(data) == []

    renamed, _, count = editing.renamed(data, path, "nos")

    assert (count, sentences(renamed)) == (1, [])
    assert editing.at(renamed, when) == {"score": "nos", "at_least": 3}
    assert "gaps" in offering.comparable(data, when)["score"]
    for elsewhere in (
        ("forms", "case audit", "sections", 0, "when"),
        ("selection", "monthly sample", "frame"),
    ):
        assert offering.comparable(data, elsewhere)["score"] == ()


@pytest.mark.parametrize(
    ("path", "part", "key", "offered"),
    [
        (("report", "breakdowns", 0), {}, "fact", "legal status"),
        (("report", "breakdowns", 0), {"by": "team"}, "fact", "legal status"),
        (("report", "breakdowns", 0), {"by": "fact"}, "fact", "legal status"),
        (("copies", "to the board"), {"title": "To the board"}, "report", "for the board"),
        (("copies", "to the board"), {"title": "To the board", "of": "a report"}, "report", "for the board"),
        (("copies", "to the board"), {"title": "To the board", "after": ["audit"]}, "part", "police"),
        (("goals", "rated"), {"of": ["audit"], "share_of": "overall grades"}, "part", "planning"),
        (("goals", "few at the bottom"), RICH["goals"]["few at the bottom"], "part", "planning"),
        (LOOK, {"then": "it opens again"}, "ladder", "has not worked"),
        (LOOK, {}, "ladder", "has not worked"),
    ],
)
def test_names_that_go_with_one_choice_of_another_key_are_offered_before_and_after_it_is_made(
    path, part, key, offered
):
    data = copy.deepcopy(RICH)
    data["report"]["breakdowns"] = [{"by": "team"}]
    data = editing.put(data, path, part)

    assert offered in offering.pick_lists(data, path, keys_of(shape_at(data, path).model))[key]
