"""What a framework audits besides cases, in words."""

from goldenthread.rules.calendars import in_words
from goldenthread.rules.framework import Framework
from goldenthread.rules.subjects import SubjectKind

PRIVATE = (
    "About staff: seen by those concerned and by whoever may see staff files, and kept off the {case} record."
)


def subject_sentences(pack: Framework) -> list[str]:
    """Each kind of subject: where it comes from, whose work is looked at, who sees it."""
    return [_sentence(pack, kind) for kind in pack.subjects.values()]


def _sentence(pack: Framework, kind: SubjectKind) -> str:
    many = kind.many[:1].upper() + kind.many[1:]
    private = f" {PRIVATE.format_map(pack.words)}" if kind.is_about_staff else ""
    return f"{many}: {_where_from(pack, kind)}.{private}"


def _where_from(pack: Framework, kind: SubjectKind) -> str:
    titles = [pack.audit_types[name].title.lower() for name in kind.audits if name in pack.audit_types]
    posts, audits, units = (in_words(some) if some else "" for some in (kind.posts, titles, kind.units))
    leader = f"; the work is that of the {kind.led_by}" if kind.led_by else ""
    said = {
        "a list": "a list that people keep",
        "involvements": "each involvement with {a_case} that the extracts show",
        "units": f"each unit of the kind {units}{leader}",
        "staff": f"the file of each {posts}",
        "supervision": f"each {posts} with their supervisor{leader}",
        "completed audits": f"each finished {audits}; the work is that of its {{auditor}}",
    }
    return said[kind.come_from].format_map(pack.words)
