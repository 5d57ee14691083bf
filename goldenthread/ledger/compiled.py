"""Questions of one shape that are asked very often: compiled once a process, asked anew each time.

Django builds and compiles each statement afresh, which costs several times what the database takes to answer
a small one. decisions/0049 says which questions are asked this way, and which are not.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

FIRST_NUMBER, FIRST_YEAR = 1_987_650_000, 1001
"""What stands for a number or a day while a question is compiled; no question says these itself."""


@dataclass(frozen=True)
class _Ready:
    """A question as one kind of database is asked it: where in its parameters each value goes."""

    queryset: Any
    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]
    places: tuple[tuple[int, str], ...]


class _Query:
    """A query whose statement is there already."""

    def __init__(self, query: Any, compiler: SQLCompiler) -> None:
        self._query, self._compiler = query, compiler

    def get_compiler(self, *_args: object, **_kwargs: object) -> SQLCompiler:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)


@dataclass
class _Asked:
    """What Django's readers of rows look at in a queryset."""

    model: Any
    db: str
    query: _Query
    _fields: Any
    _known_related_objects: dict = field(default_factory=dict)


class Compiled:
    """A question whose statement differs in its values alone, each a whole number, a text or a day.

    `build` makes the queryset from the values by name, and is called once for each kind of database; so it
    must not look at them, nor at the clock, nor at anything else that changes. A value that is left out,
    such as None, would be another statement and is refused.
    """

    def __init__(self, build: Callable[..., QuerySet], **kinds: type) -> None:
        self._build, self._kinds = build, kinds
        self._ready: dict[str, _Ready] = {}

    def __call__(self, **values: int | str | date) -> list[Any]:
        """Ask with these values: the rows as the queryset gives them, read from the database now."""
        connection = connections[DEFAULT_DB_ALIAS]
        ready = self._ready.get(connection.vendor) or self._compile(connection)
        if values.keys() != self._kinds.keys():
            raise TypeError(f"This question takes {', '.join(self._kinds)}.")
        if ready.queryset.query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("Rows are locked in a transaction.")
        parameters = list(ready.parameters)
        for place, name in ready.places:
            parameters[place] = _prepared(values[name], self._kinds[name], connection)
        return list(self._rows(ready, parameters, connection))

    def first(self, **values: int | str | date) -> Any:
        """Ask with these values: the first of the rows, or None."""
        return next(iter(self(**values)), None)

    def get(self, **values: int | str | date) -> Any:
        """Ask with these values for a row that is there; raises the model's `DoesNotExist` if it is not."""
        found = self(**values)
        if not found:
            raise self._ready[connections[DEFAULT_DB_ALIAS].vendor].queryset.model.DoesNotExist
        return found[0]

    def _rows(self, ready: _Ready, parameters: list[Any], connection: BaseDatabaseWrapper) -> Iterator[Any]:
        compiler, queryset = copy.copy(ready.compiler), ready.queryset
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_kwargs: (ready.sql, tuple(parameters))  # type: ignore[method-assign]
        asked = _Asked(queryset.model, DEFAULT_DB_ALIAS, _Query(queryset.query, compiler), queryset._fields)
        return iter(queryset._iterable_class(asked))

    def _compile(self, connection: BaseDatabaseWrapper) -> _Ready:
        stands_for = {name: _sign(kind, place) for place, (name, kind) in enumerate(self._kinds.items())}
        queryset: Any = self._build(**stands_for)
        compiler = queryset.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        prepared = {_prepared(sign, self._kinds[name], connection): name for name, sign in stands_for.items()}
        places = tuple(
            (place, prepared[value]) for place, value in enumerate(parameters) if value in prepared
        )
        if {name for _, name in places} != set(self._kinds) or queryset._prefetch_related_lookups:
            raise TypeError("Each value of a compiled question must stand in its statement as it is.")
        ready = _Ready(queryset, compiler, sql, tuple(parameters), places)
        self._ready[connection.vendor] = ready
        return ready


def _sign(kind: type, place: int) -> int | str | date:
    if kind is int:
        return FIRST_NUMBER + place
    return date(FIRST_YEAR + place, 2, 3) if kind is date else f"value {FIRST_NUMBER + place}"


def _prepared(value: int | str | date, kind: type, connection: BaseDatabaseWrapper) -> Any:
    """The value as the database takes it; one of another kind, such as None, is refused."""
    if not isinstance(value, kind) or isinstance(value, bool | datetime):
        raise TypeError(f"A compiled question was asked with {type(value).__name__}, not {kind.__name__}.")
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return kind(value)
