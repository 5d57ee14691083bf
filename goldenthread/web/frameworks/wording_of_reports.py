"""The reports of a framework, in the words of its page: of what, over how long, for whom, who signs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from goldenthread.reporting.breakdowns import said_by
from goldenthread.reporting.highlights import TITLES
from goldenthread.rules.calendars import in_words
from goldenthread.rules.causes import Cause, Gravity
from goldenthread.rules.framework import Framework
from goldenthread.rules.reports import ALL, AUDITOR, CYCLE, PeriodReport, Report
from goldenthread.web.frameworks.blocks import Block
from goldenthread.web.frameworks.wording_of_events import ends
from goldenthread.web.tables import Table


def report_blocks(pack: Framework) -> list[Block]:
    """The report of each cycle, and the further ones where there are any."""
    rows = {
        "Title": pack.report.title,
        "Parts": _parts(pack, pack.report),
        "For": _titles(pack, _who_may(pack)),
        **_rows(pack, pack.report),
        pack.words["Themes"]: "; ".join(pack.themes.values()) or "None",
        "Sources": "; ".join(pack.sources.values()) or "None",
        **_of_findings(pack),
    }
    summary = [{"key": key[0].upper() + key[1:], "value": value} for key, value in rows.items()]
    return [Block("report", "The report", summary=summary), *_further(pack)]


def _of_findings(pack: Framework) -> dict[str, str]:
    """Likely causes and severities, each with what it means, and what each thing to improve must say."""
    words = pack.words
    named: dict[str, Mapping[str, Cause | Gravity]] = {
        words["Likely_causes"]: pack.causes,
        words["Severities"]: pack.severities,
    }
    found = {
        word: "; ".join(f"{one.title} ({one.means})" if one.means else one.title for one in each.values())
        for word, each in named.items()
        if each
    }
    if pack.findings:
        called = {"theme": words["theme"], "cause": words["likely_cause"], "severity": words["severity"]}
        said = in_words(called.get(one, one) for one in pack.findings.needs)
        found["Said of each thing to improve"] = said[:1].upper() + said[1:]
    return found


def _who_may(pack: Framework) -> list[str]:
    return [name for name, role in pack.roles.items() if "see reports" in role.may]


def _titles(pack: Framework, names: Iterable[str]) -> str:
    said = in_words(pack.roles[name].title.lower() if name in pack.roles else name for name in names)
    return (said[:1].upper() + said[1:]) or "Nobody"


def _parts(pack: Framework, report: Report) -> str:
    """The parts in their order; of breakdowns also by what."""
    said = {part: _lowered(TITLES[part].format_map(pack.words)) for part in report.parts}
    if "breakdowns" in said and report.breakdowns:
        said["breakdowns"] += f" by {in_words(said_by(one, pack.words) for one in report.breakdowns)}"
    return in_words(said[part] for part in report.parts)


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _rows(pack: Framework, report: Report) -> dict[str, str]:
    """Who signs a report off, and whether it names anybody."""
    clock = pack.clocks.get(report.signed_off or "")
    signed = f"{pack.roles[clock.owed_by].title}, {ends(pack, clock)}" if clock else "Nobody"
    names = "None: a role’s word stands for each person" if report.without_names else "Shown"
    return {"Signed off by": signed, "Names of people": names}


def _further(pack: Framework) -> list[Block]:
    if not pack.reports:
        return []
    rows = [
        [
            one.title,
            f"{'About ' if one.about != ALL else 'Each '}{_about(pack, one)}{length(pack, one)}",
            _parts(pack, one),
            _readers(pack, one),
            str(one.fewest or "All are shown"),
            *_rows(pack, one).values(),
        ]
        for one in pack.reports.values()
    ]
    head = ["Report", "Over", "Parts", "For", "Smallest number shown", "Signed off by", "Names of people"]
    return [
        Block("reports", "Further reports", tables=[Table("Further reports", head, rows, hide_caption=True)])
    ]


def _about(pack: Framework, report: PeriodReport) -> str:
    words = {ALL: "", AUDITOR: f"{pack.words['an_auditor']}, each "}
    return words.get(report.about, f"{pack.words['a_practitioner']}, each ")


def length(pack: Framework, report: PeriodReport) -> str:
    """Over how long a report is, in words."""
    return pack.words["cycle"] if report.period == CYCLE else report.period


def _readers(pack: Framework, report: PeriodReport) -> str:
    if report.about != ALL:
        return "That person, and those who may see the audits"
    return _titles(pack, report.readers or _who_may(pack))
