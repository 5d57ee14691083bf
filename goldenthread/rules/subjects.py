"""Kinds of subject: what is audited besides cases, and where each comes from."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from goldenthread.rules.parts import Name, PostName
from goldenthread.rules.vocabulary import Word

CASE = "case"
"""The kind of subject that the extracts bring; every framework has it without saying so."""

A_LIST, COMPLETED_AUDITS = "a list", "completed audits"

Origin = Literal["a list", "involvements", "units", "staff", "supervision", "completed audits"]
Filing = Literal["case record", "kept here"]

NEEDS: dict[Origin, tuple[str, ...]] = {
    "a list": (),
    "involvements": (),
    "units": ("units",),
    "staff": ("posts",),
    "supervision": ("posts", "led_by"),
    "completed audits": ("audits",),
}
"""What each origin must be told."""
TAKES: dict[Origin, tuple[str, ...]] = {
    "a list": ("about_staff",),
    "involvements": (),
    "units": ("units", "led_by"),
    "staff": ("posts",),
    "supervision": ("posts", "led_by"),
    "completed audits": ("audits",),
}
"""What each origin may be told."""


class SubjectKind(Word):
    """What an audit may look at instead of a case: the organisation's word for it, and where it comes from.

    - `a list`: kept by hand or in a list file, such as households, documents or restrictions.
    - `involvements`: each involvement that an extract shows with a case, such as one episode of care.
    - `units`: each unit of the organisation of these kinds: homes, services, the organisation itself.
    - `staff`: the file of each member of staff in these posts.
    - `supervision`: each member of staff in these posts together with whoever supervises them.
    - `completed audits`: each audit of these kinds that has been finished, whose auditor is looked at.
    """

    come_from: Origin
    """Where they come from; all but those of a list are brought up to date when a frame is frozen."""
    units: tuple[Name, ...] = ()
    """Which kinds of unit, such as home; only for `units`."""
    posts: tuple[PostName, ...] = ()
    """Which posts the member of staff holds; only for `staff` and `supervision`."""
    led_by: PostName | None = None
    """The post that supervises, or that answers for a unit and whose work is then looked at."""
    audits: tuple[Name, ...] = ()
    """Which kinds of audit, once finished; only for `completed audits`."""
    about_staff: bool = Field(
        default=False,
        description="Whether those of a list are about a member of staff, and so private",
    )

    @model_validator(mode="after")
    def _says_where_from(self) -> SubjectKind:
        for key in ("units", "posts", "led_by", "audits", "about_staff"):
            if not getattr(self, key) and key in NEEDS[self.come_from]:
                raise ValueError(f"What comes from {self.come_from} needs “{key}”; say which.")
            if getattr(self, key) and key not in TAKES[self.come_from]:
                raise ValueError(f"What comes from {self.come_from} has no “{key}”; leave it out.")
        return self

    def where_from(self) -> dict[str, object]:
        """All that it says but its words."""
        return self.model_dump(exclude={"one", "many", "article"})

    @property
    def is_about_staff(self) -> bool:
        """Whether it is a file about a member of staff, which no colleague sees and no case record holds."""
        return self.about_staff or self.come_from in ("staff", "supervision", "completed audits")
