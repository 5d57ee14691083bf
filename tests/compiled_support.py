"""Every test asks compiled questions as the product does, and looks at the first of each statement."""

from collections import Counter

import pytest
from django.core.exceptions import EmptyResultSet
from django.db import connection

from goldenthread.ledger.compiled import Compiled

LOOKED_AT = 6
"""Of each statement so many questions in each process, since looking takes longer than asking."""

_looked_at = Counter()


@pytest.fixture(scope="session", autouse=True)
def checked_questions():
    """What a compiled question says is what its queryset, built afresh of the values, would say."""
    plain = Compiled._said

    def said_and_looked_at(question, ready, values, of):
        found = plain(question, ready, values, of)
        statement = (id(ready), of.vendor)
        if _looked_at[statement] < LOOKED_AT:
            _looked_at[statement] += 1
            sql, parameters = question.afresh(**values).query.get_compiler(connection=of).as_sql()
            assert (sql, list(parameters)) == found
        return found

    def nothing_to_say(question, values, of):
        ready = compiling(question, values, of)
        if ready is None:
            with pytest.raises(EmptyResultSet):
                question.afresh(**values).query.get_compiler(connection=connection).as_sql()
        return ready

    compiling = Compiled._compile
    Compiled._said, Compiled._compile = said_and_looked_at, nothing_to_say
    yield
    Compiled._said, Compiled._compile = plain, compiling
