"""Every field that can hold words is removed under retention, or holds none about people, with the reason."""

from django.apps import apps
from django.db import models

from goldenthread.audits import blanking as audits
from goldenthread.caseload import blanking as caseload
from goldenthread.escalations import blanking as escalations
from goldenthread.findings import blanking as findings
from goldenthread.governance import operations as governance
from goldenthread.improvement import blanking as improvement
from goldenthread.people import blanking as people
from goldenthread.programmes import blanking as programmes
from goldenthread.tasks import blanking as tasks

OF_AN_AUDIT = (audits.WORDS, escalations.WORDS, improvement.WORDS)
OTHERS = (
    findings.WORDS,
    escalations.OF_LATE_WORK,
    tasks.WORDS,
    people.WORDS,
    programmes.WORDS,
    programmes.OPAQUE,
    caseload.WORDS,
    governance.WORDS,
)
ID, KEY, FRAMEWORK = "an opaque id", "a name or key of the framework", "the framework's own words"
MARK, HASH, DIGEST = "the page's random mark", "a hash", "a digest"
FILE = "says of an extract's file and not of a case; it is replaced whole"
DRAW = "the proof of the draw: keys, counts and rules"
TEAM = "of a team, not of a case"
STAFF = "of staff, kept under the organisation's own rule for staff"
CHAIN = "sealed in the chain: names records by number or reference, and is never blanked"

EVERYWHERE = {
    "public_id": ID,
    "about_kind": KEY,
    "about_id": ID,
    "audit_type": KEY,
    "framework_key": KEY,
    "kind": KEY,
    "role": KEY,
    "part": KEY,
    "stage": KEY,
    "state": KEY,
    "outcome": KEY,
    "grade": KEY,
    "section": KEY,
    "question": KEY,
    "skipped_sections": KEY,
    "instead": KEY,
    "source": KEY,
    "sha256": HASH,
    "key": MARK,
    "mark": MARK,
}
"""Names that mean the same in every table that is not among those below."""
NO_WORDS = {
    "ledger.Event": dict.fromkeys(["by", "what", "about_label", "digest", "previous", "hash"], CHAIN),
    "ledger.EventValues": {"salt": "blanked with the values", "values": "blanked by `retention.blank`"},
    "ledger.Read": {"by": ID, "how": KEY},
    "people.Unit": {"reference": TEAM, "name": TEAM, "nation": TEAM},
    "people.Training": {"course": STAFF},
    "governance.Copy": {"rule": KEY, "sent_as": FRAMEWORK},
    "governance.FurtherReport": {"report": KEY},
    "governance.BreakGlass": {"reason": "of staff and the system; kept as evidence of who was let in"},
    "people.Session": {
        "session_key": DIGEST,
        "session_data": "forgotten when the sign-in has ended or lapsed, within a day",
        "browser": "what kind of browser it is",
        "ended": "one of a few reasons",
    },
    "people.Closure": {"name": "a bank holiday"},
    "frameworks.Framework": {"key": KEY, "title": FRAMEWORK},
    "frameworks.Version": {"document": FRAMEWORK, "reason": FRAMEWORK},
    "frameworks.Publishing": {"one_because": FRAMEWORK},
    "frameworks.Remit": {"reason": FRAMEWORK},
    "frameworks.Draft": {"title": FRAMEWORK, "document": FRAMEWORK, "reason": FRAMEWORK},
    "frameworks.BroughtIn": {"form": KEY, "left_out": FRAMEWORK},
    "frameworks.Grant": {"post": KEY, "scope": KEY, "permission": KEY},
    "caseload.Episode": {"preset": KEY, "list": KEY, "row_digest": DIGEST},
    "caseload.Work": {"basis": KEY},
    "caseload.Fact": {"name": KEY},
    "caseload.Extract": dict.fromkeys(
        ["preset", "file_name", "files", "headers", "mapping", "lists", "counts", "notes", "problem"], FILE
    ),
    "caseload.StagedRow": {
        "sheet": FILE,
        "list": KEY,
        "team": TEAM,
        "digest": DIGEST,
        "action": KEY,
        "mark": DIGEST,
    },
    "caseload.KnownRow": {"mark": DIGEST, "digest": DIGEST},
    "caseload.Rejection": dict.fromkeys(["sheet", "column", "reason"], FILE),
    "caseload.Change": {"table": KEY},
    "caseload.RememberedMapping": dict.fromkeys(["preset", "headers_digest", "mapping"], FILE),
    "tasks.Task": {"post": KEY},
    "tasks.ClockPause": {"reason": KEY},
    "tasks.Notice": {"key": "made of opaque ids", "path": "an address, of opaque ids", "held": KEY},
    "tasks.Appointment": {"path": "an address, of opaque ids"},
    "tasks.NoticeChoices": {"digest": KEY},
    "findings.Finding": {
        "about_label": "the audit's number",
        "theme": KEY,
        "source": KEY,
        "cause": KEY,
        "severity": KEY,
    },
    "registers.Item": dict.fromkeys(["key", "label", "method", "every"], TEAM),
    "registers.Check": {"note": TEAM},
    "audits.Audit": {"number": "the audit's number", "cycle": KEY, "phase": KEY, "stopped_as": KEY},
    "audits.Participant": {"relation": KEY},
    "audits.Hold": {"stops": KEY},
    "audits.GatePass": {"gate": KEY, "step": KEY},
    "audits.Consent": dict.fromkeys(["gate", "clock", "ended_as"], KEY),
    "audits.Closure": {"gate": KEY, "what": KEY},
    "audits.Judgement": {"rule": KEY, "advised": KEY},
    "audits.ModerationDraw": dict.fromkeys(
        ["framework", "rule", "cycle", "cycle_title", "method", "frame", "frame_sha256", "seed"], DRAW
    ),
    "audits.Moderation": {"blind": KEY},
    "audits.ModerationGrade": {"auditors": KEY},
    "audits.CaseNote": {"note_type": KEY},
    "audits.KeptScore": {"score": KEY},
    "programmes.Commission": {"trigger": KEY},
    "programmes.Cycle": dict.fromkeys(["calendar", "label", "title", "theme"], "of a cycle, not of a case"),
    "programmes.UnitTarget": {"target": KEY},
    "programmes.Draw": dict.fromkeys(["method", "frame", "frame_sha256", "seed", "abandoned_because"], DRAW),
    "programmes.ReauditDraw": dict.fromkeys(
        ["because", "each", "method", "frame", "frame_sha256", "seed"], DRAW
    ),
    "programmes.Stratum": {"name": DRAW, "shortfall": DRAW},
    "programmes.FrameEntry": dict.fromkeys(["key", "stratum", "reason", "turn"], DRAW),
    "programmes.Slot": {"unfilled": "opaque ids and rules"},
    "programmes.Allocation": {"imbalances": DRAW, "problem": DRAW},
    "programmes.DryRun": dict.fromkeys(["document", "doing", "result", "problem"], FRAMEWORK),
    "escalations.DisputePoint": {"about": KEY},
    "escalations.LateWork": {"ladder": KEY},
    "improvement.ClosingPass": {"gate": KEY},
    "improvement.Response": {"rule": KEY},
    "improvement.Action": {"level": KEY, "severity": KEY, "proof": KEY},
    "improvement.Verification": {"method": KEY},
}
HOLDING = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)


def removed():
    """Every field that retention removes, by its table."""
    found = {}
    for table in OF_AN_AUDIT:
        for model, said in table.items():
            fields = said[1]
            found.setdefault(model._meta.label, set()).update(fields)
    for model, fields in audits.IN_FORM.items():
        found.setdefault(model._meta.label, set()).update(fields)
    for table in OTHERS:
        for model, fields in table.items():
            found.setdefault(model._meta.label, set()).update(fields)
    return found


def undeclared():
    for model in apps.get_models():
        if not model.__module__.startswith("goldenthread."):
            continue  # sessions, sign-in attempts and jobs of libraries expire by themselves
        label, gone = model._meta.label, removed().get(model._meta.label, set())
        for field in model._meta.concrete_fields:
            said = {*gone, *NO_WORDS.get(label, {}), *EVERYWHERE}
            if isinstance(field, HOLDING) and not field.is_relation and field.name not in said:
                yield f"{label}.{field.name}"


def test_a_field_that_can_hold_words_is_removed_or_says_why_it_holds_none():
    assert list(undeclared()) == []


def test_nothing_is_declared_that_is_not_there():
    for label, fields in [*removed().items(), *NO_WORDS.items()]:
        there = {field.name for field in apps.get_model(label)._meta.concrete_fields}
        assert set(fields) <= there, label
