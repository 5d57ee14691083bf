"""What every part of a framework pack has in common."""

from typing import Annotated

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
