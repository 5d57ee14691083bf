# ruff: noqa: E501 - tables of cases, one on a line
"""Triggers: when what they lead to is sent and due, what counts, and what a framework may say of them."""

from datetime import date

import pytest
from pydantic import ValidationError

from goldenthread.rules.calendars import Calendar
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.reading import faults, read_pack
from goldenthread.rules.triggers import Trigger, not_owed, sources_of
from tests.make import PACK

CHILDREN = read_document(PACK.with_name("childrens-services.yaml").read_text()).data
ENGLAND = Calendar()
SUPERVISION = {
    "title": "A supervision was held",
    "on": "a supervision",
    "audit_type": "audit",
    "due": "3 weeks",
}


def trigger(**changes):
    return Trigger.model_validate(SUPERVISION | changes)


REVIEW = {"title": "The review", "on": "a day", "fact": "review", "audit_type": "audit"}


@pytest.mark.parametrize(
    ("changes", "day", "sent", "due"),
    [
        ({}, date(2026, 10, 1), date(2026, 10, 1), date(2026, 10, 22)),
        ({"after": "1 month", "due": "6 weeks"}, date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 14)),
        ({"due": "5 working days"}, date(2026, 12, 23), date(2026, 12, 23), date(2027, 1, 4)),
        ({"due": "1 working month"}, date(2026, 10, 28), date(2026, 10, 28), date(2026, 11, 30)),
        ({"due": "immediately"}, date(2026, 10, 28), date(2026, 10, 28), date(2026, 10, 28)),
        (REVIEW | {"before": "4 weeks", "due": None}, date(2026, 11, 30), date(2026, 11, 2), date(2026, 11, 30)),
        (REVIEW | {"before": "5 working days", "due": None}, date(2026, 12, 29), date(2026, 12, 18), date(2026, 12, 29)),
    ],
)  # fmt: skip
def test_an_audit_is_sent_and_due_by_the_clocks_of_its_trigger(changes, day, sent, due):
    rule = trigger(**changes)

    assert rule.sent_from(day, ENGLAND) == sent
    assert rule.due_by(day, ENGLAND).at.date() == due
    assert "on " in rule.due_by(day, ENGLAND).reason


@pytest.mark.parametrize(
    ("limits", "earlier", "counts"),
    [
        ({}, [date(2026, 10, 1)], True),
        ({"times": "once"}, [], True),
        ({"times": "once"}, [date(2025, 10, 1)], False),
        ({"at_most_every": "3 weeks"}, [date(2026, 9, 1)], True),
        ({"at_most_every": "3 weeks"}, [date(2026, 9, 30)], True),
        ({"at_most_every": "3 weeks"}, [date(2026, 10, 1)], False),
        ({"at_most_every": "3 weeks"}, [date(2026, 10, 30)], False),
    ],
)
def test_what_comes_too_often_is_passed_over_also_where_it_was_recorded_late(limits, earlier, counts):
    assert (not_owed(trigger(**limits), date(2026, 10, 21), earlier) == "") is counts


@pytest.mark.parametrize(
    ("day", "source", "is_one"),
    [
        (date(2026, 3, 10), date(2021, 3, 10), True),
        (date(2026, 3, 10), date(2026, 3, 10), False),
        (date(2026, 2, 28), date(2024, 2, 29), True),
        (date(2028, 2, 28), date(2024, 2, 29), False),
        (date(2028, 2, 29), date(2024, 2, 29), True),
    ],
)
def test_an_anniversary_comes_once_in_each_year_also_of_a_leap_day(day, source, is_one):
    assert (source in sources_of(day, each_year=True)) is is_one


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"fact": "review"}, "belongs to “a day”"),
        ({"on": "a day"}, "Say with “fact”"),
        ({"on": "an incident"}, "Say with “kinds”"),
        ({"on": "an audit completed"}, "Say with “of”"),
        ({"before": "1 week"}, "Only “a day”"),
        ({"due": None}, "Say with “due”"),
        ({"when": {"fact": "status", "is": "open"}}, "no one case"),
        (REVIEW | {"before": "1 week"}, "leave “after” and “due” out"),
    ],
)
def test_a_trigger_that_cannot_be_is_refused_in_a_sentence(changes, sentence):
    with pytest.raises(ValidationError, match=sentence):
        trigger(**changes)


def changed(*path, to):
    data = read_document(write_document(CHILDREN)).data
    at = data
    for step in path[:-1]:
        at = at[step]
    if to is None:
        del at[path[-1]]
    else:
        at[path[-1]] = to
    return write_document(data)


@pytest.mark.parametrize(
    ("path", "to", "where", "sentence"),
    [
        (("triggers",), None, "audit_types › completeness audit", "no trigger leads to it"),
        (("triggers", "supervision", "audit_type"), "quality audit", "triggers › supervision", "“continuous”"),
        (("triggers", "supervision", "audit_type"), "nothing", "triggers › supervision", "nothing"),
        (("audit_types", "completeness audit", "selection"), None, "triggers", "a “selection”"),
        (("clocks", "complete before supervision", "until"), "the cycle closes", "completeness audit", "its trigger"),
        (("clocks", "complete the audit", "until"), "its trigger says", "quality audit", "the cycle closes"),
        (("targets", "one per supervision", "each_time"), "a review", "one per supervision", "a review"),
        (("targets", "one per supervision", "counts"), ["quality audit"], "each_time", "does not count"),
        (("selection", "quality sample", "nominated_by"), ["nobody"], "nominated_by", "nobody"),
        (("selection", "quality sample", "choice"), "draw", "quality sample", "“nominated_by”"),
        (("selection", "quality sample", "agreeing_starts"), None, "quality sample", "“agreeing_starts”"),
        (("selection", "quality sample", "agreeing_starts"), "complete the audit", "agreeing_starts", "a length"),
        (("calendars", "as it happens", "left_out"), ["May"], "as it happens", "every cycle"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_a_fault_with_its_place(path, to, where, sentence):
    found = faults(changed(*path, to=to))

    assert [one for one in found if where in one.where and sentence in one.sentence], [
        str(one) for one in found
    ]


def test_each_kind_of_trigger_can_be_said_and_reads_as_a_sentence():
    data = read_document(write_document(CHILDREN)).data
    kind = {
        **data["audit_types"]["completeness audit"],
        "title": "Look into it",
        "pairing": "heads of service",
    }
    data["audit_types"]["look"] = kind
    data["facts"]["approved"] = "When it was approved"
    more = {"audit_type": "look", "due": "10 working days"}
    data["triggers"] |= {
        "incident": {"title": "An incident", "on": "an incident", "kinds": ["missing from home"], **more},
        "closure": {"title": "It closed", "on": "a closure", "after": "1 week", "times": "once", **more},
        "approval": {"title": "A year on", "on": "a day", "fact": "approved", "each_year": True, **more},
        "audited": {"title": "It was audited", "on": "an audit completed", "of": ["quality audit"], **more},
    }
    document = write_document(data)

    assert faults(document) == []
    said = {name: one.sentence() for name, one in read_pack(document).triggers.items()}
    assert said["closure"] == "Sent 1 week after a closure, due 10 working days after it; once"
    assert said["supervision"] == "Sent with a supervision, due 3 weeks after it; each time"
