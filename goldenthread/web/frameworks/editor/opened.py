"""A place of a draft as somebody has it open: what stands there, and how to save it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from goldenthread.frameworks.models import Draft
from goldenthread.frameworks.operations import save_draft
from goldenthread.rules.documents import Fault, Path, read_document, write_document
from goldenthread.rules.editing import at
from goldenthread.rules.shapes import Shape, chosen, shape_at
from goldenthread.web.access import person_of
from goldenthread.web.frameworks.editor import places, words


@dataclass
class Opened:
    """A place of a draft; its shape is settled by what stands there."""

    draft: Draft
    data: Any
    path: Path
    shape: Shape
    found: list[Fault] = field(default_factory=list)

    @property
    def value(self) -> Any:
        """What stands there."""
        return at(self.data, self.path)

    @property
    def name(self) -> str:
        """What the place is called."""
        return words.step_name(self.data, self.path)

    @property
    def trail(self) -> str:
        """The place as people read it."""
        return words.trail(self.data, self.path) or "the framework"

    @property
    def crumbs(self) -> list[dict[str, str]]:
        """The pages on the way from the draft to this place."""
        ways = [self.path[:length] for length in range(1, len(self.path))]
        return [
            {"name": words.step_name(self.data, way), "url": places.page_of(self.draft, self.data, way)}
            for way in ways
        ]

    @property
    def above(self) -> str:
        """The page that leads here."""
        return places.page_of(self.draft, self.data, self.path[:-1]) if len(self.path) > 1 else self.draft_url

    @property
    def draft_url(self) -> str:
        """The page of the draft."""
        return places.address(self.draft, (), "show_draft")

    def url(self, page: str = "edit_part", path: Path | None = None) -> str:
        """The address of a page about this place, or another of the draft."""
        return places.address(self.draft, self.path if path is None else path, page)

    @property
    def rename_url(self) -> str:
        """Where it gets another name."""
        return self.url("rename_part")

    @property
    def remove_url(self) -> str:
        """Where it is taken out."""
        return self.url("remove_part")

    @property
    def add_url(self) -> str:
        """Where something is added to it."""
        return self.url("add_part")

    @property
    def arrange_url(self) -> str:
        """Where what it holds is moved and copied."""
        return self.url("arrange_parts")

    @property
    def add_line_url(self) -> str:
        """Where a line is added to a condition."""
        return self.url("add_line")

    @property
    def strangers_url(self) -> str:
        """Where keys are taken out that nobody knows."""
        return self.url("remove_key")

    @property
    def faults(self) -> list[dict[str, str]]:
        """What is wrong here and below."""
        return words.linked(self.draft, self.data, words.faults_at(self.found, self.path))

    def save(self, request: HttpRequest, data: Any, what: str) -> None:
        """Save the draft as it is now, unless somebody has saved it since the page was opened."""
        save(request, self.draft, data, what)


def open_draft(public_id: str) -> Draft:
    """A draft that is still worked on."""
    drafts = Draft.objects.open().select_related("based_on__framework", "saved_by", "offered_by")
    return get_object_or_404(drafts, public_id=public_id)


def open_place(request: HttpRequest, public_id: str) -> Opened:
    """The place that the address names."""
    draft = open_draft(public_id)
    data = read_document(draft.document).data
    path = places.read(request.GET.get("at", ""), data)
    if path is None:
        raise Http404
    shape = shape_at(data, path)
    assert shape is not None
    return Opened(draft, data, path, chosen(shape, at(data, path)), words.faults_of(draft))


def revision_of(request: HttpRequest) -> int:
    """How often the draft had been saved when the page was opened."""
    return places.numbered(request.POST.get("revision_opened", "")) or 0


def save(request: HttpRequest, draft: Draft, data: Any, what: str) -> None:
    """Write the draft with this content; where that is what it says already, there is nothing to save."""
    document = write_document(data)
    if document == write_document(read_document(draft.document).data):
        return
    title = data.get("title") if isinstance(data, dict) else None
    save_draft(
        draft,
        document,
        title=title[:200] if isinstance(title, str) and title else draft.title,
        what=what,
        revision=revision_of(request),
        by=person_of(request),
        at=timezone.now(),
    )
