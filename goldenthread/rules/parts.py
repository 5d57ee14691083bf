"""What every part of a framework pack has in common."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^\S(.*\S)?$")]
"""A name by which other parts of the pack refer to this one."""

PostName = Annotated[Name, AfterValidator(str.casefold)]
"""A post as the organisation calls it; capitals make no difference, as in the people file."""

Line = Annotated[str, Field(min_length=1, max_length=150, pattern=r"^\S(.*\S)?$")]
"""Words shown on one line: a title, a label, a reason."""

Text = Annotated[str, Field(min_length=1, max_length=20_000)]
"""Words shown to people."""


class Part(BaseModel):
    """A piece of a framework: unknown keys are faults, and nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False)


def kind_of(value: Any) -> str | None:
    """The mark of the alternative that a part's `kind` names; the brackets keep it out of a fault's path."""
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return f"<{kind}>" if isinstance(kind, str) else None


def word_or_list(value: object) -> str:
    """The mark of an alternative between a word and a list."""
    return "<word>" if isinstance(value, str) else "<list>"
