"""Whatever a draft says: a form saved untouched changes nothing, and every fault leads to a page."""

import copy

import pytest
from django.http import QueryDict
from django.urls import resolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.frameworks.models import Draft
from goldenthread.rules.documents import Fault, read_document, write_document
from goldenthread.rules.editing import at, put
from goldenthread.rules.reading import examine
from goldenthread.rules.shapes import chosen, shape_at
from goldenthread.web.frameworks.editor import conditions, places
from goldenthread.web.frameworks.editor.opened import Opened
from goldenthread.web.frameworks.editor.parts import changed, form_of
from goldenthread.web.frameworks.shipped import skeleton
from tests.make import PACK
from tests.rich_pack import RICH
from tests.rules.test_any_pack import AWKWARD, JUNK, LINE_PATHS, TEXTS, damaged, paths
from tests.typed import sent_by

PACKS = [read_document(PACK.read_text()).data, read_document(skeleton()).data]
DRAFT = Draft(title="Ours", document="")
NEW = ["standards", "schemes", "ended_standards", "calendars", "triggers", "subjects", "audit_types"]
NEW += ["selection", "disputes", "conduct", "gates", "responses", "actions", "agreements", "ladders"]
"""The parts of a framework that the shipped one says little of."""
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def opened(data, path):
    """A place as its page has it open."""
    return Opened(DRAFT, data, path, chosen(shape_at(data, path), at(data, path)))


def sent(markup):
    """A form as a browser sends it."""
    query = QueryDict(mutable=True)
    for name, values in sent_by(markup).items():
        query.setlist(name, values)
    return query


def pages(data):
    """The places of a document that have a form of plain keys."""
    found = [path for path in paths(data) if places.has_page(data, path)]
    return [()] + [
        path for path in found if opened(data, path).shape.kind not in ("condition", "table", "list")
    ]


def saved_untouched(data, path):
    """The document after the form of a place is opened and saved."""
    place = opened(data, path)
    form = form_of(place, sent(form_of(place).render()))
    assert form.is_valid(), form.errors
    return changed(place, form)


@pytest.mark.parametrize("data", PACKS, ids=["shipped", "skeleton"])
def test_every_page_of_a_pack_can_be_saved_untouched(data):
    for path in pages(data):
        assert write_document(saved_untouched(data, path)) == write_document(data), path


def one_of_each_kind(found):
    """Of these places of the rich document, one of each kind that says the same keys."""
    kinds = {}
    for path in found:
        place = opened(RICH, path)
        said = tuple(place.value) if isinstance(place.value, dict) else type(place.value).__name__
        kinds.setdefault((place.shape.kind, path[0] if path else "", len(path), said), path)
    return list(kinds.values())


def test_every_kind_of_page_of_the_rich_framework_can_be_saved_untouched():
    found = [path for path in pages(RICH) if path[:1] in [(key,) for key in NEW] or path == ()]

    for path in one_of_each_kind(found):
        assert write_document(saved_untouched(RICH, path)) == write_document(RICH), path


@pytest.mark.parametrize("junk", [False, ["words"]])
def test_a_part_that_is_no_part_at_all_still_has_a_page(junk):
    found = [path for path in pages(RICH) if path[:1] in [(key,) for key in [*NEW, "roles", "clocks"]]]

    for path in one_of_each_kind(found):
        leads_to_a_page(put(RICH, path, junk), Fault((), "It says nothing.", place=path))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("clocks", "quality check", "owed_by"), "somebody gone"),
        (("concern", "tells"), ["quality team", "somebody gone"]),
        (("audit_types", "audit", "layer"), "weekly"),
        (("clocks", "quality check", "length"), {"odd": 1}),
    ],
)
def test_what_is_not_known_any_more_stays_until_somebody_changes_it(path, value):
    document = put(PACKS[0], path, value)

    assert saved_untouched(document, path[:-1]) == document


@QUICK
@given(st.dictionaries(st.sampled_from(LINE_PATHS["shipped"]), TEXTS, max_size=4), st.data())
def test_a_form_saved_untouched_changes_nothing_in_any_words(texts, data):
    document = copy.deepcopy(PACKS[0])
    for path, text in texts.items():
        document = put(document, path, text)
    path = data.draw(st.sampled_from(sorted({path[:-1] for path in texts}, key=str) or [()]))

    assert write_document(saved_untouched(document, path)) == write_document(document)


@settings(QUICK, max_examples=60)
@given(damaged(), st.data())
def test_a_form_saved_untouched_changes_nothing_in_a_damaged_draft(document, data):
    path = data.draw(st.sampled_from(pages(document)))

    assert write_document(saved_untouched(document, path)) == write_document(document)


def leads_to_a_page(document, fault):
    """Whether the page of a fault is there and shows the nearest part."""
    address = places.page_of(DRAFT, document, fault.place)
    page, _, query = address.partition("?")
    path = places.read(QueryDict(query).get("at", ""), document)
    assert path is not None and path == fault.place[: len(path)]
    assert resolve(page).url_name in ("edit_part", "edit_comparison")
    place = opened(document, path)
    if place.shape.kind == "condition":
        assert not isinstance(place.value, list)
        conditions.lines.group_of(place.value, path)
    else:
        form_of(place).render()


@settings(QUICK, max_examples=60)
@given(damaged())
def test_every_fault_of_any_draft_leads_to_a_page_that_is_there(document):
    for fault in examine(write_document(document))[1]:
        leads_to_a_page(document, fault)


@QUICK
@given(st.data(), st.sampled_from(AWKWARD) | TEXTS | JUNK.map(str))
def test_whatever_is_typed_is_kept_and_each_fault_of_it_has_a_page(data, text):
    document = data.draw(st.sampled_from(PACKS))
    place = opened(document, data.draw(st.sampled_from(pages(document))))
    form = form_of(place)
    boxes = [name for name, field in form.fields.items() if not hasattr(field, "choices")]
    if not boxes:
        return
    typed = sent(form.render())
    typed[data.draw(st.sampled_from(boxes))] = text

    form = form_of(place, typed)

    if form.is_valid():
        after = changed(place, form)
        for fault in examine(write_document(after))[1]:
            leads_to_a_page(after, fault)
