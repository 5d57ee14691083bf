"""What the worker does with an uploaded extract; each may be run twice."""

from django.utils import timezone

from goldenthread.caseload.models import Extract
from goldenthread.caseload.operations.extracts import load_confirmed, read_upload


def read_extract(public_id: str) -> None:
    """Read an uploaded file up to its preview."""
    extract = Extract.objects.select_related("uploaded_by").get(public_id=public_id)
    read_upload(extract=extract, by=extract.uploaded_by, at=timezone.localtime())


def load_extract(public_id: str) -> None:
    """Load what a person confirmed."""
    extract = Extract.objects.select_related("uploaded_by").get(public_id=public_id)
    load_confirmed(extract=extract, by=extract.uploaded_by, at=timezone.localtime())
