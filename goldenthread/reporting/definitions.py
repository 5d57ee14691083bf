"""What a figure counts, in a sentence."""

from __future__ import annotations

from goldenthread.measures.slices import Slice
from goldenthread.people.models import Person, Unit
from goldenthread.rules.calendars import in_words
from goldenthread.rules.equivalence import best_answers
from goldenthread.rules.forms import NOT_ANSWERED
from goldenthread.rules.framework import Framework
from goldenthread.rules.grading import labels_of

MOVED = {"up": "went up", "same": "stayed the same", "down": "went down"}
AGAINST = {
    "better": "better, compared",
    "same": "the same, compared",
    "worse": "worse, compared",
    "not comparable": "not to be compared",
}
PROGRESS = {
    "done": "finished",
    "on time": "finished by the {cycle}'s closing day, or by the later day that was given",
    "late": "finished after the {cycle}'s closing day, or after the later day that was given",
    "in hand": "not finished, with the {cycle} still open",
    "missing": "not finished by the {cycle}'s closing day, or by the later day that was given",
    "not accepted": "not accepted, since the amended report did not come in time",
}


def definition(piece: Slice, pack: Framework, period_title: str) -> str:
    """The slice as a sentence, in the framework's words."""
    if piece.goal in pack.goals:
        goal = pack.goals[piece.goal]
        over = "the year up to " if goal.over != "cycle" else ""
        which = "those that came to it" if piece.came_to else "all that count"
        unit = Unit.objects.filter(public_id=piece.unit).first() if piece.unit else None
        team = f"; team: {unit.name}" if unit else ""
        return f"{goal.title}, {over}{period_title}: {goal.share_of}; {which}{team}."
    kind = (
        pack.audit_types[piece.audit_type].title
        if piece.audit_type in pack.audit_types
        else f"All kinds of {pack.words['audit']}"
    )
    said = [f"{kind}, {period_title}"]
    if piece.versions:
        numbers = in_words(piece.versions.split("-"))
        said.append(f"under version{'s' if '-' in piece.versions else ''} {numbers} of the framework")
    if piece.unit:
        unit = Unit.objects.filter(public_id=piece.unit).first()
        said.append(f"team: {unit.name if unit else 'not known'}")
    said += _of_breakdowns(piece, pack)
    if piece.progress in PROGRESS:
        said.append(PROGRESS[piece.progress].format_map(pack.words))
    if piece.part:
        said += _of_grades(piece, pack)
    if piece.against:
        what = AGAINST.get(piece.against, "compared")
        said.append(f"finished, and overall {what} with the {pack.words['audit']} that was looked at again")
    if piece.question and piece.audit_type in pack.audit_types:
        said += _of_answers(piece, pack)
    return "; ".join(said + _of_findings(piece, pack)) + "."


def _of_breakdowns(piece: Slice, pack: Framework) -> list[str]:
    said = []
    if piece.service:
        unit = Unit.objects.filter(public_id=piece.service).first()
        said.append(f"service when it was sent: {unit.name if unit else 'not known'}")
    if piece.auditor:
        person = Person.objects.filter(public_id=piece.auditor).first()
        said.append(f"{pack.words['auditor']}: {person.name if person else 'not known'}")
    if piece.state and piece.audit_type in pack.audit_types:
        state = pack.flow_of(piece.audit_type).states.get(piece.state)
        said.append(f"status: {state.label if state else piece.state}")
    if piece.fact:
        said.append(f"{piece.fact} when it was sent: {piece.value or 'not known'}")
    return said


def _of_findings(piece: Slice, pack: Framework) -> list[str]:
    said = []
    if piece.theme:
        said.append(f"{pack.words['theme']}: {pack.themes.get(piece.theme, piece.theme)}")
    if piece.source:
        said.append(f"source: {pack.sources.get(piece.source, piece.source)}")
    if piece.cause:
        cause = pack.causes.get(piece.cause)
        said.append(f"{pack.words['likely_cause']}: {cause.title if cause else piece.cause}")
    if piece.severity:
        severity = pack.severities.get(piece.severity)
        said.append(f"{pack.words['severity']}: {severity.title if severity else piece.severity}")
    if piece.finding:
        good = f"found as {pack.words['good_practice']}"
        said.append(good if piece.finding == "good" else "found as something to improve")
    return said


def _of_answers(piece: Slice, pack: Framework) -> list[str]:
    question = pack.form_of(piece.audit_type).question(piece.question)
    said = [f"finished, with an answer to “{question.text if question else piece.question}” that counts"]
    ways = question.leaves_score if question else ()
    left_out = [NOT_ANSWERED[one] for one in ways if question and one in question.instead]
    if left_out:
        said.append("without " + " and ".join(f"“{one}”" for one in left_out))
    if piece.complies and question:
        best = best_answers(question)
        answered = "not answered " if piece.complies == "no" else "answered "
        said.append(answered + " or ".join(one.label for one in question.options if one.key in best))
    return said


def _of_grades(piece: Slice, pack: Framework) -> list[str]:
    if piece.audit_type not in pack.audit_types:
        return []
    word = pack.words["grade"]
    grading, scale = pack.grading_of(piece.audit_type), pack.scale_of(piece.audit_type)
    part = labels_of(pack.form_of(piece.audit_type), grading).get(piece.part, piece.part)
    stage = grading.stage(piece.stage)
    if piece.good == "none":
        return [f"not finished, or not graded for {part}"]
    said = [
        f"finished and graded for {part}{', ' + stage.label.lower() if stage else f', the {word} of record'}"
    ]
    if piece.grade:
        said.append(f"graded {scale.label(piece.grade)}")
    if piece.good in ("yes", "no"):
        meant = [value.label for value in scale.graded() if value.good == (piece.good == "yes")]
        said.append("graded " + " or ".join(meant))
    if piece.moved:
        said.append(f"the {word} {MOVED.get(piece.moved, piece.moved)} since the first stage")
    return said
