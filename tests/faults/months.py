"""As many months as a test wants to draw: a framework gives eight of a year, so there are many frameworks."""

from itertools import count

from goldenthread.rules.documents import read_document, write_document
from tests.make import PACK, make_person, make_subject, publish_pack

LABELS = [f"2027-{month:02}" for month in (1, 2, 4, 5, 7, 9, 10, 11)]
"""The months of the shipped framework's year in which something is drawn."""
CASES = 30
"""Enough for eight months, as nobody is audited twice in a year."""


def months(team):
    """The key of a framework and the label of a month in it, again and again; each has cases to be drawn."""
    for number in count():
        key = f"framework-{number}"
        publish_pack(document=write_document(read_document(PACK.read_text()).data | {"key": key}))
        for case in range(CASES):
            name = f"{number}-{case}"
            make_subject(name, unit=team, practitioner=make_person(f"Worker {name}"))
        for label in LABELS:
            yield key, label
