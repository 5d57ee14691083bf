"""Whether sections are parts of sections that there are, and no part and no grade goes round in a circle."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.checks_of_audits import forms_with, parts_of
from goldenthread.rules.documents import Path
from goldenthread.rules.forms import Form
from goldenthread.rules.framework import Framework
from goldenthread.rules.grading import Grading
from goldenthread.rules.levels import follows_from, looked_at, reached
from goldenthread.rules.naming import Missing, known_name


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of sections within sections, and of grades that follow from one another."""
    for name, form in pack.forms.items():
        yield from _parts(form, ("forms", name, "sections"))
    for name, grading in pack.grading.items():
        yield from _grades(pack, name, grading, ("grading", name, "rules"))


def _parts(form: Form, path: Path) -> Iterator[Missing]:
    after = {one.key: {one.part_of} for one in form.sections if one.part_of}
    for place, section in enumerate(form.sections):
        if section.part_of is None:
            continue
        here = (*path, place, "part_of")
        others = [one.key for one in form.sections if one is not section]
        if section.part_of == section.key:
            said = f"“{section.key}” cannot be a part of itself; name another section."
            yield Missing(here, said, section.part_of, tuple(others))
            continue
        yield from known_name("section", section.part_of, others, here)
        if section.key in reached(section.key, after):
            yield Missing(
                here,
                f"“{section.key}” would in the end be a part of itself, by “{section.part_of}”; "
                "break the circle.",
            )
        elif any(one.repeats for one in form.holders(section)):
            yield Missing(
                here,
                f"“{section.part_of}” is asked once for each row, so it has no parts; name another section "
                "or leave it out.",
            )


def _grades(pack: Framework, name: str, grading: Grading, path: Path) -> Iterator[Missing]:
    forms = forms_with(pack, name)
    after, parts = follows_from(grading, forms), parts_of(pack, name)
    for place, rule in enumerate(grading.rules):
        for one in sorted(looked_at(grading, rule, forms)):
            if one in parts and rule.part in reached(one, after):
                yield Missing(
                    (*path, place),
                    f"“{rule.part}” would in the end follow from its own grade, by “{one}”; "
                    "break the circle.",
                )
                break
