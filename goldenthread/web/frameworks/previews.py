"""What the pages of one version show: its history, a form as it will be asked, the steps of a flow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from goldenthread.frameworks.models import Draft, Framework, Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.rules.calendars import in_words
from goldenthread.rules.conditions import sentence
from goldenthread.rules.diagrams import diagram_of
from goldenthread.rules.flow import PHASES, State, Step
from goldenthread.rules.forms import NOT_ANSWERED, Form, Question
from goldenthread.rules.framework import Framework as Pack
from goldenthread.rules.rows import Repeats
from goldenthread.rules.signing import PERSON
from goldenthread.rules.spans import parse_span, span_after
from goldenthread.rules.vocabulary import STANDARD_WORDS
from goldenthread.web.frameworks.wording import NOBODY, clock_titles, only_if, roles
from goldenthread.web.tables import Table

MOST_DRAFTS = 50
TYPES = {
    "yes or no": "Yes or no",
    "one of": "One answer of several",
    "several of": "Any of several answers",
    "text": "A line of text",
    "long text": "Free text",
    "number": "A number",
    "whole number": "A whole number",
    "date": "A date",
    "person": "A person: chosen from a list",
    "signature": "A signature: by the one act of signing",
    "file": "Files to be attached",
    "note": "",
}
COUNTED = {"not accepted": "counted as not accepted", "exempt": "left out of what was owed"}
NEEDED = {
    "grades": "{grades}",
    "a conversation arranged": "{a_conversation} arranged",
    "a conversation held": "{a_conversation} held",
    "a case note": "{a_case_note}",
}
"""What a step requires, where it is said in the framework's words."""


def address(version: Version) -> str:
    """Where a version is shown in words."""
    return reverse("show_framework_version", args=[version.framework.public_id, version.number])


def versions(framework: Framework, found: Iterable[Version]) -> Table:
    """The versions of a framework, newest first."""
    rows = [
        [
            {
                "text": f"Version {version.number}",
                "url": reverse("show_framework_version", args=[framework.public_id, version.number]),
            },
            f"{version.effective_on:%-d %B %Y}",
            str(version.published_by or "The installation"),
            version.reason or "No reason given",
        ]
        for version in found
    ]
    return Table("Versions", ["Version", "In force from", "Published by", "Why"], rows)


def drafts() -> Table:
    """The drafts that are worked on, newest first."""
    found = Draft.objects.open().select_related("saved_by", "based_on__framework").defer("document")
    rows = [
        [
            {"text": draft.title, "url": reverse("show_draft", args=[draft.public_id])},
            str(draft.based_on or "Nothing published"),
            f"{draft.saved_by}, {localtime(draft.saved_at):%-d %B %Y %H:%M}",
            draft.get_state_display().capitalize(),
        ]
        for draft in found.order_by("-saved_at")[:MOST_DRAFTS]
    ]
    return Table("Drafts", ["Draft", "Based on", "Last saved", "State"], rows, "No drafts.")


def review_due(version: Version, pack: Pack) -> date | None:
    """The day on which a version is due to be looked at again, if the framework says."""
    return span_after(parse_span(pack.reviewed_after), version.effective_on) if pack.reviewed_after else None


def review_cell(version: Version, *, on: date) -> str:
    """When a version is to be looked at again, and whether that day has passed."""
    due = review_due(version, pack_of(version))
    return "No day set" if due is None else f"{due:%-d %B %Y}{', overdue' if due < on else ''}"


def about(version: Version, pack: Pack) -> list[dict[str, str]]:
    """The head of a version's page."""
    rows = {
        "Owner": pack.owner,
        "Purpose": pack.purpose,
        "Source": pack.source or "The organisation's own",
        **({"Approved by": pack.approved_by} if pack.approved_by else {}),
        "In force from": f"{version.effective_on:%-d %B %Y}",
        **({"Review due": f"{due:%-d %B %Y}"} if (due := review_due(version, pack)) else {}),
        "Published by": str(version.published_by or "The installation"),
        "Why this version": version.reason or "No reason given",
        "Check sum (SHA-256)": version.sha256,
    }
    return [{"key": key, "value": value} for key, value in rows.items()]


def sections(pack: Pack, name: str) -> list[dict[str, Any]]:
    """The sections of a framework's form with their questions as they will be asked."""
    return sections_of(pack.forms[name], pack)


def sections_of(form: Form, pack: Pack | None = None) -> list[dict[str, Any]]:
    """The sections of a form, of a framework or of none yet."""
    auditor = _auditor(pack)
    return [
        {
            "title": form.title_of(section),
            "guidance": section.guidance,
            "notes": [
                *([f"Asked only if {sentence(section.when)}."] if section.when else []),
                *(_rows(section.repeats) if section.repeats else []),
                *(["Graded."] if section.graded else []),
                *([f"The {auditor} may skip it where it does not apply."] if section.may_skip else []),
            ],
            "grades": [
                {"label": _grade(pack, one.grade), "points": one.points} for one in section.descriptors
            ],
            "questions": [_question(pack, question) for question in section.questions],
        }
        for section in form.sections
    ]


def _grade(pack: Pack | None, key: str) -> str:
    """The word of a grade, by the first scale that has it; its key where there is none yet."""
    found = (scale.value(key) for scale in (pack.scales.values() if pack else ()))
    return next((value.label for value in found if value), key)


def _rows(repeats: Repeats) -> list[str]:
    """What a section is repeated for, and how often."""
    fewest = "" if repeats.at_least == 0 else f" at least {repeats.at_least},"
    most = f"at most {repeats.at_most}"
    return [
        f"Asked once in each row, for {repeats.title}:{fewest} {most}. A row is known by: {repeats.name}."
    ]


def _auditor(pack: Pack | None) -> str:
    """The framework's word for an auditor, or the standard one."""
    return (pack.words if pack else STANDARD_WORDS)["auditor"]


def _question(pack: Pack | None, question: Question) -> dict[str, Any]:
    lines = question.guidance.splitlines()
    return {
        "text": question.text,
        "bullets": [line.removeprefix("- ") for line in lines if line.startswith("- ")],
        "guidance": [line for line in lines if line and not line.startswith("- ")],
        "answers": _answers(question),
        "rules": _rules(pack, question),
    }


def _answers(question: Question) -> list[str]:
    """What may be answered, and the ways of not answering."""
    options = [
        f"{option.label} ({option.points:g} {'point' if option.points == 1 else 'points'})"
        if option.points is not None
        else option.label
        for option in question.options
    ]
    if question.is_note:
        return []
    return [*(options or [TYPES[question.type]]), *(NOT_ANSWERED[one] for one in question.instead)]


def _rules(pack: Pack | None, question: Question) -> list[str]:
    """When a question is asked, must be answered and needs evidence."""
    found = []
    if question.when:
        found.append(f"Asked only if {sentence(question.when)}.")
    if not isinstance(question.required, bool):
        found.append(f"Must be answered if {sentence(question.required)}.")
    elif not question.required and not question.is_note:
        found.append("May be left out.")
    if question.limits:
        found.append(question.limits)
    found += _reasons(question) + _beside(pack, question)
    if question.evidence == "always":
        found.append(f"The {_auditor(pack)} says what they saw.")
    elif question.evidence != "never":
        labels = {option.key: option.label for option in question.options}
        answers = in_words(f"“{labels.get(key, key)}”" for key in question.evidence)
        found.append(f"The {_auditor(pack)} says what they saw after {answers}.")
    if question.critical:
        found.append("Critical.")
    if pack:
        titles = [pack.standards[name].title for name in question.standards if name in pack.standards]
        found += [f"Standard: {title}." for title in titles]
        found += [f"From: {one}." for one in _titles(question.sources, pack.sources)]
    found += _people(pack, question)
    if question.answered_by:
        role = roles(pack, [question.answered_by]) if pack else question.answered_by
        found.append(f"Answered by: {role}.")
    return found


def _titles(names: Iterable[str], table: Mapping[str, str]) -> list[str]:
    """The titles of those names, together; none for none."""
    return ["; ".join(table.get(name, name) for name in names)] if names else []


def _people(pack: Pack | None, question: Question) -> list[str]:
    """Who may be named or may sign, as sentences."""
    found = (
        ["The name of somebody else may be written."] if question.type == PERSON and question.by_name else []
    )
    if question.roles:
        held = roles(pack, question.roles) if pack else in_words(question.roles)
        found.append(f"{'Signed by' if question.is_signature else 'Chosen from'}: {held}.")
    return found


def _reasons(question: Question) -> list[str]:
    """What each way of not answering does, as a sentence."""
    scored = any(one.points is not None for one in question.options)
    found = []
    for one in question.instead:
        if scored:
            leaves = one in question.leaves_score
            found.append(
                f"“{NOT_ANSWERED[one]}” {'does not count in a score' if leaves else 'scores nothing'}."
            )
        if one in question.not_enough:
            found.append(f"“{NOT_ANSWERED[one]}” is not enough where it must be answered.")
    return found


def _beside(pack: Pack | None, question: Question) -> list[str]:
    """What the case system says beside it, as a sentence."""
    if not question.beside:
        return []
    shown = in_words(
        f"{one.label} (days since “{one.since}”)" if one.since else f"{one.label} (“{one.fact}”)"
        for one in question.beside
    )
    return [f"Beside it, from the {(pack.words if pack else STANDARD_WORDS)['case_system']}: {shown}."]


def scales(pack: Pack, form: str) -> list[dict[str, Any]]:
    """The grades in view while grading, with what each looks like."""
    gradings = {kind.grading for kind in pack.audit_types.values() if kind.form == form}
    names = dict.fromkeys(pack.grading[name].scale for name in gradings if name in pack.grading)
    return [{"values": pack.scales[name].values} for name in names if name in pack.scales]


def form_page(pack: Pack, name: str) -> dict[str, Any]:
    """What the page of a form shows."""
    return {
        "form_title": pack.forms[name].title,
        "length": _length(pack.forms[name]),
        "sections": sections(pack, name),
        "scales": scales(pack, name),
    }


def _length(form: Form) -> str:
    """How much a form asks, so that whoever writes one sees it grow."""
    questions = [one for one in form.questions() if not one.is_note]
    needed = sum(one.required is not False for one in questions)
    asked = "1 question" if len(questions) == 1 else f"{len(questions)} questions"
    among = "1 section" if len(form.sections) == 1 else f"{len(form.sections)} sections"
    apply = "it applies" if needed == 1 else "they apply"
    return f"{asked} in {among}; {needed} must be answered where {apply}."


def flow_page(pack: Pack, name: str) -> dict[str, Any]:
    """What the page of a flow shows."""
    return {
        "flow": pack.flows[name],
        "diagram": diagram_of(pack.flows[name]),
        "steps": steps(pack, name),
        "states": states(pack, name),
        "conversation": conversation(pack, name),
    }


def steps(pack: Pack, name: str) -> Table:
    """The steps of a flow, numbered as in the drawing."""
    flow = pack.flows[name]
    rows = [
        [
            str(number),
            {"text": step.label, "hint": step.guidance},
            in_words(flow.states[one].label for one in step.from_),
            flow.states[step.to].label,
            roles(pack, step.by),
            _needs(pack, step),
            clock_titles(pack, step.starts) or "Nothing",
            clock_titles(pack, step.finishes) or "Nothing",
        ]
        for number, step in enumerate(flow.steps.values(), start=1)
    ]
    head = ["No.", "Step", "From", "To", "By", "Needs", "Starts", "Finishes"]
    return Table("Steps", head, rows)


def _needs(pack: Pack, step: Step) -> str:
    """What must be there before a step, and what must be late."""
    said = [NEEDED.get(one, one).format_map(pack.words) for one in step.requires]
    if step.once_late:
        said.append(f"that it is late: {clock_titles(pack, step.once_late)}")
    return ", ".join(said) or "Nothing"


def _again(pack: Pack, state: State) -> str:
    if not state.done_again:
        return ""
    who = state.done_again.replace("auditor", pack.words["auditor"])
    return f"done again {who} for the next {pack.words['cycle']}"


def states(pack: Pack, name: str) -> Table:
    """Where an audit can stand."""
    flow = pack.flows[name]
    stages = {stage.key: stage.label for grading in pack.grading.values() for stage in grading.stages}
    rows = [
        [
            state.label,
            ", ".join(
                filter(None, (PHASES[state.phase], COUNTED.get(state.counts_as or ""), _again(pack, state)))
            ),
            roles(pack, state.edited_by),
            stages.get(state.stage or "", "None"),
            roles(pack, state.shown_to),
        ]
        for state in flow.states.values()
    ]
    return Table("States", ["State", "Phase", "Who answers", "Stage of grading open", "Who reads it"], rows)


def conversation(pack: Pack, name: str) -> Table:
    """Who takes part in the conversation."""
    rows = [[roles(pack, [one.role]), only_if(one.when)] for one in pack.flows[name].conversation]
    caption = "Who takes part in the {conversation} besides the {auditor}".format_map(pack.words)
    return Table(caption, ["Who", "When"], rows, NOBODY)
