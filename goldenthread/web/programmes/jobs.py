"""What the background worker does for programmes; only it loads the solver."""

from django.utils import timezone

from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.operations.allocation import allocate_as_asked, give_up_allocation
from goldenthread.rules.refusal import Refused
from goldenthread.rules.solver import fill
from goldenthread.web.jobs import given_up_by

BROKEN = (
    "Something went wrong on our side. Try again; if it happens again, tell the people who run Golden Thread."
)


def _give_up(cycle_id: str, by_id: str) -> None:
    cycle = Cycle.objects.get(public_id=cycle_id)
    give_up_allocation(cycle, problem=BROKEN, at=timezone.localtime())


@given_up_by(_give_up)
def allocate_cycle(cycle_id: str, by_id: str) -> None:
    """Allocate a cycle that waits for it. What keeps it from an answer is told on the cycle's page."""
    cycle = Cycle.objects.get(public_id=cycle_id)
    by = Person.objects.filter(public_id=by_id).first()
    try:
        allocate_as_asked(cycle, solve=fill, by=by, at=timezone.localtime())
    except Refused as refusal:
        give_up_allocation(cycle, problem=str(refusal), at=timezone.localtime())
