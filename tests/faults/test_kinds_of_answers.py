"""Whatever is written into a field of each kind is kept as it was written, or refused in a sentence.

What is kept is worked out here from what was sent alone, so that both databases keep the same.
"""

import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.audits.models import Answer, AnswerVersion
from tests.answer_packs import given_to, with_questions
from tests.faults import size
from tests.faults.test_together import signed_in
from tests.make import make_audit, make_council, publish_pack

pytestmark = pytest.mark.django_db
CHOICES = [{"key": "always", "label": "Always"}, {"key": "at times", "label": "At times"}]
KINDS = {
    "yes or no": {},
    "one of": {"choices": CHOICES},
    "several of": {"choices": CHOICES},
    "text": {},
    "long text": {},
    "number": {"at_least": -5, "at_most": 1e6},
    "whole number": {},
    "date": {},
    "person": {},
}
ODD = (
    *("", " ", "\0", "\ufeff", "a\0b", "\r", "\r\n", "a\r\nb\rc\nd", " lead and trail ", "\t", "\u2028"),
    *(
        "Zoe\u0308",
        "Zoë",
        "\u202etxt.exe",
        "\u200b",
        "\U0001f9f5",
        "＝1+1",
        "=1+1",
        "'",
        '"',
        "\\",
        "%s",
        "{{ x }}",
    ),
)
NUMBERS = (
    "0",
    "-0",
    "1",
    "1.5",
    "1,5",
    "1e3",
    "1e999",
    "NaN",
    "Infinity",
    "-6",
    "٣",
    "0x10",
    "1_000",
    "9" * 400,
)
DAYS = (
    "2026-02-29",
    "2026-02-28",
    "28/02/2026",
    "28.02.2026",
    "1/1/1",
    "31/04/2026",
    "0000-00-00",
    "9999-12-31",
)
HELD = {
    "yes or no": ("=yes", "~unknown"),
    "one of": ("=always", "=at times"),
    "several of": ("always", "at times"),
    "number": ("1.5", "-2"),
    "whole number": ("7", "-2"),
    "date": ("28/02/2026", "2026-03-01"),
}
"""What a question of the kind takes, so that enough is taken."""
TEXTS = st.sampled_from(ODD) | st.text(max_size=60) | st.lists(st.sampled_from(ODD), max_size=4).map("".join)
WRITTEN = TEXTS | st.sampled_from(NUMBERS) | st.sampled_from(DAYS)


def plain(text):
    """What any text comes to: no NUL, and one kind of line end."""
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def day_of(text):
    """The day that was meant, if it is one as people here write days."""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d %m %Y", "%d.%m.%Y", "%d-%m-%Y"):
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return text


def fields_of(kind, words):
    """What the page would send for a question of that kind."""
    if kind in ("yes or no", "one of"):
        return {"choice:asked": words[0] if words else ""}
    if kind == "several of":
        return {"value:asked": words}
    if kind == "person":
        return {"value:asked": "", "written:asked": words[0] if words else ""}
    return {"value:asked": words[0] if words else ""}


def kept_of(kind, words):
    """What must be kept if it is taken."""
    sent = words[0] if words else ""
    if kind in ("yes or no", "one of"):
        return sent.removeprefix("=") if not sent.startswith("~") else ""
    if kind == "several of":
        return tuple(words)
    first = plain(sent)
    if kind == "person":
        name = " ".join(first.split())  # a name stands on one line
        return ("", name) if name else ""
    return first if kind == "long text" else day_of(first.strip()) if kind == "date" else first.strip()


def check_kind(kind, value):
    """What is taken is of the kind; nothing at all is taken by all."""
    if not value:
        return
    if kind == "number":
        assert -5 <= Decimal(value) <= 1_000_000
    elif kind == "whole number":
        assert Decimal(value) == int(value)
    elif kind == "date":
        assert date.fromisoformat(value)
    elif kind == "yes or no":
        assert value in ("yes", "no")
    elif kind in ("one of", "several of"):
        assert {value} if isinstance(value, str) else set(value) <= {one["key"] for one in CHOICES}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_kept_as_it_was_or_refused_in_a_sentence(kind):
    question = {"key": "asked", "text": "Asked", "type": kind, "required": False, **KINDS[kind]}
    publish_pack(document=with_questions([question]))
    audit = make_audit(make_council())
    browser, path = signed_in(audit.auditor), reverse("save_answer", args=[audit.public_id])
    taken = set()
    words = st.lists(
        WRITTEN | st.sampled_from(HELD.get(kind, ("",))), max_size=3 if kind == "several of" else 1
    )

    @settings(
        max_examples=size(30, 10_000),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(words)
    def holds(words):
        stood = Answer.objects.filter(audit=audit).first()
        number = AnswerVersion.objects.count()
        version = stood.version if stood else 0

        told = {"question": "asked", "version": version} | fields_of(kind, words)
        answer = browser.post(path, told)

        said = json.loads(answer.content)
        if answer.status_code != 200:
            assert len(said["sentence"]) > 20
            assert AnswerVersion.objects.count() == number
            return
        value = given_to(audit, "asked").value if said["version"] else kept_of(kind, [])
        assert (value or "") == (kept_of(kind, words) or "")
        check_kind(kind, value)
        taken.add(value)
        again = browser.post(path, told | {"version": said["version"]})
        assert json.loads(again.content)["version"] == said["version"], "the same words are no change"

    holds()
    assert len(taken) > 1, "something was taken"
    assert AnswerVersion.objects.count() == (Answer.objects.get(audit=audit).version)


@pytest.mark.parametrize("sent", ["maybe", "=maybe", "\0", "~perhaps"])
def test_a_choice_that_is_not_offered_takes_no_answer_away(sent):
    publish_pack(document=with_questions([{"key": "asked", "text": "Asked", "type": "yes or no"}]))
    audit = make_audit(make_council())
    browser, path = signed_in(audit.auditor), reverse("save_answer", args=[audit.public_id])
    assert browser.post(path, {"question": "asked", "choice:asked": "=no", "version": 0}).status_code == 200

    answer = browser.post(path, {"question": "asked", "choice:asked": sent, "version": 1})

    assert "sentence" in json.loads(answer.content)
    assert given_to(audit, "asked").value == "no"
