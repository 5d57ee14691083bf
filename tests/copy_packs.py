"""The shipped framework with copies for several readers, and its report signed off."""

from goldenthread.rules.documents import read_document, write_document
from tests.make import PACK
from tests.rules.grading_kit import laid_over

COPIES = """
clocks:
  send a copy: {title: Send a copy, length: 5 working days, starts: the final report, owed_by: quality team}
  sign the report:
    title: Sign the report off
    length: 2 working days
    starts: the closing day
    owed_by: quality manager
copies:
  manager:
    title: Copy for the manager
    after: [audit]
    when: {grade: overall, one_of: [inadequate, requires improvement]}
    role: team manager
    clock: send a copy
    ways: [Secure e-mail, By hand]
  authority: {title: Copy for the placing authority, after: [audit], outside: The placing authority, clock: send a copy, ways: [Secure e-mail]}
  family:
    title: Summary for the family
    outside: The person or their family
    given: on request
    what: a summary
    clock: send a copy
    ways: [Post, By hand]
  board:
    title: Copy for the board
    of: the month's report
    outside: The safeguarding board
    clock: send a copy
    ways: [Secure e-mail]
  councillor:
    title: Copy for a councillor
    of: the month's report
    outside: A councillor who asks
    given: on request
    clock: send a copy
    ways: [Secure e-mail]
report: {signed_off: sign the report}
"""  # noqa: E501 - a document

LADDER = """
clocks:
  reply about late work: {title: Say why it is late, length: 2 working days, starts: being late, owed_by: quality manager}
ladders:
  late copies:
    title: Late copies
    when_late: [send a copy]
    rungs: [{role: quality manager, clock: reply about late work}]
"""  # noqa: E501 - a document


def data_with(*overlays, document=None):
    """The shipped framework, or another document, with these laid over it, as plain values."""
    data = read_document(document or PACK.read_text(encoding="utf-8")).data
    for overlay in overlays:
        data = laid_over(data, read_document(overlay).data)
    return data


def with_copies(*overlays, document=None):
    """The same as a document, with the copies."""
    return write_document(data_with(COPIES, *overlays, document=document))
