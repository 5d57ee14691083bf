# ruff: noqa: E501 - a table of awkward words
"""Any framework that can be read is written and read as the same; any that is damaged is refused in sentences."""

import copy
from pathlib import Path

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.rules import documents
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.framework import Framework
from goldenthread.rules.parts import Part
from goldenthread.rules.reading import examine, faults, read_pack, write_pack
from tests.rich_pack import RICH

PACK = (Path(__file__).resolve().parents[2] / "goldenthread/packs/adult-social-care.yaml").read_text()
DATA = read_document(PACK).data
FREE = {"purpose", "source", "guidance", "summary"}
OPERATORS = {"is", "is_not", "one_of", "known"}
LINES = {"title", "owner", "label", "because", "one", "many"}
AWKWARD = ["yes", "No", "on", "null", "~", "1", "1.0", "1e3", "2026-11-02", "12:30", "0x1F", "- a", "a: b", "#x", "a #b",
           "'", '"', "é – “q”", "x\ny", "x\n\n  y\n", "  x", "x ", "|", ">", "&a", "*a", "!a", "{a}", "[a]", "%", "@", "`",
           "=", "<<", "?", ":", "x\ty", "😀", "1_000", ".5", "+1", "-", "---", "..."]  # fmt: skip
TEXTS = st.sampled_from(AWKWARD) | st.text(
    st.characters(
        exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn"),
        include_characters="\n\t",
        exclude_characters="\ufeff",
    ),
    min_size=1,
    max_size=60,
)
JUNK = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False, allow_infinity=False, width=16)
    | TEXTS
    | st.sampled_from(
        [[], {}, [[]], [{}], {"a": {"b": ["c"]}}, ["auditor"], {"fact": "status"}, {"not": {"not": 1}}]
    )
)
QUICK = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


def paths(part, so_far=()):
    """Every place of a document."""
    if so_far:
        yield so_far
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, value in inside:
        yield from paths(value, (*so_far, step))


def at(data, path):
    """The part of the document that holds the last step."""
    for step in path[:-1]:
        data = data[step]
    return data


def free_paths(data):
    """Where any words may stand, on as many lines as wanted; the source of a standard is one of three."""
    found = [path for path in paths(data) if path[-1] in FREE and path[0] != "standards"]
    words = [path for path in found if isinstance(at(data, path)[path[-1]], str)]
    return [path for path in words if not OPERATORS & set(at(data, path))]  # no “source” of a condition


def line_paths(data):
    """Where any words may stand on one line; not the words of case notes, which have gaps and a limit."""
    found = [path for path in paths(data) if path[-1] in LINES and not is_of_a_note(path)]
    return [path for path in found if isinstance(at(data, path)[path[-1]], str)]


def is_of_a_note(path):
    """Whether a place is a part of the words in which something is copied to a case record."""
    return path[0] == "filing" or "note" in path[:-1]


DOCUMENTS = {"shipped": DATA, "rich": RICH}
PATHS = {name: list(paths(data)) for name, data in DOCUMENTS.items()}
FREE_PATHS = {name: free_paths(data) for name, data in DOCUMENTS.items()}
LINE_PATHS = {name: line_paths(data) for name, data in DOCUMENTS.items()}
NAMES = st.sampled_from(sorted(DOCUMENTS))
ONE_LINE = TEXTS.map(lambda text: " ".join(text.split())[:25].strip()).filter(bool)


@QUICK
@given(NAMES, st.data())
def test_a_framework_in_any_words_comes_back_as_the_same_and_byte_for_byte(name, words):
    data = copy.deepcopy(DOCUMENTS[name])
    texts = words.draw(st.dictionaries(st.sampled_from(FREE_PATHS[name]), TEXTS, max_size=6))
    lines = words.draw(st.dictionaries(st.sampled_from(LINE_PATHS[name]), ONE_LINE, max_size=12))
    for path, text in (texts | lines).items():
        at(data, path)[path[-1]] = text
    document = write_document(data)
    assert read_document(document).data == data

    pack, found = examine(document)

    assert pack is not None and not found, found
    written = write_pack(pack)
    assert read_pack(written) == pack
    assert write_pack(read_pack(written)) == written


@QUICK
@given(
    st.dictionaries(
        TEXTS, JUNK | st.lists(JUNK, max_size=3) | st.dictionaries(TEXTS, JUNK, max_size=3), max_size=6
    )
)
def test_any_plain_data_comes_back_as_the_same(data):
    reading = read_document(write_document(data))

    assert not reading.faults
    assert reading.data == data


SUBJECTS = st.sampled_from(
    [
        {"come_from": "a list"},
        {"come_from": "a list", "about_staff": True},
        {"come_from": "involvements"},
        {"come_from": "units", "units": ["home", "service"], "led_by": "registered manager"},
        {"come_from": "staff", "posts": ["practitioner"]},
        {"come_from": "supervision", "posts": ["practitioner"], "led_by": "team manager"},
        {"come_from": "completed audits", "audits": ["audit"]},
    ]
)


@QUICK
@given(SUBJECTS, ONE_LINE, ONE_LINE)
def test_any_kind_of_subject_comes_back_as_the_same_and_is_said_where_a_case_would_be(kind, one, many):
    data = copy.deepcopy(DATA)
    data["subjects"] = {"thing": {"one": one, "many": many, **kind}}
    data["audit_types"]["look"] = {**data["audit_types"]["audit"], "subject": "thing"}

    pack, found = examine(write_document(data))

    about_staff = pack.subjects["thing"].is_about_staff
    assert ["case note" in fault.sentence for fault in found if "flow" in fault.where] == [True] * about_staff
    assert pack.words_for("look")["case"] == one and pack.words_for("audit")["case"] == pack.words["case"]
    assert pack.kind_audited("look") == "thing" and pack.kind_audited("audit") == "case"
    data["roles"]["quality team"]["may"].append("see staff files")
    data["audit_types"]["look"]["subject"] = "case" if about_staff else "thing"
    data["subjects"] = {} if about_staff else data["subjects"]
    again = read_pack(write_document(data))
    assert read_pack(write_pack(again)) == again


@st.composite
def damaged(draw):
    """A framework with a few parts deleted, renamed, replaced or moved."""
    name = draw(NAMES)
    data, places = copy.deepcopy(DOCUMENTS[name]), st.sampled_from(PATHS[name])
    for _ in range(draw(st.integers(1, 4))):
        path = draw(places)
        try:
            holder, last = at(data, path), path[-1]
            part = holder[last]
        except (KeyError, IndexError, TypeError):
            continue
        what = draw(st.sampled_from(["delete", "rename", "replace", "move"]))
        if what == "delete":
            del holder[last]
        elif what == "rename" and isinstance(holder, dict):
            holder[draw(TEXTS)] = holder.pop(last)
        elif what == "move":
            other = draw(places)
            holder[last] = copy.deepcopy(at(DOCUMENTS[name], other)[other[-1]])
        else:
            holder[last] = draw(JUNK) if what == "replace" else part
    return data


@settings(QUICK, max_examples=90)
@given(damaged())
def test_a_damaged_framework_is_read_whole_or_refused_in_sentences_with_their_places(data):
    document = write_document(data)

    pack, found = examine(document)

    for fault in found:
        assert fault.sentence[-1] in ".)?" and fault.where
        assert "pydantic" not in fault.sentence and "Input should" not in fault.sentence, fault
    if not found:
        assert pack is not None and read_pack(write_pack(pack)) == pack


@QUICK
@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")))
def test_any_text_at_all_is_refused_and_never_breaks_the_reader(text):
    assert faults(text)


@QUICK
@given(st.sampled_from(range(len(PACK))), st.integers(1, 40), TEXTS)
def test_a_pack_damaged_as_text_never_breaks_the_reader(place, length, text):
    examine(PACK[:place] + text + PACK[place + length :])


REPEATS = st.fixed_dictionaries(
    {"title": ONE_LINE, "at_least": st.integers(0, 5)},
    optional={"at_most": st.integers(5, 100), "name": ONE_LINE},
)


@QUICK
@given(st.dictionaries(st.integers(0, 2), REPEATS, min_size=1))
def test_a_framework_with_any_rows_comes_back_as_the_same(rows):
    data = copy.deepcopy(DATA)
    for place, repeats in rows.items():
        data["forms"]["case audit"]["sections"][place]["repeats"] = repeats
    pack, _ = examine(write_document(data))

    assert read_pack(write_pack(pack)) == pack
    for place, repeats in rows.items():
        assert pack.forms["case audit"].sections[place].repeats.title == repeats["title"]


def parts_of(value):
    """Every part of a framework that was read."""
    if isinstance(value, Part):
        yield value
        value = [getattr(value, key) for key in type(value).model_fields]
    elif isinstance(value, dict):
        value = list(value.values())
    for one in value if isinstance(value, list | tuple) else ():
        yield from parts_of(one)


def test_the_rich_framework_says_every_key_that_there_is():
    pack = read_pack(write_document(RICH))
    said = {}
    for part in parts_of(pack):
        said.setdefault(type(part), set()).update(part.model_fields_set)

    unsaid = {f"{kind.__name__}.{key}" for kind in said for key in set(kind.model_fields) - said[kind]}

    assert pack.every_calendar().keys() == {"", "quarterly", "as it happens"} and Framework in said
    assert unsaid == set()


@QUICK
@given(st.dictionaries(ONE_LINE, TEXTS, max_size=4))
def test_what_is_written_is_what_people_read(data):
    """Nothing is written as an escape that could stand as it is, whichever writer wrote it."""
    slow = yaml.dump(data, Dumper=documents._DumperOfEmoji, allow_unicode=True, sort_keys=False, width=110)

    assert write_document(data) == slow
