"""Answers and grades saved many at a time leave what single saves leave, in every row (decision 9)."""

import secrets
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import transaction

from goldenthread.audits.models import AnswerVersion, Judgement
from goldenthread.ledger.models import Event
from goldenthread.web.demo.making import make_demo

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 1, 12, tzinfo=ZoneInfo("Europe/London"))
"""Between two cycles, so that one alone is made."""


class UndoneError(Exception):
    """Ends a transaction without leaving anything."""


def rows():
    """Every row of every table, the oldest first; a key of a row is its place in its table."""
    tables = {model: list(model.objects.order_by("pk").values()) for model in apps.get_models()}
    places = {
        model: {row[model._meta.pk.attname]: place for place, row in enumerate(held)}
        for model, held in tables.items()
    }

    def told(model, row):
        for field in model._meta.concrete_fields:
            of = field.related_model or (model if field.primary_key else None)
            yield field.attname, places[of].get(row[field.attname]) if of else row[field.attname]

    return {model.__name__: [dict(told(model, row)) for row in held] for model, held in tables.items()}


def made(monkeypatch, *, together):
    """The rows of a demo of one finished cycle, its ids and salts drawn from the same numbers each time."""
    ids, salts = Random(1), Random(2)
    monkeypatch.setattr(secrets, "randbits", ids.getrandbits)
    monkeypatch.setattr(secrets, "choice", ids.choice)
    monkeypatch.setattr(secrets, "token_hex", lambda length: salts.randbytes(length).hex())
    found = {}
    with pytest.raises(UndoneError), transaction.atomic():
        make_demo(at=AT, months=1, say=lambda _line: None, together=together)
        found = rows()
        raise UndoneError
    return found


@pytest.mark.slow
def test_a_cycle_saved_together_is_the_cycle_saved_one_by_one_in_every_row(monkeypatch):
    one_by_one = made(monkeypatch, together=False)
    together = made(monkeypatch, together=True)

    for name in (AnswerVersion.__name__, Judgement.__name__, Event.__name__):
        assert len(together[name]) > 300
    assert together.keys() == one_by_one.keys()
    for name, held in one_by_one.items():
        assert together[name] == held, name
