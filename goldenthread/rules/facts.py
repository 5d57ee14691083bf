"""The facts that conditions may name, by where the condition stands; what each means is said once, here.

A pack adds the dated facts that its own extracts bring, under `facts`.
"""

from __future__ import annotations

SUBJECT_FACTS: dict[str, str] = {
    "status": "open or closed",
    "opened": "the day on which the involvement began",
    "practitioner": "who works with the case; compare with known alone",
    "allocated": "the day on which the case came to the practitioner",
}
"""Known of every case on a day."""

SUBJECT_DAYS = ("opened", "allocated")
"""Those of them that are days, from which time can be counted."""

UNSAID_FACTS = ("practitioner",)
"""Those of them that only tell people apart, and say nothing to a reader."""

ORIGIN_FACTS: dict[str, dict[str, str]] = {
    "units": {"kind of unit": "home, service, or the organisation's own word"},
    "staff": {"post": "the post that the member of staff holds"},
    "supervision": {"post": "the post of the member of staff who is supervised"},
    "completed audits": {"kind of audit": "the finished audit's type, by its name in its framework"},
}
"""Known besides of subjects that come from these, where a framework has such a kind of subject."""

CHOOSING_FACTS: dict[str, str] = {
    "team": "the name of the team that holds the case",
    "service": "the names of the units above that team",
}
"""Known besides while cases and auditors are chosen."""

SELECTION_FACTS: dict[str, str] = {
    "audited": "the day on which the case's last audit was sent",
    "audited in this kind": "the day on which the case's last audit of this kind was sent",
    "practitioner audited": "the first day of the last cycle in which the practitioner's work was picked",
    "audits in hand": "how many audits of the case are not yet final",
    "re-audits this cycle": "how many re-audits of the practitioner's work are placed this cycle",
}
"""Known besides while cases are chosen."""

AUDIT_FACTS: dict[str, str] = {
    "team name": "the name of the team that held the case when the audit was sent",
    "audit type": "the audit's type, by its name in this framework",
    "layer": "routine or re-audit",
    "month of the cycle": "the month with which the audit's cycle begins, such as April",
    "year of the cycle": "the year of the audit's cycle, known by the calendar year in which it begins",
    "critical missed": "how many critical questions have their worst answer, or no evidence on file",
    "earlier re-audits": "how many re-audits of the same work were finished before this audit",
}
"""Known besides once there is an audit: in forms, notices, grade rules, filing notes and re-audit rules."""

RESPONSE_FACTS: dict[str, str] = {
    "change": "better, same or worse: the overall grade against the audit that was looked at again",
    "found to improve": "how many things to improve the audit found",
    "found good": "how many examples of good practice the audit found",
    "causes found": "the likely causes of what the audit found to improve, by their names in this framework",
    "severities found": "how grave what the audit found to improve is, by the names in this framework",
}
"""Known besides when an audit is final: in the rules for what follows."""

GATE_FACTS: dict[str, str] = {
    "open disputes": "how many disputes of the audit are not ended yet",
    "open alerts": "how many safety alerts raised from the audit are not resolved yet",
    "alerts raised": "how many safety alerts were raised from the audit, resolved or not",
}
"""Known besides at gates."""

CLOSING_FACTS: dict[str, str] = {
    "action severity": "how much the action matters, by its name in this framework",
    "action level": "what the action is about, by its name in this framework",
    "action kind": "the kind of action, by its name in this framework",
    "other open actions": "how many other actions after the same audit are not closed yet",
}
"""Known besides at the gates before an action is closed, where what is known at gates is known too."""

_DAYS = {*SUBJECT_DAYS, "audited", "audited in this kind", "practitioner audited"}
_EVERY = (
    SUBJECT_FACTS,
    *ORIGIN_FACTS.values(),
    CHOOSING_FACTS,
    SELECTION_FACTS,
    AUDIT_FACTS,
    RESPONSE_FACTS,
    GATE_FACTS,
    CLOSING_FACTS,
)
NO_DAYS = {name for facts in _EVERY for name in facts} - _DAYS
"""Those that are no day, so that no time can be counted from them; a pack's own fact may be one."""
