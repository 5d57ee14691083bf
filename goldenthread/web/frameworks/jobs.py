"""What the background worker does for frameworks; only it loads the solver."""

from django.utils import timezone

from goldenthread.people.models import Person
from goldenthread.programmes.models import DryRun
from goldenthread.programmes.operations.dry_runs import do_dry_run, give_up_dry_run
from goldenthread.rules.refusal import Refused
from goldenthread.rules.solver import fill
from goldenthread.web.jobs import given_up_by

BROKEN = (
    "Something went wrong on our side. Try again; if it happens again, tell the people who run Golden Thread."
)


def _give_up(run_id: str, by_id: str) -> None:
    run = DryRun.objects.select_related("draft").get(public_id=run_id)
    give_up_dry_run(run, problem=BROKEN, at=timezone.localtime())


@given_up_by(_give_up)
def try_draft(run_id: str, by_id: str) -> None:
    """Do a dry run; again is harmless. What keeps it from an answer is told on its page."""
    run = DryRun.objects.select_related("draft").get(public_id=run_id)
    by = Person.objects.filter(public_id=by_id).first()
    try:
        do_dry_run(run, solve=fill, by=by, at=timezone.localtime())
    except Refused as refusal:
        give_up_dry_run(run, problem=str(refusal), at=timezone.localtime())
