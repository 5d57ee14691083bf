"""Two frameworks in one installation, and both moved whole into an empty one."""

import io
from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction

from goldenthread.caseload.models import Subject
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import current, pack_of
from goldenthread.people.models import Person
from goldenthread.programmes.models import Draw
from goldenthread.programmes.operations.draws import draw, freeze_frame
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.programmes.operations.year import set_theme
from goldenthread.programmes.queries.documents import document_of, frame_bytes
from goldenthread.rules.dice import Dice
from goldenthread.rules.filling import fill
from tests.make import (
    PACK,
    make_audit,
    make_council,
    make_cycle,
    make_person,
    make_subject,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db
CHILDREN = PACK.with_name("childrens-services.yaml")
PACKS = {"adult-social-care": PACK, "childrens-services": CHILDREN}


def test_a_manager_of_both_has_one_task_list_with_both_each_in_its_own_words(client):
    own_words = CHILDREN.read_text().replace("title: Complete the audit", "title: Complete the reflection")
    adults, children = publish_pack(), publish_pack(document=own_words)
    council = make_council()
    make_audit(council, version=adults, number="2026-11/001")
    make_audit(council, version=children, number="2026-11/C02", audit_type="quality audit")
    client.force_login(council.ada)

    page = client.get("/tasks/").text

    assert "Complete the audit" in page and "Case audit 2026-11/001" in page
    assert "Complete the reflection" in page and "Quality audit 2026-11/C02" in page


def exported():
    """Each published framework as the command writes it out."""
    found = {}
    for key in PACKS:
        out = io.StringIO()
        call_command("framework", "export", key, stdout=out)
        found[key] = out.getvalue()
    return found


def council_with_cases():
    """The same council in every installation: cases and workers have the same keys."""
    council = make_council()
    for number in range(8):
        worker = make_person(f"Worker {number}")
        subject = make_subject(f"CASE-{number}", unit=council.team, practitioner=worker)
        Person.objects.filter(pk=worker.pk).update(public_id=f"worker-{number}")
        Subject.objects.filter(pk=subject.pk).update(public_id=f"case-{number}")


def drawn():
    """What a seed draws in a month of the adults' framework, with its frame."""
    cycle = make_cycle("2026-11", version=current("adult-social-care"))
    if cycle.themed:
        set_theme(cycle, theme="Voice", unit=None, by=None, at=moment())
    place_reaudits(cycle, by=None, at=moment())
    done = draw(freeze_frame(cycle, "audit", by=None, at=moment()), seed="424242", by=None, at=moment())
    return document_of(done).as_json(), frame_bytes(Draw.objects.get(pk=done.pk))


def graded():
    """What the rules of each framework say of the same answers, kind by kind."""
    found = []
    for key in PACKS:
        pack = pack_of(current(key))
        for kind in pack.audit_types:
            found += [fill(pack, kind, Dice(str(n)), on=date(2026, 11, 2)) for n in range(5)]
    return found


def test_after_export_and_import_into_an_empty_installation_grades_and_draws_are_the_same():
    with transaction.atomic():
        for path in PACKS.values():
            publish_pack(document=path.read_text())
        council_with_cases()
        documents, before = exported(), (drawn(), graded())
        transaction.set_rollback(True)
    assert not Version.objects.exists()

    for document in documents.values():
        publish_pack(document=document)
    council_with_cases()

    assert (drawn(), graded()) == before
    assert exported() == documents
