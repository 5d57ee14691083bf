"""The words of findings about a record, which retention removes; kinds and keys stay."""

from collections.abc import Iterable

from goldenthread.findings.models import Finding
from goldenthread.ledger.blanking import remove_words

WORDS = {Finding: ("text",)}


def blank_findings(records: Iterable[tuple[str, str]]) -> None:
    """Remove the words of what was found about these records."""
    for kind, public_id in records:
        remove_words(Finding.objects.about(kind, public_id), *WORDS[Finding])
