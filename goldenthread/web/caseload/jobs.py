"""What the worker does with an uploaded extract; each may be run twice."""

from django.utils import timezone

from goldenthread.caseload.models import Extract
from goldenthread.caseload.operations import extracts as operations
from goldenthread.people.models import Person
from goldenthread.web.jobs import given_up_by

READING_FAILED = (
    "Something went wrong on our side while the file was read. Nothing was changed. Save the file again from "
    "Excel and upload it; if that does not help, tell the people who run Golden Thread."
)
LOADING_FAILED = (
    "Something went wrong on our side while the extract was loaded. Nothing was changed. Confirm it again, "
    "or abandon it and tell the people who run Golden Thread."
)


def _refuse(public_id: str, person_id: str) -> None:
    extract, by = Extract.objects.get(public_id=public_id), _person(person_id)
    operations.refuse(extract=extract, problem=READING_FAILED, by=by, at=timezone.localtime())


@given_up_by(_refuse)
def read_extract(public_id: str, person_id: str) -> None:
    """Read an uploaded file up to its preview."""
    extract, by = Extract.objects.get(public_id=public_id), _person(person_id)
    operations.read_upload(extract=extract, by=by, at=timezone.localtime())


def _hold_back(public_id: str, person_id: str) -> None:
    extract, by = Extract.objects.get(public_id=public_id), _person(person_id)
    operations.hold_back(extract=extract, problem=LOADING_FAILED, by=by, at=timezone.localtime())


@given_up_by(_hold_back)
def load_extract(public_id: str, person_id: str) -> None:
    """Load what a person confirmed."""
    extract, by = Extract.objects.get(public_id=public_id), _person(person_id)
    operations.load_confirmed(extract=extract, by=by, at=timezone.localtime())


def _person(public_id: str) -> Person | None:
    return Person.objects.filter(public_id=public_id).first()
