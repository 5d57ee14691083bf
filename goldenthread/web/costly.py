"""Pages that count over many audits or write a document: made one at a time in each web process.

Tasks and answers come from the same threads. Without turns, one person who asks for a few dozen reports would
keep everybody from saving.
"""

import threading
from collections import Counter
from contextlib import contextmanager

from goldenthread.web.views import busy

COSTLY = frozenset(
    {
        "download_compliance",
        "download_copy_as_pdf",
        "download_copy_as_word",
        "download_further_report",
        "download_highlights",
        "download_month",
        "download_person_report",
        "download_reads",
        "download_report_as_pdf",
        "download_report_as_word",
        "list_compliance",
        "list_figure",
        "list_further_figure",
        "list_person_figure",
        "list_standard_audits",
        "show_compliance",
        "show_further_report",
        "show_highlights",
        "show_person_report",
        "show_standards",
        "show_trends",
        "show_year_of_scores",
    }
)
"""The names of their addresses."""


class Turns:
    """Who may make a costly page: one at a time, and so many more wait as leaves threads for everything else.

    One person may take all places but one, so that the others find one.
    """

    def __init__(self, threads: int) -> None:
        """For a process of so many threads, of which one always stays free where there are more."""
        self.places = max(1, threads - 1)
        self._taken: Counter[str] = Counter()
        self._counting = threading.Lock()
        self._making = threading.Lock()

    @contextmanager
    def turn(self, who: str):
        """Wait for one's turn and have it; yields whether there was a place at all."""
        if not self._take(who):
            yield False
            return
        try:
            with self._making:
                yield True
        finally:
            with self._counting:
                self._taken[who] -= 1

    def _take(self, who: str) -> bool:
        with self._counting:
            own = max(1, self.places - 1)
            if self._taken.total() >= self.places or self._taken[who] >= own:
                return False
            self._taken += Counter([who])  # and forgets whoever has none
            return True


_of_this_process = Turns(threads=4)


def leave_a_thread_free(threads: int) -> None:
    """Have places for the number of threads that each web process has; said once before they begin."""
    global _of_this_process  # noqa: PLW0603
    _of_this_process = Turns(threads)


def in_turn(get_response):
    """A costly page waits for its turn; where too many wait already, one is told to ask again."""

    def answer(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        if request.resolver_match.url_name not in COSTLY:
            return None
        with _of_this_process.turn(request.user.public_id) as has_turn:
            return view(request, *args, **kwargs) if has_turn else busy(request)

    answer.process_view = process_view  # type: ignore[attr-defined]
    return answer
