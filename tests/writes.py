"""Which tables a piece of work wrote to, leaving out what it took back."""

import re

from django.db import connection

WRITE = re.compile(r'^\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)"?', re.IGNORECASE)
SAVEPOINT = re.compile(r'^(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT)\s+"?(\w+)"?', re.IGNORECASE)
OF_A_VISIT = {"people_session", "axes_accessattempt"}
"""What a mere visit may write to."""


class Kept:
    """Watches the statements of a block: `tables` names those that were written to and not rolled back."""

    def __init__(self, apart_from=frozenset()):
        self._written, self._marks = [], []
        self._apart_from = OF_A_VISIT | apart_from

    def __enter__(self):
        self._wrapper = connection.execute_wrapper(self._see)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *fault):
        self._wrapper.__exit__(*fault)

    @property
    def tables(self):
        """The tables that hold something else than before."""
        return set(self._written) - self._apart_from

    def _see(self, execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if found := SAVEPOINT.match(sql):
            self._mark(found[1].split()[0].upper(), found[2])
        elif (found := WRITE.match(sql)) and context["cursor"].rowcount:
            self._written.append(found[1].lower())
        return answer

    def _mark(self, does, name):
        """Remember where a savepoint began; forget what was written since when it is rolled back."""
        if does == "SAVEPOINT":
            self._marks.append((name, len(self._written)))
        elif does == "ROLLBACK":
            for mark, length in reversed(self._marks):
                if mark == name:
                    del self._written[length:]
                    break
