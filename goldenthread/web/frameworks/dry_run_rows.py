"""What came of a dry run as tables; names only for those who may see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from goldenthread.caseload.models import Subject
from goldenthread.people.models import Person
from goldenthread.rules.targets import Share
from goldenthread.web.tables import Table, number, numeric

MOST_PICKS = 200
MOST_OUTCOMES = 60
Words = Mapping[str, str]
COUNTS = {
    "cases": "Open {cases}",
    "eligible": "Could be drawn",
    "wanted": "Asked for",
    "due": "Due to be looked at again",
    "picked": "Picked",
    "given": "With {an_auditor}",
    "unfilled": "Nobody may do it",
}
"""What is counted of a kind of audit in a cycle, in words."""


def day(iso: str) -> str:
    """A stored day as people write it."""
    return f"{date.fromisoformat(iso):%-d %B %Y}"


def comparison(result: Mapping[str, Any], words: Words) -> Table | None:
    """Every count that differs from the published version's, with how many more or fewer."""
    if "published" not in result:
        return None
    before, after = _counts(result["published"]), _counts(result["draft"])
    rows = []
    for key in [*after, *(key for key in before if key not in after)]:
        was, now = before.get(key), after.get(key)
        if was != now:
            title, kind, what = key
            rows.append(
                [title, kind, COUNTS[what].format_map(words), _shown(was), _shown(now), _more(was, now)]
            )
    head = ["{Cycle}", "Kind", "What", "#Published", "#Draft", "#Difference"]
    empty = "Every count is the same as with the published version."
    return Table("Beside the published version", _heads(head, words), rows, empty, hide_caption=True)


def _counts(tried: Mapping[str, Any]) -> dict[tuple[str, str, str], int]:
    return {
        (cycle["title"], kind["title"], what): kind[what]
        for cycle in tried["cycles"]
        for kind in cycle["kinds"]
        for what in COUNTS
        if what in kind
    }


def _shown(count: int | None) -> dict[str, Any]:
    return number(count) if count is not None else {"text": "Not there", "numeric": True}


def _more(was: int | None, now: int | None) -> dict[str, Any]:
    difference = (now or 0) - (was or 0)
    return {"text": f"{difference:+d}".replace("-", "−"), "numeric": True}


def _heads(heads: Sequence[str], words: Words) -> list[Any]:
    """Heads in the framework's words; # marks a column of numbers."""
    return [
        numeric(head[1:].format_map(words)) if head.startswith("#") else head.format_map(words)
        for head in heads
    ]


def cycles(tried: Mapping[str, Any], words: Words, *, reader: Seen) -> list[dict[str, Any]]:
    """Each cycle with its kinds of audit, and who would get how many."""
    return [
        {
            "title": cycle["title"],
            "days": f"{day(cycle['opens_on'])} to {day(cycle['closes_on'])}",
            "theme": cycle["theme"],
            "themed": cycle["themed"],
            "kinds": [_kind(cycle, kind, words, reader) for kind in cycle["kinds"]],
            "loads": _loads(cycle, words, reader),
        }
        for cycle in tried["cycles"]
    ]


class Seen:
    """Which names a reader may see of what was tried: of cases, and of staff; read once."""

    def __init__(
        self, tried: Mapping[str, Any], person: Person, *, cases: bool, staff: bool, on: date
    ) -> None:
        kinds = [kind for cycle in tried["cycles"] for kind in cycle["kinds"]]
        keys = {key for kind in kinds for key in kind.get("picks", [])[:MOST_PICKS]} if cases else set()
        seen = Subject.objects.visible_to(person, on=on).filter(public_id__in=keys)
        self.cases = dict(seen.values_list("public_id", "reference"))
        people = {key for cycle in tried["cycles"] for key, _ in cycle["loads"]}
        people |= {one["name"] for kind in kinds for one in kind.get("strata", []) if one["is_person"]}
        found = Person.objects.filter(public_id__in=people) if staff else Person.objects.none()
        self.staff = dict(found.values_list("public_id", "name"))
        self.sees_cases, self.sees_staff = cases, staff


def _kind(cycle: Mapping[str, Any], kind: Mapping[str, Any], words: Words, reader: Seen) -> dict[str, Any]:
    title = f"{kind['title']}, {cycle['title']}"
    words = {**words, **kind.get("words", {})}
    counted = [
        {"key": label.format_map(words), "value": number(kind[what])["text"]}
        for what, label in COUNTS.items()
        if what in kind
    ]
    left_out = [[reason, number(count)] for reason, count in kind.get("excluded", [])]
    nobody = [
        [f"{words['Auditor']} {rule}", number(count)] for rule, count in kind.get("unfilled_because", [])
    ]
    return {
        "title": kind["title"],
        "instead": kind.get("instead", ""),
        "none_yet": kind.get("none_yet", ""),
        "counts": counted,
        "strata": _strata(title, kind, words, reader),
        "excluded": Table(
            f"Who is left out and why: {title}",
            _heads(["Why", "#{Cases}"], words),
            left_out,
            "Nothing is left out.",
        ),
        "nobody": Table(
            f"Why nobody may do it: {title}", _heads(["What kept people from it", "#{Audits}"], words), nobody
        )
        if nobody
        else None,
        "picks": _picks(kind, reader),
        "frame": kind.get("frame_sha256", ""),
    }


def _strata(title: str, kind: Mapping[str, Any], words: Words, reader: Seen) -> Table | None:
    """What each gives; practitioners by name only for those who may see them."""
    strata = kind.get("strata", [])
    if not strata:
        return None
    rows: list[list[Any]] = []
    nameless = [one for one in strata if one["is_person"] and one["name"] not in reader.staff]
    for one in strata:
        if one not in nameless:
            name = reader.staff.get(one["name"], one["name"])
            rows.append([_with_share(name, one, words), number(one["wanted"]), number(one["picked"])])
    if nameless:
        sums = [sum(one[what] for one in nameless) for what in ("wanted", "picked")]
        rows.append([f"{len(nameless)} {words['practitioners']}", *map(number, sums)])
    return Table(
        f"What is picked from where: {title}", _heads(["From", "#Asked for", "#Picked"], words), rows
    )


def _with_share(name: str, stratum: Mapping[str, Any], words: Words) -> Any:
    """What something was picked from; below it of how many cases it gives a share."""
    if "share" not in stratum:
        return name
    said = Share.model_validate(stratum["share"]).sentence(words["case"], words["cases"])
    return {"text": name, "hint": said}


def _picks(kind: Mapping[str, Any], reader: Seen) -> list[dict[str, str]]:
    """The cases picked, by reference, for those who may see them."""
    return [
        {"text": reader.cases[key], "url": reverse("show_subject", args=[key])}
        for key in kind.get("picks", [])
        if key in reader.cases
    ]


def _loads(cycle: Mapping[str, Any], words: Words, reader: Seen) -> Table:
    """Who would get how many; without names, how many people would get how many."""
    caption = f"Who would get how many, {cycle['title']}"
    empty = "Nobody holds a post of the pools."
    if reader.sees_staff:
        rows: list[list[Any]] = [
            [reader.staff.get(key, "Somebody who has left"), number(count)] for key, count in cycle["loads"]
        ]
        return Table(caption, _heads(["{Auditor}", "#{Audits}"], words), rows, empty)
    spread = Counter(count for _, count in cycle["loads"])
    rows = [[number(count), number(spread[count])] for count in sorted(spread, reverse=True)]
    return Table(caption, _heads(["#{Audits} each", "#{Auditors}"], words), rows, empty)


def targets(tried: Mapping[str, Any], words: Words) -> Table:
    """How far each target would have been reached."""
    rows = [
        [
            {"text": one["title"], "hint": f"{one['sentence'][0].upper()}{one['sentence'][1:]}."},
            number(one["owed"]),
            number(one["picked"]),
            number(one["given"]),
        ]
        for one in tried["targets"]
    ]
    heads = _heads(["Target", "#Owed", "#Picked", "#With {an_auditor}"], words)
    caption = "Targets and how far they would be reached"
    return Table(caption, heads, rows, "The framework has no target.", hide_caption=True)


def dates(tried: Mapping[str, Any]) -> list[Table]:
    """What a typical audit makes somebody owe, and why then."""
    heads = ["What", "Who", "After", "Due", "Why then"]
    return [
        Table(
            f"{one['title']} sent on {day(one['sent_on'])}",
            heads,
            [[title, role, after, _moment(at), why] for title, role, after, at, why in one["rows"]],
            "Nothing would be owed by a day.",
        )
        for one in tried["dates"]
    ]


def _moment(iso: str) -> str:
    at = localtime(datetime.fromisoformat(iso))
    return f"{at:%-d %B %Y}" if (at.hour, at.minute) == (23, 59) else f"{at:%-d %B %Y, %H:%M}"


def forms(tried: Mapping[str, Any], words: Words) -> list[dict[str, Any]]:
    """The grades that rules would suggest, each with its sentence, and the rules that never fitted."""
    return [
        {
            "title": one["title"],
            "forms": one["forms"],
            "outcomes": Table(
                f"What the rules say: {one['title']}",
                _heads(["Part", "{Grade}", "Why", "#Forms"], words),
                [
                    [part, grade or f"Left to the {words['auditor']}", why, number(count)]
                    for part, grade, why, _, count in one["outcomes"][:MOST_OUTCOMES]
                ],
                f"No rule said anything: every {words['grade']} is left to the {words['auditor']}.",
            ),
            "silent": Table(
                f"Rules that never fitted: {one['title']}",
                ["Rule", "Part", "Its sentence"],
                [[f"No. {place}, {kind}", part, why] for place, kind, part, why in one["silent"]],
            )
            if one["silent"]
            else None,
        }
        for one in tried["forms"]
    ]
