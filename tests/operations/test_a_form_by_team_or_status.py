"""One kind of audit whose form goes by the team or the legal status, as the how-to says (1.2)."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from goldenthread.audits.models import Judgement
from goldenthread.audits.sheets import sheet_of
from goldenthread.caseload.models import Fact
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries.coverage import coverage
from goldenthread.rules.documents import read_document, write_document
from tests.make import PACK, make_audit, make_council, make_cycle, make_subject, moment, publish_pack

pytestmark = pytest.mark.django_db
HOW_TO = Path(__file__).parents[2] / "docs/how-to/give-a-team-its-own-form.md"
SAID = yaml.safe_load(re.search(r"```yaml\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)[1])
AT = moment("2026-11-03T09:00")


def document():
    """The shipped framework with the sections of the how-to at the end of its form."""
    data = read_document(PACK.read_text()).data
    form = data["forms"][data["audit_types"]["audit"]["form"]]
    form["sections"] += SAID["forms"]["case audit"]["sections"]
    data["facts"] = {**data.get("facts", {}), **SAID["facts"]}
    return write_document(data)


def under(status, reference, unit, worker):
    """An open case of a team with a legal status."""
    subject = make_subject(reference, unit=unit, practitioner=worker)
    Fact.objects.create(subject=subject, name="legal status", value=status, starts_on=date(2026, 1, 1))
    return subject


def own_sections(audit):
    """Those of the form that not every audit has, as the auditor is asked them."""
    theirs = {section["key"] for section in SAID["forms"]["case audit"]["sections"]}
    return [section.key for section, _ in sheet_of(audit).sections if section.key in theirs]


def test_one_kind_of_audit_asks_each_team_and_status_its_own_sections_and_is_counted_as_one():
    publish_pack(document=document())
    council = make_council()
    make_cycle()
    team = council.team
    team.name = "Hospital discharge"
    team.save(update_fields=["name"])
    kinds = {
        "H": ("none", team),
        "O": ("order", council.other_team),
        "B": ("order", team),
        "N": ("none", council.other_team),
    }
    cases = {key: under(status, key, unit, council.priya) for key, (status, unit) in kinds.items()}
    done = {
        key: make_audit(council, "final", at=AT, subject=one, unit=kinds[key][1], number=f"2026-11/00{place}")
        for place, (key, one) in enumerate(cases.items(), start=1)
    }

    asked = {key: own_sections(audit) for key, audit in done.items()}
    assert asked == {"H": ["discharge"], "O": ["the order"], "B": ["discharge", "the order"], "N": []}
    assert {one.audit_type for one in done.values()} == {"audit"}
    graded = set(Judgement.objects.filter(audit=done["H"]).values_list("part", flat=True))
    assert "discharge" in graded and "the order" not in graded
    rows = coverage([Cycle.objects.get(label="2026-11")], reader=council.quinn, on=date(2026, 11, 20))
    assert {(row.key, row.holder): row.done for row in rows if row.sent} == {
        (rows[0].key, team.name): 2,
        (rows[0].key, council.other_team.name): 2,
    }


def test_what_becomes_of_the_case_after_it_was_sent_gives_the_audit_no_other_form():
    publish_pack(document=document())
    council = make_council()
    subject = under("order", "O", council.team, council.priya)
    audit = make_audit(council, at=AT, subject=subject)

    Fact.objects.filter(subject=subject).update(ends_on=date(2026, 11, 10))
    Fact.objects.create(subject=subject, name="legal status", value="none", starts_on=date(2026, 11, 11))

    assert own_sections(audit) == ["the order"]
