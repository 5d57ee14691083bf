"""What a framework audits besides cases, in words."""

from goldenthread.rules.calendars import in_words
from goldenthread.rules.framework import Framework
from goldenthread.rules.subjects import Origin, SubjectKind

PRIVATE = (
    "About staff: seen by those concerned and by whoever may see staff files, and kept off the {case} record."
)

SAID: dict[Origin, str] = {
    "a list": "a list that people keep",
    "involvements": "each involvement with {a_case} that the extracts show",
    "units": "each unit of the kind {these}{leader}",
    "staff": "the file of each {these}",
    "supervision": "each {these} with their supervisor{leader}",
    "completed audits": "each finished {these}; the work is that of its {auditor}",
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
    these = kind.units or kind.posts or titles
    said = {"these": in_words(these) if these else "", "leader": leader}
    return SAID[kind.come_from].format_map(pack.words | said)
