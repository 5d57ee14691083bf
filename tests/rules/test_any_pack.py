# ruff: noqa: E501 - a table of awkward words
"""Any framework that can be read is written and read as the same; any that is damaged is refused in sentences."""

import copy
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.reading import examine, faults, read_pack, write_pack

PACK = (Path(__file__).resolve().parents[2] / "goldenthread/packs/adult-social-care.yaml").read_text()
DATA = read_document(PACK).data
FREE = {"purpose", "source", "guidance", "summary"}
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


PATHS = list(paths(DATA))


def at(data, path):
    """The part of the document that holds the last step."""
    for step in path[:-1]:
        data = data[step]
    return data


FREE_PATHS = [path for path in PATHS if path[-1] in FREE and isinstance(at(DATA, path)[path[-1]], str)]
LINE_PATHS = [
    path
    for path in PATHS
    if path[-1] in LINES
    and path[0] != "filing"
    and path[-2:-1] != ("note",)
    and isinstance(at(DATA, path)[path[-1]], str)
]
ONE_LINE = TEXTS.map(lambda text: " ".join(text.split())[:25].strip()).filter(bool)


@QUICK
@given(
    st.dictionaries(st.sampled_from(FREE_PATHS), TEXTS, max_size=6),
    st.dictionaries(st.sampled_from(LINE_PATHS), ONE_LINE, max_size=12),
)
def test_a_framework_in_any_words_comes_back_as_the_same_and_byte_for_byte(texts, lines):
    data = copy.deepcopy(DATA)
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
    """The shipped pack with a few parts deleted, renamed, replaced or moved."""
    data = copy.deepcopy(DATA)
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(PATHS))
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
            other = draw(st.sampled_from(PATHS))
            holder[last] = copy.deepcopy(at(DATA, other)[other[-1]])
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
