"""How what follows an audit reads: its state, its notes to copy, its actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from goldenthread.frameworks.queries import pack_of
from goldenthread.improvement.models import Action, Discussion, Response
from goldenthread.improvement.queries import actions_rule, discussion_of, rule_of
from goldenthread.rules.framework import Framework
from goldenthread.web.tasks.rows import day_in_words

COLOURS = {"owed": "yellow", "recorded": "purple", "returned": "orange", "settled": "green"}
ACTION_COLOURS = {"open": "yellow", "done": "blue", "verified": "turquoise", "closed": "green"}
RESPONSE_HEAD = ("What follows", "Team", "Status", "Due")
ACTION_HEAD = ("Action", "Who", "By", "Team", "Status")


@dataclass(frozen=True)
class ResponseCard:
    """One thing that follows an audit, as its page and the audit's page show it."""

    response: Response
    title: str
    state: str
    colour: str
    due: str
    why: str
    message: str
    url: str


@dataclass(frozen=True)
class Note:
    """A note ready to copy to where the discussion is recorded."""

    title: str
    text: str


def card(response: Response, at: datetime) -> ResponseCard:
    """How far it is, by when it was due and why then; thanks as their message."""
    rule, late = rule_of(response), _is_late(response, at)
    thanks = rule.acknowledgement.message if rule.acknowledgement else ""
    return ResponseCard(
        response=response,
        title=rule.title,
        state=f"Late: {response.get_state_display().lower()}" if late else response.get_state_display(),
        colour="red" if late else COLOURS[response.state],
        due=day_in_words(response.task.due_at) if response.task else "",
        why=response.task.reason if response.task else "",
        message=thanks,
        url=reverse("show_response", args=[response.public_id]) if response.task else "",
    )


def _is_late(response: Response, at: datetime) -> bool:
    return bool(response.task and response.recorded_at is None and response.task.due_at < at)


def response_rows(found: Iterable[Response], at: datetime) -> list[list[Any]]:
    """A table's rows of what follows."""
    return [_response_row(card(one, at)) for one in found]


def _response_row(one: ResponseCard) -> list[Any]:
    audit = one.response.audit
    return [
        {
            "text": format_html(
                '{} <span class="gt-unbroken">{}</span>', kind_of(one.response), audit.number
            ),
            "url": one.url,
            "hint": one.title,
        },
        one.response.unit.name,
        {"text": one.state, "tag": one.colour},
        one.due,
    ]


def kind_of(response: Response) -> str:
    """The title of the kind of audit that it follows."""
    return pack_of(response.version).audit_types[response.audit.audit_type].title


def notes(response: Response, discussions: Iterable[Discussion], actions: list[Action]) -> list[Note]:
    """The note of each discussion, in the words of the framework."""
    return [_note(response, one, actions) for one in discussions]


def _note(response: Response, discussion: Discussion, actions: list[Action]) -> Note:
    note = discussion_of(response).note
    agreed = "\n".join(f"{place}. {line_of(one)}" for place, one in enumerate(actions, 1))
    words = {
        "type": kind_of(response),
        "reference": response.audit.number,
        "date": day(discussion.held_on),
        "present": discussion.present,
        "discussed": discussion.discussed,
        "good": f"Good work: {discussion.good}" if discussion.good else "",
        "actions": f"Actions:\n{agreed}" if agreed else "No actions were agreed.",
    }
    lines = note.text.format(**words).splitlines()
    return Note(note.title.format(**words)[:100], "\n".join(line for line in lines if line.strip()))


def line_of(action: Action) -> str:
    """An action in one line: what, who, by when, and how it will be shown."""
    rule = actions_rule(action.version)
    shown = rule.proofs[action.proof].title if rule and action.proof in rule.proofs else ""
    proof = f" Shown by: {shown}." if shown else ""
    return f"{action.text.rstrip('.')}. {action.owner.name}, by {day(action.due_on)}.{proof}"


def action_rows(found: Iterable[Action], on: date) -> list[list[Any]]:
    """A table's rows of actions."""
    return [
        [
            {
                "text": action.text if len(action.text) <= 90 else action.text[:90].rstrip() + "…",
                "url": reverse("show_action", args=[action.public_id]),
            },
            action.owner.name,
            day(action.due_on),
            action.unit.name,
            state_of(action, on),
        ]
        for action in found
    ]


def state_of(action: Action, on: date) -> dict[str, str]:
    """How an action stands, as a tag."""
    late = action.state == Action.State.OPEN and action.due_on < on
    if action.replaced_by_id is not None:
        return {"text": "Did not work, another follows", "tag": "grey"}
    text = "Late" if late else str(action.get_state_display())
    return {"text": text, "tag": "red" if late else ACTION_COLOURS[action.state]}


def action_summary(action: Action) -> list[dict[str, str]]:
    """What was agreed, as a list of keys and values."""
    rule = actions_rule(action.version)
    assert rule is not None
    severity = rule.severities.get(action.severity)
    proof = rule.proofs.get(action.proof)
    said = {
        "Who does it": action.owner.name,
        "By": day(action.due_on),
        "Agreed for": f"{day(action.agreed_for)}; its time stood still" if action.agreed_for else "",
        "About": rule.levels.get(action.level, action.level),
        "Kind": rule.kinds.get(action.kind, action.kind),
        "How much it matters": severity.title if severity else action.severity,
        "How it will be shown that it worked": proof.title if proof else "Nothing was chosen",
        "Agreed": f"{day(timezone.localdate(action.agreed_at))}, recorded by {action.agreed_by}",
        "Why these words stay": action.kept_because,
        "What shows that it is done": action.evidence,
    }
    return [{"key": key, "value": value} for key, value in said.items() if value]


def who_meets(response: Response) -> str:
    """Who holds the discussion, with whom, as roles."""
    pack: Framework = pack_of(response.version)
    talk = discussion_of(response)
    others = " and ".join(pack.roles[name].title.lower() for name in talk.with_)
    return f"{pack.roles[pack.clocks[talk.clock].owed_by].title} with the {others}"


def day(on: date) -> str:
    """A day in words."""
    return f"{on.day} {on:%B %Y}"
