"""What a framework audits besides cases, in words."""

from collections.abc import Sequence

from goldenthread.rules.calendars import in_words
from goldenthread.rules.framework import Framework
from goldenthread.rules.subjects import Origin, SubjectKind

PRIVATE = (
    "About staff: seen by those concerned and by whoever may see staff files, and kept off the {case} record."
)

SAID: dict[Origin, str] = {
    "a list": "a list that people keep",
    "involvements": "each involvement with {a_case} that the extracts show",
    "units": "each unit of the kind {units}{leader}",
    "staff": "the file of each {posts}",
    "supervision": "each {posts} with their supervisor{leader}",
    "completed audits": "each finished {audits}; the work is that of its {auditor}",
}


def subject_sentences(pack: Framework) -> list[str]:
    """Each kind of subject: where it comes from, whose work is looked at, who sees it."""
    return [_sentence(pack, kind) for kind in pack.subjects.values()]


def _sentence(pack: Framework, kind: SubjectKind) -> str:
    many = kind.many[:1].upper() + kind.many[1:]
    private = f" {PRIVATE.format_map(pack.words)}" if kind.is_about_staff else ""
    return f"{many}: {_where_from(pack, kind)}.{private}"


def _where_from(pack: Framework, kind: SubjectKind) -> str:
    titles = [pack.audit_types[name].title.lower() for name in kind.audits if name in pack.audit_types]
    leader = f"; the work is that of the {kind.led_by}" if kind.led_by else ""
    return SAID[kind.come_from].format(
        **pack.words,
        units=_listed(kind.units),
        posts=_listed(kind.posts),
        audits=_listed(titles),
        leader=leader,
    )


def _listed(names: Sequence[str]) -> str:
    """The names as a sentence joins them; nothing where this origin has none."""
    return in_words(names) if names else ""
