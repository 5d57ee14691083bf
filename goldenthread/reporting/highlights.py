"""A report over a month or longer (WF-19): what was audited, how graded, what stands out, what is late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial

from goldenthread.measures.figures import Figure, GradeRow
from goldenthread.measures.month import Month, TypeFigures
from goldenthread.programmes.queries import CoverageRow
from goldenthread.reporting import before, breakdowns, follow_up, found, goals, moderated, nameless
from goldenthread.reporting.blocks import Block, Cell, Chapter, Chart, Quote, Report, Table, Words
from goldenthread.reporting.follow_up import FollowUp
from goldenthread.reporting.goals import Reached
from goldenthread.reporting.small import without_small
from goldenthread.rules.calendars import in_words
from goldenthread.rules.charts import Bar, Piece, narrow_stacked_bars, stacked_bars
from goldenthread.rules.charts import in_words as bars_in_words
from goldenthread.rules.proportions import FEWEST_FOR_PERCENTAGE, percent
from goldenthread.rules.reports import CYCLE
from goldenthread.rules.scales import UNGRADED, Scale

Forms = Mapping[str, str]
"""The words of a framework, in every form."""

TITLES = {
    "audited": "What was audited",
    "grades": "{Grades}",
    "scores": "Scores",
    "stages": "Before and after the {conversation}",
    "teams": "Teams",
    "before": "Compared with the period before",
    "coverage": "Coverage against {target}",
    "goals": "Goals",
    "themes": "{Themes}",
    "sources": "Where it was found",
    "causes": "{Likely_causes}",
    "severities": "{Severities}",
    "breakdowns": "Told apart",
    "good practice": "{Good_practice}",
    "follow-up": "What followed",
    "moderation": "How far {grades} agree",
    "late and missing": "Late and missing",
}


def highlights(
    month: Month,
    coverage: Iterable[CoverageRow],
    followed: FollowUp,
    agreed: moderated.Found,
    reached: Sequence[Reached],
    *,
    on: date,
    earlier: Month | None = None,
) -> Report:
    """The report in the parts and the order that the framework names; kinds of audit are kept apart.

    `earlier` are the figures of the period before, where the report is compared with it.
    """
    writers: dict[str, Callable[[], list[Block]]] = {
        "audited": lambda: _audited(month),
        "grades": lambda: _each_type(month, _grades),
        "scores": lambda: _scores(month),
        "stages": lambda: _each_type(month, _stages),
        "teams": lambda: _each_type(month, _teams),
        "before": lambda: before.blocks_of(month, earlier, before.Writers(_number, _share)),
        "coverage": lambda: _coverage(month, coverage),
        "goals": lambda: goals.blocks_of(reached, month.period),
        **{part: partial(found.blocks_of, month, part, _number) for part in found.PARTS},
        "breakdowns": lambda: breakdowns.blocks_of(month, _number, _share),
        "good practice": lambda: _good_practice(month),
        "follow-up": lambda: follow_up.blocks_of(followed, month.pack),
        "moderation": lambda: moderated.blocks_of(agreed, month.pack),
        "late and missing": lambda: _late(month, on),
    }
    about = f", {nameless.person_of(month.period)}" if month.period.about else ""
    report = Report(
        title=f"{month.pack.report.title}: {month.period.title}{about}",
        subtitle=" ".join(
            filter(None, [f"{month.pack.title}. As at {_day(on)}.", _theme(month), _over(month, on)])
        ),
        chapters=tuple(
            Chapter(part.replace(" ", "-"), TITLES[part].format_map(month.pack.words), tuple(writers[part]()))
            for part in month.pack.report.parts
        ),
    )
    return without_small(report, month.period.fewest)


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def _theme(month: Month) -> str:
    return (
        f"{month.pack.words['Theme']} of the {month.period.word}: {month.period.theme}."
        if month.period.theme
        else ""
    )


def _over(month: Month, on: date) -> str:
    """Which cycles a longer report counts."""
    period = month.period
    if period.rule is None or period.rule.period == CYCLE:
        return ""
    titles = in_words([one.title for one in period.cycles])
    word = month.pack.words["cycle" if len(period.cycles) == 1 else "cycles"]
    so_far = f" The {period.word} is not over yet." if on <= period.closes_on else ""
    return f"It counts the {word} {titles}.{so_far}"


def _number(figure: Figure, before: str = "") -> Cell:
    piece = figure.piece.narrowed(before=before) if figure.count else None
    return Cell(str(figure.count), piece, numeric=True)


def share(figure: Figure) -> str:
    """A proportion with its 95% interval; counts alone where there are too few for a percentage."""
    interval = figure.interval
    if not figure.total or interval is None:
        return "none graded"
    if figure.total < FEWEST_FOR_PERCENTAGE:
        return f"{figure.count} of {figure.total}"
    low, high = percent(interval.low), percent(interval.high)
    return f"{percent(figure.count / figure.total)} ({low} to {high})"


def _share(figure: Figure, before: str = "") -> Cell:
    piece = figure.piece.narrowed(before=before) if figure.count else None
    return Cell(share(figure), piece, numeric=True)


def _heads(*words: str) -> tuple[Cell, ...]:
    return (Cell(words[0]), *(Cell(word, numeric=True) for word in words[1:]))


def _audited(month: Month) -> list[Block]:
    words = month.pack.words
    if not month.types:
        return [Words(f"No {words['audits']} have been sent in this {month.period.word}.")]
    rows = tuple(
        (Cell(one.title), _number(one.sent), *(_number(figure) for figure in one.progress.values()))
        for one in month.types
    )
    sentences = [_sentence(one) for one in month.types]
    return [
        *(Words(sentence, counts=True) for sentence in sentences),
        Table(
            f"{words['Audits']} of the {month.period.word}",
            _heads("Kind", "Sent", "On time", "Late", "In hand", "Missing", "Not accepted"),
            rows,
        ),
    ]


def _sentence(one: TypeFigures) -> str:
    done = one.progress["on time"].count + one.progress["late"].count
    overall = ""
    good = one.scale.good_words
    if good and one.overall and one.overall.graded.count:
        found = one.overall.good.count
        were = "was" if found == 1 else "were"
        overall = f" {found} of {one.overall.graded.count} {were} graded {_lowered(good)} overall."
    return f"{one.title}: {one.sent.count} sent, {done} finished.{overall}"


def _lowered(words: str) -> str:
    """The words within a sentence; an abbreviation keeps its capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _each_type(month: Month, write: Callable[[TypeFigures, Forms], list[Block]]) -> list[Block]:
    blocks = [block for one in month.types for block in write(one, month.pack.words)]
    if month.types and all(one.scale is UNGRADED for one in month.types):
        return [Words("Audits of this kind are not graded.")]
    return blocks or [Words(f"Nothing has been graded yet in this {month.period.word}.")]


def _scores(month: Month) -> list[Block]:
    """Each score of each kind: every audit counts once in an average, however much applied in it."""
    if not month.scores:
        return [Words(f"No finished {month.pack.words['audit']} has a score yet.")]
    tables = [
        Table(
            f"{one.kind}: {one.title}",
            _heads("Team", "Finished", "With a score", "Average", "Lowest", "Highest"),
            tuple(
                (
                    Cell(row.label),
                    _number(Figure(row.finished, row.piece)),
                    *(
                        Cell(said, numeric=True)
                        for said in (str(row.scored), row.average, row.lowest, row.highest)
                    ),
                )
                for row in one.rows
            ),
        )
        for one in month.scores
    ]
    return [Words(f"Every {month.pack.words['audit']} counts once in an average."), *tables]


def _grade_table(caption: str, first: str, rows: list[GradeRow], scale: Scale) -> Table:
    labels = [value.label for value in scale.graded()]
    good = [f"{scale.good_words} (95% interval)"] if scale.good_words else []
    return Table(
        caption,
        _heads(first, "Graded (n)", *labels, *good),
        tuple(
            (
                Cell(row.label),
                _number(row.graded),
                *(_number(figure) for figure in row.grades),
                *([_share(row.good)] if good else []),
            )
            for row in rows
        ),
    )


def _chart(title: str, rows: list[GradeRow], scale: Scale, name: str) -> Chart:
    values = scale.graded()
    bars = [
        Bar(
            row.label,
            tuple(
                Piece(value.label, figure.count, value.colour)
                for value, figure in zip(values, row.grades, strict=True)
            ),
        )
        for row in rows
    ]
    return Chart(
        title,
        bars_in_words(bars),
        stacked_bars(bars, title=title, name=name),
        narrow_stacked_bars(bars, title=title, name=name),
    )


def _name(*words: str) -> str:
    return "chart-" + "-".join(words).replace(" ", "-")


def _grades(one: TypeFigures, words: Forms) -> list[Block]:
    rows = ([one.overall] if one.overall else []) + one.parts
    if not rows:
        return []
    title = f"{one.title}: {words['grades']} of record by {words['domain']}"
    return [
        _chart(title, rows, one.scale, _name("grades", one.key)),
        _grade_table(title, words["Domain"], rows, one.scale),
        *_again(one, words),
    ]


def _again(one: TypeFigures, words: Forms) -> list[Block]:
    """How those that look again compare, overall, with the ones they look at."""
    if not one.again:
        return []
    total = next(iter(one.again.values())).total
    caption = f"{one.title}: overall {words['grade']} compared with the {words['audit']} looked at again"
    heads = _heads("Compared", *(word.capitalize() for word in one.again))
    said = f"Finished {words['re_audits']} ({total})"
    return [Table(caption, heads, ((Cell(said), *(_number(figure) for figure in one.again.values())),))]


def _stages(one: TypeFigures, words: Forms) -> list[Block]:
    if not one.stages:
        return []
    title = f"{one.title}: overall {words['grade']} at each stage"
    blocks: list[Block] = [
        _chart(title, one.stages, one.scale, _name("stages", one.key)),
        _grade_table(title, "Stage", one.stages, one.scale),
    ]
    moves = tuple(
        (Cell(row.label), _number(row.up), _number(row.same), _number(row.down)) for row in one.moves
    )
    heads = _heads(words["Domain"], "Went up", "Stayed", "Went down")
    return [*blocks, Table(f"{one.title}: how {words['grades']} moved between the stages", heads, moves)]


def _teams(one: TypeFigures, words: Forms) -> list[Block]:
    if not one.teams:
        return []
    title = f"{one.title}: overall {words['grade']} by team"
    note = Words("A few files say little about a team: read the numbers with their intervals, and open them.")
    return [note, _grade_table(title, "Team", one.teams, one.scale)]


def _coverage(month: Month, coverage: Iterable[CoverageRow]) -> list[Block]:
    words = month.pack.words
    rows = tuple(
        (
            Cell(row.holder),
            Cell(f"{row.title}, {row.period}" if row.period else row.title),
            Cell(str(row.target), numeric=True),
            Cell(str(row.sent), numeric=True),
            Cell(str(row.done), numeric=True),
        )
        for row in nameless.covered(coverage, month.pack)
    )
    return [
        Table(
            f"{words['Audits']} owed, sent and finished",
            (Cell("Team"), Cell(words["Target"]), *_heads("Owed", "Sent", "Finished")[0:3]),
            rows,
            empty=f"No {words['target']} is set for this {month.period.word}.",
        )
    ]


def _good_practice(month: Month) -> list[Block]:
    examples = nameless.quoted(month.examples, month.pack)
    quotes = [Quote(text, one.about_label, one.about_id) for one, text in examples]
    said = "No example of {good_practice} has been recorded in finished {audits} of this {cycle}."
    return list(quotes) or [Words(said.format_map(found.words_of(month)))]


def _late(month: Month, on: date) -> list[Block]:
    words = month.pack.words
    rows = tuple(
        (
            Cell(audit.number),
            Cell(audit.unit.name),
            Cell(nameless.auditor_of(audit, month.pack)),
            Cell(_lateness(audit.finished_at.date() if audit.finished_at else None, audit.closes_on, on)),
        )
        for audit in month.unfinished
    )
    heads = tuple(
        Cell(text)
        for text in (words["Audit"], "Team", words["Auditor"], f"Against the {words['cycle']}'s closing day")
    )
    return [
        Table(
            f"{words['Audits']} that were late or are missing", heads, rows, empty="None is late or missing."
        )
    ]


def _lateness(finished_on: date | None, closes_on: date, on: date) -> str:
    if finished_on is None:
        return f"missing: was due on {_day(closes_on)}, {_days(on, closes_on)} ago"
    return f"finished on {_day(finished_on)}, {_days(finished_on, closes_on)} late"


def _days(later: date, earlier: date) -> str:
    number = (later - earlier).days
    return f"{number} day{'' if number == 1 else 's'}"
