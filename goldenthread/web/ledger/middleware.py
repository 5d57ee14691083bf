"""A request that changed the ledger leaves a checkpoint."""

from django.utils import timezone

from goldenthread.ledger import checkpoints

SECONDS_BETWEEN = 5


def leaves_a_checkpoint(get_response):
    """Write the checkpoint after the answer is made, every few seconds at most; `serve` sees to the rest."""

    def answer(request):
        response = get_response(request)
        checkpoints.settle(at=timezone.now(), wait=SECONDS_BETWEEN)
        return response

    return answer
